//! The sandbox as a program: a simulated LinkedIn on a port of this machine.

mod arguments;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use sandbox::{OnChange, Sandbox, SandboxOptions, Switches, VirtualClock};
use serde::Deserialize;
use serde_json::{Value, json};

use arguments::Arguments;

/// How often due webhooks are looked for, in real time.
const WEBHOOK_PAUSE: Duration = Duration::from_secs(1);
/// V1's own limit.
const CALLS_PER_MINUTE: u32 = 300;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_target(false).init();
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{}", arguments::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{}", arguments::USAGE);
            return ExitCode::FAILURE;
        }
    };
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let saved = arguments.state.as_deref().map(saved_in).transpose()?.flatten();
    // A clock that ran fast is ahead of the real one: going back would undo what happened.
    let latest = saved.as_ref().and_then(Sandbox::saved_at);
    let clock = VirtualClock::running(latest.unwrap_or(Timestamp::MIN).max(Timestamp::now()), arguments.speed);
    let options = SandboxOptions {
        seed: arguments.seed,
        now: clock.source(),
        newest_post_age_seconds: arguments.newest_post_age_seconds,
        many: arguments.many,
        switches: Switches { reveal_in_time: true, calls_per_minute: Some(CALLS_PER_MINUTE), ..Switches::default() },
        on_change: arguments.state.clone().map(stored_in),
        ..SandboxOptions::default()
    };
    let sandbox = match saved {
        Some(saved) => Sandbox::load(options, &saved).map_err(|error| error.to_string())?,
        None => Sandbox::new(options),
    };
    let router = sandbox.router().merge(clock_router(clock));
    let listener = tokio::net::TcpListener::bind(arguments.listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {}: {error}", arguments.listen))?;
    let webhooks = sandbox.deliver_webhooks(WEBHOOK_PAUSE);
    tracing::info!(address = %arguments.listen, speed = arguments.speed, seed = arguments.seed, "sandbox.started");
    for post in sandbox.posts() {
        tracing::info!(key = post.key, url = post.url, "sandbox.post");
    }
    let stopped = axum::serve(listener, router).with_graceful_shutdown(async {
        // Without a signal handler the process simply ends at the signal.
        let _ = tokio::signal::ctrl_c().await;
    });
    let outcome = stopped.await.map_err(|error| error.to_string());
    webhooks.abort();
    outcome
}

fn saved_in(path: &Path) -> Result<Option<Value>, String> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| format!("{}: {error}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Writes beside and renames, so that a crash leaves the old state or the new.
fn stored_in(path: std::path::PathBuf) -> OnChange {
    Arc::new(move |state| {
        let beside = path.with_extension("new");
        let stored = std::fs::write(&beside, state.to_string()).and_then(|()| std::fs::rename(&beside, &path));
        if let Err(error) = stored {
            tracing::error!(%error, "sandbox.state.not_stored");
        }
    })
}

fn clock_router(clock: VirtualClock) -> Router {
    Router::new().route("/_sandbox/clock", get(read_clock).post(change_clock)).with_state(clock)
}

async fn read_clock(State(clock): State<VirtualClock>) -> Json<Value> {
    Json(json!({"now": clock.now(), "speed": clock.speed()}))
}

/// Any of: jump to an instant, move by seconds, run at another speed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    set: Option<Timestamp>,
    advance_seconds: Option<i64>,
    speed: Option<f64>,
}

async fn change_clock(State(clock): State<VirtualClock>, Json(change): Json<ClockChange>) -> (StatusCode, Json<Value>) {
    if let Some(at) = change.set {
        clock.set(at);
    }
    if let Some(seconds) = change.advance_seconds {
        clock.advance_seconds(seconds);
    }
    if let Some(speed) = change.speed {
        clock.set_speed(speed);
    }
    (StatusCode::OK, read_clock(State(clock)).await)
}
