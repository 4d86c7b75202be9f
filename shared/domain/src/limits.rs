//! Limits: what an account may do per day and per seven days, warm-up, pace and notes.

use crate::hours::{Day, Hours, Window};
use crate::vocabulary::Tier;
use crate::workspace::{FieldError, Reader};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The limits of an account, in the form of `/accounts`. Source: docs/rules.md, “Limits”.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub invitations_per_day: u32,
    /// Within seven rolling days, as all `…_per_week`.
    pub invitations_per_week: u32,
    pub messages_per_day: u32,
    pub messages_per_week: u32,
    pub reads_per_day: u32,
    pub reads_per_week: u32,
    /// Least and longest pause between two sends.
    pub pause_seconds: [u32; 2],
    pub hours: Hours,
    pub days: Vec<Day>,
    pub warm_up: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            invitations_per_day: 15,
            invitations_per_week: 80,
            messages_per_day: 25,
            messages_per_week: 100,
            reads_per_day: 80,
            reads_per_week: 400,
            pause_seconds: [45, 180],
            hours: Hours::WORKING,
            days: vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri],
            warm_up: true,
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Invitation,
    Message,
    /// Every call that uses the LinkedIn session.
    Read,
}

/// A value above the safe one: accepted, and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub field: String,
    pub text_fr: String,
    pub text_en: String,
}

const CAPS: [&str; 6] =
    ["invitations_per_day", "invitations_per_week", "messages_per_day", "messages_per_week", "reads_per_day", "reads_per_week"];
const FIELDS: [&str; 10] = [
    "invitations_per_day",
    "invitations_per_week",
    "messages_per_day",
    "messages_per_week",
    "reads_per_day",
    "reads_per_week",
    "pause_seconds",
    "hours",
    "days",
    "warm_up",
];

impl Limits {
    /// The cap of a day.
    pub const fn per_day(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Invitation => self.invitations_per_day,
            Kind::Message => self.messages_per_day,
            Kind::Read => self.reads_per_day,
        }
    }

    /// The cap of seven rolling days.
    pub const fn per_week(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Invitation => self.invitations_per_week,
            Kind::Message => self.messages_per_week,
            Kind::Read => self.reads_per_week,
        }
    }

    /// When sends are made.
    pub fn window(&self, zone: TimeZone) -> Window {
        Window { zone, hours: self.hours, days: self.days.clone() }
    }

    fn caps_mut(&mut self) -> [(&'static str, &mut u32); 6] {
        [
            (CAPS[0], &mut self.invitations_per_day),
            (CAPS[1], &mut self.invitations_per_week),
            (CAPS[2], &mut self.messages_per_day),
            (CAPS[3], &mut self.messages_per_week),
            (CAPS[4], &mut self.reads_per_day),
            (CAPS[5], &mut self.reads_per_week),
        ]
    }

    /// The limits after a PATCH, key by key; errors name every field at fault, below `limits`.
    pub fn apply_patch(&self, patch: &Value) -> Result<Self, Vec<FieldError>> {
        let mut read = Reader::default();
        let mut next = self.clone();
        if let Some(fields) = read.object("limits", patch, &FIELDS) {
            for (name, value) in fields {
                next.set(&mut read, name, value);
            }
        }
        read.finish(next)
    }

    fn set(&mut self, read: &mut Reader, name: &str, value: &Value) {
        let field = format!("limits.{name}");
        if let Some((_, cap)) = self.caps_mut().into_iter().find(|(cap, _)| *cap == name) {
            if let Some(number) = read.whole(&field, value, 0..=i64::from(u32::MAX)) {
                *cap = number as u32;
            }
            return;
        }
        match name {
            "pause_seconds" => match serde_json::from_value::<[u32; 2]>(value.clone()) {
                Ok([least, longest]) if least <= longest && longest <= 86_400 => self.pause_seconds = [least, longest],
                _ => read.fault(
                    &field,
                    "deux nombres de secondes sont attendus, le plus petit d’abord, par exemple [45, 180]",
                    "two numbers of seconds are expected, the smaller one first, for example [45, 180]",
                ),
            },
            "hours" => match serde_json::from_value(value.clone()) {
                Ok(hours) => self.hours = hours,
                Err(_) => read.fault(
                    &field,
                    "deux heures sont attendues, la seconde après la première, par exemple [\"09:00\", \"18:00\"]",
                    "two times are expected, the second after the first, for example [\"09:00\", \"18:00\"]",
                ),
            },
            "days" => match serde_json::from_value::<Vec<Day>>(value.clone()) {
                Ok(mut days) => {
                    days.sort_unstable();
                    days.dedup();
                    self.days = days;
                }
                Err(_) => {
                    read.fault(&field, "des jours parmi mon tue wed thu fri sat sun", "days among mon tue wed thu fri sat sun")
                }
            },
            "warm_up" => {
                if let Some(on) = read.yes_or_no(&field, value) {
                    self.warm_up = on;
                }
            }
            // named as unknown already
            _ => {}
        }
    }

    /// What lies beyond the safe values, which are the defaults.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut safe = Self::default();
        let mut own = self.clone();
        let caps = own.caps_mut().into_iter().zip(safe.caps_mut()).filter(|((_, own), (_, safe))| **own > **safe);
        let mut warnings: Vec<Warning> = caps
            .map(|((field, own), (_, safe))| {
                warn(
                    field,
                    format!("{own} dépasse la valeur sûre de {safe}\u{a0}: le compte risque d’être restreint par LinkedIn"),
                    format!("{own} is above the safe value of {safe}: LinkedIn may restrict the account"),
                )
            })
            .collect();
        if self.pause_seconds[0] < Self::default().pause_seconds[0] {
            warnings.push(warn(
                "pause_seconds",
                format!(
                    "moins de 45 secondes entre deux envois ({})\u{a0}: LinkedIn peut y voir un automate",
                    self.pause_seconds[0]
                ),
                format!("less than 45 seconds between two sends ({}): LinkedIn may take it for a machine", self.pause_seconds[0]),
            ));
        }
        if self.hours.opens_minute() < 7 * 60 || self.hours.closes_minute() > 22 * 60 {
            warnings.push(warn(
                "hours",
                "des envois la nuit attirent l’attention de LinkedIn".into(),
                "sends at night draw LinkedIn’s attention".into(),
            ));
        }
        warnings
    }
}

fn warn(field: &str, text_fr: String, text_en: String) -> Warning {
    Warning { field: field.to_owned(), text_fr, text_en }
}

/// The weeks of the warm-up, in percent of the limits.
const WARM_UP_PERCENT: [u64; 4] = [25, 50, 75, 100];

/// The limits that hold at `now`: warm-up by the week since its start, the pace of sends halved when it is too
/// often refused; rounded down, never below 1 where the limit is not 0. Source: docs/rules.md, “Limits”.
pub fn effective(limits: &Limits, warm_up_started: Option<Timestamp>, pace_halved: bool, now: Timestamp) -> Limits {
    let week = SignedDuration::from_hours(7 * 24).as_secs();
    let percent = match warm_up_started.filter(|_| limits.warm_up) {
        Some(start) => WARM_UP_PERCENT[(now.duration_since(start).as_secs().max(0) / week).min(3) as usize],
        None => 100,
    };
    let share = |cap: u32, percent: u64| {
        if cap == 0 { 0 } else { ((u64::from(cap) * percent / 100) as u32).max(1) }
    };
    let mut held = limits.clone();
    for (name, cap) in held.caps_mut() {
        let halved = if pace_halved && !name.starts_with("reads") { 2 } else { 1 };
        *cap = share(*cap, percent);
        *cap = if *cap == 0 { 0 } else { (*cap / halved).max(1) };
    }
    held
}

/// How many more today's counter may take under the caps of the day and of seven rolling days.
pub fn room(kind: Kind, limits: &Limits, today: u32, previous_six_days: u32) -> u32 {
    let day = limits.per_day(kind).saturating_sub(today);
    let week = limits.per_week(kind).saturating_sub(today.saturating_add(previous_six_days));
    day.min(week)
}

/// The acceptance under which the pace is halved, in percent, and over how many invitations it is measured.
pub const ACCEPTANCE_LEAST_PERCENT: u32 = 20;
/// The last so many invitations that are older than seven days.
pub const ACCEPTANCE_OVER: u32 = 50;
/// More pending invitations than this pause invitations.
pub const PENDING_MAX: u32 = 500;
/// A pending invitation is withdrawn after this many days, where the provider can.
pub const WITHDRAW_AFTER_DAYS: u16 = 21;
/// After a withdrawal there is no new invitation for this many days.
pub const REINVITE_AFTER_DAYS: u16 = 90;

/// Whether the pace is to be halved, from the last invitations older than seven days; with fewer than 50 it is not.
pub fn pace_is_halved(invited: u32, accepted: u32) -> bool {
    invited >= ACCEPTANCE_OVER && u64::from(accepted) * 100 < u64::from(invited) * u64::from(ACCEPTANCE_LEAST_PERCENT)
}

/// What becomes of an invitation's note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It goes along.
    Send,
    /// The month's quota is spent and the workspace said once for all to invite without it.
    Leave,
    /// The month's quota is spent: the message is held and the person asked.
    Hold,
}

/// The notes a free account may send in a calendar month.
pub const FREE_NOTES_PER_MONTH: u32 = 5;

/// How many notes an account may still send this month; `None` means any number.
pub fn notes_left(tier: Tier, sent_this_month: u32) -> Option<u32> {
    matches!(tier, Tier::Free).then(|| FREE_NOTES_PER_MONTH.saturating_sub(sent_this_month))
}

/// What becomes of a note. Source: docs/rules.md, “Limits”.
pub fn note(tier: Tier, sent_this_month: u32, invite_without_note: bool) -> Note {
    match notes_left(tier, sent_this_month) {
        Some(0) if invite_without_note => Note::Leave,
        Some(0) => Note::Hold,
        _ => Note::Send,
    }
}

/// The longest note, in UTF-16 units.
pub const fn note_max_units(tier: Tier) -> usize {
    match tier {
        Tier::Free => 200,
        Tier::Premium | Tier::SalesNavigator | Tier::Recruiter => 300,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        assert_eq!(
            serde_json::to_value(Limits::default()).unwrap(),
            json!({"invitations_per_day":15,"invitations_per_week":80,"messages_per_day":25,"messages_per_week":100,"reads_per_day":80,
                "reads_per_week":400,"pause_seconds":[45,180],"hours":["09:00","18:00"],"days":["mon","tue","wed","thu","fri"],"warm_up":true})
        );
        assert_eq!(Limits::default().warnings(), []);
    }

    #[test]
    fn room_is_what_the_day_and_the_week_leave() {
        let limits = Limits::default();
        let check = |today, before, expected| assert_eq!(room(Kind::Invitation, &limits, today, before), expected);
        check(0, 0, 15);
        check(15, 0, 0);
        check(3, 0, 12);
        check(0, 75, 5);
        check(4, 75, 1);
        check(0, 80, 0);
        check(20, 0, 0);
        check(u32::MAX, u32::MAX, 0);
        assert_eq!(room(Kind::Message, &limits, 0, 90), 10);
        assert_eq!(room(Kind::Read, &limits, 79, 0), 1);
    }

    #[test]
    fn six_days_of_twenty_are_not_a_hundred_and_twenty() {
        let limits = Limits { invitations_per_day: 20, invitations_per_week: 100, ..Limits::default() };
        let mut days = Vec::new();
        for _ in 0..12 {
            let before: u32 = days.iter().rev().take(6).sum();
            days.push(room(Kind::Invitation, &limits, 0, before));
        }
        assert!(days.windows(7).all(|week| week.iter().sum::<u32>() <= 100), "{days:?}");
    }

    #[test]
    fn warm_up_takes_four_weeks_and_rounds_down() {
        let start = at("2026-11-02T09:00:00Z");
        let limits = Limits { messages_per_day: 1, reads_per_day: 0, ..Limits::default() };
        let caps = |now| {
            let held = effective(&limits, Some(start), false, at(now));
            [held.invitations_per_day, held.invitations_per_week, held.messages_per_day, held.reads_per_day]
        };
        assert_eq!(caps("2026-11-02T09:00:00Z"), [3, 20, 1, 0]);
        assert_eq!(caps("2026-11-09T08:59:59Z"), [3, 20, 1, 0]);
        assert_eq!(caps("2026-11-09T09:00:00Z"), [7, 40, 1, 0]);
        assert_eq!(caps("2026-11-16T09:00:00Z"), [11, 60, 1, 0]);
        assert_eq!(caps("2026-11-23T09:00:00Z"), [15, 80, 1, 0]);
        assert_eq!(caps("2026-11-01T09:00:00Z"), [3, 20, 1, 0]);
        assert_eq!(effective(&limits, None, false, start), limits);
        let cold = Limits { warm_up: false, ..limits };
        assert_eq!(effective(&cold, Some(start), false, start), cold);
    }

    #[test]
    fn a_poor_acceptance_halves_the_sends_and_not_the_reads() {
        let held = effective(&Limits::default(), None, true, at("2026-11-02T09:00:00Z"));
        assert_eq!([held.invitations_per_day, held.messages_per_week, held.reads_per_day], [7, 50, 80]);
        assert!(pace_is_halved(50, 9));
        assert!(!pace_is_halved(50, 10));
        assert!(!pace_is_halved(49, 0));
    }

    #[test]
    fn caps_may_be_any_number_and_are_warned_about() {
        let patch = json!({"invitations_per_day": 100_000, "pause_seconds": [0, 0], "hours": ["00:00", "24:00"], "days": ["sun", "mon", "sun"]});
        let limits = Limits::default().apply_patch(&patch).unwrap();
        assert_eq!(
            (limits.invitations_per_day, limits.invitations_per_week, limits.days.clone()),
            (100_000, 80, vec![Day::Mon, Day::Sun])
        );
        let fields: Vec<String> = limits.warnings().into_iter().map(|warning| warning.field).collect();
        assert_eq!(fields, ["invitations_per_day", "pause_seconds", "hours"]);
    }

    #[test]
    fn every_fault_is_named() {
        let refused = |patch| Limits::default().apply_patch(&patch).unwrap_err().into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(refused(json!({"invites": 3})), ["limits.invites"]);
        assert_eq!(refused(json!({"reads_per_day": -1})), ["limits.reads_per_day"]);
        assert_eq!(refused(json!({"pause_seconds": [180, 45]})), ["limits.pause_seconds"]);
        assert_eq!(refused(json!({"hours": ["18:00", "09:00"]})), ["limits.hours"]);
        assert_eq!(refused(json!({"days": ["lundi"]})), ["limits.days"]);
        assert_eq!(refused(json!({"warm_up": "yes"})), ["limits.warm_up"]);
        assert_eq!(refused(json!(3)), ["limits"]);
    }

    #[test]
    fn a_free_account_has_five_notes_a_month() {
        assert_eq!(note(Tier::Free, 4, false), Note::Send);
        assert_eq!(note(Tier::Free, 5, false), Note::Hold);
        assert_eq!(note(Tier::Free, 5, true), Note::Leave);
        assert_eq!(note(Tier::Premium, 900, false), Note::Send);
        assert_eq!((note_max_units(Tier::Free), note_max_units(Tier::SalesNavigator)), (200, 300));
    }
}
