//! Request units per lead, metered against the budget of the architecture.

use crate::fixture::{world, world_of};
use store::meter::Units;

/// Limits per lead: write units of a refused, a reviewed and a sent one, read units.
const REFUSED_MAX: f64 = 6.0;
const REVIEWED_MAX: f64 = 10.0;
const READS_MAX: f64 = 6.0;

#[tokio::test]
async fn units_per_lead_stay_within_the_budget() {
    let world = world_of(amorce::welcome::workspace(), 200).await;
    let meter = || world.home.store.table.meter().units();
    let before = meter();
    let run = world.collect("many-1").await;
    assert_eq!(run["status"], "done", "{run}");
    let used = meter() - before;
    let people = world.people().await;
    let reviewed = world.client.all("/api/v1/review?kind=message").await.unwrap().len();
    let leads = people.len() as f64;
    let read = people.iter().filter(|p| !p["score"].is_null()).count();
    print(&format!("a lead ({} people, {read} read, {reviewed} drafted)", people.len()), used, leads);
    let mixed = REFUSED_MAX + (REVIEWED_MAX - REFUSED_MAX) * read as f64 / leads;
    assert!(used.writes / leads <= mixed, "{} write units a lead, at most {mixed}", used.writes / leads);

    let before = meter();
    world.collect("many-1").await;
    let again = meter() - before;
    print("a duplicate engagement", again, leads);
    assert!(again.writes / leads <= 1.0, "{} write units a duplicate", again.writes / leads);
    assert!(used.reads / leads <= READS_MAX * 4.0, "{} read units a lead", used.reads / leads);
}

#[tokio::test]
async fn units_per_send() {
    let world = world(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    let meter = || world.home.store.table.meter().units();
    let before = meter();
    let approved = world.approve_all().await;
    world.next_morning().await;
    let sent = world.reached().len();
    let used = meter() - before;
    print(&format!("a send ({sent} of {approved} approved)"), used, sent.max(1) as f64);
    assert!(sent > 0);
}

fn print(what: &str, used: Units, per: f64) {
    println!("{what}: {:.2} write units, {:.2} read units", used.writes / per, used.reads / per);
}
