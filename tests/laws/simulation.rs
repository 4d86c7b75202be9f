//! One simulation: tasks that are let on one stop at a time, in an order and with failures that the seed decides.

use crate::chance::Chance;
use crate::deeds::{self, Deed};
use crate::house::{House, TABLE, answer, lifetime};
use crate::plan::{How, Plan};
use crate::stage::{Verdict, Waiting, What, Woken};
use crate::watch::{Violation, Watch};
use crate::weather::takes;
use amorce::queue::Received;
use axum::http::{Method, StatusCode};
use domain::job::queue;
use jiff::{SignedDuration, Timestamp};
use kit::Failure;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Wake;

/// After so many stops a simulation has no end.
const STOPS_MAX: usize = 400_000;

/// How a task ended.
enum Ended {
    Worked(Result<(), Failure>),
    Answered(StatusCode),
}

enum Origin {
    Message(&'static str, Option<Received>),
    Deed(Box<Deed>),
    Clock,
    Report,
}

struct Task {
    id: u32,
    kind: &'static str,
    since: Timestamp,
    origin: Origin,
    future: Pin<Box<dyn Future<Output = Ended> + Send>>,
    woken: Arc<Woken>,
}

/// What a simulation came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub stops: usize,
    pub claims: usize,
    pub reached: usize,
    pub people: usize,
    /// How often each kind of fault was injected.
    pub faults: BTreeMap<&'static str, u64>,
    /// Which stops a task ended at, and how often.
    pub boundaries: BTreeMap<String, u64>,
    /// Every stop there was.
    pub stops_seen: BTreeMap<String, u64>,
    /// How many stops tasks were let on.
    pub let_on: usize,
    /// The stops of a steady simulation, in order.
    pub order: Vec<String>,
    /// The same for the same seed.
    pub fingerprint: u64,
}

pub struct Simulation {
    pub plan: Plan,
    pub chance: Chance,
    pub house: House,
    pub watch: Watch,
    pub retries: usize,
    pub trace: Vec<String>,
    pub outcome: Outcome,
    tasks: Vec<Task>,
    agenda: BTreeMap<(Timestamp, u64), Deed>,
    planned: u64,
    began: u32,
    ticked_at: Option<Timestamp>,
    position: Option<String>,
    /// Where reading the change stream goes on should the count under way fail.
    reread: Option<String>,
    /// Where tasks are made to fail, and how often still.
    failing: Option<(String, usize)>,
    /// The task whose claim is held back, and for how many stops still.
    held: Option<(u32, usize)>,
    ambushed: BTreeSet<String>,
    calm: bool,
}

impl Simulation {
    pub fn new(plan: Plan) -> Self {
        let mut chance = Chance::new(plan.seed);
        let house = House::build(&plan, &mut chance);
        let chance = if plan.shuffle == 0 { chance } else { Chance::new(plan.shuffle) };
        let mut simulation = Self {
            chance,
            house,
            watch: Watch::default(),
            retries: 0,
            trace: Vec::new(),
            outcome: Outcome::default(),
            tasks: Vec::new(),
            agenda: BTreeMap::new(),
            planned: 0,
            began: 0,
            ticked_at: None,
            position: None,
            reread: None,
            failing: None,
            held: None,
            ambushed: BTreeSet::new(),
            calm: false,
            plan,
        };
        let plan = simulation.plan.clone();
        for (after, deed) in deeds::first(&plan, &mut simulation.chance) {
            simulation.plan_deed(after, deed);
        }
        simulation
    }

    pub fn is_calm(&self) -> bool {
        self.calm
    }

    pub fn plan_deed(&mut self, after: SignedDuration, deed: Deed) {
        self.planned += 1;
        self.agenda.insert((self.house.clock.now() + after, self.planned), deed);
    }

    fn fault(&mut self, kind: &'static str) {
        *self.outcome.faults.entry(kind).or_default() += 1;
    }

    fn note(&mut self, text: std::fmt::Arguments<'_>) {
        let now = self.house.clock.now();
        let mut line = String::new();
        let _written = write!(line, "{now:.3} {text}");
        for byte in line.bytes() {
            self.outcome.fingerprint = (self.outcome.fingerprint ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.trace.push(line);
    }

    /// Runs to the end, or to the first law that is broken.
    pub fn run(&mut self) -> Result<(), Violation> {
        let end = self.plan.start + self.plan.storm + self.plan.calm;
        while self.house.clock.now() < end {
            if !self.calm && self.house.clock.now() >= self.plan.start + self.plan.storm {
                self.calm = true;
                self.house.sky.lag.store(0, Ordering::SeqCst);
                self.note(format_args!("the storm is over"));
                self.undo_what_stands_in_the_way();
            }
            self.outcome.stops += 1;
            if self.outcome.stops > STOPS_MAX {
                return Err(Violation { law: 0, what: format!("no rest after {STOPS_MAX} stops") });
            }
            self.happen();
            let room = self.tasks.len() < self.plan.width + usize::from(self.held.is_some());
            if room && (self.tasks.is_empty() || self.chance.permille(250)) && self.begin() {
                continue;
            }
            if self.tasks.is_empty() {
                self.move_clock(end);
                continue;
            }
            self.step()?;
        }
        self.come_to_rest()?;
        self.outcome.reached = self.house.world.state().0.reached.len();
        self.watch.at_rest(&self.house)
    }

    /// What people took away they give back, so that what is left can go on.
    fn undo_what_stands_in_the_way(&mut self) {
        for tenant in 0..self.house.tenants.len() {
            for account in self.house.tenants[tenant].accounts.clone() {
                self.plan_deed(SignedDuration::from_secs(60), Deed::Resume { tenant, account: account.to_string() });
            }
            self.plan_deed(SignedDuration::from_secs(30), Deed::Redrive { tenant, queue: queue::INBOUND });
        }
    }

    /// Lets everything that is under way end, and counts it.
    fn come_to_rest(&mut self) -> Result<(), Violation> {
        self.calm = true;
        while !self.tasks.is_empty() {
            self.step()?;
        }
        while self.report() {
            while !self.tasks.is_empty() {
                self.step()?;
            }
        }
        self.watch.money(&self.house, &self.plan)
    }

    fn start(&mut self, kind: &'static str, origin: Origin, future: Pin<Box<dyn Future<Output = Ended> + Send>>) {
        self.began += 1;
        let woken = Arc::<Woken>::default();
        woken.wake_by_ref();
        self.tasks.push(Task { id: self.began, kind, since: self.house.clock.now(), origin, future, woken });
        self.advance();
    }

    /// Begins something, if there is anything to begin.
    fn begin(&mut self) -> bool {
        let now = self.house.clock.now();
        let due = || self.house.next_due().is_some_and(|at| at <= now + clock::LOOK_AHEAD);
        if self.ticked_at.is_none_or(|at| now.duration_since(at).abs() >= SignedDuration::from_secs(5)) && due() {
            self.ticked_at = Some(now);
            let ticker = self.house.ticker.clone();
            self.start("clock", Origin::Clock, Box::pin(async move { Ended::Worked(ticker.tick().await.map(drop)) }));
            return true;
        }
        if self.chance.permille(20) && self.report() {
            return true;
        }
        if let Some((at, _)) = self.agenda.first_key_value().filter(|((at, _), _)| *at <= now) {
            let key = *at;
            if let Some(deed) = self.agenda.remove(&(key.0, key.1)) {
                self.do_deed(deed);
                return true;
            }
        }
        let from = self.chance.below(self.house.handlers.len());
        for place in 0..self.house.handlers.len() {
            let (name, handler) = self.house.handlers[(from + place) % self.house.handlers.len()].clone();
            let expires = !self.calm && self.chance.permille(self.plan.faults.expires);
            let visible = if expires { 1 } else { 600 };
            let received = self.house.queues.receive(name, 1, visible).expect("memory");
            let Some(message) = received.into_iter().next() else { continue };
            if expires {
                self.fault("visibility expired");
            }
            let body = message.body.clone();
            let copies =
                self.chance.below(self.plan.copies) + usize::from(!self.calm && self.chance.permille(self.plan.faults.again));
            for _ in 0..copies {
                self.fault("delivered twice");
                let (handler, body) = (handler.clone(), body.clone());
                self.start(
                    name,
                    Origin::Message(name, None),
                    Box::pin(async move { Ended::Worked(handler.handle(&body).await) }),
                );
            }
            let future = Box::pin(async move { Ended::Worked(handler.handle(&body).await) });
            self.start(name, Origin::Message(name, Some(message)), future);
            return true;
        }
        false
    }

    fn do_deed(&mut self, deed: Deed) {
        match deed {
            Deed::Visit(tenant) => return self.visit(tenant),
            Deed::Meddle(tenant) => return self.meddle(tenant),
            _ => {}
        }
        let Some((method, path, body)) = deed.request(&self.house) else { return };
        self.note(format_args!("{deed:?}"));
        self.begins(&deed);
        let once = format!("{} {path} {body}", self.planned);
        let request = House::request(&self.house.tenants[deed.tenant()], method.clone(), &path, &body, &once);
        let router = self.house.router.clone();
        let future = Box::pin(async move { Ended::Answered(answer(router, request).await.0) });
        if matches!(deed, Deed::Tell { .. }) {
            for _ in 0..self.chance.below(self.plan.copies) {
                self.fault("told twice");
                let request = House::request(&self.house.tenants[deed.tenant()], Method::POST, &path, &body, &once);
                let router = self.house.router.clone();
                let again = Box::pin(async move { Ended::Answered(answer(router, request).await.0) });
                self.start("deed", Origin::Clock, again);
            }
        }
        self.start("deed", Origin::Deed(Box::new(deed)), future);
    }

    /// Counts what the change stream brought; false where it brought nothing.
    fn report(&mut self) -> bool {
        let changes = self.house.embedded.changes(TABLE, self.position.as_deref(), 200).expect("memory");
        let (records, next) = changes;
        let own =
            |record: &serde_json::Value| record["dynamodb"]["Keys"]["pk"]["S"].as_str().is_some_and(|pk| pk.ends_with("#days"));
        if records.iter().all(own) {
            self.position = next.filter(|_| !records.is_empty()).or_else(|| self.position.take());
            return false;
        }
        let reporter = self.house.reporter.clone();
        // At least once: where this task ends early, the same records come again.
        let before = self.position.clone();
        self.position = next;
        let retry = Origin::Report;
        self.reread = before;
        self.start("report", retry, Box::pin(async move { Ended::Worked(reporter.batch(TABLE, &records).await.map(drop)) }));
        true
    }

    /// Nothing is under way: on to the next instant at which something is.
    fn move_clock(&mut self, end: Timestamp) {
        let now = self.house.clock.now();
        if !self.calm && self.chance.permille(self.plan.faults.jumps) {
            let jump = [-1, -3_600, 3_600, 1_200, 8 * 3_600][self.chance.below(5)];
            self.fault("clock jumped");
            self.note(format_args!("the clock jumps by {jump} s"));
            if jump < 0 {
                self.watch.went_back = Some(now);
            }
            self.house.clock.set(now + SignedDuration::from_secs(jump));
            self.ticked_at = None;
            return;
        }
        let agenda = self.agenda.first_key_value().map(|((at, _), _)| *at);
        let next = [self.house.next_instant(), agenda, self.house.world.next()].into_iter().flatten().min().unwrap_or(end);
        let jitter = SignedDuration::from_millis(self.chance.within(1, 900));
        self.house.clock.set(next.max(now).min(end) + jitter);
        self.ticked_at = None;
    }

    /// Lets one task on by one stop.
    fn step(&mut self) -> Result<(), Violation> {
        self.drop_overdue();
        if self.tasks.is_empty() {
            return Ok(());
        }
        let waiting = self.house.stage.waiting();
        assert!(!waiting.is_empty(), "{} tasks wait for something outside of the simulation", self.tasks.len());
        let Some(chosen) = self.choose(&waiting) else { return Ok(()) };
        let Some(place) = self.tasks.iter().position(|t| t.id == chosen.task) else { return Ok(()) };
        let kind = self.tasks[place].kind;
        let since = self.tasks[place].since;
        let draw = self.chance.within(0, 1 << 20);
        let took = takes(&chosen.what, draw);
        self.house.clock.advance(took);
        let stop = format!("{kind}: {}", chosen.what);
        *self.outcome.stops_seen.entry(stop.clone()).or_default() += 1;
        if self.plan.inject.is_none() && self.plan.steady {
            self.outcome.order.push(stop.clone());
        }
        let injected = self.injected(&stop);
        let verdict = match injected {
            Some(How::Refused) => Verdict::Before(0),
            Some(How::AnswerLost) => Verdict::After(1),
            _ => self.verdict(&chosen.what),
        };
        let crash = !self.calm && self.chance.permille(self.plan.faults.crash);
        let before = injected == Some(How::CrashBefore) || (crash && self.chance.permille(500));
        let crash = crash || injected == Some(How::CrashAfter);
        if !self.calm && self.plan.lagging && self.chance.permille(50) {
            let lag = self.chance.below(30);
            self.house.sky.lag.store(lag, Ordering::SeqCst);
            self.fault("index lags");
        }
        if before {
            self.crash(place, &stop, "before");
            return Ok(());
        }
        self.note(format_args!("#{} {stop} {verdict:?}", chosen.task));
        self.house.stage.let_on(&chosen, verdict);
        self.advance();
        let written = self.house.sky.take_written();
        self.outcome.claims += written.iter().filter(|w| w.kind == "message" && w.status == "sending").count();
        let plan = self.plan.clone();
        self.watch.look(&self.house, &plan, &written, since)?;
        if matches!(chosen.what, What::Call(_)) && (plan.credits < 1_000 || self.chance.permille(100)) {
            self.watch.money(&self.house, &plan)?;
        }
        if crash && let Some(place) = self.tasks.iter().position(|t| t.id == chosen.task) {
            self.crash(place, &stop, "after");
        }
        if !self.calm && self.chance.permille(self.plan.faults.reboot) && self.chance.permille(100) {
            self.reboot();
        }
        Ok(())
    }

    /// The next to be let on; a claim may be held back until somebody has stood in its way.
    fn choose(&mut self, waiting: &[Waiting]) -> Option<Waiting> {
        if let Some((task, left)) = self.held {
            self.held = (left > 0 && waiting.iter().any(|w| w.task == task)).then(|| (task, left.saturating_sub(1)));
        }
        let held = self.held.map(|(task, _)| task);
        let free: Vec<&Waiting> = waiting.iter().filter(|w| Some(w.task) != held).collect();
        let Some(chosen) = self.chance.pick(&free).map(|w| (*w).clone()) else {
            if !self.begin() {
                // Nobody else has anything to do: time passes.
                self.house.clock.advance(SignedDuration::from_millis(300));
                self.ticked_at = None;
            }
            return None;
        };
        if let What::Store { claims: Some(message), .. } = &chosen.what
            && held.is_none()
            && !self.calm
            && !self.ambushed.contains(message)
            && self.chance.permille(self.plan.ambush)
        {
            self.ambushed.insert(message.clone());
            self.fault("claim held back");
            self.held = Some((chosen.task, 40 + self.chance.below(160)));
            self.ambush(message);
            return None;
        }
        Some(chosen)
    }

    /// What the plan wants to fail at this stop.
    fn injected(&mut self, stop: &str) -> Option<How> {
        let inject = self.plan.inject?;
        let now = self.outcome.let_on;
        self.outcome.let_on += 1;
        if now == inject.at {
            self.failing = Some((stop.to_owned(), inject.times));
        }
        let (where_, left) = self.failing.as_mut()?;
        if *left == 0 || where_ != stop {
            return None;
        }
        *left -= 1;
        *self.outcome.boundaries.entry(format!("{:?} {stop}", inject.how)).or_default() += 1;
        Some(inject.how)
    }

    fn verdict(&mut self, what: &What) -> Verdict {
        let n = u32::try_from(self.chance.draw() >> 40).unwrap_or(0);
        let faults = self.plan.faults;
        let (refused, lost, partly) = match what {
            What::Store { operation, .. } if operation.starts_with("Batch") => {
                (faults.store_refused, faults.store_lost, faults.store_partly)
            }
            What::Store { .. } => (faults.store_refused, faults.store_lost, 0),
            What::Call(_) => (faults.call_refused, faults.call_lost, 0),
            What::Queue(_) => (faults.queue_failed, faults.queue_failed, faults.queue_failed),
        };
        if self.calm {
            return Verdict::Go;
        }
        let stalls = self.chance.permille(faults.stalls);
        if stalls {
            self.fault("stalled");
            let seconds = self.chance.within(1, 25);
            self.house.clock.advance(SignedDuration::from_secs(seconds));
        }
        let names = match what {
            What::Store { .. } => ["store refused", "store answer lost", "store batch in part"],
            What::Call(_) => ["call refused", "call answer lost", "call in part"],
            What::Queue(_) => ["queue refused", "queue answer lost", "queue in part"],
        };
        let draws = [refused, lost, partly];
        for (place, permille) in draws.into_iter().enumerate() {
            if self.chance.permille(permille) {
                self.fault(names[place]);
                return [Verdict::Before(n), Verdict::After(n), Verdict::Partly(n)][place];
            }
        }
        Verdict::Go
    }

    /// Lets on whoever was woken, until all wait or have ended: tasks of one process may wait for each other.
    fn advance(&mut self) {
        while let Some(place) = self.tasks.iter().position(|t| t.woken.is_set()) {
            let task = &mut self.tasks[place];
            let running = (task.id, task.kind);
            let Some(ended) = self.house.stage.run(running, task.future.as_mut(), &task.woken) else { continue };
            let task = self.tasks.remove(place);
            match (ended, task.origin) {
                (Ended::Worked(worked), Origin::Message(name, received)) => self.settle(task.id, name, received, worked),
                (Ended::Answered(status), Origin::Deed(deed)) => {
                    self.note(format_args!("#{} answered {status}", task.id));
                    self.ended(&deed, Some(status));
                }
                (Ended::Worked(Err(_)), Origin::Report) => self.position = self.reread.take(),
                _ => {}
            }
        }
    }

    fn settle(&mut self, id: u32, name: &str, received: Option<Received>, worked: Result<(), Failure>) {
        self.note(format_args!("#{id} {name} {}", if worked.is_ok() { "done" } else { "failed" }));
        let Some(received) = received else { return };
        if !self.calm && self.chance.permille(self.plan.faults.again / 4) {
            self.fault("delete lost");
            return;
        }
        match worked {
            Ok(()) => self.house.queues.done(&received),
            Err(Failure::Later { after_seconds, .. }) => self.house.queues.postpone(&received, after_seconds),
            Err(Failure::Unreadable(_)) => self.house.queues.postpone(&received, 1),
        }
        .expect("memory");
    }

    fn crash(&mut self, place: usize, stop: &str, when: &'static str) {
        self.fault(if when == "before" { "crash before" } else { "crash after" });
        *self.outcome.boundaries.entry(format!("{when} {stop}")).or_default() += 1;
        let task = self.tasks.remove(place);
        self.note(format_args!("#{} ends {when} {stop}", task.id));
        self.abandon(task);
        // What it held for others is free now.
        self.advance();
    }

    fn abandon(&mut self, task: Task) {
        match task.origin {
            Origin::Deed(deed) => self.ended(&deed, None),
            Origin::Report => self.position = self.reread.take(),
            // The message becomes visible again when its time is over.
            Origin::Message(..) | Origin::Clock => {}
        }
    }

    fn drop_overdue(&mut self) {
        let now = self.house.clock.now();
        while let Some(place) = self.tasks.iter().position(|t| now.duration_since(t.since) > lifetime(t.kind)) {
            let task = self.tasks.remove(place);
            self.fault("timed out");
            self.note(format_args!("#{} {} is out of time", task.id, task.kind));
            self.abandon(task);
        }
        self.advance();
    }

    fn reboot(&mut self) {
        self.fault("reboot");
        self.note(format_args!("the process ends and starts again"));
        for task in std::mem::take(&mut self.tasks) {
            self.abandon(task);
        }
        self.house.boot();
    }
}
