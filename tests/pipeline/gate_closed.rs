//! Law 1 and 6: without an ICP, a line or an analysis, nothing reaches a person, whatever anybody presses.

use crate::fixture::{World, world};
use sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

async fn press_everything(world: &World) {
    for person in world.people().await {
        let path = format!("/api/v1/prospects/{}", person["id"].as_str().unwrap());
        let _refused =
            world.client.call(http::Method::POST, &format!("{path}/overrule"), Some(&json!({ "reason": "essai" }))).await;
        let _refused = world.client.call(http::Method::POST, &format!("{path}/messages"), Some(&json!({}))).await;
    }
    for _ in 0..3 {
        world.approve_all().await;
        world.next_morning().await;
    }
}

async fn check(settings: Value, codes: &[&str]) {
    let world = world(settings).await;
    let run = world.collect("own-1").await;
    assert_eq!(run["status"], "done", "{run}");
    press_everything(&world).await;
    assert_eq!(world.reached(), []);
    for person in world.people().await {
        assert_ne!(person["decision"]["verdict"], "allow", "{person}");
        let reasons = person["decision"]["reasons"].as_array().unwrap();
        assert!(reasons.iter().any(|r| codes.contains(&r["code"].as_str().unwrap())), "{person}");
    }
}

#[tokio::test]
async fn no_icp() {
    let mut settings = amorce::welcome::workspace();
    settings["icp"] = Value::Null;
    check(settings, &["no_icp"]).await;
}

#[tokio::test]
async fn no_threshold() {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = Value::Null;
    check(settings, &["no_threshold"]).await;
}

#[tokio::test]
async fn no_analysis() {
    let world = world(amorce::welcome::workspace()).await;
    world.home.sandbox.inject(Fault::always("data/profil/info", FaultKind::Html502));
    world.home.sandbox.inject(Fault::always("profile/info", FaultKind::Html502));
    let run = world.collect("own-1").await;
    assert_eq!(run["status"], "done", "{run}");
    press_everything(&world).await;
    assert_eq!(world.reached(), []);
}
