//! What changes while a sandbox runs, and how it is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::temperament::Temperament;

/// Everything `save` keeps. Instants are milliseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub version: u32,
    pub seed: u64,
    pub started_ms: i64,
    /// The sandbox's time at its latest call or change.
    pub latest_ms: i64,
    /// Move of posts, comments and their ids.
    pub shift_ms: i64,
    /// Move of the recorded conversations, so that none is later than the start.
    pub history_shift_ms: i64,
    /// Generated engagements.
    pub many: usize,
    /// Grows with everything made, so that no two ids are equal.
    pub made: u64,
    /// Charged for calls; monitoring is counted by its days.
    pub credits: u64,
    pub forced: BTreeMap<String, Temperament>,
    /// People (slugs) who have taken back their reactions, to every post.
    #[serde(default)]
    pub taken_back: BTreeSet<String>,
    /// By the account's slug.
    pub networks: BTreeMap<String, Network>,
}

/// The version `State` is written with.
pub(crate) const VERSION: u32 = 1;

/// One account's side of LinkedIn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Network {
    /// The session is refused until the next login.
    pub expired: bool,
    /// Its V2 webhook has been handed out.
    #[serde(default)]
    pub expiry_told: bool,
    /// When each person became a connection.
    pub connections: BTreeMap<String, i64>,
    /// Invitations we sent, oldest first, whatever became of them.
    pub sent: Vec<Invitation>,
    /// People who invited us and wait.
    pub received: Vec<Received>,
    pub conversations: BTreeMap<String, Conversation>,
    pub posts: Vec<CreatedPost>,
    pub comments: Vec<OwnComment>,
    pub reactions: Vec<OwnReaction>,
    pub webhooks: Vec<WebhookAccount>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub id: u64,
    pub person: String,
    pub note: Option<String>,
    pub sent_ms: i64,
    /// When the person will accept; `None` never.
    pub accept_ms: Option<i64>,
    pub ended: Option<Ended>,
    /// The V2 webhook of its acceptance has been handed out.
    #[serde(default)]
    pub told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ended {
    Accepted,
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Received {
    pub id: u64,
    pub person: String,
    pub at_ms: i64,
}

/// Messages by time, oldest first; those later than now are not written yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub messages: Vec<Message>,
    /// Theirs up to here do not count as unread.
    pub read_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// The number in its urn.
    pub id: u64,
    pub at_ms: i64,
    pub ours: bool,
    pub text: String,
    /// A notice of LinkedIn's, not written by anybody.
    pub system: bool,
    pub media: Option<String>,
    /// Its webhook has been handed out, or it came before monitoring.
    pub told: bool,
    /// Shown instead of the person's name.
    pub sender: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CreatedPost {
    pub id: u64,
    pub at_ms: i64,
    /// Vanity name of the member or the page it appears under.
    pub author: String,
    pub text: String,
    pub media: Vec<String>,
    /// Which recorded post lends its engagement.
    pub like: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OwnComment {
    /// Of the post.
    pub post: u64,
    pub id: u64,
    pub at_ms: i64,
    pub text: String,
    /// Urn of the comment it replies to.
    pub to: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OwnReaction {
    pub post: u64,
    pub kind: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WebhookAccount {
    pub id: String,
    pub account_name: String,
    pub country: String,
    pub webhook_url: String,
    pub created_ms: i64,
    pub updated_ms: i64,
    pub active_since_ms: Option<i64>,
    /// Days of monitoring billed before the last start.
    pub billed_days: u64,
    /// A V2 webhook's deliveries are signed with it, in V2's shape; V1 signs nothing.
    #[serde(default)]
    pub secret: Option<String>,
}

const DAY_MS: i64 = 86_400_000;

impl WebhookAccount {
    /// Days of monitoring so far, the running one included.
    pub fn days(&self, now_ms: i64) -> u64 {
        let running = self.active_since_ms.map_or(0, |since| (now_ms - since).max(0) / DAY_MS + 1);
        self.billed_days + running as u64
    }
}

impl Conversation {
    /// Puts a message in its place by time.
    pub fn add(&mut self, message: Message) {
        let at = self.messages.partition_point(|other| other.at_ms <= message.at_ms);
        self.messages.insert(at, message);
    }

    /// Messages written by now, oldest first.
    pub fn written(&self, now_ms: i64) -> &[Message] {
        &self.messages[..self.messages.partition_point(|message| message.at_ms <= now_ms)]
    }

    /// Replies written so far and to come.
    pub fn replies(&self) -> usize {
        self.messages.iter().filter(|message| message.is_reply()).count()
    }

    /// Theirs, written by now, after our last and after what was read.
    pub fn unread(&self, now_ms: i64) -> usize {
        let theirs = self.written(now_ms).iter().rev().take_while(|message| !message.ours);
        theirs.filter(|message| message.is_reply() && message.at_ms > self.read_ms).count()
    }
}

impl Message {
    /// Written by the other person.
    pub fn is_reply(&self) -> bool {
        !self.ours && !self.system
    }
}

/// Why a saved state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the saved state does not read as one: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("the saved state has version {found}, this sandbox reads version {VERSION}")]
    Version { found: u32 },
}

impl State {
    pub fn from_saved(saved: &Value) -> Result<State, LoadError> {
        let found = saved["version"].as_u64().unwrap_or_default() as u32;
        if found != VERSION {
            return Err(LoadError::Version { found });
        }
        Ok(serde_json::from_value(saved.clone())?)
    }

    /// The next number nothing else has.
    pub fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }
}
