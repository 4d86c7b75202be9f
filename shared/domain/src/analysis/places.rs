//! Places: country, region and city read from a free-text location, in French and English, by tables.

mod tables;

use crate::fold::{fold, spaced, words};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use tables::{CITIES, COUNTRIES, NORTH_AMERICAN_CODES, REGIONS};

/// A place as far as it could be read. `country` is an ISO code; region and city are canonical names
/// where the tables know them, else as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

/// A [`Place`] by reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceRead<'a> {
    pub country: Option<&'a str>,
    pub region: Option<&'a str>,
    pub city: Option<&'a str>,
}

impl Place {
    /// By reference.
    pub fn as_read(&self) -> PlaceRead<'_> {
        PlaceRead { country: self.country.as_deref(), region: self.region.as_deref(), city: self.city.as_deref() }
    }
}

type Names = HashMap<&'static str, usize>;

/// Where each name stands in its table; the first of equal names counts.
fn names_of(lists: impl Iterator<Item = &'static [&'static str]>) -> Names {
    let mut places = Names::new();
    for (at, names) in lists.enumerate() {
        for name in names {
            places.entry(name).or_insert(at);
        }
    }
    places
}

static COUNTRY_NAMES: LazyLock<Names> = LazyLock::new(|| names_of(COUNTRIES.iter().map(|row| row.1)));
static REGION_NAMES: LazyLock<Names> = LazyLock::new(|| names_of(REGIONS.iter().map(|row| row.2)));
static CITY_NAMES: LazyLock<Names> = LazyLock::new(|| names_of(CITIES.iter().map(|row| row.3)));
/// The names under which regions and cities are kept.
static CANONICAL: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let regions = REGIONS.iter().map(|row| row.1);
    regions.chain(CITIES.iter().map(|row| row.2)).collect()
});

fn country_by_name(name: &str) -> Option<&'static str> {
    COUNTRY_NAMES.get(name).map(|at| COUNTRIES[*at].0)
}

fn country_by_code(code: &str) -> Option<&'static str> {
    let found = COUNTRIES.iter().find(|(iso, _)| code.eq_ignore_ascii_case(iso));
    found.map(|(iso, _)| *iso)
}

/// The ISO code of a country's code or name, French or English.
pub fn country_code(text: &str) -> Option<&'static str> {
    country_by_code(text.trim()).or_else(|| country_by_name(&plain(text)))
}

struct Region {
    name: &'static str,
    country: &'static str,
}

fn region(name: &str) -> Option<Region> {
    let found = REGION_NAMES.get(name).map(|at| &REGIONS[*at])?;
    Some(Region { name: found.1, country: found.0 })
}

type City = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn city(name: &str) -> Option<&'static City> {
    CITY_NAMES.get(name).map(|at| &CITIES[*at])
}

/// Folded, whole words, without the words that only say how far the place reaches.
fn plain(text: &str) -> String {
    let mut line = spaced(&fold(text));
    let reaches = words(&line).any(|word| tables::REACH_WORDS.contains(&word));
    if reaches {
        for (from, to) in tables::REACH {
            while let Some(at) = line.find(from) {
                line.replace_range(at..at + from.len(), to);
            }
        }
    }
    line.trim().to_owned()
}

/// Reads a location such as “Montréal, Québec, Canada” or “Greater Paris Metropolitan Region”.
///
/// What the tables do not know stays unknown, the first part of several is then the city as written.
/// Source: docs/rules.md, “Profile analysis”.
pub fn read(text: &str) -> Place {
    let parts: Vec<&str> = text.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty()).collect();
    let names: Vec<String> = parts.iter().map(|part| plain(part)).collect();
    let mut place = Place::default();
    let Some(last) = parts.len().checked_sub(1) else {
        return place;
    };
    let mut rest = parts.len();
    if let Some(country) = country_name(&names[last], parts[last], &names[..last]) {
        place.country = Some(country.to_owned());
        rest = last;
    }
    read_region(&mut place, &mut rest, &parts, &names);
    read_city(&mut place, rest, &parts, &names);
    place
}

/// The last part as a country. A name that is also a region's or city's counts as a country only where
/// nothing before it says otherwise (“Luxembourg”); two letters only where they are no state's.
fn country_name(name: &str, raw: &str, before: &[String]) -> Option<&'static str> {
    let by_name = COUNTRIES.iter().find(|(_, names)| names.contains(&name)).map(|(iso, _)| *iso);
    if let Some(iso) = by_name {
        let first = before.first().map(String::as_str);
        // “Atlanta, Georgia” is no country
        let elsewhere = region(name).is_some_and(|region| {
            region.country != iso && first.is_none_or(|first| city(first).is_none_or(|city| city.0 != iso))
        });
        return (!elsewhere).then_some(iso);
    }
    let code = raw.len() == 2 && raw.bytes().all(|b| b.is_ascii_uppercase());
    let iso = COUNTRIES.iter().find(|(iso, _)| code && *iso == raw).map(|(iso, _)| *iso)?;
    let state = NORTH_AMERICAN_CODES.iter().any(|(code, ..)| *code == raw);
    let agrees = before.iter().any(|name| city(name).is_some_and(|city| city.0 == iso));
    (!state || agrees).then_some(iso)
}

fn read_region(place: &mut Place, rest: &mut usize, parts: &[&str], names: &[String]) {
    for at in (0..*rest).rev() {
        let code = NORTH_AMERICAN_CODES.iter().find(|(code, ..)| *code == parts[at] && at > 0);
        let found = match code {
            Some((_, name, country)) => Some(Region { name, country }),
            None => region(&names[at]),
        };
        let Some(found) = found.filter(|found| place.country.as_deref().is_none_or(|country| country == found.country)) else {
            continue;
        };
        // alone, a name that is also a city's is the city: its region comes with it
        if at == 0 && city(&names[at]).is_some_and(|city| city.0 == found.country) && *rest == 1 {
            continue;
        }
        place.country.get_or_insert_with(|| found.country.to_owned());
        place.region = Some(found.name.to_owned());
        *rest = at;
        return;
    }
}

fn read_city(place: &mut Place, rest: usize, parts: &[&str], names: &[String]) {
    for name in &names[..rest] {
        let known = city(name).filter(|city| {
            place.country.as_deref().is_none_or(|country| country == city.0)
                && place.region.as_deref().is_none_or(|region| region == city.1 || city.1.is_empty())
        });
        if let Some((country, region, name, _)) = known {
            place.country.get_or_insert_with(|| (*country).to_owned());
            if place.region.is_none() && !region.is_empty() {
                place.region = Some((*region).to_owned());
            }
            place.city = Some((*name).to_owned());
            return;
        }
    }
    if rest > 0 && place.country.is_some() {
        place.city = Some(parts[0].to_owned());
    }
}

/// A country (code or name), a region or a city that an ICP lists, read once.
#[derive(Clone, Debug)]
pub struct Listed {
    /// When a country is meant, or may be.
    country: Option<&'static str>,
    /// The country in which the region or city lies.
    lies_in: Option<&'static str>,
    region: Option<Name>,
    city: Option<Name>,
    /// An entry of several parts (“Lyon, France”): every part it names must hold.
    whole: Option<Place>,
}

/// What separates the parts of a location.
const SEPARATORS: [char; 6] = [',', '·', '|', '(', ')', '/'];

/// A name to compare with: canonical where the tables know it, and folded.
#[derive(Clone, Debug)]
struct Name {
    canonical: Option<&'static str>,
    plain: String,
}

impl Name {
    fn is(&self, known: &str) -> bool {
        if self.canonical == Some(known) {
            return true;
        }
        // a canonical name is never another one's spelling
        !(self.canonical.is_some() && CANONICAL.contains(known)) && plain(known) == self.plain
    }
}

impl Listed {
    /// Reads an entry of the ICP's list of places.
    pub fn read(text: &str) -> Self {
        let name = plain(text);
        let (region, city, country) = (region(&name), city(&name), country_code(text));
        let named = |canonical: Option<&'static str>| Name { canonical, plain: canonical.map_or_else(|| name.clone(), plain) };
        let only_country = country.is_some() && region.is_none();
        let several = text.split(SEPARATORS).filter(|part| !part.trim().is_empty()).count() > 1;
        Self {
            whole: several.then(|| self::read(text)),
            country,
            lies_in: match (&region, city) {
                (Some(region), _) => Some(region.country),
                (None, Some(city)) if !only_country => Some(city.0),
                _ => None,
            },
            region: match (&region, only_country) {
                (_, true) => None,
                (Some(region), _) => Some(named(Some(region.name))),
                (None, _) => Some(named(None)),
            },
            city: match (city, only_country) {
                (_, true) => None,
                (Some(city), _) => Some(named(Some(city.2))),
                // a region's name is not also an unknown city's
                (None, _) => region.is_none().then(|| named(None)),
            },
        }
    }

    /// Whether a place lies in it; `None` when the part of the place that the entry asks for is unknown.
    ///
    /// Source: docs/rules.md, “Score”.
    pub fn holds(&self, place: PlaceRead) -> Option<bool> {
        if let Some(whole) = &self.whole {
            let part = |wanted: &Option<String>, known: Option<&str>| {
                wanted.as_deref().map(|wanted| known.map(|known| plain(known) == plain(wanted)))
            };
            let parts = [part(&whole.country, place.country), part(&whole.region, place.region), part(&whole.city, place.city)];
            return parts.into_iter().flatten().reduce(|a, b| match (a, b) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (None, _) | (_, None) => None,
                _ => Some(true),
            })?;
        }
        let same =
            |known: Option<&str>, wanted: &Option<Name>| known.zip(wanted.as_ref()).map(|(known, wanted)| wanted.is(known));
        let in_country = self.country.zip(place.country).map(|(wanted, known)| wanted == known);
        let abroad = self.lies_in.zip(place.country).filter(|(wanted, known)| wanted != known);
        any([in_country, abroad.map(|_| false), same(place.region, &self.region), same(place.city, &self.city)])
    }
}

/// True if any answer is yes, else false if any is no, else unknown.
fn any<const N: usize>(answers: [Option<bool>; N]) -> Option<bool> {
    answers.into_iter().flatten().reduce(|a, b| a || b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_several_parts_asks_for_each() {
        let holds = |listed: &str, place: &str| Listed::read(listed).holds(read(place).as_read());
        assert_eq!(holds("Lyon, France", "Lyon, Auvergne-Rhône-Alpes, France"), Some(true));
        assert_eq!(holds("Lyon, France", "Paris, France"), Some(false));
        assert_eq!(holds("Lyon, France", "France"), None);
        assert_eq!(holds("a,MA", "a,MA"), Some(true));
    }

    fn check(text: &str, country: &str, region: &str, city: &str) {
        let place = read(text);
        let show = |part: &Option<String>| part.clone().unwrap_or_default();
        assert_eq!(
            (show(&place.country).as_str(), show(&place.region).as_str(), show(&place.city).as_str()),
            (country, region, city),
            "{text}"
        );
    }

    #[test]
    fn locations_are_read_by_table() {
        check("Lyon, Auvergne-Rhône-Alpes", "FR", "Auvergne-Rhône-Alpes", "Lyon");
        check("Lyon, Auvergne-Rhône-Alpes, France", "FR", "Auvergne-Rhône-Alpes", "Lyon");
        check("Paris, Île-de-France", "FR", "Île-de-France", "Paris");
        check("Nantes, Pays de la Loire", "FR", "Pays de la Loire", "Nantes");
        check("Montréal, Québec, Canada", "CA", "Québec", "Montréal");
        check("Québec, Québec", "CA", "Québec", "Québec");
        check("Québec, QC", "CA", "Québec", "Québec");
        check("Québec", "CA", "Québec", "Québec");
        check("Genève, Genève", "CH", "Genève", "Genève");
        check("Genève", "CH", "Genève", "Genève");
        check("Luxembourg, Luxembourg", "LU", "", "Luxembourg");
        check("Luxembourg", "LU", "", "");
        check("Bruxelles, Bruxelles-Capitale", "BE", "Bruxelles-Capitale", "Bruxelles");
        check("Leeds, England", "GB", "England", "Leeds");
        check("Greater Paris Metropolitan Region", "FR", "Île-de-France", "Paris");
        check("Paris et périphérie", "FR", "Île-de-France", "Paris");
        check("Région de Lyon", "FR", "Auvergne-Rhône-Alpes", "Lyon");
        check("London Area, United Kingdom", "GB", "England", "London");
        check("San Francisco Bay Area", "US", "California", "San Francisco");
        check("San Francisco, CA", "US", "California", "San Francisco");
        check("Austin, TX", "US", "Texas", "Austin");
        check("Berlin, DE", "DE", "", "Berlin");
        check("Paris, Texas, United States", "US", "Texas", "Paris");
        check("London, Ontario, Canada", "CA", "Ontario", "London");
        check("Atlanta, Georgia", "US", "Georgia", "Atlanta");
        check("Tbilisi, Georgia", "GE", "", "Tbilisi");
        check("Saint-Étienne et périphérie, France", "FR", "Auvergne-Rhône-Alpes", "Saint-Étienne");
        check("Trifouilly, France", "FR", "", "Trifouilly");
        check("France", "FR", "", "");
        check("Trifouilly", "", "", "");
        check("Remote", "", "", "");
        check("🌍", "", "", "");
        check("", "", "", "");
    }

    #[test]
    fn every_word_of_reach_is_looked_for() {
        for (from, to) in tables::REACH {
            assert!(words(from).any(|word| tables::REACH_WORDS.contains(&word)));
            assert!(to.len() < from.len(), "would not end");
        }
    }

    #[test]
    fn an_icp_may_list_countries_regions_and_cities() {
        let check =
            |text, listed, expected| assert_eq!(Listed::read(listed).holds(read(text).as_read()), expected, "{text} in {listed}");
        check("Lyon, Auvergne-Rhône-Alpes", "FR", Some(true));
        check("Lyon, Auvergne-Rhône-Alpes", "France", Some(true));
        check("Lyon, Auvergne-Rhône-Alpes", "Auvergne Rhône Alpes", Some(true));
        check("Lyon, Auvergne-Rhône-Alpes", "Lyon", Some(true));
        check("Lyon, Auvergne-Rhône-Alpes", "Paris", Some(false));
        check("Lyon, Auvergne-Rhône-Alpes", "BE", Some(false));
        check("Montréal, Québec, Canada", "Québec", Some(true));
        check("Québec, Québec", "Québec", Some(true));
        check("Toronto, Ontario", "Québec", Some(false));
        check("France", "Lyon", None);
        check("Belgium", "Lyon", Some(false));
        check("Luxembourg", "LU", Some(true));
        check("Bruxelles, Bruxelles-Capitale", "Belgique", Some(true));
        check("Trifouilly", "FR", None);
    }
}
