//! Answers of status 200: which text is read, and when none is.

use outbound::model::{Charge, ErrorKind, Maker};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::vendor::{MAKERS, asked, good, json_answer, said};

const USED: Charge = Charge::Tokens { input: 20, output: 9 };

fn with(maker: Maker, pointer: &str, value: Value) -> Value {
    let mut body = good(maker);
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{maker:?} has no {pointer}")) = value;
    body
}

#[tokio::test]
async fn the_right_part_is_read() {
    let text = r#"{"value": 7, "reason": "x"}"#;
    let half = |from, to: usize| &text[from..to];
    for (maker, pointer, value) in [
        (
            Maker::Anthropic,
            "/content",
            json!([
                { "type": "thinking", "thinking": "{\"value\": 100}", "signature": "…" },
                { "type": "text", "text": text },
                { "type": "text", "text": "and more" },
            ]),
        ),
        (Maker::Anthropic, "/stop_reason", json!("something_new")),
        (
            Maker::Gemini,
            "/candidates/0/content/parts",
            json!([
                { "text": "{\"value\": 100}", "thought": true }, { "text": half(0, 9) },
                { "inlineData": {} }, { "text": half(9, text.len()) },
            ]),
        ),
        (Maker::OpenAi, "/choices/0/message/content", json!(format!("```json\n{text}\n```"))),
    ] {
        let (answered, calls) = asked(maker, [json_answer(200, &with(maker, pointer, value))]).await;
        let value = answered.unwrap().value["value"].clone();
        assert!(value == 7 || (pointer == "/stop_reason" && value == 80), "{maker:?} {pointer}: {value}");
        assert_eq!(calls, 1);
    }
}

#[tokio::test]
async fn what_is_no_whole_answer_is_not_read() {
    use ErrorKind as K;
    let blocked = json!({ "promptFeedback": { "blockReason": "SAFETY" }, "usageMetadata": { "promptTokenCount": 20, "candidatesTokenCount": 9 } });
    for (maker, body, kind) in [
        (Maker::Anthropic, with(Maker::Anthropic, "/stop_reason", json!("refusal")), K::Refused),
        (Maker::Anthropic, with(Maker::Anthropic, "/stop_reason", json!("max_tokens")), K::CutShort),
        (Maker::Anthropic, with(Maker::Anthropic, "/stop_reason", json!("model_context_window_exceeded")), K::CutShort),
        (Maker::Anthropic, with(Maker::Anthropic, "/stop_reason", json!("tool_use")), K::Unreadable),
        (Maker::Anthropic, with(Maker::Anthropic, "/content", json!([{ "type": "thinking" }])), K::Unreadable),
        (Maker::Gemini, blocked, K::Refused),
        (Maker::Gemini, with(Maker::Gemini, "/candidates", json!([])), K::Unreadable),
        (Maker::Gemini, with(Maker::Gemini, "/candidates/0/finishReason", json!("SAFETY")), K::Refused),
        (Maker::Gemini, with(Maker::Gemini, "/candidates/0/finishReason", json!("MAX_TOKENS")), K::CutShort),
        (Maker::Gemini, with(Maker::Gemini, "/candidates/0/finishReason", json!("OTHER")), K::Unreadable),
        (Maker::Gemini, with(Maker::Gemini, "/candidates/0/content/parts", json!([])), K::Unreadable),
        (Maker::OpenAi, with(Maker::OpenAi, "/choices/0/message", json!({ "content": null, "refusal": "no" })), K::Refused),
        (Maker::OpenAi, with(Maker::OpenAi, "/choices/0/finish_reason", json!("content_filter")), K::Refused),
        (Maker::OpenAi, with(Maker::OpenAi, "/choices/0/finish_reason", json!("length")), K::CutShort),
        (Maker::OpenAi, with(Maker::OpenAi, "/choices/0/finish_reason", json!("tool_calls")), K::Unreadable),
        (Maker::OpenAi, with(Maker::OpenAi, "/choices", json!([])), K::Unreadable),
    ] {
        let (answered, calls) = asked(maker, [json_answer(200, &body)]).await;
        let error = answered.unwrap_err();
        assert_eq!((error.kind, error.status, calls), (kind, Some(200), 1), "{maker:?} {body}: {error}");
        assert_eq!((error.charge, error.cost(outbound::model::PRICES_DEFAULT, 1)), (USED, 975), "work was done for nothing");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_the_schema_is_not_believed() {
    for (text, why) in [
        ("Je dirais 80 sur 100.", "the model's answer is no JSON"),
        (r#"{"value": 80, "reason": "x""#, "the model's answer is no JSON"),
        (r#"{"value": "80", "reason": "x"}"#, "$.value is no integer"),
        (r#"{"value": 80}"#, "$.reason is missing"),
        (r#"{"value": 80, "reason": "x", "send": true}"#, "$ has a field that nobody asked for"),
        (r#"[80, "x"]"#, "$ is no object"),
    ] {
        for maker in MAKERS {
            let (answered, calls) = asked(maker, [json_answer(200, &said(maker, text))]).await;
            let error = answered.unwrap_err();
            assert_eq!((error.kind, error.message.as_str(), error.charge), (ErrorKind::OffSchema, why, USED), "{maker:?}");
            assert!(!error.is_retryable() && calls == 1);
        }
    }
}

#[tokio::test]
async fn what_is_not_told_counts_in_full() {
    for (maker, usage) in [(Maker::Anthropic, "usage"), (Maker::Gemini, "usageMetadata"), (Maker::OpenAi, "usage")] {
        let mut body = good(maker);
        body.as_object_mut().unwrap().remove(usage);
        let (answered, _) = asked(maker, [json_answer(200, &body)]).await;
        let answer = answered.unwrap();
        assert_eq!(answer.output_tokens, 512, "{maker:?}");
        assert!(answer.input_tokens > 50, "{maker:?}: {}", answer.input_tokens);
    }
}

#[tokio::test]
async fn html_and_floods_are_unreadable() {
    let html = || ResponseTemplate::new(200).set_body_raw("<!doctype html><h1>Proxy</h1>", "text/html");
    let flood = || ResponseTemplate::new(200).set_body_bytes(vec![b' '; 10 * 1024 * 1024]);
    let foreign = || ResponseTemplate::new(200).set_body_json(json!({ "hello": [1, null] }));
    for maker in MAKERS {
        for (answer, why) in [(html(), "the answer is no JSON"), (flood(), "the answer is too large"), (foreign(), "")] {
            let (answered, calls) = asked(maker, [answer]).await;
            let error = answered.unwrap_err();
            assert_eq!((error.kind, error.charge, calls), (ErrorKind::Unreadable, Charge::Unknown, 1), "{maker:?}: {error}");
            assert!(error.message.starts_with(why) && error.is_retryable(), "{maker:?}: {error}");
            assert_eq!(error.cost(outbound::model::PRICES_DEFAULT, 77), 77, "nobody knows what it cost");
        }
    }
}
