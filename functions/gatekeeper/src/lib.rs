//! The gatekeeper: decides whether a person may be contacted, and says why not. Rules: docs/rules.md, "Gate".

use domain::gate;
use domain::ids::{EnrolmentId, ProspectId};
use domain::job::{Job, Task};
use domain::score::Frozen;
use domain::vocabulary::{EnrolmentStatus, Verdict};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kit::{Clock, Failure, Handler, Outcome, Queues};
use std::sync::Arc;
use store::batch::{Batch, Stage};
use store::facts::{Office, score_of};
use store::prospect::{Dossier, Enrolment, PastDecision, summary_of};
use store::{Store, Versioned, work};

/// How often a decision is taken again when others write the person meanwhile.
const ROUNDS_MAX: usize = 6;
/// When a batch is taken up again, should its worker have ended.
const LEASE: SignedDuration = SignedDuration::from_mins(6);

/// What deciding needs.
pub struct Gatekeeper {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub clock: Clock,
}

#[async_trait::async_trait]
impl Handler for Gatekeeper {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        let Task::GateBatch { batch } = &job.task else {
            return Err(Failure::Unreadable(format!("not a batch to decide about: {}", job.task.queue())));
        };
        match self.store.batch(&job.workspace, batch).await.map_err(Failure::soon)? {
            Some(batch) if batch.stage == Stage::Gate => self.decide_all(batch).await,
            // Handed over or finished already.
            _ => Ok(()),
        }
    }
}

impl Gatekeeper {
    async fn decide_all(&self, mut batch: Versioned<Batch>) -> Outcome {
        let now = self.clock.now();
        let Some(office) = self.store.relaxed().office(&batch.workspace, now).await.map_err(Failure::soon)? else {
            return Ok(());
        };
        // Side by side: each decision reads and writes its own person alone.
        let decisions = batch.people.iter().map(|id| self.decide(&office, id, &batch.asked_by, now));
        let decided: Result<Vec<_>, Failure> = join_all(decisions).await.into_iter().collect();
        let to_draft: Vec<ProspectId> = decided?.into_iter().flatten().collect();
        if to_draft.is_empty() {
            // Lost: another worker has finished it.
            let _gone = self.store.remove(&batch).await.map_err(Failure::soon)?;
            return Ok(());
        }
        batch.stage = Stage::Draft;
        batch.people = to_draft;
        if batch.next_at < now {
            batch.next_at = now + LEASE;
        }
        let _handed = self.store.save(&mut batch).await.map_err(Failure::soon)?;
        self.queues.send_jobs(vec![work::job_of(&batch)]).await
    }

    /// Decides about one person and records it; answers them, or the one in whom they went up, when a draft is wanted.
    async fn decide(
        &self,
        office: &Office,
        id: &ProspectId,
        asked_by: &str,
        now: Timestamp,
    ) -> Result<Option<ProspectId>, Failure> {
        for _ in 0..ROUNDS_MAX {
            // Read anew each time: a stale epoch or head would make a stale decision.
            let Some(mut dossier) = self.store.dossier(&office.workspace.id, id).await.map_err(Failure::soon)? else {
                return Ok(None);
            };
            let before = dossier.prospect.item.clone();
            if let Some(stored) = &dossier.analysis {
                let prospect = &mut dossier.prospect.item;
                prospect.summary = summary_of(&stored.analysis);
                prospect.reading_failure = None;
                prospect.take_keys(&stored.keys);
            }
            let facts = self.store.relaxed().gate_facts(office, &dossier, asked_by, now).await.map_err(Failure::soon)?;
            let decision = gate::decide(&facts, now);
            let allowed = decision.verdict == Verdict::Allow;
            let score = score_of(&decision);
            let step_waits = allowed && next_step_waits(&dossier);
            if step_waits {
                let frozen = score.as_ref().map(Frozen::of);
                enrol(&mut dossier, office, frozen, now);
            }
            let prospect = &mut dossier.prospect;
            prospect.in_review = step_waits || (prospect.in_review && allowed);
            let replaced = prospect.item.take_decision(decision);
            if let Some(past) = replaced {
                let past = PastDecision { workspace: prospect.workspace.clone(), prospect: prospect.id.clone(), decision: past };
                self.store.keep_decision(&past).await.map_err(Failure::soon)?;
            }
            let wanted = step_waits.then(|| prospect.id.clone());
            if prospect.item == before || self.store.save(prospect).await.map_err(Failure::soon)?.won() {
                return Ok(wanted);
            }
        }
        Err(Failure::soon("a person kept changing while being decided about"))
    }
}

/// Whether the built-in sequence has a step to draft now: the first touch, or the message after acceptance.
fn next_step_waits(dossier: &Dossier) -> bool {
    match &dossier.prospect.enrolment {
        None => true,
        Some(e) if e.status != EnrolmentStatus::Active => false,
        Some(e) if e.messaged_at.is_some() => false,
        // An invitation is out: the next step comes with its acceptance.
        Some(e) => e.invited_at.is_none() || e.accepted_at.is_some(),
    }
}

/// The first allowed touch enrols the person; what must not decay is kept from then on.
fn enrol(dossier: &mut Dossier, office: &Office, frozen: Option<Frozen>, now: Timestamp) {
    let account = office.account_for(&dossier.prospect, now).map(|a| a.id.clone());
    let prospect = &mut dossier.prospect.item;
    match (&mut prospect.enrolment, account) {
        (Some(enrolment), _) => enrolment.frozen = enrolment.frozen.take().or(frozen),
        (None, Some(account)) => {
            let round = prospect.contact.last_sent_at.map_or_else(String::new, |at| at.to_string());
            prospect.enrolment = Some(Enrolment {
                id: EnrolmentId::derive(&[prospect.id.as_str(), "built-in", &round]),
                campaign: None,
                account,
                status: EnrolmentStatus::Active,
                started_at: now,
                frozen,
                invited_at: None,
                accepted_at: None,
                messaged_at: None,
            });
        }
        (None, None) => {}
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &["AMORCE_TABLE", "AMORCE_QUEUE_DRAFT"];
