//! Matching: how titles, levels and sizes compare with what an ICP lists. Adjacency is by table.

use super::prepared::{KeptOut, PreparedIcp, Wanted};
use crate::analysis::{Analysis, Band, Company};
use crate::fold::{fold, spaced};
use crate::icp::SizeRange;
use crate::titles::{Function, Seniority};

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
        self.title.map(|_| self.seniority.unwrap_or(Seniority::Senior))
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
    ADJACENT.iter().any(|&(x, y)| (x, y) == (a, b) || (y, x) == (a, b))
}

/// The title against the titles of an ICP: exact by function or by its words at the same level,
/// near by an adjacent function. Source: docs/rules.md, “Score”.
pub fn title(role: &Role, icp: &PreparedIcp) -> Match {
    let Some(title) = role.title else {
        return Match::None;
    };
    let by_function = icp.titles.iter().map(|wanted| of_function(role.function, wanted.function));
    let best = by_function.max().unwrap_or(Match::None);
    if best == Match::Exact {
        return best;
    }
    let title = spaced(&fold(title));
    let same_words = |wanted: &Wanted| wanted.seniority == role.seniority && says(&title, &wanted.phrase);
    if icp.titles.iter().any(same_words) { Match::Exact } else { best }
}

fn of_function(function: Option<Function>, wanted: Function) -> Match {
    match function {
        None | Some(Function::Other) => Match::None,
        Some(function) if function == wanted => Match::Exact,
        Some(function) if adjacent(function, wanted) => Match::Near,
        Some(_) => Match::None,
    }
}

/// Whether a folded and spaced title contains the whole words of a phrase in the same form, in their order.
fn says(title: &str, phrase: &str) -> bool {
    !phrase.is_empty() && title.contains(phrase)
}

/// Whether a current title is one the ICP keeps out: it contains the words, and the words do not mean another
/// level there (an assistant to the CEO is no CEO). Source: docs/rules.md, “Gate”.
pub fn excluded_title<'i>(role: &Role, icp: &PreparedIcp<'i>) -> Option<&'i str> {
    let title = role.title.filter(|_| !icp.exclude_titles.is_empty())?;
    let title = spaced(&fold(title));
    let keeps_out = |wanted: &Wanted| {
        let same_level = wanted.seniority.is_none() || wanted.seniority == role.seniority;
        let intern = wanted.any_intern && role.seniority == Some(Seniority::Intern);
        intern || (same_level && says(&title, &wanted.phrase))
    };
    let at = icp.exclude_titles.iter().position(keeps_out)?;
    icp.icp.exclude_titles.get(at).map(String::as_str)
}

/// Whether a company is one the ICP keeps out, by its folded name, its domain or its id.
pub fn excluded_company<'i>(company: &Company, icp: &PreparedIcp<'i>) -> Option<&'i str> {
    let by_key = |listed: &KeptOut| {
        (listed.domain.is_some() && company.domain == listed.domain) || (listed.key.is_some() && company.key == listed.key)
    };
    let by_name = company.name.as_deref().and_then(|name| excluded_company_name(name, icp));
    let at = || icp.exclude_companies.iter().position(by_key);
    by_name.or_else(|| icp.icp.exclude_companies.get(at()?).map(String::as_str))
}

/// Whether a company of this name is one the ICP keeps out.
pub fn excluded_company_name<'i>(name: &str, icp: &PreparedIcp<'i>) -> Option<&'i str> {
    if icp.exclude_companies.is_empty() {
        return None;
    }
    let name = spaced(&fold(name));
    let same = |listed: &KeptOut| !listed.name.is_empty() && listed.name == name;
    let at = icp.exclude_companies.iter().position(same)?;
    icp.icp.exclude_companies.get(at).map(String::as_str)
}

/// Where a level lies in the ICP's range, which goes from the lowest to the highest listed.
pub fn level(level: Seniority, icp: &PreparedIcp) -> Level {
    let Some((low, high)) = icp.ranks else {
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
    let gap = if top < low { Band::of(low).distance(Band::of(top)) } else { Band::of(min).distance(Band::of(high)) };
    if gap <= 1 { Match::Near } else { Match::None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icp::Icp;
    use crate::titles;

    fn icp(titles: &[&str]) -> Icp {
        Icp { titles: titles.iter().map(|title| (*title).to_owned()).collect(), ..Icp::default() }
    }

    fn role(headline: &str) -> (String, Option<Seniority>, Function) {
        let read = titles::read(headline);
        (read.current_title.unwrap_or_default(), read.seniority, read.function)
    }

    fn check(headline: &str, wanted: &str, expected: Match) {
        let (title, seniority, function) = role(headline);
        let role = Role { title: Some(&title), seniority, function: Some(function).filter(|f| *f != Function::Other) };
        assert_eq!(super::title(&role, &PreparedIcp::of(&icp(&[wanted]))), expected, "{headline} for {wanted}");
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
        assert!(Function::ALL.iter().all(|other| !adjacent(Function::Legal, *other)));
        let beside = |f| Function::ALL.into_iter().filter(|other| adjacent(f, *other)).collect::<Vec<_>>();
        assert_eq!(beside(Function::GeneralManagement), [Function::Operations]);
        assert_eq!(beside(Function::Sales), [Function::Marketing, Function::CustomerSuccess]);
    }

    #[test]
    fn whole_words_only() {
        assert!(says(" directeur technique cto ", " cto "));
        assert!(!says(" directeur ", " cto "));
        assert!(!says(" ceo ", ""));
    }

    #[test]
    fn excluded_titles_keep_their_level() {
        let excluded = |title: &str, seniority, listed: &str| {
            let icp = Icp { exclude_titles: vec![listed.into()], ..Icp::default() };
            excluded_title(&Role { title: Some(title), seniority, function: None }, &PreparedIcp::of(&icp)).is_some()
        };
        assert!(excluded("Stagiaire marketing", Some(Seniority::Intern), "Stagiaire"));
        assert!(excluded("Alternante RH", Some(Seniority::Intern), "stagiaire"));
        assert!(!excluded("Assistant to the CEO", None, "CEO"));
        assert!(excluded("CEO", Some(Seniority::CLevel), "ceo"));
        assert!(excluded("Consultant SEO", None, "consultant"));
        assert!(!excluded("Directeur", Some(Seniority::Director), "CTO"));
    }

    #[test]
    fn levels_are_measured_from_the_range() {
        let icp = Icp { seniorities: vec![Seniority::CLevel, Seniority::Director], ..Icp::default() };
        let check = |seniority, expected| {
            assert_eq!(level(seniority, &PreparedIcp::of(&icp)), expected);
        };
        check(Seniority::Vp, Level::Inside);
        check(Seniority::Head, Level::Off(1));
        check(Seniority::Founder, Level::Off(1));
        check(Seniority::Lead, Level::Off(3));
        let open = Icp::default();
        assert_eq!(level(Seniority::Lead, &PreparedIcp::of(&open)), Level::NotAsked);
    }

    #[test]
    fn sizes_are_inside_or_one_band_off() {
        let range = SizeRange { min: Some(11), max: Some(200) };
        let check = |size, expected| assert_eq!(company_size(size, range), expected, "{size:?}");
        check((11, Some(11)), Match::Exact);
        check((51, Some(200)), Match::Exact);
        check((201, Some(500)), Match::Near);
        check((2, Some(10)), Match::Near);
        check((1, Some(1)), Match::None);
        check((501, Some(1000)), Match::None);
        check((10_001, None), Match::None);
        assert_eq!(company_size((15, Some(15)), SizeRange { min: Some(20), max: Some(150) }), Match::Near);
        assert_eq!(company_size((15, Some(15)), SizeRange::default()), Match::None);
    }
}
