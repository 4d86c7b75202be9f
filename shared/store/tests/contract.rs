//! The operations of the table, against the embedded store.

use serde::{Deserialize, Serialize};
use store::record::{DueEntry, ListEntry};
use store::table::Walk;
use store::{Entity, Key, Transacted, Written, embedded::Embedded};

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
struct Thing {
    name: String,
    text: String,
    due: Option<jiff::Timestamp>,
}

impl Entity for Thing {
    const TYPE: &'static str = "thing";
    fn key(&self) -> Key {
        Key::new("ws#things", &self.name)
    }
    fn list(&self) -> Option<ListEntry> {
        Some(ListEntry { list: "ws#list".into(), order: self.name.clone() })
    }
    fn due(&self) -> Option<DueEntry> {
        self.due.map(|at| DueEntry { at, queue: "q", kind: "k" })
    }
}

fn thing(name: &str) -> Thing {
    Thing { name: name.into(), text: "long enough to be compressed ".repeat(20), due: None }
}

async fn table() -> store::Table {
    Embedded::memory().unwrap().table("amorce").await.unwrap()
}

#[tokio::test]
async fn a_second_creation_is_lost_and_changes_nothing() {
    let table = table().await;
    assert_eq!(table.create(&thing("a")).await.unwrap(), Written::Won);
    let other = Thing { text: "other".into(), ..thing("a") };
    assert_eq!(table.create(&other).await.unwrap(), Written::Lost);
    let read = table.get::<Thing>(&thing("a").key()).await.unwrap().unwrap();
    assert_eq!((read.item, read.version), (thing("a"), 1));
}

#[tokio::test]
async fn a_write_upon_an_old_version_is_lost() {
    let table = table().await;
    assert!(table.create(&thing("a")).await.unwrap().won());
    let mut first = table.get::<Thing>(&thing("a").key()).await.unwrap().unwrap();
    let mut second = first.clone();
    first.text = "first".into();
    assert!(table.save(&mut first).await.unwrap().won());
    second.text = "second".into();
    assert_eq!(table.save(&mut second).await.unwrap(), Written::Lost);
    assert_eq!(table.get::<Thing>(&thing("a").key()).await.unwrap().unwrap().text, "first");
}

#[tokio::test]
async fn a_transaction_writes_all_or_nothing_and_names_what_failed() {
    let table = table().await;
    assert!(table.create(&thing("a")).await.unwrap().won());
    let ops = vec![table.op_create(&thing("b")).unwrap(), table.op_create(&thing("a")).unwrap()];
    assert_eq!(table.transact(ops).await.unwrap(), Transacted::Lost(vec![1]));
    assert!(table.get::<Thing>(&thing("b").key()).await.unwrap().is_none());
    let epoch = Key::new("ws", "epoch");
    let ops = vec![table.op_create(&thing("b")).unwrap(), table.op_check_number(&epoch, "n", 0).unwrap()];
    assert_eq!(table.transact(ops).await.unwrap(), Transacted::Won);
    assert_eq!(table.add_below(&epoch, "n", 1, None).await.unwrap(), Some(1));
    let ops = vec![table.op_create(&thing("c")).unwrap(), table.op_check_number(&epoch, "n", 0).unwrap()];
    assert_eq!(table.transact(ops).await.unwrap(), Transacted::Lost(vec![1]));
}

#[tokio::test]
async fn a_counter_never_passes_its_ceiling() {
    let table = table().await;
    let key = Key::new("ws", "budget");
    assert_eq!(table.add_below(&key, "credits", 7, Some(10)).await.unwrap(), Some(7));
    assert_eq!(table.add_below(&key, "credits", 4, Some(10)).await.unwrap(), None);
    assert_eq!(table.add_below(&key, "credits", 3, Some(10)).await.unwrap(), Some(10));
    assert_eq!(table.numbers(&key).await.unwrap().get("credits"), Some(&10));
}

#[tokio::test]
async fn lists_are_ordered_and_paged() {
    let table = table().await;
    for name in ["b", "a", "c"] {
        assert!(table.create(&thing(name)).await.unwrap().won());
    }
    let first = table.list("ws#list", None, Walk { descending: true, limit: 2, start: None }).await.unwrap();
    let names =
        |items: &[store::record::Item]| items.iter().map(|i| store::table::text(i, "sk").unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&first.items), ["c", "b"]);
    let rest = table.list("ws#list", None, Walk { descending: true, limit: 2, start: first.next }).await.unwrap();
    assert_eq!(names(&rest.items), ["a"]);
}

#[tokio::test]
async fn due_work_is_found_in_time_and_moved_by_a_lease() {
    let table = table().await;
    let at: jiff::Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
    let due = Thing { due: Some(at), ..thing("d") };
    assert!(table.create(&due).await.unwrap().won());
    let shard = store::record::due_shard(&due.key());
    assert!(table.due(&shard, "2026-11-20T10:00:00.000Z", 10).await.unwrap().is_empty());
    let found = table.due(&shard, "2026-11-20T10:00:01.000Z", 10).await.unwrap();
    let from = store::table::text(&found[0], "dsk").unwrap();
    assert!(table.move_due(&due.key(), from, "2026-11-20T10:05:00.000Z|q|k").await.unwrap().won());
    assert_eq!(table.move_due(&due.key(), from, "x").await.unwrap(), Written::Lost);
    assert!(table.due(&shard, "2026-11-20T10:00:01.000Z", 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn many_items_are_read_and_written_past_the_limits_of_one_batch() {
    let table = table().await;
    let things: Vec<Thing> = (0..130).map(|n| thing(&format!("{n:03}"))).collect();
    let items = things.iter().map(|t| store::record::encode(t, 1).unwrap()).collect();
    table.overwrite_many(items).await.unwrap();
    let keys: Vec<Key> = things.iter().map(Entity::key).collect();
    let read = table.get_many::<Thing>(&keys).await.unwrap();
    assert_eq!(read.into_iter().map(|t| t.item).collect::<Vec<_>>(), things);
    assert_eq!(table.query_all::<Thing>("ws#things", "", 1_000).await.unwrap().len(), 130);
}

#[tokio::test]
async fn units_are_metered() {
    let table = table().await;
    let before = table.meter().units();
    assert!(table.create(&thing("a")).await.unwrap().won());
    let used = table.meter().units() - before;
    assert_eq!(used.writes, 2.0, "one unit for the item, one for its place in a list");
}

#[tokio::test]
async fn the_change_stream_tells_each_write() {
    let embedded = Embedded::memory().unwrap();
    let table = embedded.table("amorce").await.unwrap();
    assert!(table.create(&thing("a")).await.unwrap().won());
    let (records, next) = embedded.changes("amorce", None, 100).unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["eventName"], "INSERT");
    assert_eq!(records[0]["dynamodb"]["NewImage"]["t"]["S"], "thing");
    let (records, _) = embedded.changes("amorce", next.as_deref(), 100).unwrap();
    assert!(records.is_empty());
}
