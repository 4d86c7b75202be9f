//! Sending people on their way through score, gate and draft.

use crate::batch::{Batch, PEOPLE_MAX, Stage};
use crate::prospect::Prospect;
use crate::{Store, StoreError};
use domain::ids::{BatchId, ProspectId, WorkspaceId};
use domain::job::{Job, Task};
use jiff::{SignedDuration, Timestamp};

/// How long a batch is left alone before it is taken up again.
pub const BATCH_LEASE: SignedDuration = SignedDuration::from_secs(10 * 60);

impl Store {
    /// Starts `people` at `stage` in batches of ten; answers the messages to send. The same people asked for by the
    /// same `asked_by` at the same instant make the same batches.
    ///
    /// # Errors
    /// When the store is unavailable; some batches may then have started, and find their way by the due index.
    pub async fn start_batch(
        &self,
        ws: &WorkspaceId,
        stage: Stage,
        people: &[ProspectId],
        asked_by: &str,
        reread: bool,
        now: Timestamp,
    ) -> Result<Vec<Job>, StoreError> {
        let mut jobs = Vec::new();
        for chunk in people.chunks(PEOPLE_MAX) {
            let mut about: Vec<&str> = vec![ws.as_str(), asked_by];
            about.extend(chunk.iter().map(ProspectId::as_str));
            let at = now.as_millisecond().to_string();
            about.push(&at);
            let batch = Batch {
                workspace: ws.clone(),
                id: BatchId::derive(&about),
                stage,
                people: chunk.to_vec(),
                asked_by: asked_by.to_owned(),
                reread,
                tries: 0,
                next_at: now + BATCH_LEASE,
            };
            // Lost: this very batch was started before; its message may still be missing.
            let _known = self.create(&batch).await?;
            jobs.push(job_of(&batch));
        }
        Ok(jobs)
    }
}

impl Store {
    /// Has people decided about anew, for `asked_by`; answers the messages to send. Those without a score go by the scorer:
    /// what was out of their reach, or not worth a reading, may be so no longer.
    pub async fn start_deciding(
        &self,
        ws: &WorkspaceId,
        people: &[&Prospect],
        asked_by: &str,
        now: Timestamp,
    ) -> Result<Vec<Job>, StoreError> {
        let mut jobs = Vec::new();
        for (stage, scored) in [(Stage::Gate, true), (Stage::Score, false)] {
            let of_stage = people.iter().filter(|p| p.score.is_some() == scored);
            let ids: Vec<ProspectId> = of_stage.map(|p| p.id.clone()).collect();
            jobs.extend(self.start_batch(ws, stage, &ids, asked_by, false, now).await?);
        }
        Ok(jobs)
    }
}

/// The message that takes a batch on.
pub fn job_of(batch: &Batch) -> Job {
    let id = batch.id.clone();
    let task = match batch.stage {
        Stage::Score => Task::ScoreBatch { batch: id },
        Stage::Gate => Task::GateBatch { batch: id },
        Stage::Draft => Task::DraftBatch { batch: id },
    };
    Job::new(&batch.workspace, task)
}
