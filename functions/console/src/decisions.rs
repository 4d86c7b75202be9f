//! What the gate said, and what it would say.

use crate::call::{Call, Outcome, Reply};
use crate::people;
use crate::person;
use crate::problem::Problem;
use crate::words::{Tongue, text};
use domain::gate::Reason;
use domain::ids::ProspectId;
use domain::preview::{self, Outcome as PastOutcome, Person};
use domain::thresholds;
use domain::vocabulary::{LeadSource, Verdict};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use store::account::Account;
use store::keys;
use store::prospect::{Prospect, StoredDecision};

/// How many people's messages are read at a time.
const READS_AT_ONCE: usize = 16;

/// A decision as the API shows it.
pub fn show(stored: &StoredDecision, tongue: Tongue) -> Value {
    let decision = &stored.decision;
    json!({
        "id": stored.id,
        "verdict": decision.verdict,
        "threshold": decision.threshold,
        "score": decision.score,
        "fit": decision.fit,
        "upper_bound": decision.upper_bound,
        "model_version": decision.model_version,
        "reasons": show_reasons(&decision.reasons, tongue),
        "route": decision.route,
        "decided_at": decision.decided_at,
        "expires_at": decision.expires_at,
        "asked_by": decision.asked_by,
        "overrule": decision.overrule,
    })
}

/// Reasons with their sentence.
pub fn show_reasons(reasons: &[Reason], tongue: Tongue) -> Value {
    let show = |r: &Reason| json!({"code": r.code, "text": tongue.pick(&r.text_fr, &r.text_en), "until": r.until});
    reasons.iter().map(show).collect()
}

/// `GET /decisions?prospect_id=`: of one person all of them, newest first; else the present one of everybody.
pub async fn list(call: Call) -> Outcome {
    match call.query.id("prospect_id", ProspectId::parse)? {
        Some(id) => of_person(&call, &id).await,
        None => of_everybody(&call).await,
    }
}

async fn of_person(call: &Call, id: &ProspectId) -> Outcome {
    let person = call.store().survivor(call.ws(), id).await?.ok_or_else(Problem::not_found)?;
    let mut known: Vec<StoredDecision> = person.decision.iter().cloned().collect();
    let mut past = call.store().past_decisions(call.ws(), &person.id).await?;
    for gone in &person.aliases {
        past.extend(call.store().past_decisions(call.ws(), gone).await?);
    }
    past.sort_by_key(|d| std::cmp::Reverse(d.decision.decided_at));
    known.extend(past.into_iter().filter(|d| person.decision.as_ref().is_none_or(|now| now.id != d.id)));
    Reply::slice(call, person.id.as_str(), known.iter().map(|d| of(d, &person, call.tongue)))
}

fn of(stored: &StoredDecision, person: &Prospect, tongue: Tongue) -> Value {
    let mut shown = show(stored, tongue);
    shown["prospect_id"] = json!(person.id);
    shown
}

async fn of_everybody(call: &Call) -> Outcome {
    let list = keys::people_list(call.ws());
    let walk = call.walk(&list)?;
    let page = call.store().people(call.ws(), None, walk).await?;
    let tongue = call.tongue;
    Reply::page(&list, &page, |p| p.decision.as_ref().map(|d| of(d, &p.item, tongue)).unwrap_or_default())
}

/// `GET /gate/refused-yet-replied`: whom the gate refused and who wrote all the same.
pub async fn refused_yet_replied(call: Call) -> Outcome {
    let mut items = Vec::new();
    for person in people::everybody(&call, None).await? {
        let Some(replied_at) = person.contact.last_reply_at else { continue };
        if person.contact.last_sent_at.is_some_and(|sent| sent < replied_at) {
            continue;
        }
        // The reply itself refuses from then on: what counts is what the gate said before it.
        let past = call.store().past_decisions(call.ws(), &person.id).await?;
        let before = past.iter().find(|d| d.decision.decided_at < replied_at);
        if before.is_some_and(|d| d.decision.verdict == Verdict::Refuse) {
            items.push(person);
        }
    }
    Reply::slice(&call, "all", items.iter().map(|p| person::show(&p.item, call.tongue, call.now)))
}

/// `GET /gate/preview`: for any line, who would pass of those known today, and what it would have kept of the past.
pub async fn would_pass(call: Call) -> Outcome {
    let sources: Vec<&str> = LeadSource::ALL.iter().map(|s| s.as_str()).collect();
    let source = call.query.word("source", LeadSource::parse, &sources)?;
    let asked = call.query.whole("threshold", 0..=100)?.and_then(|n| u8::try_from(n).ok());
    let settings = call.workspace().await?.item.settings;
    let line = asked.or_else(|| source.map_or(settings.threshold, |s| thresholds::line(&settings, s)));
    let unset = || Problem::query("threshold", text("fixez un seuil, ou donnez-en un ici", "set a threshold, or give one here"));
    let line = line.ok_or_else(unset)?;
    let known = people::everybody(&call, None).await?;
    let read = stream::iter(known).map(|person| person_of(&call, person.item)).buffered(READS_AT_ONCE);
    let people: Vec<(Person, Vec<LeadSource>)> = read.try_collect().await?;
    let accounts = call.store().accounts(call.ws()).await?;
    let slots: f64 = accounts.iter().filter(|a| !a.is_paused(call.now)).map(|a| slots_per_day(a, call.now)).sum();
    let of = |source: Option<LeadSource>, line| {
        let own = people.iter().filter(|(_, sources)| source.is_none_or(|s| sources.contains(&s)));
        let own: Vec<&Person> = own.map(|(person, _)| person).collect();
        preview::preview(own.iter().copied(), line, source, &settings.weights, slots)
    };
    let mut answer = json!(of(source, line));
    if source.is_none() {
        let own_line = |s: LeadSource| asked.or_else(|| thresholds::line(&settings, s));
        let each = LeadSource::ALL.iter().filter_map(|s| Some(of(Some(*s), own_line(*s)?)));
        answer["by_source"] = each.filter(|preview| preview.total > 0).map(|preview| json!(preview)).collect();
    }
    Reply::ok(answer)
}

async fn person_of(call: &Call, person: Prospect) -> Result<(Person, Vec<LeadSource>), Problem> {
    let decision = person.decision.as_ref().map(|d| &d.decision);
    let counted = Person {
        score: person.score.as_ref().map(|s| s.value),
        upper_bound: person.upper_bound.or_else(|| decision.and_then(|d| d.upper_bound)),
        reasons: decision.map(|d| d.reasons.iter().map(|r| r.code).collect()).unwrap_or_default(),
        past: past_of(call, &person).await?,
    };
    Ok((counted, person.sources))
}

/// What became of a person who was contacted, with the score of the message that was sent first.
async fn past_of(call: &Call, person: &Prospect) -> Result<Option<PastOutcome>, Problem> {
    if person.contact.last_sent_at.is_none() {
        return Ok(None);
    }
    let messages = call.store().messages_of(person).await?;
    let first = messages.iter().filter_map(|m| Some((m.sent_at?, m))).min_by_key(|(at, _)| *at);
    Ok(Some(PastOutcome {
        score: first.map(|(_, message)| message.score),
        replied: person.contact.last_reply_at.is_some(),
        meeting: person.contact.meeting_at.is_some(),
    }))
}

/// Invitations an account may begin per day of the calendar, under its caps of day and week.
fn slots_per_day(account: &Account, now: jiff::Timestamp) -> f64 {
    let limits = account.limits_at(now);
    let days = f64::from(u32::try_from(limits.days.len()).unwrap_or(7));
    (f64::from(limits.invitations_per_day) * days).min(f64::from(limits.invitations_per_week)) / 7.0
}
