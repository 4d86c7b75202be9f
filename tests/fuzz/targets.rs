//! What is fuzzed: every reader of outside text, each with what must hold of whatever it answers.

use console::table;
use domain::identity::{self, Key};
use domain::reply::Intent;
use domain::{analysis, industry, names, post_url, profile_url, reply, titles, tone};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use outbound::linkedin::{Access, ErrorKind, MESSAGE_MAX_CHARS, Paged, Session};
use outbound::linkup_v1::{post_address_forms, wire};
use outbound::{linkup_webhook, retry_after};
use secrecy::SecretString;
use serde_json::Value;
use std::borrow::Cow;

/// Instants near the places where a year, a month or the calendar ends.
const INSTANTS: [&str; 4] = ["2026-11-20T10:00:00Z", "2026-12-31T23:59:59Z", "2028-02-29T00:00:00Z", "9999-12-30T00:00:00Z"];

fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// The answer of a provider, as the client parses it: no JSON is told apart before any reader sees it.
fn body(input: &[u8]) -> Option<Value> {
    serde_json::from_slice(input).ok()
}

/// One of four instants, chosen by the input.
fn instant(input: &[u8]) -> Timestamp {
    let chosen = input.iter().fold(0_usize, |sum, byte| sum.wrapping_add(usize::from(*byte)));
    INSTANTS[chosen % INSTANTS.len()].parse().expect("an instant")
}

fn keys_survive_storage(keys: Vec<Key>) {
    for key in keys {
        assert_eq!(Key::from_storage(&key.storage()), Some(key));
    }
}

/// The canonical address of whatever was read is read as the same.
pub fn profile_urls(input: &[u8]) {
    let text = text(input);
    let read = profile_url::parse(&text);
    if let Some(canonical) = read.canonical() {
        assert_eq!(profile_url::parse(&canonical), read, "{canonical}");
    }
    keys_survive_storage(identity::keys_of(Some(&text), Some(&text), Some(&text)));
    keys_survive_storage(identity::slug_key(&text).into_iter().collect());
}

/// The same of posts; and no address is asked for in more than two forms.
pub fn post_urls(input: &[u8]) {
    let text = text(input);
    if let Ok(read) = post_url::parse(&text) {
        assert_eq!(post_url::parse(&read.canonical()), Ok(read), "{}", read.canonical());
        let _published = read.published_at();
    }
    let _author = post_url::author_slug(&text);
    let session = Session::of_token(SecretString::from("t".to_owned()), "FR");
    for access in [Access::Data, Access::Session(&session)] {
        assert!((1..=2).contains(&post_address_forms(&text, access).len()));
    }
}

/// What is left of a name can be shown in a line.
pub fn display_names(input: &[u8]) {
    let read = names::clean(&text(input));
    for part in [&read.clean, &read.first, &read.last].into_iter().flatten() {
        assert!(!part.trim().is_empty() && !part.chars().any(char::is_control), "{part:?}");
    }
}

pub fn headlines(input: &[u8]) {
    let _title = titles::read(&text(input));
}

pub fn comments(input: &[u8]) {
    let _tone = tone::read(&text(input));
}

/// Only an answer that puts us off names a day.
pub fn replies(input: &[u8]) {
    let read = reply::read(&text(input), instant(input));
    assert!(read.until.is_none() || matches!(read.intent, Intent::NotNow | Intent::OutOfOffice), "{read:?}");
}

/// Places, sizes, domains and industries as profiles and companies write them.
pub fn places(input: &[u8]) {
    let text = text(input);
    let _place = analysis::places::read(&text);
    let _country = analysis::places::country_code(&text);
    let listed = [industry::Listed::read(&text)];
    let _match = industry::best_of(&text, &listed);
    if let Some(domain) = analysis::registrable_domain(&text) {
        assert_eq!(analysis::registrable_domain(&domain).as_deref(), Some(domain.as_str()));
    }
}

/// No row gets lost without being counted, and the page asked for is the page told.
fn page<T>(read: Result<Paged<T>, wire::Unread>) {
    if let Ok(read) = read {
        assert_eq!(read.rows.len() + read.unreadable as usize, read.page.returned as usize);
    }
}

pub fn linkup_posts(input: &[u8]) {
    let Some(body) = body(input) else { return };
    page(wire::posts(&body, 1));
}

pub fn linkup_reactions(input: &[u8]) {
    let Some(body) = body(input) else { return };
    page(wire::reactions(&body, 7));
    for row in wire::reactions(&body, u32::MAX).into_iter().flat_map(|read| read.rows) {
        keys_survive_storage(identity::keys_of(row.profile_url.as_deref(), row.actor_urn.as_deref(), None));
    }
}

pub fn linkup_comments(input: &[u8]) {
    let Some(body) = body(input) else { return };
    page(wire::comments(&body, 1));
}

pub fn linkup_people(input: &[u8]) {
    let Some(body) = body(input) else { return };
    page(wire::people(&body));
    page(wire::connections(&body, 3));
    page(wire::sent_invitations(&body, 2));
}

pub fn linkup_profile(input: &[u8]) {
    let Some(body) = body(input) else { return };
    let _profile = wire::profile(&body);
}

pub fn linkup_company(input: &[u8]) {
    let Some(body) = body(input) else { return };
    let _company = wire::company(&body);
}

pub fn linkup_messages(input: &[u8]) {
    let Some(body) = body(input) else { return };
    let _conversation = wire::conversation(&body);
    let _inbox = wire::inbox(&body);
}

/// Whatever an action, a webhook's registration or a login may answer.
pub fn linkup_actions(input: &[u8]) {
    let Some(body) = body(input) else { return };
    let _status = wire::invitation_status(&body);
    let _invited = wire::invitation_receipt(&body);
    let _sent = wire::message_receipt(&body);
    let _published = wire::created_post(&body);
    let _webhook = wire::webhook_account(&body);
    let _webhooks = wire::webhook_accounts(&body);
    let _state = wire::webhook_state(&body, "w");
    let _login = wire::login_outcome(&body);
    let _done = wire::done(&body);
}

/// An answer outside 2xx is always a failure; a refused key is never printed.
pub fn linkup_failures(input: &[u8]) {
    let Some(body) = body(input) else { return };
    let _credits = wire::credits_told(&body);
    for status in [100, 200, 204, 302, 400, 401, 402, 403, 404, 408, 410, 429, 500, 502, 599] {
        let refusal = wire::refusal(status, &body, false);
        assert!((200..300).contains(&status) || refusal.is_some(), "{status}");
        if let Some(refusal) = refusal {
            assert!(status != 429 || matches!(refusal.kind, ErrorKind::RateLimited | ErrorKind::Restricted) || has_code(&body));
            presentable(&refusal.message);
        }
    }
}

/// Whether the body names its own error: then that counts more than the status.
fn has_code(body: &Value) -> bool {
    body.to_string().to_lowercase().contains("code")
}

fn presentable(message: &str) {
    let (token, key) = (SecretString::from("AQEDtoken".to_owned()), SecretString::from("key-1".to_owned()));
    let shown = wire::presentable(&format!("AQEDtoken{message}key-1"), [&token, &key].into_iter());
    assert!(!shown.contains("AQEDtoken") && !shown.contains("key-1"), "{shown}");
    assert!(shown.chars().count() <= MESSAGE_MAX_CHARS && !shown.chars().any(char::is_control), "{shown}");
}

/// Both generations; and a signature is worth nothing with another body, instant or spelling.
pub fn linkup_webhooks(input: &[u8]) {
    let _hint = linkup_webhook::parse_v1(input);
    let _event = linkup_webhook::parse_v2(input);
    let secrets = [SecretString::from("whsec".to_owned())];
    let now = Timestamp::from_second(1_795_024_800).expect("an instant");
    let text = text(input);
    let verified = linkup_webhook::verify_v2(&secrets, Some(&text), Some(&text), input, now);
    assert!(verified.is_err());
    // HMAC-SHA256 of `1795024800.{}` under another secret.
    let foreign = "v1=3f0a377ba0a4a460ecb616f6507ce0d8cfa3e704025d4fda3ed0c5ca05468728";
    assert!(linkup_webhook::verify_v2(&secrets, Some("1795024800"), Some(foreign), input, now).is_err());
}

/// Nobody waits longer than a day.
pub fn retry_after(input: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(input) else { return };
    let now = instant(input);
    let mut headers = HeaderMap::new();
    for name in ["retry-after", "date", "retry-after-ms"] {
        headers.insert(name, value.clone());
        let wait = retry_after::from_headers(&headers, now);
        assert!(wait.is_none_or(|wait| wait <= retry_after::WAIT_MAX), "{wait:?}");
    }
}

/// A table is read or refused; a row is a person, or the reason why not is known.
pub fn tables(input: &[u8]) {
    let Ok(table) = table::table(&text(input)) else { return };
    let columns = table::columns(&table.headers);
    assert_eq!(columns.len(), table.headers.len());
    for row in &table.rows {
        let Ok(record) = table::record(&table.headers, &columns, row) else { continue };
        let read = table::read(&record);
        assert!(!read.refusal().is_empty());
        keys_survive_storage(read.row.keys);
    }
}
