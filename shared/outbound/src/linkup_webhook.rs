//! Webhooks from LinkupAPI: V1 hints, which nobody signs, and V2 events, which are.
//!
//! Verify over the raw bytes before parsing. What comes out is data about what
//! may have happened: a V1 hint is followed by reading the conversation.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::lenient::{field, instant, text};

/// Header with the instant of signing, epoch seconds.
pub const TIMESTAMP_HEADER: &str = "X-Linkup-Timestamp";
/// Header with `v1=<lower-case hex>`.
pub const SIGNATURE_HEADER: &str = "X-Linkup-Signature";
/// How far the sender's clock may be from ours, either way.
pub const SKEW_MAX: SignedDuration = SignedDuration::from_secs(300);
/// Longest text taken out of a hint or an event, in characters.
const TEXT_MAX_CHARS: usize = 20_000;
/// Most people taken out of one event.
const PEOPLE_MAX: usize = 1_000;

/// Why a delivery is not believed; answered with 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    #[error("the timestamp or signature header is missing")]
    Unsigned,
    #[error("the timestamp is no number of seconds")]
    Timestamp,
    #[error("the delivery is older or newer than five minutes")]
    Stale,
    #[error("the signature does not match")]
    Signature,
}

/// Checks a V2 delivery: HMAC-SHA256 over `<timestamp>.<raw body>`, within five minutes.
///
/// `secrets` are those in force, two while one is rotated. Compared in constant
/// time. Source: docs/rules.md, "Webhooks".
pub fn verify_v2(
    secrets: &[SecretString],
    timestamp: Option<&str>,
    signature: Option<&str>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Unverified> {
    let (Some(timestamp), Some(signature)) = (timestamp, signature) else {
        return Err(Unverified::Unsigned);
    };
    // Strict to the letter: whatever else is let through is another way to say the same thing twice.
    let plain = (1..=12).contains(&timestamp.len()) && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let signed_at = plain
        .then(|| timestamp.parse().ok())
        .flatten()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(Unverified::Timestamp)?;
    if now.duration_since(signed_at).abs() > SKEW_MAX {
        return Err(Unverified::Stale);
    }
    let valid = secrets.iter().any(|secret| {
        let expected = format!("v1={}", hex::encode(sign(secret, timestamp, body)));
        bool::from(signature.as_bytes().ct_eq(expected.as_bytes()))
    });
    if valid { Ok(()) } else { Err(Unverified::Signature) }
}

fn sign(secret: &SecretString, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// A message somebody may have written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboundMessage {
    /// Often an `/in/ACoAA…` URL: match by member id, then URL, never by name alone.
    pub sender_url: Option<String>,
    pub sender_name: Option<String>,
    /// At most 20,000 characters.
    pub text: Option<String>,
    pub at: Option<Timestamp>,
}

/// A V1 delivery: unsigned, undocumented, so never more than a reason to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    Message(InboundMessage),
    /// Nothing recognisable: keep it, answer 2xx, change nothing.
    Unknown,
}

/// Reads a V1 delivery, whatever its shape; never fails.
pub fn parse_v1(body: &[u8]) -> Hint {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Hint::Unknown;
    };
    let places = [&["event"][..], &["data"], &["payload"], &["message"]];
    let inner = places.iter().filter_map(|name| field(&body, name)).filter(|part| part.is_object());
    let found =
        std::iter::once(&body).chain(inner).map(message).find(|found| found.sender_url.is_some() || found.sender_name.is_some());
    found.map_or(Hint::Unknown, Hint::Message)
}

/// A verified event of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The vendor's id of the account, where told.
    pub account_id: Option<String>,
    /// The vendor's id of the event, where told: the key against doubles.
    pub event_id: Option<String>,
    pub kind: EventKind,
}

/// What a verified event tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    Message(InboundMessage),
    /// What the account itself wrote.
    Own,
    AcceptedInvitation(Vec<NewConnection>),
    Disconnection {
        /// The vendor's words, shown to the account's owner.
        reason: Option<String>,
    },
    /// A kind not met before: keep it, answer 2xx, change nothing.
    Unknown,
}

/// A person who accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConnection {
    pub profile_url: Option<String>,
    pub name: Option<String>,
}

/// Reads a V2 delivery that [`verify_v2`] has passed; never fails.
pub fn parse_v2(body: &[u8]) -> Event {
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let event = field(&body, &["event"]).filter(|event| event.is_object()).unwrap_or(&body);
    let name = text(event, &["type", "event_type"]).unwrap_or_default();
    let kind = match name.as_str() {
        "message" | "message_received" => EventKind::Message(message(event)),
        "accepted_invitation" => EventKind::AcceptedInvitation(new_connections(event)),
        "disconnection" => EventKind::Disconnection { reason: text(event, &["reason"]).map(|reason| cut(&reason)) },
        _ => EventKind::Unknown,
    };
    Event {
        account_id: text(&body, &["account_id"]),
        event_id: text(&body, &["event_id"]).or_else(|| text(event, &["event_id", "id"])),
        kind,
    }
}

fn message(item: &Value) -> InboundMessage {
    let nobody = Value::Null;
    let sender = field(item, &["sender", "from", "participant"]).unwrap_or(&nobody);
    let metadata = field(item, &["metadata"]).unwrap_or(&nobody);
    let name_alone = || sender.as_str().map(str::to_owned).filter(|name| !name.trim().is_empty());
    InboundMessage {
        sender_url: text(sender, &["profile_url", "linkedin_url"]).or_else(|| text(item, &["sender_profile_url", "profile_url"])),
        sender_name: text(sender, &["name", "full_name"]).or_else(|| text(item, &["sender_name"])).or_else(name_alone),
        text: text(item, &["message_text", "text", "message"]).map(|text| cut(&text)),
        at: instant(metadata, &["delivered_at"]).or_else(|| instant(item, &["timestamp", "time", "delivered_at", "created_at"])),
    }
}

fn new_connections(event: &Value) -> Vec<NewConnection> {
    let listed = field(event, &["new_connections", "connections"]).and_then(Value::as_array);
    let people = listed.into_iter().flatten().take(PEOPLE_MAX).map(|item| NewConnection {
        profile_url: text(item, &["profile_url", "linkedin_url"]),
        name: text(item, &["name", "full_name"]),
    });
    people.filter(|person| person.profile_url.is_some() || person.name.is_some()).collect()
}

pub(crate) fn cut(text: &str) -> String {
    text.chars().take(TEXT_MAX_CHARS).collect()
}
