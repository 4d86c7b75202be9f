//! What LinkupAPI V2 answers differently from V1: pages by offset or cursor, webhooks with a secret, accounts by id.

use domain::search::Combination;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::lenient::{count, field, flag, text};
use crate::linkedin::{LoginOutcome, PageInfo, Paged, WebhookAccount, WebhookState};
use crate::linkup_v1::messages::done;
use crate::linkup_v1::reading::{Unread, data_or_body, items};
use crate::linkup_v1::{insert_some, object};

/// Pages as V2 counts them.
pub(super) trait Answered: Sized {
    /// Whether a page follows: the vendor's word, else a further offset or cursor, else a full page.
    fn paged_by(self, body: &Value, rows_asked: u32) -> Self;
}

impl<T> Answered for Paged<T> {
    fn paged_by(mut self, body: &Value, rows_asked: u32) -> Self {
        let data = data_or_body(body);
        let block = field(&data, &["pagination"]).or_else(|| field(body, &["pagination"])).cloned().unwrap_or_default();
        let said = flag(&block, &["has_more", "has_next_page", "has_next"]).or_else(|| flag(&data, &["has_more"]));
        let onward = count(&block, &["next_offset"]).is_some() || next_cursor(body).is_some();
        let has_next = said.unwrap_or(onward || self.page.returned >= rows_asked);
        self.page = PageInfo { has_next: has_next && self.page.returned > 0, ..self.page };
        self
    }
}

/// Where the next page starts, wherever it is told.
pub(super) fn next_cursor(body: &Value) -> Option<String> {
    let data = data_or_body(body);
    let block = field(&data, &["pagination"]).or_else(|| field(body, &["pagination"])).cloned().unwrap_or_default();
    let names = ["next_cursor", "cursor"];
    text(&data, &names).or_else(|| text(&block, &names)).or_else(|| text(body, &names))
}

/// What a search asks: companies and schools filter by URL, a company by name too; a school's name becomes a keyword,
/// so that no wish is dropped in silence.
pub(super) fn search(wanted: &Combination, rows: u32) -> Map<String, Value> {
    let mut params = object(json!({ "count": rows, "offset": 0 }));
    let mut keywords: Vec<&str> = wanted.keyword.as_deref().into_iter().collect();
    match wanted.current_company.as_deref() {
        Some(url) if url.starts_with("https://") => drop(params.insert("company_url".into(), json!([url]))),
        Some(name) => drop(params.insert("company_name".into(), name.into())),
        None => {}
    }
    match wanted.school.as_deref() {
        Some(url) if url.starts_with("https://") => drop(params.insert("school_url".into(), json!([url]))),
        Some(words) => keywords.push(words),
        None => {}
    }
    for (name, wish) in [("location", &wanted.location), ("industry", &wanted.industry)] {
        if let Some(wish) = wish.as_deref().filter(|wish| !wish.trim().is_empty()) {
            params.insert(name.into(), json!([wish]));
        }
    }
    insert_some(&mut params, "keyword", &Some(keywords.join(" ")));
    insert_some(&mut params, "title", &wanted.job_title);
    params
}

const SECRET_NAMES: [&str; 4] = ["secret", "signing_secret", "webhook_secret", "signature_secret"];

/// A webhook just made: monitoring runs at once, and the secret is told this one time.
pub(super) fn webhook_made(body: &Value) -> Result<WebhookAccount, Unread> {
    let made = webhook(body)?;
    Ok(WebhookAccount { secret: Some(secret(body)?), is_active: flag(&subject(body), &["is_active"]).unwrap_or(true), ..made })
}

/// A webhook among all.
fn webhook(body: &Value) -> Result<WebhookAccount, Unread> {
    let subject = subject(body);
    Ok(WebhookAccount {
        id: text(&subject, &["id", "webhook_id"]).ok_or(Unread("webhook id"))?,
        account_name: text(&subject, &["account_id", "account_name"]),
        webhook_url: text(&subject, &["url", "webhook_url"]).map(SecretString::from),
        is_active: flag(&subject, &["is_active", "active"]).unwrap_or(false),
        secret: None,
    })
}

fn subject(body: &Value) -> Value {
    let data = data_or_body(body);
    field(&data, &["webhook"]).filter(|inner| inner.is_object()).cloned().unwrap_or_else(|| data.into_owned())
}

/// All webhooks of the key; one without an id cannot be managed and is left out.
pub(super) fn webhooks(body: &Value) -> Result<Vec<WebhookAccount>, Unread> {
    Ok(items(body, &["webhooks"], "webhooks")?.iter().filter_map(|item| webhook(item).ok()).collect())
}

/// Whether monitoring runs: the vendor's word, else its success in doing what was asked.
pub(super) fn webhook_state(body: &Value, webhook_id: &str, asked: bool) -> Result<WebhookState, Unread> {
    let told = flag(&subject(body), &["is_active", "active"]);
    if told.is_none() {
        done(body)?;
    }
    Ok(WebhookState { id: webhook_id.to_owned(), is_active: told.unwrap_or(asked) })
}

/// A secret just made.
pub(super) fn secret(body: &Value) -> Result<SecretString, Unread> {
    let found = text(&subject(body), &SECRET_NAMES).or_else(|| text(&data_or_body(body), &SECRET_NAMES));
    found.or_else(|| text(body, &SECRET_NAMES)).map(SecretString::from).ok_or(Unread("webhook secret"))
}

/// An account, or a code on its way; a success without either is neither.
pub(super) fn login_outcome(body: &Value) -> Result<LoginOutcome, Unread> {
    let data = data_or_body(body);
    let state = text(&data, &["status", "state", "message"]).or_else(|| text(body, &["message"])).unwrap_or_default();
    let state = state.to_lowercase();
    if ["checkpoint", "code", "verif", "pending"].iter().any(|word| state.contains(word)) {
        return Ok(LoginOutcome::CodeRequired);
    }
    let id = || field(&data, &["account"]).and_then(|account| text(account, &["id", "account_id"]));
    text(&data, &["account_id"]).or_else(id).map(LoginOutcome::Account).ok_or(Unread("account"))
}
