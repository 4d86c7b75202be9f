//! Replies: what an answer wants, and until when it asks to be left alone.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fold::{fold, spaced};
use crate::language::{self, Language};

/// What an answer wants. Source: docs/rules.md, “Understanding a reply”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    Interested,
    Question,
    MeetingRequest,
    NotInterested,
    NotNow,
    WrongPerson,
    Unsubscribe,
    OutOfOffice,
    AutoReply,
    Other,
}

impl Intent {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interested => "interested",
            Self::Question => "question",
            Self::MeetingRequest => "meeting_request",
            Self::NotInterested => "not_interested",
            Self::NotNow => "not_now",
            Self::WrongPerson => "wrong_person",
            Self::Unsubscribe => "unsubscribe",
            Self::OutOfOffice => "out_of_office",
            Self::AutoReply => "auto_reply",
            Self::Other => "other",
        }
    }
}

/// The mood towards us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    Positive,
    Neutral,
    Negative,
}

impl Sentiment {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub intent: Intent,
    pub sentiment: Sentiment,
    pub language: Language,
    /// The first day on which the person may be written to again; only for `NotNow` and `OutOfOffice`.
    pub until: Option<Date>,
}

/// Reads an answer that came in at `received_at`.
pub fn read(text: &str, received_at: Timestamp) -> Reply {
    let _ = received_at;
    let line = spaced(&fold(text));
    let has = |list: &[&str]| list.iter().any(|word| line.contains(word));
    let intent = if has(&[" stop ", " desabonnez ", " unsubscribe ", " retirez "]) {
        Intent::Unsubscribe
    } else if text.contains('?') {
        Intent::Question
    } else if has(&[" oui ", " yes ", " volontiers ", " envoyez "]) {
        Intent::Interested
    } else if has(&[" non ", " no ", " pas interesse "]) {
        Intent::NotInterested
    } else {
        Intent::Other
    };
    Reply { intent, sentiment: Sentiment::Neutral, language: language::detect(text), until: None }
}
