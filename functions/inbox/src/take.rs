//! What becomes of a person's answers. Stop wins: whatever could still go out is stopped before anybody is told.

use crate::thread::{self, Sides, Theirs};
use crate::{Inbox, ROUNDS_MAX, opted_out};
use domain::ids::{BatchId, MeetingId, ProspectId, WorkspaceId};
use domain::message::{Event as MessageEvent, may_yet_go, transition};
use domain::reply::{self, Intent};
use domain::vocabulary::{EnrolmentStatus, MeetingStatus, MessageStatus};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::{Event, Failure, Outcome};
use outbound::linkedin::Conversation as Thread;
use store::Versioned;
use store::account::Account;
use store::batch::{Batch, Stage};
use store::meeting::Meeting;
use store::message::Message;
use store::prospect::{Conversation, Prospect, Reply};

/// Longest text of a thread's list, in characters.
const LAST_TEXT_MAX_CHARS: usize = 500;

/// The answers taken in, read for what they want.
struct Taken {
    answers: Vec<Reply>,
    /// Not before this instant, as they asked or while they are away.
    until: Option<Timestamp>,
}

impl Taken {
    /// Those that a person wrote, not their mail program.
    fn real(&self) -> impl Iterator<Item = &Reply> {
        self.answers.iter().filter(|a| !matches!(a.intent, Intent::OutOfOffice | Intent::AutoReply))
    }

    fn stops(&self) -> bool {
        self.real().next().is_some()
    }

    fn opts_out(&self) -> bool {
        self.answers.iter().any(|a| a.intent == Intent::Unsubscribe)
    }
}

impl Inbox {
    /// Takes in what the person wrote since the last time; answers how many answers were new. Every step may be done
    /// again: the thread's own item is written last and tells that all was done. `came_at` is the time of words that bear
    /// none.
    pub(crate) async fn take_replies(
        &self,
        account: &Account,
        id: &ProspectId,
        thread: &Thread,
        came_at: Timestamp,
    ) -> Result<usize, Failure> {
        let now = self.clock.now();
        let ws = &account.workspace;
        let Some(prospect) = self.store.survivor(ws, id).await.map_err(Failure::soon)? else { return Ok(0) };
        let written = self.store.messages_of(&prospect).await.map_err(Failure::soon)?;
        let found = thread::theirs(thread, &sides(account, &prospect, &written));
        let fresh = self.fresh(&prospect, found).await?;
        if fresh.is_empty() {
            return Ok(0);
        }
        let zone = self.store.workspace(ws).await.map_err(Failure::soon)?.map_or(TimeZone::UTC, |w| w.settings.zone());
        let taken = read(account, &prospect, fresh, &zone, came_at);
        if taken.opts_out() {
            opted_out::suppress(&self.store, &prospect, now).await?;
        }
        self.stop(&prospect, &taken, now).await?;
        if taken.stops() {
            self.cancel_open(&prospect, if taken.opts_out() { OPTED_OUT } else { REPLIED }).await?;
        } else if let Some(until) = taken.until {
            self.put_off(&prospect, until).await?;
        }
        for answer in &taken.answers {
            // Lost: an earlier try has stored it.
            let _stored = self.store.create(answer).await.map_err(Failure::soon)?;
        }
        self.propose_meetings(&prospect, &taken, now).await?;
        self.tell(&prospect, &taken, now).await?;
        self.keep_thread(account, &prospect, &taken).await?;
        Ok(taken.answers.len())
    }

    /// The answers not yet dealt with to the end. What was stored before a merge is done by the thread it was stored with.
    async fn fresh(&self, prospect: &Prospect, found: Vec<Theirs>) -> Result<Vec<Theirs>, Failure> {
        let mut dealt_with: Vec<Reply> = Vec::new();
        for id in std::iter::once(&prospect.id).chain(&prospect.aliases) {
            let thread = self.store.conversation(&prospect.workspace, id).await.map_err(Failure::soon)?;
            let Some(thread) = thread else { continue };
            let replies = self.store.replies(&prospect.workspace, id).await.map_err(Failure::soon)?;
            dealt_with.extend(replies.into_iter().filter(|reply| reply.at <= thread.last_at));
        }
        // An event and the conversation tell the same words under two ids and at almost the same time.
        let is_same = |reply: &Reply, row: &Theirs| {
            reply.reference == row.reference || (reply.text == row.text && is_near(reply.at, row.at))
        };
        Ok(found.into_iter().filter(|row| !dealt_with.iter().any(|reply| is_same(reply, row))).collect())
    }

    /// When the newest answer of theirs came that was dealt with, under whatever id they had then.
    pub(crate) async fn answered_until(&self, prospect: &Prospect) -> Result<Option<Timestamp>, Failure> {
        let mut newest = None;
        for id in std::iter::once(&prospect.id).chain(&prospect.aliases) {
            let thread = self.store.conversation(&prospect.workspace, id).await.map_err(Failure::soon)?;
            newest = newest.max(thread.map(|thread| thread.last_at));
        }
        Ok(newest)
    }

    /// The one write that every claim of a send meets: the contact's revision rises, the sequence ends.
    async fn stop(&self, prospect: &Prospect, taken: &Taken, now: Timestamp) -> Outcome {
        for _ in 0..ROUNDS_MAX {
            let found = self.store.survivor(&prospect.workspace, &prospect.id).await.map_err(Failure::soon)?;
            let Some(mut found) = found else { return Ok(()) };
            let before = found.item.clone();
            note(&mut found.item, taken, now);
            if found.item == before || self.store.save(&mut found).await.map_err(Failure::soon)?.won() {
                return Ok(());
            }
        }
        Err(Failure::soon("a person kept changing while their answer was recorded"))
    }

    /// Cancels whatever may yet go out to the person. What is being sent right now settles by itself.
    pub(crate) async fn cancel_open(&self, prospect: &Prospect, why: &str) -> Outcome {
        self.change_open(prospect, |message| {
            let Ok(status) = transition(message.status, MessageEvent::Cancel) else { return false };
            message.status = status;
            message.failure = Some(why.to_owned());
            message.due_at = None;
            true
        })
        .await
    }

    /// Moves what is approved to after the return.
    async fn put_off(&self, prospect: &Prospect, until: Timestamp) -> Outcome {
        self.change_open(prospect, |message| {
            let approved = matches!(message.status, MessageStatus::Approved | MessageStatus::Scheduled);
            let sooner = approved && message.not_before.is_none_or(|at| at < until);
            if sooner {
                message.not_before = Some(until);
                message.due_at = Some(until);
            }
            sooner
        })
        .await
    }

    async fn change_open(&self, prospect: &Prospect, change: impl Fn(&mut Message) -> bool + Send + Sync) -> Outcome {
        // Read after the person was written: a draft made since has seen the new revision.
        let Some(prospect) = self.store.survivor(&prospect.workspace, &prospect.id).await.map_err(Failure::soon)? else {
            return Ok(());
        };
        let messages = self.store.messages_of(&prospect).await.map_err(Failure::soon)?;
        'messages: for mut message in messages.into_iter().filter(|m| may_yet_go(m.status)) {
            for _ in 0..ROUNDS_MAX {
                if !change(&mut message.item) || self.store.save(&mut message).await.map_err(Failure::soon)?.won() {
                    continue 'messages;
                }
                let again = self.store.table.get(&store::Entity::key(&message.item)).await.map_err(Failure::soon)?;
                let Some(again) = again else { continue 'messages };
                message = again;
            }
            return Err(Failure::soon("a message kept changing while it was stopped"));
        }
        Ok(())
    }

    /// A wish for a meeting, or a time they name, is a proposed one: a person books it, or lets it be.
    async fn propose_meetings(&self, prospect: &Prospect, taken: &Taken, now: Timestamp) -> Outcome {
        for answer in taken.real().filter(|answer| answer.intent == Intent::MeetingRequest) {
            let meeting = Meeting {
                workspace: prospect.workspace.clone(),
                id: MeetingId::with(&prospect.id, &answer.reference),
                prospect: prospect.id.clone(),
                account: Some(answer.account.clone()),
                status: MeetingStatus::Proposed,
                at: None,
                source: "reply".to_owned(),
                created_at: now,
                booked_at: None,
            };
            // Lost: an earlier try has proposed it.
            let _proposed = self.store.create(&meeting).await.map_err(Failure::soon)?;
        }
        Ok(())
    }

    async fn tell(&self, prospect: &Prospect, taken: &Taken, now: Timestamp) -> Outcome {
        let (ws, id) = (&prospect.workspace, &prospect.id);
        let replied = taken.real().map(|answer| Event {
            name: "ReplyReceived",
            detail: serde_json::json!({ "workspace": ws, "prospect": id, "intent": answer.intent, "at": answer.at }),
        });
        let mut events: Vec<Event> = replied.collect();
        if taken.opts_out() {
            events.push(Event { name: "OptedOut", detail: serde_json::json!({ "workspace": ws, "prospect": id }) });
        }
        if !events.is_empty() {
            self.bus.put(events).await?;
        }
        if taken.stops() {
            let jobs = self.store.start_batch(ws, Stage::Gate, std::slice::from_ref(id), "reply", false, now).await;
            return self.queues.send_jobs(jobs.map_err(Failure::soon)?).await;
        }
        match taken.until.filter(|until| *until > now) {
            Some(until) => self.look_again(ws, id, until).await,
            None => Ok(()),
        }
    }

    /// After the return the gate is asked again, and the sequence goes on where it may.
    async fn look_again(&self, ws: &WorkspaceId, id: &ProspectId, until: Timestamp) -> Outcome {
        let batch = Batch {
            workspace: ws.clone(),
            id: BatchId::derive(&[ws.as_str(), id.as_str(), "return", &until.to_string()]),
            stage: Stage::Gate,
            people: vec![id.clone()],
            asked_by: "return".to_owned(),
            reread: false,
            tries: 0,
            next_at: until,
        };
        // Lost: an earlier try has planned it.
        let _planned = self.store.create(&batch).await.map_err(Failure::soon)?;
        Ok(())
    }

    async fn keep_thread(&self, account: &Account, prospect: &Prospect, taken: &Taken) -> Outcome {
        let Some(newest) = taken.answers.iter().max_by_key(|a| a.at) else { return Ok(()) };
        for _ in 0..ROUNDS_MAX {
            let known = self.store.conversation(&prospect.workspace, &prospect.id).await.map_err(Failure::soon)?;
            let thread = Conversation {
                workspace: prospect.workspace.clone(),
                prospect: prospect.id.clone(),
                account: account.id.clone(),
                last_at: newest.at,
                last_text: newest.text.chars().take(LAST_TEXT_MAX_CHARS).collect(),
                intent: newest.intent,
                unread: true,
                closed_at: None,
            };
            let written = match known {
                None => self.store.create(&thread).await,
                Some(known) if known.last_at >= newest.at => return Ok(()),
                Some(mut known) => {
                    known.item = thread;
                    self.store.save(&mut known).await
                }
            };
            if written.map_err(Failure::soon)?.won() {
                return Ok(());
            }
        }
        Err(Failure::soon("a thread kept changing"))
    }
}

/// How far the times may be apart that an event and the conversation tell of the same words.
const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(2);

fn is_near(one: Timestamp, other: Option<Timestamp>) -> bool {
    other.is_none_or(|other| one.duration_since(other).abs() <= SAME_WITHIN)
}

const REPLIED: &str = "La personne a répondu.";
const OPTED_OUT: &str = "La personne ne souhaite plus être contactée.";

fn sides(account: &Account, prospect: &Prospect, written: &[Versioned<Message>]) -> Sides {
    let both = match (&prospect.first_name, &prospect.last_name) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        _ => None,
    };
    let url = account.profile_url.as_deref().map(domain::profile_url::parse);
    Sides {
        person: [prospect.name.clone(), prospect.raw_name.clone(), both].into_iter().flatten().collect(),
        label: account.label.clone(),
        owner_slug: url.as_ref().and_then(|u| u.key()).map(str::to_owned),
        ours: written.iter().flat_map(|m| [m.body.clone(), m.original_body.clone()]).filter(|t| !t.trim().is_empty()).collect(),
        since: Some(prospect.created_at),
    }
}

fn read(account: &Account, prospect: &Prospect, fresh: Vec<Theirs>, zone: &TimeZone, came_at: Timestamp) -> Taken {
    let mut until = None;
    let answers = fresh.into_iter().map(|row| {
        let at = row.at.unwrap_or(came_at);
        let said = reply::read(&row.text, at);
        let day = said.until.and_then(|day| day.to_zoned(zone.clone()).ok()).map(|start| start.timestamp());
        until = until.max(day);
        Reply {
            workspace: account.workspace.clone(),
            prospect: prospect.id.clone(),
            reference: row.reference,
            text: row.text,
            intent: said.intent,
            sentiment: said.sentiment,
            at,
            account: account.id.clone(),
        }
    });
    Taken { answers: answers.collect(), until }
}

/// What the answers change about the person.
fn note(prospect: &mut Prospect, taken: &Taken, now: Timestamp) {
    let contact = &mut prospect.contact;
    if taken.until.is_some() {
        contact.not_before = contact.not_before.max(taken.until);
    }
    let Some(last) = taken.real().map(|a| a.at).max() else { return };
    contact.last_reply_at = contact.last_reply_at.max(Some(last));
    contact.revision += 1;
    if taken.opts_out() {
        contact.opted_out_at = contact.opted_out_at.or(Some(now));
    }
    if let Some(enrolment) = &mut prospect.enrolment
        && matches!(enrolment.status, EnrolmentStatus::Active | EnrolmentStatus::Paused)
    {
        enrolment.status = EnrolmentStatus::Stopped;
    }
    prospect.in_review = false;
}
