//! The course of a collection: which page comes next, what it may cost, when it ends or waits.

use crate::EngagementPuller;
use crate::page::{Read, Rows};
use domain::ids::{RunId, WorkspaceId};
use domain::job::{Job, Task};
use domain::vocabulary::{AccountStatus, RunStatus};
use futures::future::join;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::{Event, Failure, Outcome, Outgoing};
use outbound::linkedin::{CallError, ErrorKind};
use store::account::{Account, Pause};
use store::facts::{Office, month};
use store::run::{Position, RowOutcome, Run, RunPage, recount};
use store::{Versioned, batch::Stage};

/// Rows of one page at the provider.
pub const PAGE_ROWS: u32 = 10;
/// Credits expected of one page: until a form of the post's address has answered, two may be tried.
const fn page_credits(run: &Run) -> u32 {
    if run.address.is_some() { 1 } else { 2 }
}

/// How many pages one message works through before it hands over to the next.
const PAGES_PER_MESSAGE: u32 = 10;
/// How often a page is tried that the provider does not answer.
const TRIES_MAX: u32 = 5;
/// How many calls may find nothing before a post counts as not found.
const NOT_FOUND_CALLS_MAX: u32 = 12;
/// When a run is taken up again, should its worker have ended.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// What a step of a run asks for.
enum Next {
    Page,
    Wait,
    End,
}

impl EngagementPuller {
    /// Goes on with a run until it ends, waits, or has had its share.
    pub(crate) async fn advance(&self, ws: &WorkspaceId, id: &RunId) -> Outcome {
        let now = self.clock.now();
        let Some(mut run) = self.store.run(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        // Before its time, or another worker is at it: the due entry brings it back.
        if !run.is_open() || run.next_at.is_some_and(|at| now < at) && !self.is_orphan(&run) {
            return Ok(());
        }
        let Some(office) = self.store.relaxed().office(ws, now).await.map_err(Failure::soon)? else { return Ok(()) };
        run.status = RunStatus::Running;
        run.started_at = run.started_at.or(Some(now));
        run.next_at = Some(now + LEASE);
        if !self.store.save(&mut run).await.map_err(Failure::soon)?.won() {
            return Ok(());
        }
        for _ in 0..PAGES_PER_MESSAGE {
            match self.step(&mut run, &office).await? {
                Next::Page => {}
                Next::Wait | Next::End => return Ok(()),
            }
        }
        run.next_at = Some(self.clock.now());
        if self.store.save(&mut run).await.map_err(Failure::soon)?.won() {
            self.send(vec![Job::new(ws, Task::ContinueRun { run: id.clone() })]).await?;
        }
        Ok(())
    }

    /// Whether the worker that holds the run ended with its process.
    fn is_orphan(&self, run: &Run) -> bool {
        let leased_at = run.next_at.map(|at| at - LEASE);
        run.status == RunStatus::Running && self.booted_at.is_some_and(|booted| leased_at.is_some_and(|at| at < booted))
    }

    pub(crate) async fn send(&self, jobs: Vec<Job>) -> Outcome {
        let outgoing = jobs.into_iter().map(|job| Outgoing {
            queue: job.task.queue(),
            body: job.body(),
            delay_seconds: 0,
            group: job.workspace.to_string(),
        });
        self.queues.send(outgoing.collect()).await
    }

    async fn step(&self, run: &mut Versioned<Run>, office: &Office) -> Result<Next, Failure> {
        let now = self.clock.now();
        let Some(account) = office.accounts.iter().find(|a| a.id == run.account) else {
            return self.end(run, RunStatus::Failed, Some("Le compte de cette collecte n’existe plus.")).await;
        };
        let settings = &office.workspace.settings;
        let in_month = month(now, &settings.zone());
        let expected = page_credits(run);
        if !self
            .store
            .charge_credits(&run.workspace, &in_month, expected, settings.budget.credits_per_month)
            .await
            .map_err(Failure::soon)?
        {
            let why = "Le budget de crédits du mois est épuisé\u{a0}: augmentez-le ou attendez le mois prochain, puis reprenez.";
            return self.end(run, RunStatus::Paused, Some(why)).await;
        }
        let read = self.read_page(run, account, now).await;
        let spent = match &read {
            Ok(Read::Page(page)) => page.credits,
            Ok(Read::Wait(_)) => 0,
            Err(error) => error.credits,
        };
        let workspace = run.workspace.clone();
        let settled = self.store.correct_credits(&workspace, &in_month, expected, spent);
        run.credits_spent += spent;
        match read {
            Ok(Read::Wait(until)) => {
                settled.await.map_err(Failure::soon)?;
                self.wait(run, until).await
            }
            Ok(Read::Page(page)) => {
                run.calls += 1;
                run.session_reads += page.session_reads;
                run.tries = 0;
                run.address.clone_from(&page.address);
                let (settled, taken) = join(settled, self.take_in(run, account, office, &page, now)).await;
                settled.map_err(Failure::soon)?;
                let (rows, touched) = taken?;
                let last = self.is_last(run, &page.rows, &page);
                let asked_by = run.id.to_string();
                let batched = self.store.start_batch(&run.workspace, Stage::Score, &touched, &asked_by, false, now);
                // The people's batches and the page before the position: a page that counts as read has all of its
                // people on their way.
                let (batched, kept) = join(batched, self.keep_page(run, rows, page.credits)).await;
                let jobs = batched.map_err(Failure::soon)?;
                kept?;
                if !self.turn_page(run, last, &settings.zone()).await? {
                    return Ok(Next::End);
                }
                self.send(jobs).await?;
                if run.status == RunStatus::Done { self.finished(run).await } else { Ok(Next::Page) }
            }
            Err(error) => {
                settled.await.map_err(Failure::soon)?;
                self.failed(run, account, &error, &settings.zone(), now).await
            }
        }
    }

    /// Whether nothing follows this page in its part.
    fn is_last(&self, run: &Run, rows: &Rows, page: &crate::page::Page) -> bool {
        rows.is_empty() || !page.has_next || run.position.page.saturating_mul(PAGE_ROWS) >= run.limit
    }

    /// Writes what the page came to.
    async fn keep_page(&self, run: &Run, rows: Vec<RowOutcome>, credits: u32) -> Outcome {
        let (workspace, position) = (run.workspace.clone(), run.position.clone());
        let page = RunPage { workspace, run: run.id.clone(), position, rows, credits };
        self.store.put_run_page(&page).await.map_err(Failure::soon)
    }

    /// Writes the position after a page, which no other worker may have moved.
    ///
    /// False: somebody paused or cancelled the run, or another worker turned the page; theirs stands.
    async fn turn_page(&self, run: &mut Versioned<Run>, last: bool, zone: &TimeZone) -> Result<bool, Failure> {
        let now = self.clock.now();
        // The lease moves an index entry: only when half of it is gone.
        if run.next_at.is_none_or(|at| at.duration_since(now) < LEASE / 2) {
            run.next_at = Some(now + LEASE);
        }
        match (last, run.filters.after(run.position.part)) {
            (false, _) => run.position.page += 1,
            (true, Some(part)) => run.position = Position { part, page: 1 },
            (true, None) => {
                run.status = RunStatus::Done;
                run.finished_at = Some(now);
                run.next_at = None;
                run.failure = None;
            }
        }
        if run.status == RunStatus::Done {
            let pages = self.store.run_pages(&run.workspace, &run.id).await.map_err(Failure::soon)?;
            run.counts = recount(&pages);
            self.schedule_next(run, zone).await?;
        }
        Ok(self.store.save(run).await.map_err(Failure::soon)?.won())
    }

    /// The next run of a schedule, before this one is written as ended: a schedule does not break off in between.
    async fn schedule_next(&self, run: &Run, zone: &TimeZone) -> Outcome {
        let Some(next) = run.following(zone) else { return Ok(()) };
        // Lost: an earlier try has planned it.
        let _known = self.store.create(&next).await.map_err(Failure::soon)?;
        Ok(())
    }

    async fn finished(&self, run: &Run) -> Result<Next, Failure> {
        let detail = serde_json::json!({
            "workspace": run.workspace, "run": run.id, "found": run.counts.found, "created": run.counts.created,
        });
        self.bus.put(vec![Event { name: "EngagementsPulled", detail }]).await?;
        Ok(Next::End)
    }

    async fn wait(&self, run: &mut Versioned<Run>, until: Timestamp) -> Result<Next, Failure> {
        run.next_at = Some(until);
        let _saved = self.store.save(run).await.map_err(Failure::soon)?;
        Ok(Next::Wait)
    }

    async fn end(&self, run: &mut Versioned<Run>, status: RunStatus, failure: Option<&str>) -> Result<Next, Failure> {
        run.status = status;
        run.failure = failure.map(str::to_owned);
        run.next_at = None;
        run.finished_at = Some(self.clock.now());
        let _saved = self.store.save(run).await.map_err(Failure::soon)?;
        Ok(Next::End)
    }

    async fn failed(
        &self,
        run: &mut Versioned<Run>,
        account: &Versioned<Account>,
        error: &CallError,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Next, Failure> {
        run.calls += 1;
        run.session_reads += error.session_reads;
        tracing::warn!(run = %run.id, kind = error.kind.as_str(), "run.page_failed");
        let asked_to_wait = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok());
        if matches!(error.kind, ErrorKind::Throttled | ErrorKind::RateLimited) {
            return self.wait(run, now + asked_to_wait.unwrap_or(SignedDuration::from_secs(30))).await;
        }
        if error.is_stop_sign() {
            self.pause(account, &error.message, now).await?;
            return self
                .end(run, RunStatus::Paused, Some("LinkedIn demande une vérification\u{a0}: le compte est en pause."))
                .await;
        }
        if !run.by_session && !error.is_retryable() {
            // The session-less call does not know this post, or is not to be had: the session is the fallback.
            run.by_session = true;
            let saved = self.store.save(run).await.map_err(Failure::soon)?;
            return Ok(if saved.won() { Next::Page } else { Next::End });
        }
        run.tries += 1;
        if error.is_retryable() && run.tries < TRIES_MAX {
            let seconds = 15_i64 << run.tries.min(8);
            return self.wait(run, now + asked_to_wait.unwrap_or(SignedDuration::from_secs(seconds))).await;
        }
        let why = match error.kind {
            ErrorKind::NotFound | ErrorKind::BadRequest if run.calls <= NOT_FOUND_CALLS_MAX => {
                "LinkedIn ne trouve pas cette publication\u{a0}: elle est peut-être privée ou supprimée.".to_owned()
            }
            // A provider that is down today does not end a schedule; a post that is gone does.
            _ => {
                run.finished_at = Some(now);
                self.schedule_next(run, zone).await?;
                format!("Le fournisseur n’a pas répondu correctement\u{a0}: {}", error.message)
            }
        };
        self.end(run, RunStatus::Failed, Some(&why)).await
    }

    async fn pause(&self, account: &Versioned<Account>, why: &str, now: Timestamp) -> Outcome {
        let pause = Pause { reason: why.to_owned(), since: now, resumes_at: None };
        self.store.pause_account(&account.workspace, &account.id, &pause).await.map_err(Failure::soon)?;
        let detail =
            serde_json::json!({ "workspace": account.workspace, "account": account.id, "status": AccountStatus::Paused });
        self.bus.put(vec![Event { name: "AccountPaused", detail }]).await
    }
}
