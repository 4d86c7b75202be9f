//! Requests that look fine and are refused, naming the field; and in which words.

use crate::house::{House, OWNER, house};
use axum::body::Body;
use domain::ids::RunId;
use domain::vocabulary::RunStatus;
use http::Request;
use serde_json::{Value, json};
use store::run::{Part, Position, RowOutcome, RunPage};

const POST_URL: &str = "https://www.linkedin.com/posts/claire_devis-activity-7264000000000000000-abcd";

async fn account(house: &House) -> String {
    let claire = json!({"label": "Claire", "profile_url": "https://www.linkedin.com/in/claire"});
    house.post("/accounts", &claire).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

async fn table(house: &House, path: &str, media: &str, body: &str) -> crate::house::Answer {
    let request = Request::post(format!("/api/v1{path}")).header("authorization", format!("Bearer {OWNER}"));
    house.send(request.header("content-type", media).body(Body::from(body.to_owned())).expect("a request")).await
}

#[tokio::test]
async fn what_would_do_nothing_or_too_much_is_refused_by_name() {
    let house = house().await;
    let account = account(&house).await;
    let refused = async |method: &str, path: &str, body: Value, field: &str| {
        let answer = house.call(OWNER, method, &format!("/api/v1{path}"), &body).await;
        assert_eq!(answer.faults(422), [field], "{path} {body}");
    };
    let magnet = |filters: Value| json!({"source": "magnet", "account_id": account, "post_url": POST_URL, "filters": filters});
    refused("POST", "/runs", magnet(json!({"words": ["prix", " "]})), "filters.words[1]").await;
    refused("POST", &format!("/accounts/{account}/pause"), json!({"resumes_at": "2026-11-20T08:59:00Z"}), "resumes_at").await;
    refused("PATCH", &format!("/accounts/{account}"), json!({"limits": null}), "limits").await;
    refused("PATCH", "/workspace", json!({"test_recipients": ["me@co.example", "claire"]}), "test_recipients[1]").await;
    refused("POST", "/posts", json!({"account_id": account, "text": "Bonjour", "brief_id": "bri_0"}), "brief_id").await;
    assert_eq!(house.get("/prospects?min_score=60&max_score=59").await.faults(400), ["max_score"]);
    house.get("/prospects?min_score=60&max_score=60").await.expect(200);
}

#[tokio::test]
async fn a_key_too_long_to_be_kept_is_refused() {
    let house = house().await;
    let send = async |key: &str| {
        let request = Request::post("/api/v1/prospects").header("authorization", format!("Bearer {OWNER}"));
        let request = request.header("content-type", "application/json").header("idempotency-key", key);
        let ada = json!({"profile_url": "https://www.linkedin.com/in/ada"});
        house.send(request.body(Body::from(ada.to_string())).expect("a request")).await.status.as_u16()
    };
    assert_eq!(send(&"k".repeat(256)).await, 400);
    assert_eq!(send("clé").await, 400);
    assert_eq!(send(&"k".repeat(255)).await, 201);
}

#[tokio::test]
async fn a_member_added_again_by_the_same_request_is_answered_alike() {
    let house = house().await;
    let send = async |key: Option<&str>, role: &str| {
        let mut request = Request::post("/api/v1/members").header("authorization", format!("Bearer {OWNER}"));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let member = json!({"email": "m@acme.example", "role": role}).to_string();
        let request = request.header("content-type", "application/json").body(Body::from(member));
        house.send(request.expect("a request")).await
    };
    let first = send(Some("k1"), "viewer").await.expect(201);
    assert_eq!(send(Some("k1"), "viewer").await.expect(201), first);
    send(Some("k1"), "owner").await.expect(409);
    send(None, "viewer").await.expect(409);
}

#[tokio::test]
async fn an_empty_table_is_an_empty_table() {
    let house = house().await;
    for path in ["/prospects/import", "/prospects/import/preview", "/suppressions/import"] {
        let answer = table(&house, path, "text/csv; charset=utf-8", "").await;
        assert_eq!(answer.expect(400)["detail"], "Le tableau est vide.", "{path}");
    }
    assert_eq!(table(&house, "/prospects/import", "application/json", "").await.faults(422), ["items"]);
}

#[tokio::test]
async fn the_same_thing_said_twice_is_one_thing() {
    let house = house().await;
    let account = account(&house).await;
    let post = json!({"account_id": account, "post_url": POST_URL});
    let first = house.post("/posts", &post).await.expect(201);
    let address = "https://fr.linkedin.com/feed/update/urn:li:activity:7264000000000000000/?utm=1";
    let again = house.post("/posts", &json!({"account_id": account, "post_url": address})).await.expect(200);
    assert_eq!(first["id"], again["id"]);
    let first = house.post("/exclusions", &json!({"kind": "competitor", "value": "Rival SA"})).await.expect(201);
    let again = house.post("/exclusions", &json!({"kind": "competitor", "value": " RIVAL  sa"})).await.expect(200);
    assert_eq!(first["id"], again["id"]);
}

#[tokio::test]
async fn states_are_named_in_the_reader_s_language() {
    let house = house().await;
    let account = account(&house).await;
    let post = house.post("/posts", &json!({"account_id": account, "text": "Bonjour"})).await.expect(201);
    let path = format!("/posts/{}", post["id"].as_str().expect("an id"));
    house.post(&format!("{path}/reject"), &Value::Null).await.expect(200);
    let refused = house.post(&format!("{path}/approve"), &Value::Null).await.expect(409);
    assert!(refused["detail"].as_str().is_some_and(|d| d.ends_with("«\u{a0}refusé\u{a0}».")), "{refused}");
    assert_eq!(refused["post_status"], "rejected");
}

#[tokio::test]
async fn a_list_of_test_recipients_says_why_nothing_else_goes_out() {
    let house = house().await;
    let codes = async || {
        let why = house.get("/operations/why").await.expect(200);
        why["reasons"].as_array().expect("reasons").iter().map(|r| r["code"].to_string()).collect::<Vec<_>>()
    };
    assert!(!codes().await.contains(&"\"test_recipients\"".to_owned()));
    house.patch("/workspace", &json!({"test_recipients": ["Me@co.example", "linkedin.com/in/claire"]})).await.expect(200);
    assert!(codes().await.contains(&"\"test_recipients\"".to_owned()));
}

#[tokio::test]
async fn a_run_shows_what_it_has_brought_so_far() {
    let house = house().await;
    let account = account(&house).await;
    let run = json!({"source": "spy", "account_id": account, "post_url": POST_URL});
    let run = house.post("/runs", &run).await.expect(201);
    let path = format!("/runs/{}", run["id"].as_str().expect("an id"));
    let id = RunId::parse(run["id"].as_str().expect("an id")).expect("an id");
    let dropped = |code| RowOutcome::Dropped { code, text: "écarté".into(), row: json!({}) };
    let page = RunPage {
        workspace: house.ws.clone(),
        run: id.clone(),
        position: Position { part: Part::Reactions, page: 1, step: 0 },
        rows: vec![
            RowOutcome::Created { prospect: domain::ids::ProspectId::derive(&["ada"]) },
            RowOutcome::Merged { prospect: domain::ids::ProspectId::derive(&["bob"]) },
            dropped(domain::vocabulary::DropCode::CompanyPage),
        ],
        credits: 1,
        warnings: vec![],
        order: None,
    };
    house.store.put_run_page(&page).await.expect("the store");
    let mut stored = house.store.run(&house.ws, &id).await.expect("the store").expect("the run");
    stored.status = RunStatus::Running;
    stored.started_at = Some(house.clock.now());
    assert!(house.store.save(&mut stored).await.expect("the store").won());
    let counts = |run: &Value| {
        ["found", "created", "merged", "dropped", "pages", "credits_spent"].map(|name| run[name].as_u64().expect("a number"))
    };
    assert_eq!(counts(&house.get(&path).await.expect(200)), [2, 1, 1, 1, 1, 1]);
    assert_eq!(counts(&house.get("/runs").await.expect(200)["items"][0]), [2, 1, 1, 1, 1, 1]);
    assert_eq!(counts(&house.post(&format!("{path}/cancel"), &Value::Null).await.expect(200)), [2, 1, 1, 1, 1, 1]);
}
