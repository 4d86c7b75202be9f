//! `amorce`: the one-machine home.

use amorce::home::{Home, Options, Place};
use amorce::{archive, check, config, demo, import, serve, welcome};
use anyhow::{Context, bail};
use kit::{Clock, Config};
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["check", rest @ ..] => return ended(check_file(rest)),
        ["import", rest @ ..] => return ended(import_file(rest)),
        [] => start(),
        ["demo"] => run(demo::tell()),
        ["backup", file] => settings().and_then(|s| archive::backup(&s.data, file.as_ref())),
        ["restore", file] => settings().and_then(|s| run(archive::restore(&s.data, file.as_ref(), Clock::system().now()))),
        ["--help" | "-h" | "help"] => {
            print!("{}", config::help());
            Ok(())
        }
        ["--version" | "-V"] => {
            println!("amorce {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        other => Err(anyhow::anyhow!("unknown command {:?}; see amorce --help", other.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("amorce: {e:#}");
            ExitCode::FAILURE
        }
    }
}

/// What could not be used.
const UNUSABLE: u8 = 2;

fn ended(done: anyhow::Result<ExitCode>) -> ExitCode {
    done.unwrap_or_else(|e| {
        eprintln!("amorce: {e:#}");
        ExitCode::from(UNUSABLE)
    })
}

fn check_file(arguments: &[&str]) -> anyhow::Result<ExitCode> {
    let page = check::run(arguments, std::io::stdout().is_terminal()).map_err(anyhow::Error::msg)?;
    show(&page)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output; a reader who has seen enough is no fault.
fn show(page: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(page.as_bytes()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(e).context("standard output"),
        _ => Ok(()),
    }
}

fn import_file(arguments: &[&str]) -> anyhow::Result<ExitCode> {
    let asked = import::asked(arguments).map_err(anyhow::Error::msg)?;
    let settings = settings()?;
    if !settings.data.join("store.db").exists() {
        bail!("{} holds no data: start amorce once, or set AMORCE_DATA", settings.data.display());
    }
    let terminal = std::io::stderr().is_terminal();
    let told = AtomicU64::new(0);
    let progress = |done: u64, total: u64| {
        if terminal {
            eprint!("\r{done} / {total}{}", if done == total { "\n" } else { "" });
        } else if done / PROGRESS_EVERY > told.swap(done / PROGRESS_EVERY, Ordering::Relaxed) {
            eprintln!("{done} / {total}");
        }
    };
    let mut somebody = false;
    run(async {
        let home = Home::open(options(&settings, String::new())).await?;
        let done = import::import(&home, &asked, &progress).await.map_err(anyhow::Error::msg)?;
        somebody = done.somebody;
        show(&done.page)
    })?;
    Ok(if somebody { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where nobody watches, a line of progress after so many rows.
const PROGRESS_EVERY: u64 = 2_500;

fn settings() -> anyhow::Result<config::Settings> {
    config::Settings::read(&Config::from_env()).map_err(anyhow::Error::msg)
}

fn run(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(work)
}

fn start() -> anyhow::Result<()> {
    welcome::logs();
    run(serve_all(settings()?))
}

async fn serve_all(settings: config::Settings) -> anyhow::Result<()> {
    let is_new = !settings.data.join("store.db").exists();
    let listener = serve::listen(settings.listen).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let public_url = settings.public_url.clone().unwrap_or_else(|| address.clone());
    let options = options(&settings, public_url);
    let home = Arc::new(Home::open(options).await?);
    let given = console::auth::bootstrap(&home.store, &settings.bootstrap, home.clock.now()).await;
    let Ok(known) = given else { bail!("the bootstrap values cannot be used: {}", given.map(|_| ()).unwrap_err()) };
    println!("Amorce: {address}");
    let wants_demo = settings.demo.unwrap_or(is_new && known.is_none());
    if wants_demo {
        let home = home.clone();
        let loopback = settings.listen.ip().is_loopback();
        tokio::spawn(async move { welcome::fill(&home, loopback).await });
    }
    serve::serve(home, listener, settings.tick).await
}

fn options(settings: &config::Settings, public_url: String) -> Options {
    Options {
        place: Place::Folder(settings.data.clone()),
        clock: Clock::system(),
        public_url,
        provider: settings.provider,
        vendors: settings.vendors.clone(),
        sandbox_stands_for_v2: false,
        model: settings.model.clone(),
        register: settings.register.clone(),
        settle: settings.settle,
        acceptance_poll: settings.acceptance_poll,
        seed: 1,
        many: 0,
    }
}
