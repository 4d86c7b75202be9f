//! How long 1,000 engagements take from the sandbox to decisions on one machine, beside the same calls alone.

use amorce::client::Client;
use amorce::home::{Home, Options, Place};
use console::auth::{BootstrapValues, bootstrap};
use jiff::SignedDuration;
use kit::Clock;
use serde_json::{Value, json};
use std::time::Instant;

const PEOPLE: usize = 1_000;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::at("2026-11-16T09:00:00Z".parse().expect("an instant"));
    let options = Options { place: Place::Folder(folder.path().to_owned()), many: PEOPLE, ..Options::in_memory(clock.clone()) };
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

    home.sandbox.clear_log();
    let started = Instant::now();
    home.run_until(clock.now() + SignedDuration::from_hours(2)).await.expect("the run");
    let whole = started.elapsed();
    let run = client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap_or_default())).await.expect("the run");
    let people = client.all("/api/v1/prospects").await.expect("people");
    let decided = people.iter().filter(|p| !p["decision"].is_null()).count();

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
}
