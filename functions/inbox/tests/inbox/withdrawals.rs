//! Invitations that wait for too long are taken back, once, and never against an acceptance.

use crate::setting::*;
use domain::ids::ProspectId;
use domain::invitation::End;
use domain::vocabulary::EnrolmentStatus;
use jiff::{SignedDuration, Timestamp};
use sandbox::Person;

const WITHDRAW: &str = "network/withdraw-invitation";

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

impl Setting {
    async fn waiting(&self, count: usize) -> (Vec<Person>, Vec<ProspectId>) {
        let (mut people, mut ids) = (Vec::new(), Vec::new());
        for person in self.strangers() {
            if ids.len() < count
                && let Some(id) = self.invited_there_too(&person).await
            {
                people.push(person);
                ids.push(id);
            }
        }
        assert_eq!(ids.len(), count);
        (people, ids)
    }

    /// Polls until nothing is due before `until`; reads wait for their turn.
    async fn poll_until(&self, until: Timestamp) {
        for _ in 0..200 {
            let Some(due) = self.account().await.acceptance_poll_at.filter(|due| *due < until) else { break };
            self.clock.set(due.max(self.clock.now()));
            self.poll().await;
        }
        self.clock.set(until);
    }

    async fn ended(&self, id: &ProspectId) -> (EnrolmentStatus, bool) {
        let prospect = self.prospect(id).await;
        (prospect.enrolment.as_ref().unwrap().status, prospect.contact.withdrawn_at.is_some())
    }
}

#[tokio::test]
async fn nothing_is_taken_back_before_three_weeks_have_passed() {
    let setting = Setting::new().await;
    let (_, ids) = setting.waiting(1).await;
    setting.poll_until(start() + days(21)).await;
    assert_eq!((setting.calls(WITHDRAW), setting.ends().await), (0, vec![None]));
    setting.poll_until(start() + days(22)).await;
    assert_eq!((setting.calls(WITHDRAW), setting.ends().await), (1, vec![Some(End::Withdrawn)]));
    assert_eq!(setting.ended(&ids[0]).await, (EnrolmentStatus::Stopped, true));
    assert_eq!(setting.account().await.pending_invitations, 0);
    let gated = setting.kept.jobs.lock().unwrap().len();
    assert_eq!(gated, 1, "the gate is asked about them anew");
    setting.poll_until(start() + days(30)).await;
    assert_eq!(setting.calls(WITHDRAW), 1);
}

#[tokio::test]
async fn a_few_at_a_look_and_a_few_a_day() {
    let setting = Setting::new().await;
    setting.waiting(16).await;
    setting.clock.set(start() + days(21));
    let now = setting.clock.now();
    setting.change_account(|a| a.acceptance_poll_at = Some(now)).await;
    let mut looks = Vec::new();
    // Until midnight in Paris.
    while setting.clock.now() < start() + days(21) + SignedDuration::from_hours(14) {
        let before = setting.calls(WITHDRAW);
        setting.poll().await;
        looks.push(setting.calls(WITHDRAW) - before);
        // More often than it would look by itself: the day's share holds all the same.
        setting.clock.advance(SignedDuration::from_mins(100));
        let now = setting.clock.now();
        setting.change_account(|a| a.acceptance_poll_at = Some(now)).await;
    }
    assert!(looks.iter().all(|n| *n <= 3), "{looks:?}");
    assert_eq!(setting.calls(WITHDRAW), 12, "{looks:?}");
    setting.poll_until(start() + days(24)).await;
    assert_eq!(setting.calls(WITHDRAW), 16);
    assert_eq!(setting.account().await.pending_invitations, 0);
}

#[tokio::test]
async fn whoever_accepted_or_declined_meanwhile_is_not_taken_back() {
    let setting = Setting::new().await;
    let (people, ids) = setting.waiting(2).await;
    setting.clock.set(start() + days(21));
    let now = setting.clock.now();
    // Accepted, and too long ago for the newest connections to show it; the other one is known to nobody.
    setting.change_account(|a| (a.acceptance_poll_at, a.poll_stage) = (Some(now), store::account::PollStage::Withdrawals)).await;
    assert!(setting.sandbox.make_connected(CLAIRE, &people[0].slug));
    setting.withdraw_by_hand(&people[1]).await;
    setting.poll_until(start() + days(22)).await;
    assert_eq!(setting.calls(WITHDRAW), 1, "the one made by hand");
    assert_eq!(setting.ends().await, [Some(End::Accepted), Some(End::Gone)]);
    assert_eq!(setting.events(), ["InvitationAccepted"]);
    assert_eq!(setting.ended(&ids[0]).await, (EnrolmentStatus::Active, false));
    assert_eq!(setting.ended(&ids[1]).await, (EnrolmentStatus::Stopped, false));
    assert_eq!(setting.account().await.pending_invitations, 0);
}

/// The process ended between the call and its record: the next look finds nothing waiting, and calls nothing.
#[tokio::test]
async fn a_withdrawal_that_was_not_recorded_is_recorded_later() {
    let setting = Setting::new().await;
    let (people, ids) = setting.waiting(1).await;
    setting.clock.set(start() + days(21));
    let now = setting.clock.now();
    setting.change_account(|a| a.acceptance_poll_at = Some(now)).await;
    let mut prospect = setting.prospect(&ids[0]).await;
    prospect.contact.withdrawing = Some(("1".into(), now - SignedDuration::from_mins(20)));
    assert!(setting.store.save(&mut prospect).await.unwrap().won());
    setting.withdraw_by_hand(&people[0]).await;
    setting.poll_until(start() + days(22)).await;
    assert_eq!(setting.calls(WITHDRAW), 1);
    assert_eq!(setting.ends().await, [Some(End::Withdrawn)]);
    assert_eq!(setting.ended(&ids[0]).await, (EnrolmentStatus::Stopped, true));
}

/// They accepted between the reading and the withdrawal: LinkedIn refuses, and the acceptance counts.
#[tokio::test]
async fn an_acceptance_wins_against_a_withdrawal() {
    let setting = Setting::new().await;
    let (people, ids) = setting.waiting(1).await;
    setting.clock.set(start() + days(21));
    let now = setting.clock.now();
    setting.change_account(|a| (a.acceptance_poll_at, a.poll_stage) = (Some(now), store::account::PollStage::Withdrawals)).await;
    let mut prospect = setting.prospect(&ids[0]).await;
    prospect.contact.withdrawing = Some(("1".into(), now));
    assert!(setting.store.save(&mut prospect).await.unwrap().won());
    assert!(setting.sandbox.make_connected(CLAIRE, &people[0].slug));
    setting.poll_until(start() + days(22)).await;
    assert_eq!(setting.ends().await, [Some(End::Accepted)]);
    let prospect = setting.prospect(&ids[0]).await;
    assert!(prospect.contact.connected && prospect.contact.withdrawing.is_none() && prospect.contact.withdrawn_at.is_none());
    assert_eq!(setting.events(), ["InvitationAccepted"]);
}

#[tokio::test]
async fn an_acceptance_seen_after_the_withdrawal_still_counts() {
    let setting = Setting::new().await;
    let (people, ids) = setting.waiting(1).await;
    setting.poll_until(start() + days(22)).await;
    assert_eq!(setting.ended(&ids[0]).await, (EnrolmentStatus::Stopped, true));
    assert!(setting.sandbox.make_connected(CLAIRE, &people[0].slug));
    assert!(setting.inbox_accepts(&ids[0]).await);
    assert_eq!(setting.ended(&ids[0]).await, (EnrolmentStatus::Active, false));
}

/// One wrong reading, or a withdrawal that came too late, is put right by an acceptance of the next weeks, found by
/// reading although nothing waits any more; one of months later starts nothing again.
#[tokio::test]
async fn an_end_is_put_right_for_a_month() {
    async fn check(by_hand: bool, after: i64, expected: (EnrolmentStatus, End)) {
        let setting = Setting::new().await;
        let (people, ids) = setting.waiting(1).await;
        if by_hand {
            setting.withdraw_by_hand(&people[0]).await;
        }
        setting.poll_until(start() + days(22)).await;
        let end = if by_hand { End::Gone } else { End::Withdrawn };
        assert_eq!((setting.ended(&ids[0]).await.0, setting.ends().await), (EnrolmentStatus::Stopped, vec![Some(end)]));
        setting.poll_until(start() + days(22 + after)).await;
        assert!(setting.sandbox.make_connected(CLAIRE, &people[0].slug));
        match after > 30 {
            true => assert!(setting.inbox_accepts(&ids[0]).await),
            false => setting.poll_until(start() + days(23 + after)).await,
        }
        assert_eq!(setting.events(), ["InvitationAccepted"]);
        assert_eq!((setting.ended(&ids[0]).await, setting.ends().await), ((expected.0, false), vec![Some(expected.1)]));
        assert_eq!(setting.account().await.pending_invitations, 0);
    }
    check(true, 3, (EnrolmentStatus::Active, End::Accepted)).await;
    check(false, 3, (EnrolmentStatus::Active, End::Accepted)).await;
    check(true, 60, (EnrolmentStatus::Stopped, End::Gone)).await;
    check(false, 60, (EnrolmentStatus::Stopped, End::Withdrawn)).await;
}

#[tokio::test]
async fn a_poor_acceptance_is_counted_and_halves_the_pace() {
    let setting = Setting::new().await;
    let id = setting.invited(&setting.stranger()).await;
    let date = start().to_zoned(setting.account().await.zone()).date();
    let mut day = setting.store.account_day(&ws(), &account_id(), date).await.unwrap();
    let invited = |end| store::invitations::Invitation { prospect: id.clone(), at: start(), end: Some((end, start())) };
    let ends = [vec![End::Accepted; 9], vec![End::Gone; 41], vec![End::NotMade; 30]].concat();
    day.invited.extend(ends.into_iter().map(invited));
    assert!(setting.store.save_account_day(&mut day).await.unwrap().won());
    setting.clock.set(start() + days(8));
    let account = setting.poll().await;
    assert!(account.standing().halves_the_pace(), "{:?}", account.standing());
    assert_eq!(account.pending_invitations, 1);
    let held = account.limits_at(start() + days(60));
    assert_eq!([held.invitations_per_day, held.messages_per_day, held.reads_per_day], [7, 12, 80]);
}
