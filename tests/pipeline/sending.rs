//! Sending through the API: which message is picked next, what is asked when the notes are spent, and why nothing goes.

use crate::fixture::{World, world_of};
use domain::ids::{AccountId, ProspectId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::invitations::Invitation;

/// A world in which everybody passes, nobody answers, and nothing is approved yet.
async fn ready() -> World {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(0);
    settings["min_fit"] = json!(0);
    let world = world_of(settings, 40).await;
    for person in world.home.sandbox.people() {
        let _known = world.home.sandbox.set_temperament(&person.slug, sandbox::Temperament::never());
    }
    world.collect("many-1").await;
    world
}

impl World {
    async fn message(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/messages/{id}")).await.unwrap()
    }

    async fn why(&self) -> Value {
        self.client.get("/api/v1/operations/why").await.unwrap()
    }

    async fn statuses(&self, ids: &[String]) -> Vec<String> {
        let mut statuses = Vec::new();
        for id in ids {
            statuses.push(self.message(id).await["status"].as_str().unwrap().to_owned());
        }
        statuses
    }

    /// The review queue, the best first.
    async fn drafts(&self) -> Vec<String> {
        let drafts = self.client.all("/api/v1/review?kind=message").await.unwrap();
        drafts.iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect()
    }

    async fn approve_these(&self, ids: &[String]) {
        let answer = self.client.post("/api/v1/review/approve", &json!({ "ids": ids })).await.unwrap();
        assert_eq!(answer["approved"].as_array().unwrap().len(), ids.len(), "{answer}");
    }

    async fn patch_account(&self, body: Value) -> Value {
        self.client.patch(&format!("/api/v1/accounts/{}", self.account), &body).await.unwrap()
    }

    /// The instant at which the account sends next.
    async fn next_instant(&self) -> Timestamp {
        let (ws, id) = (self.workspace().await, AccountId::parse(&self.account).unwrap());
        let today = self.now().in_tz("Europe/Paris").unwrap().date();
        self.home.store.account_day(&ws, &id, today).await.unwrap().next_instant.unwrap()
    }
}

#[tokio::test]
async fn the_best_one_is_scheduled_when_its_job_is_queued_and_goes_back_when_it_is_not_the_best() {
    let world = ready().await;
    let drafts = world.drafts().await;
    let (better, first, second) = (&drafts[0], &drafts[1], &drafts[2]);
    world.approve_these(&[first.clone(), second.clone()]).await;
    let at = world.next_instant().await;
    world.home.run_until(at - SignedDuration::from_mins(5)).await.unwrap();
    let shown = [first.clone(), second.clone(), better.clone()];
    assert_eq!(world.statuses(&shown).await, ["approved", "approved", "pending_review"], "no job is queued yet");
    world.home.run_until(at - SignedDuration::from_secs(80)).await.unwrap();
    assert_eq!(world.statuses(&shown).await, ["scheduled", "approved", "pending_review"]);
    world.approve_these(std::slice::from_ref(better)).await;
    assert_eq!(world.statuses(&shown).await, ["approved", "approved", "scheduled"]);
    world.client.post(&format!("/api/v1/messages/{better}/undo"), &json!({})).await.unwrap();
    assert_eq!(world.statuses(&shown).await[2], "pending_review");
    world.home.run_until(at + SignedDuration::from_secs(30)).await.unwrap();
    let after = world.statuses(&shown).await;
    assert_eq!((after[0].as_str(), after[2].as_str()), ("sent", "pending_review"), "{after:?}");
}

#[tokio::test]
async fn when_the_notes_are_spent_the_person_is_asked() {
    let world = ready().await;
    world.patch_account(json!({ "tier": "free" })).await;
    let drafts: Vec<String> = world.drafts().await.into_iter().take(7).collect();
    world.approve_these(&drafts).await;
    world.home.run_until("2026-11-17T20:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(world.reached().len(), 5);
    let held: Vec<String> = {
        let statuses = world.statuses(&drafts).await;
        drafts.iter().zip(statuses).filter(|(_, status)| status == "approved").map(|(id, _)| id.clone()).collect()
    };
    assert_eq!(held.len(), 2);
    let asked = world.message(&held[0]).await;
    assert_eq!(asked["choices"], json!(["wait", "without_note"]), "{asked}");
    world.home.run_until("2026-11-18T09:00:00Z".parse().unwrap()).await.unwrap();
    let why = world.why().await;
    assert_eq!(why["reasons"][0]["code"], "notes_spent", "{why}");
    let path = format!("/api/v1/messages/{}/approve", held[0]);
    let said = world.client.post(&path, &json!({ "without_note": true })).await.unwrap();
    assert_eq!((&said["without_note"], &said["choices"]), (&json!(true), &json!([])), "{said}");
    world.home.run_until("2026-11-18T20:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(world.statuses(&held).await, ["sent", "approved"]);
    let account = world.client.get(&format!("/api/v1/accounts/{}", world.account)).await.unwrap();
    assert_eq!(account["counters"]["this_month"]["notes"], 5, "the sixth went without its note");
    assert_eq!(account["pending_invitations"], 6, "{account}");
}

#[tokio::test]
async fn more_than_five_hundred_waiting_pause_invitations_and_say_so() {
    let world = ready().await;
    let (ws, id) = (world.workspace().await, AccountId::parse(&world.account).unwrap());
    let monday = "2026-11-09T10:00:00Z".parse::<Timestamp>().unwrap();
    let mut day = world.home.store.account_day(&ws, &id, monday.in_tz("Europe/Paris").unwrap().date()).await.unwrap();
    day.invited = (0..501).map(|n| Invitation::new(&ProspectId::derive(&[&n.to_string()]), monday)).collect();
    assert!(world.home.store.save_account_day(&mut day).await.unwrap().won());
    world.home.store.count_invitations(&ws, &id, world.now()).await.unwrap().unwrap();
    let drafts: Vec<String> = world.drafts().await.into_iter().take(3).collect();
    world.approve_these(&drafts).await;
    world.home.run_until("2026-11-17T09:30:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(world.reached(), []);
    let why = world.why().await;
    assert_eq!(why["reasons"][0]["code"], "too_many_pending", "{why}");
    assert!(why["text"].as_str().unwrap().contains("501 invitations attendent une réponse"), "{why}");
    let dry = world.client.get("/api/v1/operations/dry-run").await.unwrap();
    let dry = &dry["accounts"][0];
    assert_eq!((&dry["sends"], &dry["finishes_on"]), (&json!([]), &Value::Null), "{dry}");
    assert!(dry["held"].as_array().unwrap().iter().all(|h| h["reasons"][0]["code"] == "too_many_pending"), "{dry}");
    assert!(dry["why"].as_str().unwrap().contains("501"), "{dry}");
    let account = world.client.get(&format!("/api/v1/accounts/{}", world.account)).await.unwrap();
    assert_eq!(account["pending_invitations"], 501);
    assert!(account["warnings"].as_array().unwrap().iter().any(|w| w["field"] == "pending_invitations"), "{account}");
    // Two are answered elsewhere: the next look counts anew, and the account goes on by itself.
    let date = monday.in_tz("Europe/Paris").unwrap().date();
    let mut day = world.home.store.account_day(&ws, &id, date).await.unwrap();
    day.invited.truncate(499);
    assert!(world.home.store.save_account_day(&mut day).await.unwrap().won());
    world.home.store.count_invitations(&ws, &id, world.now()).await.unwrap().unwrap();
    world.home.run_until("2026-11-18T20:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(world.reached().len(), 2, "499 and two are 501");
}

#[tokio::test]
async fn why_says_what_to_do_next() {
    let world = ready().await;
    let code = async || world.why().await["reasons"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code().await, "review_waiting");
    let drafts: Vec<String> = world.drafts().await.into_iter().take(2).collect();
    world.approve_these(&drafts).await;
    assert_eq!(code().await, "waiting");
    world.patch_account(json!({ "limits": { "days": ["sat"] } })).await;
    assert_eq!(code().await, "outside_hours");
    world.patch_account(json!({ "limits": { "days": ["mon"], "invitations_per_day": 0 } })).await;
    assert_eq!(code().await, "cap_reached");
    world.patch_account(json!({ "limits": { "invitations_per_day": 9, "reads_per_day": 0 } })).await;
    assert_eq!(code().await, "reads_spent");
    world.patch_account(json!({ "provider": "manual" })).await;
    assert_eq!(code().await, "manual_mode");
}
