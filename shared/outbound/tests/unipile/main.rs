//! Unipile: requests as documented, answers read, ids resolved once, webhooks made with a secret of ours.

mod webhooks;

#[path = "../support/mod.rs"]
mod support;

use outbound::VendorConfig;
use outbound::linkedin::*;
use outbound::rate::SlidingWindow;
use outbound::unipile::Unipile;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use support::calls::{self, API_KEY, POST, session};
use wiremock::matchers::{any, method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Known by a vanity name alone.
const ZOE: &str = "https://www.linkedin.com/in/zoe-perrot";
const ZOE_ID: &str = "ACoAAZoe000000000000000000000000000000001";
const URN: &str = "urn:li:activity:7523292885811833700";

fn client(address: &str) -> Unipile {
    let gate = Arc::new(SlidingWindow::new(300, Duration::from_secs(60)));
    Unipile::with_clock(VendorConfig::new(address, API_KEY.into()), gate, Arc::new(calls::now)).unwrap()
}

async fn on(vendor: &MockServer, verb: &str, at: &str, status: u16, body: Value) {
    let answer = ResponseTemplate::new(status).set_body_json(body);
    Mock::given(method(verb)).and(path(format!("/api/v1/{at}"))).respond_with(answer).mount(vendor).await;
}

async fn knowing_zoe() -> MockServer {
    let vendor = MockServer::start().await;
    let zoe = json!({"object": "UserProfile", "provider_id": ZOE_ID, "public_identifier": "zoe-perrot", "first_name": "Zoé",
        "last_name": "Perrot", "headline": "DRH chez Corvalis", "network_distance": "SECOND_DEGREE",
        "work_experience": [{"company": "Corvalis", "company_id": "4711", "position": "DRH", "start": "9/1/2021", "end": null}]});
    on(&vendor, "GET", "users/zoe-perrot", 200, zoe).await;
    vendor
}

/// Method, path and query of what was asked, in order.
async fn asked(vendor: &MockServer) -> Vec<String> {
    let requests = vendor.received_requests().await.unwrap();
    assert!(requests.iter().all(|request| request.headers.get("x-api-key").is_some_and(|key| key == API_KEY)));
    requests
        .iter()
        .map(|r| format!("{} {}{}", r.method, r.url.path(), r.url.query().map_or_else(String::new, |q| format!("?{q}"))))
        .collect()
}

#[tokio::test]
async fn who_is_known_by_name_is_resolved_once_and_then_invited() {
    let vendor = knowing_zoe().await;
    on(&vendor, "POST", "users/invite", 201, json!({"object": "UserInvitationSent", "invitation_id": "inv_1"})).await;
    on(&vendor, "POST", "chats", 201, json!({"object": "ChatStarted", "chat_id": "c1", "message_id": null})).await;
    let (client, session) = (client(&vendor.uri()), session());
    let status = client.invitation_status(&session, ZOE).await.unwrap();
    assert_eq!((status.value.state, status.value.distance, status.credits), (InvitationState::None, Some(2), 0));
    let sent = client.connect(&session, ZOE, Some("Bonjour Zoé")).await.unwrap();
    assert_eq!((sent.value.invitation_id.as_deref(), sent.session_reads), (Some("inv_1"), 0));
    client.send_message(&session, ZOE, &NewMessage::text("Bonjour — « oui »")).await.unwrap();
    let requests = vendor.received_requests().await.unwrap();
    assert_eq!(asked(&vendor).await.len(), 3, "the id is known from the status");
    let body: Value = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!(body, json!({"provider_id": ZOE_ID, "account_id": "acc_claire", "message": "Bonjour Zoé"}));
    let kind = requests[2].headers.get("content-type").unwrap().to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let form = std::str::from_utf8(&requests[2].body).unwrap();
    let field =
        |name: &str, value: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let fields = [field("account_id", "acc_claire"), field("attendees_ids", ZOE_ID), field("text", "Bonjour — « oui »")];
    assert_eq!(form, format!("{}--{boundary}--\r\n", fields.concat()));
}

#[tokio::test]
async fn a_reading_before_a_send_that_fails_has_sent_nothing() {
    use ErrorKind::*;
    for (status, kind) in [(500, Unreachable), (404, NotFound), (429, RateLimited), (401, Unauthorized)] {
        let vendor = MockServer::start().await;
        Mock::given(path_regex("/users/"))
            .respond_with(ResponseTemplate::new(status).set_body_json(json!({})))
            .mount(&vendor)
            .await;
        let error = client(&vendor.uri()).connect(&session(), ZOE, None).await.unwrap_err();
        assert_eq!((error.kind, error.sent, error.surely_not_done()), (kind, Sent::Not, true), "{status}");
        assert_eq!(asked(&vendor).await.len(), 1, "{status}: the invitation never left");
    }
}

#[tokio::test]
async fn how_the_account_stands_is_read_from_the_profile() {
    for (profile, expected) in [
        (json!({"network_distance": "FIRST_DEGREE"}), Ok((InvitationState::Accepted, Some(1)))),
        (
            json!({"network_distance": "DISTANCE_2", "invitation": {"type": "SENT", "status": "PENDING"}}),
            Ok((InvitationState::Pending, Some(2))),
        ),
        (
            json!({"network_distance": "THIRD_DEGREE", "invitation": {"type": "SENT", "status": "WITHDRAWN"}}),
            Ok((InvitationState::None, Some(3))),
        ),
        (json!({"network_distance": "OUT_OF_NETWORK"}), Ok((InvitationState::None, None))),
        (
            json!({"network_distance": "OUT_OF_NETWORK", "invitation": {"status": "NEW"}}),
            Ok((InvitationState::Unknown("NEW".into()), None)),
        ),
        (json!({"is_relationship": true}), Ok((InvitationState::Accepted, Some(1)))),
        (json!({"first_name": "Zoé"}), Err(ErrorKind::Unreadable)),
    ] {
        let vendor = MockServer::start().await;
        on(&vendor, "GET", "users/zoe-perrot", 200, profile.clone()).await;
        let answer = client(&vendor.uri()).invitation_status(&session(), ZOE).await;
        let read = answer.map(|status| (status.value.state, status.value.distance)).map_err(|error| error.kind);
        assert_eq!(read, expected, "{profile}");
    }
}

#[tokio::test]
async fn people_and_companies_are_read() {
    let vendor = knowing_zoe().await;
    let corvalis = json!({"object": "CompanyProfile", "id": "4711", "name": "Corvalis", "public_identifier": "corvalis",
        "industry": ["Software"], "employee_count_range": {"from": 51, "to": 200}, "website": "https://corvalis.example",
        "locations": [{"is_headquarter": true, "country": "FR", "city": "Lyon"}]});
    on(&vendor, "GET", "linkedin/company/corvalis", 200, corvalis).await;
    let (client, session) = (client(&vendor.uri()), session());
    let profile = client.profile(&session, ZOE).await.unwrap().value;
    assert_eq!((profile.name.as_deref(), profile.member_urn.as_deref()), (Some("Zoé Perrot"), Some(ZOE_ID)));
    let job = &profile.experience[0];
    assert_eq!((job.title.as_deref(), job.start.as_deref(), job.end.as_deref()), (Some("DRH"), Some("2021-09"), None));
    assert_eq!(job.company_url.as_deref(), Some("https://www.linkedin.com/company/4711"));
    let again = client.profile_again(&profile.raw).unwrap();
    assert_eq!(again, profile, "a profile kept is read as the one received");
    let company = client.company(Access::Session(&session), "https://www.linkedin.com/company/corvalis/").await.unwrap().value;
    assert_eq!((company.universal_name.as_deref(), company.employee_range), (Some("corvalis"), Some((51, Some(200)))));
    assert_eq!((company.hq_country.as_deref(), company.hq_city.as_deref()), (Some("FR"), Some("Lyon")));
    assert_eq!(asked(&vendor).await[0], "GET /api/v1/users/zoe-perrot?account_id=acc_claire&linkedin_sections=*");
}

#[tokio::test]
async fn a_posts_reactions_and_comments_go_on_by_cursor() {
    let vendor = MockServer::start().await;
    let reaction = json!({"object": "PostReaction", "value": "PRAISE", "post_id": URN, "author": {"id": ZOE_ID, "type": "INDIVIDUAL",
        "name": "Zoé Perrot", "headline": "DRH", "profile_url": ZOE, "network_distance": "DISTANCE_2"}});
    let reactions = json!({"object": "PostReactionList", "items": [reaction, 7], "paging": {"cursor": "c+2="}});
    let comment = json!({"object": "Comment", "id": "1", "text": "Bravo", "date": "2026-11-19T10:00:00Z", "author": "Zoé Perrot",
        "author_details": {"id": ZOE_ID, "headline": "DRH", "network_distance": "SECOND_DEGREE"}});
    let comments = json!({"object": "CommentList", "items": [comment], "cursor": null, "total_items": 1});
    on(&vendor, "GET", &format!("posts/{URN}/reactions"), 200, reactions).await;
    on(&vendor, "GET", &format!("posts/{URN}/comments"), 200, comments).await;
    let (client, session) = (client(&vendor.uri()), session());
    let first = client.post_reactions(Access::Session(&session), POST, 1).await.unwrap();
    let row = &first.value.rows[0];
    assert_eq!((row.reaction, row.degree, row.actor_urn.as_deref()), (Some(ReactionKind::Praise), Some(2), Some(ZOE_ID)));
    assert_eq!((first.value.page.returned, first.value.unreadable, first.value.page.has_next), (1 + 1, 1, true));
    let onward = first.value.address.unwrap();
    client.post_reactions(Access::Session(&session), &onward, 2).await.unwrap();
    let last = client.post_comments(Access::Session(&session), &onward, 1).await.unwrap().value;
    assert_eq!((last.rows[0].text.as_deref(), last.rows[0].degree, last.page.has_next), (Some("Bravo"), Some(2), false));
    assert!(last.rows[0].profile_url.as_deref().is_some_and(|url| url.ends_with(ZOE_ID)));
    let queries = asked(&vendor).await;
    assert!(queries[1].ends_with("?account_id=acc_claire&limit=100&cursor=c%2B2%3D"), "{queries:?}");
    assert!(queries[2].ends_with("/comments?account_id=acc_claire&limit=100"), "another list begins anew: {queries:?}");
    let unordered = client.post_reactions(Access::Session(&session), POST, 2).await.unwrap_err();
    assert_eq!((unordered.kind, unordered.sent), (ErrorKind::BadRequest, Sent::Not));
}

#[tokio::test]
async fn conversations_tell_whose_words_they_are() {
    let vendor = knowing_zoe().await;
    let messages = json!({"object": "MessageList", "cursor": null, "items": [
        {"id": "m1", "chat_id": "c1", "text": "Bonjour", "timestamp": "2026-11-18T09:00:00Z", "is_sender": 1},
        {"id": "m2", "chat_id": "c1", "text": "Volontiers", "timestamp": "2026-11-19T09:00:00Z", "is_sender": 0},
        {"id": "m0", "chat_id": "c1", "text": "connected", "timestamp": "2026-11-17T09:00:00Z", "is_sender": 0, "is_event": 1}]});
    on(&vendor, "GET", &format!("chat_attendees/{ZOE_ID}/messages"), 200, messages).await;
    let chat = json!({"object": "Chat", "id": "c1", "attendee_provider_id": ZOE_ID, "name": "Zoé Perrot", "unread_count": 1,
        "timestamp": "2026-11-19T09:00:00Z", "lastMessage": {"text": "Volontiers", "is_sender": 0, "timestamp": "2026-11-19T09:00:00Z"}});
    on(&vendor, "GET", "chats", 200, json!({"object": "ChatList", "items": [chat], "cursor": "n"})).await;
    let (client, session) = (client(&vendor.uri()), session());
    let talk = client.conversation(&session, ZOE).await.unwrap();
    let kinds: Vec<_> = talk.value.messages.iter().map(|m| (m.text.as_str(), m.kind.as_deref())).collect();
    assert_eq!(kinds, [("Volontiers", Some("TEXT")), ("Bonjour", Some(OWN)), ("connected", Some("SYSTEM"))]);
    assert_eq!((talk.value.other_count, talk.session_reads), (Some(1), 2), "the id was read too");
    let inbox = client.inbox(&session, &InboxQuery::default()).await.unwrap().value;
    let thread = &inbox.threads[0];
    assert_eq!((thread.last_text.as_deref(), inbox.next_cursor.as_deref()), (Some("Volontiers"), Some("n")));
    assert_eq!(thread.participant_url, thread.last_sender_url, "their words");
}

#[tokio::test]
async fn connections_and_pending_invitations_are_listed_page_by_page() {
    let vendor = MockServer::start().await;
    let relation = json!({"first_name": "Zoé", "last_name": "Perrot", "public_identifier": "zoe-perrot", "created_at": 1_795_000_000_000_i64});
    on(&vendor, "GET", "users/relations", 200, json!({"items": [relation], "cursor": "r2"})).await;
    let invitation = json!({"object": "InvitationSent", "id": "inv_1", "invited_user": "Zoé Perrot", "invited_user_public_id": "zoe-perrot",
        "parsed_datetime": "2026-10-01T09:00:00Z"});
    on(&vendor, "GET", "users/invite/sent", 200, json!({"object": "InvitationList", "items": [invitation], "cursor": null}))
        .await;
    on(&vendor, "DELETE", "users/invite/sent/inv_1", 200, json!({"object": "InvitationCancelled"})).await;
    let (client, session) = (client(&vendor.uri()), session());
    let first = client.connections(&session, 1).await.unwrap().value;
    assert_eq!((first.rows[0].profile_url.as_deref(), first.page.has_next), (Some(ZOE), true));
    client.connections(&session, 2).await.unwrap();
    assert_eq!(client.connections(&session, 5).await.unwrap_err().kind, ErrorKind::BadRequest, "pages come in their order");
    let pending = client.sent_invitations(&session, 1).await.unwrap().value;
    assert_eq!((pending.rows[0].invitation_id.as_deref(), pending.page.has_next), (Some("inv_1"), false));
    assert!(pending.rows[0].sent_at.is_some());
    client.withdraw_invitation(&session, "inv_1").await.unwrap();
    let queries = asked(&vendor).await;
    assert!(queries[1].ends_with("/relations?account_id=acc_claire&limit=100&cursor=r2"), "{queries:?}");
    assert!(queries[3].starts_with("DELETE /api/v1/users/invite/sent/inv_1"), "{queries:?}");
}

#[tokio::test]
async fn posts_go_out_as_text_and_as_a_company() {
    let vendor = MockServer::start().await;
    on(&vendor, "POST", "posts", 201, json!({"object": "PostCreated", "post_id": URN})).await;
    on(&vendor, "GET", "linkedin/company/corvalis", 200, json!({"object": "CompanyProfile", "id": "4711", "name": "Corvalis"}))
        .await;
    let (client, session) = (client(&vendor.uri()), session());
    let post = NewPost { text: "Bonjour".into(), media: vec![] };
    let made = client.create_post(&session, &post).await.unwrap().value;
    assert_eq!(made.post_urn.as_deref(), Some(URN));
    let as_company = client.create_company_post(&session, "https://www.linkedin.com/company/corvalis", &post).await.unwrap();
    assert_eq!(as_company.session_reads, 1);
    let requests = vendor.received_requests().await.unwrap();
    assert!(String::from_utf8_lossy(&requests[2].body).contains("name=\"as_organization\"\r\n\r\n4711\r\n"));
    let picture = NewPost { media: vec!["https://m.example/a.png".into()], ..post };
    assert_eq!(client.create_post(&session, &picture).await.unwrap_err().kind, ErrorKind::Unsupported);
}

#[tokio::test]
async fn webhooks_bear_a_secret_of_ours_and_all_are_ended() {
    let vendor = MockServer::start().await;
    on(&vendor, "POST", "webhooks", 201, json!({"object": "WebhookCreated", "webhook_id": "w"})).await;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(404).set_body_json(json!({}))).mount(&vendor).await;
    let client = client(&vendor.uri());
    let webhook = NewWebhook {
        account_name: "Claire".into(),
        webhook_url: "https://a.example/webhooks/unipile/t".into(),
        secret: "whs_0123456789abcdef".into(),
    };
    let made = client.create_webhook(&session(), &webhook).await.unwrap().value;
    assert_eq!((made.id.as_str(), made.is_active), ("w,w,w", true));
    assert_eq!(made.secret.unwrap().expose_secret(), "whs_0123456789abcdef");
    let bodies: Vec<Value> =
        vendor.received_requests().await.unwrap().iter().map(|r| serde_json::from_slice(&r.body).unwrap()).collect();
    let sources: Vec<&str> = bodies.iter().map(|body| body["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["messaging", "users", "accounts"]);
    for body in &bodies {
        assert_eq!(body["account_ids"], json!(["acc_claire"]));
        assert_eq!(body["headers"][1], json!({"key": "Unipile-Auth", "value": "whs_0123456789abcdef"}));
        assert_eq!(body["headers"][0], json!({"key": "Content-Type", "value": "application/json"}));
    }
    assert!(!client.stop_webhook("w,w,w").await.unwrap().value.is_active, "one that is gone already is ended");
    assert_eq!(asked(&vendor).await.len(), 6);
}

#[tokio::test]
async fn a_webhook_that_cannot_be_made_leaves_none_behind() {
    let vendor = MockServer::start().await;
    let refuse = ResponseTemplate::new(400).set_body_json(json!({"status": 400, "type": "errors/invalid_parameters"}));
    let take = ResponseTemplate::new(201).set_body_json(json!({"webhook_id": "w1"}));
    Mock::given(method("POST")).respond_with(take.clone()).up_to_n_times(1).mount(&vendor).await;
    Mock::given(method("POST")).respond_with(refuse.clone()).mount(&vendor).await;
    Mock::given(method("DELETE"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"object": "WebhookDeleted"})))
        .mount(&vendor)
        .await;
    let webhook = NewWebhook { account_name: "C".into(), webhook_url: "https://a.example/x".into(), secret: "s".into() };
    client(&vendor.uri()).create_webhook(&session(), &webhook).await.unwrap_err();
    assert_eq!(asked(&vendor).await.last().unwrap(), "DELETE /api/v1/webhooks/w1");

    vendor.reset().await;
    Mock::given(method("POST")).respond_with(take).up_to_n_times(2).mount(&vendor).await;
    Mock::given(method("POST")).respond_with(refuse).mount(&vendor).await;
    let made = client(&vendor.uri()).create_webhook(&session(), &webhook).await.unwrap().value;
    assert_eq!(made.id, "w1,w1", "without the states of accounts, whose name is not certain");
}

#[tokio::test]
async fn limits_of_linkedin_pause_and_a_disconnected_account_asks_to_be_connected() {
    for (status, code, pauses) in [
        (422, "errors/cannot_resend_yet", true),
        (401, "errors/disconnected_account", true),
        (422, "errors/invalid_recipient", false),
        (403, "errors/resource_access_restricted", false),
    ] {
        let vendor = MockServer::start().await;
        let body = json!({"status": status, "type": code, "title": "No", "detail": "Access is restricted"});
        Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_json(body)).mount(&vendor).await;
        let error = calls::ask(&client(&vendor.uri()), "connect").await.unwrap_err();
        assert_eq!(error.pauses_account(), pauses, "{code}: {:?}", error.kind);
    }
}

#[test]
fn the_address_is_a_dsn_with_or_without_its_version() {
    let gate = || Arc::new(SlidingWindow::new(1, Duration::from_secs(60)));
    for dsn in ["api1.unipile.com:13111", "https://api1.unipile.com:13111/", "https://api1.unipile.com:13111/api/v1"] {
        let made = Unipile::new(VendorConfig::new(dsn, "k".into()), gate()).unwrap();
        assert!(format!("{made:?}").contains("https://api1.unipile.com:13111/api/v1/"), "{made:?}");
    }
    assert!(Unipile::new(VendorConfig::new("", "k".into()), gate()).is_err());
}
