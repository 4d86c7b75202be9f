//! Profile analysis: what is read from a person's profile and company, each reading with the text it came from.

mod company;
pub mod places;
mod read;
mod register;

pub use company::{Band, Company, CompanyFacts, CompanyFrom, registrable_domain};
pub use places::{Place, PlaceRead};
pub(crate) use read::headline_role;
pub use read::{EducationFacts, ExperienceFacts, NotAnalysed, ProfileFacts};
pub use register::{RegisterEntry, bare_name};

use crate::language::Language;
use crate::titles::{Function, Seniority};
use crate::vocabulary::Basis;
use crate::workspace::Period;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A value and the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading<T> {
    pub value: T,
    pub text: String,
}

/// What is known of a person; what could not be read is `None`: unknown, never a no.
///
/// An analysis exists only with the minimum fields of its basis. Source: docs/rules.md, “Profile analysis”.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub basis: Basis,
    pub analysed_at: Timestamp,
    #[serde(default)]
    pub headline: Option<String>,
    /// The current title.
    #[serde(default)]
    pub title: Option<Reading<String>>,
    /// The level the current title states; `None` beside a title means that it states none.
    #[serde(default)]
    pub seniority: Option<Reading<Seniority>>,
    #[serde(default)]
    pub function: Option<Reading<Function>>,
    /// The person's own place, as written.
    #[serde(default)]
    pub location: Option<String>,
    /// ISO code: the person's own, else that of the company's head office.
    #[serde(default)]
    pub country: Option<Reading<String>>,
    #[serde(default)]
    pub region: Option<Reading<String>>,
    #[serde(default)]
    pub city: Option<Reading<String>>,
    #[serde(default)]
    pub language: Option<Reading<Language>>,
    #[serde(default)]
    pub company: Option<Company>,
    #[serde(default)]
    pub school: Option<String>,
    #[serde(default)]
    pub degree: Option<String>,
}

impl Analysis {
    /// Whether the analysis still counts at `now`; the period is counted in exact hours.
    pub fn is_fresh(&self, now: Timestamp, fresh_for: &Period) -> bool {
        now.duration_since(self.analysed_at) <= fresh_for.exact()
    }

    /// The person's place, for comparisons with places an ICP lists.
    pub fn place_read(&self) -> PlaceRead<'_> {
        fn value(reading: &Option<Reading<String>>) -> Option<&str> {
            reading.as_ref().map(|reading| reading.value.as_str())
        }
        PlaceRead { country: value(&self.country), region: value(&self.region), city: value(&self.city) }
    }

    /// The company's size in employees, where a number or a band is known.
    pub fn company_size(&self) -> Option<(u32, Option<u32>)> {
        let company = self.company.as_ref()?;
        company.size_min.map(|min| (min, company.size_max))
    }
}

#[cfg(test)]
mod tests;
