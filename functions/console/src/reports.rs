//! Reports over the sums by day: their time does not grow with the number of people.

use crate::call::{Call, Outcome, Reply};
use jiff::Span;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The ranges that may be asked for, with their days.
const RANGES: &[(&str, Option<i32>)] = &[("7d", Some(7)), ("30d", Some(30)), ("90d", Some(90)), ("all", None)];

fn range(word: &str) -> Option<Option<i32>> {
    RANGES.iter().find(|(name, _)| *name == word).map(|(_, days)| *days)
}

/// `GET /reports/overview?range=`: sums of the range, of the one before, and by day.
pub async fn overview(call: Call) -> Outcome {
    let names: Vec<&str> = RANGES.iter().map(|(name, _)| *name).collect();
    let days = call.query.word("range", range, &names)?.unwrap_or(Some(30));
    let zone = call.workspace().await?.item.settings.zone();
    let today = call.now.to_zoned(zone).date();
    let (from, before) = match days {
        None => (Date::MIN, None),
        Some(days) => {
            let from = back(today, days - 1);
            (from, Some((back(from, days), back(from, 1))))
        }
    };
    let found = call.store().days(call.ws(), from, today).await?;
    let previous = match before {
        None => BTreeMap::new(),
        Some((from, to)) => sums(&call.store().days(call.ws(), from, to).await?),
    };
    let by_day: Vec<Value> = found.iter().map(|(date, counts)| json!({"date": date, "counts": counts})).collect();
    Reply::ok(json!({
        "range": call.query.text("range").unwrap_or("30d"),
        "from": if days.is_some() { json!(from) } else { found.first().map(|(d, _)| json!(d)).unwrap_or_default() },
        "to": today,
        "totals": object(&sums(&found)),
        "previous": if before.is_some() { object(&previous) } else { Value::Null },
        "days": by_day,
    }))
}

fn back(date: Date, days: i32) -> Date {
    date.checked_sub(Span::new().days(days)).unwrap_or(Date::MIN)
}

fn sums(days: &[(Date, std::collections::HashMap<String, i64>)]) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for (_, counts) in days {
        for (name, n) in counts {
            *sums.entry(name.clone()).or_insert(0) += n;
        }
    }
    sums
}

fn object(sums: &BTreeMap<String, i64>) -> Value {
    Value::Object(sums.iter().map(|(n, v)| (n.clone(), json!(v))).collect::<Map<_, _>>())
}
