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
use std::collections::VecDeque;
use std::sync::Arc;
use store::account::Account;
use store::facts::Office;
use store::message::Message;
use store::record::Item;
use store::slots::{BEST_FEW, Candidate, Room, is_queued_at_once};
use store::{ListPage, Store, Versioned, Walk};

/// How long an unknown outcome settles before each of its two readings, unless it is set.
pub const SETTLE_SECONDS: u64 = 600;
/// How often the newest connections are read while invitations are pending, unless it is set.
pub const ACCEPTANCE_POLL_SECONDS: u64 = 14_400;
/// How many are looked at together after those.
const CANDIDATES_MAX: usize = 25;
/// An instant that comes later than this is gone: after an outage there is no burst.
const LATE_MAX: SignedDuration = SignedDuration::from_secs(180);
/// So long after its instant a message still waits for its turn to read: a few receives of its job.
const READ_QUEUE: SignedDuration = SignedDuration::from_secs(60);
/// After so long nobody else is tried for an instant: a status and a send must still fit into the function's time.
const TRYING_MAX: SignedDuration = SignedDuration::from_secs(15);
/// How many people's standing is read for one instant.
const STATUSES_MAX: usize = 3;
/// How many pages of approved messages are looked through for one instant.
const PAGES_MAX: usize = 20;

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

/// What waits for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Nothing,
    /// Something the day's caps allow, at the earliest then.
    Sendable(Timestamp),
    /// Only what the day's caps do not allow any more.
    Full,
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
    /// The account may not be read before then.
    NotBefore(Timestamp),
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
            // A copy, or one whose instant was moved: the day stands in the due index and brings its own.
            return Ok(());
        }
        if account.is_paused(now) {
            return self.sleep(&account, room, now).await;
        }
        let in_time = now.duration_since(at) <= LATE_MAX && room.window.on(date).is_some_and(|o| o.contains(now));
        if in_time && room.free_from.is_none_or(|free| free <= now) {
            self.best(&office, &account, room, now).await?;
        }
        self.plan_next(&account, date).await
    }

    /// Tries the approved messages, the highest score first, until a call is made.
    async fn best(&self, office: &Office, account: &Versioned<Account>, mut room: Room, now: Timestamp) -> Result<(), Failure> {
        let Some(desk) = self.desk(account) else { return Ok(()) };
        let mut statuses = 0;
        let mut start = None;
        for page in 0..PAGES_MAX {
            let page = self.candidates(account, page, start).await?;
            let mut behind: VecDeque<Candidate> = page.items.iter().map(|message| Candidate::of(message)).collect();
            for message in page.items {
                behind.pop_front();
                if message.not_before.is_some_and(|at| now < at) || room.left(message.channel) == 0 {
                    continue;
                }
                room.behind = behind.iter().cloned().collect();
                match self.try_to_send(office, &desk, &room, message, now).await? {
                    Tried::Called | Tried::Stopped => return Ok(()),
                    Tried::NotBefore(at) if room.day.next_instant.is_some_and(|due| at.duration_since(due) <= READ_QUEUE) => {
                        let seconds = u32::try_from(at.duration_since(now).as_secs() + 1).unwrap_or(1);
                        return Err(Failure::later(seconds, "other session reads of the account come first"));
                    }
                    Tried::NotBefore(_) => return Ok(()),
                    Tried::Passed => statuses += 1,
                }
                if statuses >= STATUSES_MAX || self.clock.now().duration_since(now) > TRYING_MAX {
                    return Ok(());
                }
            }
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The approved messages of an account, best first: a few to begin with, then more at a time.
    async fn candidates(&self, account: &Account, page: usize, start: Option<Item>) -> Result<ListPage<Message>, Failure> {
        let walk = Walk { descending: true, limit: if page == 0 { BEST_FEW } else { CANDIDATES_MAX }, start };
        self.store.approved(&account.workspace, &account.id, walk).await.map_err(Failure::soon)
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

    /// A paused account sends nothing until its pause ends, or somebody resumes it.
    async fn sleep(&self, account: &Versioned<Account>, mut room: Room, now: Timestamp) -> Outcome {
        if let Some(at) = account.pause.as_ref().and_then(|p| p.resumes_at) {
            self.store.wake_account(account, at, now).await.map_err(Failure::soon)?;
            room = self.store.room(account, room.date, now).await.map_err(Failure::soon)?;
            if room.day.next_instant.is_some_and(|next| next >= at) {
                return Ok(());
            }
        }
        // Resumed since it was read: whoever resumed it has planned this day.
        let now_paused = self.store.account(&account.workspace, &account.id).await.map_err(Failure::soon)?;
        if now_paused.is_none_or(|account| !account.is_paused(now)) {
            return Ok(());
        }
        room.day.plan(None, None, false);
        // Lost: somebody has planned anew meanwhile.
        let _slept = self.store.save_account_day(&mut room.day).await.map_err(Failure::soon)?;
        Ok(())
    }

    /// Plans the next instant while anything is approved; else the account sleeps.
    async fn plan_next(&self, account: &Versioned<Account>, date: Date) -> Outcome {
        let now = self.clock.now();
        // The day before the list: an approval in between writes the day, and this plan then loses.
        let mut room = self.store.room(account, date, now).await.map_err(Failure::soon)?;
        let before = room.day.next_instant;
        let (waiting, best) = self.earliest_waiting(account, &room).await?;
        let after = now + SignedDuration::from_millis(1);
        let next = match waiting {
            Waiting::Nothing => None,
            Waiting::Sendable(earliest) => room.next_instant(after, Some(earliest.max(after))),
            Waiting::Full => None,
        };
        if next.is_none() && !matches!(waiting, Waiting::Nothing) {
            // Another day first, then this one's end: a process that ends in between leaves an instant behind.
            let tomorrow = date.tomorrow().ok().and_then(|d| d.to_zoned(account.zone()).ok()).map(|z| z.timestamp());
            let from = tomorrow.unwrap_or(now + SignedDuration::from_hours(24));
            self.store.wake_account(account, from, now).await.map_err(Failure::soon)?;
        }
        if next.is_none() && matches!(waiting, Waiting::Nothing) && before.is_some_and(|at| at >= now) {
            // Somebody has planned since; their instant looks again.
            return Ok(());
        }
        let named = next.and_then(|at| room.pick(&best, at));
        // The claim has planned the next instant with its cap; mostly it stands.
        if next != before || named != room.day.next_message {
            room.day.plan(next, named, next.is_some_and(|at| is_queued_at_once(at, now)));
            // Lost: an approval has planned meanwhile, and reads the same plan.
            let _saved = self.store.save_account_day(&mut room.day).await.map_err(Failure::soon)?;
        }
        match next {
            Some(at) if is_queued_at_once(at, now) => self.send_later(account, date, at, now).await,
            _ => Ok(()),
        }
    }

    /// When the first of the approved messages may go, among those the caps of the day still allow; and the best few.
    async fn earliest_waiting(&self, account: &Versioned<Account>, room: &Room) -> Result<(Waiting, Vec<Candidate>), Failure> {
        let now = self.clock.now();
        let mut waiting = Waiting::Nothing;
        let mut best = Vec::new();
        let mut start = None;
        for page in 0..PAGES_MAX {
            let page = self.candidates(account, page, start).await?;
            if best.is_empty() {
                best = page.items.iter().map(|message| Candidate::of(message)).collect();
            }
            for message in &page.items {
                waiting = match waiting {
                    _ if room.left(message.channel) > 0 => {
                        let at = message.not_before.unwrap_or(now);
                        Waiting::Sendable(if let Waiting::Sendable(known) = waiting { known.min(at) } else { at })
                    }
                    Waiting::Nothing => Waiting::Full,
                    other => other,
                };
            }
            start = page.next;
            if start.is_none() || matches!(waiting, Waiting::Sendable(at) if at <= now) {
                break;
            }
        }
        Ok((waiting, best))
    }

    async fn send_later(&self, account: &Account, date: Date, at: Timestamp, now: Timestamp) -> Outcome {
        let job = Job::new(&account.workspace, Task::SendInstant { account: account.id.clone(), date });
        let millis = at.duration_since(now).as_millis().max(0);
        let seconds = u32::try_from((millis + 999) / 1_000).unwrap_or(u32::MAX);
        self.queues.send(vec![Outgoing::of(&job, seconds)]).await
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
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_SETTLE_SECONDS",
    "AMORCE_ACCEPTANCE_POLL_SECONDS",
];
