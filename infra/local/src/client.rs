//! A client of the product's own API without a network: requests go straight into the router.

use anyhow::{Context, bail};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

/// The longest answer read, in bytes.
const ANSWER_MAX_BYTES: usize = 32 * 1024 * 1024;

/// Calls the API with one key.
#[derive(Clone)]
pub struct Client {
    router: Router,
    key: String,
}

impl Client {
    /// A client of `router` with the API key `key`.
    pub fn new(router: Router, key: impl Into<String>) -> Self {
        Self { router, key: key.into() }
    }

    /// Its API key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Calls a route; answers status and JSON body (`null` when there is none).
    ///
    /// # Errors
    /// When the answer cannot be read.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<(StatusCode, Value)> {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", self.key));
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string()))?,
            None => request.body(Body::empty())?,
        };
        self.answer(request).await
    }

    async fn expect(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let (status, answer) = self.call(method.clone(), path, body).await?;
        if !status.is_success() {
            bail!("{method} {path}: {status} {answer}");
        }
        Ok(answer)
    }

    /// GET, answers the body.
    ///
    /// # Errors
    /// Any answer but a success.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.expect(Method::GET, path, None).await
    }

    /// POST, answers the body.
    ///
    /// # Errors
    /// Any answer but a success.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.expect(Method::POST, path, Some(body)).await
    }

    /// POST of a table (`text/csv`), answers the body.
    ///
    /// # Errors
    /// Any answer but a success.
    pub async fn post_table(&self, path: &str, table: &str) -> anyhow::Result<Value> {
        let request = Request::post(path).header("authorization", format!("Bearer {}", self.key));
        let request = request.header("content-type", "text/csv; charset=utf-8").body(Body::from(table.to_owned()))?;
        let (status, answer) = self.answer(request).await?;
        if !status.is_success() {
            bail!("POST {path}: {status} {answer}");
        }
        Ok(answer)
    }

    async fn answer(&self, request: Request<Body>) -> anyhow::Result<(StatusCode, Value)> {
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), ANSWER_MAX_BYTES).await.context("answer too long")?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// PATCH, answers the body.
    ///
    /// # Errors
    /// Any answer but a success.
    pub async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.expect(Method::PATCH, path, Some(body)).await
    }

    /// All items of a list, page by page, at most 100 pages.
    ///
    /// # Errors
    /// Any answer but a success.
    pub async fn all(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut items = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut cursor = String::new();
        for _ in 0..100 {
            let page = self.get(&format!("{path}{joint}limit=200{cursor}")).await?;
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        Ok(items)
    }
}
