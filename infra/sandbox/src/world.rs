//! The recorded posts moved to the sandbox's own dates.

use jiff::Timestamp;
use serde_json::Value;

use crate::address::PostKind;
use crate::crowd::Crowd;
use crate::recorded::{RecordedPost, recorded};
use crate::shift::{Shift, id_millis};

/// The posts as this sandbox serves them.
pub(crate) struct World {
    pub posts: Vec<RecordedPost>,
    pub second_pull: Vec<Value>,
}

/// One post of the world, for callers that need its address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WorldPost {
    /// `own-1`, `rival-2`, `many-1`, `created-1`…
    pub key: String,
    /// Ours or a competitor's.
    pub own: bool,
    /// Vanity name of the author.
    pub author: String,
    pub kind: PostKind,
    pub id: u64,
    /// The `/posts/…` address.
    pub url: String,
    /// `urn:li:<kind>:<id>`.
    pub urn: String,
    pub published_at: Timestamp,
}

impl World {
    /// The recorded posts moved by `shift`, and the crowd's post, published at `newest_ms`.
    pub fn new(shift: Shift, crowd: Option<&Crowd>, seed: u64, newest_ms: i64) -> World {
        let mut posts = recorded().posts.clone();
        for post in &mut posts {
            post.id = shift.id(post.id);
            shift.answer(&mut post.item);
            post.comments.iter_mut().for_each(|comment| shift.answer(comment));
        }
        posts.extend(crowd.map(|crowd| crowd.post(seed, newest_ms)));
        World { posts, second_pull: recorded().second_pull.clone() }
    }

    /// When the newest recorded own post was published, before any move.
    pub fn newest_recorded_ms() -> i64 {
        let own = recorded().posts.iter().filter(|post| post.own);
        own.map(|post| id_millis(post.id)).max().unwrap_or_default()
    }

    /// The post of that kind and id.
    pub fn post(&self, kind: PostKind, id: u64) -> Option<&RecordedPost> {
        self.posts.iter().find(|post| post.kind == kind && post.id == id)
    }
}

impl WorldPost {
    pub(crate) fn of(post: &RecordedPost) -> WorldPost {
        let text = |key: &str| post.item[key].as_str().unwrap_or_default().to_owned();
        WorldPost {
            key: post.key.clone(),
            own: post.own,
            author: post.author.clone(),
            kind: post.kind,
            id: post.id,
            url: text("post_url"),
            urn: text("post_urn"),
            published_at: instant(id_millis(post.id)),
        }
    }
}

/// Milliseconds since 1970 as an instant.
pub(crate) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
