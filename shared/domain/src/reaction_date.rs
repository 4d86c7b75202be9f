//! Dates of reactions: when something happened that the provider gives no date for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// When an act happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    pub at: Timestamp,
    /// Worked out from pulls, not said by the provider.
    pub estimated: bool,
}

/// What is known about the time of an act.
#[derive(Clone, Copy, Debug)]
pub struct Clues {
    /// The provider's own date.
    pub given: Option<Timestamp>,
    /// The post's date.
    pub posted_at: Option<Timestamp>,
    /// The last complete pull of the post that did not contain the act.
    pub last_pull_without: Option<Timestamp>,
    pub first_seen_at: Timestamp,
}

/// The given date, else the later of the post's date and the last complete pull without the act, which is an
/// estimate and never later than the first sight; without either clue, the first sight.
///
/// Source: docs/rules.md, “Dates of reactions”.
pub fn date(clues: &Clues) -> Dated {
    match clues.given {
        Some(at) => Dated { at, estimated: false },
        None => {
            let earliest = clues.posted_at.max(clues.last_pull_without).unwrap_or(clues.first_seen_at);
            Dated { at: earliest.min(clues.first_seen_at), estimated: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u8) -> Timestamp {
        format!("2026-11-20T{hour:02}:00:00Z").parse().unwrap()
    }

    #[track_caller]
    fn check(given: Option<u8>, posted: Option<u8>, pull: Option<u8>, seen: u8, expected: (u8, bool)) {
        let clues =
            Clues { given: given.map(at), posted_at: posted.map(at), last_pull_without: pull.map(at), first_seen_at: at(seen) };
        assert_eq!(date(&clues), Dated { at: at(expected.0), estimated: expected.1 });
    }

    #[test]
    fn the_later_of_post_and_last_pull_without_it() {
        check(Some(9), Some(8), Some(10), 12, (9, false));
        check(None, Some(8), None, 12, (8, true));
        check(None, Some(8), Some(10), 12, (10, true));
        check(None, None, Some(10), 12, (10, true));
        check(None, None, None, 12, (12, true));
        check(None, Some(14), None, 12, (12, true));
    }
}
