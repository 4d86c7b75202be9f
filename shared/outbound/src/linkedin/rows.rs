//! Neutral questions and answers of a LinkedIn provider.
//!
//! Every field the vendor may leave out is optional, and rows keep the vendor's
//! own item in `raw`, so that a better reader can be run over it later.

use domain::search::Combination;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The six kinds of reaction; an absent or unknown kind is `None`, never `Like`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReactionKind {
    Like,
    Praise,
    Appreciation,
    Empathy,
    Interest,
    Entertainment,
}

impl ReactionKind {
    /// Reads a wire name, whatever its case; anything else is unknown.
    pub fn from_wire(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_uppercase().as_str() {
            "LIKE" => Self::Like,
            "PRAISE" => Self::Praise,
            "APPRECIATION" => Self::Appreciation,
            "EMPATHY" => Self::Empathy,
            "INTEREST" => Self::Interest,
            "ENTERTAINMENT" => Self::Entertainment,
            _ => return None,
        })
    }

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Like => "LIKE",
            Self::Praise => "PRAISE",
            Self::Appreciation => "APPRECIATION",
            Self::Empathy => "EMPATHY",
            Self::Interest => "INTEREST",
            Self::Entertainment => "ENTERTAINMENT",
        }
    }
}

/// Where in a list an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageInfo {
    /// The page asked for, from 1.
    pub page: u32,
    /// Items in this answer, unreadable ones included.
    pub returned: u32,
    /// Items at LinkedIn, where told.
    pub available: Option<u32>,
    /// Whether the vendor has, or seems to have, a further page. Bound the loop all the same.
    pub has_next: bool,
}

/// One page of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    pub page: PageInfo,
    pub rows: Vec<T>,
    /// Items that are no JSON objects and so became no row.
    pub unreadable: u32,
    /// The form of a post's address that answered: ask with it for the next page.
    pub address: Option<String>,
}

/// Which posts of a profile to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostsQuery {
    pub profile_url: String,
    pub keyword: Option<String>,
    /// The vendor's kind of post; `None` means all.
    pub post_type: Option<String>,
    /// The vendor's span, such as `PAST_WEEK`; `None` means any.
    pub post_date: Option<String>,
    /// From 1.
    pub page: u32,
}

/// A post in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PostRow {
    pub post_url: Option<String>,
    pub post_urn: Option<String>,
    pub text: Option<String>,
    pub published_at: Option<Timestamp>,
    pub reactions: Option<u32>,
    pub comments: Option<u32>,
    pub shares: Option<u32>,
    pub impressions: Option<u32>,
    pub raw: Value,
}

/// One person's reaction to a post.
#[derive(Debug, Clone, PartialEq)]
pub struct ReactionRow {
    pub name: Option<String>,
    pub headline: Option<String>,
    pub profile_url: Option<String>,
    pub actor_urn: Option<String>,
    pub reaction: Option<ReactionKind>,
    /// 1, 2 or 3.
    pub degree: Option<u8>,
    pub raw: Value,
}

/// One comment on a post.
#[derive(Debug, Clone, PartialEq)]
pub struct CommentRow {
    pub comment_urn: Option<String>,
    pub tracking_id: Option<String>,
    pub text: Option<String>,
    pub created_at: Option<Timestamp>,
    pub name: Option<String>,
    pub profile_urn: Option<String>,
    pub profile_url: Option<String>,
    pub headline: Option<String>,
    /// 1, 2 or 3.
    pub degree: Option<u8>,
    pub raw: Value,
}

/// A person's profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The vanity slug.
    pub public_id: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub name: Option<String>,
    pub headline: Option<String>,
    pub location: Option<String>,
    pub summary: Option<String>,
    pub industry: Option<String>,
    /// As the vendor orders it, the present position first where it says so.
    pub experience: Vec<Position>,
    pub education: Vec<Education>,
    pub skills: Vec<String>,
    pub picture_url: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub profile_url: Option<String>,
    /// `urn:li:fsd_profile:…` or `ACoAA…`, where told.
    pub member_urn: Option<String>,
    pub raw: Value,
}

/// One position of a profile. Dates are the vendor's text (`2020-05`, `2020`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Position {
    pub company: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub start: Option<String>,
    /// `None` for the present position.
    pub end: Option<String>,
    /// The vendor's range, such as `11-50`.
    pub company_size: Option<String>,
    pub location: Option<String>,
    pub company_url: Option<String>,
}

/// One school of a profile.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Education {
    pub school: Option<String>,
    pub degree: Option<String>,
    pub field: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
}

/// A company.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    pub name: Option<String>,
    /// The slug of its LinkedIn page.
    pub universal_name: Option<String>,
    pub description: Option<String>,
    pub website: Option<String>,
    pub industry: Option<String>,
    pub employee_count: Option<u32>,
    /// Lower bound and, where there is one, upper bound.
    pub employee_range: Option<(u32, Option<u32>)>,
    pub hq_country: Option<String>,
    pub hq_area: Option<String>,
    pub hq_city: Option<String>,
    pub phone: Option<String>,
    pub raw: Value,
}

/// Whom to look for. Through the session a company page's or school's URL filters exactly, a name becomes a keyword.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeopleQuery {
    pub wanted: Combination,
    /// Rows wanted; 0 is read as 10.
    pub total_results: u32,
}

/// A person found by a search; without `profile_url` not usable as a key.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonRow {
    pub name: Option<String>,
    pub title: Option<String>,
    pub location: Option<String>,
    pub company_name: Option<String>,
    pub profile_url: Option<String>,
    /// 1, 2 or 3.
    pub degree: Option<u8>,
    /// The vendor's word, such as `CAN_INVITE` or `INVITATION_SENT`.
    pub invitation_state: Option<String>,
    pub raw: Value,
}

/// Where an invitation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationState {
    Accepted,
    Pending,
    None,
    /// A word not met before: hold, do not guess.
    Unknown(String),
}

/// How the account stands with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationStatus {
    pub state: InvitationState,
    /// `CONNECTED`, `SENT`, `RECEIVED` or nothing.
    pub kind: Option<String>,
    /// Up to 19 digits, so text.
    pub invitation_id: Option<String>,
    /// 1, 2 or 3; the 1st degree is a connection.
    pub distance: Option<u8>,
}

/// What an invitation answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InvitationReceipt {
    pub invitation_id: Option<String>,
    pub raw: Value,
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub text: String,
    /// Public http(s) URL of a picture, film or PDF.
    pub media_link: Option<String>,
}

impl NewMessage {
    /// A message without media.
    pub fn text(text: impl Into<String>) -> Self {
        NewMessage { text: text.into(), media_link: None }
    }
}

/// What a sent message answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MessageReceipt {
    pub message_urn: Option<String>,
    pub conversation_id: Option<String>,
    pub delivered_at: Option<Timestamp>,
    pub raw: Value,
}

/// The conversation with one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// `None` where nothing was ever written.
    pub conversation_id: Option<String>,
    /// Messages of the other side, where counted; above 0 means they replied.
    pub other_count: Option<u32>,
    /// Newest first.
    pub messages: Vec<ConversationMessage>,
    pub raw: Value,
}

/// One message of a conversation. The sender is a display name, no key.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationMessage {
    pub text: String,
    pub at: Option<Timestamp>,
    pub sender_name: Option<String>,
    /// `TEXT`, `SYSTEM`, …; [`OWN`] where the vendor says that the account wrote it.
    pub kind: Option<String>,
    pub urn: Option<String>,
}

/// The kind of a message that the account itself wrote, where the vendor tells.
pub const OWN: &str = "OWN";

/// Which part of the inbox to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxQuery {
    /// Conversations wanted; 0 is read as 10.
    pub total_results: u32,
    /// The vendor's category, such as `INBOX` or `UNREAD`.
    pub category: Option<String>,
    pub cursor: Option<String>,
}

/// One page of the inbox, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxPage {
    pub threads: Vec<InboxThread>,
    /// Where the next page starts. Bound the loop all the same.
    pub next_cursor: Option<String>,
}

/// One conversation in the inbox with its newest message.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxThread {
    pub conversation_id: Option<String>,
    pub participant_name: Option<String>,
    pub participant_headline: Option<String>,
    pub participant_url: Option<String>,
    pub last_text: Option<String>,
    pub last_at: Option<Timestamp>,
    pub last_sender_name: Option<String>,
    /// Often an `/in/ACoAA…` URL.
    pub last_sender_url: Option<String>,
    pub unread: Option<u32>,
    pub raw: Value,
}

/// One connection of the account.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionRow {
    pub name: Option<String>,
    pub headline: Option<String>,
    pub profile_url: Option<String>,
    pub connected_at: Option<Timestamp>,
    pub raw: Value,
}

/// One invitation still pending.
#[derive(Debug, Clone, PartialEq)]
pub struct SentInvitationRow {
    pub invitation_id: Option<String>,
    pub name: Option<String>,
    pub headline: Option<String>,
    pub profile_url: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub raw: Value,
}

/// A post to publish.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPost {
    pub text: String,
    /// Public http(s) URLs, in order: up to 9 pictures or one PDF.
    pub media: Vec<String>,
}

/// What a publication answered. Without both fields, list the own posts to find it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreatedPost {
    pub post_url: Option<String>,
    pub post_urn: Option<String>,
    pub raw: Value,
}

/// A webhook to register for an account.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub account_name: String,
    /// Holds the unguessable part that stands for a signature, so a secret.
    pub webhook_url: SecretString,
    /// A secret of ours that the vendor repeats with each delivery, where it does not sign.
    pub secret: SecretString,
}

/// A registered webhook. The session token that the vendor echoes is never kept.
#[derive(Debug, Clone)]
pub struct WebhookAccount {
    pub id: String,
    pub account_name: Option<String>,
    pub webhook_url: Option<SecretString>,
    pub is_active: bool,
    /// What deliveries are verified with, where they can be; told once, when the webhook is made.
    pub secret: Option<SecretString>,
}

/// Whether monitoring runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookState {
    pub id: String,
    pub is_active: bool,
}

/// A member's way in.
#[derive(Debug, Clone)]
pub struct Login {
    pub email: SecretString,
    pub password: SecretString,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
}

/// The code a login asked for.
#[derive(Debug, Clone)]
pub struct Verification {
    pub email: SecretString,
    pub code: SecretString,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
}

/// How a login ended.
#[derive(Debug, Clone)]
pub enum LoginOutcome {
    /// Signed in: the session's token.
    Session(SecretString),
    /// Signed in: the vendor keeps the session, under this id.
    Account(String),
    /// LinkedIn sent a code by e-mail; go on with `verify`.
    CodeRequired,
}
