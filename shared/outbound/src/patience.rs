//! How long a read that failed is waited for inside one call, and when it is given back to the queue instead.
//! Rules: docs/rules.md, "Language models".

use std::time::Duration;

/// Calls made again after the first, at most.
pub(crate) const RETRIES_MAX: u32 = 2;
/// Longest wait inside a call; whoever is asked to wait longer goes back to the queue.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(10);
/// Our own pause before the first repetition; it doubles.
pub(crate) const BACKOFF_FIRST: Duration = Duration::from_millis(500);
const BACKOFF_MAX: Duration = Duration::from_secs(8);

/// The wait before call `again` (1 is the first repetition): what the vendor asks for, at least our own pause, which doubles
/// from `first` and is up to a quarter shorter by `seed`, so that callers who failed together do not come back together.
pub(crate) fn wait(first: Duration, again: u32, told: Option<Duration>, seed: u64) -> Duration {
    let own = first.saturating_mul(1 << again.saturating_sub(1).min(8)).min(BACKOFF_MAX);
    let shorter = own / 4 * u32::try_from(seed % 1_000).unwrap_or(0) / 1_000;
    told.unwrap_or_default().max(own - shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_the_vendor_may_ask_for_more() {
        let millis =
            |again, told: Option<u64>, seed| wait(BACKOFF_FIRST, again, told.map(Duration::from_millis), seed).as_millis();
        assert_eq!([1, 2, 3, 9].map(|again| millis(again, None, 0)), [500, 1_000, 2_000, 8_000]);
        assert!((375..500).contains(&millis(1, None, 999)));
        assert_eq!(millis(1, Some(0), 0), 500, "now means after our own pause");
        assert_eq!(millis(1, Some(7_000), 0), 7_000);
    }
}
