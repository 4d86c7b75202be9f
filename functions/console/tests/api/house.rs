//! A console with two workspaces in memory, keys of every role, and queues that keep what they are given.

use axum::Router;
use axum::body::Body;
use console::auth::{Founding, hash_of};
use console::{Console, router};
use domain::ids::{KeyId, WorkspaceId};
use domain::vocabulary::{Provider, Role};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use kit::queue::Depth;
use kit::seal::Sealer;
use kit::{Bus, Clock, Event, Failure, Outgoing, Queues};
use outbound::providers::Providers;
use secrecy::SecretString;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use store::embedded::Embedded;
use store::workspace::ApiKey;
use store::{Store, Transacted};
use tower::ServiceExt;

/// Queues that only remember.
#[derive(Default)]
pub struct Kept(pub Mutex<Vec<Outgoing>>);

#[async_trait::async_trait]
impl Queues for Kept {
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure> {
        self.0.lock().expect("no panic").extend(messages);
        Ok(())
    }
    async fn depths(&self) -> Result<Vec<Depth>, Failure> {
        let depth = |name: &str| Depth { name: name.into(), visible: 0, in_flight: 0, delayed: 0, dead: 0 };
        Ok(domain::job::queue::ALL.into_iter().map(depth).collect())
    }
    async fn redrive(&self, _: &str) -> Result<u64, Failure> {
        Ok(3)
    }
}

/// A bus that only remembers.
#[derive(Default)]
pub struct Told(pub Mutex<Vec<Event>>);

#[async_trait::async_trait]
impl Bus for Told {
    async fn put(&self, events: Vec<Event>) -> Result<(), Failure> {
        self.0.lock().expect("no panic").extend(events);
        Ok(())
    }
}

pub struct House {
    pub router: Router,
    pub store: Store,
    pub queues: Arc<Kept>,
    pub bus: Arc<Told>,
    pub clock: Clock,
    pub ws: WorkspaceId,
}

/// The owner's key of the first workspace.
pub const OWNER: &str = "owner-key";
pub const MANAGER: &str = "manager-key";
pub const REVIEWER: &str = "reviewer-key";
pub const VIEWER: &str = "viewer-key";
/// The owner's key of another workspace.
pub const STRANGER: &str = "stranger-key";

/// A Friday, ten o'clock in Paris.
pub fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().expect("an instant")
}

async fn found(store: &Store, name: &str, key: &str, admin: bool) -> WorkspaceId {
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes());
    let email = format!("owner@{name}.example");
    let founding = Founding::new(id, name, &email, &SecretString::from(key.to_owned()), admin, now());
    let made = store.create_workspace(&founding.workspace, &founding.owner, &founding.key, false).await;
    assert_eq!(made.expect("the store"), Transacted::Won);
    founding.workspace.id
}

async fn key_of(store: &Store, ws: &WorkspaceId, role: Role, secret: &str) {
    let hash = hash_of(secret);
    let email = format!("{role}@acme.example");
    let id = KeyId::derive(&[&hash]);
    let key = ApiKey { hash, id, workspace: ws.clone(), role, admin: false, email, created_at: now() };
    assert!(store.create(&key).await.expect("the store").won());
}

/// Opens what the house sealed.
pub type Opener = Box<dyn Fn(&str, &str) -> Option<SecretString> + Send + Sync>;

pub async fn house() -> House {
    house_with(Providers::new).await
}

/// A house with providers of its own.
pub async fn house_with(providers: impl FnOnce(Opener) -> Providers) -> House {
    let store = Store::new(Embedded::memory().expect("memory").table("amorce").await.expect("a table"));
    let ws = found(&store, "acme", OWNER, true).await;
    found(&store, "rival", STRANGER, false).await;
    for (role, secret) in [(Role::Manager, MANAGER), (Role::Reviewer, REVIEWER), (Role::Viewer, VIEWER)] {
        key_of(&store, &ws, role, secret).await;
    }
    let queues = Arc::new(Kept::default());
    let bus = Arc::new(Told::default());
    let clock = Clock::at(now());
    let sealer = Sealer::new(&Sealer::new_key().expect("random")).expect("a key");
    let opener = sealer.clone();
    let console = Console {
        store: store.clone(),
        queues: queues.clone(),
        bus: bus.clone(),
        clock: clock.clone(),
        providers: providers(Box::new(move |sealed, purpose| opener.open(sealed, purpose).ok())),
        sealer,
        public_url: "https://amorce.example".into(),
        default_provider: Provider::Sandbox,
    };
    House { router: router(Arc::new(console)), store, queues, bus, clock, ws }
}

/// An answer: status, media type, document (`null` where there is none).
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub media: String,
    pub json: Value,
}

impl House {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let media = response.headers().get("content-type").map(|v| v.to_str().expect("text").to_owned()).unwrap_or_default();
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        let answer = Answer { status, media, json: serde_json::from_slice(&bytes).unwrap_or_default() };
        if status.is_client_error() || status.is_server_error() {
            answer.assert_problem();
        }
        answer
    }

    /// A call with a key; a body that is not null is sent as JSON.
    pub async fn call(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !key.is_empty() {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).expect("a request")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(OWNER, "GET", &format!("/api/v1{path}"), &Value::Null).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(OWNER, "POST", &format!("/api/v1{path}"), body).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call(OWNER, "PATCH", &format!("/api/v1{path}"), body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(OWNER, "DELETE", &format!("/api/v1{path}"), &Value::Null).await
    }

    /// Bodies put into a queue so far, which are forgotten.
    pub fn queued(&self, queue: &str) -> Vec<Value> {
        let mut kept = self.queues.0.lock().expect("no panic");
        let (mine, others) = kept.drain(..).partition(|m| m.queue == queue);
        *kept = others;
        let mine: Vec<Outgoing> = mine;
        mine.iter().map(|m| serde_json::from_str(&m.body).expect("JSON")).collect()
    }
}

impl Answer {
    /// The document, after checking the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self.json
    }

    /// The fields at fault, after checking the status.
    #[track_caller]
    pub fn faults(self, status: u16) -> Vec<String> {
        let document = self.expect(status);
        let errors = document["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|e| e["field"].as_str().expect("a field").to_owned()).collect()
    }

    #[track_caller]
    fn assert_problem(&self) {
        assert_eq!(self.media, "application/problem+json", "{self:?}");
        assert_eq!(self.json["status"], self.status.as_u16());
        for name in ["type", "title", "detail"] {
            assert!(self.json[name].as_str().is_some_and(|t| !t.is_empty()), "{name} in {self:?}");
        }
    }
}
