//! Request units consumed, as DynamoDB charges them. A failed condition is charged by DynamoDB but not told,
//! so it is counted here as one write unit.

use aws_sdk_dynamodb::types::ConsumedCapacity;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Calls and hundredths of units by what they were for.
type Uses = BTreeMap<String, (u64, u64)>;

/// Counts in hundredths of a unit, so that halves of eventually consistent reads add up exactly.
#[derive(Debug, Default)]
pub struct Meter {
    reads: AtomicU64,
    writes: AtomicU64,
    by_use: Mutex<BTreeMap<&'static str, Uses>>,
}

/// A reading of the meter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read request units.
    pub reads: f64,
    /// Write request units.
    pub writes: f64,
}

impl std::ops::Sub for Units {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { reads: self.reads - other.reads, writes: self.writes - other.writes }
    }
}

impl Meter {
    pub(crate) fn read(&self, what: &str, capacity: Option<&ConsumedCapacity>) {
        let units = hundredths(capacity);
        self.reads.fetch_add(units, Ordering::Relaxed);
        self.note("read", what, units);
    }

    pub(crate) fn write(&self, what: &str, capacity: Option<&ConsumedCapacity>) {
        let units = hundredths(capacity);
        self.writes.fetch_add(units, Ordering::Relaxed);
        self.note("write", what, units);
    }

    pub(crate) fn failed_condition(&self, what: &str) {
        self.writes.fetch_add(100, Ordering::Relaxed);
        self.note("lost", what, 100);
    }

    fn note(&self, use_of: &'static str, what: &str, units: u64) {
        let mut by_use = self.by_use.lock().unwrap_or_else(PoisonError::into_inner);
        let uses = by_use.entry(use_of).or_default();
        // Looked up first: the name is only kept the first time.
        if let Some((calls, sum)) = uses.get_mut(what) {
            *calls += 1;
            *sum += units;
        } else {
            uses.insert(what.to_owned(), (1, units));
        }
    }

    /// Calls and units so far by what they were for (`read`, `write` or `lost`, and the type of item).
    pub fn by_use(&self) -> BTreeMap<String, (u64, f64)> {
        let by_use = self.by_use.lock().unwrap_or_else(PoisonError::into_inner);
        let all = by_use.iter().flat_map(|(use_of, uses)| uses.iter().map(move |(what, sums)| (use_of, what, sums)));
        #[allow(clippy::cast_precision_loss)]
        all.map(|(use_of, what, (calls, units))| (format!("{use_of} {what}"), (*calls, *units as f64 / 100.0))).collect()
    }

    /// Units consumed so far.
    pub fn units(&self) -> Units {
        #[allow(clippy::cast_precision_loss)]
        let units = |n: &AtomicU64| n.load(Ordering::Relaxed) as f64 / 100.0;
        Units { reads: units(&self.reads), writes: units(&self.writes) }
    }
}

fn hundredths(capacity: Option<&ConsumedCapacity>) -> u64 {
    let units = capacity.and_then(ConsumedCapacity::capacity_units).unwrap_or(0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let hundredths = (units * 100.0).round().max(0.0) as u64;
    hundredths
}
