//! One person: as the API shows them, and what may be done with them.

use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::decisions;
use crate::import;
use crate::people;
use crate::problem::Problem;
use crate::review;
use crate::words::{Text, Tongue, text};
use domain::evidence::Manual;
use domain::ids::ProspectId;
use domain::prospect::{self, Standing};
use domain::vocabulary::{MeetingStatus, MessageStatus, ProspectState, ReasonCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::Versioned;
use store::batch::Stage;
use store::facts::signals;
use store::prospect::{Dossier, Overrule, Prospect, StoredAnalysis, StoredEngagement};

/// The most tags of a person.
const TAGS_MAX: usize = 50;

/// Where a person stands, from their head alone. Source: docs/rules.md, “State of a person”.
pub fn state(person: &Prospect) -> ProspectState {
    let stopped = [ReasonCode::Suppressed, ReasonCode::OptedOut, ReasonCode::Erased];
    let refused = person.decision.as_ref().is_some_and(|d| d.decision.reasons.iter().any(|r| stopped.contains(&r.code)));
    let contact = &person.contact;
    let mut messages = Vec::new();
    if contact.last_sent_at.is_some() || contact.sending.is_some() {
        messages.push(MessageStatus::Sent);
    }
    if person.in_review {
        messages.push(MessageStatus::PendingReview);
    }
    prospect::state(&Standing {
        suppressed: refused || contact.opted_out_at.is_some(),
        closed: contact.closed.is_some(),
        meetings: contact.meeting_at.map(|_| MeetingStatus::Booked).into_iter().collect(),
        replied: contact.last_reply_at.is_some(),
        connected: contact.connected || person.enrolment.as_ref().is_some_and(|e| e.accepted_at.is_some()),
        messages,
        analysed: person.summary.analysed_at.is_some(),
    })
}

/// A person as a list shows them: everything but engagements and messages.
pub fn show(person: &Prospect, tongue: Tongue, now: Timestamp) -> Value {
    let summary = &person.summary;
    let decision = person.decision.as_ref().map(|d| decisions::show(d, tongue));
    json!({
        "id": person.id,
        "name": person.name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "raw_name": person.raw_name,
        "profile_url": person.profile_url,
        "identities": person.keys,
        "headline": person.headline,
        "title": summary.title,
        "seniority": summary.seniority,
        "function": summary.function,
        "company": {
            "name": summary.company_name, "size": summary.company_size,
            "industry": summary.company_industry, "country": summary.company_country,
        },
        "degree": person.degree,
        "source": person.source,
        "sources": person.sources,
        "source_note": person.source_note,
        "state": state(person),
        "score": person.score,
        "upper_bound": person.upper_bound,
        "decision": decision,
        "decision_expired": person.decision.as_ref().is_some_and(|d| !d.decision.is_current(now)),
        "reading_failure": person.reading_failure,
        "analysed_at": summary.analysed_at,
        "manual": person.manual,
        "overrule": person.overrule,
        "signals": person.signals,
        "tags": person.tags,
        "notes": person.notes,
        "owner": person.owner,
        "last_contact_at": person.contact.last_sent_at,
        "last_reply_at": person.contact.last_reply_at,
        "created_at": person.created_at,
    })
}

fn show_engagement(stored: &StoredEngagement) -> Value {
    json!(stored.engagement)
}

/// A person with engagements and messages.
async fn whole(call: &Call, dossier: &Dossier) -> Result<Value, Problem> {
    let person = &dossier.prospect.item;
    let mut shown = show(person, call.tongue, call.now);
    shown["engagements"] = dossier.engagements.iter().map(show_engagement).collect();
    let messages = call.store().messages_of(person).await?;
    let messages: Vec<_> = messages.into_iter().map(|m| m.item).collect();
    shown["messages"] = json!(review::show_several(call, &messages).await?);
    shown["signals"] = signals(dossier).map(|signal| json!(signal)).collect();
    shown["analysis"] = json!(dossier.analysis.as_ref().map(|a| &a.analysis));
    shown["semantic"] = json!(dossier.analysis.as_ref().and_then(|a| show_opinion(a, call.tongue)));
    let replies = call.store().replies(call.ws(), &person.id).await?;
    shown["replies"] = replies
        .iter()
        .map(|r| json!({"text": r.text, "intent": r.intent, "sentiment": r.sentiment, "at": r.at, "account_id": r.account}))
        .collect();
    Ok(shown)
}

/// A language model’s opinion of the fit, and why there is none or only an older one.
fn show_opinion(stored: &StoredAnalysis, tongue: Tongue) -> Option<Value> {
    let failure = stored.opinion_failure.as_ref().map(|failure| {
        let said = opinion_failure(&failure.code);
        json!({"code": failure.code, "text": tongue.of(&said), "at": failure.at})
    });
    let opinion = stored.opinion.as_ref().map(|stored| &stored.opinion);
    (opinion.is_some() || failure.is_some()).then(|| json!({"opinion": opinion, "failure": failure}))
}

fn opinion_failure(code: &str) -> Text {
    match code {
        "budget_spent" => text(
            "Le budget d’IA du mois est dépensé\u{a0}: aucun nouvel avis n’a été demandé.",
            "This month’s AI budget is spent: no new opinion was asked for.",
        ),
        "refused" | "cut_short" | "off_schema" => text(
            "La réponse du modèle de langage était inutilisable\u{a0}: le profil est noté par les règles.",
            "The language model’s answer was unusable: the profile is scored by the rules.",
        ),
        "key_rejected" | "rejected" | "spend_limit" => text(
            "Le modèle de langage n’accepte pas nos questions\u{a0}: vérifiez sa clé, son nom et son crédit. Sans avis, les règles comptent.",
            "The language model does not take our questions: check its key, name and credit. Without an opinion the rules count.",
        ),
        _ => text(
            "Le modèle de langage n’a pas répondu\u{a0}: il sera interrogé de nouveau. Sans avis, les règles comptent.",
            "The language model did not answer: it will be asked again. Without an opinion the rules count.",
        ),
    }
}

async fn dossier(call: &Call, id: &ProspectId) -> Result<Dossier, Problem> {
    call.store().dossier(call.ws(), id).await?.ok_or_else(Problem::not_found)
}

/// The person of the path, or the one in whom they went up.
pub async fn survivor(call: &Call) -> Result<Versioned<Prospect>, Problem> {
    let id = call.id(ProspectId::parse)?;
    call.store().survivor(call.ws(), &id).await?.ok_or_else(Problem::not_found)
}

/// `GET /prospects/{id}`.
pub async fn read(call: Call) -> Outcome {
    let id = call.id(ProspectId::parse)?;
    let dossier = dossier(&call, &id).await?;
    Reply::ok(whole(&call, &dossier).await?)
}

/// `POST /prospects`: one person by hand; a known one is answered as they are.
pub async fn create(call: Call) -> Outcome {
    let row = import::row_of_request(&call)?;
    let intake = call.store().intake(call.ws(), &row, call.now).await?.ok_or_else(erased)?;
    let person = intake.prospect;
    people::start(&call, Stage::Score, std::slice::from_ref(&person.id), "added", false).await?;
    let shown = whole(&call, &dossier(&call, &person.id).await?).await?;
    if intake.created { Reply::created(shown) } else { Reply::ok(shown) }
}

fn erased() -> Problem {
    Problem::refused(text(
        "Cette personne a demandé l’effacement de ses données\u{a0}: elle ne peut plus être ajoutée.",
        "This person asked to be erased and cannot be added again.",
    ))
    .with("code", json!(ReasonCode::Erased))
}

/// `PATCH /prospects/{id}`: tags, notes, owner, the company’s own rating.
pub async fn change(call: Call) -> Outcome {
    let changes = Changes::of(&call)?;
    for round in 0..WRITE_TRIES {
        let mut person = survivor(&call).await?;
        changes.apply(&call, &mut person.item);
        if !settled(call.store().save(&mut person).await?, round)? {
            continue;
        }
        if changes.manual.is_some() {
            people::start(&call, Stage::Score, std::slice::from_ref(&person.id), "rated", false).await?;
            let detail = json!({"points": person.manual.as_ref().map(|m| m.points)});
            call.audit("prospect.rated", Some(person.id.as_str()), detail).await?;
        }
        let shown = whole(&call, &dossier(&call, &person.id).await?).await?;
        return Reply::ok(shown);
    }
    Err(Problem::busy())
}

/// What a PATCH asks for; the outer `None` is a field not named.
struct Changes {
    tags: Option<Vec<String>>,
    notes: Option<Option<String>>,
    owner: Option<Option<String>>,
    manual: Option<Option<(i16, String)>>,
}

impl Changes {
    fn of(call: &Call) -> Result<Self, Problem> {
        let body = call.body()?;
        let tags = body.has("tags").then(|| body.texts("tags", TAGS_MAX, 100).unwrap_or_default());
        let notes = body.has("notes").then(|| body.text("notes", 10_000));
        let owner = body.has("owner").then(|| body.text("owner", 320));
        let manual = body.has("manual").then(|| {
            let rating = body.nested("manual", &["points", "why"])?;
            let points = rating.whole("points", -20..=20);
            if points.is_none() && rating.value("points").is_none() {
                rating.fault("points", text("ce champ est obligatoire", "this field is required"));
            }
            let why = rating.required("why", 500)?;
            Some((i16::try_from(points?).ok()?, why))
        });
        body.finish()?;
        Ok(Self { tags, notes, owner, manual })
    }

    fn apply(&self, call: &Call, person: &mut Prospect) {
        if let Some(tags) = &self.tags {
            person.tags.clone_from(tags);
        }
        if let Some(notes) = &self.notes {
            person.notes.clone_from(notes);
        }
        if let Some(owner) = &self.owner {
            person.owner.clone_from(owner);
        }
        if let Some(manual) = &self.manual {
            person.manual = manual.as_ref().map(|(points, why)| Manual {
                points: *points,
                why: why.clone(),
                by: call.who.email.clone(),
                at: call.now,
            });
        }
    }
}

/// `POST /prospects/{id}/rescore`: again from what is known; with `force=true` the profile is read whatever it costs.
pub async fn rescore(call: Call) -> Outcome {
    let force = call.query.flag("force")?;
    for round in 0..WRITE_TRIES {
        let mut person = survivor(&call).await?;
        if force && !person.forced {
            person.forced = true;
            if !settled(call.store().save(&mut person).await?, round)? {
                continue;
            }
        }
        let id = person.item.id;
        return people::rescore(&call, std::slice::from_ref(&id), force).await;
    }
    Err(Problem::busy())
}

/// `POST /prospects/{id}/overrule`: lifts `below_threshold` and `below_min_fit` for one message, with a reason.
pub async fn overrule(call: Call) -> Outcome {
    let reason = {
        let body = call.body()?;
        let reason = body.required("reason", 2_000);
        body.finish()?;
        reason.unwrap_or_default()
    };
    for round in 0..WRITE_TRIES {
        let mut person = survivor(&call).await?;
        let liftable = person.decision.as_ref().is_some_and(|d| d.decision.may_be_overruled());
        if !liftable {
            return Err(Problem::conflict(not_liftable()).with("reasons", reasons_of(&person, call.tongue)));
        }
        let by = call.who.email.clone();
        person.overrule = Some(Overrule { reason: reason.clone(), by, at: call.now, used_for: None });
        if !settled(call.store().save(&mut person).await?, round)? {
            continue;
        }
        call.audit("prospect.overruled", Some(person.id.as_str()), json!({"reason": reason})).await?;
        people::start(&call, Stage::Gate, std::slice::from_ref(&person.id), "overrule", false).await?;
        let shown = whole(&call, &dossier(&call, &person.id).await?).await?;
        return Reply::ok(shown);
    }
    Err(Problem::busy())
}

fn not_liftable() -> Text {
    text(
        "Seuls «\u{a0}sous le seuil\u{a0}» et «\u{a0}trop loin du client idéal\u{a0}» peuvent être levés, et rien d’autre ne doit s’y opposer.",
        "Only “below the threshold” and “below the minimum fit” can be lifted, and nothing else may stand against it.",
    )
}

fn reasons_of(person: &Prospect, tongue: Tongue) -> Value {
    let reasons = person.decision.as_ref().map(|d| d.decision.reasons.as_slice()).unwrap_or_default();
    decisions::show_reasons(reasons, tongue)
}
