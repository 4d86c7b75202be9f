//! P8: whether limits hold and are used. Thirty days of fifty workspaces with one account each, default limits and
//! warm-up, more approved than may go, through the product's own handlers over embedded stores in memory.
//!
//! What was allowed, what was sent and what was breached is counted from what the provider saw, without the product's own
//! rules (`count.rs`). The accounts were connected at different times of the week before, in two time zones. Every third
//! invitation is accepted, nobody writes. The workspaces (`LIMITS_WORKSPACES`) are split over two threads with a store each.

mod count;
mod house;
mod linkedin;

use count::{Count, Tenant};
use house::House;
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};

const WORKSPACES: usize = 50;
const DAYS: i64 = 30;
const THREADS: usize = 2;
const SECONDS_GOAL: f64 = 60.0;
const SHARE_GOAL: f64 = 0.99;
const FAIRNESS_GOAL: f64 = 0.99;
/// A Monday.
const START: &str = "2026-11-02T00:00:00Z";
const ZONES: [&str; 2] = ["Europe/Paris", "America/Montreal"];

/// The accounts were connected within the week before, each at another time of day.
fn tenant(n: usize, start: Timestamp) -> Tenant {
    let minutes = (n as i64 * 1_447) % (7 * 24 * 60);
    Tenant { n, zone: ZONES[n % ZONES.len()], connected_at: start - SignedDuration::from_mins(minutes) }
}

/// Simulates some workspaces; what became of each, and the time it took beyond writing what waits for approval.
fn simulate(tenants: Vec<Tenant>, start: Timestamp) -> (Vec<Count>, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut house = House::build(tenants, start).await;
        let mut took = Duration::ZERO;
        for day in 0..DAYS {
            house.fill_up().await;
            let started = Instant::now();
            house.run_until(start + SignedDuration::from_hours(24 * (day + 1))).await;
            took += started.elapsed();
        }
        let until = start + SignedDuration::from_hours(24 * DAYS);
        let count = |tenant: &Tenant| Count::of(tenant, &house.linkedin.seen(tenant.n), start, until);
        (house.tenants().map(count).collect(), took)
    })
}

fn main() {
    let start: Timestamp = START.parse().expect("an instant");
    let started = Instant::now();
    let workspaces = std::env::var("LIMITS_WORKSPACES").ok().and_then(|n| n.parse().ok()).unwrap_or(WORKSPACES);
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let tenants = (0..workspaces).filter(|n| n % THREADS == thread).map(|n| tenant(n, start)).collect();
            std::thread::spawn(move || simulate(tenants, start))
        })
        .collect();
    let (counts, took): (Vec<Vec<Count>>, Vec<Duration>) = threads.into_iter().map(|t| t.join().expect("simulated")).unzip();
    let counts: Vec<Count> = counts.into_iter().flatten().collect();
    let seconds = took.iter().max().map_or(0.0, Duration::as_secs_f64);
    print(&counts, seconds, started.elapsed().as_secs_f64());
}

fn print(counts: &[Count], seconds: f64, all: f64) {
    let total = |of: fn(&Count) -> u32| counts.iter().map(of).sum::<u32>();
    let (allowed, sent) = (total(Count::allowed), total(Count::sent));
    let breaches: Vec<&String> = counts.iter().flat_map(|c| &c.breaches).collect();
    let shares: Vec<f64> = counts.iter().map(Count::share).collect();
    let share = f64::from(sent) / f64::from(allowed);
    let lowest = shares.iter().copied().fold(1.0, f64::min);
    println!(
        "P8: {DAYS} days of {} workspaces over {THREADS} threads; {all:.0} s with writing what was approved\n",
        counts.len()
    );
    println!("| measure | figure | goal | of what |");
    println!("|---|---|---|---|");
    println!("| time | {seconds:.1} s | < {SECONDS_GOAL} s | {} session reads, {sent} sends |", total(|c| c.reads));
    println!("| breaches of a cap, an hour or a pause | {} | 0 | recounted from what the provider saw |", breaches.len());
    println!("| allowed volume used | {:.2} % | ≥ {:.0} % | {sent} of {allowed} |", 100.0 * share, 100.0 * SHARE_GOAL);
    for (what, kind) in [("invitations", 0), ("messages", 1)] {
        let [sent, allowed] = [0, 1].map(|of| counts.iter().map(|c| c.volumes[kind][of]).sum::<u32>());
        println!("| · {what} | {:.2} % | | {sent} of {allowed} |", 100.0 * f64::from(sent) / f64::from(allowed));
    }
    println!("| the workspace that used least | {:.2} % | | |", 100.0 * lowest);
    println!("| Jain’s fairness of the shares | {:.4} | ≥ {FAIRNESS_GOAL} | |", jain(&shares));
    for breach in breaches.iter().take(20) {
        println!("breach: {breach}");
    }
}

/// 1 where all are equal, 1/n where one has everything.
fn jain(shares: &[f64]) -> f64 {
    let (sum, squares) = shares.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    if squares == 0.0 { 0.0 } else { sum * sum / (shares.len() as f64 * squares) }
}
