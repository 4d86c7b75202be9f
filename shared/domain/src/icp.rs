//! The ideal customer: what a workspace looks for, in the words of its settings.

use crate::titles::Seniority;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A range of company sizes in employees, both ends included; an end that is absent is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SizeRange {
    pub min: Option<u32>,
    pub max: Option<u32>,
}

/// Whom the workspace looks for; every field is optional. Source: docs/rules.md, “Score”.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Icp {
    pub titles: Vec<String>,
    pub seniorities: Vec<Seniority>,
    pub industries: Vec<String>,
    pub company_size: Option<SizeRange>,
    /// Countries (ISO codes or names), regions and cities.
    pub countries: Vec<String>,
    pub exclude_titles: Vec<String>,
    pub exclude_companies: Vec<String>,
    /// The ICP in words, for a language model.
    pub text: Option<String>,
}

impl Icp {
    /// 16 hexadecimal digits by which an opinion is known to be about this ICP and no other.
    pub fn fingerprint(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(&json).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
