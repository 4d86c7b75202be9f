//! The built-in drafts: always a result, in French or English, from what actually happened.

use crate::ids::ProspectId;
use crate::language::Language;
use crate::lint::{self, LintInput};
use crate::vocabulary::{CallToAction, Channel, DraftLevel, EngagementKind, LeadSource, ReactionKind};
use jiff::civil::DateTime;

mod clean;
mod compose;
mod english;
mod facts;
mod french;
pub mod template;

pub use clean::{first_name, neutral};
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
    /// The numbered facts the text rests on (“1. …”), a subset of [`facts`].
    pub facts: Vec<String>,
    /// The call to action the text carries: the step's, or `soft` where an `ask` had nothing to ask with.
    pub cta: CallToAction,
}
