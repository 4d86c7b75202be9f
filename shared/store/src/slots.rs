//! When an account may act: its session reads, and the instants at which it sends. Counted in the store, not in a
//! process. Rules: docs/rules.md, "Limits" and "Plan of a day".

use crate::account::{Account, AccountDay, last_begun};
use crate::message::Message;
use crate::record::Versioned;
use crate::table::Walk;
use crate::{Store, StoreError};
use domain::forecast;
use domain::hours::Window;
use domain::ids::MessageId;
use domain::invitation::pauses_invitations;
use domain::limits::{self, Kind, Limits};
use domain::plan;
use domain::standstill;
use domain::vocabulary::Channel;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How often a day is written again when others write it too.
const ROUNDS_MAX: usize = 8;
/// How many approved messages are looked at first: mostly the best can go.
pub const BEST_FEW: usize = 3;
/// A job is put into its queue so long before its instant.
pub const QUEUED_AHEAD: SignedDuration = SignedDuration::from_secs(90);
/// A worker puts the job of its next instant into the queue itself if it is no further away; queues delay no longer.
const QUEUED_BY_WORKER: SignedDuration = SignedDuration::from_mins(14);

/// Whether whoever plans an instant puts its job into the queue at once.
pub fn is_queued_at_once(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now) <= QUEUED_BY_WORKER
}

/// How many working days ahead an instant is looked for.
const DAYS_AHEAD: usize = 10;

/// How often a session read is counted again when others read too.
const READ_ROUNDS_MAX: usize = 12;
/// How long whoever needs a paused account waits before looking again.
const PAUSED_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Whether a session read may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadPermit {
    /// It was counted; make it after so long.
    Granted(SignedDuration),
    /// Not now: night, the budget of the day or week is spent, or too many wait for their turn.
    NotBefore(Timestamp),
}

/// What an account may still send on a day.
#[derive(Clone, Debug)]
pub struct Room {
    pub date: Date,
    pub limits: Limits,
    pub window: Window,
    pub day: Versioned<AccountDay>,
    /// Of days dated later, begun in another zone: they count with this day.
    later: Sent,
    previous_invitations: u32,
    previous_messages: u32,
    /// Notes sent in the calendar month before this day.
    previous_notes: u32,
    /// The pause after a send does not end at midnight.
    pub free_from: Option<Timestamp>,
    /// Invitations that wait for their answer.
    pub pending: u32,
    /// The approved messages behind the one that is tried, the best first.
    pub behind: Vec<Candidate>,
}

/// Sums over several days.
#[derive(Clone, Copy, Debug, Default)]
struct Sent {
    invitations: u32,
    messages: u32,
    notes: u32,
}

impl Sent {
    fn of<'a>(days: impl Iterator<Item = &'a AccountDay>) -> Self {
        days.fold(Self::default(), |sum, day| Self {
            invitations: sum.invitations.saturating_add(day.invitations),
            messages: sum.messages.saturating_add(day.messages),
            notes: sum.notes.saturating_add(day.notes),
        })
    }
}

/// An approved message, as the next instant sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: MessageId,
    pub channel: Channel,
    pub not_before: Option<Timestamp>,
}

impl Candidate {
    /// What the next instant sees of a message.
    pub fn of(message: &Message) -> Self {
        Self { id: message.id.clone(), channel: message.channel, not_before: message.not_before }
    }
}

impl Room {
    /// How many more sends over `channel` the caps allow.
    pub fn left(&self, channel: Channel) -> u32 {
        match channel {
            Channel::LinkedInInvitation if pauses_invitations(self.pending) => 0,
            Channel::LinkedInInvitation => {
                limits::room(Kind::Invitation, &self.limits, self.invitations_today(), self.previous_invitations)
            }
            Channel::LinkedInMessage => limits::room(Kind::Message, &self.limits, self.messages_today(), self.previous_messages),
            Channel::LinkedInVisit | Channel::Email | Channel::Sms => 0,
        }
    }

    fn invitations_today(&self) -> u32 {
        self.day.invitations.saturating_add(self.later.invitations)
    }

    fn messages_today(&self) -> u32 {
        self.day.messages.saturating_add(self.later.messages)
    }

    /// Which of `candidates`, the best first, goes at an instant of the day.
    pub fn pick(&self, candidates: &[Candidate], at: Timestamp) -> Option<MessageId> {
        let may_go = |c: &&Candidate| self.left(c.channel) > 0 && c.not_before.is_none_or(|earliest| earliest <= at);
        candidates.iter().find(may_go).map(|c| c.id.clone())
    }

    /// What the caps of the day and of seven days leave, each by itself; pending invitations aside.
    pub fn caps_left(&self, kind: Kind) -> standstill::Room {
        let (today, before) = match kind {
            Kind::Invitation => (self.invitations_today(), self.previous_invitations),
            Kind::Message | Kind::Read => (self.messages_today(), self.previous_messages),
        };
        standstill::Room {
            day: self.limits.per_day(kind).saturating_sub(today),
            week: self.limits.per_week(kind).saturating_sub(today.saturating_add(before)),
        }
    }

    /// Notes sent this calendar month.
    pub fn notes_this_month(&self) -> u32 {
        self.previous_notes + self.day.notes + self.later.notes
    }

    /// The day's instants. Their number follows from the caps of the day, so that a restart does not change them.
    pub fn instants(&self) -> Vec<Timestamp> {
        let n = self.limits.invitations_per_day.saturating_add(self.limits.messages_per_day);
        plan::instants(&self.day.seed, self.date, &self.window, n, self.limits.pause_seconds)
    }

    /// The next instant of the day from `now` on, after the pause and not before `not_before`.
    pub fn next_instant(&self, now: Timestamp, not_before: Option<Timestamp>) -> Option<Timestamp> {
        plan::next_after(&self.instants(), now, self.free_from.max(not_before))
    }
}

impl Account {
    /// Its zone; UTC when the stored name is no longer known.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC)
    }

    /// The limits that hold at `now`.
    pub fn limits_at(&self, now: Timestamp) -> Limits {
        limits::effective(&self.limits, Some(self.created_at), self.standing().halves_the_pace(), now)
    }
}

fn days_before(date: Date, days: i8) -> Date {
    date.checked_sub(jiff::Span::new().days(days)).unwrap_or(date)
}

impl Store {
    /// Counts one session read if the account is not paused and the hours and the budgets of day and week allow it, and
    /// says how long to wait for its turn: between two reads of an account lies a short random gap.
    pub async fn session_read(&self, account: &Account, now: Timestamp) -> Result<ReadPermit, StoreError> {
        // Read anew: a stop sign met a moment ago stops the rest of a batch too.
        let Some(account) = self.account(&account.workspace, &account.id).await? else {
            return Ok(ReadPermit::NotBefore(now + PAUSED_WAIT));
        };
        if account.is_paused(now) {
            let resumes = account.pause.as_ref().and_then(|p| p.resumes_at);
            return Ok(ReadPermit::NotBefore(resumes.unwrap_or(now + PAUSED_WAIT)));
        }
        let account = &account.item;
        let window = Window::of_reads(account.zone());
        if !window.is_open(now) {
            let at = window.next_open(now).unwrap_or(now + SignedDuration::from_hours(24));
            return Ok(ReadPermit::NotBefore(at + spread(account, window.date_of(at))));
        }
        let today = window.date_of(now);
        let limits = account.limits_at(now);
        let (from, to) = (days_before(today, 6), last_begun(today));
        let reads = self.account_reads(&account.workspace, &account.id, from, to).await?;
        let before = reads.range(..today).map(|(_, n)| n).sum();
        let later: u32 = reads.iter().filter(|(date, _)| **date > today).map(|(_, n)| n).sum();
        for _ in 0..READ_ROUNDS_MAX {
            let known = self.reads_of(&account.workspace, &account.id, today).await?;
            let count = u32::try_from(known.0.unwrap_or(0)).unwrap_or(u32::MAX);
            if limits::room(Kind::Read, &limits, count.saturating_add(later), before) == 0 {
                let tomorrow = today.tomorrow().ok().and_then(|d| window.on(d)).map(|opening| opening.start);
                let at = tomorrow.unwrap_or(now + SignedDuration::from_hours(24));
                return Ok(ReadPermit::NotBefore(at + spread(account, window.date_of(at))));
            }
            let free = known.1.and_then(|millis| Timestamp::from_millisecond(millis).ok());
            let seed = plan::seed(account.id.as_str(), today);
            let turn = match plan::turn_to_read(&seed, count, free, limits.pause_seconds[1], now) {
                Ok(turn) => turn,
                Err(not_before) => return Ok(ReadPermit::NotBefore(not_before)),
            };
            let next = turn.next_free.as_millisecond();
            if self.take_read(&account.workspace, &account.id, today, known, next).await?.won() {
                return Ok(ReadPermit::Granted(turn.wait));
            }
        }
        Ok(ReadPermit::NotBefore(now + plan::READ_WAIT_MAX))
    }

    /// What an account may still send on a local date.
    pub async fn room(&self, account: &Account, date: Date, now: Timestamp) -> Result<Room, StoreError> {
        let month_start = date.first_of_month();
        let week_start = days_before(date, 6);
        let from = month_start.min(week_start);
        let mut days = self.account_days(&account.workspace, &account.id, from, last_begun(date)).await?;
        days.retain(|d| d.date != date);
        let days = days;
        let before = || days.iter().filter(|d| d.date < date);
        let week = Sent::of(before().filter(|d| d.date >= week_start));
        let limits = account.limits_at(now);
        let day = self.account_day(&account.workspace, &account.id, date).await?;
        Ok(Room {
            behind: Vec::new(),
            pending: account.pending(&days) + account.pending(std::slice::from_ref(&day)) - account.pending_invitations,
            free_from: days.iter().map(|d| d.free_from).max().flatten().max(day.free_from),
            date,
            window: limits.window(account.zone()),
            limits,
            previous_invitations: week.invitations,
            previous_messages: week.messages,
            previous_notes: Sent::of(before().filter(|d| d.date >= month_start)).notes,
            later: Sent::of(days.iter().filter(|d| d.date > date)),
            day,
        })
    }

    /// An account as a forecast reads it: what it sent and read this month and in the last seven days.
    pub async fn outlook(
        &self,
        account: &Account,
        invite_without_note: bool,
        now: Timestamp,
    ) -> Result<forecast::Account, StoreError> {
        let zone = account.zone();
        let today = now.to_zoned(zone.clone()).date();
        let from = today.first_of_month().min(days_before(today, 6));
        let last = last_begun(today);
        let sent = self.account_days(&account.workspace, &account.id, from, last).await?;
        let reads = self.account_reads(&account.workspace, &account.id, days_before(today, 6), last).await?;
        let mut days: BTreeMap<Date, forecast::Day> = BTreeMap::new();
        for day in &sent {
            let counted = days.entry(day.date.min(today)).or_default();
            counted.invitations = counted.invitations.saturating_add(day.invitations);
            counted.messages = counted.messages.saturating_add(day.messages);
            counted.notes = counted.notes.saturating_add(day.notes);
        }
        for (date, reads) in reads {
            let counted = days.entry(date.min(today)).or_default();
            counted.reads = counted.reads.saturating_add(reads);
        }
        Ok(forecast::Account {
            id: account.id.to_string(),
            limits: account.limits.clone(),
            since: account.created_at,
            zone,
            tier: account.tier,
            invite_without_note,
            pace_halved: account.standing().halves_the_pace(),
            invitations_paused: pauses_invitations(account.pending(&sent)),
            days,
            free_from: sent.iter().map(|d| d.free_from).max().flatten(),
        })
    }

    /// Makes sure that an account with approved messages has its next instant; answers it.
    ///
    /// `None`: no working day within the next ten, or no cap allows anything.
    pub async fn wake_account(
        &self,
        account: &Account,
        not_before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        for _ in 0..ROUNDS_MAX {
            let Some((mut room, instant)) = self.first_instant(account, not_before, now).await? else { return Ok(None) };
            // Written even where it stands: a worker that is about to put the account to sleep must lose.
            let known = room.day.next_instant.filter(|known| *known >= now && *known <= instant);
            let next = known.unwrap_or(instant);
            let picked = room.pick(&self.best_approved(account).await?, next);
            let queued = room.day.queued && room.day.next_instant == Some(next);
            room.day.plan(Some(next), picked, queued);
            if self.save_account_day(&mut room.day).await?.won() {
                return Ok(Some(instant));
            }
        }
        Ok(None)
    }

    /// The best approved messages of an account, a few.
    async fn best_approved(&self, account: &Account) -> Result<Vec<Candidate>, StoreError> {
        let walk = Walk { descending: true, limit: BEST_FEW, start: None };
        let page = self.approved(&account.workspace, &account.id, walk).await?;
        Ok(page.items.iter().map(|message| Candidate::of(message)).collect())
    }

    /// The approved message that is picked for an instant so near that its job is in the queue.
    pub async fn scheduled(&self, account: &Account, now: Timestamp) -> Result<Option<MessageId>, StoreError> {
        if account.is_paused(now) {
            return Ok(None);
        }
        let today = now.to_zoned(account.zone()).date();
        let near = |at: Timestamp| at >= now && at.duration_since(now) <= QUEUED_AHEAD;
        for date in [Some(today), today.tomorrow().ok()].into_iter().flatten() {
            let day = self.account_day(&account.workspace, &account.id, date).await?;
            if day.next_instant.is_some_and(near) {
                return Ok(day.item.next_message);
            }
        }
        Ok(None)
    }

    /// The account's first instant from `now` and `not_before` on at which a cap allows something, with its day.
    ///
    /// `None`: no working day within the next ten, or no cap allows anything.
    pub async fn first_instant(
        &self,
        account: &Account,
        not_before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<(Room, Timestamp)>, StoreError> {
        let from = now.max(not_before);
        let window = account.limits_at(now).window(account.zone());
        let dates: Vec<Date> = window.openings(from).map(|(date, _)| date).take(DAYS_AHEAD).collect();
        for date in dates {
            let room = self.room(account, date, now).await?;
            let full = room.left(Channel::LinkedInInvitation) == 0 && room.left(Channel::LinkedInMessage) == 0;
            if let Some(instant) = room.next_instant(from, Some(from)).filter(|_| !full) {
                return Ok(Some((room, instant)));
            }
        }
        Ok(None)
    }
}

/// A random part of an hour, so that reads do not all begin at the stroke of the opening.
fn spread(account: &Account, date: Date) -> SignedDuration {
    let half = SignedDuration::from_mins(20);
    plan::jittered(account.id.as_str(), &date.to_string(), half, half)
}
