//! How a handler ends.

/// Why a job was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// To be tried again, at the earliest after so many seconds (at most 900).
    #[error("later: {why}")]
    Later {
        /// Seconds until the next try.
        after_seconds: u32,
        /// Why, without personal data.
        why: String,
    },
    /// Not readable or not of a known kind: goes to the dead letters after the queue's own tries.
    #[error("unreadable: {0}")]
    Unreadable(String),
}

impl Failure {
    /// A failure worth another try soon.
    pub fn soon(why: impl std::fmt::Display) -> Self {
        Self::Later { after_seconds: 5, why: why.to_string() }
    }

    /// A failure worth another try after `after_seconds`.
    pub fn later(after_seconds: u32, why: impl std::fmt::Display) -> Self {
        Self::Later { after_seconds: after_seconds.min(900), why: why.to_string() }
    }
}

/// What a handler answers for one job: done (also when it was recorded that it can never be done), or a failure.
pub type Outcome = Result<(), Failure>;
