//! One request to LinkupAPI: admitted, sent once, capped, judged, metered.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

use super::LinkupV1;
use super::failure::{self, Refusal};
use super::reading::{self, Unread};
use crate::https::{Broken, Lost, capped};
use crate::linkedin::{Answer, CallError, ErrorKind, Metered, Sent};
use crate::presentable::presentable;
use crate::retry_after;

/// A request and what it is expected to cost.
pub(super) struct Call<'a> {
    pub method: Method,
    /// Below `/v1/`: the first part may hold slashes, the others are escaped.
    pub path: Vec<Cow<'a, str>>,
    pub body: Option<Map<String, Value>>,
    /// Credits, unless the vendor tells another number.
    pub credits: u32,
    pub session_reads: u32,
    pub timeout: Duration,
    /// What must not come back in an error's text.
    pub secrets: Vec<&'a SecretString>,
    /// A login: its talk of verification and challenges is no stop sign.
    pub signs_in: bool,
}

/// What came back, before anyone reads it.
struct Received {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Result<Vec<u8>, Broken>,
}

/// An error of a request that never left.
pub(super) fn unsent(kind: ErrorKind, message: &str) -> CallError {
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

impl LinkupV1 {
    /// Sends `call` once and reads its answer with `read`.
    pub(super) async fn ask<T>(&self, call: Call<'_>, read: impl FnOnce(&Value) -> Result<T, Unread>) -> Answer<T> {
        self.ask_priced(call, read, |_| None).await
    }

    /// The same for an extraction in total mode, charged by the rows it brought.
    pub(super) async fn ask_counted<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&Value) -> Result<T, Unread>,
        rows: impl FnOnce(&T) -> u32,
    ) -> Answer<T> {
        // An empty answer is charged like a failed call: assume the dearer reading of the price list.
        self.ask_priced(call, read, |value| Some(super::COSTS.extraction(rows(value)).max(1))).await
    }

    async fn ask_priced<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&Value) -> Result<T, Unread>,
        price: impl FnOnce(&T) -> Option<u32>,
    ) -> Answer<T> {
        self.admit().await?;
        let received = self.send(&call).await?;
        let status = received.status.as_u16();
        let (body, raw_bytes) = match self.judge(&call, received) {
            Ok(usable) => usable,
            Err(error) => {
                if error.kind == ErrorKind::RateLimited {
                    self.pause(error.retry_after).await;
                }
                return Err(error);
            }
        };
        let told = reading::credits_told(&body);
        let value = read(&body).map_err(|unread| CallError {
            kind: ErrorKind::Unreadable,
            message: format!("the answer has no {}", unread.0),
            credits: told.unwrap_or(call.credits),
            session_reads: call.session_reads,
            retry_after: None,
            status: Some(status),
            sent: Sent::Maybe,
        })?;
        let credits = told.or_else(|| price(&value)).unwrap_or(call.credits);
        Ok(Metered { value, credits, session_reads: call.session_reads, raw_bytes })
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
            "linkup.answered"
        );
        Ok(Received { status, retry_after, body })
    }

    fn request(&self, call: &Call<'_>) -> Result<Request<Full<Bytes>>, CallError> {
        let mut url = self.base.join(call.path.first().map_or("", |path| path)).map_err(|_| no_url())?;
        url.path_segments_mut().map_err(|()| no_url())?.extend(call.path.iter().skip(1));
        let request = Request::builder()
            .method(call.method.clone())
            .uri(url.as_str())
            .header(USER_AGENT, concat!("amorce/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "*/*")
            .header("x-api-key", self.key.clone());
        let built = match &call.body {
            Some(body) => {
                let json = serde_json::to_vec(body).map_err(|_| unbuilt())?;
                request.header(CONTENT_TYPE, "application/json").body(Full::from(json))
            }
            None => request.body(Full::default()),
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
            (Some(json), _) => failure::refusal(status.as_u16(), json, call.signs_in),
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
        let free = status.is_server_error();
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

fn unbuilt() -> CallError {
    unsent(ErrorKind::BadRequest, "the request cannot be built")
}

fn no_url() -> CallError {
    unsent(ErrorKind::BadRequest, "the request has no address")
}

fn wait_told(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    retry_after::from_headers(headers, now)
}
