//! Request units per lead, metered against the budget of the architecture.

use crate::fixture::{World, world_of};
use jiff::SignedDuration;
use sandbox::Temperament;
use serde_json::json;
use std::collections::BTreeMap;
use store::meter::Units;

/// Limits of the architecture per lead, in write units: refused, reviewed, sent.
const REFUSED_MAX: f64 = 6.0;
const REVIEWED_MAX: f64 = 10.0;
const SENT_MAX: f64 = 24.0;
/// How many messages are approved in the measured day.
const APPROVED: usize = 30;
/// What an approval and a send are known to cost; it may only shrink.
const SEND_TODAY: f64 = 40.0;

#[tokio::test]
async fn a_lead_refused_without_reading_and_its_duplicate() {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(100);
    let world = world_of(settings, 200).await;
    let (used, leads) = collected(&world).await;
    print("a refused lead", used, leads, REFUSED_MAX);
    assert!(used.writes / leads <= REFUSED_MAX, "{} write units", used.writes / leads);
    let (again, _) = collected(&world).await;
    print("a duplicate engagement", again, leads, 1.0);
    assert!(again.writes / leads <= 1.0, "{} write units", again.writes / leads);
}

#[tokio::test]
async fn a_lead_read_decided_and_drafted() {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(0);
    settings["thresholds"] = json!({ "cold": 0, "import": 0, "local": 0 });
    settings["min_fit"] = json!(0);
    let world = world_of(settings, 200).await;
    let (used, leads) = collected(&world).await;
    let drafted = world.client.all("/api/v1/review?kind=message").await.unwrap().len();
    print(&format!("a lead read and decided about, {drafted} of {leads} drafted"), used, leads, REVIEWED_MAX);
    assert!(used.writes / leads <= REVIEWED_MAX, "{} write units", used.writes / leads);
}

/// Collects the big post; answers what was used and how many people there are.
async fn collected(world: &World) -> (Units, f64) {
    let meter = || world.home.store.table.meter().units();
    let before = meter();
    let uses = world.home.store.table.meter().by_use();
    let run = world.collect("many-1").await;
    let used = meter() - before;
    print_uses(world, &uses);
    assert_eq!(run["status"], "done", "{run}");
    (used, world.people().await.len() as f64)
}

/// A full day of an account: what an approval and a send cost beyond the review, the day's own ticks included. Nobody
/// answers, so that nothing else happens.
#[tokio::test]
async fn units_per_send() {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(0);
    settings["min_fit"] = json!(0);
    let world = world_of(settings, 60).await;
    let limits = json!({ "limits": { "invitations_per_day": 40, "invitations_per_week": 200, "messages_per_day": 40 } });
    world.client.patch(&format!("/api/v1/accounts/{}", world.account), &limits).await.unwrap();
    for person in world.home.sandbox.people() {
        let _known = world.home.sandbox.set_temperament(&person.slug, Temperament::never());
    }
    world.collect("many-1").await;
    let meter = || world.home.store.table.meter().units();
    let (before, uses) = (meter(), world.home.store.table.meter().by_use());
    let approved = world.approve(APPROVED).await;
    world.run_for(SignedDuration::from_hours(10)).await;
    let sent = world.reached().len();
    let used = meter() - before;
    print_uses(&world, &uses);
    print(&format!("an approval and a send ({sent} of {approved} approved)"), used, sent.max(1) as f64, SENT_MAX - REVIEWED_MAX);
    assert!(sent * 2 > APPROVED, "{sent}");
    assert!(used.writes / sent as f64 <= SEND_TODAY, "{} write units", used.writes / sent as f64);
}

/// What the units went for, the dearest first: read with `--nocapture`.
fn print_uses(world: &World, before: &BTreeMap<String, (u64, f64)>) {
    let mut uses: Vec<(String, u64, f64)> = Vec::new();
    for (what, (calls, units)) in world.home.store.table.meter().by_use() {
        let (earlier_calls, earlier) = before.get(&what).copied().unwrap_or_default();
        uses.push((what, calls - earlier_calls, units - earlier));
    }
    uses.sort_by(|a, b| b.2.total_cmp(&a.2));
    for (what, calls, units) in uses.iter().filter(|(_, calls, _)| *calls > 0) {
        println!("    {units:8.1} units in {calls:5} calls: {what}");
    }
}

fn print(what: &str, used: Units, per: f64, limit: f64) {
    println!("{what}: {:.2} write units (limit {limit}), {:.2} read units", used.writes / per, used.reads / per);
}
