//! Collections against a provider that answers badly: each ends with a reason or gets through, counts what it cost,
//! and can be done again once the provider is well.

use crate::fixture::{World, world};
use sandbox::{Fault, FaultKind, LogEntry, StopSign};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Four pages of reactions, two of comments.
const POST: &str = "rival-3";
const REACTIONS: &str = "*posts/reactions";
const COMMENTS: &str = "*comments";

/// A line that nobody can reach: nothing is read but pages.
async fn collecting_world() -> World {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(100);
    world(settings).await
}

/// A collection under faults, what it called, and what it left behind.
struct Struck {
    world: World,
    run: Value,
    calls: Vec<LogEntry>,
    people: usize,
}

async fn struck(faults: Vec<Fault>) -> Struck {
    let world = collecting_world().await;
    world.home.sandbox.clear_log();
    for fault in faults {
        world.home.sandbox.inject(fault);
    }
    let run = world.collect(POST).await;
    let calls = world.home.sandbox.log();
    let people = people_once(&world).await;
    Struck { world, run, calls, people }
}

/// How many people there are, each once.
async fn people_once(world: &World) -> usize {
    let people = world.people().await;
    let addresses: BTreeSet<&str> = people.iter().filter_map(|person| person["profile_url"].as_str()).collect();
    assert_eq!(addresses.len(), people.len(), "nobody twice");
    people.len()
}

/// What the vendor charges, and for an answer that never came, or came to nobody known, what it may charge.
fn cost(calls: &[LogEntry]) -> u64 {
    calls.iter().map(|call| if matches!(call.status, 0 | 401) { call.credits.max(1) } else { call.credits }).sum()
}

impl Struck {
    fn is_paid_for(&self) {
        assert_eq!(self.run["credits_spent"].as_u64(), Some(cost(&self.calls)), "{} {:#?}", self.run, self.calls);
    }

    /// After the fault, whoever the post holds is there: by resuming what is paused, else by a new run.
    async fn make_good(&self) {
        self.world.home.sandbox.clear_faults();
        let run = if self.run["status"] == "paused" {
            let account = format!("/api/v1/accounts/{}/resume", self.world.account);
            self.world.client.post(&account, &json!({})).await.unwrap();
            let path = format!("/api/v1/runs/{}", self.run["id"].as_str().unwrap());
            self.world.client.post(&format!("{path}/resume"), &json!({})).await.unwrap();
            self.world.run_for(jiff::SignedDuration::from_mins(30)).await;
            self.world.client.get(&path).await.unwrap()
        } else {
            self.world.collect(POST).await
        };
        let whole = collecting_world().await;
        let expected = whole.collect(POST).await;
        assert_eq!(run["status"], "done", "{run}");
        assert_eq!(run["found"], expected["found"], "{run}");
        assert_eq!(people_once(&self.world).await, people_once(&whole).await);
    }
}

/// The faults pass by themselves: the collection gets through, and nobody is missing.
async fn gets_through(faults: Vec<Fault>) {
    let about = format!("{faults:?}");
    let struck = struck(faults).await;
    assert_eq!(struck.run["status"], "done", "{about}: {}", struck.run);
    assert_eq!(struck.run["failure"], Value::Null, "{about}");
    struck.is_paid_for();
    struck.make_good().await;
}

/// The faults last: the collection ends with a reason that says `why`, and what was read is kept.
async fn ends(status: &str, why: &str, faults: Vec<Fault>) {
    let about = format!("{faults:?}");
    let struck = struck(faults).await;
    assert_eq!(struck.run["status"], status, "{about}: {}", struck.run);
    let failure = struck.run["failure"].as_str().unwrap_or_default();
    assert!(failure.contains(why), "{about}: {failure:?}");
    assert!(failure.starts_with("Le ") || failure.starts_with("LinkedIn "), "a sentence for people: {failure:?}");
    struck.is_paid_for();
    struck.make_good().await;
}

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, body: None, headers: Vec::new(), retry_after: None }
}

fn asked_to_wait(seconds: u64) -> FaultKind {
    FaultKind::Status { code: 429, body: None, headers: Vec::new(), retry_after: Some(seconds) }
}

/// Twice in the middle of the reactions, then once at the first page of comments.
fn now_and_then(kind: FaultKind) -> Vec<Fault> {
    vec![Fault::once(REACTIONS, kind.clone()).after(1).times(2), Fault::once(COMMENTS, kind)]
}

#[tokio::test]
async fn what_passes_is_waited_for() {
    gets_through(now_and_then(status(500))).await;
    gets_through(now_and_then(FaultKind::Html502)).await;
    gets_through(now_and_then(asked_to_wait(37))).await;
}

#[tokio::test]
async fn what_was_cut_off_is_read_again() {
    gets_through(now_and_then(FaultKind::Reset)).await;
    gets_through(now_and_then(FaultKind::DoneThenReset)).await;
    gets_through(now_and_then(FaultKind::Truncated { bytes: None })).await;
    gets_through(now_and_then(FaultKind::Huge { bytes: None })).await;
}

#[tokio::test]
async fn what_lasts_ends_with_a_reason() {
    let always = |kind: FaultKind| vec![Fault::always(REACTIONS, kind).after(2)];
    ends("failed", "Internal", always(status(500))).await;
    ends("failed", "502", always(FaultKind::Html502)).await;
    ends("failed", "too large", always(FaultKind::Huge { bytes: None })).await;
    ends("failed", "no JSON", always(FaultKind::Truncated { bytes: Some(40) })).await;
}

#[tokio::test]
async fn a_refusal_ends_with_what_the_provider_said() {
    let always = |kind: FaultKind| vec![Fault::always("*posts/*", kind).after(1)];
    ends("failed", "Odd things happen", always(FaultKind::ErrorMessage { text: "Odd things happen".into() })).await;
    ends("failed", "Odd things happen", always(FaultKind::ErrorData { text: "Odd things happen".into() })).await;
    ends("failed", "Unauthorized", always(status(401))).await;
}

#[tokio::test]
async fn a_stop_sign_pauses_and_is_resumed() {
    ends("paused", "vérification", vec![Fault::once(REACTIONS, FaultKind::Restriction { sign: StopSign::Challenge }).after(1)])
        .await;
}

/// Valid JSON of another shape is no empty list: nobody may believe that the post has no further reactions.
#[tokio::test]
async fn another_shape_is_not_taken_for_the_end() {
    gets_through(now_and_then(FaultKind::WrongSchema)).await;
    ends("failed", "the answer has no reactions", vec![Fault::always(REACTIONS, FaultKind::WrongSchema).after(1)]).await;
}

#[tokio::test]
async fn the_same_page_again_and_again_makes_nobody_twice() {
    let struck = struck(vec![Fault::always(REACTIONS, FaultKind::RepeatedPage)]).await;
    assert_eq!(struck.run["status"], "done", "{}", struck.run);
    assert!(struck.calls.len() <= 8, "it ends where the list says it does: {} calls", struck.calls.len());
    assert!(struck.people > 0, "{}", struck.run);
    struck.is_paid_for();
    struck.make_good().await;
}

#[tokio::test]
async fn a_list_without_end_stops_at_the_limit() {
    let world = collecting_world().await;
    world.home.sandbox.clear_log();
    world.home.sandbox.inject(Fault::always("*", FaultKind::EndlessCursor));
    let url = world.home.sandbox.post_url(POST).unwrap();
    let body = json!({ "source": "spy", "account_id": world.account, "post_url": url, "limit": 60 });
    let run = world.client.post("/api/v1/runs", &body).await.unwrap();
    world.run_for(jiff::SignedDuration::from_mins(30)).await;
    let run = world.client.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.unwrap();
    assert_eq!(run["status"], "done", "{run}");
    let calls = world.home.sandbox.log();
    let pages = |end: &str| calls.iter().filter(|call| call.endpoint.ends_with(end)).count();
    assert!(pages("reactions") <= 6 && pages("comments") <= 6, "60 rows of each kind are six pages: {calls:#?}");
    assert_eq!(run["credits_spent"].as_u64(), Some(cost(&calls)), "{run}");
    let people = people_once(&world).await;
    assert!(run["found"].as_u64() == Some(people as u64), "{people} people: {run}");
}
