//! What earlier pulls of a LinkedIn post saw of its reactions. Rules: docs/rules.md, "Pages shift".

use crate::record::{Entity, Key, Versioned};
use crate::{Store, StoreError, Written, keys};
use domain::ids::{RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// After so long a pull reads the whole list again: only that shows who is gone.
pub const COMPLETE_EVERY: SignedDuration = SignedDuration::from_hours(3 * 24);
/// The most pulls between two complete ones.
const PULLS_MAX: usize = 20;

/// The pulls of one post so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub workspace: WorkspaceId,
    pub urn: String,
    /// The last complete pull and those after it: each a run, with the post's number in it.
    pub pulls: Vec<(RunId, u32)>,
    /// When the last complete pull began.
    pub complete_at: Option<Timestamp>,
    /// When the last pull ended that left nothing unread between what it saw and what was known: complete, or ended at a
    /// page known as a whole. What a pull saw that was cut off is no known ground.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// Whether the newest reactions were seen to stand first.
    pub newest_first: Option<bool>,
    /// Until when the session-less call is not tried again: it did not find the post.
    pub by_session_until: Option<Timestamp>,
}

impl Reading {
    /// Of a post nobody has read yet.
    pub fn new(ws: &WorkspaceId, urn: &str) -> Self {
        Self {
            workspace: ws.clone(),
            urn: urn.to_owned(),
            pulls: Vec::new(),
            complete_at: None,
            closed_at: None,
            newest_first: None,
            by_session_until: None,
        }
    }

    /// Whether a pull beginning at `now` may stop at the first page that is known as a whole.
    pub fn may_stop_early(&self, now: Timestamp) -> bool {
        let recent = self.complete_at.is_some_and(|at| now.duration_since(at) < COMPLETE_EVERY);
        recent && self.newest_first == Some(true) && self.pulls.len() < PULLS_MAX
    }
}

impl Entity for Reading {
    const TYPE: &'static str = "reading";
    fn key(&self) -> Key {
        keys::reading(&self.workspace, &self.urn)
    }
}

impl Store {
    /// What earlier pulls of a post saw; version 0 where there was none.
    pub async fn reading(&self, ws: &WorkspaceId, urn: &str) -> Result<Versioned<Reading>, StoreError> {
        let known = self.table.get(&keys::reading(ws, urn)).await?;
        Ok(known.unwrap_or_else(|| Versioned { item: Reading::new(ws, urn), version: 0 }))
    }

    /// Writes what a pull saw. Lost: another pull of the post has written meanwhile, and its word stands.
    pub async fn keep_reading(&self, reading: &mut Versioned<Reading>) -> Result<Written, StoreError> {
        match reading.version {
            0 => {
                let written = self.create(&reading.item).await?;
                reading.version = u64::from(written.won());
                Ok(written)
            }
            _ => self.save(reading).await,
        }
    }
}
