//! From the addresses we know people, companies and pages by to the ids that Unipile wants.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Unipile, answers};
use crate::linkedin::{Access, CallError, ErrorKind, LinkedIn, Metered, Sent, Session};
use crate::vendor::unsent;
use domain::identity::{self, Kind};

/// How many ids or cursors are kept; then the oldest is forgotten.
const KEPT_MAX: usize = 256;

/// LinkedIn's ids of vanity names: a fact about LinkedIn, the same for every account.
#[derive(Debug, Default)]
pub(super) struct Ids(Kept);

impl Ids {
    pub(super) fn keep(&self, identifier: &str, id: Option<&str>) {
        if let Some(id) = id {
            self.0.keep(identifier.to_owned(), id.to_owned());
        }
    }

    fn of(&self, identifier: &str) -> Option<String> {
        self.0.of(identifier)
    }
}

/// Where the next page of a list of an account's own starts: its pages are read one after the other by one worker.
#[derive(Debug, Default)]
pub(super) struct Cursors(Kept);

impl Cursors {
    pub(super) fn keep(&self, list: String, page: u32, cursor: Option<String>) {
        if let Some(cursor) = cursor {
            self.0.keep(format!("{list}#{page}"), cursor);
        }
    }

    pub(super) fn of(&self, list: &str, page: u32) -> Option<String> {
        if page > 1 { self.0.of(&format!("{list}#{page}")) } else { None }
    }
}

/// The newest few pairs; so few that looking through them costs nothing beside a request.
#[derive(Debug, Default)]
struct Kept(Mutex<Vec<(String, String)>>);

impl Kept {
    fn keep(&self, key: String, value: String) {
        let mut pairs = self.pairs();
        pairs.retain(|(known, _)| *known != key);
        if pairs.len() >= KEPT_MAX {
            pairs.remove(0);
        }
        pairs.push((key, value));
    }

    fn of(&self, key: &str) -> Option<String> {
        self.pairs().iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    fn pairs(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        // Whole after every statement, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What Unipile knows a person by: the vanity name or LinkedIn's id in an address.
pub(super) fn identifier(profile_url: &str) -> Result<String, CallError> {
    let key = identity::address_key(profile_url).filter(|key| matches!(key.kind, Kind::Slug | Kind::MemberId));
    key.map(|key| key.value).ok_or_else(|| unsent(ErrorKind::BadRequest, "no address of a person"))
}

/// What Unipile knows a company by: the last part of its page's address.
pub(super) fn company(company_url: &str) -> Result<String, CallError> {
    match domain::profile_url::parse(company_url) {
        domain::profile_url::ProfileUrl::Company(key) => Ok(key),
        _ => Err(unsent(ErrorKind::BadRequest, "no address of a company")),
    }
}

impl Unipile {
    /// LinkedIn's id of a person, read where it is not known. No failure of it has done anything.
    pub(super) async fn resolve(&self, session: &Session, profile_url: &str) -> Result<Metered<String>, CallError> {
        let known = |value| Metered { value, credits: 0, session_reads: 0, raw_bytes: 0 };
        let key = identity::address_key(profile_url);
        let identifier = identifier(profile_url)?;
        if key.is_some_and(|key| key.kind == Kind::MemberId) {
            return Ok(known(identifier));
        }
        if let Some(id) = self.ids.of(&identifier) {
            return Ok(known(id));
        }
        let call = self.get(vec!["users".into(), identifier.clone()], session, Vec::new())?;
        let read = |body: &serde_json::Value| answers::provider_id(body).ok_or(crate::linkup_v1::reading::Unread("provider_id"));
        let answer = self.vendor.ask(call).await.and_then(|got| got.read(read)).map_err(before_the_action)?;
        self.ids.keep(&identifier, Some(&answer.value));
        Ok(answer)
    }

    /// The id of a company page.
    pub(super) async fn organisation(&self, session: &Session, company_url: &str) -> Result<Metered<String>, CallError> {
        let name = company(company_url)?;
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Metered { value: name, credits: 0, session_reads: 0, raw_bytes: 0 });
        }
        let found = self.company(Access::Session(session), company_url).await.map_err(before_the_action)?;
        let nothing = || CallError { sent: Sent::Not, ..unsent(ErrorKind::NotFound, "the company page has no id") };
        let id = crate::lenient::text(&found.value.raw, &["id", "entity_urn"]).ok_or_else(nothing)?;
        let id = id.rsplit(':').next().unwrap_or_default().to_owned();
        Ok(found.map(|_| id))
    }
}

/// The reading before an action failed: the action never left, and what may pass may be tried again.
fn before_the_action(error: CallError) -> CallError {
    let passing = matches!(error.kind, ErrorKind::VendorDown | ErrorKind::TimedOut | ErrorKind::Unreadable);
    CallError { kind: if passing { ErrorKind::Unreachable } else { error.kind }, sent: Sent::Not, ..error }
}
