//! What a reply changes, and what is no reply.

use crate::setting::*;
use aws_lambda_events::sqs::SqsEvent;
use domain::identity;
use domain::ids::ProspectId;
use domain::job::Task;
use domain::vocabulary::{EnrolmentStatus, MeetingStatus, MessageStatus, SuppressionKind};
use jiff::SignedDuration;
use sandbox::{Fault, FaultKind, StopSign};
use serde_json::json;
use std::sync::atomic::Ordering;
use store::Transacted;
use store::batch::Stage;
use store::intake::Row;
use store::message::Claim;

const OPEN: [MessageStatus; 4] =
    [MessageStatus::Draft, MessageStatus::PendingReview, MessageStatus::Approved, MessageStatus::Scheduled];

#[tokio::test]
async fn a_reply_stops_everything_that_may_yet_go_out() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let mut open = Vec::new();
    for status in OPEN {
        open.push(setting.message(&id, status.as_str(), status));
    }
    let sending = setting.message(&id, "sending", MessageStatus::Sending);
    for message in open.iter().chain([&sending]) {
        assert!(setting.store.create(message).await.unwrap().won());
    }
    setting.clock.advance(SignedDuration::from_mins(20));
    setting.writes(&person, "Vous partez de quel tarif ?").await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));

    let prospect = setting.prospect(&id).await;
    assert_eq!(prospect.contact.last_reply_at, Some(setting.clock.now()));
    assert_eq!((prospect.contact.revision, prospect.in_review), (1, false));
    assert_eq!(prospect.enrolment.as_ref().unwrap().status, EnrolmentStatus::Stopped);
    for message in &open {
        assert_eq!(setting.status(message).await, MessageStatus::Cancelled, "{}", message.status);
    }
    assert_eq!(setting.status(&sending).await, MessageStatus::Sending, "it settles by itself");
    assert_eq!(setting.intents(&id).await, ["question"]);
    assert_eq!(setting.events(), ["ReplyReceived"]);
    let thread = setting.store.conversation(&ws(), &id).await.unwrap().unwrap();
    assert_eq!((thread.unread, thread.last_text.as_str()), (true, "Vous partez de quel tarif ?"));
    let batches = setting.store.batches(&ws(), 10).await.unwrap();
    assert_eq!(batches.iter().map(|b| (b.stage, b.people.clone())).collect::<Vec<_>>(), [(Stage::Gate, vec![id])]);
}

#[tokio::test]
async fn the_same_hint_again_changes_nothing_more() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    setting.writes(&person, "Volontiers, envoyez-moi un exemple.").await;
    setting.apply().await;
    let before = setting.prospect(&id).await;
    setting.apply().await;
    setting.hint(json!({ "sender": { "profile_url": person.id_url() }, "message": "encore" })).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("nothing_new"));
    assert_eq!(setting.prospect(&id).await, before);
    assert_eq!(setting.events(), ["ReplyReceived"]);
}

#[tokio::test]
async fn an_opt_out_is_on_the_black_list_under_every_key() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let epoch = setting.store.epoch(&ws()).await.unwrap();
    setting.writes(&person, "STOP").await;
    setting.apply().await;
    assert_eq!(setting.intents(&id).await, ["unsubscribe"]);
    let prospect = setting.prospect(&id).await;
    assert!(prospect.contact.opted_out_at.is_some());
    assert!(setting.store.epoch(&ws()).await.unwrap() > epoch, "a claim that saw the old epoch is lost");
    let mut candidates = vec![(SuppressionKind::Prospect, id.to_string())];
    candidates.extend(prospect.keys.iter().map(|k| (SuppressionKind::ProfileUrl, k.storage())));
    assert_eq!(candidates.len(), 3);
    let listed = setting.store.suppressions_of(&ws(), &candidates).await.unwrap();
    assert_eq!(listed.iter().filter(|s| s.opted_out && s.source == "reply").count(), 3);
    assert_eq!(setting.events(), ["ReplyReceived", "OptedOut"]);
}

#[tokio::test]
async fn an_absence_moves_the_next_step_and_is_no_reply() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let approved = setting.message(&id, "approved", MessageStatus::Approved);
    assert!(setting.store.create(&approved).await.unwrap().won());
    setting.writes(&person, "Réponse automatique : je suis absente jusqu’au 15 mars 2027.").await;
    setting.apply().await;
    assert_eq!(setting.intents(&id).await, ["out_of_office"]);
    let prospect = setting.prospect(&id).await;
    assert_eq!((prospect.contact.last_reply_at, prospect.contact.revision), (None, 0));
    assert_eq!(prospect.enrolment.as_ref().unwrap().status, EnrolmentStatus::Active);
    let until = prospect.contact.not_before.expect("a day of return");
    assert!(until > start() + SignedDuration::from_hours(13 * 24), "{until}");
    let approved = setting.store.message(&ws(), &approved.id).await.unwrap().unwrap();
    assert_eq!((approved.status, approved.not_before), (MessageStatus::Approved, Some(until)));
    let batches = setting.store.batches(&ws(), 10).await.unwrap();
    assert_eq!(batches.iter().map(|b| b.next_at).collect::<Vec<_>>(), [until]);
    assert_eq!(setting.events(), [] as [&str; 0]);
}

#[tokio::test]
async fn our_own_follow_up_is_no_reply() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let before = setting.prospect(&id).await;
    setting.hint(json!({ "sender": { "profile_url": person.id_url() }, "message": OURS })).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("nothing_new"));
    setting.hint(json!({ "sender": { "profile_url": format!("https://www.linkedin.com/in/{CLAIRE}") }, "message": OURS })).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("own_message"));
    assert_eq!(setting.prospect(&id).await, before);
}

#[tokio::test]
async fn a_hint_that_the_conversation_does_not_bear_out_changes_nothing() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let before = setting.prospect(&id).await;
    setting.hint(json!({ "sender": { "profile_url": person.id_url() }, "message": "STOP" })).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("nothing_new"));
    assert_eq!(setting.prospect(&id).await, before);
}

#[tokio::test]
async fn what_cannot_be_applied_is_kept_with_its_verdict() {
    async fn check(vendor: &str, body: serde_json::Value, expected: &str) {
        let setting = Setting::new().await;
        setting.arrives(vendor, body).await;
        assert_eq!(setting.apply().await.verdict.as_deref(), Some(expected));
        assert_eq!(setting.calls("messages/conversation"), 0);
    }
    check("linkup-v1", json!({ "what": "ever" }), "unknown_event").await;
    check(
        "linkup-v1",
        json!({ "sender": { "profile_url": "https://www.linkedin.com/in/nobody-known" }, "message": "?" }),
        "unknown_person",
    )
    .await;
    check("linkup-v1", json!({ "sender": { "name": "Somebody" }, "message": "?" }), "no_sender").await;
    check("linkup-v2", json!({ "event": { "type": "dance" } }), "unknown_event").await;
    check("carrier-pigeon", json!({}), "unknown_vendor").await;
}

#[tokio::test]
async fn a_wish_for_a_meeting_proposes_one_and_only_once() {
    async fn check(text: &str, expected: &[MeetingStatus]) {
        let setting = Setting::new().await;
        let person = setting.stranger();
        let id = setting.contacted(&person, true).await;
        setting.clock.advance(SignedDuration::from_mins(20));
        setting.writes(&person, text).await;
        setting.apply().await;
        setting.hint(json!({ "sender": { "profile_url": person.id_url() }, "message": "encore" })).await;
        setting.apply().await;
        let found = setting.store.meetings_with(&ws(), &id).await.unwrap();
        assert_eq!(found.iter().map(|m| m.status).collect::<Vec<_>>(), expected, "{text}");
        assert_eq!(setting.prospect(&id).await.contact.meeting_at, None, "a proposed one does not count");
    }
    check("Mardi 10 h me convient", &[MeetingStatus::Proposed]).await;
    check("Pas de rendez-vous, merci", &[]).await;
    check("Vous partez de quel tarif ?", &[]).await;
}

#[tokio::test]
async fn somebody_known_by_the_vanity_name_alone_is_found_by_the_member_id() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, false).await;
    setting.writes(&person, "STOP").await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    let prospect = setting.prospect(&id).await;
    assert!(prospect.contact.opted_out_at.is_some());
    assert_eq!(prospect.keys.len(), 2, "and the next hint needs no look-up");
}

#[tokio::test]
async fn an_answer_taken_in_before_a_merge_counts_once() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let older = setting.contacted(&person, false).await;
    let keys = |urls: &[String]| urls.iter().flat_map(|url| identity::keys_of(Some(url), None, None)).collect::<Vec<_>>();
    let row = Row { keys: keys(&[person.id_url()]), name: Some(person.name()), ..Row::default() };
    setting.clock.advance(SignedDuration::from_secs(1));
    let younger = setting.store.intake(&ws(), &row, setting.clock.now()).await.unwrap().unwrap().prospect.id.clone();
    setting.clock.advance(SignedDuration::from_mins(20));
    setting.writes(&person, "Volontiers, parlons-en.").await;
    setting.apply().await;
    assert_eq!((setting.intents(&older).await.len(), setting.intents(&younger).await.len()), (0, 1));
    let both = Row { keys: keys(&[person.url(), person.id_url()]), ..Row::default() };
    let joined = setting.store.intake(&ws(), &both, setting.clock.now()).await.unwrap().unwrap().prospect;
    assert_eq!(joined.id, older);

    setting.hint(json!({ "sender": { "profile_url": person.id_url() }, "message": "encore" })).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("nothing_new"));
    assert_eq!(setting.events(), ["ReplyReceived"]);
    let (now, read) = (setting.clock.now(), setting.calls("messages/conversation"));
    setting.change_account(|a| a.acceptance_poll_at = Some(now)).await;
    setting.poll().await;
    assert_eq!((setting.calls("messages/inbox"), setting.calls("messages/conversation")), (1, read));
}

/// Until a profile was read, whoever stands behind an unknown id may be anybody: the event waits.
#[tokio::test]
async fn whoever_cannot_be_looked_up_is_not_nobody() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, false).await;
    setting.writes(&person, "STOP").await;
    let fault = Fault { endpoint: "data/profil/info".into(), kind: FaultKind::Html502, times: Some(1), after: 0, person: None };
    setting.sandbox.inject(fault);
    let failed = setting.apply().await;
    assert_eq!((failed.verdict, failed.tries), (None, 1));

    let mut workspace = setting.store.workspace(&ws()).await.unwrap().unwrap();
    let credits = std::mem::take(&mut workspace.item.settings.budget.credits_per_month);
    assert!(setting.store.save(&mut workspace).await.unwrap().won());
    let unpaid = setting.apply().await;
    assert_eq!((unpaid.verdict, unpaid.next_at), (None, Some(start() + SignedDuration::from_hours(1))));
    workspace.item.settings.budget.credits_per_month = credits;
    assert!(setting.store.save(&mut workspace).await.unwrap().won());

    let credentials = setting.account().await.credentials.clone();
    setting.change_account(|a| a.credentials = None).await;
    let unconnected = setting.apply().await;
    assert_eq!((unconnected.verdict, unconnected.next_at), (None, Some(start() + SignedDuration::from_hours(1))));
    setting.change_account(|a| a.credentials = credentials).await;

    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert!(setting.prospect(&id).await.contact.opted_out_at.is_some());
}

#[tokio::test]
async fn at_night_nothing_is_read_and_the_event_waits_for_the_morning() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    setting.clock.set("2027-03-01T23:30:00Z".parse().unwrap());
    setting.writes(&person, "STOP").await;
    let waiting = setting.apply().await;
    let morning = "2027-03-02T06:00:00Z".parse().unwrap();
    assert!(waiting.verdict.is_none() && waiting.next_at.is_some_and(|at| at >= morning), "{:?}", waiting.next_at);
    assert_eq!(setting.calls("messages/conversation"), 0);
    setting.clock.set(waiting.next_at.unwrap());
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert!(setting.prospect(&id).await.contact.opted_out_at.is_some());
    let credits = setting.store.credits(&ws(), "2027-03").await.unwrap();
    assert_eq!((credits.reserved, credits.spent), (1, 1));
}

#[tokio::test]
async fn a_failed_reading_is_made_again_and_a_stop_sign_pauses_the_account() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    setting.contacted(&person, true).await;
    setting.writes(&person, "Oui, volontiers.").await;
    let fault = |kind| Fault { endpoint: "messages/conversation".into(), kind, times: Some(1), after: 0, person: None };
    setting.sandbox.inject(fault(FaultKind::Html502));
    let waiting = setting.apply().await;
    assert_eq!((waiting.verdict, waiting.tries), (None, 1));
    assert!(setting.account().await.pause.is_none());
    setting.sandbox.inject(fault(FaultKind::Restriction { sign: StopSign::Challenge }));
    assert_eq!(setting.apply().await.verdict, None);
    assert!(setting.account().await.pause.is_some());
    assert_eq!(setting.events(), ["AccountPaused"]);
}

#[tokio::test]
async fn signed_events_say_who_accepted_and_who_is_gone() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.invited(&person).await;
    setting
        .arrives(
            "linkup-v2",
            json!({ "event": { "type": "accepted_invitation", "new_connections": [{ "profile_url": person.url() }] } }),
        )
        .await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert!(setting.prospect(&id).await.enrolment.as_ref().unwrap().accepted_at.is_some());
    setting.arrives("linkup-v2", json!({ "event": { "type": "disconnection", "reason": "signed out" } })).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("disconnected"));
    assert_eq!(setting.account().await.pause.as_ref().map(|p| p.reason.as_str()), Some(domain::provider::SESSION_ENDED_FR));
}

/// Whatever else a claim has read anew: with the epoch from before the opt-out it is lost.
#[tokio::test]
async fn no_claim_wins_after_an_opt_out() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id: ProspectId = setting.contacted(&person, true).await;
    let approved = setting.message(&id, "approved", MessageStatus::Approved);
    assert!(setting.store.create(&approved).await.unwrap().won());
    let seen = setting.store.epoch(&ws()).await.unwrap();
    setting.writes(&person, "Merci de ne plus me contacter.").await;
    setting.apply().await;
    let mut message = setting.store.message(&ws(), &approved.id).await.unwrap().unwrap();
    message.status = MessageStatus::Sending;
    let prospect = setting.prospect(&id).await;
    let day = setting.store.account_day(&ws(), &account_id(), "2027-03-01".parse().unwrap()).await.unwrap();
    let at = setting.clock.now();
    let claim = |(epoch, stops)| {
        setting.store.claim_send(Claim { message: &message, prospect: &prospect, day: &day, epoch, stops, colleagues: &[], at })
    };
    assert_eq!(claim((seen, 0)).await.unwrap(), Transacted::Lost(vec![3]));
}

/// The same of a pause, whoever makes it, and of a removal.
#[tokio::test]
async fn no_claim_wins_after_the_account_is_stopped() {
    let setting = Setting::new().await;
    let id = setting.contacted(&setting.stranger(), true).await;
    let approved = setting.message(&id, "approved", MessageStatus::Approved);
    assert!(setting.store.create(&approved).await.unwrap().won());
    let mut message = setting.store.message(&ws(), &approved.id).await.unwrap().unwrap();
    message.status = MessageStatus::Sending;
    let prospect = setting.prospect(&id).await;
    let day = setting.store.account_day(&ws(), &account_id(), "2027-03-01".parse().unwrap()).await.unwrap();
    let at = setting.clock.now();
    let claim = |(epoch, stops)| {
        setting.store.claim_send(Claim { message: &message, prospect: &prospect, day: &day, epoch, stops, colleagues: &[], at })
    };
    let seen = async || setting.store.epoch_and_stops(&ws()).await.unwrap();
    let first = seen().await;
    let pause = store::account::Pause { reason: "checkpoint".into(), since: at, resumes_at: None };
    setting.store.pause_account(&ws(), &account_id(), &pause).await.unwrap();
    assert_eq!(claim(first).await.unwrap(), Transacted::Lost(vec![3]));
    setting.change_account(|a| a.pause = None).await;
    let second = seen().await;
    setting.arrives("linkup-v2", json!({ "event": { "type": "disconnection", "reason": "signed out" } })).await;
    setting.apply().await;
    assert_eq!(claim(second).await.unwrap(), Transacted::Lost(vec![3]));
    let third = seen().await;
    let path = store::account::WebhookPointer { token_hash: "path".into(), workspace: ws(), account: account_id() };
    assert!(setting.store.create(&path).await.unwrap().won());
    assert!(setting.store.delete_account(&setting.account().await, "path", &[], at).await.unwrap().won());
    assert_eq!(claim(third).await.unwrap(), Transacted::Lost(vec![3]));
    assert_eq!(claim(seen().await).await.unwrap(), Transacted::Won);
}

/// The process ends when it is about to tell the bus: all is stopped by then, and the next try does the rest once.
#[tokio::test]
async fn what_a_crash_left_undone_is_done_by_the_next_try() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let approved = setting.message(&id, "approved", MessageStatus::Approved);
    assert!(setting.store.create(&approved).await.unwrap().won());
    setting.writes(&person, "STOP").await;
    setting.kept.bus_is_down.store(true, Ordering::SeqCst);
    assert!(setting.run(Task::ApplyInbound { inbound: inbound_id() }).await.is_err());
    assert_eq!(setting.status(&approved).await, MessageStatus::Cancelled);
    assert!(setting.prospect(&id).await.contact.opted_out_at.is_some());
    assert!(setting.store.conversation(&ws(), &id).await.unwrap().is_none());

    setting.kept.bus_is_down.store(false, Ordering::SeqCst);
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert_eq!(setting.events(), ["ReplyReceived", "OptedOut"]);
    assert_eq!(setting.intents(&id).await, ["unsubscribe"]);
    assert!(setting.store.conversation(&ws(), &id).await.unwrap().is_some());
}

#[tokio::test]
async fn of_the_recorded_event_the_hint_is_applied_and_the_poison_fails_alone() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    setting.writes(&person, "Volontiers.").await;
    let event: SqsEvent = serde_json::from_str(include_str!("../../../../events/inbox.batch-with-poison.json")).unwrap();
    let poison = event.records[1].message_id.clone().unwrap();
    let (answer, _) = kit::sqs::batch(&setting.inbox, event).await;
    let failed: Vec<_> = answer.batch_item_failures.iter().map(|f| f.item_identifier.clone()).collect();
    assert_eq!(failed, [poison]);
    assert_eq!(setting.intents(&id).await.len(), 1);
}
