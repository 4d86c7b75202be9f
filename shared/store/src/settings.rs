//! The list of those who are no leads, the audit log, and background jobs.

use crate::record::{DueEntry, Entity, Key, Versioned, instant};
use crate::table::{Page, Walk};
use crate::{Store, StoreError, keys, record};
use domain::ids::{AuditId, ExclusionId, JobId, WorkspaceId};
use domain::job::queue;
use domain::vocabulary::ExclusionKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most entries of the list of those who are no leads.
pub const EXCLUSIONS_MAX: usize = 5_000;

/// Somebody or some company that is no lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    pub workspace: WorkspaceId,
    pub id: ExclusionId,
    pub kind: ExclusionKind,
    /// As given: a LinkedIn company, a domain, a name, or a person's profile.
    pub value: String,
    /// What companies are compared with (`id:…`, `domain:…`, `name:…`) or a person's key in its stored form.
    pub matched: String,
    pub created_at: Timestamp,
}

impl Entity for Exclusion {
    const TYPE: &'static str = "exclusion";
    fn key(&self) -> Key {
        Key::new(keys::exclusions(&self.workspace), self.id.as_str())
    }
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    pub workspace: WorkspaceId,
    pub id: AuditId,
    pub at: Timestamp,
    /// A member's e-mail or a key's id.
    pub who: String,
    /// `workspace.changed`, `prospect.overruled`…
    pub action: String,
    /// The id of what was acted on.
    pub subject: Option<String>,
    pub detail: serde_json::Value,
}

impl Entity for AuditLine {
    const TYPE: &'static str = "audit";
    fn key(&self) -> Key {
        Key::new(keys::audit(&self.workspace), format!("{}#{}", instant(self.at), self.id))
    }
}

/// Long work asked for over HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Background {
    pub workspace: WorkspaceId,
    pub id: JobId,
    pub kind: String,
    /// `running`, `done` or `failed`.
    pub status: String,
    pub done: u64,
    pub total: u64,
    pub result: serde_json::Value,
    pub created_at: Timestamp,
    /// How far the people of the workspace were gone through, as a cursor of their list.
    #[serde(default)]
    pub position: Option<String>,
    /// When to go on with going through them.
    #[serde(default)]
    pub next_at: Option<Timestamp>,
}

impl Background {
    /// The kind that scores everybody again.
    pub const RESCORE: &'static str = "rescore";
    /// The kind that decides about everybody again.
    pub const DECIDE: &'static str = "decide";

    /// A job that has just begun.
    pub fn begun(ws: &WorkspaceId, id: &JobId, kind: &str, total: u64, now: Timestamp) -> Self {
        Self {
            workspace: ws.clone(),
            id: id.clone(),
            kind: kind.to_owned(),
            status: "running".to_owned(),
            done: 0,
            total,
            result: serde_json::json!({}),
            created_at: now,
            position: None,
            next_at: None,
        }
    }
}

impl Entity for Background {
    const TYPE: &'static str = "background";
    fn key(&self) -> Key {
        keys::background(&self.workspace, &self.id)
    }
    fn due(&self) -> Option<DueEntry> {
        Some(DueEntry { at: self.next_at?, queue: queue::SCORE, kind: "renew" })
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.created_at + jiff::SignedDuration::from_hours(24 * 30))
    }
}

impl Store {
    /// Those who are no leads.
    pub async fn exclusions(&self, ws: &WorkspaceId) -> Result<Vec<Versioned<Exclusion>>, StoreError> {
        self.table.query_all(&keys::exclusions(ws), "", EXCLUSIONS_MAX).await
    }

    /// Writes a line of the audit log.
    pub async fn audit(&self, line: &AuditLine) -> Result<(), StoreError> {
        self.table.overwrite(line).await
    }

    /// The audit log, newest first.
    pub async fn audit_lines(&self, ws: &WorkspaceId, walk: Walk) -> Result<Page<AuditLine>, StoreError> {
        let page = self.table.query(&keys::audit(ws), "", Walk { descending: true, ..walk }).await?;
        let items = page.items.iter().map(|i| record::decode(i).map(|v: Versioned<AuditLine>| v.item));
        Ok(Page { items: items.collect::<Result<_, _>>()?, next: page.next })
    }

    /// One background job.
    pub async fn background(&self, ws: &WorkspaceId, id: &JobId) -> Result<Option<Versioned<Background>>, StoreError> {
        self.table.get(&keys::background(ws, id)).await
    }
}
