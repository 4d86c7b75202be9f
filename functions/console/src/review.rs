//! The review queue: what waits for a person, and approving several at once.

use crate::call::{Call, Outcome, Reply};
use crate::estimate::Queues;
use crate::messages;
use crate::posts;
use crate::problem::Problem;
use crate::words::{Tongue, text};
use domain::ids::{AccountId, MessageId};
use domain::lint::Finding;
use domain::vocabulary::{Channel, LeadSource, MessageStatus, PostStatus};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::message::Message;
use store::{Walk, keys};

/// The most messages approved at once.
const BULK_MAX: usize = 200;
/// Pages of the queue that one request looks through for a filter.
const PAGES_MAX: usize = 25;

/// `GET /review?kind=message|post`: messages by score, or posts to approve.
pub async fn list(call: Call) -> Outcome {
    let kind = call.query.word("kind", |w| matches!(w, "message" | "post").then(|| w.to_owned()), &["message", "post"])?;
    if kind.as_deref() == Some("post") { posts_to_approve(&call).await } else { messages_to_approve(&call).await }
}

async fn messages_to_approve(call: &Call) -> Outcome {
    let sources: Vec<&str> = LeadSource::ALL.iter().map(|s| s.as_str()).collect();
    let channels: Vec<&str> = Channel::ALL.iter().map(|s| s.as_str()).collect();
    let source = call.query.word("source", LeadSource::parse, &sources)?;
    let channel = call.query.word("channel", Channel::parse, &channels)?;
    let account = call.query.id("account_id", AccountId::parse)?;
    if let Some(id) = &account {
        call.store().account(call.ws(), id).await?.ok_or_else(Problem::not_found)?;
    }
    let quality = call.query.whole("min_quality", 0..=100)?.unwrap_or(0);
    let keeps = |m: &Message| {
        m.snoozed_until.is_none_or(|until| until <= call.now)
            && source.is_none_or(|s| m.source == s)
            && channel.is_none_or(|c| m.channel == c)
            && account.as_ref().is_none_or(|a| m.account == *a)
            && i64::from(m.quality) >= quality
    };
    let list = keys::review_list(call.ws());
    let Walk { limit, mut start, .. } = call.walk(&list)?;
    let mut items = Vec::new();
    for _ in 0..PAGES_MAX {
        let page = call.store().review(call.ws(), Walk { descending: true, limit: limit - items.len(), start }).await?;
        items.extend(page.items.into_iter().filter(|m| keeps(m)));
        start = page.next;
        if start.is_none() || items.len() >= limit {
            break;
        }
    }
    let tongue = call.tongue;
    Reply::page(&list, &store::ListPage { items, next: start }, |m| show(&m.item, tongue))
}

async fn posts_to_approve(call: &Call) -> Outcome {
    let list = format!("{}#review", keys::posts_list(call.ws()));
    let Walk { limit, mut start, .. } = call.walk(&list)?;
    let mut items = Vec::new();
    for _ in 0..PAGES_MAX {
        let page =
            call.store().posts(call.ws(), None, None, Walk { descending: true, limit: limit - items.len(), start }).await?;
        items.extend(page.items.into_iter().filter(|p| p.status == PostStatus::PendingApproval));
        start = page.next;
        if start.is_none() || items.len() >= limit {
            break;
        }
    }
    let mut shown = Vec::with_capacity(items.len());
    for post in &items {
        shown.push(posts::show(call, post).await?);
    }
    Reply::ok(json!({"items": shown, "next_cursor": start.map(|n| store::cursor_of(&list, &n))}))
}

/// `POST /review/approve` `{"ids":[…]}`: each by itself; one refused does not stop the others.
pub async fn approve(call: Call) -> Outcome {
    let ids = {
        let body = call.body()?;
        if body.value("ids").is_none() {
            body.fault("ids", text("ce champ est obligatoire", "this field is required"));
        }
        let ids = body.texts("ids", BULK_MAX, 200).unwrap_or_default();
        body.finish()?;
        ids
    };
    let mut approved = Vec::new();
    let mut refused = Vec::new();
    let mut accounts = Vec::new();
    let mut queues = Queues::default();
    for raw in ids {
        let outcome = match MessageId::parse(&raw) {
            None => Err(Problem::not_found()),
            Some(id) => messages::approve_one(&call, &id, None, &mut queues).await,
        };
        match outcome {
            Ok(message) => {
                if !accounts.contains(&message.account) {
                    // At the first of each: should the request be cut short, those approved are on their way.
                    messages::wake(&call, std::slice::from_ref(&message.account)).await?;
                    accounts.push(message.account.clone());
                }
                approved.push(raw);
            }
            Err(problem) => {
                refused.push(json!({"id": raw, "status": problem.status.as_u16(), "detail": problem.detail(call.tongue)}));
            }
        }
    }
    // And at the end: an instant may have come while they were written one after the other.
    messages::wake(&call, &accounts).await?;
    Reply::ok(json!({"approved": approved, "refused": refused}))
}

/// A message as the API shows it, whether it is picked for the next instant included.
pub async fn show_now(call: &Call, message: &Message) -> Result<Value, Problem> {
    let mut shown = show_several(call, std::slice::from_ref(message)).await?;
    Ok(shown.pop().unwrap_or_default())
}

/// The same of several messages.
pub async fn show_several(call: &Call, messages: &[Message]) -> Result<Vec<Value>, Problem> {
    let mut picked: HashMap<&AccountId, Option<MessageId>> = HashMap::new();
    for message in messages.iter().filter(|m| m.status == MessageStatus::Approved) {
        if !picked.contains_key(&message.account) {
            let account = call.store().account(call.ws(), &message.account).await?;
            let next = match account {
                Some(account) => call.store().scheduled(&account, call.now).await?,
                None => None,
            };
            picked.insert(&message.account, next);
        }
    }
    let scheduled = |m: &Message| {
        m.status == MessageStatus::Approved && picked.get(&m.account).is_some_and(|next| next.as_ref() == Some(&m.id))
    };
    let shown = messages.iter().map(|message| {
        let mut shown = show(message, call.tongue);
        if scheduled(message) {
            shown["status"] = json!(MessageStatus::Scheduled);
        }
        shown
    });
    Ok(shown.collect())
}

/// A message as it is stored.
pub fn show(message: &Message, tongue: Tongue) -> Value {
    let findings: Vec<Value> = message.findings.iter().map(|f| show_finding(f, tongue)).collect();
    let edited = message.body != message.original_body;
    json!({
        "id": message.id,
        "prospect_id": message.prospect,
        "account_id": message.account,
        "channel": message.channel,
        "kind": message.step,
        "cta": message.cta,
        "body": message.body,
        "original_body": message.original_body,
        "edited": edited,
        "level": message.level,
        "quality": message.quality,
        "findings": findings,
        "facts": message.facts,
        "status": message.status,
        "score": message.score,
        "source": message.source,
        "decision_id": message.decision,
        "created_at": message.created_at,
        "approved_at": message.approved_at,
        "approved_by": message.approved_by,
        "snoozed_until": message.snoozed_until,
        "due_at": message.due_at,
        "sent_at": message.sent_at,
        "provider_ref": message.provider_ref,
        "rejected_reason": message.rejected_reason,
        "without_note": message.without_note,
        "choices": if message.note_held && !message.without_note { json!(["wait", "without_note"]) } else { json!([]) },
        "failure": message.failure,
    })
}

fn show_finding(finding: &Finding, tongue: Tongue) -> Value {
    json!({
        "code": finding.code, "start": finding.start, "end": finding.end,
        "text": tongue.pick(&finding.text_fr, &finding.text_en),
    })
}
