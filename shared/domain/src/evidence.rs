//! Evidence: what a score reads besides the profile: acts on posts, signals, ratings, opinions.

use crate::ids::EngagementId;
use crate::tone::Tone;
use crate::vocabulary::{EngagementKind, ReactionKind, SignalKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One act of one person on one post, in the form of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Engagement {
    pub id: EngagementId,
    pub post_url: String,
    /// Whether the post's author is one of the workspace's accounts or its page.
    pub own_post: bool,
    pub kind: EngagementKind,
    /// `None` for a comment, and where the provider does not say.
    #[serde(default)]
    pub reaction: Option<ReactionKind>,
    #[serde(default)]
    pub text: Option<String>,
    /// Of a comment, once read.
    #[serde(default)]
    pub tone: Option<Tone>,
    /// When it happened; see `at_estimated`.
    pub at: Timestamp,
    /// Whether `at` was worked out from pulls (docs/rules.md, “Dates of reactions”).
    #[serde(default)]
    pub at_estimated: bool,
    pub first_seen_at: Timestamp,
    /// Since when a later complete pull no longer shows it; then it stops counting.
    #[serde(default)]
    pub gone_at: Option<Timestamp>,
}

/// News about a person or their company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    pub id: String,
    pub kind: SignalKind,
    #[serde(default)]
    pub company: Option<String>,
    pub at: Timestamp,
    /// Where it comes from: `api`, `csv`, `profile`, `company`, `link`…
    pub source: String,
}

/// The company's own rating of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manual {
    /// −20…20.
    pub points: i16,
    pub why: String,
    /// Who rated.
    pub by: String,
    pub at: Timestamp,
}

/// A language model's opinion of the fit, checked against its schema before it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SemanticOpinion {
    /// 0–100.
    pub value: u8,
    /// One sentence.
    pub reason: String,
    pub model: String,
    pub prompt_hash: String,
    pub at: Timestamp,
}

/// Everything a score reads besides the profile. Source: docs/rules.md, “Score”.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    pub engagements: Vec<Engagement>,
    pub signals: Vec<Signal>,
    pub manual: Option<Manual>,
    pub semantic: Option<SemanticOpinion>,
}

impl Evidence {
    /// The acts that still stand.
    pub fn standing(&self) -> impl Iterator<Item = &Engagement> {
        self.engagements.iter().filter(|act| act.gone_at.is_none())
    }
}
