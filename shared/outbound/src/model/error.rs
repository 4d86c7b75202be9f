//! How a question to a model fails, what it cost all the same, and whether asking later may help.

use std::time::Duration;

use super::Prices;

/// Why there is no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The model, or its filter, will not answer this.
    Refused,
    /// The answer ended at the limit of tokens.
    CutShort,
    /// An answer that does not hold to the schema.
    OffSchema,
    /// Too much asked in this time: slow down.
    Throttled,
    /// The key's money or quota is used up.
    SpendLimit,
    /// The key is not accepted, or not for this.
    KeyRejected,
    /// The request, or the model's name, is not accepted.
    Rejected,
    /// The vendor's own failure or overload.
    VendorDown,
    /// No connection: the question never left.
    Unreachable,
    /// No answer in time, or the connection broke after the question may have left.
    TimedOut,
    /// HTML, truncated, too large, or not in the vendor's own form.
    Unreadable,
}

impl ErrorKind {
    /// Stable name for logs and stored failures, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::CutShort => "cut_short",
            Self::OffSchema => "off_schema",
            Self::Throttled => "throttled",
            Self::SpendLimit => "spend_limit",
            Self::KeyRejected => "key_rejected",
            Self::Rejected => "rejected",
            Self::VendorDown => "vendor_down",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What a failure is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// The vendor did no work, or charges none for it.
    Nothing,
    /// Work was done for nothing.
    Tokens { input: u64, output: u64 },
    /// Nobody knows: count the most it may have been.
    Unknown,
}

/// A question without a usable answer.
///
/// `message` is the vendor's own text or ours, in one line, without the key. It may quote the question, and so the person
/// it is about: show it to whoever set the key up, and log the kind, the status and the code alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", kind.as_str())]
pub struct ModelError {
    pub kind: ErrorKind,
    pub message: String,
    /// The vendor's own name of the failure.
    pub code: Option<String>,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// How long the vendor asks to wait.
    pub wait: Option<Duration>,
    pub charge: Charge,
}

impl ModelError {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>, charge: Charge) -> Self {
        Self { kind, message: message.into(), code: None, status: None, wait: None, charge }
    }

    /// What the failure costs, in micro-USD, where the question may have cost `at_most`.
    pub fn cost(&self, prices: Prices, at_most: u64) -> u64 {
        match self.charge {
            Charge::Nothing => 0,
            Charge::Tokens { input, output } => prices.cost(input, output),
            Charge::Unknown => at_most,
        }
    }

    /// True where the same question may be answered later, without anybody's doing.
    pub fn is_retryable(&self) -> bool {
        use ErrorKind as K;
        matches!(self.kind, K::Throttled | K::VendorDown | K::Unreachable | K::TimedOut | K::Unreadable)
    }
}
