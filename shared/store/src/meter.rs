//! Request units consumed, as DynamoDB charges them. A failed condition is charged by DynamoDB but not told,
//! so it is counted here as one write unit.

use aws_sdk_dynamodb::types::ConsumedCapacity;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts in hundredths of a unit, so that halves of eventually consistent reads add up exactly.
#[derive(Debug, Default)]
pub struct Meter {
    reads: AtomicU64,
    writes: AtomicU64,
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
    pub(crate) fn read(&self, capacity: Option<&ConsumedCapacity>) {
        self.reads.fetch_add(hundredths(capacity), Ordering::Relaxed);
    }

    pub(crate) fn write(&self, capacity: Option<&ConsumedCapacity>) {
        self.writes.fetch_add(hundredths(capacity), Ordering::Relaxed);
    }

    pub(crate) fn failed_condition(&self) {
        self.writes.fetch_add(100, Ordering::Relaxed);
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
