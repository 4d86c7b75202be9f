//! The reporter: counts the changes of the table by day, each exactly once. Rules: docs/rules.md, "Daily counts".
//!
//! Counts and the mark of how far was counted are one transaction. Where the shard is known, as in the one-machine
//! home, the mark is the shard's newest sequence number. A Lambda's event does not say its shard, and numbers of
//! different shards cannot be compared: there each item has its own mark, since the changes of one item come in order.

mod counts;
mod items;

pub use counts::{Counts, counts, day};

use domain::ids::WorkspaceId;
use jiff::civil::Date;
use kit::{Clock, Failure};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use store::budget::Checkpoint;
use store::{Store, Transacted};

/// The most sums of one transaction; DynamoDB allows 100 operations.
const SUMS_MAX: usize = 90;
/// How often a count is tried again when others count too.
const ROUNDS_MAX: usize = 12;

/// What counting needs.
pub struct Reporter {
    pub store: Store,
    pub clock: Clock,
}

/// Sums by workspace and day.
type Sums = BTreeMap<(WorkspaceId, Date), Counts>;

impl Reporter {
    /// Counts what `records` of one shard bring beyond its checkpoint, and remembers `position`, where to go on.
    ///
    /// Answers how many of the records were not the reporter's own writes. Where all are, nothing is written: else
    /// counting would never come to an end.
    ///
    /// # Errors
    /// When the store is unavailable; what was counted by then stays counted once.
    pub async fn batch(&self, shard: &str, records: &[Value], position: Option<String>) -> Result<usize, Failure> {
        let foreign = records.iter().filter(|r| !is_own(r)).count();
        if foreign == 0 {
            return Ok(0);
        }
        for _ in 0..ROUNDS_MAX {
            if self.count_on(shard, records, position.as_ref()).await? {
                return Ok(foreign);
            }
        }
        Err(Failure::soon("another reporter kept counting"))
    }

    /// Counts in as many transactions as the sums need; false when somebody else moved the checkpoint.
    async fn count_on(&self, shard: &str, records: &[Value], position: Option<&String>) -> Result<bool, Failure> {
        let seen = self.store.checkpoint(shard).await.map_err(Failure::soon)?;
        let mut version = seen.as_ref().map(|c| c.version);
        let (mut newest, known_position) = seen.map_or_else(Default::default, |c| (c.item.sequence, c.item.position));
        let now = self.clock.now();
        let mut sums = Sums::new();
        for record in records {
            let Some(sequence) = sequence_of(record).filter(|s| later(s, &newest)) else { continue };
            if let Some((ws, counts)) = counts(record) {
                let key = (ws, day(record, now));
                if sums.len() == SUMS_MAX && !sums.contains_key(&key) {
                    // Not all is counted yet: the position stays, the sequence tells what comes again.
                    let part = checkpoint(shard, &newest, known_position.clone());
                    if !self.write(&mut sums, &part, &mut version).await? {
                        return Ok(false);
                    }
                }
                add(&mut sums, key, &counts);
            }
            newest = sequence.to_owned();
        }
        self.write(&mut sums, &checkpoint(shard, &newest, position.cloned()), &mut version).await
    }

    async fn write(&self, sums: &mut Sums, checkpoint: &Checkpoint, version: &mut Option<u64>) -> Result<bool, Failure> {
        let counted = self.store.count(sums, checkpoint, *version).await.map_err(Failure::soon)?;
        sums.clear();
        *version = Some(version.map_or(1, |v| v + 1));
        Ok(counted == Transacted::Won)
    }
}

fn checkpoint(shard: &str, sequence: &str, position: Option<String>) -> Checkpoint {
    Checkpoint { shard: shard.to_owned(), sequence: sequence.to_owned(), position }
}

fn add(sums: &mut Sums, key: (WorkspaceId, Date), counts: &Counts) {
    let day = sums.entry(key).or_default();
    for (name, n) in counts {
        *day.entry(name).or_default() += n;
    }
}

fn sequence_of(record: &Value) -> Option<&str> {
    record["dynamodb"]["SequenceNumber"].as_str()
}

/// Whether the decimal number `a` is greater than `b`, however many digits they have; nothing is the least.
fn later(a: &str, b: &str) -> bool {
    let digits = |text: &'_ str| text.trim_start_matches('0').to_owned();
    let (a, b) = (digits(a), digits(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(&b)) == Ordering::Greater
}

/// Whether a change is one of the reporter's own writes: sums, checkpoints and marks.
fn is_own(record: &Value) -> bool {
    let pk = record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap_or_default();
    pk.starts_with("global#stream#") || pk.ends_with("#days")
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &["AMORCE_TABLE"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_are_compared_as_numbers() {
        let check = |a, b, expected| assert_eq!(later(a, b), expected, "{a} {b}");
        check("10", "9", true);
        check("9", "10", false);
        check("10", "10", false);
        check("0010", "9", true);
        check("009", "9", false);
        check("1", "", true);
        check("", "", false);
        check("4421584500000000017450439002", "4421584500000000017450439001", true);
    }
}
