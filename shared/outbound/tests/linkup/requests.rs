//! Every call sends exactly what is documented and reads what was recorded.

use domain::search::Combination;
use outbound::linkedin::*;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use wiremock::matchers::{any, body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::vendor::{ADA, API_KEY, PASSWORD, POST, TOKEN, client, recorded, session};

/// A vendor that answers one documented request with a recorded file, anything else with 404.
async fn vendor(route: &str, body: Value, file: &str) -> MockServer {
    let vendor = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path(route))
        .and(header("x-api-key", API_KEY))
        .and(header("content-type", "application/json"))
        .and(header("user-agent", concat!("amorce/", env!("CARGO_PKG_VERSION"))))
        .and(body_json(body))
        .respond_with(ResponseTemplate::new(200).set_body_raw(recorded(file), "application/json"))
        .expect(1)
        .mount(&vendor)
        .await;
    vendor
}

/// The same for a call through the session.
async fn in_session(route: &str, mut body: Value, file: &str) -> MockServer {
    body["login_token"] = TOKEN.into();
    body["country"] = "FR".into();
    vendor(route, body, file).await
}

/// A vendor that answers everything with `body`.
async fn saying(body: Value) -> MockServer {
    let vendor = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(&vendor).await;
    vendor
}

fn costs<T>(answer: &Metered<T>) -> (u32, u32) {
    (answer.credits, answer.session_reads)
}

fn page_of_post(page: u32) -> Value {
    json!({ "post_url": POST, "start_page": page, "end_page": page })
}

#[tokio::test]
async fn reactions_in_both_shapes() {
    let session = session();
    let server = in_session("/v1/posts/reactions", page_of_post(6), "reactions/own-1-page-6.json").await;
    let answer = client(&server.uri()).post_reactions(Access::Session(&session), POST, 6).await.unwrap();
    assert_eq!(costs(&answer), (1, 1));
    let page = answer.value;
    assert_eq!(page.page, PageInfo { page: 6, returned: 1, available: Some(50), has_next: false });
    assert_eq!(page.address.as_deref(), Some(POST));
    let row = &page.rows[0];
    assert_eq!(row.reaction, Some(ReactionKind::Entertainment));
    assert_eq!((row.name.as_deref(), row.degree), (Some("Isla Prescott-Hill"), Some(2)));
    assert_eq!(row.headline.as_deref(), Some("DRH @ Roselière"));
    assert_eq!(row.actor_urn.as_deref(), Some("urn:li:fsd_profile:ACoAAU7Yp1g3Ri8uIYAcjNJ7YZI4dEfDrotSZjc"));
    assert_eq!(row.raw["profile_picture"], Value::Null);
    assert_eq!(row.raw["type"], "ENTERTAINMENT");

    let server = vendor("/v1/data/signals/posts/reactions", page_of_post(1), "reactions/own-3-page-1.json").await;
    let answer = client(&server.uri()).post_reactions(Access::Data, POST, 1).await.unwrap();
    assert_eq!(costs(&answer), (1, 0));
    assert!(answer.value.page.has_next, "a full page of an unknown number");
    assert_eq!(answer.value.rows.len(), 10);
    let row = &answer.value.rows[0];
    assert_eq!((row.reaction, row.degree), (None, None), "an absent kind is unknown, never LIKE");
    assert_eq!(row.headline.as_deref(), Some("Head of Sales chez Galvane"));
}

#[tokio::test]
async fn comments_in_every_shape() {
    let session = session();
    let server = in_session("/v1/posts/extract-comments", page_of_post(1), "comments/own-1-page-1.json").await;
    let answer = client(&server.uri()).post_comments(Access::Session(&session), POST, 1).await.unwrap();
    assert_eq!(costs(&answer), (1, 1));
    assert_eq!(answer.value.page, PageInfo { page: 1, returned: 10, available: Some(15), has_next: true });
    let row = &answer.value.rows[0];
    assert_eq!(row.text.as_deref(), Some("The report came out in March, by the way."));
    assert_eq!(row.created_at.map(|at| at.as_millisecond()), Some(1_794_038_840_310));
    assert_eq!(row.tracking_id.as_deref(), Some("PzIDH4zuuOt5izBl4i7KN6=="));
    assert_eq!(row.profile_urn.as_deref(), Some("ACoAAHseDtBgoE3wJAtzZ_6zyXVPGURL5vzNeNj"));
    assert_eq!(row.profile_url.as_deref(), Some("https://www.linkedin.com/in/tania-mallet-8a359f"));
    assert_eq!(row.headline.as_deref(), Some("Acheteur @ Pharelis"));

    let mut body = page_of_post(1);
    body["use_pagination"] = true.into();
    let server = vendor("/v1/data/signals/posts/comments", body, "comments/own-3-page-1.json").await;
    let answer = client(&server.uri()).post_comments(Access::Data, POST, 1).await.unwrap();
    assert_eq!(costs(&answer), (1, 0));
    assert_eq!(answer.value.rows[0].created_at.map(|at| at.to_string()).as_deref(), Some("2026-11-14T02:53:16Z"));

    let server = saying(json!({"results": [{"commenter_name": "Ada", "commenter_headline": "CEO",
        "commenter_profile_url": ADA, "comment_text": "Bravo", "connection_degree": "3rd+"}, 7]}))
    .await;
    let page = client(&server.uri()).post_comments(Access::Data, POST, 1).await.unwrap().value;
    let row = &page.rows[0];
    assert_eq!((row.name.as_deref(), row.headline.as_deref(), row.degree), (Some("Ada"), Some("CEO"), Some(3)));
    assert_eq!((page.unreadable, page.page.returned), (1, 2), "the item that is no object is counted");
}

#[tokio::test]
async fn the_second_form_of_an_address_is_asked_once_and_both_are_paid() {
    let session = session();
    let through = Access::Session(&session);
    let ugc = "https://www.linkedin.com/posts/claire_x-ugcPost-7526554376605354069-yC7t?utm=1";
    let as_activity = "https://www.linkedin.com/feed/update/urn:li:activity:7526554376605354069";
    for refusal in [
        ResponseTemplate::new(404).set_body_json(json!({"status": "error", "message": "Post not found"})),
        ResponseTemplate::new(200).set_body_json(json!({"status": "error", "message": "Could not find this post"})),
        ResponseTemplate::new(400).set_body_json(json!({"status": "error", "data": "Invalid post_url"})),
    ] {
        let server = in_session(
            "/v1/posts/reactions",
            json!({ "post_url": as_activity, "start_page": 1, "end_page": 1 }),
            "reactions/own-1-page-1.json",
        )
        .await;
        Mock::given(any()).respond_with(refusal.clone()).with_priority(9).mount(&server).await;
        let answer = client(&server.uri()).post_reactions(through, ugc, 1).await.unwrap();
        assert_eq!(costs(&answer), (2, 2));
        assert_eq!(answer.value.address.as_deref(), Some(as_activity));

        server.reset().await;
        Mock::given(any()).respond_with(refusal).mount(&server).await;
        let error = client(&server.uri()).post_comments(through, ugc, 1).await.unwrap_err();
        assert_eq!((error.credits, error.session_reads), (2, 2));
        assert_eq!(server.received_requests().await.unwrap().len(), 2, "two forms at most");
    }
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let error = client(&server.uri()).post_reactions(through, ugc, 1).await.unwrap_err();
    assert_eq!((error.kind, error.credits), (ErrorKind::Unauthorized, 1), "another form cannot help");
}

#[tokio::test]
async fn own_posts_in_both_shapes() {
    let mut query = PostsQuery { profile_url: ADA.into(), keyword: None, post_type: None, post_date: None, page: 1 };
    let body = json!({ "profile_url": ADA, "post_type": "ALL", "sort_by": "DATE_POSTED", "use_pagination": true,
        "start_page": 1, "end_page": 1 });
    let server = vendor("/v1/data/signals/profile/posts", body, "posts.json").await;
    let answer = client(&server.uri()).own_posts(Access::Data, &query).await.unwrap();
    assert_eq!((costs(&answer), answer.value.rows.len()), ((1, 0), 4));
    let row = &answer.value.rows[1];
    assert_eq!(row.post_urn.as_deref(), Some("urn:li:activity:7523292885811833700"));
    assert_eq!((row.reactions, row.comments, row.shares), (Some(50), Some(15), Some(5)));
    assert_eq!(row.published_at.map(|at| at.to_string()).as_deref(), Some("2026-11-03T08:00:00Z"));

    query.keyword = Some("devis".into());
    query.post_date = Some("PAST_WEEK".into());
    query.page = 2;
    let body = json!({ "linkedin_url": ADA, "post_type": "ALL", "sort_by": "DATE_POSTED", "keyword": "devis",
        "post_date": "PAST_WEEK", "start_page": 2, "end_page": 2 });
    let server = in_session("/v1/posts/search", body, "posts-older-shape.json").await;
    let session = session();
    let answer = client(&server.uri()).own_posts(Access::Session(&session), &query).await.unwrap();
    let row = &answer.value.rows[0];
    assert_eq!(row.text.as_deref(), Some("Vidéo : trois minutes pour préparer un appel."));
    assert!(row.post_url.is_some() && row.reactions == Some(27) && row.shares.is_none());
}

#[tokio::test]
async fn profiles_by_session_and_without() {
    let session = session();
    let server = in_session("/v1/profile/info", json!({ "linkedin_url": ADA }), "profiles/theo-norwood.json").await;
    let answer = client(&server.uri()).profile(&session, ADA).await.unwrap();
    assert_eq!(costs(&answer), (1, 1));
    let server = vendor("/v1/data/profil/info", json!({ "profile_url": ADA }), "profiles/theo-norwood.json").await;
    let without = client(&server.uri()).profile_data(ADA).await.unwrap();
    assert_eq!(costs(&without), (1, 0));
    assert_eq!(answer.value, without.value);
    let profile = answer.value;
    assert_eq!(profile.public_id.as_deref(), Some("theo-norwood"));
    assert_eq!(profile.headline.as_deref(), Some("VP Sales chez Corvalis"));
    let position = &profile.experience[0];
    assert_eq!((position.company.as_deref(), position.end.as_deref()), (Some("Corvalis"), None));
    assert_eq!((position.start.as_deref(), position.company_size.as_deref()), (Some("2020-05"), Some("11-50")));
    assert_eq!(profile.education[0].field.as_deref(), Some("Gestion"));
}

#[tokio::test]
async fn a_profile_in_another_spelling_is_read_too() {
    let other = json!({ "status": "success", "data": { "profile": { "publicIdentifier": "ada", "firstName": "Ada",
        "lastName": "L.", "headline": "CEO", "skills": [{"name": "Rust"}, "SQL", null, 3],
        "positions": [{ "companyName": "X", "company": {"name": "X", "url": "https://www.linkedin.com/company/x"},
            "title": "CEO", "startDate": {"year": 2020, "month": 5}, "endDate": "Present" }, {}, "?"] } } });
    for body in [other.clone(), json!({ "status": "success", "data": other["data"].to_string() })] {
        let server = saying(body).await;
        let profile = client(&server.uri()).profile_data(ADA).await.unwrap().value;
        assert_eq!((profile.public_id.as_deref(), profile.name.as_deref()), (Some("ada"), Some("Ada L.")));
        assert_eq!(profile.skills, ["Rust", "SQL", "3"]);
        let position = &profile.experience[0];
        assert_eq!((position.start.as_deref(), position.end.as_deref()), (Some("2020-05"), None));
        assert_eq!(position.company_url.as_deref(), Some("https://www.linkedin.com/company/x"));
        assert_eq!(profile.experience.len(), 1);
    }
}

#[tokio::test]
async fn companies_by_page_and_by_domain() {
    let session = session();
    let url = "https://www.linkedin.com/company/corvalis";
    let file = "companies/corvalis.json";
    let body = json!({ "company_url": url });
    let server = vendor("/v1/data/company/info", body.clone(), file).await;
    let answer = client(&server.uri()).company(Access::Data, url).await.unwrap();
    assert_eq!(costs(&answer), (1, 0));
    let server = in_session("/v1/companies/info", body, file).await;
    assert_eq!(costs(&client(&server.uri()).company(Access::Session(&session), url).await.unwrap()), (1, 1));
    let server = vendor("/v1/data/company/info-by-domain", json!({ "domain": "corvalis.example" }), file).await;
    assert_eq!(client(&server.uri()).company_by_domain("corvalis.example").await.unwrap(), answer);
    let company = answer.value;
    assert_eq!((company.universal_name.as_deref(), company.employee_count), (Some("corvalis"), Some(14)));
    assert_eq!(company.employee_range, Some((11, Some(50))));
    assert_eq!((company.hq_country.as_deref(), company.hq_city.as_deref()), (Some("CH"), Some("Genève")));
    assert_eq!(company.website.as_deref(), Some("https://www.corvalis.example"));

    let server = saying(json!({"data": {"name": "X", "company_size": "10,001+ employees", "employee_count": "12,500"}})).await;
    let company = client(&server.uri()).company(Access::Data, url).await.unwrap().value;
    assert_eq!((company.employee_range, company.employee_count), (Some((10_001, None)), Some(12_500)));
}

#[tokio::test]
async fn searches_are_charged_by_what_the_vendor_says_else_by_rows() {
    let wanted = Combination {
        keyword: Some("b2b".into()),
        job_title: Some("CEO".into()),
        location: Some("Lyon".into()),
        current_company: Some("Corvalis".into()),
        ..Combination::default()
    };
    let query = PeopleQuery { wanted, total_results: 30 };
    let body =
        json!({ "keyword": "b2b", "job_title": "CEO", "location": "Lyon", "current_company": "Corvalis", "total_results": 30 });
    for (file, rows, credits) in
        [("search/ceo-lyon.json", 3, 1), ("search/rien.json", 0, 0), ("search/directeur-commercial.json", 13, 2)]
    {
        let server = vendor("/v1/data/search/profiles", body.clone(), file).await;
        let answer = client(&server.uri()).search_people(Access::Data, &query).await.unwrap();
        assert_eq!((answer.value.rows.len(), costs(&answer)), (rows, (credits, 0)), "{file}");
    }
    let server = vendor("/v1/data/search/profiles", body, "search/directeur-commercial.json").await;
    let found = client(&server.uri()).search_people(Access::Data, &query).await.unwrap().value.rows;
    assert_eq!(found[0].company_name.as_deref(), Some("Alvéole Bastide Énergie"));
    assert_eq!(found[0].profile_url.as_deref(), Some("https://www.linkedin.com/in/mehdi-monfort-c964d3d44"));
    assert_eq!(found[2].profile_url, None, "without a link there is no key");

    let body = json!({ "keyword": "b2b Corvalis", "title": "CEO", "location": "Lyon", "total_results": 30 });
    let server = in_session("/v1/profile/search", body, "search/vp-sales-session.json").await;
    let session = session();
    let answer = client(&server.uri()).search_people(Access::Session(&session), &query).await.unwrap();
    assert_eq!(costs(&answer), (2, 1), "13 rows, nothing told");
    let row = &answer.value.rows[1];
    assert_eq!((row.degree, row.invitation_state.as_deref()), (Some(2), Some("INVITATION_SENT")));
}

#[tokio::test]
async fn invitation_states_are_told_apart() {
    let session = session();
    for (file, state, kind, id, distance) in [
        ("accepted", InvitationState::Accepted, Some("CONNECTED"), None, Some(1)),
        ("pending-sent", InvitationState::Pending, Some("SENT"), Some("7329000000000000001"), Some(2)),
        ("pending-received", InvitationState::Pending, Some("RECEIVED"), Some("7329000000000000002"), Some(2)),
        ("none", InvitationState::None, None, None, Some(3)),
        ("none-unknown-distance", InvitationState::None, None, None, None),
        ("id-as-number", InvitationState::Pending, Some("SENT"), Some("7329123456789012345"), Some(2)),
    ] {
        let file = format!("invitation-status/{file}.json");
        let server = in_session("/v1/network/invitation-status", json!({ "linkedin_url": ADA }), &file).await;
        let answer = client(&server.uri()).invitation_status(&session, ADA).await.unwrap();
        assert_eq!(costs(&answer), (1, 1));
        let expected = InvitationStatus { state, kind: kind.map(Into::into), invitation_id: id.map(Into::into), distance };
        assert_eq!(answer.value, expected, "{file}");
    }
    let server = saying(json!({"data": {"invitation_state": "IGNORED"}})).await;
    let status = client(&server.uri()).invitation_status(&session, ADA).await.unwrap().value;
    assert_eq!(status.state, InvitationState::Unknown("IGNORED".into()));
}

#[tokio::test]
async fn invitations_with_and_without_a_note() {
    let session = session();
    let body = json!({ "linkedin_url": ADA, "message": "Bonjour Ada" });
    let server = in_session("/v1/network/connect", body, "actions/connect.json").await;
    let answer = client(&server.uri()).connect(&session, ADA, Some("Bonjour Ada")).await.unwrap();
    assert_eq!((costs(&answer), answer.value.invitation_id), ((1, 0), None));
    for note in [None, Some(""), Some("  ")] {
        let server = in_session("/v1/network/connect", json!({ "linkedin_url": ADA }), "actions/connect.json").await;
        client(&server.uri()).connect(&session, ADA, note).await.unwrap();
    }
    let server = in_session("/v1/network/withdraw-invitation", json!({ "invitation_id": "7329" }), "actions/connect.json").await;
    assert_eq!(costs(&client(&server.uri()).withdraw_invitation(&session, "7329").await.unwrap()), (1, 0));
}

#[tokio::test]
async fn messages_with_and_without_media() {
    let session = session();
    let body = json!({ "linkedin_url": ADA, "message_text": "Bonjour" });
    for (file, id) in [("actions/send-message.json", Some("urn:li:msg_message:(1)")), ("actions/send-message-old.json", None)] {
        let server = in_session("/v1/messages/send-message", body.clone(), file).await;
        let answer = client(&server.uri()).send_message(&session, ADA, &NewMessage::text("Bonjour")).await.unwrap();
        assert_eq!((costs(&answer), answer.value.message_urn.as_deref()), ((1, 0), id), "{file}");
        assert_eq!(answer.value.delivered_at.is_some(), id.is_some());
    }
    let mut body = body;
    body["media_link"] = "https://m.example/a.pdf".into();
    let server = in_session("/v1/messages/send-message", body, "actions/send-message.json").await;
    let message = NewMessage { text: "Bonjour".into(), media_link: Some("https://m.example/a.pdf".into()) };
    assert_eq!(costs(&client(&server.uri()).send_message(&session, ADA, &message).await.unwrap()), (2, 0));
}

#[tokio::test]
async fn conversations_and_the_inbox() {
    let session = session();
    for (file, other, messages) in [("empty", 0, 0), ("only-ours", 0, 2), ("with-reply", 1, 3), ("same-name-as-owner", 1, 1)] {
        let file = format!("conversation/{file}.json");
        let body = json!({ "linkedin_url": ADA, "total_results": 10 });
        let server = in_session("/v1/messages/conversation", body, &file).await;
        let answer = client(&server.uri()).conversation(&session, ADA).await.unwrap();
        assert_eq!(
            (costs(&answer), answer.value.other_count, answer.value.messages.len()),
            ((1, 1), Some(other), messages),
            "{file}"
        );
        if messages == 3 {
            let message = &answer.value.messages[0];
            assert_eq!((message.sender_name.as_deref(), message.kind.as_deref()), (Some("Mehdi Monfort"), Some("TEXT")));
            assert_eq!(message.text, "Oui, jeudi 14 h me convient.");
            assert_eq!(message.at.map(|at| at.as_millisecond()), Some(1_794_913_200_000));
        }
    }

    let query = InboxQuery { total_results: 20, category: Some("INBOX".into()), cursor: None };
    let body = json!({ "total_results": 20, "category": "INBOX" });
    let server = in_session("/v1/messages/inbox", body, "inbox/page-1.json").await;
    let answer = client(&server.uri()).inbox(&session, &query).await.unwrap();
    assert_eq!(costs(&answer), (1, 1), "five threads");
    let thread = &answer.value.threads[0];
    assert_eq!((thread.unread, thread.last_text.as_deref()), (Some(1), Some("Oui, jeudi 14 h me convient.")));
    assert_eq!(thread.participant_url.as_deref(), Some("https://www.linkedin.com/in/mehdi-monfort-c964d3d44"));
    assert_eq!(thread.last_sender_url.as_deref(), Some("https://www.linkedin.com/in/ACoAANB7VQuMlMgoSZVOWUVbETD3_g1VfO969XI"));

    let query = InboxQuery { cursor: answer.value.next_cursor, ..InboxQuery::default() };
    let body = json!({ "total_results": 10, "next_cursor": "REVTQ05UMg==" });
    let server = in_session("/v1/messages/inbox", body, "inbox/page-2.json").await;
    assert_eq!(client(&server.uri()).inbox(&session, &query).await.unwrap().value.next_cursor, None);
}

#[tokio::test]
async fn connections_and_pending_invitations() {
    let session = session();
    let server = MockServer::start().await;
    let body = json!({ "start_page": 2, "end_page": 2, "login_token": TOKEN, "country": "FR" });
    Mock::given(path("/v1/network/connections"))
        .and(body_json(&body))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "status": "success", "data": {
            "connections": [{ "name": "Ada L.", "job_title": "CEO", "profile_url": ADA, "profile_picture": null }],
            "total_available_results": "11", "pagination": { "results_per_page": 10 } } })))
        .mount(&server)
        .await;
    Mock::given(path("/v1/network/sent-invitations"))
        .and(body_json(&body))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "status": "success", "data": {
            "invitations": [{ "invitation_id": 7329123456789012345_u64, "invitee": { "firstName": "Ada", "lastName": "L.",
                "profile_url": ADA }, "sent_time": 1748629426457_u64 }] } })))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let connections = client.connections(&session, 2).await.unwrap();
    assert_eq!(costs(&connections), (1, 1));
    assert_eq!(connections.value.page, PageInfo { page: 2, returned: 1, available: Some(11), has_next: false });
    assert_eq!(connections.value.rows[0].profile_url.as_deref(), Some(ADA));
    let pending = client.sent_invitations(&session, 2).await.unwrap();
    let row = &pending.value.rows[0];
    assert_eq!((costs(&pending), row.invitation_id.as_deref()), ((1, 1), Some("7329123456789012345")));
    assert_eq!((row.name.as_deref(), row.sent_at.is_some()), (Some("Ada L."), true));
}

#[tokio::test]
async fn publications_as_member_and_as_page() {
    let session = session();
    let post = |media: &[&str]| NewPost { text: "Bonjour".into(), media: media.iter().map(|url| (*url).into()).collect() };
    let (one, two) = ("https://m.example/1.png", "https://m.example/2.png");
    let file = "actions/create-post.json";
    for (media, body) in [
        (vec![], json!({ "message": "Bonjour" })),
        (vec![one], json!({ "message": "Bonjour", "file": one })),
        (vec![one, two], json!({ "message": "Bonjour", "files": [one, two] })),
    ] {
        let server = in_session("/v1/posts/create", body.clone(), file).await;
        let answer = client(&server.uri()).create_post(&session, &post(&media)).await.unwrap();
        assert_eq!((costs(&answer), answer.value.post_url), ((1, 0), None), "the URL has to be looked up");
        let page = "https://www.linkedin.com/company/x";
        let mut body = body;
        body["company_url"] = page.into();
        let server = in_session("/v1/posts/create-company", body, file).await;
        client(&server.uri()).create_company_post(&session, page, &post(&media)).await.unwrap();
    }
    let server = saying(json!({"status": "success", "data": {"post_url": POST, "post_urn": "urn:li:share:1"}})).await;
    let created = client(&server.uri()).create_post(&session, &post(&[])).await.unwrap().value;
    assert_eq!((created.post_url.as_deref(), created.post_urn.as_deref()), (Some(POST), Some("urn:li:share:1")));
}

#[tokio::test]
async fn webhooks_are_managed_without_credits_and_the_echoed_token_is_dropped() {
    let session = session();
    let url = "https://amorce.example/webhooks/linkup/tok_test";
    let body = json!({ "plateforme": "linkedin", "account_name": "Claire", "webhook_url": url });
    let server = in_session("/v1/webhooks/accounts", body, "webhook-accounts/create.json").await;
    let webhook = NewWebhook { account_name: "Claire".into(), webhook_url: url.to_owned().into(), secret: "ours".into() };
    let answer = client(&server.uri()).create_webhook(&session, &webhook).await.unwrap();
    assert_eq!(costs(&answer), (0, 0));
    assert_eq!((answer.value.id.as_str(), answer.value.is_active), ("66f0c0ffee0000000000abcd", false));
    let shown = format!("{answer:?}");
    assert!(!shown.contains("TEST-TOKEN") && !shown.contains("tok_test"), "{shown}");

    let server = MockServer::start().await;
    for (verb, route, file) in [
        ("GET", "/v1/webhooks/accounts", "list"),
        ("POST", "/v1/webhooks/accounts/66f0c0ffee0000000000abcd/start", "start"),
        ("POST", "/v1/webhooks/accounts/66f0c0ffee0000000000abcd/stop", "stop"),
        ("POST", "/v1/webhooks/accounts/a%2F..%2Fb/start", "start"),
    ] {
        let answer =
            ResponseTemplate::new(200).set_body_raw(recorded(&format!("webhook-accounts/{file}.json")), "application/json");
        Mock::given(method(verb))
            .and(path(route))
            .and(header("x-api-key", API_KEY))
            .respond_with(answer)
            .expect(1)
            .mount(&server)
            .await;
    }
    let client = client(&server.uri());
    let listed = client.list_webhooks().await.unwrap().value;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].webhook_url.as_ref().map(|url| url.expose_secret()), Some(url));
    let id = listed[0].id.as_str();
    assert!(client.start_webhook(id).await.unwrap().value.is_active);
    assert!(!client.stop_webhook(id).await.unwrap().value.is_active);
    client.start_webhook("a/../b").await.unwrap();
    assert_eq!(client.start_webhook("").await.unwrap_err().sent, Sent::Not);
    let bodies = server.received_requests().await.unwrap();
    assert!(bodies.iter().all(|request| request.body.is_empty()));
}

#[tokio::test]
async fn logins_end_in_a_session_or_a_code() {
    let login =
        Login { email: "claire@example.com".to_owned().into(), password: PASSWORD.to_owned().into(), country: "be".into() };
    let server = MockServer::start().await;
    let answer = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    Mock::given(path("/v1/auth/login"))
        .and(body_json(json!({ "email": "claire@example.com", "password": PASSWORD, "country": "BE" })))
        .respond_with(answer(
            json!({ "status": "success", "message": "Check your email for verification code", "email": "a@b.c" }),
        ))
        .mount(&server)
        .await;
    Mock::given(path("/v1/auth/verify"))
        .and(body_json(json!({ "email": "claire@example.com", "code": "123456", "country": "FR" })))
        .respond_with(answer(json!({ "status": "success", "login_token": TOKEN, "message": "Login successful" })))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let first = client.login(&login).await.unwrap();
    assert!(matches!(first.value, LoginOutcome::CodeRequired) && costs(&first) == (0, 0));
    let code = Verification { email: login.email, code: "123456".to_owned().into(), country: String::new() };
    let LoginOutcome::Session(token) = client.verify(&code).await.unwrap().value else { panic!("no session") };
    assert_eq!(token.expose_secret(), TOKEN);
}

#[tokio::test]
async fn a_session_without_a_country_leaves_from_the_default_one() {
    let session = Session { country: " ".into(), ..session() };
    let server = in_session("/v1/network/connect", json!({ "linkedin_url": ADA }), "actions/connect.json").await;
    client(&server.uri()).connect(&session, ADA, None).await.unwrap();
}
