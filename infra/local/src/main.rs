//! `amorce`: the one-machine home.

use amorce::home::{Home, Options, Place};
use amorce::{archive, config, demo, serve, welcome};
use anyhow::{Context, bail};
use kit::{Clock, Config};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
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
    let options = Options {
        place: Place::Folder(settings.data.clone()),
        clock: Clock::system(),
        public_url: settings.public_url.clone().unwrap_or_else(|| address.clone()),
        provider: settings.provider,
        linkup_url: settings.linkup_url.clone(),
        linkup_key: settings.linkup_key.clone(),
        settle: settings.settle,
        acceptance_poll: settings.acceptance_poll,
        seed: 1,
        many: 0,
    };
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
