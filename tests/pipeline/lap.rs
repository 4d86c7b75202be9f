//! One complete lap, driven through the API.

use crate::fixture::{World, world, world_over_v2};
use jiff::SignedDuration;
use sandbox::Temperament;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

#[tokio::test]
async fn from_a_published_post_to_a_reply_that_stops_everything() {
    let world = world(amorce::welcome::workspace()).await;
    lap(&world).await;
    assert!(world.home.sandbox.log().iter().all(|call| call.wire == 1));
}

/// The same people over the other wire format: everything through the account, acceptances and replies by signed events.
#[tokio::test]
async fn the_same_lap_over_linkup_v2() {
    let world = world_over_v2(amorce::welcome::workspace()).await;
    lap(&world).await;
    let log = world.home.sandbox.log();
    assert!(log.iter().all(|call| call.wire == 2), "nothing goes by V1");
    let calls = |endpoint: &str| log.iter().filter(|call| call.endpoint.contains(endpoint)).count();
    assert_eq!(calls("/v1/data/"), 0, "there is nothing without a session");
    assert_eq!(calls("/messages/conversation"), 0, "what a signed event says is believed");
    assert!(calls("/network/connections") <= 14, "rarely: {}", calls("/network/connections"));
    let spent = world.client.get("/api/v1/budget").await.unwrap()["credits_spent"].as_u64();
    assert_eq!(spent, Some(log.iter().map(|call| call.credits).sum()), "every credit is on record");
}

async fn lap(world: &World) {
    for person in world.home.sandbox.people() {
        let temperament = Temperament::never().accepts_after(3_600).replies_after(7_200, "Merci, mais ce n’est pas pour nous.");
        let _known = world.home.sandbox.set_temperament(&person.slug, temperament);
    }
    publish_on_time(world).await;
    let run = world.collect("own-1").await;
    assert_eq!(run["status"], "done", "{run}");
    people_are_scored_and_decided(world).await;
    assert_eq!(world.reached(), [], "nothing reaches a person before somebody approves");
    let approved = world.approve_all().await;
    assert!(approved > 0, "somebody passes the gate");
    invitations_then_messages_then_silence(world).await;
    counts_are_right(world).await;
}

async fn publish_on_time(world: &World) {
    let at = world.now() + SignedDuration::from_mins(20);
    let body = json!({
        "account_id": world.account, "kind": "profile", "text": "Trois relances qui ne harcèlent personne.", "scheduled_at": at,
    });
    let post = world.client.post("/api/v1/posts", &body).await.unwrap();
    let path = format!("/api/v1/posts/{}", id(&post));
    world.client.post(&format!("{path}/schedule"), &json!({})).await.unwrap();
    let created = |world: &World| world.home.sandbox.posts().iter().filter(|p| p.key.starts_with("created")).count();
    world.home.run_until(at - SignedDuration::from_secs(1)).await.unwrap();
    assert_eq!(created(world), 0, "never before its time");
    world.home.run_until(at + SignedDuration::from_secs(60)).await.unwrap();
    assert_eq!(created(world), 1, "within a minute after");
    let post = world.client.get(&path).await.unwrap();
    assert_eq!(post["status"], "published", "{post}");
    assert!(post["post_url"].as_str().is_some_and(|u| u.contains("linkedin.com")), "{post}");
    assert_eq!(post["pulls"].as_array().unwrap().len(), 4, "{post}");
    world.run_for(SignedDuration::from_hours(3)).await;
    let post = world.client.get(&path).await.unwrap();
    let statuses: Vec<&str> = post["pulls"].as_array().unwrap().iter().map(|p| p["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["done", "planned", "planned", "planned"]);
    assert_eq!(created(world), 1, "published once");
}

async fn people_are_scored_and_decided(world: &World) {
    let people = world.people().await;
    assert!(people.len() > 40, "{}", people.len());
    let names: BTreeSet<&str> = people.iter().map(id).collect();
    assert_eq!(names.len(), people.len(), "each person once");
    for person in &people {
        let decision = &person["decision"];
        assert!(!decision.is_null(), "everybody has a decision: {person}");
        match decision["verdict"].as_str().unwrap() {
            "allow" => {
                let score = person["score"]["value"].as_u64().unwrap();
                assert!(score >= decision["threshold"].as_u64().unwrap(), "{person}");
            }
            _ => assert!(!decision["reasons"].as_array().unwrap().is_empty(), "{person}"),
        }
        let score = &person["score"];
        if let Some(features) = score["features"].as_array() {
            let sum: i64 = features.iter().map(|f| f["points"].as_i64().unwrap()).sum();
            assert_eq!(score["raw"].as_i64().unwrap(), sum, "{person}");
        }
    }
    let verdicts: BTreeSet<&str> = people.iter().map(|p| p["decision"]["verdict"].as_str().unwrap()).collect();
    assert!(verdicts.contains("allow") && verdicts.contains("refuse"), "{verdicts:?}");
}

async fn invitations_then_messages_then_silence(world: &World) {
    for _ in 0..10 {
        world.next_morning().await;
        world.approve_all().await;
    }
    let mut sends: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (endpoint, person) in world.reached() {
        *sends.entry((endpoint, person)).or_default() += 1;
    }
    assert!(sends.values().all(|n| *n == 1), "one send a person and step: {sends:?}");
    let of = |kind: &str| sends.keys().filter(|(endpoint, _)| endpoint.contains(kind)).count();
    assert!(of("connect") > 0 && of("send-message") > 0, "{sends:?}");
    let conversations = world.client.all("/api/v1/conversations").await.unwrap();
    assert!(!conversations.is_empty(), "somebody answered");
    for conversation in &conversations {
        let path = format!("/api/v1/prospects/{}", conversation["prospect_id"].as_str().unwrap());
        let person = world.client.get(&path).await.unwrap();
        assert_eq!(person["state"], "replied", "{person}");
        assert_ne!(person["decision"]["verdict"], "allow", "{person}");
        let open = ["draft", "pending_review", "approved", "scheduled"];
        let messages = person["messages"].as_array().unwrap();
        assert!(messages.iter().all(|m| !open.contains(&m["status"].as_str().unwrap())), "{person}");
    }
}

async fn counts_are_right(world: &World) {
    let report = world.client.get("/api/v1/reports/overview?range=all").await.unwrap();
    let totals = report.get("totals").unwrap_or(&report);
    let reached = world.reached();
    let of = |kind: &str| reached.iter().filter(|(endpoint, _)| endpoint.contains(kind)).count() as u64;
    assert_eq!(totals["invitations_sent"].as_u64(), Some(of("connect")), "{totals}");
    assert_eq!(totals["messages_sent"].as_u64(), Some(of("send-message")), "{totals}");
    assert_eq!(totals["leads"].as_u64(), Some(world.people().await.len() as u64), "{totals}");
}

#[tokio::test]
async fn a_second_run_of_the_same_post_adds_nobody() {
    let world = world(amorce::welcome::workspace()).await;
    let first = world.collect("rival-1").await;
    let second = world.collect("rival-1").await;
    assert_eq!(second["status"], "done", "{second}");
    assert_eq!(second["created"], 0, "{second}");
    assert_eq!(second["found"], first["found"], "{second}");
    assert_eq!(second["dropped"], first["dropped"], "{second}");
}

#[tokio::test]
async fn an_acceptance_before_the_send_turns_the_invitation_into_a_message() {
    let world = world(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    world.approve_all().await;
    let people = world.people().await;
    let invited: Vec<&Value> = people.iter().filter(|p| p["decision"]["route"] == "invitation").collect();
    for person in &invited {
        let url = person["profile_url"].as_str().unwrap();
        let slug = url.rsplit('/').next().unwrap();
        let _known = world.home.sandbox.make_connected("claire-vasselin", slug);
    }
    world.next_morning().await;
    let invitations: Vec<_> = world.reached().into_iter().filter(|(endpoint, _)| endpoint.contains("connect")).collect();
    assert_eq!(invitations, [], "nobody who is a connection is invited");
}
