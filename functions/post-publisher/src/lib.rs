//! The post publisher: publishes one due post, once. Rules: docs/rules.md, "Publishing".

use domain::ids::{PostId, WorkspaceId};
use domain::job::{Job, Task};
use domain::post_url;
use domain::publish;
use domain::vocabulary::{PostAuthor, PostStatus};
use jiff::{SignedDuration, Timestamp};
use kit::{Bus, Clock, Event, Failure, Handler, Outcome};
use outbound::linkedin::{Access, CallError, LinkedIn, NewPost, PostRow, PostsQuery, Session};
use outbound::providers::Providers;
use std::sync::Arc;
use store::account::{Account, Pause, Publishing};
use store::post::{Post, PostPointer};
use store::slots::ReadPermit;
use store::{Store, Transacted, Versioned};

/// What the author is asked when reading cannot tell.
const ASK_AUTHOR: &str = "La réponse de LinkedIn s’est perdue, et nous ne savons pas si la publication est sortie. \
    Regardez sur LinkedIn : si elle y est, collez son adresse ici ; sinon, programmez-la de nouveau.";
/// When the event of a publication is told again should nobody have planned its pulls.
const TELL_AGAIN: SignedDuration = SignedDuration::from_secs(300);
/// How long an account that cannot publish now is left alone.
const HELD: SignedDuration = SignedDuration::from_secs(300);
/// How long the address of a fresh publication is looked for.
const ADDRESS_WAIT: SignedDuration = SignedDuration::from_secs(60);
/// How often it is looked for.
const ADDRESS_TRIES_MAX: usize = 10;

/// How long an unknown outcome settles before each of its two readings, unless it is set.
pub const SETTLE_SECONDS: u64 = 600;

/// What publishing needs.
pub struct PostPublisher {
    pub store: Store,
    pub bus: Arc<dyn Bus>,
    pub providers: Providers,
    pub clock: Clock,
    /// How long an unknown outcome settles before each of its two readings.
    pub settle: SignedDuration,
}

#[async_trait::async_trait]
impl Handler for PostPublisher {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        match &job.task {
            Task::PublishPost { post } => self.publish(&job.workspace, post).await,
            other => Err(Failure::Unreadable(format!("not a publication: {}", other.queue()))),
        }
    }
}

/// Who publishes, and through what.
struct Desk {
    account: Versioned<Account>,
    client: Arc<dyn LinkedIn>,
    session: Session,
}

/// What a look at the author's own posts showed.
enum Seen {
    Found(Box<PostRow>),
    NotThere,
    /// The account says nowhere whose posts to read.
    NoAddress,
    Later(Timestamp),
}

impl PostPublisher {
    async fn publish(&self, ws: &WorkspaceId, id: &PostId) -> Outcome {
        let now = self.clock.now();
        let Some(post) = self.store.post(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        match post.status {
            PostStatus::Scheduled => self.try_to_publish(post, now).await,
            PostStatus::Publishing => self.settle(post, now).await,
            PostStatus::Published if post.check_at.is_some() => self.after(post, now).await,
            _ => Ok(()),
        }
    }

    async fn desk(&self, post: &Post) -> Result<Result<Desk, String>, Failure> {
        let Some(account) = self.store.account(&post.workspace, &post.account).await.map_err(Failure::soon)? else {
            return Ok(Err("Le compte de cette publication n’existe plus.".into()));
        };
        let Some(client) = self.providers.linkedin(account.provider) else {
            return Ok(Err("Ce compte publie à la main\u{a0}: copiez le texte et publiez-le sur LinkedIn.".into()));
        };
        match self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country) {
            Ok(session) => Ok(Ok(Desk { account, client, session })),
            Err(_) => Ok(Err("Le compte LinkedIn est à reconnecter.".into())),
        }
    }

    async fn try_to_publish(&self, mut post: Versioned<Post>, now: Timestamp) -> Outcome {
        let due = post.check_at.or(post.scheduled_at).unwrap_or(now).max(post.scheduled_at.unwrap_or(now));
        if now < due {
            return wait(due, now);
        }
        let desk = match self.desk(&post).await? {
            Ok(desk) => desk,
            Err(reason) => return self.fail(post, reason).await,
        };
        if desk.account.is_paused(now) {
            let resumes = desk.account.pause.as_ref().and_then(|p| p.resumes_at);
            post.check_at = Some(resumes.unwrap_or(now + HELD));
            post.failure = Some("Le compte LinkedIn est en pause\u{a0}: la publication attend.".into());
            return self.save(&mut post).await;
        }
        let last = self.store.publishing(&post.workspace, &post.account).await.map_err(Failure::soon)?;
        let free = publish::next_free(last.as_ref().map(|l| l.last_at), now);
        if now < free {
            post.check_at = Some(free);
            return self.save(&mut post).await;
        }
        if !self.hold_credit(&post, now).await? {
            post.check_at = Some(now + SignedDuration::from_hours(1));
            post.failure = Some("Le budget de crédits du mois est épuisé\u{a0}: la publication attend.".into());
            return self.save(&mut post).await;
        }
        post.status = PostStatus::Publishing;
        post.claimed_at = Some(now);
        post.check_at = Some(now + self.settle);
        post.readings.clear();
        post.failure = None;
        let publishing = Publishing { workspace: post.workspace.clone(), account: post.account.clone(), last_at: now };
        let seen = last.map(|l| l.version);
        if self.store.claim_publication(&post, &publishing, seen).await.map_err(Failure::soon)? != Transacted::Won {
            // Another worker has this post, or another post this account's next quarter of an hour.
            return self.settle_credit(&post, 0, now).await;
        }
        post.version += 1;
        self.call(post, &desk).await
    }

    /// Holds the credit of the call; false when the month's budget has none left.
    async fn hold_credit(&self, post: &Post, now: Timestamp) -> Result<bool, Failure> {
        let Some(workspace) = self.store.workspace(&post.workspace).await.map_err(Failure::soon)? else { return Ok(false) };
        let settings = &workspace.settings;
        let month = store::facts::month(now, &settings.zone());
        self.store.hold_credits(&post.workspace, &month, 1, settings.budget.credits_per_month).await.map_err(Failure::soon)
    }

    async fn settle_credit(&self, post: &Post, spent: u32, now: Timestamp) -> Outcome {
        let Some(workspace) = self.store.workspace(&post.workspace).await.map_err(Failure::soon)? else { return Ok(()) };
        let month = store::facts::month(now, &workspace.settings.zone());
        self.store.settle_credits(&post.workspace, &month, 1, spent, 0).await.map_err(Failure::soon)
    }

    async fn call(&self, mut post: Versioned<Post>, desk: &Desk) -> Outcome {
        let new = NewPost { text: post.text.clone(), media: post.media.clone() };
        if let Some(ability) = publish::lacking(desk.account.provider.capabilities(), post.author, &post.media) {
            self.settle_credit(&post, 0, self.clock.now()).await?;
            return self.fail(post, ability.refusal_fr().to_owned()).await;
        }
        let answer = match (post.author, &post.company_url) {
            (PostAuthor::Company, Some(company)) => desk.client.create_company_post(&desk.session, company, &new).await,
            _ => desk.client.create_post(&desk.session, &new).await,
        };
        let now = self.clock.now();
        let spent = answer.as_ref().map_or_else(|e| e.credits, |a| a.credits);
        self.settle_credit(&post, spent, now).await?;
        match answer {
            Ok(created) => {
                post.published_at = Some(now);
                note_address(&mut post, created.value.post_url.or(created.value.post_urn).as_deref());
                self.published(post, desk, now).await
            }
            Err(e) if e.surely_not_done() => self.not_done(post, desk, &e, now).await,
            Err(e) => {
                tracing::warn!(post = %post.id, kind = e.kind.as_str(), "post.outcome_unknown");
                Ok(())
            }
        }
    }

    /// The provider says, or it is certain, that nothing was published.
    async fn not_done(&self, mut post: Versioned<Post>, desk: &Desk, error: &CallError, now: Timestamp) -> Outcome {
        if error.pauses_account() {
            self.pause(&desk.account, &error.pause_reason(), now).await?;
        } else if !error.is_retryable() {
            let reason = format!("LinkedIn a refusé la publication\u{a0}: {}", error.message);
            return self.fail(post, reason).await;
        }
        let after = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok()).unwrap_or(HELD);
        post.status = PostStatus::Scheduled;
        post.claimed_at = None;
        post.check_at = Some(now + after);
        self.save(&mut post).await
    }

    async fn pause(&self, account: &Versioned<Account>, why: &str, now: Timestamp) -> Outcome {
        let pause = Pause { reason: why.to_owned(), since: now, resumes_at: None };
        self.store.pause_account(&account.workspace, &account.id, &pause).await.map_err(Failure::soon)
    }

    async fn published(&self, mut post: Versioned<Post>, desk: &Desk, now: Timestamp) -> Outcome {
        post.status = PostStatus::Published;
        post.failure = None;
        post.readings.clear();
        if post.urn.is_none()
            && let Seen::Found(found) = self.find(&post, desk, now).await?
        {
            note_address(&mut post, found.post_url.or(found.post_urn).as_deref());
        }
        // Until its pulls are planned, the publication comes back: the event may get lost.
        post.check_at = Some(now + if post.urn.is_some() { TELL_AGAIN } else { ADDRESS_WAIT });
        self.save(&mut post).await?;
        self.tell(&post).await
    }

    /// Points from the LinkedIn post to ours, then tells the bus. Both may come twice.
    async fn tell(&self, post: &Post) -> Outcome {
        if let Some(urn) = &post.urn {
            let pointer = PostPointer {
                workspace: post.workspace.clone(),
                urn: urn.clone(),
                post: post.id.clone(),
                published_at: post.published_at,
            };
            self.store.point_to_post(&pointer).await.map_err(Failure::soon)?;
        }
        let detail = serde_json::json!({ "workspace": post.workspace, "post": post.id });
        self.bus.put(vec![Event { name: "PostPublished", detail }]).await
    }

    /// Published, and its address or its pulls are still missing.
    async fn after(&self, mut post: Versioned<Post>, now: Timestamp) -> Outcome {
        if post.check_at.is_some_and(|at| now < at) {
            return Ok(());
        }
        if post.urn.is_none() {
            if post.readings.len() >= ADDRESS_TRIES_MAX {
                post.check_at = None;
                post.failure = Some("Publié, mais l’adresse de la publication n’a pas été trouvée\u{a0}: collez-la ici.".into());
                return self.save(&mut post).await;
            }
            post.readings.push(now);
            if let Ok(desk) = self.desk(&post).await?
                && let Seen::Found(found) = self.find(&post, &desk, now).await?
            {
                note_address(&mut post, found.post_url.or(found.post_urn).as_deref());
            }
        }
        let tries = i32::try_from(post.readings.len().max(1)).unwrap_or(i32::MAX);
        post.check_at = Some(now + if post.urn.is_some() { TELL_AGAIN } else { ADDRESS_WAIT * tries });
        self.save(&mut post).await?;
        self.tell(&post).await
    }

    /// Reads the author's own posts; twice without finding it, the author is asked.
    async fn settle(&self, mut post: Versioned<Post>, now: Timestamp) -> Outcome {
        if let Some(at) = post.check_at.filter(|at| now < *at) {
            return wait(at, now);
        }
        let Ok(desk) = self.desk(&post).await? else {
            // Nobody can look now: the outcome stays unknown, and is looked for again.
            post.check_at = Some(now + self.settle);
            post.failure = Some("La réponse de LinkedIn s’est perdue et le compte est à reconnecter pour vérifier.".into());
            return self.save(&mut post).await;
        };
        match self.find(&post, &desk, now).await? {
            Seen::Found(found) => {
                post.published_at = found.published_at.or(post.claimed_at);
                note_address(&mut post, found.post_url.or(found.post_urn).as_deref());
                self.published(post, &desk, now).await
            }
            Seen::NotThere => {
                post.readings.push(now);
                if post.readings.len() < 2 {
                    post.check_at = Some(now + self.settle);
                    return self.save(&mut post).await;
                }
                self.fail(post, ASK_AUTHOR.to_owned()).await
            }
            Seen::NoAddress => self.fail(post, ASK_AUTHOR.to_owned()).await,
            Seen::Later(at) => {
                post.check_at = Some(at);
                self.save(&mut post).await
            }
        }
    }

    /// The post among the author's own newest ones, by its text, not older than its claim. That it is not there is
    /// believed of the session only: the session-less list may lag.
    async fn find(&self, post: &Post, desk: &Desk, now: Timestamp) -> Result<Seen, Failure> {
        let author = match post.author {
            PostAuthor::Company => post.company_url.clone(),
            PostAuthor::Profile => desk.account.profile_url.clone(),
        };
        let Some(profile_url) = author else { return Ok(Seen::NoAddress) };
        if desk.client.capabilities().session_less_reads
            && let Some(found) = self.look(post, desk, Access::Data, &profile_url, now).await?.flatten()
        {
            return Ok(Seen::Found(Box::new(found)));
        }
        match self.store.session_read(&desk.account, now).await.map_err(Failure::soon)? {
            ReadPermit::NotBefore(at) => return Ok(Seen::Later(at)),
            ReadPermit::Granted(wait) => self.clock.wait(wait).await,
        }
        Ok(match self.look(post, desk, Access::Session(&desk.session), &profile_url, now).await? {
            Some(Some(found)) => Seen::Found(Box::new(found)),
            Some(None) => Seen::NotThere,
            None => Seen::Later(now + self.settle),
        })
    }

    /// One reading of the newest own posts; `None`: it did not work, or the month's budget is spent.
    async fn look(
        &self,
        post: &Post,
        desk: &Desk,
        access: Access<'_>,
        profile_url: &str,
        now: Timestamp,
    ) -> Result<Option<Option<PostRow>>, Failure> {
        if !self.hold_credit(post, now).await? {
            return Ok(None);
        }
        let query = PostsQuery { profile_url: profile_url.to_owned(), keyword: None, post_type: None, post_date: None, page: 1 };
        let answer = desk.client.own_posts(access, &query).await;
        let spent = answer.as_ref().map_or_else(|e| e.credits, |a| a.credits);
        self.settle_credit(post, spent, now).await?;
        match answer {
            Ok(answer) => Ok(Some(answer.value.rows.into_iter().find(|row| is_same(post, row)))),
            Err(e) => {
                tracing::warn!(post = %post.id, kind = e.kind.as_str(), "post.reading_failed");
                Ok(None)
            }
        }
    }

    async fn fail(&self, mut post: Versioned<Post>, reason: String) -> Outcome {
        tracing::warn!(post = %post.id, "post.failed");
        post.status = PostStatus::Failed;
        post.failure = Some(reason);
        post.check_at = None;
        self.save(&mut post).await
    }

    async fn save(&self, post: &mut Versioned<Post>) -> Outcome {
        // Lost: somebody else has gone on with this post; their word stands.
        let _saved = self.store.save(post).await.map_err(Failure::soon)?;
        Ok(())
    }
}

/// Not before its time: a short wait is left to the queue, a long one to the due index.
fn wait(due: Timestamp, now: Timestamp) -> Outcome {
    let seconds = u32::try_from(due.duration_since(now).as_secs() + 1).unwrap_or(u32::MAX);
    if seconds > 900 { Ok(()) } else { Err(Failure::later(seconds, "not due yet")) }
}

fn note_address(post: &mut Post, address: Option<&str>) {
    let Some(address) = address else { return };
    if let Ok(read) = post_url::parse(address) {
        post.urn = Some(read.urn());
        let given_as_url = address.starts_with("http");
        post.post_url = Some(if given_as_url { address.to_owned() } else { read.canonical() });
    }
}

/// Same words, and not from before the claim (a minute of difference between clocks allowed).
fn is_same(post: &Post, row: &PostRow) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let same = row.text.as_deref().is_some_and(|text| words(text) == words(&post.text));
    let since = post.claimed_at.unwrap_or(post.created_at) - SignedDuration::from_secs(60);
    same && row.published_at.is_none_or(|at| at >= since)
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_BUS",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_SETTLE_SECONDS",
];
