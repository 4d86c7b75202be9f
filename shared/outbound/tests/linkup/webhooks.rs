//! Webhooks: the recorded deliveries, the edges of the clock, and mutations.

use jiff::{SignedDuration, Timestamp};
use outbound::linkup_webhook::*;
use secrecy::SecretString;
use serde_json::Value;

use crate::vendor::recorded_json;

fn secret() -> SecretString {
    recorded_json("webhooks/secret.json")["secret"].as_str().unwrap().to_owned().into()
}

struct Delivery {
    timestamp: Option<String>,
    signature: Option<String>,
    body: String,
    now: Timestamp,
    case: Value,
}

fn delivery(file: &str) -> Delivery {
    let case = recorded_json(&format!("webhooks/{file}"));
    let header = |name: &str| case["headers"][name].as_str().map(str::to_owned);
    Delivery {
        timestamp: header(TIMESTAMP_HEADER),
        signature: header(SIGNATURE_HEADER),
        body: case["body_raw"].as_str().unwrap().to_owned(),
        now: Timestamp::from_second(case["now"].as_i64().unwrap()).unwrap(),
        case,
    }
}

fn verify(delivery: &Delivery) -> Result<(), Unverified> {
    let (timestamp, signature) = (delivery.timestamp.as_deref(), delivery.signature.as_deref());
    verify_v2(&[secret()], timestamp, signature, delivery.body.as_bytes(), delivery.now)
}

#[test]
fn every_recorded_delivery_is_accepted_or_refused_as_expected() {
    let folder = format!("{}/tests/data/linkup/webhooks", env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        if !file.starts_with("v2-") {
            continue;
        }
        let delivery = delivery(&file);
        let expected = delivery.case["expect_status"].as_u64().unwrap();
        assert_eq!(verify(&delivery).is_ok(), expected == 200, "{file}: {:?}", verify(&delivery));
        seen += 1;
    }
    assert_eq!(seen, 10);
    assert_eq!(verify(&delivery("v2-stale.json")), Err(Unverified::Stale));
    assert_eq!(verify(&delivery("v2-no-signature.json")), Err(Unverified::Unsigned));
    assert_eq!(verify(&delivery("v2-bad-signature.json")), Err(Unverified::Signature));
    assert_eq!(verify(&delivery("v2-body-changed.json")), Err(Unverified::Signature));
}

#[test]
fn a_delivery_counts_for_five_minutes_either_way() {
    let mut delivery = delivery("v2-message.json");
    let signed_at = Timestamp::from_second(delivery.timestamp.as_deref().unwrap().parse().unwrap()).unwrap();
    for (seconds, accepted) in [(299, true), (300, true), (301, false), (-300, true), (-301, false)] {
        delivery.now = signed_at.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        assert_eq!(verify(&delivery).is_ok(), accepted, "{seconds} s");
    }
}

#[test]
fn both_secrets_hold_while_one_is_rotated() {
    let delivery = delivery("v2-message.json");
    let headers = (delivery.timestamp.as_deref(), delivery.signature.as_deref());
    let newer: SecretString = "newer".to_owned().into();
    let check = |secrets: &[SecretString]| verify_v2(secrets, headers.0, headers.1, delivery.body.as_bytes(), delivery.now);
    assert_eq!(check(&[newer.clone(), secret()]), Ok(()));
    assert_eq!(check(&[newer]), Err(Unverified::Signature));
    assert_eq!(check(&[]), Err(Unverified::Signature));
}

#[test]
fn no_mutation_of_one_byte_is_accepted() {
    let original = delivery("v2-message.json");
    let (timestamp, signature) = (original.timestamp.clone().unwrap(), original.signature.clone().unwrap());
    let mutate = |bytes: &[u8], index: usize, mask: u8| {
        let mut changed = bytes.to_vec();
        changed[index] ^= mask;
        changed
    };
    let mut tried = 0;
    for mask in (0..8).map(|bit| 1 << bit).chain([0xff, 0x55, 0x33, 0x0f]) {
        for index in 0..original.body.len() {
            let body = mutate(original.body.as_bytes(), index, mask);
            let verdict = verify_v2(&[secret()], Some(&timestamp), Some(&signature), &body, original.now);
            assert_eq!(verdict, Err(Unverified::Signature), "body {index} {mask:#x}");
            tried += 1;
        }
        for index in 0..signature.len() {
            let Ok(signature) = String::from_utf8(mutate(signature.as_bytes(), index, mask)) else {
                continue;
            };
            let verdict = verify_v2(&[secret()], Some(&timestamp), Some(&signature), original.body.as_bytes(), original.now);
            assert!(verdict.is_err(), "signature {index} {mask:#x}");
            tried += 1;
        }
        for index in 0..timestamp.len() {
            let Ok(timestamp) = String::from_utf8(mutate(timestamp.as_bytes(), index, mask)) else {
                continue;
            };
            let verdict = verify_v2(&[secret()], Some(&timestamp), Some(&signature), original.body.as_bytes(), original.now);
            assert!(verdict.is_err(), "timestamp {index} {mask:#x}");
            tried += 1;
        }
    }
    assert!(tried > 4_000, "{tried}");
    for (timestamp, signature) in [
        (format!(" {timestamp}"), signature.clone()),
        (format!("+{timestamp}"), signature.clone()),
        (timestamp.clone(), signature.replace("v1=", "v2=")),
        (timestamp.clone(), signature.to_uppercase()),
        (timestamp.clone(), format!("{signature}00")),
        (timestamp.clone(), "v1=".to_owned()),
        (String::new(), signature.clone()),
        ("9".repeat(12), signature.clone()),
    ] {
        let verdict = verify_v2(&[secret()], Some(&timestamp), Some(&signature), original.body.as_bytes(), original.now);
        assert!(verdict.is_err(), "{timestamp} {signature}");
    }
}

#[test]
fn events_are_read() {
    let kind = |file: &str| {
        let event = parse_v2(delivery(file).body.as_bytes());
        assert_eq!(event.account_id.as_deref(), Some("acc_claire"), "{file}");
        event.kind
    };
    let EventKind::Message(message) = kind("v2-message.json") else { panic!("no message") };
    assert_eq!(message.sender_name.as_deref(), Some("Mehdi Monfort"));
    assert_eq!(message.sender_url.as_deref(), Some("https://www.linkedin.com/in/ACoAANB7VQuMlMgoSZVOWUVbETD3_g1VfO969XI"));
    assert_eq!(message.text.as_deref(), Some("Oui, jeudi 14 h me convient. À bientôt 🙂"));
    assert_eq!(message.at.map(Timestamp::as_millisecond), Some(1_795_024_796_000), "delivery, not the event's own time");
    assert_eq!(kind("v2-reordered-whitespace.json"), EventKind::Message(message));
    assert!(
        matches!(kind("v2-message-received.json"), EventKind::Message(m) if m.text.as_deref() == Some("Pas pour nous, merci."))
    );
    let EventKind::AcceptedInvitation(people) = kind("v2-accepted-invitation.json") else { panic!("nobody accepted") };
    let names: Vec<_> = people.iter().filter_map(|person| person.name.as_deref()).collect();
    assert_eq!(names, ["Hélène Fabron", "Manon Caumont"]);
    assert_eq!(kind("v2-disconnection.json"), EventKind::Disconnection { reason: Some("session expired".into()) });
    assert_eq!(kind("v2-unknown.json"), EventKind::Unknown);
}

#[test]
fn a_v1_delivery_is_a_hint_or_nothing() {
    let Hint::Message(hint) = parse_v1(delivery("v1-message.json").body.as_bytes()) else { panic!("no hint") };
    assert_eq!(hint.sender_name.as_deref(), Some("Mehdi Monfort"));
    assert_eq!(hint.text.as_deref(), Some("Oui, jeudi 14 h me convient."));
    assert_eq!(hint.at.map(Timestamp::as_second), Some(1_795_024_800));
    assert_eq!(parse_v1(delivery("v1-unknown-shape.json").body.as_bytes()), Hint::Unknown);

    let nested = r#"{"event":{"type":"message","sender":{"profile_url":"https://www.linkedin.com/in/ada"},"message_text":"Hi"}}"#;
    assert!(matches!(parse_v1(nested.as_bytes()), Hint::Message(hint) if hint.text.as_deref() == Some("Hi")));
    for nothing in ["", "null", "[]", "\u{0}", "{\"sender\":{}}", "{\"event\":\"message\"}", "<html>"] {
        assert_eq!(parse_v1(nothing.as_bytes()), Hint::Unknown, "{nothing:?}");
        assert_eq!(parse_v2(nothing.as_bytes()).kind, EventKind::Unknown, "{nothing:?}");
    }
}

#[test]
fn an_endless_text_is_cut() {
    let body = format!(r#"{{"sender":{{"name":"Ada"}},"message":"{}"}}"#, "é".repeat(50_000));
    let Hint::Message(hint) = parse_v1(body.as_bytes()) else { panic!("no hint") };
    assert_eq!(hint.text.map(|text| text.chars().count()), Some(20_000));
}

/// How many mutations are tried; `WEBHOOK_MUTATIONS` sets another number for long runs.
const MUTATIONS: u64 = 5_000;

#[test]
fn no_seeded_mutation_of_any_delivery_is_accepted() {
    let asked = std::env::var("WEBHOOK_MUTATIONS").ok().and_then(|count| count.parse().ok());
    let files = ["v2-message.json", "v2-accepted-invitation.json", "v2-disconnection.json", "v2-reordered-whitespace.json"];
    let originals = files.map(delivery);
    for seed in 0..asked.unwrap_or(MUTATIONS) {
        let mut draw = Draw(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995);
        let original = &originals[draw.below(originals.len())];
        let (timestamp, signature) = (original.timestamp.clone().unwrap(), original.signature.clone().unwrap());
        let mut parts = [original.body.clone().into_bytes(), signature.clone().into_bytes(), timestamp.clone().into_bytes()];
        for _ in 0..=draw.below(3) {
            let part = draw.below(parts.len());
            mutate(&mut parts[part], &mut draw);
        }
        let [body, new_signature, new_timestamp] = parts;
        if body == original.body.as_bytes() && new_signature == signature.as_bytes() && new_timestamp == timestamp.as_bytes() {
            continue;
        }
        let (Ok(new_signature), Ok(new_timestamp)) = (String::from_utf8(new_signature), String::from_utf8(new_timestamp)) else {
            continue;
        };
        let verdict = verify_v2(&[secret()], Some(&new_timestamp), Some(&new_signature), &body, original.now);
        assert!(verdict.is_err(), "seed {seed}");
    }
}

/// Numbers from a seed, the same every time.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn mutate(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let at = draw.below(bytes.len());
    match draw.below(5) {
        0 => bytes[at] ^= 1 << draw.below(8),
        1 => bytes.insert(at, (draw.next() & 0x7f) as u8),
        2 => drop(bytes.remove(at)),
        3 => bytes.truncate(at),
        _ => {
            let other = draw.below(bytes.len());
            bytes.swap(at, other);
        }
    }
    if bytes.is_empty() {
        bytes.push(b'0');
    }
}
