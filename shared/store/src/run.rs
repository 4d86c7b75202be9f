//! Collections: one extraction each, with its pages.

use crate::record::{DueEntry, Entity, Key, ListEntry, Versioned, instant};
use crate::table::Walk;
use crate::{ListPage, Store, StoreError, keys};
use domain::ids::{AccountId, PostId, ProspectId, RunId, WorkspaceId};
use domain::job::queue;
use domain::vocabulary::{DropCode, LeadSource, ReactionKind, RunStatus};
use domain::workspace::Period;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// The two kinds of rows a post has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Reactions,
    Comments,
}

impl Part {
    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reactions => "reactions",
            Self::Comments => "comments",
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

    /// Where a run with these filters begins.
    pub fn start(&self) -> Position {
        Position { part: self.parts().first().copied().unwrap_or(Part::Reactions), page: 1 }
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
    pub account: AccountId,
    /// Our record of the post, where there is one.
    pub post: Option<PostId>,
    /// As given.
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
    /// The run that follows this ended one on its schedule, by the calendar of `zone`: the same question, asked anew.
    /// Its id is derived from this one's, so that it is planned once.
    pub fn following(&self, zone: &TimeZone) -> Option<Self> {
        let period = Period::parse(self.repeat.as_deref()?)?;
        let ended = self.finished_at?;
        Some(Self {
            id: RunId::derive(&[self.workspace.as_str(), self.id.as_str(), "again"]),
            status: RunStatus::Queued,
            created_at: ended,
            credits_spent: 0,
            session_reads: 0,
            position: self.filters.start(),
            address: None,
            by_session: false,
            calls: 0,
            tries: 0,
            counts: Counts::default(),
            failure: None,
            next_at: Some(period.after(ended, zone)),
            started_at: None,
            finished_at: None,
            ..self.clone()
        })
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
        Some(DueEntry { at, queue: queue::PULL, kind: "continue_run" })
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
}

/// One page of a run, with what became of its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunPage {
    pub workspace: WorkspaceId,
    pub run: RunId,
    pub position: Position,
    pub rows: Vec<RowOutcome>,
    pub credits: u32,
}

impl Entity for RunPage {
    const TYPE: &'static str = "run_page";
    fn key(&self) -> Key {
        let place = format!("{}{}#{:05}", keys::PAGE, self.position.part.as_str(), self.position.page);
        Key::new(keys::run_partition(&self.workspace, &self.run), place)
    }
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
                RowOutcome::Waiting { prospect: Some(_), .. } => {}
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

    /// The pages of a run, at most 2,000.
    pub async fn run_pages(&self, ws: &WorkspaceId, id: &RunId) -> Result<Vec<RunPage>, StoreError> {
        let found = self.table.query_all::<RunPage>(&keys::run_partition(ws, id), keys::PAGE, 2_000).await?;
        Ok(found.into_iter().map(|p| p.item).collect())
    }

    /// Writes a page; the same page read again replaces it.
    pub async fn put_run_page(&self, page: &RunPage) -> Result<(), StoreError> {
        self.table.overwrite(page).await
    }
}
