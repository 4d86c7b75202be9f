//! Places: country, region and city read from a free-text location, in French and English, by tables.

mod tables;

use crate::fold::{fold, spaced};
use serde::{Deserialize, Serialize};
use tables::{CITIES, COUNTRIES, NORTH_AMERICAN_CODES, REGIONS};

/// A place as far as it could be read. `country` is an ISO code; region and city are canonical names
/// where the tables know them, else as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

/// The ISO code of a country's code or name, French or English.
pub fn country_code(text: &str) -> Option<&'static str> {
    let name = plain(text);
    let code = text.trim();
    COUNTRIES
        .iter()
        .find(|(iso, names)| {
            (code.len() == 2 && code.eq_ignore_ascii_case(iso)) || names.contains(&name.as_str())
        })
        .map(|(iso, _)| *iso)
}

struct Region {
    name: &'static str,
    country: &'static str,
}

fn region(name: &str) -> Option<Region> {
    let found = REGIONS.iter().find(|(_, _, names)| names.contains(&name))?;
    Some(Region {
        name: found.1,
        country: found.0,
    })
}

fn city(
    name: &str,
) -> Option<&'static (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
)> {
    CITIES.iter().find(|(_, _, _, names)| names.contains(&name))
}

/// Folded, whole words, without the words that only say how far the place reaches.
fn plain(text: &str) -> String {
    let mut line = spaced(&fold(text));
    for (from, to) in tables::REACH {
        while let Some(at) = line.find(from) {
            line.replace_range(at..at + from.len(), to);
        }
    }
    line.trim().to_owned()
}

/// Reads a location such as “Montréal, Québec, Canada” or “Greater Paris Metropolitan Region”.
///
/// What the tables do not know stays unknown, the first part of several is then the city as written.
/// Source: docs/rules.md, “Profile analysis”.
pub fn read(text: &str) -> Place {
    let parts: Vec<&str> = text
        .split([',', '·', '|', '(', ')', '/'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
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
    let by_name = COUNTRIES
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(iso, _)| *iso);
    if let Some(iso) = by_name {
        let first = before.first().map(String::as_str);
        // “Atlanta, Georgia” is no country
        let elsewhere = region(name).is_some_and(|region| {
            region.country != iso
                && first.is_none_or(|first| city(first).is_none_or(|city| city.0 != iso))
        });
        return (!elsewhere).then_some(iso);
    }
    let code = raw.len() == 2 && raw.bytes().all(|b| b.is_ascii_uppercase());
    let iso = COUNTRIES
        .iter()
        .find(|(iso, _)| code && *iso == raw)
        .map(|(iso, _)| *iso)?;
    let state = NORTH_AMERICAN_CODES.iter().any(|(code, ..)| *code == raw);
    let agrees = before
        .iter()
        .any(|name| city(name).is_some_and(|city| city.0 == iso));
    (!state || agrees).then_some(iso)
}

fn read_region(place: &mut Place, rest: &mut usize, parts: &[&str], names: &[String]) {
    for at in (0..*rest).rev() {
        let code = NORTH_AMERICAN_CODES
            .iter()
            .find(|(code, ..)| *code == parts[at] && at > 0);
        let found = match code {
            Some((_, name, country)) => Some(Region { name, country }),
            None => region(&names[at]),
        };
        let Some(found) = found.filter(|found| {
            place
                .country
                .as_deref()
                .is_none_or(|country| country == found.country)
        }) else {
            continue;
        };
        // alone, a name that is also a city's is the city: its region comes with it
        if at == 0 && city(&names[at]).is_some_and(|city| city.0 == found.country) && *rest == 1 {
            continue;
        }
        place
            .country
            .get_or_insert_with(|| found.country.to_owned());
        place.region = Some(found.name.to_owned());
        *rest = at;
        return;
    }
}

fn read_city(place: &mut Place, rest: usize, parts: &[&str], names: &[String]) {
    for at in 0..rest {
        let known = city(&names[at]).filter(|city| {
            place
                .country
                .as_deref()
                .is_none_or(|country| country == city.0)
                && place
                    .region
                    .as_deref()
                    .is_none_or(|region| region == city.1 || city.1.is_empty())
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

/// Whether `place` lies in what an ICP lists: a country (code or name), a region or a city.
/// `None` when the part of the place that the entry asks for is unknown.
///
/// Source: docs/rules.md, “Score”.
pub fn lies_in(place: &Place, listed: &str) -> Option<bool> {
    let name = plain(listed);
    let equal = |known: &Option<String>, wanted: &str| {
        known.as_ref().map(|known| plain(known) == plain(wanted))
    };
    if let Some(found) = region(&name) {
        let in_region = equal(&place.region, found.name);
        let in_city = city(&name).and_then(|city| equal(&place.city, city.2));
        let abroad = place
            .country
            .as_deref()
            .is_some_and(|country| country != found.country);
        let also_country = country_code(listed)
            .and_then(|iso| place.country.as_deref().map(|country| country == iso));
        return any([in_region, in_city, also_country, abroad.then_some(false)]);
    }
    if let Some(iso) = country_code(listed) {
        return place.country.as_deref().map(|country| country == iso);
    }
    let abroad = city(&name).is_some_and(|city| {
        place
            .country
            .as_deref()
            .is_some_and(|country| country != city.0)
    });
    any([
        equal(&place.city, city(&name).map_or(listed, |city| city.2)),
        equal(&place.region, listed),
        abroad.then_some(false),
    ])
}

/// True if any answer is yes, else false if any is no, else unknown.
fn any<const N: usize>(answers: [Option<bool>; N]) -> Option<bool> {
    answers.into_iter().flatten().reduce(|a, b| a || b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, country: &str, region: &str, city: &str) {
        let place = read(text);
        let show = |part: &Option<String>| part.clone().unwrap_or_default();
        assert_eq!(
            (
                show(&place.country).as_str(),
                show(&place.region).as_str(),
                show(&place.city).as_str()
            ),
            (country, region, city),
            "{text}"
        );
    }

    #[test]
    fn locations_are_read_by_table() {
        check(
            "Lyon, Auvergne-Rhône-Alpes",
            "FR",
            "Auvergne-Rhône-Alpes",
            "Lyon",
        );
        check(
            "Lyon, Auvergne-Rhône-Alpes, France",
            "FR",
            "Auvergne-Rhône-Alpes",
            "Lyon",
        );
        check("Paris, Île-de-France", "FR", "Île-de-France", "Paris");
        check(
            "Nantes, Pays de la Loire",
            "FR",
            "Pays de la Loire",
            "Nantes",
        );
        check("Montréal, Québec, Canada", "CA", "Québec", "Montréal");
        check("Québec, Québec", "CA", "Québec", "Québec");
        check("Québec, QC", "CA", "Québec", "Québec");
        check("Québec", "CA", "Québec", "Québec");
        check("Genève, Genève", "CH", "Genève", "Genève");
        check("Genève", "CH", "Genève", "Genève");
        check("Luxembourg, Luxembourg", "LU", "", "Luxembourg");
        check("Luxembourg", "LU", "", "");
        check(
            "Bruxelles, Bruxelles-Capitale",
            "BE",
            "Bruxelles-Capitale",
            "Bruxelles",
        );
        check("Leeds, England", "GB", "England", "Leeds");
        check(
            "Greater Paris Metropolitan Region",
            "FR",
            "Île-de-France",
            "Paris",
        );
        check("Paris et périphérie", "FR", "Île-de-France", "Paris");
        check("Région de Lyon", "FR", "Auvergne-Rhône-Alpes", "Lyon");
        check("London Area, United Kingdom", "GB", "England", "London");
        check(
            "San Francisco Bay Area",
            "US",
            "California",
            "San Francisco",
        );
        check("San Francisco, CA", "US", "California", "San Francisco");
        check("Austin, TX", "US", "Texas", "Austin");
        check("Berlin, DE", "DE", "", "Berlin");
        check("Paris, Texas, United States", "US", "Texas", "Paris");
        check("London, Ontario, Canada", "CA", "Ontario", "London");
        check("Atlanta, Georgia", "US", "Georgia", "Atlanta");
        check("Tbilisi, Georgia", "GE", "", "Tbilisi");
        check(
            "Saint-Étienne et périphérie, France",
            "FR",
            "Auvergne-Rhône-Alpes",
            "Saint-Étienne",
        );
        check("Trifouilly, France", "FR", "", "Trifouilly");
        check("France", "FR", "", "");
        check("Trifouilly", "", "", "");
        check("Remote", "", "", "");
        check("🌍", "", "", "");
        check("", "", "", "");
    }

    #[test]
    fn an_icp_may_list_countries_regions_and_cities() {
        let check = |text, listed, expected| {
            assert_eq!(lies_in(&read(text), listed), expected, "{text} in {listed}")
        };
        check("Lyon, Auvergne-Rhône-Alpes", "FR", Some(true));
        check("Lyon, Auvergne-Rhône-Alpes", "France", Some(true));
        check(
            "Lyon, Auvergne-Rhône-Alpes",
            "Auvergne Rhône Alpes",
            Some(true),
        );
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
