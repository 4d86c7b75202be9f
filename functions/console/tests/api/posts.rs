//! Posts and collections.

use crate::house::{House, house};
use jiff::SignedDuration;
use serde_json::{Value, json};

const POST_URL: &str = "https://www.linkedin.com/posts/claire_devis-activity-7264000000000000000-abcd";

async fn account(house: &House) -> String {
    let claire = json!({"label": "Claire", "profile_url": "https://www.linkedin.com/in/claire"});
    house.post("/accounts", &claire).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_post_goes_from_draft_to_the_calendar() {
    let house = house().await;
    let account = account(&house).await;
    let draft = json!({"account_id": account, "text": "Bonjour", "scheduled_at": "2026-11-21T08:00:00Z"});
    let post = house.post("/posts", &draft).await.expect(201);
    assert_eq!((&post["status"], &post["kind"]), (&json!("draft"), &json!("profile")));
    let path = format!("/posts/{}", post["id"].as_str().expect("an id"));
    let step = async |word: &str| house.post(&format!("{path}/{word}"), &Value::Null).await;
    assert_eq!(step("submit").await.expect(200)["status"], "pending_approval");
    assert_eq!(house.get("/review?kind=post").await.expect(200)["items"][0]["id"], post["id"]);
    assert_eq!(step("approve").await.expect(200)["status"], "scheduled");
    assert_eq!(step("unschedule").await.expect(200)["status"], "draft");
    step("unschedule").await.expect(409);
    let later = json!({"scheduled_at": "2026-11-22T08:00:00Z"});
    assert_eq!(house.post(&format!("{path}/schedule"), &later).await.expect(200)["status"], "scheduled");
    let past = json!({"scheduled_at": "2026-11-19T08:00:00Z"});
    assert_eq!(house.post(&format!("{path}/schedule"), &past).await.faults(422), ["scheduled_at"]);
    assert_eq!(step("reject").await.expect(200)["status"], "rejected");
    house.delete(&path).await.expect(204);
    house.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_time_that_has_passed_since_cannot_be_approved() {
    let house = house().await;
    account(&house).await;
    let post = house.post("/posts", &json!({"text": "Bonjour", "scheduled_at": "2026-11-20T10:00:00Z"})).await.expect(201);
    house.clock.advance(SignedDuration::from_hours(2));
    let path = format!("/posts/{}/approve", post["id"].as_str().expect("an id"));
    assert_eq!(house.post(&path, &Value::Null).await.faults(422), ["scheduled_at"]);
}

#[tokio::test]
async fn bad_posts_are_refused_field_by_field() {
    let house = house().await;
    let account = account(&house).await;
    let check = async |change: Value, field: &str| {
        let mut post = json!({"account_id": account, "text": "Bonjour"});
        for (name, value) in change.as_object().expect("fields") {
            post[name] = value.clone();
        }
        assert_eq!(house.post("/posts", &post).await.faults(422), [field]);
    };
    check(json!({"text": ""}), "text").await;
    check(json!({"text": "x".repeat(3_001)}), "text").await;
    check(json!({"media": ["ftp://x.example/a.png"]}), "media[0]").await;
    check(json!({"scheduled_at": "2026-11-20T08:59:59Z"}), "scheduled_at").await;
    check(json!({"scheduled_at": "demain"}), "scheduled_at").await;
    check(json!({"account_id": "acc_0"}), "account_id").await;
    check(json!({"kind": "company"}), "company_url").await;
    check(json!({"variant_of": "post_0"}), "variant_of").await;
    check(json!({"post_url": "https://www.linkedin.com/in/claire"}), "post_url").await;
}

#[tokio::test]
async fn a_post_already_out_is_registered() {
    let house = house().await;
    account(&house).await;
    let post = house.post("/posts", &json!({"post_url": POST_URL, "published_at": "2026-11-19T08:00:00Z"})).await.expect(201);
    assert_eq!((&post["status"], &post["published_at"]), (&json!("published"), &json!("2026-11-19T08:00:00Z")));
    let rival = POST_URL.replace("claire_", "rival_").replace("7264000000000000000", "7264000000000000001");
    house.post("/posts", &json!({"post_url": rival, "published_at": "2026-11-18T08:00:00Z"})).await.expect(201);
    let told: Vec<Value> = house.bus.0.lock().expect("no panic").iter().map(|e| e.detail["post"].clone()).collect();
    assert_eq!(told, [post["id"].clone()]);
    let listed = house.get("/posts?status=published&from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z").await.expect(200);
    assert_eq!(listed["items"][0]["id"], post["id"]);
    assert_eq!(house.get("/posts?status=draft").await.expect(200)["items"], json!([]));
    assert_eq!(house.get("/posts?from=hier").await.faults(400), ["from"]);
    assert_eq!(house.get("/posts?status=lost").await.faults(400), ["status"]);
}

#[tokio::test]
async fn a_collection_starts_with_its_upper_bound() {
    let house = house().await;
    account(&house).await;
    let wanted = json!({
        "source": "magnet", "post_url": POST_URL, "limit": 95,
        "filters": {"reactions": ["PRAISE"], "words": ["Prix"], "match": "any", "not_contacted": true},
    });
    assert_eq!(house.post("/runs/estimate", &wanted).await.expect(200)["credits_estimated"], 20);
    let mut run = house.post("/runs", &wanted).await.expect(201);
    assert_eq!(house.queued("pull").len(), 1);
    let path = format!("/runs/{}", run["id"].as_str().expect("an id"));
    for name in ["id", "account_id"] {
        run[name] = json!(name);
    }
    insta::assert_json_snapshot!(run);
    assert_eq!(house.post(&format!("{path}/pause"), &Value::Null).await.expect(200)["status"], "paused");
    assert_eq!(house.post(&format!("{path}/resume"), &Value::Null).await.expect(200)["status"], "queued");
    assert_eq!(house.post(&format!("{path}/cancel"), &Value::Null).await.expect(200)["status"], "cancelled");
    house.post(&format!("{path}/resume"), &Value::Null).await.expect(409);
    assert_eq!(house.get(&format!("{path}/dropped")).await.expect(200), json!({"items": [], "next_cursor": null}));
    assert_eq!(house.get("/runs").await.expect(200)["items"][0]["status"], "cancelled");
}

#[tokio::test]
async fn bad_collections_are_refused() {
    let house = house().await;
    account(&house).await;
    let check = async |body: Value, field: &str| assert_eq!(house.post("/runs", &body).await.faults(422), [field]);
    check(json!({"post_url": POST_URL}), "source").await;
    check(json!({"source": "warm", "post_url": POST_URL}), "source").await;
    check(json!({"source": "spy"}), "post_url").await;
    check(json!({"source": "spy", "post_url": "https://www.linkedin.com/company/rival"}), "post_url").await;
    check(json!({"source": "spy", "post_url": POST_URL, "limit": 10_001}), "limit").await;
    check(json!({"source": "spy", "post_url": POST_URL, "limit": 0}), "limit").await;
    check(json!({"source": "magnet", "post_url": POST_URL, "filters": {"reactions": ["LOVE"]}}), "filters.reactions[0]").await;
    check(json!({"source": "magnet", "post_url": POST_URL, "filters": {"match": "some"}}), "filters.match").await;
    check(json!({"source": "spy", "post_url": POST_URL, "repeat": "PT5M"}), "repeat").await;
    check(json!({"source": "spy", "post_url": POST_URL, "account_id": "acc_0"}), "account_id").await;
    for source in ["cold", "local", "import"] {
        house.post("/runs", &json!({"source": source})).await.expect(422);
    }
}
