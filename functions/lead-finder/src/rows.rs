//! From a waiting row to a person, or to the reason why it makes none.

use crate::LeadFinder;
use domain::identity::Key;
use domain::ids::ProspectId;
use domain::vocabulary::{DropCode, ReasonCode};
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use kit::Failure;
use serde_json::{Value, json};
use std::collections::HashSet;
use store::door::{AtTheDoor, ERASED, already};
use store::facts::Office;
use store::run::{RowOutcome, Run, Subject, WaitingRow};

/// Rows that are taken in at the same time.
const SIDE_BY_SIDE: usize = 16;

/// What a portion came to.
pub(crate) struct TakenIn {
    /// What became of each row, in order.
    pub rows: Vec<RowOutcome>,
    /// The people of these rows, each once.
    pub people: Vec<ProspectId>,
}

impl LeadFinder {
    /// Takes in the rows of a portion.
    pub(crate) async fn take_in(&self, run: &Run, office: &Office, rows: &[WaitingRow]) -> Result<TakenIn, Failure> {
        let now = self.clock.now();
        let keys: Vec<Key> = rows.iter().flat_map(|waiting| waiting.row.keys.clone()).collect();
        let erased = self.store.erased_among(&run.workspace, &keys).await.map_err(Failure::soon)?;
        // Rows without a key in common cannot meet: they are taken in side by side. A row that shares a key with one
        // before it waits for that one.
        let mut seen = HashSet::new();
        let (first, again): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|place| {
            let keys: Vec<bool> = rows[*place].row.keys.iter().map(|key| seen.insert(key)).collect();
            keys.into_iter().all(|new| new)
        });
        let take = |place: usize| {
            let (waiting, erased) = (&rows[place], &erased);
            async move {
                // Before anything else is said of the row: nothing of it may be kept.
                let known = waiting.row.keys.iter().any(|key| erased.contains(key));
                let taken = match known {
                    true => Ok(refused(waiting, ReasonCode::Erased.as_str())),
                    false => self.take_in_one(run, office, waiting, now).await,
                };
                (place, taken)
            }
        };
        let mut taken: Vec<_> = stream::iter(first.into_iter().map(take)).buffer_unordered(SIDE_BY_SIDE).collect().await;
        for place in again {
            taken.push(take(place).await);
        }
        taken.sort_by_key(|(place, _)| *place);
        let rows = taken.into_iter().map(|(_, outcome)| outcome).collect::<Result<Vec<_>, _>>()?;
        let mut people = Vec::new();
        for row in &rows {
            if let RowOutcome::Created { prospect } | RowOutcome::Merged { prospect } = row
                && !people.contains(prospect)
            {
                people.push(prospect.clone());
            }
        }
        Ok(TakenIn { rows, people })
    }

    async fn take_in_one(&self, run: &Run, office: &Office, waiting: &WaitingRow, now: Timestamp) -> Result<RowOutcome, Failure> {
        let row = &waiting.row;
        if let Some(reason) = &waiting.refusal {
            return Ok(refused(waiting, reason));
        }
        // Whom somebody brings in by hand is not kept out: the gate says of each what stands against them.
        if run.subject == Subject::Search {
            let who = AtTheDoor {
                keys: &row.keys,
                name: row.name.as_deref(),
                headline: row.headline.as_deref(),
                profile_url: row.profile_url.as_deref(),
                company: row.company.as_deref(),
            };
            if let Some((code, text)) = office.keeps_out(who, run) {
                return Ok(dropped(waiting, code, text));
            }
        }
        let known = self.store.known_to(run, &row.keys).await.map_err(Failure::soon)?;
        if let Some(text) = known.as_ref().and_then(|person| already(person, run)) {
            return Ok(dropped(waiting, DropCode::Filtered, text));
        }
        let Some(intake) = self.store.intake(&run.workspace, row, now).await.map_err(Failure::soon)? else {
            return Ok(refused(waiting, ReasonCode::Erased.as_str()));
        };
        let prospect = intake.prospect.id.clone();
        Ok(if intake.created { RowOutcome::Created { prospect } } else { RowOutcome::Merged { prospect } })
    }
}

fn dropped(waiting: &WaitingRow, code: DropCode, text: &str) -> RowOutcome {
    let row = &waiting.row;
    let shown = json!({
        "row": waiting.number, "name": row.name, "headline": row.headline, "profile_url": row.profile_url,
        "company": row.company, "location": row.location,
    });
    RowOutcome::Dropped { code, text: text.to_owned(), row: shown }
}

/// A row that makes no person, with the reason's own code beside the text.
fn refused(waiting: &WaitingRow, reason: &str) -> RowOutcome {
    let (code, text) = why(reason);
    let mut row = json!({ "row": waiting.number, "reason": reason });
    if reason != ReasonCode::Erased.as_str() {
        let person = &waiting.row;
        let said = [("name", &person.name), ("title", &person.title), ("company", &person.company)];
        for (field, text) in said {
            if let Some(text) = text {
                row[field] = Value::from(text.as_str());
            }
        }
    }
    RowOutcome::Dropped { code, text: text.to_owned(), row }
}

/// The reasons of a file's rows, in the words of a collection.
fn why(reason: &str) -> (DropCode, &'static str) {
    match reason {
        "erased" => (DropCode::Filtered, ERASED),
        "company_url" => (DropCode::CompanyPage, "L’adresse est celle d’une entreprise, pas d’une personne."),
        "sales_navigator_url" => {
            (DropCode::NoProfileUrl, "L’adresse vient de Sales Navigator\u{a0}: prenez celle du profil (linkedin.com/in/…).")
        }
        "search_url" => (DropCode::NoProfileUrl, "L’adresse est celle d’une recherche, pas d’un profil."),
        "bad_profile_url" => (DropCode::NoProfileUrl, "L’adresse de profil ne se lit pas."),
        "bad_email" => (DropCode::NoProfileUrl, "L’adresse e-mail ne se lit pas."),
        "empty_row" => (DropCode::NoProfileUrl, "La ligne est vide."),
        "column_count" => (DropCode::NoProfileUrl, "La ligne a plus de cellules que l’en-tête."),
        "repeated_header" => (DropCode::NoProfileUrl, "La ligne répète l’en-tête."),
        _ => (DropCode::NoProfileUrl, "Ni profil LinkedIn ni e-mail personnel."),
    }
}
