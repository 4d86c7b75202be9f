//! Unipile: the provider behind [`LinkedIn`], by its REST API (`https://{DSN}/api/v1`).
//!
//! Every call acts through the member's account, which Unipile knows by its id; nothing costs credits. Invitations,
//! messages and lists of posts want LinkedIn's own id of the person: where only the vanity name is known, the profile
//! is read first, and a failure of that reading leaves the action surely not done. Nothing is ever repeated here.

mod answers;
mod failure;
mod resolve;

use std::sync::Arc;

use async_trait::async_trait;
use domain::provider::UNIPILE;
use domain::vocabulary::Provider;
use http::Method;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::linkedin::*;
use crate::linkup_v1::{object, results_or_default};
use crate::rate::RateGate;
use crate::unipile_webhook::SECRET_HEADER;
use crate::vendor::{Body, Call, Clock, ConfigError, Got, Habits, Vendor, VendorConfig, unsent, unsupported};
use resolve::{Cursors, Ids};

/// A subscription: nothing is charged by the call. Source: docs/rules.md, "Budget".
pub const COSTS: Costs = Costs {
    page: 0,
    rows_per_page: ROWS_PER_PAGE,
    results_per_credit: 0,
    action: 0,
    message_with_media: 0,
    monitoring_per_day: 0,
};
/// Rows of a page, the most the vendor gives.
const ROWS_PER_PAGE: u32 = 100;
/// Messages read of a conversation.
const MESSAGES: u32 = 20;
/// Posts of a page.
const POSTS_PER_PAGE: u32 = 10;
/// Why a webhook was made: its name at the vendor.
const WEBHOOK_NAME: &str = "amorce";
/// What is watched, each by a webhook of its own. The vendor's pages disagree about the name of the last: without it a
/// session that ends is noticed by the next call.
const SOURCES: [(&str, Option<&str>); 3] =
    [("messaging", Some("message_received")), ("users", Some("new_relation")), ("accounts", None)];
const HABITS: Habits = Habits {
    key_header: "x-api-key",
    version: "api/v1",
    refusal: failure::refusal,
    failed_calls_cost: UNIPILE.failed_calls_cost,
};

/// A client of Unipile for one API key.
pub struct Unipile {
    vendor: Vendor,
    ids: Ids,
    cursors: Cursors,
}

impl std::fmt::Debug for Unipile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Unipile").field(&self.vendor).finish()
    }
}

impl Unipile {
    /// A client whose requests pass `gate`, shared by all clients of the key.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn new(config: VendorConfig, gate: Arc<dyn RateGate>) -> Result<Self, ConfigError> {
        Self::with_clock(config, gate, Arc::new(Timestamp::now))
    }

    /// The same with another clock. A host without `https://` gets it.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn with_clock(mut config: VendorConfig, gate: Arc<dyn RateGate>, clock: Clock) -> Result<Self, ConfigError> {
        let host = config.base_url.trim();
        if !host.is_empty() && !host.contains("://") {
            config.base_url = format!("https://{host}");
        }
        Ok(Unipile { vendor: Vendor::new(config, HABITS, gate, clock)?, ids: Ids::default(), cursors: Cursors::default() })
    }

    /// A `GET` for an account.
    fn get<'a>(&self, path: Vec<String>, session: &Session, query: Vec<(&'static str, String)>) -> Result<Call<'a>, CallError> {
        let mut call = self.vendor.call(Method::GET, path.into_iter().map(Into::into).collect());
        call.query = [("account_id", account(session)?)].into_iter().chain(query).collect();
        call.session_reads = 1;
        Ok(call)
    }

    /// One page of what a post drew; the cursor travels with the address.
    async fn post_page(&self, what: &str, access: Access<'_>, post_url: &str, page: u32) -> Result<Got, CallError> {
        let address = address_of(post_url);
        let urn = domain::post_url::parse(address).map_err(|_| unsent(ErrorKind::BadRequest, "no address of a post"))?.urn();
        let query = page_query(ROWS_PER_PAGE, page, cursor_of(post_url, page))?;
        self.vendor.ask(self.get(vec!["posts".into(), urn, what.to_owned()], by_session(access)?, query)?).await
    }

    /// One page of a list of the account's own, its cursor kept from the page before.
    async fn own_page(&self, path: &str, session: &Session, page: u32) -> Result<Got, CallError> {
        let list = format!("{}/{path}", session.account_id);
        let query = page_query(ROWS_PER_PAGE, page, self.cursors.of(&list, page))?;
        let got = self.vendor.ask(self.get(vec![path.to_owned()], session, query)?).await?;
        self.cursors.keep(list, page + 1, answers::next_cursor(&got.body));
        Ok(got)
    }

    fn form(&self, path: &[&'static str], fields: Vec<(&'static str, String)>) -> Call<'static> {
        let path = path.iter().map(|step| (*step).into()).collect();
        Call { body: Body::Form(fields), ..self.vendor.call(Method::POST, path) }
    }

    async fn publish(&self, session: &Session, post: &NewPost, organisation: Option<String>) -> Answer<CreatedPost> {
        if !post.media.is_empty() {
            return Err(unsupported("Unipile publishes text alone here"));
        }
        let mut fields = vec![("account_id", account(session)?), ("text", post.text.clone())];
        fields.extend(organisation.map(|id| ("as_organization", id)));
        let call = Call { timeout: self.vendor.config.media_timeout, ..self.form(&["posts"], fields) };
        self.vendor.ask(call).await?.read(answers::created_post)
    }

    async fn make_webhook(&self, webhook: &NewWebhook, account_id: &str, source: usize) -> Answer<String> {
        let (source, event) = SOURCES[source];
        let mut body = object(json!({
            "request_url": webhook.webhook_url.expose_secret(),
            "source": source,
            "name": WEBHOOK_NAME,
            "format": "json",
            "enabled": true,
            "account_ids": [account_id],
            "headers": [
                { "key": "Content-Type", "value": "application/json" },
                { "key": SECRET_HEADER, "value": webhook.secret.expose_secret() },
            ],
        }));
        if let Some(event) = event {
            body.insert("events".into(), json!([event]));
        }
        let secrets = vec![&webhook.webhook_url, &webhook.secret];
        let call = Call { secrets, ..self.vendor.post("webhooks", body) };
        self.vendor.ask(call).await?.read(answers::webhook_id)
    }

    async fn end_webhook(&self, id: &str) -> Answer<()> {
        let path = vec!["webhooks".into(), id.to_owned().into()];
        let answer = self.vendor.ask(self.vendor.call(Method::DELETE, path)).await;
        match answer.and_then(|got| got.read(answers::ended)) {
            // Gone already, which is what was wanted.
            Err(error) if error.kind == ErrorKind::NotFound => {
                Ok(Metered { value: (), credits: 0, session_reads: 0, raw_bytes: 0 })
            }
            other => other,
        }
    }
}

fn account(session: &Session) -> Result<String, CallError> {
    match session.account_id.trim() {
        "" => Err(unsent(ErrorKind::SessionExpired, "the account has no account_id")),
        id => Ok(id.to_owned()),
    }
}

fn by_session(access: Access<'_>) -> Result<&Session, CallError> {
    access.session().ok_or_else(|| unsupported("Unipile reads through the member's account alone"))
}

fn page_query(rows: u32, page: u32, cursor: Option<String>) -> Result<Vec<(&'static str, String)>, CallError> {
    if page > 1 && cursor.is_none() {
        return Err(unsent(ErrorKind::BadRequest, "the pages of this list are read in their order"));
    }
    Ok([("limit", rows.to_string())].into_iter().chain(cursor.map(|cursor| ("cursor", cursor))).collect())
}

#[async_trait]
impl LinkedIn for Unipile {
    fn capabilities(&self) -> Capabilities {
        Provider::Unipile.capabilities()
    }

    fn costs(&self) -> Costs {
        COSTS
    }

    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>> {
        let session = by_session(access)?;
        if query.keyword.is_some() || query.post_type.is_some() || query.post_date.is_some() {
            return Err(unsupported("Unipile lists posts without any filter"));
        }
        let (address, page) = (address_of(&query.profile_url), query.page.max(1));
        let pages = page_query(POSTS_PER_PAGE, page, cursor_of(&query.profile_url, page))?;
        let id = self.resolve(session, address).await?;
        let call = self.get(vec!["users".into(), id.value, "posts".into()], session, pages)?;
        let call = Call { session_reads: call.session_reads + id.session_reads, ..call };
        self.vendor.ask(call).await?.read(|body| Ok(answers::onward(answers::posts(body, page)?, body, address)))
    }

    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        let got = self.post_page("reactions", access, post_url, page).await?;
        got.read(|body| Ok(answers::onward(answers::reactions(body, page.max(1))?, body, address_of(post_url))))
    }

    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>> {
        let got = self.post_page("comments", access, post_url, page).await?;
        got.read(|body| Ok(answers::onward(answers::comments(body, page.max(1))?, body, address_of(post_url))))
    }

    async fn profile(&self, session: &Session, profile_url: &str) -> Answer<Profile> {
        let identifier = resolve::identifier(profile_url)?;
        let query = vec![("linkedin_sections", "*".to_owned())];
        let call = self.get(vec!["users".into(), identifier.clone()], session, query)?;
        let answer = self.vendor.ask(call).await?.read(answers::profile)?;
        self.ids.keep(&identifier, answer.value.member_urn.as_deref());
        Ok(answer)
    }

    async fn profile_data(&self, _profile_url: &str) -> Answer<Profile> {
        Err(unsupported("Unipile reads through the member's account alone"))
    }

    fn profile_again(&self, raw: &Value) -> Option<Profile> {
        answers::profile(raw).ok()
    }

    async fn company(&self, access: Access<'_>, company_url: &str) -> Answer<Company> {
        let session = by_session(access)?;
        let call = self.get(vec!["linkedin/company".into(), resolve::company(company_url)?], session, Vec::new())?;
        self.vendor.ask(call).await?.read(answers::company)
    }

    async fn company_by_domain(&self, _domain: &str) -> Answer<Company> {
        Err(unsupported("Unipile finds no company by its domain"))
    }

    async fn search_people(&self, _access: Access<'_>, _query: &PeopleQuery) -> Answer<Paged<PersonRow>> {
        Err(unsupported("Unipile searches no people by criteria here"))
    }

    async fn invitation_status(&self, session: &Session, profile_url: &str) -> Answer<InvitationStatus> {
        let identifier = resolve::identifier(profile_url)?;
        let call = self.get(vec!["users".into(), identifier.clone()], session, Vec::new())?;
        let answer = self.vendor.ask(call).await?.read(|body| Ok((answers::provider_id(body), answers::standing(body)?)))?;
        self.ids.keep(&identifier, answer.value.0.as_deref());
        Ok(answer.map(|(_, standing)| standing))
    }

    async fn connect(&self, session: &Session, profile_url: &str, note: Option<&str>) -> Answer<InvitationReceipt> {
        let id = self.resolve(session, profile_url).await?;
        let mut body = object(json!({ "provider_id": id.value, "account_id": account(session)? }));
        if let Some(note) = note.filter(|note| !note.trim().is_empty()) {
            body.insert("message".into(), note.into());
        }
        let call = Call { session_reads: id.session_reads, ..self.vendor.post("users/invite", body) };
        self.vendor.ask(call).await?.read(answers::invitation_receipt)
    }

    async fn send_message(&self, session: &Session, profile_url: &str, message: &NewMessage) -> Answer<MessageReceipt> {
        if message.media_link.is_some() {
            return Err(unsupported("Unipile sends text alone here"));
        }
        let id = self.resolve(session, profile_url).await?;
        let fields = vec![("account_id", account(session)?), ("attendees_ids", id.value), ("text", message.text.clone())];
        let call = Call { session_reads: id.session_reads, ..self.form(&["chats"], fields) };
        self.vendor.ask(call).await?.read(answers::message_receipt)
    }

    async fn conversation(&self, session: &Session, profile_url: &str) -> Answer<Conversation> {
        let id = self.resolve(session, profile_url).await?;
        let query = vec![("limit", MESSAGES.to_string())];
        let call = self.get(vec!["chat_attendees".into(), id.value, "messages".into()], session, query)?;
        let call = Call { session_reads: call.session_reads + id.session_reads, ..call };
        self.vendor.ask(call).await?.read(answers::conversation)
    }

    async fn inbox(&self, session: &Session, query: &InboxQuery) -> Answer<InboxPage> {
        let mut asked = vec![("limit", results_or_default(query.total_results).to_string())];
        asked.extend(query.cursor.clone().map(|cursor| ("cursor", cursor)));
        self.vendor.ask(self.get(vec!["chats".into()], session, asked)?).await?.read(answers::inbox)
    }

    async fn connections(&self, session: &Session, page: u32) -> Answer<Paged<ConnectionRow>> {
        let page = page.max(1);
        self.own_page("users/relations", session, page).await?.read(|body| answers::connections(body, page))
    }

    async fn sent_invitations(&self, session: &Session, page: u32) -> Answer<Paged<SentInvitationRow>> {
        let page = page.max(1);
        self.own_page("users/invite/sent", session, page).await?.read(|body| answers::sent_invitations(body, page))
    }

    async fn withdraw_invitation(&self, session: &Session, invitation_id: &str) -> Answer<()> {
        let path = vec!["users/invite/sent".to_owned(), invitation_id.to_owned()];
        let call = Call { method: Method::DELETE, session_reads: 0, ..self.get(path, session, Vec::new())? };
        self.vendor.ask(call).await?.read(answers::ended)
    }

    async fn create_post(&self, session: &Session, post: &NewPost) -> Answer<CreatedPost> {
        self.publish(session, post, None).await
    }

    async fn create_company_post(&self, session: &Session, company_url: &str, post: &NewPost) -> Answer<CreatedPost> {
        let id = self.organisation(session, company_url).await?;
        let mut answer = self.publish(session, post, Some(id.value)).await?;
        answer.session_reads += id.session_reads;
        Ok(answer)
    }

    async fn create_webhook(&self, session: &Session, webhook: &NewWebhook) -> Answer<WebhookAccount> {
        let account_id = account(session)?;
        let mut ids: Vec<String> = Vec::new();
        for source in 0..SOURCES.len() {
            match self.make_webhook(webhook, &account_id, source).await {
                Ok(made) => ids.push(made.value),
                Err(error) if source + 1 == SOURCES.len() && error.surely_not_done() => {
                    tracing::warn!(kind = error.kind.as_str(), "unipile.accounts_not_watched");
                }
                Err(error) => {
                    for id in &ids {
                        // Best effort: one left behind delivers to a path that takes nothing without the secret kept.
                        let _ended = self.end_webhook(id).await;
                    }
                    return Err(error);
                }
            }
        }
        let value = WebhookAccount {
            id: ids.join(","),
            account_name: Some(webhook.account_name.clone()),
            webhook_url: Some(webhook.webhook_url.clone()),
            is_active: true,
            secret: Some(webhook.secret.clone()),
        };
        Ok(Metered { value, credits: 0, session_reads: 0, raw_bytes: 0 })
    }

    async fn start_webhook(&self, _webhook_id: &str) -> Answer<WebhookState> {
        Err(unsupported("Unipile’s webhooks run from when they are made; a stopped one is made anew"))
    }

    async fn stop_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        let ids = webhook_id.split(',').map(str::trim).filter(|id| !id.is_empty());
        let mut last = Err(unsent(ErrorKind::BadRequest, "no webhook named"));
        for id in ids {
            last = Ok(self.end_webhook(id).await?);
        }
        last.map(|ended| ended.map(|()| WebhookState { id: webhook_id.to_owned(), is_active: false }))
    }

    async fn list_webhooks(&self) -> Answer<Vec<WebhookAccount>> {
        self.vendor.ask(self.vendor.call(Method::GET, vec!["webhooks".into()])).await?.read(answers::webhooks)
    }

    async fn login(&self, _login: &Login) -> Answer<LoginOutcome> {
        Err(unsupported("Unipile connects members on a page of its own"))
    }

    async fn verify(&self, _verification: &Verification) -> Answer<LoginOutcome> {
        Err(unsupported("Unipile connects members on a page of its own"))
    }
}
