//! Reads `Retry-After` (RFC 9110, section 10.2.3) and what vendors make of it.

use std::time::Duration;

use http::header::{DATE, HeaderMap, RETRY_AFTER};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// Longest wait believed; more is cut to this. A job waits in the queue, so a
/// day is harmless, and a vendor's typing error does not stop us for a year.
pub const WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the answer asks to wait: the largest valid value, at most [`WAIT_MAX`].
///
/// `None` where nothing valid was said: apply your own backoff. Zero means now,
/// with your own minimum. `now` stands in for a missing `Date` header.
/// Source: docs/rules.md, "The provider’s own limits".
pub fn from_headers(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let millis = headers
        .get_all("retry-after-ms")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|text| seconds(text).map(|wait| (wait / 1000).min(WAIT_MAX)))
        .max();
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    let values = headers.get_all(RETRY_AFTER);
    let plain = longest(values.iter().filter_map(|value| value.to_str().ok()), date, now);
    millis.or(plain)
}

/// The largest valid value among repeated headers.
///
/// A date counts from the answer's own `Date` where it can be read, since the
/// vendor's clock may differ from ours, else from `now`.
pub fn longest<'a>(values: impl Iterator<Item = &'a str>, date_header: Option<&str>, now: Timestamp) -> Option<Duration> {
    let sent_at = date_header.and_then(|text| http_date(text, now)).unwrap_or(now);
    values
        .filter_map(|value| {
            seconds(value).or_else(|| {
                let until = http_date(value, now)?;
                Some(Duration::try_from(until.duration_since(sent_at)).unwrap_or(Duration::ZERO))
            })
        })
        .map(|wait| wait.min(WAIT_MAX))
        .max()
}

/// Digits, with or without a fraction; never a sign. Too large is [`WAIT_MAX`].
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    if !digits(whole) || !fraction.is_none_or(digits) {
        return None;
    }
    let wait = text.parse::<f64>().ok().and_then(|value| Duration::try_from_secs_f64(value).ok());
    Some(wait.unwrap_or(WAIT_MAX))
}

/// The three date forms of RFC 9110: IMF-fixdate, RFC 850, asctime; all GMT.
fn http_date(text: &str, now: Timestamp) -> Option<Timestamp> {
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let (day, month, year, time) = match words.as_slice() {
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    let year = match year.len() {
        4 => number(year)?,
        2 => century(number(year)?, now),
        _ => return None,
    };
    let clock: Vec<i16> = time.split(':').map(number).collect::<Option<_>>()?;
    let [hour, minute, second] = clock.as_slice() else {
        return None;
    };
    let date = civil::Date::new(year, month_number(month)?, i8::try_from(number(day)?).ok()?).ok()?;
    // A leap second has no place in a timestamp; the second before it is near enough.
    let second = (*second).min(59);
    let time = civil::Time::new(i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()
}

/// Two digits more than 50 years ahead mean the past century (RFC 9110, section 5.6.7).
fn century(two_digits: i16, now: Timestamp) -> i16 {
    let this_year = now.to_zoned(TimeZone::UTC).year();
    let year = this_year - this_year.rem_euclid(100) + two_digits;
    if year > this_year + 50 { year - 100 } else { year }
}

fn number(text: &str) -> Option<i16> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn month_number(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let index = MONTHS.iter().position(|month| *month == name)?;
    i8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    #[track_caller]
    fn check(value: &str, seconds: Option<f64>) {
        let wait = longest([value].into_iter(), Some("Fri, 20 Nov 2026 10:00:00 GMT"), now());
        assert_eq!(wait.map(|wait| wait.as_secs_f64()), seconds, "{value:?}");
    }

    #[test]
    fn values_are_read_as_the_table_says() {
        check("120", Some(120.0));
        check("0", Some(0.0));
        check(" 5 ", Some(5.0));
        check("1.5", Some(1.5));
        check("99999999999999999999", Some(WAIT_MAX.as_secs_f64()));
        check(&"9".repeat(400), Some(WAIT_MAX.as_secs_f64()));
        for ignored in ["-1", "+5", "abc", "", "1.", ".5", "1e3", "0x10", "1,5", "NaN", "inf"] {
            check(ignored, None);
        }
    }

    #[test]
    fn dates_count_from_the_answers_own_date() {
        check("Fri, 20 Nov 2026 10:00:30 GMT", Some(30.0));
        check("Friday, 20-Nov-26 10:00:30 GMT", Some(30.0));
        check("Fri Nov 20 10:00:30 2026", Some(30.0));
        check("Fri, 20 Nov 2026 09:59:00 GMT", Some(0.0));
        check("Fri, 20 Nov 2126 10:00:00 GMT", Some(WAIT_MAX.as_secs_f64()));
        for broken in ["Fri, 31 Feb 2026 10:00:00 GMT", "Fri, 20 Nov 2026 25:00:00 GMT", "Fri, 20 Nov 2026 GMT"] {
            check(broken, None);
        }
        let skewed = longest(["Fri, 20 Nov 2026 08:00:30 GMT"].into_iter(), Some("Fri, 20 Nov 2026 08:00:00 GMT"), now());
        assert_eq!(skewed, Some(Duration::from_secs(30)), "the vendor's clock is two hours behind");
        let undated = longest(["Fri, 20 Nov 2026 10:01:00 GMT"].into_iter(), None, now());
        assert_eq!(undated, Some(Duration::from_secs(60)));
    }

    #[test]
    fn the_three_forms_are_one_instant() {
        for form in ["Fri, 31 Dec 1999 23:59:59 GMT", "Friday, 31-Dec-99 23:59:59 GMT", "Fri Dec 31 23:59:59 1999"] {
            assert_eq!(http_date(form, now()).map(Timestamp::as_second), Some(946_684_799), "{form}");
        }
        let asctime = http_date("Sun Nov  6 08:49:37 1994", now());
        assert_eq!(asctime.map(Timestamp::as_second), Some(784_111_777));
    }

    #[test]
    fn the_largest_valid_value_of_a_repeated_header_holds() {
        let values = ["5", "abc", "37", "0"];
        assert_eq!(longest(values.into_iter(), None, now()), Some(Duration::from_secs(37)));
        let mut headers = HeaderMap::new();
        headers.append("retry-after", "2".parse().unwrap());
        headers.append("retry-after", "9".parse().unwrap());
        assert_eq!(from_headers(&headers, now()), Some(Duration::from_secs(9)));
        headers.append("retry-after-ms", "1500".parse().unwrap());
        assert_eq!(from_headers(&headers, now()), Some(Duration::from_millis(1500)));
        headers.insert("retry-after-ms", "99999999".parse().unwrap());
        assert_eq!(from_headers(&headers, now()), Some(WAIT_MAX), "milliseconds are bounded too");
    }

    #[test]
    fn two_digit_years_are_never_far_ahead() {
        assert_eq!(century(26, now()), 2026);
        assert_eq!(century(76, now()), 2076);
        assert_eq!(century(77, now()), 1977);
    }
}
