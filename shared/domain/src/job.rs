//! The messages of the queues: small, without personal data; each may come twice, late, out of order,
//! or after its subject was erased.

use crate::ids::{AccountId, BatchId, InboundId, JobId, MessageId, PostId, RunId, WorkspaceId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The version of the message format.
pub const VERSION: u8 = 1;

/// The queues by name.
pub mod queue {
    /// Publications that are due.
    pub const PUBLISH: &str = "publish";
    /// Pages of collections.
    pub const PULL: &str = "pull";
    /// Pages of searches and of files.
    pub const FIND: &str = "find";
    /// People to analyse and score.
    pub const SCORE: &str = "score";
    /// People to decide about.
    pub const GATE: &str = "gate";
    /// People to write a draft for.
    pub const DRAFT: &str = "draft";
    /// Instants to send at, and unknown outcomes to settle.
    pub const SEND: &str = "send";
    /// Events that came in, and what people asked for: to be read for answers, to be erased.
    pub const INBOUND: &str = "inbound";
    /// All of them, in the order of the flow.
    pub const ALL: [&str; 8] = [PUBLISH, PULL, FIND, SCORE, GATE, DRAFT, SEND, INBOUND];
}

/// What wants to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Publish a post, or find out what became of it.
    PublishPost { post: PostId },
    /// Plan the pulls of a post just published.
    PlanPulls { post: PostId },
    /// Go on with a collection from posts.
    ContinueRun { run: RunId },
    /// Go on with a search, or with the rows of a file.
    FindLeads { run: RunId },
    /// Read the newest connections of an account, to notice acceptances.
    PollAcceptances { account: AccountId },
    /// Go on with deciding about everybody again.
    Renew { job: JobId },
    /// Analyse and score the people of a batch.
    ScoreBatch { batch: BatchId },
    /// Decide about the people of a batch.
    GateBatch { batch: BatchId },
    /// Write drafts for the people of a batch.
    DraftBatch { batch: BatchId },
    /// An account's instant to send has come.
    SendInstant { account: AccountId, date: Date },
    /// A send has been under way for too long, or its outcome is unknown.
    SettleMessage { message: MessageId },
    /// Apply one inbound event.
    ApplyInbound { inbound: InboundId },
    /// Go on erasing a person.
    Erase { erasure: JobId },
}

impl Task {
    /// The queue this task travels in.
    pub fn queue(&self) -> &'static str {
        match self {
            Self::PublishPost { .. } => queue::PUBLISH,
            Self::PlanPulls { .. } | Self::ContinueRun { .. } => queue::PULL,
            Self::FindLeads { .. } => queue::FIND,
            Self::ScoreBatch { .. } | Self::Renew { .. } => queue::SCORE,
            Self::GateBatch { .. } => queue::GATE,
            Self::DraftBatch { .. } => queue::DRAFT,
            Self::SendInstant { .. } | Self::SettleMessage { .. } => queue::SEND,
            Self::ApplyInbound { .. } | Self::PollAcceptances { .. } | Self::Erase { .. } => queue::INBOUND,
        }
    }
}

/// A queue message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Format version.
    pub v: u8,
    /// Whose work it is.
    pub workspace: WorkspaceId,
    /// What to do.
    #[serde(flatten)]
    pub task: Task,
}

impl Job {
    /// A message of the current version.
    pub fn new(workspace: &WorkspaceId, task: Task) -> Self {
        Self { v: VERSION, workspace: workspace.clone(), task }
    }

    /// The body of the message.
    pub fn body(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a body; the error says what is wrong and holds none of the body.
    pub fn read(body: &str) -> Result<Self, String> {
        let job: Self = serde_json::from_str(body).map_err(|e| format!("unreadable job at column {}", e.column()))?;
        if job.v == VERSION { Ok(job) } else { Err(format!("job of version {}", job.v)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_pinned() {
        let job = Job::new(&WorkspaceId::derive(&["w"]), Task::ScoreBatch { batch: BatchId::derive(&["b"]) });
        let expected = format!(
            r#"{{"v":1,"workspace":"{}","kind":"score_batch","batch":"{}"}}"#,
            WorkspaceId::derive(&["w"]),
            BatchId::derive(&["b"])
        );
        assert_eq!(job.body(), expected);
        assert_eq!(Job::read(&expected), Ok(job));
    }

    #[test]
    fn another_version_and_rubbish_are_refused() {
        assert!(Job::read("{").is_err());
        assert!(Job::read(r#"{"v":2,"workspace":"ws_1","kind":"score_batch","batch":"bat_1"}"#).is_err());
        assert!(Job::read(r#"{"v":1,"workspace":"ws_1","kind":"dance"}"#).is_err());
    }
}
