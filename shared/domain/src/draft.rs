//! The built-in drafts: always a result, in French or English, from what actually happened.

use crate::ids::ProspectId;
use crate::language::Language;
use crate::lint::{Finding, LintInput, lint};
use crate::vocabulary::{CallToAction, Channel, DraftLevel, EngagementKind, LeadSource, ReactionKind};
use jiff::civil::DateTime;

mod clean;
mod compose;
mod english;
mod facts;
mod french;
mod material;
pub mod template;
mod typeset;

pub use clean::{neutral, plain_name};
pub use facts::facts;

/// What a step is for, which decides the shape of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    InvitationWithNote,
    FirstMessageAfterAcceptance,
    MessageToConnection,
    FollowUp,
}

/// The wording of a region where it differs within one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// France; for English, international.
    Europe,
    /// Québec: no space before ? and !, “courriel”, “bonne fin de semaine”.
    Canada,
}

/// Who is written to. Any of it may be missing or hostile.
#[derive(Clone, Debug, Default)]
pub struct Recipient {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub title: Option<String>,
    pub company: Option<String>,
}

/// What actually happened, the reason for writing. Words of others, in their own language.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What the post is about, as a noun phrase (“les devis oubliés”).
    pub post_topic: Option<String>,
    /// The first words of the post.
    pub post_opening: Option<String>,
    /// The person's own words under it.
    pub comment: Option<String>,
    /// Whether the person reacted or commented; `None` for people found otherwise.
    pub engagement: Option<EngagementKind>,
    /// The kind of reaction, when known.
    pub reaction: Option<ReactionKind>,
    /// Whether the post is the sender's own.
    pub own_post: bool,
    pub source: Option<LeadSource>,
    /// The search that found the person.
    pub search: Option<String>,
}

/// What the workspace offers.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    pub pitch: Option<String>,
    pub proofs: Vec<String>,
    /// An https address.
    pub booking_url: Option<String>,
    /// Free times in the recipient's zone, soonest first; two are offered.
    pub free_slots: Vec<DateTime>,
}

/// Who writes.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    pub first_name: Option<String>,
    /// Closes e-mails and messages, one line.
    pub signature: Option<String>,
}

/// Everything a built-in draft is written from.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Chooses among the variants, so that two neighbours do not get one text.
    pub prospect: ProspectId,
    pub channel: Channel,
    pub kind: StepKind,
    /// `Other` is written in English.
    pub language: Language,
    pub region: Region,
    pub cta: CallToAction,
    pub recipient: Recipient,
    pub evidence: Evidence,
    pub offer: Offer,
    pub sender: Sender,
    /// 200 or 300 UTF-16 units.
    pub note_limit: usize,
}

/// A text ready for review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub body: String,
    /// `default`: the built-in text; `template` is a step's own, see [`template::fill`].
    pub level: DraftLevel,
    /// The facts the text rests on, a subset of [`facts`] in their order.
    pub facts: Vec<String>,
    /// The call to action the text carries: the step's, or `soft` where an `ask` had nothing to ask with.
    pub cta: CallToAction,
}

/// The built-in text of a step: always one, and always clean by [`lint`].
///
/// The same brief gives the same text; neighbours get different variants. An `ask` without a booking link or two free
/// slots becomes `soft`; so does an `ask` in an invitation, which holds no appointment. Outside text is quoted short, or
/// dropped when it could do harm. Source: docs/rules.md, “Drafts”.
pub fn write(brief: &Brief) -> Draft {
    compose::write(brief)
}

/// The findings on `body` as the text of this brief, for edited texts and for those a model wrote.
///
/// `cta` is the call to action the text is to carry. Source: docs/rules.md, “Lint”.
pub fn check(brief: &Brief, body: &str, cta: CallToAction) -> Vec<Finding> {
    let facts = facts(brief);
    let slots = material::offered_slots(brief);
    let sender = [&brief.sender.first_name, &brief.sender.signature]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    lint(&LintInput {
        text: body,
        channel: brief.channel,
        language: brief.language,
        recipient_first_name: brief.recipient.first_name.as_deref(),
        recipient_company: brief.recipient.company.as_deref(),
        sender: Some(&sender),
        facts: &facts,
        booking_url: brief.offer.booking_url.as_deref(),
        slots: Some(&slots),
        cta: Some(cta),
        note_limit: brief.note_limit,
    })
}

/// The text of a step's own template, filled from the brief and checked; its level is `template`.
///
/// # Errors
/// The fields that have no value, or the findings on the filled text.
pub fn from_template(brief: &Brief, template: &str) -> Result<Draft, TemplateFault> {
    let cta = compose::possible_cta(brief);
    let body = template::fill(template, &template::Values::of(brief)).map_err(TemplateFault::Unfilled)?;
    let findings = check(brief, &body, cta);
    if findings.is_empty() {
        Ok(Draft { body, level: DraftLevel::Template, facts: facts(brief), cta })
    } else {
        Err(TemplateFault::Findings(findings))
    }
}

/// Why a step's own template gave no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateFault {
    Unfilled(Vec<template::Unfilled>),
    Findings(Vec<Finding>),
}
