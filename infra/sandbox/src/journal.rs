//! The log of every call, for tests that ask what reached whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Calls kept; older ones are forgotten.
const KEPT: usize = 100_000;
/// Fields that never enter the log.
const SECRETS: [&str; 3] = ["login_token", "password", "code"];

/// One call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Counts from 1.
    pub n: u64,
    pub at: Timestamp,
    pub method: String,
    /// The path, `/v1/…`: what a V2 call does is logged under the V1 path that does the same.
    pub endpoint: String,
    /// Which wire format the call came in: 1 or 2.
    pub wire: u8,
    /// Slug of the account whose session was used.
    pub account: Option<String>,
    /// Without token, password and code.
    pub body: Value,
    /// Slug of the person the call is about, where one is found.
    pub person: Option<String>,
    /// The endpoint speaks to a person: connect, send-message, comment.
    pub reaches_person: bool,
    /// Something was really done, even if the answer was lost.
    pub effect: bool,
    /// HTTP status given; 0 where no answer was.
    pub status: u16,
    /// `success`, the error text, or the fault.
    pub outcome: String,
    pub credits: u64,
}

/// Which entries to return; every given condition must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogFilter {
    /// Part of the path.
    pub endpoint: Option<String>,
    pub account: Option<String>,
    pub person: Option<String>,
    pub reaches_person: Option<bool>,
    pub effect: Option<bool>,
    /// Only entries with a greater `n`.
    pub since: Option<u64>,
}

impl LogFilter {
    fn keeps(&self, entry: &LogEntry) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        self.endpoint.as_ref().is_none_or(|part| entry.endpoint.contains(part.as_str()))
            && same(&self.account, &entry.account)
            && same(&self.person, &entry.person)
            && self.reaches_person.is_none_or(|wanted| wanted == entry.reaches_person)
            && self.effect.is_none_or(|wanted| wanted == entry.effect)
            && self.since.is_none_or(|n| entry.n > n)
    }
}

/// The calls so far.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: std::collections::VecDeque<LogEntry>,
    written: u64,
}

impl Journal {
    /// Adds an entry and numbers it.
    pub fn write(&mut self, mut entry: LogEntry) {
        self.written += 1;
        entry.n = self.written;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub fn read(&self, filter: &LogFilter) -> Vec<LogEntry> {
        self.entries.iter().filter(|entry| filter.keeps(entry)).cloned().collect()
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

/// A body without what must not be kept.
pub(crate) fn without_secrets(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|key, _| !SECRETS.contains(&key.as_str()));
    }
    body
}
