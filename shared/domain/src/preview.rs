//! Preview: for any line, how many of today's people would pass, how many wait, and how long reaching them takes.

use crate::gate::verdict_of;
use crate::thresholds;
use crate::vocabulary::{LeadSource, ReasonCode, Verdict};
use crate::workspace::Weights;
use serde::{Deserialize, Serialize};

/// What a preview needs to know of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The stored score; `None` when the profile was not read.
    pub score: Option<u8>,
    /// Of a person whose profile was not read.
    pub upper_bound: Option<u8>,
    /// Every reason of the stored decision.
    pub reasons: Vec<ReasonCode>,
}

/// The answer of `GET /gate/preview`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub threshold: u8,
    /// `None` for all sources together.
    pub source: Option<LeadSource>,
    pub reachable_max: u8,
    pub total: usize,
    /// Score at or above the line, and nothing else against them.
    pub would_pass: usize,
    /// Nothing against them but what holds: no analysis yet, a pause, a budget, an address.
    pub held: usize,
    /// Not read because the line is out of their reach.
    pub cannot_reach: usize,
    /// 101 counts, by stored score 0–100.
    pub histogram: Vec<usize>,
    /// Days until all who would pass are contacted; `None` without free slots.
    pub days_to_contact: Option<f64>,
}

/// The line tried by the preview: the reasons that depend on it are judged anew, all others stand.
fn line_dependent(code: ReasonCode) -> bool {
    matches!(code, ReasonCode::BelowThreshold | ReasonCode::CannotReachThreshold | ReasonCode::NoThreshold)
}

/// Counts people against a line of 0–100; `slots_per_day` is what the accounts together may begin per day.
///
/// Source: docs/rules.md, “Preview”.
pub fn preview<'p>(
    people: impl IntoIterator<Item = &'p Person>,
    threshold: u8,
    source: Option<LeadSource>,
    weights: &Weights,
    slots_per_day: f64,
) -> Preview {
    let reach = |source| thresholds::reachable_max(source, weights);
    let reachable_max = match source {
        Some(source) => reach(source),
        None => LeadSource::ALL.iter().map(|source| reach(*source)).max().unwrap_or(0),
    };
    let mut preview = Preview {
        threshold,
        source,
        reachable_max,
        total: 0,
        would_pass: 0,
        held: 0,
        cannot_reach: 0,
        histogram: vec![0; 101],
        days_to_contact: None,
    };
    for person in people {
        preview.count(person);
    }
    if slots_per_day > 0.0 {
        preview.days_to_contact = Some((preview.would_pass as f64 / slots_per_day * 10.0).ceil() / 10.0);
    }
    preview
}

impl Preview {
    fn count(&mut self, person: &Person) {
        self.total += 1;
        let others = || person.reasons.iter().copied().filter(|code| !line_dependent(*code));
        let only_holds = others().all(|code| verdict_of(code) == Verdict::Hold);
        match person.score {
            Some(score) => {
                self.histogram[usize::from(score.min(100))] += 1;
                if score >= self.threshold && others().next().is_none() {
                    self.would_pass += 1;
                } else if score >= self.threshold && only_holds {
                    self.held += 1;
                }
            }
            None if self.is_out_of_reach(person) => self.cannot_reach += 1,
            None if only_holds => self.held += 1,
            None => {}
        }
    }

    fn is_out_of_reach(&self, person: &Person) -> bool {
        match person.upper_bound {
            Some(bound) => bound < self.threshold,
            None => person.reasons.contains(&ReasonCode::CannotReachThreshold),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ReasonCode as R;

    fn read(score: u8, reasons: &[R]) -> Person {
        Person { score: Some(score), upper_bound: None, reasons: reasons.to_vec() }
    }

    fn unread(bound: Option<u8>, reasons: &[R]) -> Person {
        Person { score: None, upper_bound: bound, reasons: reasons.to_vec() }
    }

    fn people() -> Vec<Person> {
        vec![
            read(71, &[]),
            read(60, &[]),
            read(59, &[R::BelowThreshold]),
            read(80, &[R::OptedOut]),
            read(80, &[R::AccountPaused]),
            read(80, &[R::BelowMinFit]),
            unread(Some(59), &[R::CannotReachThreshold, R::NotAnalysed]),
            unread(Some(60), &[R::NotAnalysed]),
            unread(None, &[R::CannotReachThreshold]),
            unread(Some(90), &[R::NotAnalysed, R::Suppressed]),
        ]
    }

    fn at(threshold: u8) -> Preview {
        preview(&people(), threshold, Some(LeadSource::Hot), &Weights::default(), 2.0)
    }

    #[test]
    fn the_line_decides_who_passes() {
        let counts = |threshold| {
            let p = at(threshold);
            [p.total, p.would_pass, p.held, p.cannot_reach]
        };
        assert_eq!(counts(60), [10, 2, 2, 2]);
        assert_eq!(counts(59), [10, 3, 3, 1]);
        assert_eq!(counts(61), [10, 1, 1, 3]);
        assert_eq!(counts(100), [10, 0, 0, 4]);
        assert_eq!(counts(0), [10, 3, 3, 1]);
    }

    #[test]
    fn the_histogram_counts_the_scored_alone() {
        let p = at(60);
        assert_eq!((p.histogram.len(), p.histogram.iter().sum::<usize>(), p.histogram[80]), (101, 6, 3));
        assert_eq!((p.reachable_max, p.days_to_contact), (100, Some(1.0)));
    }

    #[test]
    fn without_slots_nobody_knows_how_long() {
        assert_eq!(preview(&people(), 60, None, &Weights::default(), 0.0).days_to_contact, None);
        assert_eq!(preview(&people(), 60, Some(LeadSource::Cold), &Weights::default(), 4.0).reachable_max, 55);
    }
}
