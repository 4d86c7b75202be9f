//! `kill -9` of the one-machine home at random points of the lap: nothing lost, nothing twice.
//!
//! The sandbox LinkedIn runs in this process and survives; the home is the real binary with a data folder. `KILLS` is
//! how often it is killed, twenty times unless set.

use jiff::Timestamp;
use reqwest::blocking::Client;
use sandbox::{LogFilter, Sandbox, SandboxOptions, Temperament};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

const KEY: &str = "amk_crash";
/// How often the home is killed unless `KILLS` says otherwise.
const KILLS: u64 = 20;
/// The lap must come to rest within this time after the last kill.
const REST_MAX: Duration = Duration::from_secs(480);

/// A home that can be killed and started again over the same data.
struct Process {
    child: Child,
    base: String,
    client: Client,
}

impl Process {
    fn start(data: &Path, provider: &str, port: u16) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_amorce"))
            .env("AMORCE_DATA", data)
            .env("AMORCE_LISTEN", format!("127.0.0.1:{port}"))
            .env("AMORCE_PROVIDER", "linkup-v1")
            .env("AMORCE_LINKUP_URL", provider)
            .env("AMORCE_LINKUP_KEY", "sandbox")
            .env("AMORCE_TICK_SECONDS", "1")
            .env("AMORCE_ACCEPTANCE_POLL_SECONDS", "2")
            .env("AMORCE_SETTLE_SECONDS", "3")
            .env("AMORCE_BOOTSTRAP_EMAIL", "claire@vasselin.example")
            .env("AMORCE_BOOTSTRAP_API_KEY", KEY)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let client = Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
        let process = Self { child, base: format!("http://127.0.0.1:{port}"), client };
        let started = Instant::now();
        while process.get("/ready").is_none() {
            assert!(started.elapsed() < Duration::from_secs(20), "the home does not start");
            sleep(Duration::from_millis(20));
        }
        process
    }

    fn get(&self, path: &str) -> Option<Value> {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(KEY).send().ok()?;
        if answer.status().is_success() { answer.json().ok() } else { None }
    }

    fn post(&self, path: &str, key: &str, body: &Value) -> Option<Value> {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(KEY).header("idempotency-key", key);
        request.json(body).send().ok()?.json().ok()
    }

    fn patch(&self, path: &str, body: &Value) -> Option<Value> {
        self.client.patch(format!("{}{path}", self.base)).bearer_auth(KEY).json(body).send().ok()?.json().ok()
    }

    fn all(&self, path: &str) -> Option<Vec<Value>> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        for _ in 0..50 {
            let page = self.get(&format!("{path}{joint}limit=200{cursor}"))?;
            items.extend(page["items"].as_array()?.clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        Some(items)
    }

    fn kill(self) {
        drop(self);
    }
}

/// A zone in which it is about noon now: reads keep hours, and the test may run at any time of the day.
fn noon_zone() -> String {
    let hour = i8::try_from(Timestamp::now().as_second().rem_euclid(86_400) / 3_600).unwrap();
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

/// Asks for the lap again and again, as an impatient client would; every step may be cut short.
fn drive(home: &Process, posts: &[(String, String)]) -> Option<()> {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(45);
    settings["budget"] = json!({ "credits_per_month": 100_000, "ai_usd_per_month": 0.0 });
    home.patch("/api/v1/workspace", &settings)?;
    let account = home.post("/api/v1/accounts", "account", &account())?;
    let account = account["id"].as_str()?.to_owned();
    for (name, url) in posts {
        let source = if name.starts_with("own") { "hot" } else { "spy" };
        home.post("/api/v1/runs", name, &json!({ "source": source, "account_id": account, "post_url": url }))?;
    }
    let drafts = home.all("/api/v1/review?kind=message")?;
    let ids: Vec<&Value> = drafts.iter().map(|m| &m["id"]).collect();
    if !ids.is_empty() {
        home.post("/api/v1/review/approve", &format!("approve-{}", Timestamp::now()), &json!({ "ids": ids }))?;
    }
    Some(())
}

impl Drop for Process {
    fn drop(&mut self) {
        // Also when the test fails: a home left behind would hold the port and the pipes.
        let _dead = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The statuses of all messages of all people. One that LinkedIn's own state puts off for hours (an invitation already
/// pending there) counts as waiting.
fn statuses(home: &Process) -> Option<BTreeMap<String, usize>> {
    let mut counts = BTreeMap::new();
    for person in home.all("/api/v1/prospects")? {
        let person = home.get(&format!("/api/v1/prospects/{}", person["id"].as_str()?))?;
        for message in person["messages"].as_array()? {
            let mut status = message["status"].as_str()?.to_owned();
            if status == "approved" {
                let full = home.get(&format!("/api/v1/messages/{}", message["id"].as_str()?))?;
                let due: Option<Timestamp> = full["due_at"].as_str().and_then(|at| at.parse().ok());
                if due.is_some_and(|at| at > Timestamp::now() + jiff::SignedDuration::from_mins(30)) {
                    status = "waiting".into();
                } else if std::env::var("CRASH_TRACE").is_ok() {
                    eprintln!("{full}");
                }
            }
            *counts.entry(status).or_default() += 1;
        }
    }
    Some(counts)
}

#[test]
fn kills_lose_nothing_and_repeat_nothing() {
    let kills = std::env::var("KILLS").map_or(KILLS, |n| n.parse().expect("KILLS is a number"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let linkedin = Sandbox::new(SandboxOptions { now: Arc::new(Timestamp::now), ..SandboxOptions::default() });
    for person in linkedin.people() {
        let temperament = Temperament::never().accepts_after(2).replies_after(4, "Merci, je ne suis pas intéressé.");
        let _known = linkedin.set_temperament(&person.slug, temperament);
    }
    let (address, _serving) = runtime.block_on(linkedin.serve(std::net::SocketAddr::from(([127, 0, 0, 1], 0)))).unwrap();
    let provider = format!("http://{address}");
    let posts: Vec<(String, String)> =
        ["own-1", "own-2"].into_iter().map(|name| (name.to_owned(), linkedin.post_url(name).unwrap())).collect();
    let data = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();

    for kill in 0..kills {
        let home = Process::start(data.path(), &provider, port);
        // Different points each time: from right after the start to well into the sends.
        let lives = Duration::from_millis(150 + (kill * 7_919) % 3_400);
        let until = Instant::now() + lives;
        while Instant::now() < until {
            let _cut_short = drive(&home, &posts);
            sleep(Duration::from_millis(100));
        }
        home.kill();
    }

    let home = Process::start(data.path(), &provider, port);
    let started = Instant::now();
    let mut quiet = 0;
    let mut last = BTreeMap::new();
    while quiet < 5 {
        assert!(started.elapsed() < REST_MAX, "the lap does not come to rest: {last:?}");
        let _driven = drive(&home, &posts);
        let now = statuses(&home).unwrap_or_default();
        let open = ["draft", "pending_review", "approved", "scheduled", "sending"];
        let runs = home.all("/api/v1/runs").unwrap_or_default();
        let collected = runs.len() == posts.len() && runs.iter().all(|run| run["status"] == "done");
        let at_rest = collected && !now.is_empty() && open.iter().all(|status| !now.contains_key(*status));
        quiet = if at_rest && now == last { quiet + 1 } else { 0 };
        last = now;
        sleep(Duration::from_secs(2));
    }

    for run in home.all("/api/v1/runs").unwrap() {
        assert_eq!(run["status"], "done", "{run}");
    }
    for queue in home.get("/api/v1/operations/queues").unwrap().as_array().unwrap() {
        assert_eq!(queue["dead"], 0, "{queue}");
    }
    let mut reached: BTreeMap<(String, String), usize> = BTreeMap::new();
    for call in linkedin.log_where(&LogFilter { reaches_person: Some(true), effect: Some(true), ..LogFilter::default() }) {
        *reached.entry((call.endpoint, call.person.unwrap_or_default())).or_default() += 1;
    }
    println!("statuses: {last:?}; sends: {}", reached.len());
    assert!(reached.values().all(|times| *times == 1), "{reached:?}");
    assert!(reached.keys().any(|(endpoint, _)| endpoint.contains("connect")), "{reached:?}");
    let sent = last.get("sent").copied().unwrap_or(0) + last.get("uncertain").copied().unwrap_or(0);
    assert!(sent >= reached.len(), "every send is on record: {last:?} for {} sends", reached.len());
    // Nobody got lost: the people of the runs are the people of the workspace.
    let runs: u64 = home.all("/api/v1/runs").unwrap().iter().map(|r| r["created"].as_u64().unwrap()).sum();
    let people = home.all("/api/v1/prospects").unwrap().len() as u64;
    assert!(people <= runs, "{people} people, {runs} made by runs");
    assert!(people >= 50, "{people}");
    home.kill();
}
