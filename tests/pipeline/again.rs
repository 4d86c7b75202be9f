//! A post read again: who has taken a reaction back, when a new one happened, and when a pull may stop early.

use crate::fixture::{World, world};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Reads the reactions and comments of own-1; answers the finished run and how many pages of reactions it asked for.
async fn pull(world: &World) -> (Value, usize) {
    world.home.sandbox.clear_log();
    let run = world.collect("own-1").await;
    assert_eq!(run["status"], "done", "{run}");
    let calls = world.home.sandbox.log();
    (run, calls.iter().filter(|call| call.endpoint.contains("reactions")).count())
}

async fn person(world: &World, name: &str) -> Value {
    let people = world.people().await;
    let found = people.iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{name} is unknown"));
    world.client.get(&format!("/api/v1/prospects/{}", found["id"].as_str().unwrap())).await.unwrap()
}

fn reaction(person: &Value) -> &Value {
    person["engagements"].as_array().unwrap().iter().find(|e| e["kind"] == "reaction").unwrap()
}

fn points(person: &Value, feature: &str) -> i64 {
    let features = person["score"]["features"].as_array().cloned().unwrap_or_default();
    features.iter().find(|f| f["name"] == feature).map_or(0, |f| f["points"].as_i64().unwrap())
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_reaction_taken_back_stops_counting_and_counts_again_when_it_returns() {
    let world = world(amorce::welcome::workspace()).await;
    pull(&world).await;
    // Somebody whose reaction to this post is all they did, and who was read.
    let people = world.people().await;
    let mut chosen = None;
    for one in people.iter().filter(|p| !p["score"].is_null()) {
        let whole = world.client.get(&format!("/api/v1/prospects/{}", one["id"].as_str().unwrap())).await.unwrap();
        if whole["engagements"].as_array().unwrap().len() == 1 && points(&whole, "reacted") == 20 {
            chosen = Some(whole);
            break;
        }
    }
    let before = chosen.expect("somebody reacted and did nothing else");
    let name = before["name"].as_str().unwrap().to_owned();
    let address = before["identities"][0]["value"].as_str().unwrap().to_owned();
    let member = before["identities"].as_array().unwrap().iter().find(|k| k["kind"] == "member_id");
    let address = member.map_or(address, |key| key["value"].as_str().unwrap().to_owned());
    assert!(world.home.sandbox.take_back_reactions(&format!("https://www.linkedin.com/in/{address}"), true));

    pull(&world).await;
    let after = person(&world, &name).await;
    assert!(reaction(&after)["gone_at"].is_string(), "{after}");
    assert_eq!((points(&after, "reacted"), after["engagements"].as_array().unwrap().len()), (0, 1));
    let others = world.people().await.len();
    assert!(others >= people.len());

    assert!(world.home.sandbox.take_back_reactions(&format!("https://www.linkedin.com/in/{address}"), false));
    pull(&world).await;
    let again = person(&world, &name).await;
    assert!(reaction(&again)["gone_at"].is_null(), "{again}");
    assert_eq!(points(&again, "reacted"), 20);
    assert_eq!(reaction(&again)["first_seen_at"], reaction(&before)["first_seen_at"]);
}

#[tokio::test]
async fn a_new_reaction_is_dated_by_the_last_pull_without_it() {
    let world = world(amorce::welcome::workspace()).await;
    let (first, pages) = pull(&world).await;
    let known: Vec<Value> = world.people().await.into_iter().map(|p| p["id"].clone()).collect();
    let began = instant(&first["started_at"]);

    // A day later the post has new reactions, on top of the list.
    world.run_for(SignedDuration::from_hours(25)).await;
    let (second, all) = pull(&world).await;
    assert!(all >= pages, "nothing is known yet of the order: all is read");
    assert!(second["created"].as_u64().unwrap() > 0);
    let mut dated = 0;
    for one in world.people().await.iter().filter(|p| !known.contains(&p["id"])) {
        let whole = world.client.get(&format!("/api/v1/prospects/{}", one["id"].as_str().unwrap())).await.unwrap();
        for act in whole["engagements"].as_array().unwrap().iter().filter(|e| e["kind"] == "reaction") {
            assert_eq!((&act["at_estimated"], instant(&act["at"])), (&json!(true), began), "{act}");
            assert!(instant(&act["first_seen_at"]) >= instant(&second["started_at"]));
            dated += 1;
        }
    }
    assert!(dated > 0);

    // New ones were seen to stand before the known ones: the next pull ends at the first page it knows.
    let (third, few) = pull(&world).await;
    assert_eq!((few, &third["created"]), (1, &json!(0)), "{third}");
    // Days later all is read again: only that shows who is gone.
    world.run_for(SignedDuration::from_hours(4 * 24)).await;
    assert!(pull(&world).await.1 >= all);
}

#[tokio::test]
async fn a_post_the_session_less_call_does_not_find_is_asked_for_by_the_session_for_a_day() {
    use sandbox::{Fault, FaultKind};
    let world = world(amorce::welcome::workspace()).await;
    let lost = FaultKind::Status { code: 404, body: None, headers: Vec::new(), retry_after: None };
    world.home.sandbox.inject(Fault { endpoint: "data/signals/posts/*".into(), kind: lost, times: None, after: 0, person: None });
    let asked = |world: &World| {
        let calls = world.home.sandbox.log();
        calls.iter().filter(|call| call.endpoint.contains("data/signals/posts")).count()
    };
    let (run, _) = pull(&world).await;
    assert!(run["found"].as_u64().unwrap() > 0 && run["session_reads"].as_u64().unwrap() > 0);
    assert!(asked(&world) > 0);
    pull(&world).await;
    assert_eq!(asked(&world), 0, "not tried again that day");
}
