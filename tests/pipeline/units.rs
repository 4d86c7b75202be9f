//! Request units per lead against the budget of the architecture; `--nocapture` shows what they went for.

use crate::measured::{
    APPROVED, DUPLICATE_MAX, Measured, REFUSED_MAX, REVIEWED_MAX, SENT_MAX, approved_and_sent, refused_and_seen_again, reviewed,
};

/// What an approval and a send are known to cost; it may only shrink.
const SEND_TODAY: f64 = 32.0;

#[tokio::test]
async fn a_lead_refused_without_reading_and_its_duplicate() {
    let (refused, again) = refused_and_seen_again().await;
    print("a refused lead", &refused, REFUSED_MAX);
    assert!(refused.writes <= REFUSED_MAX, "{} write units", refused.writes);
    print("a duplicate engagement", &again, DUPLICATE_MAX);
    assert!(again.writes <= DUPLICATE_MAX, "{} write units", again.writes);
}

#[tokio::test]
async fn a_lead_read_decided_and_drafted() {
    let reviewed = reviewed().await;
    let (drafted, leads) = (reviewed.of_them, reviewed.leads);
    print(&format!("a lead read and decided about, {drafted} of {leads} drafted"), &reviewed, REVIEWED_MAX);
    assert!(reviewed.writes <= REVIEWED_MAX, "{} write units", reviewed.writes);
}

#[tokio::test]
async fn units_per_send() {
    let sent = approved_and_sent().await;
    let what = format!("an approval and a send ({} of {} approved)", sent.leads, sent.of_them);
    print(&what, &sent, SENT_MAX - REVIEWED_MAX);
    assert!(sent.leads * 2.0 > APPROVED as f64, "{}", sent.leads);
    assert!(sent.writes <= SEND_TODAY, "{} write units", sent.writes);
}

fn print(what: &str, measured: &Measured, limit: f64) {
    for (use_, calls, units) in &measured.uses {
        println!("    {units:8.1} units in {calls:5} calls: {use_}");
    }
    println!("{what}: {:.2} write units (limit {limit}), {:.2} read units", measured.writes, measured.reads);
}
