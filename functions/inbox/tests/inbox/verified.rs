//! Events that are verified: what they say counts at once, and only for the account they are about.

use crate::setting::{Setting, account_id, ws};
use domain::provider::SESSION_ENDED_FR;
use domain::vocabulary::Provider;
use jiff::SignedDuration;
use outbound::providers::gate_in_process;
use serde_json::{Value, json};
use store::account::{Monitoring, Pause};

/// An account of LinkupAPI V2 over the same people, watched.
async fn over_v2() -> Setting {
    let mut setting = Setting::new().await;
    let (address, _) = setting.sandbox.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    let now = setting.clock.clone();
    let providers = setting.inbox.providers.clone();
    let added = providers.with_linkup_v2(&format!("http://{address}"), "sandbox".into(), gate_in_process(), move || now.now());
    setting.inbox.providers = added.unwrap();
    setting
        .change_account(|account| {
            account.provider = Provider::LinkupV2;
            account.credentials = Some(r#"{"account_id":"acc_sandbox"}"#.into());
            account.monitoring = Some(Monitoring { id: "wh_1".into(), active: true });
        })
        .await;
    setting
}

fn event(kind: &str, more: Value) -> Value {
    let mut event = json!({"type": kind});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"account_id": "acc_sandbox", "event_id": "e1", "event": event})
}

fn message(person: &sandbox::Person, text: &str, at_ms: i64) -> Value {
    let sender = json!({"name": person.name(), "profile_url": person.id_url()});
    event("message", json!({"sender": sender, "message_text": text, "metadata": {"delivered_at": at_ms}}))
}

#[tokio::test]
async fn a_verified_reply_stops_everything_without_a_reading_and_counts_once() {
    let setting = over_v2().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let text = "Merci, mais ce n’est pas pour nous.";
    assert!(setting.sandbox.receive_message("claire-vasselin", &person.slug, text));
    let at = setting.clock.now();
    setting.arrives("linkup-v2", message(&person, text, at.as_millisecond())).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert_eq!(setting.sandbox.log(), [], "nothing was read");
    assert_eq!(setting.intents(&id).await, ["not_interested"]);
    let revision = setting.prospect(&id).await.contact.revision;
    // The same words in the conversation, under an id of their own, are the same answer.
    setting.arrives("linkup-v1", json!({"event": "message", "sender": {"profile_url": person.id_url()}})).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("nothing_new"));
    assert_eq!(setting.calls("/messages/conversation"), 1);
    assert_eq!(setting.intents(&id).await.len(), 1);
    assert_eq!(setting.prospect(&id).await.contact.revision, revision);
}

#[tokio::test]
async fn words_without_a_time_came_when_they_were_received() {
    let setting = over_v2().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let (text, received_at) = ("Volontiers, quand ?", setting.clock.now());
    assert!(setting.sandbox.receive_message("claire-vasselin", &person.slug, text));
    let mut timeless = message(&person, text, 0);
    timeless["event"].as_object_mut().unwrap().remove("metadata");
    setting.arrives("linkup-v2", timeless).await;
    setting.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert_eq!(setting.prospect(&id).await.contact.last_reply_at, Some(received_at));
    setting.arrives("linkup-v1", json!({"event": "message", "sender": {"profile_url": person.id_url()}})).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("nothing_new"));
}

#[tokio::test]
async fn a_sender_known_by_another_key_is_looked_up_by_one_read_of_the_account() {
    let setting = over_v2().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, false).await;
    // The conversation shows nothing of it yet: the signed words count.
    setting.arrives("linkup-v2", message(&person, "Volontiers, quand ?", setting.clock.now().as_millisecond())).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert_eq!((setting.calls("/profile/info"), setting.calls("/data/profil/info")), (1, 0));
    assert_eq!(setting.calls("/messages/conversation"), 0);
    assert_eq!(setting.intents(&id).await.len(), 1);
}

#[tokio::test]
async fn a_verified_acceptance_is_believed_and_polling_becomes_rare() {
    let setting = over_v2().await;
    let person = setting.stranger();
    let id = setting.invited(&person).await;
    let accepted = json!({"new_connections": [{"profile_url": person.url(), "name": person.name()}]});
    setting.arrives("linkup-v2", event("accepted_invitation", accepted)).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert!(setting.prospect(&id).await.enrolment.as_ref().is_some_and(|e| e.accepted_at.is_some()));
    assert_eq!(setting.account().await.pending_invitations, 0);
    let other = setting.strangers().nth(1).unwrap();
    setting.invited(&other).await;
    let polled = setting.poll().await;
    let next = polled.acceptance_poll_at.unwrap().duration_since(setting.clock.now());
    assert!(next >= SignedDuration::from_hours(21) && next <= SignedDuration::from_hours(27), "{next}: a day, give or take");
}

#[tokio::test]
async fn a_disconnection_pauses_the_account_and_says_what_to_do() {
    let setting = over_v2().await;
    setting.arrives("linkup-v2", event("disconnection", json!({"reason": "session expired"}))).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("disconnected"));
    let account = setting.account().await;
    let pause = account.pause.as_ref().unwrap();
    assert_eq!((pause.reason.as_str(), pause.ends_by_connecting(), pause.resumes_at), (SESSION_ENDED_FR, true, None));
    assert_eq!(setting.events(), ["AccountPaused"]);
}

/// A pause with an end would let the account go on by itself, with a session that has ended.
#[tokio::test]
async fn a_disconnection_outlasts_a_pause_that_ends_and_no_other() {
    async fn check(resumes_in: Option<SignedDuration>, by_connecting: bool) {
        let setting = over_v2().await;
        let since = setting.clock.now();
        let pause = Pause { reason: "by hand".into(), since, resumes_at: resumes_in.map(|wait| since + wait) };
        setting.change_account(|account| account.pause = Some(pause)).await;
        setting.arrives("linkup-v2", event("disconnection", json!({"reason": "session expired"}))).await;
        setting.apply().await;
        setting.clock.advance(SignedDuration::from_hours(24));
        let account = setting.account().await;
        assert!(account.is_paused(setting.clock.now()));
        assert_eq!(account.pause.as_ref().map(Pause::ends_by_connecting), Some(by_connecting));
    }
    check(Some(SignedDuration::from_hours(12)), true).await;
    check(None, false).await;
}

#[tokio::test]
async fn an_event_about_another_account_of_the_vendor_changes_nothing() {
    let setting = over_v2().await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let mut foreign = message(&person, "Stop", setting.clock.now().as_millisecond());
    foreign["account_id"] = "acc_somebody_else".into();
    setting.arrives("linkup-v2", foreign).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("another_account"));
    assert_eq!(setting.intents(&id).await, [""; 0]);
    assert!(setting.store.account(&ws(), &account_id()).await.unwrap().unwrap().pause.is_none());
}

#[tokio::test]
async fn an_expired_session_met_while_reading_pauses_the_account() {
    let setting = over_v2().await;
    let person = setting.stranger();
    setting.contacted(&person, true).await;
    assert!(setting.sandbox.expire_session("claire-vasselin"));
    setting.hint(json!({"event": "message", "sender": {"profile_url": person.id_url()}})).await;
    setting.apply().await;
    assert!(setting.account().await.pause.as_ref().is_some_and(Pause::ends_by_connecting));
}

#[tokio::test]
async fn unipiles_events_are_applied_alike() {
    let setting = over_v2().await;
    setting
        .change_account(|account| {
            account.provider = Provider::Unipile;
            account.credentials = Some(r#"{"account_id":"u1"}"#.into());
        })
        .await;
    let person = setting.stranger();
    let id = setting.contacted(&person, true).await;
    let sender = json!({"attendee_provider_id": "x", "attendee_name": person.name(), "attendee_profile_url": person.id_url()});
    let said = json!({"event": "message_received", "account_id": "u1", "account_info": {"user_id": "me"}, "message_id": "m1",
        "message": "Retirez-moi de votre liste", "timestamp": setting.clock.now(), "sender": sender});
    setting.arrives("unipile", said.clone()).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("applied"));
    assert_eq!(setting.intents(&id).await, ["unsubscribe"]);
    let mut own = said;
    own["account_info"]["user_id"] = "x".into();
    setting.arrives("unipile", own).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("own_message"));
    let status = json!({"AccountStatus": {"account_id": "u1", "message": "CREDENTIALS"}});
    setting.arrives("unipile", status).await;
    assert_eq!(setting.apply().await.verdict.as_deref(), Some("disconnected"));
}
