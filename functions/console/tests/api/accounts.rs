//! Accounts: what is shown and what never is, one member in one workspace with all they have sent, limits and pauses.

use crate::house::{House, OWNER, STRANGER, house, now};
use axum::body::Body;
use domain::ids::AccountId;
use http::Request;
use serde_json::{Value, json};
use store::account::Pause;

fn claire() -> Value {
    json!({
        "label": "Claire", "provider": "linkup-v1", "profile_url": "https://www.linkedin.com/in/claire", "timezone": "Europe/Paris",
        "credentials": {"login_token": "AQED-secret"}, "limits": {"invitations_per_day": 40},
    })
}

#[tokio::test]
async fn an_account_is_shown_without_its_credentials() {
    let house = house().await;
    let mut account = house.post("/accounts", &claire()).await.expect(201);
    assert!(!account.to_string().contains("AQED-secret"));
    let id = account["id"].as_str().expect("an id").to_owned();
    assert_eq!(house.get(&format!("/accounts/{id}")).await.expect(200), account);
    assert_eq!(house.get("/accounts").await.expect(200)["items"][0], account);
    let path = account["webhook_path"].as_str().expect("a path");
    assert!(path.starts_with("/webhooks/linkup/wht_") && path.len() > 40);
    account["id"] = json!("acc");
    account["webhook_path"] = json!("path");
    insta::assert_json_snapshot!(account);
    house.delete(&format!("/accounts/{id}")).await.expect(204);
    house.get(&format!("/accounts/{id}")).await.expect(404);
    house.post("/accounts", &claire()).await.expect(201);
}

#[tokio::test]
async fn a_member_sends_for_one_workspace_only() {
    let house = house().await;
    house.post("/accounts", &claire()).await.expect(201);
    house.post("/accounts", &claire()).await.expect(409);
    house.call(STRANGER, "POST", "/api/v1/accounts", &claire()).await.expect(409);
    let other = house.post("/accounts", &json!({"label": "Paul"})).await.expect(201);
    let path = format!("/accounts/{}", other["id"].as_str().expect("an id"));
    house.patch(&path, &json!({"profile_url": "https://fr.linkedin.com/in/CLAIRE/"})).await.expect(409);
    assert_eq!(house.get(&path).await.expect(200)["profile_url"], Value::Null);
    house.patch(&path, &json!({"profile_url": "https://www.linkedin.com/in/paul"})).await.expect(200);
}

#[tokio::test]
async fn an_account_with_a_session_lets_go_of_no_member() {
    let elsewhere = json!({"label": "C", "provider": "linkup-v1", "profile_url": "https://www.linkedin.com/in/claire"});
    for url in [Value::Null, json!("https://www.linkedin.com/in/paul")] {
        let house = house().await;
        let path = format!("/accounts/{}", id_of(&house.post("/accounts", &claire()).await.expect(201)));
        house.patch(&path, &json!({"profile_url": url})).await.expect(200);
        house.call(STRANGER, "POST", "/api/v1/accounts", &elsewhere).await.expect(409);
        house.patch(&path, &json!({"profile_url": null, "credentials": null})).await.expect(200);
        house.call(STRANGER, "POST", "/api/v1/accounts", &elsewhere).await.expect(201);
    }
}

#[tokio::test]
async fn one_session_is_connected_once_whatever_address_it_is_given() {
    let session = |url: Value, provider: &str, name: &str| json!({"label": "C", "provider": provider, "profile_url": url, "credentials": {name: "AQED-secret"}});
    for (provider, name) in [("linkup-v1", "login_token"), ("linkup-v2", "account_id"), ("unipile", "account_id")] {
        let house = house().await;
        let first = house.post("/accounts", &session(json!("https://www.linkedin.com/in/claire"), provider, name)).await;
        let path = format!("/accounts/{}", id_of(&first.expect(201)));
        for url in [Value::Null, json!("https://www.linkedin.com/in/ACoAABcDeFgHiJkLmNoPqRsTuVwXyZ012345678")] {
            house.post("/accounts", &session(url.clone(), provider, name)).await.expect(409);
            house.call(STRANGER, "POST", "/api/v1/accounts", &session(url, provider, name)).await.expect(409);
        }
        let other = house.post("/accounts", &json!({"label": "Other", "provider": provider})).await.expect(201);
        let given = json!({"credentials": {name: "AQED-secret"}});
        house.patch(&format!("/accounts/{}", id_of(&other)), &given).await.expect(409);
        // A later session does not end the one before.
        house.patch(&path, &json!({"credentials": {name: "AQED-fresh"}})).await.expect(200);
        house.call(STRANGER, "POST", "/api/v1/accounts", &session(Value::Null, provider, name)).await.expect(409);
        house.delete(&path).await.expect(204);
        house.call(STRANGER, "POST", "/api/v1/accounts", &session(Value::Null, provider, name)).await.expect(201);
    }
}

/// Ten invitations, three messages and seven reads of today, of an account.
async fn used(house: &House, id: &AccountId) {
    let today = now().in_tz("Europe/Paris").expect("a zone").date();
    let mut day = house.store.account_day(&house.ws, id, today).await.expect("the store");
    (day.invitations, day.messages, day.notes) = (10, 3, 2);
    assert!(house.store.save_account_day(&mut day).await.expect("the store").won());
    let taken = house.store.take_read(&house.ws, id, today, (None, None), now().as_millisecond()).await;
    assert!(taken.expect("the store").won());
}

fn id_of(account: &Value) -> AccountId {
    AccountId::parse(account["id"].as_str().expect("an id")).expect("an id")
}

fn sums(account: &Value) -> [i64; 4] {
    let counters = &account["counters"];
    let of = |value: &Value| value.as_i64().expect("a number");
    let (today, month) = (&counters["today"], &counters["this_month"]);
    [of(&today["invitations"]), of(&today["messages"]), of(&today["reads"]), of(&month["notes"])]
}

#[tokio::test]
async fn what_a_member_has_sent_follows_them_when_connected_again() {
    let house = house().await;
    let first = house.post("/accounts", &claire()).await.expect(201);
    used(&house, &id_of(&first)).await;
    house.delete(&format!("/accounts/{}", id_of(&first))).await.expect(204);
    house.clock.advance(jiff::SignedDuration::from_hours(1));
    let again = house.post("/accounts", &claire()).await.expect(201);
    assert_eq!((sums(&again), &again["created_at"]), ([10, 3, 1, 2], &first["created_at"]));
    assert_ne!(again["webhook_path"], first["webhook_path"]);
    house.post("/accounts", &claire()).await.expect(409);
    house.call(STRANGER, "POST", "/api/v1/accounts", &claire()).await.expect(409);
    house.delete(&format!("/accounts/{}", id_of(&again))).await.expect(204);
    let elsewhere = house.call(STRANGER, "POST", "/api/v1/accounts", &claire()).await.expect(201);
    assert_eq!((sums(&elsewhere), &elsewhere["created_at"]), ([10, 3, 1, 2], &first["created_at"]));
    assert_ne!(elsewhere["id"], first["id"], "nothing of the other workspace is named");
    house.post("/accounts", &claire()).await.expect(409);
}

#[tokio::test]
async fn another_account_that_takes_a_member_over_takes_what_they_sent() {
    let house = house().await;
    let first = house.post("/accounts", &claire()).await.expect(201);
    used(&house, &id_of(&first)).await;
    let path = format!("/accounts/{}", id_of(&first));
    house.patch(&path, &json!({"profile_url": "https://www.linkedin.com/in/paul", "credentials": null})).await.expect(200);
    let other = house.post("/accounts", &claire()).await.expect(201);
    assert_ne!(other["id"], first["id"]);
    assert_eq!(sums(&other), [10, 3, 1, 2]);
    house.delete(&format!("/accounts/{}", id_of(&other))).await.expect(204);
    let third = house.post("/accounts", &json!({"label": "Third"})).await.expect(201);
    let path = format!("/accounts/{}", id_of(&third));
    let third = house.patch(&path, &json!({"profile_url": "https://www.linkedin.com/in/claire"})).await.expect(200);
    assert_eq!(sums(&third), [10, 3, 1, 2]);
}

#[tokio::test]
async fn a_request_to_connect_again_made_twice_makes_one_account() {
    let house = house().await;
    let ask = async || {
        let request = Request::post("/api/v1/accounts").header("authorization", format!("Bearer {OWNER}"));
        let request = request.header("content-type", "application/json").header("idempotency-key", "again");
        house.send(request.body(Body::from(claire().to_string())).expect("a request")).await.expect(201)
    };
    let first = house.post("/accounts", &claire()).await.expect(201);
    house.delete(&format!("/accounts/{}", id_of(&first))).await.expect(204);
    let (made, repeated) = (ask().await, ask().await);
    assert_eq!((&made["id"], &made), (&first["id"], &repeated));
}

#[tokio::test]
async fn limits_change_key_by_key() {
    let house = house().await;
    let account = house.post("/accounts", &claire()).await.expect(201);
    let path = format!("/accounts/{}", account["id"].as_str().expect("an id"));
    let changed =
        house.patch(&path, &json!({"limits": {"hours": ["08:00", "24:00"], "pause_seconds": [0, 0]}})).await.expect(200);
    let limits = &changed["limits"];
    assert_eq!(
        (&limits["invitations_per_day"], &limits["hours"], &limits["messages_per_day"]),
        (&json!(40), &json!(["08:00", "24:00"]), &json!(25))
    );
    assert_eq!(changed["warnings"].as_array().map(Vec::len), Some(3));
    assert_eq!(house.patch(&path, &json!({"limits": {"hours": ["18:00", "09:00"]}})).await.faults(422), ["limits.hours"]);
    assert_eq!(house.patch(&path, &json!({"timezone": "Mars/Base"})).await.faults(422), ["timezone"]);
    assert_eq!(house.patch(&path, &json!({"provider": "carrier-pigeon"})).await.faults(422), ["provider"]);
    assert_eq!(house.post("/accounts", &json!({})).await.faults(422), ["label"]);
}

#[tokio::test]
async fn resume_lifts_any_pause() {
    let house = house().await;
    let account = house.post("/accounts", &claire()).await.expect(201);
    let path = format!("/accounts/{}", account["id"].as_str().expect("an id"));
    let paused = house.post(&format!("{path}/pause"), &json!({"reason": "vacances"})).await.expect(200);
    assert_eq!((&paused["status"], &paused["paused_reason"]), (&json!("paused"), &json!("vacances")));
    let resumed = house.post(&format!("{path}/resume"), &Value::Null).await.expect(200);
    assert_eq!((&resumed["status"], &resumed["paused_reason"]), (&json!("active"), &Value::Null));
}

#[tokio::test]
async fn the_same_idempotency_key_makes_one_account() {
    let house = house().await;
    let ask = async |key: &str| {
        let request = Request::post("/api/v1/accounts").header("authorization", format!("Bearer {OWNER}"));
        let request = request.header("content-type", "application/json").header("idempotency-key", key);
        house.send(request.body(Body::from(json!({"label": "Paul"}).to_string())).expect("a request")).await.expect(201)
    };
    let (first, again, other) = (ask("1").await, ask("1").await, ask("2").await);
    assert_eq!(first, again);
    assert_ne!(first["id"], other["id"]);
    assert_eq!(house.get("/accounts").await.expect(200)["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_is_said_plainly() {
    let house = house().await;
    let login = json!({"label": "C", "email": "c@acme.example", "password": "secret", "country": "FR"});
    house.post("/accounts/login", &login).await.expect(422);
    house.post("/accounts/verify", &json!({"login_id": "job_0", "code": "123456"})).await.expect(404);
    let account = house.post("/accounts", &claire()).await.expect(201);
    let path = format!("/accounts/{}/monitoring", account["id"].as_str().expect("an id"));
    house.post(&path, &json!({"enabled": true})).await.expect(422);
    assert_eq!(house.post(&path, &json!({})).await.faults(422), ["enabled"]);
}

#[tokio::test]
async fn connecting_again_lifts_only_the_pause_of_an_ended_session() {
    let house = house().await;
    let account = house.post("/accounts", &claire()).await.expect(201);
    let id = AccountId::parse(account["id"].as_str().expect("an id")).expect("an id");
    let path = format!("/accounts/{id}");
    let ended = Pause::session_ended(now());
    house.store.pause_account(&house.ws, &id, &ended).await.expect("the store");
    let paused = house.get(&path).await.expect(200);
    assert_eq!((&paused["status"], &paused["reconnect"]), (&json!("paused"), &json!(true)));
    assert!(paused["paused_reason"].as_str().is_some_and(|why| why.contains("reconnectez-le")), "{paused}");
    assert_eq!(house.patch(&path, &json!({"label": "Claire V."})).await.expect(200)["status"], "paused");
    let fresh = json!({"credentials": {"login_token": "AQED-fresh"}});
    let active = house.patch(&path, &fresh).await.expect(200);
    assert_eq!(
        (&active["status"], &active["reconnect"], &active["paused_reason"]),
        (&json!("active"), &json!(false), &Value::Null)
    );
    assert_eq!(active["counters"], account["counters"], "nothing is given back");
    house.post(&format!("{path}/pause"), &json!({"reason": "vacances"})).await.expect(200);
    assert_eq!(house.patch(&path, &fresh).await.expect(200)["paused_reason"], "vacances");
}

#[tokio::test]
async fn each_provider_is_asked_only_for_what_it_offers() {
    let house = house().await;
    let add = async |provider: &str, credentials: Value| {
        house.post("/accounts", &json!({"label": provider, "provider": provider, "credentials": credentials})).await
    };
    assert_eq!(add("linkup-v2", json!({"login_token": "t"})).await.faults(422), ["credentials.account_id"]);
    assert_eq!(add("unipile", json!({"webhook_secret": "s"})).await.faults(422), ["credentials.account_id"]);
    let v2 = add("linkup-v2", json!({"account_id": "acc_1"})).await.expect(201);
    let unipile = add("unipile", json!({"account_id": "u_1"})).await.expect(201);
    let manual = add("manual", Value::Null).await.expect(201);
    assert!(unipile["webhook_path"].as_str().is_some_and(|path| path.starts_with("/webhooks/unipile/wht_")), "{unipile}");
    for (account, offered) in [(&v2, true), (&unipile, false), (&manual, false)] {
        assert_eq!(account["capabilities"]["people_search"], offered, "{account}");
        let told: Vec<&str> =
            account["not_offered"].as_array().expect("a list").iter().map(|n| n["capability"].as_str().expect("named")).collect();
        assert_eq!(told.contains(&"people_search"), !offered);
        assert_eq!(account["capabilities"]["session_less_reads"], false);
    }
    let search = |account: &Value| json!({"source": "cold", "account_id": account["id"], "query": {"keyword": "drh"}});
    house.post("/runs", &search(&v2)).await.expect(201);
    let refused = house.post("/runs", &search(&unipile)).await.expect(422);
    assert_eq!(refused["detail"], "Ce fournisseur ne sait pas rechercher des personnes par critères.");
    house.post("/runs", &search(&manual)).await.expect(422);
    let post = |account: &Value, more: Value| {
        let mut post = json!({"account_id": account["id"], "kind": "profile", "text": "Bonjour"});
        post.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        post
    };
    let picture = json!({"media": ["https://m.example/a.png"]});
    let as_company = json!({"kind": "company", "company_url": "https://www.linkedin.com/company/acme"});
    house.post("/posts", &post(&v2, picture.clone())).await.expect(201);
    house.post("/posts", &post(&unipile, as_company.clone())).await.expect(201);
    house.post("/posts", &post(&unipile, picture)).await.expect(422);
    house.post("/posts", &post(&manual, as_company)).await.expect(422);
    house.post("/posts", &post(&manual, json!({"scheduled_at": "2026-11-21T08:00:00Z"}))).await.expect(422);
    house.post("/posts", &post(&manual, json!({}))).await.expect(201);
    let monitoring = format!("/accounts/{}/monitoring", manual["id"].as_str().expect("an id"));
    let refused = house.post(&monitoring, &json!({"enabled": true})).await.expect(422);
    assert!(refused["detail"].as_str().is_some_and(|why| why.starts_with("Ce fournisseur ne prévient pas")), "{refused}");
}
