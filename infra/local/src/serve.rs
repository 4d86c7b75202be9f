//! Serving: HTTP, workers, clock, counting and housekeeping, until the process is asked to end.

use crate::home::Home;
use anyhow::Context;
use domain::job::queue;
use jiff::SignedDuration;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How many workers a queue has, and how many messages each takes at once. Sends of one account follow each other
/// anyway. Readings wait for the provider: no more of them at a time than its requests per minute bear.
fn crew(queue: &str) -> (usize, u32) {
    match queue {
        queue::SCORE => (6, 1),
        queue::PULL => (2, 1),
        queue::GATE => (2, 4),
        _ => (1, 4),
    }
}

/// How long an idle worker sleeps at most; a new message wakes it earlier.
const IDLE: Duration = Duration::from_millis(250);
/// How often expired items are removed.
const SWEEP: Duration = Duration::from_secs(3_600);
/// After being asked to end, what is in flight has so long.
const END_MAX: Duration = Duration::from_secs(8);

/// Listens, so that the address is known before anything else starts.
///
/// # Errors
/// When the address is taken.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{address} is taken: set AMORCE_LISTEN to another address"))
}

/// Serves until SIGTERM or Ctrl-C, then finishes what is in flight.
///
/// # Errors
/// When the server itself fails.
pub async fn serve(home: Arc<Home>, listener: TcpListener, tick: SignedDuration) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for (place, (name, _)) in home.handlers.iter().enumerate() {
        for _ in 0..crew(name).0 {
            tasks.spawn(work(home.clone(), place, stopped.clone()));
        }
    }
    tasks.spawn(tick_on(home.clone(), Duration::try_from(tick).unwrap_or(Duration::from_secs(5)), stopped.clone()));
    tasks.spawn(count_on(home.clone(), stopped.clone()));
    tasks.spawn(sweep_on(home.clone(), stopped.clone()));
    let delivering = home.sandbox.deliver_webhooks(Duration::from_secs(2));
    let mut ended = stopped.clone();
    let server = axum::serve(listener, home.router.clone()).with_graceful_shutdown(async move {
        let _stop = ended.wait_for(|stop| *stop).await;
    });
    tasks.spawn(async move {
        if let Err(e) = server.await {
            tracing::error!(error = %e, "http.failed");
        }
    });
    asked_to_end().await?;
    tracing::info!("home.ending");
    let _told = stop.send(true);
    delivering.abort();
    let finished = tokio::time::timeout(END_MAX, async { while tasks.join_next().await.is_some() {} }).await;
    if finished.is_err() {
        // What is still in flight is visible again at the next start.
        tracing::warn!("home.ended_with_work_in_flight");
        tasks.abort_all();
    }
    Ok(())
}

async fn asked_to_end() -> anyhow::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

async fn work(home: Arc<Home>, place: usize, stopped: watch::Receiver<bool>) {
    let Some((name, handler)) = home.handlers.get(place) else { return };
    while !*stopped.borrow() {
        match home.work(name, handler, crew(name).1).await {
            Ok(0) => {
                let _woken = tokio::time::timeout(IDLE, home.queues.arrival()).await;
            }
            Ok(_) => {}
            Err(e) => {
                tracing::error!(queue = name, error = %e, "worker.failed");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn tick_on(home: Arc<Home>, every: Duration, stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(e) = home.tick().await {
            tracing::error!(error = %e, "clock.failed");
        }
        pause(every, &stopped).await;
    }
}

async fn count_on(home: Arc<Home>, stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match home.report().await {
            Ok(0) => pause(Duration::from_millis(500), &stopped).await,
            Ok(_) => {}
            Err(e) => {
                tracing::error!(error = %e, "reporter.failed");
                pause(Duration::from_secs(5), &stopped).await;
            }
        }
    }
}

async fn sweep_on(home: Arc<Home>, stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match home.embedded.sweep_expired() {
            Ok(removed) if removed > 0 => tracing::info!(removed, "store.swept"),
            Ok(_) => {}
            Err(e) => tracing::error!(error = %e, "store.not_swept"),
        }
        pause(SWEEP, &stopped).await;
    }
}

/// Sleeps, but wakes up to end.
async fn pause(how_long: Duration, stopped: &watch::Receiver<bool>) {
    let mut stopped = stopped.clone();
    let _ended = tokio::time::timeout(how_long, stopped.wait_for(|stop| *stop)).await;
}
