//! OpenAI, and servers that speak like it: chat completions with `json_schema`.
//!
//! Two fields are not known to every server: the schema, and the name of the limit of tokens. Where one is refused by
//! name, the other form is used from then on.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderName, header::AUTHORIZATION};
use serde_json::{Value, json};

use super::client::{Refusal, Told, Unusable, Vendor, by_status, should_retry, tells, tokens};
use super::{ErrorKind, Question};
use crate::https::base_url;
use crate::lenient::text;

pub(super) const BASE_URL: &str = "https://api.openai.com/v1";
const OWN_HOST: &str = "api.openai.com";
/// A key whose quota is used up is not helped by waiting.
const SPENT: [&str; 2] = ["insufficient_quota", "billing_hard_limit_reached"];

#[derive(Debug)]
pub(super) struct OpenAi {
    /// The server takes no schema: it is told in words.
    schema_in_words: AtomicBool,
    /// The server knows `max_tokens` alone.
    old_limit: AtomicBool,
}

impl OpenAi {
    /// The forms expected of the server at an address.
    pub(super) fn at(address: &str) -> Self {
        let own = base_url(address).is_some_and(|url| url.host_str() == Some(OWN_HOST));
        Self { schema_in_words: AtomicBool::new(false), old_limit: AtomicBool::new(!own) }
    }
}

impl Vendor for OpenAi {
    fn headers(&self) -> (HeaderName, &'static str, &'static [(&'static str, &'static str)]) {
        (AUTHORIZATION, "Bearer ", &[])
    }

    fn request<'a>(&self, model: &'a str, question: &Question<'_>) -> (Vec<Cow<'a, str>>, Value) {
        let in_words = self.schema_in_words.load(Ordering::Relaxed);
        let system = if in_words {
            format!("{}\n\nAnswer with one JSON object that holds to this JSON Schema:\n{}", question.system, question.schema)
        } else {
            question.system.to_owned()
        };
        let format = if in_words {
            json!({ "type": "json_object" })
        } else {
            let schema = json!({ "name": question.name, "strict": true, "schema": question.schema });
            json!({ "type": "json_schema", "json_schema": schema })
        };
        let mut body = json!({
            "model": model,
            "messages": [{ "role": "system", "content": system }, { "role": "user", "content": question.user }],
            "response_format": format,
        });
        let limit = if self.old_limit.load(Ordering::Relaxed) { "max_tokens" } else { "max_completion_tokens" };
        body[limit] = question.max_output_tokens.into();
        (vec!["chat".into(), "completions".into()], body)
    }

    fn read(&self, body: &Value) -> Result<Told, Unusable> {
        let usage = body.get("usage").filter(|usage| tells(usage, &["prompt_tokens", "completion_tokens"]));
        let usage = usage.map(|usage| (tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens")));
        let no = |kind, message: String| Unusable { kind, message, usage };
        let choice = body.get("choices").and_then(|all| all.get(0));
        let choice = choice.ok_or_else(|| no(ErrorKind::Unreadable, "the answer has no choice".to_owned()))?;
        let message = choice.get("message").unwrap_or(&Value::Null);
        if let Some(refusal) = text(message, &["refusal"]) {
            return Err(no(ErrorKind::Refused, refusal));
        }
        match choice.get("finish_reason").and_then(Value::as_str) {
            Some("stop") => {}
            Some("length") => return Err(no(ErrorKind::CutShort, "the answer ended at the limit of tokens".to_owned())),
            Some("content_filter") => return Err(no(ErrorKind::Refused, "the answer is filtered".to_owned())),
            _ => return Err(no(ErrorKind::Unreadable, "the answer does not say that it is whole".to_owned())),
        }
        let said = message.get("content").and_then(Value::as_str);
        let said = said.ok_or_else(|| no(ErrorKind::Unreadable, "the answer has no text".to_owned()))?;
        let model = body.get("model").and_then(Value::as_str).map(str::to_owned);
        Ok(Told { text: said.to_owned(), model, usage })
    }

    fn refusal(&self, status: u16, headers: &HeaderMap, body: &Value) -> Refusal {
        let error = body.get("error").unwrap_or(&Value::Null);
        let code = text(error, &["code"]).or_else(|| text(error, &["type"]));
        let spent = [text(error, &["code"]), text(error, &["type"])].into_iter().flatten().any(|c| SPENT.contains(&c.as_str()));
        let kind = if spent { ErrorKind::SpendLimit } else { by_status(status) };
        let listed = matches!(status, 408 | 409 | 429 | 500..);
        let again = !spent && should_retry(headers).unwrap_or(listed);
        Refusal { kind, code, message: text(error, &["message"]).unwrap_or_default(), wait: None, again }
    }

    fn changes_form(&self, status: u16, body: &Value) -> bool {
        if !matches!(status, 400 | 422) {
            return false;
        }
        // Some servers name the field in the message, some in `param`, some answer a list of complaints.
        let said = body.to_string();
        if said.contains("response_format") || said.contains("json_schema") {
            return !self.schema_in_words.swap(true, Ordering::Relaxed);
        }
        if said.contains("max_completion_tokens") || said.contains("max_tokens") {
            self.old_limit.fetch_xor(true, Ordering::Relaxed);
            return true;
        }
        false
    }
}
