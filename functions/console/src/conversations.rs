//! Threads with people who wrote: a human's turn until a human closes them.

use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::messages;
use crate::people;
use crate::person;
use crate::problem::Problem;
use crate::review;
use crate::words::text;
use domain::ids::ProspectId;
use serde_json::{Value, json};
use store::batch::Stage;
use store::prospect::Conversation;
use store::{Versioned, keys};

/// The outcomes a person may record.
const OUTCOMES: &[&str] = &["interested", "meeting", "customer", "not_interested", "not_now", "wrong_person", "other"];

/// `GET /conversations`: newest first.
pub async fn list(call: Call) -> Outcome {
    let list = keys::conversations_list(call.ws());
    let page = call.store().conversations(call.ws(), call.walk(&list)?).await?;
    Reply::page(&list, &page, |c| show(&c.item))
}

/// A thread's id is its person's: there is one thread per person, across channels.
async fn wanted(call: &Call) -> Result<Versioned<Conversation>, Problem> {
    let id = call.id(ProspectId::parse)?;
    let person = call.store().survivor(call.ws(), &id).await?.ok_or_else(Problem::not_found)?;
    call.store().conversation(call.ws(), &person.id).await?.ok_or_else(Problem::not_found)
}

/// `GET /conversations/{id}`: what was written, by both sides, oldest first.
pub async fn read(call: Call) -> Outcome {
    let thread = wanted(&call).await?;
    let mut lines: Vec<(jiff::Timestamp, Value)> = Vec::new();
    for reply in call.store().replies(call.ws(), &thread.prospect).await? {
        lines.push((reply.at, json!({"from": "them", "text": reply.text, "intent": reply.intent, "at": reply.at})));
    }
    let person = call.store().survivor(call.ws(), &thread.prospect).await?.ok_or_else(Problem::not_found)?;
    for message in call.store().messages_of(&person).await? {
        if let Some(at) = message.sent_at {
            lines.push((
                at,
                json!({"from": "us", "text": message.body, "at": at, "message": review::show(&message.item, call.tongue)}),
            ));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    let mut shown = show(&thread.item);
    shown["lines"] = lines.into_iter().map(|(_, line)| line).collect();
    shown["prospect"] = person::show(&person.item, call.tongue, call.now);
    Reply::ok(shown)
}

/// `POST /conversations/{id}/close` `{"outcome"}`: a human’s word that it is over.
pub async fn close(call: Call) -> Outcome {
    let outcome = {
        let body = call.body()?;
        let outcome = body.word("outcome", |w| OUTCOMES.contains(&w).then(|| w.to_owned()), OUTCOMES);
        body.finish()?;
        outcome.unwrap_or_else(|| "other".to_owned())
    };
    for round in 0..WRITE_TRIES {
        let mut thread = wanted(&call).await?;
        if thread.closed_at.is_some() {
            return Err(Problem::conflict(text("Cette conversation est déjà close.", "This conversation is closed already.")));
        }
        // The person first, the thread last: what ends in between is asked for again.
        messages::change_person(&call, &thread.prospect, |person| {
            person.contact.closed = Some(outcome.clone());
            person.contact.closed_at = Some(call.now);
            person.contact.revision += 1;
        })
        .await?;
        thread.closed_at = Some(call.now);
        thread.unread = false;
        if !settled(call.store().save(&mut thread).await?, round)? {
            continue;
        }
        call.audit("conversation.closed", Some(thread.prospect.as_str()), json!({"outcome": outcome})).await?;
        people::start(&call, Stage::Gate, std::slice::from_ref(&thread.prospect), "closed", false).await?;
        return Reply::ok(show(&thread.item));
    }
    Err(Problem::busy())
}

fn show(thread: &Conversation) -> Value {
    json!({
        "id": thread.prospect,
        "prospect_id": thread.prospect,
        "account_id": thread.account,
        "last_at": thread.last_at,
        "last_text": thread.last_text,
        "intent": thread.intent,
        "unread": thread.unread,
        "status": if thread.closed_at.is_some() { "closed" } else { "open" },
        "closed_at": thread.closed_at,
    })
}
