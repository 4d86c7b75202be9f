//! What the account does in public: posts, comments, reactions.

use serde_json::{Value, json};

use super::posts::created_url;
use super::rows;
use crate::address;
use crate::options::AccountOptions;
use crate::scene::Scene;
use crate::state::{CreatedPost, OwnComment, OwnReaction};
use crate::wire::{Body, Done, Outcome, Refusal};

const POST_MAX_CHARS: usize = 3_000;
const COMMENT_MAX_CHARS: usize = 1_250;
/// The recorded posts whose engagement new ones receive, in turn.
const LENT: [&str; 2] = ["own-1", "own-2"];
const REACTIONS: [&str; 6] = ["LIKE", "PRAISE", "APPRECIATION", "EMPATHY", "INTEREST", "ENTERTAINMENT"];

/// `/v1/posts/create`
pub(crate) fn create_post(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    publish(scene, account, body, account.slug.clone())
}

/// `/v1/posts/create-company`
pub(crate) fn create_company_post(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let page = address::company(body.text("company_url")?).ok_or_else(Refusal::invalid)?;
    publish(scene, account, body, page)
}

fn publish(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>, author: String) -> Outcome {
    let text = body.text("message")?;
    if text.chars().count() > POST_MAX_CHARS {
        return Err(Refusal::said("The post is too long"));
    }
    let media = media(body)?;
    let number: usize = scene.state.networks.values().map(|network| network.posts.len()).sum();
    let post = CreatedPost {
        id: scene.new_id(),
        at_ms: scene.now_ms,
        author,
        text: text.to_owned(),
        media,
        like: LENT[number % LENT.len()].to_owned(),
    };
    let mut answer = json!({"status": "success", "message": "Post created successfully"});
    if scene.switches.answer_with_post_url {
        answer["data"] = json!({"post_url": created_url(&post), "post_urn": format!("urn:li:activity:{}", post.id)});
    }
    scene.network(account).posts.push(post);
    Ok(Done { answer, credits: 1, effect: true })
}

/// `file` and `files[]`: plain addresses, or objects with a `filename`.
fn media(body: Body<'_>) -> Result<Vec<String>, Refusal> {
    let mut media: Vec<String> = body.optional("file")?.into_iter().map(str::to_owned).collect();
    let files = match body.0.get("files") {
        None | Some(Value::Null) => return Ok(media),
        Some(Value::Array(files)) => files,
        Some(_) => return Err(Refusal::invalid()),
    };
    for file in files {
        let name = file.as_str().or(file["filename"].as_str()).ok_or_else(Refusal::invalid)?;
        media.push(name.to_owned());
    }
    Ok(media)
}

/// `/v1/posts/comment`
pub(crate) fn comment(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let post = rows::target(scene, body.text("post_url")?)?.id();
    say(scene, account, post, body.text("message")?, None)
}

/// `/v1/posts/answer-comment`
pub(crate) fn answer_comment(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let urn = body.text("comment_urn")?;
    body.text("tracking_id")?;
    body.text("profile_urn")?;
    let inside = urn.split_once('(').and_then(|(_, rest)| rest.split(',').next()).ok_or_else(Refusal::invalid)?;
    let post = rows::target(scene, inside)?.id();
    say(scene, account, post, body.text("comment_text")?, Some(urn.to_owned()))
}

fn say(scene: &mut Scene<'_>, account: &AccountOptions, post: u64, text: &str, to: Option<String>) -> Outcome {
    if text.chars().count() > COMMENT_MAX_CHARS {
        return Err(Refusal::said("The comment is too long"));
    }
    let (id, at_ms) = (scene.new_id(), scene.now_ms);
    scene.network(account).comments.push(OwnComment { post, id, at_ms, text: text.to_owned(), to });
    Done::acted("Comment posted successfully", 1)
}

/// `/v1/posts/react`
pub(crate) fn react(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let post = rows::target(scene, body.text("post_url")?)?.id();
    let kind = body.optional("reaction_type")?.unwrap_or("LIKE").to_uppercase();
    if !REACTIONS.contains(&kind.as_str()) {
        return Err(Refusal::invalid());
    }
    let reactions = &mut scene.network(account).reactions;
    reactions.retain(|reaction| reaction.post != post);
    reactions.push(OwnReaction { post, kind });
    Done::acted("Reaction added successfully", 1)
}
