//! The black list: who is never contacted, and stopping what was already on its way.

use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::exclusions::company_key;
use crate::import;
use crate::people;
use crate::problem::Problem;
use crate::words::text;
use domain::identity;
use domain::ids::{JobId, ProspectId, SuppressionId};
use domain::message::{Event, transition};
use domain::vocabulary::SuppressionKind;
use serde_json::{Value, json};
use store::batch::Stage;
use store::facts::suppression_candidates;
use store::prospect::Prospect;
use store::settings::Background;
use store::suppression::{ERASURE, Suppression};
use store::{Transacted, Versioned, Walk, keys};

/// The most rows of one import.
const ROWS_MAX: usize = 10_000;
/// The most entries looked through for an id.
const LOOK_MAX: usize = 20_000;

fn kinds() -> Vec<&'static str> {
    SuppressionKind::ALL.iter().map(|k| k.as_str()).collect()
}

/// What people are compared with; `None` when the value is none of its kind.
pub fn matched(kind: SuppressionKind, raw: &str) -> Option<String> {
    match kind {
        SuppressionKind::Prospect => ProspectId::parse(raw).map(|id| id.to_string()),
        SuppressionKind::ProfileUrl => identity::slug_key(raw).map(|key| key.storage()),
        SuppressionKind::Email => identity::email(raw),
        SuppressionKind::Phone => phone(raw),
        SuppressionKind::Domain => domain(raw),
        SuppressionKind::Company => company_key(raw),
    }
}

/// Digits with a leading plus where it was given; `00` counts as one.
fn phone(raw: &str) -> Option<String> {
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    let international = raw.trim_start().starts_with('+') || digits.starts_with("00");
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    let fine = (6..=15).contains(&digits.len());
    fine.then(|| if international { format!("+{digits}") } else { digits.to_owned() })
}

/// A registrable domain; for shared and free-mail domains the host itself.
fn domain(raw: &str) -> Option<String> {
    domain::analysis::registrable_domain(raw).or_else(|| {
        let host = raw.trim().trim_start_matches('@').to_lowercase();
        let plain = host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        plain.then_some(host)
    })
}

/// `GET /suppressions`: newest first.
pub async fn list(call: Call) -> Outcome {
    let list = keys::suppressions_list(call.ws());
    let page = call.store().suppressions(call.ws(), call.walk(&list)?).await?;
    Reply::page(&list, &page, |s| show(&s.item))
}

/// `POST /suppressions`: from the answer on, no send to whoever matches is claimed.
pub async fn create(call: Call) -> Outcome {
    let (kind, value, reason) = {
        let body = call.body()?;
        body.required("kind", 50);
        let kind = body.word("kind", SuppressionKind::parse, &kinds());
        let value = body.required("value", 2_000);
        let reason = body.text("reason", 2_000);
        body.finish()?;
        (kind.unwrap_or(SuppressionKind::Email), value.unwrap_or_default(), reason)
    };
    let unreadable = || Problem::field("value", text("valeur illisible pour ce genre d’entrée", "not a value of this kind"));
    let matched = matched(kind, &value).ok_or_else(unreadable)?;
    if kind == SuppressionKind::Prospect {
        let id = ProspectId::parse(&matched).ok_or_else(unreadable)?;
        let unknown = || Problem::field("value", text("personne inconnue", "unknown person"));
        call.store().prospect(call.ws(), &id).await?.ok_or_else(unknown)?;
    }
    if let Some(erased) = call.store().erased_entry(call.ws(), kind, &matched).await? {
        // They are on the list already, as a hash: their address must not come back with it.
        return Reply::ok(show(&erased));
    }
    let entry = new_entry(&call, kind, value, matched, reason, "member");
    let added = add(&call, &entry).await?;
    let known = call.store().suppressions_of(call.ws(), &[(kind, entry.matched.clone())]).await?;
    let shown = known.first().map_or_else(|| show(&entry), show);
    if added {
        stop(&call, std::slice::from_ref(&entry)).await?;
        Reply::created(shown)
    } else {
        Reply::ok(shown)
    }
}

fn new_entry(
    call: &Call,
    kind: SuppressionKind,
    value: String,
    matched: String,
    reason: Option<String>,
    source: &str,
) -> Suppression {
    Suppression {
        workspace: call.ws().clone(),
        id: SuppressionId::derive(&[call.ws().as_str(), kind.as_str(), &matched]),
        kind,
        value,
        matched,
        reason,
        source: source.to_owned(),
        opted_out: false,
        created_at: call.now,
    }
}

/// Writes an entry and raises the epoch; false when it was there already.
async fn add(call: &Call, entry: &Suppression) -> Result<bool, Problem> {
    for _ in 0..WRITE_TRIES {
        match call.store().suppress(entry).await? {
            Transacted::Won => {
                call.audit("suppression.added", Some(entry.id.as_str()), json!({"kind": entry.kind})).await?;
                return Ok(true);
            }
            Transacted::Lost(places) if places.contains(&0) => return Ok(false),
            // Only the epoch was in use: others suppress at the same moment.
            Transacted::Lost(_) => {}
        }
    }
    Err(Problem::busy())
}

/// Cancels what was on its way to those who match, and has them decided anew.
async fn stop(call: &Call, entries: &[Suppression]) -> Result<(), Problem> {
    let mut ids = Vec::new();
    for person in matching(call, entries).await? {
        cancel_open(call, &person, call.tongue.pick("sur la liste noire", "on the black list")).await?;
        ids.push(person.item.id);
    }
    people::start(call, Stage::Gate, &ids, "suppression", false).await
}

/// The known people whom the entries match.
async fn matching(call: &Call, entries: &[Suppression]) -> Result<Vec<Versioned<Prospect>>, Problem> {
    let mut people = Vec::new();
    let mut wide = Vec::new();
    for entry in entries {
        let direct = match entry.kind {
            SuppressionKind::Prospect => ProspectId::parse(&entry.matched),
            SuppressionKind::ProfileUrl => holder(call, identity::Key::from_storage(&entry.matched)).await?,
            SuppressionKind::Email => holder(call, Some(identity::Key::new(identity::Kind::Email, &entry.matched))).await?,
            SuppressionKind::Phone | SuppressionKind::Domain | SuppressionKind::Company => {
                wide.push((entry.kind, entry.matched.clone()));
                None
            }
        };
        if let Some(id) = direct {
            people.extend(call.store().survivor(call.ws(), &id).await?);
        }
    }
    if !wide.is_empty() {
        let everybody = people::everybody(call, None).await?;
        people.extend(everybody.into_iter().filter(|p| suppression_candidates(p).iter().any(|c| wide.contains(c))));
    }
    people.sort_by(|a, b| a.id.cmp(&b.id));
    people.dedup_by(|a, b| a.id == b.id);
    Ok(people)
}

async fn holder(call: &Call, key: Option<identity::Key>) -> Result<Option<ProspectId>, Problem> {
    let Some(key) = key else { return Ok(None) };
    let found = call.store().identities(call.ws(), std::slice::from_ref(&key)).await?;
    Ok(found.into_iter().next().map(|p| p.prospect))
}

/// Cancels every message to a person that may still go out.
pub async fn cancel_open(call: &Call, person: &Prospect, why: &str) -> Result<(), Problem> {
    for mut message in call.store().messages_of(person).await? {
        for round in 0..WRITE_TRIES {
            let Ok(cancelled) = transition(message.status, Event::Cancel) else { break };
            message.status = cancelled;
            message.failure = Some(why.to_owned());
            if settled(call.store().save(&mut message).await?, round)? {
                break;
            }
            let id = message.id.clone();
            message = call.store().message(call.ws(), &id).await?.ok_or_else(Problem::not_found)?;
        }
    }
    Ok(())
}

/// `DELETE /suppressions/{id}`.
pub async fn delete(call: Call) -> Outcome {
    let id = call.id(SuppressionId::parse)?;
    let entry = find(&call, &id).await?;
    if entry.source == ERASURE {
        return Err(Problem::conflict(text(
            "Cette entrée vient d’un effacement\u{a0}: elle ne peut pas être retirée.",
            "This entry comes from an erasure: it cannot be removed.",
        )));
    }
    for _ in 0..WRITE_TRIES {
        if call.store().unsuppress(&entry).await? == Transacted::Won {
            call.audit("suppression.removed", Some(id.as_str()), json!({"kind": entry.kind})).await?;
            people::decide(&call, &matching(&call, std::slice::from_ref(&entry)).await?, "suppression").await?;
            return Reply::gone();
        }
    }
    Err(Problem::busy())
}

/// The entry of an id: it is not in the key, so the list is looked through.
async fn find(call: &Call, id: &SuppressionId) -> Result<Suppression, Problem> {
    let mut start = None;
    let mut looked = 0;
    while looked < LOOK_MAX {
        let page = call.store().suppressions(call.ws(), Walk { descending: true, limit: 500, start }).await?;
        looked += page.items.len();
        if let Some(found) = page.items.into_iter().find(|s| s.id == *id) {
            return Ok(found.item);
        }
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    Err(Problem::not_found())
}

/// `POST /suppressions/import`: a table with `kind` and `value`, or JSON `{"items":[…]}`.
pub async fn import(call: Call) -> Outcome {
    let rows = rows(&call)?;
    let mut accepted = Vec::new();
    let mut known = 0_u64;
    let mut rejected = Vec::new();
    for (place, (kind, value, reason)) in rows.into_iter().enumerate() {
        let kind = SuppressionKind::parse(&kind).or_else(|| guess(&value));
        let read = kind.and_then(|kind| Some((kind, matched(kind, &value)?)));
        let Some((kind, matched)) = read else {
            rejected.push(json!({"row": place + 1, "reason": "unreadable"}));
            continue;
        };
        if call.store().erased_entry(call.ws(), kind, &matched).await?.is_some() {
            known += 1;
            continue;
        }
        let entry = new_entry(&call, kind, value, matched, reason, "import");
        if add(&call, &entry).await? { accepted.push(entry) } else { known += 1 }
    }
    stop(&call, &accepted).await?;
    let total = accepted.len() as u64 + known + rejected.len() as u64;
    let job = Background {
        status: "done".to_owned(),
        done: total,
        result: json!({"accepted": accepted.len(), "merged": known, "rejected": rejected}),
        ..Background::begun(call.ws(), &JobId::from_uuid(call.new_uuid()), "suppressions_import", total, call.now)
    };
    // Lost: the same import came before; its result stands.
    let _known = call.store().create(&job).await?;
    Reply::accepted(&job.id)
}

type ImportRow = (String, String, Option<String>);

fn rows(call: &Call) -> Result<Vec<ImportRow>, Problem> {
    if let Some(table) = &call.table {
        let table = import::table(table)?;
        let column = |names: &[&str]| table.headers.iter().position(|h| names.contains(&domain::fold::fold(h).trim()));
        let (kind, value, reason) = (
            column(&["kind", "genre", "type"]),
            column(&["value", "valeur", "email", "e-mail"]),
            column(&["reason", "raison", "motif"]),
        );
        let cell =
            |row: &[String], at: Option<usize>| at.and_then(|n| row.get(n)).map(|c| c.trim().to_owned()).unwrap_or_default();
        let read = |row: &Vec<String>| {
            let value = if value.is_some() { cell(row, value) } else { cell(row, Some(0)) };
            (cell(row, kind), value, Some(cell(row, reason)).filter(|r| !r.is_empty()))
        };
        if table.rows.len() > ROWS_MAX {
            // Said, not cut off: whoever is left out would be written to.
            return Err(Problem::field(
                "items",
                text(
                    format!("{} lignes, {ROWS_MAX} au plus à la fois\u{a0}: partagez le fichier", table.rows.len()),
                    format!("{} rows, {ROWS_MAX} at most at a time: split the file", table.rows.len()),
                ),
            ));
        }
        return Ok(table.rows.iter().map(read).collect());
    }
    let body = call.body()?;
    if body.value("items").is_none() {
        body.fault("items", text("ce champ est obligatoire", "this field is required"));
    }
    let items = body.objects("items", &["kind", "value", "reason"], ROWS_MAX).unwrap_or_default();
    let read = |item: &crate::read::Fields<'_>| {
        let plain = |name| item.text(name, 2_000).unwrap_or_default();
        (plain("kind"), plain("value"), item.text("reason", 2_000))
    };
    let rows = items.iter().map(read).collect();
    body.finish()?;
    Ok(rows)
}

/// The kind of a value that comes without one.
fn guess(value: &str) -> Option<SuppressionKind> {
    if identity::email(value).is_some() {
        Some(SuppressionKind::Email)
    } else if identity::address_key(value).is_some() {
        Some(SuppressionKind::ProfileUrl)
    } else if domain::analysis::registrable_domain(value).is_some() {
        Some(SuppressionKind::Domain)
    } else {
        None
    }
}

fn show(entry: &Suppression) -> Value {
    json!({
        "id": entry.id, "kind": entry.kind, "value": entry.value, "reason": entry.reason, "source": entry.source,
        "opted_out": entry.opted_out, "created_at": entry.created_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: SuppressionKind, raw: &str, expected: Option<&str>) {
        assert_eq!(matched(kind, raw).as_deref(), expected, "{raw}");
    }

    #[test]
    fn every_spelling_comes_to_one_form() {
        check(SuppressionKind::ProfileUrl, "https://fr.linkedin.com/in/Ada-Lambert/?x=1", Some("slug#ada-lambert"));
        check(SuppressionKind::ProfileUrl, "ada-lambert", Some("slug#ada-lambert"));
        check(SuppressionKind::Email, " Ada@Lambert.Example ", Some("ada@lambert.example"));
        check(SuppressionKind::Phone, "+33 6 12 34 56 78", Some("+33612345678"));
        check(SuppressionKind::Phone, "0033 6 12 34 56 78", Some("+33612345678"));
        check(SuppressionKind::Phone, "12", None);
        check(SuppressionKind::Domain, "https://www.rival.example/x", Some("rival.example"));
        check(SuppressionKind::Domain, "gmail.com", Some("gmail.com"));
        check(SuppressionKind::Company, "https://linkedin.com/company/rival", Some("id:rival"));
        check(SuppressionKind::Prospect, "nobody", None);
    }
}
