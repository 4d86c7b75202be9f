//! Refusals by status, and what goes wrong below HTTP: what is asked again, how long it is waited, what is never told.

use std::time::Duration;

use outbound::model::{Charge, ErrorKind, Maker, open};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::ResponseTemplate;

use crate::vendor::{KEY, MAKERS, ask, asked, client, config, good, json_answer, vendor};

fn anthropic(kind: &str, code: Option<&str>) -> Value {
    let details = code.map(|code| json!({ "error_code": code }));
    json!({ "type": "error", "error": { "type": kind, "message": format!("no, {KEY}"), "details": details }, "request_id": "req_1" })
}

fn gemini(status: &str, details: Value) -> Value {
    json!({ "error": { "code": 0, "message": format!("no, {KEY}"), "status": status, "details": details } })
}

fn openai(kind: &str, code: &str) -> Value {
    json!({ "error": { "message": format!("no, {KEY}"), "type": kind, "param": null, "code": code } })
}

fn retry_info(delay: &str) -> Value {
    json!([{ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay }])
}

/// One refusal and what it means: kind, calls made in all, wait told in seconds.
#[tokio::test]
async fn refusals_are_what_each_vendor_says() {
    use ErrorKind as K;
    let (a, g, o) = (Maker::Anthropic, Maker::Gemini, Maker::OpenAi);
    let cases: Vec<(Maker, u16, Value, K, usize)> = vec![
        (a, 400, anthropic("invalid_request_error", None), K::Rejected, 1),
        (a, 401, anthropic("authentication_error", None), K::KeyRejected, 1),
        (a, 402, anthropic("billing_error", None), K::SpendLimit, 1),
        (a, 403, anthropic("permission_error", None), K::KeyRejected, 1),
        (a, 404, anthropic("not_found_error", None), K::Rejected, 1),
        (a, 408, anthropic("timeout_error", None), K::TimedOut, 3),
        (a, 409, anthropic("conflict_error", None), K::Throttled, 3),
        (a, 413, anthropic("request_too_large", None), K::Rejected, 1),
        (a, 429, anthropic("rate_limit_error", None), K::Throttled, 3),
        (a, 429, anthropic("rate_limit_error", Some("enforced_spend_limit_reached")), K::SpendLimit, 1),
        (a, 500, anthropic("api_error", None), K::VendorDown, 3),
        (a, 529, anthropic("overloaded_error", None), K::VendorDown, 3),
        (a, 502, json!("<html>"), K::VendorDown, 3),
        (a, 301, json!({}), K::Unreadable, 1),
        (g, 400, gemini("INVALID_ARGUMENT", json!([])), K::Rejected, 1),
        (g, 400, gemini("INVALID_ARGUMENT", json!([{ "reason": "API_KEY_INVALID" }])), K::KeyRejected, 1),
        (g, 403, gemini("PERMISSION_DENIED", json!([])), K::KeyRejected, 1),
        (g, 404, gemini("NOT_FOUND", json!([])), K::Rejected, 1),
        (g, 429, gemini("RESOURCE_EXHAUSTED", json!([])), K::Throttled, 3),
        (g, 429, gemini("RESOURCE_EXHAUSTED", retry_info("0s")), K::Throttled, 3),
        (g, 503, gemini("UNAVAILABLE", json!([])), K::VendorDown, 3),
        (g, 501, gemini("UNIMPLEMENTED", json!([])), K::VendorDown, 1),
        (o, 400, openai("invalid_request_error", "context_length_exceeded"), K::Rejected, 1),
        (o, 401, openai("invalid_request_error", "invalid_api_key"), K::KeyRejected, 1),
        (o, 404, openai("invalid_request_error", "model_not_found"), K::Rejected, 1),
        (o, 429, openai("requests", "rate_limit_exceeded"), K::Throttled, 3),
        (o, 429, openai("insufficient_quota", "insufficient_quota"), K::SpendLimit, 1),
        (o, 503, openai("server_error", ""), K::VendorDown, 3),
    ];
    for (maker, status, body, kind, calls) in cases {
        let (answered, made) = asked(maker, [json_answer(status, &body)]).await;
        let error = answered.unwrap_err();
        let context = format!("{maker:?} {status} {body}: {error}");
        assert_eq!((error.kind, error.status, made), (kind, Some(status), calls), "{context}");
        assert_eq!((error.charge, error.message.contains("[…]")), (Charge::Nothing, body["error"].is_object()), "{context}");
    }
}

#[tokio::test]
async fn a_vendor_that_comes_back_has_answered() {
    for maker in MAKERS {
        for status in [429, 503] {
            let down = || json_answer(status, &json!({})).insert_header("retry-after", "0");
            let (answered, calls) = asked(maker, [down(), down(), json_answer(200, &good(maker))]).await;
            assert_eq!((answered.unwrap().value["value"].clone(), calls), (json!(80), 3), "{maker:?} {status}");
        }
    }
}

#[tokio::test]
async fn who_is_told_to_wait_long_does_not_ask_meanwhile() {
    let in_header = || json_answer(429, &json!({})).insert_header("retry-after", "37");
    let in_millis = || json_answer(429, &json!({})).insert_header("retry-after-ms", "37000").insert_header("retry-after", "1");
    let in_body = || json_answer(429, &gemini("RESOURCE_EXHAUSTED", retry_info("37s")));
    for (maker, answer) in [
        (Maker::Anthropic, in_header()),
        (Maker::OpenAi, in_header()),
        (Maker::Anthropic, in_millis()),
        (Maker::Gemini, in_body()),
        (Maker::Gemini, in_header()),
    ] {
        let server = vendor([answer]).await;
        let model = client(maker, &server.uri());
        let error = ask(model.as_ref()).await.unwrap_err();
        assert_eq!((error.kind, error.wait), (ErrorKind::Throttled, Some(Duration::from_secs(37))), "{maker:?}");
        let held = ask(model.as_ref()).await.unwrap_err();
        assert_eq!((held.kind, held.charge), (ErrorKind::Throttled, Charge::Nothing), "{maker:?}");
        assert!(held.wait.is_some_and(|wait| wait > Duration::from_secs(10)), "{maker:?}: {:?}", held.wait);
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "{maker:?}");
    }
}

#[tokio::test]
async fn the_vendors_own_word_on_retrying_counts() {
    for maker in [Maker::Anthropic, Maker::OpenAi] {
        for (status, word, calls) in [(500, "false", 1), (400, "true", 3), (529, "perhaps", 3)] {
            let (_, made) = asked(maker, [json_answer(status, &json!({})).insert_header("x-should-retry", word)]).await;
            assert_eq!(made, calls, "{maker:?} {status} {word}");
        }
    }
}

#[tokio::test]
async fn silence_is_not_asked_again() {
    for maker in MAKERS {
        let server = vendor([ResponseTemplate::new(200).set_delay(Duration::from_secs(60))]).await;
        let mut config = config(maker, &server.uri());
        config.timeout = Duration::from_millis(300);
        let error = ask(open(config).unwrap().as_ref()).await.unwrap_err();
        assert_eq!((error.kind, error.charge, error.status), (ErrorKind::TimedOut, Charge::Unknown, None), "{maker:?}");
        assert!(error.is_retryable());
        assert!(server.received_requests().await.unwrap().len() <= 1, "it may have been answered, and charged");
    }
}

/// A server that answers every connection with these bytes and closes it.
async fn raw(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut seen = [0; 16_384];
            let _ = stream.read(&mut seen).await;
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

#[tokio::test]
async fn broken_connections_are_no_answer() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"content\":";
    for maker in MAKERS {
        for (answer, kind) in [(&b""[..], ErrorKind::TimedOut), (&cut[..], ErrorKind::Unreadable)] {
            let error = ask(client(maker, &raw(answer).await).as_ref()).await.unwrap_err();
            assert_eq!((error.kind, error.charge), (kind, Charge::Unknown), "{maker:?}: {error}");
            assert!(!format!("{error:?}").contains(KEY));
        }
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", closed.local_addr().unwrap());
        drop(closed);
        let error = ask(client(maker, &address).as_ref()).await.unwrap_err();
        assert_eq!((error.kind, error.charge), (ErrorKind::Unreachable, Charge::Nothing), "{maker:?}: {error}");
    }
}
