//! Forecast: what an account's approved messages will do, instant by instant, as the sender does it. Nothing is asked
//! and nothing written: what LinkedIn says at the instant itself can still change it. Rules: docs/rules.md, "Dry run".

use crate::hours::Window;
use crate::limits::{self, Kind, Limits, Note};
use crate::plan;
use crate::vocabulary::Tier;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};

/// No forecast looks further ahead than this.
pub const DAYS_MAX: usize = 120;

/// What an account did on one day of its own zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    pub invitations: u32,
    pub messages: u32,
    /// Invitations with a note.
    pub notes: u32,
    pub reads: u32,
}

/// An account as its sends are planned.
#[derive(Clone, Debug)]
pub struct Account {
    /// What its days' seeds are made from.
    pub id: String,
    /// As set, before warm-up.
    pub limits: Limits,
    /// When its warm-up began.
    pub since: Timestamp,
    pub zone: TimeZone,
    pub tier: Tier,
    pub invite_without_note: bool,
    /// Too few of its invitations were accepted.
    pub pace_halved: bool,
    /// Too many of its invitations wait for an answer.
    pub invitations_paused: bool,
    /// The days of the last week and of the calendar month, today included.
    pub days: BTreeMap<Date, Day>,
    /// The pause after the last send.
    pub free_from: Option<Timestamp>,
}

/// An approved message, in the order in which they go: the best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub kind: Kind,
    /// An invitation with a note.
    pub with_note: bool,
    pub not_before: Option<Timestamp>,
    /// By what colleagues are known.
    pub companies: Vec<String>,
    /// How many people of the company may be contacted before this one; `None`: any number.
    pub colleagues_left: Option<usize>,
}

/// One send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    pub at: Timestamp,
    /// In the account's zone.
    pub date: Date,
    /// Which of the queue.
    pub place: usize,
}

/// What the days ahead bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// In the order of time.
    pub sends: Vec<Send>,
    /// Whoever a colleague comes before, with the instant from which the gate refuses them.
    pub overtaken: Vec<(usize, Timestamp)>,
    /// Whoever has not gone when the forecast ends.
    pub left: Vec<usize>,
}

/// The sends of `queue` from `from` on, within at most `days` days of the account's zone, which ends early when nothing
/// is left.
pub fn forecast(account: &Account, queue: &[Waiting], from: Timestamp, days: usize) -> Forecast {
    let mut course = Course {
        account,
        queue,
        open: (0..queue.len()).collect(),
        days: account.days.clone(),
        free_from: account.free_from,
        met: HashMap::new(),
        found: Forecast::default(),
    };
    let today = from.to_zoned(account.zone.clone()).date();
    for date in std::iter::successors(Some(today), |date| date.tomorrow().ok()).take(days.min(DAYS_MAX)) {
        if course.open.is_empty() {
            break;
        }
        course.day(date, from);
    }
    let mut found = course.found;
    found.left = course.open;
    found
}

/// How far the simulation is.
struct Course<'a> {
    account: &'a Account,
    queue: &'a [Waiting],
    /// Those still waiting, the best first.
    open: Vec<usize>,
    days: BTreeMap<Date, Day>,
    free_from: Option<Timestamp>,
    /// Sends so far by company key.
    met: HashMap<&'a str, Vec<usize>>,
    found: Forecast,
}

impl Course<'_> {
    fn day(&mut self, date: Date, from: Timestamp) {
        let window = self.account.limits.window(self.account.zone.clone());
        let Some(opening) = window.on(date) else { return };
        let seed = plan::seed(&self.account.id, date);
        let mut now = opening.start.max(from);
        let mut planned: Option<([u32; 3], Vec<Timestamp>)> = None;
        while now < opening.end {
            let held = self.limits_at(now);
            let n = held.invitations_per_day.saturating_add(held.messages_per_day);
            let shape = [n, held.pause_seconds[0], held.pause_seconds[1]];
            if planned.as_ref().is_none_or(|(known, _)| *known != shape) {
                planned = Some((shape, plan::instants(&seed, date, &window, n, held.pause_seconds)));
            }
            let Some(earliest) = self.earliest(&held, date, now) else { return };
            let instants = planned.as_ref().map(|(_, instants)| instants.as_slice()).unwrap_or_default();
            let Some(at) = plan::next_after(instants, now, self.free_from.max(Some(earliest))) else { return };
            if let Some(place) = self.best(date, at) {
                self.send(place, date, at, &seed);
            }
            now = at + SignedDuration::from_millis(1);
        }
    }

    fn limits_at(&self, now: Timestamp) -> Limits {
        limits::effective(&self.account.limits, Some(self.account.since), self.account.pace_halved, now)
    }

    /// What the caps of day and week leave on a date.
    fn room(&self, kind: Kind, held: &Limits, date: Date) -> u32 {
        if kind == Kind::Invitation && self.account.invitations_paused {
            return 0;
        }
        let week_start = date.checked_sub(jiff::Span::new().days(6)).unwrap_or(date);
        let of = |day: &Day| match kind {
            Kind::Invitation => day.invitations,
            Kind::Message => day.messages,
            Kind::Read => day.reads,
        };
        let before: u32 = self.days.range(week_start..date).map(|(_, day)| of(day)).sum();
        limits::room(kind, held, self.days.get(&date).map_or(0, of), before)
    }

    /// When the first of those may go whom the caps of the date still allow.
    fn earliest(&self, held: &Limits, date: Date, now: Timestamp) -> Option<Timestamp> {
        let [invitations, messages] = [Kind::Invitation, Kind::Message].map(|kind| self.room(kind, held, date) > 0);
        let allowed = |waiting: &&Waiting| if waiting.kind == Kind::Invitation { invitations } else { messages };
        let open = self.open.iter().map(|place| &self.queue[*place]);
        open.filter(allowed).map(|waiting| waiting.not_before.unwrap_or(now)).min()
    }

    /// The best that may go at an instant; those whom a colleague has overtaken leave the queue.
    fn best(&mut self, date: Date, at: Timestamp) -> Option<usize> {
        let held = self.limits_at(at);
        let reads = Window::of_reads(self.account.zone.clone()).is_open(at) && self.room(Kind::Read, &held, date) > 0;
        if !reads {
            return None;
        }
        let notes = self.note(date);
        let room = [Kind::Invitation, Kind::Message].map(|kind| self.room(kind, &held, date));
        let mut chosen = None;
        let mut overtaken = Vec::new();
        for place in &self.open {
            let waiting = &self.queue[*place];
            let left = if waiting.kind == Kind::Invitation { room[0] } else { room[1] };
            if left == 0 || waiting.not_before.is_some_and(|earliest| at < earliest) {
                continue;
            }
            if waiting.with_note && notes == Note::Hold {
                continue;
            }
            if self.is_overtaken(waiting) {
                overtaken.push(*place);
                continue;
            }
            chosen = Some(*place);
            break;
        }
        self.open.retain(|place| !overtaken.contains(place));
        self.found.overtaken.extend(overtaken.into_iter().map(|place| (place, at)));
        chosen
    }

    fn note(&self, date: Date) -> Note {
        let sent = self.days.range(date.first_of_month()..=date).map(|(_, day)| day.notes).sum();
        limits::note(self.account.tier, sent, self.account.invite_without_note)
    }

    fn is_overtaken(&self, waiting: &Waiting) -> bool {
        let Some(left) = waiting.colleagues_left else { return false };
        let mut met: Vec<usize> =
            waiting.companies.iter().filter_map(|key| self.met.get(key.as_str())).flatten().copied().collect();
        met.sort_unstable();
        met.dedup();
        met.len() >= left
    }

    fn send(&mut self, place: usize, date: Date, at: Timestamp, seed: &str) {
        let waiting = &self.queue[place];
        let note = waiting.with_note && self.note(date) == Note::Send;
        let day = self.days.entry(date).or_default();
        match waiting.kind {
            Kind::Invitation => day.invitations += 1,
            Kind::Message | Kind::Read => day.messages += 1,
        }
        day.notes += u32::from(note);
        day.reads += 1;
        let sends = day.invitations + day.messages;
        let pause = self.account.limits.pause_seconds;
        self.free_from = Some(at + plan::pause_after(seed, date, sends, pause));
        for key in &waiting.companies {
            self.met.entry(key).or_default().push(place);
        }
        self.open.retain(|open| *open != place);
        self.found.sends.push(Send { at, date, place });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Monday, 8:30 in Paris.
    const MONDAY: &str = "2026-11-16T07:30:00Z";

    fn account(invitations: u32, messages: u32) -> Account {
        let limits = Limits { invitations_per_day: invitations, messages_per_day: messages, warm_up: false, ..Limits::default() };
        Account {
            id: "acc_1".into(),
            limits,
            since: at(MONDAY),
            zone: TimeZone::get("Europe/Paris").unwrap(),
            tier: Tier::Premium,
            invite_without_note: false,
            pace_halved: false,
            invitations_paused: false,
            days: BTreeMap::new(),
            free_from: None,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn of(kind: Kind) -> Waiting {
        Waiting { kind, with_note: false, not_before: None, companies: Vec::new(), colleagues_left: Some(1) }
    }

    fn queue(kinds: &str) -> Vec<Waiting> {
        kinds.chars().map(|c| of(if c == 'i' { Kind::Invitation } else { Kind::Message })).collect()
    }

    /// The places sent on each day, as `1:0,2 3:1`: days from the first on, places of the queue.
    fn told(account: &Account, queue: &[Waiting], days: usize) -> String {
        let found = forecast(account, queue, at(MONDAY), days);
        let mut by_day: BTreeMap<Date, Vec<String>> = BTreeMap::new();
        for send in &found.sends {
            by_day.entry(send.date).or_default().push(send.place.to_string());
        }
        let shown = by_day.iter().map(|(date, places)| format!("{}:{}", date.day() - 15, places.join(",")));
        let mut told: Vec<String> = shown.collect();
        if !found.left.is_empty() {
            told.push(format!("left {}", found.left.len()));
        }
        told.extend(found.overtaken.iter().map(|(place, _)| format!("overtaken {place}")));
        told.join(" ")
    }

    #[test]
    fn caps_of_both_kinds_hold_and_the_best_go_first() {
        let check = |invitations, messages, kinds: &str, expected: &str| {
            assert_eq!(told(&account(invitations, messages), &queue(kinds), 9), expected, "{kinds}");
        };
        check(2, 2, "", "");
        check(2, 2, "im", "1:0,1");
        check(2, 0, "iii", "1:0,1 2:2");
        check(1, 2, "iimm", "1:0,2,3 2:1");
        check(0, 2, "im", "1:1 left 1");
        check(0, 0, "i", "left 1");
        check(1, 0, "iiiiiii", "1:0 2:1 3:2 4:3 5:4 8:5 9:6");
    }

    #[test]
    fn what_was_sent_before_counts_in_the_week() {
        let mut account = account(3, 0);
        account.limits.invitations_per_week = 4;
        account.days.insert("2026-11-12".parse().unwrap(), Day { invitations: 3, ..Day::default() });
        // Four in seven days: on Thursday the three of last Thursday have left the week.
        assert_eq!(told(&account, &queue("iiiii"), 9), "1:0 4:1,2,3 8:4");
        account.days.insert("2026-11-16".parse().unwrap(), Day { invitations: 1, ..Day::default() });
        assert_eq!(told(&account, &queue("iiiii"), 9), "4:0,1,2 8:3 left 1");
    }

    #[test]
    fn warm_up_grows_within_the_forecast() {
        let mut account = account(8, 0);
        account.limits.warm_up = true;
        assert_eq!(told(&account, &queue("iiiiiiiiiiiiiiii"), 8), "1:0,1 2:2,3 3:4,5 4:6,7 5:8,9 8:10,11,12,13 left 2");
    }

    #[test]
    fn a_poor_acceptance_and_too_many_waiting_slow_the_days_down() {
        let mut account = account(4, 2);
        account.pace_halved = true;
        assert_eq!(told(&account, &queue("iiiimm"), 9), "1:0,1,4 2:2,3,5");
        account.invitations_paused = true;
        assert_eq!(told(&account, &queue("iiiimm"), 9), "1:4 2:5 left 4");
    }

    #[test]
    fn nobody_goes_before_their_time() {
        let mut waiting = queue("iii");
        waiting[0].not_before = Some(at("2026-11-18T00:00:00Z"));
        assert_eq!(told(&account(1, 0), &waiting, 9), "1:1 2:2 3:0");
        waiting[0].not_before = Some(at("2027-11-17T12:00:00Z"));
        assert_eq!(told(&account(1, 0), &waiting, 9), "1:1 2:2 left 1");
    }

    #[test]
    fn notes_of_a_free_account_wait_for_the_next_month() {
        let mut free = account(9, 0);
        free.tier = Tier::Free;
        free.days.insert("2026-11-03".parse().unwrap(), Day { notes: 4, ..Day::default() });
        let mut waiting = queue("iii");
        waiting.iter_mut().for_each(|w| w.with_note = true);
        waiting[2].with_note = false;
        assert_eq!(told(&free, &waiting, 3), "1:0,2 left 1");
        let found = forecast(&free, &waiting, at(MONDAY), 30);
        assert_eq!(found.sends.last().map(|s| s.date.to_string()).as_deref(), Some("2026-12-01"));
        free.invite_without_note = true;
        assert_eq!(told(&free, &waiting, 3), "1:0,1,2");
    }

    #[test]
    fn a_colleague_takes_the_place() {
        let mut waiting = queue("imii");
        for place in [0, 1, 3] {
            waiting[place].companies = vec!["domain:b.example".into(), format!("id:{place}")];
        }
        assert_eq!(told(&account(9, 9), &waiting, 1), "1:0,2 overtaken 1 overtaken 3");
        waiting[1].colleagues_left = Some(2);
        assert_eq!(told(&account(9, 9), &waiting, 1), "1:0,1,2 overtaken 3");
        waiting.iter_mut().for_each(|w| w.colleagues_left = None);
        assert_eq!(told(&account(9, 9), &waiting, 1), "1:0,1,2,3");
    }

    #[test]
    fn session_reads_end_the_day_too() {
        let mut account = account(9, 9);
        account.limits.reads_per_day = 2;
        assert_eq!(told(&account, &queue("iiimm"), 3), "1:0,1 2:2,3 3:4");
    }

    #[test]
    fn sends_keep_to_the_plan_and_the_pause() {
        let account = account(15, 25);
        let found = forecast(&account, &queue(&"im".repeat(30)), at(MONDAY), 1);
        assert!((30..=40).contains(&found.sends.len()), "{}", found.sends.len());
        let date = "2026-11-16".parse().unwrap();
        let window = account.limits.window(account.zone.clone());
        let instants = plan::instants(&plan::seed("acc_1", date), date, &window, 40, [45, 180]);
        assert!(found.sends.iter().all(|send| instants.contains(&send.at)));
        assert!(found.sends.windows(2).all(|two| two[1].at.duration_since(two[0].at).as_secs() >= 45));
        let midday = at("2026-11-16T11:00:00Z");
        let later = forecast(&account, &queue("im"), midday, 1);
        assert!(later.sends.iter().all(|send| send.at >= midday));
        let rest = Account { free_from: Some(at("2026-11-16T16:00:00Z")), ..account };
        assert!(forecast(&rest, &queue("im"), midday, 1).sends.iter().all(|s| s.at >= at("2026-11-16T16:00:00Z")));
    }

    #[test]
    fn an_account_without_days_sends_nothing() {
        let mut account = account(9, 9);
        account.limits.days.clear();
        assert_eq!(told(&account, &queue("im"), DAYS_MAX + 5), "left 2");
    }
}
