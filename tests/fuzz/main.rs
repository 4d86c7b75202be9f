//! Fuzzing on stable Rust: every reader of outside text against known inputs and seeded mutations of them.
//!
//! `cargo test` replays the corpus and makes some thousands of inputs a target, the same ones each time; `make soak`
//! makes ten million. Variables: `FUZZ_EXECUTIONS`, `FUZZ_SEED`, `FUZZ_TARGET` (this one alone), `FUZZ_EXECUTION` (this
//! one alone, and its input printed).

mod corpus;
mod json;
mod mutate;
mod random;
mod table;
mod targets;
mod tokens;

use mutate::{Seed, Shape};
use random::Random;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

/// Inputs made of each target where nobody says otherwise.
const EXECUTIONS: u64 = 15_000;
const SEED: u64 = 1;
/// Length of what an input is repeated to, once for each seed, in bytes.
const LONG_BYTES: usize = 64 * 1024;
/// Seeds that are also tried at that length.
const LONG_SEEDS: usize = 5;

/// A reader, and what it is fed.
struct Target {
    name: &'static str,
    shape: Shape,
    seeds: Vec<Seed>,
    check: fn(&[u8]),
}

impl Target {
    fn new(name: &'static str, shape: Shape, known: Vec<Vec<u8>>, check: fn(&[u8])) -> Self {
        let seeds = corpus::seeds(name, shape, known);
        assert!(!seeds.is_empty(), "{name} has no corpus");
        Self { name, shape, seeds, check }
    }

    fn input(&self, seed: u64, execution: u64) -> Vec<u8> {
        mutate::mutated(&self.seeds, self.shape, &mut Random::of(seed, self.name, execution))
    }

    /// Whether the reader got through; its panic has been printed.
    fn survives(&self, input: &[u8]) -> bool {
        panic::catch_unwind(AssertUnwindSafe(|| (self.check)(input))).is_ok()
    }

    /// The corpus as it is, and some of it very long.
    fn replay(&self) {
        for (place, seed) in self.seeds.iter().enumerate() {
            assert!(self.survives(&seed.bytes), "{}, corpus input {place}: {}", self.name, shown(&seed.bytes));
        }
        for seed in self.seeds.iter().filter(|seed| !seed.bytes.is_empty()).take(LONG_SEEDS) {
            let long = seed.bytes.repeat(LONG_BYTES / seed.bytes.len() + 1);
            assert!(self.survives(&long), "{}, repeated to {} bytes: {}", self.name, long.len(), shown(&seed.bytes));
        }
    }

    /// The first execution that fails, and the slowest there was.
    fn fuzz(&self, seed: u64, executions: u64) -> Result<(Duration, u64), u64> {
        let mut slowest = (Duration::ZERO, 0);
        for execution in 0..executions {
            let input = self.input(seed, execution);
            let started = Instant::now();
            if !self.survives(&input) {
                return Err(execution);
            }
            slowest = slowest.max((started.elapsed(), execution));
        }
        Ok(slowest)
    }
}

/// An input in one line, as Rust would write its bytes.
fn shown(input: &[u8]) -> String {
    format!("b\"{}\"", input.escape_ascii())
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{variable} is a whole number, not {value:?}")))
}

fn run(target: &Target) {
    if std::env::var("FUZZ_TARGET").is_ok_and(|name| name != target.name) {
        return;
    }
    let seed = number("FUZZ_SEED").unwrap_or(SEED);
    if let Some(execution) = number("FUZZ_EXECUTION") {
        let input = target.input(seed, execution);
        println!("{} {seed} {execution}: {}", target.name, shown(&input));
        return (target.check)(&input);
    }
    target.replay();
    let started = Instant::now();
    let executions = number("FUZZ_EXECUTIONS").unwrap_or(EXECUTIONS);
    match target.fuzz(seed, executions) {
        Ok((slowest, execution)) => {
            let whole = started.elapsed();
            println!(
                "{}: {executions} executions in {whole:.1?}, the slowest {slowest:.1?} (execution {execution})",
                target.name
            );
        }
        Err(execution) => panic!(
            "{} fails on {}\nagain: FUZZ_TARGET={} FUZZ_SEED={seed} FUZZ_EXECUTION={execution} cargo test -p system-tests --test fuzz",
            target.name,
            shown(&target.input(seed, execution)),
            target.name,
        ),
    }
}

fn texts(name: &'static str, known: Vec<Vec<u8>>, check: fn(&[u8])) {
    run(&Target::new(name, Shape::Text, known, check));
}

fn answers(name: &'static str, recorded: &[&str], check: fn(&[u8])) {
    run(&Target::new(name, Shape::Json, corpus::recorded(recorded), check));
}

#[test]
fn profile_urls() {
    texts("profile-urls", corpus::labelled(&["profile_urls.jsonl"], "raw"), targets::profile_urls);
}

#[test]
fn post_urls() {
    texts("post-urls", corpus::labelled(&["post_urls.jsonl"], "raw"), targets::post_urls);
}

#[test]
fn names() {
    texts("names", corpus::labelled(&["names.jsonl"], "raw"), targets::display_names);
}

#[test]
fn titles() {
    texts("titles", corpus::labelled(&["titles.jsonl", "titles-more.jsonl"], "title"), targets::headlines);
}

#[test]
fn comments() {
    texts("comments", corpus::labelled(&["comments.jsonl", "comments-more.jsonl"], "text"), targets::comments);
}

#[test]
fn replies() {
    texts("replies", corpus::labelled(&["replies.jsonl", "replies-more.jsonl"], "text"), targets::replies);
}

#[test]
fn places() {
    texts("places", Vec::new(), targets::places);
}

#[test]
fn retry_after() {
    texts("retry-after", Vec::new(), targets::retry_after);
}

#[test]
fn tables() {
    run(&Target::new("tables", Shape::Table, corpus::tables(), targets::tables));
}

#[test]
fn linkup_posts() {
    answers("linkup-posts", &["posts.json", "posts-older-shape.json"], targets::linkup_posts);
}

#[test]
fn linkup_reactions() {
    answers("linkup-reactions", &["reactions"], targets::linkup_reactions);
}

#[test]
fn linkup_comments() {
    answers("linkup-comments", &["comments"], targets::linkup_comments);
}

#[test]
fn linkup_people() {
    answers("linkup-people", &["search"], targets::linkup_people);
}

#[test]
fn linkup_profile() {
    answers("linkup-profile", &["profiles"], targets::linkup_profile);
}

#[test]
fn linkup_company() {
    answers("linkup-company", &["companies"], targets::linkup_company);
}

#[test]
fn linkup_messages() {
    answers("linkup-messages", &["conversation", "inbox"], targets::linkup_messages);
}

#[test]
fn linkup_actions() {
    answers("linkup-actions", &["actions", "invitation-status", "webhook-accounts"], targets::linkup_actions);
}

#[test]
fn linkup_failures() {
    answers("linkup-failures", &["errors"], targets::linkup_failures);
}

#[test]
fn linkup_webhooks() {
    answers("linkup-webhooks", &["webhooks"], targets::linkup_webhooks);
}

/// What a harness must do to be believed.
mod harness {
    use super::*;

    fn urls(check: fn(&[u8])) -> Target {
        Target::new("harness", Shape::Text, corpus::labelled(&["profile_urls.jsonl"], "raw"), check)
    }

    #[test]
    fn the_same_numbers_give_the_same_input() {
        let target = urls(|_| {});
        let inputs: Vec<Vec<u8>> = (0..100).map(|execution| target.input(7, execution)).collect();
        assert_eq!(inputs, (0..100).map(|execution| target.input(7, execution)).collect::<Vec<_>>());
        assert_ne!(inputs, (0..100).map(|execution| target.input(8, execution)).collect::<Vec<_>>());
    }

    #[test]
    fn a_reader_that_cannot_bear_a_letter_is_found_out() {
        let target = urls(|input| assert!(!String::from_utf8_lossy(input).contains('\u{37e}')));
        let execution = target.fuzz(SEED, EXECUTIONS).expect_err("some input holds it");
        assert!(!target.survives(&target.input(SEED, execution)), "and it can be made again");
    }
}
