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
    /// What became of them, where they were contacted.
    pub past: Option<Outcome>,
}

/// What became of somebody who was contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The score with which they were first contacted; `None` where it is not known.
    pub score: Option<u8>,
    pub replied: bool,
    /// Booked, held or missed.
    pub meeting: bool,
}

/// Counts of people who were contacted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub contacted: usize,
    pub replied: usize,
    pub meetings: usize,
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        self.contacted += 1;
        self.replied += usize::from(outcome.replied);
        self.meetings += usize::from(outcome.meeting);
    }
}

/// What a line would have kept and lost of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Those contacted with a score at or above the line.
    pub kept: Tally,
    /// Those contacted with a score below it.
    pub lost: Tally,
    /// Those contacted of whom no score is known: on no side of any line.
    pub unscored: Tally,
    /// 101 counts of those contacted, by score 0–100; every line can be drawn from them.
    pub contacted: Vec<usize>,
    pub replied: Vec<usize>,
    pub meetings: Vec<usize>,
}

/// What a line of 0–100 would have kept and lost of those contacted so far. Source: docs/rules.md, “Preview”.
pub fn past(outcomes: impl IntoIterator<Item = Outcome>, threshold: u8) -> Past {
    let none = || vec![0; 101];
    let empty = Tally::default();
    let mut past = Past { kept: empty, lost: empty, unscored: empty, contacted: none(), replied: none(), meetings: none() };
    for outcome in outcomes {
        let Some(score) = outcome.score else {
            past.unscored.count(outcome);
            continue;
        };
        let place = usize::from(score.min(100));
        past.contacted[place] += 1;
        past.replied[place] += usize::from(outcome.replied);
        past.meetings[place] += usize::from(outcome.meeting);
        if score >= threshold { past.kept.count(outcome) } else { past.lost.count(outcome) }
    }
    past
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
    /// Of those contacted so far.
    pub past: Past,
}

/// The line tried by the preview: the reasons that depend on it are judged anew, all others stand.
fn line_dependent(code: ReasonCode) -> bool {
    matches!(code, ReasonCode::BelowThreshold | ReasonCode::CannotReachThreshold | ReasonCode::NoThreshold)
}

/// Counts people against a line of 0–100; `slots_per_day` is what the accounts together may begin per day.
///
/// Source: docs/rules.md, “Preview”.
pub fn preview<'p>(
    people: impl IntoIterator<Item = &'p Person, IntoIter: Clone>,
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
    let people = people.into_iter();
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
        past: past(people.clone().filter_map(|person| person.past), threshold),
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
        Person { score: Some(score), upper_bound: None, reasons: reasons.to_vec(), past: None }
    }

    fn unread(bound: Option<u8>, reasons: &[R]) -> Person {
        Person { score: None, upper_bound: bound, reasons: reasons.to_vec(), past: None }
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

    fn contacted(score: u8, replied: bool, meeting: bool) -> Person {
        Person { past: Some(Outcome { score: Some(score), replied, meeting }), ..read(90, &[R::Replied]) }
    }

    #[test]
    fn the_past_is_split_by_the_score_of_the_first_contact() {
        let unknown = Person { past: Some(Outcome { score: None, replied: true, meeting: false }), ..read(10, &[]) };
        let people = [
            contacted(72, true, true),
            contacted(60, false, false),
            contacted(59, true, false),
            contacted(35, false, true),
            unknown,
            read(99, &[]),
        ];
        let of = |line| preview(&people, line, None, &Weights::default(), 1.0).past;
        let tally = |contacted, replied, meetings| Tally { contacted, replied, meetings };
        let past = of(60);
        assert_eq!((past.kept, past.lost, past.unscored), (tally(2, 1, 1), tally(2, 1, 1), tally(1, 1, 0)));
        assert_eq!((of(0).lost, of(100).kept), (tally(0, 0, 0), tally(0, 0, 0)));
        for counts in [&past.contacted, &past.replied, &past.meetings] {
            assert_eq!(counts.len(), 101);
        }
        // Any line can be drawn from the counts by score.
        for line in 0..=100_u8 {
            let above = |counts: &[usize]| counts[usize::from(line)..].iter().sum::<usize>();
            let kept = of(line).kept;
            assert_eq!(kept, tally(above(&past.contacted), above(&past.replied), above(&past.meetings)), "{line}");
        }
    }
}
