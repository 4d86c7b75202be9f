//! Decides which failure an answer of Unipile speaks of: `{status, type: "errors/…", title, detail}`.

use serde_json::Value;

use crate::lenient::{field, text};
use crate::linkedin::{ErrorKind, Sent};
use crate::linkup_v1::failure::{Refusal, by_status, kind};

/// The failure a JSON answer speaks of, if it does.
pub(super) fn refusal(status: u16, body: &Value, signs_in: bool) -> Option<Refusal> {
    let code = text(body, &["type"]).filter(|code| code.starts_with("errors/"));
    let said = field(body, &["status"]).and_then(Value::as_u64).filter(|status| (400..600).contains(status));
    let success = (200..300).contains(&status);
    if success && code.is_none() && said.is_none() {
        return None;
    }
    let parts: Vec<String> = ["title", "detail", "message"].iter().filter_map(|name| text(body, &[name])).collect();
    let message = parts.join(": ");
    // The status in the body counts where HTTP says that all is well.
    let status = if success { said.and_then(|said| u16::try_from(said).ok()).unwrap_or(status) } else { status };
    let bare = by_status(status);
    let coded = code.as_deref().and_then(by_code);
    // Its own name of the error first: a text that speaks of restricted access is no stop sign.
    let kind = coded.unwrap_or_else(|| kind(status, &message, None, signs_in));
    let sent = if success { Sent::Answered } else { bare.sent };
    Some(Refusal { kind, message: if message.is_empty() { code.unwrap_or(bare.message) } else { message }, sent })
}

/// What the vendor's names of errors mean. Over LinkedIn's limit of invitations it answers `cannot_resend_yet`.
fn by_code(code: &str) -> Option<ErrorKind> {
    Some(match code.strip_prefix("errors/")? {
        "cannot_resend_yet"
        | "cannot_resend_within_24hrs"
        | "limit_exceeded"
        | "connection_limit_reached"
        | "account_restricted"
        | "checkpoint_error" => ErrorKind::Restricted,
        "already_connected" => ErrorKind::AlreadyConnected,
        "already_invited_recently" => ErrorKind::AlreadyPending,
        "no_connection_with_recipient" | "not_allowed_inmail" => ErrorKind::NotConnected,
        "disconnected_account"
        | "disconnected_feature"
        | "expired_credentials"
        | "invalid_credentials"
        | "wrong_account"
        | "multiple_sessions"
        | "invalid_account" => ErrorKind::SessionExpired,
        "missing_credentials" | "unauthorized" => ErrorKind::Unauthorized,
        "insufficient_permissions" | "insufficient_privileges" | "resource_access_restricted" => ErrorKind::Forbidden,
        "resource_not_found" | "invalid_resource_identifier" => ErrorKind::NotFound,
        "insufficient_credits" | "payment_error" | "subscription_required" | "feature_not_subscribed" => {
            ErrorKind::InsufficientCredits
        }
        "invalid_recipient"
        | "blocked_recipient"
        | "user_unreachable"
        | "cannot_invite_attendee"
        | "invalid_post"
        | "action_already_performed" => ErrorKind::Refused,
        "too_many_requests" => ErrorKind::RateLimited,
        "unexpected_error" | "provider_error" | "service_unavailable" | "network_down" => ErrorKind::VendorDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(status: u16, code: &str, expected: ErrorKind, sent: Sent) {
        let body = json!({"status": status, "type": format!("errors/{code}"), "title": "No", "detail": "because"});
        let found = refusal(status, &body, false).expect("a refusal");
        assert_eq!((found.kind, found.sent, found.message.as_str()), (expected, sent, "No: because"), "{code}");
    }

    #[test]
    fn the_vendors_names_are_understood() {
        check(422, "cannot_resend_yet", ErrorKind::Restricted, Sent::Answered);
        check(422, "already_invited_recently", ErrorKind::AlreadyPending, Sent::Answered);
        check(422, "no_connection_with_recipient", ErrorKind::NotConnected, Sent::Answered);
        check(422, "invalid_message", ErrorKind::BadRequest, Sent::Answered);
        check(401, "disconnected_account", ErrorKind::SessionExpired, Sent::Answered);
        check(401, "missing_credentials", ErrorKind::Unauthorized, Sent::Answered);
        check(429, "too_many_requests", ErrorKind::RateLimited, Sent::Answered);
        check(500, "unexpected_error", ErrorKind::VendorDown, Sent::Maybe);
        check(404, "a_new_name", ErrorKind::NotFound, Sent::Answered);
    }

    #[test]
    fn a_success_that_speaks_of_an_error_is_one() {
        let body = json!({"status": 422, "type": "errors/already_connected"});
        assert!(refusal(200, &body, false).is_some_and(|found| found.kind == ErrorKind::AlreadyConnected));
        assert_eq!(refusal(200, &json!({"object": "UserInvitationSent"}), false), None);
        assert_eq!(refusal(201, &json!({"type": "INDIVIDUAL", "status": "OK"}), false), None);
    }
}
