//! The root page, health and readiness: answered to everybody, without a key.

use crate::Console;
use crate::problem::Problem;
use crate::words::Tongue;
use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::HeaderMap;
use serde_json::json;
use std::sync::Arc;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `GET /health`: the process answers.
pub async fn health() -> Response {
    Json(json!({"status": "ok", "version": VERSION})).into_response()
}

/// `GET /ready`: the store and the queues answer.
pub async fn ready(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    let store = console.store.bootstrap().await;
    let queues = console.queues.depths().await;
    if store.is_ok() && queues.is_ok() {
        return Json(json!({"status": "ok", "store": "ok", "queue": "ok"})).into_response();
    }
    let word = |fine: bool| json!(if fine { "ok" } else { "unavailable" });
    let problem = Problem::unavailable(2).with("store", word(store.is_ok())).with("queue", word(queues.is_ok()));
    problem.answer(Tongue::asked(&headers).unwrap_or_default())
}

/// `GET /`: a plain page that says where to go on.
pub async fn page(State(console): State<Arc<Console>>) -> Response {
    let well = console.store.bootstrap().await.is_ok();
    let state = if well { "Tout fonctionne." } else { "Les données ne répondent pas pour l’instant." };
    let html = format!(
        "<!doctype html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Amorce</title>\
         <style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;\
         color-scheme:light dark}}</style></head><body><main><h1>Amorce</h1><p>{state}</p>\
         <p>L’API répond sous <code>/api/v1</code>\u{a0}; sa description est à \
         <a href=\"/openapi.json\">/openapi.json</a>.</p><p>Version {VERSION}</p></main></body></html>\n"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    ([("content-security-policy", policy), ("x-content-type-options", "nosniff")], Html(html)).into_response()
}
