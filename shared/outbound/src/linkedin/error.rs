//! How a call to a LinkedIn provider fails, and whether it may have had its effect.

use domain::provider::SESSION_ENDED_FR;
use jiff::SignedDuration;
use std::time::Duration;

/// Longest vendor text an error carries, in characters.
pub const MESSAGE_MAX_CHARS: usize = 300;

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The vendor asks to slow down; the whole key waits.
    RateLimited,
    /// The request cannot succeed as it is.
    BadRequest,
    /// API key or session refused.
    Unauthorized,
    /// Not allowed to this key or session.
    Forbidden,
    /// No such post, person, company or path.
    NotFound,
    /// The member has to sign in again.
    SessionExpired,
    /// A stop sign: restriction, challenge, checkpoint, verification, weekly invitation limit.
    Restricted,
    /// Inviting somebody who is a connection already.
    AlreadyConnected,
    /// Inviting somebody whose invitation is pending.
    AlreadyPending,
    /// Writing to somebody who is no connection.
    NotConnected,
    /// The key has no credits left.
    InsufficientCredits,
    /// The vendor's own failure (5xx).
    VendorDown,
    /// Any other explicit error.
    Refused,
    /// HTML, truncated, wrong schema or too large.
    Unreadable,
    /// No answer in time, or the connection broke after the request may have been sent.
    TimedOut,
    /// The provider offers no such call; nothing left.
    Unsupported,
    /// No connection: the request never left.
    Unreachable,
    /// Held back by our own count of requests; the request never left.
    Throttled,
}

impl ErrorKind {
    /// Stable name for logs and stored failures, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::RateLimited => "rate_limited",
            ErrorKind::BadRequest => "bad_request",
            ErrorKind::Unauthorized => "unauthorized",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::NotFound => "not_found",
            ErrorKind::SessionExpired => "session_expired",
            ErrorKind::Restricted => "restricted",
            ErrorKind::AlreadyConnected => "already_connected",
            ErrorKind::AlreadyPending => "already_pending",
            ErrorKind::NotConnected => "not_connected",
            ErrorKind::InsufficientCredits => "insufficient_credits",
            ErrorKind::VendorDown => "vendor_down",
            ErrorKind::Refused => "refused",
            ErrorKind::Unreadable => "unreadable",
            ErrorKind::TimedOut => "timed_out",
            ErrorKind::Unsupported => "unsupported",
            ErrorKind::Unreachable => "unreachable",
            ErrorKind::Throttled => "throttled",
        }
    }
}

/// How often a read is tried that the provider does not answer.
const TRIES_MAX: u32 = 5;
/// How long a read waits that was held back without a word for how long.
const WAIT_DEFAULT: SignedDuration = SignedDuration::from_secs(30);

/// What to do about a read that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Held back, which is nobody's failure: ask again after so long.
    Wait(SignedDuration),
    /// Failed, which may pass: try again after so long.
    Again(SignedDuration),
    /// Ask through the session, now.
    Session,
    /// A stop sign, or a session that has ended: the account pauses.
    Pause,
    GiveUp,
}

/// How far the request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sent {
    /// It never left: it had no effect.
    Not,
    /// It may have had its effect.
    Maybe,
    /// The vendor answered that it was not done.
    Answered,
}

/// A call that brought no usable answer.
///
/// `message` is the vendor's own text or ours, at most [`MESSAGE_MAX_CHARS`]
/// characters, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", kind.as_str())]
pub struct CallError {
    pub kind: ErrorKind,
    pub message: String,
    /// Credits the failure cost, other forms of a post's address included.
    pub credits: u32,
    /// Reads of the account's session used.
    pub session_reads: u32,
    /// How long the vendor, or our own gate, asks to wait.
    pub retry_after: Option<Duration>,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    pub sent: Sent,
}

impl CallError {
    /// True where the call certainly had no effect, so it may be made again.
    /// Source: docs/rules.md, "Sending".
    pub fn surely_not_done(&self) -> bool {
        matches!(self.sent, Sent::Not | Sent::Answered)
    }

    /// True where the same *read* may answer later. A send is never repeated for
    /// this alone: ask [`CallError::surely_not_done`] first.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::RateLimited
                | ErrorKind::VendorDown
                | ErrorKind::Unreadable
                | ErrorKind::TimedOut
                | ErrorKind::Unreachable
                | ErrorKind::Throttled
        )
    }

    /// True where the account has to be paused and its message left approved.
    pub fn is_stop_sign(&self) -> bool {
        self.kind == ErrorKind::Restricted
    }

    /// True where the account does nothing more until a person has acted: a stop sign, or a session that has ended.
    pub fn pauses_account(&self) -> bool {
        self.is_stop_sign() || self.kind == ErrorKind::SessionExpired
    }

    /// Why the account is paused: what to do where its session has ended, else the vendor's own words.
    /// Source: docs/rules.md, "Stop signs".
    pub fn pause_reason(&self) -> String {
        if self.kind == ErrorKind::SessionExpired { SESSION_ENDED_FR.to_owned() } else { self.message.clone() }
    }

    /// What to do about a failed read, tried `tries` times before, by the session or without it.
    /// Source: docs/rules.md, "Not found".
    pub fn remedy(&self, by_session: bool, tries: u32) -> Remedy {
        let asked = self.retry_after.and_then(|wait| SignedDuration::try_from(wait).ok());
        if matches!(self.kind, ErrorKind::Throttled | ErrorKind::RateLimited) {
            return Remedy::Wait(asked.unwrap_or(WAIT_DEFAULT));
        }
        if self.is_stop_sign() || (by_session && self.kind == ErrorKind::SessionExpired) {
            return Remedy::Pause;
        }
        match self.is_retryable() {
            // The session-less call does not know it, or is not to be had: the session is the fallback.
            false if !by_session => Remedy::Session,
            true if tries + 1 < TRIES_MAX => Remedy::Again(asked.unwrap_or(SignedDuration::from_secs(15 << (tries + 1).min(8)))),
            _ => Remedy::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: ErrorKind, by_session: bool, tries: u32, expected: Remedy) {
        let error = CallError {
            kind,
            message: String::new(),
            credits: 1,
            session_reads: 0,
            retry_after: None,
            status: None,
            sent: Sent::Answered,
        };
        assert_eq!(error.remedy(by_session, tries), expected, "{kind:?}");
    }

    #[test]
    fn a_read_is_tried_as_long_as_that_may_help() {
        check(ErrorKind::Throttled, true, 4, Remedy::Wait(SignedDuration::from_secs(30)));
        check(ErrorKind::VendorDown, false, 0, Remedy::Again(SignedDuration::from_secs(30)));
        check(ErrorKind::VendorDown, true, 3, Remedy::Again(SignedDuration::from_secs(240)));
        check(ErrorKind::Unreadable, true, 4, Remedy::GiveUp);
        check(ErrorKind::NotFound, false, 0, Remedy::Session);
        check(ErrorKind::NotFound, true, 0, Remedy::GiveUp);
        check(ErrorKind::Restricted, true, 0, Remedy::Pause);
        check(ErrorKind::SessionExpired, true, 0, Remedy::Pause);
        check(ErrorKind::Unsupported, false, 0, Remedy::Session);
        check(ErrorKind::Unsupported, true, 0, Remedy::GiveUp);
    }
}
