//! The reactions and comments under a post at an instant: recorded, lent to a
//! created post, or left by the account itself.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::address::{self, PostKind};
use crate::chance;
use crate::options::AccountOptions;
use crate::recorded::{RecordedPost, recorded};
use crate::scene::Scene;
use crate::shift::id_at;
use crate::state::{CreatedPost, OwnComment};
use crate::wire::Refusal;

/// How long a created post goes on gathering engagement, in milliseconds.
const GATHERS_MS: f64 = 72.0 * 3_600_000.0;

/// A post that exists.
#[derive(Clone)]
pub(crate) enum Target<'a> {
    Recorded(&'a RecordedPost),
    Created(CreatedPost),
}

impl Target<'_> {
    pub fn id(&self) -> u64 {
        match self {
            Target::Recorded(post) => post.id,
            Target::Created(post) => post.id,
        }
    }

    fn kind(&self) -> PostKind {
        match self {
            Target::Recorded(post) => post.kind,
            Target::Created(_) => PostKind::Activity,
        }
    }
}

/// The post an address names. Refused where the address names none, or no such post exists.
pub(crate) fn target<'a>(scene: &Scene<'a>, url: &str) -> Result<Target<'a>, Refusal> {
    let (kind, id) = address::post(url).ok_or_else(Refusal::invalid)?;
    if let Some(post) = scene.world.post(kind, id) {
        return Ok(Target::Recorded(post));
    }
    let mut created = scene.state.networks.values().flat_map(|network| &network.posts);
    let found = created.find(|post| kind == PostKind::Activity && post.id == id);
    found.cloned().map(Target::Created).ok_or_else(|| Refusal::said("Post not found"))
}

/// Reactions of a post, newest first, and whether they have the second shape.
pub(crate) fn reactions<'a>(scene: &Scene<'a>, target: &Target<'a>) -> (Vec<Cow<'a, Value>>, bool) {
    let bare = matches!(target, Target::Recorded(post) if post.bare);
    let mut rows: Vec<Cow<'a, Value>> = own_reactions(scene, target.id(), bare).map(Cow::Owned).collect();
    match target {
        Target::Recorded(post) if post.key == "own-1" && second_pull(scene) => {
            rows.extend(scene.world.second_pull.iter().map(Cow::Borrowed));
            let moved: HashSet<&str> = scene.world.second_pull.iter().filter_map(|row| row["actor_urn"].as_str()).collect();
            let still = |row: &&Value| !row["actor_urn"].as_str().is_some_and(|urn| moved.contains(urn));
            rows.extend(post.reactions.iter().filter(still).map(Cow::Borrowed));
        }
        Target::Recorded(post) => rows.extend(post.reactions.iter().map(Cow::Borrowed)),
        Target::Created(post) => {
            let mut lent: Vec<&Value> = recorded().post(&post.like).into_iter().flat_map(|like| &like.reactions).collect();
            lent.dedup();
            let total = lent.len();
            let arrived = lent
                .into_iter()
                .enumerate()
                .filter(|(at, _)| post.at_ms + arrives_after_ms(total - 1 - at, total) <= scene.now_ms);
            rows.extend(arrived.map(|(_, row)| Cow::Borrowed(row)));
        }
    }
    if !scene.state.taken_back.is_empty() {
        rows.retain(|row| !is_taken_back(scene, row));
    }
    (rows, bare)
}

fn is_taken_back(scene: &Scene<'_>, row: &Value) -> bool {
    let by = row["profile_url"].as_str().and_then(|address| scene.directory.find(address));
    by.is_some_and(|person| scene.state.taken_back.contains(&person.slug))
}

/// How many reactions there are: a row that slipped onto the next page while it
/// was being read counts once.
pub(crate) fn available(rows: &[Cow<'_, Value>]) -> usize {
    rows.len() - rows.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

fn second_pull(scene: &Scene<'_>) -> bool {
    let after = scene.switches.second_pull_after_seconds;
    after.is_some_and(|seconds| scene.now_ms >= scene.state.started_ms.saturating_add(seconds.saturating_mul(1000)))
}

/// When the engagement of a rank (0 is the first to come) arrives: many soon, few late.
fn arrives_after_ms(rank: usize, total: usize) -> i64 {
    let part = (rank + 1) as f64 / (total + 1) as f64;
    (GATHERS_MS * part * part) as i64
}

fn own_reactions<'a>(scene: &Scene<'a>, post: u64, bare: bool) -> impl Iterator<Item = Value> {
    let options = scene.options;
    let networks = &scene.state.networks;
    options.accounts.iter().filter_map(move |account| {
        let reactions = &networks.get(&account.slug)?.reactions;
        let reaction = reactions.iter().find(|reaction| reaction.post == post)?;
        let url = format!("https://www.linkedin.com/in/{}", account.slug);
        Some(match bare {
            true => json!({
                "name": account.name(), "job_title": account.headline, "profile_url": url, "profile_picture": null,
            }),
            false => json!({
                "type": reaction.kind, "name": account.name(), "subtitle": account.headline, "profile_url": url,
                "actor_urn": format!("urn:li:fsd_profile:{}", account.member_id),
                "profile_picture": null, "connection_degree": null,
            }),
        })
    })
}

/// Comments of a post in listed order, the account's own first.
pub(crate) fn comments<'a>(scene: &Scene<'a>, target: &Target<'a>) -> Vec<Cow<'a, Value>> {
    let mut rows: Vec<Cow<'a, Value>> = own_comments(scene, target).into_iter().map(Cow::Owned).collect();
    match target {
        Target::Recorded(post) => {
            let held_back = |row: &Value| scene.switches.reveal_in_time && written_ms(row) > scene.now_ms;
            rows.extend(post.comments.iter().filter(|row| !held_back(row)).map(Cow::Borrowed));
        }
        Target::Created(post) => {
            let lent = recorded().post(&post.like).map_or(&[][..], |like| &like.comments);
            let mut arrived: Vec<(i64, Value)> = lent
                .iter()
                .enumerate()
                .map(|(rank, row)| (post.at_ms + arrives_after_ms(rank, lent.len()), row))
                .filter(|(at_ms, _)| *at_ms <= scene.now_ms)
                .map(|(at_ms, row)| (at_ms, lent_comment(scene.state.seed, post, row, at_ms)))
                .collect();
            arrived.sort_by_key(|(at_ms, _)| std::cmp::Reverse(*at_ms));
            rows.extend(arrived.into_iter().map(|(_, row)| Cow::Owned(row)));
        }
    }
    rows
}

/// When a comment was written, in either shape.
pub(crate) fn written_ms(row: &Value) -> i64 {
    let text = || row["commented_at"].as_str()?.parse::<Timestamp>().ok();
    row["created_time"].as_i64().or_else(|| text().map(|at| at.as_millisecond())).unwrap_or_default()
}

fn lent_comment(seed: u64, post: &CreatedPost, row: &Value, at_ms: i64) -> Value {
    let recorded_urn = row["comment_urn"].as_str().unwrap_or_default();
    let id = id_at(at_ms, chance::hash(seed, &["comment", recorded_urn]));
    let mut comment = row.clone();
    comment["comment_urn"] = format!("urn:li:comment:(activity:{},{id})", post.id).into();
    comment["tracking_id"] = format!("{}==", chance::letters(seed, &["tracking", &id.to_string()], 22)).into();
    comment["created_time"] = at_ms.into();
    comment
}

fn own_comments(scene: &Scene<'_>, target: &Target<'_>) -> Vec<Value> {
    let mut rows = Vec::new();
    for account in &scene.options.accounts {
        let network = scene.state.networks.get(&account.slug);
        let ours = network.into_iter().flat_map(|network| &network.comments).rev();
        rows.extend(
            ours.filter(|comment| comment.post == target.id() && comment.to.is_none())
                .map(|comment| own_comment(account, target.kind(), comment)),
        );
    }
    rows
}

fn own_comment(account: &AccountOptions, kind: PostKind, comment: &OwnComment) -> Value {
    json!({
        "comment_urn": format!("urn:li:comment:({}:{},{})", kind.name(), comment.post, comment.id),
        "tracking_id": format!("{}==", chance::letters(comment.id, &["tracking"], 22)),
        "comment_text": comment.text,
        "created_time": comment.at_ms,
        "commenter": {
            "name": account.name(), "profile_urn": account.member_id,
            "linkedin_url": format!("https://www.linkedin.com/in/{}", account.slug),
            "occupation": account.headline,
        },
    })
}

/// Shows as 1st degree those who accepted since the start.
pub(crate) fn with_new_connections(scene: &Scene<'_>, account: &AccountOptions, rows: &mut [Value]) {
    let Some(network) = scene.state.networks.get(&account.slug) else {
        return;
    };
    let new: HashSet<&str> = network
        .connections
        .iter()
        .filter(|(_, at_ms)| **at_ms >= scene.state.started_ms)
        .filter_map(|(slug, _)| Some(scene.directory.by_slug(slug)?.member_id.as_str()))
        .collect();
    for row in rows {
        let member = row["actor_urn"].as_str().and_then(|urn| urn.rsplit(':').next());
        if member.is_some_and(|member| new.contains(member)) {
            row["connection_degree"] = "1st".into();
        }
    }
}
