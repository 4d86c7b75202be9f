//! P1 and P2: engagements a second on one core, beside the Python that a Lambda would be written in.
//!
//! P1 is a page from its queue to the signed requests of the store; P2 is the middle of it, from rows in memory to
//! decisions in memory. Both sides take turns over the same input and must decide the same of everybody. Counted is the
//! time on the processor, so that others on the machine disturb little. `STAGE_ENGAGEMENTS` is the size of the input.

mod ours;
#[path = "../../fuzz/random.rs"]
#[allow(dead_code)]
mod random;
mod reference;
mod sink;
mod world;

use domain::tone;
use ours::{Given, Pipeline, Verdict, Workspace, rows_of, stage};
use reference::Reference;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Instant;
use world::World;

const ENGAGEMENTS: usize = 12_000;
/// Turns of each side; the middle one counts.
const TURNS: usize = 3;
/// Records of one batch of the queue.
const BATCH: usize = 10;
const P1_GOAL: f64 = 50.0;
const P2_GOAL: f64 = 7.5;

/// Seconds that this thread was on the processor; where the system does not say, seconds that passed.
fn clock() -> impl Fn() -> f64 {
    let on_processor = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split(' ').next()?.parse::<f64>().ok().map(|nanos| nanos / 1e9)
    };
    let (started, passed) = (on_processor(), Instant::now());
    move || match (started, on_processor()) {
        (Some(started), Some(now)) => now - started,
        _ => passed.elapsed().as_secs_f64(),
    }
}

/// What SQS hands to a function, ten pages a time, as text.
fn events(world: &World) -> Vec<String> {
    let record = |page: &world::Page| {
        json!({
            "messageId": "3a5d6a6c-0000-4000-8000-000000000000", "receiptHandle": "r", "attributes": {}, "messageAttributes": {},
            "body": json!(page).to_string(), "md5OfBody": "", "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-3:000000000000:pull", "awsRegion": "eu-west-3",
        })
    };
    let batch = |pages: &[world::Page]| json!({ "Records": pages.iter().map(record).collect::<Vec<Value>>() }).to_string();
    world.pages.chunks(BATCH).map(batch).collect()
}

fn our_stage(world: &World) -> (f64, Vec<Verdict>) {
    let rows: Vec<(usize, Given)> =
        world.pages.iter().enumerate().flat_map(|(at, page)| rows_of(page).into_iter().map(move |row| (at, row))).collect();
    let texts = rows.iter().filter_map(|(_, row)| match row {
        Given::Comment(row) => row.text.as_deref(),
        Given::Reaction(_) => None,
    });
    let tones: HashMap<&str, tone::Tone> = texts.map(|text| (text, tone::read(text))).collect();
    let seconds = clock();
    let mut verdicts = stage(world, tones, &rows);
    let seconds = seconds();
    verdicts.sort();
    (seconds, verdicts)
}

fn our_pipeline(world: &World, events: &[String]) -> (f64, Vec<Verdict>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let pipeline = Pipeline { workspace: Workspace::new(world, None).into(), table: sink::table() };
    let seconds = clock();
    runtime.block_on(async {
        for event in events {
            let event = serde_json::from_str(event).expect("an event");
            let (answer, _postponed) = kit::sqs::batch(&pipeline, event).await;
            assert!(answer.batch_item_failures.is_empty(), "{answer:?}");
        }
    });
    let seconds = seconds();
    let verdicts = pipeline.workspace.lock().expect("nobody else").verdicts();
    (seconds, verdicts)
}

fn middle(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Both sides in turn; prints a line of the table.
fn measure(
    what: &str,
    goal: f64,
    world: &World,
    reference: &mut Reference,
    command: &str,
    ours: impl Fn() -> (f64, Vec<Verdict>),
) {
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (seconds, verdicts) = ours();
        let (their_seconds, their_verdicts) = reference.run(command);
        same(&verdicts, &their_verdicts);
        mine.push(seconds);
        theirs.push(their_seconds);
    }
    let (mine, theirs) = (world.engagements as f64 / middle(mine), world.engagements as f64 / middle(theirs));
    println!("| {what} | ≥ {goal} × | {mine:.0}/s | {theirs:.0}/s | {:.1} × |", mine / theirs);
}

fn same(ours: &[Verdict], theirs: &[Verdict]) {
    assert_eq!(ours.len(), theirs.len(), "people");
    for (mine, other) in ours.iter().zip(theirs) {
        assert_eq!(mine, other, "both sides decide the same");
    }
}

fn main() {
    let engagements = std::env::var("STAGE_ENGAGEMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(ENGAGEMENTS);
    let world = World::of(engagements);
    let events = events(&world);
    if let Ok(measure) = std::env::var("STAGE_OURS") {
        // For a profiler: our side alone.
        let (seconds, verdicts) = if measure == "stage" { our_stage(&world) } else { our_pipeline(&world, &events) };
        println!("{measure}: {:.0} engagements/s, {} people", engagements as f64 / seconds, verdicts.len());
        return;
    }
    let Some(mut reference) = Reference::start(&world, &events) else {
        println!("P1 and P2 need the Python of .tools/bench: make bench");
        return;
    };
    let (_, verdicts) = our_stage(&world);
    let count = |verdict: &str| verdicts.iter().filter(|v| v.1 == verdict).count();
    println!("{engagements} engagements, {} people: {} allowed, {} refused", verdicts.len(), count("allow"), count("refuse"));
    println!("engagements a second on one core, profile bench (opt-level 3), the middle of {TURNS} turns each\n");
    println!("| measure | goal | ours | Python | ratio |");
    println!("|---|---|---|---|---|");
    measure("P1 page to signed requests | Powertools, pydantic, boto3", P1_GOAL, &world, &mut reference, "pipeline", || {
        our_pipeline(&world, &events)
    });
    measure("P2 rows to decisions | pydantic 2", P2_GOAL, &world, &mut reference, "stage", || our_stage(&world));
}
