//! Events that came in from outside, kept raw until they are applied.

use crate::record::{DueEntry, Entity, Key, ListEntry, Versioned, instant};
use crate::{Store, StoreError, keys};
use domain::ids::{AccountId, InboundId, WorkspaceId};
use domain::job::queue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// One event, as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    pub workspace: WorkspaceId,
    pub id: InboundId,
    /// `linkup-v1` and its kin.
    pub vendor: String,
    pub account: Option<AccountId>,
    /// The body, cut nowhere: larger ones are refused at the door. Empty where it spoke of somebody erased.
    pub body: String,
    pub received_at: Timestamp,
    /// What became of it; `None` while it waits.
    pub verdict: Option<String>,
    pub tries: u32,
    pub next_at: Option<Timestamp>,
}

impl Entity for Inbound {
    const TYPE: &'static str = "inbound";
    fn key(&self) -> Key {
        keys::inbound(&self.workspace, &self.id)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{}#{}", instant(self.received_at), self.id);
        Some(ListEntry { list: keys::inbound_list(&self.workspace), order })
    }
    fn due(&self) -> Option<DueEntry> {
        let at = if self.verdict.is_none() { self.next_at } else { None }?;
        Some(DueEntry { at, queue: queue::INBOUND, kind: "apply_inbound" })
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.received_at + SignedDuration::from_hours(24 * 30))
    }
}

impl Store {
    /// One inbound event.
    pub async fn inbound(&self, ws: &WorkspaceId, id: &InboundId) -> Result<Option<Versioned<Inbound>>, StoreError> {
        self.table.get(&keys::inbound(ws, id)).await
    }
}
