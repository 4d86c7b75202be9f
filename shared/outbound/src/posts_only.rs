//! A provider of which only posts are read: a function that asks for nothing else does not carry the rest in its zip.

use crate::linkedin::*;
use async_trait::async_trait;
use std::sync::Arc;

/// What a collection asks of a provider.
#[async_trait]
pub(crate) trait Posts: Send + Sync {
    fn capabilities(&self) -> Capabilities;
    fn costs(&self) -> Costs;
    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>>;
    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>>;
    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>>;
}

#[async_trait]
impl<T: LinkedIn> Posts for T {
    fn capabilities(&self) -> Capabilities {
        LinkedIn::capabilities(self)
    }

    fn costs(&self) -> Costs {
        LinkedIn::costs(self)
    }

    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>> {
        LinkedIn::own_posts(self, access, query).await
    }

    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        LinkedIn::post_reactions(self, access, post_url, page).await
    }

    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>> {
        LinkedIn::post_comments(self, access, post_url, page).await
    }
}

/// A client that refuses everything but the reading of posts.
pub(crate) struct PostsOnly(pub Arc<dyn Posts>);

#[async_trait]
impl LinkedIn for PostsOnly {
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn costs(&self) -> Costs {
        self.0.costs()
    }

    async fn own_posts(&self, access: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>> {
        self.0.own_posts(access, query).await
    }

    async fn post_reactions(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<ReactionRow>> {
        self.0.post_reactions(access, post_url, page).await
    }

    async fn post_comments(&self, access: Access<'_>, post_url: &str, page: u32) -> Answer<Paged<CommentRow>> {
        self.0.post_comments(access, post_url, page).await
    }
}
