//! Collections from all of one's own posts, or those that a keyword, a kind or a time finds.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn hot(world: &World, query: Value) -> Value {
    let body = json!({ "source": "hot", "account_id": world.account, "query": query });
    let run = world.client.post("/api/v1/runs", &body).await.unwrap();
    assert!(run["post_url"].is_null(), "{run}");
    world.run_for(SignedDuration::from_mins(120)).await;
    let run = world.client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.unwrap();
    assert_eq!(run["status"], "done", "{run}");
    assert!(run["credits_spent"].as_u64() <= run["credits_estimated"].as_u64());
    run
}

/// The own posts of the sandbox whose reactions were read, by name.
fn read(world: &World) -> BTreeSet<&'static str> {
    let calls = world.home.sandbox.log();
    let posts = ["own-1", "own-2", "own-3", "own-4"];
    let is_read = |post: &str| {
        let url = world.home.sandbox.post_url(post).unwrap();
        let id: String = url.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 19).unwrap().to_owned();
        calls.iter().any(|call| call.endpoint.contains("reactions") && call.body.to_string().contains(&id))
    };
    posts.into_iter().filter(|post| is_read(post)).collect()
}

#[tokio::test]
async fn all_own_posts_are_read_and_a_second_run_adds_nobody() {
    let world = world(amorce::welcome::workspace()).await;
    let run = hot(&world, json!({})).await;
    assert_eq!(read(&world), BTreeSet::from(["own-1", "own-2", "own-3", "own-4"]));
    let people = world.people().await.len() as u64;
    // Those whom their profiles have shown to be one count twice in the run that found them.
    assert!(people > 0 && people <= run["created"].as_u64().unwrap());
    let again = hot(&world, json!({})).await;
    assert_eq!((again["created"].as_u64(), again["merged"].as_u64()), (Some(0), Some(people)), "{again}");
    assert_eq!(world.people().await.len() as u64, people);
}

#[tokio::test]
async fn a_keyword_finds_the_posts_to_read() {
    let world = world(amorce::welcome::workspace()).await;
    hot(&world, json!({ "keyword": "devis" })).await;
    let found = read(&world);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[tokio::test]
async fn a_kind_and_a_time_find_the_posts_to_read() {
    let world = world(amorce::welcome::workspace()).await;
    hot(&world, json!({ "post_type": "VIDEOS" })).await;
    let videos = read(&world);
    assert_eq!(videos.len(), 1, "{videos:?}");
    hot(&world, json!({ "post_date": "PAST_WEEK" })).await;
    let recent = read(&world);
    assert!(recent.is_superset(&videos) && recent.len() < 4, "{recent:?}");
}

#[tokio::test]
async fn nothing_found_is_a_run_of_nobody() {
    let world = world(amorce::welcome::workspace()).await;
    let run = hot(&world, json!({ "keyword": "introuvable-xyz", "post_date": "PAST_24H" })).await;
    assert_eq!((&run["found"], read(&world).len()), (&json!(0), 0));
}
