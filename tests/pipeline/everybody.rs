//! Everybody again: scored or decided about anew, however many, with a progress that ends.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use serde_json::{Value, json};

const PEOPLE: usize = 250;

/// A workspace with many people, all of them decided about.
async fn crowded() -> World {
    let world = world(amorce::welcome::workspace()).await;
    let items: Vec<Value> =
        (0..PEOPLE).map(|n| json!({"email": format!("p{n}@lambert{n}.example"), "name": format!("Ada Lambert{n}")})).collect();
    world.client.post("/api/v1/prospects/import", &json!({ "items": items })).await.unwrap();
    world.run_for(SignedDuration::from_mins(5)).await;
    assert_eq!(world.people().await.iter().filter(|p| !p["decision"].is_null()).count(), PEOPLE);
    world
}

#[tokio::test]
async fn everybody_is_scored_again_with_progress() {
    let world = crowded().await;
    let job = world.client.post("/api/v1/prospects/rescore", &json!({})).await.unwrap();
    let path = format!("/api/v1/jobs/{}", job["job_id"].as_str().unwrap());
    assert_eq!(world.client.get(&path).await.unwrap()["status"], "running");
    let asked_at = world.now();
    world.run_for(SignedDuration::from_mins(5)).await;
    let job = world.client.get(&path).await.unwrap();
    assert_eq!((&job["status"], &job["done"], &job["total"]), (&json!("done"), &json!(PEOPLE), &json!(PEOPLE)), "{job}");
    for person in world.people().await {
        let decided: jiff::Timestamp = person["decision"]["decided_at"].as_str().unwrap().parse().unwrap();
        assert!(decided >= asked_at, "{person}");
    }
}

#[tokio::test]
async fn a_change_of_the_policy_reaches_everybody_though_its_message_is_lost() {
    let world = crowded().await;
    world.client.patch("/api/v1/workspace", &json!({ "icp": null })).await.unwrap();
    // The worker's process ends with the message in its hands.
    assert!(!world.home.queues.receive("score", 10, 1_000_000).unwrap().is_empty());
    world.run_for(SignedDuration::from_mins(20)).await;
    for person in world.people().await {
        assert_eq!(person["decision"]["reasons"][0]["code"], "no_icp", "{person}");
    }
}
