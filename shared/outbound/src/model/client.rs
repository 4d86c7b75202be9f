//! One question to a vendor: sent, repeated where that is safe, judged, checked. What differs between vendors is a [`Vendor`].

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::Full;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::{Answer, Charge, ErrorKind, Model, ModelConfig, ModelError, Prices, Question, schema};
use crate::https::{Broken, Exchanged, Https, Lost, base_url};
use crate::patience::{self, RETRIES_MAX, WAIT_MAX};
use crate::presentable::presentable;
use crate::retry_after;

/// How often one question may take another form.
const FORMS_MAX: u8 = 2;

/// What an answer's body says.
pub(super) struct Told {
    /// The JSON that was asked for, as text.
    pub text: String,
    pub model: Option<String>,
    /// Tokens: input, output.
    pub usage: Option<(u64, u64)>,
}

/// An answer of status 200 that is no answer.
pub(super) struct Unusable {
    pub kind: ErrorKind,
    pub message: String,
    pub usage: Option<(u64, u64)>,
}

/// What a status other than 2xx means.
pub(super) struct Refusal {
    pub kind: ErrorKind,
    /// The vendor's own name of it.
    pub code: Option<String>,
    pub message: String,
    /// A wait told in the body.
    pub wait: Option<Duration>,
    /// Whether the same request may be sent again.
    pub again: bool,
}

/// What one vendor does in its own way. Source of each: the vendor's documentation; statuses: docs/rules.md,
/// "Language models".
pub(super) trait Vendor: Send + Sync + std::fmt::Debug {
    /// Header of the key, what stands before it, and headers of every request.
    fn headers(&self) -> (HeaderName, &'static str, &'static [(&'static str, &'static str)]);

    /// The path below the base, its parts escaped by the client, and the body.
    fn request<'a>(&self, model: &'a str, question: &Question<'_>) -> (Vec<Cow<'a, str>>, Value);

    /// Reads an answer of status 2xx.
    fn read(&self, body: &Value) -> Result<Told, Unusable>;

    /// Reads any other.
    fn refusal(&self, status: u16, headers: &HeaderMap, body: &Value) -> Refusal;

    /// Whether the request was refused for its form alone, and will take another form from now on.
    fn changes_form(&self, _status: u16, _body: &Value) -> bool {
        false
    }
}

/// A client of one vendor for one key and model.
pub(super) struct Client<V> {
    vendor: V,
    https: Https,
    base: Url,
    key: HeaderValue,
    config: ModelConfig,
    /// No question leaves before, whoever was told to wait.
    paused_until: Mutex<Option<Instant>>,
}

impl<V> std::fmt::Debug for Client<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).field("model", &self.config.model).finish_non_exhaustive()
    }
}

/// A call without an answer to the question.
struct Failed {
    error: ModelError,
    /// It surely did nothing, and may be made again at once or after this wait.
    again: bool,
}

impl<V: Vendor> Client<V> {
    /// A client. Errors name the variable that cannot be used.
    pub(super) fn new(config: ModelConfig, vendor: V) -> Result<Self, String> {
        let base = base_url(&config.base_url)
            .ok_or_else(|| format!("AMORCE_WRITER_URL: {} is no http or https address", config.base_url.trim()))?;
        let model = config.model.trim();
        if model.is_empty() || model.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err("AMORCE_WRITER_MODEL is no name of a model".to_owned());
        }
        let unusable = || "AMORCE_WRITER_KEY is empty or holds characters a header cannot carry".to_owned();
        let key = config.key.expose_secret().trim();
        if key.is_empty() {
            return Err(unusable());
        }
        let before = vendor.headers().1;
        let mut key = HeaderValue::from_str(&format!("{before}{key}")).map_err(|_| unusable())?;
        key.set_sensitive(true);
        let config = ModelConfig { model: model.to_owned(), ..config };
        Ok(Self { vendor, https: Https::new(config.connect_timeout), base, key, config, paused_until: Mutex::new(None) })
    }

    fn pause_left(&self, now: Instant) -> Duration {
        let until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    fn pause(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = until.max(*paused);
    }

    /// Asks until there is an answer, nothing more may be tried, or the time is over.
    async fn persist(&self, question: &Question<'_>) -> Result<Answer, ModelError> {
        let end = Instant::now() + self.config.patience;
        let seed = question.user.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut forms_left = FORMS_MAX;
        let mut again = 0;
        loop {
            let held = self.pause_left(Instant::now());
            if held > WAIT_MAX || Instant::now() + held >= end {
                return Err(ModelError { wait: Some(held), ..held_back() });
            }
            tokio::time::sleep(held).await;
            let failed = match self.once(question, end, &mut forms_left).await {
                Ok(answer) => return Ok(answer),
                Err(None) => continue,
                Err(Some(failed)) => failed,
            };
            again += 1;
            let wait = patience::wait(self.config.backoff, again, failed.error.wait, seed);
            if failed.error.kind == ErrorKind::Throttled {
                self.pause(wait);
            }
            if !failed.again || again > RETRIES_MAX || wait > WAIT_MAX || Instant::now() + wait >= end {
                return Err(failed.error);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// One call; `Err(None)`: refused for its form, which has changed since.
    async fn once(&self, question: &Question<'_>, end: Instant, forms_left: &mut u8) -> Result<Answer, Option<Failed>> {
        let deadline = end.min(Instant::now() + self.config.timeout);
        let request = self.built(question).ok_or_else(|| {
            let error = ModelError::new(ErrorKind::Rejected, "the request cannot be built", Charge::Nothing);
            Some(Failed { error, again: false })
        })?;
        let exchanged = match self.https.exchange(request, self.config.body_max_bytes, deadline).await {
            Ok(Some(exchanged)) => exchanged,
            Ok(None) => return Err(Some(lost(ErrorKind::TimedOut, "no answer in time"))),
            Err(Lost::Broken) => return Err(Some(lost(ErrorKind::TimedOut, "the connection broke before the answer"))),
            Err(Lost::Unreachable) => {
                let error = ModelError::new(ErrorKind::Unreachable, "no connection to the vendor", Charge::Nothing);
                return Err(Some(Failed { error, again: true }));
            }
        };
        if exchanged.status.is_success() {
            return self.answer(question, &exchanged).map_err(Some);
        }
        let body = json_of(&exchanged).unwrap_or_default();
        if *forms_left > 0 && self.vendor.changes_form(exchanged.status.as_u16(), &body) {
            *forms_left -= 1;
            return Err(None);
        }
        Err(Some(self.refused(&exchanged, &body)))
    }

    fn built(&self, question: &Question<'_>) -> Option<Request<Full<Bytes>>> {
        let (path, body) = self.vendor.request(&self.config.model, question);
        let mut url = self.base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(path.iter().map(AsRef::as_ref));
        let (key, _, always) = self.vendor.headers();
        let mut request = Request::post(url.as_str())
            .header(USER_AGENT, concat!("amorce/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(key, self.key.clone());
        for (name, value) in always {
            request = request.header(*name, *value);
        }
        request.body(Full::from(serde_json::to_vec(&body).ok()?)).ok()
    }

    fn answer(&self, question: &Question<'_>, exchanged: &Exchanged) -> Result<Answer, Failed> {
        let status = exchanged.status.as_u16();
        let unreadable = |message: &str| {
            let mut failed = lost(ErrorKind::Unreadable, message);
            failed.error.status = Some(status);
            failed
        };
        let body = json_of(exchanged).map_err(unreadable)?;
        let of = |usage: Option<(u64, u64)>| usage.map_or(Charge::Unknown, |(input, output)| Charge::Tokens { input, output });
        let failed = |kind, message: &str, usage| {
            let error = ModelError { status: Some(status), ..ModelError::new(kind, self.scrubbed(message), of(usage)) };
            Failed { error, again: false }
        };
        let told = self.vendor.read(&body).map_err(|unusable| failed(unusable.kind, &unusable.message, unusable.usage))?;
        let value: Value = serde_json::from_str(plain(&told.text))
            .map_err(|_| failed(ErrorKind::OffSchema, "the model's answer is no JSON", told.usage))?;
        if let Some(breach) = schema::breach(&value, question.schema) {
            return Err(failed(ErrorKind::OffSchema, &breach, told.usage));
        }
        let (input_tokens, output_tokens) = told.usage.unwrap_or_else(|| question.tokens_at_most());
        Ok(Answer { value, model: told.model.unwrap_or_else(|| self.config.model.clone()), input_tokens, output_tokens })
    }

    fn refused(&self, exchanged: &Exchanged, body: &Value) -> Failed {
        let status = exchanged.status.as_u16();
        let refusal = self.vendor.refusal(status, &exchanged.headers, body);
        let told = retry_after::from_headers(&exchanged.headers, Timestamp::now());
        let message = if refusal.message.is_empty() { format!("the vendor answered {status}") } else { refusal.message };
        let error = ModelError {
            kind: refusal.kind,
            message: self.scrubbed(&message),
            code: refusal.code.map(|code| self.scrubbed(&code)),
            status: Some(status),
            wait: told.max(refusal.wait),
            charge: Charge::Nothing,
        };
        Failed { error, again: refusal.again }
    }

    fn scrubbed(&self, message: &str) -> String {
        presentable(message, [&self.config.key].into_iter())
    }
}

#[async_trait]
impl<V: Vendor> Model for Client<V> {
    async fn ask(&self, question: &Question<'_>) -> Result<Answer, ModelError> {
        let answered = self.persist(question).await;
        match &answered {
            Ok(answer) => tracing::debug!(input = answer.input_tokens, output = answer.output_tokens, "model.answered"),
            Err(error) => {
                let code = error.code.as_deref();
                tracing::warn!(kind = error.kind.as_str(), status = error.status, code, "model.no_answer");
            }
        }
        answered
    }

    fn id(&self) -> &str {
        &self.config.model
    }

    fn prices(&self) -> Prices {
        self.config.prices
    }
}

/// The kind that a status alone speaks of, the same with every vendor.
pub(super) fn by_status(status: u16) -> ErrorKind {
    match status {
        401 | 403 => ErrorKind::KeyRejected,
        402 => ErrorKind::SpendLimit,
        408 => ErrorKind::TimedOut,
        409 | 429 => ErrorKind::Throttled,
        500.. => ErrorKind::VendorDown,
        400..500 => ErrorKind::Rejected,
        // A redirect is not followed and proves nothing.
        _ => ErrorKind::Unreadable,
    }
}

/// What `x-should-retry` says, where it stands.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match headers.get("x-should-retry")?.to_str().ok()?.trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A count of tokens; 0 where it is absent.
pub(super) fn tokens(usage: &Value, name: &str) -> u64 {
    usage.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// Whether a vendor told these counts; without a word of them the most that may have been used is assumed.
pub(super) fn tells(usage: &Value, names: &[&str]) -> bool {
    names.iter().all(|name| usage.get(*name).is_some_and(Value::is_u64))
}

/// The answer may have been made, and charged: it is not asked for again here.
fn lost(kind: ErrorKind, message: &str) -> Failed {
    Failed { error: ModelError::new(kind, message, Charge::Unknown), again: false }
}

fn held_back() -> ModelError {
    ModelError::new(ErrorKind::Throttled, "held back: the vendor asked to wait", Charge::Nothing)
}

fn json_of(exchanged: &Exchanged) -> Result<Value, &'static str> {
    match &exchanged.body {
        Ok(bytes) => serde_json::from_slice(bytes).map_err(|_| "the answer is no JSON"),
        Err(Broken::TooLarge) => Err("the answer is too large"),
        Err(Broken::CutOff) => Err("the answer was cut off"),
        Err(Broken::TimedOut) => Err("no full answer in time"),
    }
}

/// The text without the code fence that some servers put around JSON.
fn plain(text: &str) -> &str {
    let text = text.trim();
    let Some(inside) = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else { return text };
    inside.split_once('\n').map_or(inside, |(_language, json)| json).trim()
}
