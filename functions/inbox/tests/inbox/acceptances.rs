//! Acceptances and answers found by reading, where nothing is pushed.

use crate::setting::*;
use domain::ids::ProspectId;
use domain::job::Task;
use jiff::SignedDuration;
use store::account::Monitoring;
use store::batch::Stage;

#[tokio::test]
async fn one_reading_finds_who_accepted_and_each_goes_on_once() {
    let setting = Setting::new().await;
    let people: Vec<_> = setting.strangers().take(4).collect();
    let mut invited: Vec<ProspectId> = Vec::new();
    for person in &people {
        invited.push(setting.invited(person).await);
    }
    setting.clock.advance(SignedDuration::from_mins(30));
    for person in &people[..3] {
        assert!(setting.sandbox.make_connected(CLAIRE, &person.slug));
    }
    let account = setting.poll().await;
    assert_eq!(account.pending_invitations, 1);
    for (place, id) in invited.iter().enumerate() {
        let prospect = setting.prospect(id).await;
        let accepted = prospect.enrolment.as_ref().unwrap().accepted_at.is_some();
        assert_eq!((accepted, prospect.contact.connected), (place < 3, place < 3));
        assert_eq!(prospect.contact.revision, 0);
    }
    assert_eq!(setting.events(), ["InvitationAccepted"; 3]);
    let gated = setting.kept.jobs.lock().unwrap().iter().filter(|j| matches!(j.task, Task::GateBatch { .. })).count();
    assert_eq!(gated, 3);

    setting.clock.set(account.acceptance_poll_at.unwrap());
    let account = setting.poll().await;
    assert_eq!((account.pending_invitations, setting.events().len()), (1, 3));
}

#[tokio::test]
async fn the_next_poll_is_four_hours_away_give_or_take_a_tenth() {
    let setting = Setting::new().await;
    setting.invited(&setting.stranger()).await;
    // Its reads take turns: what was not read at once is read a little later.
    let mut account = setting.poll().await;
    while account.acceptance_poll_at.unwrap() < setting.clock.now() + SignedDuration::from_mins(1) {
        setting.clock.set(account.acceptance_poll_at.unwrap());
        account = setting.poll().await;
    }
    let wait = account.acceptance_poll_at.unwrap().duration_since(setting.clock.now());
    assert!(setting.clock.now() < start() + SignedDuration::from_mins(5));
    assert!(wait >= SignedDuration::from_mins(216) && wait <= SignedDuration::from_mins(264), "{wait}");
}

#[tokio::test]
async fn without_anybody_to_wait_for_nothing_is_read_any_more() {
    let setting = Setting::new().await;
    setting.change_account(|a| a.acceptance_poll_at = Some(start())).await;
    assert_eq!(setting.poll().await.acceptance_poll_at, None);
    assert_eq!(setting.calls("network/connections"), 0);
    setting.poll().await;
    assert_eq!(setting.calls("messages/inbox"), 1, "only the one poll that was due");
}

#[tokio::test]
async fn a_poll_before_its_time_or_twice_reads_nothing() {
    let setting = Setting::new().await;
    setting.invited(&setting.stranger()).await;
    setting.poll().await;
    let read = setting.sandbox.log().len();
    setting.poll().await;
    assert_eq!(setting.sandbox.log().len(), read);
}

#[tokio::test]
async fn answers_are_looked_for_where_nothing_is_pushed() {
    async fn check(monitored: bool, expected: usize) {
        let setting = Setting::new().await;
        let person = setting.stranger();
        let id = setting.contacted(&person, true).await;
        setting
            .change_account(|a| {
                a.acceptance_poll_at = Some(start());
                a.monitoring = monitored.then(|| Monitoring { id: "w".into(), active: true });
            })
            .await;
        setting.clock.advance(SignedDuration::from_mins(20));
        assert!(setting.sandbox.receive_message(CLAIRE, &person.slug, "Volontiers, parlons-en."));
        setting.poll().await;
        assert_eq!(setting.intents(&id).await.len(), expected);
        assert_eq!(setting.calls("messages/conversation"), expected, "nobody else's conversation is read");
    }
    check(false, 1).await;
    check(true, 0).await;
}

#[tokio::test]
async fn an_answer_taken_in_is_not_read_again() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    setting.contacted(&person, true).await;
    setting.change_account(|a| a.acceptance_poll_at = Some(start())).await;
    setting.clock.advance(SignedDuration::from_mins(20));
    assert!(setting.sandbox.receive_message(CLAIRE, &person.slug, "Volontiers, parlons-en."));
    setting.poll().await;
    let now = setting.clock.now();
    setting.change_account(|a| a.acceptance_poll_at = Some(now)).await;
    setting.poll().await;
    assert_eq!(setting.calls("messages/conversation"), 1);
}

/// The process ended after the acceptance was recorded and before anybody was told: the batch is in the due index.
#[tokio::test]
async fn the_gate_is_asked_even_if_its_message_is_lost() {
    let setting = Setting::new().await;
    let person = setting.stranger();
    let id = setting.invited(&person).await;
    assert!(setting.sandbox.make_connected(CLAIRE, &person.slug));
    setting.poll().await;
    setting.kept.jobs.lock().unwrap().clear();
    let batches = setting.store.batches(&ws(), 10).await.unwrap();
    assert_eq!(batches.iter().map(|b| (b.stage, b.people.clone())).collect::<Vec<_>>(), [(Stage::Gate, vec![id])]);
}
