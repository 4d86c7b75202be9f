//! Posts and what people did under them, through the session or without it.

use serde_json::{Value, json};

use super::rows::{self, Target};
use crate::address::{self, PersonKey, PostKind, folded};
use crate::options::AccountOptions;
use crate::recorded::RecordedPost;
use crate::scene::Scene;
use crate::shift::{date_text, id_millis};
use crate::state::CreatedPost;
use crate::wire::{Body, Done, Outcome, PER_PAGE, Refusal, Window};
use crate::world::{WorldPost, instant};

const DAY_MS: i64 = 86_400_000;

/// `/v1/posts/reactions`
pub(crate) fn reactions(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    reaction_pages(scene, Some(account), body, window)
}

/// `/v1/data/signals/posts/reactions`
pub(crate) fn data_reactions(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    reaction_pages(scene, None, body, window)
}

fn reaction_pages(scene: &Scene<'_>, account: Option<&AccountOptions>, body: Body<'_>, window: Window) -> Outcome {
    let target = rows::target(scene, body.text("post_url")?)?;
    let (all, bare) = rows::reactions(scene, &target);
    let mut page: Vec<Value> = window.cut(&all, PER_PAGE).iter().map(|row| row.as_ref().clone()).collect();
    if let Some(account) = account {
        rows::with_new_connections(scene, account, &mut page);
    }
    let returned = page.len();
    let mut data = match bare {
        true => json!({"total_reactions": returned, "reactions": page}),
        false => {
            json!({"total_results": returned, "total_available_results": rows::available(&all), "reactions": page})
        }
    };
    window.mark(&mut data, PER_PAGE);
    Done::read(data, window.credits(returned))
}

/// `/v1/posts/extract-comments`
pub(crate) fn comments(scene: &mut Scene<'_>, _: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let data = comment_pages(scene, body, window)?;
    let returned = data["comments"].as_array().map_or(0, Vec::len);
    Done::read(data, window.credits(returned))
}

/// `/v1/data/signals/posts/comments`
pub(crate) fn data_comments(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let window = Window::read_switched(body)?;
    let data = comment_pages(scene, body, window)?;
    let returned = data["comments"].as_array().map_or(0, Vec::len);
    match scene.switches.older_shapes {
        true => Done::bare(json!({"results": data["comments"]}), window.credits(returned)),
        false => Done::read(data, window.credits(returned)),
    }
}

fn comment_pages(scene: &Scene<'_>, body: Body<'_>, window: Window) -> Result<Value, Refusal> {
    let target = rows::target(scene, body.text("post_url")?)?;
    let all = rows::comments(scene, &target);
    let page: Vec<Value> = window.cut(&all, PER_PAGE).iter().map(|row| row.as_ref().clone()).collect();
    let mut data = json!({
        "total_results": page.len(), "total_available_results": all.len(), "comments": page,
    });
    window.mark(&mut data, PER_PAGE);
    Ok(data)
}

/// `/v1/data/signals/profile/posts`
pub(crate) fn profile_posts(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let author = author(scene, body.text("profile_url")?)?;
    signal_posts(scene, body, &author)
}

/// `/v1/data/signals/company/posts`
pub(crate) fn company_posts(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let author = author(scene, body.text("company_url")?)?;
    signal_posts(scene, body, &author)
}

fn signal_posts(scene: &Scene<'_>, body: Body<'_>, author: &str) -> Outcome {
    let window = Window::read_switched(body)?;
    let found = filtered(scene, body, Some(author))?;
    let page = window.cut(&found, PER_PAGE);
    if scene.switches.older_shapes {
        let results: Vec<Value> = page.iter().map(older_shape).collect();
        return Done::bare(json!({"results": results}), window.credits(page.len()));
    }
    post_pages(window, page)
}

/// `/v1/posts/search`: one author's posts, or everybody's by keyword.
pub(crate) fn search(scene: &mut Scene<'_>, _: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let author = body.optional("linkedin_url")?.map(|url| author(scene, url)).transpose()?;
    let found = filtered(scene, body, author.as_deref())?;
    post_pages(window, window.cut(&found, PER_PAGE))
}

/// `/v1/posts/feed`: what others publish.
pub(crate) fn feed(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let others: Vec<Value> =
        all_posts(scene).into_iter().filter(|(author, _)| *author != account.slug).map(|(_, item)| item).collect();
    post_pages(window, window.cut(&others, PER_PAGE))
}

fn post_pages(window: Window, page: &[Value]) -> Outcome {
    let mut data = json!({"posts": page, "total_results": page.len()});
    window.mark(&mut data, PER_PAGE);
    Done::read(data, window.credits(page.len()))
}

fn author(scene: &Scene<'_>, address: &str) -> Result<String, Refusal> {
    if let Some(company) = address::company(address) {
        return Ok(company);
    }
    match address::person(address).ok_or_else(Refusal::invalid)? {
        PersonKey::Slug(slug) => Ok(slug),
        PersonKey::MemberId(id) => {
            let owner = scene.options.accounts.iter().find(|account| account.member_id == id);
            let person = || scene.directory.find(&id).map(|person| person.slug.clone());
            owner.map(|account| account.slug.clone()).or_else(person).ok_or_else(|| Refusal::said("Profile not found"))
        }
    }
}

/// Posts that pass the request's filters, in the order it asks for.
fn filtered(scene: &Scene<'_>, body: Body<'_>, author: Option<&str>) -> Result<Vec<Value>, Refusal> {
    let keyword = folded(body.or_empty("keyword")?);
    let kind = body.or_empty("post_type")?.to_uppercase();
    let since_ms = match body.or_empty("post_date")?.to_uppercase().as_str() {
        "PAST_24H" | "PAST_24_HOURS" | "PAST_DAY" => scene.now_ms - DAY_MS,
        "PAST_WEEK" => scene.now_ms - 7 * DAY_MS,
        "PAST_MONTH" => scene.now_ms - 30 * DAY_MS,
        _ => i64::MIN,
    };
    let mut found: Vec<Value> = all_posts(scene)
        .into_iter()
        .filter(|(by, _)| author.is_none_or(|author| by == author))
        .map(|(_, item)| item)
        .filter(|item| folded(item["text"].as_str().unwrap_or_default()).contains(&keyword))
        .filter(|item| published_ms(item) >= since_ms)
        .filter(|item| kind.is_empty() || kind == "ALL" || kind == post_type(item))
        .collect();
    if body.or_empty("sort_by")?.eq_ignore_ascii_case("RELEVANCE") {
        found.sort_by_key(|item| std::cmp::Reverse(item["reactions"].as_u64()));
    }
    Ok(found)
}

fn published_ms(item: &Value) -> i64 {
    item["post_url"].as_str().and_then(address::post).map_or(0, |(_, id)| id_millis(id))
}

fn post_type(item: &Value) -> &'static str {
    let video = item["text"].as_str().is_some_and(|text| text.starts_with("Vidéo"));
    if video { "VIDEOS" } else { "TEXT" }
}

/// Every post with its author, newest first.
fn all_posts(scene: &Scene<'_>) -> Vec<(String, Value)> {
    let mut posts: Vec<(i64, String, Value)> = Vec::new();
    for post in &scene.world.posts {
        posts.push((id_millis(post.id), post.author.clone(), recorded_item(scene, post)));
    }
    for post in scene.state.networks.values().flat_map(|network| &network.posts) {
        posts.push((post.at_ms, post.author.clone(), created_item(scene, post)));
    }
    posts.sort_by_key(|(at_ms, _, _)| std::cmp::Reverse(*at_ms));
    posts.into_iter().map(|(_, author, item)| (author, item)).collect()
}

fn recorded_item(scene: &Scene<'_>, post: &RecordedPost) -> Value {
    let mut item = post.item.clone();
    let target = Target::Recorded(post);
    item["reactions"] = rows::available(&rows::reactions(scene, &target).0).into();
    item["comments"] = rows::comments(scene, &target).len().into();
    item
}

fn created_item(scene: &Scene<'_>, post: &CreatedPost) -> Value {
    let target = Target::Created(post.clone());
    json!({
        "post_url": created_url(post), "post_urn": format!("urn:li:activity:{}", post.id),
        "text": post.text, "date": date_text(post.at_ms),
        "reactions": rows::available(&rows::reactions(scene, &target).0),
        "comments": rows::comments(scene, &target).len(),
        "shares": 0,
    })
}

/// The address LinkedIn gives a created post.
pub(crate) fn created_url(post: &CreatedPost) -> String {
    let first = folded(&post.text).split(' ').find(|word| word.len() > 3).unwrap_or("post").to_owned();
    let end = crate::chance::letters(post.id, &["address"], 4).replace(['-', '_'], "x");
    format!("https://www.linkedin.com/posts/{}_{first}-activity-{}-{end}", post.author, post.id)
}

/// A created post, for callers that need its address; `number` counts from 1.
pub(crate) fn created_world_post(post: &CreatedPost, number: usize) -> WorldPost {
    WorldPost {
        key: format!("created-{number}"),
        own: true,
        author: post.author.clone(),
        kind: PostKind::Activity,
        id: post.id,
        url: created_url(post),
        urn: format!("urn:li:activity:{}", post.id),
        published_at: instant(post.at_ms),
    }
}

fn older_shape(item: &Value) -> Value {
    json!({
        "url": item["post_url"], "commentary": item["text"], "date": item["date"],
        "likes": item["reactions"], "comments": item["comments"],
    })
}

/// `/v1/data/signals/profile/reactions`: where a person reacted.
pub(crate) fn reactions_by(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    activity(scene, body, "reactions", |scene, target| {
        rows::reactions(scene, target).0.iter().map(|row| (row["profile_url"].clone(), row.as_ref().clone())).collect()
    })
}

/// `/v1/data/signals/profile/comments`: where a person commented.
pub(crate) fn comments_by(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    activity(scene, body, "comments", |scene, target| {
        let rows = rows::comments(scene, target);
        rows.iter().map(|row| (row["commenter"]["linkedin_url"].clone(), row.as_ref().clone())).collect()
    })
}

type UnderPost = fn(&Scene<'_>, &Target<'_>) -> Vec<(Value, Value)>;

fn activity(scene: &Scene<'_>, body: Body<'_>, field: &str, under: UnderPost) -> Outcome {
    let person = scene.person(body, "profile_url")?;
    let window = Window::read(body)?;
    let mut found = Vec::new();
    for post in &scene.world.posts {
        for (address, mut row) in under(scene, &Target::Recorded(post)) {
            let by = address.as_str().and_then(|address| scene.directory.find(address));
            if by.is_some_and(|by| by.slug == person.slug) {
                row["post_url"] = post.item["post_url"].clone();
                found.push(row);
            }
        }
    }
    let page = window.cut(&found, PER_PAGE);
    let mut data = json!({"total_results": page.len(), "next_cursor": null});
    data[field] = page.into();
    window.mark(&mut data, PER_PAGE);
    Done::read(data, window.credits(page.len()))
}
