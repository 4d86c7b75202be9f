//! Keeps requests per API key under the vendor's limit, before the vendor has to say it.
//!
//! The key is shared by all accounts and workers, so the count is too: one gate
//! per process on one machine, a shared one where several processes call.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// Admits or holds back requests of one API key.
///
/// `key_id` is a digest of the key, never the key. A shared implementation that
/// cannot reach its store holds back: it fails closed.
/// Source: docs/rules.md, "The provider’s own limits".
#[async_trait]
pub trait RateGate: Send + Sync {
    /// Counts one request at `now`, or says how long to wait instead.
    async fn admit(&self, key_id: &str, now: Timestamp) -> Result<(), Duration>;

    /// Until when every request of the key is held back, if it is.
    async fn paused_until(&self, key_id: &str) -> Option<Timestamp>;

    /// Holds back every request of the key until `until`; a longer pause stands.
    async fn penalise(&self, key_id: &str, until: Timestamp);
}

/// A sliding window per key, in this process.
#[derive(Debug)]
pub struct SlidingWindow {
    requests_max: usize,
    window: Duration,
    keys: Mutex<HashMap<String, KeyState>>,
}

#[derive(Debug, Default)]
struct KeyState {
    admitted: Vec<Timestamp>,
    paused_until: Option<Timestamp>,
}

impl SlidingWindow {
    /// At most `requests_max` requests in any `window`.
    pub fn new(requests_max: usize, window: Duration) -> Self {
        SlidingWindow { requests_max, window, keys: Mutex::default() }
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<String, KeyState>> {
        // The state is whole after every statement, so a panic elsewhere does not spoil it.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl RateGate for SlidingWindow {
    async fn admit(&self, key_id: &str, now: Timestamp) -> Result<(), Duration> {
        let mut keys = self.keys();
        let state = keys.entry(key_id.to_owned()).or_default();
        if let Some(until) = state.paused_until {
            let left = positive(until, now);
            if left > Duration::ZERO {
                return Err(left);
            }
            state.paused_until = None;
        }
        // Instants ahead of a clock that was set back are forgotten after one window too.
        state.admitted.retain(|at| positive(now, *at) < self.window && positive(*at, now) < self.window);
        if state.admitted.len() < self.requests_max {
            state.admitted.push(now);
            return Ok(());
        }
        let oldest = state.admitted.iter().min().copied().unwrap_or(now);
        Err(self.window.saturating_sub(positive(now, oldest)) + positive(oldest, now))
    }

    async fn paused_until(&self, key_id: &str) -> Option<Timestamp> {
        self.keys().get(key_id).and_then(|state| state.paused_until)
    }

    async fn penalise(&self, key_id: &str, until: Timestamp) {
        let mut keys = self.keys();
        let state = keys.entry(key_id.to_owned()).or_default();
        state.paused_until = state.paused_until.max(Some(until));
    }
}

/// Time from `earlier` to `later`, zero where it is the other way round.
fn positive(later: Timestamp, earlier: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or(Duration::ZERO)
}

/// Answers one question about a key in a store that all processes share: `admit` (window, most calls) says 1 for yes and
/// 0 for no, `until` says the end of a pause in milliseconds since 1970, `pause` sets it. `None`: it could not be asked.
pub type CountCalls =
    Box<dyn Fn(&'static str, String, i64, i64) -> Pin<Box<dyn Future<Output = Option<i64>> + Send>> + Send + Sync>;

/// Length of one counted window, in seconds.
const WINDOW_SECONDS: i64 = 10;
/// Calls admitted in one window: seven windows touch any minute, so that no minute sees more than 294.
const WINDOW_CALLS_MAX: i64 = 42;
/// How long is waited when the shared count cannot be asked.
const UNKNOWN_WAIT: Duration = Duration::from_secs(5);

/// Counts in a store that all processes share.
pub struct SharedGate {
    count: CountCalls,
}

impl SharedGate {
    /// A gate over `count`.
    pub fn new(count: CountCalls) -> Self {
        Self { count }
    }
}

impl std::fmt::Debug for SharedGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedGate")
    }
}

#[async_trait]
impl RateGate for SharedGate {
    async fn admit(&self, key_id: &str, now: Timestamp) -> Result<(), Duration> {
        if let Some(until) = self.paused_until(key_id).await {
            let left = positive(until, now);
            if left > Duration::ZERO {
                return Err(left);
            }
        }
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        match (self.count)("admit", key_id.to_owned(), window, WINDOW_CALLS_MAX).await {
            Some(1) => Ok(()),
            Some(_) => {
                let end = Timestamp::from_second((window + 1) * WINDOW_SECONDS).unwrap_or(now);
                Err(positive(end, now).max(Duration::from_millis(100)))
            }
            None => Err(UNKNOWN_WAIT),
        }
    }

    async fn paused_until(&self, key_id: &str) -> Option<Timestamp> {
        let until = (self.count)("until", key_id.to_owned(), 0, 0).await?;
        Timestamp::from_millisecond(until).ok()
    }

    async fn penalise(&self, key_id: &str, until: Timestamp) {
        (self.count)("pause", key_id.to_owned(), until.as_millisecond(), 0).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_000_000_000 + millis).unwrap()
    }

    #[tokio::test]
    async fn no_window_ever_holds_more_than_the_limit() {
        let gate = SlidingWindow::new(300, Duration::from_secs(60));
        let mut admitted = Vec::new();
        for step in 0..2_000 {
            let now = at(step * 97);
            match gate.admit("k", now).await {
                Ok(()) => admitted.push(now),
                Err(wait) => {
                    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60));
                    let open = now.checked_add(wait).unwrap();
                    let oldest = admitted[admitted.len() - 300];
                    assert_eq!(open.duration_since(oldest).as_millis(), 60_000, "the wait is exact");
                }
            }
        }
        for (index, start) in admitted.iter().enumerate() {
            let held = admitted[index..].iter().take_while(|t| positive(**t, *start) < Duration::from_secs(60));
            assert!(held.count() <= 300);
        }
        assert!(admitted.len() > 900, "the gate opens again: {}", admitted.len());
    }

    #[tokio::test]
    async fn keys_do_not_share_a_window_and_a_pause_holds_one_key() {
        let gate = SlidingWindow::new(1, Duration::from_secs(60));
        assert_eq!(gate.admit("a", at(0)).await, Ok(()));
        assert_eq!(gate.admit("a", at(1_000)).await, Err(Duration::from_secs(59)));
        assert_eq!(gate.admit("b", at(1_000)).await, Ok(()));
        assert_eq!(gate.admit("a", at(60_000)).await, Ok(()));

        gate.penalise("b", at(200_000)).await;
        gate.penalise("b", at(150_000)).await;
        assert_eq!(gate.paused_until("b").await, Some(at(200_000)), "the longer pause stands");
        assert_eq!(gate.admit("b", at(199_000)).await, Err(Duration::from_secs(1)));
        assert_eq!(gate.admit("b", at(200_000)).await, Ok(()));
        assert_eq!(gate.paused_until("b").await, None);
    }

    #[tokio::test]
    async fn a_clock_set_back_neither_bursts_nor_blocks_for_long() {
        let gate = SlidingWindow::new(1, Duration::from_secs(60));
        assert_eq!(gate.admit("k", at(1_000)).await, Ok(()));
        assert_eq!(gate.admit("k", at(0)).await, Err(Duration::from_secs(61)), "one second back");
        assert_eq!(gate.admit("k", at(-3_600_000)).await, Ok(()), "one hour back");
    }
}
