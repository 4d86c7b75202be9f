//! Searches of people: combinations, what they cost, who is kept out, and that a second one adds nobody.

use crate::fixture::{World, world};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn cold(world: &World, query: Value) -> Value {
    json!({ "source": "cold", "account_id": world.account, "query": query, "limit": 100 })
}

async fn finished(world: &World, body: &Value) -> Value {
    let run = world.client.post("/api/v1/runs", body).await.unwrap();
    world.run_for(SignedDuration::from_mins(60)).await;
    world.client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.unwrap()
}

fn number(run: &Value, name: &str) -> u64 {
    run[name].as_u64().unwrap_or_else(|| panic!("{name} of {run}"))
}

#[tokio::test]
async fn a_search_finds_people_once_and_a_second_one_nobody_new() {
    let world = world(amorce::welcome::workspace()).await;
    let body = cold(&world, json!({ "job_title": ["Directeur commercial", "CEO", "DRH"], "location": ["Lyon", ""] }));
    let refused = world.client.post("/api/v1/runs", &body).await.unwrap_err().to_string();
    assert!(refused.contains("query.location[1]"), "{refused}");

    let body = cold(&world, json!({ "job_title": ["Directeur commercial", "Head of Sales"] }));
    let estimate = world.client.post("/api/v1/runs/estimate", &body).await.unwrap();
    assert_eq!((&estimate["combinations"], &estimate["credits_estimated"]), (&json!(2), &json!(20)));
    let run = finished(&world, &body).await;
    assert_eq!(run["status"], "done", "{run}");
    assert!(number(&run, "created") > 0 && number(&run, "created") == number(&run, "found"), "{run}");
    assert!(number(&run, "credits_spent") <= number(&run, "credits_estimated"));
    let calls = world.home.sandbox.log();
    let searches: Vec<_> = calls.iter().filter(|call| call.endpoint.contains("search/profiles")).collect();
    assert_eq!(searches.len(), 2, "one call a combination");
    let people = world.people().await;
    assert_eq!(people.len() as u64, number(&run, "created"));
    assert!(people.iter().all(|p| p["source"] == "cold" && !p["decision"].is_null()), "everybody is decided about");
    // Nobody passes on engagement here: the line of this source decides.
    assert!(people.iter().all(|p| p["decision"]["threshold"] == 35), "{people:?}");
    let dropped = world.client.all(&format!("/api/v1/runs/{}/dropped", run["id"].as_str().unwrap())).await.unwrap();
    assert_eq!(dropped.len() as u64, number(&run, "dropped"));
    assert!(dropped.iter().any(|row| row["code"] == "no_profile_url"), "{dropped:?}");

    let again = finished(&world, &body).await;
    assert_eq!((number(&again, "created"), number(&again, "merged")), (0, number(&run, "found")));
    assert_eq!(world.people().await.len(), people.len());
}

#[tokio::test]
async fn an_empty_answer_ends_the_run_and_costs_what_it_costs() {
    let world = world(amorce::welcome::workspace()).await;
    let run = finished(&world, &cold(&world, json!({ "keyword": "rien", "job_title": ["rien"] }))).await;
    assert_eq!((&run["status"], number(&run, "found"), number(&run, "pages")), (&json!("done"), 0, 1), "{run}");
}

#[tokio::test]
async fn whom_the_lists_name_is_kept_out_at_the_door() {
    let world = world(amorce::welcome::workspace()).await;
    let body = cold(&world, json!({ "job_title": ["Directeur commercial"] }));
    let first = finished(&world, &body).await;
    assert!(number(&first, "found") > 1);
    let other = crate::fixture::world(amorce::welcome::workspace()).await;
    let someone = world.people().await.into_iter().find(|p| p["company"]["name"].is_string()).unwrap();
    let company = someone["company"]["name"].as_str().unwrap();
    other.client.post("/api/v1/exclusions", &json!({ "kind": "competitor", "value": company })).await.unwrap();
    let run = finished(&other, &cold(&other, json!({ "job_title": ["Directeur commercial"] }))).await;
    let dropped = other.client.all(&format!("/api/v1/runs/{}/dropped", run["id"].as_str().unwrap())).await.unwrap();
    assert!(dropped.iter().any(|row| row["code"] == "competitor"), "{company}: {dropped:?}");
    assert!(number(&run, "found") < number(&first, "found"));

    // Known people can be left out, before anything is kept.
    let mut known = body.clone();
    known["filters"] = json!({ "not_known": true });
    let run = finished(&world, &known).await;
    assert_eq!((number(&run, "found"), number(&run, "dropped")), (0, number(&first, "found") + number(&first, "dropped")));
}

#[tokio::test]
async fn at_the_ceiling_a_search_pauses_and_goes_on_when_it_is_raised() {
    let mut settings = amorce::welcome::workspace();
    settings["budget"] = json!({ "credits_per_month": 9, "ai_usd_per_month": 0.0 });
    let world = world(settings).await;
    let run = finished(&world, &cold(&world, json!({ "job_title": ["Directeur commercial"] }))).await;
    assert_eq!((&run["status"], number(&run, "credits_spent")), (&json!("paused"), 0));
    assert!(run["failure"].as_str().unwrap().contains("budget"), "{run}");
    let raised = json!({ "budget": { "credits_per_month": 500, "ai_usd_per_month": 0.0 } });
    world.client.patch("/api/v1/workspace", &raised).await.unwrap();
    let path = format!("/api/v1/runs/{}", run["id"].as_str().unwrap());
    world.client.post(&format!("{path}/resume"), &json!({})).await.unwrap();
    world.run_for(SignedDuration::from_mins(60)).await;
    assert_eq!(world.client.get(&path).await.unwrap()["status"], "done");
}

#[tokio::test]
async fn a_search_that_cannot_be_asked_is_refused_with_what_would_work() {
    let world = world(amorce::welcome::workspace()).await;
    let many: Vec<String> = (0..26).map(|n| format!("Titre {n}")).collect();
    for (body, field) in [
        (cold(&world, json!({})), "\"query\""),
        (cold(&world, json!({ "job_title": many, "location": ["Lyon", "Paris"] })), "52 combinaisons"),
        (cold(&world, json!({ "keyword": "https://www.linkedin.com/sales/search/people?query=x" })), "query.keyword"),
        (cold(&world, json!({ "keyword": "x", "post_date": "PAST_WEEK" })), "post_date"),
        (json!({ "source": "cold", "post_url": world.home.sandbox.post_url("own-1"), "query": { "keyword": "x" } }), "post_url"),
        (json!({ "source": "import" }), "/prospects/import"),
        (json!({ "source": "spy" }), "post_url"),
        (json!({ "source": "hot", "query": { "job_title": ["CEO"] } }), "cold"),
        (json!({ "source": "hot", "query": { "post_date": "YESTERDAY" } }), "query.post_date"),
    ] {
        for path in ["/api/v1/runs", "/api/v1/runs/estimate"] {
            let refused = world.client.post(path, &body).await.unwrap_err().to_string();
            assert!(refused.contains("422") && refused.contains(field), "{body}: {refused}");
        }
    }
}

#[tokio::test]
async fn a_repeated_search_asks_every_combination_again() {
    let world = world(amorce::welcome::workspace()).await;
    let mut body = cold(&world, json!({ "job_title": ["Directeur commercial", "Head of Sales"] }));
    body["repeat"] = json!("P1D");
    let first = finished(&world, &body).await;
    world.home.sandbox.clear_log();
    world.run_for(SignedDuration::from_hours(25)).await;
    let runs = world.client.all("/api/v1/runs").await.unwrap();
    let again = runs.iter().find(|run| run["status"] == "done" && run["id"] != first["id"]).unwrap();
    assert_eq!((&again["combinations"], number(again, "created")), (&json!(2), 0), "{again}");
    assert_eq!(number(again, "merged"), number(&first, "found"));
    let asked = world.home.sandbox.log().iter().filter(|call| call.endpoint.contains("search/profiles")).count();
    assert_eq!(asked, 2, "one call a combination");
}
