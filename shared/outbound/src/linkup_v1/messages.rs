//! Reads LinkupAPI's answers about invitations, messages, publications, webhooks and logins.

use secrecy::SecretString;
use serde_json::Value;

use super::reading::{Unread, data, data_or_body, items};
use crate::lenient::{count, degree, field, flag, instant, text};
use crate::linkedin::*;

/// An action was done only where the answer says so in some form.
pub fn done(body: &Value) -> Result<(), Unread> {
    let status = field(body, &["status"]).and_then(Value::as_str);
    let said = status.is_some_and(|status| matches!(status.to_ascii_lowercase().as_str(), "success" | "ok"));
    let succeeded = flag(body, &["success"]) == Some(true);
    if said || succeeded || data(body).is_some() { Ok(()) } else { Err(Unread("confirmation")) }
}

/// How the account stands with a person.
pub fn invitation_status(body: &Value) -> Result<InvitationStatus, Unread> {
    let data = data_or_body(body);
    let word = text(&data, &["invitation_state"]);
    let kind = text(&data, &["invitation_type"]).map(|kind| kind.to_ascii_uppercase());
    let distance = degree(&data, &["member_distance", "distance"]);
    if word.is_none() && kind.is_none() && distance.is_none() {
        return Err(Unread("invitation state"));
    }
    let word = word.unwrap_or_default();
    let state = match word.trim().to_ascii_uppercase().as_str() {
        "ACCEPTED" | "CONNECTED" => InvitationState::Accepted,
        "PENDING" => InvitationState::Pending,
        "NO_INVITATION" | "NONE" => InvitationState::None,
        _ => InvitationState::Unknown(word),
    };
    Ok(InvitationStatus { state, kind, invitation_id: text(&data, &["invitation_id"]), distance })
}

/// What an invitation answered.
pub fn invitation_receipt(body: &Value) -> Result<InvitationReceipt, Unread> {
    done(body)?;
    let raw = data(body).unwrap_or_default().into_owned();
    Ok(InvitationReceipt { invitation_id: text(&raw, &["invitation_id", "invitation_urn"]), raw })
}

/// What a sent message answered; the oldest version brings no data.
pub fn message_receipt(body: &Value) -> Result<MessageReceipt, Unread> {
    done(body)?;
    let raw = data(body).unwrap_or_default().into_owned();
    Ok(MessageReceipt {
        message_urn: text(&raw, &["entity_urn", "message_urn", "message_id"]),
        conversation_id: text(&raw, &["conversation_id"]),
        delivered_at: instant(&raw, &["delivered_at"]),
        raw,
    })
}

/// What a publication answered, often nothing but success.
pub fn created_post(body: &Value) -> Result<CreatedPost, Unread> {
    done(body)?;
    let raw = data_or_body(body).into_owned();
    Ok(CreatedPost {
        post_url: text(&raw, &["post_url", "url"]),
        post_urn: text(&raw, &["post_urn", "urn", "activity_urn"]),
        raw,
    })
}

/// The conversation with one person, newest first as the vendor orders it.
pub fn conversation(body: &Value) -> Result<Conversation, Unread> {
    let messages = items(body, &["messages"], "messages")?;
    let raw = data_or_body(body).into_owned();
    Ok(Conversation {
        conversation_id: text(&raw, &["conversation_id"]),
        other_count: count(&raw, &["total_other_member_message_count"]),
        messages: messages.iter().filter(|item| item.is_object()).map(message).collect(),
        raw,
    })
}

fn message(item: &Value) -> ConversationMessage {
    let full_name = field(item, &["sender_info"]).and_then(|info| {
        let parts: Vec<String> = text(info, &["first_name"]).into_iter().chain(text(info, &["last_name"])).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    ConversationMessage {
        text: text(item, &["text", "message_text", "message"]).unwrap_or_default(),
        at: instant(item, &["timestamp", "time", "delivered_at", "created_at"]),
        sender_name: text(item, &["sender", "sender_name"]).or(full_name),
        kind: text(item, &["message_type", "type"]),
        urn: text(item, &["entity_urn", "message_urn"]),
    }
}

/// One page of the inbox.
pub fn inbox(body: &Value) -> Result<InboxPage, Unread> {
    let conversations = items(body, &["conversations"], "conversations")?;
    let threads = conversations.into_iter().filter(Value::is_object).map(thread).collect();
    let next_cursor = text(&data_or_body(body), &["next_cursor"]).or_else(|| text(body, &["next_cursor"]));
    Ok(InboxPage { threads, next_cursor })
}

fn thread(raw: Value) -> InboxThread {
    let nothing = Value::Null;
    let part = |names: &[&str]| field(&raw, names).unwrap_or(&nothing);
    let (participant, last) = (part(&["participant"]), part(&["last_message"]));
    let sender = field(last, &["sender"]).unwrap_or(&nothing);
    InboxThread {
        conversation_id: text(&raw, &["conversation_id"]),
        participant_name: text(participant, &["name", "full_name"]),
        participant_headline: text(participant, &["headline", "job_title"]),
        participant_url: text(participant, &["profile_url", "linkedin_url"]),
        last_text: text(last, &["text", "message_text"]),
        last_at: instant(last, &["time", "timestamp", "delivered_at"]),
        last_sender_name: text(sender, &["name"]).or_else(|| text(last, &["sender", "sender_name"])),
        last_sender_url: text(sender, &["profile_url", "linkedin_url"]),
        unread: count(&raw, &["unread", "unread_count"]),
        raw,
    }
}

/// A registered webhook, without the session's token the vendor echoes.
pub fn webhook_account(body: &Value) -> Result<WebhookAccount, Unread> {
    let account = data_or_body(body);
    Ok(WebhookAccount {
        id: text(&account, &["id", "account_id"]).ok_or(Unread("webhook id"))?,
        account_name: text(&account, &["account_name"]),
        webhook_url: text(&account, &["webhook_url"]).map(SecretString::from),
        is_active: flag(&account, &["is_active"]).unwrap_or(false),
        secret: None,
    })
}

/// All registered webhooks; one without an id cannot be managed and is left out.
pub fn webhook_accounts(body: &Value) -> Result<Vec<WebhookAccount>, Unread> {
    let accounts = items(body, &["accounts"], "webhook accounts")?;
    Ok(accounts.iter().filter_map(|account| webhook_account(account).ok()).collect())
}

/// Whether monitoring runs; the vendor must say it, since it bills by the day.
pub fn webhook_state(body: &Value, webhook_id: &str) -> Result<WebhookState, Unread> {
    let data = data_or_body(body);
    Ok(WebhookState {
        id: text(&data, &["account_id", "id"]).unwrap_or_else(|| webhook_id.to_owned()),
        is_active: flag(&data, &["is_active"]).ok_or(Unread("monitoring state"))?,
    })
}

/// A token, or a code on its way; a success without either is neither.
pub fn login_outcome(body: &Value) -> Result<LoginOutcome, Unread> {
    let inside = || data(body).and_then(|data| text(&data, &["login_token"]));
    if let Some(token) = text(body, &["login_token"]).or_else(inside) {
        return Ok(LoginOutcome::Session(token.into()));
    }
    let message = text(body, &["message"]).unwrap_or_default().to_lowercase();
    let asks_for_code = ["code", "verification", "verify", "check your email"].iter().any(|word| message.contains(word));
    if asks_for_code || text(body, &["email"]).is_some() { Ok(LoginOutcome::CodeRequired) } else { Err(Unread("session")) }
}
