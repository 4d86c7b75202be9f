//! Counting the changes of an embedded table: each once, whatever comes again.

use domain::ids::WorkspaceId;
use jiff::Timestamp;
use kit::Clock;
use reporter::Reporter;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Store;
use store::embedded::Embedded;

const WS: &str = "ws_293abb6b76d7791c0732cc517d38c4b5";

async fn reporter() -> (Reporter, Embedded) {
    let embedded = Embedded::memory().unwrap();
    let store = Store::new(embedded.table("amorce").await.unwrap());
    let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    (Reporter { store, clock: Clock::at(now) }, embedded)
}

/// A new person of workspace number `ws`, seen with `sequence`.
fn lead(ws: usize, person: &str, sequence: u64) -> Value {
    let keys = json!({ "pk": { "S": format!("ws_{ws}#prospect#pro_{person}") }, "sk": { "S": "head" } });
    let mut image = keys.clone();
    image["t"] = json!({ "S": "prospect" });
    json!({ "eventName": "INSERT", "dynamodb": {
        "Keys": keys, "NewImage": image, "SequenceNumber": format!("{sequence:030}"), "ApproximateCreationDateTime": 1_795_165_260.0,
    } })
}

async fn sums(reporter: &Reporter, ws: &str) -> BTreeMap<String, i64> {
    let ws = WorkspaceId::parse(ws).unwrap();
    let days = reporter.store.days(&ws, "2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap()).await.unwrap();
    let mut sums = BTreeMap::new();
    for (name, n) in days.into_iter().flat_map(|(_, counts)| counts) {
        *sums.entry(name).or_default() += n;
    }
    sums
}

fn leads(n: i64) -> BTreeMap<String, i64> {
    BTreeMap::from([("leads".to_owned(), n)])
}

#[tokio::test]
async fn what_comes_again_in_a_shard_counts_once() {
    let (reporter, _) = reporter().await;
    let records: Vec<Value> = (1..=5).map(|n| lead(1, &n.to_string(), n)).collect();
    assert_eq!(reporter.batch("s", &records[..3]).await.unwrap(), 3);
    assert_eq!(reporter.batch("s", &records[..3]).await.unwrap(), 3);
    assert_eq!(reporter.batch("s", &records[1..]).await.unwrap(), 4);
    assert_eq!(sums(&reporter, "ws_1").await, leads(5));
}

#[tokio::test]
async fn a_shard_read_again_from_the_start_counts_nothing_twice() {
    let (reporter, embedded) = reporter().await;
    let (ws, now) = (WorkspaceId::parse(WS).unwrap(), reporter.clock.now());
    for n in 0..3 {
        let url = format!("https://www.linkedin.com/in/person-{n}");
        let row = store::intake::Row { keys: domain::identity::keys_of(Some(&url), None, None), ..Default::default() };
        reporter.store.intake(&ws, &row, now).await.unwrap();
        let (records, _) = embedded.changes("amorce", None, 500).unwrap();
        reporter.batch("amorce", &records).await.unwrap();
    }
    assert_eq!(sums(&reporter, WS).await.get("leads"), Some(&3));
}

#[tokio::test]
async fn an_event_of_a_window_counts_by_its_shard() {
    let (reporter, _) = reporter().await;
    let records: Vec<Value> = (1..=5).map(|n| lead(1, &n.to_string(), n)).collect();
    let done = json!({ "batchItemFailures": [], "state": {} });
    for (shard, from) in [("shardId-1", 0), ("shardId-1", 2), ("shardId-2", 4)] {
        let event = json!({ "Records": records[from..], "shardId": shard, "state": {}, "isFinalInvokeForWindow": false });
        assert_eq!(reporter.event(&event).await, done);
    }
    let last = json!({ "Records": [], "shardId": "shardId-1", "state": {}, "isFinalInvokeForWindow": true });
    assert_eq!(reporter.event(&last).await, done);
    assert_eq!(sums(&reporter, "ws_1").await, leads(6), "five of one shard, one of another");
}

#[tokio::test]
async fn many_workspaces_in_one_batch_count_once() {
    let (reporter, _) = reporter().await;
    let records: Vec<Value> = (1..=200).map(|n| lead(n, "a", n as u64)).collect();
    for _ in 0..2 {
        assert_eq!(reporter.batch("s", &records).await.unwrap(), 200);
    }
    for ws in [1, 90, 91, 180, 200] {
        assert_eq!(sums(&reporter, &format!("ws_{ws}")).await, leads(1), "{ws}");
    }
}

#[tokio::test]
async fn two_reporters_of_one_shard_count_once() {
    let (reporter, _) = reporter().await;
    let records: Vec<Value> = (1..=20).map(|n| lead(1, &n.to_string(), n)).collect();
    let (a, b) = tokio::join!(reporter.batch("s", &records), reporter.batch("s", &records[5..]));
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(sums(&reporter, "ws_1").await, leads(20));
}

#[tokio::test]
async fn counting_the_table_comes_to_an_end_and_equals_a_recount() {
    let (reporter, embedded) = reporter().await;
    let (ws, now) = (WorkspaceId::parse(WS).unwrap(), reporter.clock.now());
    for n in 0..12 {
        let url = format!("https://www.linkedin.com/in/person-{n}");
        let keys = domain::identity::keys_of(Some(&url), None, None);
        let row = store::intake::Row { keys, profile_url: Some(url), ..Default::default() };
        reporter.store.intake(&ws, &row, now).await.unwrap();
    }
    let (mut rounds, mut position) = (0, None);
    loop {
        let (records, next) = embedded.changes("amorce", position.as_deref(), 7).unwrap();
        position = next;
        if reporter.batch("amorce", &records).await.unwrap() == 0 {
            break;
        }
        rounds += 1;
        assert!(rounds < 50, "counting goes on for ever");
    }
    assert_eq!(sums(&reporter, WS).await.get("leads"), Some(&12));
}

#[tokio::test]
async fn without_a_shard_each_change_of_an_item_counts_once() {
    let (reporter, _) = reporter().await;
    let event = |records: &[Value]| json!({ "Records": records });
    let records: Vec<Value> = (1..=100).map(|n| lead(1, &n.to_string(), 1_000 - n)).collect();
    let done = json!({ "batchItemFailures": [] });
    assert_eq!(reporter.event(&event(&records)).await, done);
    // After a crash the batch comes in halves; another shard has smaller numbers.
    assert_eq!(reporter.event(&event(&records[50..])).await, done);
    assert_eq!(reporter.event(&event(&records[..50])).await, done);
    assert_eq!(reporter.event(&event(&[lead(1, "of-another-shard", 3)])).await, done);
    assert_eq!(sums(&reporter, "ws_1").await, leads(101));
}

#[tokio::test]
async fn two_changes_of_one_item_in_one_event_both_count() {
    let (reporter, _) = reporter().await;
    let inserted = lead(1, "a", 5);
    let mut allowed = lead(1, "a", 6);
    allowed["dynamodb"]["OldImage"] = inserted["dynamodb"]["NewImage"].clone();
    allowed["dynamodb"]["NewImage"]["st"] = json!({ "S": "allow" });
    let event = json!({ "Records": [inserted, allowed] });
    for _ in 0..2 {
        assert_eq!(reporter.event(&event).await, json!({ "batchItemFailures": [] }));
    }
    assert_eq!(sums(&reporter, "ws_1").await, BTreeMap::from([("leads".to_owned(), 1), ("allowed".to_owned(), 1)]));
}

#[tokio::test]
async fn the_recorded_event_counts() {
    let (reporter, _) = reporter().await;
    let event: Value = serde_json::from_str(include_str!("../../../events/reporter.changes.json")).unwrap();
    assert_eq!(reporter.event(&event).await, json!({ "batchItemFailures": [] }));
    let expected = [("leads", 1), ("invitations_sent", 1)].map(|(name, n)| (name.to_owned(), n));
    assert_eq!(sums(&reporter, WS).await, BTreeMap::from(expected));
}
