//! The door as the outside meets it: tokens, sizes, signatures, doubles.

use axum::Router;
use axum::body::Body;
use domain::ids::{AccountId, WorkspaceId};
use domain::job::{Job, Task};
use domain::limits::Limits;
use domain::vocabulary::{Provider, Tier};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use kit::queue::Depth;
use kit::seal::Sealer;
use kit::{Clock, Failure, Outgoing, Queues};
use secrecy::SecretString;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use store::Store;
use store::account::Account;
use store::embedded::Embedded;
use tower::ServiceExt;
use webhook_ingest::{BODY_MAX_BYTES, Ingest, alone};

#[derive(Default)]
struct Kept(Mutex<Vec<Outgoing>>);

#[async_trait::async_trait]
impl Queues for Kept {
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure> {
        self.0.lock().expect("no panic").extend(messages);
        Ok(())
    }
    async fn depths(&self) -> Result<Vec<Depth>, Failure> {
        Ok(Vec::new())
    }
    async fn redrive(&self, _: &str) -> Result<u64, Failure> {
        Ok(0)
    }
}

struct Door {
    router: Router,
    store: Store,
    queues: Arc<Kept>,
    clock: Clock,
}

const V1: &str = "wht_v1";
const V2: &str = "wht_v2";
const UNIPILE: &str = "wht_unipile";
const UNIPILE_SECRET: &str = "whs_00112233445566778899aabbccddeeff";
const ROTATED: &str = "wht_rotated";
/// The token of the recorded event.
const RECORDED: &str = "wht_ee977806d7286510da8b9a7492ba58e2";
const SECRET: &str = "whsec";

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().expect("an instant")
}

fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

fn account(provider: Provider, token: &str, credentials: Option<String>) -> Account {
    let workspace = WorkspaceId::derive(&["w"]);
    Account {
        id: AccountId::derive(&[token]),
        workspace,
        label: "Claire".into(),
        provider,
        profile_url: None,
        member_keys: Vec::new(),
        tier: Tier::Free,
        timezone: "Europe/Paris".into(),
        country: "FR".into(),
        credentials,
        limits: Limits::default(),
        pause: None,
        monitoring: None,
        webhook_token: token.into(),
        created_at: now(),
        asked_as: None,
        acceptance_poll_at: None,
        pending_invitations: 0,
        counted: Default::default(),
        poll_stage: Default::default(),
    }
}

async fn door() -> Door {
    let table = Embedded::memory().expect("memory").table("amorce").await.expect("a table");
    let store = Store::new(table);
    let sealer = Sealer::new(&Sealer::new_key().expect("random")).expect("a key");
    let sealed =
        sealer.seal(&SecretString::from(format!(r#"{{"webhook_secret":"{SECRET}"}}"#)), AccountId::derive(&[V2]).as_str());
    let seal = |token: &str, json: String| sealer.seal(&SecretString::from(json), AccountId::derive(&[token]).as_str());
    let of_unipile = seal(UNIPILE, format!(r#"{{"account_id":"u1","webhook_secret":"{UNIPILE_SECRET}"}}"#));
    let rotated = seal(
        ROTATED,
        format!(r#"{{"webhook_secret":"newer","webhook_secret_before":"{SECRET}","webhook_rotated_at":"{}"}}"#, now()),
    );
    let accounts = [
        account(Provider::LinkupV1, V1, None),
        account(Provider::LinkupV1, RECORDED, None),
        account(Provider::LinkupV2, V2, Some(sealed.expect("sealed"))),
        account(Provider::Unipile, UNIPILE, Some(of_unipile.expect("sealed"))),
        account(Provider::LinkupV2, ROTATED, Some(rotated.expect("sealed"))),
    ];
    for account in accounts {
        let made = store.create_account(&account, &hash(&account.webhook_token), &[]).await.expect("stored");
        assert_eq!(made, store::Transacted::Won);
    }
    let queues = Arc::new(Kept::default());
    let clock = Clock::at(now());
    let ingest = Ingest { store: store.clone(), queues: queues.clone(), clock: clock.clone(), sealer };
    Door { router: alone(Arc::new(ingest)), store, queues, clock }
}

impl Door {
    async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    async fn post(&self, token: &str, body: impl Into<Body>) -> StatusCode {
        let request = Request::post(format!("/webhooks/linkup/{token}")).body(body.into()).expect("a request");
        let (status, document) = self.send(request).await;
        match status {
            StatusCode::OK => assert_eq!(document, serde_json::json!({"ok": true})),
            _ => assert_eq!(document["status"], status.as_u16()),
        }
        status
    }

    async fn post_signed(&self, timestamp: i64, body: &str, signature: &str) -> StatusCode {
        self.post_signed_to(V2, timestamp, body, signature).await
    }

    async fn post_to_unipile(&self, token: &str, secret: Option<&str>, body: &str) -> StatusCode {
        let mut request = Request::post(format!("/webhooks/unipile/{token}"));
        if let Some(secret) = secret {
            request = request.header("Unipile-Auth", secret);
        }
        self.send(request.body(body.to_owned().into()).expect("a request")).await.0
    }

    async fn post_signed_to(&self, token: &str, timestamp: i64, body: &str, signature: &str) -> StatusCode {
        let request = Request::post(format!("/webhooks/linkup/{token}"))
            .header("X-Linkup-Timestamp", timestamp.to_string())
            .header("X-Linkup-Signature", signature)
            .body(body.to_owned().into())
            .expect("a request");
        self.send(request).await.0
    }

    fn queued(&self) -> usize {
        self.queues.0.lock().expect("no panic").len()
    }
}

/// HMAC-SHA256 by hand, so that the test does not repeat the code under test.
fn sign(timestamp: i64, body: &str) -> String {
    let mut key = [0_u8; 64];
    key[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    let pad = |with: u8| key.map(|b| b ^ with);
    let text = format!("{timestamp}.{body}");
    let inner = Sha256::digest([&pad(0x36)[..], text.as_bytes()].concat());
    let outer = Sha256::digest([&pad(0x5c)[..], &inner[..]].concat());
    format!("v1={}", outer.iter().map(|b| format!("{b:02x}")).collect::<String>())
}

#[tokio::test]
async fn an_event_is_kept_and_queued_once() {
    let door = door().await;
    let body = r#"{"event":"message","sender":{"name":"Mehdi"},"message":"Oui"}"#;
    for _ in 0..5 {
        assert_eq!(door.post(V1, body).await, StatusCode::OK);
    }
    assert_eq!(door.queued(), 1);
    let job = Job::read(&door.queues.0.lock().expect("no panic")[0].body).expect("a job");
    let Task::ApplyInbound { inbound } = job.task else { panic!("another task") };
    let kept = door.store.inbound(&job.workspace, &inbound).await.expect("the store").expect("kept");
    assert_eq!((kept.body.as_str(), kept.vendor.as_str(), kept.verdict.as_deref()), (body, "linkup-v1", None));
    assert!(kept.next_at.is_some());
    door.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(door.post(V1, body).await, StatusCode::OK);
    assert_eq!(door.queued(), 2);
}

#[tokio::test]
async fn strangers_and_giants_are_refused() {
    let door = door().await;
    assert_eq!(door.post("nobody", "{}").await, StatusCode::NOT_FOUND);
    assert_eq!(door.post("%ff", "{}").await, StatusCode::NOT_FOUND);
    assert_eq!(door.post(&"x".repeat(5_000), "{}").await, StatusCode::NOT_FOUND);
    assert_eq!(door.post(V1, vec![b'x'; BODY_MAX_BYTES + 1]).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(door.queued(), 0);
    assert_eq!(door.post(V1, vec![b'x'; BODY_MAX_BYTES]).await, StatusCode::OK);
    let (status, _) = door.send(Request::get("/webhooks/linkup/wht_v1").body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let (status, _) = door.send(Request::get("/elsewhere").body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rubbish_of_a_known_sender_is_kept_for_a_person_to_look_at() {
    let door = door().await;
    assert_eq!(door.post(V1, "no JSON at all \u{0}").await, StatusCode::OK);
    assert_eq!(door.post(V1, r#"{"event":"never_seen_before"}"#).await, StatusCode::OK);
    assert_eq!(door.queued(), 2);
}

#[tokio::test]
async fn a_provider_that_signs_is_believed_by_its_signature_alone() {
    let door = door().await;
    let at = now().as_second();
    let body = r#"{"type":"message"}"#;
    assert_eq!(door.post(V2, body).await, StatusCode::UNAUTHORIZED);
    assert_eq!(door.post_signed(at, body, "v1=00").await, StatusCode::UNAUTHORIZED);
    assert_eq!(door.post_signed(at - 301, body, &sign(at - 301, body)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(door.post_signed(at, "{}", &sign(at, body)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(door.queued(), 0);
    assert_eq!(door.post_signed(at, body, &sign(at, body)).await, StatusCode::OK);
    assert_eq!(door.post_signed(at - 60, body, &sign(at - 60, body)).await, StatusCode::OK);
    assert_eq!(door.queued(), 1);
}

#[tokio::test]
async fn a_signature_counts_for_five_minutes_either_way() {
    let door = door().await;
    let at = now().as_second();
    for (age, status) in [(299, 200), (300, 200), (301, 401), (-299, 200), (-300, 200), (-301, 401)] {
        let body = format!(r#"{{"event_id":"e{age}"}}"#);
        let answered = door.post_signed(at - age, &body, &sign(at - age, &body)).await;
        assert_eq!(answered.as_u16(), status, "{age} s");
    }
    assert_eq!(door.queued(), 4, "what is refused leaves no trace");
}

#[tokio::test]
async fn an_event_of_the_vendor_is_one_event_however_it_is_written() {
    let door = door().await;
    let at = now().as_second();
    for body in [r#"{"event_id":"e1","event":{"type":"message"}}"#, r#"{ "event": {"type":"message"}, "event_id": "e1" }"#] {
        assert_eq!(door.post_signed(at, body, &sign(at, body)).await, StatusCode::OK);
    }
    assert_eq!(door.queued(), 1);
}

#[tokio::test]
async fn the_secret_before_a_new_one_holds_for_ten_minutes() {
    let door = door().await;
    let check = async |minutes: i64, body: &str, expected: StatusCode| {
        door.clock.set(now() + SignedDuration::from_mins(minutes));
        let at = door.clock.now().as_second();
        assert_eq!(door.post_signed_to(ROTATED, at, body, &sign(at, body)).await, expected, "{minutes} min");
    };
    check(1, r#"{"event_id":"a"}"#, StatusCode::OK).await;
    check(10, r#"{"event_id":"b"}"#, StatusCode::OK).await;
    check(11, r#"{"event_id":"c"}"#, StatusCode::UNAUTHORIZED).await;
    assert_eq!(door.queued(), 2);
}

#[tokio::test]
async fn unipile_is_believed_by_its_secret_at_its_own_door() {
    let door = door().await;
    let body = r#"{"event":"message_received","message_id":"m1"}"#;
    for wrong in [None, Some(""), Some("whs_wrong_wrong_wrong_wrong")] {
        assert_eq!(door.post_to_unipile(UNIPILE, wrong, body).await, StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
    assert_eq!(door.post_to_unipile(V1, Some(UNIPILE_SECRET), body).await, StatusCode::NOT_FOUND, "another vendor’s path");
    assert_eq!(door.post_to_unipile("nobody", Some(UNIPILE_SECRET), body).await, StatusCode::NOT_FOUND);
    assert_eq!(door.post(UNIPILE, body).await, StatusCode::NOT_FOUND, "by LinkupAPI’s door");
    assert_eq!(door.queued(), 0);
    for _ in 0..3 {
        assert_eq!(door.post_to_unipile(UNIPILE, Some(UNIPILE_SECRET), body).await, StatusCode::OK);
    }
    assert_eq!(door.queued(), 1, "the vendor’s five repetitions are one event");
}

#[tokio::test]
async fn the_recorded_events_of_api_gateway_reach_the_door() {
    let door = door().await;
    let message = include_str!("../../../events/webhook-ingest.linkup-message.json");
    let unknown = include_str!("../../../events/webhook-ingest.unknown-token.json");
    for (event, expected) in [(message, StatusCode::OK), (unknown, StatusCode::NOT_FOUND)] {
        let request = lambda_http::request::from_str(event).expect("an event of API Gateway");
        let (parts, body) = request.into_parts();
        let bytes = match body {
            lambda_http::Body::Text(text) => text.into_bytes(),
            lambda_http::Body::Binary(bytes) => bytes,
            _ => Vec::new(),
        };
        let (status, _) = door.send(Request::from_parts(parts, bytes.into())).await;
        assert_eq!(status, expected);
    }
    assert_eq!(door.queued(), 1);
}
