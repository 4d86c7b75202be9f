//! What the product can ask of a LinkedIn provider, in words no vendor owns.
//!
//! One trait, one method per capability. An implementation makes the calls it
//! is asked for and reports; it never repeats one. The only call it adds by
//! itself is the second form of a post's address where the first is not found.
//! Retrying, pausing and settling belong to the caller's queue
//! (docs/rules.md, "Sending").

mod cursor;
mod error;
mod rows;

use crate::vendor::unsupported;
use async_trait::async_trait;
use secrecy::SecretString;

pub(crate) use cursor::{address_of, cursor_of, with_cursor};
pub use domain::provider::Capabilities;
pub use error::{CallError, ErrorKind, MESSAGE_MAX_CHARS, Remedy, Sent};
pub use rows::*;

/// A member's session at the provider: what a call acts on behalf of. It bears a token, an account id, or both.
#[derive(Debug, Clone)]
pub struct Session {
    /// The vendor's token, equal in power to the member's password; empty where the vendor keeps it and hands out an id.
    pub login_token: SecretString,
    /// The vendor's id of the member's account; empty where a token is sent with each call.
    pub account_id: String,
    /// Country of the exit address, ISO 3166-1 alpha-2, upper case (`FR`).
    pub country: String,
}

impl Session {
    /// A session that a token opens.
    pub fn of_token(login_token: impl Into<SecretString>, country: impl Into<String>) -> Self {
        Self { login_token: login_token.into(), account_id: String::new(), country: country.into() }
    }

    /// A session that the vendor keeps under an id.
    pub fn of_account(account_id: impl Into<String>) -> Self {
        Self { login_token: SecretString::default(), account_id: account_id.into(), country: String::new() }
    }
}

/// Which variant of a read to call where the vendor has both.
#[derive(Debug, Clone, Copy)]
pub enum Access<'a> {
    /// Session-less: costs credits only, no read of the account.
    Data,
    /// Through the member's session: one read of the account per call.
    Session(&'a Session),
}

impl<'a> Access<'a> {
    /// The session, where one is used.
    pub fn session(self) -> Option<&'a Session> {
        match self {
            Access::Data => None,
            Access::Session(session) => Some(session),
        }
    }

    /// Session reads one such call uses: 0 or 1.
    pub fn reads(self) -> u32 {
        u32::from(self.session().is_some())
    }
}

/// A provider's prices in credits, for estimates and reservations.
/// Source: docs/rules.md, "Budget".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// One page in page mode.
    pub page: u32,
    /// Rows of a page of reactions or comments at most.
    pub rows_per_page: u32,
    /// Results covered by one credit in total mode; 0: results cost nothing.
    pub results_per_credit: u32,
    /// One invitation, status, text message, publication or withdrawal.
    pub action: u32,
    /// One message with media.
    pub message_with_media: u32,
    /// One day of webhook monitoring of one account.
    pub monitoring_per_day: u32,
}

impl Costs {
    /// Credits for an extraction of `results` rows in total mode, rounded up.
    pub const fn extraction(&self, results: u32) -> u32 {
        if self.results_per_credit == 0 { 0 } else { results.div_ceil(self.results_per_credit) }
    }

    /// Credits for one message.
    pub fn message(&self, with_media: bool) -> u32 {
        if with_media { self.message_with_media } else { self.action }
    }
}

/// An answer with what it cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Metered<T> {
    pub value: T,
    /// Credits spent by the call, other forms of a post's address included.
    pub credits: u32,
    /// Reads of the account's session used by the call.
    pub session_reads: u32,
    /// Bytes of the answer's body.
    pub raw_bytes: usize,
}

impl<T> Metered<T> {
    /// Same costs, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Metered<U> {
        Metered { value: change(self.value), credits: self.credits, session_reads: self.session_reads, raw_bytes: self.raw_bytes }
    }
}

/// What every method answers.
pub type Answer<T> = Result<Metered<T>, CallError>;

const NOT_OFFERED: &str = "this client offers no such call";

/// The LinkedIn provider. Errors of every method: see [`CallError`]; a method that a client leaves out is refused as
/// unsupported before anything leaves.
#[allow(unused_variables)] // The refusals need no arguments.
#[async_trait]
pub trait LinkedIn: Send + Sync {
    /// What this provider can do.
    fn capabilities(&self) -> Capabilities;

    /// What this provider charges.
    fn costs(&self) -> Costs;

    /// Posts of a profile, newest first; data or session.
    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>>;

    /// One page (from 1) of the reactions to a post; data or session.
    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>>;

    /// One page (from 1) of the comments on a post; data or session.
    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>>;

    /// A profile, through the session (one read).
    async fn profile(&self, session: &Session, profile_url: &str) -> Answer<Profile> {
        Err(unsupported(NOT_OFFERED))
    }

    /// A profile, session-less.
    async fn profile_data(&self, profile_url: &str) -> Answer<Profile> {
        Err(unsupported(NOT_OFFERED))
    }

    /// A profile read before, from what [`Profile::raw`] kept of it; `None` where it is nothing of this provider's.
    fn profile_again(&self, _raw: &serde_json::Value) -> Option<Profile> {
        None
    }

    /// A company by its LinkedIn page; data or session.
    async fn company(&self, access: Access<'_>, company_url: &str) -> Answer<Company> {
        Err(unsupported(NOT_OFFERED))
    }

    /// A company by its internet domain, session-less.
    async fn company_by_domain(&self, domain: &str) -> Answer<Company> {
        Err(unsupported(NOT_OFFERED))
    }

    /// People matching a query; data or session.
    async fn search_people(&self, access: Access<'_>, query: &PeopleQuery) -> Answer<Paged<PersonRow>> {
        Err(unsupported(NOT_OFFERED))
    }

    /// How the account stands with a person (one read).
    async fn invitation_status(&self, session: &Session, profile_url: &str) -> Answer<InvitationStatus> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Invites a person, with or without a note. Not idempotent.
    async fn connect(&self, session: &Session, profile_url: &str, note: Option<&str>) -> Answer<InvitationReceipt> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Writes to a 1st degree connection or open profile. Not idempotent.
    async fn send_message(&self, session: &Session, profile_url: &str, message: &NewMessage) -> Answer<MessageReceipt> {
        Err(unsupported(NOT_OFFERED))
    }

    /// The newest messages of the conversation with a person, newest first (one read).
    async fn conversation(&self, session: &Session, profile_url: &str) -> Answer<Conversation> {
        Err(unsupported(NOT_OFFERED))
    }

    /// The newest conversations (one read).
    async fn inbox(&self, session: &Session, query: &InboxQuery) -> Answer<InboxPage> {
        Err(unsupported(NOT_OFFERED))
    }

    /// One page (from 1) of the account's connections, newest first (one read).
    async fn connections(&self, session: &Session, page: u32) -> Answer<Paged<ConnectionRow>> {
        Err(unsupported(NOT_OFFERED))
    }

    /// One page (from 1) of the invitations still pending (one read).
    async fn sent_invitations(&self, session: &Session, page: u32) -> Answer<Paged<SentInvitationRow>> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Takes back a pending invitation.
    async fn withdraw_invitation(&self, session: &Session, invitation_id: &str) -> Answer<()> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Publishes as the member. Not idempotent.
    async fn create_post(&self, session: &Session, post: &NewPost) -> Answer<CreatedPost> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Publishes as a company page the member administers. Not idempotent.
    async fn create_company_post(&self, session: &Session, company_url: &str, post: &NewPost) -> Answer<CreatedPost> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Registers the account for webhooks; where the answer is not active yet, monitoring still has to be started.
    async fn create_webhook(&self, session: &Session, webhook: &NewWebhook) -> Answer<WebhookAccount> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Starts monitoring: billed per day from now on.
    async fn start_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Stops monitoring; the current day stays billed.
    async fn stop_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Makes a new secret for a signed webhook and answers it; deliveries are signed with it from now on.
    async fn rotate_webhook_secret(&self, _webhook_id: &str) -> Answer<SecretString> {
        Err(unsupported("this provider’s webhooks have no secret of its own making"))
    }

    /// All registered webhooks of the API key.
    async fn list_webhooks(&self) -> Answer<Vec<WebhookAccount>> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Obtains a session with the member's e-mail and password.
    async fn login(&self, login: &Login) -> Answer<LoginOutcome> {
        Err(unsupported(NOT_OFFERED))
    }

    /// Finishes a login that asked for a code.
    async fn verify(&self, verification: &Verification) -> Answer<LoginOutcome> {
        Err(unsupported(NOT_OFFERED))
    }
}
