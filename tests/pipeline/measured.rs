//! What a lead costs in request units, measured in a home in memory: read by the test that holds the limits and by the
//! benchmark that prints them.

use crate::fixture::{World, world_of};
use jiff::SignedDuration;
use sandbox::Temperament;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::meter::Units;

/// Limits of the architecture per lead, in write units.
pub const REFUSED_MAX: f64 = 6.0;
pub const REVIEWED_MAX: f64 = 10.0;
pub const SENT_MAX: f64 = 24.0;
pub const DUPLICATE_MAX: f64 = 1.0;
/// How many messages are approved in the measured day.
pub const APPROVED: usize = 30;

/// Units per lead, and what they went for: calls and units, the dearest first.
pub struct Measured {
    pub leads: f64,
    /// Of the leads, those with a draft; of the approved, those sent.
    pub of_them: usize,
    pub writes: f64,
    pub reads: f64,
    pub uses: Vec<(String, u64, f64)>,
}

/// Runs `work` and counts what it used, per lead of those that `work` says there were.
async fn metered<F: Future<Output = (usize, usize)>>(world: &World, work: impl FnOnce() -> F) -> Measured {
    let meter = world.home.store.table.meter();
    let (before, uses) = (meter.units(), meter.by_use());
    let (leads, of_them) = work().await;
    let used: Units = meter.units() - before;
    let leads = leads.max(1) as f64;
    let (writes, reads) = (used.writes / leads, used.reads / leads);
    Measured { leads, of_them, writes, reads, uses: since(&uses, meter.by_use()) }
}

fn since(before: &BTreeMap<String, (u64, f64)>, now: BTreeMap<String, (u64, f64)>) -> Vec<(String, u64, f64)> {
    let mut uses: Vec<(String, u64, f64)> = now
        .into_iter()
        .map(|(what, (calls, units))| {
            let (earlier_calls, earlier) = before.get(&what).copied().unwrap_or_default();
            (what, calls - earlier_calls, units - earlier)
        })
        .filter(|(_, calls, _)| *calls > 0)
        .collect();
    uses.sort_by(|a, b| b.2.total_cmp(&a.2));
    uses
}

async fn collected(world: &World) -> Measured {
    let mut measured = metered(world, || async {
        let run = world.collect("many-1").await;
        assert_eq!(run["status"], "done", "{run}");
        (1, 0)
    })
    .await;
    // Counted afterwards: listing people costs units too.
    measured.leads = world.people().await.len() as f64;
    measured.writes /= measured.leads;
    measured.reads /= measured.leads;
    measured
}

/// A lead that cannot reach the line, and the same engagements once more.
pub async fn refused_and_seen_again() -> (Measured, Measured) {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(100);
    let world = world_of(settings, 200).await;
    let refused = collected(&world).await;
    (refused, collected(&world).await)
}

/// A lead read, decided about and drafted: everybody passes.
pub async fn reviewed() -> Measured {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(0);
    settings["thresholds"] = json!({ "cold": 0, "import": 0, "local": 0 });
    settings["min_fit"] = json!(0);
    let world = world_of(settings, 200).await;
    let mut measured = collected(&world).await;
    measured.of_them = world.client.all("/api/v1/review?kind=message").await.unwrap().len();
    measured
}

/// A full day of an account: what an approval and a send cost beyond the review, the day's own ticks included. Nobody
/// answers, so that nothing else happens.
pub async fn approved_and_sent() -> Measured {
    let world = world_of(everybody_passes(), 60).await;
    let limits = json!({ "limits": { "invitations_per_day": 40, "invitations_per_week": 200, "messages_per_day": 40 } });
    world.client.patch(&format!("/api/v1/accounts/{}", world.account), &limits).await.unwrap();
    for person in world.home.sandbox.people() {
        let _known = world.home.sandbox.set_temperament(&person.slug, Temperament::never());
    }
    world.collect("many-1").await;
    metered(&world, || async {
        let approved = world.approve(APPROVED).await;
        world.run_for(SignedDuration::from_hours(10)).await;
        (world.reached().len(), approved)
    })
    .await
}

fn everybody_passes() -> Value {
    let mut settings = amorce::welcome::workspace();
    settings["threshold"] = json!(0);
    settings["min_fit"] = json!(0);
    settings
}
