//! Anthropic: the Messages API, with the schema in `output_config`. The three sampling fields are never sent: they are refused.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use super::client::{Refusal, Told, Unusable, Vendor, by_status, should_retry, tells, tokens};
use super::{ErrorKind, Question};
use crate::lenient::text;

pub(super) const BASE_URL: &str = "https://api.anthropic.com";
const VERSION: &str = "2026-10-21";

#[derive(Debug)]
pub(super) struct Anthropic;

impl Vendor for Anthropic {
    fn headers(&self) -> (HeaderName, &'static str, &'static [(&'static str, &'static str)]) {
        (HeaderName::from_static("x-api-key"), "", &[("anthropic-version", VERSION)])
    }

    fn request<'a>(&self, model: &'a str, question: &Question<'_>) -> (Vec<Cow<'a, str>>, Value) {
        let body = json!({
            "model": model,
            "max_tokens": question.max_output_tokens,
            "system": question.system,
            "messages": [{ "role": "user", "content": question.user }],
            "output_config": { "format": { "type": "json_schema", "schema": question.schema } },
        });
        (vec!["v1".into(), "messages".into()], body)
    }

    fn read(&self, body: &Value) -> Result<Told, Unusable> {
        let usage = body.get("usage").filter(|usage| tells(usage, &["input_tokens", "output_tokens"])).map(|usage| {
            let cached = tokens(usage, "cache_creation_input_tokens") + tokens(usage, "cache_read_input_tokens");
            (tokens(usage, "input_tokens") + cached, tokens(usage, "output_tokens"))
        });
        let no = |kind, message: String| Unusable { kind, message, usage };
        match body.get("stop_reason").and_then(Value::as_str) {
            Some("refusal") => {
                let why = body.get("stop_details").and_then(|details| text(details, &["explanation", "category"]));
                return Err(no(ErrorKind::Refused, why.unwrap_or_else(|| "the model refused".to_owned())));
            }
            Some("max_tokens" | "model_context_window_exceeded") => {
                return Err(no(ErrorKind::CutShort, "the answer ended at the limit of tokens".to_owned()));
            }
            Some("tool_use" | "pause_turn") => {
                return Err(no(ErrorKind::Unreadable, "the model asks for something instead of answering".to_owned()));
            }
            _ => {}
        }
        let blocks = body.get("content").and_then(Value::as_array).into_iter().flatten();
        let first = blocks.into_iter().find(|block| block.get("type").and_then(Value::as_str) == Some("text"));
        let text = first.and_then(|block| block.get("text")).and_then(Value::as_str);
        let text = text.ok_or_else(|| no(ErrorKind::Unreadable, "the answer has no text".to_owned()))?;
        let model = body.get("model").and_then(Value::as_str).map(str::to_owned);
        Ok(Told { text: text.to_owned(), model, usage })
    }

    fn refusal(&self, status: u16, headers: &HeaderMap, body: &Value) -> Refusal {
        let error = body.get("error").unwrap_or(&Value::Null);
        let code = error.get("details").and_then(|details| text(details, &["error_code"])).or_else(|| text(error, &["type"]));
        let kind = match code.as_deref() {
            Some("enforced_spend_limit_reached" | "billing_error") => ErrorKind::SpendLimit,
            _ => by_status(status),
        };
        let listed = matches!(status, 408 | 409 | 429 | 500..);
        let again = kind != ErrorKind::SpendLimit && should_retry(headers).unwrap_or(listed);
        Refusal { kind, code, message: text(error, &["message"]).unwrap_or_default(), wait: None, again }
    }
}
