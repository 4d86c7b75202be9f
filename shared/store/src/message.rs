//! Outgoing touches, in the collection of the person they go to.

use crate::account::{Account, AccountDay, STOPS};
use crate::prospect::{CompanyContact, PastDecision, Prospect};
use crate::record::{DueEntry, Entity, Key, ListEntry, Versioned, instant};
use crate::table::{Op, Transacted, Walk};
use crate::{ListPage, Store, StoreError, keys};
use domain::ids::{AccountId, DecisionId, EnrolmentId, MessageId, ProspectId, WorkspaceId};
use domain::job::queue;
use domain::lint::Finding;
use domain::vocabulary::{CallToAction, Channel, DraftLevel, LeadSource, MessageStatus};
use domain::workspace::Settings;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most open drafts of a workspace that the review queue holds.
pub const REVIEW_MAX: usize = 5_000;

/// What a touch is for within its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Invitation,
    AfterAcceptance,
    ToConnection,
    /// Asked for by a person, outside the sequence.
    ByHand,
}

impl Step {
    /// The name in ids and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::AfterAcceptance => "after_acceptance",
            Self::ToConnection => "to_connection",
            Self::ByHand => "by_hand",
        }
    }

    /// The channel it goes out by.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Invitation => Channel::LinkedInInvitation,
            Self::AfterAcceptance | Self::ToConnection | Self::ByHand => Channel::LinkedInMessage,
        }
    }
}

/// One outgoing touch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub workspace: WorkspaceId,
    pub id: MessageId,
    pub prospect: ProspectId,
    pub enrolment: EnrolmentId,
    pub account: AccountId,
    pub channel: Channel,
    pub step: Step,
    pub cta: CallToAction,
    pub body: String,
    pub original_body: String,
    pub level: DraftLevel,
    pub quality: u8,
    pub findings: Vec<Finding>,
    pub facts: Vec<String>,
    pub status: MessageStatus,
    pub decision: DecisionId,
    /// The score of that decision, for the order of the queue.
    pub score: u8,
    pub source: LeadSource,
    pub created_at: Timestamp,
    pub approved_at: Option<Timestamp>,
    pub approved_by: Option<String>,
    /// Not before this instant: the time in which an approval can be undone.
    pub not_before: Option<Timestamp>,
    /// The estimated instant of sending.
    pub due_at: Option<Timestamp>,
    pub snoozed_until: Option<Timestamp>,
    pub claimed_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    /// What readings of the conversation or the invitation showed.
    pub readings: Vec<domain::settle::Reading>,
    /// When its unknown outcome is read next.
    pub check_at: Option<Timestamp>,
    pub provider_ref: Option<String>,
    pub failure: Option<String>,
    pub rejected_reason: Option<String>,
    /// How many versions of the draft there were.
    pub redrafts: u32,
    /// A person said that it may go without its note when the month's notes are spent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_note: bool,
    /// The month's notes are spent: the person is asked whether to wait or to send without.
    #[serde(default, skip_serializing_if = "is_false")]
    pub note_held: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

impl Message {
    /// The text of a step as it waits for review, with nothing else known of it: built in, to a person of score 0.
    pub fn drafted(
        (ws, prospect): (&WorkspaceId, &ProspectId),
        (enrolment, account): (&EnrolmentId, &AccountId),
        step: Step,
        body: &str,
        now: Timestamp,
    ) -> Self {
        Self {
            workspace: ws.clone(),
            id: MessageId::of_step(prospect, enrolment, step.as_str()),
            prospect: prospect.clone(),
            enrolment: enrolment.clone(),
            account: account.clone(),
            channel: step.channel(),
            step,
            cta: CallToAction::None,
            body: body.to_owned(),
            original_body: body.to_owned(),
            level: DraftLevel::Default,
            quality: 0,
            findings: Vec::new(),
            facts: Vec::new(),
            status: MessageStatus::PendingReview,
            decision: DecisionId::derive(&[prospect.as_str(), step.as_str()]),
            score: 0,
            source: LeadSource::Import,
            created_at: now,
            approved_at: None,
            approved_by: None,
            not_before: None,
            due_at: None,
            snoozed_until: None,
            claimed_at: None,
            sent_at: None,
            readings: Vec::new(),
            check_at: None,
            provider_ref: None,
            failure: None,
            rejected_reason: None,
            redrafts: 0,
            without_note: false,
            note_held: false,
        }
    }

    /// Whether it may go without its note once the month's notes are spent: said of it, or once for all.
    pub fn may_go_without_note(&self, settings: &Settings) -> bool {
        self.without_note || settings.invite_without_note
    }

    /// Whether it is an invitation with a note.
    pub fn has_note(&self) -> bool {
        self.channel == Channel::LinkedInInvitation && !self.body.trim().is_empty()
    }
}

impl Entity for Message {
    const TYPE: &'static str = "message";
    fn key(&self) -> Key {
        keys::message(&self.workspace, &self.prospect, &self.id)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{:03}#{}#{}", self.score, instant(self.created_at), self.id.tail());
        match self.status {
            MessageStatus::PendingReview => Some(ListEntry { list: keys::review_list(&self.workspace), order }),
            MessageStatus::Approved | MessageStatus::Scheduled => {
                Some(ListEntry { list: keys::approved_list(&self.workspace, &self.account), order })
            }
            MessageStatus::Uncertain => Some(ListEntry { list: keys::uncertain_list(&self.workspace), order }),
            _ => None,
        }
    }
    fn due(&self) -> Option<DueEntry> {
        let at = match self.status {
            MessageStatus::Sending | MessageStatus::Uncertain => self.check_at,
            _ => None,
        }?;
        Some(DueEntry { at, queue: queue::SEND, kind: "settle_message" })
    }
    fn status(&self) -> Option<&str> {
        Some(self.status.as_str())
    }
    fn marks(&self) -> Vec<(&'static str, i64)> {
        vec![("invitation", i64::from(self.channel == Channel::LinkedInInvitation))]
    }
}

/// What a claim writes together, or not at all.
#[derive(Debug)]
pub struct Claim<'a> {
    /// The message, already `Sending`.
    pub message: &'a Versioned<Message>,
    /// The person, with the send under way and the new decision; its version is the contact revision seen.
    pub prospect: &'a Versioned<Prospect>,
    /// The account's day, with the cap consumed and the next pause.
    pub day: &'a Versioned<AccountDay>,
    /// The suppression epoch that the gate saw.
    pub epoch: i64,
    /// The count of stopped and changed accounts, read before the account was seen not to be paused.
    pub stops: i64,
    /// When the person's companies were last contacted, read before the gate was.
    pub colleagues: &'a [Versioned<CompanyContact>],
    pub at: Timestamp,
}

/// Beyond so many approved messages it does not matter how many more there are.
const APPROVED_COUNTED: usize = 200;
/// How many contacts of one company are remembered.
const COMPANY_CONTACTS_MAX: usize = 50;

/// The position of the account's day in a claim: lost there, another send of the account came between.
pub const CLAIM_DAY: usize = 2;

impl Store {
    /// One message, found by its id alone.
    pub async fn message(&self, ws: &WorkspaceId, id: &MessageId) -> Result<Option<Versioned<Message>>, StoreError> {
        let Some(prospect) = id.prospect() else { return Ok(None) };
        self.table.get(&keys::message(ws, &prospect, id)).await
    }

    /// The messages of a person and of those who went up in them, at most 200 of each.
    pub async fn messages_of(&self, prospect: &Prospect) -> Result<Vec<Versioned<Message>>, StoreError> {
        let mut messages = Vec::new();
        for id in std::iter::once(&prospect.id).chain(&prospect.aliases) {
            let partition = keys::prospect_partition(&prospect.workspace, id);
            messages.extend(self.table.query_all(&partition, keys::MESSAGE, 200).await?);
        }
        Ok(messages)
    }

    /// Drafts waiting for review, highest score first.
    pub async fn review(&self, ws: &WorkspaceId, walk: Walk) -> Result<ListPage<Message>, StoreError> {
        self.list_page(&keys::review_list(ws), None, walk).await
    }

    /// Approved messages of an account, highest score first.
    pub async fn approved(&self, ws: &WorkspaceId, account: &AccountId, walk: Walk) -> Result<ListPage<Message>, StoreError> {
        self.list_page(&keys::approved_list(ws, account), None, walk).await
    }

    /// How many approved messages an account has; at most 200 are counted.
    pub async fn approved_count(&self, account: &Account) -> Result<u32, StoreError> {
        let walk = Walk { descending: true, limit: APPROVED_COUNTED, start: None };
        let page = self.table.list(&keys::approved_list(&account.workspace, &account.id), None, walk).await?;
        Ok(u32::try_from(page.items.len()).unwrap_or(u32::MAX))
    }

    /// Messages whose outcome is unknown.
    pub async fn uncertain(&self, ws: &WorkspaceId, walk: Walk) -> Result<ListPage<Message>, StoreError> {
        self.list_page(&keys::uncertain_list(ws), None, walk).await
    }

    /// The only way into `Sending`: whoever wins this write makes the one call.
    ///
    /// Lost when the message, the person or the day was written since they were read, the epoch has moved, an account was
    /// paused, changed or removed, or a colleague was contacted meanwhile.
    pub async fn claim_send(&self, claim: Claim<'_>) -> Result<Transacted, StoreError> {
        let seen = [("n", claim.epoch), (STOPS, claim.stops)];
        let mut ops = vec![
            self.table.op_save(claim.message)?,
            self.table.op_save(claim.prospect)?,
            self.op_account_day(claim.day)?,
            self.table.op_check_numbers(&keys::epoch(&claim.message.workspace), &seen)?,
        ];
        ops.extend(self.op_company_contacts(claim.prospect, claim.colleagues, claim.at)?);
        self.table.transact(ops).await
    }

    /// The suppression epoch of a workspace.
    pub async fn epoch(&self, ws: &WorkspaceId) -> Result<i64, StoreError> {
        Ok(self.epoch_and_stops(ws).await?.0)
    }

    /// The suppression epoch, and how often an account was paused, changed or removed.
    pub async fn epoch_and_stops(&self, ws: &WorkspaceId) -> Result<(i64, i64), StoreError> {
        let numbers = self.table.numbers(&keys::epoch(ws)).await?;
        let of = |name| numbers.get(name).copied().unwrap_or(0);
        Ok((of("n"), of(STOPS)))
    }

    /// The notes of a contact for the rule on colleagues, to be written with the claim upon what the gate read.
    fn op_company_contacts(
        &self,
        prospect: &Prospect,
        known: &[Versioned<CompanyContact>],
        at: Timestamp,
    ) -> Result<Vec<Op>, StoreError> {
        let ws = &prospect.workspace;
        let mut ops = Vec::new();
        for company in &prospect.summary.company_keys {
            match known.iter().find(|c| c.company == *company) {
                None => {
                    let contacts = vec![(prospect.id.clone(), at)];
                    ops.push(self.table.op_create(&CompanyContact {
                        workspace: ws.clone(),
                        company: company.clone(),
                        contacts,
                    })?);
                }
                Some(found) => {
                    let mut found = found.clone();
                    found.contacts.retain(|(p, _)| !prospect.is(p));
                    found.contacts.push((prospect.id.clone(), at));
                    let surplus = found.contacts.len().saturating_sub(COMPANY_CONTACTS_MAX);
                    found.contacts.drain(..surplus);
                    ops.push(self.table.op_save(&found)?);
                }
            }
        }
        Ok(ops)
    }

    /// Keeps a decision that another replaces.
    pub async fn keep_decision(&self, past: &PastDecision) -> Result<(), StoreError> {
        self.table.overwrite(past).await
    }
}
