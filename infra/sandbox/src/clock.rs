//! A clock that can be set, moved and run faster than the real one.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use jiff::Timestamp;

/// Where the sandbox reads the time; the only place it does.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A virtual clock. Clones share one time.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    state: Arc<Mutex<Reading>>,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    at: Timestamp,
    since: Instant,
    speed: f64,
}

impl Reading {
    fn now(&self) -> Timestamp {
        let passed_ms = self.since.elapsed().as_secs_f64() * self.speed * 1000.0;
        later(self.at, passed_ms as i64)
    }
}

impl VirtualClock {
    /// Stands still at `at` until it is moved.
    pub fn still(at: Timestamp) -> Self {
        Self::running(at, 0.0)
    }

    /// Starts at `at` and runs `speed` virtual seconds for each real one.
    pub fn running(at: Timestamp, speed: f64) -> Self {
        let reading = Reading { at, since: Instant::now(), speed: speed.max(0.0) };
        VirtualClock { state: Arc::new(Mutex::new(reading)) }
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        self.with(|reading| reading.now())
    }

    /// Jumps to `at`; earlier is allowed.
    pub fn set(&self, at: Timestamp) {
        self.with(|reading| {
            reading.at = at;
            reading.since = Instant::now();
        });
    }

    /// Moves by `seconds`; negative is back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.set(later(self.now(), seconds.saturating_mul(1000)));
    }

    /// Changes the speed from now on.
    pub fn set_speed(&self, speed: f64) {
        self.set(self.now());
        self.with(|reading| reading.speed = speed.max(0.0));
    }

    /// Virtual seconds for each real one.
    pub fn speed(&self) -> f64 {
        self.with(|reading| reading.speed)
    }

    /// This clock as the sandbox's `now`.
    pub fn source(&self) -> Now {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Reading) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}

fn later(at: Timestamp, ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond().saturating_add(ms)).unwrap_or(at)
}
