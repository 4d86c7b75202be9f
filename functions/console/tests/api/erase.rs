//! Who may erase, and what a request about somebody erased is answered.

use crate::house::{House, MANAGER, OWNER, REVIEWER, STRANGER, house};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

async fn ada(house: &House) -> String {
    let body =
        json!({"profile_url": "https://www.linkedin.com/in/ada-lambert", "email": "ada@lambert.example", "name": "Ada Lambert"});
    let added = house.post("/prospects", &body).await.expect(201);
    added["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_manager_erases_and_nobody_below() {
    let house = house().await;
    let id = ada(&house).await;
    let path = format!("/api/v1/prospects/{id}/erase");
    for (key, status) in [("", 401), (REVIEWER, 403), (STRANGER, 404), (MANAGER, 202), (OWNER, 202)] {
        house.call(key, "POST", &path, &Value::Null).await.expect(status);
    }
    house.call(OWNER, "POST", "/api/v1/prospects/pro_unknown/erase", &Value::Null).await.expect(404);
    house.call(OWNER, "POST", &path, &json!({"why": "x"})).await.expect(422);
    let jobs = house.queued("inbound");
    assert_eq!((jobs.len(), &jobs[0]["kind"]), (2, &json!("erase")));
    assert!(!jobs[0].to_string().contains("lambert"), "{}", jobs[0]);
    let job = house.get(&format!("/jobs/{}", jobs[0]["erasure"].as_str().expect("an id"))).await.expect(200);
    assert_eq!((&job["kind"], &job["status"], &job["result"]["prospect_id"]), (&json!("erase"), &json!("running"), &json!(id)));
    // Not “ada”: hashes are written in hexadecimal digits.
    assert!(!job.to_string().contains("lambert"), "{job}");
    // Three keys: the id, the slug, the e-mail; and all of them as hashes.
    let list = house.get("/suppressions").await.expect(200);
    let entries = list["items"].as_array().expect("entries");
    assert_eq!(entries.len(), 3, "{list}");
    assert!(entries.iter().all(|e| e["source"] == "erasure" && e["value"].as_str().is_some_and(|v| v.starts_with("hmac-"))));
}

#[tokio::test]
async fn the_same_request_again_is_answered_the_same_when_they_are_gone() {
    let house = house().await;
    let id = ada(&house).await;
    let send = |key: &'static str| {
        let request = Request::post(format!("/api/v1/prospects/{id}/erase")).header("authorization", format!("Bearer {OWNER}"));
        house.send(request.header("idempotency-key", key).body(Body::empty()).expect("a request"))
    };
    let first = send("once").await.expect(202);
    let job = domain::ids::JobId::parse(first["job_id"].as_str().expect("an id")).expect("an id");
    let mut taken = house.store.take_erasure(&house.ws, &job, house.clock.now()).await.expect("the store").expect("due");
    while house.store.erase_on(&mut taken, house.clock.now()).await.expect("the store") {}
    assert_eq!(send("once").await.expect(202), first);
    house.post(&format!("/prospects/{id}/erase"), &Value::Null).await.expect(404);
    house.get(&format!("/prospects/{id}")).await.expect(404);
    let job = house.get(&format!("/jobs/{job}")).await.expect(200);
    assert_eq!((&job["status"], &job["done"]), (&json!("done"), &json!(1)), "{job}");
    let email = json!({"kind": "email", "value": "Ada@Lambert.example"});
    let known = house.post("/suppressions", &email).await.expect(200);
    house.delete(&format!("/suppressions/{}", known["id"].as_str().expect("an id"))).await.expect(409);
    let import = json!({"items": [email, {"kind": "email", "value": "bob@b.example"}]});
    let imported = house.post("/suppressions/import", &import).await.expect(202);
    let job = house.get(&format!("/jobs/{}", imported["job_id"].as_str().expect("an id"))).await.expect(200);
    assert_eq!((&job["result"]["accepted"], &job["result"]["merged"]), (&json!(1), &json!(1)), "{job}");
}
