//! Erasure on the store: what it takes with it, what it leaves to others, and that nobody comes back.

use domain::evidence::Engagement;
use domain::identity::{self, Kind, keys_of};
use domain::ids::*;
use domain::limits::Limits;
use domain::vocabulary::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::account::{Account, AccountDay};
use store::embedded::Embedded;
use store::erasure::{Erasure, Ledger};
use store::inbound::Inbound;
use store::intake::Row;
use store::message::{Claim, Message, Step};
use store::prospect::{Enrolment, IdentityPointer, Prospect, StoredEngagement};
use store::record::body_text;
use store::run::{Part, Position, RowOutcome, Run, RunPage, Subject};
use store::settings::AuditLine;
use store::workspace::Workspace;
use store::{Store, Transacted, Versioned};

const ADA: &str = "https://www.linkedin.com/in/ada-lambert";
const ADA_ID: &str = "https://www.linkedin.com/in/ACoAAada";
const BOB: &str = "https://www.linkedin.com/in/bob-martin";

struct World {
    store: Store,
    embedded: Embedded,
    ws: WorkspaceId,
}

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

async fn world() -> World {
    let embedded = Embedded::memory().unwrap();
    let store = Store::new(embedded.table("amorce").await.unwrap());
    let ws = WorkspaceId::parse("ws_1").unwrap();
    let settings = domain::workspace::Settings::default();
    let workspace = Workspace { id: ws.clone(), settings, created_at: now(), policy_changed_at: now() };
    assert!(store.create(&workspace).await.unwrap().won());
    World { store, embedded, ws }
}

fn row(keys: Vec<identity::Key>, name: &str) -> Row {
    Row { keys, name: Some(name.into()), source: Some(LeadSource::Spy), ..Row::default() }
}

impl World {
    async fn take(&self, url: &str, urn: Option<&str>, name: &str) -> Versioned<Prospect> {
        let row = row(keys_of(Some(url), urn, None), name);
        self.store.intake(&self.ws, &row, now()).await.unwrap().unwrap().prospect
    }

    async fn begin(&self, id: &ProspectId) -> Erasure {
        let key = self.store.make_erasure_key(&self.ws, "secret".into()).await.unwrap();
        self.store.begin_erasure(&key, id, now()).await.unwrap().unwrap().erasure
    }

    async fn finish(&self, id: &JobId, at: Timestamp) -> Erasure {
        let mut taken = self.store.take_erasure(&self.ws, id, at).await.unwrap().unwrap();
        while self.store.erase_on(&mut taken, at).await.unwrap() {}
        taken.item
    }

    async fn erase(&self, id: &ProspectId) -> Erasure {
        let begun = self.begin(id).await;
        self.finish(&begun.id, now()).await
    }

    /// Whether any item holds this text, in its keys or in its body.
    fn holds(&self, text: &str) -> bool {
        let items = self.embedded.every_item("amorce").unwrap();
        items.iter().any(|item| {
            let attributes = item.values().filter_map(|v| v.as_s().ok()).any(|v| v.contains(text));
            attributes || body_text(item).unwrap().contains(text)
        })
    }
}

fn account(ws: &WorkspaceId) -> Account {
    Account {
        workspace: ws.clone(),
        id: AccountId::parse("acc_1").unwrap(),
        label: "Claire".into(),
        provider: Provider::LinkupV1,
        profile_url: None,
        member_keys: Vec::new(),
        tier: Tier::Free,
        timezone: "Europe/Paris".into(),
        country: "FR".into(),
        credentials: None,
        limits: Limits::default(),
        pause: None,
        monitoring: None,
        webhook_token: "token".into(),
        created_at: now(),
        asked_as: None,
        acceptance_poll_at: None,
        pending_invitations: 1,
        counted: Default::default(),
        poll_stage: Default::default(),
    }
}

fn message(person: &Prospect, step: &str, status: MessageStatus) -> Message {
    let enrolment = EnrolmentId::derive(&["e"]);
    let account = AccountId::parse("acc_1").unwrap();
    Message {
        id: MessageId::of_step(&person.id, &enrolment, step),
        quality: 80,
        status,
        decision: DecisionId::derive(&["d"]),
        score: 70,
        source: LeadSource::Spy,
        ..Message::drafted((&person.workspace, &person.id), (&enrolment, &account), Step::Invitation, "Bonjour Ada", now())
    }
}

#[tokio::test]
async fn a_claim_seen_before_the_answer_is_lost() {
    let world = world().await;
    let ada = world.take(ADA, None, "Ada Lambert").await;
    let account = account(&world.ws);
    assert!(world.store.create(&account).await.unwrap().won());
    let approved = message(&ada, "1", MessageStatus::Approved);
    assert!(world.store.create(&approved).await.unwrap().won());
    let leaving = message(&ada, "2", MessageStatus::Uncertain);
    assert!(world.store.create(&leaving).await.unwrap().won());
    // Everything the sender reads before its claim.
    let epoch = world.store.epoch(&world.ws).await.unwrap();
    let mut claimed = world.store.message(&world.ws, &approved.id).await.unwrap().unwrap();
    claimed.status = MessageStatus::Sending;
    let person = world.store.prospect(&world.ws, &ada.id).await.unwrap().unwrap();
    let day = Versioned { item: AccountDay::new(&world.ws, &account.id, "2026-11-20".parse().unwrap()), version: 0 };
    let begun = world.begin(&ada.id).await;
    assert_eq!(begun.in_flight, std::slice::from_ref(&leaving.id));
    for epoch in [epoch, epoch + 1] {
        let claim = Claim { message: &claimed, prospect: &person, day: &day, epoch, stops: 0, colleagues: &[], at: now() };
        assert!(matches!(world.store.claim_send(claim).await.unwrap(), Transacted::Lost(_)), "epoch {epoch}");
    }
    let done = world.finish(&begun.id, now()).await;
    assert_eq!((done.counts["messages"], done.counts["messages_cancelled"]), (2, 1));
    assert_eq!(done.in_flight, [leaving.id]);
}

#[tokio::test]
async fn every_key_goes_also_those_of_who_went_up_in_them() {
    let world = world().await;
    let old = world.take(ADA, None, "Ada Lambert").await;
    let later = row(keys_of(Some(ADA_ID), None, None), "Ada L.");
    let young = world.store.intake(&world.ws, &later, now() + SignedDuration::from_secs(1)).await.unwrap().unwrap().prospect;
    let joined = world.take(ADA, Some("urn:li:fsd_profile:ACoAAada"), "Ada Lambert").await;
    assert_eq!((&joined.id, joined.aliases.as_slice()), (&old.id, [young.id.clone()].as_slice()));
    // Asked for by the id that was merged away.
    let done = world.erase(&young.id).await;
    assert_eq!(done.people, [old.id.clone(), young.id.clone()]);
    // One pointer: the member id led to the younger person's own head.
    assert_eq!((done.counts["identities"], done.counts["prospects"], done.entries.len()), (1, 2, 4));
    for text in ["ada-lambert", "ACoAAada", "Ada"] {
        assert!(!world.holds(text), "{text}");
    }
    for (url, urn) in [(ADA, None), (ADA_ID, None), (BOB, Some("urn:li:fsd_profile:ACoAAada"))] {
        let again = row(keys_of(Some(url), urn, None), "Ada");
        assert!(world.store.intake(&world.ws, &again, now()).await.unwrap().is_none(), "{url}");
    }
    assert!(world.store.prospect(&world.ws, &old.id).await.unwrap().is_none());
    assert!(!world.holds("bob-martin"));
}

#[tokio::test]
async fn what_a_crash_left_of_a_late_row_goes_too() {
    let world = world().await;
    let ada = world.take(ADA, None, "Ada Lambert").await;
    let done = world.erase(&ada.id).await;
    // A worker had read the row before, and ended after it had written the person.
    let key = identity::Key::new(Kind::Slug, "ada-lambert");
    let pointer = IdentityPointer { workspace: world.ws.clone(), key: key.clone(), prospect: ada.id.clone() };
    assert!(world.store.take_identity(&pointer).await.unwrap().won());
    assert!(world.store.create(&ada.item).await.unwrap().won());
    assert!(world.store.intake(&world.ws, &row(vec![key], "Ada Lambert"), now()).await.unwrap().is_none());
    let due = world.store.erasure(&world.ws, &done.id).await.unwrap().unwrap();
    assert!(due.is_open());
    world.finish(&done.id, now()).await;
    assert!(!world.holds("ada-lambert") && !world.holds("Lambert"));
}

fn run(ws: &WorkspaceId, post_url: &str) -> Run {
    Run {
        account: Some(AccountId::parse("acc_1").unwrap()),
        post_url: post_url.into(),
        urn: "urn:li:activity:7271234567890123456".into(),
        status: RunStatus::Done,
        position: Position { part: Part::Comments, page: 1, step: 0 },
        address: Some(post_url.into()),
        next_at: None,
        ..Run::queued(ws, RunId::parse("run_1").unwrap(), LeadSource::Spy, Subject::Post, now())
    }
}

#[tokio::test]
async fn shared_items_stay_without_them() {
    let world = world().await;
    let ada = world.take(ADA, None, "Ada Lambert").await;
    let bob = world.take(BOB, None, "Bob Martin").await;
    let run = run(&world.ws, "https://www.linkedin.com/posts/ada-lambert_relances-activity-7271234567890123456-abcd");
    assert!(world.store.create(&run).await.unwrap().won());
    let dropped = |name: &str, text: &str| RowOutcome::Dropped {
        code: DropCode::OwnTeam,
        text: "une raison".into(),
        row: json!({"name": name, "text": text}),
    };
    let page = RunPage {
        workspace: world.ws.clone(),
        run: run.id.clone(),
        position: run.position.clone(),
        rows: vec![
            RowOutcome::Created { prospect: bob.id.clone() },
            dropped("Ada LAMBERT", "Oui"),
            dropped("Zoé Perrot", "Bravo Ada Lambert !"),
            dropped("Zoé Perrot", "Bravo"),
        ],
        credits: 1,
        warnings: vec![],
        order: None,
    };
    world.store.put_run_page(&page).await.unwrap();
    let act = StoredEngagement {
        workspace: world.ws.clone(),
        prospect: bob.id.clone(),
        urn: run.urn.clone(),
        engagement: Engagement {
            id: EngagementId::derive(&["bob"]),
            post_url: run.post_url.clone(),
            own_post: false,
            kind: EngagementKind::Reaction,
            reaction: None,
            text: None,
            tone: None,
            at: now(),
            at_estimated: false,
            first_seen_at: now(),
            gone_at: None,
        },
    };
    assert!(world.store.create(&act).await.unwrap().won());
    let audit = AuditLine {
        workspace: world.ws.clone(),
        id: AuditId::derive(&["a"]),
        at: now(),
        who: "claire@vasselin.example".into(),
        action: "prospect.overruled".into(),
        subject: Some(ada.id.to_string()),
        detail: json!({"reason": "une amie"}),
    };
    world.store.audit(&audit).await.unwrap();
    let done = world.erase(&ada.id).await;
    assert_eq!((done.counts["rows_emptied"], done.counts["runs_renamed"], done.counts["audit_lines_emptied"]), (2, 1, 1));
    let rows = world.store.run_pages(&world.ws, &run.id).await.unwrap().remove(0).rows;
    assert_eq!(rows[0], page.rows[0]);
    assert_eq!(rows[3], page.rows[3]);
    for row in &rows[1..3] {
        assert!(matches!(row, RowOutcome::Dropped { row, .. } if *row == json!({})), "{row:?}");
    }
    assert!(!world.holds("ada-lambert") && !world.holds("Ada") && !world.holds("amie"));
    let renamed = world.store.run(&world.ws, &run.id).await.unwrap().unwrap();
    assert_eq!(renamed.post_url, "https://www.linkedin.com/feed/update/urn:li:activity:7271234567890123456");
    assert!(world.holds("bob-martin") && world.holds("Bravo"));
}

fn event(ws: &WorkspaceId, n: u32, body: serde_json::Value, verdict: Option<&str>) -> Inbound {
    Inbound {
        workspace: ws.clone(),
        id: InboundId::derive(&[&n.to_string()]),
        vendor: "linkup-v2".into(),
        account: None,
        body: body.to_string(),
        received_at: now(),
        verdict: verdict.map(str::to_owned),
        tries: 0,
        next_at: verdict.is_none().then(now),
    }
}

#[tokio::test]
async fn raw_events_lose_the_person_and_keep_the_others() {
    let world = world().await;
    let ada = world.take(ADA, None, "Ada Lambert").await;
    let events = [
        (json!({"sender": {"url": ADA}, "text": "Bonjour"}), None, Some("erased"), ""),
        (json!({"sender": "Ada Lambert", "text": "Bonjour"}), Some("applied"), Some("applied"), ""),
        // Not applied yet, and perhaps a namesake's.
        (json!({"sender": "Ada Lambert"}), None, None, r#"{"sender":"Ada Lambert"}"#),
        (
            json!({"people": [{"url": ADA}, {"url": BOB}]}),
            None,
            None,
            r#"{"people":[{"url":"https://www.linkedin.com/in/bob-martin"}]}"#,
        ),
        (json!({"people": [{"url": BOB}]}), None, None, r#"{"people":[{"url":"https://www.linkedin.com/in/bob-martin"}]}"#),
    ];
    for (n, (body, verdict, ..)) in events.iter().enumerate() {
        let event = event(&world.ws, n as u32, body.clone(), *verdict);
        assert!(world.store.create(&event).await.unwrap().won());
    }
    world.erase(&ada.id).await;
    for (n, (_, _, verdict, body)) in events.iter().enumerate() {
        let id = InboundId::derive(&[&n.to_string()]);
        let found = world.store.inbound(&world.ws, &id).await.unwrap().unwrap();
        assert_eq!((found.verdict.as_deref(), found.body.as_str()), (*verdict, *body), "event {n}");
    }
}

#[tokio::test]
async fn an_invitation_that_waits_is_waited_for_no_longer() {
    let world = world().await;
    assert!(world.store.create(&account(&world.ws)).await.unwrap().won());
    let mut ada = world.take(ADA, None, "Ada Lambert").await;
    ada.item.enrolment = Some(Enrolment {
        id: EnrolmentId::derive(&["e"]),
        campaign: None,
        account: AccountId::parse("acc_1").unwrap(),
        status: EnrolmentStatus::Active,
        started_at: now(),
        frozen: None,
        invited_at: Some(now()),
        accepted_at: None,
        messaged_at: None,
    });
    assert!(world.store.save(&mut ada).await.unwrap().won());
    world.erase(&ada.id).await;
    let account = world.store.account(&world.ws, &AccountId::parse("acc_1").unwrap()).await.unwrap().unwrap();
    assert_eq!(account.pending_invitations, 0);
}

#[tokio::test]
async fn the_second_look_takes_what_came_late() {
    let world = world().await;
    let ada = world.take(ADA, None, "Ada Lambert").await;
    let done = world.erase(&ada.id).await;
    let late = message(&ada, "late", MessageStatus::PendingReview);
    assert!(world.store.create(&late).await.unwrap().won());
    assert!(world.store.take_erasure(&world.ws, &done.id, now()).await.unwrap().is_none(), "not before its time");
    let rest = world.finish(&done.id, now() + SignedDuration::from_mins(20)).await;
    assert_eq!(rest.next_at, None);
    assert!(!world.holds("Bonjour Ada"));
}

#[tokio::test]
async fn the_ledger_is_applied_to_an_older_store() {
    let (today, backup) = (world().await, world().await);
    for world in [&today, &backup] {
        world.take(ADA, None, "Ada Lambert").await;
    }
    // Another lineage has erased somebody under a secret of its own.
    let key = backup.store.make_erasure_key(&backup.ws, "another".into()).await.unwrap();
    let bob = backup.take(BOB, None, "Bob Martin").await;
    let begun = backup.store.begin_erasure(&key, &bob.id, now()).await.unwrap().unwrap();
    backup.finish(&begun.erasure.id, now()).await;
    let ada = today.take(ADA, None, "Ada Lambert").await;
    let done = today.erase(&ada.id).await;
    let ledger = Ledger::of_items(&today.embedded.every_item("amorce").unwrap()).unwrap();
    let epoch = backup.store.epoch(&backup.ws).await.unwrap();
    assert_eq!((ledger.len(), backup.store.apply_ledger(&ledger, now()).await.unwrap()), (1, 1));
    assert!(backup.store.epoch(&backup.ws).await.unwrap() > epoch);
    assert!(!backup.holds("ada-lambert"));
    assert!(backup.store.erasure(&backup.ws, &done.id).await.unwrap().is_some(), "the ledger goes on");
    for url in [ADA, BOB] {
        let again = row(keys_of(Some(url), None, None), "X");
        assert!(backup.store.intake(&backup.ws, &again, now()).await.unwrap().is_none(), "{url}");
    }
}
