//! Meetings: proposed by a wish in a reply, booked by a person. Only booked ones count. Rules: docs/rules.md, "Meetings".

use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::messages;
use crate::people;
use crate::problem::Problem;
use crate::suppressions;
use crate::words::text;
use domain::ids::{MeetingId, ProspectId};
use domain::vocabulary::{EnrolmentStatus, MeetingStatus};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::batch::Stage;
use store::meeting::Meeting;
use store::{Versioned, keys};

/// `GET /meetings`: newest first.
pub async fn list(call: Call) -> Outcome {
    let list = keys::meetings(call.ws());
    let page = call.store().meetings(call.ws(), call.walk(&list)?).await?;
    Reply::page(&list, &page, |meeting| show(&meeting.item))
}

/// What a request says of a meeting.
struct Wanted {
    status: Option<MeetingStatus>,
    /// The outer `None` is a field not named.
    at: Option<Option<Timestamp>>,
}

fn statuses() -> Vec<&'static str> {
    MeetingStatus::ALL.iter().map(|status| status.as_str()).collect()
}

fn wanted(body: &crate::read::Fields<'_>) -> Wanted {
    Wanted { status: body.word("status", MeetingStatus::parse, &statuses()), at: body.has("at").then(|| body.instant("at")) }
}

/// `POST /meetings` `{"prospect_id","at","status"}`: booked unless it says otherwise.
pub async fn create(call: Call) -> Outcome {
    let (person, asked) = {
        let body = call.body()?;
        body.required("prospect_id", 100);
        let person = body.id("prospect_id", ProspectId::parse);
        let asked = wanted(&body);
        body.finish()?;
        (person, asked)
    };
    let unknown = || Problem::field("prospect_id", text("personne inconnue", "unknown person"));
    let id = person.ok_or_else(unknown)?;
    let person = call.store().survivor(call.ws(), &id).await?.ok_or_else(unknown)?;
    let status = asked.status.unwrap_or(MeetingStatus::Booked);
    let mut meeting = Meeting {
        workspace: call.ws().clone(),
        id: MeetingId::with(&person.id, &call.new_uuid().to_string()),
        prospect: person.id.clone(),
        account: person.enrolment.as_ref().map(|e| e.account.clone()),
        status,
        at: asked.at.flatten(),
        source: call.who.email.clone(),
        created_at: call.now,
        booked_at: None,
    };
    if meeting.counts() {
        meeting.booked_at = Some(call.now);
        stop_for(&call, &meeting).await?;
    }
    // Lost: the same request came before; its meeting stands.
    let made = call.store().create(&meeting).await?.won();
    let known = call.store().meeting(call.ws(), &meeting.id).await?.ok_or_else(Problem::not_found)?;
    if made {
        told(&call, &known, None).await?;
    }
    Reply::created(show(&known.item))
}

/// `PATCH /meetings/{id}` `{"status","at"}`.
pub async fn change(call: Call) -> Outcome {
    let asked = {
        let body = call.body()?;
        let asked = wanted(&body);
        body.finish()?;
        asked
    };
    let id = call.id(MeetingId::parse)?;
    for round in 0..WRITE_TRIES {
        let mut meeting = call.store().meeting(call.ws(), &id).await?.ok_or_else(Problem::not_found)?;
        let before = meeting.item.clone();
        meeting.status = asked.status.unwrap_or(meeting.status);
        meeting.at = asked.at.unwrap_or(meeting.at);
        if meeting.counts() && !before.counts() {
            meeting.booked_at = Some(call.now);
            // The person first: whatever ends in between, nothing more goes out to them.
            stop_for(&call, &meeting.item).await?;
        }
        if !settled(call.store().save(&mut meeting).await?, round)? {
            continue;
        }
        if before.counts() && !meeting.counts() {
            call_off(&call, &meeting).await?;
        }
        told(&call, &meeting, Some(&before)).await?;
        return Reply::ok(show(&meeting.item));
    }
    Err(Problem::busy())
}

/// A booked meeting is a human’s turn: the sequence ends, and what was on its way is cancelled.
async fn stop_for(call: &Call, meeting: &Meeting) -> Result<(), Problem> {
    messages::change_person(call, &meeting.prospect, |person| {
        person.contact.meeting_at = person.contact.meeting_at.max(Some(call.now));
        person.contact.revision += 1;
        person.in_review = false;
        if let Some(enrolment) = &mut person.enrolment
            && matches!(enrolment.status, EnrolmentStatus::Active | EnrolmentStatus::Paused)
        {
            enrolment.status = EnrolmentStatus::Stopped;
        }
    })
    .await?;
    let Some(person) = call.store().survivor(call.ws(), &meeting.prospect).await? else { return Ok(()) };
    let why = call.tongue.pick("un rendez-vous est pris", "a meeting is booked");
    suppressions::cancel_open(call, &person, why).await
}

/// Without another one that counts, the person has no meeting any more.
async fn call_off(call: &Call, meeting: &Meeting) -> Result<(), Problem> {
    let others = call.store().meetings_with(call.ws(), &meeting.prospect).await?;
    let last = others.iter().filter(|m| m.counts()).filter_map(|m| m.booked_at).max();
    messages::change_person(call, &meeting.prospect, |person| {
        person.contact.meeting_at = last;
        person.contact.revision += 1;
    })
    .await
}

/// The audit log, the bus where it was booked, and the gate.
async fn told(call: &Call, meeting: &Versioned<Meeting>, before: Option<&Meeting>) -> Result<(), Problem> {
    let action = if before.is_none() { "meeting.added" } else { "meeting.changed" };
    call.audit(action, Some(meeting.id.as_str()), json!({"status": meeting.status})).await?;
    if meeting.counts() && before.is_none_or(|before| !before.counts()) {
        let detail = json!({"workspace": call.ws(), "meeting": meeting.id, "prospect": meeting.prospect});
        // Nothing in the product waits for this event: a bus that is down stops nobody.
        if let Err(failure) = call.console.bus.put(vec![kit::Event { name: "MeetingBooked", detail }]).await {
            tracing::warn!(why = %failure, "bus.put_failed");
        }
    }
    people::start(call, Stage::Gate, std::slice::from_ref(&meeting.prospect), "meeting", false).await
}

fn show(meeting: &Meeting) -> Value {
    json!({
        "id": meeting.id, "prospect_id": meeting.prospect, "account_id": meeting.account, "status": meeting.status,
        "at": meeting.at, "source": meeting.source, "created_at": meeting.created_at, "booked_at": meeting.booked_at,
    })
}
