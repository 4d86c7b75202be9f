//! Publications: drafts, approval, the calendar, and posts already out that are registered.

use crate::accounts;
use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::problem::Problem;
use crate::read::Fields;
use crate::words::{Text, post_state, text};
use crate::workspaces::problem_of;
use domain::identity::Kind;
use domain::ids::{AccountId, PostId};
use domain::provider::Ability;
use domain::publish::{self, Form, Registered};
use domain::vocabulary::{PostAuthor, PostStatus, PullStatus, Role, RunStatus};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::account::Account;
use store::post::{Post, PostPointer};
use store::{Versioned, Walk, keys};

/// Within this long the pulls of a registered post are planned, also when their event is lost.
const PLAN_WITHIN: SignedDuration = SignedDuration::from_mins(2);

fn author_names() -> Vec<&'static str> {
    PostAuthor::ALL.iter().map(|a| a.as_str()).collect()
}

/// What a request says of a post; the outer `None` is a field not named.
#[derive(Debug, Default)]
struct Wanted {
    account: Option<AccountId>,
    author: Option<PostAuthor>,
    company_url: Option<Option<String>>,
    text: Option<String>,
    media: Option<Vec<String>>,
    scheduled_at: Option<Option<Timestamp>>,
    variant_of: Option<Option<PostId>>,
    brief_id: Option<Option<String>>,
    post_url: Option<String>,
    published_at: Option<Timestamp>,
}

impl Wanted {
    fn read(body: &Fields<'_>) -> Self {
        let media = body.has("media").then(|| body.texts("media", 20, 2_000).unwrap_or_default());
        Self {
            account: body.id("account_id", AccountId::parse),
            author: body.word("kind", PostAuthor::parse, &author_names()),
            company_url: body.has("company_url").then(|| body.text("company_url", 2_000)),
            text: body.has("text").then(|| body.text("text", 20_000).unwrap_or_default()),
            media,
            scheduled_at: body.has("scheduled_at").then(|| body.instant("scheduled_at")),
            variant_of: body.has("variant_of").then(|| body.id("variant_of", PostId::parse)),
            brief_id: body.has("brief_id").then(|| body.text("brief_id", 200)),
            post_url: body.text("post_url", 2_000),
            published_at: body.instant("published_at"),
        }
    }
}

/// Whether a post may be saved as it is. Source: docs/rules.md, “Publishing”.
fn check(post: &Post, now: Timestamp) -> Result<(), Problem> {
    let form = Form {
        account_is_known: true,
        author: post.author,
        company_url: post.company_url.as_deref(),
        text: &post.text,
        media: &post.media,
        scheduled_at: post.scheduled_at,
    };
    publish::validate(&form, now).map_err(problem_of)
}

/// Whether the account's provider can publish it; what only waits as a draft may be on an account that works by hand.
async fn check_offered(call: &Call, post: &Post) -> Result<(), Problem> {
    let Some(account) = call.store().account(call.ws(), &post.account).await? else { return Ok(()) };
    let lacking = publish::lacking(account.provider.capabilities(), post.author, &post.media);
    match lacking.filter(|ability| *ability != Ability::Automatic || post.scheduled_at.is_some()) {
        Some(ability) => Err(accounts::not_offered_here(ability)),
        None => Ok(()),
    }
}

fn past() -> Text {
    text("cette date est déjà passée", "this time is past already")
}

/// `GET /posts?from=&to=&status=`: by time, newest first. A status filters what the page holds.
pub async fn list(call: Call) -> Outcome {
    let statuses: Vec<&str> = PostStatus::ALL.iter().map(|s| s.as_str()).collect();
    let status = call.query.word("status", PostStatus::parse, &statuses)?;
    let (from, to) = (call.query.instant("from")?, call.query.instant("to")?);
    let list = keys::posts_list(call.ws());
    let Walk { limit, mut start, .. } = call.walk(&list)?;
    let mut items = Vec::new();
    // A filter looks through the list; so many pages at most, then a cursor.
    for _ in 0..25 {
        let walk = Walk { descending: true, limit: limit - items.len(), start };
        let page = call.store().posts(call.ws(), from, to, walk).await?;
        items.extend(page.items.into_iter().filter(|p| status.is_none_or(|s| p.status == s)));
        start = page.next;
        if start.is_none() || items.len() >= limit {
            break;
        }
    }
    let mut shown = Vec::with_capacity(items.len());
    for post in &items {
        shown.push(show(&call, post).await?);
    }
    Reply::ok(json!({"items": shown, "next_cursor": start.map(|n| store::cursor_of(&list, &n))}))
}

async fn wanted(call: &Call) -> Result<Versioned<Post>, Problem> {
    let id = call.id(PostId::parse)?;
    call.store().post(call.ws(), &id).await?.ok_or_else(Problem::not_found)
}

/// `GET /posts/{id}`.
pub async fn read(call: Call) -> Outcome {
    let post = wanted(&call).await?;
    Reply::ok(show(&call, &post).await?)
}

/// `POST /posts`: a draft, or one already out on LinkedIn.
pub async fn create(call: Call) -> Outcome {
    let (wanted, registered) = {
        let body = call.body()?;
        let wanted = Wanted::read(&body);
        let word = |w: &str| PostStatus::parse(w).filter(|s| matches!(s, PostStatus::Draft | PostStatus::Published));
        let status = body.word("status", word, &["draft", "published"]);
        let registered = wanted.post_url.is_some() || status == Some(PostStatus::Published);
        if registered && wanted.scheduled_at.flatten().is_some() {
            body.fault("scheduled_at", text("cette publication est déjà en ligne", "this post is out already"));
        }
        body.finish()?;
        (wanted, registered)
    };
    let account = accounts::chosen(&call, wanted.account.as_ref()).await?;
    let mut post = blank(&call, PostId::from_uuid(call.new_uuid()), account.id.clone());
    apply(&call, &wanted, &mut post).await?;
    if registered {
        register(&call, &wanted, &account, &mut post)?;
    } else {
        check(&post, call.now)?;
        check_offered(&call, &post).await?;
    }
    if let Some(known) = known_post(&call, &post).await? {
        return Reply::ok(show(&call, &known).await?);
    }
    if call.store().create(&post).await?.won() {
        point(&call, &post).await?;
        if post.check_at.is_some() {
            tell_published(&call, &post).await;
        }
    }
    let stored = call.store().post(call.ws(), &post.id).await?.ok_or_else(Problem::not_found)?;
    Reply::created(show(&call, &stored).await?)
}

/// The post already on record for the same publication: registered a second time it would be collected twice.
async fn known_post(call: &Call, post: &Post) -> Result<Option<Versioned<Post>>, Problem> {
    let Some(urn) = &post.urn else { return Ok(None) };
    let Some(pointer) = call.store().post_pointer(call.ws(), urn).await? else { return Ok(None) };
    if pointer.post == post.id { Ok(None) } else { Ok(call.store().post(call.ws(), &pointer.post).await?) }
}

fn blank(call: &Call, id: PostId, account: AccountId) -> Post {
    Post {
        workspace: call.ws().clone(),
        id,
        account,
        author: PostAuthor::Profile,
        company_url: None,
        text: String::new(),
        media: Vec::new(),
        variant_of: None,
        brief_id: None,
        status: PostStatus::Draft,
        created_at: call.now,
        scheduled_at: None,
        published_at: None,
        post_url: None,
        urn: None,
        failure: None,
        claimed_at: None,
        readings: Vec::new(),
        check_at: None,
        pulls: Vec::new(),
        metrics: Vec::new(),
    }
}

async fn apply(call: &Call, wanted: &Wanted, post: &mut Post) -> Result<(), Problem> {
    if let Some(account) = &wanted.account {
        post.account = accounts::chosen(call, Some(account)).await?.item.id;
    }
    if let Some(Some(original)) = &wanted.variant_of {
        let known = call.store().post(call.ws(), original).await?.is_some();
        if !known || *original == post.id {
            return Err(Problem::field("variant_of", text("publication inconnue", "unknown post")));
        }
    }
    if wanted.brief_id.as_ref().is_some_and(Option::is_some) {
        return Err(Problem::field("brief_id", text("brief inconnu", "unknown brief")));
    }
    post.author = wanted.author.unwrap_or(post.author);
    set(&mut post.company_url, &wanted.company_url);
    set(&mut post.text, &wanted.text);
    set(&mut post.media, &wanted.media);
    set(&mut post.scheduled_at, &wanted.scheduled_at);
    set(&mut post.variant_of, &wanted.variant_of);
    set(&mut post.brief_id, &wanted.brief_id);
    Ok(())
}

fn set<T: Clone>(mine: &mut T, wanted: &Option<T>) {
    if let Some(value) = wanted {
        mine.clone_from(value);
    }
}

fn register(call: &Call, wanted: &Wanted, account: &Account, post: &mut Post) -> Result<(), Problem> {
    let raw = wanted.post_url.clone().unwrap_or_default();
    let form = Registered { account_is_known: true, post_url: &raw, published_at: wanted.published_at };
    publish::validate_registered(&form, call.now).map_err(problem_of)?;
    let address = domain::post_url::parse(&raw).map_err(|e| Problem::field("post_url", text(e.fr(), e.en())))?;
    post.status = PostStatus::Published;
    post.published_at = Some(wanted.published_at.unwrap_or_else(|| address.published_at().min(call.now)));
    post.urn = Some(address.urn());
    // Only our own posts are collected by themselves; somebody else's waits for a run that is asked for.
    let slugs: Vec<&str> = account.member_keys.iter().filter(|k| k.kind == Kind::Slug).map(|k| k.value.as_str()).collect();
    let author = domain::post_url::author_slug(&raw);
    if slugs.is_empty() || author.is_none_or(|author| slugs.contains(&author.as_str())) {
        // Should the event be lost, the clock brings the post back.
        post.check_at = Some(call.now + PLAN_WITHIN);
    }
    post.post_url = Some(raw);
    Ok(())
}

async fn tell_published(call: &Call, post: &Post) {
    let event = kit::Event { name: "PostPublished", detail: json!({"workspace": post.workspace, "post": post.id}) };
    if let Err(failure) = call.console.bus.put(vec![event]).await {
        tracing::warn!(why = %failure, "bus.put_failed");
    }
}

async fn point(call: &Call, post: &Post) -> Result<(), Problem> {
    let Some(urn) = &post.urn else { return Ok(()) };
    // A post we published ourselves keeps its record: registering it again adds nothing.
    if call.store().post_pointer(call.ws(), urn).await?.is_none() {
        let pointer = PostPointer {
            workspace: call.ws().clone(),
            urn: urn.clone(),
            post: post.id.clone(),
            published_at: post.published_at,
        };
        call.store().point_to_post(&pointer).await?;
    }
    Ok(())
}

/// `PATCH /posts/{id}`: what is edited after approval goes back to review, unless the editor may approve.
pub async fn change(call: Call) -> Outcome {
    let wanted = {
        let body = call.body()?;
        let wanted = Wanted::read(&body);
        body.finish()?;
        wanted
    };
    for round in 0..WRITE_TRIES {
        let mut post = self::wanted(&call).await?;
        let registered = post.status == PostStatus::Published && wanted.text.is_none() && wanted.media.is_none();
        if matches!(post.status, PostStatus::Publishing | PostStatus::Published) && !registered {
            return Err(too_late(post.status));
        }
        apply(&call, &wanted, &mut post.item).await?;
        if !registered {
            // A time that has passed since is refused only where it is named now.
            let named = wanted.scheduled_at.is_some();
            let judged = Post { scheduled_at: post.scheduled_at.filter(|_| named), ..post.item.clone() };
            check(&judged, call.now)?;
            check_offered(&call, &post).await?;
        }
        match post.status {
            PostStatus::Scheduled if call.who.role > Role::Manager => post.status = PostStatus::PendingApproval,
            PostStatus::Scheduled if post.scheduled_at.is_none() => post.status = PostStatus::PendingApproval,
            PostStatus::Failed | PostStatus::Rejected => {
                post.status = PostStatus::Draft;
                post.failure = None;
            }
            _ => {}
        }
        if settled(call.store().save(&mut post).await?, round)? {
            return Reply::ok(show(&call, &post).await?);
        }
    }
    Err(Problem::busy())
}

fn too_late(status: PostStatus) -> Problem {
    Problem::conflict(text(
        format!("Trop tard ou trop tôt\u{a0}: cette publication est à l’état «\u{a0}{}\u{a0}».", post_state(status)),
        format!("Too late or too soon: this post is “{status}”."),
    ))
    .with("post_status", json!(status))
}

/// `DELETE /posts/{id}`: what is out on LinkedIn stays there.
pub async fn delete(call: Call) -> Outcome {
    for round in 0..WRITE_TRIES {
        let post = wanted(&call).await?;
        if post.status == PostStatus::Publishing {
            return Err(too_late(post.status));
        }
        if settled(call.store().remove(&post).await?, round)? {
            call.audit("post.deleted", Some(post.id.as_str()), json!({"status": post.status})).await?;
            return Reply::gone();
        }
    }
    Err(Problem::busy())
}

/// Changes a post's status where `from` holds it, after `change` had its say.
async fn step(call: &Call, from: &[PostStatus], change: impl Fn(&mut Post) -> Result<(), Problem>) -> Outcome {
    for round in 0..WRITE_TRIES {
        let mut post = wanted(call).await?;
        if !from.contains(&post.status) {
            return Err(too_late(post.status));
        }
        change(&mut post.item)?;
        if settled(call.store().save(&mut post).await?, round)? {
            call.audit("post.changed", Some(post.id.as_str()), json!({"status": post.status})).await?;
            return Reply::ok(show(call, &post).await?);
        }
    }
    Err(Problem::busy())
}

/// `POST /posts/{id}/submit`.
pub async fn submit(call: Call) -> Outcome {
    step(&call, &[PostStatus::Draft, PostStatus::Rejected, PostStatus::Failed, PostStatus::PendingApproval], |post| {
        post.status = PostStatus::PendingApproval;
        post.failure = None;
        Ok(())
    })
    .await
}

/// `POST /posts/{id}/approve`: with a time to come it is scheduled.
pub async fn approve(call: Call) -> Outcome {
    let now = call.now;
    step(&call, &[PostStatus::Draft, PostStatus::PendingApproval, PostStatus::Scheduled], |post| {
        schedule_at(post, post.scheduled_at, now)
    })
    .await
}

/// `POST /posts/{id}/schedule` `{"scheduled_at"}`, or at the time it already has.
pub async fn schedule(call: Call) -> Outcome {
    let asked = {
        let body = call.body()?;
        let asked = body.instant("scheduled_at");
        body.finish()?;
        asked
    };
    let now = call.now;
    let from = [PostStatus::Draft, PostStatus::PendingApproval, PostStatus::Scheduled, PostStatus::Failed];
    let post = wanted(&call).await?;
    check_offered(&call, &Post { scheduled_at: asked.or(post.scheduled_at), ..post.item }).await?;
    step(&call, &from, |post| schedule_at(post, asked.or(post.scheduled_at), now)).await
}

fn schedule_at(post: &mut Post, at: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    let Some(at) = at else {
        return Err(Problem::field(
            "scheduled_at",
            text("choisissez d’abord une date et une heure", "choose a date and time first"),
        ));
    };
    if at <= now {
        return Err(Problem::field("scheduled_at", past()));
    }
    post.scheduled_at = Some(at);
    post.status = PostStatus::Scheduled;
    post.check_at = None;
    post.failure = None;
    Ok(())
}

/// `POST /posts/{id}/unschedule`.
pub async fn unschedule(call: Call) -> Outcome {
    step(&call, &[PostStatus::Scheduled], |post| {
        post.status = PostStatus::Draft;
        post.check_at = None;
        Ok(())
    })
    .await
}

/// `POST /posts/{id}/reject` `{"reason"}`.
pub async fn reject(call: Call) -> Outcome {
    let reason = {
        let body = call.body()?;
        let reason = body.text("reason", 2_000);
        body.finish()?;
        reason
    };
    step(&call, &[PostStatus::Draft, PostStatus::PendingApproval, PostStatus::Scheduled], |post| {
        post.status = PostStatus::Rejected;
        post.failure.clone_from(&reason);
        Ok(())
    })
    .await
}

/// A post as the API shows it.
pub async fn show(call: &Call, post: &Post) -> Result<Value, Problem> {
    let wanted: Vec<_> = post.pulls.iter().map(|p| keys::run(call.ws(), &p.run)).collect();
    let runs = call.store().table.get_many::<store::run::Run>(&wanted).await?;
    let pulls: Vec<Value> = post
        .pulls
        .iter()
        .map(|pull| {
            let status = runs.iter().find(|r| r.id == pull.run).map_or(PullStatus::Planned, |r| pull_status(r, call.now));
            json!({"due_at": pull.due_at, "run_id": pull.run, "status": status})
        })
        .collect();
    Ok(json!({
        "id": post.id,
        "account_id": post.account,
        "kind": post.author,
        "company_url": post.company_url,
        "text": post.text,
        "media": post.media,
        "scheduled_at": post.scheduled_at,
        "variant_of": post.variant_of,
        "brief_id": post.brief_id,
        "status": post.status,
        "published_at": post.published_at,
        "post_url": post.post_url,
        "failure": post.failure,
        "metrics": post.metrics.last(),
        "metrics_series": post.metrics,
        "pulls": pulls,
        "created_at": post.created_at,
    }))
}

fn pull_status(run: &store::run::Run, now: Timestamp) -> PullStatus {
    match run.status {
        RunStatus::Queued if run.started_at.is_none() && run.next_at.is_some_and(|at| at > now) => PullStatus::Planned,
        RunStatus::Queued | RunStatus::Running | RunStatus::Paused => PullStatus::Running,
        RunStatus::Done => PullStatus::Done,
        RunStatus::Failed | RunStatus::Cancelled => PullStatus::Failed,
    }
}
