//! Reasons: one function per line of the gate's table; each gives every reason of its line that applies.

use super::texts::{self, say};
use super::{Facts, Reason};
use crate::analysis::headline_role;
use crate::invitation::may_be_invited_from;
use crate::score::{self, PreparedIcp, Score, matching};
use crate::vocabulary::{Channel, ExclusionKind, ReasonCode as R};
use crate::workspace::Period;
use jiff::{SignedDuration, Timestamp};

/// They wrote within this long: the conversation is open. Source: docs/rules.md, “Gate”.
const CONVERSATION: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A rejection holds in other campaigns for so many months.
const REJECTED_ELSEWHERE_MONTHS: u16 = 6;
/// A continuation needs this much quiet.
const QUIET: SignedDuration = SignedDuration::from_hours(14 * 24);

type Reasons = Vec<Reason>;

fn when(holds: bool, code: R) -> Option<Reason> {
    holds.then(|| say(code))
}

pub(super) fn suppressed(facts: &Facts) -> Reasons {
    let found = [when(facts.suppressed, R::Suppressed), when(facts.opted_out, R::OptedOut), when(facts.erased, R::Erased)];
    found.into_iter().flatten().collect()
}

pub(super) fn objects(facts: &Facts) -> Reasons {
    let company = facts.analysis.as_ref().and_then(|analysis| analysis.company.as_ref());
    let entry = company.and_then(|company| company.register.as_ref());
    let reason = || match entry {
        Some(entry) => texts::objects(&entry.register, &entry.number),
        None => say(R::ObjectsToCommercialUse),
    };
    facts.objects_to_commercial_use.then(reason).into_iter().collect()
}

pub(super) fn not_a_lead(facts: &Facts, icp: Option<&PreparedIcp>) -> Reasons {
    let listed = |kind| facts.exclusions.contains(&kind);
    let found = [
        when(listed(ExclusionKind::OwnTeam), R::OwnTeam),
        when(listed(ExclusionKind::Customer), R::IsCustomer),
        when(listed(ExclusionKind::Competitor), R::Competitor),
        icp.and_then(|icp| excluded_title(facts, icp)),
        icp.and_then(|icp| excluded_company(facts, icp)),
    ];
    found.into_iter().flatten().collect()
}

/// By the analysis, or by the headline before anything is spent on one.
fn excluded_title(facts: &Facts, icp: &PreparedIcp) -> Option<Reason> {
    let stated = facts.headline.as_deref().filter(|_| facts.analysis.is_none()).and_then(headline_role);
    let role = match (&facts.analysis, &stated) {
        (Some(analysis), _) => matching::Role::of(analysis),
        (None, Some(title)) => {
            matching::Role { title: title.current_title.as_deref(), seniority: title.seniority, function: Some(title.function) }
        }
        (None, None) => return None,
    };
    matching::excluded_title(&role, icp).map(texts::excluded_title)
}

fn excluded_company(facts: &Facts, icp: &PreparedIcp) -> Option<Reason> {
    let listed = match &facts.analysis {
        Some(analysis) => matching::excluded_company(analysis.company.as_ref()?, icp),
        None => matching::excluded_company_name(&headline_role(facts.headline.as_deref()?)?.employer?, icp),
    };
    listed.map(texts::excluded_company)
}

pub(super) fn no_policy(facts: &Facts, icp: Option<&PreparedIcp>) -> Reasons {
    let found = [when(icp.is_none(), R::NoIcp), when(facts.policy.threshold.is_none(), R::NoThreshold)];
    found.into_iter().flatten().collect()
}

/// `upper_bound` is given when there is no fresh analysis.
pub(super) fn cannot_reach(facts: &Facts, upper_bound: Option<u8>) -> Reasons {
    let both = upper_bound.zip(facts.policy.threshold).filter(|(bound, line)| bound < line && !facts.read_anyway);
    both.map(|(bound, line)| texts::cannot_reach(bound, line)).into_iter().collect()
}

pub(super) fn not_analysed(facts: &Facts, now: Timestamp) -> Reasons {
    let stale = facts.analysis.is_some() && facts.fresh_analysis(now).is_none();
    [when(facts.analysis.is_none(), R::NotAnalysed), when(stale, R::StaleAnalysis)].into_iter().flatten().collect()
}

pub(super) fn no_way(facts: &Facts) -> Reasons {
    let step = &facts.step;
    let found = [
        when(!step.lawful, R::NoLawfulBasis),
        when(!step.has_address, R::NoAddress),
        when(!step.supported, R::ChannelUnsupported),
    ];
    found.into_iter().flatten().collect()
}

/// A human's turn, until a human closes it; “not now” reopens on its date.
pub(super) fn a_humans_turn(facts: &Facts, now: Timestamp) -> Reasons {
    let zone = &facts.policy.zone;
    if let Some(until) = facts.not_now_until
        && now < until
    {
        return vec![texts::until(R::Replied, until, zone)];
    }
    let open = |at: Option<Timestamp>| {
        let settled = |instant: Option<Timestamp>| instant.zip(at).is_some_and(|(instant, at)| instant >= at);
        at.filter(|_| !settled(facts.closed_at) && !settled(facts.not_now_until))
    };
    let wrote = open(facts.received_at);
    let recently = wrote.is_some_and(|at| now.duration_since(at) <= CONVERSATION);
    let found = [
        when(recently, R::ConversationOpen),
        when(wrote.is_some(), R::Replied),
        when(open(facts.meeting_at).is_some(), R::Meeting),
    ];
    found.into_iter().flatten().collect()
}

pub(super) fn rejected(facts: &Facts, now: Timestamp) -> Reasons {
    let zone = &facts.policy.zone;
    if facts.rejections.iter().any(|rejection| rejection.campaign == facts.campaign) {
        return vec![say(R::RejectedByReviewer)];
    }
    let span = Period::of_months(REJECTED_ELSEWHERE_MONTHS);
    let until = facts.rejections.iter().map(|rejection| span.after(rejection.at, zone)).max().filter(|until| now < *until);
    until.map(|until| texts::until(R::RejectedByReviewer, until, zone)).into_iter().collect()
}

/// An invitation taken back is not followed by another one for 90 days, whatever the enrolment.
fn withdrawn(facts: &Facts, now: Timestamp) -> Option<Timestamp> {
    let invites = facts.step.channel == Channel::LinkedInInvitation;
    facts.withdrawn_at.filter(|_| invites).map(may_be_invited_from).filter(|from| now < *from)
}

pub(super) fn too_soon(facts: &Facts, now: Timestamp) -> Reasons {
    let zone = &facts.policy.zone;
    let withdrawn = withdrawn(facts, now);
    if continues(facts, now) {
        return withdrawn.map(|until| texts::withdrawn(until, zone)).into_iter().collect();
    }
    let recontact = |at| facts.policy.recontact_after.after(at, zone);
    let elsewhere = facts.contacts.iter().filter(|contact| contact.enrolment.is_none() || contact.enrolment != facts.enrolment);
    let person = elsewhere.map(|contact| recontact(contact.at)).max().filter(|until| now < *until);
    let taken_back = withdrawn.filter(|until| person.is_none_or(|person| person < *until));
    let found = [
        match taken_back {
            Some(until) => Some(texts::withdrawn(until, zone)),
            None => person.map(|until| texts::until(R::RecentlyContacted, until, zone)),
        },
        company_until(facts, now).map(|until| texts::until(R::CompanyRecentlyContacted, until, zone)),
        facts.other_campaign.as_deref().map(texts::other_campaign),
    ];
    found.into_iter().flatten().collect()
}

/// A hand-over waives the line if no outcome was negative and the person was left alone for 14 days.
fn continues(facts: &Facts, now: Timestamp) -> bool {
    let quiet = facts.contacts.iter().all(|contact| now.duration_since(contact.at) >= QUIET);
    quiet && facts.continuation.is_some_and(|continuation| !continuation.negative_outcome)
}

/// How many people of a company may be contacted within `recontact_after`; `None`: any number.
/// A company of unknown size counts as small.
fn colleagues_most(facts: &Facts) -> Option<usize> {
    let policy = &facts.policy;
    let size = facts.analysis.as_ref().and_then(|analysis| analysis.company_size());
    let large = size.is_some_and(|(min, _)| min >= policy.company_recontact_size);
    let most = if large { policy.company_recontact_max_large? } else { policy.company_recontact_max } as usize;
    let already = facts.contacts.iter().any(|contact| contact.enrolment.is_some() && contact.enrolment == facts.enrolment);
    (!already).then_some(most)
}

/// When the contacts of colleagues stop counting, those that count now, the first end first.
fn colleagues_count_until(facts: &Facts, now: Timestamp) -> Vec<Timestamp> {
    let policy = &facts.policy;
    let ends = facts.colleague_contacts.iter().map(|at| policy.recontact_after.after(*at, &policy.zone));
    let mut ends: Vec<Timestamp> = ends.filter(|until| now < *until).collect();
    ends.sort_unstable();
    ends
}

/// How many more colleagues may be contacted before the gate says `company_recently_contacted` of this person; `None`:
/// any number.
pub fn colleagues_left(facts: &Facts, now: Timestamp) -> Option<usize> {
    if continues(facts, now) {
        return None;
    }
    colleagues_most(facts).map(|most| most.saturating_sub(colleagues_count_until(facts, now).len()))
}

/// The day on which the company has room again: when as many contacts as are too many have aged.
fn company_until(facts: &Facts, now: Timestamp) -> Option<Timestamp> {
    let most = colleagues_most(facts)?;
    let ends = colleagues_count_until(facts, now);
    let free_at = ends.len().checked_sub(most)?;
    ends.get(free_at).copied().or_else(|| ends.last().copied())
}

pub(super) fn below(facts: &Facts, score: Option<&Score>) -> Reasons {
    let Some(score) = score else { return Vec::new() };
    let fit = score::fit(score);
    let line = facts.policy.threshold.filter(|line| score.value < *line);
    let found = [
        (fit < facts.policy.min_fit).then(|| texts::below_min_fit(fit, facts.policy.min_fit)),
        line.map(|line| texts::below_threshold(score, line, &facts.policy.weights)),
    ];
    found.into_iter().flatten().collect()
}

pub(super) fn held_back(facts: &Facts) -> Reasons {
    let account = facts.account.paused.then(|| texts::account_paused(&facts.account, &facts.policy.zone));
    [account, when(facts.budget_spent, R::BudgetSpent)].into_iter().flatten().collect()
}
