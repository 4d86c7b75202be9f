//! Keys, index entries and bodies of the main items, as snapshots: a change of any is a change of stored data.

use domain::ids::{AccountId, BatchId, EnrolmentId, InboundId, PostId, ProspectId, RunId, SuppressionId, WorkspaceId};
use domain::vocabulary::{
    EngagementKind, LeadSource, MessageStatus, PostAuthor, PostStatus, Provider, ReactionKind, SuppressionKind, Tier,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::Entity;
use store::account::{Account, AccountDay};
use store::batch::{Batch, Stage};
use store::inbound::Inbound;
use store::message::{Message, Step};
use store::post::{Post, Pull};
use store::prospect::StoredEngagement;
use store::record;
use store::run::{Run, RunPage, Subject};
use store::suppression::Suppression;

fn ws() -> WorkspaceId {
    WorkspaceId::parse("ws_1").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the table holds of an entity, in readable form; and it must come back the same.
fn shown<T: Entity + PartialEq + std::fmt::Debug>(entity: &T) -> Value {
    let item = record::encode(entity, 3).unwrap();
    let back = record::decode::<T>(&item).unwrap();
    assert_eq!((&back.item, back.version), (entity, 3));
    let mut top: Vec<String> = item.keys().filter(|k| *k != "b").cloned().collect();
    top.sort();
    let due = entity.due().map(|d| json!({ "shard": record::due_shard(&entity.key()), "order": record::due_order(&d) }));
    json!({
        "type": T::TYPE,
        "key": [entity.key().pk, entity.key().sk],
        "attributes": top,
        "list": entity.list().map(|l| [l.list, l.order]),
        "due": due,
        "status": entity.status(),
        "expires_at": entity.expires_at(),
        "body": entity,
    })
}

#[test]
fn an_account_and_its_day() {
    let account = Account {
        workspace: ws(),
        id: AccountId::parse("acc_1").unwrap(),
        label: "Claire".into(),
        provider: Provider::LinkupV1,
        profile_url: Some("https://www.linkedin.com/in/claire".into()),
        member_keys: vec![domain::identity::Key::new(domain::identity::Kind::Slug, "claire")],
        tier: Tier::Free,
        timezone: "Europe/Paris".into(),
        country: "FR".into(),
        credentials: Some("sealed".into()),
        limits: domain::limits::Limits::default(),
        pause: None,
        monitoring: None,
        webhook_token: "token".into(),
        created_at: at("2026-11-16T08:00:00Z"),
        asked_as: None,
        acceptance_poll_at: Some(at("2026-11-16T12:00:00Z")),
        pending_invitations: 1,
        counted: Default::default(),
        poll_stage: Default::default(),
    };
    insta::assert_json_snapshot!("account", shown(&account));
    let mut day = AccountDay::new(&ws(), &account.id, "2026-11-16".parse().unwrap());
    day.next_instant = Some(at("2026-11-16T09:12:31Z"));
    insta::assert_json_snapshot!("account_day", shown(&day));
}

#[test]
fn a_post_and_its_run() {
    let post = Post {
        workspace: ws(),
        id: PostId::parse("post_1").unwrap(),
        account: AccountId::parse("acc_1").unwrap(),
        author: PostAuthor::Profile,
        company_url: None,
        text: "Bonjour".into(),
        media: vec![],
        variant_of: None,
        brief_id: None,
        status: PostStatus::Scheduled,
        created_at: at("2026-11-16T08:00:00Z"),
        scheduled_at: Some(at("2026-11-17T08:00:00Z")),
        published_at: None,
        post_url: None,
        urn: None,
        failure: None,
        claimed_at: None,
        readings: vec![],
        check_at: None,
        pulls: vec![Pull { due_at: at("2026-11-17T10:00:00Z"), run: RunId::parse("run_1").unwrap() }],
        metrics: vec![],
    };
    insta::assert_json_snapshot!("post", shown(&post));
    let run = Run {
        account: Some(post.account.clone()),
        post: Some(post.id.clone()),
        post_url: "https://www.linkedin.com/feed/update/urn:li:activity:7523292885811833700".into(),
        urn: "urn:li:activity:7523292885811833700".into(),
        own_post: true,
        limit: 500,
        credits_estimated: 100,
        next_at: Some(at("2026-11-16T10:00:00Z")),
        ..Run::queued(&ws(), RunId::parse("run_1").unwrap(), LeadSource::Hot, Subject::Post, at("2026-11-16T08:00:00Z"))
    };
    insta::assert_json_snapshot!("run", shown(&run));
    let page =
        RunPage { workspace: ws(), run: run.id, position: run.position, rows: vec![], credits: 1, warnings: vec![], order: None };
    insta::assert_json_snapshot!("run_page", shown(&page));
}

#[test]
fn an_engagement_a_batch_and_a_message() {
    let prospect = ProspectId::parse("pro_1").unwrap();
    let engagement = StoredEngagement {
        workspace: ws(),
        prospect: prospect.clone(),
        urn: "urn:li:activity:1".into(),
        engagement: domain::evidence::Engagement {
            id: domain::ids::EngagementId::parse("eng_1").unwrap(),
            post_url: "https://www.linkedin.com/feed/update/urn:li:activity:1".into(),
            own_post: true,
            kind: EngagementKind::Reaction,
            reaction: Some(ReactionKind::Like),
            text: None,
            tone: None,
            at: at("2026-11-16T08:00:00Z"),
            at_estimated: true,
            first_seen_at: at("2026-11-16T10:00:00Z"),
            gone_at: None,
        },
    };
    insta::assert_json_snapshot!("engagement", shown(&engagement));
    let batch = Batch {
        workspace: ws(),
        id: BatchId::parse("bat_1").unwrap(),
        stage: Stage::Score,
        people: vec![prospect.clone()],
        asked_by: "run_1".into(),
        reread: false,
        tries: 0,
        next_at: at("2026-11-16T10:10:00Z"),
    };
    insta::assert_json_snapshot!("batch", shown(&batch));
    let enrolment = EnrolmentId::parse("enr_1").unwrap();
    let account = AccountId::parse("acc_1").unwrap();
    let created_at = at("2026-11-16T10:00:00Z");
    let message = Message {
        quality: 80,
        decision: domain::ids::DecisionId::parse("dec_1").unwrap(),
        score: 71,
        source: LeadSource::Hot,
        ..Message::drafted((&ws(), &prospect), (&enrolment, &account), Step::Invitation, "Bonjour Ada", created_at)
    };
    insta::assert_json_snapshot!("message", shown(&message));
    let sending = Message { status: MessageStatus::Sending, check_at: Some(at("2026-11-16T10:01:30Z")), ..message };
    let due = sending.due().unwrap();
    assert_eq!(record::due_order(&due), "2026-11-16T10:01:30.000Z|send|settle_message");
    assert_eq!(sending.list(), None, "a send under way is in no list");
}

#[test]
fn a_suppression_and_an_inbound_event() {
    let suppression = Suppression {
        workspace: ws(),
        id: SuppressionId::parse("sup_1").unwrap(),
        kind: SuppressionKind::Domain,
        value: "Example.com".into(),
        matched: "example.com".into(),
        reason: None,
        source: "member".into(),
        opted_out: false,
        created_at: at("2026-11-16T10:00:00Z"),
    };
    insta::assert_json_snapshot!("suppression", shown(&suppression));
    let inbound = Inbound {
        workspace: ws(),
        id: InboundId::parse("inb_1").unwrap(),
        vendor: "linkup-v1".into(),
        account: None,
        body: "{}".into(),
        received_at: at("2026-11-16T10:00:00Z"),
        verdict: None,
        tries: 0,
        next_at: Some(at("2026-11-16T10:00:00Z")),
    };
    insta::assert_json_snapshot!("inbound", shown(&inbound));
}

#[test]
fn every_due_entry_leads_back_to_its_job() {
    let batch = Batch {
        workspace: ws(),
        id: BatchId::parse("bat_1").unwrap(),
        stage: Stage::Score,
        people: vec![],
        asked_by: String::new(),
        reread: false,
        tries: 0,
        next_at: at("2026-11-16T10:10:00Z"),
    };
    let job = store::keys::due_job(batch.due().unwrap().kind, &batch.key()).unwrap();
    assert_eq!(job, store::work::job_of(&batch));
    assert_eq!(store::keys::due_job("dance", &batch.key()), None);
}
