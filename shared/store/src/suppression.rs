//! The black list: who is never contacted. Every change raises the workspace's epoch in the same write.

use crate::record::{Entity, Key, ListEntry, Versioned, instant};
use crate::table::{Transacted, Walk};
use crate::{ListPage, Store, StoreError, keys};
use domain::ids::{SuppressionId, WorkspaceId};
use domain::vocabulary::SuppressionKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The source of entries that stand for erased people: hashes, never values.
pub const ERASURE: &str = "erasure";

/// One entry of the black list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    pub workspace: WorkspaceId,
    pub id: SuppressionId,
    pub kind: SuppressionKind,
    /// As given.
    pub value: String,
    /// What people are compared with: a key in its stored form, a domain, a company key.
    pub matched: String,
    pub reason: Option<String>,
    /// `member`, `reply`, `import`, `erasure`.
    pub source: String,
    /// True where the person asked for it.
    pub opted_out: bool,
    pub created_at: Timestamp,
}

impl Entity for Suppression {
    const TYPE: &'static str = "suppression";
    fn key(&self) -> Key {
        keys::suppression(&self.workspace, self.kind.as_str(), &self.matched)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{}#{}", instant(self.created_at), self.id);
        Some(ListEntry { list: keys::suppressions_list(&self.workspace), order })
    }
}

impl Store {
    /// Adds an entry and raises the epoch; lost when the entry is there already.
    pub async fn suppress(&self, entry: &Suppression) -> Result<Transacted, StoreError> {
        let raise = self.table.op_add(&keys::epoch(&entry.workspace), &[("n", 1)])?;
        self.table.transact(vec![self.table.op_create(entry)?, raise]).await
    }

    /// Removes an entry and raises the epoch.
    pub async fn unsuppress(&self, entry: &Suppression) -> Result<Transacted, StoreError> {
        let raise = self.table.op_add(&keys::epoch(&entry.workspace), &[("n", 1)])?;
        self.table.transact(vec![self.table.op_delete(&entry.key())?, raise]).await
    }

    /// The entries that match any of `candidates` (kind and compared value).
    pub async fn suppressions_of(
        &self,
        ws: &WorkspaceId,
        candidates: &[(SuppressionKind, String)],
    ) -> Result<Vec<Suppression>, StoreError> {
        let wanted: Vec<Key> = candidates.iter().map(|(k, v)| keys::suppression(ws, k.as_str(), v)).collect();
        let found: Vec<Versioned<Suppression>> = self.table.get_many(&wanted).await?;
        Ok(found.into_iter().map(|s| s.item).collect())
    }

    /// The black list, newest first.
    pub async fn suppressions(&self, ws: &WorkspaceId, walk: Walk) -> Result<ListPage<Suppression>, StoreError> {
        self.list_page(&keys::suppressions_list(ws), None, walk).await
    }
}
