//! Moves the recorded world in time: dates, and the times inside LinkedIn's ids.
//!
//! An id is milliseconds since 1970 shifted left by 22 bits, plus 22 bits of
//! its own (docs/rules.md, "Ours or not"). Moving one by a constant keeps those
//! bits, so ids that differed still differ, and a comment stays as long after
//! its post as it was.

use jiff::Timestamp;
use serde_json::Value;

const OWN_BITS: u32 = 22;
const ID_DIGITS: usize = 19;
const MILLIS_DIGITS: usize = 13;

/// A constant move in time, in milliseconds; positive is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    pub ms: i64,
}

/// Milliseconds since 1970 inside an activity, ugcPost, share or comment id.
pub fn id_millis(id: u64) -> i64 {
    (id >> OWN_BITS) as i64
}

/// An id made at `ms` whose own bits are the low 22 bits of `own`.
pub fn id_at(ms: i64, own: u64) -> u64 {
    ((ms.max(0) as u64) << OWN_BITS) | (own & ((1 << OWN_BITS) - 1))
}

impl Shift {
    /// Moves an id, keeping its own bits.
    pub fn id(self, id: u64) -> u64 {
        id_at(id_millis(id).saturating_add(self.ms), id)
    }

    /// Moves every 19-digit id inside an address or urn.
    pub fn ids_in(self, text: &str) -> String {
        replace_runs(text, ID_DIGITS, |id| self.id(id))
    }

    /// Moves an RFC 3339 instant; other text is returned as it is.
    pub fn date(self, text: &str) -> String {
        text.parse::<Timestamp>()
            .map(|at| date_text(at.as_millisecond().saturating_add(self.ms)))
            .unwrap_or_else(|_| text.to_owned())
    }

    /// Moves everything dated inside a recorded answer. Only the keys known to
    /// hold dates or ids are touched: people's own words never are.
    pub fn answer(self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.answer(item)),
            Value::Object(fields) => {
                for (key, field) in fields.iter_mut() {
                    self.field(key, field);
                }
            }
            _ => {}
        }
    }

    fn field(self, key: &str, field: &mut Value) {
        let moved = match (key, &*field) {
            ("post_url" | "url" | "post_urn" | "comment_urn", Value::String(text)) => self.ids_in(text).into(),
            ("date" | "commented_at" | "created_at" | "updated_at", Value::String(text)) => self.date(text).into(),
            ("entity_urn", Value::String(text)) => {
                replace_runs(text, MILLIS_DIGITS, |ms| ms.saturating_add_signed(self.ms)).into()
            }
            ("created_time" | "time" | "timestamp" | "last_seen_at", Value::Number(number)) => match number.as_i64() {
                Some(ms) => ms.saturating_add(self.ms).into(),
                None => return,
            },
            _ => return self.answer(field),
        };
        *field = moved;
    }
}

/// `2026-11-12T08:00:00Z`, whole seconds, as the provider writes dates.
pub(crate) fn date_text(ms: i64) -> String {
    Timestamp::from_second(ms.div_euclid(1000)).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

fn replace_runs(text: &str, digits: usize, change: impl Fn(u64) -> u64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars().map(Some).chain([None]) {
        if let Some(digit) = character.filter(char::is_ascii_digit) {
            run.push(digit);
            continue;
        }
        match run.parse::<u64>() {
            Ok(number) if run.len() == digits => out.push_str(&change(number).to_string()),
            _ => out.push_str(&run),
        }
        run.clear();
        out.extend(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DAY: i64 = 86_400_000;

    #[test]
    fn an_id_moves_by_the_time_and_keeps_its_own_bits() {
        let own_1 = 7_523_292_885_811_833_700_u64;
        assert_eq!(id_millis(own_1), 1_793_692_800_000);
        for ms in [0, 1, -1, DAY, -400 * DAY, 3_000 * DAY] {
            let moved = Shift { ms }.id(own_1);
            assert_eq!(id_millis(moved), 1_793_692_800_000 + ms, "{ms}");
            assert_eq!(moved & 0x3f_ffff, own_1 & 0x3f_ffff, "{ms}");
            assert_eq!(Shift { ms: -ms }.id(moved), own_1, "{ms}");
        }
    }

    #[test]
    fn addresses_urns_and_dates_move_together_and_words_stay() {
        let mut answer = json!({
            "post_url": "https://www.linkedin.com/posts/a_b-activity-7523292885811833700-BvyM",
            "comment_urn": "urn:li:comment:(activity:7523292885811833700,7524134098969213961)",
            "date": "2026-11-03T08:00:00Z",
            "created_time": 1_793_893_360_845_i64,
            "comment_text": "voir activity:7523292885811833700 du 2026-11-03T08:00:00Z",
            "messages": [{"timestamp": 1_794_906_000_000_i64, "entity_urn": "urn:li:msg_message:(1794906000000)"}],
        });
        let before = answer.clone();
        let shift = Shift { ms: DAY };
        shift.answer(&mut answer);
        let id = shift.id(7_523_292_885_811_833_700);
        assert_eq!(answer["post_url"], format!("https://www.linkedin.com/posts/a_b-activity-{id}-BvyM"));
        assert_eq!(answer["date"], "2026-11-04T08:00:00Z");
        assert_eq!(answer["created_time"], 1_793_979_760_845_i64);
        assert_eq!(answer["messages"][0]["entity_urn"], "urn:li:msg_message:(1794992400000)");
        assert_eq!(answer["comment_text"], before["comment_text"]);
        Shift { ms: -DAY }.answer(&mut answer);
        assert_eq!(answer, before);
    }
}
