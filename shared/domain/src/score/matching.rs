//! Matching: how titles, levels and sizes compare with what an ICP lists. Adjacency is by table.

use crate::analysis::{Analysis, Band, Company};
use crate::fold::{fold, spaced};
use crate::icp::{Icp, SizeRange};
use crate::titles::{self, Function, Seniority};

/// How well a criterion is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    None,
    Near,
    Exact,
}

/// Where a level lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Inside,
    /// So many ranks below or above the range.
    Off(u8),
    /// The ICP lists no level.
    NotAsked,
}

/// A current role as the score compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role<'a> {
    /// The title; `None` when no current one is known.
    pub title: Option<&'a str>,
    pub seniority: Option<Seniority>,
    pub function: Option<Function>,
}

impl<'a> Role<'a> {
    /// The role an analysis read.
    pub fn of(analysis: &'a Analysis) -> Self {
        Self {
            title: analysis.title.as_ref().map(|title| title.value.as_str()),
            seniority: analysis.seniority.as_ref().map(|reading| reading.value),
            function: analysis.function.as_ref().map(|reading| reading.value),
        }
    }

    /// The level to compare: that of the title, `senior` for a title without one, none without a title.
    pub fn level(&self) -> Option<Seniority> {
        self.title
            .map(|_| self.seniority.unwrap_or(Seniority::Senior))
    }
}

/// Functions that lie close to each other; legal to none, general management only to operations.
///
/// Source: docs/rules.md, “Profile analysis”.
const ADJACENT: &[(Function, Function)] = &[
    (Function::Sales, Function::Marketing),
    (Function::Sales, Function::CustomerSuccess),
    (Function::GeneralManagement, Function::Operations),
    (Function::Operations, Function::Purchasing),
    (Function::Engineering, Function::It),
    (Function::Engineering, Function::Product),
    (Function::Engineering, Function::Data),
    (Function::It, Function::Data),
    (Function::Product, Function::Design),
    (Function::Product, Function::Marketing),
    (Function::Marketing, Function::Design),
    (Function::Hr, Function::Education),
];

/// Whether two different functions lie close to each other.
pub fn adjacent(a: Function, b: Function) -> bool {
    ADJACENT
        .iter()
        .any(|&(x, y)| (x, y) == (a, b) || (y, x) == (a, b))
}

/// The title against the titles of an ICP: exact by function or by its words at the same level,
/// near by an adjacent function. Source: docs/rules.md, “Score”.
pub fn title(role: &Role, icp: &Icp) -> Match {
    let Some(title) = role.title else {
        return Match::None;
    };
    icp.titles
        .iter()
        .map(|wanted| one_title(title, role, wanted))
        .max()
        .unwrap_or(Match::None)
}

fn one_title(title: &str, role: &Role, wanted: &str) -> Match {
    let read = titles::read(wanted);
    if says(title, wanted) && role.seniority == read.seniority {
        return Match::Exact;
    }
    match role.function {
        Some(function) if read.function == Function::Other || function == Function::Other => {
            Match::None
        }
        Some(function) if function == read.function => Match::Exact,
        Some(function) if adjacent(function, read.function) => Match::Near,
        _ => Match::None,
    }
}

/// Whether `title` contains the whole words of `phrase`, in their order.
pub fn says(title: &str, phrase: &str) -> bool {
    let phrase = spaced(&fold(phrase));
    phrase.len() > 1 && spaced(&fold(title)).contains(&phrase)
}

/// Whether a current title is one the ICP keeps out: it contains the words, and the words do not mean another
/// level there (an assistant to the CEO is no CEO). Source: docs/rules.md, “Gate”.
pub fn excluded_title<'i>(role: &Role, icp: &'i Icp) -> Option<&'i str> {
    let title = role.title?;
    let keeps_out = |listed: &&String| {
        let level = titles::read(listed).seniority;
        let same_level = level.is_none() || level == role.seniority;
        let intern =
            level == Some(Seniority::Intern) && crate::fold::words(&fold(listed)).count() == 1;
        same_level && (says(title, listed) || (intern && role.seniority == Some(Seniority::Intern)))
    };
    icp.exclude_titles
        .iter()
        .find(keeps_out)
        .map(String::as_str)
}

/// Whether a company is one the ICP keeps out, by its folded name, its domain or its id.
pub fn excluded_company<'i>(company: &Company, icp: &'i Icp) -> Option<&'i str> {
    let by_key = |listed: &&String| {
        let domain = listed
            .contains('.')
            .then(|| crate::analysis::registrable_domain(listed))
            .flatten();
        let id = crate::profile_url::parse(listed);
        (domain.is_some() && company.domain == domain)
            || id
                .key()
                .is_some_and(|id| company.key.as_deref() == Some(&format!("id:{id}")))
    };
    let by_name = company
        .name
        .as_deref()
        .and_then(|name| excluded_company_name(name, icp));
    by_name.or_else(|| {
        icp.exclude_companies
            .iter()
            .find(by_key)
            .map(String::as_str)
    })
}

/// Whether a company of this name is one the ICP keeps out.
pub fn excluded_company_name<'i>(name: &str, icp: &'i Icp) -> Option<&'i str> {
    let name = spaced(&fold(name));
    icp.exclude_companies
        .iter()
        .find(|listed| name.len() > 1 && spaced(&fold(listed)) == name)
        .map(String::as_str)
}

/// Where a level lies in the ICP's range, which goes from the lowest to the highest listed.
pub fn level(level: Seniority, icp: &Icp) -> Level {
    let ranks = || icp.seniorities.iter().map(|listed| listed.rank());
    let (Some(low), Some(high)) = (ranks().min(), ranks().max()) else {
        return Level::NotAsked;
    };
    match level.rank() {
        rank if rank < low => Level::Off(low - rank),
        rank if rank > high => Level::Off(rank - high),
        _ => Level::Inside,
    }
}

/// A company's size (from, to; open upwards without an end) against a range: inside, or one band off.
pub fn company_size((min, max): (u32, Option<u32>), range: SizeRange) -> Match {
    if range.min.is_none() && range.max.is_none() {
        return Match::None;
    }
    let top = max.unwrap_or(u32::MAX);
    let (low, high) = (range.min.unwrap_or(0), range.max.unwrap_or(u32::MAX));
    if min <= high && top >= low {
        return Match::Exact;
    }
    let gap = if top < low {
        Band::of(low).distance(Band::of(top))
    } else {
        Band::of(min).distance(Band::of(high))
    };
    if gap <= 1 { Match::Near } else { Match::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icp(titles: &[&str]) -> Icp {
        Icp {
            titles: titles.iter().map(|title| (*title).to_owned()).collect(),
            ..Icp::default()
        }
    }

    fn role(headline: &str) -> (String, Option<Seniority>, Function) {
        let read = titles::read(headline);
        (
            read.current_title.unwrap_or_default(),
            read.seniority,
            read.function,
        )
    }

    fn check(headline: &str, wanted: &str, expected: Match) {
        let (title, seniority, function) = role(headline);
        let role = Role {
            title: Some(&title),
            seniority,
            function: Some(function).filter(|f| *f != Function::Other),
        };
        assert_eq!(
            super::title(&role, &icp(&[wanted])),
            expected,
            "{headline} for {wanted}"
        );
    }

    #[test]
    fn titles_match_by_function_and_words() {
        check("Directeur commercial", "Directeur commercial", Match::Exact);
        check("Head of Sales", "Directeur commercial", Match::Exact);
        check("CEO", "CEO", Match::Exact);
        check("Xylophoniste", "Xylophoniste", Match::Exact);
        check("Xylophoniste", "CEO", Match::None);
    }

    #[test]
    fn adjacency_goes_both_ways_and_legal_has_none() {
        assert!(adjacent(Function::Marketing, Function::Sales));
        assert!(adjacent(Function::Sales, Function::CustomerSuccess));
        assert!(
            Function::ALL
                .iter()
                .all(|other| !adjacent(Function::Legal, *other))
        );
        let beside = |f| {
            Function::ALL
                .into_iter()
                .filter(|other| adjacent(f, *other))
                .collect::<Vec<_>>()
        };
        assert_eq!(beside(Function::GeneralManagement), [Function::Operations]);
        assert_eq!(
            beside(Function::Sales),
            [Function::Marketing, Function::CustomerSuccess]
        );
    }

    #[test]
    fn whole_words_only() {
        assert!(says("Directeur technique, CTO", "cto"));
        assert!(!says("Directeur", "CTO"));
        assert!(!says("CEO", ""));
    }

    #[test]
    fn excluded_titles_keep_their_level() {
        let excluded = |title: &str, seniority, listed: &str| {
            let icp = Icp {
                exclude_titles: vec![listed.into()],
                ..Icp::default()
            };
            excluded_title(
                &Role {
                    title: Some(title),
                    seniority,
                    function: None,
                },
                &icp,
            )
            .is_some()
        };
        assert!(excluded(
            "Stagiaire marketing",
            Some(Seniority::Intern),
            "Stagiaire"
        ));
        assert!(excluded(
            "Alternante RH",
            Some(Seniority::Intern),
            "stagiaire"
        ));
        assert!(!excluded("Assistant to the CEO", None, "CEO"));
        assert!(excluded("CEO", Some(Seniority::CLevel), "ceo"));
        assert!(excluded("Consultant SEO", None, "consultant"));
        assert!(!excluded("Directeur", Some(Seniority::Director), "CTO"));
    }

    #[test]
    fn levels_are_measured_from_the_range() {
        let icp = Icp {
            seniorities: vec![Seniority::CLevel, Seniority::Director],
            ..Icp::default()
        };
        assert_eq!(level(Seniority::Vp, &icp), Level::Inside);
        assert_eq!(level(Seniority::Head, &icp), Level::Off(1));
        assert_eq!(level(Seniority::Founder, &icp), Level::Off(1));
        assert_eq!(level(Seniority::Lead, &icp), Level::Off(3));
        assert_eq!(level(Seniority::Lead, &Icp::default()), Level::NotAsked);
    }

    #[test]
    fn sizes_are_inside_or_one_band_off() {
        let range = SizeRange {
            min: Some(11),
            max: Some(200),
        };
        let check = |size, expected| assert_eq!(company_size(size, range), expected, "{size:?}");
        check((11, Some(11)), Match::Exact);
        check((51, Some(200)), Match::Exact);
        check((201, Some(500)), Match::Near);
        check((2, Some(10)), Match::Near);
        check((1, Some(1)), Match::None);
        check((501, Some(1000)), Match::None);
        check((10_001, None), Match::None);
        assert_eq!(
            company_size(
                (15, Some(15)),
                SizeRange {
                    min: Some(20),
                    max: Some(150)
                }
            ),
            Match::Near
        );
        assert_eq!(
            company_size((15, Some(15)), SizeRange::default()),
            Match::None
        );
    }
}
