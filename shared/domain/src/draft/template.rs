//! A step's own template: fields in double braces, French or English, filled with neutralised values.

use super::Brief;
use super::clean::{neutral, plain_name};
use super::material::{Material, offered_slots};
use serde::{Deserialize, Serialize};

/// Longest value of a field, in UTF-16 units.
const VALUE_MAX: usize = 160;

/// The fields of a template; each has a French and an English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    FirstName,
    LastName,
    Company,
    Title,
    Post,
    Comment,
    Search,
    Pitch,
    Proof,
    Link,
    FirstSlot,
    SecondSlot,
    Sender,
    Signature,
}

impl Field {
    /// Every field with its names, the French one first.
    pub const NAMES: &'static [(Self, &'static str, &'static str)] = &[
        (Self::FirstName, "prenom", "first_name"),
        (Self::LastName, "nom", "last_name"),
        (Self::Company, "entreprise", "company"),
        (Self::Title, "poste", "title"),
        (Self::Post, "post", "post"),
        (Self::Comment, "commentaire", "comment"),
        (Self::Search, "recherche", "search"),
        (Self::Pitch, "offre", "pitch"),
        (Self::Proof, "preuve", "proof"),
        (Self::Link, "lien", "booking_url"),
        (Self::FirstSlot, "creneau_1", "slot_1"),
        (Self::SecondSlot, "creneau_2", "slot_2"),
        (Self::Sender, "expediteur", "sender"),
        (Self::Signature, "signature", "signature"),
    ];

    /// The field of a name in either language; accents, case and blanks around do not count.
    pub fn parse(name: &str) -> Option<Self> {
        let folded = crate::fold::fold(name.trim()).replace([' ', '-'], "_");
        Self::NAMES.iter().find(|(_, fr, en)| folded == *fr || folded == *en).map(|(field, _, _)| *field)
    }
}

/// The values of the fields, cleaned; a missing one is `None`.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<(Field, String)>);

impl Values {
    /// The values that a brief gives.
    pub fn of(brief: &Brief) -> Self {
        let clean = |text: &Option<String>| text.as_deref().and_then(|t| neutral(t, VALUE_MAX));
        let name = |text: &Option<String>| text.as_deref().and_then(plain_name);
        let material = Material::of(brief);
        let mut slots = offered_slots(brief).into_iter();
        let values = [
            (Field::FirstName, name(&brief.recipient.first_name)),
            (Field::LastName, name(&brief.recipient.last_name)),
            (Field::Company, clean(&brief.recipient.company)),
            (Field::Title, clean(&brief.recipient.title)),
            (Field::Post, clean(&brief.evidence.post_topic).or_else(|| clean(&brief.evidence.post_opening))),
            (Field::Comment, clean(&brief.evidence.comment)),
            (Field::Search, clean(&brief.evidence.search)),
            (Field::Pitch, clean(&brief.offer.pitch)),
            (Field::Proof, brief.offer.proofs.iter().find_map(|p| neutral(p, VALUE_MAX))),
            (Field::Link, material.link),
            (Field::FirstSlot, slots.next()),
            (Field::SecondSlot, slots.next()),
            (Field::Sender, name(&brief.sender.first_name)),
            (Field::Signature, clean(&brief.sender.signature)),
        ];
        Self(values.into_iter().filter_map(|(field, value)| Some((field, value?))).collect())
    }

    /// Sets one value; the text is taken as it is.
    pub fn with(mut self, field: Field, value: impl Into<String>) -> Self {
        self.0.retain(|(known, _)| *known != field);
        self.0.push((field, value.into()));
        self
    }

    fn get(&self, field: Field) -> Option<&str> {
        self.0.iter().find(|(known, value)| *known == field && !value.trim().is_empty()).map(|(_, value)| value.as_str())
    }
}

/// Why a field stays empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// No field has that name.
    UnknownField,
    /// The person has no such value.
    NoValue,
    /// Braces that are never closed.
    NotClosed,
}

/// A field that could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfilled {
    /// What stood between the braces.
    pub name: String,
    /// First byte of the field in the template.
    pub start: usize,
    pub lack: Lack,
}

/// `template` with every `{{field}}` replaced. A value is put in as it is: braces inside it are no field.
///
/// # Errors
/// All the fields without a value, in order; then nothing is filled. Source: docs/rules.md, “Drafts”.
pub fn fill(template: &str, values: &Values) -> Result<String, Vec<Unfilled>> {
    let (mut filled, mut missing) = (String::with_capacity(template.len()), Vec::new());
    let mut at = 0;
    while let Some(open) = template[at..].find("{{").map(|o| at + o) {
        filled.push_str(&template[at..open]);
        let Some(close) = template[open..].find("}}").map(|c| open + c) else {
            missing.push(Unfilled {
                name: template[open + 2..].trim().chars().take(40).collect(),
                start: open,
                lack: Lack::NotClosed,
            });
            at = template.len();
            break;
        };
        let name = template[open + 2..close].trim();
        match Field::parse(name).map(|field| values.get(field)) {
            Some(Some(value)) => filled.push_str(value),
            Some(None) => missing.push(Unfilled { name: name.to_owned(), start: open, lack: Lack::NoValue }),
            None => missing.push(Unfilled { name: name.to_owned(), start: open, lack: Lack::UnknownField }),
        }
        at = close + 2;
    }
    filled.push_str(&template[at..]);
    if missing.is_empty() { Ok(filled) } else { Err(missing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_or_named() {
        let values = Values::default().with(Field::FirstName, "Anne").with(Field::Company, "{{prenom}} SA");
        let fill = |t: &str| fill(t, &values).map_err(|e| e.into_iter().map(|u| (u.name, u.start, u.lack)).collect::<Vec<_>>());
        assert_eq!(fill("Bonjour {{prenom}}, {{ First_Name }} !"), Ok("Bonjour Anne, Anne !".to_owned()));
        assert_eq!(fill("Chez {{Entreprise}}"), Ok("Chez {{prenom}} SA".to_owned()));
        assert_eq!(
            fill("{{poste}} {{âge}}"),
            Err(vec![("poste".to_owned(), 0, Lack::NoValue), ("âge".to_owned(), 10, Lack::UnknownField)])
        );
        assert_eq!(fill("Bonjour {{prenom"), Err(vec![("prenom".to_owned(), 8, Lack::NotClosed)]));
        assert_eq!(fill("sans champ"), Ok("sans champ".to_owned()));
    }
}
