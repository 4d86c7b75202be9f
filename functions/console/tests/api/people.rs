//! People: adding, listing, changing, the preview, the lists of those who are not contacted.

use crate::house::{House, house, now};
use crate::review::{analysed, sent, settings};
use serde_json::{Value, json};

async fn add(house: &House, slug: &str) -> Value {
    house.post("/prospects", &json!({"profile_url": format!("https://www.linkedin.com/in/{slug}")})).await.expect(201)
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().map(|p| p["name"].as_str().unwrap_or("?")).collect()
}

#[tokio::test]
async fn one_person_is_added_once() {
    let house = house().await;
    let ada = json!({
        "profile_url": "https://www.linkedin.com/in/Ada-Lambert/", "email": "ada@lambert.example", "first_name": "ADA",
        "last_name": "LAMBERT", "title": "CEO", "company": "Lambert", "tags": ["salon"], "notes": "vue au salon",
    });
    let mut person = house.post("/prospects", &ada).await.expect(201);
    assert_eq!(house.queued("score").len(), 1);
    let id = person["id"].as_str().expect("an id").to_owned();
    house.clock.advance(jiff::SignedDuration::from_secs(1));
    let again = house.post("/prospects", &json!({"email": "Ada@Lambert.example"})).await.expect(200);
    assert_eq!(again["id"], person["id"]);
    assert_eq!(house.get(&format!("/prospects/{id}")).await.expect(200)["name"], "Ada Lambert");
    person["id"] = json!("pro");
    insta::assert_json_snapshot!(person);
    for path in ["/prospects", "/prospects?sort=recent"] {
        let page = house.get(path).await.expect(200);
        assert_eq!((names(&page), &page["items"][0]["decision"]), (vec!["Ada Lambert"], &Value::Null), "{path}");
    }
}

#[tokio::test]
async fn nobody_is_added_without_a_key_of_their_own() {
    let house = house().await;
    let check = async |body: Value, field: &str| assert_eq!(house.post("/prospects", &body).await.faults(422), [field]);
    check(json!({"name": "Ada Lambert"}), "profile_url").await;
    check(json!({"email": "contact@lambert.example"}), "profile_url").await;
    check(json!({"email": "nobody"}), "email").await;
    check(json!({"profile_url": "https://www.linkedin.com/company/lambert"}), "profile_url").await;
    check(json!({"profile_url": "https://www.linkedin.com/in/ada", "tags": "salon"}), "tags").await;
}

#[tokio::test]
async fn pages_of_people_hold_everybody_once() {
    let house = house().await;
    settings(&house).await;
    for n in 0..5 {
        analysed(&house, &format!("read-{n}")).await;
    }
    for n in 0..4 {
        add(&house, &format!("new-{n}")).await;
    }
    for sort in ["score", "recent"] {
        for limit in 1..=10 {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = house.get(&format!("/prospects?sort={sort}&limit={limit}{cursor}")).await.expect(200);
                let items = page["items"].as_array().expect("items");
                assert!(items.len() <= limit);
                seen.extend(items.iter().map(|p| p["id"].to_string()));
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            let all = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!((all, seen.len()), (9, 9), "{sort} by {limit}");
        }
    }
}

#[tokio::test]
async fn lists_are_narrowed() {
    let house = house().await;
    settings(&house).await;
    analysed(&house, "ada").await;
    add(&house, "bob").await;
    let count = async |query: &str| house.get(&format!("/prospects?{query}")).await.expect(200)["items"].as_array().map(Vec::len);
    assert_eq!(count("source=import").await, Some(2));
    assert_eq!(count("source=hot").await, Some(0));
    assert_eq!(count("decision=allow").await, Some(1));
    assert_eq!(count("min_score=0").await, Some(1));
    assert_eq!(count("min_score=100").await, Some(0));
    assert_eq!(count("q=ADA").await, Some(1));
    for (query, field) in
        [("min_score=x", "min_score"), ("source=warm", "source"), ("decision=yes", "decision"), ("sort=name", "sort")]
    {
        assert_eq!(house.get(&format!("/prospects?{query}")).await.faults(400), [field]);
    }
}

#[tokio::test]
async fn a_person_is_rated_and_scored_again() {
    let house = house().await;
    let person = add(&house, "ada").await;
    let path = format!("/prospects/{}", person["id"].as_str().expect("an id"));
    house.queued("score");
    let change =
        json!({"tags": ["a"], "notes": null, "owner": "claire@acme.example", "manual": {"points": -20, "why": "concurrent"}});
    let changed = house.patch(&path, &change).await.expect(200);
    assert_eq!((&changed["manual"]["points"], &changed["owner"]), (&json!(-20), &json!("claire@acme.example")));
    assert_eq!(house.queued("score").len(), 1);
    assert_eq!(house.patch(&path, &json!({"manual": {"points": 21, "why": "x"}})).await.faults(422), ["manual.points"]);
    assert_eq!(house.patch(&path, &json!({"manual": {"points": 2}})).await.faults(422), ["manual.why"]);
    assert_eq!(house.patch(&path, &json!({"manual": null})).await.expect(200)["manual"], Value::Null);
    let job = house.post(&format!("{path}/rescore?force=true"), &Value::Null).await.expect(202);
    let job = house.get(&format!("/jobs/{}", job["job_id"].as_str().expect("a job"))).await.expect(200);
    assert_eq!((&job["status"], &job["total"], &job["done"]), (&json!("running"), &json!(1), &json!(0)));
    assert_eq!(house.post(&format!("{path}/rescore?force=maybe"), &Value::Null).await.faults(400), ["force"]);
}

#[tokio::test]
async fn only_the_line_is_overruled_and_only_with_a_reason() {
    let house = house().await;
    settings(&house).await;
    let allowed = analysed(&house, "ada").await;
    let path = format!("/prospects/{allowed}/overrule");
    assert_eq!(house.post(&path, &json!({})).await.faults(422), ["reason"]);
    assert_eq!(house.post(&path, &json!({"reason": "  "})).await.faults(422), ["reason"]);
    house.post(&path, &json!({"reason": "parce que"})).await.expect(409);
    house.patch("/workspace", &json!({"threshold": 50, "thresholds": {"import": 50}})).await.expect(200);
    let refused = analysed(&house, "bob").await;
    let path = format!("/prospects/{refused}/overrule");
    let overruled = house.post(&path, &json!({"reason": "rencontré au salon"})).await.expect(200);
    assert_eq!(overruled["overrule"]["reason"], "rencontré au salon");
    let audit = house.get("/audit").await.expect(200);
    assert_eq!((&audit["items"][0]["action"], &audit["items"][0]["subject"]), (&json!("prospect.overruled"), &json!(refused)));
    let decisions = house.get(&format!("/decisions?prospect_id={refused}")).await.expect(200);
    assert_eq!(decisions["items"][0]["reasons"][0]["code"], "below_threshold");
    house.get("/decisions?prospect_id=pro_0").await.expect(404);
}

#[tokio::test]
async fn the_preview_counts_who_would_pass() {
    let house = house().await;
    settings(&house).await;
    for n in 0..3 {
        analysed(&house, &format!("p{n}")).await;
    }
    let preview = house.get("/gate/preview?threshold=0&source=import").await.expect(200);
    assert_eq!((&preview["total"], &preview["would_pass"], &preview["reachable_max"]), (&json!(3), &json!(3), &json!(55)));
    assert_eq!(preview["histogram"].as_array().map(Vec::len), Some(101));
    assert_eq!(house.get("/gate/preview?threshold=90").await.expect(200)["would_pass"], 0);
    assert_eq!(house.get("/gate/preview?source=hot").await.expect(200)["total"], 0);
    assert_eq!(house.get("/gate/preview?threshold=101").await.faults(400), ["threshold"]);
}

#[tokio::test]
async fn the_preview_says_what_a_line_would_have_kept_of_the_past() {
    let house = house().await;
    settings(&house).await;
    let contacted = async |slug: &str, score: u8, replied: bool, meeting: bool| {
        let id = analysed(&house, slug).await;
        sent(&house, &id, score).await;
        let mut person = house.store.prospect(&house.ws, &id).await.expect("the store").expect("a person");
        person.item.contact.last_sent_at = Some(now());
        person.item.contact.last_reply_at = replied.then(now);
        person.item.contact.meeting_at = meeting.then(now);
        assert!(house.store.save(&mut person).await.expect("the store").won());
    };
    contacted("p72", 72, true, true).await;
    contacted("p60", 60, false, false).await;
    contacted("p59", 59, true, false).await;
    analysed(&house, "never").await;
    // The score of the first contact counts, not today's.
    let preview = house.get("/gate/preview?threshold=60").await.expect(200);
    let past = &preview["past"];
    assert_eq!(past["kept"], json!({"contacted": 2, "replied": 1, "meetings": 1}));
    assert_eq!(past["lost"], json!({"contacted": 1, "replied": 1, "meetings": 0}));
    assert_eq!(past["unscored"], json!({"contacted": 0, "replied": 0, "meetings": 0}));
    for counts in ["contacted", "replied", "meetings"] {
        assert_eq!(past[counts].as_array().map(Vec::len), Some(101));
    }
    assert_eq!((&past["contacted"][72], &past["replied"][59], &past["meetings"][72]), (&json!(1), &json!(1), &json!(1)));
    // Without a source each that has people is there, at the line asked for or else its own.
    let by_source = preview["by_source"].as_array().expect("a list");
    assert_eq!(by_source.len(), 1);
    assert_eq!((&by_source[0]["source"], &by_source[0]["threshold"]), (&json!("import"), &json!(60)));
    assert_eq!(by_source[0]["past"], *past);
    let own = house.get("/gate/preview").await.expect(200);
    assert_eq!((&own["by_source"][0]["threshold"], &own["by_source"][0]["past"]["lost"]["contacted"]), (&json!(0), &json!(0)));
    assert!(house.get("/gate/preview?source=import").await.expect(200).get("by_source").is_none());
}

#[tokio::test]
async fn who_would_pass_can_be_listed() {
    let house = house().await;
    settings(&house).await;
    for n in 0..3 {
        analysed(&house, &format!("p{n}")).await;
    }
    add(&house, "unread").await;
    let preview = house.get("/gate/preview?threshold=10&source=import").await.expect(200);
    let listed = house.get("/prospects?source=import&decision=allow&min_score=10").await.expect(200);
    assert_eq!(json!(names(&listed).len()), preview["would_pass"]);
    assert_eq!(names(&house.get("/prospects?decision=allow&min_score=100").await.expect(200)).len(), 0);
    assert_eq!(names(&house.get("/prospects?decision=refuse").await.expect(200)).len(), 0);
}

#[tokio::test]
async fn a_changed_line_decides_everybody_anew() {
    let house = house().await;
    settings(&house).await;
    for n in 0..12 {
        analysed(&house, &format!("p{n}")).await;
    }
    house.queued("score");
    house.patch("/workspace", &json!({"name": "Autre nom"})).await.expect(200);
    assert_eq!(house.queued("score").len(), 0);
    house.patch("/workspace", &json!({"threshold": 10})).await.expect(200);
    assert_eq!(house.queued("score").len(), 1, "whoever goes through everybody is told once");
    house.post("/exclusions", &json!({"kind": "competitor", "value": "rival.example"})).await.expect(201);
    assert_eq!(house.queued("gate").len(), 0, "nobody is there");
    let one = house.post("/exclusions", &json!({"kind": "customer", "value": "linkedin.com/in/p3"})).await.expect(201);
    assert_eq!(house.queued("gate").len(), 1);
    house.delete(&format!("/exclusions/{}", one["id"].as_str().expect("an id"))).await.expect(204);
    assert_eq!(house.queued("gate").len(), 1);
    house.post("/exclusions", &json!({"kind": "competitor", "value": "https://www.rival.example/"})).await.expect(200);
}

#[tokio::test]
async fn signals_are_told_about_people_and_companies() {
    let house = house().await;
    settings(&house).await;
    let ada = analysed(&house, "ada").await;
    let told = house.post("/signals", &json!({"kind": "hiring", "company": "Lambert"})).await.expect(201);
    assert!(told["id"].as_str().is_some_and(|id| id.starts_with("sig_")), "{told}");
    assert_eq!(told["prospects"], json!([ada]));
    house.post("/signals", &json!({"kind": "funding", "profile_url": "https://www.linkedin.com/in/ada"})).await.expect(201);
    assert_eq!(house.get(&format!("/prospects/{ada}")).await.expect(200)["signals"].as_array().map(Vec::len), Some(2));
    assert_eq!(house.post("/signals", &json!({"kind": "gossip", "company": "x"})).await.faults(422), ["kind"]);
    assert_eq!(house.post("/signals", &json!({"kind": "hiring"})).await.faults(422), ["prospect_id"]);
    let at = (now() + jiff::SignedDuration::from_hours(1)).to_string();
    assert_eq!(house.post("/signals", &json!({"kind": "hiring", "company": "x", "at": at})).await.faults(422), ["at"]);
}

#[tokio::test]
async fn operations_say_how_things_stand() {
    let house = house().await;
    let queues = house.get("/operations/queues").await.expect(200);
    assert_eq!(queues.as_array().map(Vec::len), Some(8));
    assert_eq!(house.post("/operations/queues/send/redrive", &Value::Null).await.expect(200)["moved"], 3);
    let why = house.get("/operations/why").await.expect(200);
    let codes: Vec<&Value> = why["reasons"].as_array().expect("reasons").iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, ["no_icp", "no_account"]);
    assert_eq!(why["text"], why["reasons"][0]["text"]);
    insta::assert_json_snapshot!(house.get("/budget").await.expect(200));
    for range in ["7d", "30d", "90d", "all"] {
        assert_eq!(house.get(&format!("/reports/overview?range={range}")).await.expect(200)["range"], range);
    }
    assert_eq!(house.get("/reports/overview?range=1y").await.faults(400), ["range"]);
}
