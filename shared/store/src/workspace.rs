//! Workspaces, their members and API keys.

use crate::record::{Entity, Key, Versioned};
use crate::table::Transacted;
use crate::{Store, StoreError, keys};
use domain::ids::{KeyId, MemberId, WorkspaceId};
use domain::vocabulary::Role;
use domain::workspace::Settings;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One company (client) with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub settings: Settings,
    pub created_at: Timestamp,
    /// When settings that decisions read were last changed.
    pub policy_changed_at: Timestamp,
}

impl Entity for Workspace {
    const TYPE: &'static str = "workspace";
    fn key(&self) -> Key {
        keys::workspace(&self.id)
    }
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub workspace: WorkspaceId,
    pub id: MemberId,
    /// Lower case.
    pub email: String,
    pub role: Role,
    /// argon2id, in its own text form.
    pub password_hash: Option<String>,
    pub created_at: Timestamp,
}

impl Entity for Member {
    const TYPE: &'static str = "member";
    fn key(&self) -> Key {
        Key::new(keys::members(&self.workspace), self.id.as_str())
    }
}

/// That somebody belongs to a workspace, found by e-mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    pub email: String,
    pub workspace: WorkspaceId,
}

impl Entity for Membership {
    const TYPE: &'static str = "membership";
    fn key(&self) -> Key {
        Key::new(keys::workspaces_of(&self.email), self.workspace.as_str())
    }
}

/// An API key, found by the hash of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// SHA-256 of the key, hex.
    pub hash: String,
    pub id: KeyId,
    pub workspace: WorkspaceId,
    pub role: Role,
    /// May create workspaces.
    pub admin: bool,
    /// The member it acts for.
    pub email: String,
    pub created_at: Timestamp,
}

impl Entity for ApiKey {
    const TYPE: &'static str = "api_key";
    fn key(&self) -> Key {
        keys::api_key(&self.hash)
    }
}

/// Which workspace the first start made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrap {
    pub workspace: WorkspaceId,
}

impl Entity for Bootstrap {
    const TYPE: &'static str = "bootstrap";
    fn key(&self) -> Key {
        keys::bootstrap()
    }
}

impl Store {
    /// A workspace with its settings.
    pub async fn workspace(&self, id: &WorkspaceId) -> Result<Option<Versioned<Workspace>>, StoreError> {
        self.table.get(&keys::workspace(id)).await
    }

    /// Makes a workspace with its owner and first key, all or nothing; lost when it is there already.
    pub async fn create_workspace(
        &self,
        workspace: &Workspace,
        owner: &Member,
        key: &ApiKey,
        first: bool,
    ) -> Result<Transacted, StoreError> {
        let membership = Membership { email: owner.email.clone(), workspace: workspace.id.clone() };
        let mut ops = vec![
            self.table.op_create(workspace)?,
            self.table.op_create(owner)?,
            self.table.op_create(key)?,
            self.table.op_overwrite(&membership)?,
        ];
        if first {
            ops.push(self.table.op_create(&Bootstrap { workspace: workspace.id.clone() })?);
        }
        self.table.transact(ops).await
    }

    /// The workspace that the first start made.
    pub async fn bootstrap(&self) -> Result<Option<WorkspaceId>, StoreError> {
        Ok(self.table.get::<Bootstrap>(&keys::bootstrap()).await?.map(|b| b.item.workspace))
    }

    /// The key with this hash.
    pub async fn api_key(&self, hash: &str) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.table.get::<ApiKey>(&keys::api_key(hash)).await?.map(|k| k.item))
    }

    /// The workspaces somebody belongs to, at most 500.
    pub async fn workspaces_of(&self, email: &str) -> Result<Vec<WorkspaceId>, StoreError> {
        let found = self.table.query_all::<Membership>(&keys::workspaces_of(email), "", 500).await?;
        Ok(found.into_iter().map(|m| m.item.workspace).collect())
    }

    /// The members of a workspace, at most 500.
    pub async fn members(&self, ws: &WorkspaceId) -> Result<Vec<Versioned<Member>>, StoreError> {
        self.table.query_all(&keys::members(ws), "", 500).await
    }
}
