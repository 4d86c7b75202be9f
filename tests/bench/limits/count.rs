//! What an account was allowed, what it did and what it breached, from what the provider saw; none of the product's own
//! rules is used, so that a fault in them shows.

use crate::linkedin::{Deed, Seen};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use std::collections::{BTreeMap, BTreeSet};

/// Invitations, messages, session reads: a day, seven rolling days.
const CAPS: [(Deed, u32, u32); 3] = [(Deed::Invitation, 15, 80), (Deed::Message, 25, 100), (Deed::Read, 80, 400)];
const WARM_UP_PERCENT: [u32; 4] = [25, 50, 75, 100];
const PAUSE_LEAST: SignedDuration = SignedDuration::from_secs(45);
/// Hours of sends on working days, and of reads.
const SENDS: [i8; 2] = [9, 18];
const READS: [i8; 2] = [7, 22];

/// A workspace with its one account.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    pub n: usize,
    pub zone: &'static str,
    pub connected_at: Timestamp,
}

impl Tenant {
    fn zone(&self) -> TimeZone {
        TimeZone::get(self.zone).expect("a zone")
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone())
    }

    /// A cap as the warm-up leaves it at an instant.
    fn warm(&self, cap: u32, at: Timestamp) -> u32 {
        let weeks = at.duration_since(self.connected_at).as_hours() / (7 * 24);
        (cap * WARM_UP_PERCENT[weeks.clamp(0, 3) as usize] / 100).max(1)
    }
}

/// What became of one workspace.
pub struct Count {
    /// Sent and allowed, of invitations and of messages.
    pub volumes: [[u32; 2]; 2],
    pub reads: u32,
    /// In words, for whoever looks for the fault.
    pub breaches: Vec<String>,
}

fn is_working_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The sum of the seven days that end with `date`.
fn week(days: &BTreeMap<Date, u32>, date: Date) -> u32 {
    days.range(date.saturating_sub(6.days())..=date).map(|(_, n)| n).sum()
}

impl Count {
    pub fn of(tenant: &Tenant, seen: &[Seen], start: Timestamp, until: Timestamp) -> Self {
        let volumes = [0, 1].map(|kind| {
            let (deed, day, week) = CAPS[kind];
            let sent = seen.iter().filter(|s| s.deed == deed).count() as u32;
            [sent, best(tenant, (day, week), start, until)]
        });
        let reads = seen.iter().filter(|s| s.deed == Deed::Read).count() as u32;
        Self { volumes, reads, breaches: breaches(tenant, seen) }
    }

    pub fn sent(&self) -> u32 {
        self.volumes.iter().map(|[sent, _]| sent).sum()
    }

    pub fn allowed(&self) -> u32 {
        self.volumes.iter().map(|[_, allowed]| allowed).sum()
    }

    pub fn share(&self) -> f64 {
        f64::from(self.sent()) / f64::from(self.allowed())
    }
}

/// The most that the caps allow: on each working day as many as day and week leave at its end, when the warm-up is furthest.
fn best(tenant: &Tenant, (day, in_week): (u32, u32), start: Timestamp, until: Timestamp) -> u32 {
    let mut days: BTreeMap<Date, u32> = BTreeMap::new();
    let mut date = tenant.local(start).date();
    loop {
        let opening = |hour: i8| date.at(hour, 0, 0, 0).to_zoned(tenant.zone()).expect("an instant").timestamp();
        let (opens, closes) = (opening(SENDS[0]), opening(SENDS[1]));
        if opens >= until {
            return days.values().sum();
        }
        // A day cut by the beginning or the end of the time counts only where it is whole.
        if is_working_day(date) && opens >= start && closes <= until {
            let last = closes - SignedDuration::from_secs(1);
            let left = tenant.warm(in_week, last).saturating_sub(week(&days, date));
            days.insert(date, tenant.warm(day, last).min(left));
        }
        date = date.tomorrow().expect("a day");
    }
}

fn breaches(tenant: &Tenant, seen: &[Seen]) -> Vec<String> {
    let mut found = Vec::new();
    let mut days: BTreeMap<(Deed, Date), u32> = BTreeMap::new();
    let mut reached = BTreeSet::new();
    let mut last: Option<Timestamp> = None;
    for Seen { at, deed, whom } in seen {
        let local = tenant.local(*at);
        let mut breach = |what: &str| found.push(format!("workspace {}: {deed:?} at {local}: {what}", tenant.n));
        let [opens, closes] = if *deed == Deed::Read { READS } else { SENDS };
        if local.hour() < opens || local.hour() >= closes || (*deed != Deed::Read && !is_working_day(local.date())) {
            breach("outside of the hours");
        }
        *days.entry((*deed, local.date())).or_default() += 1;
        let of_deed: BTreeMap<Date, u32> =
            days.iter().filter(|((d, _), _)| d == deed).map(|((_, date), n)| (*date, *n)).collect();
        for (_, day, in_week) in CAPS.iter().filter(|(capped, ..)| capped == deed) {
            if of_deed[&local.date()] > tenant.warm(*day, *at) {
                breach("over the cap of the day");
            }
            if week(&of_deed, local.date()) > tenant.warm(*in_week, *at) {
                breach("over the cap of seven days");
            }
        }
        if *deed == Deed::Read {
            continue;
        }
        if last.is_some_and(|last| at.duration_since(last) < PAUSE_LEAST) {
            breach("within the pause");
        }
        if !reached.insert((*deed, whom.clone())) {
            breach("the same once more");
        }
        last = Some(*at);
    }
    found
}
