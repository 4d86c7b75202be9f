//! Collections: what is asked for, what it will cost at most, and what came of it.

use crate::accounts;
use crate::call::{Call, Outcome, Reply, WRITE_TRIES, not_yet, settled};
use crate::ownership;
use crate::problem::Problem;
use crate::words::{run_state, text};
use domain::fold::fold;
use domain::ids::{AccountId, RunId};
use domain::job::{Job, Task};
use domain::post_url::{self, PostUrl};
use domain::vocabulary::{DropCode, LeadSource, ReactionKind, RunStatus};
use domain::workspace::Period;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::account::Account;
use store::run::{Counts, Filters, RowOutcome, Run};
use store::{Versioned, keys};

/// The most results read per kind where nothing is said.
const LIMIT_DEFAULT: i64 = 500;
/// The most results that may be asked for.
const LIMIT_MAX: i64 = 10_000;
/// Results that one credit covers where the provider is not set up to tell.
const RESULTS_PER_CREDIT: u32 = 10;

/// The shortest schedule of a run.
const REPEAT_LEAST: SignedDuration = SignedDuration::from_hours(1);

const FILTERS: &[&str] = &["reactions", "words", "match", "not_contacted", "not_known"];
const QUERY: &[&str] = &["keyword", "job_title", "industry", "school", "location", "current_company", "post_type", "post_date"];

/// What a request asks for.
struct Wanted {
    source: LeadSource,
    account: Option<AccountId>,
    post_url: String,
    address: PostUrl,
    filters: Filters,
    limit: u32,
    /// How long after its end the run is started anew.
    repeat: Option<String>,
}

impl Wanted {
    /// How many kinds of results are read: reactions, comments, or both.
    fn parts(&self) -> u32 {
        u32::try_from(self.filters.parts().len()).unwrap_or(2)
    }

    fn of(call: &Call) -> Result<Self, Problem> {
        let sources: Vec<&str> = LeadSource::ALL.iter().map(|s| s.as_str()).collect();
        let body = call.body()?;
        body.required("source", 50);
        let source = body.word("source", LeadSource::parse, &sources);
        let account = body.id("account_id", AccountId::parse);
        let filters = body.nested("filters", FILTERS).map(|f| filters(&f)).unwrap_or_default();
        body.nested("query", QUERY);
        let limit = body.whole("limit", 1..=LIMIT_MAX).unwrap_or(LIMIT_DEFAULT);
        let repeat = body.text("repeat", 64);
        if let Some(said) = &repeat
            && Period::parse(said).is_none_or(|period| period.exact() < REPEAT_LEAST)
        {
            body.fault(
                "repeat",
                text(
                    "une durée ISO-8601 d’une heure au moins est attendue, par exemple P7D",
                    "an ISO-8601 duration of an hour or more is expected, such as P7D",
                ),
            );
        }
        let post_url = body.text("post_url", 2_000);
        body.finish()?;
        if let Some(source) = source.filter(|s| matches!(s, LeadSource::Cold | LeadSource::Local | LeadSource::Import)) {
            return Err(not_yet(&text(format!("La source «\u{a0}{source}\u{a0}»"), format!("The source “{source}”"))));
        }
        let required =
            || Problem::field("post_url", text("l’adresse de la publication est obligatoire", "the post’s address is required"));
        let post_url = post_url.ok_or_else(required)?;
        let address = post_url::parse(&post_url)
            .map_err(|e| Problem::field("post_url", text(e.fr(), e.en())).with("code", json!(e.code())))?;
        let limit = u32::try_from(limit).unwrap_or(500);
        let source = source.ok_or_else(Problem::not_found)?;
        Ok(Self { source, account, post_url, address, filters, limit, repeat })
    }
}

fn filters(fields: &crate::read::Fields<'_>) -> Filters {
    let kinds: Vec<&str> = ReactionKind::ALL.iter().map(|k| k.as_str()).collect();
    let words = fields.texts("words", 100, 100).unwrap_or_default();
    for (place, _) in words.iter().enumerate().filter(|(_, word)| fold(word).is_empty()) {
        // Left out, it would let everybody through.
        fields.fault(&format!("words[{place}]"), text("ce mot est vide", "this word is empty"));
    }
    let all = fields.word(
        "match",
        |w| match w {
            "any" => Some(false),
            "all" => Some(true),
            _ => None,
        },
        &["any", "all"],
    );
    Filters {
        reactions: fields.words("reactions", ReactionKind::parse, &kinds).unwrap_or_default(),
        words: words.iter().map(|w| fold(w)).collect(),
        match_all: all.unwrap_or(false),
        not_contacted: fields.flag("not_contacted").unwrap_or(false),
        not_known: fields.flag("not_known").unwrap_or(false),
    }
}

/// `GET /runs`: newest first.
pub async fn list(call: Call) -> Outcome {
    let list = keys::runs_list(call.ws());
    let mut page = call.store().runs(call.ws(), call.walk(&list)?).await?;
    for run in &mut page.items {
        count(&call, run).await?;
    }
    Reply::page(&list, &page, |run| show(&run.item))
}

async fn wanted(call: &Call) -> Result<Versioned<Run>, Problem> {
    let id = call.id(RunId::parse)?;
    call.store().run(call.ws(), &id).await?.ok_or_else(Problem::not_found)
}

/// Counts what a run has brought so far. A run bears its counts only once it is done: until then, and where it was
/// paused, cancelled or failed on the way, its pages tell.
async fn count(call: &Call, run: &mut Run) -> Result<(), Problem> {
    if run.started_at.is_some() && run.status != RunStatus::Done {
        let pages = call.store().run_pages(call.ws(), &run.id).await?;
        run.counts = store::run::recount(&pages);
        // The page that was being read when somebody stopped the run was paid for too.
        run.credits_spent = run.credits_spent.max(pages.iter().map(|page| page.credits).sum());
    }
    Ok(())
}

/// `GET /runs/{id}`.
pub async fn read(call: Call) -> Outcome {
    let mut run = wanted(&call).await?;
    count(&call, &mut run).await?;
    Reply::ok(show(&run.item))
}

/// `POST /runs/estimate`: what a run would cost at most.
pub async fn estimate(call: Call) -> Outcome {
    let wanted = Wanted::of(&call)?;
    let account = accounts::chosen(&call, wanted.account.as_ref()).await?;
    let settings = call.workspace().await?.item.settings;
    let month = store::facts::month(call.now, &settings.zone());
    let spent = call.store().credits(call.ws(), &month).await?.reserved;
    let left = i64::try_from(settings.budget.credits_per_month).unwrap_or(i64::MAX).saturating_sub(spent).max(0);
    Reply::ok(json!({
        "credits_estimated": estimated(&call, &account, &wanted),
        "results_max": wanted.limit * wanted.parts(),
        "credits_left": left,
    }))
}

/// The upper bound: `limit` results of each kind that is read.
fn estimated(call: &Call, account: &Account, wanted: &Wanted) -> u32 {
    let client = call.console.providers.linkedin(account.provider);
    let each = client.map_or_else(|| wanted.limit.div_ceil(RESULTS_PER_CREDIT), |c| c.costs().extraction(wanted.limit));
    each.saturating_mul(wanted.parts())
}

/// `POST /runs`: starts a collection.
pub async fn create(call: Call) -> Outcome {
    let wanted = Wanted::of(&call)?;
    let account = accounts::chosen(&call, wanted.account.as_ref()).await?;
    let run = new_run(&call, wanted, &account).await?;
    if call.store().create(&run).await?.won() {
        call.send(vec![Job::new(call.ws(), Task::ContinueRun { run: run.id.clone() })]).await?;
    }
    let stored = call.store().run(call.ws(), &run.id).await?.ok_or_else(Problem::not_found)?;
    Reply::created(show(&stored.item))
}

async fn new_run(call: &Call, wanted: Wanted, account: &Account) -> Result<Run, Problem> {
    let urn = wanted.address.urn();
    let pointer = call.store().post_pointer(call.ws(), &urn).await?;
    let (own_post, credits) = ownership::is_ours(call, account, &wanted.post_url, &urn, pointer.as_ref()).await?;
    let dated = pointer.as_ref().and_then(|p| p.published_at);
    let (position, credits_estimated) = (wanted.filters.start(), estimated(call, account, &wanted));
    Ok(Run {
        workspace: call.ws().clone(),
        id: RunId::from_uuid(call.new_uuid()),
        source: wanted.source,
        account: account.id.clone(),
        post: pointer.map(|p| p.post),
        post_date: dated.unwrap_or_else(|| wanted.address.published_at().min(call.now)),
        post_url: wanted.post_url,
        urn,
        own_post,
        filters: wanted.filters,
        limit: wanted.limit,
        status: RunStatus::Queued,
        created_at: call.now,
        repeat: wanted.repeat,
        credits_estimated,
        credits_spent: credits,
        session_reads: 0,
        position,
        address: None,
        by_session: false,
        calls: u32::from(credits > 0),
        tries: 0,
        counts: Counts::default(),
        failure: None,
        next_at: Some(call.now),
        started_at: None,
        finished_at: None,
    })
}

/// `GET /runs/{id}/dropped`: the rows that are no leads, each with its reason.
pub async fn dropped(call: Call) -> Outcome {
    let run = wanted(&call).await?;
    let pages = call.store().run_pages(call.ws(), &run.id).await?;
    let rows = pages.iter().flat_map(|page| &page.rows).filter_map(|row| match row {
        RowOutcome::Dropped { code, text, row } => Some(json!({"row": row, "code": code, "text": text})),
        RowOutcome::Waiting { row, prospect: None } => {
            Some(json!({"row": row, "code": DropCode::Filtered, "text": "Cette personne a commenté, sans la réaction que vous cherchez."}))
        }
        RowOutcome::Created { .. } | RowOutcome::Merged { .. } | RowOutcome::Waiting { .. } => None,
    });
    Reply::slice(&call, run.id.as_str(), rows)
}

/// Changes a run's status where `from` holds it.
async fn step(call: &Call, from: &[RunStatus], change: impl Fn(&mut Run)) -> Outcome {
    for round in 0..WRITE_TRIES {
        let mut run = wanted(call).await?;
        if !from.contains(&run.status) {
            let status = run.status;
            return Err(Problem::conflict(text(
                format!("Cette collecte est à l’état «\u{a0}{}\u{a0}».", run_state(status)),
                format!("This run is “{status}”."),
            )));
        }
        change(&mut run.item);
        if settled(call.store().save(&mut run).await?, round)? {
            if run.is_open() {
                call.send(vec![Job::new(call.ws(), Task::ContinueRun { run: run.id.clone() })]).await?;
            }
            count(call, &mut run).await?;
            return Reply::ok(show(&run.item));
        }
    }
    Err(Problem::busy())
}

/// `POST /runs/{id}/pause`.
pub async fn pause(call: Call) -> Outcome {
    step(&call, &[RunStatus::Queued, RunStatus::Running, RunStatus::Paused], |run| run.status = RunStatus::Paused).await
}

/// `POST /runs/{id}/resume`: goes on where it stopped.
pub async fn resume(call: Call) -> Outcome {
    let next_at = call.now;
    step(&call, &[RunStatus::Paused, RunStatus::Queued, RunStatus::Running], |run| {
        if run.status == RunStatus::Paused {
            run.status = RunStatus::Queued;
            run.failure = None;
            run.tries = 0;
            run.next_at = Some(next_at);
        }
    })
    .await
}

/// `POST /runs/{id}/cancel`.
pub async fn cancel(call: Call) -> Outcome {
    let now = call.now;
    let from = [RunStatus::Queued, RunStatus::Running, RunStatus::Paused, RunStatus::Cancelled];
    step(&call, &from, |run| {
        run.status = RunStatus::Cancelled;
        run.next_at = None;
        run.finished_at = run.finished_at.or(Some(now));
    })
    .await
}

/// A run as the API shows it.
pub fn show(run: &Run) -> Value {
    let filters = &run.filters;
    json!({
        "id": run.id,
        "source": run.source,
        "account_id": run.account,
        "post_id": run.post,
        "post_url": run.post_url,
        "own_post": run.own_post,
        "filters": {
            "reactions": filters.reactions, "words": filters.words, "match": if filters.match_all { "all" } else { "any" },
            "not_contacted": filters.not_contacted, "not_known": filters.not_known,
        },
        "limit": run.limit,
        "repeat": run.repeat,
        "starts_at": run.next_at.filter(|_| run.status == RunStatus::Queued),
        "status": run.status,
        "found": run.counts.found,
        "created": run.counts.created,
        "merged": run.counts.merged,
        "dropped": run.counts.dropped,
        "pages": run.counts.pages,
        "credits_estimated": run.credits_estimated,
        "credits_spent": run.credits_spent,
        "session_reads": run.session_reads,
        "failure": run.failure,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
    })
}
