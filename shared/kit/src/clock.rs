//! The clock as a dependency: the system's, one set by hand, or an accelerated one.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Tells the time. Clones of a hand-set clock share it.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    /// Milliseconds since 1970, set by hand.
    Set(Arc<AtomicI64>),
    /// Runs `factor` times as fast from `origin` on.
    Fast { started: Instant, origin: Timestamp, factor: i32 },
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `at` until it is set.
    pub fn at(at: Timestamp) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(at.as_millisecond()))))
    }

    /// A clock that starts at `origin` now and runs `factor` times as fast.
    pub fn accelerated(origin: Timestamp, factor: i32) -> Self {
        Self(Source::Fast { started: Instant::now(), origin, factor: factor.max(1) })
    }

    /// The time now, to the millisecond.
    pub fn now(&self) -> Timestamp {
        let millis = match &self.0 {
            Source::System => Timestamp::now().as_millisecond(),
            Source::Set(at) => at.load(Ordering::SeqCst),
            Source::Fast { started, origin, factor } => {
                let passed = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
                origin.as_millisecond().saturating_add(passed.saturating_mul(i64::from(*factor)))
            }
        };
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Lets `how_long` pass: really on the system's clock, accordingly shorter on an accelerated one. A clock set by hand
    /// is moved forward.
    pub async fn wait(&self, how_long: SignedDuration) {
        let millis = u64::try_from(how_long.as_millis()).unwrap_or(0);
        let millis = match &self.0 {
            Source::System => millis,
            Source::Set(_) => {
                self.advance(how_long.max(SignedDuration::ZERO));
                0
            }
            Source::Fast { factor, .. } => millis / u64::try_from(*factor).unwrap_or(1).max(1),
        };
        if millis > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
        }
    }

    /// Sets a hand-set clock; others go on by themselves.
    pub fn set(&self, at: Timestamp) {
        if let Source::Set(clock) = &self.0 {
            clock.store(at.as_millisecond(), Ordering::SeqCst);
        }
    }

    /// Moves a hand-set clock forward.
    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now() + by);
    }
}
