//! Drafts over an embedded store: who gets one, which one, and never twice.

mod setting;

use aws_lambda_events::sqs::SqsEvent;
use domain::lint::utf16_len;
use domain::vocabulary::{CallToAction, Channel, EnrolmentStatus, MessageStatus};
use jiff::SignedDuration;
use setting::*;
use store::account::Pause;
use store::message::{Message, Step};

const COMMENT: &str = "On perd la moitié de nos devis dans la nature";

#[tokio::test]
async fn an_allowed_person_gets_one_note_that_rests_on_their_words() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    let drafts = setting.draft(&person.id).await;
    let [draft] = drafts.as_slice() else { panic!("one draft, not {}", drafts.len()) };
    assert_eq!(
        (draft.channel, draft.step, draft.status),
        (Channel::LinkedInInvitation, Step::Invitation, MessageStatus::PendingReview)
    );
    assert!(utf16_len(&draft.body) <= 200, "a free account's note: {}", draft.body);
    assert!(draft.body.contains("Adrien"), "{}", draft.body);
    assert_eq!((draft.findings.as_slice(), draft.quality), ([].as_slice(), 100));
    assert_eq!(Some(&draft.decision), person.decision.as_ref().map(|d| &d.id));
    assert_eq!(Some(draft.score), person.score.as_ref().map(|s| s.value));
    assert_eq!(draft.original_body, draft.body);
}

#[tokio::test]
async fn the_step_follows_from_where_the_person_stands() {
    async fn check(change: impl FnOnce(&mut store::prospect::Prospect), expected: Option<(Step, CallToAction)>) {
        let setting = Setting::new().await;
        let person = setting.allowed("adrien-perrot", COMMENT).await;
        setting.change(&person.id, change).await;
        let drafts = setting.draft(&person.id).await;
        assert_eq!(drafts.first().map(|d| (d.step, d.cta)), expected);
    }
    let at = |p: &mut store::prospect::Prospect, accepted: bool| {
        let enrolment = p.enrolment.as_mut().unwrap();
        enrolment.invited_at = Some(start());
        enrolment.accepted_at = accepted.then(start);
    };
    check(|_| {}, Some((Step::Invitation, CallToAction::None))).await;
    check(|p| p.contact.connected = true, Some((Step::ToConnection, CallToAction::Soft))).await;
    check(|p| at(p, false), None).await;
    check(|p| at(p, true), Some((Step::AfterAcceptance, CallToAction::Soft))).await;
    check(|p| p.enrolment.as_mut().unwrap().messaged_at = Some(start()), None).await;
    check(|p| p.enrolment.as_mut().unwrap().status = EnrolmentStatus::Stopped, None).await;
    check(|p| p.enrolment = None, None).await;
}

#[tokio::test]
async fn a_booking_link_makes_the_message_ask() {
    let setting = Setting::new().await;
    let mut workspace = setting.store.workspace(&ws()).await.unwrap().unwrap();
    workspace.settings.offer.booking_url = Some("https://cal.example/claire".into());
    assert!(setting.store.save(&mut workspace).await.unwrap().won());
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    setting.change(&person.id, |p| p.contact.connected = true).await;
    let drafts = setting.draft(&person.id).await;
    assert_eq!(drafts[0].cta, CallToAction::Ask);
    assert!(drafts[0].body.contains("https://cal.example/claire"), "{}", drafts[0].body);
}

#[tokio::test]
async fn nothing_is_drafted_for_somebody_the_gate_refuses_by_now() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    setting.change(&person.id, |p| p.contact.last_reply_at = Some(start())).await;
    assert_eq!(setting.draft(&person.id).await, []);
    let known = setting.store.prospect(&ws(), &person.id).await.unwrap().unwrap();
    assert!(!known.in_review, "and it shows");
    assert_eq!(known.decision.as_ref().unwrap().decision.verdict.as_str(), "refuse");
}

#[tokio::test]
async fn nothing_is_drafted_without_a_recorded_allow() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    setting.change(&person.id, |p| p.decision = None).await;
    assert_eq!(setting.draft(&person.id).await, []);
}

#[tokio::test]
async fn an_allow_that_has_expired_is_taken_anew() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    setting.clock.advance(SignedDuration::from_hours(30));
    let drafts = setting.draft(&person.id).await;
    assert_ne!(Some(&drafts[0].decision), person.decision.as_ref().map(|d| &d.id));
    let known = setting.store.prospect(&ws(), &person.id).await.unwrap().unwrap();
    assert_eq!(Some(&drafts[0].decision), known.decision.as_ref().map(|d| &d.id), "recorded before it is relied on");
}

#[tokio::test]
async fn a_second_delivery_and_a_second_batch_draft_nothing_more() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    let first = setting.draft(&person.id).await;
    setting.run().await.unwrap();
    assert_eq!(setting.draft(&person.id).await, first);
}

#[tokio::test]
async fn a_cancelled_draft_makes_room_for_another_and_a_rejected_one_does_not() {
    async fn check(status: MessageStatus, expected: usize) {
        let setting = Setting::new().await;
        let person = setting.allowed("adrien-perrot", COMMENT).await;
        let id = setting.draft(&person.id).await[0].id.clone();
        let mut message = setting.store.message(&ws(), &id).await.unwrap().unwrap();
        message.status = status;
        assert!(setting.store.save(&mut message).await.unwrap().won());
        assert_eq!(setting.draft(&person.id).await.len(), expected, "{status}");
    }
    check(MessageStatus::Cancelled, 2).await;
    check(MessageStatus::Rejected, 1).await;
    check(MessageStatus::Failed, 1).await;
    check(MessageStatus::Sent, 1).await;
}

/// What a reviewer does who wants another draft for the `redrafts`-th time.
async fn ask(setting: &Setting, first: &Message, redrafts: u32) -> Message {
    let mut message = setting.store.message(&ws(), &first.id).await.unwrap().unwrap();
    message.status = MessageStatus::Draft;
    message.redrafts = redrafts;
    message.rejected_reason = Some("plus court".into());
    assert!(setting.store.save(&mut message).await.unwrap().won());
    setting.draft(&first.prospect).await.remove(0)
}

#[tokio::test]
async fn another_draft_is_another_text_and_the_same_one_for_the_same_request() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    let first = setting.draft(&person.id).await.remove(0);
    let second = ask(&setting, &first, 1).await;
    assert_ne!(second.body, first.body);
    assert_eq!((&second.body, second.status), (&second.original_body, MessageStatus::PendingReview));
    assert_eq!(ask(&setting, &first, 1).await.body, second.body);
    assert_ne!(ask(&setting, &first, 2).await.body, second.body);
}

#[tokio::test]
async fn another_draft_for_somebody_the_gate_refuses_by_now_is_cancelled() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    let first = setting.draft(&person.id).await.remove(0);
    setting.change(&person.id, |p| p.contact.opted_out_at = Some(start())).await;
    let second = ask(&setting, &first, 1).await;
    assert_eq!((second.status, second.body), (MessageStatus::Cancelled, first.body));
}

#[tokio::test]
async fn another_draft_waits_unchanged_while_the_account_is_paused() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    let first = setting.draft(&person.id).await.remove(0);
    let mut account = setting.store.account(&ws(), &account_id()).await.unwrap().unwrap();
    account.pause = Some(Pause { reason: "vérification".into(), since: start(), resumes_at: None });
    assert!(setting.store.save(&mut account).await.unwrap().won());
    let second = ask(&setting, &first, 1).await;
    assert_eq!((second.status, second.body), (MessageStatus::PendingReview, first.body));
}

#[tokio::test]
async fn one_person_who_cannot_be_drafted_for_does_not_block_the_others() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    let gone = domain::ids::ProspectId::derive(&["erased"]);
    setting.batch(&[&gone, &person.id], "test").await;
    setting.run().await.unwrap();
    assert_eq!(setting.messages(&person.id).await.len(), 1);
}

#[tokio::test]
async fn of_the_recorded_event_the_batch_is_drafted_and_the_poison_fails_alone() {
    let setting = Setting::new().await;
    let person = setting.allowed("adrien-perrot", COMMENT).await;
    setting.batch(&[&person.id], "test").await;
    let event: SqsEvent = serde_json::from_str(include_str!("../../../../events/drafter.batch-with-poison.json")).unwrap();
    let poison = event.records[1].message_id.clone().unwrap();
    let (answer, _) = kit::sqs::batch(&setting.drafter, event).await;
    let failed: Vec<_> = answer.batch_item_failures.iter().map(|f| f.item_identifier.clone()).collect();
    assert_eq!(failed, [poison]);
    assert_eq!(setting.messages(&person.id).await.len(), 1);
}
