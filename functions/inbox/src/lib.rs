//! The inbox: applies what came in (replies, acceptances), looks for it where nothing is pushed, and erases whoever
//! asked for it. Rules: docs/rules.md, "Replies" and "Erasure".

mod accept;
mod apply;
mod erase;
mod opted_out;
mod poll;
mod reading;
mod take;
mod thread;
mod withdraw;

use domain::job::{Job, Task};
use jiff::SignedDuration;
use kit::{Bus, Clock, Failure, Handler, Outcome, Queues};
use outbound::providers::Providers;
use std::sync::Arc;
use store::Store;

/// How often the newest connections are read where nobody sets it otherwise, in seconds.
pub const POLL_SECONDS: u64 = 14_400;
/// How often an item is written again when others write it too.
const ROUNDS_MAX: usize = 12;

/// What applying needs.
pub struct Inbox {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub bus: Arc<dyn Bus>,
    pub providers: Providers,
    pub clock: Clock,
    /// How often the newest connections are read, give or take a tenth.
    pub acceptance_poll: SignedDuration,
}

#[async_trait::async_trait]
impl Handler for Inbox {
    async fn handle(&self, body: &str) -> Outcome {
        let job = Job::read(body).map_err(Failure::Unreadable)?;
        match &job.task {
            Task::ApplyInbound { inbound } => self.apply(&job.workspace, inbound).await,
            Task::PollAcceptances { account } => self.poll(&job.workspace, account).await,
            Task::Erase { erasure } => self.erase(&job.workspace, erasure).await,
            other => Err(Failure::Unreadable(format!("not an inbound event: {}", other.queue()))),
        }
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_BUS",
    "AMORCE_QUEUE_GATE",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_ACCEPTANCE_POLL_SECONDS",
];
