//! The course of a run: the rows of a question are kept first, then taken in portion by portion, then the next question.

use crate::LeadFinder;
use crate::search::Asked;
use domain::ids::{RunId, WorkspaceId};
use domain::vocabulary::RunStatus;
use jiff::SignedDuration;
use kit::{Failure, Outcome};
use store::Versioned;
use store::batch::Stage;
use store::facts::Office;
use store::run::{Portion, Position, Run, RunPage, Subject};

/// How many questions or portions one message works through before it hands over to the next.
const STEPS_PER_MESSAGE: u32 = 10;

/// A message that has taken so long hands over too: one more question, slowly answered, still ends in the function's time.
const SHARE: SignedDuration = SignedDuration::from_secs(60);

/// How often a run is written again that others write too.
const ROUNDS_MAX: usize = 5;

impl LeadFinder {
    /// Goes on with a run until it ends, waits, or has had its share.
    pub(crate) async fn advance(&self, ws: &WorkspaceId, id: &RunId) -> Outcome {
        let now = self.clock.now();
        let taken = self.store.take_up(ws, id, self.booted_at, now).await.map_err(Failure::soon)?;
        let Some(mut run) = taken else { return Ok(()) };
        let Some(office) = self.store.relaxed().office(ws, now).await.map_err(Failure::soon)? else { return Ok(()) };
        for _ in 0..STEPS_PER_MESSAGE {
            if self.clock.now().duration_since(now) > SHARE {
                break;
            }
            if !self.step(&mut run, &office).await? {
                return Ok(());
            }
        }
        run.next_at = Some(self.clock.now());
        if self.store.save(&mut run).await.map_err(Failure::soon)?.won() {
            self.queues.send_jobs(vec![run.job()]).await?;
        }
        Ok(())
    }

    /// One question or one portion. False: the run has ended, waits, or belongs to somebody else.
    async fn step(&self, run: &mut Versioned<Run>, office: &Office) -> Result<bool, Failure> {
        if run.subject == Subject::Search && run.portions == 0 {
            return match self.ask(run, office).await? {
                Asked::Kept { portions: 0, credits } => {
                    self.keep(run, Vec::new(), Vec::new(), credits).await?;
                    self.turn(run, office).await
                }
                Asked::Kept { portions, credits } => {
                    run.portions = portions;
                    if self.saved(run).await? {
                        return Ok(true);
                    }
                    self.note_portions(run, portions, credits).await?;
                    Ok(false)
                }
                Asked::Stopped => Ok(false),
                Asked::BySession => self.saved(run).await,
            };
        }
        let portion = self.store.waiting_rows(run).await.map_err(Failure::soon)?;
        if let Some(portion) = &portion {
            let taken = self.take_in(run, office, &portion.rows).await?;
            let asked_by = run.id.to_string();
            let now = self.clock.now();
            let jobs = self.store.start_batch(&run.workspace, Stage::Score, &taken.people, &asked_by, false, now).await;
            let jobs = jobs.map_err(Failure::soon)?;
            let warnings = portion.rows.iter().flat_map(|row| row.warnings.clone()).collect();
            self.keep(run, taken.rows, warnings, 0).await?;
            self.queues.send_jobs(jobs).await?;
        }
        let gone = Portion::key_of(&run.workspace, &run.id, &run.position);
        let goes_on = self.turn(run, office).await?;
        if portion.is_some() {
            // After the position: a portion whose rows are lost would never be counted.
            let _gone = self.store.table.delete(&gone, None).await.map_err(Failure::soon)?;
        }
        Ok(goes_on)
    }

    /// Somebody paused or cancelled the run while its question was answered: the answer is paid for, and is not asked for
    /// again when the run goes on.
    async fn note_portions(&self, asked: &Run, portions: u32, credits: u32) -> Outcome {
        for _ in 0..ROUNDS_MAX {
            let stored = self.store.run(&asked.workspace, &asked.id).await.map_err(Failure::soon)?;
            let Some(mut stored) = stored.filter(|run| run.position == asked.position && run.portions == 0) else {
                return Ok(());
            };
            stored.portions = portions;
            stored.credits_spent += credits;
            stored.calls += 1;
            if self.store.save(&mut stored).await.map_err(Failure::soon)?.won() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn saved(&self, run: &mut Versioned<Run>) -> Result<bool, Failure> {
        Ok(self.store.save(run).await.map_err(Failure::soon)?.won())
    }

    /// Writes what a portion came to.
    async fn keep(
        &self,
        run: &Run,
        rows: Vec<store::run::RowOutcome>,
        warnings: Vec<store::run::RowWarning>,
        credits: u32,
    ) -> Outcome {
        let (workspace, position) = (run.workspace.clone(), run.position.clone());
        let page = RunPage { workspace, run: run.id.clone(), position, rows, credits, warnings, order: None };
        self.store.put_run_page(&page).await.map_err(Failure::soon)
    }

    /// Turns to the next portion, or the next question. False: nothing is left, or the run is somebody else's now.
    async fn turn(&self, run: &mut Versioned<Run>, office: &Office) -> Result<bool, Failure> {
        let Position { part, page, step } = run.position.clone();
        let more = if page < run.portions {
            run.position.page += 1;
            true
        } else if run.subject == Subject::Search && step < run.steps {
            run.position = Position { part, page: 1, step: step + 1 };
            run.portions = 0;
            true
        } else {
            false
        };
        let (zone, now) = (office.workspace.settings.zone(), self.clock.now());
        let turned = self.store.turn_page(run, more, &zone, now).await.map_err(Failure::soon)?;
        Ok(turned && run.status == RunStatus::Running)
    }
}
