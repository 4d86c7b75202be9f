//! The course of a collection: which page comes next, what it may cost, when it ends or waits.

use crate::EngagementPuller;
use crate::again::End;
use crate::page::{Page, Read};
use crate::rows::TakenIn;
use domain::ids::{RunId, WorkspaceId};
use domain::job::Job;
use domain::vocabulary::{AccountStatus, Provider, RunStatus};
use futures::future::join;
use jiff::{SignedDuration, Timestamp};
use kit::{Event, Failure, Outcome};
use outbound::linkedin::{CallError, Costs, ErrorKind, Remedy};
use store::account::{Account, Pause};
use store::batch::Stage;
use store::course::{CEILING, STOP_SIGN};
use store::facts::{Office, month};
use store::reading::Reading;
use store::run::{POSTS_MAX, Part, Position, Run, RunPage, Subject};
use store::{Store, Versioned};

/// Rows of one page of own posts, whoever the provider.
const POSTS_PER_PAGE: u32 = 10;
/// Results that a credit pays where the provider is not asked.
pub const RESULTS_PER_CREDIT: u32 = 10;
/// How many pages one message works through before it hands over to the next.
const PAGES_PER_MESSAGE: u32 = 10;
/// A message that has taken so long hands over too: one more page, slowly answered, still ends in the function's time.
const SHARE: SignedDuration = SignedDuration::from_secs(60);
/// How many calls may find nothing before a post counts as not found.
const NOT_FOUND_CALLS_MAX: u32 = 12;
/// How long a session-less call that did not find a post is not tried again.
const NOT_FOUND_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Credits expected of one page: until a form of the post's address has answered, two may be tried where a failed call
/// costs.
const fn page_credits(run: &Run, costs: Costs, provider: Provider) -> u32 {
    if matches!(run.position.part, Part::Posts) {
        return costs.extraction(POSTS_PER_PAGE);
    }
    let one_form = run.address.is_some() || !provider.capabilities().failed_calls_cost;
    if one_form { costs.page } else { 2 * costs.page }
}

/// Rows of one page at most.
const fn page_rows(run: &Run, costs: Costs) -> u32 {
    if matches!(run.position.part, Part::Posts) { POSTS_PER_PAGE } else { costs.rows_per_page }
}

/// The most rows of the list being read.
const fn most_rows(run: &Run) -> u32 {
    if matches!(run.position.part, Part::Posts) { POSTS_MAX } else { run.limit }
}

/// What a step of a run asks for.
enum Next {
    Page,
    Wait,
    End,
}

/// What earlier pulls saw of the post being read.
pub(crate) struct Known {
    pub reading: Versioned<Reading>,
    /// Whether this pull may end at the first page that is known as a whole.
    pub may_stop_early: bool,
}

impl Known {
    async fn of(store: &Store, run: &Run) -> Result<Self, Failure> {
        let reading = store.relaxed().reading(&run.workspace, &run.urn).await.map_err(Failure::soon)?;
        let began = run.started_at.unwrap_or(run.created_at);
        let may_stop_early = run.filters.keep_all() && reading.may_stop_early(began);
        Ok(Self { reading, may_stop_early })
    }
}

impl EngagementPuller {
    /// Goes on with a run until it ends, waits, or has had its share.
    pub(crate) async fn advance(&self, ws: &WorkspaceId, id: &RunId) -> Outcome {
        let now = self.clock.now();
        let taken = self.store.take_up(ws, id, self.booted_at, now).await.map_err(Failure::soon)?;
        let Some(mut run) = taken else { return Ok(()) };
        let Some(office) = self.store.relaxed().office(ws, now).await.map_err(Failure::soon)? else { return Ok(()) };
        let mut known = Known::of(&self.store, &run).await?;
        for _ in 0..PAGES_PER_MESSAGE {
            if self.clock.now().duration_since(now) > SHARE {
                break;
            }
            if known.reading.urn != run.urn {
                known = Known::of(&self.store, &run).await?;
            }
            match self.step(&mut run, &office, &mut known).await? {
                Next::Page => {}
                Next::Wait | Next::End => return Ok(()),
            }
        }
        run.next_at = Some(self.clock.now());
        if self.store.save(&mut run).await.map_err(Failure::soon)?.won() {
            self.queues.send_jobs(vec![run.job()]).await?;
        }
        Ok(())
    }

    async fn step(&self, run: &mut Versioned<Run>, office: &Office, known: &mut Known) -> Result<Next, Failure> {
        let now = self.clock.now();
        let Some(account) = office.accounts.iter().find(|a| Some(&a.id) == run.account.as_ref()) else {
            return self.end(run, RunStatus::Failed, "Le compte de cette collecte n’existe plus.").await;
        };
        let costs = self.providers.linkedin(account.provider).map_or(outbound::linkup_v1::COSTS, |client| client.costs());
        let must = !account.provider.capabilities().session_less_reads;
        if !run.by_session && (must || known.reading.by_session_until.is_some_and(|until| now < until)) {
            run.by_session = true;
        }
        let settings = &office.workspace.settings;
        let in_month = month(now, &settings.zone());
        let expected = page_credits(run, costs, account.provider);
        let ceiling = settings.budget.credits_per_month;
        if !self.store.charge_credits(&run.workspace, &in_month, expected, ceiling).await.map_err(Failure::soon)? {
            return self.end(run, RunStatus::Paused, CEILING).await;
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
            Ok(Read::Page(mut page)) => {
                let before = run.position.page.saturating_sub(1).saturating_mul(page_rows(run, costs));
                page.rows.truncate(most_rows(run).saturating_sub(before));
                run.calls += 1;
                run.session_reads += page.session_reads;
                run.tries = 0;
                run.address.clone_from(&page.address);
                let taking = self.take_in(run, account, office, &page, known, now);
                let (settled, taken) = join(settled, taking).await;
                settled.map_err(Failure::soon)?;
                self.keep(run, office, known, &page, taken?, page_rows(run, costs), now).await
            }
            Err(error) => {
                settled.await.map_err(Failure::soon)?;
                self.failed(run, account, office, known, &error, now).await
            }
        }
    }

    /// Keeps a page with what it came to, and turns to the next.
    #[allow(clippy::too_many_arguments)]
    async fn keep(
        &self,
        run: &mut Versioned<Run>,
        office: &Office,
        known: &mut Known,
        page: &Page,
        taken: TakenIn,
        page_rows: u32,
        now: Timestamp,
    ) -> Result<Next, Failure> {
        let asked_by = run.id.to_string();
        let batched = self.store.start_batch(&run.workspace, Stage::Score, &taken.touched, &asked_by, false, now);
        let kept = RunPage {
            workspace: run.workspace.clone(),
            run: run.id.clone(),
            position: run.position.clone(),
            rows: taken.rows,
            credits: page.credits,
            warnings: Vec::new(),
            order: taken.order,
        };
        // The people's batches and the page before the position: a page that counts as read has all of its people on
        // their way.
        let (batched, written) = join(batched, self.store.put_run_page(&kept)).await;
        let mut jobs = batched.map_err(Failure::soon)?;
        written.map_err(Failure::soon)?;
        let again = run.last_page.replace(taken.mark.clone()).is_some_and(|last| last == taken.mark && !last.is_empty());
        let early = known.may_stop_early && taken.order.is_some_and(|order| order.all_known());
        let cut = again || run.position.page.saturating_mul(page_rows) >= most_rows(run);
        run.available = run.available.max(page.available);
        run.rows_read = run.rows_read.saturating_add(page.rows.len());
        if !page.rows.is_empty() && page.has_next && !early && !cut {
            run.position.page += 1;
        } else {
            if run.position.part == Part::Reactions {
                let end = match (early, cut) {
                    (true, _) => End::Early,
                    (false, false) if run.list_is_whole() => End::Complete,
                    _ => End::Cut,
                };
                let gone = self.reactions_read(run, office, known, end, now).await?;
                jobs.extend(gone);
            }
            if !self.turn_part(run, office, now).await? {
                return self.done(run, office, jobs, now).await;
            }
        }
        let zone = office.workspace.settings.zone();
        if !self.store.turn_page(run, true, &zone, now).await.map_err(Failure::soon)? {
            return Ok(Next::End);
        }
        self.queues.send_jobs(jobs).await?;
        Ok(Next::Page)
    }

    /// Turns to the next part, of this post or of the next one. False: nothing is left.
    async fn turn_part(&self, run: &mut Run, office: &Office, now: Timestamp) -> Result<bool, Failure> {
        run.begin_list();
        let step = run.position.step;
        if run.position.part == Part::Posts {
            run.steps = u32::try_from(self.listed(run).await?.len()).unwrap_or(u32::MAX);
        } else if let Some(part) = run.filters.after(run.position.part) {
            run.position = Position { part, page: 1, step };
            return Ok(true);
        }
        if run.subject != Subject::OwnPosts || step >= run.steps {
            return Ok(false);
        }
        self.open_post(run, office, step + 1, now).await
    }

    async fn done(&self, run: &mut Versioned<Run>, office: &Office, jobs: Vec<Job>, now: Timestamp) -> Result<Next, Failure> {
        let zone = office.workspace.settings.zone();
        if !self.store.turn_page(run, false, &zone, now).await.map_err(Failure::soon)? {
            return Ok(Next::End);
        }
        self.queues.send_jobs(jobs).await?;
        let detail = serde_json::json!({
            "workspace": run.workspace, "run": run.id, "found": run.counts.found, "created": run.counts.created,
        });
        self.bus.put(vec![Event { name: "EngagementsPulled", detail }]).await?;
        Ok(Next::End)
    }

    async fn wait(&self, run: &mut Versioned<Run>, until: Timestamp) -> Result<Next, Failure> {
        self.store.wait_run(run, until).await.map_err(Failure::soon)?;
        Ok(Next::Wait)
    }

    async fn end(&self, run: &mut Versioned<Run>, status: RunStatus, failure: &str) -> Result<Next, Failure> {
        self.store.end_run(run, status, failure, self.clock.now()).await.map_err(Failure::soon)?;
        Ok(Next::End)
    }

    async fn failed(
        &self,
        run: &mut Versioned<Run>,
        account: &Versioned<Account>,
        office: &Office,
        known: &mut Known,
        error: &CallError,
        now: Timestamp,
    ) -> Result<Next, Failure> {
        run.calls += 1;
        run.session_reads += error.session_reads;
        tracing::warn!(run = %run.id, kind = error.kind.as_str(), "run.page_failed");
        match error.remedy(run.by_session, run.tries) {
            Remedy::Wait(wait) => return self.wait(run, now + wait).await,
            Remedy::Again(wait) => {
                run.tries += 1;
                return self.wait(run, now + wait).await;
            }
            Remedy::Pause => {
                self.pause(account, &error.pause_reason(), now).await?;
                return self.end(run, RunStatus::Paused, STOP_SIGN).await;
            }
            Remedy::Session => {
                run.by_session = true;
                run.switched |= run.position.page > 1;
                self.note_not_found(run, known, error, now).await?;
                let saved = self.store.save(run).await.map_err(Failure::soon)?;
                return Ok(if saved.won() { Next::Page } else { Next::End });
            }
            Remedy::GiveUp => {}
        }
        let not_found = matches!(error.kind, ErrorKind::NotFound | ErrorKind::BadRequest);
        if not_found && run.position.step > 0 {
            // One post of several that is gone does not end the others.
            return self.skip_post(run, office, now).await;
        }
        let of_a_post = run.position.part != Part::Posts;
        let why = if not_found && of_a_post && run.calls <= NOT_FOUND_CALLS_MAX {
            "LinkedIn ne trouve pas cette publication\u{a0}: elle est peut-être privée ou supprimée.".to_owned()
        } else {
            // A provider that is down today does not end a schedule; a post that is gone does.
            run.finished_at = Some(now);
            self.store.plan_following(run, &office.workspace.settings.zone()).await.map_err(Failure::soon)?;
            format!("Le fournisseur n’a pas répondu correctement\u{a0}: {}", error.message)
        };
        self.end(run, RunStatus::Failed, &why).await
    }

    /// A post that the session-less call does not find is asked for by the session alone for a day.
    async fn note_not_found(&self, run: &Run, known: &mut Known, error: &CallError, now: Timestamp) -> Outcome {
        let of_a_post = run.position.part != Part::Posts;
        if of_a_post && matches!(error.kind, ErrorKind::NotFound | ErrorKind::BadRequest) {
            known.reading.by_session_until = Some(now + NOT_FOUND_FOR);
            // Lost: another pull of the post has written, and may ask once more.
            let _kept = self.store.keep_reading(&mut known.reading).await.map_err(Failure::soon)?;
        }
        Ok(())
    }

    async fn skip_post(&self, run: &mut Versioned<Run>, office: &Office, now: Timestamp) -> Result<Next, Failure> {
        let step = run.position.step;
        if run.calls >= NOT_FOUND_CALLS_MAX && self.nothing_read(run).await? {
            return self.end(run, RunStatus::Failed, "LinkedIn ne trouve aucune de ces publications.").await;
        }
        run.tries = 0;
        let more = step < run.steps && self.open_post(run, office, step + 1, now).await?;
        let zone = office.workspace.settings.zone();
        let turned = self.store.turn_page(run, more, &zone, now).await.map_err(Failure::soon)?;
        Ok(if turned && more { Next::Page } else { Next::End })
    }

    /// Whether no page of any post has come so far.
    async fn nothing_read(&self, run: &Run) -> Result<bool, Failure> {
        for part in [Part::Reactions, Part::Comments] {
            if !self.store.pages_of(&run.workspace, &run.id, part, 0).await.map_err(Failure::soon)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn pause(&self, account: &Versioned<Account>, why: &str, now: Timestamp) -> Outcome {
        let pause = Pause { reason: why.to_owned(), since: now, resumes_at: None };
        self.store.pause_account(&account.workspace, &account.id, &pause).await.map_err(Failure::soon)?;
        let detail =
            serde_json::json!({ "workspace": account.workspace, "account": account.id, "status": AccountStatus::Paused });
        self.bus.put(vec![Event { name: "AccountPaused", detail }]).await
    }
}
