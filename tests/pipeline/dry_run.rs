//! The dry run says what then goes out, and writes nothing.

use crate::fixture::{World, world_of};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

impl World {
    async fn dry_run(&self, query: &str) -> Value {
        let answer = self.client.get(&format!("/api/v1/operations/dry-run{query}")).await.unwrap();
        answer["accounts"][0].clone()
    }

    /// What went out so far: when, and to whom.
    async fn sent(&self) -> Vec<(Timestamp, String)> {
        let mut sent = Vec::new();
        for person in self.people().await {
            let path = format!("/api/v1/prospects/{}", person["id"].as_str().unwrap());
            for message in self.client.get(&path).await.unwrap()["messages"].as_array().unwrap() {
                if let Some(at) = message["sent_at"].as_str() {
                    sent.push((at.parse().unwrap(), message["id"].as_str().unwrap().to_owned()));
                }
            }
        }
        sent.sort();
        sent
    }
}

fn ids(account: &Value) -> Vec<String> {
    account["sends"].as_array().unwrap().iter().map(|s| s["message_id"].as_str().unwrap().to_owned()).collect()
}

async fn approved_world() -> (World, usize) {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(0);
    settings["min_fit"] = json!(0);
    let world = world_of(settings, 60).await;
    world.collect("many-1").await;
    let approved = world.approve_all().await;
    assert!(approved > 10, "{approved}");
    (world, approved)
}

#[tokio::test]
async fn what_it_says_is_what_goes_out() {
    let (world, approved) = approved_world().await;
    let before = world.home.store.table.meter().units();
    let today = world.dry_run("?date=2026-11-16").await;
    let tomorrow = world.dry_run("").await;
    assert_eq!((world.home.store.table.meter().units() - before).writes, 0.0, "it writes nothing");
    assert_eq!(tomorrow["date"], "2026-11-17");
    let told = today["sends"].as_array().unwrap();
    assert!(told.len() > 5, "{today}");
    let all = told.len() + today["left_over"].as_u64().unwrap() as usize + today["held"].as_array().unwrap().len();
    assert_eq!(all, approved, "{today}");
    world.home.run_until("2026-11-16T20:00:00Z".parse().unwrap()).await.unwrap();
    let sent = world.sent().await;
    let gone: Vec<&String> = sent.iter().map(|(_, id)| id).collect();
    let said = ids(&today);
    let as_said = said.iter().filter(|id| gone.contains(id)).count();
    assert_eq!(gone, said.iter().collect::<Vec<_>>(), "{as_said} of {}", said.len());
    for (send, (at, _)) in told.iter().zip(&sent) {
        let planned: Timestamp = send["at"].as_str().unwrap().parse().unwrap();
        assert!(at.duration_since(planned) < SignedDuration::from_secs(60), "{send} went at {at}");
    }
    if let Some(finish) = tomorrow["finishes_on"].as_str() {
        assert!(finish >= "2026-11-16", "{tomorrow}");
    }
}

#[tokio::test]
async fn what_stands_against_a_send_is_said() {
    let (world, approved) = approved_world().await;
    let path = format!("/api/v1/accounts/{}", world.account);
    world.client.post(&format!("{path}/pause"), &json!({"reason": "vacances"})).await.unwrap();
    let paused = world.dry_run("").await;
    assert_eq!((&paused["sends"], &paused["finishes_on"]), (&json!([]), &Value::Null), "{paused}");
    assert!(paused["why"].as_str().unwrap().contains("vacances"), "{paused}");
    let held = paused["held"].as_array().unwrap();
    assert_eq!(held.len(), approved, "{paused}");
    assert!(held.iter().all(|h| h["reasons"][0]["code"] == "account_paused"), "{paused}");
    world.client.post(&format!("{path}/resume"), &json!({})).await.unwrap();
    let saturday = world.dry_run("?date=2026-11-21").await;
    assert_eq!(saturday["sends"], json!([]), "{saturday}");
    assert!(saturday["why"].as_str().is_some_and(|why| !why.is_empty()), "{saturday}");
    world.client.patch("/api/v1/workspace", &json!({"test_recipients": ["https://www.linkedin.com/in/nobody"]})).await.unwrap();
    let nobody = world.dry_run("").await;
    assert_eq!(nobody["sends"], json!([]), "{nobody}");
    let held = nobody["held"].as_array().unwrap();
    assert!(held.iter().all(|h| h["reasons"][0]["code"] == "test_recipients"), "{nobody}");
    for (query, status) in [("?date=2026-11-15", 422), ("?date=2029-01-01", 422), ("?date=demain", 400), ("?day=1", 400)] {
        let path = format!("/api/v1/operations/dry-run{query}");
        let (found, answer) = world.client.call(http::Method::GET, &path, None).await.unwrap();
        assert_eq!(found.as_u16(), status, "{query}: {answer}");
    }
}
