//! Accounts, their counters by day, and who they are at LinkedIn.

use crate::invitations::{INVITATION_DAYS, Invitation};
use crate::record::{DueEntry, Entity, Key, Versioned};
use crate::table::{Op, Transacted, Written};
use crate::{Store, StoreError, keys};
use domain::identity;
use domain::ids::{AccountId, MessageId, WorkspaceId};
use domain::job::queue;
use domain::limits::Limits;
use domain::provider::SESSION_ENDED_FR;
use domain::vocabulary::{Provider, Tier};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why an account does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// In plain words.
    pub reason: String,
    pub since: Timestamp,
    /// When it goes on by itself; `None`: when a person resumes it.
    pub resumes_at: Option<Timestamp>,
}

impl Pause {
    /// A pause that ends when the account is connected again: its session has ended.
    pub fn session_ended(since: Timestamp) -> Self {
        Self { reason: SESSION_ENDED_FR.to_owned(), since, resumes_at: None }
    }

    /// Whether connecting the account again lifts it.
    pub fn ends_by_connecting(&self) -> bool {
        self.reason == SESSION_ENDED_FR
    }
}

/// Monitoring by the provider's webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monitoring {
    /// The provider's id of it.
    pub id: String,
    pub active: bool,
}

/// A sender identity at a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub workspace: WorkspaceId,
    pub id: AccountId,
    pub label: String,
    pub provider: Provider,
    pub profile_url: Option<String>,
    /// Its keys at LinkedIn, for telling its own posts and rows from others'.
    pub member_keys: Vec<identity::Key>,
    pub tier: Tier,
    pub timezone: String,
    /// ISO code of the exit country at the provider.
    pub country: String,
    /// Sealed JSON; never shown.
    pub credentials: Option<String>,
    pub limits: Limits,
    pub pause: Option<Pause>,
    pub monitoring: Option<Monitoring>,
    /// The unguessable part of its webhook path.
    pub webhook_token: String,
    /// When its member was first connected: the warm-up counts from then.
    pub created_at: Timestamp,
    /// The id that the request asked for, where the member's earlier one was taken again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_as: Option<AccountId>,
    /// When the newest connections are read next, while invitations are pending.
    pub acceptance_poll_at: Option<Timestamp>,
    /// Where the look at the newest connections goes on, when it had to stop in between.
    #[serde(default)]
    pub poll_stage: PollStage,
    /// Invitations that waited for their answer when they were last counted.
    pub pending_invitations: u32,
    /// The last count of its invitations.
    #[serde(default)]
    pub counted: Counted,
}

/// The parts of a look at what has come in, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PollStage {
    /// The newest connections, from this page on.
    Acceptances(u32),
    Answers,
    /// Invitations that wait for too long are taken back.
    Withdrawals,
}

impl Default for PollStage {
    fn default() -> Self {
        Self::Acceptances(1)
    }
}

/// A count of an account's invitations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Those sent up to then were counted.
    pub at: Option<Timestamp>,
    /// Of the last fifty older than seven days: how many there were.
    pub invited: u32,
    /// Of those: how many were accepted.
    pub accepted: u32,
}

impl Account {
    /// Whether it may act at `now`.
    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.pause.as_ref().is_some_and(|p| p.resumes_at.is_none_or(|at| now < at))
    }
}

impl Entity for Account {
    const TYPE: &'static str = "account";
    fn key(&self) -> Key {
        keys::account(&self.workspace, &self.id)
    }
    fn due(&self) -> Option<DueEntry> {
        self.acceptance_poll_at.map(|at| DueEntry { at, queue: queue::INBOUND, kind: "poll_acceptances" })
    }
}

/// What an account has sent on one day of its own zone, and when it sends next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDay {
    pub workspace: WorkspaceId,
    pub account: AccountId,
    pub date: Date,
    pub invitations: u32,
    pub messages: u32,
    /// Invitations with a note.
    pub notes: u32,
    /// The seed of the day's instants.
    pub seed: String,
    /// Before this nothing more is sent: the pause after the last send.
    pub free_from: Option<Timestamp>,
    /// The instant at which the best approved message goes; `None` while none is approved.
    pub next_instant: Option<Timestamp>,
    /// Its job is on its way by the queue alone: the due index brings it again only when it should have come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub queued: bool,
    /// The message that would go then; another one does when a better one is approved before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_message: Option<MessageId>,
    /// Its invitations one by one, in the order of their claims.
    #[serde(default)]
    pub invited: Vec<Invitation>,
}

impl AccountDay {
    /// Plans the next instant with the message that would go then. Its job is put into the queue by whoever plans it
    /// (`queued`), or by the clock.
    pub fn plan(&mut self, next: Option<Timestamp>, message: Option<MessageId>, queued: bool) {
        (self.next_instant, self.next_message) = (next, message);
        self.queued = queued && next.is_some();
    }

    /// A day on which nothing was sent yet.
    pub fn new(ws: &WorkspaceId, account: &AccountId, date: Date) -> Self {
        Self {
            workspace: ws.clone(),
            account: account.clone(),
            date,
            invitations: 0,
            messages: 0,
            notes: 0,
            seed: domain::plan::seed(account.as_str(), date),
            free_from: None,
            next_instant: None,
            queued: false,
            next_message: None,
            invited: Vec::new(),
        }
    }
}

/// The last date of which an account may have days while it is `today` in its zone: it may have sent and read in another
/// zone before, and two places are at most two dates apart.
pub fn last_begun(today: Date) -> Date {
    today.checked_add(jiff::Span::new().days(2)).unwrap_or(today)
}

/// A job that was put into the queue and has not come by then is lost; it would still be in time.
const COMES_LATE: jiff::SignedDuration = jiff::SignedDuration::from_secs(120);
/// How many days a day of an account is kept.
const DAYS_KEPT: i64 = INVITATION_DAYS + 20;

impl Entity for AccountDay {
    const TYPE: &'static str = "account_day";
    fn key(&self) -> Key {
        keys::account_day(&self.workspace, &self.account, self.date)
    }
    fn due(&self) -> Option<DueEntry> {
        let late = if self.queued { COMES_LATE } else { jiff::SignedDuration::ZERO };
        self.next_instant.map(|at| DueEntry { at: at + late, queue: queue::SEND, kind: "send_instant" })
    }
    fn expires_at(&self) -> Option<Timestamp> {
        self.date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp() + jiff::SignedDuration::from_hours(24 * DAYS_KEPT))
    }
}

/// From the unguessable part of a webhook path to its account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookPointer {
    /// SHA-256 of the token, hex.
    pub token_hash: String,
    pub workspace: WorkspaceId,
    pub account: AccountId,
}

impl Entity for WebhookPointer {
    const TYPE: &'static str = "webhook";
    fn key(&self) -> Key {
        keys::webhook_token(&self.token_hash)
    }
}

/// Which workspace a LinkedIn member sends for: one only, so that caps cannot be doubled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPointer {
    pub key: identity::Key,
    pub workspace: WorkspaceId,
    pub account: AccountId,
    /// Since when nobody sends for the member any more; what the account counted still counts for them.
    #[serde(default)]
    pub released_at: Option<Timestamp>,
    /// When the member's warm-up began.
    #[serde(default)]
    pub since: Option<Timestamp>,
}

impl Entity for MemberPointer {
    const TYPE: &'static str = "linkedin_member";
    fn key(&self) -> Key {
        keys::linkedin_member(&self.key)
    }
}

/// When an account may publish next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publishing {
    pub workspace: WorkspaceId,
    pub account: AccountId,
    /// When its last publication was claimed.
    pub last_at: Timestamp,
}

impl Entity for Publishing {
    const TYPE: &'static str = "publishing";
    fn key(&self) -> Key {
        keys::account_publishing(&self.workspace, &self.account)
    }
}

/// The number beside the suppression epoch that counts stopped, changed and removed accounts.
pub(crate) const STOPS: &str = "stops";
/// The most days of an account that are read at once.
const DAYS_MAX: usize = 200;

impl Store {
    /// One account.
    pub async fn account(&self, ws: &WorkspaceId, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        self.table.get(&keys::account(ws, id)).await
    }

    /// The accounts of a workspace, at most 200.
    pub async fn accounts(&self, ws: &WorkspaceId) -> Result<Vec<Versioned<Account>>, StoreError> {
        self.table.query_all(&keys::accounts(ws), "", 200).await
    }

    /// What a claim that is under way must not overlook: an account is stopped, changed or removed.
    pub fn op_stop(&self, ws: &WorkspaceId) -> Result<Op, StoreError> {
        self.table.op_add(&keys::epoch(ws), &[(STOPS, 1)])
    }

    /// Saves an account that may be stopped by it: no claim commits that has seen it as it was.
    pub async fn save_and_stop(&self, account: &mut Versioned<Account>) -> Result<Written, StoreError> {
        let ops = vec![self.table.op_save(account)?, self.op_stop(&account.workspace)?];
        match self.table.transact(ops).await? {
            Transacted::Won => {
                account.version += 1;
                Ok(Written::Won)
            }
            Transacted::Lost(_) => Ok(Written::Lost),
        }
    }

    /// Pauses an account, whatever else is written of it at the same time; an account already paused for good stays so.
    pub async fn pause_account(&self, ws: &WorkspaceId, id: &AccountId, pause: &Pause) -> Result<(), StoreError> {
        for _ in 0..16 {
            let Some(mut account) = self.account(ws, id).await? else { return Ok(()) };
            if account.pause.as_ref().is_some_and(|p| p.resumes_at.is_none()) {
                return Ok(());
            }
            account.pause = Some(pause.clone());
            if self.save_and_stop(&mut account).await?.won() {
                return Ok(());
            }
        }
        Err(StoreError::Conflict("pause of an account"))
    }

    /// The account behind a webhook path.
    pub async fn webhook(&self, token_hash: &str) -> Result<Option<WebhookPointer>, StoreError> {
        Ok(self.table.get::<WebhookPointer>(&keys::webhook_token(token_hash)).await?.map(|p| p.item))
    }

    /// One day of an account; a day not begun has version 0.
    pub async fn account_day(&self, ws: &WorkspaceId, id: &AccountId, date: Date) -> Result<Versioned<AccountDay>, StoreError> {
        let found = self.table.get(&keys::account_day(ws, id, date)).await?;
        Ok(found.unwrap_or_else(|| Versioned { item: AccountDay::new(ws, id, date), version: 0 }))
    }

    /// The days of an account from `from` to `to`, those begun.
    pub async fn account_days(
        &self,
        ws: &WorkspaceId,
        id: &AccountId,
        from: Date,
        to: Date,
    ) -> Result<Vec<AccountDay>, StoreError> {
        let (low, high) = (keys::account_day(ws, id, from), keys::account_day(ws, id, to));
        if from > to {
            return Ok(Vec::new());
        }
        let items = self.table.query_between(&low.pk, &low.sk, &high.sk, DAYS_MAX).await?;
        items.iter().map(|item| Ok(crate::record::decode::<AccountDay>(item)?.item)).collect()
    }

    /// Saves a day, also the first time; lost when somebody else wrote it meanwhile.
    pub async fn save_account_day(&self, day: &mut Versioned<AccountDay>) -> Result<Written, StoreError> {
        if day.version > 0 {
            return self.table.save(day).await;
        }
        let written = self.table.create(&day.item).await?;
        if written.won() {
            day.version = 1;
        }
        Ok(written)
    }

    /// The write of a day within a transaction.
    pub fn op_account_day(&self, day: &Versioned<AccountDay>) -> Result<Op, StoreError> {
        if day.version == 0 { self.table.op_create(&day.item) } else { self.table.op_save(day) }
    }

    /// Session reads by day, from one to another, both included; those days that had any.
    pub async fn account_reads(
        &self,
        ws: &WorkspaceId,
        id: &AccountId,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<Date, u32>, StoreError> {
        let (low, high) = (keys::account_reads(ws, id, from), keys::account_reads(ws, id, to));
        let items = self.table.query_between(&low.pk, &low.sk, &high.sk, DAYS_MAX).await?;
        let read = |item| {
            let date = crate::table::text(item, "sk")?.rsplit('#').next()?.parse().ok()?;
            Some((date, u32::try_from(crate::table::number(item, "n")?).ok()?))
        };
        Ok(items.iter().filter_map(read).collect())
    }

    /// The session reads of one day: how many, and before which instant (milliseconds since 1970) the next one is not made.
    pub async fn reads_of(&self, ws: &WorkspaceId, id: &AccountId, date: Date) -> Result<(Option<i64>, Option<i64>), StoreError> {
        let numbers = self.table.numbers(&keys::account_reads(ws, id, date)).await?;
        Ok((numbers.get("n").copied(), numbers.get("free").copied()))
    }

    /// Counts one more session read of a day upon what [`Store::reads_of`] told, and says when the next one is free.
    pub async fn take_read(
        &self,
        ws: &WorkspaceId,
        id: &AccountId,
        date: Date,
        (known, free): (Option<i64>, Option<i64>),
        next_free: i64,
    ) -> Result<Written, StoreError> {
        let swaps = [("n", known, known.unwrap_or(0) + 1), ("free", free, next_free)];
        self.table.swap_numbers(&keys::account_reads(ws, id, date), &swaps, "account_reads").await
    }

    /// When an account last published.
    pub async fn publishing(&self, ws: &WorkspaceId, id: &AccountId) -> Result<Option<Versioned<Publishing>>, StoreError> {
        self.table.get(&keys::account_publishing(ws, id)).await
    }
}
