//! Imports: the labelled tables, and what must come of every row, also when the process ends in the middle.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const COMMA: &str = include_str!("../../functions/console/testdata/people.csv");
const SEMICOLON: &str = include_str!("../../functions/console/testdata/people-semicolon.csv");
const EXPECTED: &str = include_str!("../../functions/console/testdata/people-expected.json");

async fn job(world: &World, accepted: &Value) -> Value {
    world.client.get(&format!("/api/v1/jobs/{}", accepted["job_id"].as_str().expect("a job"))).await.unwrap()
}

/// Imports a table and answers the result of its job.
async fn import(world: &World, table: &str) -> Value {
    let accepted = world.client.post_table("/api/v1/prospects/import", table).await.unwrap();
    world.run_for(SignedDuration::from_mins(1)).await;
    let job = job(world, &accepted).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("done"), &job["total"]), "{job}");
    job["result"].clone()
}

async fn check(name: &str, table: &str) {
    let world = world(amorce::welcome::workspace()).await;
    let result = import(&world, table).await;
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    let expected = &expected[name];
    let counts = &expected["counts"];
    assert_eq!((&result["accepted"], &result["merged"]), (&counts["accepted"], &counts["merged"]));
    assert_eq!(result["rejected"], expected["rejected"]);
    let mut warned: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for warning in result["warnings"].as_array().unwrap() {
        let row = warned.entry(warning["row"].as_u64().unwrap()).or_default();
        row.insert(warning["warning"].as_str().unwrap().to_owned());
    }
    for row in expected["accepted"].as_array().unwrap() {
        let number = row["row"].as_u64().unwrap();
        let wanted: BTreeSet<String> =
            row["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap().to_owned()).collect();
        assert_eq!(warned.remove(&number).unwrap_or_default(), wanted, "row {number}");
    }
    assert_eq!(json!(world.people().await.len()), counts["people"]);
    // The same file as a collection: the rows it left out, each with its reason.
    let run = world.client.get(&format!("/api/v1/runs/{}", result["run_id"].as_str().unwrap())).await.unwrap();
    assert_eq!((&run["source"], &run["status"], &run["credits_spent"]), (&json!("import"), &json!("done"), &json!(0)));
    // Rows that showed two people of this file to be one: both were made by it.
    assert_eq!(run["created"], counts["accepted"]);
    let dropped = world.client.all(&format!("/api/v1/runs/{}/dropped", run["id"].as_str().unwrap())).await.unwrap();
    assert_eq!(dropped.len(), expected["rejected"].as_array().unwrap().len());
    assert!(dropped.iter().all(|row| !row["text"].as_str().unwrap().is_empty()), "{dropped:?}");
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
    let world = world(amorce::welcome::workspace()).await;
    let first = import(&world, COMMA).await;
    let again = import(&world, COMMA).await;
    let people = |result: &Value| result["accepted"].as_u64().unwrap() + result["merged"].as_u64().unwrap();
    assert_eq!((&again["accepted"], people(&again)), (&json!(0), people(&first)));
    assert_eq!(again["rejected"], first["rejected"]);
}

#[tokio::test]
async fn an_import_goes_on_where_its_process_ended() {
    let world = world(amorce::welcome::workspace()).await;
    let rows: Vec<String> = (0..250).map(|n| format!("p{n}@lambert{n}.example")).collect();
    let table = format!("email\n{}\n", rows.join("\n"));
    let accepted = world.client.post_table("/api/v1/prospects/import", &table).await.unwrap();
    let waits = job(&world, &accepted).await;
    assert_eq!((&waits["status"], &waits["done"], &waits["total"]), (&json!("running"), &json!(0), &json!(250)));

    // A worker takes the run up, and its process ends: its message is lost, and its lease stands.
    let lost = world.home.queues.receive("find", 10, 1_000_000).unwrap();
    assert_eq!(lost.len(), 1);
    let id = waits["result"]["run_id"].as_str().unwrap();
    let (ws, id) = (world.workspace().await, domain::ids::RunId::parse(id).unwrap());
    let taken = world.home.store.take_up(&ws, &id, None, world.now()).await.unwrap();
    assert!(taken.is_some());
    // Nobody else takes it up meanwhile.
    assert!(world.home.store.take_up(&ws, &id, None, world.now()).await.unwrap().is_none());

    world.run_for(SignedDuration::from_mins(10)).await;
    let done = job(&world, &accepted).await;
    assert_eq!((&done["status"], &done["result"]["accepted"]), (&json!("done"), &json!(250)), "{done}");
    assert_eq!(world.people().await.len(), 250);
}

#[tokio::test]
async fn an_import_can_be_paused_and_cancelled_like_any_collection() {
    let world = world(amorce::welcome::workspace()).await;
    let items = json!({ "items": [{ "email": "ada@lambert.example" }] });
    let accepted = world.client.post("/api/v1/prospects/import", &items).await.unwrap();
    let run = job(&world, &accepted).await["result"]["run_id"].as_str().unwrap().to_owned();
    world.client.post(&format!("/api/v1/runs/{run}/pause"), &json!({})).await.unwrap();
    world.run_for(SignedDuration::from_mins(10)).await;
    assert_eq!(world.people().await.len(), 0);
    world.client.post(&format!("/api/v1/runs/{run}/resume"), &json!({})).await.unwrap();
    world.run_for(SignedDuration::from_mins(10)).await;
    assert_eq!(world.people().await.len(), 1);

    let accepted =
        world.client.post("/api/v1/prospects/import", &json!({ "items": [{ "email": "b@b.example" }] })).await.unwrap();
    let run = job(&world, &accepted).await["result"]["run_id"].as_str().unwrap().to_owned();
    world.client.post(&format!("/api/v1/runs/{run}/cancel"), &json!({})).await.unwrap();
    world.run_for(SignedDuration::from_mins(10)).await;
    let ended = job(&world, &accepted).await;
    assert_eq!((&ended["status"], world.people().await.len()), (&json!("failed"), 1));
    let (ws, run) = (world.workspace().await, domain::ids::RunId::parse(&run).unwrap());
    let rows = store::keys::run_partition(&ws, &run);
    let kept = world.home.store.table.query_items(&rows, store::keys::ROWS, 10).await.unwrap();
    assert!(kept.is_empty(), "nothing is kept of rows that nobody will take in");
    assert!(ended["result"]["failure"].is_string());
}

#[tokio::test]
async fn a_row_about_somebody_erased_is_rejected() {
    let world = world(amorce::welcome::workspace()).await;
    let ada = json!({ "items": [{ "profile_url": "https://www.linkedin.com/in/ada-lambert", "name": "Ada Lambert" }] });
    world.client.post("/api/v1/prospects/import", &ada).await.unwrap();
    world.run_for(SignedDuration::from_mins(1)).await;
    let id = world.people().await[0]["id"].as_str().unwrap().to_owned();
    // Sent while nobody has taken it in yet.
    let waiting = world.client.post("/api/v1/prospects/import", &ada).await.unwrap();
    world.client.post(&format!("/api/v1/prospects/{id}/erase"), &json!({})).await.unwrap();
    world.run_for(SignedDuration::from_mins(60)).await;
    let job = job(&world, &waiting).await;
    assert_eq!((&job["status"], &job["result"]["rejected"][0]["reason"]), (&json!("done"), &json!("erased")), "{job}");
    assert!(world.people().await.is_empty());
}
