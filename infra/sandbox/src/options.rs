//! What a sandbox is started with.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Now;

/// Called with the whole state inside every request that changed it, before
/// its answer leaves: what it stores survives a crash right after the answer.
pub type OnChange = Arc<dyn Fn(&Value) + Send + Sync>;

/// One LinkedIn account behind the sandbox.
#[derive(Clone)]
pub struct AccountOptions {
    /// What session calls must carry as `login_token`.
    pub login_token: String,
    /// What V2 calls bear instead, as `account_id`.
    pub account_id: String,
    /// Vanity name; `claire-vasselin` is the author of the recorded own posts.
    pub slug: String,
    pub first_name: String,
    pub last_name: String,
    pub headline: String,
    /// `ACoAA…`.
    pub member_id: String,
    /// For `/v1/auth/login`.
    pub email: String,
    pub password: String,
}

impl Default for AccountOptions {
    fn default() -> Self {
        AccountOptions {
            login_token: "sandbox".into(),
            account_id: "acc_sandbox".into(),
            slug: "claire-vasselin".into(),
            first_name: "Claire".into(),
            last_name: "Vasselin".into(),
            headline: "Conseil commercial aux PME".into(),
            member_id: "ACoAASandboxClaireVasselin0000000000001".into(),
            email: "claire@vasselin.example".into(),
            password: "sandbox".into(),
        }
    }
}

impl AccountOptions {
    /// First and last name, as LinkedIn shows them.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// Variations of the wire format that may be changed while running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Switches {
    /// Answer in the shapes of older clients: `results[]` for signals,
    /// `send-message` without `data`.
    pub older_shapes: bool,
    /// `posts/create` answers with `data.post_url` and `data.post_urn`.
    pub answer_with_post_url: bool,
    /// Comments dated later than now are held back until their time comes.
    /// Off, the recorded pages are served whole, later dates included.
    pub reveal_in_time: bool,
    /// Login asks for a code (`123456`) first.
    pub login_asks_code: bool,
    /// Seconds after the start when own-1's reactions become those of the
    /// second recorded pull; `None` is never.
    pub second_pull_after_seconds: Option<i64>,
    /// 429 above this many calls in 60 seconds; `None` is no limit (V1 has 300).
    pub calls_per_minute: Option<u32>,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            older_shapes: false,
            answer_with_post_url: false,
            reveal_in_time: false,
            login_asks_code: false,
            second_pull_after_seconds: Some(86_400),
            calls_per_minute: None,
        }
    }
}

/// Everything that decides how a sandbox behaves.
#[derive(Clone)]
pub struct SandboxOptions {
    /// Decides who accepts and replies, when and how.
    pub seed: u64,
    /// The only source of time.
    pub now: Now,
    /// Age of the newest own post when the sandbox starts, in seconds.
    pub newest_post_age_seconds: i64,
    pub accounts: Vec<AccountOptions>,
    /// Accepted in `x-api-key`.
    pub api_keys: Vec<String>,
    pub switches: Switches,
    /// Engagements on one more own post (`many-1`) by as many generated people; 0 is no such post.
    pub many: usize,
    pub on_change: Option<OnChange>,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        SandboxOptions {
            seed: 1,
            now: Arc::new(Timestamp::now),
            newest_post_age_seconds: 3 * 3600,
            accounts: vec![AccountOptions::default()],
            api_keys: vec!["sandbox".into()],
            switches: Switches::default(),
            many: 0,
            on_change: None,
        }
    }
}

impl fmt::Debug for SandboxOptions {
    /// Leaves out tokens, passwords and keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxOptions")
            .field("seed", &self.seed)
            .field("newest_post_age_seconds", &self.newest_post_age_seconds)
            .field("accounts", &self.accounts.iter().map(|a| &a.slug).collect::<Vec<_>>())
            .field("switches", &self.switches)
            .field("many", &self.many)
            .finish_non_exhaustive()
    }
}
