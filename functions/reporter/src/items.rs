//! Counting where the shard is not known: a mark per item, kept as long as a change may come again.

use crate::ROUNDS_MAX;
use crate::{Counts, Reporter, add, counts, day, later, sequence_of};
use domain::ids::{WorkspaceId, derive_hex};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kit::Failure;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use store::record::Entity;
use store::{Key, Transacted, Versioned, keys};

/// How long a mark is kept: a change stays in the stream for a day, then it cannot come again.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// The most sums of one transaction; DynamoDB allows 100 operations.
const SUMS_MAX: usize = 90;

/// Sums by workspace and day.
type Sums = BTreeMap<(WorkspaceId, Date), Counts>;

/// How far the changes of one item were counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// The item's key, hashed: it outlives an erased person.
    item: String,
    /// The newest sequence number counted.
    sequence: String,
    counted_at: Timestamp,
}

impl Mark {
    fn key_of(item: &str) -> Key {
        keys::checkpoint(&format!("item#{item}"))
    }
}

impl Entity for Mark {
    const TYPE: &'static str = "counted";
    fn key(&self) -> Key {
        Self::key_of(&self.item)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.counted_at + KEPT)
    }
}

/// A record that counts something.
struct Countable<'a> {
    record: &'a Value,
    sequence: &'a str,
    item: String,
}

impl<'a> Countable<'a> {
    fn of(record: &'a Value) -> Option<Self> {
        counts(record)?;
        let keys = &record["dynamodb"]["Keys"];
        let item = derive_hex(&[keys["pk"]["S"].as_str()?, keys["sk"]["S"].as_str()?]);
        Some(Self { record, sequence: sequence_of(record)?, item })
    }
}

impl Reporter {
    /// Counts a DynamoDB event of a Lambda; answers `batchItemFailures` with the first record not counted, from which
    /// on all come again. Events of a window say their shard.
    pub async fn event(&self, event: &Value) -> Value {
        let records = event["Records"].as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(shard) = event["shardId"].as_str() {
            let failed = self.batch(shard, records).await.err().inspect(|failure| {
                tracing::warn!(%failure, "reporter.not_counted");
            });
            let first = records.first().filter(|_| failed.is_some()).and_then(sequence_of);
            let failures: Vec<Value> = first.iter().map(|sequence| json!({ "itemIdentifier": sequence })).collect();
            return json!({ "batchItemFailures": failures, "state": {} });
        }
        let countable: Vec<Countable<'_>> = records.iter().filter_map(Countable::of).collect();
        // Each record takes at most one sum and one mark.
        for part in countable.chunks(SUMS_MAX / 2) {
            if let Err(failure) = self.count_items(part).await {
                tracing::warn!(%failure, "reporter.not_counted");
                let first = part.first().map(|c| c.sequence).unwrap_or_default();
                return json!({ "batchItemFailures": [{ "itemIdentifier": first }] });
            }
        }
        json!({ "batchItemFailures": [] })
    }

    async fn count_items(&self, part: &[Countable<'_>]) -> Result<(), Failure> {
        let wanted: Vec<Key> = part.iter().map(|c| Mark::key_of(&c.item)).collect();
        for _ in 0..ROUNDS_MAX {
            let known = self.store.table.get_many::<Mark>(&wanted).await.map_err(Failure::soon)?;
            let mut marks: HashMap<String, Versioned<Mark>> = known.into_iter().map(|m| (m.item.item.clone(), m)).collect();
            let now = self.clock.now();
            let (mut sums, mut moved) = (Sums::new(), Vec::new());
            for countable in part {
                let new = || Mark { item: countable.item.clone(), sequence: String::new(), counted_at: now };
                let mark = marks.entry(countable.item.clone()).or_insert_with(|| Versioned { item: new(), version: 0 });
                let Some((ws, counts)) = counts(countable.record).filter(|_| later(countable.sequence, &mark.sequence)) else {
                    continue;
                };
                add(sums.entry((ws, day(countable.record, now))).or_default(), &counts);
                mark.sequence = countable.sequence.to_owned();
                mark.counted_at = now;
                moved.push(countable.item.as_str());
            }
            if moved.is_empty() || self.write_items(&sums, &marks, moved).await? {
                return Ok(());
            }
        }
        Err(Failure::soon("the same items kept being counted"))
    }

    /// Sums and marks together; false when another count has moved a mark.
    async fn write_items(
        &self,
        sums: &Sums,
        marks: &HashMap<String, Versioned<Mark>>,
        mut moved: Vec<&str>,
    ) -> Result<bool, Failure> {
        moved.sort_unstable();
        moved.dedup();
        let table = &self.store.table;
        let mut ops = Vec::with_capacity(sums.len() + moved.len());
        for ((ws, date), counts) in sums {
            let adds: Vec<(&str, i64)> = counts.iter().map(|(name, n)| (*name, *n)).collect();
            ops.push(table.op_add(&keys::day(ws, *date), &adds).map_err(Failure::soon)?);
        }
        for mark in moved.iter().filter_map(|item| marks.get(*item)) {
            let op = if mark.version == 0 { table.op_create(&mark.item) } else { table.op_save(mark) };
            ops.push(op.map_err(Failure::soon)?);
        }
        Ok(table.transact(ops).await.map_err(Failure::soon)? == Transacted::Won)
    }
}
