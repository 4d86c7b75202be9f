//! Who asks: API keys, their hashes, and the first workspace of a new installation.

use crate::api_keys;
use crate::problem::Problem;
use argon2::password_hash::{PasswordHasher, SaltString};
use domain::ids::{KeyId, MemberId, WorkspaceId};
use domain::vocabulary::Role;
use domain::workspace::Settings;
use http::{HeaderMap, header};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use store::workspace::{ApiKey, Member, Workspace};
use store::{Store, StoreError, Transacted};
use uuid::Uuid;

/// The prefix of the keys we make.
pub const KEY_PREFIX: &str = "amo_";

/// SHA-256 of a secret, hex: what the store knows of keys and tokens.
pub fn hash_of(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// The key behind `Authorization: Bearer`.
///
/// # Errors
/// 401 without a key or with an unknown one.
pub async fn caller(store: &Store, headers: &HeaderMap) -> Result<ApiKey, Problem> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let secret = match value.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => secret.trim(),
        _ => "",
    };
    if secret.is_empty() {
        return Err(Problem::unauthorized());
    }
    store.api_key(&hash_of(secret)).await?.ok_or_else(Problem::unauthorized)
}

/// A new key, shown once.
pub fn new_key() -> Result<SecretString, kit::seal::SealError> {
    Ok(SecretString::from(format!("{KEY_PREFIX}{}", kit::seal::random_hex(24)?)))
}

/// A workspace with its owner and first key, ready to be written together.
pub struct Founding {
    pub workspace: Workspace,
    pub owner: Member,
    pub key: ApiKey,
}

impl Founding {
    /// The parts of a new workspace; `id` makes all their ids.
    pub fn new(id: Uuid, name: &str, email: &str, secret: &SecretString, admin: bool, now: Timestamp) -> Self {
        let ws = WorkspaceId::from_uuid(id);
        let settings = Settings::new(name);
        let workspace = Workspace { id: ws.clone(), settings, created_at: now, policy_changed_at: now };
        let owner = Member {
            workspace: ws.clone(),
            id: MemberId::derive(&[ws.as_str(), email]),
            email: email.to_owned(),
            role: Role::Owner,
            password_hash: None,
            created_at: now,
        };
        let hash = hash_of(secret.expose_secret());
        let key = ApiKey {
            id: KeyId::derive(&[&hash]),
            hash,
            workspace: ws,
            role: Role::Owner,
            admin,
            email: email.to_owned(),
            created_at: now,
        };
        Self { workspace, owner, key }
    }
}

/// Why the first workspace could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address given cannot be one.
    #[error("AMORCE_BOOTSTRAP_EMAIL is not an e-mail address")]
    Email,
    /// The password could not be hashed.
    #[error("the bootstrap password cannot be hashed")]
    Password,
    /// The system gives no randomness.
    #[error("no randomness")]
    Random,
}

/// What the environment gives for the first start.
#[derive(Debug, Default)]
pub struct BootstrapValues {
    pub email: Option<String>,
    pub password: Option<SecretString>,
    pub api_key: Option<SecretString>,
}

impl BootstrapValues {
    /// Reads `AMORCE_BOOTSTRAP_EMAIL`, `_PASSWORD` and `_API_KEY`.
    pub fn read(config: &kit::Config) -> Self {
        let secret = |name: &str| config.optional(name).map(SecretString::from);
        Self {
            email: config.optional("AMORCE_BOOTSTRAP_EMAIL"),
            password: secret("AMORCE_BOOTSTRAP_PASSWORD"),
            api_key: secret("AMORCE_BOOTSTRAP_API_KEY"),
        }
    }

    fn is_empty(&self) -> bool {
        self.email.is_none() && self.password.is_none() && self.api_key.is_none()
    }
}

/// Makes the first workspace from the values given; at a later start they are ignored with a warning.
///
/// Answers the workspace of the first start, `None` when there is none and no values were given.
pub async fn bootstrap(store: &Store, values: &BootstrapValues, now: Timestamp) -> Result<Option<WorkspaceId>, BootstrapError> {
    if let Some(known) = store.bootstrap().await? {
        if !values.is_empty() {
            tracing::warn!(workspace = %known, "bootstrap.ignored");
        }
        return Ok(Some(known));
    }
    let given = values.email.clone().unwrap_or_else(|| "owner@localhost.invalid".to_owned());
    let Some(secret) = &values.api_key else {
        if !values.is_empty() {
            tracing::warn!("bootstrap.without_key");
        }
        return Ok(None);
    };
    let email = domain::identity::email(&given).ok_or(BootstrapError::Email)?;
    let mut founding = Founding::new(Uuid::now_v7(), "Mon espace", &email, secret, true, now);
    if let Some(password) = &values.password {
        founding.owner.password_hash = Some(password_hash(password)?);
    }
    match store.create_workspace(&founding.workspace, &founding.owner, &founding.key, true).await? {
        Transacted::Won => {
            api_keys::remember(store, &founding.key).await?;
            tracing::info!(workspace = %founding.workspace.id, "bootstrap.done");
            Ok(Some(founding.workspace.id))
        }
        // Another process started at the same moment and was first.
        Transacted::Lost(_) => Ok(store.bootstrap().await?),
    }
}

/// argon2id of a password, in its own text form.
fn password_hash(password: &SecretString) -> Result<String, BootstrapError> {
    let salt = kit::seal::random_hex(16).map_err(|_| BootstrapError::Random)?;
    let salt = SaltString::encode_b64(salt.as_bytes().get(..16).unwrap_or_default()).map_err(|_| BootstrapError::Password)?;
    let hash = argon2::Argon2::default().hash_password(password.expose_secret().as_bytes(), &salt);
    Ok(hash.map_err(|_| BootstrapError::Password)?.to_string())
}
