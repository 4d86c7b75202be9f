//! The stage: every task stops before each thing it asks of the outside (store, provider, queue), and goes on when it is
//! let. So one process shows every interleaving of many, and a crash is a task that is never let on.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Whether a task was woken, by what it waits for on the stage or by another task.
#[derive(Default)]
pub struct Woken(AtomicBool);

impl Woken {
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What a task asks of the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A request to the store: its operation, what it is about, and the message that it would claim.
    Store { operation: String, about: String, claims: Option<String> },
    /// A call to the LinkedIn provider.
    Call(&'static str),
    /// Messages for a queue.
    Queue(&'static str),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store { operation, about, .. } => write!(f, "store {operation} {about}"),
            Self::Call(name) => write!(f, "linkedin {name}"),
            Self::Queue(name) => write!(f, "queue {name}"),
        }
    }
}

/// How a task is let on. The number chooses among failures of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Go,
    /// It fails before it took place.
    Before(u32),
    /// It takes place, and its answer is lost.
    After(u32),
    /// It is done in part.
    Partly(u32),
}

#[derive(Default)]
struct Slot {
    verdict: Option<Verdict>,
    waker: Option<Waker>,
}

/// A task that waits to be let on.
#[derive(Clone)]
pub struct Waiting {
    pub task: u32,
    pub what: What,
    id: u64,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Inner {
    current: Option<(u32, &'static str)>,
    waiting: Vec<Waiting>,
    asked: u64,
}

/// Where the tasks of a simulation stop.
#[derive(Clone, Default)]
pub struct Stage(Arc<Mutex<Inner>>);

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// Lets `task` run until it ends or waits.
    pub fn run<T>(
        &self,
        (task, kind): (u32, &'static str),
        future: Pin<&mut (dyn Future<Output = T> + Send)>,
        woken: &Arc<Woken>,
    ) -> Option<T> {
        lock(&self.0).current = Some((task, kind));
        woken.0.store(false, Ordering::SeqCst);
        let polled = future.poll(&mut Context::from_waker(&Waker::from(woken.clone())));
        lock(&self.0).current = None;
        match polled {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    /// The kind of the task that runs just now; `None` outside of tasks.
    pub fn kind(&self) -> Option<&'static str> {
        lock(&self.0).current.map(|(_, kind)| kind)
    }

    /// Stops the running task before `what`; outside of tasks nothing stops.
    pub fn wait(&self, what: What) -> Wait {
        let mut inner = lock(&self.0);
        let Some((task, _)) = inner.current else { return Wait { stage: None, id: 0, slot: Arc::default() } };
        inner.asked += 1;
        let waiting = Waiting { task, what, id: inner.asked, slot: Arc::default() };
        inner.waiting.push(waiting.clone());
        Wait { stage: Some(self.clone()), id: waiting.id, slot: waiting.slot }
    }

    /// Who waits, in the order in which they asked.
    pub fn waiting(&self) -> Vec<Waiting> {
        lock(&self.0).waiting.clone()
    }

    /// Lets one of them on.
    pub fn let_on(&self, waiting: &Waiting, verdict: Verdict) {
        lock(&self.0).waiting.retain(|w| w.id != waiting.id);
        let mut slot = lock(&waiting.slot);
        slot.verdict = Some(verdict);
        if let Some(waker) = slot.waker.take() {
            waker.wake();
        }
    }
}

/// A stop before something is asked of the outside; dropped, it is never asked.
pub struct Wait {
    stage: Option<Stage>,
    id: u64,
    slot: Arc<Mutex<Slot>>,
}

impl Future for Wait {
    type Output = Verdict;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Verdict> {
        if self.stage.is_none() {
            return Poll::Ready(Verdict::Go);
        }
        let mut slot = lock(&self.slot);
        match slot.verdict {
            Some(verdict) => Poll::Ready(verdict),
            None => {
                slot.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(stage) = &self.stage {
            lock(&stage.0).waiting.retain(|w| w.id != self.id);
        }
    }
}

/// The outcome of a future that nothing stops.
pub fn at_once<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("something outside of the simulation was waited for"),
    }
}
