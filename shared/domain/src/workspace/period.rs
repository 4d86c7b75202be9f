//! Periods: positive ISO-8601 durations, kept in the words they were given in.

use jiff::fmt::temporal::SpanParser;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest text that is read as a period.
const TEXT_MAX_BYTES: usize = 64;
/// The longest period, in days: a hundred years.
const LONGEST_DAYS: i64 = 36_525;

/// A positive ISO-8601 duration such as `PT2H` or `P6M`.
#[derive(Clone, Debug)]
pub struct Period {
    text: String,
    span: Span,
    exact: SignedDuration,
}

impl Period {
    /// Reads a period; `None` when it is not ISO-8601, not positive, or longer than a hundred years.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > TEXT_MAX_BYTES || !text.starts_with(['P', 'p']) {
            return None;
        }
        let span = SpanParser::new().parse_span(text).ok()?;
        let period = Self::new(text.to_owned(), span);
        let longest = SignedDuration::from_hours(24 * LONGEST_DAYS);
        (period.exact > SignedDuration::ZERO && period.exact <= longest).then_some(period)
    }

    fn new(text: String, span: Span) -> Self {
        Self { exact: exact(&span), text, span }
    }

    /// So many days.
    pub fn of_days(days: u16) -> Self {
        Self::new(format!("P{days}D"), Span::new().days(days))
    }

    /// So many calendar months.
    pub fn of_months(months: u16) -> Self {
        Self::new(format!("P{months}M"), Span::new().months(months))
    }

    /// The words it was given in.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its length in exact time: a day has 24 hours, a month 30 days, a year 365.
    pub fn exact(&self) -> SignedDuration {
        self.exact
    }

    /// The instant that much later by the calendar of `zone` (a month is a month).
    pub fn after(&self, from: Timestamp, zone: &TimeZone) -> Timestamp {
        match from.to_zoned(zone.clone()).checked_add(self.span) {
            Ok(end) => end.timestamp(),
            Err(_) => Timestamp::MAX,
        }
    }
}

fn exact(span: &Span) -> SignedDuration {
    let days = i64::from(span.get_years()) * 365
        + i64::from(span.get_months()) * 30
        + i64::from(span.get_weeks()) * 7
        + i64::from(span.get_days());
    let clock = span.years(0).months(0).weeks(0).days(0);
    let seconds = clock.total(Unit::Second).unwrap_or(0.0);
    SignedDuration::from_hours(24 * days.clamp(-LONGEST_DAYS * 2, LONGEST_DAYS * 2))
        .saturating_add(SignedDuration::from_secs_f64(seconds.clamp(-1e12, 1e12)))
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Period {}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a positive ISO-8601 duration"))
    }
}
