//! The lead finder: people who are searched for, and people brought in a file, a portion at a time.
//! Rules: docs/rules.md, "Lead sources".

mod course;
mod rows;
mod search;

use domain::job::{Job, Task};
use jiff::Timestamp;
use kit::{Clock, Failure, Handler, Outcome, Queues};
use outbound::providers::Providers;
use std::sync::Arc;
use store::Store;

/// What finding needs.
pub struct LeadFinder {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub providers: Providers,
    pub clock: Clock,
    /// A lease taken before this instant belongs to a process that has ended.
    pub booted_at: Option<Timestamp>,
}

#[async_trait::async_trait]
impl Handler for LeadFinder {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        match &job.task {
            Task::FindLeads { run } => self.advance(&job.workspace, run).await,
            other => Err(Failure::Unreadable(format!("nobody to find: {}", other.queue()))),
        }
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_QUEUE_FIND",
    "AMORCE_QUEUE_SCORE",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_SECRET_KEY",
];
