//! Publications and their pulls.

use crate::account::Publishing;
use crate::record::{DueEntry, Entity, Key, ListEntry, Versioned, instant};
use crate::table::{Transacted, Walk};
use crate::{Store, StoreError, keys};
use domain::ids::{AccountId, PostId, RunId, WorkspaceId};
use domain::job::queue;
use domain::vocabulary::{PostAuthor, PostStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a post had at one time; unknown counts are absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metrics {
    pub at: Timestamp,
    pub reactions: Option<u32>,
    pub comments: Option<u32>,
    pub shares: Option<u32>,
    pub impressions: Option<u32>,
}

/// A planned collection of a post's engagement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    pub due_at: Timestamp,
    pub run: RunId,
}

/// A publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    pub workspace: WorkspaceId,
    pub id: PostId,
    pub account: AccountId,
    pub author: PostAuthor,
    pub company_url: Option<String>,
    pub text: String,
    pub media: Vec<String>,
    pub variant_of: Option<PostId>,
    pub brief_id: Option<String>,
    pub status: PostStatus,
    pub created_at: Timestamp,
    pub scheduled_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    pub post_url: Option<String>,
    /// `urn:li:activity:…` and its kin.
    pub urn: Option<String>,
    pub failure: Option<String>,
    /// When its publication was claimed.
    pub claimed_at: Option<Timestamp>,
    /// When its own posts were read to find it.
    pub readings: Vec<Timestamp>,
    /// When to go on with a publication under way.
    pub check_at: Option<Timestamp>,
    pub pulls: Vec<Pull>,
    pub metrics: Vec<Metrics>,
}

impl Post {
    fn list_time(&self) -> Timestamp {
        self.published_at.or(self.scheduled_at).unwrap_or(self.created_at)
    }
}

impl Entity for Post {
    const TYPE: &'static str = "post";
    fn key(&self) -> Key {
        keys::post(&self.workspace, &self.id)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{}#{}", instant(self.list_time()), self.id);
        Some(ListEntry { list: keys::posts_list(&self.workspace), order })
    }
    fn due(&self) -> Option<DueEntry> {
        let at = match self.status {
            PostStatus::Scheduled => self.check_at.or(self.scheduled_at),
            PostStatus::Publishing => self.check_at,
            // Published without planned pulls: the event may have been lost.
            PostStatus::Published => self.check_at,
            _ => None,
        }?;
        Some(DueEntry { at, queue: queue::PUBLISH, kind: "publish_post" })
    }
    fn status(&self) -> Option<&str> {
        Some(self.status.as_str())
    }
}

/// From a LinkedIn post to ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostPointer {
    pub workspace: WorkspaceId,
    pub urn: String,
    pub post: PostId,
    pub published_at: Option<Timestamp>,
}

impl Entity for PostPointer {
    const TYPE: &'static str = "post_pointer";
    fn key(&self) -> Key {
        keys::post_pointer(&self.workspace, &self.urn)
    }
}

impl Store {
    /// One post.
    pub async fn post(&self, ws: &WorkspaceId, id: &PostId) -> Result<Option<Versioned<Post>>, StoreError> {
        self.table.get(&keys::post(ws, id)).await
    }

    /// Our record of a LinkedIn post, if it is known.
    pub async fn post_pointer(&self, ws: &WorkspaceId, urn: &str) -> Result<Option<PostPointer>, StoreError> {
        Ok(self.table.get::<PostPointer>(&keys::post_pointer(ws, urn)).await?.map(|p| p.item))
    }

    /// Remembers which LinkedIn post is which of ours.
    pub async fn point_to_post(&self, pointer: &PostPointer) -> Result<(), StoreError> {
        self.table.overwrite(pointer).await
    }

    /// Posts by time, newest first, between two instants.
    pub async fn posts(
        &self,
        ws: &WorkspaceId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        walk: Walk,
    ) -> Result<crate::ListPage<Post>, StoreError> {
        let low = from.map_or_else(String::new, instant);
        let high = to.map_or_else(|| "~".to_owned(), |t| format!("{}~", instant(t)));
        let low = if low.is_empty() { " ".to_owned() } else { low };
        self.list_page(&keys::posts_list(ws), Some((&low, &high)), walk).await
    }

    /// Claims a publication: the post, and the account's interval between two publications, together.
    pub async fn claim_publication(
        &self,
        post: &Versioned<Post>,
        publishing: &Publishing,
        seen: Option<u64>,
    ) -> Result<Transacted, StoreError> {
        let interval = match seen {
            None => self.table.op_create(publishing)?,
            Some(version) => self.table.op_save(&Versioned { item: publishing.clone(), version })?,
        };
        self.table.transact(vec![self.table.op_save(post)?, interval]).await
    }
}
