//! Mutations of JSON that stay near what a provider sends: other types, other places, other names, extremes.

use crate::mutate::{Seed, nasty_text};
use crate::random::Random;
use crate::tokens::RAW_JSON;
use serde_json::{Map, Value, json};

/// Stands in for a piece of [`RAW_JSON`] until the value is written.
const RAW: &str = "\u{e000}raw";
/// Levels of a deep nesting, on both sides of what a parser takes.
const LEVELS: [usize; 4] = [10, 100, 127, 600];

/// A value like `seed`, written.
pub fn mutated(seed: &Value, seeds: &[Seed], rounds: usize, random: &mut Random) -> Vec<u8> {
    let mut value = seed.clone();
    for _ in 0..rounds {
        let mut place = random.below(count(&value));
        if let Some(node) = nth(&mut value, &mut place) {
            mutate(node, seeds, random);
        }
    }
    let mut text = value.to_string();
    let mark = format!("\"{RAW}\"");
    while text.contains(&mark) {
        text = text.replacen(&mark, &raw(random), 1);
    }
    text.into_bytes()
}

fn raw(random: &mut Random) -> String {
    if random.once_in(8) {
        let levels = *random.pick(&LEVELS);
        let (open, close) = *random.pick(&[("[", "]"), ("{\"data\":", "}")]);
        return format!("{}0{}", open.repeat(levels), close.repeat(levels));
    }
    (*random.pick(RAW_JSON)).to_owned()
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

fn nth<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, place)),
        Value::Object(map) => map.values_mut().find_map(|item| nth(item, place)),
        _ => None,
    }
}

fn mutate(node: &mut Value, seeds: &[Seed], random: &mut Random) {
    match (random.below(12), &mut *node) {
        (0..=2, Value::Object(map)) => mutate_map(map, random),
        (0..=2, Value::Array(items)) => mutate_list(items, random),
        (0..=2, Value::String(text)) => *text = mutated_text(text, random),
        (0..=3, _) => *node = RAW.into(),
        (4, _) => *node = Value::Null,
        (5, _) => *node = nasty_text(random).into(),
        (6, _) => *node = Value::Array(vec![node.take()]),
        (7, _) => *node = json!({ *random.pick(&["name", "data", "text", "value", "results"]): node.take() }),
        // As text, the way some answers bring their data.
        (8, _) => *node = node.to_string().into(),
        (9, _) => *node = as_number(node, random),
        (10, _) => *node = random.once_in(2).into(),
        _ => {
            let other = random.pick(seeds).value.clone().unwrap_or_default();
            let mut other = other;
            let mut place = random.below(count(&other));
            *node = nth(&mut other, &mut place).map(Value::take).unwrap_or_default();
        }
    }
}

fn mutate_map(map: &mut Map<String, Value>, random: &mut Random) {
    let keys: Vec<String> = map.keys().cloned().collect();
    if keys.is_empty() {
        map.insert(nasty_text(random), Value::Null);
        return;
    }
    let key = random.pick(&keys).clone();
    let value = map.remove(&key).unwrap_or_default();
    match random.below(5) {
        0 => {}
        1 => drop(map.insert(key.to_uppercase(), value)),
        2 => drop(map.insert(key.replace('_', ""), value)),
        3 => {
            let other = random.pick(&keys).clone();
            map.insert(other, value);
        }
        _ => {
            map.insert(key, Value::Null);
            map.insert(nasty_text(random), value);
        }
    }
}

fn mutate_list(items: &mut Vec<Value>, random: &mut Random) {
    let place = random.below(items.len());
    match random.below(4) {
        0 if !items.is_empty() => drop(items.remove(place)),
        1 if !items.is_empty() => {
            let again = vec![items[place].clone(); 1 + random.below(12)];
            items.extend(again);
        }
        2 => items.clear(),
        _ => items.insert(place, RAW.into()),
    }
}

fn mutated_text(text: &str, random: &mut Random) -> String {
    let cut: String = text.chars().take(random.below(text.chars().count() + 1)).collect();
    match random.below(3) {
        0 => cut,
        1 => format!("{cut}{}{}", nasty_text(random), &text[cut.len()..]),
        _ => text.repeat(2 + random.below(10)),
    }
}

fn as_number(node: &Value, random: &mut Random) -> Value {
    let plain = node.as_str().and_then(|text| text.parse::<i64>().ok());
    let extremes = [0, -1, 1, i64::MAX, i64::MIN, i64::from(u32::MAX), 253_402_300_799_999, 7_523_292_885_811_833_700];
    plain.filter(|_| random.once_in(2)).unwrap_or_else(|| *random.pick(&extremes)).into()
}
