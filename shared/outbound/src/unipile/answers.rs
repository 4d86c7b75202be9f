//! Reads Unipile's answers into the product's own words.

use secrecy::SecretString;
use serde_json::Value;

use crate::lenient::{as_text, count, field, flag, instant, text};
use crate::linkedin::*;
use crate::linkup_v1::people;
use crate::linkup_v1::reading::{self, Unread};

/// A page of `items`; whether another follows, the cursor says.
fn paged<T>(body: &Value, page: u32, lacking: &'static str, row: fn(Value) -> T) -> Result<Paged<T>, Unread> {
    let rows = reading::paged(body, items(body, lacking)?, page, row);
    let has_next = next_cursor(body).is_some() && rows.page.returned > 0;
    let available = count(body, &["total_items", "total_count"]);
    Ok(Paged { page: PageInfo { available, has_next, ..rows.page }, ..rows })
}

fn items(body: &Value, lacking: &'static str) -> Result<Vec<Value>, Unread> {
    reading::items(body, &["items"], lacking)
}

/// Where the next page starts; null at the end.
pub(super) fn next_cursor(body: &Value) -> Option<String> {
    let inside = || field(body, &["paging"]).and_then(|paging| text(paging, &["cursor"]));
    text(body, &["cursor"]).or_else(inside)
}

/// A page of a list that is gone on with by its address.
pub(super) fn onward<T>(rows: Paged<T>, body: &Value, address: &str) -> Paged<T> {
    Paged { address: Some(with_cursor(address, next_cursor(body).as_deref())), ..rows }
}

/// Something the vendor did: it names what it made.
fn made(body: &Value, object: &str) -> bool {
    text(body, &["object"]).is_some_and(|said| said == object)
}

/// A deletion, confirmed by any answer that names its object or is empty.
pub(super) fn ended(body: &Value) -> Result<(), Unread> {
    if text(body, &["object"]).is_some() { Ok(()) } else { Err(Unread("confirmation")) }
}

/// `DISTANCE_2`, `SECOND_DEGREE`, `2`.
fn distance(item: &Value) -> Option<u8> {
    let word = text(item, &["network_distance"])?.to_ascii_uppercase();
    match word.as_str() {
        "FIRST_DEGREE" | "DISTANCE_1" | "1" => Some(1),
        "SECOND_DEGREE" | "DISTANCE_2" | "2" => Some(2),
        "THIRD_DEGREE" | "DISTANCE_3" | "3" => Some(3),
        _ => None,
    }
}

fn address_of_id(id: &str) -> String {
    format!("https://www.linkedin.com/in/{id}")
}

/// The address of whoever an author or a user is, by its own field, its vanity name or its id.
fn person_url(item: &Value) -> Option<String> {
    let slug = || text(item, &["public_identifier"]).map(|slug| address_of_id(&slug));
    let id = || text(item, &["provider_id", "id"]).filter(|id| id.starts_with("AC") || id.starts_with("AD"));
    text(item, &["profile_url", "public_profile_url"]).or_else(slug).or_else(|| id().map(|id| address_of_id(&id)))
}

fn both_names(item: &Value) -> Option<String> {
    let parts: Vec<String> = ["first_name", "last_name"].iter().filter_map(|name| text(item, &[name])).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The reactions to a post.
pub(super) fn reactions(body: &Value, page: u32) -> Result<Paged<ReactionRow>, Unread> {
    paged(body, page, "reactions", |raw| {
        let nobody = Value::Null;
        let author = field(&raw, &["author"]).unwrap_or(&nobody);
        ReactionRow {
            name: text(author, &["name"]),
            headline: text(author, &["headline"]),
            profile_url: person_url(author),
            actor_urn: text(author, &["id"]),
            reaction: text(&raw, &["value"]).as_deref().and_then(ReactionKind::from_wire),
            degree: distance(author),
            raw,
        }
    })
}

/// The comments on a post; the author's name stands beside their details.
pub(super) fn comments(body: &Value, page: u32) -> Result<Paged<CommentRow>, Unread> {
    paged(body, page, "comments", |raw| {
        let nobody = Value::Null;
        let author = field(&raw, &["author_details"]).unwrap_or(&nobody);
        CommentRow {
            comment_urn: text(&raw, &["id"]),
            tracking_id: None,
            text: text(&raw, &["text"]),
            created_at: instant(&raw, &["parsed_datetime", "date"]),
            name: text(&raw, &["author"]).or_else(|| text(author, &["name"])),
            profile_urn: text(author, &["id"]),
            profile_url: person_url(author),
            headline: text(author, &["headline"]),
            degree: distance(author),
            raw,
        }
    })
}

/// Posts of a member.
pub(super) fn posts(body: &Value, page: u32) -> Result<Paged<PostRow>, Unread> {
    paged(body, page, "posts", |raw| {
        let urn = text(&raw, &["social_id"]);
        PostRow {
            post_url: text(&raw, &["share_url", "url"]).or_else(|| urn.as_deref().map(post_url)),
            post_urn: urn,
            text: text(&raw, &["text"]),
            published_at: instant(&raw, &["parsed_datetime", "date"]),
            reactions: count(&raw, &["reaction_counter"]),
            comments: count(&raw, &["comment_counter"]),
            shares: count(&raw, &["repost_counter"]),
            impressions: count(&raw, &["impressions_counter"]),
            raw,
        }
    })
}

fn post_url(urn: &str) -> String {
    format!("https://www.linkedin.com/feed/update/{urn}")
}

/// LinkedIn's id of the person that an answer is about.
pub(super) fn provider_id(body: &Value) -> Option<String> {
    text(body, &["provider_id"])
}

/// A profile, its jobs under the vendor's names.
pub(super) fn profile(body: &Value) -> Result<Profile, Unread> {
    let profile = people::profile(body)?;
    let jobs = field(body, &["work_experience"]).and_then(Value::as_array).into_iter().flatten();
    let contact = field(body, &["contact_info"]).cloned().unwrap_or_default();
    Ok(Profile {
        experience: if profile.experience.is_empty() { jobs.map(job).collect() } else { profile.experience },
        member_urn: provider_id(body),
        email: profile.email.or_else(|| text(&contact, &["emails"])),
        phone: profile.phone.or_else(|| text(&contact, &["phones"])),
        ..profile
    })
}

fn job(item: &Value) -> Position {
    let page = |id: String| format!("https://www.linkedin.com/company/{id}");
    Position {
        company: text(item, &["company"]),
        title: text(item, &["position", "title"]),
        description: text(item, &["description"]),
        start: field(item, &["start"]).and_then(as_text).map(|date| year_first(&date)),
        end: field(item, &["end"]).and_then(as_text).map(|date| year_first(&date)),
        company_size: None,
        location: text(item, &["location"]),
        company_url: text(item, &["company_url"]).or_else(|| text(item, &["company_id"]).map(page)),
    }
}

/// `9/1/2021` and `9/2021` as `2021-09`; any other text as it is.
fn year_first(date: &str) -> String {
    let parts: Vec<&str> = date.trim().split('/').collect();
    let (month, year) = match parts.as_slice() {
        [month, _, year] | [month, year] => (month.parse::<u8>(), year),
        _ => return date.to_owned(),
    };
    match month {
        Ok(month @ 1..=12) if year.len() == 4 => format!("{year}-{month:02}"),
        _ => date.to_owned(),
    }
}

/// How the account stands with a person, from their profile: the degree, and an invitation under way.
pub(super) fn standing(body: &Value) -> Result<InvitationStatus, Unread> {
    let invitation = field(body, &["invitation"]).filter(|invitation| invitation.is_object());
    let word = |name: &str| invitation.and_then(|invitation| text(invitation, &[name])).map(|word| word.to_ascii_uppercase());
    let degree = distance(body);
    let related = flag(body, &["is_relationship"]);
    if degree.is_none() && related.is_none() && text(body, &["network_distance"]).is_none() {
        return Err(Unread("network distance"));
    }
    let (kind, status) = (word("type"), word("status"));
    let state = if degree == Some(1) || related == Some(true) {
        InvitationState::Accepted
    } else {
        match (kind.as_deref(), status.as_deref()) {
            (_, Some("PENDING")) => InvitationState::Pending,
            (_, None | Some("WITHDRAWN" | "IGNORED" | "EXPIRED")) => InvitationState::None,
            (_, Some(other)) => InvitationState::Unknown(other.to_owned()),
        }
    };
    let id = invitation.and_then(|invitation| text(invitation, &["id", "invitation_id"]));
    let connected = state == InvitationState::Accepted;
    Ok(InvitationStatus {
        state,
        kind: if connected { Some("CONNECTED".to_owned()) } else { kind },
        invitation_id: id,
        distance: if connected { Some(1) } else { degree },
    })
}

/// A company page.
pub(super) fn company(body: &Value) -> Result<Company, Unread> {
    let company = people::company(body)?;
    let range = field(body, &["employee_count_range"]).cloned().unwrap_or_default();
    let seats = field(body, &["locations"]).and_then(Value::as_array).into_iter().flatten();
    let seat = seats.clone().find(|seat| flag(seat, &["is_headquarter"]) == Some(true)).or_else(|| seats.clone().next());
    let at = |name: &str| seat.and_then(|seat| text(seat, &[name]));
    Ok(Company {
        universal_name: text(body, &["public_identifier"]).or(company.universal_name),
        employee_range: count(&range, &["from"]).map(|from| (from, count(&range, &["to"]))).or(company.employee_range),
        hq_country: company.hq_country.or_else(|| at("country")),
        hq_city: company.hq_city.or_else(|| at("city")),
        hq_area: company.hq_area.or_else(|| at("area")),
        ..company
    })
}

/// What an invitation answered.
pub(super) fn invitation_receipt(body: &Value) -> Result<InvitationReceipt, Unread> {
    let invitation_id = text(body, &["invitation_id"]);
    let sent = made(body, "UserInvitationSent") || invitation_id.is_some();
    if sent { Ok(InvitationReceipt { invitation_id, raw: body.clone() }) } else { Err(Unread("confirmation")) }
}

/// What a message answered; its ids may be null.
pub(super) fn message_receipt(body: &Value) -> Result<MessageReceipt, Unread> {
    let receipt = MessageReceipt {
        message_urn: text(body, &["message_id"]),
        conversation_id: text(body, &["chat_id"]),
        delivered_at: None,
        raw: body.clone(),
    };
    let sent = ["ChatStarted", "MessageSent"].iter().any(|object| made(body, object)) || receipt.message_urn.is_some();
    if sent { Ok(receipt) } else { Err(Unread("confirmation")) }
}

/// What a publication answered: an id, from which an activity's address follows only where it is an urn.
pub(super) fn created_post(body: &Value) -> Result<CreatedPost, Unread> {
    let id = text(body, &["post_id", "social_id"]);
    if id.is_none() && !made(body, "PostCreated") {
        return Err(Unread("confirmation"));
    }
    let urn = id.filter(|id| id.starts_with("urn:li:"));
    Ok(CreatedPost { post_url: urn.as_deref().map(post_url), post_urn: urn, raw: body.clone() })
}

/// The conversation with a person, newest first.
pub(super) fn conversation(body: &Value) -> Result<Conversation, Unread> {
    let items = items(body, "messages")?;
    let mut messages: Vec<ConversationMessage> = items.iter().filter(|item| item.is_object()).map(message).collect();
    messages.sort_by_key(|message| std::cmp::Reverse(message.at));
    let theirs = messages.iter().filter(|message| matches!(message.kind.as_deref(), Some("TEXT"))).count();
    Ok(Conversation {
        conversation_id: items.first().and_then(|item| text(item, &["chat_id"])),
        other_count: u32::try_from(theirs).ok(),
        messages,
        raw: body.clone(),
    })
}

fn message(item: &Value) -> ConversationMessage {
    let kind = match (flag(item, &["is_sender"]), flag(item, &["is_event"])) {
        (_, Some(true)) => "SYSTEM",
        (Some(true), _) => OWN,
        _ => "TEXT",
    };
    ConversationMessage {
        text: text(item, &["text"]).unwrap_or_default(),
        at: instant(item, &["timestamp"]),
        sender_name: None,
        kind: Some(kind.to_owned()),
        urn: text(item, &["id"]),
    }
}

/// One page of the inbox.
pub(super) fn inbox(body: &Value) -> Result<InboxPage, Unread> {
    let threads = items(body, "chats")?.into_iter().filter(Value::is_object).map(thread).collect();
    Ok(InboxPage { threads, next_cursor: next_cursor(body) })
}

fn thread(raw: Value) -> InboxThread {
    let last = field(&raw, &["last_message"]).cloned().unwrap_or_default();
    let theirs = flag(&last, &["is_sender"]) == Some(false);
    let url = text(&raw, &["attendee_provider_id"]).map(|id| address_of_id(&id));
    InboxThread {
        conversation_id: text(&raw, &["id"]),
        participant_name: text(&raw, &["name"]),
        participant_headline: None,
        last_text: text(&last, &["text"]),
        last_at: instant(&last, &["timestamp"]).or_else(|| instant(&raw, &["timestamp"])),
        // Without a last message nobody knows whose words they are, and the thread is read.
        last_sender_name: (flag(&last, &["is_sender"]) == Some(true)).then(|| OWN.to_owned()),
        last_sender_url: url.clone().filter(|_| theirs),
        participant_url: url,
        unread: count(&raw, &["unread_count"]),
        raw,
    }
}

/// The account's connections, newest first.
pub(super) fn connections(body: &Value, page: u32) -> Result<Paged<ConnectionRow>, Unread> {
    paged(body, page, "connections", |raw| ConnectionRow {
        name: both_names(&raw),
        headline: text(&raw, &["headline"]),
        profile_url: text(&raw, &["public_profile_url"])
            .or_else(|| text(&raw, &["public_identifier"]).map(|slug| address_of_id(&slug)))
            .or_else(|| text(&raw, &["member_id"]).map(|id| address_of_id(&id))),
        connected_at: instant(&raw, &["created_at"]),
        raw,
    })
}

/// Invitations still pending.
pub(super) fn sent_invitations(body: &Value, page: u32) -> Result<Paged<SentInvitationRow>, Unread> {
    paged(body, page, "invitations", |raw| SentInvitationRow {
        invitation_id: text(&raw, &["id"]),
        name: text(&raw, &["invited_user"]),
        headline: text(&raw, &["invited_user_description"]),
        profile_url: text(&raw, &["invited_user_public_id"])
            .or_else(|| text(&raw, &["invited_user_id"]))
            .map(|id| address_of_id(&id)),
        sent_at: instant(&raw, &["parsed_datetime", "date"]),
        raw,
    })
}

/// The id of a webhook just made.
pub(super) fn webhook_id(body: &Value) -> Result<String, Unread> {
    text(body, &["webhook_id", "id"]).ok_or(Unread("webhook id"))
}

/// All webhooks of the key.
pub(super) fn webhooks(body: &Value) -> Result<Vec<WebhookAccount>, Unread> {
    let webhooks = items(body, "webhooks")?.into_iter().filter_map(|item| {
        Some(WebhookAccount {
            id: text(&item, &["id", "webhook_id"])?,
            account_name: text(&item, &["name"]),
            webhook_url: text(&item, &["request_url"]).map(SecretString::from),
            is_active: flag(&item, &["enabled"]).unwrap_or(false),
            secret: None,
        })
    });
    Ok(webhooks.collect())
}
