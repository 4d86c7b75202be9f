//! Acts: the points of what a person did, of what happened around them, and of how close they are.

use super::{Feature, Frozen, ScoreInput};
use crate::evidence::{Engagement, Evidence, Signal};
use crate::tone::Tone;
use crate::vocabulary::{EngagementKind, FeatureName, SignalKind};
use crate::workspace::Weights;
use jiff::{SignedDuration, Timestamp};

/// An engagement is recent for less than this.
pub(super) const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A signal counts for this long.
pub(super) const SIGNAL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Clocks of senders may be this far ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// The farthest the company's own rating goes.
const MANUAL_MAX: i16 = 20;

/// What the points of acts are a function of.
pub(super) struct Acts<'a> {
    pub evidence: &'a Evidence,
    pub weights: &'a Weights,
    pub degree: Option<u8>,
    pub accepted: bool,
    pub frozen: Option<&'a Frozen>,
    pub now: Timestamp,
}

impl<'a> Acts<'a> {
    pub(super) fn of(input: &ScoreInput<'a>) -> Self {
        Self {
            evidence: input.evidence,
            weights: input.weights,
            degree: input.degree,
            accepted: input.accepted,
            frozen: input.frozen,
            now: input.now,
        }
    }
}

pub(super) fn features(input: &Acts) -> Vec<Feature> {
    let (evidence, weights, now) = (input.evidence, input.weights, input.now);
    let frozen = input.frozen;
    [
        reacted(evidence, weights),
        commented(evidence, weights),
        better(recent(evidence, weights, now), frozen.and_then(|kept| kept.recent.clone())),
        better(signal(evidence, weights, now), frozen.and_then(|kept| kept.signal.clone())),
        Some(proximity(input.degree, weights)),
        accepted(input.accepted, weights),
        negative_comment(evidence, weights),
        manual(evidence),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn feature(name: FeatureName, points: i16, value: String, evidence: Option<String>) -> Feature {
    Feature { name, points, value: Some(value), evidence }
}

/// The one worth more; the newer one where both are worth the same.
fn better(newer: Option<Feature>, kept: Option<Feature>) -> Option<Feature> {
    match (newer, kept) {
        (Some(newer), Some(kept)) if kept.points > newer.points => Some(kept),
        (newer, kept) => newer.or(kept),
    }
}

/// The best act by points, then the latest, then by id so that no order of storage matters.
fn best<'e>(acts: impl Iterator<Item = (&'e Engagement, i16)>) -> Option<(&'e Engagement, i16)> {
    acts.max_by(|(a, x), (b, y)| x.cmp(y).then(a.at.cmp(&b.at)).then(b.id.cmp(&a.id)))
}

fn of_kind(evidence: &Evidence, kind: EngagementKind) -> impl Iterator<Item = &Engagement> {
    evidence.standing().filter(move |act| act.kind == kind)
}

fn reacted(evidence: &Evidence, weights: &Weights) -> Option<Feature> {
    let worth = |act: &Engagement| {
        if act.own_post { weights.reacted_own } else { weights.reacted_other }
    };
    let (act, points) = best(of_kind(evidence, EngagementKind::Reaction).map(|act| (act, worth(act))))?;
    let value = act.reaction.map_or("unknown", |kind| kind.as_str());
    Some(feature(FeatureName::Reacted, points, value.to_owned(), Some(act.id.to_string())))
}

fn commented(evidence: &Evidence, weights: &Weights) -> Option<Feature> {
    let worth = |act: &Engagement| match act.tone? {
        Tone::Positive | Tone::Question => Some(weights.commented),
        Tone::Neutral => Some(weights.commented_neutral),
        Tone::Negative => None,
    };
    let (act, points) = best(of_kind(evidence, EngagementKind::Comment).filter_map(|act| Some((act, worth(act)?))))?;
    Some(feature(FeatureName::Commented, points, act.tone?.as_str().to_owned(), Some(act.id.to_string())))
}

fn negative_comment(evidence: &Evidence, weights: &Weights) -> Option<Feature> {
    let negative = of_kind(evidence, EngagementKind::Comment).filter(|act| act.tone == Some(Tone::Negative));
    let (act, points) = best(negative.map(|act| (act, weights.negative_comment)))?;
    Some(feature(FeatureName::NegativeComment, points, "negative".to_owned(), Some(act.id.to_string())))
}

fn recent(evidence: &Evidence, weights: &Weights, now: Timestamp) -> Option<Feature> {
    let (act, points) = best(evidence.standing().map(|act| (act, weights.recent)))?;
    let fresh = now.duration_since(act.at) < RECENT;
    fresh.then(|| feature(FeatureName::Recent, points, act.at.to_string(), Some(act.id.to_string())))
}

fn signal(evidence: &Evidence, weights: &Weights, now: Timestamp) -> Option<Feature> {
    let counts = |signal: &&Signal| {
        let age = now.duration_since(signal.at);
        matches!(signal.kind, SignalKind::Hiring | SignalKind::Funding | SignalKind::Click) && age <= SIGNAL && age >= -AHEAD
    };
    let latest = evidence.signals.iter().filter(counts).max_by(|a, b| a.at.cmp(&b.at).then(b.id.cmp(&a.id)))?;
    Some(feature(FeatureName::Signal, weights.signal, latest.kind.as_str().to_owned(), Some(latest.id.clone())))
}

fn proximity(degree: Option<u8>, weights: &Weights) -> Feature {
    Feature {
        name: FeatureName::Proximity,
        points: proximity_points(degree, weights),
        value: degree.map(|degree| degree.to_string()),
        evidence: None,
    }
}

pub(super) fn proximity_points(degree: Option<u8>, weights: &Weights) -> i16 {
    match degree {
        Some(1) => weights.proximity_1,
        Some(2) => weights.proximity_2,
        _ => 0,
    }
}

fn accepted(accepted: bool, weights: &Weights) -> Option<Feature> {
    accepted.then(|| feature(FeatureName::Accepted, weights.accepted, "true".to_owned(), None))
}

fn manual(evidence: &Evidence) -> Option<Feature> {
    let rating = evidence.manual.as_ref()?;
    let points = rating.points.clamp(-MANUAL_MAX, MANUAL_MAX);
    Some(feature(FeatureName::Manual, points, rating.why.clone(), Some(rating.by.clone())))
}
