//! P3: write units of a lead beside the limits of the architecture and the goals.

#[path = "../pipeline/fixture.rs"]
#[allow(dead_code)]
mod fixture;
#[path = "../pipeline/measured.rs"]
#[allow(dead_code)]
mod measured;

use measured::{
    DUPLICATE_MAX, Measured, REFUSED_MAX, REVIEWED_MAX, SENT_MAX, approved_and_sent, refused_and_seen_again, reviewed,
};

/// Goals, in write units.
const REFUSED: f64 = 4.0;
const REVIEWED: f64 = 7.0;
const SENT: f64 = 16.0;
const DUPLICATE: f64 = 1.0;

#[tokio::main]
async fn main() {
    let (refused, again) = refused_and_seen_again().await;
    let reviewed = reviewed().await;
    let mut sent = approved_and_sent().await;
    // What went out had been reviewed before.
    sent.writes += reviewed.writes;
    sent.reads += reviewed.reads;
    println!("P3: units of a lead; a design with a table per entity and an idempotency side table writes about 30\n");
    println!("| a lead | write units | goal | limit | read units |");
    println!("|---|---|---|---|---|");
    line("refused without reading", &refused, REFUSED, REFUSED_MAX);
    line("reviewed", &reviewed, REVIEWED, REVIEWED_MAX);
    line("sent, its review included", &sent, SENT, SENT_MAX);
    line("an engagement seen again", &again, DUPLICATE, DUPLICATE_MAX);
}

fn line(what: &str, measured: &Measured, goal: f64, limit: f64) {
    println!("| {what} | {:.2} | ≤ {goal} | {limit} | {:.2} |", measured.writes, measured.reads);
}
