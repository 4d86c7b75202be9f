//! API keys of a workspace: made for a role, shown once, taken away.

use crate::auth::{hash_of, new_key};
use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use crate::words::text;
use domain::ids::{KeyId, WorkspaceId};
use domain::vocabulary::Role;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::workspace::ApiKey;
use store::{Entity, Key, Store, StoreError, Transacted, Versioned, keys};

/// The most keys of a workspace.
const KEYS_MAX: usize = 500;

/// What a workspace knows of one of its keys; the key itself is found by its hash alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEntry {
    pub workspace: WorkspaceId,
    pub id: KeyId,
    pub name: String,
    pub role: Role,
    pub admin: bool,
    /// SHA-256 of the key, hex.
    pub hash: String,
    /// The member it acts for.
    pub email: String,
    pub created_at: Timestamp,
}

impl Entity for KeyEntry {
    const TYPE: &'static str = "key_entry";
    fn key(&self) -> Key {
        Key::new(list_of(&self.workspace), self.id.as_str())
    }
}

fn list_of(ws: &WorkspaceId) -> String {
    format!("{ws}#keys")
}

impl KeyEntry {
    /// The entry of a key.
    pub fn of(key: &ApiKey, name: &str) -> Self {
        Self {
            workspace: key.workspace.clone(),
            id: key.id.clone(),
            name: name.to_owned(),
            role: key.role,
            admin: key.admin,
            hash: key.hash.clone(),
            email: key.email.clone(),
            created_at: key.created_at,
        }
    }
}

/// Lists a key that came with its workspace.
pub async fn remember(store: &Store, key: &ApiKey) -> Result<(), StoreError> {
    store.table.overwrite(&KeyEntry::of(key, "première clé")).await
}

async fn entries(call: &Call) -> Result<Vec<Versioned<KeyEntry>>, Problem> {
    Ok(call.store().table.query_all(&list_of(call.ws()), "", KEYS_MAX).await?)
}

/// `GET /keys`: never the keys themselves.
pub async fn list(call: Call) -> Outcome {
    let entries = entries(&call).await?;
    Reply::slice(&call, "all", entries.iter().map(|e| show(&e.item)))
}

/// `POST /keys` `{"name","role"}`: the key is shown once.
pub async fn create(call: Call) -> Outcome {
    let roles: Vec<&str> = Role::ALL.iter().map(|r| r.as_str()).collect();
    let (name, role, admin) = {
        let body = call.body()?;
        let name = body.required("name", 200);
        body.required("role", 20);
        let role = body.word("role", Role::parse, &roles);
        let admin = body.flag("admin").unwrap_or(false);
        if admin && !call.who.admin {
            body.fault("admin", text("seule une clé d’administration en crée une autre", "only an admin key makes another"));
        }
        body.finish()?;
        (name.unwrap_or_default(), role.unwrap_or(Role::Viewer), admin)
    };
    if entries(&call).await?.len() >= KEYS_MAX {
        return Err(Problem::refused(text("Trop de clés\u{a0}: retirez-en d’abord.", "Too many keys: remove some first.")));
    }
    let secret = new_key()?;
    let hash = hash_of(secret.expose_secret());
    let id = KeyId::from_uuid(call.new_uuid());
    let email = call.who.email.clone();
    let key = ApiKey { hash, id, workspace: call.ws().clone(), role, admin, email, created_at: call.now };
    let entry = KeyEntry::of(&key, &name);
    let table = &call.store().table;
    match table.transact(vec![table.op_create(&entry)?, table.op_create(&key)?]).await? {
        Transacted::Won => {}
        Transacted::Lost(_) => {
            return Err(Problem::conflict(text(
                "Cette clé existe déjà\u{a0}; elle n’a été montrée qu’une fois.",
                "This key exists already; it was shown once.",
            )));
        }
    }
    call.audit("key.created", Some(entry.id.as_str()), json!({"role": role, "admin": admin})).await?;
    let mut shown = show(&entry);
    shown["api_key"] = json!(secret.expose_secret());
    Reply::created(shown)
}

/// `DELETE /keys/{id}`: the key no longer opens anything.
pub async fn delete(call: Call) -> Outcome {
    let id = call.id(KeyId::parse)?;
    let entry = call.store().table.get::<KeyEntry>(&Key::new(list_of(call.ws()), id.as_str())).await?;
    let entry = entry.ok_or_else(Problem::not_found)?;
    if entry.hash == call.who.hash {
        return Err(Problem::conflict(text("Une clé ne se retire pas elle-même.", "A key does not remove itself.")));
    }
    take_away(&call, &entry).await?;
    call.audit("key.removed", Some(id.as_str()), json!({})).await?;
    Reply::gone()
}

async fn take_away(call: &Call, entry: &KeyEntry) -> Result<(), Problem> {
    Ok(call.store().table.delete_many(&[keys::api_key(&entry.hash), entry.key()]).await?)
}

/// Takes away the keys that act for somebody who leaves.
pub async fn take_away_of(call: &Call, email: &str) -> Result<(), Problem> {
    for entry in entries(call).await?.iter().filter(|e| e.email == email) {
        take_away(call, entry).await?;
    }
    Ok(())
}

fn show(entry: &KeyEntry) -> Value {
    json!({
        "id": entry.id, "name": entry.name, "role": entry.role, "admin": entry.admin, "email": entry.email,
        "created_at": entry.created_at,
    })
}
