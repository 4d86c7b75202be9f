//! The list of people, and work on all of them.

use crate::call::{Call, Outcome, Reply};
use crate::import;
use crate::person;
use crate::problem::Problem;
use crate::words::text;
use domain::fold::fold;
use domain::ids::{JobId, ProspectId};
use domain::vocabulary::{LeadSource, Verdict};
use serde_json::{Value, json};
use store::batch::Stage;
use store::prospect::Prospect;
use store::record::{Item, Key};
use store::settings::Background;
use store::{Versioned, Walk, keys};

/// The most people that one request looks through; a cursor goes on from there.
const LOOK_MAX: usize = 5_000;
/// People read at once.
const PAGE: usize = 200;
/// The most batches under way that are looked through for people not yet decided.
const BATCHES_MAX: usize = 500;
/// Cursors among those not yet decided, who stand behind the list.
const UNDECIDED: &str = "undecided";
/// Cursors of the list by time.
const NEWEST: &str = "newest";

/// What a list of people is narrowed to. There is no index of these: the list by score is looked through.
#[derive(Debug, Default)]
struct Filter {
    source: Option<LeadSource>,
    decision: Option<Verdict>,
    words: Option<String>,
    min: Option<u8>,
    max: Option<u8>,
}

impl Filter {
    fn of(call: &Call) -> Result<Self, Problem> {
        let sources: Vec<&str> = LeadSource::ALL.iter().map(|s| s.as_str()).collect();
        let verdicts: Vec<&str> = Verdict::ALL.iter().map(|s| s.as_str()).collect();
        let bound =
            |name| -> Result<Option<u8>, Problem> { Ok(call.query.whole(name, 0..=100)?.and_then(|n| u8::try_from(n).ok())) };
        let (min, max) = (bound("min_score")?, bound("max_score")?);
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            return Err(Problem::query(
                "max_score",
                text("le maximum est inférieur au minimum", "the maximum is below the minimum"),
            ));
        }
        Ok(Self {
            source: call.query.word("source", LeadSource::parse, &sources)?,
            decision: call.query.word("decision", Verdict::parse, &verdicts)?,
            words: call.query.text("q").map(fold),
            min,
            max,
        })
    }

    fn between(&self) -> Option<(u8, u8)> {
        (self.min.is_some() || self.max.is_some()).then(|| (self.min.unwrap_or(0), self.max.unwrap_or(100)))
    }

    fn keeps(&self, person: &Prospect) -> bool {
        let text = |t: &Option<String>| t.as_deref().map(fold).unwrap_or_default();
        self.source.is_none_or(|s| person.sources.contains(&s))
            && self.decision.is_none_or(|v| person.decision.as_ref().is_some_and(|d| d.decision.verdict == v))
            && self.words.as_ref().is_none_or(|words| {
                let summary = &person.summary;
                let fields = [&person.name, &person.headline, &summary.title, &summary.company_name];
                fields.into_iter().any(|field| text(field).contains(words.as_str()))
                    || person.keys.iter().any(|k| k.value.to_lowercase().contains(words.as_str()))
            })
    }
}

/// `GET /prospects`: by score, those without one last; or the newest first.
pub async fn list(call: Call) -> Outcome {
    let filter = Filter::of(&call)?;
    match call.query.word("sort", |w| matches!(w, "score" | "recent").then(|| w.to_owned()), &["score", "recent"])?.as_deref() {
        Some("recent") => newest(&call, &filter).await,
        _ => by_score(&call, &filter).await,
    }
}

async fn by_score(call: &Call, filter: &Filter) -> Outcome {
    let list = keys::people_list(call.ws());
    let Walk { limit, mut start, .. } = call.walk(&list)?;
    let mut found: Vec<Versioned<Prospect>> = Vec::new();
    let mut after = place(start.as_ref(), UNDECIDED);
    let mut looked = 0;
    while after.is_none() {
        let walk = Walk { descending: true, limit: (limit - found.len()).min(PAGE), start: start.take() };
        let page = call.store().people(call.ws(), filter.between(), walk).await?;
        looked += page.items.len();
        found.extend(page.items.into_iter().filter(|p| filter.keeps(p)));
        start = page.next;
        if found.len() >= limit || (start.is_some() && looked >= LOOK_MAX) {
            break;
        }
        if start.is_none() {
            after = Some(String::new());
        }
    }
    let mut next = start;
    if let Some(after) = after
        && filter.between().is_none()
        && filter.decision.is_none()
    {
        let waiting = undecided(call, &after, filter).await?;
        let room = limit - found.len();
        next = (waiting.len() > room).then(|| {
            let last = if room == 0 { after.as_str() } else { waiting[room - 1].id.as_str() };
            let last = if last.is_empty() { " " } else { last };
            position(UNDECIDED, last)
        });
        found.extend(waiting.into_iter().take(room));
    } else if found.len() >= limit && next.is_none() && filter.between().is_none() && filter.decision.is_none() {
        // The list ended exactly here; those not yet decided stand behind it.
        next = (!undecided(call, "", filter).await?.is_empty()).then(|| position(UNDECIDED, " "));
    }
    let tongue = call.tongue;
    let page = store::ListPage { items: found, next };
    Reply::page(&list, &page, |p| person::show(&p.item, tongue, call.now))
}

/// A place of our own in a list: behind `last`, in the part named `part`.
fn position(part: &str, last: &str) -> Item {
    Key::new(part, last).attributes()
}

/// Where the part named `part` goes on, if the cursor is of that part.
fn place(start: Option<&Item>, part: &str) -> Option<String> {
    let start = start.filter(|s| store::table::text(s, "pk") == Some(part))?;
    store::table::text(start, "sk").map(str::to_owned)
}

/// People without any decision yet, by id: the batches on their way stand for them.
async fn undecided(call: &Call, after: &str, filter: &Filter) -> Result<Vec<Versioned<Prospect>>, Problem> {
    let batches = call.store().batches(call.ws(), BATCHES_MAX).await?;
    let mut ids: Vec<ProspectId> = batches.into_iter().flat_map(|b| b.item.people).collect();
    ids.sort();
    ids.dedup();
    let ids: Vec<ProspectId> = ids.into_iter().filter(|id| id.as_str() > after).collect();
    let mut people = call.store().prospects(call.ws(), &ids).await?;
    people.retain(|p| p.decision.is_none() && p.merged_into.is_none() && filter.keeps(p));
    people.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(people)
}

async fn newest(call: &Call, filter: &Filter) -> Outcome {
    let list = format!("{}#recent", keys::people_list(call.ws()));
    let Walk { limit, start, .. } = call.walk(&list)?;
    let mut people = everybody(call, filter.between()).await?;
    if filter.between().is_none() {
        people.extend(undecided(call, "", filter).await?);
    }
    people.retain(|p| filter.keeps(p));
    let order = |p: &Prospect| format!("{}#{}", store::record::instant(p.created_at), p.id);
    people.sort_by_key(|p| std::cmp::Reverse(order(p)));
    people.dedup_by(|a, b| a.id == b.id);
    if let Some(last) = place(start.as_ref(), NEWEST) {
        people.retain(|p| order(p) < last);
    }
    let more = people.len() > limit;
    people.truncate(limit);
    let next = if more { people.last().map(|p| position(NEWEST, &order(p))) } else { None };
    let tongue = call.tongue;
    Reply::page(&list, &store::ListPage { items: people, next }, |p| person::show(&p.item, tongue, call.now))
}

/// The most people that a figure over all of them reads.
const EVERYBODY_MAX: usize = 50_000;

/// Everybody who has a decision, at most 50,000.
pub async fn everybody(call: &Call, between: Option<(u8, u8)>) -> Result<Vec<Versioned<Prospect>>, Problem> {
    let mut people = Vec::new();
    let mut start = None;
    while people.len() < EVERYBODY_MAX {
        let walk = Walk { descending: true, limit: PAGE, start };
        let page = call.store().people(call.ws(), between, walk).await?;
        people.extend(page.items);
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    Ok(people)
}

/// Has everybody decided about anew, in the background, however many they are.
pub async fn decide_everybody(call: &Call) -> Result<(), Problem> {
    renew_everybody(call, Background::DECIDE).await.map(drop)
}

async fn renew_everybody(call: &Call, kind: &str) -> Result<JobId, Problem> {
    let id = JobId::from_uuid(call.new_uuid());
    let job = call.store().begin_renewal(call.ws(), &id, kind, call.now).await?;
    call.send(vec![job]).await?;
    Ok(id)
}

/// Has people decided anew, for `asked_by`.
pub async fn decide(call: &Call, people: &[Versioned<Prospect>], asked_by: &str) -> Result<(), Problem> {
    let people: Vec<&Prospect> = people.iter().map(|person| &person.item).collect();
    let jobs = call.store().start_deciding(call.ws(), &people, asked_by, call.now).await?;
    call.send(jobs).await
}

/// Sends people on their way from `stage` on.
pub async fn start(call: &Call, stage: Stage, people: &[ProspectId], asked_by: &str, reread: bool) -> Result<(), Problem> {
    let jobs = call.store().start_batch(call.ws(), stage, people, asked_by, reread, call.now).await?;
    call.send(jobs).await
}

/// `POST /prospects/rescore`: everybody, in the background.
pub async fn rescore_everybody(call: Call) -> Outcome {
    let id = renew_everybody(&call, Background::RESCORE).await?;
    // Those never decided about stand in no list yet; whoever waits for a later try is tried at once.
    let waiting: Vec<ProspectId> = undecided(&call, "", &Filter::default()).await?.into_iter().map(|p| p.item.id).collect();
    start(&call, Stage::Score, &waiting, id.as_str(), false).await?;
    Reply::accepted(&id)
}

/// Starts scoring for a job of its own and answers where to ask how far it is.
pub async fn rescore(call: &Call, ids: &[ProspectId], reread: bool) -> Outcome {
    background(call, Background::RESCORE, Stage::Score, ids, reread).await
}

/// Starts people at `stage` for a job of its own and answers where to ask how far it is.
pub async fn background(call: &Call, kind: &str, stage: Stage, ids: &[ProspectId], reread: bool) -> Outcome {
    let job = JobId::from_uuid(call.new_uuid());
    let background = Background::begun(call.ws(), &job, kind, ids.len() as u64, call.now);
    if call.store().create(&background).await?.won() {
        start(call, stage, ids, job.as_str(), reread).await?;
    }
    Reply::accepted(&job)
}

/// The kinds of jobs that are done by batches.
const BY_BATCHES: [&str; 3] = [Background::RESCORE, Background::DECIDE, "redraft"];
/// The most batches under way that are counted for the progress of a job.
const COUNTED_MAX: usize = 20_000;

/// `GET /jobs/{id}`.
pub async fn job(call: Call) -> Outcome {
    let id = call.id(JobId::parse)?;
    let found = call.store().background(call.ws(), &id).await?.ok_or_else(Problem::not_found)?;
    let mut job = found.item;
    if BY_BATCHES.contains(&job.kind.as_str()) && job.status == "running" {
        // The batches asked for by this job are its only measure: each leaves when its people have arrived.
        let batches = call.store().relaxed().batches(call.ws(), COUNTED_MAX).await?;
        let waiting: usize = batches.iter().filter(|b| b.asked_by == id.as_str()).map(|b| b.people.len()).sum();
        job.total = job.total.max(waiting as u64);
        job.done = job.total - waiting as u64;
        if waiting == 0 && job.next_at.is_none() {
            job.status = "done".to_owned();
        }
    }
    if job.kind == import::KIND {
        import::follow(&call, &mut job).await?;
    }
    Reply::ok(show_job(&job))
}

fn show_job(job: &Background) -> Value {
    json!({
        "id": job.id, "job_id": job.id, "kind": job.kind, "status": job.status, "done": job.done, "total": job.total,
        "result": job.result, "created_at": job.created_at,
    })
}
