//! Over real HTTP: answers, controls, lost connections, webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::routing::post;
use sandbox::{Fault, FaultKind, Temperament};
use serde_json::{Value, json};

use crate::setting::*;

const KEITH: &str = "keith-sherwin-5791b5";

async fn served(setting: &Setting) -> (String, reqwest::Client) {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let (bound, _) = setting.sandbox.serve(any).await.expect("a port");
    (format!("http://{bound}"), reqwest::Client::new())
}

async fn inbox(base: &str, client: &reqwest::Client) -> Result<reqwest::Response, reqwest::Error> {
    inbox_within(base, client, Duration::from_secs(30)).await
}

async fn inbox_within(base: &str, client: &reqwest::Client, patience: Duration) -> Result<reqwest::Response, reqwest::Error> {
    let request = client.post(format!("{base}/v1/messages/inbox")).header("X-API-Key", "sandbox");
    request.json(&json!({"login_token": "sandbox"})).timeout(patience).send().await
}

#[tokio::test]
async fn answers_and_controls() {
    let setting = setting();
    let (base, client) = served(&setting).await;
    let answer = inbox(&base, &client).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    let fault = json!({"endpoint": "messages/inbox", "kind": {"type": "html502"}, "times": 1});
    let injected = client.post(format!("{base}/_sandbox/faults")).json(&fault).send().await.expect("an answer");
    assert_eq!(injected.status(), 201);
    assert_eq!(inbox(&base, &client).await.expect("an answer").status(), 502);
    let forced = json!({"accept_after_seconds": 60});
    let url = format!("{base}/_sandbox/people/{KEITH}/temperament");
    assert_eq!(client.put(&url).json(&forced).send().await.expect("an answer").status(), 204);
    let read: Temperament = client.get(&url).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(read, Temperament::never().accepts_after(60));
    let log: Value = client
        .get(format!("{base}/_sandbox/log?endpoint=inbox&since=1"))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(1));
    assert_eq!(log["entries"][0]["outcome"], "fault: html 502");
}

#[tokio::test]
async fn a_reset_ends_the_connection_and_a_hang_the_patience() {
    let setting = setting();
    let (base, client) = served(&setting).await;
    setting.sandbox.inject(Fault::once("*", FaultKind::Reset));
    let error = inbox(&base, &client).await.expect_err("a reset");
    assert!(!error.is_timeout(), "{error:?}");
    setting.sandbox.inject(Fault::once("*", FaultKind::HangBefore));
    let error = inbox_within(&base, &client, Duration::from_millis(200)).await.expect_err("a hang");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(inbox(&base, &client).await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_due_webhook_is_posted() {
    let received: Arc<Mutex<Vec<Value>>> = Arc::default();
    let sink = received.clone();
    let router = axum::Router::new()
        .route("/hook", post(move |Json(body): Json<Value>| async move { sink.lock().expect("a lock").push(body) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    let setting = setting();
    let fields = json!({"plateforme": "linkedin", "account_name": "C", "webhook_url": format!("http://{address}/hook")});
    let (_, created) = setting.call("/v1/webhooks/accounts", fields);
    let id = created["id"].as_str().expect("an id");
    setting.call(&format!("/v1/webhooks/accounts/{id}/start"), json!({}));
    setting.sandbox.receive_message(CLAIRE, KEITH, "Bonjour");
    assert_eq!(setting.sandbox.tick(&reqwest::Client::new()).await, 1);
    assert_eq!(setting.sandbox.tick(&reqwest::Client::new()).await, 0);
    let received = received.lock().expect("a lock");
    assert_eq!((received.len(), &received[0]["message"]), (1, &json!("Bonjour")));
}
