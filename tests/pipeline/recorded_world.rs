//! The whole recorded world by its keys alone: every source of it finds the people it should, each once, and a second
//! run of every source adds nobody.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use sandbox::{Fault, FaultKind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EXPECTED: &str = include_str!("../../infra/sandbox/world/expected.json");
const POSTS: [&str; 7] = ["own-1", "own-2", "own-3", "own-4", "rival-1", "rival-2", "rival-3"];

/// The recorded searches: title and place.
const SEARCHES: [(&str, &str); 4] = [("directeur commercial", ""), ("head of sales", ""), ("drh", ""), ("ceo", "lyon")];

async fn finished(world: &World, body: &Value) -> Value {
    let run = world.client.post("/api/v1/runs", body).await.unwrap();
    world.run_for(SignedDuration::from_mins(20)).await;
    let run = world.client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.unwrap();
    assert_eq!(run["status"], "done", "{run}");
    run
}

/// Every source once; answers the runs.
async fn every_source(world: &World) -> Vec<Value> {
    let mut runs = Vec::new();
    for post in POSTS {
        runs.push(world.collect(post).await);
        assert_eq!(runs[runs.len() - 1]["status"], "done");
    }
    for (title, place) in SEARCHES {
        let mut query = json!({ "job_title": [title] });
        if !place.is_empty() {
            query["location"] = json!([place]);
        }
        runs.push(finished(world, &json!({ "source": "cold", "account_id": world.account, "query": query })).await);
    }
    // The search through the session, where the other is not to be had.
    let gone = FaultKind::Status { code: 403, body: None, headers: Vec::new(), retry_after: None };
    let endpoint = "data/search/profiles".to_owned();
    world.home.sandbox.inject(Fault { endpoint, kind: gone, times: None, after: 0, person: None });
    let query = json!({ "job_title": ["vp sales"] });
    runs.push(finished(world, &json!({ "source": "cold", "account_id": world.account, "query": query })).await);
    world.home.sandbox.clear_faults();
    runs
}

/// The strong key and the slug of somebody.
type Keys = (Option<String>, Option<String>);

fn found(person: &Value) -> Keys {
    let key = |kind: &str| {
        let keys = person["identities"].as_array().unwrap();
        keys.iter().find(|k| k["kind"] == kind).map(|k| k["value"].as_str().unwrap().to_owned())
    };
    (key("member_id"), key("slug"))
}

fn wanted(person: &Value) -> Keys {
    let key = |name: &str| person[name].as_str().map(str::to_owned);
    (key("member_id"), key("slug"))
}

#[tokio::test]
async fn every_source_finds_its_people_once_and_a_second_run_nobody() {
    // Without an ICP nobody is read: keys alone tell who is who.
    let mut settings = amorce::welcome::workspace();
    settings["icp"] = Value::Null;
    let world = world(settings).await;
    // Nothing comes to the posts meanwhile.
    let switches = sandbox::Switches { second_pull_after_seconds: None, reveal_in_time: false, ..world.home.sandbox.switches() };
    world.home.sandbox.set_switches(switches);

    let first = every_source(&world).await;
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    let people = world.people().await;
    let found: BTreeSet<Keys> = people.iter().map(found).collect();
    let wanted: BTreeSet<Keys> = expected["persons"].as_array().unwrap().iter().map(wanted).collect();
    let (missing, extra): (Vec<_>, Vec<_>) = (wanted.difference(&found).collect(), found.difference(&wanted).collect());
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:?}, extra {extra:?}");
    assert_eq!(json!(people.len()), expected["counts"]["persons"]);
    let dropped: u64 = first.iter().map(|run| run["dropped"].as_u64().unwrap()).sum();
    assert_eq!(json!(dropped), expected["counts"]["dropped"]);

    let again = every_source(&world).await;
    for (run, before) in again.iter().zip(&first) {
        assert_eq!((&run["created"], &run["merged"]), (&json!(0), &before["found"]), "{run}");
        assert_eq!(run["dropped"], before["dropped"], "{run}");
    }
    assert_eq!(world.people().await.len(), people.len());
}
