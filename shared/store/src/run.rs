//! Collections: one extraction each, with its pages, and the rows that wait to be taken in.

use crate::intake::Row;
use crate::record::{DueEntry, Entity, Key, ListEntry, Versioned, encode, instant};
use crate::table::Walk;
use crate::{ListPage, Store, StoreError, keys};
use domain::ids::{AccountId, PostId, ProspectId, RunId, WorkspaceId};
use domain::job::{Job, Task, queue};
use domain::rereading::PageOrder;
use domain::search::Query;
use domain::vocabulary::{DropCode, LeadSource, ReactionKind, RunStatus};
use domain::workspace::Period;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most posts that one run reads.
pub const POSTS_MAX: u32 = 50;
/// The most pages of one run that are looked through.
const PAGES_MAX: usize = 20_000;
/// Rows that nobody took in are forgotten after so long.
const ROWS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a magnet keeps of the rows it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// Any of these reactions; empty: any at all.
    pub reactions: Vec<ReactionKind>,
    /// Words of a comment, folded; empty: any comment.
    pub words: Vec<String>,
    /// All of `words` instead of any.
    pub match_all: bool,
    pub not_contacted: bool,
    pub not_known: bool,
}

/// What a run reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One post.
    #[default]
    Post,
    /// The account's own posts, those that a query finds.
    OwnPosts,
    /// People, by the combinations of a query.
    Search,
    /// The rows of a file.
    File,
}

/// The kinds of rows that are read: of a post its reactions and comments; of an account its posts; people otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Reactions,
    Comments,
    Posts,
    Search,
    File,
}

impl Part {
    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reactions => "reactions",
            Self::Comments => "comments",
            Self::Posts => "posts",
            Self::Search => "search",
            Self::File => "file",
        }
    }
}

impl Filters {
    /// The parts that are read, in their order. Nobody can pass by the part that is left out; where both a reaction and
    /// words are wanted, those who found the words come first, and of them whoever reacted is kept.
    pub const fn parts(&self) -> &'static [Part] {
        match (self.reactions.is_empty(), self.words.is_empty()) {
            (true, true) => &[Part::Reactions, Part::Comments],
            (false, true) => &[Part::Reactions],
            (true, false) => &[Part::Comments],
            (false, false) => &[Part::Comments, Part::Reactions],
        }
    }

    /// The part after `part`; `None` when it is the last.
    pub fn after(&self, part: Part) -> Option<Part> {
        let place = self.parts().iter().position(|known| *known == part)?;
        self.parts().get(place + 1).copied()
    }

    /// Where the reading of a post begins with these filters; `step` is the post's number in a run of several.
    pub fn start(&self, step: u32) -> Position {
        Position { part: self.parts().first().copied().unwrap_or(Part::Reactions), page: 1, step }
    }

    /// Whether every row becomes evidence, as far as these filters go.
    pub fn keep_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a person must have both reacted and commented.
    pub const fn wants_both(&self) -> bool {
        !self.reactions.is_empty() && !self.words.is_empty()
    }
}

/// Where a run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub part: Part,
    /// From 1.
    pub page: u32,
    /// The number of the post or of the question, from 1; 0 where there is only one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub step: u32,
}

// serde hands the field over by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Counts of a run, recounted from its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Distinct people.
    pub found: u32,
    /// Of them, new to the workspace.
    pub created: u32,
    /// Of them, known before.
    pub merged: u32,
    /// Rows that are no leads.
    pub dropped: u32,
    pub pages: u32,
}

/// One extraction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub workspace: WorkspaceId,
    pub id: RunId,
    pub source: LeadSource,
    /// Whose provider is asked; a file needs none.
    pub account: Option<AccountId>,
    #[serde(default)]
    pub subject: Subject,
    #[serde(default)]
    pub query: Query,
    /// Our record of the post, where there is one.
    pub post: Option<PostId>,
    /// Of the post being read, as given; empty where there is none.
    pub post_url: String,
    /// `urn:li:activity:…` and its kin.
    pub urn: String,
    /// Whether the post's author is one of ours.
    pub own_post: bool,
    pub post_date: Timestamp,
    pub filters: Filters,
    /// The most results read per kind.
    pub limit: u32,
    pub status: RunStatus,
    pub created_at: Timestamp,
    /// ISO-8601 duration after which it is started anew.
    pub repeat: Option<String>,
    pub credits_estimated: u32,
    pub credits_spent: u32,
    pub session_reads: u32,
    pub position: Position,
    /// How many posts or questions there are, once that is known.
    #[serde(default)]
    pub steps: u32,
    /// How many portions of rows of the present question, or of the file, are stored.
    #[serde(default)]
    pub portions: u32,
    /// What the last page of a list held, hashed: the same page once more is the provider going round in circles.
    #[serde(default)]
    pub last_page: Option<String>,
    /// The most rows that the provider said the present list has.
    #[serde(default)]
    pub available: u32,
    /// Rows of the present list that were read.
    #[serde(default)]
    pub rows_read: u32,
    /// The present list was begun without the session and gone on with through it: the two need not be the same.
    #[serde(default)]
    pub switched: bool,
    /// The form of the post's address that answered.
    pub address: Option<String>,
    /// The session-less call found nothing: the session is used.
    pub by_session: bool,
    /// Calls of this run, failed ones included.
    pub calls: u32,
    /// Tries at the present page.
    pub tries: u32,
    pub counts: Counts,
    pub failure: Option<String>,
    /// When to go on.
    pub next_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

impl Run {
    /// A run that begins at once and knows no more than what it reads.
    pub fn queued(ws: &WorkspaceId, id: RunId, source: LeadSource, subject: Subject, now: Timestamp) -> Self {
        let mut run = Self {
            workspace: ws.clone(),
            id,
            source,
            account: None,
            subject,
            query: Query::default(),
            post: None,
            post_url: String::new(),
            urn: String::new(),
            own_post: false,
            post_date: now,
            filters: Filters::default(),
            limit: 0,
            status: RunStatus::Queued,
            created_at: now,
            repeat: None,
            credits_estimated: 0,
            credits_spent: 0,
            session_reads: 0,
            position: Filters::default().start(0),
            steps: 0,
            portions: 0,
            last_page: None,
            available: 0,
            rows_read: 0,
            switched: false,
            address: None,
            by_session: false,
            calls: 0,
            tries: 0,
            counts: Counts::default(),
            failure: None,
            next_at: Some(now),
            started_at: None,
            finished_at: None,
        };
        run.position = run.start();
        run
    }

    /// The run that follows this ended one on its schedule, by the calendar of `zone`: the same question, asked anew.
    /// Its id is derived from this one's, so that it is planned once.
    pub fn following(&self, zone: &TimeZone) -> Option<Self> {
        let period = Period::parse(self.repeat.as_deref()?)?;
        let ended = self.finished_at?;
        let id = RunId::derive(&[self.workspace.as_str(), self.id.as_str(), "again"]);
        let asked = self.clone();
        Some(Self {
            account: asked.account,
            query: asked.query,
            post: asked.post,
            post_url: asked.post_url,
            urn: asked.urn,
            own_post: asked.own_post,
            post_date: asked.post_date,
            filters: asked.filters,
            limit: asked.limit,
            repeat: asked.repeat,
            credits_estimated: asked.credits_estimated,
            position: self.start(),
            steps: asked.steps,
            next_at: Some(period.after(ended, zone)),
            ..Self::queued(&self.workspace, id, self.source, self.subject, ended)
        })
    }

    /// Begins another list: nothing is known of it yet.
    pub fn begin_list(&mut self) {
        self.last_page = None;
        self.available = 0;
        self.rows_read = 0;
        self.switched = false;
    }

    /// Whether the present list, come to its end, was read as a whole: by one way of reading, and all rows that the
    /// provider ever said there are.
    pub const fn list_is_whole(&self) -> bool {
        !self.switched && self.rows_read > 0 && self.rows_read >= self.available
    }

    /// Where it begins.
    pub fn start(&self) -> Position {
        match self.subject {
            Subject::Post => self.filters.start(0),
            Subject::OwnPosts => Position { part: Part::Posts, page: 1, step: 0 },
            Subject::Search => Position { part: Part::Search, page: 1, step: 1 },
            Subject::File => Position { part: Part::File, page: 1, step: 0 },
        }
    }

    /// The message that takes it on.
    pub fn job(&self) -> Job {
        let run = self.id.clone();
        let task = if self.is_found() { Task::FindLeads { run } } else { Task::ContinueRun { run } };
        Job::new(&self.workspace, task)
    }

    /// Whether its people are searched or brought, not met under a post.
    const fn is_found(&self) -> bool {
        matches!(self.subject, Subject::Search | Subject::File)
    }

    /// Whether it still has work to do.
    pub fn is_open(&self) -> bool {
        matches!(self.status, RunStatus::Queued | RunStatus::Running)
    }
}

impl Entity for Run {
    const TYPE: &'static str = "run";
    fn key(&self) -> Key {
        keys::run(&self.workspace, &self.id)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{}#{}", instant(self.created_at), self.id);
        Some(ListEntry { list: keys::runs_list(&self.workspace), order })
    }
    fn due(&self) -> Option<DueEntry> {
        let at = if self.is_open() { self.next_at } else { None }?;
        Some(match self.is_found() {
            true => DueEntry { at, queue: queue::FIND, kind: "find_leads" },
            false => DueEntry { at, queue: queue::PULL, kind: "continue_run" },
        })
    }
    fn status(&self) -> Option<&str> {
        Some(self.status.as_str())
    }
}

/// What one row of a page came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RowOutcome {
    /// A person new to the workspace.
    Created { prospect: ProspectId },
    /// A person known before this run.
    Merged { prospect: ProspectId },
    /// No lead.
    Dropped { code: DropCode, text: String, row: serde_json::Value },
    /// The words were found, and the same person's reaction is still to come; no lead without it.
    Waiting {
        /// The row, as the collector reads it back.
        row: serde_json::Value,
        /// Who reacted too.
        prospect: Option<ProspectId>,
    },
    /// A post to read, no row of people.
    Post { url: String, urn: String, at: Option<Timestamp> },
}

/// What a row of a file says that was left out or is odd; the row comes in all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWarning {
    /// The row's number in its file, from 1.
    pub row: u32,
    pub code: String,
    pub field: String,
}

/// One page of a run, with what became of its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunPage {
    pub workspace: WorkspaceId,
    pub run: RunId,
    pub position: Position,
    pub rows: Vec<RowOutcome>,
    pub credits: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<RowWarning>,
    /// Of a page of reactions: which were new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<PageOrder>,
}

impl Entity for RunPage {
    const TYPE: &'static str = "run_page";
    fn key(&self) -> Key {
        Key::new(keys::run_partition(&self.workspace, &self.run), place(keys::PAGE, &self.position))
    }
}

/// The place of a position among the pages, or the rows, of its run.
fn place(prefix: &str, position: &Position) -> String {
    let Position { part, page, step } = position;
    match step {
        0 => format!("{prefix}{}#{page:05}", part.as_str()),
        _ => format!("{prefix}{}#{step:03}#{page:05}", part.as_str()),
    }
}

/// A row that waits to be taken in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WaitingRow {
    /// In its file, or in the answer to its question; from 1.
    pub number: u32,
    pub row: Row,
    /// Why it makes no person, known from reading it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<RowWarning>,
}

/// A portion of the rows of a file or of the answer to a question: kept before any of them is taken in, so that nothing
/// is asked, or sent, twice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Portion {
    pub workspace: WorkspaceId,
    pub run: RunId,
    pub position: Position,
    pub rows: Vec<WaitingRow>,
    pub kept_at: Timestamp,
}

impl Portion {
    /// The most rows of one portion.
    pub const ROWS: usize = 100;
    /// The most bytes of one portion as JSON, but for a single longer row.
    const BYTES: usize = 200_000;

    /// The key of the portion at a position.
    pub fn key_of(ws: &WorkspaceId, run: &RunId, position: &Position) -> Key {
        Key::new(keys::run_partition(ws, run), place(keys::ROWS, position))
    }
}

impl Entity for Portion {
    const TYPE: &'static str = "portion";
    const COMPACT: bool = true;
    fn key(&self) -> Key {
        Self::key_of(&self.workspace, &self.run, &self.position)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.kept_at + ROWS_KEPT)
    }
}

/// Rows in portions: neither too many for one handover nor too long for one item.
fn portions(rows: Vec<WaitingRow>) -> Result<Vec<Vec<WaitingRow>>, StoreError> {
    let mut portions: Vec<Vec<WaitingRow>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let length = serde_json::to_string(&row).map_err(|e| StoreError::corrupt(&e.to_string()))?.len();
        let full = portions.last().is_none_or(|last| last.len() >= Portion::ROWS || bytes + length > Portion::BYTES);
        if full {
            portions.push(Vec::new());
            bytes = 0;
        }
        bytes += length;
        if let Some(last) = portions.last_mut() {
            last.push(row);
        }
    }
    Ok(portions)
}

/// Recounts a run from its pages: a person in several rows counts once.
pub fn recount<'a>(pages: impl IntoIterator<Item = &'a RunPage>) -> Counts {
    let mut created = BTreeSet::new();
    let mut merged = BTreeSet::new();
    let mut counts = Counts::default();
    for page in pages {
        counts.pages += 1;
        for row in &page.rows {
            match row {
                RowOutcome::Created { prospect } => {
                    created.insert(prospect);
                }
                RowOutcome::Merged { prospect } => {
                    merged.insert(prospect);
                }
                RowOutcome::Waiting { prospect: Some(_), .. } | RowOutcome::Post { .. } => {}
                RowOutcome::Dropped { .. } | RowOutcome::Waiting { prospect: None, .. } => counts.dropped += 1,
            }
        }
    }
    let known = merged.difference(&created).count();
    counts.created = u32::try_from(created.len()).unwrap_or(u32::MAX);
    counts.merged = u32::try_from(known).unwrap_or(u32::MAX);
    counts.found = counts.created.saturating_add(counts.merged);
    counts
}

impl Store {
    /// One run.
    pub async fn run(&self, ws: &WorkspaceId, id: &RunId) -> Result<Option<Versioned<Run>>, StoreError> {
        self.table.get(&keys::run(ws, id)).await
    }

    /// Runs, newest first.
    pub async fn runs(&self, ws: &WorkspaceId, walk: Walk) -> Result<ListPage<Run>, StoreError> {
        self.list_page(&keys::runs_list(ws), None, walk).await
    }

    /// The pages of a run, at most 20,000.
    pub async fn run_pages(&self, ws: &WorkspaceId, id: &RunId) -> Result<Vec<RunPage>, StoreError> {
        self.pages_at(ws, id, keys::PAGE).await
    }

    /// The pages of one part of a run; of one step of it where that is not 0.
    pub async fn pages_of(&self, ws: &WorkspaceId, id: &RunId, part: Part, step: u32) -> Result<Vec<RunPage>, StoreError> {
        let first = place(keys::PAGE, &Position { part, page: 0, step });
        let prefix = first.strip_suffix("00000").unwrap_or(&first);
        self.pages_at(ws, id, prefix).await
    }

    async fn pages_at(&self, ws: &WorkspaceId, id: &RunId, prefix: &str) -> Result<Vec<RunPage>, StoreError> {
        let found = self.table.query_all::<RunPage>(&keys::run_partition(ws, id), prefix, PAGES_MAX).await?;
        Ok(found.into_iter().map(|p| p.item).collect())
    }

    /// Keeps rows to be taken in, from portion 1 of `step` on; answers how many portions they make.
    pub async fn keep_rows(
        &self,
        run: &Run,
        part: Part,
        step: u32,
        rows: Vec<WaitingRow>,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let mut items = Vec::new();
        for rows in portions(rows)? {
            let page = u32::try_from(items.len()).unwrap_or(u32::MAX).saturating_add(1);
            let position = Position { part, page, step };
            let portion = Portion { workspace: run.workspace.clone(), run: run.id.clone(), position, rows, kept_at: now };
            items.push(encode(&portion, 1)?);
        }
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        self.table.overwrite_many(items).await?;
        Ok(count)
    }

    /// Forgets the rows that nobody will take in any more.
    pub async fn forget_rows(&self, ws: &WorkspaceId, id: &RunId) -> Result<(), StoreError> {
        let partition = keys::run_partition(ws, id);
        loop {
            let walk = Walk { descending: false, limit: 100, start: None };
            let found = self.table.query(&partition, keys::ROWS, walk).await?.items;
            let wanted = found.iter().map(Key::of).collect::<Result<Vec<_>, _>>()?;
            if wanted.is_empty() {
                return Ok(());
            }
            self.table.delete_many(&wanted).await?;
        }
    }

    /// The rows that wait at a position; none where they were taken in.
    pub async fn waiting_rows(&self, run: &Run) -> Result<Option<Versioned<Portion>>, StoreError> {
        self.table.get(&Portion::key_of(&run.workspace, &run.id, &run.position)).await
    }

    /// Writes a page; the same page read again replaces it.
    pub async fn put_run_page(&self, page: &RunPage) -> Result<(), StoreError> {
        self.table.overwrite(page).await
    }
}
