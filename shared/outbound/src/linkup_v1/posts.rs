//! Reads LinkupAPI's posts, reactions and comments, in every shape seen.

use serde_json::Value;

use super::reading::{Unread, items, paged};
use crate::lenient::{count, degree, field, instant, text};
use crate::linkedin::{CommentRow, Paged, PostRow, ReactionKind, ReactionRow};

/// A list of posts: `data.posts`, `data.results` or `results`.
pub fn posts(body: &Value, page: u32) -> Result<Paged<PostRow>, Unread> {
    Ok(paged(body, items(body, &["posts"], "posts")?, page, post))
}

/// The reactions to a post.
pub fn reactions(body: &Value, page: u32) -> Result<Paged<ReactionRow>, Unread> {
    Ok(paged(body, items(body, &["reactions"], "reactions")?, page, reaction))
}

/// The comments on a post.
pub fn comments(body: &Value, page: u32) -> Result<Paged<CommentRow>, Unread> {
    Ok(paged(body, items(body, &["comments"], "comments")?, page, comment))
}

fn post(raw: Value) -> PostRow {
    PostRow {
        post_url: text(&raw, &["post_url", "url", "linkedin_url", "share_url"]),
        post_urn: text(&raw, &["post_urn", "urn", "activity_urn", "share_urn"]),
        text: text(&raw, &["text", "commentary", "content", "post_text"]),
        published_at: instant(&raw, &["date", "published_at", "posted_at", "created_time", "created_at", "timestamp"]),
        reactions: tally(&raw, &["reactions", "likes", "reactions_count", "reaction_count", "total_reactions", "num_likes"]),
        comments: tally(&raw, &["comments", "comments_count", "comment_count", "total_comments", "num_comments"]),
        shares: tally(&raw, &["shares", "shares_count", "reposts", "share_count", "num_shares"]),
        impressions: tally(&raw, &["impressions", "views", "impressions_count"]),
        raw,
    }
}

/// A count, or the total inside an object of counts.
fn tally(item: &Value, names: &[&str]) -> Option<u32> {
    count(item, names)
        .or_else(|| names.iter().filter_map(|name| field(item, &[name])).find_map(|inner| count(inner, &["total", "count"])))
}

fn reaction(raw: Value) -> ReactionRow {
    let kind = text(&raw, &["type", "reaction_type", "reaction"]);
    ReactionRow {
        name: text(&raw, &["name", "full_name"]),
        headline: text(&raw, &["subtitle", "job_title", "headline", "occupation"]),
        profile_url: text(&raw, &["profile_url", "linkedin_url", "url"]),
        actor_urn: text(&raw, &["actor_urn", "profile_urn", "urn"]),
        reaction: kind.as_deref().and_then(ReactionKind::from_wire),
        degree: degree(&raw, &["connection_degree", "connection_level", "degree", "member_distance"]),
        raw,
    }
}

/// The commenter stands in an object of its own, or flat in the older shape.
fn comment(raw: Value) -> CommentRow {
    let nobody = Value::Null;
    let author = field(&raw, &["commenter", "author"]).filter(|author| author.is_object()).unwrap_or(&nobody);
    let either = |inner: &[&str], flat: &[&str]| text(author, inner).or_else(|| text(&raw, flat));
    let levels = ["connection_degree", "connection_level", "degree", "member_distance"];
    CommentRow {
        comment_urn: text(&raw, &["comment_urn", "urn"]),
        tracking_id: text(&raw, &["tracking_id"]),
        text: text(&raw, &["comment_text", "text", "comment", "message"]),
        created_at: instant(&raw, &["created_time", "commented_at", "created_at", "timestamp", "date"]),
        name: either(&["name", "full_name"], &["commenter_name", "name"]),
        profile_urn: either(&["profile_urn", "urn", "actor_urn"], &["commenter_profile_urn", "commenter_urn", "profile_urn"]),
        profile_url: either(&["linkedin_url", "profile_url", "url"], &["commenter_profile_url", "linkedin_url", "profile_url"]),
        headline: either(
            &["occupation", "headline", "job_title", "subtitle"],
            &["commenter_headline", "headline", "job_title", "occupation"],
        ),
        degree: degree(author, &levels).or_else(|| degree(&raw, &levels)),
        raw,
    }
}
