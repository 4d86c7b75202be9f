//! The drafter: writes one draft per allowed person and step, for a person to review. Rules: docs/rules.md, "Drafts".

mod brief;
mod redraft;

use brief::Openings;
use domain::draft::{self, Brief, Draft};
use domain::gate;
use domain::ids::{MessageId, ProspectId};
use domain::job::{Job, Task};
use domain::lint;
use domain::message::Event;
use domain::vocabulary::{EnrolmentStatus, MessageStatus, Verdict};
use futures::future::join_all;
use jiff::Timestamp;
use kit::{Clock, Failure, Handler, Outcome};
use store::account::Account;
use store::batch::{Batch, Stage};
use store::facts::{Office, degree};
use store::message::{Message, Step};
use store::prospect::{Dossier, Enrolment, PastDecision, StoredDecision};
use store::{Store, StoreError, Versioned};

/// How often a draft is taken back when others write it too.
const ROUNDS_MAX: usize = 8;

/// What drafting needs.
pub struct Drafter {
    pub store: Store,
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Handler for Drafter {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        let Task::DraftBatch { batch } = &job.task else {
            return Err(Failure::Unreadable(format!("not a batch to draft for: {}", job.task.queue())));
        };
        match self.store.batch(&job.workspace, batch).await.map_err(Failure::soon)? {
            Some(batch) if batch.stage == Stage::Draft => self.draft_all(batch).await,
            // Finished already.
            _ => Ok(()),
        }
    }
}

impl Drafter {
    async fn draft_all(&self, batch: Versioned<Batch>) -> Outcome {
        let now = self.clock.now();
        let Some(office) = self.store.relaxed().office(&batch.workspace, now).await.map_err(Failure::soon)? else {
            return Ok(());
        };
        let mut left = None;
        let openings = Openings::default();
        let (office, asked_by, openings) = (&office, batch.asked_by.as_str(), &openings);
        let drafts = batch.people.iter().map(|id| async move { (id, self.draft_one(office, id, asked_by, openings, now).await) });
        // Side by side: each draft reads and writes its own person alone.
        for (id, drafted) in join_all(drafts).await {
            match drafted {
                Ok(()) => {}
                // It will be no better next time, and must not hold up the others.
                Err(error @ StoreError::Corrupt(_)) => tracing::error!(prospect = %id, %error, "draft.impossible"),
                Err(error) => left = Some(error),
            }
        }
        if let Some(error) = left {
            return Err(Failure::soon(error));
        }
        // Lost: another worker has finished it.
        let _gone = self.store.remove(&batch).await.map_err(Failure::soon)?;
        Ok(())
    }

    async fn draft_one(
        &self,
        office: &Office,
        id: &ProspectId,
        asked_by: &str,
        openings: &Openings,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(mut dossier) = self.store.dossier(&office.workspace.id, id).await? else { return Ok(()) };
        if dossier.prospect.id != *id {
            // Merged meanwhile: the survivor has its own way through the gate.
            return Ok(());
        }
        let written = std::mem::take(&mut dossier.messages);
        let (to_redraft, written): (Vec<_>, Vec<_>) = written.into_iter().partition(|m| m.status == MessageStatus::Draft);
        let Some(decision) = self.allowed(office, &mut dossier, asked_by, now).await? else {
            return self.not_redrafted(&dossier, to_redraft).await;
        };
        if !to_redraft.is_empty() {
            return self.redraft(office, &dossier, to_redraft, &decision, openings).await;
        }
        let prospect = &dossier.prospect;
        let Some(enrolment) = prospect.enrolment.clone() else { return Ok(()) };
        let Some(account) = office.accounts.iter().find(|a| a.id == enrolment.account) else { return Ok(()) };
        let Some(step) = next_step(&dossier, &enrolment, account) else { return Ok(()) };
        let Some(id) = place(&written, &dossier, &enrolment, step) else { return Ok(()) };
        let brief = brief::gather(&self.store, office, account, &dossier, step, openings).await?;
        let draft = draft::write(&brief);
        let message = Message { id, ..message(&dossier, &enrolment, step, &brief, draft, &decision, now) };
        // Lost: the same draft was written by another worker or an earlier try.
        if self.store.create(&message).await?.won() {
            tracing::info!(message = %message.id, quality = message.quality, "draft.written");
        }
        self.take_back_if_overtaken(&message, prospect).await
    }

    /// Asks the gate anew: an allow that was recorded, still stands and still counts, or nothing is drafted.
    async fn allowed(
        &self,
        office: &Office,
        dossier: &mut Dossier,
        asked_by: &str,
        now: Timestamp,
    ) -> Result<Option<StoredDecision>, StoreError> {
        let stored = dossier.prospect.decision.clone().filter(|d| d.decision.verdict == Verdict::Allow);
        let Some(stored) = stored else { return Ok(None) };
        let facts = self.store.relaxed().gate_facts(office, dossier, asked_by, now).await?;
        let fresh = gate::decide(&facts, now);
        let refused = fresh.verdict != Verdict::Allow;
        if !refused && stored.decision.is_current(now) {
            return Ok(Some(stored));
        }
        let prospect = &mut dossier.prospect;
        let replaced = prospect.item.take_decision(fresh);
        if let Some(past) = replaced {
            let past = PastDecision { workspace: prospect.workspace.clone(), prospect: prospect.id.clone(), decision: past };
            self.store.keep_decision(&past).await?;
        }
        prospect.in_review = !refused;
        // Lost: somebody knows more of this person than this try does; the next one reads it.
        if !self.store.save(prospect).await?.won() {
            return Err(StoreError::Conflict("decision"));
        }
        Ok(if refused { None } else { prospect.decision.clone() })
    }

    /// A reply, an opt-out or a merge between the gate and the draft has not seen the draft: it is cancelled here.
    async fn take_back_if_overtaken(
        &self,
        message: &Message,
        seen: &Versioned<store::prospect::Prospect>,
    ) -> Result<(), StoreError> {
        let known = self.store.prospect(&message.workspace, &message.prospect).await?;
        let stands = known.as_ref().is_some_and(|p| {
            p.merged_into.is_none() && p.contact.opted_out_at.is_none() && p.contact.revision == seen.contact.revision
        });
        if stands {
            return Ok(());
        }
        self.cancel(message, "La situation a changé pendant la rédaction.").await
    }

    /// Sent back for another text, and the gate does not allow one: refused they are cancelled, held they go back
    /// into the review as they are.
    async fn not_redrafted(&self, dossier: &Dossier, messages: Vec<Versioned<Message>>) -> Result<(), StoreError> {
        let held = dossier.prospect.decision.as_ref().is_some_and(|d| d.decision.verdict == Verdict::Hold);
        for mut message in messages {
            if !held {
                self.cancel(&message, "Le filtre s’oppose désormais à ce contact.").await?;
            } else if let Ok(status) = domain::message::transition(message.status, Event::Submit) {
                message.status = status;
                // Lost: somebody acted on the message meanwhile.
                let _back = self.store.save(&mut message).await?;
            }
        }
        Ok(())
    }

    async fn cancel(&self, message: &Message, why: &str) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let Some(mut found) = self.store.message(&message.workspace, &message.id).await? else { return Ok(()) };
            let Ok(status) = domain::message::transition(found.status, Event::Cancel) else { return Ok(()) };
            found.status = status;
            found.failure = Some(why.to_owned());
            if self.store.save(&mut found).await?.won() {
                return Ok(());
            }
        }
        Err(StoreError::Conflict("message"))
    }
}

/// Where the draft of a step is kept: one per step, and a further one only where all before it were cancelled.
fn place(written: &[Versioned<Message>], dossier: &Dossier, enrolment: &Enrolment, step: Step) -> Option<MessageId> {
    let of_step: Vec<_> = written.iter().filter(|m| m.enrolment == enrolment.id && m.step == step).collect();
    let name = match of_step.len() {
        0 => step.as_str().to_owned(),
        n => format!("{}#{n}", step.as_str()),
    };
    let all_cancelled = of_step.iter().all(|m| m.status == MessageStatus::Cancelled);
    all_cancelled.then(|| MessageId::of_step(&dossier.prospect.id, &enrolment.id, &name))
}

/// The step of the built-in sequence that waits to be drafted; `None` while nothing does.
fn next_step(dossier: &Dossier, enrolment: &Enrolment, account: &Account) -> Option<Step> {
    if enrolment.status != EnrolmentStatus::Active || enrolment.messaged_at.is_some() {
        return None;
    }
    if enrolment.accepted_at.is_some() {
        return Some(Step::AfterAcceptance);
    }
    let connected = degree(&dossier.prospect, Some(&account.id)) == Some(1);
    match (enrolment.invited_at, connected) {
        (Some(_), true) => Some(Step::AfterAcceptance),
        (Some(_), false) => None,
        (None, true) => Some(Step::ToConnection),
        (None, false) => Some(Step::Invitation),
    }
}

fn message(
    dossier: &Dossier,
    enrolment: &Enrolment,
    step: Step,
    brief: &Brief,
    draft: Draft,
    decision: &StoredDecision,
    now: Timestamp,
) -> Message {
    let findings = draft::check(brief, &draft.body, draft.cta);
    let prospect = &dossier.prospect;
    let whom = (&prospect.workspace, &prospect.id);
    Message {
        cta: draft.cta,
        level: draft.level,
        quality: lint::quality(&findings, brief::relevance(&brief.evidence)),
        findings,
        facts: draft.facts,
        decision: decision.id.clone(),
        score: decision.decision.score.unwrap_or(0),
        source: prospect.source,
        ..Message::drafted(whom, (&enrolment.id, &enrolment.account), step, &draft.body, now)
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &["AMORCE_TABLE"];
