//! Workspace: the settings of one company, with their defaults, and how a patch changes them.

mod patch;
mod period;
mod reader;
mod weights;

pub use patch::FieldError;
pub use period::Period;
pub(crate) use reader::Reader;
pub use weights::{WEIGHT_KEYS, Weights};

use crate::icp::Icp;
use crate::vocabulary::LeadSource;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The model of a workspace that never changed a weight. Source: docs/rules.md, “Score”.
pub const MODEL_VERSION: &str = "rules-1";

/// What the workspace sells and where to book. Read by the writer of drafts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offer {
    pub pitch: String,
    pub proofs: Vec<String>,
    pub booking_url: Option<String>,
}

/// The ceilings of a calendar month; nothing is called beyond them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Provider credits.
    pub credits_per_month: u64,
    /// US dollars spent on language models.
    pub ai_usd_per_month: f64,
}

impl Budget {
    /// The ceiling for language models in whole millionths of a dollar, rounded down.
    pub fn ai_micro_usd(&self) -> u64 {
        // A float too large for the type becomes its maximum, and no number becomes 0.
        (self.ai_usd_per_month * 1_000_000.0) as u64
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { credits_per_month: 2000, ai_usd_per_month: 20.0 }
    }
}

/// How much of the fit a language model's opinion replaces. Source: docs/rules.md, “Score”.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SemanticBlend {
    #[default]
    None,
    Half,
    All,
}

/// The settings of a workspace, in the form of `GET /workspace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub name: String,
    /// `fr-FR`, `fr-CA`, `en-GB`…
    pub locale: String,
    /// An IANA name.
    pub timezone: String,
    /// The line, 0–100, of every source without its own; without it nobody is contacted.
    pub threshold: Option<u8>,
    /// The lines of single sources, 0–100.
    pub thresholds: BTreeMap<LeadSource, u8>,
    /// The least fit, in points of the fit part of the score.
    pub min_fit: u8,
    /// Whom the workspace looks for; without it nobody is contacted.
    pub icp: Option<Icp>,
    pub offer: Offer,
    pub weights: Weights,
    /// When the people of a post are collected, counted in exact hours from its publication.
    pub pull_after: Vec<Period>,
    /// How long a person is left alone after a contact, whoever made it.
    pub recontact_after: Period,
    /// How long a profile analysis counts.
    pub profile_fresh_for: Period,
    pub budget: Budget,
    /// When not empty: only these people (profile addresses or e-mails) are ever sent anything.
    pub test_recipients: Vec<String>,
    /// Companies with fewer people than this are small.
    pub company_recontact_size: u32,
    /// How many people of one small company may be contacted within `recontact_after`.
    pub company_recontact_max: u32,
    /// The same for larger companies; `None` means any number.
    pub company_recontact_max_large: Option<u32>,
    pub semantic_blend: SemanticBlend,
    /// When the monthly quota of notes is spent: send invitations without one instead of holding them.
    pub invite_without_note: bool,
    /// The version of the score's model; changes with the weights.
    pub model_version: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            locale: "fr-FR".into(),
            timezone: "Europe/Paris".into(),
            threshold: Some(60),
            thresholds: BTreeMap::from([(LeadSource::Cold, 35), (LeadSource::Import, 35), (LeadSource::Local, 35)]),
            min_fit: 15,
            icp: None,
            offer: Offer::default(),
            weights: Weights::default(),
            pull_after: ["PT2H", "P1D", "P3D", "P7D"].into_iter().filter_map(Period::parse).collect(),
            recontact_after: Period::of_months(6),
            profile_fresh_for: Period::of_days(30),
            budget: Budget::default(),
            test_recipients: Vec::new(),
            company_recontact_size: 200,
            company_recontact_max: 1,
            company_recontact_max_large: None,
            semantic_blend: SemanticBlend::None,
            invite_without_note: false,
            model_version: MODEL_VERSION.into(),
        }
    }
}

impl Settings {
    /// The settings of a new workspace.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The settings after a PATCH; nothing is changed when any field is at fault.
    ///
    /// Errors name every field at fault, unknown and nested ones too. Source: docs/rules.md, “Settings”.
    pub fn apply_patch(&self, patch: &serde_json::Value) -> Result<Self, Vec<FieldError>> {
        patch::apply(self, patch)
    }

    /// The workspace's zone; UTC when the stored name is no longer known.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC)
    }

    /// Whether a person with these addresses may be sent anything at all: everyone, unless the
    /// workspace has a list of test recipients, and then only those on it.
    ///
    /// Source: docs/rules.md, “Settings”.
    pub fn may_receive(&self, addresses: &[&str]) -> bool {
        let key = |text: &str| match crate::profile_url::parse(text).key() {
            Some(key) => key.to_owned(),
            None => text.trim().to_lowercase(),
        };
        self.test_recipients.is_empty()
            || self.test_recipients.iter().any(|listed| addresses.iter().any(|address| key(address) == key(listed)))
    }
}

#[cfg(test)]
mod tests;
