//! The course of a run, whoever works on it: taken up under a lease, made to wait, ended, followed by the next one of
//! its schedule. Rules: docs/rules.md, "Lead sources".

use crate::prospect::Prospect;
use crate::record::Entity;
use crate::run::{Run, recount};
use crate::{Store, StoreError, Versioned};
use domain::identity;
use domain::ids::{RunId, WorkspaceId};
use domain::vocabulary::RunStatus;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// When a run is taken up again, should its worker have ended.
pub const LEASE: SignedDuration = SignedDuration::from_secs(240);

/// Why a run waits for its month to end.
pub const CEILING: &str =
    "Le budget de crédits du mois est épuisé\u{a0}: augmentez-le ou attendez le mois prochain, puis reprenez.";

/// Why a run pauses with its account.
pub const STOP_SIGN: &str = "LinkedIn demande une vérification\u{a0}: le compte est en pause.";

impl Store {
    /// Takes a run up under a lease. `None`: it has no work, its time has not come, or another worker is at it.
    ///
    /// A lease taken before `booted_at` belongs to a process that has ended.
    pub async fn take_up(
        &self,
        ws: &WorkspaceId,
        id: &RunId,
        booted_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Versioned<Run>>, StoreError> {
        let Some(mut run) = self.run(ws, id).await? else { return Ok(None) };
        if !run.is_open() || run.next_at.is_some_and(|at| now < at) && !is_orphan(&run, booted_at) {
            return Ok(None);
        }
        run.status = RunStatus::Running;
        run.started_at = run.started_at.or(Some(now));
        run.next_at = Some(now + LEASE);
        Ok(self.save(&mut run).await?.won().then_some(run))
    }

    /// Writes the position after a page: `next` follows, or nothing is left and the run is done.
    ///
    /// False: somebody paused or cancelled the run, or another worker turned the page; theirs stands.
    pub async fn turn_page(
        &self,
        run: &mut Versioned<Run>,
        more: bool,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if more {
            // The lease moves an index entry: only when half of it is gone.
            if run.next_at.is_none_or(|at| at.duration_since(now) < LEASE / 2) {
                run.next_at = Some(now + LEASE);
            }
        } else {
            run.status = RunStatus::Done;
            run.finished_at = Some(now);
            run.next_at = None;
            run.failure = None;
            let pages = self.run_pages(&run.workspace, &run.id).await?;
            run.counts = recount(&pages);
            self.plan_following(run, zone).await?;
        }
        let won = self.save(run).await?.won();
        if !more && !won {
            self.unplan_following(run, zone).await?;
        }
        Ok(won)
    }

    /// Takes back what was planned to follow a run that somebody cancelled in its last instant.
    async fn unplan_following(&self, run: &Run, zone: &TimeZone) -> Result<(), StoreError> {
        let stored = self.run(&run.workspace, &run.id).await?;
        if stored.is_none_or(|stored| stored.status == RunStatus::Cancelled)
            && let Some(next) = run.following(zone)
        {
            // Version 1: not begun yet.
            let _gone = self.table.delete(&next.key(), Some(1)).await?;
        }
        Ok(())
    }

    /// Plans the next run of a schedule, before this one is written as ended: a schedule does not break off in between.
    pub async fn plan_following(&self, run: &Run, zone: &TimeZone) -> Result<(), StoreError> {
        let Some(next) = run.following(zone) else { return Ok(()) };
        // Lost: an earlier try has planned it.
        let _known = self.create(&next).await?;
        Ok(())
    }

    /// Lets a run wait until `until`. Lost: somebody else has changed it, and their word stands.
    pub async fn wait_run(&self, run: &mut Versioned<Run>, until: Timestamp) -> Result<(), StoreError> {
        run.next_at = Some(until);
        let _saved = self.save(run).await?;
        Ok(())
    }

    /// Ends or pauses a run, with its reason.
    pub async fn end_run(
        &self,
        run: &mut Versioned<Run>,
        status: RunStatus,
        failure: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        run.status = status;
        run.failure = Some(failure.to_owned());
        run.next_at = None;
        run.finished_at = (status != RunStatus::Paused).then_some(now);
        let _saved = self.save(run).await?;
        Ok(())
    }

    /// The person of a row's keys, where the filters of a run ask about them.
    pub async fn known_to(&self, run: &Run, keys: &[identity::Key]) -> Result<Option<Versioned<Prospect>>, StoreError> {
        if !run.filters.ask_about_people() {
            return Ok(None);
        }
        for pointer in self.identities(&run.workspace, keys).await? {
            if let Some(person) = self.survivor(&run.workspace, &pointer.prospect).await? {
                return Ok(Some(person));
            }
        }
        Ok(None)
    }
}

/// Whether the worker that holds the run ended with its process.
fn is_orphan(run: &Run, booted_at: Option<Timestamp>) -> bool {
    let leased_at = run.next_at.map(|at| at - LEASE);
    run.status == RunStatus::Running && booted_at.is_some_and(|booted| leased_at.is_some_and(|at| at < booted))
}
