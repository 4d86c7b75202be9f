//! Where nothing is pushed: the newest connections tell who accepted, the newest threads who wrote. One read for ten
//! people, a few jittered times a day. Rules: docs/rules.md, "Route".

use crate::Inbox;
use crate::accept::waits;
use crate::apply::is_own;
use crate::reading::{Desk, Read, change_account};
use domain::identity::{self, Key};
use domain::ids::{AccountId, WorkspaceId};
use domain::plan::jittered;
use domain::provider::acceptance_poll;
use jiff::{SignedDuration, Timestamp};
use kit::{Failure, Outcome};
use outbound::linkedin::{ConnectionRow, InboxQuery, InboxThread};
use store::Versioned;
use store::account::{Account, PollStage};
use store::invitations::Invitation;
use store::prospect::Prospect;

/// Pages of connections read at most.
const PAGES_MAX: u32 = 5;
/// Threads read at most from the top of the inbox.
const THREADS: u32 = 20;
/// One poll in so many reads on past the connections it knows.
const DEEP_EVERY: i64 = 6;
/// A worker looks so long at most; the rest comes by the due index, from the stage it has reached.
const WORK_MAX: SignedDuration = SignedDuration::from_secs(90);
/// When a poll is taken up again, should its worker have ended.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How long after the last contact answers are looked for, in days.
const CONTACTED_DAYS: i64 = 60;

/// How a poll ended.
pub(crate) enum Ended {
    Through,
    NotBefore(Timestamp),
}

impl Inbox {
    pub(crate) async fn poll(&self, ws: &WorkspaceId, id: &AccountId) -> Outcome {
        let now = self.clock.now();
        let Some(mut account) = self.store.account(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        let Some(due) = account.acceptance_poll_at else { return Ok(()) };
        if now < due {
            // Another worker has polled and set the next time.
            return Ok(());
        }
        let invitations = self.store.invitations(&account, now).await.map_err(Failure::soon)?;
        let had_too_many = account.had_too_many_pending();
        account.item.count(&invitations, now);
        account.acceptance_poll_at = Some(now + LEASE);
        if !self.store.save(&mut account).await.map_err(Failure::soon)?.won() {
            return Ok(());
        }
        let stage = account.poll_stage;
        let (stage, ended) = match self.desk(account) {
            Some(desk) => self.look(&desk, stage, &invitations, due, now).await?,
            None => (PollStage::default(), Ended::Through),
        };
        let hoped_for = invitations.iter().any(|i| is_hoped_for(i, now));
        self.plan_next(ws, id, (stage, ended), hoped_for, now).await?;
        self.invite_again(ws, id, had_too_many, now).await
    }

    /// Looks from `stage` on; answers where it had to stop.
    async fn look(
        &self,
        desk: &Desk,
        stage: PollStage,
        invitations: &[Invitation],
        due: Timestamp,
        now: Timestamp,
    ) -> Result<(PollStage, Ended), Failure> {
        let waiting = invitations.iter().filter(|i| is_hoped_for(i, now)).count();
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        if let PollStage::Acceptances(from) = stage
            && waiting > 0
            && let Some((page, at)) = self.look_for_acceptances(desk, from, waiting, due, now).await?
        {
            return Ok((PollStage::Acceptances(page), Ended::NotBefore(at)));
        }
        let pushed = desk.account.monitoring.as_ref().is_some_and(|m| m.active);
        if stage != PollStage::Withdrawals
            && !pushed
            && let Ended::NotBefore(at) = self.look_for_answers(desk, now).await?
        {
            return Ok((PollStage::Answers, Ended::NotBefore(at)));
        }
        match self.withdraw_some(desk, invitations, now).await? {
            Ended::Through => Ok((PollStage::default(), Ended::Through)),
            stopped => Ok((PollStage::Withdrawals, stopped)),
        }
    }

    /// Once few enough wait again, whoever was approved meanwhile goes on.
    async fn invite_again(&self, ws: &WorkspaceId, id: &AccountId, had_too_many: bool, now: Timestamp) -> Outcome {
        if !had_too_many {
            return Ok(());
        }
        match self.store.account(ws, id).await.map_err(Failure::soon)? {
            Some(account) if !account.had_too_many_pending() => {
                self.store.wake_account(&account, now, now).await.map(|_| ()).map_err(Failure::soon)
            }
            _ => Ok(()),
        }
    }

    /// Reads the newest connections from a page on; answers the page at which it had to stop.
    async fn look_for_acceptances(
        &self,
        desk: &Desk,
        from: u32,
        mut waiting: u32,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<Option<(u32, Timestamp)>, Failure> {
        let (ws, id) = (&desk.account.workspace, &desk.account.id);
        let deep = SignedDuration::from_millis(DEEP_EVERY - 1);
        let deep = jittered(id.as_str(), &due.to_string(), SignedDuration::ZERO, deep).is_zero();
        for page in from..=PAGES_MAX {
            if let Some(at) = self.out_of_time(now) {
                return Ok(Some((page, at)));
            }
            let call = desk.client.connections(&desk.session, page);
            let answer = match self.read(desk, desk.client.costs().page, call).await? {
                Read::Got(answer) => answer,
                Read::NotBefore(at) => return Ok(Some((page, at))),
                Read::Failed(_) => return Ok(None),
            };
            let people = self.people(ws, answer.rows.iter().filter_map(key_of)).await?;
            let mut accepted = 0;
            for person in people.iter().filter(|p| waits(p, id)) {
                accepted += u32::from(self.accept(ws, id, &person.id, now).await?);
            }
            waiting = waiting.saturating_sub(accepted);
            // Newest first: behind somebody long connected come only older ones, unless the vendor orders otherwise,
            // which the deep poll finds.
            let known = people.iter().filter(|p| !waits(p, id) && is_connected(p, id)).count();
            let behind = known == answer.rows.len() || (known > 0 && accepted == 0 && !deep);
            if waiting == 0 || behind || !answer.page.has_next {
                break;
            }
        }
        Ok(None)
    }

    /// When a poll begun at `started` is to be gone on with, if it has taken long enough.
    pub(crate) fn out_of_time(&self, started: Timestamp) -> Option<Timestamp> {
        let now = self.clock.now();
        (now.duration_since(started) > WORK_MAX).then_some(now)
    }

    async fn look_for_answers(&self, desk: &Desk, started: Timestamp) -> Result<Ended, Failure> {
        let query = InboxQuery { total_results: THREADS, ..InboxQuery::default() };
        let credits = desk.client.costs().extraction(THREADS);
        let threads = match self.read(desk, credits, desk.client.inbox(&desk.session, &query)).await? {
            Read::Got(page) => page.threads,
            Read::NotBefore(at) => return Ok(Ended::NotBefore(at)),
            Read::Failed(_) => return Ok(Ended::Through),
        };
        for thread in threads.iter().take(THREADS as usize) {
            let Some(person) = self.answered(desk, thread).await? else { continue };
            if let Some(at) = self.out_of_time(started) {
                return Ok(Ended::NotBefore(at));
            }
            let url = person.profile_url.clone().or_else(|| thread.participant_url.clone()).unwrap_or_default();
            match self.read(desk, desk.client.costs().page, desk.client.conversation(&desk.session, &url)).await? {
                Read::Got(conversation) => {
                    self.take_replies(&desk.account, &person.id, &conversation, self.clock.now()).await?;
                }
                Read::NotBefore(at) => return Ok(Ended::NotBefore(at)),
                Read::Failed(_) => {}
            }
        }
        Ok(Ended::Through)
    }

    /// The person of a thread whose last words are theirs and not yet taken in, if we are in contact with them.
    async fn answered(&self, desk: &Desk, thread: &InboxThread) -> Result<Option<Versioned<Prospect>>, Failure> {
        let ws = &desk.account.workspace;
        if is_ours(&desk.account, thread) || thread.last_text.as_deref().is_none_or(|t| t.trim().is_empty()) {
            return Ok(None);
        }
        let addresses = [&thread.participant_url, &thread.last_sender_url];
        let keys = addresses.into_iter().flatten().filter_map(|url| identity::address_key(url));
        let keys: Vec<Key> = keys.filter(|key| !is_own(&desk.account, key)).collect();
        let Some(person) = self.people(ws, keys).await?.into_iter().next() else { return Ok(None) };
        let in_contact = person.enrolment.is_some() || person.contact.last_sent_at.is_some();
        if !in_contact || thread.last_at.is_some_and(|at| at < person.created_at) {
            return Ok(None);
        }
        let until = self.answered_until(&person).await?;
        let taken = until.zip(thread.last_at).is_some_and(|(until, at)| at <= until);
        Ok((!taken).then_some(person))
    }

    /// The people who have these keys.
    async fn people(&self, ws: &WorkspaceId, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Versioned<Prospect>>, Failure> {
        let keys: Vec<Key> = keys.into_iter().collect();
        let mut people: Vec<Versioned<Prospect>> = Vec::new();
        for pointer in self.store.identities(ws, &keys).await.map_err(Failure::soon)? {
            let person = self.store.survivor(ws, &pointer.prospect).await.map_err(Failure::soon)?;
            people.extend(person.filter(|p| people.iter().all(|known| known.id != p.id)));
        }
        Ok(people)
    }

    async fn plan_next(
        &self,
        ws: &WorkspaceId,
        id: &AccountId,
        (stage, ended): (PollStage, Ended),
        hoped_for: bool,
        now: Timestamp,
    ) -> Outcome {
        let Some(account) = self.store.account(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        let wanted = hoped_for || account.pending_invitations > 0 || self.contacted_lately(&account, now).await?;
        let watched = account.monitoring.as_ref().is_some_and(|m| m.active);
        let every = acceptance_poll(account.provider, watched, self.acceptance_poll);
        let tenth = every / 10;
        let regular = now + jittered(id.as_str(), &now.to_string(), every - tenth, tenth * 2);
        let next = match ended {
            Ended::NotBefore(at) => Some(at.max(now + SignedDuration::from_secs(1))),
            Ended::Through => Some(regular),
        };
        let next = next.filter(|_| wanted && account.provider != domain::vocabulary::Provider::Manual);
        change_account(&self.store, ws, id, |account| {
            // An invitation sent meanwhile keeps the poll going.
            account.poll_stage = stage;
            account.acceptance_poll_at = next.or((account.pending_invitations > 0 && wanted).then_some(regular));
            true
        })
        .await
    }

    async fn contacted_lately(&self, account: &Account, now: Timestamp) -> Result<bool, Failure> {
        let zone = account.zone();
        let from = (now - SignedDuration::from_hours(24 * CONTACTED_DAYS)).to_zoned(zone.clone()).date();
        let today = now.to_zoned(zone).date();
        let days = self.store.account_days(&account.workspace, &account.id, from, today).await.map_err(Failure::soon)?;
        Ok(days.iter().any(|day| day.invitations + day.messages > 0))
    }
}

/// Whether an acceptance of it may be found: it waits, or its end is so recent that it may have been seen wrongly.
fn is_hoped_for(invitation: &Invitation, now: Timestamp) -> bool {
    invitation.end.is_none() || invitation.may_yet_be_accepted(now)
}

fn key_of(row: &ConnectionRow) -> Option<Key> {
    row.profile_url.as_deref().and_then(identity::address_key)
}

fn is_connected(person: &Prospect, account: &AccountId) -> bool {
    store::facts::degree(person, Some(account)) == Some(1)
}

/// Whether the last words of a thread are the account's own; in doubt they are not, and the thread is read.
fn is_ours(account: &Account, thread: &InboxThread) -> bool {
    if let Some(key) = thread.last_sender_url.as_deref().and_then(identity::address_key) {
        if is_own(account, &key) {
            return true;
        }
        if thread.participant_url.as_deref().and_then(identity::address_key) == Some(key) {
            return false;
        }
    }
    match (&thread.last_sender_name, &thread.participant_name) {
        (Some(sender), Some(participant)) => sender != participant,
        _ => false,
    }
}
