//! Reading one page: session-less where that answers, else by the session within the account's reading budget.

use crate::EngagementPuller;
use jiff::Timestamp;
use outbound::linkedin::{Access, CallError, CommentRow, ErrorKind, Metered, Paged, PostRow, PostsQuery, ReactionRow, Sent};
use store::account::Account;
use store::run::{Part, Run};

/// The rows of a page, by part.
pub enum Rows {
    Reactions(Vec<ReactionRow>),
    Comments(Vec<CommentRow>),
    Posts(Vec<PostRow>),
}

impl Rows {
    pub fn len(&self) -> u32 {
        let rows = match self {
            Self::Reactions(rows) => rows.len(),
            Self::Comments(rows) => rows.len(),
            Self::Posts(rows) => rows.len(),
        };
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    /// Keeps the first so many.
    pub fn truncate(&mut self, most: u32) {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        match self {
            Self::Reactions(rows) => rows.truncate(most),
            Self::Comments(rows) => rows.truncate(most),
            Self::Posts(rows) => rows.truncate(most),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A page as it was answered.
pub struct Page {
    pub rows: Rows,
    pub has_next: bool,
    /// Rows that the provider says the list has; 0 where it does not say.
    pub available: u32,
    pub credits: u32,
    pub session_reads: u32,
    /// The form of the post's address that answered.
    pub address: Option<String>,
}

/// What came of asking for a page.
pub enum Read {
    Page(Page),
    /// Not now: the account's reading budget or hours.
    Wait(Timestamp),
}

impl EngagementPuller {
    pub(crate) async fn read_page(&self, run: &Run, account: &Account, now: Timestamp) -> Result<Read, CallError> {
        let Some(client) = self.providers.linkedin(account.provider) else {
            return Err(ours("Ce compte fonctionne à la main\u{a0}: il ne lit rien sur LinkedIn."));
        };
        let session = if run.by_session {
            match self.store.session_read(account, now).await {
                Ok(store::slots::ReadPermit::Granted(wait)) => self.clock.wait(wait).await,
                Ok(store::slots::ReadPermit::NotBefore(at)) => return Ok(Read::Wait(at)),
                Err(e) => return Err(ours(&e.to_string())),
            }
            let opened = self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
            Some(opened.map_err(ours)?)
        } else {
            None
        };
        let access = session.as_ref().map_or(Access::Data, Access::Session);
        let url = run.address.as_deref().unwrap_or(&run.post_url);
        let page = run.position.page;
        match run.position.part {
            Part::Reactions => client.post_reactions(access, url, page).await.map(|a| Read::Page(paged(a, Rows::Reactions))),
            Part::Comments => client.post_comments(access, url, page).await.map(|a| Read::Page(paged(a, Rows::Comments))),
            Part::Posts => {
                let mut query = posts_query(run, account).ok_or_else(|| ours(NO_PROFILE))?;
                if let Some(onward) = run.address.as_ref().filter(|_| page > 1) {
                    query.profile_url.clone_from(onward);
                }
                client.own_posts(access, &query).await.map(|a| Read::Page(paged(a, Rows::Posts)))
            }
            Part::Search | Part::File => Err(ours("Cette collecte ne se lit pas sur des publications.")),
        }
    }
}

const NO_PROFILE: &str = "Ce compte n’indique pas l’adresse de son profil\u{a0}: ajoutez-la, puis reprenez.";

/// The account's own posts, as the run asks for them.
fn posts_query(run: &Run, account: &Account) -> Option<PostsQuery> {
    Some(PostsQuery {
        profile_url: account.profile_url.clone()?,
        keyword: run.query.keyword.clone(),
        post_type: run.query.post_type.clone(),
        post_date: run.query.post_date.map(|span| span.as_str().to_owned()),
        page: run.position.page,
    })
}

fn paged<T>(answer: Metered<Paged<T>>, rows: impl FnOnce(Vec<T>) -> Rows) -> Page {
    Page {
        has_next: answer.value.page.has_next,
        available: answer.value.page.available.unwrap_or(0),
        credits: answer.credits,
        session_reads: answer.session_reads,
        address: answer.value.address,
        rows: rows(answer.value.rows),
    }
}

/// A reason of our own why no call was made.
fn ours(message: &str) -> CallError {
    CallError {
        kind: ErrorKind::Refused,
        message: message.to_owned(),
        credits: 0,
        session_reads: 0,
        retry_after: None,
        status: None,
        sent: Sent::Not,
    }
}
