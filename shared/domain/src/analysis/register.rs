//! Register: what a register of companies says of the employer, and when a name in it is the same company's.

use super::Company;
use crate::fold::fold;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An entry of a register, kept with the company as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// The register's name, such as `Pappers`.
    pub register: String,
    /// In France the SIREN.
    pub number: String,
    #[serde(default)]
    pub name: Option<String>,
    /// The register's code of the trade, such as `62.01Z`.
    #[serde(default)]
    pub trade_code: Option<String>,
    #[serde(default)]
    pub trade: Option<String>,
    /// Employees.
    #[serde(default)]
    pub size_min: Option<u32>,
    /// `None` beside a minimum: open upwards.
    #[serde(default)]
    pub size_max: Option<u32>,
    /// Whether the company objects to commercial use of its data; `None` where the register does not say.
    #[serde(default)]
    pub objects_to_commercial_use: Option<bool>,
    /// A source of the register did not answer: something may be absent.
    #[serde(default)]
    pub partial: bool,
    pub read_at: Timestamp,
}

impl Company {
    /// Takes over what a register says: size and industry where none is known, and the entry itself in any case.
    ///
    /// Source: docs/rules.md, “Registers”.
    pub fn fill_from(&mut self, entry: RegisterEntry) {
        if self.size_min.is_none() && (entry.size_min.is_some() || entry.size_max.is_some()) {
            (self.size_min, self.size_max) = (entry.size_min.or(Some(1)), entry.size_max);
        }
        if self.industry.is_none() {
            self.industry.clone_from(&entry.trade);
        }
        self.register = Some(entry);
    }

    /// Whether the company objects, by its register entry, to commercial use of its data.
    pub fn objects_to_commercial_use(&self) -> bool {
        self.register.as_ref().is_some_and(|entry| entry.objects_to_commercial_use == Some(true))
    }
}

/// Legal forms that stand beside a name and do not distinguish it.
const LEGAL_FORMS: [&str; 26] = [
    "sa", "sas", "sasu", "sarl", "sarlu", "eurl", "earl", "sci", "scm", "scp", "scop", "scic", "sca", "scs", "snc", "gie", "se",
    "sel", "selarl", "selarlu", "selas", "selasu", "selafa", "gmbh", "ltd", "inc",
];

/// A company's name as names are compared: folded, without punctuation and legal forms; a name of legal forms alone stays.
///
/// Source: docs/rules.md, “Registers”.
pub fn bare_name(name: &str) -> String {
    let folded = fold(name).replace('.', "").replace('&', " et ");
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let bare: Vec<&str> = words.iter().copied().filter(|word| !LEGAL_FORMS.contains(word)).collect();
    if bare.is_empty() { words.join(" ") } else { bare.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::CompanyFrom;

    #[test]
    fn names_are_compared_without_legal_forms() {
        for (a, b, same) in [
            ("Hélianthe Santé", "HELIANTHE SANTE SAS", true),
            ("Hélianthe", "S.A.S. HELIANTHE", true),
            ("Alvéole & Fils", "ALVEOLE ET FILS SARL", true),
            ("L’Atelier", "L'ATELIER", true),
            ("Jean-Marc Conseil", "JEAN MARC CONSEIL (EURL)", true),
            ("SAS", "sas", true),
            ("SAS", "SA", false),
            ("Hélianthe", "Hélianthe Conseil", false),
            ("Sasha", "ha", false),
        ] {
            assert_eq!(bare_name(a) == bare_name(b), same, "{a} / {b}: {} / {}", bare_name(a), bare_name(b));
        }
        assert_eq!(bare_name(" !? "), "");
    }

    fn entry() -> RegisterEntry {
        RegisterEntry {
            register: "Pappers".into(),
            number: "552100554".into(),
            name: Some("HELIANTHE".into()),
            trade_code: Some("62.01Z".into()),
            trade: Some("Programmation informatique".into()),
            size_min: Some(20),
            size_max: Some(49),
            objects_to_commercial_use: Some(true),
            partial: false,
            read_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_register_fills_what_is_unknown_and_nothing_else() {
        let mut unknown = Company::named("Hélianthe", CompanyFrom::Profile);
        unknown.fill_from(entry());
        assert_eq!((unknown.size_min, unknown.size_max), (Some(20), Some(49)));
        assert_eq!(unknown.industry.as_deref(), Some("Programmation informatique"));
        let mut known = Company::named("Hélianthe", CompanyFrom::Profile);
        (known.size_min, known.size_max, known.industry) = (Some(201), None, Some("Software".into()));
        known.fill_from(entry());
        assert_eq!((known.size_min, known.size_max, known.industry.as_deref()), (Some(201), None, Some("Software")));
        for (said, objects) in [(Some(true), true), (Some(false), false), (None, false)] {
            known.fill_from(RegisterEntry { objects_to_commercial_use: said, ..entry() });
            assert_eq!(known.objects_to_commercial_use(), objects, "{said:?}");
        }
    }
}
