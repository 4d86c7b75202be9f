//! Collections: what is asked for, what it will cost at most, and what came of it.

use crate::accounts;
use crate::call::{Call, Outcome, Reply, WRITE_TRIES, not_yet, settled};
use crate::ownership;
use crate::problem::Problem;
use crate::words::{run_state, text};
use domain::fold::fold;
use domain::ids::{AccountId, RunId};
use domain::post_url::{self, PostUrl};
use domain::provider::Ability;
use domain::search::{COMBINATIONS_MAX, PostSpan, Query};
use domain::vocabulary::{DropCode, LeadSource, ReactionKind, RunStatus};
use domain::workspace::Period;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::account::Account;
use store::run::{Filters, POSTS_MAX, RowOutcome, Run, Subject};
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
    what: What,
    filters: Filters,
    limit: u32,
    /// How long after its end the run is started anew.
    repeat: Option<String>,
}

/// Where people are looked for.
enum What {
    /// Under one post: its address as given, and as read.
    Post(String, PostUrl),
    /// Under the account's own posts, those that the query finds.
    OwnPosts(Query),
    /// By a search of people.
    Search(Query),
}

impl What {
    const fn subject(&self) -> Subject {
        match self {
            Self::Post(..) => Subject::Post,
            Self::OwnPosts(_) => Subject::OwnPosts,
            Self::Search(_) => Subject::Search,
        }
    }
}

impl Wanted {
    /// The most results that are read, of all posts, kinds and questions together.
    fn lists(&self) -> u32 {
        let parts = u32::try_from(self.filters.parts().len()).unwrap_or(2);
        match &self.what {
            What::Post(..) => parts,
            What::OwnPosts(_) => parts * POSTS_MAX,
            What::Search(query) => u32::try_from(query.combinations()).unwrap_or(u32::MAX),
        }
    }

    /// What the account's provider must offer.
    fn abilities(&self) -> Vec<Ability> {
        let mut asked = vec![Ability::Automatic];
        match &self.what {
            What::Post(..) => {}
            What::OwnPosts(query) if query.keyword.is_some() || query.post_type.is_some() || query.post_date.is_some() => {
                asked.push(Ability::PostFilters);
            }
            What::OwnPosts(_) => {}
            What::Search(_) => asked.push(Ability::PeopleSearch),
        }
        asked
    }

    fn of(call: &Call) -> Result<Self, Problem> {
        let sources: Vec<&str> = LeadSource::ALL.iter().map(|s| s.as_str()).collect();
        let body = call.body()?;
        body.required("source", 50);
        let source = body.word("source", LeadSource::parse, &sources);
        let account = body.id("account_id", AccountId::parse);
        let filters = body.nested("filters", FILTERS).map(|f| filters(&f)).unwrap_or_default();
        let query = body.nested("query", QUERY).map(|q| query(&q)).unwrap_or_default();
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
        let source = source.ok_or_else(Problem::not_found)?;
        let what = what(source, post_url, query, &filters)?;
        let limit = u32::try_from(limit).unwrap_or(500);
        Ok(Self { source, account, what, filters, limit, repeat })
    }
}

/// What a source looks through; what it cannot use is refused, with what would work.
fn what(source: LeadSource, post_url: Option<String>, query: Query, filters: &Filters) -> Result<What, Problem> {
    match source {
        LeadSource::Local => Err(not_yet(&text(format!("La source «\u{a0}{source}\u{a0}»"), format!("The source “{source}”")))),
        LeadSource::Import => Err(Problem::field(
            "source",
            text(
                "un fichier s’importe par POST /prospects/import\u{a0}; il apparaît ensuite parmi les collectes",
                "a file is imported by POST /prospects/import; it then stands among the collections",
            ),
        )),
        LeadSource::Cold => search(post_url.as_ref(), query, filters),
        LeadSource::Hot if post_url.is_none() => {
            let people = Query { keyword: None, post_type: None, post_date: None, ..query.clone() };
            match people.is_empty() {
                true => Ok(What::OwnPosts(query)),
                false => Err(Problem::field(
                    "query",
                    text(
                        "vos publications se cherchent par keyword, post_type et post_date\u{a0}; pour chercher des personnes, prenez la source cold",
                        "own posts are found by keyword, post_type and post_date; to search for people take the source cold",
                    ),
                )),
            }
        }
        LeadSource::Hot | LeadSource::Spy | LeadSource::Magnet => post(post_url, &query),
    }
}

fn post(post_url: Option<String>, query: &Query) -> Result<What, Problem> {
    let required =
        || Problem::field("post_url", text("l’adresse de la publication est obligatoire", "the post’s address is required"));
    let post_url = post_url.ok_or_else(required)?;
    let address =
        post_url::parse(&post_url).map_err(|e| Problem::field("post_url", text(e.fr(), e.en())).with("code", json!(e.code())))?;
    if !query.is_empty() {
        return Err(Problem::field(
            "query",
            text(
                "une recherche ne s’ajoute pas à une publication précise\u{a0}: donnez post_url ou query",
                "a query does not go with one post: give post_url or query",
            ),
        ));
    }
    Ok(What::Post(post_url, address))
}

fn search(post_url: Option<&String>, query: Query, filters: &Filters) -> Result<What, Problem> {
    let refused = |field: &str, message| Err(Problem::field(field, message));
    if post_url.is_some() {
        return refused(
            "post_url",
            text(
                "une recherche de personnes ne part pas d’une publication\u{a0}: prenez la source spy ou magnet",
                "a search of people does not start from a post: take the source spy or magnet",
            ),
        );
    }
    if !query.asks_for_people() {
        return refused(
            "query",
            text(
                "dites qui vous cherchez\u{a0}: keyword, job_title, industry, school, location ou current_company",
                "say whom you look for: keyword, job_title, industry, school, location or current_company",
            ),
        );
    }
    if query.post_type.is_some() || query.post_date.is_some() {
        return refused(
            "query",
            text(
                "post_type et post_date concernent des publications, pas des personnes",
                "post_type and post_date are about posts, not people",
            ),
        );
    }
    if !filters.reactions.is_empty() || !filters.words.is_empty() {
        return refused(
            "filters",
            text(
                "une recherche n’a ni réactions ni commentaires à filtrer",
                "a search has neither reactions nor comments to filter",
            ),
        );
    }
    let combinations = query.combinations();
    if combinations > COMBINATIONS_MAX {
        return Err(Problem::field(
            "query",
            text(
                format!("vos listes font {combinations} combinaisons\u{a0}; {COMBINATIONS_MAX} au plus\u{a0}: raccourcissez-les ou partagez la recherche"),
                format!("your lists make {combinations} combinations; {COMBINATIONS_MAX} at most: shorten them or divide the search"),
            ),
        )
        .with("combinations", json!(combinations)));
    }
    Ok(What::Search(query))
}

/// The most entries of one list of a search.
const LIST_MAX: usize = 50;

fn query(fields: &crate::read::Fields<'_>) -> Query {
    let list = |name: &str| {
        let said = fields.texts(name, LIST_MAX, 200).unwrap_or_default();
        let mut kept: Vec<String> = Vec::new();
        for (place, one) in said.into_iter().enumerate() {
            let one = one.trim().to_owned();
            if one.is_empty() {
                // Left out, the search would be wider than what was asked for.
                fields.fault(&format!("{name}[{place}]"), text("cet élément est vide", "this entry is empty"));
            } else if !is_address_of_a_search(&one) {
                if !kept.contains(&one) {
                    kept.push(one);
                }
            } else {
                fields.fault(&format!("{name}[{place}]"), no_addresses());
            }
        }
        kept
    };
    let keyword = fields.text("keyword", 500).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    if keyword.as_deref().is_some_and(is_address_of_a_search) {
        fields.fault("keyword", no_addresses());
    }
    let post_type = fields.text("post_type", 40);
    if post_type.as_deref().is_some_and(|kind| !kind.chars().all(|c| c.is_ascii_uppercase() || c == '_')) {
        fields.fault(
            "post_type",
            text(
                "un type de LinkedIn est attendu, en capitales, par exemple VIDEOS",
                "a kind of LinkedIn’s is expected, in capitals, such as VIDEOS",
            ),
        );
    }
    Query {
        keyword,
        job_title: list("job_title"),
        industry: list("industry"),
        school: list("school"),
        location: list("location"),
        current_company: list("current_company"),
        post_type: post_type.filter(|kind| kind != "ALL"),
        post_date: fields.word("post_date", PostSpan::parse, &PostSpan::WORDS),
    }
}

/// Whether somebody pasted the address of a search, here or in Sales Navigator, where words are wanted.
fn is_address_of_a_search(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("linkedin.com/sales") || text.contains("linkedin.com/search") || text.contains("linkedin.com/talent")
}

fn no_addresses() -> crate::words::Text {
    text(
        "l’adresse d’une recherche LinkedIn ou Sales Navigator ne se lit pas\u{a0}: donnez les mots, les fonctions et les lieux cherchés",
        "the address of a LinkedIn or Sales Navigator search cannot be read: give the words, titles and places looked for",
    )
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
        "results_max": wanted.limit.saturating_mul(wanted.lists()),
        "combinations": combinations(&wanted.what),
        "credits_left": left,
    }))
}

/// The upper bound: `limit` results of each list that is read.
fn estimated(call: &Call, account: &Account, wanted: &Wanted) -> u32 {
    let client = call.console.providers.linkedin(account.provider);
    let cost =
        |results: u32| client.as_ref().map_or_else(|| results.div_ceil(RESULTS_PER_CREDIT), |c| c.costs().extraction(results));
    let listing = if matches!(wanted.what, What::OwnPosts(_)) { cost(POSTS_MAX) } else { 0 };
    cost(wanted.limit).saturating_mul(wanted.lists()).saturating_add(listing)
}

fn combinations(what: &What) -> Option<usize> {
    if let What::Search(query) = what { Some(query.combinations()) } else { None }
}

/// `POST /runs`: starts a collection.
pub async fn create(call: Call) -> Outcome {
    let wanted = Wanted::of(&call)?;
    let account = accounts::chosen(&call, wanted.account.as_ref()).await?;
    let run = new_run(&call, wanted, &account).await?;
    if call.store().create(&run).await?.won() {
        call.send(vec![run.job()]).await?;
    }
    let stored = call.store().run(call.ws(), &run.id).await?.ok_or_else(Problem::not_found)?;
    Reply::created(show(&stored.item))
}

async fn new_run(call: &Call, wanted: Wanted, account: &Account) -> Result<Run, Problem> {
    for ability in wanted.abilities() {
        accounts::offered(account, ability)?;
    }
    let credits_estimated = estimated(call, account, &wanted);
    let steps = combinations(&wanted.what).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let subject = wanted.what.subject();
    let mut run = Run {
        account: Some(account.id.clone()),
        filters: wanted.filters,
        limit: wanted.limit,
        repeat: wanted.repeat,
        credits_estimated,
        steps,
        ..Run::queued(call.ws(), RunId::from_uuid(call.new_uuid()), wanted.source, subject, call.now)
    };
    match wanted.what {
        What::Post(post_url, address) => about_post(call, &mut run, account, post_url, &address).await?,
        What::OwnPosts(query) => {
            if account.profile_url.is_none() {
                return Err(Problem::refused(text(
                    "Ce compte n’indique pas l’adresse de son profil\u{a0}: ajoutez-la au compte, ou donnez l’adresse d’une publication.",
                    "This account does not say the address of its profile: add it to the account, or give the address of a post.",
                )));
            }
            run.query = query;
            run.own_post = true;
        }
        What::Search(query) => run.query = query,
    }
    run.position = run.start();
    Ok(run)
}

async fn about_post(call: &Call, run: &mut Run, account: &Account, post_url: String, address: &PostUrl) -> Result<(), Problem> {
    let urn = address.urn();
    let pointer = call.store().post_pointer(call.ws(), &urn).await?;
    let (own_post, credits) = ownership::is_ours(call, account, &post_url, &urn, pointer.as_ref()).await?;
    let dated = pointer.as_ref().and_then(|p| p.published_at);
    run.post_date = dated.unwrap_or_else(|| address.published_at().min(call.now));
    run.post = pointer.map(|p| p.post);
    run.post_url = post_url;
    run.urn = urn;
    run.own_post = own_post;
    run.credits_spent = credits;
    run.calls = u32::from(credits > 0);
    Ok(())
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
        RowOutcome::Created { .. } | RowOutcome::Merged { .. } | RowOutcome::Waiting { .. } | RowOutcome::Post { .. } => None,
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
                call.send(vec![run.job()]).await?;
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
    let reply = step(&call, &from, |run| {
        run.status = RunStatus::Cancelled;
        run.next_at = None;
        run.finished_at = run.finished_at.or(Some(now));
    })
    .await?;
    call.store().forget_rows(call.ws(), &call.id(RunId::parse)?).await?;
    Ok(reply)
}

/// A run as the API shows it.
pub fn show(run: &Run) -> Value {
    let filters = &run.filters;
    json!({
        "id": run.id,
        "source": run.source,
        "account_id": run.account,
        "post_id": run.post,
        "post_url": (run.subject == Subject::Post).then_some(&run.post_url),
        "query": (!run.query.is_empty()).then_some(&run.query),
        "combinations": (run.subject == Subject::Search).then_some(run.steps),
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
