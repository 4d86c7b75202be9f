//! Google Gemini: `generateContent`, with the schema in `responseJsonSchema`.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use super::client::{Refusal, Told, Unusable, Vendor, by_status, tells, tokens};
use super::{ErrorKind, Question};
use crate::lenient::text;
use crate::retry_after::WAIT_MAX;

pub(super) const BASE_URL: &str = "https://generativelanguage.googleapis.com/v1beta";
/// Reasons to stop that are a refusal.
const REFUSALS: [&str; 7] = ["SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY"];

#[derive(Debug)]
pub(super) struct Gemini;

impl Vendor for Gemini {
    fn headers(&self) -> (HeaderName, &'static str, &'static [(&'static str, &'static str)]) {
        (HeaderName::from_static("x-goog-api-key"), "", &[])
    }

    fn request<'a>(&self, model: &'a str, question: &Question<'_>) -> (Vec<Cow<'a, str>>, Value) {
        let body = json!({
            "systemInstruction": { "parts": [{ "text": question.system }] },
            "contents": [{ "role": "user", "parts": [{ "text": question.user }] }],
            "generationConfig": {
                "responseMimeType": "application/json",
                "responseJsonSchema": question.schema,
                "maxOutputTokens": question.max_output_tokens,
            },
        });
        let model = model.strip_prefix("models/").unwrap_or(model);
        (vec!["models".into(), format!("{model}:generateContent").into()], body)
    }

    fn read(&self, body: &Value) -> Result<Told, Unusable> {
        let usage = body.get("usageMetadata").filter(|usage| tells(usage, &["promptTokenCount"])).map(|usage| {
            let output = tokens(usage, "candidatesTokenCount") + tokens(usage, "thoughtsTokenCount");
            (tokens(usage, "promptTokenCount"), output)
        });
        let no = |kind, message: String| Unusable { kind, message, usage };
        let Some(candidate) = body.get("candidates").and_then(|all| all.get(0)) else {
            let blocked = body.get("promptFeedback").and_then(|feedback| text(feedback, &["blockReason"]));
            return Err(match blocked {
                Some(reason) => no(ErrorKind::Refused, format!("the prompt is blocked: {reason}")),
                None => no(ErrorKind::Unreadable, "the answer has no candidate".to_owned()),
            });
        };
        match candidate.get("finishReason").and_then(Value::as_str) {
            Some("STOP") => {}
            Some("MAX_TOKENS") => {
                return Err(no(ErrorKind::CutShort, "the answer ended at the limit of tokens".to_owned()));
            }
            Some(reason) if REFUSALS.contains(&reason) => {
                return Err(no(ErrorKind::Refused, format!("the answer is blocked: {reason}")));
            }
            Some(reason) => return Err(no(ErrorKind::Unreadable, format!("the answer is not whole: {reason}"))),
            None => return Err(no(ErrorKind::Unreadable, "the answer does not say that it is whole".to_owned())),
        }
        let parts = candidate.pointer("/content/parts").and_then(Value::as_array).into_iter().flatten();
        let said = parts.into_iter().filter(|part| part.get("thought") != Some(&Value::Bool(true)));
        let text: String = said.filter_map(|part| part.get("text").and_then(Value::as_str)).collect();
        if text.trim().is_empty() {
            return Err(no(ErrorKind::Unreadable, "the answer has no text".to_owned()));
        }
        Ok(Told { text, model: body.get("modelVersion").and_then(Value::as_str).map(str::to_owned), usage })
    }

    fn refusal(&self, status: u16, _headers: &HeaderMap, body: &Value) -> Refusal {
        // Some answers come as a list of one.
        let body = body.get(0).unwrap_or(body);
        let error = body.get("error").unwrap_or(&Value::Null);
        let details = || error.get("details").and_then(Value::as_array).into_iter().flatten();
        let reason = details().find_map(|detail| detail.get("reason").and_then(Value::as_str));
        let kind = if reason == Some("API_KEY_INVALID") { ErrorKind::KeyRejected } else { by_status(status) };
        let wait = details().filter_map(|detail| detail.get("retryDelay").and_then(Value::as_str)).find_map(duration);
        let code = reason.map(str::to_owned).or_else(|| text(error, &["status"]));
        let again = matches!(status, 408 | 429 | 500 | 502 | 503 | 504);
        Refusal { kind, code, message: text(error, &["message"]).unwrap_or_default(), wait, again }
    }
}

/// A duration as Google writes it: `34s`, `1.5s`.
fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().strip_suffix('s')?.parse().ok()?;
    let wait = Duration::try_from_secs_f64(seconds.max(0.0)).ok()?;
    Some(wait.min(WAIT_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_google_writes_them() {
        for (text, expected) in [
            ("34s", Some(Duration::from_secs(34))),
            ("1.5s", Some(Duration::from_millis(1_500))),
            ("-3s", Some(Duration::ZERO)),
            ("1e12s", Some(WAIT_MAX)),
            ("34", None),
            ("s", None),
            ("NaNs", Some(Duration::ZERO)),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
    }
}
