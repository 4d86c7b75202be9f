//! LinkupAPI V2: the provider behind [`LinkedIn`], one `POST` a category, each `{account_id, action, params}`.
//!
//! Every call acts through the member's account, which the vendor knows by its id. Answers have V1's shapes, so V1's
//! readers read them. Nothing is ever repeated here; what V2 does not offer is refused before anything leaves.

mod answers;

use std::sync::Arc;

use async_trait::async_trait;
use domain::provider::LINKUP_V2;
use http::Method;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::linkedin::*;
use crate::linkup_v1::{RESULTS_DEFAULT, country, failure, insert_some, messages, object, people, posts, results_or_default};
use crate::rate::RateGate;
use crate::vendor::{Call, Clock, ConfigError, Got, Habits, Vendor, VendorConfig, unsent, unsupported};
use answers::Answered;

/// Prices of V2. Source: docs/rules.md, "Budget".
pub const COSTS: Costs = Costs {
    page: ROWS_PER_PAGE.div_ceil(10),
    rows_per_page: ROWS_PER_PAGE,
    results_per_credit: 10,
    action: 1,
    message_with_media: 2,
    monitoring_per_day: 10,
};
/// Rows of a page of reactions or comments: each page is one read of the account, so pages are long.
const ROWS_PER_PAGE: u32 = 50;
/// Posts of a page.
const POSTS_PER_PAGE: u32 = 10;
/// Connections of a page, which cost one credit together.
const CONNECTIONS_PER_PAGE: u32 = 50;
/// The most rows one call is asked for.
const COUNT_MAX: u32 = 1_000;
/// The action that reads a profile: its name is the vendor's pattern, not a page seen.
const PROFILE_ACTION: &str = "get_profile";
const HABITS: Habits = Habits {
    key_header: "x-api-key",
    version: "v2",
    refusal: failure::refusal_v2,
    failed_calls_cost: LINKUP_V2.failed_calls_cost,
};

/// A client of LinkupAPI V2 for one API key.
#[derive(Debug)]
pub struct LinkupV2 {
    vendor: Vendor,
}

impl LinkupV2 {
    /// A client whose requests pass `gate`, shared by all clients of the key, V1's included.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn new(config: VendorConfig, gate: Arc<dyn RateGate>) -> Result<Self, ConfigError> {
        Self::with_clock(config, gate, Arc::new(Timestamp::now))
    }

    /// The same with another clock.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn with_clock(config: VendorConfig, gate: Arc<dyn RateGate>, clock: Clock) -> Result<Self, ConfigError> {
        Ok(LinkupV2 { vendor: Vendor::new(config, HABITS, gate, clock)? })
    }

    /// An action of a category on behalf of an account, at the price of one.
    fn action<'a>(
        &self,
        category: &'static str,
        action: &'static str,
        session: &Session,
        params: Map<String, Value>,
    ) -> Result<Call<'a>, CallError> {
        if session.account_id.trim().is_empty() {
            return Err(unsent(ErrorKind::SessionExpired, "the account has no account_id"));
        }
        let body = object(json!({ "account_id": session.account_id, "action": action, "params": params }));
        Ok(Call { credits: COSTS.action, ..self.vendor.post(category, body) })
    }

    /// The same for a reading: one read of the account.
    fn read<'a>(
        &self,
        category: &'static str,
        action: &'static str,
        session: &Session,
        params: Map<String, Value>,
        credits: u32,
    ) -> Result<Call<'a>, CallError> {
        Ok(Call { credits, session_reads: 1, ..self.action(category, action, session, params)? })
    }

    /// One page of what a post drew.
    async fn post_page(&self, action: &'static str, access: Access<'_>, post_url: &str, page: u32) -> Result<Got, CallError> {
        let params = object(json!({
            "post_url": post_url, "count": ROWS_PER_PAGE, "offset": offset(page, ROWS_PER_PAGE),
        }));
        self.vendor.ask(self.read("content", action, by_session(access)?, params, COSTS.page)?).await
    }

    async fn publish(
        &self,
        action: &'static str,
        mut params: Map<String, Value>,
        session: &Session,
        post: &NewPost,
    ) -> Answer<CreatedPost> {
        params.insert("message".into(), post.text.as_str().into());
        match post.media.as_slice() {
            [] => {}
            [file] => drop(params.insert("file".into(), file.as_str().into())),
            files => drop(params.insert("files".into(), files.into())),
        }
        let mut call = self.action("content", action, session, params)?;
        call.timeout = self.vendor.config.media_timeout;
        self.vendor.ask(call).await?.read(messages::created_post)
    }

    /// Webhook management: no account in the body, no credits.
    fn webhooks<'a>(&self, method: Method, steps: &[&'a str]) -> Result<Call<'a>, CallError> {
        if steps.first().is_some_and(|id| id.trim().is_empty()) {
            return Err(unsent(ErrorKind::BadRequest, "no webhook named"));
        }
        Ok(self.vendor.call(method, ["webhooks"].iter().chain(steps).map(|step| (*step).into()).collect()))
    }

    async fn sign_in(&self, path: &'static str, body: Value, secrets: Vec<&SecretString>) -> Answer<LoginOutcome> {
        let call = Call { secrets, signs_in: true, ..self.vendor.post(path, object(body)) };
        self.vendor.ask(call).await?.read(answers::login_outcome)
    }
}

/// The session: V2 has nothing without one.
fn by_session(access: Access<'_>) -> Result<&Session, CallError> {
    access.session().ok_or_else(|| unsupported("LinkupAPI V2 reads through the member's account alone"))
}

/// A page of what a post drew, to be gone on with by the same address.
fn of_post<T>(rows: Paged<T>, body: &Value, post_url: &str) -> Paged<T> {
    Paged { address: Some(post_url.to_owned()), ..rows.paged_by(body, ROWS_PER_PAGE) }
}

/// The price of a list where the vendor does not say it.
fn by_rows(rows: u32) -> Option<u32> {
    Some(COSTS.extraction(rows).max(1))
}

/// How many rows stand before a page, from 1.
fn offset(page: u32, rows: u32) -> u32 {
    page.saturating_sub(1).saturating_mul(rows)
}

#[async_trait]
impl LinkedIn for LinkupV2 {
    fn capabilities(&self) -> Capabilities {
        LINKUP_V2
    }

    fn costs(&self) -> Costs {
        COSTS
    }

    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>> {
        let session = by_session(access)?;
        if query.keyword.is_some() || query.post_type.is_some() || query.post_date.is_some() {
            return Err(unsupported("LinkupAPI V2 lists posts without any filter"));
        }
        let page = query.page.max(1);
        let (address, cursor) = (address_of(&query.profile_url), cursor_of(&query.profile_url, page));
        if page > 1 && cursor.is_none() {
            return Err(unsent(ErrorKind::BadRequest, "pages of posts are read in their order"));
        }
        let mut params = object(json!({ "profile_url": address, "count": POSTS_PER_PAGE, "include_reshares": true }));
        insert_some(&mut params, "cursor", &cursor);
        let call = self.read("profiles", "get_posts", session, params, 1);
        let read = |body: &Value| {
            let rows = posts::posts(body, page)?.paged_by(body, POSTS_PER_PAGE);
            let next = answers::next_cursor(body);
            Ok(Paged {
                // Without a cursor nobody can go on.
                page: PageInfo { has_next: next.is_some() && rows.page.has_next, ..rows.page },
                address: Some(with_cursor(address, next.as_deref())),
                ..rows
            })
        };
        self.vendor.ask(call?).await?.priced(read, |rows| by_rows(rows.page.returned))
    }

    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        let got = self.post_page("get_reactions", access, post_url, page).await?;
        got.priced(
            |body| posts::reactions(body, page.max(1)).map(|rows| of_post(rows, body, post_url)),
            |rows| by_rows(rows.page.returned),
        )
    }

    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>> {
        let got = self.post_page("get_comments", access, post_url, page).await?;
        got.priced(
            |body| posts::comments(body, page.max(1)).map(|rows| of_post(rows, body, post_url)),
            |rows| by_rows(rows.page.returned),
        )
    }

    async fn profile(&self, session: &Session, profile_url: &str) -> Answer<Profile> {
        let params = object(json!({ "profile_url": profile_url }));
        self.vendor.ask(self.read("profiles", PROFILE_ACTION, session, params, 1)?).await?.read(people::profile)
    }

    async fn profile_data(&self, _profile_url: &str) -> Answer<Profile> {
        Err(unsupported("LinkupAPI V2 reads through the member's account alone"))
    }

    fn profile_again(&self, raw: &Value) -> Option<Profile> {
        people::profile(raw).ok()
    }

    async fn company(&self, access: Access<'_>, company_url: &str) -> Answer<Company> {
        let session = by_session(access)?;
        let params = object(json!({ "company_url": company_url }));
        self.vendor.ask(self.read("profiles", "get_company", session, params, 1)?).await?.read(people::company)
    }

    async fn company_by_domain(&self, _domain: &str) -> Answer<Company> {
        Err(unsupported("LinkupAPI V2 finds no company by its domain"))
    }

    async fn search_people(&self, access: Access<'_>, query: &PeopleQuery) -> Answer<Paged<PersonRow>> {
        let session = by_session(access)?;
        let rows = results_or_default(query.total_results).min(COUNT_MAX);
        let call = self.read("profiles", "search_people", session, answers::search(&query.wanted, rows), COSTS.extraction(rows));
        let read = |body: &Value| people::people(body).map(|found| found.paged_by(body, rows));
        self.vendor.ask(call?).await?.priced(read, |found| by_rows(found.page.returned))
    }

    async fn invitation_status(&self, session: &Session, profile_url: &str) -> Answer<InvitationStatus> {
        let params = object(json!({ "profile_url": profile_url }));
        self.vendor
            .ask(self.read("network", "check_invitation", session, params, COSTS.action)?)
            .await?
            .read(messages::invitation_status)
    }

    async fn connect(&self, session: &Session, profile_url: &str, note: Option<&str>) -> Answer<InvitationReceipt> {
        let mut params = object(json!({ "profile_url": profile_url }));
        insert_some(&mut params, "message", &note.map(str::to_owned));
        self.vendor.ask(self.action("network", "invite", session, params)?).await?.read(messages::invitation_receipt)
    }

    async fn send_message(&self, session: &Session, profile_url: &str, message: &NewMessage) -> Answer<MessageReceipt> {
        let mut params = object(json!({ "profile_url": profile_url, "message_text": message.text }));
        insert_some(&mut params, "media_link", &message.media_link);
        let mut call = self.action("messages", "send", session, params)?;
        call.credits = COSTS.message(message.media_link.is_some());
        if message.media_link.is_some() {
            call.timeout = self.vendor.config.media_timeout;
        }
        self.vendor.ask(call).await?.read(messages::message_receipt)
    }

    async fn conversation(&self, session: &Session, profile_url: &str) -> Answer<Conversation> {
        let params = object(json!({ "profile_url": profile_url, "count": RESULTS_DEFAULT }));
        let credits = COSTS.extraction(RESULTS_DEFAULT);
        self.vendor.ask(self.read("messages", "get_conversation", session, params, credits)?).await?.read(messages::conversation)
    }

    async fn inbox(&self, session: &Session, query: &InboxQuery) -> Answer<InboxPage> {
        let wanted = results_or_default(query.total_results);
        let mut params = object(json!({ "count": wanted }));
        insert_some(&mut params, "category", &query.category);
        insert_some(&mut params, "cursor", &query.cursor);
        let call = self.read("messages", "list_inbox", session, params, COSTS.extraction(wanted));
        self.vendor.ask(call?).await?.priced(messages::inbox, |page| by_rows(page.threads.len() as u32))
    }

    async fn connections(&self, session: &Session, page: u32) -> Answer<Paged<ConnectionRow>> {
        let page = page.max(1);
        let params = object(json!({ "count": CONNECTIONS_PER_PAGE, "offset": offset(page, CONNECTIONS_PER_PAGE) }));
        let call = self.read("network", "list_connections", session, params, 1);
        self.vendor
            .ask(call?)
            .await?
            .read(|body| people::connections(body, page).map(|rows| rows.paged_by(body, CONNECTIONS_PER_PAGE)))
    }

    async fn sent_invitations(&self, _session: &Session, _page: u32) -> Answer<Paged<SentInvitationRow>> {
        Err(unsupported("LinkupAPI V2 lists no pending invitations"))
    }

    async fn withdraw_invitation(&self, _session: &Session, _invitation_id: &str) -> Answer<()> {
        Err(unsupported("LinkupAPI V2 withdraws no invitations"))
    }

    async fn create_post(&self, session: &Session, post: &NewPost) -> Answer<CreatedPost> {
        self.publish("create", Map::new(), session, post).await
    }

    async fn create_company_post(&self, session: &Session, company_url: &str, post: &NewPost) -> Answer<CreatedPost> {
        self.publish("create_company", object(json!({ "company_url": company_url })), session, post).await
    }

    async fn create_webhook(&self, session: &Session, webhook: &NewWebhook) -> Answer<WebhookAccount> {
        if session.account_id.trim().is_empty() {
            return Err(unsent(ErrorKind::SessionExpired, "the account has no account_id"));
        }
        let body = object(json!({
            "account_id": session.account_id,
            "url": webhook.webhook_url.expose_secret(),
            "events": ["all"],
            "retry": true,
            "enable_signature": true,
        }));
        let call = Call { secrets: vec![&webhook.webhook_url], ..self.vendor.post("webhooks", body) };
        self.vendor.ask(call).await?.read(answers::webhook_made)
    }

    async fn start_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        let call = self.webhooks(Method::POST, &[webhook_id, "start"]);
        self.vendor.ask(call?).await?.read(|body| answers::webhook_state(body, webhook_id, true))
    }

    async fn stop_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        let call = self.webhooks(Method::POST, &[webhook_id, "stop"]);
        self.vendor.ask(call?).await?.read(|body| answers::webhook_state(body, webhook_id, false))
    }

    async fn rotate_webhook_secret(&self, webhook_id: &str) -> Answer<SecretString> {
        self.vendor.ask(self.webhooks(Method::POST, &[webhook_id, "rotate-secret"])?).await?.read(answers::secret)
    }

    async fn list_webhooks(&self) -> Answer<Vec<WebhookAccount>> {
        self.vendor.ask(self.webhooks(Method::GET, &[])?).await?.read(answers::webhooks)
    }

    async fn login(&self, login: &Login) -> Answer<LoginOutcome> {
        let body = json!({
            "platform": "linkedin",
            "email": login.email.expose_secret(),
            "password": login.password.expose_secret(),
            "country": country(&login.country),
        });
        self.sign_in("login", body, vec![&login.email, &login.password]).await
    }

    async fn verify(&self, verification: &Verification) -> Answer<LoginOutcome> {
        let body = json!({
            "platform": "linkedin",
            "email": verification.email.expose_secret(),
            "code": verification.code.expose_secret(),
            "country": country(&verification.country),
        });
        self.sign_in("checkpoint", body, vec![&verification.email, &verification.code]).await
    }
}
