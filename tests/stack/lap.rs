//! One complete lap on the emulator, driven through the API: from a published post to a reply that stops everything.
//! LinkedIn is simulated in this process; the only thing done for the home is to invoke its clock, whose schedule
//! does not fire by itself on the emulator.

use crate::api::Api;
use crate::deploy::{Stack, eventually};
use crate::wiring::SECRET_KEY;
use jiff::{SignedDuration, Timestamp};
use sandbox::{LogFilter, Sandbox, SandboxOptions, Temperament};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

const KEY: &str = "amk_stack";
/// How many invitations are approved: enough for two to leave, few enough to be quick.
const APPROVED: usize = 4;
const TICK: Duration = Duration::from_secs(2);
/// How many of the last calls to LinkedIn a failure shows.
const LAST_CALLS: usize = 20;
const REFUSAL: &str = "Merci, mais ce n’est pas pour nous.";

struct Lap<'a> {
    stack: &'a Stack,
    api: Api<'a>,
    linkedin: &'a Sandbox,
    account: Value,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_published_post_to_a_reply_that_stops_everything() {
    let linkedin = Sandbox::new(SandboxOptions::default());
    for person in linkedin.people() {
        let temperament = Temperament::never().accepts_after(2).replies_after(2, REFUSAL);
        assert!(linkedin.set_temperament(&person.slug, temperament));
    }
    let (address, _serving) = linkedin.serve(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("LinkedIn is simulated");
    let url = format!("http://{address}");
    let parameters = [
        ("LinkupUrl", url.as_str()),
        ("EmulatorLinkupKey", "sandbox"),
        ("EmulatorSecretKey", SECRET_KEY),
        ("AcceptancePollSeconds", "2"),
        ("SettleSeconds", "3"),
        ("BootstrapEmail", "claire@vasselin.example"),
        ("BootstrapApiKey", KEY),
    ];
    let stack = Stack::deploy(&parameters).await;
    tokio::select! {
        () = tick_for_ever(&stack) => {}
        () = lap(&stack, &linkedin) => {}
    }
    stack.assert_nothing_was_denied();
}

async fn tick_for_ever(stack: &Stack) {
    let event: Value = serde_json::from_str(include_str!("../../events/clock.tick.json")).expect("an event file is JSON");
    loop {
        let answer = stack.invoke("clock", &event).await;
        assert!(answer["errorMessage"].is_null(), "{answer}");
        tokio::time::sleep(TICK).await;
    }
}

async fn lap(stack: &Stack, linkedin: &Sandbox) {
    let api = Api::new(stack, KEY);
    let settings = json!({ "threshold": 45, "budget": { "credits_per_month": 100_000, "ai_usd_per_month": 0.0 } });
    api.patch("/api/v1/workspace", &amorce::welcome::workspace()).await;
    api.patch("/api/v1/workspace", &settings).await;
    let account = api.post("/api/v1/accounts", &account()).await;
    let lap = Lap { stack, api, linkedin, account };
    lap.publish().await;
    lap.collect().await;
    lap.everybody_is_decided().await;
    assert_eq!(lap.reached(), BTreeMap::new(), "nothing reaches a person before somebody approves");
    let people = lap.invite().await;
    lap.write_to(&people).await;
    lap.replies_stop_everything(&people).await;
    lap.each_person_once(&people);
    lap.counts_are_right(people.len() as u64).await;
    lap.dead_letters_come_back().await;
}

/// A zone in which it is about noon now: reads keep hours, and the test may run at any time of the day.
fn noon_zone() -> String {
    let hour = i8::try_from(Timestamp::now().as_second().rem_euclid(86_400) / 3_600).expect("an hour");
    match 12 - hour {
        0 => "Etc/GMT".into(),
        ahead @ 1.. => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    }
}

fn account() -> Value {
    json!({
        "label": "Claire", "provider": "linkup-v1", "profile_url": "https://www.linkedin.com/in/claire-vasselin",
        "tier": "premium", "timezone": noon_zone(), "credentials": { "login_token": "sandbox" },
        "limits": {
            "invitations_per_day": 60_000, "invitations_per_week": 600_000, "messages_per_day": 60_000,
            "messages_per_week": 600_000, "reads_per_day": 100_000, "reads_per_week": 1_000_000,
            "pause_seconds": [0, 0], "hours": ["00:00", "24:00"],
            "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "warm_up": false,
        },
    })
}

impl Drop for Lap<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let calls = self.linkedin.log();
            for call in calls.iter().rev().take(LAST_CALLS).rev() {
                eprintln!("LinkedIn: {} {} {:?} {} {}", call.at, call.endpoint, call.person, call.status, call.outcome);
            }
        }
    }
}

impl Lap<'_> {
    /// The calls that took effect on a person: endpoint and person, and how often.
    fn reached(&self) -> BTreeMap<(String, String), usize> {
        let mut reached = BTreeMap::new();
        let filter = LogFilter { reaches_person: Some(true), effect: Some(true), ..LogFilter::default() };
        for call in self.linkedin.log_where(&filter) {
            *reached.entry((call.endpoint, call.person.unwrap_or_default())).or_default() += 1;
        }
        reached
    }

    fn times(&self, endpoint: &str) -> usize {
        self.reached().iter().filter(|((of, _), _)| of.contains(endpoint)).map(|(_, n)| n).sum()
    }

    /// The statuses of `messages`, once each has arrived somewhere.
    async fn settled(&self, messages: &[Value]) -> Vec<String> {
        let mut statuses = Vec::new();
        for message in messages {
            let path = format!("/api/v1/messages/{}", message["id"].as_str().expect("an id"));
            let over = |m: &Value| m["status"] == "sent" || m["status"] == "cancelled";
            let message = self.api.until("an approved message leaves", 90, &path, over).await;
            statuses.push(message["status"].as_str().expect("a status").to_owned());
        }
        statuses
    }

    async fn person(&self, id: &str) -> Value {
        self.api.get(&format!("/api/v1/prospects/{id}")).await
    }

    async fn publish(&self) {
        let text = "Trois relances qui ne harcèlent personne.";
        let at = Timestamp::now() + SignedDuration::from_secs(4);
        let body = json!({ "account_id": self.account["id"], "kind": "profile", "text": text, "scheduled_at": at });
        let post = self.api.post("/api/v1/posts", &body).await;
        let post = format!("/api/v1/posts/{}", post["id"].as_str().expect("an id"));
        self.api.post(&format!("{post}/schedule"), &json!({})).await;

        let post = self.api.until("the post is published", 30, &post, |post| post["status"] == "published").await;
        let planned = |post: &Value| post["pulls"].as_array().is_some_and(|pulls| pulls.len() == 4);
        let path = format!("/api/v1/posts/{}", post["id"].as_str().expect("an id"));
        self.api.until("the bus has its pulls planned", 60, &path, planned).await;
        assert_eq!(self.linkedin.posts().iter().filter(|p| p.key.starts_with("created")).count(), 1, "published once");
    }

    async fn collect(&self) {
        let own = self.linkedin.post_url("own-1").expect("a post");
        let body = json!({ "source": "hot", "account_id": self.account["id"], "post_url": own });
        let run = self.api.post("/api/v1/runs", &body).await;
        let run = format!("/api/v1/runs/{}", run["id"].as_str().expect("an id"));
        self.api.until("the run is done", 60, &run, |run| run["status"] == "done").await;
    }

    async fn everybody_is_decided(&self) {
        let decided = async || {
            let people = self.api.all("/api/v1/prospects").await;
            people.len() > 40 && people.iter().all(|p| !p["decision"].is_null())
        };
        eventually("everybody has a decision", 60, decided).await;
        let people = self.api.all("/api/v1/prospects").await;
        let ids: BTreeSet<&str> = people.iter().filter_map(|p| p["id"].as_str()).collect();
        assert_eq!(ids.len(), people.len(), "each person once");
        let verdicts: BTreeSet<&str> = people.iter().filter_map(|p| p["decision"]["verdict"].as_str()).collect();
        assert!(verdicts.contains("allow") && verdicts.contains("refuse"), "{verdicts:?}");
    }

    async fn drafts(&self, channel: &str) -> Vec<Value> {
        self.api.all(&format!("/api/v1/review?kind=message&channel={channel}")).await
    }

    async fn approve(&self, drafts: &[Value]) {
        let ids: Vec<&Value> = drafts.iter().map(|m| &m["id"]).collect();
        let answer = self.api.post("/api/v1/review/approve", &json!({ "ids": ids })).await;
        assert_eq!(answer["approved"].as_array().map(Vec::len), Some(ids.len()), "{answer}");
    }

    /// Approves a few invitations; answers who was invited. Whoever turns out to be a connection already is not.
    async fn invite(&self) -> Vec<String> {
        let enough = async || self.drafts("linkedin_invitation").await.len() >= APPROVED;
        eventually("invitations are drafted", 60, enough).await;
        let mut drafts = self.drafts("linkedin_invitation").await;
        drafts.truncate(APPROVED);
        self.approve(&drafts).await;
        let statuses = self.settled(&drafts).await;
        let sent = drafts.iter().zip(&statuses).filter(|(_, status)| *status == "sent");
        let people: Vec<String> = sent.map(|(m, _)| m["prospect_id"].as_str().expect("an id").to_owned()).collect();
        assert!(people.len() > 1, "{statuses:?}");
        assert_eq!(self.times("connect"), people.len(), "{:?}", self.reached());
        people
    }

    /// They accept; their messages are drafted, approved, sent.
    async fn write_to(&self, people: &[String]) {
        let of_them = async || {
            let drafts = self.drafts("linkedin_message").await;
            let theirs = |m: &Value| people.iter().any(|id| m["prospect_id"] == id.as_str());
            drafts.into_iter().filter(theirs).collect::<Vec<Value>>()
        };
        eventually("acceptances are noticed and messages drafted", 90, async || of_them().await.len() == people.len()).await;
        // From now on replies are pushed.
        let monitoring = format!("/api/v1/accounts/{}/monitoring", self.account["id"].as_str().expect("an id"));
        self.api.post(&monitoring, &json!({ "enabled": true })).await;
        let drafts = of_them().await;
        self.approve(&drafts).await;
        let statuses = self.settled(&drafts).await;
        assert!(statuses.iter().all(|status| status == "sent"), "{statuses:?}");
        assert_eq!(self.times("send-message"), people.len(), "{:?}", self.reached());
    }

    /// Takes what LinkedIn pushes to the door: the stack's public name is known to the emulator alone.
    async fn push_replies(&self) {
        let http = reqwest::Client::new();
        for delivery in self.linkedin.due_webhooks(self.linkedin.now()) {
            let path = self.account["webhook_path"].as_str().expect("a path");
            assert!(delivery.webhook_url.ends_with(path), "{}", delivery.webhook_url);
            let answer = http.post(self.stack.url(path)).json(&delivery.body).send().await.expect("the door answers");
            assert_eq!(answer.status(), 200);
        }
    }

    async fn replies_stop_everything(&self, people: &[String]) {
        let stopped = async || {
            self.push_replies().await;
            let mut replied = 0;
            for id in people {
                replied += usize::from(self.person(id).await["state"] == "replied");
            }
            replied == people.len()
        };
        eventually("every reply is taken in", 60, stopped).await;
        for id in people {
            let person = self.person(id).await;
            assert_ne!(person["decision"]["verdict"], "allow", "{person}");
            let open = ["draft", "pending_review", "approved", "scheduled", "sending"];
            let messages = person["messages"].as_array().expect("messages");
            assert!(messages.iter().all(|m| open.iter().all(|status| m["status"] != *status)), "{person}");
        }
    }

    fn each_person_once(&self, people: &[String]) {
        let reached = self.reached();
        assert!(reached.values().all(|times| *times == 1), "one call a person and step: {reached:?}");
        assert_eq!(reached.len(), 2 * people.len(), "{reached:?}");
    }

    async fn counts_are_right(&self, sent: u64) {
        let people = self.api.all("/api/v1/prospects").await.len() as u64;
        let expected = [
            ("leads", people),
            ("posts_published", 1),
            ("runs_done", 1),
            ("invitations_sent", sent),
            ("acceptances", sent),
            ("messages_sent", sent),
            ("replies", sent),
        ];
        let right = |report: &Value| expected.iter().all(|(name, n)| report["totals"][name].as_u64() == Some(*n));
        self.api.until(&format!("the reports count {expected:?}"), 30, "/api/v1/reports/overview?range=all", right).await;
    }

    async fn dead_letters_come_back(&self) {
        let url = self.stack.queue("score").await;
        // The template's minutes of visibility would make five failed receives last for hours.
        self.stack.aws.set_visibility(&url, 1).await;
        self.stack.aws.send_messages(&url, &["{\"v\":1,\"kind\":"]).await;
        let queue = async || {
            let queues = self.api.get("/api/v1/operations/queues").await;
            queues.as_array().and_then(|all| all.iter().find(|q| q["name"] == "score").cloned()).expect("the queue is shown")
        };
        eventually("the poison is among the dead letters", 60, async || queue().await["dead"] == 1).await;
        self.stack.pause_reading("score").await;
        let answer = self.api.post("/api/v1/operations/queues/score/redrive", &json!({})).await;
        assert_eq!(answer["moved"], 1, "{answer}");
        let after = queue().await;
        assert_eq!((&after["dead"], &after["visible"]), (&json!(0), &json!(1)), "{after}");
        for queue in self.api.get("/api/v1/operations/queues").await.as_array().expect("queues") {
            assert_eq!(queue["dead"], 0, "{queue}");
        }
    }
}
