//! The clock: puts due work into its queue, at the exact instant, and comes back for what got lost.

use domain::job::Job;
use jiff::{SignedDuration, Timestamp};
use kit::{Clock, Failure, Outgoing, Queues};
use std::sync::Arc;
use store::record::{DUE_SHARDS, Item, instant};
use store::table::text;
use store::{Key, Store, keys};

/// How far ahead of its instant work is put into its queue, with the delay that remains.
pub const LOOK_AHEAD: SignedDuration = SignedDuration::from_secs(90);
/// When work comes back that nobody has finished.
pub const LEASE: SignedDuration = SignedDuration::from_secs(300);
/// How many entries of one shard are read at once.
const PAGE: usize = 100;
/// A tick ends after so long; the next goes on.
const TICK_MAX: SignedDuration = SignedDuration::from_secs(50);
/// How many pages of a shard one tick reads at most.
const PAGES_MAX: usize = 200;

/// What the clock needs.
pub struct Ticker {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub clock: Clock,
}

/// What one tick came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ticked {
    /// Jobs put into queues.
    pub sent: u32,
    /// Whether due work was left for the next tick.
    pub more: bool,
}

impl Ticker {
    /// One tick. Costs what is due, not what exists.
    ///
    /// # Errors
    /// When the store or a queue is unavailable; what was not moved comes again with the next tick.
    pub async fn tick(&self) -> Result<Ticked, Failure> {
        let started = self.clock.now();
        let until = instant(started + LOOK_AHEAD);
        let mut ticked = Ticked::default();
        for shard in 0..DUE_SHARDS {
            for page in 0.. {
                if page == PAGES_MAX || self.clock.now().duration_since(started) > TICK_MAX {
                    ticked.more = true;
                    break;
                }
                let entries = self.store.table.due(&format!("due#{shard}"), &until, PAGE).await.map_err(Failure::soon)?;
                let full = entries.len() == PAGE;
                ticked.sent += self.put(entries, started).await?;
                if !full {
                    break;
                }
            }
        }
        tracing::info!(sent = ticked.sent, more = ticked.more, "clock.ticked");
        Ok(ticked)
    }

    /// Entries nobody can read must not stand before the others for ever.
    async fn set_aside(&self, entries: &[Item], now: Timestamp) -> Result<(), Failure> {
        for item in entries.iter().filter(|item| DueWork::read(item).is_none()) {
            let (Some(pk), Some(sk), Some(order)) = (text(item, "pk"), text(item, "sk"), text(item, "dsk")) else { continue };
            tracing::error!(order, "clock.unknown_entry");
            let rest = order.split_once('|').map_or("", |(_, rest)| rest);
            let later = format!("{}|{rest}", instant(now + SignedDuration::from_hours(24)));
            let _moved = self.store.table.move_due(&Key::new(pk, sk), order, &later).await.map_err(Failure::soon)?;
        }
        Ok(())
    }

    /// First into the queue, then forward by the lease: what is lost in between comes twice, never not at all.
    async fn put(&self, entries: Vec<Item>, now: Timestamp) -> Result<u32, Failure> {
        let due: Vec<DueWork> = entries.iter().filter_map(DueWork::read).collect();
        if due.len() < entries.len() {
            self.set_aside(&entries, now).await?;
        }
        let messages = due.iter().map(|work| Outgoing::of(&work.job, delay_seconds(work.at, now)));
        self.queues.send(messages.collect()).await?;
        for work in &due {
            let again = work.at.max(now) + LEASE;
            let order = format!("{}|{}|{}", instant(again), work.job.task.queue(), work.kind);
            // Lost: the handler has finished meanwhile, or another tick has moved it.
            let _moved = self.store.table.move_due(&work.key, &work.order, &order).await.map_err(Failure::soon)?;
        }
        Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
    }
}

/// Whole seconds until `at`, rounded up: nothing comes before its time.
fn delay_seconds(at: Timestamp, now: Timestamp) -> u32 {
    let millis = at.duration_since(now).as_millis().max(0);
    u32::try_from((millis + 999) / 1_000).unwrap_or(u32::MAX)
}

struct DueWork {
    key: Key,
    order: String,
    at: Timestamp,
    kind: String,
    job: Job,
}

impl DueWork {
    fn read(item: &Item) -> Option<Self> {
        let key = Key::new(text(item, "pk")?, text(item, "sk")?);
        let order = text(item, "dsk")?.to_owned();
        let mut parts = order.split('|');
        let at = parts.next()?.parse().ok()?;
        let kind = parts.nth(1)?.to_owned();
        let job = keys::due_job(&kind, &key)?;
        Some(Self { key, order, at, kind, job })
    }
}

/// The variables this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_QUEUE_PUBLISH",
    "AMORCE_QUEUE_PULL",
    "AMORCE_QUEUE_FIND",
    "AMORCE_QUEUE_SCORE",
    "AMORCE_QUEUE_GATE",
    "AMORCE_QUEUE_DRAFT",
    "AMORCE_QUEUE_SEND",
    "AMORCE_QUEUE_INBOUND",
];
