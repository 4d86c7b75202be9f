//! Invitation: how an account's invitations stand, whose turn it is to be taken back, and from when on somebody may
//! be invited again. Rules: docs/rules.md, “Limits”.

use crate::limits::{ACCEPTANCE_OVER, PENDING_MAX, REINVITE_AFTER_DAYS, WITHDRAW_AFTER_DAYS, pace_is_halved};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// An invitation counts for the acceptance once it is older than this.
const COUNTS_AFTER: SignedDuration = SignedDuration::from_hours(24 * 7);
/// The most invitations that are taken back on one day.
pub const WITHDRAWALS_PER_DAY: u32 = 12;
/// The most that are taken back at one look.
pub const WITHDRAWALS_PER_LOOK: u32 = 3;

/// An invitation that ended may turn out to be accepted within this time: a reading may be wrong, a withdrawal too late.
const ACCEPTED_LATE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How an invitation ended; one without an end waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    Accepted,
    /// Taken back by us.
    Withdrawn,
    /// LinkedIn knows of none any more: declined, or taken back by hand.
    Gone,
    /// It turned out that it never went out.
    NotMade,
}

/// How the invitations of an account stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Waiting for their answer.
    pub pending: u32,
    /// Of the last fifty that are older than seven days: how many there are.
    pub invited: u32,
    /// Of those: how many were accepted.
    pub accepted: u32,
}

impl Standing {
    /// Counts invitations given by the instant each was sent and how it ended, in any order, as of `now`.
    pub fn of(sent: &[(Timestamp, Option<End>)], now: Timestamp) -> Self {
        let made = || sent.iter().filter(|(_, end)| *end != Some(End::NotMade));
        let mut old: Vec<_> = made().filter(|(at, _)| now.duration_since(*at) > COUNTS_AFTER).collect();
        old.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        old.truncate(ACCEPTANCE_OVER as usize);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            pending: count(made().filter(|(_, end)| end.is_none()).count()),
            invited: count(old.len()),
            accepted: count(old.iter().filter(|(_, end)| *end == Some(End::Accepted)).count()),
        }
    }

    /// Whether the acceptance halves the pace.
    pub fn halves_the_pace(&self) -> bool {
        pace_is_halved(self.invited, self.accepted)
    }

    /// The share of acceptances in whole percent; `None` before there are fifty to count.
    pub fn acceptance_percent(&self) -> Option<u32> {
        (self.invited >= ACCEPTANCE_OVER).then(|| self.accepted * 100 / self.invited)
    }
}

/// Whether so many waiting invitations pause new ones.
pub fn pauses_invitations(pending: u32) -> bool {
    pending > PENDING_MAX
}

/// Whether an acceptance still counts of an invitation that ended, unanswered, at `ended_at`.
pub fn may_yet_be_accepted(ended_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(ended_at) <= ACCEPTED_LATE
}

/// Whether an invitation that still waits is to be taken back.
pub fn is_to_be_withdrawn(sent_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(sent_at) >= SignedDuration::from_hours(24 * i64::from(WITHDRAW_AFTER_DAYS))
}

/// How many may be taken back at this look, after `today` of them on this day.
pub fn withdrawals_left(today: u32) -> u32 {
    WITHDRAWALS_PER_DAY.saturating_sub(today).min(WITHDRAWALS_PER_LOOK)
}

/// From when on somebody whose invitation was taken back may be invited again.
pub fn may_be_invited_from(withdrawn_at: Timestamp) -> Timestamp {
    let days = SignedDuration::from_hours(24 * i64::from(REINVITE_AFTER_DAYS));
    withdrawn_at.saturating_add(days).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(days: i64) -> Timestamp {
        "2026-11-20T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * days)
    }

    /// One letter an invitation, one a day, the last of them today: accepted, waiting, withdrawn, gone, not made.
    fn sent(letters: &str) -> Vec<(Timestamp, Option<End>)> {
        let end = |letter| match letter {
            'a' => Some(End::Accepted),
            'w' => Some(End::Withdrawn),
            'g' => Some(End::Gone),
            'n' => Some(End::NotMade),
            _ => None,
        };
        let count = letters.len() as i64;
        letters.chars().enumerate().map(|(place, letter)| (day(place as i64 + 1 - count), end(letter))).collect()
    }

    #[test]
    fn the_last_fifty_older_than_a_week_are_counted() {
        let check = |letters: &str, expected: [u32; 3]| {
            let counted = Standing::of(&sent(letters), day(0));
            assert_eq!([counted.pending, counted.invited, counted.accepted], expected, "{letters}");
        };
        check("", [0, 0, 0]);
        check("a.......", [7, 0, 0]);
        check("a........", [8, 1, 1]);
        check("awgn........", [8, 3, 1]);
        check("aaaaaaaa", [0, 0, 0]);
        check(&format!("{}{}........", "a".repeat(9), "g".repeat(41)), [8, 50, 9]);
        check(&format!("{}{}........", "a".repeat(30), "g".repeat(50)), [8, 50, 0]);
        check(&format!("{}n{}........", "a".repeat(10), "g".repeat(40)), [8, 50, 10]);
    }

    #[test]
    fn the_order_in_which_they_come_does_not_matter() {
        let mut mixed = sent(&format!("{}{}........", "a".repeat(30), "g".repeat(40)));
        let counted = Standing::of(&mixed, day(0));
        mixed.reverse();
        assert_eq!(Standing::of(&mixed, day(0)), counted);
    }

    #[test]
    fn under_a_fifth_of_fifty_halves_the_pace() {
        let check = |accepted: usize, others: usize, halved: bool, percent: Option<u32>| {
            let counted = Standing::of(&sent(&format!("{}{}........", "g".repeat(others), "a".repeat(accepted))), day(0));
            assert_eq!((counted.halves_the_pace(), counted.acceptance_percent()), (halved, percent), "{accepted} and {others}");
        };
        check(9, 41, true, Some(18));
        check(10, 40, false, Some(20));
        check(0, 49, false, None);
        check(0, 80, true, Some(0));
    }

    #[test]
    fn five_hundred_may_wait() {
        assert!(!pauses_invitations(500));
        assert!(pauses_invitations(501));
    }

    #[test]
    fn what_waits_for_three_weeks_is_taken_back_a_few_at_a_time() {
        assert!(!is_to_be_withdrawn(day(0), day(21) - SignedDuration::from_secs(1)));
        assert!(is_to_be_withdrawn(day(0), day(21)));
        let left: Vec<u32> = [0, 8, 10, 12, 90].into_iter().map(withdrawals_left).collect();
        assert_eq!(left, [3, 3, 2, 0, 0]);
        assert_eq!(may_be_invited_from(day(0)), day(90));
    }
}
