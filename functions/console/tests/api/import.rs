//! Imports as they are asked for: columns, mappings, rows kept for whoever takes them in.

use crate::house::{House, OWNER, house};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

async fn send(house: &House, path: &str, table: &str) -> Value {
    let request = Request::post(format!("/api/v1{path}")).header("authorization", format!("Bearer {OWNER}"));
    let request = request.header("content-type", "text/csv; charset=utf-8").body(Body::from(table.to_owned()));
    let answer = house.send(request.expect("a request")).await;
    assert!(answer.status.is_success(), "{answer:?}");
    answer.json
}

#[tokio::test]
async fn columns_are_mapped_by_hand_where_the_headers_say_nothing() {
    let house = house().await;
    let table = "Wer;Wo\nAda Lambert;https://www.linkedin.com/in/ada\n";
    let preview = send(&house, "/prospects/import/preview", table).await;
    assert_eq!((&preview["mapping"], &preview["total"]), (&json!({"Wer": null, "Wo": null}), &json!(1)));
    let mapping = url::form_urlencoded::byte_serialize(br#"{"Wer":"name","Wo":"profile_url"}"#).collect::<String>();
    let job = send(&house, &format!("/prospects/import?mapping={mapping}"), table).await;
    let job = house.get(&format!("/jobs/{}", job["job_id"].as_str().expect("a job"))).await.expect(200);
    assert_eq!((&job["status"], &job["total"], &job["result"]["accepted"]), (&json!("running"), &json!(1), &json!(0)));
    let run = house.get(&format!("/runs/{}", job["result"]["run_id"].as_str().expect("a run"))).await.expect(200);
    assert_eq!((&run["source"], &run["status"], &run["account_id"]), (&json!("import"), &json!("queued"), &Value::Null));
    let refused = Request::post("/api/v1/prospects/import").header("authorization", format!("Bearer {OWNER}"));
    let refused = refused.header("content-type", "text/csv").body(Body::from(table)).expect("a request");
    house.send(refused).await.expect(422);
}

#[tokio::test]
async fn people_are_imported_as_json_too() {
    let house = house().await;
    let items = json!({"items": [{"email": "ada@lambert.example", "name": "Ada"}, {"name": "nobody"}, {"profile_url": "https://www.linkedin.com/sales/lead/x"}]});
    let job = house.post("/prospects/import", &items).await.expect(202);
    let job = house.get(&format!("/jobs/{}", job["job_id"].as_str().expect("a job"))).await.expect(200);
    assert_eq!((&job["kind"], &job["total"]), (&json!("import"), &json!(3)));
    assert_eq!(house.post("/prospects/import", &json!({})).await.faults(422), ["items"]);
}

#[tokio::test]
async fn the_same_import_sent_again_is_the_same_job() {
    let house = house().await;
    let send = async || {
        let request = Request::post("/api/v1/prospects/import").header("authorization", format!("Bearer {OWNER}"));
        let request = request.header("content-type", "text/csv").header("idempotency-key", "k1");
        house.send(request.body(Body::from("email\nada@lambert.example\n")).expect("a request")).await.expect(202)
    };
    let first = send().await;
    assert_eq!(send().await, first);
    assert_eq!(house.get("/runs").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
}
