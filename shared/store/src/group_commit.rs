//! Group commit: one sync of a file serves every write that was committed before the sync began.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Forces to disk what was committed.
type Sync = dyn Fn() -> io::Result<()> + Send + std::marker::Sync;

/// Counts commits and syncs them together. Clones share it.
///
/// No answer may rest on what a power cut could take back, be it an own write, a write of somebody else that was read,
/// or one that made a condition fail. So every operation ends with [`GroupCommit::durable`], which waits for nothing
/// when nothing is under way.
#[derive(Clone)]
pub(crate) struct GroupCommit {
    shared: Arc<Shared>,
}

struct Shared {
    sync: Box<Sync>,
    commits: Mutex<Commits>,
    told: watch::Sender<Synced>,
}

struct Commits {
    count: u64,
    syncing: bool,
}

/// How many of the commits are on disk, and why no later one will be.
#[derive(Clone, Default)]
struct Synced {
    count: u64,
    failure: Option<Arc<str>>,
}

impl GroupCommit {
    /// Over `sync`, which returns when all that was committed before it was called is on disk.
    pub(crate) fn new(sync: impl Fn() -> io::Result<()> + Send + std::marker::Sync + 'static) -> Self {
        let commits = Mutex::new(Commits { count: 0, syncing: false });
        Self { shared: Arc::new(Shared { sync: Box::new(sync), commits, told: watch::Sender::default() }) }
    }

    /// Counts a write that has just been committed, and sees to it that a sync begins after now.
    pub(crate) fn committed(&self) {
        let mut commits = self.shared.commits();
        commits.count += 1;
        if std::mem::replace(&mut commits.syncing, true) {
            return;
        }
        drop(commits);
        let shared = self.shared.clone();
        // A task of its own: a writer who stops waiting does not stop the sync that others wait for.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || shared.sync_all())),
            Err(_) => shared.sync_all(),
        }
    }

    /// Waits until all that has been committed by now is on disk.
    ///
    /// # Errors
    /// When a sync has failed: what of it is on disk is unknown for ever, so that nothing later is durable either.
    pub(crate) fn durable(&self) -> impl Future<Output = Result<(), Arc<str>>> + Send + 'static {
        let wanted = self.shared.commits().count;
        let mut told = self.shared.told.subscribe();
        async move {
            let reached = told.wait_for(|synced| synced.count >= wanted || synced.failure.is_some()).await;
            match reached {
                Ok(synced) if synced.count >= wanted => Ok(()),
                Ok(synced) => Err(synced.failure.clone().unwrap_or_default()),
                Err(_) => Err("the store was closed".into()),
            }
        }
    }

    /// Why nothing can be made durable any more, if that is so.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        self.shared.told.borrow().failure.clone()
    }
}

impl Shared {
    fn commits(&self) -> MutexGuard<'_, Commits> {
        // The state is whole after every statement, so a panic elsewhere does not spoil it.
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Syncs until nothing committed is left over. One caller at a time: the one who set `syncing`.
    fn sync_all(&self) {
        let mut done = 0;
        loop {
            let wanted = {
                let mut commits = self.commits();
                if commits.count == done {
                    commits.syncing = false;
                    return;
                }
                commits.count
            };
            if let Err(e) = (self.sync)() {
                tracing::error!(error = %e, "store.not_synced");
                // `syncing` stays: after a failed sync the system may have dropped what was not written, and a later
                // one that succeeds would say nothing about it.
                self.told.send_modify(|synced| synced.failure = Some(format!("the disk failed: {e}").into()));
                return;
            }
            done = wanted;
            self.told.send_modify(|synced| synced.count = wanted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    /// A disk in memory: what is written is durable once a sync that began later has ended.
    #[derive(Default)]
    struct Disk {
        written: AtomicU64,
        durable: AtomicU64,
        syncs: AtomicU64,
        broken: AtomicBool,
    }

    impl Disk {
        fn grouped(self: &Arc<Self>) -> GroupCommit {
            let disk = self.clone();
            GroupCommit::new(move || {
                disk.syncs.fetch_add(1, Ordering::SeqCst);
                let written = disk.written.load(Ordering::SeqCst);
                std::thread::yield_now();
                if disk.broken.load(Ordering::SeqCst) {
                    return Err(io::Error::other("no space"));
                }
                disk.durable.fetch_max(written, Ordering::SeqCst);
                Ok(())
            })
        }

        fn commit(&self, commit: &GroupCommit) -> impl Future<Output = Result<u64, Arc<str>>> + 'static {
            let place = self.written.fetch_add(1, Ordering::SeqCst) + 1;
            commit.committed();
            let durable = commit.durable();
            async move { durable.await.map(|()| place) }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn every_write_is_answered_after_a_sync_that_began_later() {
        let disk = Arc::<Disk>::default();
        let commit = disk.grouped();
        let write = || {
            let (disk, commit) = (disk.clone(), commit.clone());
            tokio::spawn(async move {
                for _ in 0..50 {
                    let place = disk.commit(&commit).await.unwrap();
                    assert!(disk.durable.load(Ordering::SeqCst) >= place, "answered before it was on disk");
                }
            })
        };
        let writers: Vec<_> = (0..32).map(|_| write()).collect();
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(disk.durable.load(Ordering::SeqCst), 32 * 50);
    }

    #[tokio::test]
    async fn one_sync_serves_all_that_was_committed_before_it_began() {
        let disk = Arc::<Disk>::default();
        let (under_way, begun) = std::sync::mpsc::channel();
        let (go_on, open) = std::sync::mpsc::channel();
        let (grouped, open) = (disk.grouped(), Mutex::new(open));
        let commit = GroupCommit::new(move || {
            under_way.send(()).unwrap();
            open.lock().unwrap().recv().unwrap();
            (grouped.shared.sync)()
        });
        let first = disk.commit(&commit);
        begun.recv().unwrap();
        // Whoever comes while a sync is under way needs the next one; it serves them all.
        let later: Vec<_> = (0..100).map(|_| disk.commit(&commit)).collect();
        go_on.send(()).unwrap();
        first.await.unwrap();
        assert!(disk.durable.load(Ordering::SeqCst) >= 1);
        go_on.send(()).unwrap();
        for durable in later {
            durable.await.unwrap();
        }
        assert_eq!(disk.durable.load(Ordering::SeqCst), 101);
        assert_eq!(disk.syncs.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn after_a_failed_sync_no_write_is_answered_even_when_the_disk_recovers() {
        let disk = Arc::<Disk>::default();
        let commit = disk.grouped();
        disk.commit(&commit).await.unwrap();
        commit.durable().await.expect("nothing is under way");
        disk.broken.store(true, Ordering::SeqCst);
        assert!(disk.commit(&commit).await.unwrap_err().contains("no space"));
        disk.broken.store(false, Ordering::SeqCst);
        assert!(disk.commit(&commit).await.is_err());
        assert!(commit.durable().await.is_err(), "what is read may be gone after the next start");
        assert!(commit.failure().is_some());
        assert_eq!(disk.syncs.load(Ordering::SeqCst), 2);
    }
}
