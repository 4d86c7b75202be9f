//! Profile analysis: what is read from a person's profile and company, each reading with the text it came from.

mod company;
pub mod places;
mod read;

pub use company::{Band, Company, CompanyFacts, CompanyFrom, registrable_domain};
pub use places::Place;
pub(crate) use read::headline_role;
pub use read::{EducationFacts, ExperienceFacts, NotAnalysed, ProfileFacts};

use crate::language::Language;
use crate::titles::{Function, Seniority};
use crate::vocabulary::Basis;
use crate::workspace::Period;
use jiff::Timestamp;
use jiff::tz::TimeZone;
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
    /// Whether the analysis still counts at `now`.
    pub fn is_fresh(&self, now: Timestamp, fresh_for: &Period) -> bool {
        now <= fresh_for.after(self.analysed_at, &TimeZone::UTC)
    }

    /// The person's own place, for comparisons with places an ICP lists.
    pub fn place(&self) -> Place {
        let text = |reading: &Option<Reading<String>>| {
            reading.as_ref().map(|reading| reading.value.clone())
        };
        Place {
            country: text(&self.country),
            region: text(&self.region),
            city: text(&self.city),
        }
    }

    /// The company's size in employees, where a number or a band is known.
    pub fn company_size(&self) -> Option<(u32, Option<u32>)> {
        let company = self.company.as_ref()?;
        company.size_min.map(|min| (min, company.size_max))
    }
}

#[cfg(test)]
mod tests;
