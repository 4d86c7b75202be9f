//! Meetings, in the collection of the person they are with. Rules: docs/rules.md, "Meetings".

use crate::record::{Entity, Key, ListEntry, Versioned, instant};
use crate::table::Walk;
use crate::{ListPage, Store, StoreError, keys};
use domain::ids::{AccountId, MeetingId, ProspectId, WorkspaceId};
use domain::vocabulary::MeetingStatus;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One meeting. A wish makes it proposed; a person, or a booking, makes it booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    pub workspace: WorkspaceId,
    pub id: MeetingId,
    pub prospect: ProspectId,
    /// Whose conversation it came from.
    pub account: Option<AccountId>,
    pub status: MeetingStatus,
    /// When it takes place, where that is known.
    pub at: Option<Timestamp>,
    /// `reply`, or the member who entered it.
    pub source: String,
    pub created_at: Timestamp,
    /// When it was booked, by whom it may have been since changed.
    pub booked_at: Option<Timestamp>,
}

impl Meeting {
    /// Whether it counts: booked, and not called off.
    pub fn counts(&self) -> bool {
        matches!(self.status, MeetingStatus::Booked | MeetingStatus::Held | MeetingStatus::NoShow)
    }
}

impl Entity for Meeting {
    const TYPE: &'static str = "meeting";
    fn key(&self) -> Key {
        keys::meeting(&self.workspace, &self.prospect, &self.id)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{}#{}", instant(self.created_at), self.id.tail());
        Some(ListEntry { list: keys::meetings(&self.workspace), order })
    }
    fn status(&self) -> Option<&str> {
        Some(self.status.as_str())
    }
}

/// The most meetings of one person that are read.
const OF_PERSON_MAX: usize = 200;

impl Store {
    /// One meeting, found by its id alone.
    pub async fn meeting(&self, ws: &WorkspaceId, id: &MeetingId) -> Result<Option<Versioned<Meeting>>, StoreError> {
        let Some(prospect) = id.prospect() else { return Ok(None) };
        self.table.get(&keys::meeting(ws, &prospect, id)).await
    }

    /// The meetings of a workspace, newest first.
    pub async fn meetings(&self, ws: &WorkspaceId, walk: Walk) -> Result<ListPage<Meeting>, StoreError> {
        self.list_page(&keys::meetings(ws), None, walk).await
    }

    /// The meetings with one person.
    pub async fn meetings_with(&self, ws: &WorkspaceId, prospect: &ProspectId) -> Result<Vec<Versioned<Meeting>>, StoreError> {
        self.table.query_all(&keys::prospect_partition(ws, prospect), keys::MEETING, OF_PERSON_MAX).await
    }
}
