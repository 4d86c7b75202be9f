//! HTTP: the wires under `/v1` and `/v2`, and the controls under `/_sandbox`.

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::call::{Call, Reply};
use crate::faults::Fault;
use crate::journal::LogFilter;
use crate::options::Switches;
use crate::sandbox::Sandbox;
use crate::temperament::Temperament;

/// Largest request body: media may come in it.
const BODY_MAX_BYTES: usize = 32 * 1024 * 1024;

impl Sandbox {
    /// The wire and the controls, ready to be mounted at the root.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/{*path}", any(wire))
            .route("/v2/{*path}", any(wire))
            .route("/_sandbox", get(overview))
            .route("/_sandbox/log", get(log).delete(clear_log))
            .route("/_sandbox/faults", get(faults).post(inject).delete(clear_faults))
            .route("/_sandbox/posts", get(posts))
            .route("/_sandbox/people", get(people))
            .route("/_sandbox/people/{person}/temperament", get(temperament).put(set_temperament))
            .route("/_sandbox/accounts/{account}/connect/{person}", post(make_connected))
            .route("/_sandbox/accounts/{account}/invitation/{person}", post(receive_invitation))
            .route("/_sandbox/accounts/{account}/message/{person}", post(receive_message))
            .route("/_sandbox/accounts/{account}/expire", post(expire))
            .route("/_sandbox/switches", get(switches).put(set_switches))
            .route("/_sandbox/state", get(state))
            .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
            .with_state(self.clone())
    }

    /// Serves the router; port 0 takes a free one. Gives the address bound and the task.
    pub async fn serve(&self, addr: SocketAddr) -> std::io::Result<(SocketAddr, JoinHandle<()>)> {
        serve_router(self.router(), addr).await
    }
}

pub(crate) async fn serve_router(router: Router, addr: SocketAddr) -> std::io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = tokio::net::TcpListener::bind(addr).await?;
    let bound = listener.local_addr()?;
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "sandbox.serve.ended");
        }
    });
    Ok((bound, task))
}

async fn wire(
    State(sandbox): State<Sandbox>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let api_key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    let reply = sandbox.handle(Call { method: method.as_str(), path: uri.path(), api_key, body: &body });
    match reply {
        Reply::Answer { status, headers, body } => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        // A body that fails before its first byte makes the server drop the connection.
        Reply::Reset => Response::new(Body::from_stream(futures::stream::once(async {
            Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
        }))),
        Reply::Hang => futures::future::pending().await,
    }
}

async fn overview(State(sandbox): State<Sandbox>) -> Json<Value> {
    let accounts: Vec<&str> = sandbox.inner.options.accounts.iter().map(|account| account.slug.as_str()).collect();
    Json(json!({
        "now": sandbox.now(), "started_at": sandbox.started_at(), "accounts": accounts,
        "credits": sandbox.credits(), "posts": sandbox.posts().len(), "people": sandbox.people().len(),
    }))
}

async fn log(State(sandbox): State<Sandbox>, Query(filter): Query<LogFilter>) -> Json<Value> {
    Json(json!({"entries": sandbox.log_where(&filter)}))
}

async fn clear_log(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.clear_log();
    StatusCode::NO_CONTENT
}

async fn faults(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(json!({"faults": sandbox.faults()}))
}

async fn inject(State(sandbox): State<Sandbox>, Json(fault): Json<Fault>) -> StatusCode {
    sandbox.inject(fault);
    StatusCode::CREATED
}

async fn clear_faults(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.clear_faults();
    StatusCode::NO_CONTENT
}

async fn posts(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(json!({"posts": sandbox.posts()}))
}

async fn people(State(sandbox): State<Sandbox>) -> Json<Value> {
    let people: Vec<Value> = sandbox
        .people()
        .iter()
        .map(|person| json!({"person": person.slug, "name": person.name(), "headline": person.headline, "url": person.url()}))
        .collect();
    Json(json!({"people": people}))
}

async fn temperament(State(sandbox): State<Sandbox>, Path(person): Path<String>) -> Response {
    match sandbox.temperament(&person) {
        Some(temperament) => Json(temperament).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn set_temperament(
    State(sandbox): State<Sandbox>,
    Path(person): Path<String>,
    Json(temperament): Json<Temperament>,
) -> StatusCode {
    found(sandbox.set_temperament(&person, temperament))
}

async fn make_connected(State(sandbox): State<Sandbox>, Path((account, person)): Path<(String, String)>) -> StatusCode {
    found(sandbox.make_connected(&account, &person))
}

async fn receive_invitation(State(sandbox): State<Sandbox>, Path((account, person)): Path<(String, String)>) -> StatusCode {
    found(sandbox.receive_invitation(&account, &person))
}

#[derive(Deserialize)]
struct Incoming {
    text: String,
}

async fn receive_message(
    State(sandbox): State<Sandbox>,
    Path((account, person)): Path<(String, String)>,
    Json(incoming): Json<Incoming>,
) -> StatusCode {
    found(sandbox.receive_message(&account, &person, &incoming.text))
}

async fn expire(State(sandbox): State<Sandbox>, Path(account): Path<String>) -> StatusCode {
    found(sandbox.expire_session(&account))
}

async fn switches(State(sandbox): State<Sandbox>) -> Json<Switches> {
    Json(sandbox.switches())
}

async fn set_switches(State(sandbox): State<Sandbox>, Json(switches): Json<Switches>) -> StatusCode {
    sandbox.set_switches(switches);
    StatusCode::NO_CONTENT
}

async fn state(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(sandbox.save())
}

fn found(known: bool) -> StatusCode {
    if known { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}
