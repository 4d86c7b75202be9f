//! Decides whether an answer of LinkupAPI is a failure, which, and whether the call had its effect.
//!
//! V1 answers most errors with status 200, so the body counts first:
//! failure = HTTP status outside 2xx, or `status: "error"`, or `success: false`.

use serde_json::Value;

use crate::lenient::{as_text, field, text};
use crate::linkedin::{CallError, ErrorKind, Sent};

/// A failure before it is priced.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub kind: ErrorKind,
    pub message: String,
    pub sent: Sent,
}

impl Refusal {
    /// A failure that does not say whether the call had its effect.
    pub(crate) fn lost(kind: ErrorKind, message: &str) -> Self {
        Refusal { kind, message: message.to_owned(), sent: Sent::Maybe }
    }
}

/// Words of LinkedIn's stop signs. Source: docs/rules.md, "Stop signs".
const STOP_WORDS: [&str; 7] =
    ["restrict", "challenge", "checkpoint", "verification", "verify your", "invitation limit", "weekly limit"];

/// What vendors' texts mean, the first that matches; matched in lower case.
const TEXTS: [(ErrorKind, &[&str]); 8] = [
    (ErrorKind::InsufficientCredits, &["insufficient credit", "not enough credit", "no credits", "out of credits"]),
    (
        ErrorKind::AlreadyPending,
        &["already pending", "already sent", "already invited", "invitation pending", "pending invitation"],
    ),
    (
        ErrorKind::NotConnected,
        &["not connected", "not a connection", "not a 1st", "not in your network", "must be connected", "first-degree"],
    ),
    (ErrorKind::AlreadyConnected, &["already connected", "already a connection", "already a 1st", "already in your network"]),
    (
        ErrorKind::SessionExpired,
        &[
            "invalid cookie",
            "cookie expired",
            "expired cookie",
            "session expired",
            "expired session",
            "invalid session",
            "login_token",
            "login token",
            "token expired",
            "invalid token",
            "logged out",
            "account inactive",
        ],
    ),
    (ErrorKind::RateLimited, &["too many requests", "rate limit", "slow down"]),
    (ErrorKind::NotFound, &["not found", "does not exist", "doesn't exist", "no longer available", "could not find"]),
    (
        ErrorKind::BadRequest,
        &["invalid parameter", "invalid url", "invalid post", "is required", "missing parameter", "missing required"],
    ),
];

/// Codes of the newer error body, where a V1 path answers with it.
fn by_code(code: &str) -> Option<ErrorKind> {
    Some(match code.to_ascii_uppercase().as_str() {
        "INVALID_API_KEY" => ErrorKind::Unauthorized,
        "ACCOUNT_INACTIVE" => ErrorKind::SessionExpired,
        "INVALID_ACCOUNT" => ErrorKind::NotFound,
        "INVALID_ACTION" | "INVALID_PARAMS" => ErrorKind::BadRequest,
        "INSUFFICIENT_CREDITS" => ErrorKind::InsufficientCredits,
        "RATE_LIMITED" => ErrorKind::RateLimited,
        "INTERNAL_ERROR" => ErrorKind::VendorDown,
        "CHANNEL_ERROR" => ErrorKind::Refused,
        _ => return None,
    })
}

/// V2's codes are V1's newer ones, but for two: of an account it does not know, the member has to be connected again;
/// what the platform refused is told apart by its text.
fn by_code_v2(code: &str) -> Option<ErrorKind> {
    match code.to_ascii_uppercase().as_str() {
        "INVALID_ACCOUNT" => Some(ErrorKind::SessionExpired),
        "CHANNEL_ERROR" => None,
        _ => by_code(code),
    }
}

/// The failure a JSON answer of V1 speaks of, if it does.
pub fn refusal(status: u16, body: &Value, signs_in: bool) -> Option<Refusal> {
    refusal_by(status, body, signs_in, by_code)
}

/// The same of V2.
pub fn refusal_v2(status: u16, body: &Value, signs_in: bool) -> Option<Refusal> {
    refusal_by(status, body, signs_in, by_code_v2)
}

fn refusal_by(status: u16, body: &Value, signs_in: bool, by_code: fn(&str) -> Option<ErrorKind>) -> Option<Refusal> {
    if (200..300).contains(&status) && !says_error(body) {
        return None;
    }
    let message = message(body);
    let bare = by_status(status);
    let kind = kind(status, &message, code(body).as_deref().and_then(by_code), signs_in);
    Some(Refusal { kind, message: if message.is_empty() { bare.message } else { message }, sent: bare.sent })
}

/// The failure a status alone speaks of. 2xx is an explicit error in the body.
pub(crate) fn by_status(status: u16) -> Refusal {
    let kind = match status {
        400 | 405 | 406 | 413 | 414 | 415 | 422 => ErrorKind::BadRequest,
        401 => ErrorKind::Unauthorized,
        402 => ErrorKind::InsufficientCredits,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        408 => ErrorKind::TimedOut,
        429 => ErrorKind::RateLimited,
        500.. => ErrorKind::VendorDown,
        200..300 | 400..500 => ErrorKind::Refused,
        // A redirect is not followed and proves nothing.
        _ => ErrorKind::Unreadable,
    };
    let sent = match status {
        408 => Sent::Maybe,
        200..300 | 400..500 => Sent::Answered,
        _ => Sent::Maybe,
    };
    Refusal { kind, message: format!("the provider answered {status}"), sent }
}

/// Whether another form of a post's address may be found where this one was not.
pub(crate) fn may_be_the_address(error: &CallError) -> bool {
    let text = error.message.to_ascii_lowercase();
    match error.kind {
        ErrorKind::NotFound => true,
        ErrorKind::BadRequest => text.contains("url") || text.contains("post"),
        _ => false,
    }
}

fn says_error(body: &Value) -> bool {
    let status = field(body, &["status"]).and_then(Value::as_str).map(str::to_ascii_lowercase);
    let failed = matches!(status.as_deref(), Some("error" | "failed" | "failure" | "fail"));
    let unsuccessful = field(body, &["success"]).and_then(Value::as_bool) == Some(false);
    let succeeded = status.as_deref() == Some("success") || field(body, &["success"]).and_then(Value::as_bool) == Some(true);
    let speaks_of_error = field(body, &["error"]).is_some_and(|error| error.is_string() || error.is_object());
    failed || unsuccessful || (speaks_of_error && !succeeded)
}

/// `message`, or `data` or `error` as text, or what stands inside them.
fn message(body: &Value) -> String {
    let inside = |name: &str| field(body, &[name]).and_then(|value| text(value, &["message", "error", "detail"]));
    let data = || field(body, &["data"]).filter(|data| data.is_string()).and_then(as_text);
    text(body, &["message"])
        .or_else(data)
        .or_else(|| inside("error"))
        .or_else(|| inside("data"))
        .or_else(|| text(body, &["error", "detail", "details"]))
        .unwrap_or_default()
}

fn code(body: &Value) -> Option<String> {
    field(body, &["error"]).and_then(|error| text(error, &["code"])).or_else(|| text(body, &["code", "error_code"]))
}

/// Stop signs first, then the code, then a status that speaks for itself, then the text.
pub(crate) fn kind(status: u16, message: &str, coded: Option<ErrorKind>, signs_in: bool) -> ErrorKind {
    let text = message.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if !signs_in && has(&STOP_WORDS) {
        return ErrorKind::Restricted;
    }
    if let Some(kind) = coded {
        return kind;
    }
    let bare = by_status(status).kind;
    if matches!(bare, ErrorKind::VendorDown | ErrorKind::RateLimited | ErrorKind::TimedOut | ErrorKind::Unreadable) {
        return bare;
    }
    let by_text = TEXTS.iter().find(|(_, words)| has(words)).map(|(kind, _)| *kind);
    match by_text {
        // Weaker than a status that names its own reason.
        Some(ErrorKind::BadRequest | ErrorKind::NotFound) if bare != ErrorKind::Refused && bare != ErrorKind::BadRequest => bare,
        Some(kind) => kind,
        None => bare,
    }
}
