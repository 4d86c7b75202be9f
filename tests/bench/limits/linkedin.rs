//! A LinkedIn in this process that does what it is asked and remembers what it saw. Slugs that begin with `c` are
//! connections of everybody; of the others every third accepts an invitation some hours later.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kit::Clock;
use outbound::linkedin::*;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const ACCEPTED_AFTER: SignedDuration = SignedDuration::from_hours(7);
/// The rows of a page.
const PAGE: usize = 10;

/// What counts against a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Invitation,
    Message,
    /// Any other call through the session.
    Read,
}

/// One call through an account's session.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Timestamp,
    pub deed: Deed,
    pub whom: String,
}

#[derive(Default)]
struct Member {
    seen: Vec<Seen>,
    /// When each was invited; those taken back are gone.
    invited: BTreeMap<String, Timestamp>,
}

/// LinkedIn, by the token of each session.
pub struct Network {
    clock: Clock,
    members: Mutex<BTreeMap<String, Member>>,
}

pub fn token(n: usize) -> String {
    format!("session-{n}")
}

fn slug_of(url: &str) -> String {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

fn url_of(slug: &str) -> Option<String> {
    Some(format!("https://www.linkedin.com/in/{slug}"))
}

/// Whether somebody invited then has accepted by now, and when.
fn accepted(slug: &str, invited_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let number: u32 = slug.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or_default();
    let at = invited_at + ACCEPTED_AFTER;
    (number.is_multiple_of(3) && at <= now).then_some(at)
}

fn metered<T>(value: T, session_reads: u32) -> Answer<T> {
    Ok(Metered { value, credits: 1, session_reads, raw_bytes: 100 })
}

fn page_of<T>(all: Vec<T>, page: u32) -> Paged<T> {
    let available = all.len();
    let from = (page.max(1) as usize - 1) * PAGE;
    let rows: Vec<T> = all.into_iter().skip(from).take(PAGE).collect();
    let returned = rows.len() as u32;
    let info = PageInfo { page, returned, available: Some(available as u32), has_next: available > from + PAGE };
    Paged { page: info, rows, unreadable: 0, address: None }
}

impl Network {
    pub fn new(clock: Clock) -> Self {
        Self { clock, members: Mutex::default() }
    }

    /// What was asked through the session of a workspace, in order.
    pub fn seen(&self, n: usize) -> Vec<Seen> {
        self.members().get(&token(n)).map(|member| member.seen.clone()).unwrap_or_default()
    }

    fn members(&self) -> MutexGuard<'_, BTreeMap<String, Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note<T>(&self, session: &Session, deed: Deed, whom: &str, then: impl FnOnce(&mut Member, Timestamp) -> T) -> Answer<T> {
        let now = self.clock.now();
        let mut members = self.members();
        let member = members.entry(session.login_token.expose_secret().to_owned()).or_default();
        member.seen.push(Seen { at: now, deed, whom: whom.to_owned() });
        metered(then(member, now), u32::from(deed == Deed::Read))
    }
}

#[async_trait]
impl LinkedIn for Network {
    fn capabilities(&self) -> Capabilities {
        domain::provider::LINKUP_V1
    }

    fn costs(&self) -> Costs {
        outbound::linkup_v1::COSTS
    }

    async fn own_posts(&self, _: Access<'_>, _: &PostsQuery) -> Answer<Paged<PostRow>> {
        metered(page_of(Vec::new(), 1), 0)
    }

    async fn post_reactions(&self, _: Access<'_>, _: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        metered(page_of(Vec::new(), page), 0)
    }

    async fn post_comments(&self, _: Access<'_>, _: &str, page: u32) -> Answer<Paged<CommentRow>> {
        metered(page_of(Vec::new(), page), 0)
    }

    async fn invitation_status(&self, session: &Session, profile_url: &str) -> Answer<InvitationStatus> {
        let slug = slug_of(profile_url);
        self.note(session, Deed::Read, &slug, |member, now| {
            let invited = member.invited.get(&slug).copied();
            let connected = slug.starts_with('c') || invited.is_some_and(|at| accepted(&slug, at, now).is_some());
            let (state, kind, distance) = match (connected, invited) {
                (true, _) => (InvitationState::Accepted, Some("CONNECTED"), 1),
                (false, Some(_)) => (InvitationState::Pending, Some("SENT"), 2),
                _ => (InvitationState::None, None, 2),
            };
            let invitation_id = invited.map(|_| slug.clone());
            InvitationStatus { state, kind: kind.map(str::to_owned), invitation_id, distance: Some(distance) }
        })
    }

    async fn connect(&self, session: &Session, profile_url: &str, _: Option<&str>) -> Answer<InvitationReceipt> {
        let slug = slug_of(profile_url);
        self.note(session, Deed::Invitation, &slug, |member, now| {
            member.invited.insert(slug.clone(), now);
            InvitationReceipt::default()
        })
    }

    async fn send_message(&self, session: &Session, profile_url: &str, _: &NewMessage) -> Answer<MessageReceipt> {
        self.note(session, Deed::Message, &slug_of(profile_url), |_, _| MessageReceipt::default())
    }

    async fn inbox(&self, session: &Session, _: &InboxQuery) -> Answer<InboxPage> {
        self.note(session, Deed::Read, "inbox", |_, _| InboxPage { threads: Vec::new(), next_cursor: None })
    }

    async fn connections(&self, session: &Session, page: u32) -> Answer<Paged<ConnectionRow>> {
        self.note(session, Deed::Read, "connections", |member, now| {
            let accepted = |(slug, at): (&String, &Timestamp)| accepted(slug, *at, now).map(|at| (at, slug.clone()));
            let mut all: Vec<(Timestamp, String)> = member.invited.iter().filter_map(accepted).collect();
            all.sort_by(|a, b| b.cmp(a));
            let row = |(at, slug): (Timestamp, String)| ConnectionRow {
                name: None,
                headline: None,
                profile_url: url_of(&slug),
                connected_at: Some(at),
                raw: Value::Null,
            };
            page_of(all.into_iter().map(row).collect(), page)
        })
    }

    async fn sent_invitations(&self, session: &Session, page: u32) -> Answer<Paged<SentInvitationRow>> {
        self.note(session, Deed::Read, "invitations", |member, now| {
            let pending = member.invited.iter().filter(|(slug, at)| accepted(slug, **at, now).is_none());
            let mut all: Vec<(Timestamp, String)> = pending.map(|(slug, at)| (*at, slug.clone())).collect();
            all.sort_by(|a, b| b.cmp(a));
            let row = |(at, slug): (Timestamp, String)| SentInvitationRow {
                invitation_id: Some(slug.clone()),
                name: None,
                headline: None,
                profile_url: url_of(&slug),
                sent_at: Some(at),
                raw: Value::Null,
            };
            page_of(all.into_iter().map(row).collect(), page)
        })
    }

    async fn withdraw_invitation(&self, session: &Session, invitation_id: &str) -> Answer<()> {
        self.note(session, Deed::Read, invitation_id, |member, _| {
            member.invited.remove(invitation_id);
        })
    }
}
