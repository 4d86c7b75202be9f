//! What the product can ask of a register of companies, in words no vendor owns.

use std::time::Duration;

use async_trait::async_trait;

/// A company as a register has it; everything but the number may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registered {
    /// In France the SIREN, nine digits.
    pub number: String,
    /// Every name it goes by, the usual one first.
    pub names: Vec<String>,
    /// The register's code of its trade, such as `62.01Z`.
    pub trade_code: Option<String>,
    pub trade: Option<String>,
    /// Employees; `None` beside a minimum: open upwards.
    pub size_min: Option<u32>,
    pub size_max: Option<u32>,
    /// It exists no more.
    pub ceased: bool,
    /// It objects to commercial use of its data; `None` where the answer does not say.
    pub objects: Option<bool>,
}

/// Companies found, and how far the answer goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matches {
    pub companies: Vec<Registered>,
    /// More were found than are listed.
    pub more: bool,
    /// A source of the register did not answer in time: what is there is right, something may be absent.
    pub partial: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegisterFault {
    /// Too much asked in this time, or the register is unavailable.
    Busy,
    /// The key is not accepted, or has nothing left.
    KeyRejected,
    /// The question is not accepted.
    Rejected,
    /// No connection: the question never left.
    Unreachable,
    /// No answer in time, or the connection broke.
    TimedOut,
    /// HTML, truncated, too large, or in no known form.
    Unreadable,
}

impl RegisterFault {
    /// Stable name for logs and stored failures, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::KeyRejected => "key_rejected",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A look-up that failed: that is no missing company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("register: {}", fault.as_str())]
pub struct RegisterError {
    pub fault: RegisterFault,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// How long the register asks to wait.
    pub wait: Option<Duration>,
    /// Whether the look-up may be charged all the same.
    pub charged: bool,
}

/// A register of companies. Errors of every method: see [`RegisterError`]; nothing found is no error.
#[async_trait]
pub trait Register: Send + Sync + std::fmt::Debug {
    /// What it is called, as evidence names it.
    fn name(&self) -> &'static str;

    /// Companies that exist and bear exactly these words in their name; one look-up.
    async fn by_name(&self, name: &str) -> Result<Matches, RegisterError>;

    /// The company with this number; one look-up.
    async fn by_number(&self, number: &str) -> Result<Matches, RegisterError>;
}
