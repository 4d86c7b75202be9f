//! The same work done again, cut off anywhere, or in another order comes to the same.

use crate::chance::Chance;
use crate::essence;
use crate::house::{House, POSTS, answer};
use crate::plan::{How, Injection, Plan};
use crate::simulation::Simulation;
use crate::stage::at_once;
use crate::watch::Violation;
use crate::{number, on_runtime, run};
use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Works on so many jobs on every core.
pub fn side_by_side(jobs: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let job = next.fetch_add(1, Ordering::SeqCst);
                    if job >= jobs {
                        break;
                    }
                    work(job);
                }
            });
        }
    });
}

/// R2. Each kind of stop fails in one way; with `BOUNDARIES=all` each single stop does in every way, 1, 2 and 10 times.
#[test]
fn a_failure_at_any_stop_breaks_no_law() {
    let plain = Plan::plain(7);
    let (outcome, ended, _) = run(plain.clone());
    assert_eq!(ended, Ok(()), "nothing fails by itself");
    assert!(outcome.reached >= 6, "everybody is invited and written to: {}", outcome.reached);
    let all = std::env::var("BOUNDARIES").is_ok_and(|word| word == "all");
    let mut seen = BTreeSet::new();
    let mut injections = Vec::new();
    for (at, stop) in outcome.order.iter().enumerate() {
        let first = seen.insert(stop.clone());
        if !all && !first {
            continue;
        }
        if all {
            let each = How::ALL.into_iter().flat_map(|how| [1, 2, 10].map(|times| Injection { at, how, times }));
            injections.extend(each);
        } else {
            // One way at each kind of stop, another at the next.
            let (how, times) = (How::ALL[seen.len() % How::ALL.len()], [1, 2, 10][seen.len() % 3]);
            injections.push(Injection { at, how, times });
        }
    }
    let broken: Mutex<Vec<(Injection, Violation)>> = Mutex::default();
    side_by_side(injections.len(), |job| {
        let inject = injections[job];
        if let (_, Err(violation), _) = run(Plan { inject: Some(inject), ..plain.clone() }) {
            broken.lock().expect("whole").push((inject, violation));
        }
    });
    println!("{} stops of {} kinds, {} failures injected", outcome.order.len(), seen.len(), injections.len());
    let broken = broken.into_inner().expect("whole");
    let told: Vec<String> = broken.iter().map(|(i, v)| format!("{i:?} at {}: {v:?}", outcome.order[i.at])).collect();
    assert!(broken.is_empty(), "{} of {}:\n{}", broken.len(), injections.len(), told.join("\n"));
}

/// R3. Each message and webhook one to five times, some at once: the store ends as after the single run.
#[test]
fn what_comes_several_times_counts_once() {
    let runs = number("DUPLICATE_RUNS").unwrap_or(12) as usize;
    let ended_as = |plan: Plan| {
        on_runtime(|| {
            let mut simulation = Simulation::new(plan);
            let ended = simulation.run();
            let copies = simulation.outcome.faults.values().sum::<u64>();
            (ended, essence::of(&simulation.house), copies)
        })
    };
    let (ended, expected, _) = ended_as(Plan::plain(7));
    assert_eq!(ended, Ok(()));
    let failures: Mutex<Vec<String>> = Mutex::default();
    let cases = Mutex::new(0);
    side_by_side(runs, |job| {
        // The people are of the seed: only the order and the copies differ.
        let plan = Plan { copies: 5, width: 4, shuffle: job as u64 + 1, ..Plan::plain(7) };
        let (ended, found, copies) = ended_as(plan);
        *cases.lock().expect("whole") += copies;
        if ended != Ok(()) || found != expected {
            let differs = expected.iter().filter(|(id, words)| found.get(*id) != Some(words));
            let differs: Vec<String> = differs.map(|(id, words)| format!("{words}\n{:?}", found.get(id))).collect();
            failures.lock().expect("whole").push(format!("run {job}: {ended:?}\n{}", differs.join("\n")));
        }
    });
    println!("{} messages more than once in {runs} runs", cases.into_inner().expect("whole"));
    let failures = failures.into_inner().expect("whole");
    assert!(failures.is_empty(), "{} of {runs}\n{}", failures.len(), failures.join("\n"));
}

/// What happens to a person whose invitation is out.
const EVENTS: [&str; 6] = ["accepts", "answers", "black-listed", "seen again", "tagged", "line raised"];

/// R4. Six events of one person in all their 720 orders.
#[test]
fn six_events_in_any_order_come_to_one_state() {
    let orders = permutations(EVENTS.len());
    let step = number("ORDERS").map_or(6, |n| (orders.len() / (n as usize).max(1)).max(1));
    let chosen: Vec<&Vec<usize>> = orders.iter().step_by(step).collect();
    let states: Mutex<BTreeMap<String, Vec<usize>>> = Mutex::default();
    side_by_side(chosen.len(), |job| {
        let state = on_runtime(|| in_order(chosen[job]));
        states.lock().expect("whole").entry(state).or_insert_with(|| chosen[job].clone());
    });
    let states = states.into_inner().expect("whole");
    println!("{} orders of {EVENTS:?}", chosen.len());
    assert_eq!(states.len(), 1, "{states:#?}");
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for place in 0..n {
            let mut order = shorter.clone();
            order.insert(place, n - 1);
            all.push(order);
        }
    }
    all
}

/// The state of the first person after the events in this order.
fn in_order(order: &[usize]) -> String {
    let mut chance = Chance::new(7);
    let plan = Plan { people: 1, ..Plan::plain(7) };
    let house = House::build(&plan, &mut chance);
    house.world.state().0.steady = false;
    house.world.state().0.accepts_permille = 0;
    house.world.state().0.replies_permille = 0;
    let tenant = house.tenants[0].clone();
    let call = |method: Method, path: &str, body: Value| {
        let once = format!("{path} {body} {}", house.clock.now());
        let (status, answer) = at_once(answer(house.router.clone(), House::request(&tenant, method, path, &body, &once)));
        assert!(status.is_success(), "{path}: {status} {answer}");
        answer
    };
    let pass = |how_long: SignedDuration| {
        let until = house.clock.now() + how_long;
        while let Some(at) = house.next_instant().filter(|at| *at <= until) {
            house.clock.set(at.max(house.clock.now() + SignedDuration::from_secs(1)));
            at_once(house.ticker.tick()).expect("quiet");
            for (name, handler) in &house.handlers {
                for message in house.queues.receive(name, 10, 600).expect("memory") {
                    at_once(handler.handle(&message.body)).expect("quiet");
                    house.queues.done(&message).expect("memory");
                }
            }
        }
        house.clock.set(until.max(house.clock.now()));
    };
    let minutes = SignedDuration::from_mins;
    let collect = |post: usize| {
        let source = if post == 1 { "spy" } else { "hot" };
        call(
            Method::POST,
            "/api/v1/runs",
            json!({ "source": source, "account_id": tenant.accounts[0], "post_url": POSTS[post] }),
        );
        pass(minutes(20));
    };
    collect(0);
    let review = house.calmly(&tenant, Method::GET, "/api/v1/review?kind=message", Value::Null);
    let message = review["items"][0]["id"].as_str().expect("a draft").to_owned();
    call(Method::POST, &format!("/api/v1/messages/{message}/approve"), json!({}));
    pass(SignedDuration::from_hours(6));
    let reached = house.world.state().0.reached.clone();
    assert_eq!(reached.len(), 1, "the invitation is out");
    let (session, slug) = (reached[0].account.clone(), reached[0].slug.clone());
    let key = domain::identity::slug_key(&slug).expect("a slug");
    let id = at_once(house.quiet.identities(&tenant.id, &[key])).expect("quiet")[0].prospect.clone();
    for event in order {
        match EVENTS[*event] {
            "accepts" => {
                let mut state = house.world.state();
                let relation = state.0.relations.get_mut(&(session.clone(), slug.clone())).expect("an invitation");
                (relation.invited_at, relation.connected_at) = (None, Some(house.clock.now()));
                drop(state);
                // Noticed at the next look.
                pass(SignedDuration::from_hours(5));
            }
            "answers" => {
                house.world.writes(&session, &slug, "Merci, pas intéressé.");
                let body = json!({ "event": "message", "message": "…", "timestamp": house.clock.now().as_millisecond(),
                    "sender": { "name": "?", "profile_url": format!("https://www.linkedin.com/in/{slug}") } });
                call(Method::POST, &tenant.webhooks[0], body);
            }
            "black-listed" => {
                let url = format!("https://www.linkedin.com/in/{slug}");
                call(Method::POST, "/api/v1/suppressions", json!({ "kind": "profile_url", "value": url, "reason": "demande" }));
            }
            "seen again" => collect(1),
            "tagged" => {
                let change = json!({ "tags": ["salon"], "manual": { "points": 3, "why": "rencontré" } });
                call(Method::PATCH, &format!("/api/v1/prospects/{id}"), change);
            }
            _ => {
                call(Method::PATCH, "/api/v1/workspace", json!({ "threshold": 55 }));
            }
        }
        pass(minutes(15));
    }
    pass(SignedDuration::from_hours(14));
    essence::of(&house).remove(id.as_str()).expect("the person")
}
