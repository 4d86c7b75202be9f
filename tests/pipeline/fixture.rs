//! A home in memory with a workspace, an account and a client of its API.

use amorce::client::Client;
use amorce::home::{Home, Options};
use console::auth::{BootstrapValues, bootstrap};
use domain::ids::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use kit::Clock;
use secrecy::SecretString;
use serde_json::{Value, json};

/// A Monday, 8:30 in Paris.
pub const START: &str = "2026-11-16T07:30:00Z";

pub struct World {
    pub home: Home,
    pub client: Client,
    pub account: String,
}

/// A home whose workspace has an ICP and a line, unless `settings` says otherwise.
pub async fn world(settings: Value) -> World {
    world_of(settings, 0).await
}

/// The same with what `change` adds to the home.
pub async fn world_with(settings: Value, change: impl FnOnce(&mut Options)) -> World {
    let mut options = options();
    change(&mut options);
    open(settings, options).await
}

/// The same with one more own post with `many` engagements.
pub async fn world_of(settings: Value, many: usize) -> World {
    open(settings, Options { many, ..options() }).await
}

/// The same over LinkupAPI V2, watched by its signed webhooks.
pub async fn world_over_v2(settings: Value) -> World {
    let options = Options { sandbox_stands_for_v2: true, ..options() };
    let mut account = amorce::welcome::account();
    account["provider"] = "linkup-v2".into();
    account["credentials"] = json!({ "account_id": "acc_sandbox" });
    // Every profile and company is one read of the account.
    account["limits"] = json!({ "warm_up": false, "reads_per_day": 5_000, "reads_per_week": 20_000 });
    let world = open_with(settings, options, account).await;
    let path = format!("/api/v1/accounts/{}/monitoring", world.account);
    let watched = world.client.post(&path, &json!({ "enabled": true })).await.unwrap();
    assert_eq!(watched["monitoring"]["enabled"], true, "{watched}");
    world
}

fn options() -> Options {
    Options::in_memory(Clock::at(START.parse().unwrap()))
}

async fn open(settings: Value, options: Options) -> World {
    let mut account = amorce::welcome::account();
    account["limits"] = json!({ "warm_up": false });
    open_with(settings, options, account).await
}

async fn open_with(settings: Value, options: Options, account: Value) -> World {
    let home = Home::open(options).await.unwrap();
    let values = BootstrapValues {
        email: Some("claire@vasselin.example".into()),
        password: None,
        api_key: Some(SecretString::from("amk_test".to_owned())),
    };
    bootstrap(&home.store, &values, home.clock.now()).await.unwrap();
    let client = Client::new(home.router.clone(), "amk_test");
    client.patch("/api/v1/workspace", &settings).await.unwrap();
    let account = client.post("/api/v1/accounts", &account).await.unwrap();
    let account = account["id"].as_str().unwrap().to_owned();
    World { home, client, account }
}

impl World {
    /// Collects the people of a post of the sandbox; answers the finished run.
    pub async fn collect(&self, post: &str) -> Value {
        let url = self.home.sandbox.post_url(post).unwrap();
        let source = if post.starts_with("rival") { "spy" } else { "hot" };
        let body = json!({ "source": source, "account_id": self.account, "post_url": url });
        let run = self.client.post("/api/v1/runs", &body).await.unwrap();
        self.run_for(SignedDuration::from_mins(30)).await;
        self.client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.unwrap()
    }

    pub async fn run_for(&self, how_long: SignedDuration) {
        self.home.run_until(self.home.clock.now() + how_long).await.unwrap();
    }

    /// The calls that reached a person, as LinkedIn logged them: endpoint and person.
    pub fn reached(&self) -> Vec<(String, String)> {
        let log = self.home.sandbox.log();
        let reached = log.iter().filter(|call| call.reaches_person);
        reached.map(|call| (call.endpoint.clone(), call.person.clone().unwrap_or_default())).collect()
    }

    /// Approves everything in the review queue; answers how many.
    pub async fn approve_all(&self) -> usize {
        self.approve(usize::MAX).await
    }

    /// Approves the best `most` of the review queue; answers how many.
    pub async fn approve(&self, most: usize) -> usize {
        let review = self.client.all("/api/v1/review?kind=message").await.unwrap();
        let ids: Vec<&Value> = review.iter().map(|m| &m["id"]).take(most).collect();
        if ids.is_empty() {
            return 0;
        }
        let answer = self.client.post("/api/v1/review/approve", &json!({ "ids": ids })).await.unwrap();
        answer["approved"].as_array().unwrap().len()
    }

    /// The next morning in Paris, before anything is sent.
    pub async fn next_morning(&self) {
        let today = self.home.clock.now().in_tz("Europe/Paris").unwrap().date();
        let morning = today.tomorrow().unwrap().at(8, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
        self.home.run_until(morning).await.unwrap();
    }

    pub async fn people(&self) -> Vec<Value> {
        self.client.all("/api/v1/prospects").await.unwrap()
    }

    pub async fn workspace(&self) -> WorkspaceId {
        let known = self.client.get("/api/v1/workspaces").await.unwrap();
        WorkspaceId::parse(known["items"][0]["id"].as_str().unwrap()).unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.home.clock.now()
    }
}
