//! Facts: everything the gate reads, gathered before it is asked.

use crate::analysis::Analysis;
use crate::evidence::Evidence;
use crate::icp::Icp;
use crate::ids::EnrolmentId;
use crate::score::Frozen;
use crate::thresholds;
use crate::vocabulary::{Channel, ExclusionKind, LeadSource};
use crate::workspace::{Period, SemanticBlend, Settings, Weights};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// What the workspace has set, for one person.
#[derive(Clone, Debug)]
pub struct Policy {
    pub icp: Option<Icp>,
    /// The highest line of the person's sources and campaign.
    pub threshold: Option<u8>,
    pub min_fit: u8,
    pub weights: Weights,
    pub semantic_blend: SemanticBlend,
    pub model_version: String,
    pub profile_fresh_for: Period,
    pub recontact_after: Period,
    pub company_recontact_size: u32,
    pub company_recontact_max: u32,
    pub company_recontact_max_large: Option<u32>,
    /// In which months are counted and dates written.
    pub zone: TimeZone,
}

impl Policy {
    /// The policy for somebody found by `sources`, in a campaign that may have a higher line of its own.
    pub fn of(settings: &Settings, sources: &[LeadSource], campaign_threshold: Option<u8>) -> Self {
        Self {
            icp: settings.icp.clone(),
            threshold: thresholds::line_of_person(settings, sources, campaign_threshold),
            min_fit: settings.min_fit,
            weights: settings.weights.clone(),
            semantic_blend: settings.semantic_blend,
            model_version: settings.model_version.clone(),
            profile_fresh_for: settings.profile_fresh_for.clone(),
            recontact_after: settings.recontact_after.clone(),
            company_recontact_size: settings.company_recontact_size,
            company_recontact_max: settings.company_recontact_max,
            company_recontact_max_large: settings.company_recontact_max_large,
            zone: settings.zone(),
        }
    }
}

/// The step that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFacts {
    pub channel: Channel,
    /// Whether the account's provider can do it.
    pub supported: bool,
    /// Whether the person has an address on the channel; always so on LinkedIn with a profile.
    pub has_address: bool,
    /// Whether the table of country × channel allows it; always so on LinkedIn.
    pub lawful: bool,
}

/// The account that would send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    pub paused: bool,
    pub paused_reason: Option<String>,
    pub resumes_at: Option<Timestamp>,
}

/// A contact made with the person, the latest one of each enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub at: Timestamp,
    pub enrolment: Option<EnrolmentId>,
}

/// A draft that a reviewer rejected; `campaign` is `None` for the built-in sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub campaign: Option<String>,
    pub at: Timestamp,
}

/// A manager's explicit hand-over of the person to this campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// Whether any outcome so far was negative.
    pub negative_outcome: bool,
}

/// An owner's or manager's word that lifts `below_threshold` and `below_min_fit` for one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrule {
    pub by: String,
    /// Written; an empty one lifts nothing.
    pub reason: String,
    pub at: Timestamp,
}

/// Everything the gate reads.
#[derive(Clone, Debug)]
pub struct Facts {
    pub policy: Policy,
    /// Who or what asks: a member's id, `sender`, `scorer`…
    pub asked_by: String,
    pub suppressed: bool,
    pub opted_out: bool,
    pub erased: bool,
    /// The flag of a business register.
    pub objects_to_commercial_use: bool,
    /// Entries of the workspace's own list that match.
    pub exclusions: Vec<ExclusionKind>,
    /// As it came for free.
    pub headline: Option<String>,
    /// As it came for free.
    pub location: Option<String>,
    pub analysis: Option<Analysis>,
    /// A person asked to read the profile although the line seems out of reach.
    pub read_anyway: bool,
    pub evidence: Evidence,
    /// Of the account that would send, 1–3.
    pub degree: Option<u8>,
    /// In this campaign.
    pub accepted: bool,
    pub frozen: Option<Frozen>,
    pub step: StepFacts,
    /// Where the provider says that anyone may write to the person.
    pub open_profile: bool,
    /// When they last wrote, out-of-office notices and auto-replies excepted.
    pub received_at: Option<Timestamp>,
    /// When a meeting was booked.
    pub meeting_at: Option<Timestamp>,
    /// When a human last closed the conversation.
    pub closed_at: Option<Timestamp>,
    /// They asked to be written to again from this day.
    pub not_now_until: Option<Timestamp>,
    /// `None` for the built-in sequence.
    pub campaign: Option<String>,
    pub rejections: Vec<Rejection>,
    /// The enrolment this step belongs to; its own contacts never stand in its way.
    pub enrolment: Option<EnrolmentId>,
    pub contacts: Vec<Contact>,
    /// When their last invitation was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// When other people of the same company were last contacted, one instant each.
    pub colleague_contacts: Vec<Timestamp>,
    /// The name of another active campaign the person is in.
    pub other_campaign: Option<String>,
    pub continuation: Option<Continuation>,
    pub account: AccountFacts,
    pub budget_spent: bool,
    pub overrule: Option<Overrule>,
}

impl Facts {
    /// A person of whom nothing is known and against whom nothing stands, about an invitation.
    pub fn new(policy: Policy, asked_by: &str) -> Self {
        Self {
            policy,
            asked_by: asked_by.to_owned(),
            suppressed: false,
            opted_out: false,
            erased: false,
            objects_to_commercial_use: false,
            exclusions: Vec::new(),
            headline: None,
            location: None,
            analysis: None,
            read_anyway: false,
            evidence: Evidence::default(),
            degree: None,
            accepted: false,
            frozen: None,
            step: StepFacts { channel: Channel::LinkedInInvitation, supported: true, has_address: true, lawful: true },
            open_profile: false,
            received_at: None,
            meeting_at: None,
            closed_at: None,
            not_now_until: None,
            campaign: None,
            rejections: Vec::new(),
            enrolment: None,
            contacts: Vec::new(),
            withdrawn_at: None,
            colleague_contacts: Vec::new(),
            other_campaign: None,
            continuation: None,
            account: AccountFacts::default(),
            budget_spent: false,
            overrule: None,
        }
    }

    /// The analysis, if it still counts.
    pub fn fresh_analysis(&self, now: Timestamp) -> Option<&Analysis> {
        self.analysis.as_ref().filter(|analysis| analysis.is_fresh(now, &self.policy.profile_fresh_for))
    }
}
