//! The scorer: reads a person's profile and company, as far as that can still matter, and hands over to the gate.
//! Rules: docs/rules.md, "Profile analysis" and "Cheap first".

mod company;
mod everybody;
mod opinion;
mod profile;
mod register;

pub use company::Asking;

use domain::gate;
use domain::ids::ProspectId;
use domain::job::{Job, Task};
use domain::score::{self, CheapFacts};
use domain::vocabulary::ReasonCode;
use jiff::{SignedDuration, Timestamp};
use kit::{Clock, Failure, Handler, Outcome, Queues};
use outbound::model::{ErrorKind, Model};
use outbound::providers::Providers;
use outbound::register::{Register, RegisterError};
use std::sync::Arc;
use store::batch::{Batch, Stage};
use store::facts::{Office, month};
use store::prospect::Dossier;
use store::{Store, Versioned, work};

/// Credits held for reading one person: profile by data call and session, company by page and domain.
const CREDITS_PER_PERSON: u32 = 4;
/// When a reading that failed is tried again, in minutes, by the number of tries so far.
const RETRY_MINUTES: [i64; 5] = [2, 10, 60, 6 * 60, 24 * 60];
/// After so long nobody else of a batch is begun: what was held is settled before the function's time is over.
const SHARE: SignedDuration = SignedDuration::from_secs(180);
/// When a batch is taken up again, should its worker have ended.
const LEASE: SignedDuration = SignedDuration::from_mins(6);

/// What analysing needs.
pub struct Scorer {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub providers: Providers,
    pub clock: Clock,
    /// Shared by all that is read side by side in this process.
    pub asking: Asking,
    /// Who is asked for an opinion where a workspace lets one count.
    pub model: Option<Arc<dyn Model>>,
    /// Who is asked about French companies.
    pub register: Option<Arc<dyn Register>>,
}

#[async_trait::async_trait]
impl Handler for Scorer {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        let batch = match &job.task {
            Task::ScoreBatch { batch } => batch,
            Task::Renew { job: id } => return self.renew(&job.workspace, id).await,
            other => return Err(Failure::Unreadable(format!("not a batch to score: {}", other.queue()))),
        };
        match self.store.batch(&job.workspace, batch).await.map_err(Failure::soon)? {
            Some(batch) if batch.stage == Stage::Score => self.score(batch).await,
            // Its message to a later stage was lost, or is late: it is told again, and comes to nothing if it was not.
            Some(batch) => self.pass_on(&batch).await,
            None => Ok(()),
        }
    }
}

/// What a reading came to.
pub(crate) enum Analysed {
    /// Stored, or not to be had for certain: the gate can decide.
    Settled,
    /// To be tried again later, at the earliest then.
    Later(Timestamp),
    /// The account's turn to read has not come: that is nobody's failure.
    NotYet(Timestamp),
    /// Stored, but the model did not answer: it is asked again later, at the earliest then.
    OpinionLater(Timestamp),
}

/// What the readings of a batch have cost so far.
#[derive(Debug, Default)]
pub(crate) struct Purse {
    pub held: u32,
    pub spent: u32,
    /// Not spent because the people could not reach the line anyway.
    pub saved: u32,
    /// The register did not answer about somebody of this batch: it is not asked about the others.
    pub register_silent: Option<RegisterError>,
    /// The model did not answer somebody of this batch: until then nobody else of it is asked about.
    pub silent: Option<(ErrorKind, Timestamp)>,
}

/// A person worth reading, and how high they may get.
struct Candidate {
    dossier: Dossier,
    bound: u8,
    /// They are read; only the model is asked.
    is_read: bool,
}

/// Somebody to come back to.
struct Again {
    id: ProspectId,
    at: Timestamp,
    what: Wanted,
}

/// What somebody is come back to for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Their reading failed.
    Reading,
    /// Their reading has to wait for its turn.
    Turn,
    /// They are read; only the model is asked.
    Opinion,
}

impl Scorer {
    async fn score(&self, mut batch: Versioned<Batch>) -> Outcome {
        let now = self.clock.now();
        if batch.tries > 0 && now < batch.next_at {
            return Ok(());
        }
        let Some(office) = self.store.relaxed().office(&batch.workspace, now).await.map_err(Failure::soon)? else {
            return Ok(());
        };
        let mut purse = Purse::default();
        let candidates = self.worth_reading(&batch, &office, &mut purse, now).await?;
        let mut later: Vec<Again> = Vec::new();
        let settings = &office.workspace.settings;
        let in_month = month(now, &settings.zone());
        let to_read = candidates.iter().filter(|c| !c.is_read).count();
        let each = CREDITS_PER_PERSON + self.register_credits();
        let wanted = u32::try_from(to_read).unwrap_or(0) * each;
        let ceiling = settings.budget.credits_per_month;
        // One write holds what the whole batch may cost; near the ceiling each person holds their own.
        let all =
            wanted == 0 || self.store.hold_credits(&batch.workspace, &in_month, wanted, ceiling).await.map_err(Failure::soon)?;
        if all {
            purse.held = wanted;
        }
        let read = self.read_all(&batch, &office, candidates, all, &mut purse, &mut later, now).await;
        // Whatever happened: what was held and not spent is given back, and what was spent is on record.
        self.store
            .settle_credits(&batch.workspace, &in_month, purse.held, purse.spent, purse.saved)
            .await
            .map_err(Failure::soon)?;
        read?;
        self.come_back(&batch, later, now).await?;
        self.hand_over(&mut batch, now).await
    }

    #[allow(clippy::too_many_arguments)]
    async fn read_all(
        &self,
        batch: &Batch,
        office: &Office,
        candidates: Vec<Candidate>,
        all_held: bool,
        purse: &mut Purse,
        later: &mut Vec<Again>,
        now: Timestamp,
    ) -> Outcome {
        let settings = &office.workspace.settings;
        let in_month = month(now, &settings.zone());
        let each = CREDITS_PER_PERSON + self.register_credits();
        for candidate in candidates {
            let id = candidate.dossier.prospect.id.clone();
            let so_far = self.clock.now();
            if so_far.duration_since(now) > SHARE {
                let what = if candidate.is_read { Wanted::Opinion } else { Wanted::Turn };
                later.push(Again { id, at: so_far, what });
                continue;
            }
            if candidate.is_read {
                let at = self.opine_again(candidate.dossier, office, purse, now).await?;
                later.extend(at.map(|at| Again { id, at, what: Wanted::Opinion }));
                continue;
            }
            if !all_held {
                let ceiling = settings.budget.credits_per_month;
                let one = self.store.hold_credits(&batch.workspace, &in_month, each, ceiling).await;
                if !one.map_err(Failure::soon)? {
                    continue;
                }
                purse.held += each;
            }
            match self.analyse(candidate.dossier, office, purse, now).await? {
                Analysed::Settled => {}
                Analysed::Later(at) => later.push(Again { id, at, what: Wanted::Reading }),
                Analysed::NotYet(at) => later.push(Again { id, at, what: Wanted::Turn }),
                Analysed::OpinionLater(at) => later.push(Again { id, at, what: Wanted::Opinion }),
            }
        }
        Ok(())
    }

    /// Those whose reading can change the verdict, the highest first; the saving of the others is counted.
    async fn worth_reading(
        &self,
        batch: &Batch,
        office: &Office,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Vec<Candidate>, Failure> {
        let mut candidates = Vec::new();
        let Some(icp) = &office.workspace.settings.icp else { return Ok(candidates) };
        for id in &batch.people {
            let Some(dossier) = self.store.dossier(&batch.workspace, id).await.map_err(Failure::soon)? else { continue };
            let facts = self.store.relaxed().gate_facts(office, &dossier, "scorer", now).await.map_err(Failure::soon)?;
            let read_before = facts.fresh_analysis(now).is_some();
            let is_read = read_before && !batch.reread;
            if dossier.prospect.profile_url.is_none() || (is_read && !self.lacks_opinion(office, &dossier, now)) {
                continue;
            }
            let decision = gate::decide(&facts, now);
            if decision.reasons.iter().any(|r| spares_the_reading(r.code, batch.reread)) {
                if decision.first_code() == Some(ReasonCode::CannotReachThreshold) {
                    purse.saved += 1;
                }
                continue;
            }
            let cheap = CheapFacts {
                headline: facts.headline.as_deref(),
                location: facts.location.as_deref(),
                degree: facts.degree,
                accepted: facts.accepted,
                evidence: &facts.evidence,
                frozen: facts.frozen.as_ref(),
                semantic_blend: facts.policy.semantic_blend,
            };
            let bound = score::upper_bound(&cheap, icp, &facts.policy.weights, now);
            candidates.push(Candidate { dossier, bound, is_read });
        }
        candidates.sort_by(|a, b| b.bound.cmp(&a.bound).then_with(|| a.dossier.prospect.id.cmp(&b.dossier.prospect.id)));
        Ok(candidates)
    }

    /// People whose reading failed come again later, in a batch of their own; those whose turn to be read has not come, and
    /// those whom the model did not judge, in others, the last not for ever.
    async fn come_back(&self, batch: &Batch, later: Vec<Again>, now: Timestamp) -> Outcome {
        let tries = usize::try_from(batch.tries).unwrap_or(usize::MAX);
        // After the last of them once a day: nobody is given up for a night or a spent reading budget.
        let minutes = RETRY_MINUTES.get(tries).or(RETRY_MINUTES.last()).unwrap_or(&0);
        let patience = SignedDuration::from_mins(*minutes);
        for (what, why) in [(Wanted::Reading, "again"), (Wanted::Turn, "turn"), (Wanted::Opinion, "opinion")] {
            let of_kind: Vec<&Again> = later.iter().filter(|again| again.what == what).collect();
            let Some(at) = of_kind.iter().map(|again| again.at).min() else { continue };
            if what == Wanted::Opinion && tries >= RETRY_MINUTES.len() {
                continue;
            }
            let next_at = if what == Wanted::Turn { at } else { at.max(now + patience) };
            let people: Vec<ProspectId> = of_kind.iter().map(|again| again.id.clone()).collect();
            // A turn is no try; what is tried at another time is another batch.
            let tried = if what == Wanted::Turn { at.to_string() } else { batch.tries.to_string() };
            // Of these people: who is put off after a crash need not be who was put off before it.
            let about = [batch.id.as_str(), why, &tried].into_iter().chain(people.iter().map(ProspectId::as_str));
            let again = Batch {
                id: domain::ids::BatchId::derive(&about.collect::<Vec<_>>()),
                people,
                reread: batch.reread && what != Wanted::Opinion,
                tries: batch.tries + u32::from(what != Wanted::Turn),
                next_at,
                ..batch.clone()
            };
            // Lost: an earlier try of this job has written it.
            let _known = self.store.create(&again).await.map_err(Failure::soon)?;
        }
        Ok(())
    }

    async fn hand_over(&self, batch: &mut Versioned<Batch>, now: Timestamp) -> Outcome {
        batch.stage = Stage::Gate;
        batch.tries = 0;
        if batch.next_at < now {
            batch.next_at = now + LEASE;
        }
        // Lost: another worker has handed it over.
        let _handed = self.store.save(batch).await.map_err(Failure::soon)?;
        self.pass_on(batch).await
    }

    async fn pass_on(&self, batch: &Batch) -> Outcome {
        self.queues.send_jobs(vec![work::job_of(batch)]).await
    }
}

/// Reasons that a reading could not lift: then nothing is spent. Another employer, or the register, may lift an objection:
/// that is looked up when somebody asks for it.
fn spares_the_reading(code: ReasonCode, asked_for: bool) -> bool {
    use ReasonCode as R;
    let may_be_lifted = asked_for && code == R::ObjectsToCommercialUse;
    !may_be_lifted
        && !matches!(
            code,
            R::NotAnalysed
                | R::StaleAnalysis
                | R::BelowMinFit
                | R::BelowThreshold
                | R::AccountPaused
                | R::BudgetSpent
                | R::NoLawfulBasis
                | R::NoAddress
                | R::ChannelUnsupported
                | R::RecentlyContacted
                | R::CompanyRecentlyContacted
        )
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_QUEUE_GATE",
    "AMORCE_QUEUE_SCORE",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_PAPPERS_URL",
    "AMORCE_PAPPERS_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_WRITER",
    "AMORCE_WRITER_URL",
    "AMORCE_WRITER_KEY",
    "AMORCE_WRITER_MODEL",
    "AMORCE_WRITER_PRICES",
];
