//! Batches: a few people on their way through score, gate and draft, with one due entry for all of them.

use crate::record::{DueEntry, Entity, Key, Versioned};
use crate::{Store, StoreError, keys};
use domain::ids::{BatchId, ProspectId, WorkspaceId};
use domain::job::queue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most people in one batch.
pub const PEOPLE_MAX: usize = 10;

/// What a batch waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Score,
    Gate,
    Draft,
}

/// A few people on their way. It is deleted when each of them has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub workspace: WorkspaceId,
    pub id: BatchId,
    pub stage: Stage,
    pub people: Vec<ProspectId>,
    /// Who or what asked.
    pub asked_by: String,
    /// Read the people again however fresh their analysis is.
    pub reread: bool,
    pub tries: u32,
    /// When it is taken up again, should its message be lost.
    pub next_at: Timestamp,
}

impl Entity for Batch {
    const TYPE: &'static str = "batch";
    fn key(&self) -> Key {
        keys::batch(&self.workspace, &self.id)
    }
    fn due(&self) -> Option<DueEntry> {
        // One entry for all stages, so that a handover does not touch the index: the scorer passes a later stage on.
        Some(DueEntry { at: self.next_at, queue: queue::SCORE, kind: "score_batch" })
    }
}

impl Store {
    /// One batch; gone when everybody has arrived.
    pub async fn batch(&self, ws: &WorkspaceId, id: &BatchId) -> Result<Option<Versioned<Batch>>, StoreError> {
        self.table.get(&keys::batch(ws, id)).await
    }

    /// The batches under way, at most `max`.
    pub async fn batches(&self, ws: &WorkspaceId, max: usize) -> Result<Vec<Versioned<Batch>>, StoreError> {
        self.table.query_all(&keys::batches(ws), "", max).await
    }
}
