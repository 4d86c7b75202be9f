//! One message under review: approving, editing, rejecting, putting off, taking back.

use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::decisions;
use crate::estimate;
use crate::estimate::Queues;
use crate::outcome;
use crate::people;
use crate::problem::Problem;
use crate::review;
use crate::words::{Text, message_state, text};
use crate::writing;
use domain::gate::{self, Decision, Facts, Overrule};
use domain::ids::{AccountId, MessageId, ProspectId};
use domain::message::{Event, transition};
use domain::vocabulary::{MessageStatus, ReasonCode, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::Versioned;
use store::batch::Stage;
use store::facts::Office;
use store::message::Message;
use store::prospect::{Dossier, PastDecision, Prospect};

/// How long an approval can be undone before anything leaves. Source: docs/rules.md, “Review”.
const UNDO: SignedDuration = SignedDuration::from_secs(30);

async fn by_id(call: &Call, id: &MessageId) -> Result<Versioned<Message>, Problem> {
    call.store().message(call.ws(), id).await?.ok_or_else(Problem::not_found)
}

/// The message of the path.
pub async fn wanted(call: &Call) -> Result<Versioned<Message>, Problem> {
    by_id(call, &call.id(MessageId::parse)?).await
}

/// `GET /messages/{id}`.
pub async fn read(call: Call) -> Outcome {
    let message = wanted(&call).await?;
    let mut shown = review::show_now(&call, &message.item).await?;
    shown["difference"] = json!(domain::diff::words(&message.original_body, &message.body));
    Reply::ok(shown)
}

/// The refusal of `event` in the message's state, naming who was faster.
fn too_late(message: &Message) -> Problem {
    let status = message.status;
    let who = message.approved_by.as_deref().filter(|_| status != MessageStatus::PendingReview);
    let fr = who.map_or_else(String::new, |w| format!(", approuvé par {w}"));
    let en = who.map_or_else(String::new, |w| format!(", approved by {w}"));
    Problem::conflict(text(
        format!("Ce message est à l’état «\u{a0}{}\u{a0}»{fr}.", message_state(status)),
        format!("This message is “{status}”{en}."),
    ))
    .with("message_status", json!(status))
}

/// The state after `event`.
pub fn step(message: &Message, event: Event) -> Result<MessageStatus, Problem> {
    transition(message.status, event).map_err(|_| too_late(message))
}

/// `POST /messages/{id}/approve` `{"body"}`: through the gate at once; answers when it will go out.
pub async fn approve(call: Call) -> Outcome {
    let id = call.id(MessageId::parse)?;
    let (body, without_note) = {
        let fields = call.body()?;
        let body = fields.text("body", 20_000);
        if fields.value("body").is_some() && body.is_none() {
            fields.fault("body", text("le texte est vide", "the text is empty"));
        }
        let without_note = fields.flag("without_note");
        fields.finish()?;
        (body, without_note)
    };
    if without_note.is_some() {
        choose_note(&call, without_note == Some(true)).await?;
    }
    let message = approve_one(&call, &id, body.as_deref(), &mut Queues::default()).await?;
    wake(&call, std::slice::from_ref(&message.account)).await?;
    Reply::ok(review::show(&message.item, call.tongue))
}

/// A person's word on an invitation whose note finds no room in the month: without it, or wait. It stands beside the
/// approval of the text, before it or after it.
async fn choose_note(call: &Call, without: bool) -> Result<(), Problem> {
    let message = change(call, |message| {
        let open = matches!(message.status, MessageStatus::PendingReview | MessageStatus::Approved | MessageStatus::Scheduled);
        if !open {
            return Err(too_late(message));
        }
        if !message.has_note() {
            return Err(Problem::field("without_note", text("ce message n’a pas de note", "this message has no note")));
        }
        message.without_note = without;
        if without && message.note_held {
            message.note_held = false;
            message.failure = None;
            message.not_before = Some(call.now + UNDO);
            message.due_at = None;
        }
        Ok(())
    })
    .await?;
    call.audit("message.without_note", Some(message.id.as_str()), json!({"without_note": without})).await
}

/// Gives the accounts their next instant once something is approved: after that write, since an instant that came in
/// between saw nothing approved and put the account to sleep.
pub async fn wake(call: &Call, accounts: &[AccountId]) -> Result<(), Problem> {
    for id in accounts {
        if let Some(account) = call.store().account(call.ws(), id).await? {
            call.store().wake_account(&account, call.now + UNDO, call.now).await?;
        }
    }
    Ok(())
}

/// Approves one message, as it is or edited; whoever calls it wakes the account with [`wake`].
pub async fn approve_one(
    call: &Call,
    id: &MessageId,
    body: Option<&str>,
    queues: &mut Queues,
) -> Result<Versioned<Message>, Problem> {
    for round in 0..WRITE_TRIES {
        let mut message = by_id(call, id).await?;
        let again = message.approved_by.as_deref() == Some(&call.who.email) && body.is_none_or(|b| b == message.body);
        if matches!(message.status, MessageStatus::Approved | MessageStatus::Scheduled) && again {
            return Ok(message);
        }
        message.status = step(&message, Event::Approve)?;
        let (office, dossier) = facts(call, &message.prospect).await?;
        if let Some(body) = body {
            writing::edit(&office, &dossier, &mut message.item, body)?;
        }
        let decision = decide(call, &office, &dossier, &message).await?;
        if !lets_stand(&decision) {
            return Err(stopped(call, &message, dossier, decision).await?);
        }
        let not_before = call.now + UNDO;
        message.approved_at = Some(call.now);
        message.approved_by = Some(call.who.email.clone());
        message.not_before = Some(not_before);
        message.snoozed_until = None;
        let Some(account) = office.accounts.iter().find(|a| a.id == message.account) else {
            return Err(Problem::conflict(text(
                "Le compte qui devait envoyer ce message a été retiré\u{a0}: refusez ce brouillon, un autre compte pourra écrire.",
                "The account that was to send this message is gone: reject the draft, another account may then write.",
            )));
        };
        message.due_at = estimate::due(call, &office, account, &message, not_before, queues).await?;
        if !settled(call.store().save(&mut message).await?, round)? {
            continue;
        }
        let edited = message.body != message.original_body;
        call.audit("message.approved", Some(id.as_str()), json!({"edited": edited})).await?;
        tell_approved(call, &message).await;
        return Ok(message);
    }
    Err(Problem::busy())
}

async fn tell_approved(call: &Call, message: &Message) {
    let detail = json!({"workspace": call.ws(), "message": message.id, "prospect": message.prospect});
    let event = kit::Event { name: "MessageApproved", detail };
    // Nothing in the product waits for this event: a bus that is down stops nobody.
    if let Err(failure) = call.console.bus.put(vec![event]).await {
        tracing::warn!(why = %failure, "bus.put_failed");
    }
}

/// Everything the gate reads about a person, and what the workspace shares.
pub async fn facts(call: &Call, prospect: &ProspectId) -> Result<(Office, Dossier), Problem> {
    let office = call.store().office(call.ws(), call.now).await?.ok_or_else(Problem::not_found)?;
    let dossier = call.store().dossier(call.ws(), prospect).await?.ok_or_else(Problem::not_found)?;
    Ok((office, dossier))
}

/// The gate's word on this message now; an overrule counts for the one message it was used for.
pub async fn decide(call: &Call, office: &Office, dossier: &Dossier, message: &Message) -> Result<Decision, Problem> {
    Ok(gate::decide(&facts_at(call, office, dossier, message, call.now).await?, call.now))
}

/// What the gate reads of a person for one message, at an instant that may be to come.
pub async fn facts_at(
    call: &Call,
    office: &Office,
    dossier: &Dossier,
    message: &Message,
    at: Timestamp,
) -> Result<Facts, Problem> {
    let mut facts = call.store().gate_facts(office, dossier, &call.who.email, at).await?;
    let mine = dossier.prospect.overrule.as_ref().filter(|o| o.used_for.as_ref() == Some(&message.id));
    if let Some(overrule) = mine {
        facts.overrule = Some(Overrule { by: overrule.by.clone(), reason: overrule.reason.clone(), at: overrule.at });
    }
    Ok(facts)
}

/// Whether an approval stands: allowed, or held only by what a later day may lift.
fn lets_stand(decision: &Decision) -> bool {
    let waits = [ReasonCode::AccountPaused, ReasonCode::BudgetSpent];
    decision.verdict == Verdict::Allow
        || (decision.verdict == Verdict::Hold && decision.reasons.iter().all(|r| waits.contains(&r.code)))
}

/// What becomes of a message that the gate stops: refused it is cancelled, held it goes on waiting for review.
async fn stopped(call: &Call, message: &Versioned<Message>, dossier: Dossier, decision: Decision) -> Result<Problem, Problem> {
    let reasons = decisions::show_reasons(&decision.reasons, call.tongue);
    let first = decision.reasons.first();
    let said = first.map_or_else(|| text("", ""), |r| text(r.text_fr.clone(), r.text_en.clone()));
    let problem = Problem::conflict(verdict_text(&said)).with("reasons", reasons).with("verdict", json!(decision.verdict));
    if decision.verdict == Verdict::Refuse {
        for round in 0..WRITE_TRIES {
            let mut fresh = by_id(call, &message.id).await?;
            let Ok(cancelled) = transition(fresh.status, Event::Cancel) else { break };
            fresh.status = cancelled;
            fresh.failure = Some(call.tongue.of(&said).to_owned());
            if settled(call.store().save(&mut fresh).await?, round)? {
                break;
            }
        }
        keep_decision(call, dossier.prospect, decision).await?;
    }
    Ok(problem)
}

fn verdict_text(said: &Text) -> Text {
    text(
        format!("Le filtre s’y oppose\u{a0}: {}.", said.fr.trim_end_matches('.')),
        format!("The gate is against it: {}.", said.en.trim_end_matches('.')),
    )
}

async fn keep_decision(call: &Call, mut person: Versioned<Prospect>, decision: Decision) -> Result<(), Problem> {
    person.in_review = false;
    if let Some(old) = person.take_decision(decision) {
        let past = PastDecision { workspace: call.ws().clone(), prospect: person.id.clone(), decision: old };
        call.store().keep_decision(&past).await?;
    }
    // Lost: somebody wrote the person meanwhile, and whoever did has them decided anew.
    let _lost = call.store().save(&mut person).await?;
    Ok(())
}

/// `POST /messages/{id}/reject` `{"reason"}`: for good in this sequence.
pub async fn reject(call: Call) -> Outcome {
    let reason = {
        let body = call.body()?;
        let reason = body.text("reason", 2_000);
        body.finish()?;
        reason
    };
    let known = wanted(&call).await?;
    step(&known, Event::Reject)?;
    // The person first: whatever ends in between, nobody is written to whom a reviewer has rejected.
    change_person(&call, &known.prospect, |person| {
        person.in_review = false;
        person.contact.revision += 1;
        person.contact.rejected_at = Some(call.now);
        person.contact.rejected_enrolment = Some(known.enrolment.clone());
    })
    .await?;
    let message = change(&call, |message| {
        message.status = step(message, Event::Reject)?;
        message.rejected_reason.clone_from(&reason);
        message.due_at = None;
        Ok(())
    })
    .await?;
    call.audit("message.rejected", Some(message.id.as_str()), json!({"reason": reason})).await?;
    people::start(&call, Stage::Gate, std::slice::from_ref(&message.prospect), "rejected", false).await?;
    Reply::ok(review::show(&message.item, call.tongue))
}

/// Writes a message upon its version, a few times if need be.
pub async fn change(call: &Call, apply: impl Fn(&mut Message) -> Result<(), Problem>) -> Result<Versioned<Message>, Problem> {
    for round in 0..WRITE_TRIES {
        let mut message = wanted(call).await?;
        apply(&mut message.item)?;
        if settled(call.store().save(&mut message).await?, round)? {
            return Ok(message);
        }
    }
    Err(Problem::busy())
}

/// Writes a person upon their version, a few times if need be.
pub async fn change_person(call: &Call, id: &ProspectId, apply: impl Fn(&mut Prospect)) -> Result<(), Problem> {
    for round in 0..WRITE_TRIES {
        let Some(mut person) = call.store().survivor(call.ws(), id).await? else { return Ok(()) };
        apply(&mut person.item);
        if settled(call.store().save(&mut person).await?, round)? {
            return Ok(());
        }
    }
    Err(Problem::busy())
}

/// `POST /messages/{id}/snooze` `{"until"}`.
pub async fn snooze(call: Call) -> Outcome {
    let until = {
        let body = call.body()?;
        body.required("until", 64);
        let until = body.instant("until");
        if until.is_some_and(|at| at <= call.now) {
            body.fault("until", text("cette date est déjà passée", "this time is past already"));
        }
        body.finish()?;
        until
    };
    let message = change(&call, |message| {
        if message.status != MessageStatus::PendingReview {
            return Err(too_late(message));
        }
        message.snoozed_until = until;
        Ok(())
    })
    .await?;
    Reply::ok(review::show(&message.item, call.tongue))
}

/// `POST /messages/{id}/redraft` `{"hint"}`: another draft, in the background.
pub async fn redraft(call: Call) -> Outcome {
    let hint = {
        let body = call.body()?;
        let hint = body.text("hint", 1_000);
        body.finish()?;
        hint
    };
    let message = change(&call, |message| {
        message.status = step(message, Event::Redraft)?;
        message.redrafts += 1;
        message.rejected_reason.clone_from(&hint);
        Ok(())
    })
    .await?;
    people::background(&call, "redraft", Stage::Draft, std::slice::from_ref(&message.prospect), false).await
}

/// `POST /messages/{id}/undo`: takes an approval back until the send is claimed.
pub async fn undo(call: Call) -> Outcome {
    let message = change(&call, |message| {
        message.status = step(message, Event::Unapprove)?;
        message.approved_at = None;
        message.approved_by = None;
        message.not_before = None;
        message.due_at = None;
        Ok(())
    })
    .await?;
    call.audit("message.unapproved", Some(message.id.as_str()), json!({})).await?;
    Reply::ok(review::show(&message.item, call.tongue))
}

/// `POST /messages/{id}/mark-sent`: in manual mode, a person has sent it.
pub async fn mark_sent(call: Call) -> Outcome {
    outcome::mark_sent(&call).await
}

/// `POST /messages/{id}/settle` `{"outcome"}`: a person’s word on an unknown outcome.
pub async fn settle(call: Call) -> Outcome {
    let sent = {
        let body = call.body()?;
        body.required("outcome", 20);
        let sent = body.word(
            "outcome",
            |w| match w {
                "sent" => Some(true),
                "not_sent" => Some(false),
                _ => None,
            },
            &["sent", "not_sent"],
        );
        body.finish()?;
        sent.unwrap_or(false)
    };
    outcome::settle(&call, sent, UNDO).await
}
