//! The ten laws under a seeded simulator: all handlers, the clock, queues, store and provider in one process, with
//! crashes, repeats, lost answers and people who change their minds at every stop. `make laws SEED=…` replays one seed.

mod chance;
mod deeds;
mod essence;
mod house;
mod plan;
mod repeats;
mod sabotage;
mod simulation;
mod stage;
mod watch;
mod weather;
mod world;

use plan::Plan;
use sabotage::Guard;
use simulation::{Outcome, Simulation};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use watch::Violation;

/// How many seeds run where nothing else is said: without optimisation each takes seconds.
const SEEDS: u64 = if cfg!(debug_assertions) { 12 } else { 500 };

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Works on a runtime of its own, which timers need.
fn on_runtime<T>(work: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _entered = runtime.enter();
    work()
}

fn run(plan: Plan) -> (Outcome, Result<(), Violation>, Vec<String>) {
    on_runtime(|| simulate(plan))
}

fn simulate(plan: Plan) -> (Outcome, Result<(), Violation>, Vec<String>) {
    let mut simulation = Simulation::new(plan);
    let ended = simulation.run();
    if std::env::var_os("TRACE").is_some() {
        println!("{:?}\n{}", simulation.plan, simulation.trace.join("\n"));
    }
    (simulation.outcome, ended, simulation.trace)
}

/// The smallest plan found that still breaks the same law.
fn shortest(plan: &Plan, law: u8) -> (Plan, Violation, Vec<String>) {
    let mut best: Option<(Plan, Violation, Vec<String>)> = None;
    let mut now = plan.clone();
    let try_one = |candidate: &Plan, best: &mut Option<(Plan, Violation, Vec<String>)>| {
        let (_, ended, trace) = run(candidate.clone());
        match ended {
            Err(violation) if violation.law == law && best.as_ref().is_none_or(|(.., known)| trace.len() <= known.len()) => {
                *best = Some((candidate.clone(), violation, trace));
                true
            }
            _ => false,
        }
    };
    try_one(&now, &mut best);
    for place in 0.. {
        let Some(faults) = now.faults.without(place) else { break };
        let candidate = Plan { faults, ..now.clone() };
        if candidate.faults != now.faults && try_one(&candidate, &mut best) {
            now = candidate;
        }
    }
    for change in [
        |p: &mut Plan| p.width = 1,
        |p: &mut Plan| p.meddling = 0,
        |p: &mut Plan| p.lagging = false,
        |p: &mut Plan| p.tenants = 1,
        |p: &mut Plan| p.accounts = 1,
        |p: &mut Plan| p.people = p.people.min(8),
    ] {
        let mut candidate = now.clone();
        change(&mut candidate);
        if try_one(&candidate, &mut best) {
            now = candidate;
        }
    }
    best.unwrap_or_else(|| panic!("seed {} broke law {law} once and not again: it is not deterministic", plan.seed))
}

fn tell(plan: &Plan, violation: &Violation) -> String {
    if number("QUICK").is_some() {
        return String::new();
    }
    let (short, again, trace) = shortest(plan, violation.law);
    let from = trace.len().saturating_sub(if number("SEED").is_some() { 4_000 } else { 120 });
    format!(
        "seed {} breaks law {}: {}\nshortest: {short:?}\n{}: {}\n{}\nreplay: make laws SEED={}",
        plan.seed,
        violation.law,
        violation.what,
        again.law,
        again.what,
        trace[from..].join("\n"),
        plan.seed
    )
}

/// Runs seeds on every core; answers the sums, or the first violation in the order of seeds.
fn run_all(seeds: std::ops::Range<u64>, plan_of: impl Fn(u64) -> Plan + Sync) -> (Outcome, Vec<(Plan, Violation)>) {
    let (next, sums, broken) = (AtomicU64::new(seeds.start), Mutex::new(Outcome::default()), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds.end {
                        break;
                    }
                    let plan = plan_of(seed);
                    let (outcome, ended, _) = run(plan.clone());
                    add(&mut sums.lock().unwrap_or_else(PoisonError::into_inner), &outcome, plan.people);
                    if let Err(violation) = ended {
                        broken.lock().unwrap_or_else(PoisonError::into_inner).push((plan, violation));
                    }
                }
            });
        }
    });
    let mut broken = broken.into_inner().unwrap_or_else(PoisonError::into_inner);
    broken.sort_by_key(|(plan, _)| plan.seed);
    (sums.into_inner().unwrap_or_else(PoisonError::into_inner), broken)
}

fn add(sums: &mut Outcome, one: &Outcome, people: usize) {
    sums.stops += one.stops;
    sums.claims += one.claims;
    sums.reached += one.reached;
    sums.people += people;
    let merge = |into: &mut BTreeMap<String, u64>, from: &BTreeMap<String, u64>| {
        for (name, n) in from {
            *into.entry(name.clone()).or_default() += n;
        }
    };
    merge(&mut sums.boundaries, &one.boundaries);
    merge(&mut sums.stops_seen, &one.stops_seen);
    for (name, n) in &one.faults {
        *sums.faults.entry(name).or_default() += n;
    }
}

/// R1. `SEED` replays one, `SEEDS` runs so many, `FROM` begins there.
#[test]
fn no_seed_breaks_a_law() {
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let from = number("FROM").unwrap_or(1);
            from..from + number("SEEDS").unwrap_or(SEEDS)
        }
    };
    let many = seeds.end - seeds.start;
    let (sums, broken) = run_all(seeds, Plan::of);
    println!("{many} seeds, {} people, {} stops, {} claims, {} sends", sums.people, sums.stops, sums.claims, sums.reached);
    println!("faults: {:?}", sums.faults);
    let mut frequent: Vec<(&String, &u64)> = sums.stops_seen.iter().collect();
    frequent.sort_by(|a, b| b.1.cmp(a.1));
    println!("most frequent: {:?}", &frequent[..frequent.len().min(12)]);
    println!("kinds of stops: {}, ended at (before and after): {}", sums.stops_seen.len(), sums.boundaries.len());
    if let Some((plan, violation)) = broken.first() {
        let all: Vec<String> = broken.iter().map(|(p, v)| format!("{}: law {} {}", p.seed, v.law, v.what)).collect();
        panic!("{} of {many} seeds break a law\n{}\n{}", broken.len(), all.join("\n"), tell(plan, violation));
    }
}

/// The same seed does the same, to the byte.
#[test]
fn a_seed_repeats_itself() {
    for seed in [3, 17, 40] {
        let (one, _, trace) = run(Plan::of(seed));
        let (other, _, again) = run(Plan::of(seed));
        let differs = trace.iter().zip(&again).position(|(a, b)| a != b);
        assert_eq!(one.fingerprint, other.fingerprint, "seed {seed}: {:?}", differs.map(|at| (&trace[at], &again[at])));
    }
}

/// Each guard of the product taken away is seen within so many seeds: the simulator can fail. `GUARD` takes one alone.
#[test]
fn a_guard_that_is_missing_is_seen() {
    let only = std::env::var("GUARD").ok();
    let wanted = |guard: &Guard| only.as_ref().is_none_or(|only| *only == format!("{guard:?}"));
    let guards: Vec<(Guard, u64)> = Guard::ALL.into_iter().filter(|(guard, _)| wanted(guard)).collect();
    let unseen = Mutex::new(Vec::new());
    repeats::side_by_side(guards.len(), |job| {
        let (guard, within) = guards[job];
        let seeds = 1..=number("SEEDS").filter(|_| only.is_some()).unwrap_or(within);
        let found = seeds.clone().find_map(|seed| Some((seed, run(Plan::without(seed, guard)).1.err()?)));
        match found {
            Some((seed, violation)) => println!("{guard:?}: seed {seed}, law {}: {}", violation.law, violation.what),
            None => unseen.lock().expect("whole").push(format!("{guard:?} within {} seeds", seeds.end())),
        }
    });
    let unseen = unseen.into_inner().expect("whole");
    assert!(unseen.is_empty(), "nobody noticed the absence of {unseen:?}");
}
