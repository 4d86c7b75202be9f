//! Hours: on which days and between which hours an account acts, in its own zone, clock changes included.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    /// Every day, Monday first.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The day of a date.
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            Weekday::Monday => Self::Mon,
            Weekday::Tuesday => Self::Tue,
            Weekday::Wednesday => Self::Wed,
            Weekday::Thursday => Self::Thu,
            Weekday::Friday => Self::Fri,
            Weekday::Saturday => Self::Sat,
            Weekday::Sunday => Self::Sun,
        }
    }
}

/// Minutes of a day, in full: `24:00`.
const DAY_MINUTES: u16 = 24 * 60;

/// The hours of a day, written `["09:00","18:00"]`; the end may be `24:00`, and is after the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    opens: u16,
    closes: u16,
}

impl Hours {
    /// 09:00–18:00, when sends are made by default.
    pub const WORKING: Self = Self { opens: 9 * 60, closes: 18 * 60 };
    /// 07:00–22:00, when session reads are made.
    pub const READS: Self = Self { opens: 7 * 60, closes: 22 * 60 };

    /// Hours from two texts `HH:MM`; `None` when one is no time of day or the end is not after the start.
    pub fn parse(opens: &str, closes: &str) -> Option<Self> {
        let (opens, closes) = (minutes(opens)?, minutes(closes)?);
        (opens < closes).then_some(Self { opens, closes })
    }

    /// The start, in minutes of the day.
    pub const fn opens_minute(self) -> u16 {
        self.opens
    }

    /// The end, in minutes of the day, at most 1440.
    pub const fn closes_minute(self) -> u16 {
        self.closes
    }

    /// The hours both allow; `None` when there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (opens, closes) = (self.opens.max(other.opens), self.closes.min(other.closes));
        (opens < closes).then_some(Self { opens, closes })
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= DAY_MINUTES).then_some(total)
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let text = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        [text(self.opens), text(self.closes)].serialize(to)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let [opens, closes] = <[String; 2]>::deserialize(from)?;
        Self::parse(&opens, &closes).ok_or_else(|| serde::de::Error::custom("hours are two times HH:MM, the second one later"))
    }
}

/// Hours on certain days, in one zone.
#[derive(Clone, Debug)]
pub struct Window {
    pub zone: TimeZone,
    pub hours: Hours,
    pub days: Vec<Day>,
}

/// A stretch of time, its end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Interval {
    /// Whether the instant lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// What lies in both; `None` when nothing does.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }
}

/// How many days are looked ahead for an opening.
const LOOK_AHEAD_DAYS: usize = 15;

impl Window {
    /// When session reads are made: 07:00–22:00, every day. Source: docs/rules.md, “Limits”.
    pub fn of_reads(zone: TimeZone) -> Self {
        Self { zone, hours: Hours::READS, days: Day::ALL.to_vec() }
    }

    /// The opening of a local date; `None` on a day off. A day of a clock change is an hour shorter or longer,
    /// and an hour that does not exist is moved on by the missing hour.
    pub fn on(&self, date: Date) -> Option<Interval> {
        if !self.days.contains(&Day::of(date)) {
            return None;
        }
        let (start, end) = (self.instant(date, self.hours.opens)?, self.instant(date, self.hours.closes)?);
        (start < end).then_some(Interval { start, end })
    }

    fn instant(&self, date: Date, minute: u16) -> Option<Timestamp> {
        let (date, minute) = if minute == DAY_MINUTES { (date.tomorrow().ok()?, 0) } else { (date, minute) };
        let civil = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        Some(self.zone.to_ambiguous_zoned(civil).compatible().ok()?.timestamp())
    }

    /// The local date of an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The openings from `now` on, today's first, what has passed of it included.
    pub fn openings(&self, now: Timestamp) -> impl Iterator<Item = (Date, Interval)> + '_ {
        let today = self.date_of(now);
        let dates = std::iter::successors(Some(today), |date| date.tomorrow().ok()).take(LOOK_AHEAD_DAYS);
        dates.filter_map(move |date| Some((date, self.on(date)?))).filter(move |(_, opening)| opening.end > now)
    }

    /// Whether it is open at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.on(self.date_of(now)).is_some_and(|opening| opening.contains(now))
    }

    /// `now` when it is open, else the next start; `None` when no day is a working day.
    pub fn next_open(&self, now: Timestamp) -> Option<Timestamp> {
        self.openings(now).map(|(_, opening)| opening.start.max(now)).next()
    }

    /// What both allow on a date of this window's zone; the other may be in another zone.
    pub fn on_both(&self, other: &Self, date: Date) -> Vec<Interval> {
        let Some(mine) = self.on(date) else {
            return Vec::new();
        };
        let around =
            [other.date_of(mine.start), other.date_of(mine.end.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(mine.end))];
        let mut dates = around.to_vec();
        dates.dedup();
        dates.into_iter().filter_map(|date| other.on(date)?.intersect(&mine)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(zone: &str, opens: &str, closes: &str) -> Window {
        let days = vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri];
        Window { zone: TimeZone::get(zone).unwrap(), hours: Hours::parse(opens, closes).unwrap(), days }
    }

    fn on(window: &Window, date: &str) -> Option<(String, String)> {
        window.on(date.parse().unwrap()).map(|i| (i.start.to_string(), i.end.to_string()))
    }

    #[track_caller]
    fn check(zone: &str, opens: &str, closes: &str, date: &str, start: &str, end: &str) {
        assert_eq!(on(&window(zone, opens, closes), date), Some((start.into(), end.into())));
    }

    #[test]
    fn a_day_opens_in_the_zone_of_the_account() {
        check("Europe/Paris", "09:00", "18:00", "2026-11-20", "2026-11-20T08:00:00Z", "2026-11-20T17:00:00Z");
        check("Europe/Paris", "09:00", "18:00", "2026-07-20", "2026-07-20T07:00:00Z", "2026-07-20T16:00:00Z");
        check("America/Toronto", "00:00", "24:00", "2026-11-20", "2026-11-20T05:00:00Z", "2026-11-21T05:00:00Z");
    }

    #[test]
    fn clock_changes_shorten_and_lengthen_the_day() {
        let sunday =
            |opens, closes, date| on(&Window { days: Day::ALL.to_vec(), ..window("Europe/Paris", opens, closes) }, date).unwrap();
        assert_eq!(sunday("00:00", "24:00", "2026-03-29"), ("2026-03-28T23:00:00Z".into(), "2026-03-29T22:00:00Z".into()));
        assert_eq!(sunday("00:00", "24:00", "2026-10-25"), ("2026-10-24T22:00:00Z".into(), "2026-10-25T23:00:00Z".into()));
        assert_eq!(sunday("02:30", "04:00", "2026-03-29"), ("2026-03-29T01:30:00Z".into(), "2026-03-29T02:00:00Z".into()));
        assert_eq!(sunday("01:00", "02:30", "2026-10-25"), ("2026-10-24T23:00:00Z".into(), "2026-10-25T00:30:00Z".into()));
    }

    #[test]
    fn days_off_are_closed() {
        let paris = window("Europe/Paris", "09:00", "18:00");
        assert_eq!(on(&paris, "2026-11-21"), None);
        let next = |now: &str| paris.next_open(now.parse().unwrap()).map(|at| at.to_string());
        assert_eq!(next("2026-11-20T10:00:00Z").as_deref(), Some("2026-11-20T10:00:00Z"));
        assert_eq!(next("2026-11-20T17:00:00Z").as_deref(), Some("2026-11-23T08:00:00Z"));
        assert_eq!(next("2026-11-20T05:00:00Z").as_deref(), Some("2026-11-20T08:00:00Z"));
        assert_eq!(Window { days: vec![], ..paris.clone() }.next_open("2026-11-20T05:00:00Z".parse().unwrap()), None);
        assert!(paris.is_open("2026-11-20T16:59:59Z".parse().unwrap()));
        assert!(!paris.is_open("2026-11-20T17:00:00Z".parse().unwrap()));
    }

    #[test]
    fn reads_run_from_seven_to_ten_every_day() {
        let reads = Window::of_reads(TimeZone::get("Europe/Paris").unwrap());
        assert_eq!(on(&reads, "2026-11-22"), Some(("2026-11-22T06:00:00Z".into(), "2026-11-22T21:00:00Z".into())));
    }

    #[test]
    fn hours_are_written_as_two_times() {
        let read = |text: &str| serde_json::from_str::<Hours>(text).ok().map(|hours| serde_json::to_string(&hours).unwrap());
        assert_eq!(read(r#"["09:00","18:00"]"#).as_deref(), Some(r#"["09:00","18:00"]"#));
        assert_eq!(read(r#"["00:00","24:00"]"#).as_deref(), Some(r#"["00:00","24:00"]"#));
        for refused in [
            r#"["18:00","09:00"]"#,
            r#"["9:00","18:00"]"#,
            r#"["09:60","18:00"]"#,
            r#"["09:00","24:01"]"#,
            r#"["09:00"]"#,
            r#"["+9:00","18:00"]"#,
        ] {
            assert_eq!(read(refused), None, "{refused}");
        }
    }

    #[test]
    fn two_windows_allow_what_both_allow() {
        let (paris, montreal) = (window("Europe/Paris", "09:00", "18:00"), window("America/Montreal", "09:00", "18:00"));
        let both: Vec<(String, String)> = paris
            .on_both(&montreal, "2026-11-20".parse().unwrap())
            .iter()
            .map(|i| (i.start.to_string(), i.end.to_string()))
            .collect();
        assert_eq!(both, [("2026-11-20T14:00:00Z".to_owned(), "2026-11-20T17:00:00Z".to_owned())]);
        assert_eq!(paris.hours.intersect(Hours::parse("17:00", "24:00").unwrap()), Hours::parse("17:00", "18:00"));
        assert_eq!(paris.hours.intersect(Hours::parse("18:00", "24:00").unwrap()), None);
    }
}
