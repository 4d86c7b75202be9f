//! Settling: what to do about a send or a publication whose outcome is unknown.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What may or may not have been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Act {
    Invitation,
    LinkedInMessage,
    /// `key_until`: until when the vendor takes the same idempotency key for the same e-mail.
    Email {
        key_until: Option<Timestamp>,
    },
    Sms,
    Publication,
}

impl Act {
    /// Whether the provider can be asked.
    pub const fn is_readable(self) -> bool {
        matches!(self, Self::Invitation | Self::LinkedInMessage | Self::Publication)
    }
}

/// What a reading showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Done,
    NotDone,
    /// The reading itself failed: it proves nothing.
    Unreadable,
}

/// One reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub at: Timestamp,
    pub seen: Seen,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing before this instant.
    WaitUntil(Timestamp),
    /// Ask the provider now.
    Read,
    /// It was done.
    Sent,
    /// It was not done, for certain: back to approved. Only ever for invitations.
    BackToApproved,
    /// Call again with the same idempotency key: the vendor does it at most once.
    RetryWithSameKey,
    /// Reading cannot prove that nothing happened: a person decides.
    AskPerson,
}

/// Readings that show nothing, before a person is asked.
const READINGS: usize = 2;
/// Failed readings, before a person is asked.
const UNREADABLE_MAX: usize = 12;

/// What to do about an outcome unknown since `since`, after `readings`; `settle` is how long it settles before the
/// first reading and between the two.
///
/// Nothing is ever sent again because a reading came too soon. Source: docs/rules.md, “Settling”.
pub fn next(act: Act, since: Timestamp, readings: &[Reading], settle: SignedDuration, now: Timestamp) -> Step {
    if readings.iter().any(|reading| reading.seen == Seen::Done) {
        return Step::Sent;
    }
    if let Act::Email { key_until: Some(until) } = act {
        return if now < until { Step::RetryWithSameKey } else { Step::AskPerson };
    }
    if !act.is_readable() {
        return Step::AskPerson;
    }
    let proofs = proofs(since, readings, settle);
    if proofs >= READINGS {
        return if act == Act::Invitation { Step::BackToApproved } else { Step::AskPerson };
    }
    if readings.iter().filter(|reading| reading.seen == Seen::Unreadable).count() >= UNREADABLE_MAX {
        return Step::AskPerson;
    }
    let last = readings.iter().map(|reading| reading.at).max().unwrap_or(since).max(since);
    let due = last.saturating_add(settle).unwrap_or(Timestamp::MAX);
    if now < due { Step::WaitUntil(due) } else { Step::Read }
}

/// How many readings count: each shows nothing, and comes a settling time after the start or after the one before.
fn proofs(since: Timestamp, readings: &[Reading], settle: SignedDuration) -> usize {
    let mut sorted: Vec<Timestamp> = readings.iter().filter(|r| r.seen == Seen::NotDone).map(|r| r.at).collect();
    sorted.sort_unstable();
    let (_, count) = sorted
        .into_iter()
        .fold((since, 0), |(last, count), at| if at.duration_since(last) >= settle { (at, count + 1) } else { (last, count) });
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SETTLE: SignedDuration = SignedDuration::from_mins(10);

    fn minute(minute: i64) -> Timestamp {
        "2026-11-20T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
    }

    fn seen(at: i64, seen: Seen) -> Reading {
        Reading { at: minute(at), seen }
    }

    #[track_caller]
    fn check(act: Act, readings: &[Reading], now: i64, expected: Step) {
        assert_eq!(next(act, minute(0), readings, SETTLE, minute(now)), expected);
    }

    #[test]
    fn an_invitation_is_read_twice_ten_minutes_apart() {
        let no = |at| seen(at, Seen::NotDone);
        check(Act::Invitation, &[], 0, Step::WaitUntil(minute(10)));
        check(Act::Invitation, &[], 10, Step::Read);
        check(Act::Invitation, &[no(10)], 12, Step::WaitUntil(minute(20)));
        check(Act::Invitation, &[no(10)], 20, Step::Read);
        check(Act::Invitation, &[no(10), no(20)], 20, Step::BackToApproved);
        check(Act::Invitation, &[no(1), no(2)], 3, Step::WaitUntil(minute(12)));
        check(Act::Invitation, &[no(10), no(11)], 30, Step::Read);
        check(Act::Invitation, &[no(10), seen(20, Seen::Done)], 20, Step::Sent);
        check(Act::Invitation, &[seen(10, Seen::Unreadable)], 15, Step::WaitUntil(minute(20)));
        check(Act::Invitation, &[seen(10, Seen::Unreadable), no(20)], 30, Step::Read);
        check(Act::Invitation, &vec![seen(10, Seen::Unreadable); 12], 30, Step::AskPerson);
    }

    #[test]
    fn messages_and_posts_not_found_wait_for_a_person() {
        let twice = [seen(10, Seen::NotDone), seen(20, Seen::NotDone)];
        check(Act::LinkedInMessage, &twice, 20, Step::AskPerson);
        check(Act::Publication, &twice, 20, Step::AskPerson);
        check(Act::Publication, &twice[..1], 20, Step::Read);
        check(Act::LinkedInMessage, &[seen(10, Seen::Done)], 10, Step::Sent);
        check(Act::Sms, &[], 0, Step::AskPerson);
        check(Act::Email { key_until: None }, &[], 0, Step::AskPerson);
        check(Act::Email { key_until: Some(minute(60)) }, &[], 0, Step::RetryWithSameKey);
        check(Act::Email { key_until: Some(minute(60)) }, &[], 60, Step::AskPerson);
    }

    proptest! {
        #[test]
        fn only_an_invitation_twice_unseen_goes_back(kind in 0..5_u8, readings in prop::collection::vec((0..60_i64, 0..3_u8), 0..6), now in 0..80_i64) {
            let act = match kind {
                0 => Act::Invitation,
                1 => Act::LinkedInMessage,
                2 => Act::Sms,
                3 => Act::Publication,
                _ => Act::Email { key_until: None },
            };
            let of = |(at, what)| seen(at, [Seen::Done, Seen::NotDone, Seen::Unreadable][usize::from(what)]);
            let readings: Vec<Reading> = readings.into_iter().map(of).collect();
            let step = next(act, minute(0), &readings, SETTLE, minute(now));
            if step == Step::BackToApproved {
                let mut not_done: Vec<Timestamp> = readings.iter().filter(|r| r.seen == Seen::NotDone).map(|r| r.at).collect();
                not_done.sort();
                prop_assert!(act == Act::Invitation && readings.iter().all(|r| r.seen != Seen::Done));
                prop_assert!(not_done.last().unwrap().duration_since(minute(0)) >= SETTLE * 2);
            }
            prop_assert_eq!(step == Step::Sent, readings.iter().any(|r| r.seen == Seen::Done));
        }
    }
}
