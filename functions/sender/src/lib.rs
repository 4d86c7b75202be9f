//! The sender: takes one approved message to its channel, once. Gate inline, claim, call, record; and settles what is
//! unknown. Rules: docs/rules.md, "Sending", "Message states" and "Settling".

mod channel;
mod claim;
mod settle;

use domain::ids::{AccountId, WorkspaceId};
use domain::job::{Job, Task};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kit::{Bus, Clock, Failure, Handler, Outcome, Outgoing, Queues};
use outbound::linkedin::{LinkedIn, Session};
use outbound::providers::Providers;
use std::sync::Arc;
use store::account::Account;
use store::facts::Office;
use store::message::Message;
use store::slots::Room;
use store::{Store, Versioned, Walk};

/// How long an unknown outcome settles before each of its two readings, unless it is set.
pub const SETTLE_SECONDS: u64 = 600;
/// How often the newest connections are read while invitations are pending, unless it is set.
pub const ACCEPTANCE_POLL_SECONDS: u64 = 14_400;
/// How many approved messages are looked at for one instant.
const CANDIDATES_MAX: usize = 25;
/// An instant that comes later than this is gone: after an outage there is no burst.
const LATE_MAX: SignedDuration = SignedDuration::from_secs(180);
/// Within this time the next instant's job is put into the queue at once, not left to the clock.
const NEAR: SignedDuration = SignedDuration::from_secs(90);

/// What sending needs.
pub struct Sender {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub bus: Arc<dyn Bus>,
    pub providers: Providers,
    pub clock: Clock,
    /// How long an unknown outcome settles before each of its two readings.
    pub settle: SignedDuration,
    /// How often the newest connections are read while invitations are pending.
    pub acceptance_poll: SignedDuration,
    /// A `Sending` claimed before this instant belongs to a process that has ended.
    pub booted_at: Option<Timestamp>,
}

#[async_trait::async_trait]
impl Handler for Sender {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        match &job.task {
            Task::SendInstant { account, date } => self.instant(&job.workspace, account, *date).await,
            Task::SettleMessage { message } => self.settle(&job.workspace, message).await,
            other => Err(Failure::Unreadable(format!("not a send: {}", other.queue()))),
        }
    }
}

/// Who sends, and through what.
pub(crate) struct Desk {
    pub account: Versioned<Account>,
    pub client: Arc<dyn LinkedIn>,
    pub session: Session,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// A call was made: the instant is used up.
    Called,
    /// Not this one now; the next best may go.
    Passed,
    /// Nothing more may go for this account now.
    Stopped,
}

impl Sender {
    /// An account's instant has come: the best approved message goes.
    async fn instant(&self, ws: &WorkspaceId, id: &AccountId, date: Date) -> Outcome {
        let now = self.clock.now();
        let Some(office) = self.store.office(ws, now).await.map_err(Failure::soon)? else { return Ok(()) };
        let Some(account) = office.accounts.iter().find(|a| a.id == *id).cloned() else { return Ok(()) };
        let room = self.store.room(&account, date, now).await.map_err(Failure::soon)?;
        let Some(at) = room.day.next_instant else { return Ok(()) };
        if now < at {
            let seconds = u32::try_from(at.duration_since(now).as_secs() + 1).unwrap_or(u32::MAX);
            return if seconds > 900 { Ok(()) } else { Err(Failure::later(seconds, "not due yet")) };
        }
        if account.is_paused(now) {
            return self.sleep(room).await;
        }
        let in_time = now.duration_since(at) <= LATE_MAX && room.window.on(date).is_some_and(|o| o.contains(now));
        let sent = in_time && room.day.free_from.is_none_or(|free| free <= now) && self.best(&office, &account, room, now).await?;
        self.plan_next(&account, date, sent, now).await
    }

    /// Tries the approved messages, the highest score first; true when a call was made.
    async fn best(&self, office: &Office, account: &Versioned<Account>, room: Room, now: Timestamp) -> Result<bool, Failure> {
        let walk = Walk { descending: true, limit: CANDIDATES_MAX, start: None };
        let page = self.store.approved(&account.workspace, &account.id, walk).await.map_err(Failure::soon)?;
        let Some(desk) = self.desk(account) else { return Ok(false) };
        for message in page.items {
            if message.not_before.is_some_and(|at| now < at) || room.left(message.channel) == 0 {
                continue;
            }
            match self.try_to_send(office, &desk, &room, message, now).await? {
                Tried::Called => return Ok(true),
                Tried::Passed => {}
                Tried::Stopped => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Through whom an account acts; nobody in manual mode, without a session, or with an unknown provider.
    pub(crate) fn desk(&self, account: &Versioned<Account>) -> Option<Desk> {
        let client = self.providers.linkedin(account.provider)?;
        let session = self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
        match session {
            Ok(session) => Some(Desk { account: account.clone(), client, session }),
            Err(why) => {
                tracing::warn!(account = %account.id, why, "account.no_session");
                None
            }
        }
    }

    /// The account sends nothing until somebody wakes it.
    async fn sleep(&self, mut room: Room) -> Outcome {
        room.day.next_instant = None;
        // Lost: somebody has planned anew meanwhile.
        let _slept = self.store.save_account_day(&mut room.day).await.map_err(Failure::soon)?;
        Ok(())
    }

    /// Plans the next instant while anything is approved; else the account sleeps.
    async fn plan_next(&self, account: &Versioned<Account>, date: Date, sent: bool, now: Timestamp) -> Outcome {
        let walk = Walk { descending: true, limit: CANDIDATES_MAX, start: None };
        let waiting = self.store.approved(&account.workspace, &account.id, walk).await.map_err(Failure::soon)?;
        let mut room = self.store.room(account, date, now).await.map_err(Failure::soon)?;
        let after = now + SignedDuration::from_millis(1);
        let earliest = waiting.items.iter().map(|m| m.not_before.unwrap_or(now)).min();
        let sendable = waiting.items.iter().any(|m| room.left(m.channel) > 0);
        let next = match earliest {
            Some(earliest) if sendable => room.next_instant(after, Some(earliest.max(after))),
            _ => None,
        };
        room.day.next_instant = next;
        // Lost: an approval has planned meanwhile, and reads the same plan.
        let _saved = self.store.save_account_day(&mut room.day).await.map_err(Failure::soon)?;
        match (next, earliest) {
            (Some(at), _) if at.duration_since(now) <= NEAR => self.send_later(account, date, at, now).await,
            (Some(_), _) | (None, None) => Ok(()),
            (None, Some(_)) => {
                let tomorrow = room.date.tomorrow().ok().and_then(|d| d.to_zoned(account.zone()).ok()).map(|z| z.timestamp());
                let from = tomorrow.unwrap_or(now + SignedDuration::from_hours(24));
                tracing::debug!(account = %account.id, sent, "account.waits_for_another_day");
                self.store.wake_account(account, from, now).await.map_err(Failure::soon)?;
                Ok(())
            }
        }
    }

    async fn send_later(&self, account: &Account, date: Date, at: Timestamp, now: Timestamp) -> Outcome {
        let job = Job::new(&account.workspace, Task::SendInstant { account: account.id.clone(), date });
        let millis = at.duration_since(now).as_millis().max(0);
        let message = Outgoing {
            queue: job.task.queue(),
            body: job.body(),
            delay_seconds: u32::try_from((millis + 999) / 1_000).unwrap_or(900),
            group: account.workspace.to_string(),
        };
        self.queues.send(vec![message]).await
    }

    /// Writes a message upon its version; what somebody else wrote meanwhile stands.
    pub(crate) async fn save(&self, message: &mut Versioned<Message>) -> Result<bool, Failure> {
        Ok(self.store.save(message).await.map_err(Failure::soon)?.won())
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_BUS",
    "AMORCE_QUEUE_SEND",
    "AMORCE_QUEUE_GATE",
    "AMORCE_QUEUE_SCORE",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_SETTLE_SECONDS",
    "AMORCE_ACCEPTANCE_POLL_SECONDS",
];
