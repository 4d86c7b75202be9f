//! The reporter: counts the changes of the table by day, each exactly once. Rules: docs/rules.md, "Daily counts".
//!
//! A day's sums bear, for each shard of the change stream, the newest sequence number counted in them: counts and mark
//! are one write. An event that does not say its shard has numbers that cannot be compared: there each item has its own
//! mark, since the changes of one item come in order.

mod counts;
mod items;

pub use counts::{Counts, counts, day};

use domain::ids::WorkspaceId;
use jiff::civil::Date;
use kit::{Clock, Failure};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use store::Store;

/// How often a count is tried again when others count too.
const ROUNDS_MAX: usize = 12;

/// What counting needs.
pub struct Reporter {
    pub store: Store,
    pub clock: Clock,
}

impl Reporter {
    /// Counts what `records` of one shard, in their order, bring beyond what was counted of it.
    ///
    /// Answers how many of the records were not the reporter's own writes. Where all are, nothing is written: else
    /// counting would never come to an end.
    ///
    /// # Errors
    /// When the store is unavailable; what was counted by then stays counted once.
    pub async fn batch(&self, shard: &str, records: &[Value]) -> Result<usize, Failure> {
        let now = self.clock.now();
        let mut days: BTreeMap<(WorkspaceId, Date), Vec<(&str, Counts)>> = BTreeMap::new();
        for record in records {
            if let (Some(sequence), Some((ws, counts))) = (sequence_of(record), counts(record)) {
                days.entry((ws, day(record, now))).or_default().push((sequence, counts));
            }
        }
        for ((ws, date), changes) in &days {
            self.count_day(shard, ws, *date, changes).await?;
        }
        Ok(records.iter().filter(|r| !is_own(r)).count())
    }

    async fn count_day(&self, shard: &str, ws: &WorkspaceId, date: Date, changes: &[(&str, Counts)]) -> Result<(), Failure> {
        for _ in 0..ROUNDS_MAX {
            let seen = self.store.counted(ws, date, shard).await.map_err(Failure::soon)?;
            let mut newest = seen.as_deref().unwrap_or_default();
            let mut sums = Counts::new();
            for (sequence, counts) in changes {
                if later(sequence, newest) {
                    newest = sequence;
                    add(&mut sums, counts);
                }
            }
            if sums.is_empty() {
                return Ok(());
            }
            let counted = self.store.count(ws, date, &sums, (shard, seen.as_deref(), newest)).await;
            if counted.map_err(Failure::soon)?.won() {
                return Ok(());
            }
        }
        Err(Failure::soon("another reporter kept counting"))
    }
}

fn add(sums: &mut Counts, counts: &Counts) {
    for (name, n) in counts {
        *sums.entry(name).or_default() += n;
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
