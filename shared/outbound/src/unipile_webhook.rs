//! Webhooks from Unipile, which signs nothing: each delivery bears a secret of ours in a header, given when the webhook
//! was made. Verified before anything is parsed; what comes out has the shape of any provider's event.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::lenient::{field, instant, text};
use crate::linkup_webhook::{Event, EventKind, InboundMessage, NewConnection, Unverified, cut};

/// The header that bears the secret.
pub const SECRET_HEADER: &str = "Unipile-Auth";
/// The shortest secret that counts, in bytes.
const SECRET_MIN_BYTES: usize = 16;

/// Checks a delivery: its secret is one of those in force, compared in constant time.
/// Source: docs/rules.md, "Webhooks".
///
/// # Errors
/// Why it is not believed.
pub fn verify(secrets: &[SecretString], given: Option<&str>) -> Result<(), Unverified> {
    let given = given.ok_or(Unverified::Unsigned)?.as_bytes();
    let known = secrets.iter().map(|secret| secret.expose_secret().as_bytes()).filter(|secret| secret.len() >= SECRET_MIN_BYTES);
    // Every secret is compared, so that the time tells nothing.
    let valid = known.fold(false, |valid, secret| valid | bool::from(given.ct_eq(secret)));
    if valid { Ok(()) } else { Err(Unverified::Signature) }
}

/// Reads a delivery that [`verify`] has passed; never fails.
pub fn parse(body: &[u8]) -> Event {
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let status = field(&body, &["AccountStatus"]).filter(|status| status.is_object());
    let account_id = text(&body, &["account_id"]).or_else(|| status.and_then(|status| text(status, &["account_id"])));
    let kind = match (text(&body, &["event"]).as_deref(), status) {
        (_, Some(status)) => account_status(status),
        (Some("message_received"), _) => message(&body),
        (Some("new_relation"), _) => new_relation(&body),
        _ => EventKind::Unknown,
    };
    Event { account_id, event_id: text(&body, &["message_id", "event_id"]), kind }
}

/// Words of an account that has to be connected again.
const ENDED: [&str; 6] = ["CREDENTIALS", "ERROR", "STOPPED", "DELETED", "PERMISSIONS", "DISCONNECTED"];

fn account_status(status: &Value) -> EventKind {
    let word = text(status, &["message", "status"]).unwrap_or_default().to_ascii_uppercase();
    if ENDED.contains(&word.as_str()) { EventKind::Disconnection { reason: Some(cut(&word)) } } else { EventKind::Unknown }
}

fn message(body: &Value) -> EventKind {
    let nobody = Value::Null;
    let sender = field(body, &["sender"]).unwrap_or(&nobody);
    let owner = field(body, &["account_info"]).and_then(|info| text(info, &["user_id"]));
    let id = text(sender, &["attendee_provider_id"]);
    if owner.is_some() && owner == id {
        return EventKind::Own;
    }
    let by_id = id.map(|id| format!("https://www.linkedin.com/in/{id}"));
    EventKind::Message(InboundMessage {
        sender_url: text(sender, &["attendee_profile_url"]).or(by_id),
        sender_name: text(sender, &["attendee_name"]),
        text: text(body, &["message"]).map(|text| cut(&text)),
        at: instant(body, &["timestamp"]),
    })
}

/// Flat, or inside `user`, as one document has it.
fn new_relation(body: &Value) -> EventKind {
    let user = field(body, &["user"]).filter(|user| user.is_object()).unwrap_or(body);
    let either = |names: &[&str]| text(user, names).or_else(|| text(body, names));
    let by = |names: &[&str]| either(names).map(|key| format!("https://www.linkedin.com/in/{key}"));
    let profile_url = either(&["user_profile_url", "profile_url"])
        .or_else(|| by(&["user_public_identifier", "public_identifier"]))
        .or_else(|| by(&["user_provider_id", "provider_id"]));
    let name = either(&["user_full_name", "full_name", "name"]);
    let person = NewConnection { profile_url, name };
    let known = person.profile_url.is_some() || person.name.is_some();
    EventKind::AcceptedInvitation(if known { vec![person] } else { Vec::new() })
}
