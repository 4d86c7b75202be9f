//! Reads vendors' JSON leniently: missing, renamed, retyped fields are no error.
//!
//! Names match exactly first, then without case and underscores, so that
//! `employee_count` also finds `employeeCount`.

use jiff::Timestamp;
use serde_json::Value;

/// Epoch numbers below this are seconds, above milliseconds (the year 1973 in the latter).
const MILLIS_FROM: i64 = 100_000_000_000;

/// The first of `names` that is there and not null.
pub(crate) fn field<'a>(item: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let map = item.as_object()?;
    let exact = names.iter().filter_map(|name| map.get(*name));
    exact
        .chain(names.iter().filter_map(|name| map.iter().find(|(key, _)| same_name(key, name)).map(|found| found.1)))
        .find(|value| !value.is_null())
}

fn same_name(key: &str, name: &str) -> bool {
    let letters = |text: &str| {
        let squashed = text.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
        squashed.collect::<Vec<u8>>()
    };
    key.len().abs_diff(name.len()) <= 4 && letters(key) == letters(name)
}

/// Text or a number as text; an object by its `name`; blank is nothing.
pub(crate) fn text(item: &Value, names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| field(item, &[name])).find_map(as_text)
}

/// A value as text, see [`text`].
pub(crate) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => field(value, &["name", "text", "value"]).filter(|inner| !inner.is_object()).and_then(as_text),
        Value::Array(items) => items.iter().find(|inner| !inner.is_array()).and_then(as_text),
        _ => None,
    }
}

/// A count, whether a number or its digits; negative or too large is nothing.
pub(crate) fn count(item: &Value, names: &[&str]) -> Option<u32> {
    names.iter().filter_map(|name| field(item, &[name])).find_map(as_count)
}

fn as_count(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number
            .as_u64()
            .and_then(|whole| u32::try_from(whole).ok())
            .or_else(|| number.as_f64().filter(|n| *n >= 0.0 && *n < f64::from(u32::MAX)).map(|n| n as u32)),
        Value::String(text) => text.trim().replace([',', ' ', '\u{a0}', '\u{202f}'], "").parse().ok(),
        _ => None,
    }
}

/// A yes or no, also as text or number.
pub(crate) fn flag(item: &Value, names: &[&str]) -> Option<bool> {
    match field(item, names)? {
        Value::Bool(yes) => Some(*yes),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) => number.as_u64().map(|n| n != 0),
        _ => None,
    }
}

/// An instant: epoch milliseconds or seconds, as number or digits, or RFC 3339.
pub(crate) fn instant(item: &Value, names: &[&str]) -> Option<Timestamp> {
    names.iter().filter_map(|name| field(item, &[name])).find_map(as_instant)
}

fn as_instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => {
            #[allow(clippy::cast_possible_truncation)]
            // saturates, and out of range is refused below
            let epoch = number.as_i64().or_else(|| number.as_f64().map(|n| n as i64))?;
            epoch_instant(epoch)
        }
        Value::String(text) => {
            let text = text.trim();
            text.parse::<Timestamp>().ok().or_else(|| text.parse().ok().and_then(epoch_instant))
        }
        _ => None,
    }
}

fn epoch_instant(epoch: i64) -> Option<Timestamp> {
    if epoch <= 0 {
        return None;
    }
    if epoch < MILLIS_FROM { Timestamp::from_second(epoch).ok() } else { Timestamp::from_millisecond(epoch).ok() }
}

/// The degree of a connection out of `2`, `"2nd"`, `"2nd degree"`, `"3rd+"`.
pub(crate) fn degree(item: &Value, names: &[&str]) -> Option<u8> {
    let text = text(item, names)?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|degree| (1..=3).contains(degree))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(item: &Value, name: &str, expected: Option<&str>) {
        assert_eq!(text(item, &[name]).as_deref(), expected, "{name} in {item}");
    }

    #[test]
    fn text_is_found_under_any_spelling_and_type() {
        check(&json!({"universalName": "x"}), "universal_name", Some("x"));
        check(&json!({"a": "  "}), "a", None);
        check(&json!({"a": null}), "a", None);
        check(&json!({"id": 7329123456789012345_u64}), "id", Some("7329123456789012345"));
        check(&json!({"company": {"name": "X"}}), "company", Some("X"));
        check(&json!({"industry": ["Food", "Retail"]}), "industry", Some("Food"));
        check(&json!({"a": {"name": {"name": "deep"}}}), "a", None);
        check(&json!([1]), "a", None);
    }

    #[test]
    fn counts_and_flags_survive_being_text() {
        for (value, expected) in
            [(json!(14), Some(14)), (json!("1,234"), Some(1234)), (json!(-1), None), (json!(5e9), None), (json!("x"), None)]
        {
            assert_eq!(count(&json!({"n": value}), &["n"]), expected, "{value}");
        }
        assert_eq!(flag(&json!({"b": "true"}), &["b"]), Some(true));
        assert_eq!(flag(&json!({"b": []}), &["b"]), None);
    }

    #[test]
    fn instants_are_read_in_every_form_seen() {
        let expected: Timestamp = "2025-05-30T18:10:26Z".parse().unwrap();
        for form in [json!(1_748_628_626), json!(1_748_628_626_000_i64), json!("1748628626000"), json!("2025-05-30T18:10:26Z")] {
            assert_eq!(instant(&json!({"t": form}), &["t"]), Some(expected), "{form}");
        }
        for none in [json!(0), json!(-5), json!(1e300), json!("yesterday"), json!({}), json!(i64::MAX)] {
            assert_eq!(instant(&json!({"t": none}), &["t"]), None, "{none}");
        }
    }

    #[test]
    fn degrees_are_one_to_three() {
        for (value, expected) in [
            (json!("2nd"), Some(2)),
            (json!("1st degree"), Some(1)),
            (json!("3rd+"), Some(3)),
            (json!(2), Some(2)),
            (json!("OUT_OF_NETWORK"), None),
            (json!(7), None),
        ] {
            assert_eq!(degree(&json!({"d": value}), &["d"]), expected, "{value}");
        }
    }
}
