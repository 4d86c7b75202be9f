//! The door for events from outside: verify, keep, answer. What they mean is worked out from a queue.

mod config;
mod problem;

pub use config::{CONFIG, StartError, start};

use crate::problem::{answer, refuse};
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::post;
use domain::ids::InboundId;
use domain::job::{Job, Task};
use domain::vocabulary::Provider;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::{SignedDuration, Timestamp};
use kit::seal::Sealer;
use kit::{Clock, Queues};
use outbound::linkup_webhook::{self, SIGNATURE_HEADER, TIMESTAMP_HEADER, Unverified};
use outbound::unipile_webhook::{self, SECRET_HEADER};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::account::Account;
use store::inbound::Inbound;
use store::{Store, StoreError};

/// The longest body, in bytes. Source: docs/rules.md, “Webhooks”.
pub const BODY_MAX_BYTES: usize = 256 * 1024;
/// After this long the clock takes up an event whose message was lost.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long the secret before a new one holds: deliveries signed with it may be on their way.
const OLD_SECRET_FOR: SignedDuration = SignedDuration::from_mins(10);
/// The longest token that is looked up, in bytes.
const TOKEN_MAX_BYTES: usize = 200;

/// What the door works with.
pub struct Ingest {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub clock: Clock,
    /// Opens the secrets that signatures are made with.
    pub sealer: Sealer,
}

impl std::fmt::Debug for Ingest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ingest")
    }
}

/// The routes of the door, to stand beside others: without a fallback of its own.
pub fn router(ingest: Arc<Ingest>) -> Router {
    let linkup = post(linkup).fallback(|| async { refuse(StatusCode::METHOD_NOT_ALLOWED) });
    let unipile = post(unipile).fallback(|| async { refuse(StatusCode::METHOD_NOT_ALLOWED) });
    Router::new().route("/webhooks/linkup/{token}", linkup).route("/webhooks/unipile/{token}", unipile).with_state(ingest)
}

/// The same where nothing else is served: any other address answers 404.
pub fn alone(ingest: Arc<Ingest>) -> Router {
    router(ingest).fallback(|| async { refuse(StatusCode::NOT_FOUND) })
}

/// Why an event is not taken.
#[derive(Debug)]
enum Refusal {
    UnknownToken,
    TooLarge,
    BrokenOff,
    Forged,
    NotNow,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::warn!(why = %error, "inbound.store_failed");
        Self::NotNow
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownToken => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::Forged => StatusCode::UNAUTHORIZED,
            Self::NotNow => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

type Token = Result<Path<String>, PathRejection>;

async fn linkup(State(ingest): State<Arc<Ingest>>, token: Token, request: Request) -> Response {
    answered(&ingest, Door::Linkup, token, request).await
}

async fn unipile(State(ingest): State<Arc<Ingest>>, token: Token, request: Request) -> Response {
    answered(&ingest, Door::Unipile, token, request).await
}

/// Whose events come in by a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Linkup,
    Unipile,
}

impl Door {
    fn of(provider: Provider) -> Self {
        if provider == Provider::Unipile { Self::Unipile } else { Self::Linkup }
    }
}

async fn answered(ingest: &Ingest, door: Door, token: Token, request: Request) -> Response {
    // A token that is not UTF-8 is nobody’s.
    let token = token.map(|Path(token)| token).unwrap_or_default();
    let (parts, body) = request.into_parts();
    match take(ingest, door, &token, &parts.headers, body).await {
        Ok(()) => answer(StatusCode::OK, serde_json::json!({"ok": true})),
        Err(refusal) => refuse(refusal.status()),
    }
}

async fn take(ingest: &Ingest, door: Door, token: &str, headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
    let now = ingest.clock.now();
    // The token first: who does not know it learns nothing, not even about sizes.
    let account = account_of(ingest, token).await?;
    if Door::of(account.provider) != door {
        return Err(Refusal::UnknownToken);
    }
    let bytes = bytes_of(headers, body).await?;
    let proof = verify(ingest, &account, headers, &bytes, now)?;
    let event = inbound(&account, proof, &bytes, now);
    if !ingest.store.create(&event).await?.won() {
        tracing::info!(inbound = %event.id, "inbound.known");
        return Ok(());
    }
    let job = Job::new(&event.workspace, Task::ApplyInbound { inbound: event.id.clone() });
    if let Err(failure) = ingest.queues.send_jobs(vec![job]).await {
        // The event is kept and due: the clock brings it back.
        tracing::warn!(why = %failure, inbound = %event.id, "inbound.queue_failed");
    }
    Ok(())
}

/// SHA-256 in lower-case hex.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

async fn account_of(ingest: &Ingest, token: &str) -> Result<Account, Refusal> {
    if token.len() > TOKEN_MAX_BYTES {
        return Err(Refusal::UnknownToken);
    }
    let pointer = ingest.store.webhook(&digest(token.as_bytes())).await?.ok_or(Refusal::UnknownToken)?;
    let account = ingest.store.account(&pointer.workspace, &pointer.account).await?.ok_or(Refusal::UnknownToken)?;
    Ok(account.item)
}

async fn bytes_of(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let announced = headers.get(http::header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|n| n > BODY_MAX_BYTES) {
        return Err(Refusal::TooLarge);
    }
    match Limited::new(body, BODY_MAX_BYTES).collect().await {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(e) if e.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::BrokenOff),
    }
}

/// How an event came to be believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Not at all: a hint.
    None,
    /// Signed by LinkupAPI V2.
    Signature,
    /// It bears the secret that Unipile was given.
    Secret,
}

/// Whether the event is proved, over the raw bytes and before anything is parsed.
///
/// An account whose provider proves its events takes nothing unproved; a V1 event is never signed and stays a hint.
fn verify(ingest: &Ingest, account: &Account, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proof, Refusal> {
    let header = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    let forged = |why: Unverified| {
        tracing::warn!(account = %account.id, why = %why, "inbound.forged");
        Refusal::Forged
    };
    if account.provider == Provider::Unipile {
        let secrets = webhook_secrets(ingest, account, now);
        unipile_webhook::verify(&secrets, header(SECRET_HEADER)).map_err(forged)?;
        return Ok(Proof::Secret);
    }
    let (timestamp, signature) = (header(TIMESTAMP_HEADER), header(SIGNATURE_HEADER));
    if account.provider != Provider::LinkupV2 && timestamp.is_none() && signature.is_none() {
        return Ok(Proof::None);
    }
    let secrets = webhook_secrets(ingest, account, now);
    linkup_webhook::verify_v2(&secrets, timestamp, signature, body, now).map_err(forged)?;
    Ok(Proof::Signature)
}

#[derive(serde::Deserialize)]
struct Credentials {
    webhook_secret: Option<SecretString>,
    webhook_secret_before: Option<SecretString>,
    webhook_rotated_at: Option<Timestamp>,
}

/// The secrets in force: that of the account, and for a while the one before it.
fn webhook_secrets(ingest: &Ingest, account: &Account, now: Timestamp) -> Vec<SecretString> {
    let opened = account.credentials.as_deref().and_then(|sealed| ingest.sealer.open(sealed, account.id.as_str()).ok());
    let read = opened.and_then(|text| serde_json::from_str::<Credentials>(text.expose_secret()).ok());
    let Some(known) = read else { return Vec::new() };
    let lately = known.webhook_rotated_at.is_some_and(|at| now.duration_since(at) <= OLD_SECRET_FOR);
    let before = known.webhook_secret_before.filter(|_| lately);
    known.webhook_secret.into_iter().chain(before).filter(|secret| !secret.expose_secret().is_empty()).collect()
}

/// The event as it is kept. Its id is the vendor's where a proved event says one, else that of its body, so that a
/// delivery repeated by the vendor is one event; an unproved body may rightly come again later: there the minute of
/// arrival counts too.
fn inbound(account: &Account, proof: Proof, body: &[u8], now: Timestamp) -> Inbound {
    let workspace = account.workspace.clone();
    let event_id = match proof {
        Proof::None => None,
        Proof::Signature => linkup_webhook::parse_v2(body).event_id,
        Proof::Secret => unipile_webhook::parse(body).event_id,
    };
    let told = event_id.map(|id| format!("event {id}")).unwrap_or_else(|| digest(body));
    let minute = (now.as_second() / 60).to_string();
    let parts = [workspace.as_str(), account.id.as_str(), &told, if proof == Proof::None { &minute } else { "" }];
    let vendor = match proof {
        Proof::None => "linkup-v1",
        Proof::Signature => "linkup-v2",
        Proof::Secret => "unipile",
    };
    Inbound {
        id: InboundId::derive(&parts),
        vendor: vendor.to_owned(),
        account: Some(account.id.clone()),
        body: String::from_utf8_lossy(body).into_owned(),
        received_at: now,
        verdict: None,
        tries: 0,
        next_at: Some(now + LEASE),
        workspace,
    }
}
