//! Score: 0–100, the sum of named features, each with its points, its value and its evidence.

mod acts;
mod bound;
mod fit;
pub mod matching;
mod prepared;

pub use bound::{CheapFacts, upper_bound, upper_bound_with};
pub use prepared::PreparedIcp;

use crate::analysis::Analysis;
use crate::evidence::Evidence;
use crate::icp::Icp;
use crate::vocabulary::FeatureName;
use crate::workspace::{SemanticBlend, Weights};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One criterion: what it brought, from what. `value` is `None` when it is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    pub name: FeatureName,
    pub points: i16,
    pub value: Option<String>,
    /// An id, or the text it was read from.
    pub evidence: Option<String>,
}

/// A score in the form of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// 0–100.
    pub value: u8,
    /// The plain sum of the points.
    pub raw: i16,
    pub model_version: String,
    pub scored_at: Timestamp,
    pub features: Vec<Feature>,
}

/// What `recent` and `signal` were worth at the first allowed touch of an enrolment: later steps keep it.
///
/// Source: docs/rules.md, “Score”.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Frozen {
    pub recent: Option<Feature>,
    pub signal: Option<Feature>,
}

impl Frozen {
    /// What later steps of the enrolment keep of this score.
    pub fn of(score: &Score) -> Self {
        Self { recent: score.feature(FeatureName::Recent).cloned(), signal: score.feature(FeatureName::Signal).cloned() }
    }
}

/// Everything a score is a function of.
#[derive(Clone, Copy, Debug)]
pub struct ScoreInput<'a> {
    pub analysis: &'a Analysis,
    pub evidence: &'a Evidence,
    pub icp: &'a Icp,
    pub weights: &'a Weights,
    pub semantic_blend: SemanticBlend,
    pub model_version: &'a str,
    /// 1–3, of the account that would send; `None` when unknown.
    pub degree: Option<u8>,
    /// Whether the person accepted our invitation in this campaign.
    pub accepted: bool,
    pub frozen: Option<&'a Frozen>,
    pub now: Timestamp,
}

/// The score of a person: the same input gives the same bytes. Source: docs/rules.md, “Score”.
pub fn score(input: &ScoreInput) -> Score {
    score_with(input, &PreparedIcp::of(input.icp))
}

/// The same for many people: `icp` is `input.icp`, prepared once.
pub fn score_with(input: &ScoreInput, icp: &PreparedIcp) -> Score {
    let mut features = fit::features(input, icp);
    features.extend(acts::features(&acts::Acts::of(input)));
    features.sort_by_key(|feature| feature.name);
    let (value, raw) = total(&features);
    Score { value, raw, model_version: input.model_version.to_owned(), scored_at: input.now, features }
}

/// The clamped value (0–100) and the plain sum of stored features.
pub fn total(features: &[Feature]) -> (u8, i16) {
    let raw = features.iter().fold(0_i16, |sum, feature| sum.saturating_add(feature.points));
    (raw.clamp(0, 100) as u8, raw)
}

/// The score counted again from its stored features; equal to `stored` unless somebody changed it.
pub fn recompute(stored: &Score) -> Score {
    let (value, raw) = total(&stored.features);
    Score { value, raw, ..stored.clone() }
}

/// The criteria that speak of the profile alone.
pub const FIT: [FeatureName; 6] = [
    FeatureName::Title,
    FeatureName::Seniority,
    FeatureName::Industry,
    FeatureName::CompanySize,
    FeatureName::Country,
    FeatureName::SemanticFit,
];

/// How well the profile alone fits, in points (of 40 by default); never below zero.
pub fn fit(score: &Score) -> u8 {
    let sum: i16 = score.features.iter().filter(|feature| FIT.contains(&feature.name)).map(|feature| feature.points).sum();
    sum.clamp(0, i16::from(u8::MAX)) as u8
}

impl Score {
    /// A feature by name; `None` when it is not among the stored ones.
    pub fn feature(&self, name: FeatureName) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.name == name)
    }

    /// The points of a feature, 0 when it is absent.
    pub fn points(&self, name: FeatureName) -> i16 {
        self.feature(name).map_or(0, |feature| feature.points)
    }
}

#[cfg(test)]
mod tests;
