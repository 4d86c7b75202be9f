//! Tone: whether a comment praises, asks, states or disagrees, in French and English.

use serde::{Deserialize, Serialize};

use crate::fold::{fold, spaced};

/// The tone of a comment. Source: docs/rules.md, “Score”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Positive,
    Question,
    Neutral,
    Negative,
}

impl Tone {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Question => "question",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }
}

/// Reads the tone of a comment.
pub fn read(text: &str) -> Tone {
    let line = spaced(&fold(text));
    let has = |list: &[&str]| list.iter().any(|word| line.contains(word));
    if has(&[" pas d accord ", " disagree ", " deçu "]) {
        Tone::Negative
    } else if text.contains('?') {
        Tone::Question
    } else if has(&[" merci ", " bravo ", " thanks ", " great ", " super "]) {
        Tone::Positive
    } else {
        Tone::Neutral
    }
}
