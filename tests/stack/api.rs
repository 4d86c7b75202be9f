//! A client of the deployed product's API, through the emulator's API gateway.

use crate::deploy::Stack;
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};

/// API Gateway's own limit is 30 seconds.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Between two questions; each takes the emulator a good part of that.
const POLL_PAUSE: Duration = Duration::from_millis(300);
/// The most pages read of a list.
const PAGES_MAX: usize = 20;

/// Calls the API of a stack with one key.
pub struct Api<'a> {
    stack: &'a Stack,
    key: &'a str,
    http: reqwest::Client,
}

impl<'a> Api<'a> {
    /// A client with the API key `key`.
    pub fn new(stack: &'a Stack, key: &'a str) -> Self {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build().expect("an HTTP client");
        Self { stack, key, http }
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let mut request = self.http.request(method.clone(), self.stack.url(path)).bearer_auth(self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        let status = answer.status();
        let text = answer.text().await.unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// GET, answers the body; any refusal fails the test, as in the methods below.
    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).await
    }

    /// POST, answers the body.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.call(Method::POST, path, Some(body)).await
    }

    /// PATCH, answers the body.
    pub async fn patch(&self, path: &str, body: &Value) -> Value {
        self.call(Method::PATCH, path, Some(body)).await
    }

    /// Reads `path` until `question` answers true, at most for `seconds`; fails with the last answer.
    pub async fn until(&self, what: &str, seconds: u64, path: &str, question: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + Duration::from_secs(seconds);
        loop {
            let answer = self.get(path).await;
            if question(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "waited {seconds} s in vain for: {what}; {path} says {answer}");
            tokio::time::sleep(POLL_PAUSE).await;
        }
    }

    /// All items of a list, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let page = self.get(&format!("{path}{joint}limit=200{cursor}")).await;
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        items
    }
}
