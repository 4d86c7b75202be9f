//! Every call × every failure: kind, credits, reads, and whether it may have had its effect.

use std::sync::Arc;
use std::time::Duration;

use outbound::linkedin::{CallError, ErrorKind, LinkedIn, Sent};
use outbound::linkup_v1::key_id;
use outbound::rate::{RateGate, SlidingWindow};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::vendor::{self, API_KEY, ENDPOINTS, PASSWORD, TOKEN, client, client_with, recorded_json};

/// The answer a recorded error file describes.
fn template(file: &str) -> ResponseTemplate {
    let case = recorded_json(&format!("errors/{file}"));
    let status = u16::try_from(case["http_status"].as_u64().unwrap()).unwrap();
    let mut answer = match &case["body"] {
        Value::String(text) => ResponseTemplate::new(status).set_body_raw(text.clone(), "text/html"),
        body => ResponseTemplate::new(status).set_body_json(body),
    };
    for (name, value) in case["headers"].as_object().unwrap() {
        answer = answer.insert_header(name.as_str(), value.as_str().unwrap());
    }
    answer
}

fn says(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

fn error_text(message: &str) -> ResponseTemplate {
    says(200, json!({ "status": "error", "message": message }))
}

/// What a failure costs: nothing, or the call's price.
#[derive(Clone, Copy, PartialEq)]
enum Price {
    Free,
    Full,
}
use Price::{Free, Full};

fn cases() -> Vec<(&'static str, ResponseTemplate, ErrorKind, Sent, Price)> {
    use ErrorKind::*;
    let html = || ResponseTemplate::new(200).set_body_raw("<html>Sorry</html>", "text/html");
    let mut cases = vec![
        ("v1-200-data-string.json", BadRequest, Sent::Answered, Full),
        ("v1-200-message.json", SessionExpired, Sent::Answered, Full),
        ("v1-200-truncated.json", Unreadable, Sent::Maybe, Full),
        ("v1-401.json", Unauthorized, Sent::Answered, Full),
        ("v1-429-retry-after.json", RateLimited, Sent::Answered, Full),
        ("v1-429.json", RateLimited, Sent::Answered, Full),
        ("v1-500.json", VendorDown, Sent::Maybe, Free),
        ("v1-502-html.json", VendorDown, Sent::Maybe, Free),
        ("v2-account-inactive.json", SessionExpired, Sent::Answered, Free),
        ("v2-insufficient-credits.json", InsufficientCredits, Sent::Answered, Free),
        ("v2-internal-error.json", VendorDown, Sent::Maybe, Free),
        ("v2-invalid-account.json", NotFound, Sent::Answered, Free),
        ("v2-invalid-action.json", BadRequest, Sent::Answered, Free),
        ("v2-invalid-api-key.json", Unauthorized, Sent::Answered, Free),
        ("v2-invalid-params.json", BadRequest, Sent::Answered, Free),
        ("v2-rate-limited.json", RateLimited, Sent::Answered, Free),
    ]
    .into_iter()
    .map(|(file, kind, sent, price)| (file, template(file), kind, sent, price))
    .collect::<Vec<_>>();
    cases.extend([
        ("400", says(400, json!({"message": "Invalid parameter"})), BadRequest, Sent::Answered, Full),
        ("402", says(402, json!({})), InsufficientCredits, Sent::Answered, Full),
        ("403", says(403, json!({"status": "error"})), Forbidden, Sent::Answered, Full),
        ("403 html", ResponseTemplate::new(403).set_body_string("<p>challenge</p>"), Forbidden, Sent::Answered, Full),
        ("404", says(404, json!({"status": "error", "message": "Not found"})), NotFound, Sent::Answered, Full),
        ("408", says(408, json!({})), TimedOut, Sent::Maybe, Full),
        ("503", ResponseTemplate::new(503), VendorDown, Sent::Maybe, Free),
        ("302", ResponseTemplate::new(302).insert_header("location", "/elsewhere"), Unreadable, Sent::Maybe, Full),
        ("200 html", html(), Unreadable, Sent::Maybe, Full),
        ("200 empty", ResponseTemplate::new(200), Unreadable, Sent::Maybe, Full),
        ("200 wrong schema", says(200, json!({"hello": ["world"]})), Unreadable, Sent::Maybe, Full),
        ("200 a number", says(200, json!(7)), Unreadable, Sent::Maybe, Full),
        ("200 success false", says(200, json!({"success": false, "message": "No."})), Refused, Sent::Answered, Full),
        ("200 error object", says(200, json!({"error": {"message": "No."}})), Refused, Sent::Answered, Full),
        ("200 error that cost nothing", says(200, json!({"status": "error", "credits_used": 0})), Refused, Sent::Answered, Free),
    ]);
    cases
}

#[tokio::test]
async fn every_call_judges_every_failure() {
    let vendor = MockServer::start().await;
    let mut judged = 0;
    for (case, answer, kind, sent, price) in cases() {
        vendor.reset().await;
        Mock::given(any()).respond_with(answer).mount(&vendor).await;
        let mut asking = client(&vendor.uri());
        for endpoint in ENDPOINTS {
            let context = format!("{case} to {}", endpoint.name);
            if kind == ErrorKind::RateLimited {
                // The one before is paused now.
                asking = client(&vendor.uri());
            }
            let error = vendor::ask(&asking, endpoint.name).await.expect_err(&context);
            assert_eq!((error.kind, error.sent), (kind, sent), "{context}: {error}");
            let credits = if price == Full { endpoint.credits } else { 0 };
            assert_eq!((error.credits, error.session_reads), (credits, endpoint.reads), "{context}");
            assert_eq!(error.surely_not_done(), sent == Sent::Answered, "{context}");
            assert!(error.status.is_some(), "{context}");
            judged += 1;
        }
        let requests = vendor.received_requests().await.unwrap();
        assert_eq!(requests.len(), ENDPOINTS.len(), "{case}: nothing is repeated by itself");
    }
    assert_eq!(judged, 31 * 30);
}

async fn answered(answer: ResponseTemplate, call: &str) -> CallError {
    let vendor = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&vendor).await;
    vendor::ask(&client(&vendor.uri()), call).await.expect_err(call)
}

#[tokio::test]
async fn texts_of_a_send_are_told_apart() {
    let check = async |text: &str, kind: ErrorKind| {
        let error = answered(error_text(text), "connect").await;
        assert_eq!(error.kind, kind, "{text}");
        assert_eq!(error.is_stop_sign(), kind == ErrorKind::Restricted, "{text}");
        assert!(error.surely_not_done(), "{text}");
    };
    check("Your account has been restricted", ErrorKind::Restricted).await;
    check("Account restriction in place", ErrorKind::Restricted).await;
    check("LinkedIn challenge required", ErrorKind::Restricted).await;
    check("CHECKPOINT detected", ErrorKind::Restricted).await;
    check("Identity verification needed", ErrorKind::Restricted).await;
    check("You have reached the weekly invitation limit", ErrorKind::Restricted).await;
    check("Already connected with this member", ErrorKind::AlreadyConnected).await;
    check("An invitation is already pending", ErrorKind::AlreadyPending).await;
    check("Invitation already sent", ErrorKind::AlreadyPending).await;
    check("You are not connected to this member", ErrorKind::NotConnected).await;
    check("Not enough credits", ErrorKind::InsufficientCredits).await;
    check("Session expired, log in again", ErrorKind::SessionExpired).await;
    check("Too many requests", ErrorKind::RateLimited).await;
    check("Profile not found", ErrorKind::NotFound).await;
    check("linkedin_url is required", ErrorKind::BadRequest).await;
    check("Something else", ErrorKind::Refused).await;
}

#[tokio::test]
async fn a_stop_sign_counts_whatever_the_status_and_a_login_has_none() {
    for status in [200, 400, 403, 429, 500] {
        let answer = says(status, json!({"status": "error", "message": "Security challenge"}));
        let error = answered(answer, "send_message").await;
        assert!(error.is_stop_sign(), "{status}");
        assert_eq!(error.sent == Sent::Maybe, status == 500, "{status}: a 500 may have sent it");
    }
    let error = answered(error_text("Wrong verification code"), "verify").await;
    assert_eq!(error.kind, ErrorKind::Refused, "about the code, not about the account");
}

#[tokio::test]
async fn a_read_may_be_asked_again_only_where_the_answer_can_change() {
    let check = async |status: u16, retryable: bool| {
        let error = answered(says(status, json!({"status": "error"})), "profile").await;
        assert_eq!(error.is_retryable(), retryable, "{status}");
    };
    for status in [400, 401, 402, 403, 404, 200] {
        check(status, false).await;
    }
    for status in [408, 429, 500, 502, 503] {
        check(status, true).await;
    }
}

#[tokio::test]
async fn a_429_stops_every_call_of_the_key_until_the_wait_has_passed() {
    let gate = Arc::new(SlidingWindow::new(300, Duration::from_secs(60)));
    let vendor = MockServer::start().await;
    Mock::given(any()).respond_with(template("v1-429-retry-after.json")).mount(&vendor).await;
    let client = client_with(&vendor.uri(), gate.clone());
    let error = vendor::ask(&client, "connect").await.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(37)));
    for endpoint in ENDPOINTS {
        let held = vendor::ask(&client, endpoint.name).await.unwrap_err();
        assert_eq!((held.kind, held.sent), (ErrorKind::Throttled, Sent::Not), "{}", endpoint.name);
        assert_eq!((held.credits, held.session_reads), (0, 0));
        assert_eq!(held.retry_after, Some(Duration::from_secs(37)));
    }
    assert_eq!(vendor.received_requests().await.unwrap().len(), 1);
    let until = gate.paused_until(&key_id(&API_KEY.to_owned().into())).await;
    assert_eq!(until, Some(vendor::now() + Duration::from_secs(37)));
}

#[tokio::test]
async fn a_429_without_a_time_pauses_all_the_same() {
    let key = key_id(&API_KEY.to_owned().into());
    for (header, seconds) in [(None, 30), (Some("0"), 1), (Some("soon"), 30)] {
        let gate = Arc::new(SlidingWindow::new(300, Duration::from_secs(60)));
        let vendor = MockServer::start().await;
        let answer = ResponseTemplate::new(429);
        let answer = header.into_iter().fold(answer, |answer, value| answer.insert_header("retry-after", value));
        Mock::given(any()).respond_with(answer).mount(&vendor).await;
        vendor::ask(&client_with(&vendor.uri(), gate.clone()), "profile").await.unwrap_err();
        let until = gate.paused_until(&key).await.unwrap();
        assert_eq!(until, vendor::now() + Duration::from_secs(seconds), "{header:?}");
    }
}

#[tokio::test]
async fn our_own_count_holds_before_the_vendor_has_to_say_it() {
    let vendor = MockServer::start().await;
    Mock::given(any()).respond_with(says(200, json!({"status": "success"}))).mount(&vendor).await;
    let gate = Arc::new(SlidingWindow::new(3, Duration::from_secs(60)));
    let (first, second) = (client_with(&vendor.uri(), gate.clone()), client_with(&vendor.uri(), gate));
    for client in [&first, &second, &first] {
        vendor::ask(client, "connect").await.unwrap();
    }
    let held = vendor::ask(&second, "connect").await.unwrap_err();
    assert_eq!((held.kind, held.retry_after), (ErrorKind::Throttled, Some(Duration::from_secs(60))));
    assert_eq!(vendor.received_requests().await.unwrap().len(), 3);
}

#[tokio::test]
async fn errors_hold_no_secret_and_are_short() {
    let echo = format!("bad {TOKEN} {API_KEY} {PASSWORD} 123456 {}\n\u{7}", "long ".repeat(200));
    for call in ["connect", "login", "verify", "create_webhook", "start_webhook"] {
        let error = answered(error_text(&echo), call).await;
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(API_KEY), "{call}: {shown}");
        assert!(call != "connect" || !shown.contains(TOKEN), "{call}: {shown}");
        assert!(call != "login" || !shown.contains(PASSWORD), "{call}: {shown}");
        assert!(call != "verify" || !shown.contains("123456"), "{call}: {shown}");
        assert!(error.message.chars().count() <= 300 && !error.message.contains(char::is_control));
    }
}

#[test]
fn debug_output_holds_no_secret() {
    let client = client("https://vendor.example");
    let config = outbound::linkup_v1::LinkupConfig::new("https://vendor.example", API_KEY.to_owned().into());
    let login = outbound::linkedin::LoginOutcome::Session(TOKEN.to_owned().into());
    let shown = format!("{client:?} {config:?} {:?} {login:?}", vendor::session());
    assert!(!shown.contains(API_KEY) && !shown.contains(TOKEN), "{shown}");
    assert!(!client.capabilities().visit && !client.capabilities().acceptance_by_webhook);
}
