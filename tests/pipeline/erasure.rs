//! Erasure: nothing of the person stays, and nobody contacts or collects them again, whatever comes in between.

use crate::fixture::{START, World, world};
use amorce::archive;
use amorce::client::Client;
use amorce::home::{Home, Options, Place, TABLE};
use domain::fold::fold;
use domain::ids::{JobId, WorkspaceId};
use domain::job::queue;
use jiff::{SignedDuration, Timestamp};
use kit::{Clock, Queues};
use serde_json::{Value, json};
use store::record::{Item, body_text};

/// What tells the person from everybody else.
#[derive(Debug)]
struct Marks(Vec<String>);

impl Marks {
    fn of(person: &Value) -> Self {
        let mut marks: Vec<String> = vec![person["name"].as_str().unwrap().to_owned()];
        marks.extend(person["raw_name"].as_str().map(str::to_owned));
        let keys = person["identities"].as_array().unwrap();
        marks.extend(keys.iter().map(|k| k["value"].as_str().unwrap().to_owned()));
        let acts = person["engagements"].as_array().unwrap();
        marks.extend(acts.iter().filter_map(|e| e["text"].as_str()).filter(|t| t.len() > 20).map(str::to_owned));
        let messages = person["messages"].as_array().unwrap();
        marks.extend(messages.iter().filter_map(|m| m["body"].as_str()).map(str::to_owned));
        Self(marks.iter().map(|mark| fold(mark)).collect())
    }

    /// The items that still say who it was, keys and inflated bodies alike.
    fn left_in(&self, items: &[Item]) -> Vec<String> {
        let said = |item: &Item| {
            let attributes = item.values().filter_map(|v| v.as_s().ok()).map(String::as_str).collect::<Vec<_>>().join(" ");
            // Texts in a body are escaped as JSON has them.
            fold(&format!("{attributes} {}", body_text(item).unwrap()).replace("\\n", "\n").replace("\\\"", "\""))
        };
        let items = items.iter().filter(|item| {
            let said = said(item);
            self.0.iter().any(|mark| said.contains(mark.as_str()))
        });
        items.map(|item| format!("{:?} {}", item["pk"], body_text(item).unwrap())).collect()
    }
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

fn items(home: &Home) -> Vec<Item> {
    home.embedded.every_item(TABLE).unwrap()
}

impl World {
    async fn person(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/prospects/{id}")).await.unwrap()
    }

    /// An approved message's person, with everything they are shown with.
    async fn approved_person(&self) -> Value {
        assert!(self.approve_all().await > 0, "somebody passes the gate");
        let people = self.people().await;
        let allowed = people.iter().find(|p| p["decision"]["verdict"] == "allow" && p["state"] == "in_review").unwrap();
        let person = self.person(id(allowed)).await;
        assert_eq!(person["messages"][0]["status"], "approved", "{person}");
        person
    }

    async fn erase(&self, id: &str) -> String {
        let accepted = self.client.post(&format!("/api/v1/prospects/{id}/erase"), &json!({})).await.unwrap();
        accepted["job_id"].as_str().unwrap().to_owned()
    }

    async fn job(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/jobs/{id}")).await.unwrap()
    }

    async fn assert_gone(&self, id: &str) {
        for path in ["prospects", "conversations"] {
            let (status, _) = self.client.call(http::Method::GET, &format!("/api/v1/{path}/{id}"), None).await.unwrap();
            assert_eq!(status.as_u16(), 404);
        }
    }

    /// Whether anything reached the person at LinkedIn.
    fn reached_at(&self, slug: &str) -> usize {
        self.reached().iter().filter(|(_, person)| person.contains(slug)).count()
    }
}

fn slug(person: &Value) -> String {
    person["profile_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_is_left_and_nothing_goes_out() {
    let world = world(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    let person = world.approved_person().await;
    let marks = Marks::of(&person);
    assert!(marks.left_in(&items(&world.home)).len() >= 4, "{marks:?}");
    let before = world.people().await.len();
    let overview = world.client.get("/api/v1/reports/overview?range=all").await.unwrap();
    let job = world.erase(id(&person)).await;
    assert_eq!(world.erase(id(&person)).await, job, "asked for twice it is one erasure");
    let others = world.client.all("/api/v1/review?kind=message").await.unwrap();
    assert!(others.iter().all(|m| m["prospect_id"] != person["id"]));
    world.home.drain().await.unwrap();
    let done = world.job(&job).await;
    assert_eq!(done["status"], "done", "{done}");
    let receipt = &done["result"];
    assert_eq!(receipt["prospect_id"], person["id"]);
    assert_eq!(receipt["counts"]["prospects"], 1, "{receipt}");
    assert_eq!(receipt["counts"]["messages_cancelled"], 1, "{receipt}");
    assert_eq!(receipt["counts"]["engagements"], person["engagements"].as_array().unwrap().len(), "{receipt}");
    assert_eq!(receipt["in_flight"], json!([]));
    let hashes = receipt["suppressions"].as_array().unwrap();
    assert_eq!(hashes.len(), person["identities"].as_array().unwrap().len() + 1, "{receipt}");
    assert!(hashes.iter().all(|h| h["hash"].as_str().unwrap().starts_with("hmac-sha256:")), "{receipt}");
    world.assert_gone(id(&person)).await;
    assert_eq!(marks.left_in(&items(&world.home)), Vec::<String>::new());
    assert_eq!(world.people().await.len(), before - 1);
    let after = world.client.get("/api/v1/reports/overview?range=all").await.unwrap();
    assert_eq!(overview["totals"]["leads"], after["totals"]["leads"], "counts stay as numbers");
    let audit = world.client.all("/api/v1/audit").await.unwrap();
    let lines: Vec<&Value> = audit.iter().filter(|l| l["action"] == "prospect_erased").collect();
    assert_eq!((lines.len(), &lines[0]["subject"], &lines[0]["detail"]), (1, &person["id"], &json!({})));
    for _ in 0..5 {
        world.next_morning().await;
    }
    assert_eq!(world.reached_at(&slug(&person)), 0);
    assert!(!world.reached().is_empty(), "the others were written to");
    assert_eq!(marks.left_in(&items(&world.home)), Vec::<String>::new());
}

#[tokio::test]
async fn the_answer_alone_stops_the_send() {
    let world = world(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    let person = world.approved_person().await;
    let job = world.erase(id(&person)).await;
    // The job's message is lost, and only the sender works until its last instant of the day.
    let lost = world.home.queues.receive(queue::INBOUND, 10, 1_000_000).unwrap();
    assert_eq!(lost.len(), 1);
    let sender = world.home.handlers.iter().find(|(name, _)| *name == queue::SEND).unwrap();
    for _ in 0..12 * 60 {
        world.home.clock.set(world.now() + SignedDuration::from_mins(1));
        world.home.tick().await.unwrap();
        while world.home.work(queue::SEND, &sender.1, 10).await.unwrap() > 0 {}
    }
    assert_eq!(world.reached_at(&slug(&person)), 0);
    assert!(!world.reached().is_empty(), "the others were written to");
    assert_eq!(world.job(&job).await["status"], "running");
    let shown = world.person(id(&person)).await;
    assert_eq!(shown["decision"]["reasons"][0]["code"], "erased", "{shown}");
}

#[tokio::test]
async fn what_a_crash_left_undone_is_finished() {
    let world = world(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    let person = world.approved_person().await;
    let marks = Marks::of(&person);
    let job = world.erase(id(&person)).await;
    let lost = world.home.queues.receive(queue::INBOUND, 10, 1_000_000).unwrap();
    world.home.queues.done(&lost[0]).unwrap();
    // A worker that ends after two slices of the work.
    let ws = WorkspaceId::parse(id(&world.client.get("/api/v1/workspaces").await.unwrap()["items"][0])).unwrap();
    let erasure = JobId::parse(&job).unwrap();
    let mut taken = world.home.store.take_erasure(&ws, &erasure, world.now()).await.unwrap().unwrap();
    assert!(world.home.store.take_erasure(&ws, &erasure, world.now()).await.unwrap().is_none(), "one worker at a time");
    for _ in 0..2 {
        assert!(world.home.store.erase_on(&mut taken, world.now()).await.unwrap());
    }
    assert_eq!(world.job(&job).await["status"], "running");
    world.run_for(SignedDuration::from_mins(10)).await;
    assert_eq!(world.job(&job).await["status"], "done");
    world.assert_gone(id(&person)).await;
    assert_eq!(marks.left_in(&items(&world.home)), Vec::<String>::new());
    world.run_for(SignedDuration::from_hours(1)).await;
    let rest = world.home.store.erasure(&ws, &erasure).await.unwrap().unwrap();
    assert_eq!((rest.next_at, rest.again), (None, true), "after the second look it rests in the ledger");
}

#[tokio::test]
async fn no_source_brings_them_back() {
    let world = world(amorce::welcome::workspace()).await;
    let first = world.collect("own-1").await;
    let person = world.approved_person().await;
    let marks = Marks::of(&person);
    world.erase(id(&person)).await;
    world.home.drain().await.unwrap();
    let again = world.collect("own-1").await;
    assert_eq!((&again["status"], &again["created"]), (&json!("done"), &json!(0)), "{again}");
    assert_eq!(again["found"].as_u64(), first["found"].as_u64().map(|n| n - 1), "{again}");
    let path = format!("/api/v1/runs/{}/dropped", id(&again));
    let dropped = world.client.all(&path).await.unwrap();
    let theirs: Vec<&Value> = dropped.iter().filter(|d| d["row"] == json!({})).collect();
    assert!(!theirs.is_empty() && theirs.iter().all(|d| d["code"] == "filtered"), "{theirs:?}");
    let import = json!({"items": [{"profile_url": person["profile_url"], "name": person["name"]}, {"email": "b@b.example"}]});
    let job = world.client.post("/api/v1/prospects/import", &import).await.unwrap();
    world.home.drain().await.unwrap();
    let job = world.job(job["job_id"].as_str().unwrap()).await;
    assert_eq!((&job["status"], &job["result"]["accepted"]), (&json!("done"), &json!(1)), "{job}");
    assert_eq!(job["result"]["rejected"], json!([{"row": 1, "reason": "erased"}]));
    let one = json!({"profile_url": person["profile_url"]});
    let (status, refused) = world.client.call(http::Method::POST, "/api/v1/prospects", Some(&one)).await.unwrap();
    assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("erased")), "{refused}");
    let entry = json!({"kind": "profile_url", "value": person["profile_url"]});
    let known = world.client.post("/api/v1/suppressions", &entry).await.unwrap();
    assert_eq!(known["source"], "erasure", "{known}");
    let path = format!("/api/v1/suppressions/{}", id(&known));
    let (status, _) = world.client.call(http::Method::DELETE, &path, None).await.unwrap();
    assert_eq!(status.as_u16(), 409);
    for _ in 0..3 {
        world.approve_all().await;
        world.next_morning().await;
    }
    world.assert_gone(id(&person)).await;
    assert_eq!(world.reached_at(&slug(&person)), 0);
    assert_eq!(marks.left_in(&items(&world.home)), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_comes_later_is_not_kept() {
    let world = world(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    let person = world.approved_person().await;
    let marks = Marks::of(&person);
    world.erase(id(&person)).await;
    world.home.drain().await.unwrap();
    let account = world.client.get(&format!("/api/v1/accounts/{}", world.account)).await.unwrap();
    let hook = account["webhook_path"].as_str().unwrap().to_owned();
    let said = json!({"message": "Bonjour", "sender_name": person["name"], "sender_profile_url": person["profile_url"],
        "sender": {"name": person["name"], "profile_url": person["profile_url"]}});
    let (status, _) = world.client.call(http::Method::POST, &hook, Some(&said)).await.unwrap();
    assert_eq!(status.as_u16(), 200);
    world.home.drain().await.unwrap();
    world.run_for(SignedDuration::from_hours(1)).await;
    assert_eq!(marks.left_in(&items(&world.home)), Vec::<String>::new());
}

async fn home_in(folder: &std::path::Path, now: Timestamp) -> (Home, Client) {
    let options = Options { place: Place::Folder(folder.to_owned()), ..Options::in_memory(Clock::at(now)) };
    let home = Home::open(options).await.unwrap();
    let client = Client::new(home.router.clone(), "amk_test");
    (home, client)
}

#[tokio::test]
async fn a_restored_backup_forgets_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup.tar.gz"));
    let start: Timestamp = START.parse().unwrap();
    let (home, client) = home_in(&data, start).await;
    let values = console::auth::BootstrapValues {
        email: Some("claire@vasselin.example".into()),
        password: None,
        api_key: Some(secrecy::SecretString::from("amk_test".to_owned())),
    };
    console::auth::bootstrap(&home.store, &values, start).await.unwrap();
    let ada =
        json!({"profile_url": "https://www.linkedin.com/in/ada-lambert", "email": "ada@lambert.example", "name": "Ada Lambert"});
    let bob = json!({"profile_url": "https://www.linkedin.com/in/bob-martin", "name": "Bob Martin"});
    let ada = client.post("/api/v1/prospects", &ada).await.unwrap();
    let bob = client.post("/api/v1/prospects", &bob).await.unwrap();
    archive::backup(&data, &file).unwrap();
    client.post(&format!("/api/v1/prospects/{}/erase", id(&ada)), &json!({})).await.unwrap();
    home.drain().await.unwrap();
    assert!(archive::restore(&data, &file, start).await.is_err(), "not while the home is open");
    drop((home, client));
    archive::restore(&data, &file, start + SignedDuration::from_hours(1)).await.unwrap();
    let (home, client) = home_in(&data, start + SignedDuration::from_hours(2)).await;
    for (person, expected) in [(&ada, 404), (&bob, 200)] {
        let path = format!("/api/v1/prospects/{}", id(person));
        let (status, _) = client.call(http::Method::GET, &path, None).await.unwrap();
        assert_eq!(status.as_u16(), expected);
    }
    let marks = Marks(["ada-lambert", "ada@lambert.example", "ada lambert"].map(str::to_owned).to_vec());
    assert_eq!(marks.left_in(&items(&home)), Vec::<String>::new());
    let again = json!({"email": "ada@lambert.example", "name": "A. L."});
    let (status, _) = client.call(http::Method::POST, "/api/v1/prospects", Some(&again)).await.unwrap();
    assert_eq!(status.as_u16(), 422);
    assert!(home.queues.depths().await.unwrap().iter().all(|d| d.dead == 0));
}
