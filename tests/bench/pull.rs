//! How long 1,000 engagements take from the sandbox to decisions on one machine, beside the same calls alone, and as
//! served: by the real clock, at the 300 requests a minute that are kept of every provider. That part takes minutes.

use amorce::client::Client;
use amorce::home::{Home, Options, Place};
use console::auth::{BootstrapValues, bootstrap};
use jiff::SignedDuration;
use kit::Clock;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PEOPLE: usize = 1_000;

/// The requests of any minute that are kept of every provider.
const REQUESTS_PER_MINUTE: usize = 300;

/// A home with a post of many engagements, and the run that collects them, not begun.
async fn prepared(folder: &Path, clock: Clock) -> (Home, Client, String) {
    let options = Options { place: Place::Folder(folder.to_owned()), many: PEOPLE, ..Options::in_memory(clock.clone()) };
    let home = Home::open(options).await.expect("a home");
    let values =
        BootstrapValues { email: Some("claire@vasselin.example".into()), password: None, api_key: Some("amk_bench".into()) };
    bootstrap(&home.store, &values, clock.now()).await.expect("a workspace");
    let client = Client::new(home.router.clone(), "amk_bench");
    let mut settings = amorce::welcome::workspace();
    settings["budget"] = json!({ "credits_per_month": 100_000, "ai_usd_per_month": 0.0 });
    client.patch("/api/v1/workspace", &settings).await.expect("settings");
    let account = client.post("/api/v1/accounts", &amorce::welcome::account()).await.expect("an account");
    let url = home.sandbox.post_url("many-1").expect("a post");
    let run = json!({ "source": "hot", "account_id": account["id"], "post_url": url, "limit": 10_000 });
    let run = client.post("/api/v1/runs", &run).await.expect("a run");
    let id = run["id"].as_str().unwrap_or_default().to_owned();
    (home, client, id)
}

async fn decided(client: &Client) -> usize {
    let people = client.all("/api/v1/prospects").await.expect("people");
    people.iter().filter(|p| !p["decision"].is_null()).count()
}

/// The same as served; answers the seconds until everybody is decided about, and the calls made.
async fn served() -> (f64, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, client, run) = prepared(folder.path(), Clock::system()).await;
    let home = Arc::new(home);
    home.sandbox.clear_log();
    let listener = amorce::serve::listen(([127, 0, 0, 1], 0).into()).await.expect("a port");
    let started = Instant::now();
    let serving = tokio::spawn(amorce::serve::serve(home.clone(), listener, SignedDuration::from_secs(5)));
    let path = format!("/api/v1/runs/{run}");
    loop {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let run = client.get(&path).await.expect("the run");
        if run["status"] == "done" && decided(&client).await >= PEOPLE {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(1_200), "the pull does not end");
    }
    let whole = started.elapsed().as_secs_f64();
    serving.abort();
    (whole, home.sandbox.log().len())
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::at("2026-11-16T09:00:00Z".parse().expect("an instant"));
    let (home, client, run) = prepared(folder.path(), clock.clone()).await;

    home.sandbox.clear_log();
    let started = Instant::now();
    home.run_until(clock.now() + SignedDuration::from_hours(2)).await.expect("the run");
    let whole = started.elapsed();
    let run = client.get(&format!("/api/v1/runs/{run}")).await.expect("the run");
    let decided = decided(&client).await;

    let calls = home.sandbox.log();
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let (address, _serving) = home.sandbox.serve(address).await.expect("the sandbox");
    let http = reqwest::Client::new();
    let started = Instant::now();
    for call in &calls {
        let request = http.post(format!("http://{address}{}", call.endpoint)).header("x-api-key", "sandbox");
        let body: Value = call.body.clone();
        let _answer = request.json(&body).send().await.expect("an answer").bytes().await;
    }
    let alone = started.elapsed();

    println!("| measure | figure | compared with |");
    println!("|---|---|---|");
    println!("| run of {} engagements | {} | {} people decided about |", run["found"], run["status"], decided);
    println!(
        "| whole pull, file-backed | {:.1} s | {} calls to the sandbox alone: {:.1} s |",
        whole.as_secs_f64(),
        calls.len(),
        alone.as_secs_f64()
    );
    println!("| ratio | {:.1} | 1 is the sandbox alone |", whole.as_secs_f64() / alone.as_secs_f64());

    let (served, calls) = served().await;
    // The first of each minute's requests go at once.
    let least = calls.saturating_sub(1) / REQUESTS_PER_MINUTE * 60;
    println!("| served, by the clock | {served:.0} s | {calls} calls, 300 in any minute, take {least} s alone |");
}
