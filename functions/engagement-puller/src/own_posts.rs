//! Collections from several posts of one account: the list of its posts first, then each of them like a single post.

use crate::EngagementPuller;
use domain::post_url;
use jiff::Timestamp;
use kit::Failure;
use outbound::linkedin::PostRow;
use store::facts::Office;
use store::run::{POSTS_MAX, Part, RowOutcome, Run};

/// A post to read.
#[derive(Clone)]
pub(crate) struct Listed {
    url: String,
    urn: String,
    at: Option<Timestamp>,
}

impl EngagementPuller {
    /// The posts that a run has listed so far, each once, in the provider's order.
    pub(crate) async fn listed(&self, run: &Run) -> Result<Vec<Listed>, Failure> {
        let pages = self.store.pages_of(&run.workspace, &run.id, Part::Posts, 0).await.map_err(Failure::soon)?;
        let mut posts: Vec<Listed> = Vec::new();
        for row in pages.into_iter().flat_map(|page| page.rows) {
            let RowOutcome::Post { url, urn, at } = row else { continue };
            // Pages shift here too: a post pushed on to the next page stands on both.
            if posts.iter().all(|known| known.urn != urn) && posts.len() < POSTS_MAX as usize {
                posts.push(Listed { url, urn, at });
            }
        }
        Ok(posts)
    }

    /// Turns to the post number `step`. False: there is none.
    pub(crate) async fn open_post(&self, run: &mut Run, office: &Office, step: u32, now: Timestamp) -> Result<bool, Failure> {
        let posts = self.listed(run).await?;
        let Some(post) = posts.get(step.saturating_sub(1) as usize).cloned() else { return Ok(false) };
        let pointer = self.store.post_pointer(&run.workspace, &post.urn).await.map_err(Failure::soon)?;
        let told = pointer.as_ref().and_then(|p| p.published_at).or(post.at);
        let by_number = post_url::parse(&post.urn).ok().map(|p| p.published_at());
        run.post_date = told.or(by_number).unwrap_or(now).min(now);
        run.post = pointer.map(|p| p.post);
        run.post_url = post.url;
        run.urn = post.urn;
        // A post of somebody else's that was shared stands in the list too.
        let author = post_url::author_slug(&run.post_url);
        run.own_post = author.is_none_or(|slug| office.accounts.iter().any(|a| a.member_keys.iter().any(|k| k.value == slug)));
        run.begin_list();
        run.address = None;
        run.by_session = false;
        run.position = run.filters.start(step);
        Ok(true)
    }
}

/// What the rows of a list of posts come to: those that can be read and are young enough.
pub(crate) fn to_read(rows: &[PostRow], run: &Run, now: Timestamp) -> Vec<RowOutcome> {
    let since = run.query.post_date.map(|span| span.since(now));
    let read = rows.iter().filter_map(|row| {
        let post = [&row.post_url, &row.post_urn].into_iter().flatten().find_map(|told| post_url::parse(told).ok())?;
        let at = row.published_at.or(Some(post.published_at()));
        let young = since.is_none_or(|since| at.is_none_or(|at| at >= since));
        let url = row.post_url.clone().unwrap_or_else(|| post.canonical());
        young.then(|| RowOutcome::Post { url, urn: post.urn(), at })
    });
    read.collect()
}
