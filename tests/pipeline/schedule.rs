//! A collection on a schedule: started anew after its end, until somebody cancels it.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn runs(world: &World) -> Vec<Value> {
    let mut runs = world.client.all("/api/v1/runs").await.unwrap();
    runs.reverse();
    runs
}

#[tokio::test]
async fn a_repeated_run_adds_only_what_is_new_until_it_is_cancelled() {
    let world = world(amorce::welcome::workspace()).await;
    let url = world.home.sandbox.post_url("rival-1").unwrap();
    let body = json!({ "source": "spy", "account_id": world.account, "post_url": url, "repeat": "P1D" });
    let first = world.client.post("/api/v1/runs", &body).await.unwrap();
    assert_eq!((&first["repeat"], &first["starts_at"]), (&json!("P1D"), &json!(world.now())));
    world.run_for(SignedDuration::from_hours(2)).await;
    let planned = runs(&world).await;
    let statuses: Vec<&Value> = planned.iter().map(|run| &run["status"]).collect();
    assert_eq!(statuses, ["done", "queued"]);
    assert!(planned[0]["created"].as_u64().unwrap() > 0);
    let ended: jiff::Timestamp = planned[0]["finished_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(planned[1]["starts_at"], json!(ended + SignedDuration::from_hours(24)));

    world.run_for(SignedDuration::from_hours(24)).await;
    let again = runs(&world).await;
    assert_eq!((again.len(), &again[1]["status"]), (3, &json!("done")));
    // Whoever came to the post in the meantime, and nobody else.
    let count = |run: &Value, what: &str| run[what].as_i64().unwrap();
    assert_eq!(count(&again[1], "created"), count(&again[1], "found") - count(&again[0], "found"));
    assert!(count(&again[1], "merged") >= count(&again[0], "created"));

    let last = again[2]["id"].as_str().unwrap();
    world.client.post(&format!("/api/v1/runs/{last}/cancel"), &json!({})).await.unwrap();
    world.run_for(SignedDuration::from_hours(72)).await;
    let ended = runs(&world).await;
    assert_eq!((ended.len(), &ended[2]["status"]), (3, &json!("cancelled")));
}
