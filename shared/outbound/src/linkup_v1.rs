//! LinkupAPI V1: the provider behind [`LinkedIn`].
//!
//! Each method is one request (the post reads: two at most, one per form of the
//! address), built here, sent by `vendor`, judged by `failure`, read by the readers.
//! Nothing is ever repeated here.

pub(crate) mod failure;
pub(crate) mod messages;
pub(crate) mod people;
mod post_address;
pub(crate) mod posts;
pub(crate) mod reading;
pub mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use domain::provider::LINKUP_V1;
use http::Method;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::linkedin::*;
use crate::rate::RateGate;
use crate::vendor::{Call, Got, Habits, Vendor, unsent};
pub use crate::vendor::{Clock, ConfigError, VendorConfig as LinkupConfig, key_id};
pub use post_address::post_address_forms;

/// The vendor's own address.
pub const BASE_URL: &str = "https://api.linkupapi.com";
/// Requests a minute the vendor allows one API key.
pub const REQUESTS_PER_MINUTE: usize = 300;
/// Prices of V1. Source: docs/rules.md, "Budget".
pub const COSTS: Costs =
    Costs { page: 1, rows_per_page: 10, results_per_credit: 10, action: 1, message_with_media: 2, monitoring_per_day: 10 };
/// Rows of a list where the caller names no number; also the vendor's default.
pub(crate) const RESULTS_DEFAULT: u32 = 10;
const COUNTRY_DEFAULT: &str = "FR";
const HABITS: Habits =
    Habits { key_header: "x-api-key", version: "v1", refusal: failure::refusal, failed_calls_cost: LINKUP_V1.failed_calls_cost };

/// A client of LinkupAPI V1 for one API key.
#[derive(Debug)]
pub struct LinkupV1 {
    vendor: Vendor,
}

impl LinkupV1 {
    /// A client whose requests pass `gate`, shared by all clients of the key.
    pub fn new(config: LinkupConfig, gate: Arc<dyn RateGate>) -> Result<Self, ConfigError> {
        Self::with_clock(config, gate, Arc::new(Timestamp::now))
    }

    /// The same with another clock.
    pub fn with_clock(config: LinkupConfig, gate: Arc<dyn RateGate>, clock: Clock) -> Result<Self, ConfigError> {
        Ok(LinkupV1 { vendor: Vendor::new(config, HABITS, gate, clock)? })
    }

    fn read<'a>(&self, path: &'static str, body: Map<String, Value>, credits: u32, access: Access<'a>) -> Call<'a> {
        let mut call = self.action(path, body, access.session());
        call.credits = credits;
        call.session_reads = access.reads();
        call
    }

    /// An action: one credit, no read of the account.
    fn action<'a>(&self, path: &'static str, mut body: Map<String, Value>, session: Option<&'a Session>) -> Call<'a> {
        if let Some(session) = session {
            body.insert("login_token".into(), session.login_token.expose_secret().into());
            body.insert("country".into(), country(&session.country).into());
        }
        Call {
            credits: COSTS.action,
            secrets: session.map(|session| &session.login_token).into_iter().collect(),
            ..self.vendor.post(path, body)
        }
    }

    /// Webhook management: no session, no credits.
    fn webhooks<'a>(&self, method: Method, steps: &[&'a str]) -> Call<'a> {
        self.vendor.call(method, ["webhooks/accounts"].iter().chain(steps).map(|step| (*step).into()).collect())
    }

    async fn watch(&self, webhook_id: &str, verb: &str) -> Answer<WebhookState> {
        if webhook_id.trim().is_empty() {
            return Err(unsent(ErrorKind::BadRequest, "no webhook named"));
        }
        let call = self.webhooks(Method::POST, &[webhook_id, verb]);
        self.vendor.ask(call).await?.read(|body| messages::webhook_state(body, webhook_id))
    }

    async fn sign_in(&self, path: &'static str, body: Value, secrets: Vec<&SecretString>) -> Answer<LoginOutcome> {
        let mut call = self.action(path, object(body), None);
        call.credits = 0;
        call.secrets = secrets;
        call.signs_in = true;
        self.vendor.ask(call).await?.read(messages::login_outcome)
    }

    /// One page about a post, by at most two forms of its address; answers the form that was found, too.
    async fn post_page(
        &self,
        paths: [&'static str; 2],
        access: Access<'_>,
        post_url: &str,
        page: u32,
    ) -> Result<(Got, String), CallError> {
        let mut spent = (0, 0);
        let mut refused = None;
        for address in post_address_forms(post_url, access) {
            let mut body = object(json!({ "post_url": address, "start_page": page.max(1), "end_page": page.max(1) }));
            let path = if access.session().is_some() { paths[1] } else { paths[0] };
            if path == DATA_COMMENTS {
                body.insert("use_pagination".into(), true.into());
            }
            match self.vendor.ask(self.read(path, body, COSTS.page, access)).await {
                Ok(got) => return Ok((got.after(spent), address)),
                Err(mut error) => {
                    error.credits += spent.0;
                    error.session_reads += spent.1;
                    spent = (error.credits, error.session_reads);
                    if !failure::may_be_the_address(&error) {
                        return Err(error);
                    }
                    refused = Some(error);
                }
            }
        }
        Err(refused.unwrap_or_else(|| unsent(ErrorKind::BadRequest, "no address of a post")))
    }

    async fn publish(
        &self,
        path: &'static str,
        body: Map<String, Value>,
        session: &Session,
        post: &NewPost,
    ) -> Answer<CreatedPost> {
        let mut body = body;
        body.insert("message".into(), post.text.as_str().into());
        match post.media.as_slice() {
            [] => {}
            [file] => drop(body.insert("file".into(), file.as_str().into())),
            files => drop(body.insert("files".into(), files.into())),
        }
        let mut call = self.action(path, body, Some(session));
        call.timeout = self.vendor.config.media_timeout;
        self.vendor.ask(call).await?.read(messages::created_post)
    }
}

/// The price of an extraction in total mode: by the rows it brought. An empty answer is charged like a failed call:
/// assume the dearer reading of the price list.
fn by_rows(rows: u32) -> Option<u32> {
    Some(COSTS.extraction(rows).max(1))
}

const DATA_COMMENTS: &str = "data/signals/posts/comments";

#[async_trait]
impl LinkedIn for LinkupV1 {
    fn capabilities(&self) -> Capabilities {
        LINKUP_V1
    }

    fn costs(&self) -> Costs {
        COSTS
    }

    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>> {
        let page = query.page.max(1);
        let mut body = object(json!({
            "post_type": query.post_type.as_deref().unwrap_or("ALL"),
            "sort_by": "DATE_POSTED",
            "start_page": page,
            "end_page": page,
        }));
        insert_some(&mut body, "keyword", &query.keyword);
        insert_some(&mut body, "post_date", &query.post_date);
        let (path, url_field) = match access {
            Access::Data => ("data/signals/profile/posts", "profile_url"),
            Access::Session(_) => ("posts/search", "linkedin_url"),
        };
        body.insert(url_field.into(), query.profile_url.as_str().into());
        if access.session().is_none() {
            body.insert("use_pagination".into(), true.into());
        }
        let call = self.read(path, body, COSTS.page, access);
        self.vendor.ask(call).await?.read(|answer| posts::posts(answer, page))
    }

    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        let paths = ["data/signals/posts/reactions", "posts/reactions"];
        let (got, address) = self.post_page(paths, access, post_url, page).await?;
        got.read(|answer| posts::reactions(answer, page.max(1)).map(|rows| Paged { address: Some(address), ..rows }))
    }

    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>> {
        let paths = [DATA_COMMENTS, "posts/extract-comments"];
        let (got, address) = self.post_page(paths, access, post_url, page).await?;
        got.read(|answer| posts::comments(answer, page.max(1)).map(|rows| Paged { address: Some(address), ..rows }))
    }

    async fn profile(&self, session: &Session, profile_url: &str) -> Answer<Profile> {
        let body = object(json!({ "linkedin_url": profile_url }));
        self.vendor.ask(self.read("profile/info", body, 1, Access::Session(session))).await?.read(people::profile)
    }

    async fn profile_data(&self, profile_url: &str) -> Answer<Profile> {
        let body = object(json!({ "profile_url": profile_url }));
        self.vendor.ask(self.read("data/profil/info", body, 1, Access::Data)).await?.read(people::profile)
    }

    fn profile_again(&self, raw: &Value) -> Option<Profile> {
        people::profile(raw).ok()
    }

    async fn company(&self, access: Access<'_>, company_url: &str) -> Answer<Company> {
        let body = object(json!({ "company_url": company_url }));
        let path = if access.session().is_some() { "companies/info" } else { "data/company/info" };
        self.vendor.ask(self.read(path, body, 1, access)).await?.read(people::company)
    }

    async fn company_by_domain(&self, domain: &str) -> Answer<Company> {
        let body = object(json!({ "domain": domain }));
        self.vendor.ask(self.read("data/company/info-by-domain", body, 1, Access::Data)).await?.read(people::company)
    }

    async fn search_people(&self, access: Access<'_>, query: &PeopleQuery) -> Answer<Paged<PersonRow>> {
        let rows = results_or_default(query.total_results);
        let (path, body) = match access {
            Access::Data => ("data/search/profiles", people::data_search(&query.wanted, rows)),
            Access::Session(_) => ("profile/search", people::session_search(&query.wanted, rows)),
        };
        let call = self.read(path, body, COSTS.extraction(rows), access);
        self.vendor.ask(call).await?.priced(people::people, |found| by_rows(found.page.returned))
    }

    async fn invitation_status(&self, session: &Session, profile_url: &str) -> Answer<InvitationStatus> {
        let body = object(json!({ "linkedin_url": profile_url }));
        let call = self.read("network/invitation-status", body, COSTS.action, Access::Session(session));
        self.vendor.ask(call).await?.read(messages::invitation_status)
    }

    async fn connect(&self, session: &Session, profile_url: &str, note: Option<&str>) -> Answer<InvitationReceipt> {
        let mut body = object(json!({ "linkedin_url": profile_url }));
        if let Some(note) = note.filter(|note| !note.trim().is_empty()) {
            body.insert("message".into(), note.into());
        }
        self.vendor.ask(self.action("network/connect", body, Some(session))).await?.read(messages::invitation_receipt)
    }

    async fn send_message(&self, session: &Session, profile_url: &str, message: &NewMessage) -> Answer<MessageReceipt> {
        let mut body = object(json!({ "linkedin_url": profile_url, "message_text": message.text }));
        insert_some(&mut body, "media_link", &message.media_link);
        let mut call = self.action("messages/send-message", body, Some(session));
        call.credits = COSTS.message(message.media_link.is_some());
        if message.media_link.is_some() {
            call.timeout = self.vendor.config.media_timeout;
        }
        self.vendor.ask(call).await?.read(messages::message_receipt)
    }

    async fn conversation(&self, session: &Session, profile_url: &str) -> Answer<Conversation> {
        let body = object(json!({ "linkedin_url": profile_url, "total_results": RESULTS_DEFAULT }));
        let credits = COSTS.extraction(RESULTS_DEFAULT);
        let call = self.read("messages/conversation", body, credits, Access::Session(session));
        self.vendor.ask(call).await?.read(messages::conversation)
    }

    async fn inbox(&self, session: &Session, query: &InboxQuery) -> Answer<InboxPage> {
        let wanted = results_or_default(query.total_results);
        let mut body = object(json!({ "total_results": wanted }));
        insert_some(&mut body, "category", &query.category);
        insert_some(&mut body, "next_cursor", &query.cursor);
        let call = self.read("messages/inbox", body, COSTS.extraction(wanted), Access::Session(session));
        self.vendor.ask(call).await?.priced(messages::inbox, |page| by_rows(page.threads.len() as u32))
    }

    async fn connections(&self, session: &Session, page: u32) -> Answer<Paged<ConnectionRow>> {
        let page = page.max(1);
        let body = object(json!({ "start_page": page, "end_page": page }));
        let call = self.read("network/connections", body, COSTS.page, Access::Session(session));
        self.vendor.ask(call).await?.read(|answer| people::connections(answer, page))
    }

    async fn sent_invitations(&self, session: &Session, page: u32) -> Answer<Paged<SentInvitationRow>> {
        let page = page.max(1);
        let body = object(json!({ "start_page": page, "end_page": page }));
        let call = self.read("network/sent-invitations", body, COSTS.page, Access::Session(session));
        self.vendor.ask(call).await?.read(|answer| people::sent_invitations(answer, page))
    }

    async fn withdraw_invitation(&self, session: &Session, invitation_id: &str) -> Answer<()> {
        let body = object(json!({ "invitation_id": invitation_id }));
        self.vendor.ask(self.action("network/withdraw-invitation", body, Some(session))).await?.read(messages::done)
    }

    async fn create_post(&self, session: &Session, post: &NewPost) -> Answer<CreatedPost> {
        self.publish("posts/create", Map::new(), session, post).await
    }

    async fn create_company_post(&self, session: &Session, company_url: &str, post: &NewPost) -> Answer<CreatedPost> {
        let body = object(json!({ "company_url": company_url }));
        self.publish("posts/create-company", body, session, post).await
    }

    async fn create_webhook(&self, session: &Session, webhook: &NewWebhook) -> Answer<WebhookAccount> {
        let body = object(json!({
            "plateforme": "linkedin",
            "account_name": webhook.account_name,
            "webhook_url": webhook.webhook_url.expose_secret(),
        }));
        let mut call = self.action("webhooks/accounts", body, Some(session));
        call.credits = 0;
        call.secrets.push(&webhook.webhook_url);
        self.vendor.ask(call).await?.read(messages::webhook_account)
    }

    async fn start_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        self.watch(webhook_id, "start").await
    }

    async fn stop_webhook(&self, webhook_id: &str) -> Answer<WebhookState> {
        self.watch(webhook_id, "stop").await
    }

    async fn list_webhooks(&self) -> Answer<Vec<WebhookAccount>> {
        self.vendor.ask(self.webhooks(Method::GET, &[])).await?.read(messages::webhook_accounts)
    }

    async fn login(&self, login: &Login) -> Answer<LoginOutcome> {
        let body = json!({
            "email": login.email.expose_secret(),
            "password": login.password.expose_secret(),
            "country": country(&login.country),
        });
        self.sign_in("auth/login", body, vec![&login.email, &login.password]).await
    }

    async fn verify(&self, verification: &Verification) -> Answer<LoginOutcome> {
        let body = json!({
            "email": verification.email.expose_secret(),
            "code": verification.code.expose_secret(),
            "country": country(&verification.country),
        });
        self.sign_in("auth/verify", body, vec![&verification.email, &verification.code]).await
    }
}

pub(crate) fn country(country: &str) -> String {
    match country.trim() {
        "" => COUNTRY_DEFAULT.to_owned(),
        named => named.to_ascii_uppercase(),
    }
}

pub(crate) fn results_or_default(results: u32) -> u32 {
    if results == 0 { RESULTS_DEFAULT } else { results }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

pub(crate) fn insert_some(body: &mut Map<String, Value>, name: &str, value: &Option<String>) {
    if let Some(text) = value.as_deref().filter(|text| !text.trim().is_empty()) {
        body.insert(name.to_owned(), text.into());
    }
}
