//! A workspace over an embedded store, with an account at a simulated LinkedIn served in this process.

use domain::identity;
use domain::ids::*;
use domain::invitation::End;
use domain::job::{Job, Task};
use domain::limits::Limits;
use domain::vocabulary::*;
use domain::workspace::Settings;
use inbox::Inbox;
use jiff::{SignedDuration, Timestamp};
use kit::queue::Depth;
use kit::{Bus, Clock, Event, Failure, Handler, Outcome, Outgoing, Queues};
use outbound::providers::{Providers, gate_in_process};
use sandbox::{Sandbox, SandboxOptions};
use secrecy::SecretString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use store::account::Account;
use store::embedded::Embedded;
use store::inbound::Inbound;
use store::intake::Row;
use store::invitations::Invitation;
use store::message::{Message, Step};
use store::prospect::{Enrolment, Prospect};
use store::workspace::Workspace;
use store::{Store, Versioned};

pub const CLAIRE: &str = "claire-vasselin";
pub const OURS: &str = "Merci pour votre commentaire, au plaisir d’échanger.";

pub fn ws() -> WorkspaceId {
    WorkspaceId::parse("ws_293abb6b76d7791c0732cc517d38c4b5").unwrap()
}

pub fn account_id() -> AccountId {
    AccountId::derive(&["claire"])
}

/// The event that the recorded job names.
pub fn inbound_id() -> InboundId {
    InboundId::parse("inb_f6bf762eceabb614efc20748be3ab7af").unwrap()
}

pub fn start() -> Timestamp {
    "2027-03-01T09:00:00Z".parse().unwrap()
}

/// Keeps what was put into queues and told on the bus.
#[derive(Default)]
pub struct Kept {
    pub jobs: Mutex<Vec<Job>>,
    pub events: Mutex<Vec<&'static str>>,
    pub bus_is_down: AtomicBool,
}

#[async_trait::async_trait]
impl Queues for Kept {
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure> {
        self.jobs.lock().unwrap().extend(messages.iter().map(|m| Job::read(&m.body).unwrap()));
        Ok(())
    }
    async fn depths(&self) -> Result<Vec<Depth>, Failure> {
        Ok(Vec::new())
    }
    async fn redrive(&self, _: &str) -> Result<u64, Failure> {
        Ok(0)
    }
}

#[async_trait::async_trait]
impl Bus for Kept {
    async fn put(&self, events: Vec<Event>) -> Result<(), Failure> {
        if self.bus_is_down.load(Ordering::SeqCst) {
            return Err(Failure::soon("the bus is down"));
        }
        self.events.lock().unwrap().extend(events.iter().map(|e| e.name));
        Ok(())
    }
}

pub struct Setting {
    pub inbox: Inbox,
    pub store: Store,
    pub clock: Clock,
    pub kept: Arc<Kept>,
    pub sandbox: Sandbox,
}

impl Setting {
    pub async fn new() -> Self {
        let store = Store::new(Embedded::memory().unwrap().table("amorce").await.unwrap());
        let clock = Clock::at(start());
        let now = clock.clone();
        let sandbox = Sandbox::new(SandboxOptions { now: Arc::new(move || now.now()), ..SandboxOptions::default() });
        let (address, _) = sandbox.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
        let now = clock.clone();
        let providers = Providers::new(|sealed, _| Some(SecretString::from(sealed.to_owned())))
            .with_linkup_v1(Provider::Sandbox, &format!("http://{address}"), "sandbox".into(), gate_in_process(), move || {
                now.now()
            })
            .unwrap();
        let workspace =
            Workspace { id: ws(), settings: Settings::new("Vasselin"), created_at: start(), policy_changed_at: start() };
        assert!(store.create(&workspace).await.unwrap().won());
        assert!(store.create(&account()).await.unwrap().won());
        let kept = Arc::new(Kept::default());
        let inbox = Inbox {
            store: store.clone(),
            queues: kept.clone(),
            bus: kept.clone(),
            providers,
            clock: clock.clone(),
            acceptance_poll: SignedDuration::from_hours(4),
        };
        Self { inbox, store, clock, kept, sandbox }
    }

    /// The first of the recorded people who is neither a connection nor in a conversation.
    pub fn stranger(&self) -> sandbox::Person {
        self.strangers().next().unwrap()
    }

    pub fn strangers(&self) -> impl Iterator<Item = sandbox::Person> {
        self.sandbox.people().into_iter().filter(|p| p.degree != Some(1) && p.slug != CLAIRE)
    }

    /// Somebody known by the vanity name and, where told so, by the member id; connected, and written to by us.
    pub async fn contacted(&self, person: &sandbox::Person, with_member_id: bool) -> ProspectId {
        assert!(self.sandbox.make_connected(CLAIRE, &person.slug));
        let id = self.enrolled(person, with_member_id, |e| e.messaged_at = Some(start())).await;
        assert!(self.store.create(&self.message(&id, "first", MessageStatus::Sent)).await.unwrap().won());
        id
    }

    /// Somebody invited at the start, of whom LinkedIn knows nothing.
    pub async fn invited(&self, person: &sandbox::Person) -> ProspectId {
        let id = self.enrolled(person, true, |e| e.invited_at = Some(start())).await;
        let date = start().to_zoned(self.account().await.zone()).date();
        let mut day = self.store.account_day(&ws(), &account_id(), date).await.unwrap();
        day.invitations += 1;
        day.invited.push(Invitation::new(&id, start()));
        assert!(self.store.save_account_day(&mut day).await.unwrap().won());
        self.change_account(|a| a.acceptance_poll_at = Some(start())).await;
        id
    }

    /// The same, and the invitation waits at LinkedIn too; `None` where the two are connected already.
    pub async fn invited_there_too(&self, person: &sandbox::Person) -> Option<ProspectId> {
        let temperament = sandbox::Temperament::never();
        let _known = self.sandbox.set_temperament(&person.slug, temperament);
        let account = self.account().await;
        let client = self.inbox.providers.linkedin(account.provider).unwrap();
        let session = self.inbox.providers.session(account.credentials.as_deref(), account.id.as_str(), "FR").unwrap();
        client.connect(&session, &person.url(), None).await.ok()?;
        Some(self.invited(person).await)
    }

    /// The owner takes an invitation back on LinkedIn.
    pub async fn withdraw_by_hand(&self, person: &sandbox::Person) {
        let account = self.account().await;
        let client = self.inbox.providers.linkedin(account.provider).unwrap();
        let session = self.inbox.providers.session(account.credentials.as_deref(), account.id.as_str(), "FR").unwrap();
        let status = client.invitation_status(&session, &person.url()).await.unwrap();
        client.withdraw_invitation(&session, &status.value.invitation_id.unwrap()).await.unwrap();
    }

    /// A signed event says that the person accepted; whether anything waited for it.
    pub async fn inbox_accepts(&self, id: &ProspectId) -> bool {
        let before = self.events().len();
        let url = self.prospect(id).await.profile_url.clone();
        let event = serde_json::json!({ "type": "accepted_invitation", "new_connections": [{ "profile_url": url }] });
        self.arrives("linkup-v2", serde_json::json!({ "event": event })).await;
        self.apply().await;
        self.events().len() > before
    }

    /// How the invitations of the account ended, `None` where they wait, in the order of sending.
    pub async fn ends(&self) -> Vec<Option<End>> {
        let account = self.account().await;
        let all = self.store.invitations(&account, self.clock.now()).await.unwrap();
        all.into_iter().map(|i| i.end.map(|(end, _)| end)).collect()
    }

    async fn enrolled(&self, person: &sandbox::Person, with_member_id: bool, change: impl FnOnce(&mut Enrolment)) -> ProspectId {
        let member = with_member_id.then(|| person.id_url());
        let row = Row {
            keys: identity::keys_of(Some(&person.url()), member.as_deref(), None),
            name: Some(person.name()),
            profile_url: Some(person.url()),
            ..Row::default()
        };
        let mut prospect = self.store.intake(&ws(), &row, start()).await.unwrap().unwrap().prospect;
        let mut enrolment = Enrolment {
            id: enrolment(&prospect.id),
            campaign: None,
            account: account_id(),
            status: EnrolmentStatus::Active,
            started_at: start(),
            frozen: None,
            invited_at: None,
            accepted_at: None,
            messaged_at: None,
        };
        change(&mut enrolment);
        prospect.enrolment = Some(enrolment);
        prospect.contact.last_sent_at = Some(start());
        prospect.in_review = true;
        assert!(self.store.save(&mut prospect).await.unwrap().won());
        prospect.id.clone()
    }

    pub fn message(&self, id: &ProspectId, step: &str, status: MessageStatus) -> Message {
        let json = serde_json::json!({
            "workspace": ws(), "id": MessageId::of_step(id, &enrolment(id), step), "prospect": id, "enrolment": enrolment(id),
            "account": account_id(), "channel": Channel::LinkedInMessage, "step": Step::ToConnection, "cta": CallToAction::Soft,
            "body": OURS, "original_body": OURS, "level": DraftLevel::Default, "quality": 90, "findings": [], "facts": [],
            "status": status, "decision": DecisionId::derive(&["d"]), "score": 70, "source": LeadSource::Hot, "created_at": start(),
            "readings": [], "redrafts": 0,
        });
        serde_json::from_value(json).unwrap()
    }

    /// The person writes to the account now, and the unsigned webhook says so.
    pub async fn writes(&self, person: &sandbox::Person, text: &str) {
        assert!(self.sandbox.receive_message(CLAIRE, &person.slug, text));
        self.hint(serde_json::json!({
            "event": "message", "sender": { "name": person.name(), "profile_url": person.id_url() }, "message": text,
        }))
        .await;
    }

    pub async fn hint(&self, body: serde_json::Value) {
        self.arrives("linkup-v1", body).await;
    }

    pub async fn arrives(&self, vendor: &str, body: serde_json::Value) {
        let inbound = Inbound {
            workspace: ws(),
            id: inbound_id(),
            vendor: vendor.into(),
            account: Some(account_id()),
            body: body.to_string(),
            received_at: self.clock.now(),
            verdict: None,
            tries: 0,
            next_at: Some(self.clock.now()),
        };
        // A later event of the same test takes the place of the earlier one.
        self.store.table.overwrite(&inbound).await.unwrap();
    }

    pub async fn apply(&self) -> Inbound {
        self.run(Task::ApplyInbound { inbound: inbound_id() }).await.unwrap();
        self.store.inbound(&ws(), &inbound_id()).await.unwrap().unwrap().item
    }

    pub async fn poll(&self) -> Account {
        self.run(Task::PollAcceptances { account: account_id() }).await.unwrap();
        self.account().await.item
    }

    pub async fn run(&self, task: Task) -> Outcome {
        self.inbox.handle(&Job::new(&ws(), task).body()).await
    }

    pub async fn account(&self) -> Versioned<Account> {
        self.store.account(&ws(), &account_id()).await.unwrap().unwrap()
    }

    pub async fn change_account(&self, change: impl FnOnce(&mut Account)) {
        let mut account = self.account().await;
        change(&mut account.item);
        assert!(self.store.save(&mut account).await.unwrap().won());
    }

    pub async fn prospect(&self, id: &ProspectId) -> Versioned<Prospect> {
        self.store.survivor(&ws(), id).await.unwrap().unwrap()
    }

    pub async fn intents(&self, id: &ProspectId) -> Vec<&'static str> {
        self.store.replies(&ws(), id).await.unwrap().iter().map(|r| r.intent.as_str()).collect()
    }

    pub async fn status(&self, message: &Message) -> MessageStatus {
        self.store.message(&ws(), &message.id).await.unwrap().unwrap().status
    }

    pub fn events(&self) -> Vec<&'static str> {
        self.kept.events.lock().unwrap().clone()
    }

    pub fn calls(&self, endpoint: &str) -> usize {
        self.sandbox.log().iter().filter(|entry| entry.endpoint.ends_with(endpoint)).count()
    }
}

pub fn enrolment(id: &ProspectId) -> EnrolmentId {
    EnrolmentId::derive(&[id.as_str(), "built-in"])
}

fn account() -> Account {
    Account {
        workspace: ws(),
        id: account_id(),
        label: "Claire".into(),
        provider: Provider::Sandbox,
        profile_url: Some(format!("https://www.linkedin.com/in/{CLAIRE}")),
        member_keys: Vec::new(),
        tier: Tier::Free,
        timezone: "Europe/Paris".into(),
        country: "FR".into(),
        credentials: Some(r#"{"login_token":"sandbox"}"#.into()),
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
