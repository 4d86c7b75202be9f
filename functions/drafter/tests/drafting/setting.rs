//! A workspace with an account and people whom the gate allows, over an embedded store.
use domain::analysis::{Analysis, Company, Reading};
use domain::evidence::Engagement;
use domain::icp::Icp;
use domain::ids::*;
use domain::job::{Job, Task};
use domain::language::Language;
use domain::limits::Limits;
use domain::titles::{Function, Seniority};
use domain::vocabulary::*;
use domain::workspace::Settings;
use drafter::Drafter;
use jiff::{SignedDuration, Timestamp};
use kit::{Clock, Handler, Outcome};
use store::account::Account;
use store::batch::{Batch, Stage};
use store::embedded::Embedded;
use store::intake::Row;
use store::message::Message;
use store::prospect::{Enrolment, Prospect, StoredAnalysis, StoredEngagement, summary_of};
use store::workspace::Workspace;
use store::{Store, Versioned};

pub fn ws() -> WorkspaceId {
    WorkspaceId::parse("ws_293abb6b76d7791c0732cc517d38c4b5").unwrap()
}

/// The batch that the recorded event names.
pub fn batch_id() -> BatchId {
    BatchId::parse("bat_31442bf4302dd7b34e796318f57912b7").unwrap()
}

pub fn account_id() -> AccountId {
    AccountId::derive(&["claire"])
}

pub fn start() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

pub struct Setting {
    pub drafter: Drafter,
    pub store: Store,
    pub clock: Clock,
}

impl Setting {
    pub async fn new() -> Self {
        let store = Store::new(Embedded::memory().unwrap().table("amorce").await.unwrap());
        let clock = Clock::at(start());
        let mut settings = Settings::new("Vasselin");
        settings.icp = Some(Icp {
            titles: vec!["Directeur commercial".into()],
            seniorities: vec![Seniority::Director],
            countries: vec!["FR".into()],
            ..Icp::default()
        });
        settings.threshold = Some(30);
        settings.offer.pitch = "un atelier d’une demi-journée sur la relance des devis".into();
        let workspace = Workspace { id: ws(), settings, created_at: start(), policy_changed_at: start() };
        assert!(store.create(&workspace).await.unwrap().won());
        assert!(store.create(&account()).await.unwrap().won());
        Self { drafter: Drafter { store: store.clone(), clock: clock.clone() }, store, clock }
    }

    /// Somebody who commented on a post, analysed, allowed and enrolled.
    pub async fn allowed(&self, slug: &str, comment: &str) -> Versioned<Prospect> {
        let now = self.clock.now();
        let url = format!("https://www.linkedin.com/in/{slug}");
        let row = Row {
            keys: domain::identity::keys_of(Some(&url), None, None),
            name: Some("Adrien Perrot".into()),
            profile_url: Some(url),
            source: Some(LeadSource::Hot),
            ..Row::default()
        };
        let id = self.store.intake(&ws(), &row, now).await.unwrap().unwrap().prospect.id.clone();
        let analysis = StoredAnalysis { credits: 1, ..StoredAnalysis::new(&ws(), &id, analysis(now)) };
        assert!(self.store.create(&analysis).await.unwrap().won());
        assert!(self.store.create(&engagement(&id, comment, now)).await.unwrap().won());
        let office = self.store.office(&ws(), now).await.unwrap().unwrap();
        let mut dossier = self.store.dossier(&ws(), &id).await.unwrap().unwrap();
        dossier.prospect.summary = summary_of(&analysis.analysis);
        dossier.prospect.enrolment = Some(Enrolment {
            id: EnrolmentId::derive(&[id.as_str(), "built-in"]),
            campaign: None,
            account: account_id(),
            status: EnrolmentStatus::Active,
            started_at: now,
            frozen: None,
            invited_at: None,
            accepted_at: None,
            messaged_at: None,
        });
        let facts = self.store.gate_facts(&office, &dossier, "test", now).await.unwrap();
        let decision = domain::gate::decide(&facts, now);
        assert_eq!(decision.reasons, [], "the gate allows the person");
        let mut prospect = dossier.prospect;
        let _none_before = prospect.item.take_decision(decision);
        prospect.in_review = true;
        assert!(self.store.save(&mut prospect).await.unwrap().won());
        prospect
    }

    pub async fn change(&self, id: &ProspectId, change: impl FnOnce(&mut Prospect)) {
        let mut prospect = self.store.prospect(&ws(), id).await.unwrap().unwrap();
        change(&mut prospect.item);
        assert!(self.store.save(&mut prospect).await.unwrap().won());
    }

    /// Puts people into the batch that the recorded event names.
    pub async fn batch(&self, people: &[&ProspectId], asked_by: &str) {
        let batch = Batch {
            workspace: ws(),
            id: batch_id(),
            stage: Stage::Draft,
            people: people.iter().map(|id| (*id).clone()).collect(),
            asked_by: asked_by.into(),
            reread: false,
            tries: 0,
            next_at: start() + SignedDuration::from_mins(10),
        };
        assert!(self.store.create(&batch).await.unwrap().won());
    }

    pub async fn run(&self) -> Outcome {
        self.drafter.handle(&Job::new(&ws(), Task::DraftBatch { batch: batch_id() }).body()).await
    }

    /// Drafts for one person; the batch is done afterwards.
    pub async fn draft(&self, id: &ProspectId) -> Vec<Message> {
        self.batch(&[id], "test").await;
        self.run().await.unwrap();
        assert!(self.store.batch(&ws(), &batch_id()).await.unwrap().is_none(), "the batch is done");
        self.messages(id).await
    }

    pub async fn messages(&self, id: &ProspectId) -> Vec<Message> {
        let prospect = self.store.prospect(&ws(), id).await.unwrap().unwrap();
        self.store.messages_of(&prospect).await.unwrap().into_iter().map(|m| m.item).collect()
    }
}

fn account() -> Account {
    Account {
        workspace: ws(),
        id: account_id(),
        label: "Claire Vasselin".into(),
        provider: Provider::Sandbox,
        profile_url: Some("https://www.linkedin.com/in/claire-vasselin".into()),
        member_keys: Vec::new(),
        tier: Tier::Free,
        timezone: "Europe/Paris".into(),
        country: "FR".into(),
        credentials: None,
        limits: Limits::default(),
        pause: None,
        monitoring: None,
        webhook_token: String::new(),
        created_at: start(),
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

fn analysis(now: Timestamp) -> Analysis {
    let company: Company = serde_json::from_str(r#"{"key":null,"name":"Maison Corvaisier","from":"profile"}"#).unwrap();
    Analysis {
        basis: Basis::LinkedIn,
        analysed_at: now,
        headline: Some("Directeur commercial chez Maison Corvaisier".into()),
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

fn engagement(id: &ProspectId, comment: &str, now: Timestamp) -> StoredEngagement {
    let post = "urn:li:activity:7300000000000000001";
    StoredEngagement {
        workspace: ws(),
        prospect: id.clone(),
        urn: post.into(),
        engagement: Engagement {
            id: EngagementId::derive(&[id.as_str(), post]),
            post_url: "https://www.linkedin.com/feed/update/urn:li:activity:7300000000000000001".into(),
            own_post: true,
            kind: EngagementKind::Comment,
            reaction: None,
            text: Some(comment.into()),
            tone: None,
            at: now,
            at_estimated: false,
            first_seen_at: now,
            gone_at: None,
        },
    }
}
