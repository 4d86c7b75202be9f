//! The home: store, queues, bus, clock, sandbox and every handler, wired in one process.

use crate::bus::LocalBus;
use crate::queue::{LocalQueues, Received};
use anyhow::{Context, anyhow};
use clock::Ticker;
use console::Console;
use domain::job::queue;
use domain::vocabulary::Provider;
use jiff::{SignedDuration, Timestamp};
use kit::seal::Sealer;
use kit::{Bus, Clock, Failure, Handler, Queues};
use outbound::model::Model;
use outbound::providers::{Providers, VendorKeys, gate_in_process};
use outbound::register::Register;
use sandbox::{Sandbox, SandboxOptions, Switches};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::budget::Checkpoint;
use store::embedded::Embedded;
use store::{Store, Table};
use tokio::task::JoinSet;

/// The name of the table in the store's file.
pub const TABLE: &str = "amorce";
/// How long a message stays hidden while it is worked on, in seconds.
const VISIBILITY_SECONDS: u32 = 600;
/// Queues whose messages are worked on at the same time: they concern different people or collections, and writers who
/// wait together share one sync of the disk. What may reach a person stays one after the other.
const SIDE_BY_SIDE: [&str; 5] = [queue::PULL, queue::FIND, queue::SCORE, queue::GATE, queue::DRAFT];

/// Where a home keeps its things.
pub enum Place {
    /// A data folder.
    Folder(PathBuf),
    /// Nowhere: gone with the process.
    Memory,
}

/// What a home is made of.
pub struct Options {
    pub place: Place,
    pub clock: Clock,
    pub public_url: String,
    pub provider: Provider,
    pub vendors: VendorKeys,
    /// The sandbox answers for LinkupAPI V2 too, so that a whole lap can be run over it.
    pub sandbox_stands_for_v2: bool,
    /// Who gives opinions in analyses.
    pub model: Option<Arc<dyn Model>>,
    /// Who is asked about French companies.
    pub register: Option<Arc<dyn Register>>,
    pub settle: SignedDuration,
    pub acceptance_poll: SignedDuration,
    /// The sandbox's seed.
    pub seed: u64,
    /// Engagements on one more own post of the sandbox, for benchmarks.
    pub many: usize,
}

impl Options {
    /// A home in memory on a clock set by hand, as tests and the demonstration use it.
    pub fn in_memory(clock: Clock) -> Self {
        Self {
            place: Place::Memory,
            clock,
            public_url: "http://127.0.0.1:8080".into(),
            provider: Provider::Sandbox,
            vendors: VendorKeys::default(),
            sandbox_stands_for_v2: false,
            model: None,
            register: None,
            settle: SignedDuration::from_secs(600),
            acceptance_poll: SignedDuration::from_secs(14_400),
            seed: 1,
            many: 0,
        }
    }
}

/// After so many changes it is written down where reading the change stream goes on.
const POSITION_KEPT_EVERY: usize = 200;

/// How far the change stream was read.
#[derive(Default)]
struct Reading {
    position: Option<String>,
    /// Whether the last process' mark was looked up.
    begun: bool,
    /// Changes counted since the mark was written.
    since_mark: usize,
}

/// One process with everything in it.
pub struct Home {
    pub clock: Clock,
    pub store: Store,
    pub embedded: Embedded,
    pub queues: Arc<LocalQueues>,
    pub bus: Arc<LocalBus>,
    pub sandbox: Sandbox,
    pub ticker: Ticker,
    pub handlers: Vec<(&'static str, Arc<dyn Handler>)>,
    pub reporter: reporter::Reporter,
    reading: tokio::sync::Mutex<Reading>,
    pub console: Arc<Console>,
    /// Interface, API and webhooks.
    pub router: axum::Router,
    /// Keeps every other process away from the data folder.
    _held: Option<std::fs::File>,
}

impl Home {
    /// Opens a home; its sandbox listens on a loopback port of its own.
    ///
    /// # Errors
    /// When the data folder cannot be used, naming what is wrong with it.
    pub async fn open(options: Options) -> anyhow::Result<Self> {
        let clock = options.clock.clone();
        let held = match &options.place {
            Place::Memory => None,
            Place::Folder(folder) => Some(crate::archive::hold(folder)?),
        };
        let (embedded, queues, sealer, sandbox) = match &options.place {
            Place::Memory => (
                Embedded::memory()?,
                LocalQueues::memory(&queue::ALL, clock.clone())?,
                Sealer::new(&Sealer::new_key()?)?,
                Sandbox::new(sandbox_options(&options, None)),
            ),
            Place::Folder(folder) => open_folder(folder, &options)?,
        };
        let table: Table = embedded.table(TABLE).await.context("the store cannot be opened")?;
        let store = Store::new(table);
        let queues = Arc::new(queues);
        let bus = Arc::new(LocalBus::new(queues.clone()));
        let (address, _serving) =
            sandbox.serve(std::net::SocketAddr::from(([127, 0, 0, 1], 0))).await.context("the sandbox cannot listen")?;
        let providers = providers(&options, &format!("http://{address}"), sealer.clone())?;
        let booted_at = clock.now();
        let any_queues: Arc<dyn Queues> = queues.clone();
        let any_bus: Arc<dyn Bus> = bus.clone();
        let console = Arc::new(Console {
            store: store.clone(),
            queues: any_queues.clone(),
            bus: any_bus.clone(),
            clock: clock.clone(),
            providers: providers.clone(),
            sealer: sealer.clone(),
            public_url: options.public_url.clone(),
            default_provider: options.provider,
        });
        let ingest = Arc::new(webhook_ingest::Ingest {
            store: store.clone(),
            queues: any_queues.clone(),
            clock: clock.clone(),
            sealer: sealer.clone(),
        });
        let handlers = handlers(&store, &any_queues, &any_bus, &providers, &clock, &options, booted_at);
        Ok(Self {
            ticker: Ticker { store: store.clone(), queues: any_queues, clock: clock.clone() },
            reporter: reporter::Reporter { store: store.clone(), clock: clock.clone() },
            reading: tokio::sync::Mutex::default(),
            router: console::router(console.clone()).merge(webhook_ingest::router(ingest)),
            console,
            clock,
            store,
            embedded,
            queues,
            bus,
            sandbox,
            handlers,
            _held: held,
        })
    }

    /// One look for due work.
    ///
    /// # Errors
    /// When the store or the queues are unavailable.
    pub async fn tick(&self) -> Result<u32, Failure> {
        Ok(self.ticker.tick().await?.sent)
    }

    /// Receives and works on at most `max` messages of one queue; answers how many.
    ///
    /// # Errors
    /// When the queue file is unavailable. What a handler could not do comes again.
    pub async fn work(&self, queue: &'static str, handler: &Arc<dyn Handler>, max: u32) -> Result<usize, Failure> {
        let received = self.queues.receive(queue, max, VISIBILITY_SECONDS)?;
        let count = received.len();
        if !SIDE_BY_SIDE.contains(&queue) {
            for message in received {
                work_on(&self.queues, queue, handler.as_ref(), &message).await?;
            }
            return Ok(count);
        }
        let mut tasks = JoinSet::new();
        for message in received {
            let (queues, handler) = (self.queues.clone(), handler.clone());
            tasks.spawn(async move { work_on(&queues, queue, handler.as_ref(), &message).await });
        }
        let mut worked = Ok(count);
        while let Some(task) = tasks.join_next().await {
            match task {
                Ok(Ok(())) => {}
                Ok(Err(e)) => worked = Err(e),
                Err(e) => match e.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(e) => worked = Err(Failure::soon(e)),
                },
            }
        }
        worked
    }

    /// Counts what the change stream brought since the last time.
    ///
    /// # Errors
    /// When the store is unavailable.
    pub async fn report(&self) -> Result<usize, Failure> {
        let mut reading = self.reading.lock().await;
        if !reading.begun {
            // Where the last process was at its last mark: what it counted after that is known by the sums themselves.
            let seen = self.store.checkpoint(TABLE).await.map_err(Failure::soon)?;
            reading.position = seen.and_then(|c| c.item.position);
            reading.begun = true;
        }
        let (records, next) = self.embedded.changes(TABLE, reading.position.as_deref(), 500).map_err(Failure::soon)?;
        if records.is_empty() {
            return Ok(0);
        }
        // Records that the counting itself wrote are not counted and do not ask for another round.
        let foreign = self.reporter.batch(TABLE, &records).await?;
        reading.position = next;
        reading.since_mark += foreign;
        if reading.since_mark >= POSITION_KEPT_EVERY {
            let mark = Checkpoint { shard: TABLE.to_owned(), position: reading.position.clone() };
            self.store.table.overwrite(&mark).await.map_err(Failure::soon)?;
            reading.since_mark = 0;
        }
        Ok(foreign)
    }

    /// Works until nothing is visible in any queue, and counts it; answers how many messages were worked on.
    ///
    /// # Errors
    /// When store or queues are unavailable.
    pub async fn drain(&self) -> Result<usize, Failure> {
        let mut total = 0;
        loop {
            let mut worked = 0;
            for (queue, handler) in &self.handlers {
                worked += self.work(queue, handler, 10).await?;
            }
            total += worked;
            if worked == 0 {
                while self.report().await? > 0 {}
                return Ok(total);
            }
        }
    }

    /// The next instant at which something is due or becomes visible, if anything is.
    ///
    /// # Errors
    /// When store or queues are unavailable.
    pub async fn next_instant(&self) -> Result<Option<Timestamp>, Failure> {
        let mut next = self.queues.next_visible()?.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        for shard in 0..store::record::DUE_SHARDS {
            let found = self.store.table.due(&format!("due#{shard}"), "9", 1).await.map_err(Failure::soon)?;
            let order = found.first().and_then(|item| store::table::text(item, "dsk"));
            let at = order.and_then(|o| o.split('|').next()).and_then(|t| t.parse::<Timestamp>().ok());
            next = match (next, at) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        Ok(next)
    }

    /// On a clock set by hand: ticks and works at each instant at which something is due, until `until`.
    ///
    /// # Errors
    /// When store or queues are unavailable.
    pub async fn run_until(&self, until: Timestamp) -> Result<(), Failure> {
        loop {
            self.tick().await?;
            self.drain().await?;
            self.deliver_webhooks().await;
            self.drain().await?;
            let now = self.clock.now();
            let second = SignedDuration::from_secs(1);
            match self.next_instant().await? {
                Some(at) if at.max(now + second) <= until => self.clock.set(at.max(now + second)),
                _ => break,
            }
        }
        self.clock.set(until);
        Ok(())
    }

    /// What the sandbox's people wrote since, through its webhooks: straight into the router.
    async fn deliver_webhooks(&self) {
        use tower::ServiceExt;
        for delivery in self.sandbox.due_webhooks(self.clock.now()) {
            let Some((_, path)) = delivery.webhook_url.split_once("/webhooks/") else { continue };
            let request = axum::http::Request::post(format!("/webhooks/{path}")).header("content-type", "application/json");
            let request = delivery
                .headers
                .iter()
                .fold(request, |request, (name, value)| request.header(*name, value))
                .body(axum::body::Body::from(delivery.body.to_string()));
            if let Ok(request) = request {
                let answer = self.router.clone().oneshot(request).await;
                tracing::debug!(status = answer.map(|a| a.status().as_u16()).unwrap_or(0), "sandbox.delivered");
            }
        }
    }
}

/// Works on one message; what a handler could not do comes again.
async fn work_on(queues: &LocalQueues, queue: &str, handler: &dyn Handler, message: &Received) -> Result<(), Failure> {
    match handler.handle(&message.body).await {
        Ok(()) => queues.done(message),
        Err(Failure::Later { after_seconds, why }) => {
            tracing::debug!(queue, after_seconds, why, "job.later");
            queues.postpone(message, after_seconds)
        }
        Err(Failure::Unreadable(why)) => {
            tracing::error!(queue, why, "job.unreadable");
            queues.postpone(message, 1)
        }
    }
}

fn open_folder(folder: &Path, options: &Options) -> anyhow::Result<(Embedded, LocalQueues, Sealer, Sandbox)> {
    let embedded = Embedded::open(&folder.join("store.db")).context("store.db cannot be opened")?;
    let queues = LocalQueues::open(&folder.join("queue.db"), &queue::ALL, options.clock.clone());
    let queues = queues.context("queue.db cannot be opened")?;
    let sealer = Sealer::new(&crate::keyfile::read_or_make(&folder.join("key"))?)?;
    let state = folder.join("sandbox.json");
    let sandbox = match std::fs::read(&state) {
        Ok(bytes) => {
            let saved = serde_json::from_slice(&bytes).context("sandbox.json is damaged")?;
            let loaded = Sandbox::load(sandbox_options(options, Some(state)), &saved);
            loaded.map_err(|e| anyhow!("sandbox.json is damaged: {e}"))?
        }
        Err(_) => {
            let fresh = Sandbox::new(sandbox_options(options, Some(state.clone())));
            crate::keyfile::write_whole(&state, fresh.save().to_string().as_bytes())?;
            fresh
        }
    };
    Ok((embedded, queues, sealer, sandbox))
}

fn sandbox_options(options: &Options, state: Option<PathBuf>) -> SandboxOptions {
    let clock = options.clock.clone();
    SandboxOptions {
        seed: options.seed,
        now: Arc::new(move || clock.now()),
        many: options.many,
        switches: Switches { reveal_in_time: true, ..Switches::default() },
        // Before the answer leaves: what LinkedIn did stays done whatever happens to this process.
        on_change: state.map(|path| {
            Arc::new(move |saved: &serde_json::Value| {
                if let Err(e) = crate::keyfile::write_whole(&path, saved.to_string().as_bytes()) {
                    tracing::error!(error = %e, "sandbox.not_saved");
                }
            }) as sandbox::OnChange
        }),
        ..SandboxOptions::default()
    }
}

fn providers(options: &Options, sandbox_url: &str, sealer: Sealer) -> anyhow::Result<Providers> {
    let clock = options.clock.clone();
    let mut providers = Providers::new(move |sealed, purpose| sealer.open(sealed, purpose).ok())
        .with_linkup_v1(Provider::Sandbox, sandbox_url, "sandbox".into(), gate_in_process(), move || clock.now())
        .map_err(|e| anyhow!("sandbox: {e}"))?;
    if options.sandbox_stands_for_v2 {
        let clock = options.clock.clone();
        let added = providers.with_linkup_v2(sandbox_url, "sandbox".into(), gate_in_process(), move || clock.now());
        providers = added.map_err(|e| anyhow!("sandbox: {e}"))?;
    }
    let clock = options.clock.clone();
    let vendors = providers.with_vendors(options.vendors.clone(), Provider::LinkupV1, &gate_in_process(), move || clock.now());
    vendors.map_err(|e| anyhow!(e))
}

/// Every handler by its queue, over whatever store, queues and providers.
pub fn handlers(
    store: &Store,
    queues: &Arc<dyn Queues>,
    bus: &Arc<dyn Bus>,
    providers: &Providers,
    clock: &Clock,
    options: &Options,
    booted_at: Timestamp,
) -> Vec<(&'static str, Arc<dyn Handler>)> {
    let (store, queues, bus) = (|| store.clone(), || queues.clone(), || bus.clone());
    let (providers, clock) = (|| providers.clone(), || clock.clone());
    vec![
        (
            queue::PUBLISH,
            Arc::new(post_publisher::PostPublisher {
                store: store(),
                bus: bus(),
                providers: providers(),
                clock: clock(),
                settle: options.settle,
            }),
        ),
        (
            queue::PULL,
            Arc::new(engagement_puller::EngagementPuller {
                store: store(),
                queues: queues(),
                bus: bus(),
                providers: providers(),
                clock: clock(),
                model: options.model.clone(),
                booted_at: Some(booted_at),
            }),
        ),
        (
            queue::FIND,
            Arc::new(lead_finder::LeadFinder {
                store: store(),
                queues: queues(),
                providers: providers(),
                clock: clock(),
                booted_at: Some(booted_at),
            }),
        ),
        (
            queue::SCORE,
            Arc::new(scorer::Scorer {
                store: store(),
                queues: queues(),
                providers: providers(),
                clock: clock(),
                asking: scorer::Asking::default(),
                model: options.model.clone(),
                register: options.register.clone(),
            }),
        ),
        (queue::GATE, Arc::new(gatekeeper::Gatekeeper { store: store(), queues: queues(), clock: clock() })),
        (queue::DRAFT, Arc::new(drafter::Drafter { store: store(), clock: clock() })),
        (
            queue::SEND,
            Arc::new(sender::Sender {
                store: store(),
                queues: queues(),
                bus: bus(),
                providers: providers(),
                clock: clock(),
                settle: options.settle,
                acceptance_poll: options.acceptance_poll,
                booted_at: Some(booted_at),
            }),
        ),
        (
            queue::INBOUND,
            Arc::new(inbox::Inbox {
                store: store(),
                queues: queues(),
                bus: bus(),
                providers: providers(),
                clock: clock(),
                acceptance_poll: options.acceptance_poll,
            }),
        ),
    ]
}
