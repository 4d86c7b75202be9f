//! One question of a search: what it may cost is held, it is asked session-less where that answers, and its rows are
//! kept before any of them is taken in.

use crate::LeadFinder;
use domain::identity;
use domain::provider::Ability;
use domain::search::Combination;
use domain::vocabulary::{LeadSource, RunStatus};
use jiff::Timestamp;
use kit::Failure;
use outbound::linkedin::{Access, Answer, CallError, Paged, PeopleQuery, PersonRow, Remedy};
use store::Versioned;
use store::account::{Account, Pause};
use store::course::{CEILING, STOP_SIGN};
use store::facts::{Office, month};
use store::intake::Row;
use store::run::{Run, WaitingRow};
use store::slots::ReadPermit;

/// A question that cost more than this without an answer is not repeated by itself.
const CREDITS_RISKED: u32 = 10;

/// What came of a question.
pub(crate) enum Asked {
    /// Its rows are kept, in so many portions.
    Kept { portions: u32, credits: u32 },
    /// To be asked again, through the session.
    BySession,
    /// The run waits or has ended, and is written so.
    Stopped,
}

/// What came of the call.
enum Called {
    Answered(Answer<Paged<PersonRow>>),
    /// Not now: the account's reading budget or hours.
    NotBefore(Timestamp),
    /// Nothing that can be called.
    Unable(&'static str),
}

impl LeadFinder {
    /// Asks the run's present question and keeps its rows.
    pub(crate) async fn ask(&self, run: &mut Versioned<Run>, office: &Office) -> Result<Asked, Failure> {
        let now = self.clock.now();
        let Some(account) = office.accounts.iter().find(|a| Some(&a.id) == run.account.as_ref()) else {
            return self.end(run, RunStatus::Failed, "Le compte de cette collecte n’existe plus.").await;
        };
        let Some(client) = self.providers.linkedin(account.provider) else {
            return self
                .end(run, RunStatus::Failed, "Ce compte fonctionne à la main\u{a0}: il ne cherche rien sur LinkedIn.")
                .await;
        };
        let capabilities = account.provider.capabilities();
        if !capabilities.people_search {
            return self.end(run, RunStatus::Failed, Ability::PeopleSearch.refusal_fr()).await;
        }
        run.by_session |= !capabilities.session_less_reads;
        let settings = &office.workspace.settings;
        let in_month = month(now, &settings.zone());
        // One block for the whole question: the most it can cost.
        let held = client.costs().extraction(run.limit);
        let ceiling = settings.budget.credits_per_month;
        if !self.store.charge_credits(&run.workspace, &in_month, held, ceiling).await.map_err(Failure::soon)? {
            return self.end(run, RunStatus::Paused, CEILING).await;
        }
        let question = run.query.combination(run.position.step.saturating_sub(1) as usize);
        let called = self.call(run, account, client.as_ref(), &question, now).await;
        let spent = match &called {
            Ok(Called::Answered(Ok(answer))) => answer.credits,
            Ok(Called::Answered(Err(error))) => error.credits,
            _ => 0,
        };
        self.store.correct_credits(&run.workspace, &in_month, held, spent).await.map_err(Failure::soon)?;
        run.credits_spent += spent;
        match called? {
            Called::NotBefore(at) => {
                self.store.wait_run(run, at).await.map_err(Failure::soon)?;
                Ok(Asked::Stopped)
            }
            Called::Unable(why) => self.end(run, RunStatus::Paused, why).await,
            Called::Answered(Ok(answer)) => {
                run.calls += 1;
                run.session_reads += answer.session_reads;
                run.tries = 0;
                let limit = run.limit as usize;
                let rows = answer.value.rows.into_iter().take(limit).enumerate();
                let rows: Vec<WaitingRow> = rows.map(|(place, found)| waiting(place, found, run, &question)).collect();
                let (part, step) = (run.position.part, run.position.step);
                let portions = self.store.keep_rows(run, part, step, rows, now).await.map_err(Failure::soon)?;
                Ok(Asked::Kept { portions, credits: spent })
            }
            Called::Answered(Err(error)) => self.failed(run, account, office, &error, now).await,
        }
    }

    async fn call(
        &self,
        run: &Run,
        account: &Versioned<Account>,
        client: &dyn outbound::linkedin::LinkedIn,
        question: &Combination,
        now: Timestamp,
    ) -> Result<Called, Failure> {
        let query = PeopleQuery { wanted: question.clone(), total_results: run.limit };
        if !run.by_session {
            return Ok(Called::Answered(client.search_people(Access::Data, &query).await));
        }
        match self.store.session_read(account, now).await.map_err(Failure::soon)? {
            ReadPermit::NotBefore(at) => return Ok(Called::NotBefore(at)),
            ReadPermit::Granted(wait) => self.clock.wait(wait).await,
        }
        let session = self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
        let Ok(session) = session else {
            return Ok(Called::Unable(
                "La session LinkedIn de ce compte ne peut pas être ouverte\u{a0}: reconnectez-le, puis reprenez.",
            ));
        };
        Ok(Called::Answered(client.search_people(Access::Session(&session), &query).await))
    }

    async fn failed(
        &self,
        run: &mut Versioned<Run>,
        account: &Versioned<Account>,
        office: &Office,
        error: &CallError,
        now: Timestamp,
    ) -> Result<Asked, Failure> {
        run.calls += 1;
        run.session_reads += error.session_reads;
        tracing::warn!(run = %run.id, kind = error.kind.as_str(), "run.question_failed");
        match error.remedy(run.by_session, run.tries) {
            Remedy::Session => {
                run.by_session = true;
                Ok(Asked::BySession)
            }
            Remedy::Wait(wait) => self.wait(run, now + wait).await,
            // Paid for without an answer: whether to pay again is for a person to say.
            Remedy::Again(_) if error.credits > CREDITS_RISKED => {
                let why = format!(
                    "La recherche a coûté {} crédits sans réponse utilisable\u{a0}: reprenez plus tard, ou demandez moins de résultats.",
                    error.credits
                );
                self.end(run, RunStatus::Paused, &why).await
            }
            Remedy::Again(wait) => {
                run.tries += 1;
                self.wait(run, now + wait).await
            }
            Remedy::Pause => {
                let pause = Pause { reason: error.pause_reason(), since: now, resumes_at: None };
                self.store.pause_account(&account.workspace, &account.id, &pause).await.map_err(Failure::soon)?;
                self.end(run, RunStatus::Paused, STOP_SIGN).await
            }
            Remedy::GiveUp => {
                run.finished_at = Some(now);
                self.store.plan_following(run, &office.workspace.settings.zone()).await.map_err(Failure::soon)?;
                let why = format!("Le fournisseur n’a pas répondu correctement\u{a0}: {}", error.message);
                self.end(run, RunStatus::Failed, &why).await
            }
        }
    }

    async fn wait(&self, run: &mut Versioned<Run>, until: Timestamp) -> Result<Asked, Failure> {
        self.store.wait_run(run, until).await.map_err(Failure::soon)?;
        Ok(Asked::Stopped)
    }

    async fn end(&self, run: &mut Versioned<Run>, status: RunStatus, why: &str) -> Result<Asked, Failure> {
        self.store.end_run(run, status, why, self.clock.now()).await.map_err(Failure::soon)?;
        Ok(Asked::Stopped)
    }
}

/// A row of an answer, as it waits.
fn waiting(place: usize, found: PersonRow, run: &Run, question: &Combination) -> WaitingRow {
    let row = Row {
        keys: identity::keys_of(found.profile_url.as_deref(), None, None),
        name: found.name,
        headline: found.title.clone(),
        title: found.title,
        company: found.company_name,
        location: found.location,
        profile_url: found.profile_url,
        degree: found.degree,
        degree_account: found.degree.and(run.account.clone()),
        source: Some(LeadSource::Cold),
        run: Some(run.id.clone()),
        source_note: Some(question.said()).filter(|said| !said.is_empty()),
        ..Row::default()
    };
    WaitingRow { number: u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1), row, ..WaitingRow::default() }
}
