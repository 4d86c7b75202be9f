//! Prepared ICP: what an ICP lists, read once, so that many people can be compared with it.

use crate::analysis::{places, registrable_domain};
use crate::fold::{fold, spaced, words};
use crate::icp::{Icp, SizeRange};
use crate::industry;
use crate::titles::{self, Function, Seniority};

/// A title the ICP lists, as it is compared.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Folded, whole words, a space at both ends; empty when there are none.
    pub phrase: String,
    pub seniority: Option<Seniority>,
    pub function: Function,
    /// A bare word for an intern: it means every intern.
    pub any_intern: bool,
}

/// A company the ICP keeps out, as it is compared.
#[derive(Clone, Debug)]
pub(crate) struct KeptOut {
    pub name: String,
    pub domain: Option<String>,
    /// `id:…`, from the address of its page.
    pub key: Option<String>,
}

/// An ICP whose titles, places, industries and exclusions have been read.
///
/// Preparing costs some microseconds per listed entry; comparing then costs about one per person.
#[derive(Clone, Debug)]
pub struct PreparedIcp<'i> {
    pub(crate) icp: &'i Icp,
    pub(crate) titles: Vec<Wanted>,
    /// Lowest and highest rank listed.
    pub(crate) ranks: Option<(u8, u8)>,
    pub(crate) size: Option<SizeRange>,
    pub(crate) industries: Vec<industry::Listed>,
    pub(crate) places: Vec<places::Listed>,
    pub(crate) exclude_titles: Vec<Wanted>,
    pub(crate) exclude_companies: Vec<KeptOut>,
}

impl<'i> PreparedIcp<'i> {
    /// Reads what the ICP lists.
    pub fn of(icp: &'i Icp) -> Self {
        let ranks = || icp.seniorities.iter().map(|listed| listed.rank());
        Self {
            icp,
            titles: icp.titles.iter().map(|title| wanted(title)).collect(),
            ranks: ranks().min().zip(ranks().max()),
            size: icp.company_size.filter(|range| range.min.is_some() || range.max.is_some()),
            industries: icp.industries.iter().map(|name| industry::Listed::read(name)).collect(),
            places: icp.countries.iter().map(|name| places::Listed::read(name)).collect(),
            exclude_titles: icp.exclude_titles.iter().map(|title| wanted(title)).collect(),
            exclude_companies: icp.exclude_companies.iter().map(|listed| kept_out(listed)).collect(),
        }
    }
}

fn phrase(text: &str) -> String {
    let spaced = spaced(&fold(text));
    if spaced.len() > 1 { spaced } else { String::new() }
}

fn wanted(title: &str) -> Wanted {
    let read = titles::read(title);
    let one_word = words(&fold(title)).count() == 1;
    Wanted {
        phrase: phrase(title),
        seniority: read.seniority,
        function: read.function,
        any_intern: one_word && read.seniority == Some(Seniority::Intern),
    }
}

fn kept_out(listed: &str) -> KeptOut {
    let key = crate::profile_url::parse(listed);
    KeptOut {
        name: phrase(listed),
        domain: listed.contains('.').then(|| registrable_domain(listed)).flatten(),
        key: key.key().map(|key| format!("id:{key}")),
    }
}
