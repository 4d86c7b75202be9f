//! News about people and companies, told over the API.

use crate::call::{Call, Outcome, Reply, WRITE_TRIES};
use crate::exclusions::company_key;
use crate::people;
use crate::problem::Problem;
use crate::words::text;
use domain::evidence::Signal;
use domain::ids::{ProspectId, SignalId};
use domain::vocabulary::SignalKind;
use serde_json::json;
use store::Versioned;
use store::batch::Stage;
use store::facts::company_name_key;
use store::prospect::Prospect;

/// The most signals kept with a person, newest last.
const SIGNALS_MAX: usize = 50;

/// Whom a signal is about.
enum About {
    Person(ProspectId),
    Keys(Vec<domain::identity::Key>),
    Company(String),
}

/// `POST /signals`: about a person, or about everybody at a company.
pub async fn create(call: Call) -> Outcome {
    let kinds: Vec<&str> = SignalKind::ALL.iter().map(|k| k.as_str()).collect();
    let (signal, about) = {
        let body = call.body()?;
        body.required("kind", 50);
        let kind = body.word("kind", SignalKind::parse, &kinds);
        let at = body.instant("at").unwrap_or(call.now);
        if at > call.now {
            body.fault("at", text("cette date est à venir", "this time is still to come"));
        }
        let company = body.text("company", 500);
        let person = body.id("prospect_id", ProspectId::parse);
        let keys =
            domain::identity::keys_of(body.text("profile_url", 2_000).as_deref(), None, body.text("email", 320).as_deref());
        let about = match (person, keys.is_empty(), company.as_deref().and_then(company_key)) {
            (Some(id), _, _) => Some(About::Person(id)),
            (None, false, _) => Some(About::Keys(keys)),
            (None, true, Some(key)) => Some(About::Company(key)),
            (None, true, None) => None,
        };
        if about.is_none() {
            body.fault(
                "prospect_id",
                text("dites de qui il s’agit\u{a0}: personne ou entreprise", "say whom it is about: a person or a company"),
            );
        }
        let source = body.text("source", 100).unwrap_or_else(|| "api".to_owned());
        body.finish()?;
        let id = SignalId::from_uuid(call.new_uuid()).to_string();
        (kind.map(|kind| Signal { id, kind, company, at, source }), about)
    };
    let (Some(signal), Some(about)) = (signal, about) else { return Err(Problem::not_found()) };
    let people = people_meant(&call, about).await?;
    let mut told = Vec::new();
    for person in people {
        told.push(tell(&call, person, &signal).await?);
    }
    people::start(&call, Stage::Score, &told, "signal", false).await?;
    Reply::created(json!({
        "id": signal.id, "kind": signal.kind, "company": signal.company, "at": signal.at, "source": signal.source,
        "prospects": told,
    }))
}

async fn people_meant(call: &Call, about: About) -> Result<Vec<Versioned<Prospect>>, Problem> {
    match about {
        About::Person(id) => {
            let unknown = || Problem::field("prospect_id", text("personne inconnue", "unknown person"));
            Ok(vec![call.store().survivor(call.ws(), &id).await?.ok_or_else(unknown)?])
        }
        About::Keys(keys) => {
            let found = call.store().identities(call.ws(), &keys).await?;
            let pointer = found.first().ok_or_else(Problem::not_found)?;
            let person = call.store().survivor(call.ws(), &pointer.prospect).await?;
            Ok(vec![person.ok_or_else(Problem::not_found)?])
        }
        About::Company(key) => {
            let mut people = people::everybody(call, None).await?;
            people.retain(|p| {
                let summary = &p.summary;
                summary.company_keys.contains(&key)
                    || summary.company_name.as_deref().map(company_name_key).as_ref() == Some(&key)
            });
            Ok(people)
        }
    }
}

async fn tell(call: &Call, mut person: Versioned<Prospect>, signal: &Signal) -> Result<ProspectId, Problem> {
    for _ in 0..WRITE_TRIES {
        if person.signals.iter().any(|s| s.id == signal.id) {
            return Ok(person.item.id);
        }
        person.signals.push(signal.clone());
        let surplus = person.signals.len().saturating_sub(SIGNALS_MAX);
        person.signals.drain(..surplus);
        if call.store().save(&mut person).await?.won() {
            return Ok(person.item.id);
        }
        let id = person.item.id.clone();
        person = call.store().survivor(call.ws(), &id).await?.ok_or_else(Problem::not_found)?;
    }
    Err(Problem::busy())
}
