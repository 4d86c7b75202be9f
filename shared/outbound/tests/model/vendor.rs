//! Stand-ins for the vendors, and what each answers.

use std::sync::Arc;
use std::time::Duration;

use outbound::model::{Answer, Maker, Model, ModelConfig, ModelError, Question, open};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const KEY: &str = "KEY-not-real-5b1d";
pub const MAKERS: [Maker; 3] = [Maker::Anthropic, Maker::Gemini, Maker::OpenAi];

pub fn schema() -> Value {
    json!({
        "type": "object",
        "properties": { "value": { "type": "integer" }, "reason": { "type": "string" } },
        "required": ["value", "reason"],
        "additionalProperties": false,
    })
}

/// A client that loses no time.
pub fn client(maker: Maker, address: &str) -> Arc<dyn Model> {
    open(config(maker, address)).unwrap()
}

pub fn config(maker: Maker, address: &str) -> ModelConfig {
    let mut config = ModelConfig::new(maker, KEY.to_owned().into(), "model-1");
    config.base_url = address.to_owned();
    config.timeout = Duration::from_secs(5);
    config.backoff = Duration::from_millis(1);
    config
}

pub async fn ask(model: &dyn Model) -> Result<Answer, ModelError> {
    let schema = schema();
    let question = Question { system: "Rate.", user: "Ada, a CTO.", name: "fit", schema: &schema, max_output_tokens: 512 };
    model.ask(&question).await
}

/// What a vendor answers with this text, 20 tokens of input and 9 of output.
pub fn said(maker: Maker, text: &str) -> Value {
    match maker {
        Maker::Anthropic => json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "model-1-large",
            "content": [{ "type": "text", "text": text, "citations": null }],
            "stop_reason": "end_turn", "stop_sequence": null,
            "usage": { "input_tokens": 12, "output_tokens": 9, "cache_creation_input_tokens": 3, "cache_read_input_tokens": 5 },
        }),
        Maker::Gemini => json!({
            "candidates": [{ "content": { "role": "model", "parts": [{ "text": text }] }, "finishReason": "STOP", "index": 0 }],
            "usageMetadata": { "promptTokenCount": 20, "candidatesTokenCount": 5, "thoughtsTokenCount": 4, "totalTokenCount": 29 },
            "modelVersion": "model-1-large",
        }),
        Maker::OpenAi => json!({
            "id": "chatcmpl-1", "object": "chat.completion", "model": "model-1-large",
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": text, "refusal": null }, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29 },
        }),
    }
}

pub fn good(maker: Maker) -> Value {
    said(maker, r#"{"value": 80, "reason": "Un directeur technique."}"#)
}

/// A vendor that gives these answers one after the other, the last one for ever.
pub async fn vendor(answers: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let mut answers = answers.into_iter().peekable();
    while let Some(answer) = answers.next() {
        let mock = Mock::given(any()).respond_with(answer);
        let mock = if answers.peek().is_some() { mock.up_to_n_times(1) } else { mock };
        mock.mount(&server).await;
    }
    server
}

pub fn json_answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// What came of asking a vendor with these answers, and how many calls it took.
pub async fn asked(maker: Maker, answers: impl IntoIterator<Item = ResponseTemplate>) -> (Result<Answer, ModelError>, usize) {
    let server = vendor(answers).await;
    let answered = ask(client(maker, &server.uri()).as_ref()).await;
    if let Err(error) = &answered {
        assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    }
    (answered, server.received_requests().await.unwrap().len())
}
