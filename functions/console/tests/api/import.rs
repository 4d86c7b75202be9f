//! Imports of labelled tables, and what must come of every row.

use crate::house::{House, OWNER, house};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const COMMA: &str = include_str!("../../testdata/people.csv");
const SEMICOLON: &str = include_str!("../../testdata/people-semicolon.csv");
const EXPECTED: &str = include_str!("../../testdata/people-expected.json");

async fn send(house: &House, path: &str, table: &str) -> Value {
    let request = Request::post(format!("/api/v1{path}")).header("authorization", format!("Bearer {OWNER}"));
    let request = request.header("content-type", "text/csv; charset=utf-8").body(Body::from(table.to_owned()));
    let answer = house.send(request.expect("a request")).await;
    assert!(answer.status.is_success(), "{answer:?}");
    answer.json
}

async fn import(house: &House, table: &str) -> Value {
    let job = send(house, "/prospects/import", table).await;
    let job = house.get(&format!("/jobs/{}", job["job_id"].as_str().expect("a job"))).await.expect(200);
    assert_eq!(job["status"], "done");
    job["result"].clone()
}

async fn check(name: &str, table: &str) {
    let house = house().await;
    let result = import(&house, table).await;
    let expected: Value = serde_json::from_str(EXPECTED).expect("JSON");
    let expected = &expected[name];
    let counts = &expected["counts"];
    assert_eq!((&result["accepted"], &result["merged"]), (&counts["accepted"], &counts["merged"]));
    assert_eq!(result["rejected"], expected["rejected"]);
    let mut warned: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for warning in result["warnings"].as_array().expect("warnings") {
        let codes = warned.entry(warning["row"].as_u64().expect("a row")).or_default();
        codes.push(warning["warning"].as_str().expect("a code").to_owned());
    }
    for row in expected["accepted"].as_array().expect("rows") {
        let number = row["row"].as_u64().expect("a row");
        let mut wanted: Vec<String> =
            row["warnings"].as_array().expect("warnings").iter().map(|w| w.as_str().expect("a code").to_owned()).collect();
        let mut found = warned.remove(&number).unwrap_or_default();
        wanted.sort();
        found.sort();
        found.dedup();
        assert_eq!(found, wanted, "row {number}");
    }
    let mut people = 0;
    let mut cursor = String::new();
    loop {
        let page = house.get(&format!("/prospects?limit=200{cursor}")).await.expect(200);
        people += page["items"].as_array().map_or(0, Vec::len);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(people), counts["people"]);
}

#[tokio::test]
async fn the_labelled_table_with_commas_comes_out_as_labelled() {
    check("people.csv", COMMA).await;
}

#[tokio::test]
async fn the_labelled_table_with_semicolons_comes_out_as_labelled() {
    check("people-semicolon.csv", SEMICOLON).await;
}

#[tokio::test]
async fn the_same_table_twice_adds_nobody() {
    let house = house().await;
    let first = import(&house, SEMICOLON).await;
    house.clock.advance(jiff::SignedDuration::from_mins(1));
    let again = import(&house, SEMICOLON).await;
    assert_eq!((&again["accepted"], &again["merged"]), (&json!(0), &first["accepted"]));
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
    assert_eq!(job["result"]["accepted"], 1);
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
    assert_eq!(job["result"]["accepted"], 1);
    assert_eq!(
        job["result"]["rejected"],
        json!([{"row": 2, "reason": "no_identity"}, {"row": 3, "reason": "sales_navigator_url"}])
    );
    assert_eq!(house.post("/prospects/import", &json!({})).await.faults(422), ["items"]);
}
