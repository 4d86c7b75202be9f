//! Gate: whether a person may be contacted now. Facts in, one decision out; all failing reasons are listed.

mod facts;
mod reasons;
mod texts;

pub use facts::{AccountFacts, Contact, Continuation, Facts, Overrule, Policy, Rejection, StepFacts};
pub use reasons::colleagues_left;

use crate::score::{self, CheapFacts, Feature, PreparedIcp, Score, ScoreInput};
use crate::vocabulary::{Channel, ReasonCode, Route, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a decision counts. Source: docs/rules.md, “Gate”.
pub const VALID_FOR: SignedDuration = SignedDuration::from_hours(24);

/// One reason against, in plain words, with the day it ends where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: ReasonCode,
    pub text_fr: String,
    pub text_en: String,
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// What the gate said, and everything it said it from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub verdict: Verdict,
    /// The line of this person; `None` when the workspace has none.
    pub threshold: Option<u8>,
    /// `None` without a fresh analysis or an ICP.
    pub score: Option<u8>,
    /// The fit part of the score, in points.
    #[serde(default)]
    pub fit: Option<u8>,
    /// The most the score could still be, where nothing was read yet.
    #[serde(default)]
    pub upper_bound: Option<u8>,
    pub model_version: String,
    #[serde(default)]
    pub features: Vec<Feature>,
    /// In the order of the gate; the first one decided. Empty when allowed.
    pub reasons: Vec<Reason>,
    /// The way to go; only beside an allow.
    pub route: Option<Route>,
    pub decided_at: Timestamp,
    pub expires_at: Timestamp,
    /// Who or what asked.
    pub asked_by: String,
    /// The overrule that lifted a reason, if one did.
    #[serde(default)]
    pub overrule: Option<Overrule>,
}

impl Decision {
    /// Whether it still counts at `now`.
    pub fn is_current(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether an owner or manager may lift every reason of it: only `below_threshold` and `below_min_fit`.
    pub fn may_be_overruled(&self) -> bool {
        !self.reasons.is_empty() && self.reasons.iter().all(|reason| liftable(reason.code))
    }

    /// The reason that decided; `None` when allowed.
    pub fn first_code(&self) -> Option<ReasonCode> {
        self.reasons.first().map(|reason| reason.code)
    }
}

/// What a reason does to the person. Source: docs/rules.md, “Gate”.
pub fn verdict_of(code: ReasonCode) -> Verdict {
    use ReasonCode as R;
    match code {
        R::NoIcp
        | R::NoThreshold
        | R::NotAnalysed
        | R::StaleAnalysis
        | R::NoLawfulBasis
        | R::NoAddress
        | R::ChannelUnsupported
        | R::AccountPaused
        | R::BudgetSpent => Verdict::Hold,
        R::Suppressed
        | R::OptedOut
        | R::Erased
        | R::ObjectsToCommercialUse
        | R::OwnTeam
        | R::IsCustomer
        | R::Competitor
        | R::ExcludedTitle
        | R::ExcludedCompany
        | R::CannotReachThreshold
        | R::ConversationOpen
        | R::Replied
        | R::Meeting
        | R::RejectedByReviewer
        | R::RecentlyContacted
        | R::CompanyRecentlyContacted
        | R::InOtherCampaign
        | R::BelowMinFit
        | R::BelowThreshold => Verdict::Refuse,
    }
}

fn liftable(code: ReasonCode) -> bool {
    matches!(code, ReasonCode::BelowMinFit | ReasonCode::BelowThreshold)
}

/// The score of a person who may be scored: freshly analysed, in a workspace with an ICP.
struct Reckoning {
    score: Option<Score>,
    upper_bound: Option<u8>,
}

/// Refuses or holds for every reason that applies, in the order of the table; the first one decides.
///
/// `now` dates expiries and is the instant the score is for. Source: docs/rules.md, “Gate”.
pub fn decide(facts: &Facts, now: Timestamp) -> Decision {
    let icp = facts.policy.icp.as_ref().map(PreparedIcp::of);
    decide_with(facts, icp.as_ref(), now)
}

/// The same for many people of one workspace: `icp` is their policy's, prepared once, or `None` where it has none.
pub fn decide_with(facts: &Facts, icp: Option<&PreparedIcp>, now: Timestamp) -> Decision {
    let reckoning = reckon(facts, icp, now);
    let found = [
        reasons::suppressed(facts),
        reasons::objects(facts),
        reasons::not_a_lead(facts, icp),
        reasons::no_policy(facts, icp),
        reasons::cannot_reach(facts, reckoning.upper_bound),
        reasons::not_analysed(facts, now),
        reasons::no_way(facts),
        reasons::a_humans_turn(facts, now),
        reasons::rejected(facts, now),
        reasons::too_soon(facts, now),
        reasons::below(facts, reckoning.score.as_ref()),
        reasons::held_back(facts),
    ];
    from_reasons(found.into_iter().flatten().collect(), reckoning, facts, now)
}

fn reckon(facts: &Facts, icp: Option<&PreparedIcp>, now: Timestamp) -> Reckoning {
    let policy = &facts.policy;
    let Some(icp) = icp else {
        return Reckoning { score: None, upper_bound: None };
    };
    if let Some(analysis) = facts.fresh_analysis(now) {
        let input = ScoreInput {
            analysis,
            evidence: &facts.evidence,
            icp: icp.icp,
            weights: &policy.weights,
            semantic_blend: policy.semantic_blend,
            model_version: &policy.model_version,
            degree: facts.degree,
            accepted: facts.accepted,
            frozen: facts.frozen.as_ref(),
            now,
        };
        return Reckoning { score: Some(score::score_with(&input, icp)), upper_bound: None };
    }
    let cheap = CheapFacts {
        headline: facts.headline.as_deref(),
        location: facts.location.as_deref(),
        degree: facts.degree,
        accepted: facts.accepted,
        evidence: &facts.evidence,
        frozen: facts.frozen.as_ref(),
        semantic_blend: policy.semantic_blend,
    };
    Reckoning { score: None, upper_bound: Some(score::upper_bound_with(&cheap, icp, &policy.weights, now)) }
}

fn from_reasons(mut reasons: Vec<Reason>, reckoning: Reckoning, facts: &Facts, now: Timestamp) -> Decision {
    let overrule = facts
        .overrule
        .as_ref()
        .filter(|overrule| !overrule.reason.trim().is_empty() && reasons.iter().any(|reason| liftable(reason.code)));
    if overrule.is_some() {
        reasons.retain(|reason| !liftable(reason.code));
    }
    let verdict = reasons.first().map_or(Verdict::Allow, |reason| verdict_of(reason.code));
    let fit = reckoning.score.as_ref().map(score::fit);
    Decision {
        verdict,
        threshold: facts.policy.threshold,
        score: reckoning.score.as_ref().map(|score| score.value),
        fit,
        upper_bound: reckoning.upper_bound,
        model_version: facts.policy.model_version.clone(),
        features: reckoning.score.map(|score| score.features).unwrap_or_default(),
        reasons,
        route: if verdict == Verdict::Allow { route(facts) } else { None },
        decided_at: now,
        expires_at: now.saturating_add(VALID_FOR).unwrap_or(Timestamp::MAX),
        asked_by: facts.asked_by.clone(),
        overrule: overrule.cloned(),
    }
}

/// The way to an allowed person by the step's channel; a visit is no touch and has none.
fn route(facts: &Facts) -> Option<Route> {
    let reachable = facts.degree == Some(1) || facts.accepted || facts.open_profile;
    match facts.step.channel {
        Channel::LinkedInInvitation | Channel::LinkedInMessage if reachable => Some(Route::Message),
        Channel::LinkedInInvitation | Channel::LinkedInMessage => Some(Route::Invitation),
        Channel::Email => Some(Route::Email),
        Channel::Sms => Some(Route::Sms),
        Channel::LinkedInVisit => None,
    }
}

#[cfg(test)]
mod tests;
