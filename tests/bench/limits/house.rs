//! The product's handlers over a store and queues in memory, on a clock set by hand, with more approved than may go.

use crate::count::Tenant;
use crate::linkedin::{Network, token};
use amorce::bus::LocalBus;
use amorce::home::{Options, handlers};
use amorce::queue::LocalQueues;
use clock::Ticker;
use domain::analysis::{Analysis, Company, Reading};
use domain::evidence::Engagement;
use domain::icp::Icp;
use domain::ids::{AccountId, EngagementId, EnrolmentId, WorkspaceId};
use domain::job::queue;
use domain::language::Language;
use domain::limits::Limits;
use domain::titles::{Function, Seniority};
use domain::vocabulary::*;
use domain::workspace::Settings;
use jiff::{SignedDuration, Timestamp};
use kit::{Bus, Clock, Failure, Handler, Queues};
use outbound::providers::Providers;
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use store::account::Account;
use store::embedded::Embedded;
use store::facts::Office;
use store::intake::Row;
use store::message::{Message, Step};
use store::prospect::{Enrolment, Prospect, StoredAnalysis, StoredEngagement, summary_of};
use store::workspace::Workspace;
use store::{Store, Versioned, Walk};

/// Invitations and messages that wait for an account each morning: more than a day allows.
const WAITING: [usize; 2] = [20, 30];
/// How many approved messages are looked through for those.
const APPROVED_READ: usize = 100;
const CREDITS: u64 = 1_000_000;
const VISIBILITY_SECONDS: u32 = 600;
const POST: &str = "urn:li:activity:7300000000000000001";

/// The product in one process.
pub struct House {
    pub linkedin: Arc<Network>,
    clock: Clock,
    store: Store,
    queues: Arc<LocalQueues>,
    handlers: Vec<(&'static str, Arc<dyn Handler>)>,
    ticker: Ticker,
    /// With how many invitations and messages each was given.
    tenants: Vec<(Tenant, [usize; 2])>,
}

fn workspace_of(tenant: &Tenant) -> WorkspaceId {
    WorkspaceId::from_uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + tenant.n as u128))
}

fn account_of(tenant: &Tenant) -> AccountId {
    AccountId::derive(&["limits", &tenant.n.to_string()])
}

impl House {
    pub async fn build(tenants: Vec<Tenant>, start: Timestamp) -> Self {
        let clock = Clock::at(start);
        let store = Store::new(Embedded::memory().expect("memory").table("amorce").await.expect("a table"));
        let queues = Arc::new(LocalQueues::memory(&queue::ALL, clock.clone()).expect("memory"));
        let linkedin = Arc::new(Network::new(clock.clone()));
        let open = |sealed: &str, _: &str| Some(SecretString::from(sealed));
        let providers = Providers::new(open).with(Provider::Sandbox, linkedin.clone());
        let any_queues: Arc<dyn Queues> = queues.clone();
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::new(queues.clone()));
        let options = Options::in_memory(clock.clone());
        let handlers = handlers(&store, &any_queues, &bus, &providers, &clock, &options, start);
        let ticker = Ticker { store: store.clone(), queues: any_queues, clock: clock.clone() };
        for tenant in &tenants {
            assert!(store.create(&workspace(tenant)).await.expect("stored").won());
            let made = store.create_account(&account(tenant), &token(tenant.n), &[]).await.expect("stored");
            assert_eq!(made, store::Transacted::Won);
        }
        let tenants = tenants.into_iter().map(|tenant| (tenant, [0, 0])).collect();
        Self { linkedin, clock, store, queues, handlers, ticker, tenants }
    }

    pub fn tenants(&self) -> impl Iterator<Item = &Tenant> {
        self.tenants.iter().map(|(tenant, _)| tenant)
    }

    /// Approves as many more as are missing, so that each morning as many wait.
    pub async fn fill_up(&mut self) {
        let now = self.clock.now();
        for n in 0..self.tenants.len() {
            let (tenant, made) = self.tenants[n];
            let (ws, id) = (workspace_of(&tenant), account_of(&tenant));
            let office = self.store.office(&ws, now).await.expect("stored").expect("a workspace");
            let most = Walk { descending: true, limit: APPROVED_READ, start: None };
            let waiting = self.store.approved(&ws, &id, most).await.expect("stored").items;
            for (kind, step) in [Step::Invitation, Step::ToConnection].into_iter().enumerate() {
                let missing = WAITING[kind].saturating_sub(waiting.iter().filter(|m| m.step == step).count());
                for number in made[kind]..made[kind] + missing {
                    self.approve(&office, &id, step, number).await;
                }
                self.tenants[n].1[kind] += missing;
            }
            let account = self.store.account(&ws, &id).await.expect("stored").expect("an account");
            let _next = self.store.wake_account(&account, now, now).await.expect("stored");
        }
    }

    /// Somebody collected, read, allowed and enrolled, with an approved message.
    async fn approve(&self, office: &Office, account: &AccountId, step: Step, number: usize) {
        let (now, ws) = (self.clock.now(), &office.workspace.id);
        let slug = format!("{}-{number}", if step == Step::Invitation { "i" } else { "c" });
        let url = format!("https://www.linkedin.com/in/{slug}");
        let row = Row {
            keys: domain::identity::keys_of(Some(&url), None, None),
            name: Some("Adrien Perrot".into()),
            profile_url: Some(url),
            source: Some(LeadSource::Hot),
            ..Row::default()
        };
        let id = self.store.intake(ws, &row, now).await.expect("stored").expect("a person").prospect.id.clone();
        let read = StoredAnalysis { credits: 1, ..StoredAnalysis::new(ws, &id, analysis(&slug, now)) };
        assert!(self.store.create(&read).await.expect("stored").won());
        assert!(self.store.create(&engagement(ws, &id, now)).await.expect("stored").won());
        let mut dossier = self.store.dossier(ws, &id).await.expect("stored").expect("a person");
        let person = &mut dossier.prospect;
        person.summary = summary_of(&read.analysis);
        person.enrolment = Some(enrolment(account, person, now));
        if step == Step::ToConnection {
            (person.degree, person.degree_account) = (Some(1), Some(account.clone()));
        }
        let facts = self.store.gate_facts(office, &dossier, "bench", now).await.expect("stored");
        let decision = domain::gate::decide(&facts, now);
        assert_eq!(decision.reasons, [], "the gate allows {slug}");
        let mut person: Versioned<Prospect> = dossier.prospect;
        let score = decision.score.unwrap_or_default();
        let _first = person.item.take_decision(decision);
        assert!(self.store.save(&mut person).await.expect("stored").won());
        let message = approved(&person, account, step, score, now);
        assert!(self.store.create(&message).await.expect("stored").won());
    }

    /// Works at each instant at which something is due or becomes visible.
    pub async fn run_until(&mut self, until: Timestamp) {
        loop {
            self.ticker.tick().await.expect("a tick");
            self.drain().await;
            let now = self.clock.now();
            match self.next_instant().await {
                Some(at) if at.max(now + SignedDuration::from_secs(1)) <= until => {
                    self.clock.set(at.max(now + SignedDuration::from_secs(1)));
                }
                _ => break,
            }
        }
        self.clock.set(until);
    }

    async fn drain(&self) {
        loop {
            let mut worked = 0;
            for (queue, handler) in &self.handlers {
                for message in self.queues.receive(queue, 10, VISIBILITY_SECONDS).expect("received") {
                    worked += 1;
                    match handler.handle(&message.body).await {
                        Ok(()) => self.queues.done(&message).expect("done"),
                        Err(Failure::Later { after_seconds, .. }) => {
                            self.queues.postpone(&message, after_seconds).expect("postponed");
                        }
                        Err(Failure::Unreadable(why)) => panic!("{queue}: {why}"),
                    }
                }
            }
            if worked == 0 {
                return;
            }
        }
    }

    async fn next_instant(&self) -> Option<Timestamp> {
        let visible = self.queues.next_visible().expect("read");
        let mut next = visible.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        for shard in 0..store::record::DUE_SHARDS {
            let found = self.store.table.due(&format!("due#{shard}"), "9", 1).await.expect("read");
            let order = found.first().and_then(|item| store::table::text(item, "dsk"));
            let at = order.and_then(|o| o.split('|').next()).and_then(|t| t.parse::<Timestamp>().ok());
            next = [next, at].into_iter().flatten().min();
        }
        next
    }
}

fn workspace(tenant: &Tenant) -> Workspace {
    let mut settings = Settings::new("Vasselin Conseil");
    settings.icp = Some(Icp {
        titles: vec!["Directeur commercial".into()],
        seniorities: vec![Seniority::Director],
        countries: vec!["FR".into()],
        ..Icp::default()
    });
    // Low enough that nobody falls below it by waiting.
    settings.threshold = Some(10);
    settings.offer.pitch = "un atelier d’une demi-journée sur la relance des devis".into();
    settings.budget.credits_per_month = CREDITS;
    let at = tenant.connected_at;
    Workspace { id: workspace_of(tenant), settings, created_at: at, policy_changed_at: at }
}

fn account(tenant: &Tenant) -> Account {
    Account {
        workspace: workspace_of(tenant),
        id: account_of(tenant),
        label: "Claire Vasselin".into(),
        provider: Provider::Sandbox,
        profile_url: None,
        member_keys: Vec::new(),
        tier: Tier::Premium,
        timezone: tenant.zone.to_owned(),
        country: "FR".into(),
        credentials: Some(json!({ "login_token": token(tenant.n) }).to_string()),
        limits: Limits::default(),
        pause: None,
        monitoring: None,
        webhook_token: String::new(),
        created_at: tenant.connected_at,
        asked_as: None,
        acceptance_poll_at: None,
        pending_invitations: 0,
        counted: Default::default(),
        poll_stage: Default::default(),
    }
}

fn reading<T>(value: T, text: &str) -> Option<Reading<T>> {
    Some(Reading { value, text: text.into() })
}

fn analysis(slug: &str, now: Timestamp) -> Analysis {
    let company = json!({ "key": null, "name": format!("Maison {slug}"), "from": "profile" });
    let company: Company = serde_json::from_value(company).expect("a company");
    Analysis {
        basis: Basis::LinkedIn,
        analysed_at: now,
        headline: Some(format!("Directeur commercial chez Maison {slug}")),
        title: reading("Directeur commercial".into(), "Directeur commercial"),
        seniority: reading(Seniority::Director, "Directeur"),
        function: reading(Function::Sales, "commercial"),
        location: Some("Lyon".into()),
        country: reading("FR".into(), "Lyon"),
        region: None,
        city: None,
        language: reading(Language::Fr, "Directeur commercial"),
        company: Some(company),
        school: None,
        degree: None,
    }
}

fn engagement(ws: &WorkspaceId, id: &domain::ids::ProspectId, now: Timestamp) -> StoredEngagement {
    StoredEngagement {
        workspace: ws.clone(),
        prospect: id.clone(),
        urn: POST.into(),
        engagement: Engagement {
            id: EngagementId::derive(&[id.as_str(), POST]),
            post_url: format!("https://www.linkedin.com/feed/update/{POST}"),
            own_post: true,
            kind: EngagementKind::Comment,
            reaction: None,
            text: Some("La relance des devis nous prend deux jours par semaine.".into()),
            tone: None,
            at: now,
            at_estimated: false,
            first_seen_at: now,
            gone_at: None,
        },
    }
}

fn enrolment(account: &AccountId, person: &Prospect, now: Timestamp) -> Enrolment {
    Enrolment {
        id: EnrolmentId::derive(&[person.id.as_str(), "built-in"]),
        campaign: None,
        account: account.clone(),
        status: EnrolmentStatus::Active,
        started_at: now,
        frozen: None,
        invited_at: None,
        accepted_at: None,
        messaged_at: None,
    }
}

fn approved(person: &Prospect, account: &AccountId, step: Step, score: u8, now: Timestamp) -> Message {
    let enrolment = EnrolmentId::derive(&[person.id.as_str(), "built-in"]);
    let text = "Bonjour Adrien,\nVotre commentaire sur la relance des devis m’a parlé.\nSeriez-vous d’accord pour en parler ?";
    Message {
        status: MessageStatus::Approved,
        score,
        source: LeadSource::Hot,
        approved_at: Some(now),
        approved_by: Some("claire@vasselin.example".into()),
        ..Message::drafted((&person.workspace, &person.id), (&enrolment, account), step, text, now)
    }
}
