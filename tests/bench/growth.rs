//! P6: whether a workspace with many people costs and takes more than one with few: its pages, a report, a tick of the
//! clock, one page of a collection. In a file, on one machine; request units are those that AWS would charge.
//!
//! `GROWTH_PEOPLE` is the large number. People are written as items, as decisions leave them, and counted from the
//! change stream; one in twenty has a draft in review, five thousand drafts at most; one in fifty a collection planned.

use amorce::client::Client;
use amorce::home::{Home, Options, Place};
use console::auth::{BootstrapValues, bootstrap};
use domain::evidence::Evidence;
use domain::gate::{self, Facts, Policy};
use domain::identity::{Key, Kind};
use domain::ids::{AccountId, DecisionId, EnrolmentId, RunId, WorkspaceId};
use domain::job::queue;
use domain::vocabulary::{CallToAction, LeadSource};
use domain::workspace::Settings;
use jiff::{SignedDuration, Timestamp};
use kit::{Clock, Handler};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::intake::{Row, new_prospect};
use store::keys;
use store::message::{Message, REVIEW_MAX, Step};
use store::record::{Item, encode};
use store::run::{Run, Subject};

const FEW: usize = 1_000;
const MANY: usize = 100_000;
/// Repeats of each measure; the middle time counts.
const REPEATS: usize = 15;
/// People written between two looks at the change stream.
const PORTION: usize = 5_000;
const UNITS_GOAL: f64 = 5.0;
const TIME_GOAL: f64 = 1.5;

struct World {
    home: Home,
    client: Client,
    workspace: WorkspaceId,
    account: AccountId,
    settings: Settings,
    people: usize,
    _folder: tempfile::TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::at("2026-11-16T09:00:00Z".parse().expect("an instant"));
    let options = Options { place: Place::Folder(folder.path().to_owned()), many: 100, ..Options::in_memory(clock) };
    let home = Home::open(options).await.expect("a home");
    let values = BootstrapValues { email: None, password: None, api_key: Some("amk_bench".into()) };
    let workspace = bootstrap(&home.store, &values, home.clock.now()).await.expect("stored").expect("a workspace");
    let client = Client::new(home.router.clone(), "amk_bench");
    client.patch("/api/v1/workspace", &amorce::welcome::workspace()).await.expect("settings");
    let account = client.post("/api/v1/accounts", &amorce::welcome::account()).await.expect("an account");
    let account = AccountId::parse(account["id"].as_str().unwrap_or_default()).expect("an id");
    let settings = home.store.workspace(&workspace).await.expect("stored").expect("a workspace").item.settings;
    World { home, client, workspace, account, settings, people: 0, _folder: folder }
}

impl World {
    fn now(&self) -> Timestamp {
        self.home.clock.now()
    }

    /// Fills up to `wanted` people, counted by the reporter.
    async fn grow(&mut self, wanted: usize) {
        while self.people < wanted {
            let portion: Vec<usize> = (self.people..wanted.min(self.people + PORTION)).collect();
            self.people += portion.len();
            let items = portion.into_iter().flat_map(|n| self.items_of(n)).collect();
            self.home.store.table.overwrite_many(items).await.expect("written");
            while self.home.report().await.expect("counted") > 0 {}
        }
    }

    /// A person as a decision left them, and what waits about them.
    fn items_of(&self, n: usize) -> Vec<Item> {
        let key = Key::new(Kind::MemberId, format!("ACoAAgrown{n:08}"));
        let row = Row {
            keys: vec![key.clone()],
            name: Some(format!("Personne {n}")),
            headline: Some("Directrice commerciale chez Maison 12".into()),
            source: Some(LeadSource::Hot),
            ..Row::default()
        };
        let id = keys::prospect_of(&self.workspace, &key);
        let mut person = new_prospect(&self.workspace, id, &row, row.keys.clone(), self.now());
        let mut facts = Facts::new(Policy::of(&self.settings, &[LeadSource::Hot], None), "bench");
        facts.headline.clone_from(&person.headline);
        facts.evidence = Evidence::default();
        let mut decision = gate::decide(&facts, self.now());
        decision.score = Some((n % 101) as u8);
        let _first = person.take_decision(decision);
        let mut items = Vec::new();
        if n.is_multiple_of(20) && n / 20 < REVIEW_MAX {
            let message = self.draft(n, &person.id);
            person.in_review = true;
            items.push(encode(&message, 1).expect("an item"));
        }
        if n.is_multiple_of(50) {
            items.push(encode(&self.planned(n), 1).expect("an item"));
        }
        items.push(encode(&person, 1).expect("an item"));
        items
    }

    fn draft(&self, n: usize, prospect: &domain::ids::ProspectId) -> Message {
        let enrolment = EnrolmentId::derive(&[prospect.as_str(), "built-in", ""]);
        let text =
            "Bonjour Claire,\nVotre commentaire sur la relance des devis m’a parlé.\nSeriez-vous d’accord pour en parler ?";
        Message {
            cta: CallToAction::Soft,
            quality: 80,
            decision: DecisionId::derive(&[prospect.as_str()]),
            score: (n % 101) as u8,
            source: LeadSource::Hot,
            redrafts: 1,
            ..Message::drafted((&self.workspace, prospect), (&enrolment, &self.account), Step::Invitation, text, self.now())
        }
    }

    /// A collection months away: it stands in the due index all the while.
    fn planned(&self, n: usize) -> Run {
        let due = self.now() + SignedDuration::from_hours(24 * 60 + n as i64 % 500);
        Run {
            account: Some(self.account.clone()),
            post_url: "https://www.linkedin.com/feed/update/urn:li:activity:7523292885811833700".into(),
            urn: "urn:li:activity:7523292885811833700".into(),
            own_post: true,
            limit: 100,
            credits_estimated: 20,
            next_at: Some(due),
            ..Run::queued(&self.workspace, RunId::derive(&["growth", &n.to_string()]), LeadSource::Hot, Subject::Post, self.now())
        }
    }

    async fn page(&self, path: &str) {
        let _page = self.client.get(path).await.expect("a page");
    }

    /// One page of ten reactions of people known before.
    async fn pull(&self) {
        let url = self.home.sandbox.post_url("many-1").expect("a post");
        let kinds = ["LIKE", "PRAISE", "APPRECIATION", "EMPATHY", "INTEREST", "ENTERTAINMENT"];
        let run = json!({ "source": "hot", "account_id": self.account, "post_url": url, "limit": 10, "filters": { "reactions": kinds } });
        self.client.post("/api/v1/runs", &run).await.expect("a run");
        let handler: &Arc<dyn Handler> =
            self.home.handlers.iter().find(|(name, _)| *name == queue::PULL).map(|(_, handler)| handler).expect("a puller");
        let worked = self.home.work(queue::PULL, handler, 1).await.expect("worked");
        assert_eq!(worked, 1);
    }

    async fn once(&self, what: What) {
        match what {
            What::Review => self.page("/api/v1/review?kind=message&limit=50").await,
            What::People => self.page("/api/v1/prospects?limit=50").await,
            What::Report => self.page("/api/v1/reports/overview?range=30d").await,
            What::Tick => assert_eq!(self.home.tick().await.expect("a tick"), 0, "nothing is due"),
            What::Pull => self.pull().await,
        }
    }

    /// Units of one, and the middle time.
    async fn measure(&self, what: What) -> (f64, Duration) {
        let mut times = Vec::with_capacity(REPEATS);
        let meter = self.home.store.table.meter();
        let mut units = 0.0;
        for _ in 0..REPEATS {
            let before = meter.units();
            let started = Instant::now();
            self.once(what).await;
            times.push(started.elapsed());
            let used = meter.units() - before;
            units += used.reads + used.writes;
        }
        times.sort();
        (units / REPEATS as f64, times[REPEATS / 2])
    }
}

#[derive(Clone, Copy)]
enum What {
    Review,
    People,
    Report,
    Tick,
    Pull,
}

const ALL: [(What, &str); 5] = [
    (What::Review, "review page of 50"),
    (What::People, "people page of 50"),
    (What::Report, "report of 30 days"),
    (What::Tick, "a tick with nothing due"),
    (What::Pull, "one pull page of ten"),
];

#[tokio::main]
async fn main() {
    let many = std::env::var("GROWTH_PEOPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(MANY);
    let mut world = world().await;
    world.grow(FEW).await;
    for _ in 0..3 {
        // The people of the page are made, then known; caches are warm.
        world.pull().await;
        world.home.drain().await.expect("drained");
    }
    let mut before = Vec::new();
    for (what, _) in ALL {
        before.push(world.measure(what).await);
    }
    let started = Instant::now();
    world.grow(many).await;
    let (filled, seconds) = (many - FEW, started.elapsed().as_secs_f64());
    for (what, _) in ALL {
        world.once(what).await;
    }
    println!("P6: {FEW} and {many} people in one file; {filled} were written in {seconds:.0} s\n");
    println!("| measure | units | at {many} | change | goal | time | at {many} | ratio | goal |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for ((what, name), (units, time)) in ALL.into_iter().zip(before) {
        let (more_units, more_time) = world.measure(what).await;
        let change = 100.0 * (more_units / units - 1.0);
        let ratio = more_time.as_secs_f64() / time.as_secs_f64();
        println!(
            "| {name} | {units:.1} | {more_units:.1} | {change:+.1} % | ≤ {UNITS_GOAL} % | {time:.2?} | {more_time:.2?} | {ratio:.2} | ≤ {TIME_GOAL} |"
        );
    }
}
