//! A magnet's filters: who is kept, and that everybody else is told why not.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const KINDS: [&str; 3] = ["LIKE", "PRAISE", "EMPATHY"];
const WORDS: [&str; 4] = ["merci", "intéressant", "bravo", "accord"];

async fn magnet(world: &World, post: &str, filters: Value) -> Value {
    let url = world.home.sandbox.post_url(post).unwrap();
    let body = json!({ "source": "magnet", "account_id": world.account, "post_url": url, "filters": filters });
    let run = world.client.post("/api/v1/runs", &body).await.unwrap();
    world.run_for(SignedDuration::from_mins(30)).await;
    let run = world.client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.unwrap();
    assert_eq!(run["status"], "done", "{run}");
    run
}

/// The people of a world with their acts.
async fn people(world: &World) -> Vec<Value> {
    let mut people = Vec::new();
    for person in world.people().await {
        people.push(world.client.get(&format!("/api/v1/prospects/{}", person["id"].as_str().unwrap())).await.unwrap());
    }
    people
}

fn acts(person: &Value) -> impl Iterator<Item = &Value> {
    person["engagements"].as_array().unwrap().iter()
}

fn reacted(person: &Value) -> bool {
    acts(person).any(|act| KINDS.iter().any(|kind| act["reaction"] == *kind))
}

fn said(person: &Value) -> bool {
    let words: Vec<String> = WORDS.iter().map(|word| domain::fold::fold(word)).collect();
    acts(person).filter_map(|act| act["text"].as_str()).any(|text| {
        let text = domain::fold::fold(text);
        text.split(|c: char| !c.is_alphanumeric()).any(|word| words.iter().any(|wanted| wanted == word))
    })
}

fn names(people: &[Value]) -> BTreeSet<String> {
    people.iter().map(|person| person["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn who_needs_both_has_both() {
    let all = world(amorce::welcome::workspace()).await;
    let mut wanted = BTreeSet::new();
    for post in ["own-1", "own-2", "rival-1"] {
        magnet(&all, post, json!({})).await;
    }
    let both: Vec<Value> = people(&all).await.into_iter().filter(|p| reacted(p) && said(p)).collect();
    wanted.extend(names(&both));

    let world = world(amorce::welcome::workspace()).await;
    let (mut found, mut dropped) = (0, 0);
    for post in ["own-1", "own-2", "rival-1"] {
        let run = magnet(&world, post, json!({ "reactions": KINDS, "words": WORDS })).await;
        let path = format!("/api/v1/runs/{}/dropped", run["id"].as_str().unwrap());
        let rows = world.client.all(&path).await.unwrap();
        assert_eq!(run["dropped"].as_u64().unwrap(), rows.len() as u64);
        assert!(rows.iter().all(|row| !row["text"].as_str().unwrap().is_empty()));
        found += run["found"].as_u64().unwrap();
        dropped += rows.len();
    }
    let kept = people(&world).await;
    assert!(kept.iter().all(|p| reacted(p) && said(p)), "each has both acts as evidence");
    assert!(found > 0 && dropped > 0, "{found} found, {dropped} dropped");
    // Who reacted to one post and commented on another has both only where all posts are looked at together.
    assert!(names(&kept).is_subset(&wanted), "{:?} of {wanted:?}", names(&kept));
}

#[tokio::test]
async fn words_alone_read_no_reactions_and_a_reaction_alone_no_comments() {
    let world = world(amorce::welcome::workspace()).await;
    magnet(&world, "own-1", json!({ "words": WORDS })).await;
    magnet(&world, "own-2", json!({ "reactions": KINDS })).await;
    let calls = world.home.sandbox.log();
    let pages = |of: &str, post: &str| {
        let url = world.home.sandbox.post_url(post).unwrap();
        calls.iter().filter(|call| call.endpoint.contains(of) && call.body.to_string().contains(&url)).count()
    };
    assert!(pages("comments", "own-1") > 0 && pages("reactions", "own-2") > 0);
    assert_eq!((pages("reactions", "own-1"), pages("comments", "own-2")), (0, 0));
    assert!(people(&world).await.iter().all(|p| reacted(p) || said(p)));
}
