//! LinkupAPI V2: requests as documented, answers read, errors by their codes, prices as told.

#[path = "../support/mod.rs"]
mod support;

use outbound::VendorConfig;
use outbound::linkedin::*;
use outbound::linkup_v2::LinkupV2;
use outbound::rate::SlidingWindow;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use support::calls::{self, ADA, API_KEY, POST, session};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

fn client(address: &str) -> LinkupV2 {
    let gate = Arc::new(SlidingWindow::new(300, Duration::from_secs(60)));
    LinkupV2::with_clock(VendorConfig::new(address, API_KEY.into()), gate, Arc::new(calls::now)).unwrap()
}

/// A vendor that answers everything with this.
async fn saying(status: u16, body: Value) -> MockServer {
    let vendor = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_json(body)).mount(&vendor).await;
    vendor
}

fn success(data: Value) -> Value {
    json!({"success": true, "data": data, "metadata": {"credits_consumed": 1}})
}

async fn only_request(vendor: &MockServer) -> Request {
    let mut requests = vendor.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1, "one request");
    requests.remove(0)
}

/// What a call asks, in an envelope that names account and action.
async fn asks(call: &str, answer: Value, path: &str, action: &str, params: Value) {
    let vendor = saying(200, success(answer)).await;
    calls::ask(&client(&vendor.uri()), call).await.unwrap_or_else(|error| panic!("{call}: {error}"));
    let request = only_request(&vendor).await;
    assert_eq!((request.method.as_str(), request.url.path()), ("POST", path), "{call}");
    assert_eq!(request.headers.get("x-api-key").unwrap(), API_KEY, "{call}");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, json!({"account_id": "acc_claire", "action": action, "params": params}), "{call}");
}

#[tokio::test]
async fn every_action_is_asked_as_documented() {
    let post = "https://www.linkedin.com/feed/update/urn:li:activity:7523292885811833700";
    let page = json!({"post_url": post, "count": 50, "offset": 0});
    let ada = json!({"profile_url": ADA});
    let company = json!({"company_url": "https://www.linkedin.com/company/4711"});
    let posts = json!({"profile_url": ADA, "count": 10, "include_reshares": true});
    asks("own_posts/session", json!({"posts": []}), "/v2/profiles", "get_posts", posts).await;
    asks("post_reactions/session", json!({"reactions": []}), "/v2/content", "get_reactions", page.clone()).await;
    asks("post_comments/session", json!({"comments": []}), "/v2/content", "get_comments", page).await;
    asks("profile", json!({"public_id": "ada"}), "/v2/profiles", "get_profile", ada.clone()).await;
    asks("company/session", json!({"name": "X"}), "/v2/profiles", "get_company", company).await;
    let wanted = json!({"keyword": "drh", "count": 25, "offset": 0});
    asks("search_people/session", json!({"results": []}), "/v2/profiles", "search_people", wanted).await;
    let state = json!({"invitation_state": "PENDING"});
    asks("invitation_status", state, "/v2/network", "check_invitation", ada.clone()).await;
    let note = json!({"profile_url": ADA, "message": "Bonjour"});
    asks("connect", json!({"invitation_urn": "urn:li:invitation:1"}), "/v2/network", "invite", note).await;
    let message = json!({"profile_url": ADA, "message_text": "Bonjour"});
    asks("send_message", json!({}), "/v2/messages", "send", message).await;
    let talk = json!({"profile_url": ADA, "count": 10});
    asks("conversation", json!({"messages": []}), "/v2/messages", "get_conversation", talk).await;
    asks("inbox", json!({"conversations": []}), "/v2/messages", "list_inbox", json!({"count": 20})).await;
    let connections = json!({"count": 50, "offset": 0});
    asks("connections", json!({"connections": []}), "/v2/network", "list_connections", connections).await;
    asks("create_post", json!({"post_urn": "u"}), "/v2/content", "create", json!({"message": "Bonjour"})).await;
    let as_company = json!({"company_url": "https://www.linkedin.com/company/4711", "message": "Bonjour"});
    asks("create_company_post", json!({}), "/v2/content", "create_company", as_company).await;
}

#[tokio::test]
async fn criteria_of_a_search_keep_their_meaning() {
    let vendor = saying(
        200,
        success(json!({"results": [{
        "public_id": "ada", "first_name": "Ada", "last_name": "L.", "headline": "CEO", "location": "Paris",
        "linkedin_url": ADA, "invitation_state": "CAN_INVITE"}], "total_available_results": 1})),
    )
    .await;
    let wanted = domain::search::Combination {
        keyword: Some("drh".into()),
        job_title: Some("CEO".into()),
        industry: Some("Software".into()),
        school: Some("Centrale".into()),
        location: Some("Paris".into()),
        current_company: Some("https://www.linkedin.com/company/x".into()),
    };
    let session = session();
    let query = PeopleQuery { wanted, total_results: 5_000 };
    let found = client(&vendor.uri()).search_people(Access::Session(&session), &query).await.unwrap();
    let row = &found.value.rows[0];
    assert_eq!((row.name.as_deref(), row.title.as_deref(), row.profile_url.as_deref()), (Some("Ada L."), Some("CEO"), Some(ADA)));
    assert_eq!((found.credits, found.session_reads), (1, 1), "the vendor's own word about the price");
    let body: Value = serde_json::from_slice(&only_request(&vendor).await.body).unwrap();
    let params = json!({
        "count": 1_000, "offset": 0, "keyword": "drh Centrale", "title": "CEO", "industry": ["Software"], "location": ["Paris"],
        "company_url": ["https://www.linkedin.com/company/x"],
    });
    assert_eq!(body["params"], params);
}

#[tokio::test]
async fn pages_are_counted_by_offset_and_posts_by_cursor() {
    let rows: Vec<Value> = (0..50).map(|n| json!({"name": format!("P{n}"), "type": "LIKE"})).collect();
    let vendor = saying(
        200,
        json!({"success": true, "data": {"reactions": rows, "pagination": {"offset": 50, "count": 50,
        "next_offset": null, "has_more": false}}}),
    )
    .await;
    let session = session();
    let page = client(&vendor.uri()).post_reactions(Access::Session(&session), POST, 2).await.unwrap();
    assert_eq!((page.value.page.returned, page.value.page.has_next, page.credits), (50, false, 5));
    let body: Value = serde_json::from_slice(&only_request(&vendor).await.body).unwrap();
    assert_eq!(body["params"]["offset"], 50);

    let post = json!({"post_url": POST, "text": "x"});
    let vendor = saying(200, success(json!({"posts": [post], "next_cursor": "a+b/=="}))).await;
    let query = |url: &str, page| PostsQuery { profile_url: url.into(), keyword: None, post_type: None, post_date: None, page };
    let client = client(&vendor.uri());
    let first = client.own_posts(Access::Session(&session), &query(ADA, 1)).await.unwrap().value;
    assert!(first.page.has_next);
    let onward = first.address.unwrap();
    client.own_posts(Access::Session(&session), &query(&onward, 2)).await.unwrap();
    let asked: Value = serde_json::from_slice(&vendor.received_requests().await.unwrap()[1].body).unwrap();
    assert_eq!((asked["params"]["cursor"].as_str(), asked["params"]["profile_url"].as_str()), (Some("a+b/=="), Some(ADA)));
    let unordered = client.own_posts(Access::Session(&session), &query(ADA, 2)).await.unwrap_err();
    assert_eq!((unordered.kind, unordered.sent), (ErrorKind::BadRequest, Sent::Not));
    let filtered = PostsQuery { keyword: Some("devis".into()), ..query(ADA, 1) };
    let refused = client.own_posts(Access::Session(&session), &filtered).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Unsupported, "no wish is dropped in silence");
}

#[tokio::test]
async fn codes_decide_and_cost_nothing() {
    use ErrorKind::*;
    for (status, code, text, kind) in [
        (403, "INVALID_API_KEY", "Invalid", Unauthorized),
        (403, "ACCOUNT_INACTIVE", "Inactive", SessionExpired),
        (404, "INVALID_ACCOUNT", "Not found", SessionExpired),
        (400, "INVALID_ACTION", "Unknown", BadRequest),
        (400, "INVALID_PARAMS", "Missing", BadRequest),
        (402, "INSUFFICIENT_CREDITS", "None left", InsufficientCredits),
        (429, "RATE_LIMITED", "Slow down", RateLimited),
        (500, "INTERNAL_ERROR", "Oops", VendorDown),
        (200, "CHANNEL_ERROR", "You are already connected with this member", AlreadyConnected),
        (200, "CHANNEL_ERROR", "An invitation to this member is already pending", AlreadyPending),
        (200, "CHANNEL_ERROR", "Profile not found", NotFound),
        (200, "CHANNEL_ERROR", "Something else", Refused),
        (400, "CHANNEL_ERROR", "You have reached the weekly invitation limit", Restricted),
    ] {
        let body = json!({"success": false, "error": {"code": code, "message": text}, "metadata": {"credits_consumed": 0}});
        let vendor = saying(status, body).await;
        let error = calls::ask(&client(&vendor.uri()), "connect").await.unwrap_err();
        assert_eq!((error.kind, error.credits, error.message.as_str()), (kind, 0, text), "{code}: {text}");
        assert_eq!(error.pauses_account(), matches!(kind, SessionExpired | Restricted), "{code}: {text}");
    }
}

#[tokio::test]
async fn a_session_without_an_account_id_asks_nothing() {
    let vendor = saying(200, success(json!({}))).await;
    let token_alone = Session::of_token("t", "FR");
    let error = client(&vendor.uri()).connect(&token_alone, ADA, None).await.unwrap_err();
    assert_eq!((error.kind, error.sent), (ErrorKind::SessionExpired, Sent::Not));
    assert!(vendor.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_webhook_is_signed_and_its_secret_told_once() {
    let vendor = saying(200, success(json!({"id": "wh_1", "secret": "whsec_1"}))).await;
    let webhook = NewWebhook {
        account_name: "Claire".into(),
        webhook_url: "https://a.example/webhooks/linkup/t".into(),
        secret: "ours".into(),
    };
    let client = client(&vendor.uri());
    let made = client.create_webhook(&session(), &webhook).await.unwrap().value;
    assert!(made.is_active, "it runs at once");
    assert_eq!(made.secret.unwrap().expose_secret(), "whsec_1");
    let request = only_request(&vendor).await;
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let expected = json!({"account_id": "acc_claire", "url": "https://a.example/webhooks/linkup/t", "events": ["all"],
        "retry": true, "enable_signature": true});
    assert_eq!((request.url.path(), body), ("/v2/webhooks", expected));

    let rotated = client.rotate_webhook_secret("wh_1").await.unwrap().value;
    assert_eq!(rotated.expose_secret(), "whsec_1");
    assert!(client.start_webhook("wh_1").await.unwrap().value.is_active);
    assert!(!client.stop_webhook("wh_1").await.unwrap().value.is_active);
    let paths: Vec<String> =
        vendor.received_requests().await.unwrap().iter().skip(1).map(|request| request.url.path().to_owned()).collect();
    assert_eq!(paths, ["/v2/webhooks/wh_1/rotate-secret", "/v2/webhooks/wh_1/start", "/v2/webhooks/wh_1/stop"]);

    let untold = saying(200, success(json!({"id": "wh_1"}))).await;
    let error = self::client(&untold.uri()).create_webhook(&session(), &webhook).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreadable, "without a secret nothing could be verified");
}

#[tokio::test]
async fn signing_in_gives_an_account_id() {
    let login = || Login { email: "a@b.example".into(), password: "p".into(), country: "fr".into() };
    let vendor = saying(200, success(json!({"account_id": "acc_9", "status": "connected"}))).await;
    let outcome = client(&vendor.uri()).login(&login()).await.unwrap().value;
    assert!(matches!(outcome, LoginOutcome::Account(id) if id == "acc_9"));
    let body: Value = serde_json::from_slice(&only_request(&vendor).await.body).unwrap();
    assert_eq!(body, json!({"platform": "linkedin", "email": "a@b.example", "password": "p", "country": "FR"}));
    let waiting = saying(200, success(json!({"account_id": "acc_9", "status": "checkpoint_required"}))).await;
    assert!(matches!(client(&waiting.uri()).login(&login()).await.unwrap().value, LoginOutcome::CodeRequired));
}
