//! Sending, the inbox and conversations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::options::AccountOptions;
use crate::people::Person;
use crate::scene::Scene;
use crate::state::{Conversation, Message};
use crate::wire::{Body, Done, Outcome, PER_PAGE, Refusal, Window};

const MESSAGE_MAX_CHARS: usize = 8_000;
/// The recorded conversations were seen five seconds after their last message.
const SEEN_AFTER_MS: i64 = 5_000;
/// What a cursor of the inbox says before its offset.
const CURSOR: &str = "DESCNT";

/// `/v1/messages/send-message`
pub(crate) fn send(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let person = scene.person(body, "linkedin_url")?;
    let text = body.text("message_text")?;
    if text.chars().count() > MESSAGE_MAX_CHARS {
        return Err(Refusal::said("The message is too long"));
    }
    let media = body.optional("media_link")?.or(body.optional("media_file")?).map(str::to_owned);
    if !scene.connected(account, &person.slug) {
        return Err(Refusal::said("This member is not a 1st degree connection"));
    }
    let credits = if media.is_some() { 2 } else { 1 };
    let id = scene.write(account, &person, text, media);
    let mut answer = json!({"status": "success", "message": "Message sent successfully"});
    if !scene.switches.older_shapes {
        answer["data"] = json!({
            "entityUrn": message_urn(id),
            "conversation_id": conversation_id(&person),
            "deliveredAt": scene.now_ms,
        });
    }
    Ok(Done { answer, credits, effect: true })
}

/// `/v1/messages/inbox`, the conversation with the newest message first.
pub(crate) fn inbox(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let Window::Total(limit) = Window::read(body)? else {
        return Err(Refusal::invalid());
    };
    let from = cursor(body.optional("next_cursor")?)?;
    let unread_only = body.optional("category")? == Some("UNREAD");
    let (now_ms, directory) = (scene.now_ms, scene.directory);
    let mut rows: Vec<(i64, Value)> = scene
        .network(account)
        .conversations
        .iter()
        .filter(|(_, conversation)| !unread_only || conversation.unread(now_ms) > 0)
        .filter_map(|(slug, conversation)| {
            let last = conversation.written(now_ms).last()?;
            Some((last.at_ms, row(account, directory.by_slug(slug)?, conversation, last, now_ms)))
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1["conversation_id"].as_str().cmp(&b.1["conversation_id"].as_str())));
    let page: Vec<Value> = rows.iter().skip(from).take(limit).map(|(_, row)| row.clone()).collect();
    let next = (from + page.len() < rows.len()).then(|| STANDARD.encode(format!("{CURSOR}{}", from + page.len())));
    let credits = page.len().div_ceil(10).max(1) as u64;
    Done::read(json!({"total_results": page.len(), "conversations": page, "next_cursor": next}), credits)
}

fn cursor(text: Option<&str>) -> Result<usize, Refusal> {
    let Some(text) = text else { return Ok(0) };
    let decoded = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.and_then(|text| text.strip_prefix(CURSOR)?.parse().ok()).ok_or_else(Refusal::invalid)
}

fn row(account: &AccountOptions, person: &Person, conversation: &Conversation, last: &Message, now_ms: i64) -> Value {
    let sender_url = match last.ours {
        true => format!("https://www.linkedin.com/in/{}", account.slug),
        false => person.id_url(),
    };
    json!({
        "conversation_id": conversation_id(person),
        "participant": {
            "name": person.name(), "headline": person.headline,
            "profile_url": person.url(), "profile_picture": null,
        },
        "last_message": {
            "text": last.text, "time": last.at_ms,
            "sender": {
                "name": sender(account, person, last), "headline": "",
                "profile_url": sender_url, "profile_picture": null,
            },
        },
        "unread": conversation.unread(now_ms),
        "type": "normal",
    })
}

/// `/v1/messages/conversation`, newest message first.
pub(crate) fn conversation(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let person = match body.optional("linkedin_url")? {
        Some(_) => scene.person(body, "linkedin_url")?,
        None => by_conversation_id(scene, body.text("conversation_id")?)?,
    };
    let now_ms = scene.now_ms;
    let found = scene.network(account).conversations.get(&person.slug);
    let Some(conversation) = found.filter(|conversation| !conversation.written(now_ms).is_empty()) else {
        let empty = json!({
            "conversation_id": null, "total_results": 0, "total_other_member_message_count": 0,
            "unread_count": 0, "messages": [],
        });
        return Done::read(empty, 1);
    };
    let written: Vec<&Message> = conversation.written(now_ms).iter().rev().collect();
    let page = window.cut(&written, PER_PAGE);
    let newest_ms = written.first().map_or(0, |message| message.at_ms);
    let seen = newest_ms + SEEN_AFTER_MS <= now_ms;
    let mut data = json!({
        "conversation_id": conversation_id(&person),
        "profile_url": person.id_url(),
        "total_results": page.len(),
        "total_other_member_message_count": written.iter().filter(|message| message.is_reply()).count(),
        "unread_count": conversation.unread(now_ms),
        "last_seen_message": seen,
        "last_seen_at": seen.then_some(newest_ms + SEEN_AFTER_MS),
        "messages": page.iter().map(|message| message_row(account, &person, message)).collect::<Vec<_>>(),
    });
    window.mark(&mut data, PER_PAGE);
    Done::read(data, window.credits(page.len()).max(1))
}

fn by_conversation_id(scene: &Scene<'_>, id: &str) -> Result<Person, Refusal> {
    let member = id.split_once("urn:li:fsd_profile:").and_then(|(_, rest)| rest.split(',').next());
    let person = member.and_then(|member| scene.directory.find(member));
    person.cloned().ok_or_else(|| Refusal::said("Conversation not found"))
}

fn message_row(account: &AccountOptions, person: &Person, message: &Message) -> Value {
    let (first, last) = match message.ours || message.sender.is_some() {
        true => (&account.first_name, &account.last_name),
        false => (&person.first_name, &person.last_name),
    };
    json!({
        "text": message.text,
        "timestamp": message.at_ms,
        "sender": sender(account, person, message),
        "sender_info": {"first_name": first, "last_name": last},
        "message_type": if message.system { "SYSTEM" } else { "TEXT" },
        "entity_urn": message_urn(message.id),
    })
}

/// The display name, which is all V1 says about who wrote.
pub(crate) fn sender(account: &AccountOptions, person: &Person, message: &Message) -> String {
    match (&message.sender, message.ours) {
        (Some(name), _) => name.clone(),
        (None, true) => account.name(),
        (None, false) => person.name(),
    }
}

fn message_urn(id: u64) -> String {
    format!("urn:li:msg_message:({id})")
}

fn conversation_id(person: &Person) -> String {
    format!("urn:li:msg_conversation:(urn:li:fsd_profile:{},2-{})", person.member_id, person.slug)
}
