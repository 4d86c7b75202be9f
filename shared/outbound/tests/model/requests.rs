//! The exact request of each vendor.

use outbound::model::Maker;
use serde_json::{Value, json};

use crate::vendor::{KEY, ask, client, good, json_answer, schema, vendor};

/// Path, headers that matter, and body of the one request for a question, below `/base`.
async fn request(maker: Maker) -> (String, Vec<(String, String)>, Value) {
    let server = vendor([json_answer(200, &good(maker))]).await;
    let answer = ask(client(maker, &format!("{}/base", server.uri())).as_ref()).await.unwrap();
    assert_eq!(answer.value, json!({ "value": 80, "reason": "Un directeur technique." }), "{maker:?}");
    assert_eq!((answer.model.as_str(), answer.input_tokens, answer.output_tokens), ("model-1-large", 20, 9), "{maker:?}");
    let received = server.received_requests().await.unwrap();
    let [one] = received.as_slice() else { panic!("{maker:?}: {} requests", received.len()) };
    let of_transport = ["host", "content-length", "accept", "user-agent"];
    let mut headers: Vec<(String, String)> = one
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .filter(|(name, _)| !of_transport.contains(&name.as_str()))
        .collect();
    headers.sort();
    assert_eq!(one.method.as_str(), "POST");
    assert!(one.headers["user-agent"].to_str().unwrap().starts_with("amorce/"));
    (one.url.path().to_owned(), headers, serde_json::from_slice(&one.body).unwrap())
}

fn headers(listed: &[(&str, &str)]) -> Vec<(String, String)> {
    listed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn anthropic() {
    let (path, sent, body) = request(Maker::Anthropic).await;
    assert_eq!(path, "/base/v1/messages");
    let expected = [("anthropic-version", "2026-10-21"), ("content-type", "application/json"), ("x-api-key", KEY)];
    assert_eq!(sent, headers(&expected));
    // Whole: nothing else is sent, above all no temperature, top_p or top_k.
    let expected = json!({
        "model": "model-1",
        "max_tokens": 512,
        "system": "Rate.",
        "messages": [{ "role": "user", "content": "Ada, a CTO." }],
        "output_config": { "format": { "type": "json_schema", "schema": schema() } },
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn gemini() {
    let (path, sent, body) = request(Maker::Gemini).await;
    assert_eq!(path, "/base/models/model-1:generateContent");
    assert_eq!(sent, headers(&[("content-type", "application/json"), ("x-goog-api-key", KEY)]));
    let expected = json!({
        "systemInstruction": { "parts": [{ "text": "Rate." }] },
        "contents": [{ "role": "user", "parts": [{ "text": "Ada, a CTO." }] }],
        "generationConfig": { "responseMimeType": "application/json", "responseJsonSchema": schema(), "maxOutputTokens": 512 },
    });
    assert_eq!(body, expected);
}

fn openai_body(system: &str, limit: &str, format: &Value) -> Value {
    json!({
        "model": "model-1",
        "messages": [{ "role": "system", "content": system }, { "role": "user", "content": "Ada, a CTO." }],
        "response_format": format,
        limit: 512,
    })
}

fn with_schema() -> Value {
    json!({ "type": "json_schema", "json_schema": { "name": "fit", "strict": true, "schema": schema() } })
}

/// A server that is not OpenAI's own is told `max_tokens`.
#[tokio::test]
async fn openai() {
    let (path, sent, body) = request(Maker::OpenAi).await;
    assert_eq!(path, "/base/chat/completions");
    let bearer = format!("Bearer {KEY}");
    assert_eq!(sent, headers(&[("authorization", &bearer), ("content-type", "application/json")]));
    assert_eq!(body, openai_body("Rate.", "max_tokens", &with_schema()));
}

/// The form that a server refuses is left, for this question and all that follow.
#[tokio::test]
async fn openai_in_the_form_a_server_takes() {
    let said = |param: &str| json!({ "error": { "message": format!("unsupported: {param}"), "param": param, "code": null } });
    let in_words = format!("Rate.\n\nAnswer with one JSON object that holds to this JSON Schema:\n{}", schema());
    for (refused, expected) in [
        ("response_format", openai_body(&in_words, "max_tokens", &json!({ "type": "json_object" }))),
        ("max_tokens", openai_body("Rate.", "max_completion_tokens", &with_schema())),
    ] {
        let server = vendor([json_answer(400, &said(refused)), json_answer(200, &good(Maker::OpenAi))]).await;
        let model = client(Maker::OpenAi, &server.uri());
        for _ in 0..2 {
            assert_eq!(ask(model.as_ref()).await.unwrap().value["value"], 80, "{refused}");
        }
        let received = server.received_requests().await.unwrap();
        let bodies: Vec<Value> = received.iter().map(|one| serde_json::from_slice(&one.body).unwrap()).collect();
        assert_eq!(bodies, [openai_body("Rate.", "max_tokens", &with_schema()), expected.clone(), expected], "{refused}");
    }
}
