//! One request to a LinkedIn provider, whichever: admitted, sent once, capped, judged, metered.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::https::{Broken, Https, Lost, capped};
use crate::linkedin::{Answer, CallError, ErrorKind, Metered, Sent};
use crate::linkup_v1::failure::{self, Refusal};
use crate::linkup_v1::reading::{self, Unread};
use crate::presentable::presentable;
use crate::rate::RateGate;
use crate::retry_after;

/// How to reach a provider.
#[derive(Debug, Clone)]
pub struct VendorConfig {
    /// With or without the version at its end.
    pub base_url: String,
    pub api_key: SecretString,
    /// For one call, its body included.
    pub timeout: Duration,
    /// For publications and messages with media.
    pub media_timeout: Duration,
    /// For the connection alone.
    pub connect_timeout: Duration,
    /// Longest body read.
    pub body_max_bytes: usize,
    /// How long the key pauses after a 429 that names no time.
    pub pause_default: Duration,
    /// How long it pauses at least.
    pub pause_min: Duration,
}

impl VendorConfig {
    /// The documented limits: 30 s, 60 s with media, 2 MiB.
    pub fn new(base_url: impl Into<String>, api_key: SecretString) -> Self {
        VendorConfig {
            base_url: base_url.into(),
            api_key,
            timeout: Duration::from_secs(30),
            media_timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            body_max_bytes: 2 * 1024 * 1024,
            pause_default: Duration::from_secs(30),
            pause_min: Duration::from_secs(1),
        }
    }
}

/// Why a client cannot be made of a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the provider's base URL is no http(s) URL")]
    BaseUrl,
    #[error("the provider's API key is empty or holds characters a header cannot carry")]
    ApiKey,
}

/// Where "now" comes from; the system's clock unless a test says otherwise.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What vendors do differently.
#[derive(Clone, Copy)]
pub(crate) struct Habits {
    /// The header of the API key.
    pub key_header: &'static str,
    /// What stands between the address and the paths, such as `v1`.
    pub version: &'static str,
    /// The failure that a JSON answer speaks of, by status and body; the last argument says that a login was asked.
    pub refusal: fn(u16, &Value, bool) -> Option<Refusal>,
    /// Whether a failed call is charged, the vendor's own failures excepted.
    pub failed_calls_cost: bool,
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a request carries.
pub(crate) enum Body {
    None,
    Json(Map<String, Value>),
    /// A form of text fields (`multipart/form-data`).
    Form(Vec<(&'static str, String)>),
}

/// A request and what it is expected to cost.
pub(crate) struct Call<'a> {
    pub method: Method,
    /// Below the version: the first part may hold slashes, the others are escaped.
    pub path: Vec<Cow<'a, str>>,
    pub query: Vec<(&'static str, String)>,
    pub body: Body,
    /// Credits, unless the vendor tells another number.
    pub credits: u32,
    pub session_reads: u32,
    pub timeout: Duration,
    /// What must not come back in an error's text.
    pub secrets: Vec<&'a SecretString>,
    /// A login: its talk of verification and challenges is no stop sign.
    pub signs_in: bool,
}

/// A success, before anyone reads it.
pub(crate) struct Got {
    pub body: Value,
    status: u16,
    /// Credits the vendor told.
    told: Option<u32>,
    /// Credits expected.
    credits: u32,
    session_reads: u32,
    raw_bytes: usize,
    /// Credits and reads spent on attempts before it.
    before: (u32, u32),
}

impl Got {
    /// The same after credits and reads spent on attempts before it.
    pub(crate) fn after(mut self, spent: (u32, u32)) -> Self {
        self.before = spent;
        self
    }

    /// What `read` finds in it, at the price told, else the one expected.
    pub(crate) fn read<T>(self, read: impl FnOnce(&Value) -> Result<T, Unread>) -> Answer<T> {
        self.priced(read, |_| None)
    }

    /// The same for an extraction in total mode, charged by the rows it brought.
    pub(crate) fn priced<T>(
        self,
        read: impl FnOnce(&Value) -> Result<T, Unread>,
        price: impl FnOnce(&T) -> Option<u32>,
    ) -> Answer<T> {
        match read(&self.body) {
            Ok(value) => {
                let credits = self.told.or_else(|| price(&value)).unwrap_or(self.credits) + self.before.0;
                Ok(Metered { value, credits, session_reads: self.session_reads + self.before.1, raw_bytes: self.raw_bytes })
            }
            Err(unread) => Err(self.unreadable(unread)),
        }
    }

    fn unreadable(self, unread: Unread) -> CallError {
        CallError {
            kind: ErrorKind::Unreadable,
            message: format!("the answer has no {}", unread.0),
            credits: self.told.unwrap_or(self.credits) + self.before.0,
            session_reads: self.session_reads + self.before.1,
            retry_after: None,
            status: Some(self.status),
            sent: Sent::Maybe,
        }
    }
}

/// What came back, before anyone reads it.
struct Received {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Result<Vec<u8>, Broken>,
}

/// An error of a request that never left.
pub(crate) fn unsent(kind: ErrorKind, message: &str) -> CallError {
    CallError {
        kind,
        message: message.to_owned(),
        credits: 0,
        session_reads: 0,
        retry_after: None,
        status: None,
        sent: Sent::Not,
    }
}

/// The error of something a provider does not offer; nothing has left.
pub(crate) fn unsupported(message: &'static str) -> CallError {
    unsent(ErrorKind::Unsupported, message)
}

/// A provider under one API key: every request passes its gate, and a 429 stops them all.
pub(crate) struct Vendor {
    https: Https,
    base: Url,
    key: HeaderValue,
    pub key_id: String,
    pub config: VendorConfig,
    habits: Habits,
    gate: Arc<dyn RateGate>,
    clock: Clock,
}

impl std::fmt::Debug for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vendor").field("base", &self.base.as_str()).field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl Vendor {
    pub(crate) fn new(config: VendorConfig, habits: Habits, gate: Arc<dyn RateGate>, clock: Clock) -> Result<Self, ConfigError> {
        let base = base_url(&config.base_url, habits.version).ok_or(ConfigError::BaseUrl)?;
        let key = config.api_key.expose_secret().trim();
        let mut key_header = HeaderValue::from_str(key).map_err(|_| ConfigError::ApiKey)?;
        if key.is_empty() {
            return Err(ConfigError::ApiKey);
        }
        key_header.set_sensitive(true);
        let key_id = key_id(&config.api_key);
        let https = Https::new(config.connect_timeout);
        Ok(Vendor { https, base, key: key_header, key_id, config, habits, gate, clock })
    }

    /// A request as JSON, without a price yet.
    pub(crate) fn post<'a>(&self, path: &'static str, body: Map<String, Value>) -> Call<'a> {
        Call { body: Body::Json(body), ..self.call(Method::POST, vec![path.into()]) }
    }

    /// A request without a body, without a price yet.
    pub(crate) fn call<'a>(&self, method: Method, path: Vec<Cow<'a, str>>) -> Call<'a> {
        Call {
            method,
            path,
            query: Vec::new(),
            body: Body::None,
            credits: 0,
            session_reads: 0,
            timeout: self.config.timeout,
            secrets: Vec::new(),
            signs_in: false,
        }
    }

    /// Sends `call` once. Boxed: every method of every client waits here, and their futures stay small.
    pub(crate) fn ask<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Got, CallError>> {
        Box::pin(self.sent(call))
    }

    async fn sent(&self, call: Call<'_>) -> Result<Got, CallError> {
        self.admit().await?;
        let received = self.send(&call).await?;
        let status = received.status.as_u16();
        match self.judge(&call, received) {
            Ok((body, raw_bytes)) => {
                let told = reading::credits_told(&body);
                Ok(Got {
                    body,
                    status,
                    told,
                    credits: call.credits,
                    session_reads: call.session_reads,
                    raw_bytes,
                    before: (0, 0),
                })
            }
            Err(error) => {
                if error.kind == ErrorKind::RateLimited {
                    self.pause(error.retry_after).await;
                }
                Err(error)
            }
        }
    }

    async fn admit(&self) -> Result<(), CallError> {
        self.gate.admit(&self.key_id, (self.clock)()).await.map_err(|wait| CallError {
            retry_after: Some(wait),
            ..unsent(ErrorKind::Throttled, "held back: the API key's requests are used up or paused")
        })
    }

    /// Every call of the key waits, whoever made the one that was refused.
    async fn pause(&self, wait: Option<Duration>) {
        let wait = wait.unwrap_or(self.config.pause_default).max(self.config.pause_min);
        let now: Timestamp = (self.clock)();
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        self.gate.penalise(&self.key_id, now.saturating_add(wait).unwrap_or(Timestamp::MAX)).await;
    }

    async fn send(&self, call: &Call<'_>) -> Result<Received, CallError> {
        let request = self.request(call)?;
        let deadline = Instant::now() + call.timeout;
        let response = match timeout_at(deadline, self.https.send(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(Lost::Unreachable)) => return Err(unsent(ErrorKind::Unreachable, "no connection to the provider")),
            Ok(Err(Lost::Broken)) => return Err(unknown(call, "the connection broke before the answer")),
            Err(_) => return Err(unknown(call, "no answer in time")),
        };
        let status = response.status();
        let retry_after = wait_told(response.headers(), (self.clock)());
        let body = capped(response.into_body(), self.config.body_max_bytes, deadline).await;
        tracing::debug!(
            path = %call.path.first().map_or("", |path| path),
            status = status.as_u16(),
            body_bytes = body.as_ref().map_or(0, Vec::len),
            "vendor.answered"
        );
        Ok(Received { status, retry_after, body })
    }

    fn request(&self, call: &Call<'_>) -> Result<Request<Full<Bytes>>, CallError> {
        let mut url = self.base.join(call.path.first().map_or("", |path| path)).map_err(|_| no_url())?;
        url.path_segments_mut().map_err(|()| no_url())?.extend(call.path.iter().skip(1));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let request = Request::builder()
            .method(call.method.clone())
            .uri(url.as_str())
            .header(USER_AGENT, concat!("amorce/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "*/*")
            .header(self.habits.key_header, self.key.clone());
        let built = match &call.body {
            Body::Json(body) => {
                let json = serde_json::to_vec(body).map_err(|_| unbuilt())?;
                request.header(CONTENT_TYPE, "application/json").body(Full::from(json))
            }
            Body::Form(fields) => {
                let (boundary, form) = form(fields);
                request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}")).body(Full::from(form))
            }
            Body::None => request.body(Full::default()),
        };
        built.map_err(|_| unbuilt())
    }

    /// The answer's JSON where it is a success, else why not.
    fn judge(&self, call: &Call<'_>, received: Received) -> Result<(Value, usize), CallError> {
        let Received { status, retry_after, body } = received;
        let raw_bytes = body.as_ref().map_or(0, Vec::len);
        let json = match &body {
            Ok(bytes) => serde_json::from_slice::<Value>(bytes).ok(),
            Err(_) => None,
        };
        let refusal = match (&json, &body) {
            (Some(json), _) => (self.habits.refusal)(status.as_u16(), json, call.signs_in),
            (None, _) if !status.is_success() => Some(failure::by_status(status.as_u16())),
            (None, Err(Broken::TimedOut)) => Some(Refusal::lost(ErrorKind::TimedOut, "no full answer in time")),
            (None, Err(Broken::TooLarge)) => Some(Refusal::lost(ErrorKind::Unreadable, "the answer is too large")),
            (None, Err(Broken::CutOff)) => Some(Refusal::lost(ErrorKind::Unreadable, "the answer was cut off")),
            (None, Ok(_)) => Some(Refusal::lost(ErrorKind::Unreadable, "the answer is no JSON")),
        };
        let Some(refusal) = refusal else {
            return Ok((json.unwrap_or_default(), raw_bytes));
        };
        let told = json.as_ref().and_then(reading::credits_told);
        let free = status.is_server_error() || (!self.habits.failed_calls_cost && refusal.sent == Sent::Answered);
        Err(CallError {
            kind: refusal.kind,
            message: presentable(&refusal.message, call.secrets.iter().copied().chain([&self.config.api_key])),
            credits: told.unwrap_or(if free { 0 } else { call.credits }),
            session_reads: call.session_reads,
            retry_after,
            status: Some(status.as_u16()),
            sent: refusal.sent,
        })
    }
}

/// No answer, and nobody knows whether the request arrived.
fn unknown(call: &Call<'_>, message: &str) -> CallError {
    CallError {
        kind: ErrorKind::TimedOut,
        message: message.to_owned(),
        // It may have been done, so it may have been charged: count it.
        credits: call.credits,
        session_reads: call.session_reads,
        retry_after: None,
        status: None,
        sent: Sent::Maybe,
    }
}

/// A form whose parts are told apart by a digest of all of them, so that no text can hold it.
fn form(fields: &[(&'static str, String)]) -> (String, Vec<u8>) {
    let mut digest = Sha256::new();
    for (name, value) in fields {
        digest.update(name.as_bytes());
        digest.update(value.as_bytes());
    }
    let boundary = hex::encode(&digest.finalize()[..16]);
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (boundary, body.into_bytes())
}

/// A digest that names an API key to the rate gate without giving it away.
pub fn key_id(api_key: &SecretString) -> String {
    hex::encode(&Sha256::digest(api_key.expose_secret().trim().as_bytes())[..8])
}

/// The address behind which paths are put; whatever version the given one ends with, the vendor's is used.
fn base_url(text: &str, version: &str) -> Option<Url> {
    let text = text.trim().trim_end_matches('/');
    let text = [version, "v1", "v2"].iter().find_map(|end| text.strip_suffix(end)?.strip_suffix('/')).unwrap_or(text);
    let url: Url = format!("{text}/{version}/").parse().ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none();
    plain.then_some(url)
}

fn unbuilt() -> CallError {
    unsent(ErrorKind::BadRequest, "the request cannot be built")
}

fn no_url() -> CallError {
    unsent(ErrorKind::BadRequest, "the request has no address")
}

fn wait_told(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    retry_after::from_headers(headers, now)
}
