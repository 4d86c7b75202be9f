//! The queues of the one-machine home: SQS's contract (at least once, visibility time-out, receive count, delay,
//! dead letters, fair groups) over one SQLite file.

use async_trait::async_trait;
use kit::queue::{Depth, Outgoing, Queues};
use kit::{Clock, Failure};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// After so many receives a message goes to the dead letters.
pub const RECEIVES_MAX: u32 = 5;

/// A received message; it comes again unless [`LocalQueues::done`] is called before its visibility time-out ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub id: i64,
    /// Its body.
    pub body: String,
    /// How often it has been received, this time included. A receipt of an older receive is void.
    pub receives: u32,
}

/// Durable queues in one file, or in memory for tests.
pub struct LocalQueues {
    db: Mutex<Connection>,
    clock: Clock,
    names: Vec<&'static str>,
    arrived: Notify,
}

impl std::fmt::Debug for LocalQueues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalQueues").field("names", &self.names).finish_non_exhaustive()
    }
}

fn failed(error: rusqlite::Error) -> Failure {
    Failure::soon(format!("queue file: {error}"))
}

impl LocalQueues {
    /// Opens or creates the queue file. What was in flight when the last process ended is visible again at once,
    /// and the interrupted receive does not count.
    ///
    /// # Errors
    /// When the file cannot be opened or is no queue file.
    pub fn open(path: &Path, names: &[&'static str], clock: Clock) -> rusqlite::Result<Self> {
        Self::over(Connection::open(path)?, names, clock)
    }

    /// Queues that are gone with the process.
    ///
    /// # Errors
    /// Out of memory.
    pub fn memory(names: &[&'static str], clock: Clock) -> rusqlite::Result<Self> {
        Self::over(Connection::open_in_memory()?, names, clock)
    }

    fn over(db: Connection, names: &[&'static str], clock: Clock) -> rusqlite::Result<Self> {
        // NORMAL survives the end of the process at any instant; a power cut may lose the newest messages,
        // which the due index then brings back.
        db.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             CREATE TABLE IF NOT EXISTS message (
                 id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, grp TEXT NOT NULL, body TEXT NOT NULL,
                 visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, in_flight INTEGER NOT NULL DEFAULT 0,
                 dead INTEGER NOT NULL DEFAULT 0);
             CREATE INDEX IF NOT EXISTS visible ON message (queue, dead, visible_at);
             UPDATE message SET in_flight = 0, visible_at = 0, receives = MAX(0, receives - 1)
                 WHERE in_flight = 1 AND dead = 0;",
        )?;
        Ok(Self { db: Mutex::new(db), clock, names: names.to_vec(), arrived: Notify::new() })
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls back what a panic left half done.
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies the queue file, safe while it is used.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn copy_to(&self, path: &Path) -> rusqlite::Result<()> {
        self.db().execute("VACUUM INTO ?1", [path.to_string_lossy()]).map(|_| ())
    }

    /// Waits until something was sent.
    pub async fn arrival(&self) {
        self.arrived.notified().await;
    }

    /// Receives at most `max` visible messages of `queue` and hides them for `visibility_seconds`.
    /// Groups take turns. What has been received too often is moved to the dead letters instead.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn receive(&self, queue: &str, max: u32, visibility_seconds: u32) -> Result<Vec<Received>, Failure> {
        let now = self.clock.now().as_millisecond();
        let mut db = self.db();
        let transaction = db.transaction().map_err(failed)?;
        transaction
            .execute(
                "UPDATE message SET dead = 1, in_flight = 0
                 WHERE queue = ?1 AND dead = 0 AND visible_at <= ?2 AND receives >= ?3",
                params![queue, now, RECEIVES_MAX],
            )
            .map_err(failed)?;
        let received: Vec<Received> = {
            let mut statement = transaction
                .prepare_cached(
                    "SELECT id, body, receives FROM (
                        SELECT id, body, receives, visible_at,
                               ROW_NUMBER() OVER (PARTITION BY grp ORDER BY visible_at, id) AS turn
                        FROM message WHERE queue = ?1 AND dead = 0 AND visible_at <= ?2)
                     ORDER BY turn, visible_at, id LIMIT ?3",
                )
                .map_err(failed)?;
            let rows = statement
                .query_map(params![queue, now, max], |row| {
                    Ok(Received { id: row.get(0)?, body: row.get(1)?, receives: row.get::<_, u32>(2)? + 1 })
                })
                .map_err(failed)?;
            rows.collect::<Result<_, _>>().map_err(failed)?
        };
        for message in &received {
            transaction
                .execute(
                    "UPDATE message SET in_flight = 1, receives = ?2, visible_at = ?3 WHERE id = ?1",
                    params![message.id, message.receives, now + i64::from(visibility_seconds) * 1_000],
                )
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(received)
    }

    /// Removes a message that was worked on, unless its receipt is void.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn done(&self, message: &Received) -> Result<(), Failure> {
        let delete = "DELETE FROM message WHERE id = ?1 AND receives = ?2 AND dead = 0";
        self.db().execute(delete, params![message.id, message.receives]).map_err(failed)?;
        Ok(())
    }

    /// Makes a message visible again after `seconds`, unless its receipt is void.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn postpone(&self, message: &Received, seconds: u32) -> Result<(), Failure> {
        let visible_at = self.clock.now().as_millisecond() + i64::from(seconds) * 1_000;
        let update = "UPDATE message SET in_flight = 0, visible_at = ?3 WHERE id = ?1 AND receives = ?2 AND dead = 0";
        self.db().execute(update, params![message.id, message.receives, visible_at]).map_err(failed)?;
        Ok(())
    }

    /// When the next message of any queue becomes visible, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_visible(&self) -> Result<Option<i64>, Failure> {
        let select = "SELECT visible_at FROM message WHERE dead = 0 ORDER BY visible_at LIMIT 1";
        self.db().query_row(select, [], |row| row.get(0)).optional().map_err(failed)
    }
}

#[async_trait]
impl Queues for LocalQueues {
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure> {
        let now = self.clock.now().as_millisecond();
        {
            let mut db = self.db();
            let transaction = db.transaction().map_err(failed)?;
            for message in messages {
                let visible_at = now + i64::from(message.delay_seconds.min(kit::queue::DELAY_MAX_SECONDS)) * 1_000;
                transaction
                    .execute(
                        "INSERT INTO message (queue, grp, body, visible_at) VALUES (?1, ?2, ?3, ?4)",
                        params![message.queue, message.group, message.body, visible_at],
                    )
                    .map_err(failed)?;
            }
            transaction.commit().map_err(failed)?;
        }
        self.arrived.notify_one();
        Ok(())
    }

    async fn depths(&self) -> Result<Vec<Depth>, Failure> {
        let now = self.clock.now().as_millisecond();
        let db = self.db();
        let mut depths = Vec::new();
        for name in &self.names {
            let depth = db
                .query_row(
                    "SELECT COUNT(*) FILTER (WHERE dead = 0 AND visible_at <= ?2),
                            COUNT(*) FILTER (WHERE dead = 0 AND visible_at > ?2 AND in_flight = 1),
                            COUNT(*) FILTER (WHERE dead = 0 AND visible_at > ?2 AND in_flight = 0),
                            COUNT(*) FILTER (WHERE dead = 1)
                     FROM message WHERE queue = ?1",
                    params![name, now],
                    |row| {
                        Ok(Depth {
                            name: (*name).to_owned(),
                            visible: row.get(0)?,
                            in_flight: row.get(1)?,
                            delayed: row.get(2)?,
                            dead: row.get(3)?,
                        })
                    },
                )
                .map_err(failed)?;
            depths.push(depth);
        }
        Ok(depths)
    }

    async fn redrive(&self, queue: &str) -> Result<u64, Failure> {
        let update = "UPDATE message SET dead = 0, receives = 0, visible_at = 0 WHERE queue = ?1 AND dead = 1";
        let moved = self.db().execute(update, [queue]).map_err(failed)?;
        self.arrived.notify_one();
        Ok(u64::try_from(moved).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, Timestamp};

    fn message(body: &str, group: &str, delay_seconds: u32) -> Outgoing {
        Outgoing { queue: "q", body: body.into(), delay_seconds, group: group.into() }
    }

    fn queues() -> (LocalQueues, Clock) {
        let clock = Clock::at(Timestamp::from_second(1_800_000_000).unwrap());
        (LocalQueues::memory(&["q"], clock.clone()).unwrap(), clock)
    }

    fn bodies(queues: &LocalQueues, max: u32) -> Vec<String> {
        queues.receive("q", max, 30).unwrap().into_iter().map(|m| m.body).collect()
    }

    #[tokio::test]
    async fn a_message_is_hidden_while_worked_on_and_comes_again() {
        let (queues, clock) = queues();
        queues.send(vec![message("a", "w", 0)]).await.unwrap();
        let first = queues.receive("q", 10, 30).unwrap();
        assert_eq!(first[0].receives, 1);
        assert!(bodies(&queues, 10).is_empty());
        clock.advance(SignedDuration::from_secs(30));
        let second = queues.receive("q", 10, 30).unwrap();
        assert_eq!(second[0].receives, 2);
        queues.done(&first[0]).unwrap();
        assert_eq!(queues.depths().await.unwrap()[0].in_flight, 1, "a void receipt removes nothing");
        queues.done(&second[0]).unwrap();
        assert_eq!(queues.depths().await.unwrap()[0].in_flight, 0);
    }

    #[tokio::test]
    async fn a_delayed_message_waits_for_its_instant() {
        let (queues, clock) = queues();
        queues.send(vec![message("a", "w", 90)]).await.unwrap();
        clock.advance(SignedDuration::from_secs(89));
        assert!(bodies(&queues, 10).is_empty());
        assert_eq!(queues.depths().await.unwrap()[0].delayed, 1);
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!(bodies(&queues, 10), ["a"]);
    }

    #[tokio::test]
    async fn what_is_received_too_often_is_dead_until_it_is_redriven() {
        let (queues, clock) = queues();
        queues.send(vec![message("a", "w", 0)]).await.unwrap();
        for _ in 0..RECEIVES_MAX {
            assert_eq!(bodies(&queues, 10), ["a"]);
            clock.advance(SignedDuration::from_secs(30));
        }
        assert!(bodies(&queues, 10).is_empty());
        assert_eq!(queues.depths().await.unwrap()[0].dead, 1);
        assert_eq!(queues.redrive("q").await.unwrap(), 1);
        assert_eq!(bodies(&queues, 10), ["a"]);
    }

    #[tokio::test]
    async fn groups_take_turns() {
        let (queues, _) = queues();
        let busy = (0..5).map(|n| message(&format!("busy{n}"), "busy", 0)).collect();
        queues.send(busy).await.unwrap();
        queues.send(vec![message("small", "small", 0)]).await.unwrap();
        assert_eq!(bodies(&queues, 2), ["busy0", "small"]);
    }

    #[tokio::test]
    async fn a_new_process_finds_what_was_in_flight() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queue.db");
        let clock = Clock::at(Timestamp::from_second(1_800_000_000).unwrap());
        let queues = LocalQueues::open(&path, &["q"], clock.clone()).unwrap();
        queues.send(vec![message("a", "w", 0)]).await.unwrap();
        assert_eq!(queues.receive("q", 10, 30).unwrap()[0].receives, 1);
        drop(queues);
        let queues = LocalQueues::open(&path, &["q"], clock).unwrap();
        assert_eq!(queues.receive("q", 10, 30).unwrap()[0].receives, 1, "the interrupted receive does not count");
    }
}
