//! The engagement puller: plans the pulls of a publication and collects who reacted and commented, page by page.
//! Rules: docs/rules.md, "Lead sources".

mod again;
mod collect;
mod own_posts;
mod page;
mod rows;
mod tones;

use domain::ids::{PostId, RunId, WorkspaceId};
use domain::job::{Job, Task};
use domain::publish;
use domain::vocabulary::{LeadSource, PostStatus};
use jiff::Timestamp;
use kit::{Bus, Clock, Failure, Handler, Outcome, Queues};
use outbound::model::Model;
use outbound::providers::Providers;
use std::sync::Arc;
use store::Store;
use store::post::{Post, Pull};
use store::run::{Run, Subject};

/// The most results read per kind by a planned pull.
const PLANNED_LIMIT: u32 = 10_000;

/// What collecting needs.
pub struct EngagementPuller {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub bus: Arc<dyn Bus>,
    pub providers: Providers,
    pub clock: Clock,
    /// Who reads the tone of comments; without one the lexicon does.
    pub model: Option<Arc<dyn Model>>,
    /// A lease taken before this instant belongs to a process that has ended.
    pub booted_at: Option<Timestamp>,
}

#[async_trait::async_trait]
impl Handler for EngagementPuller {
    async fn handle(&self, body: &str) -> Outcome {
        let job = read(body)?;
        match &job.task {
            Task::PlanPulls { post } => self.plan(&job.workspace, post).await,
            Task::ContinueRun { run } => self.advance(&job.workspace, run).await,
            other => Err(Failure::Unreadable(format!("not a collection: {}", other.queue()))),
        }
    }
}

/// A job of the queue, or the bus's word that a post was published.
fn read(body: &str) -> Result<Job, Failure> {
    #[derive(serde::Deserialize)]
    struct Told {
        #[serde(rename = "detail-type")]
        name: String,
        detail: Published,
    }
    #[derive(serde::Deserialize)]
    struct Published {
        workspace: WorkspaceId,
        post: PostId,
    }
    match serde_json::from_str::<Told>(body) {
        Ok(told) if told.name == "PostPublished" => {
            Ok(Job::new(&told.detail.workspace, Task::PlanPulls { post: told.detail.post }))
        }
        _ => Job::read(body).map_err(Failure::Unreadable),
    }
}

impl EngagementPuller {
    /// Plans the pulls of a publication, once.
    async fn plan(&self, ws: &WorkspaceId, id: &PostId) -> Outcome {
        let now = self.clock.now();
        let Some(mut post) = self.store.post(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        let Some(workspace) = self.store.workspace(ws).await.map_err(Failure::soon)? else { return Ok(()) };
        let (Some(published_at), Some(urn)) = (post.published_at, post.urn.clone()) else { return Ok(()) };
        if post.status != PostStatus::Published || !post.pulls.is_empty() {
            return Ok(());
        }
        let instants = publish::pulls(&workspace.settings.pull_after, published_at, post.id.as_str());
        // Instants that have passed, of a post registered late, are one collection now.
        let passed = instants.iter().rposition(|at| *at <= now);
        let mut pulls = Vec::with_capacity(instants.len());
        for (place, due_at) in instants.into_iter().enumerate() {
            let place = passed.map_or(place, |last| place.max(last));
            let run = RunId::derive(&[ws.as_str(), id.as_str(), "pull", &place.to_string()]);
            if pulls.iter().all(|p: &Pull| p.run != run) {
                let planned = planned_run(&post, &urn, &run, due_at.max(now), now);
                // Lost: an earlier try has planned it.
                let _known = self.store.create(&planned).await.map_err(Failure::soon)?;
            }
            pulls.push(Pull { due_at, run });
        }
        post.pulls = pulls;
        post.check_at = None;
        // Lost: another copy of the event has planned the same pulls.
        let _planned = self.store.save(&mut post).await.map_err(Failure::soon)?;
        Ok(())
    }
}

fn planned_run(post: &Post, urn: &str, id: &RunId, due_at: Timestamp, now: Timestamp) -> Run {
    Run {
        account: Some(post.account.clone()),
        post: Some(post.id.clone()),
        post_url: post.post_url.clone().unwrap_or_else(|| urn.to_owned()),
        urn: urn.to_owned(),
        own_post: true,
        post_date: post.published_at.unwrap_or(now),
        limit: PLANNED_LIMIT,
        credits_estimated: 2 * PLANNED_LIMIT.div_ceil(collect::RESULTS_PER_CREDIT),
        next_at: Some(due_at),
        ..Run::queued(&post.workspace, id.clone(), LeadSource::Hot, Subject::Post, now)
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_BUS",
    "AMORCE_QUEUE_PULL",
    "AMORCE_QUEUE_SCORE",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_WRITER",
    "AMORCE_WRITER_URL",
    "AMORCE_WRITER_KEY",
    "AMORCE_WRITER_MODEL",
    "AMORCE_WRITER_PRICES",
];
