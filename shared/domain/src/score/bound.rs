//! Upper bound: the highest score a person could still reach, from what is free to know.

use super::{Frozen, PreparedIcp, acts, fit, matching};
use crate::analysis::places;
use crate::evidence::{Engagement, Evidence};
use crate::icp::Icp;
use crate::titles::Function;
use crate::vocabulary::{EngagementKind, FeatureName};
use crate::workspace::{SemanticBlend, Weights};
use jiff::Timestamp;

/// What is known before anything is spent.
#[derive(Clone, Copy, Debug)]
pub struct CheapFacts<'a> {
    /// As the reaction, comment or search row brought it.
    pub headline: Option<&'a str>,
    /// As a search row brought it.
    pub location: Option<&'a str>,
    /// 1–3, of the account that would send; `None` when unknown.
    pub degree: Option<u8>,
    pub accepted: bool,
    pub evidence: &'a Evidence,
    pub frozen: Option<&'a Frozen>,
    pub semantic_blend: SemanticBlend,
}

/// The highest score, 0–100, the person could come to at `now`, whatever the profile turns out to say.
///
/// It is never below the real score of a profile with the same headline and location: a headline that states a
/// role is read as the analysis reads it, and everything unknown counts in full.
/// Source: docs/rules.md, “Cheap first”.
pub fn upper_bound(facts: &CheapFacts, icp: &Icp, weights: &Weights, now: Timestamp) -> u8 {
    upper_bound_with(facts, &PreparedIcp::of(icp), weights, now)
}

/// The same for many people, with the ICP prepared once.
pub fn upper_bound_with(facts: &CheapFacts, icp: &PreparedIcp, weights: &Weights, now: Timestamp) -> u8 {
    let (fit, mismatch) = fit_bound(facts, icp, weights);
    let total = i32::from(fit) + i32::from(mismatch) + acts_bound(facts, weights, now);
    total.clamp(0, 100) as u8
}

/// The most the profile can bring, and the least a mismatch of levels can take away.
fn fit_bound(facts: &CheapFacts, icp: &PreparedIcp, weights: &Weights) -> (i16, i16) {
    let title_max = weights.title_exact.max(weights.title_adjacent);
    let seniority_max = weights.seniority_in.max(weights.seniority_near);
    let (title, seniority, mismatch) = match facts.headline.and_then(crate::analysis::headline_role) {
        Some(stated) => {
            let role = matching::Role {
                title: stated.current_title.as_deref(),
                seniority: stated.seniority,
                function: Some(stated.function).filter(|function| *function != Function::Other),
            };
            role_bound(&role, icp, weights)
        }
        None => (title_max, seniority_max, 0),
    };
    let industry = weights.industry_exact.max(weights.industry_adjacent);
    let size = weights.company_size_in.max(weights.company_size_near);
    let rules = title + seniority + industry + size + country_bound(facts, icp, weights);
    // a model's opinion of the profile may still come, and be the best there is
    let fit = fit::blend(facts.semantic_blend, rules, 100, weights.fit_max()).unwrap_or(rules).max(rules);
    (fit, mismatch)
}

fn role_bound(role: &matching::Role, icp: &PreparedIcp, weights: &Weights) -> (i16, i16, i16) {
    let title = match matching::title(role, icp) {
        matching::Match::Exact => weights.title_exact,
        matching::Match::Near => weights.title_adjacent,
        matching::Match::None => 0,
    };
    match role.level().map(|level| matching::level(level, icp)) {
        Some(matching::Level::Inside) => (title, weights.seniority_in, 0),
        Some(matching::Level::Off(1)) => (title, weights.seniority_near, 0),
        Some(matching::Level::Off(3..)) => (title, 0, weights.level_mismatch),
        _ => (title, 0, 0),
    }
}

fn country_bound(facts: &CheapFacts, icp: &PreparedIcp, weights: &Weights) -> i16 {
    let Some(place) = facts.location.map(places::read).filter(|place| place.country.is_some()) else {
        return weights.country;
    };
    // a place whose region or city is unknown may still turn out to be inside
    let inside = icp.places.iter().any(|listed| listed.holds(place.as_read()) != Some(false));
    if inside { weights.country } else { 0 }
}

/// The points of acts, with a comment not yet read counted as the best of comments and an unknown
/// degree and unseen signals counted in full.
fn acts_bound(facts: &CheapFacts, weights: &Weights, now: Timestamp) -> i32 {
    let features = acts::features(&acts::Acts {
        evidence: facts.evidence,
        weights,
        degree: facts.degree,
        accepted: facts.accepted,
        frozen: facts.frozen,
        now,
    });
    let points = |name| features.iter().find(|feature| feature.name == name).map_or(0, |feature| feature.points);
    let known: i32 = features.iter().map(|feature| i32::from(feature.points)).sum();
    let unread = |act: &Engagement| act.kind == EngagementKind::Comment && act.tone.is_none();
    let comment_max = weights.commented.max(weights.commented_neutral);
    let comment = if facts.evidence.standing().any(unread) { comment_max } else { 0 };
    let comment = (comment - points(FeatureName::Commented)).max(0);
    let degree_max = weights.proximity_1.max(weights.proximity_2);
    let degree = if facts.degree.is_none() { degree_max } else { 0 };
    let signal = (weights.signal - points(FeatureName::Signal)).max(0);
    known + i32::from(comment) + i32::from(degree) + i32::from(signal)
}
