//! Company: what is read of the employer, its size bands, and the keys by which two people share one.

use super::RegisterEntry;
use serde::{Deserialize, Serialize};

/// What a provider says of a company; everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyFacts {
    /// The provider's id or universal name.
    pub id: Option<String>,
    pub name: Option<String>,
    pub website: Option<String>,
    pub industry: Option<String>,
    pub employee_count: Option<u32>,
    pub size_min: Option<u32>,
    pub size_max: Option<u32>,
    /// Of the head office: an ISO code or a name.
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

/// Where the company's data come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyFrom {
    /// A look-up of the company itself.
    Company,
    /// The person's own profile, until or instead of a look-up.
    Profile,
    /// The user's file or CRM.
    Import,
    /// A business listing or register.
    Registry,
    /// The title names it after “chez” or “@”.
    Headline,
}

/// The employer, as far as it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// `id:…` or `domain:…`: people of one company share it; `None` when only a name is known.
    pub key: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    /// The registrable domain; never that of a free mail service.
    #[serde(default)]
    pub domain: Option<String>,
    /// Employees: both ends are equal when the number is known.
    #[serde(default)]
    pub size_min: Option<u32>,
    /// `None` beside a minimum: open upwards.
    #[serde(default)]
    pub size_max: Option<u32>,
    #[serde(default)]
    pub industry: Option<String>,
    /// Of the head office, ISO code.
    #[serde(default)]
    pub country: Option<String>,
    #[serde(default)]
    pub region: Option<String>,
    #[serde(default)]
    pub city: Option<String>,
    pub from: CompanyFrom,
    /// What a register of companies says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<RegisterEntry>,
}

impl Company {
    /// A company of which only the name is known.
    pub(super) fn named(name: &str, from: CompanyFrom) -> Self {
        Self {
            key: None,
            name: Some(name.to_owned()),
            domain: None,
            size_min: None,
            size_max: None,
            industry: None,
            country: None,
            region: None,
            city: None,
            from,
            register: None,
        }
    }

    /// Every key by which another person may turn out to be a colleague.
    pub fn keys(&self) -> Vec<String> {
        let domain = self.domain.as_ref().map(|domain| format!("domain:{domain}"));
        let mut keys: Vec<String> = self.key.iter().cloned().chain(domain).collect();
        keys.dedup();
        keys
    }

    pub(super) fn from_facts(facts: &CompanyFacts) -> Self {
        let domain = facts.website.as_deref().and_then(registrable_domain);
        let id = facts.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let key = id.map(|id| format!("id:{}", id.to_lowercase())).or_else(|| domain.as_ref().map(|d| format!("domain:{d}")));
        let (size_min, size_max) = match facts.employee_count.filter(|n| *n > 0) {
            Some(count) => (Some(count), Some(count)),
            None => (facts.size_min.or(facts.size_max.map(|_| 1)), facts.size_max),
        };
        Self {
            key,
            name: filled(&facts.name),
            domain,
            size_min,
            size_max,
            industry: filled(&facts.industry),
            country: filled(&facts.country).and_then(|country| super::places::country_code(&country).map(str::to_owned)),
            region: filled(&facts.region),
            city: filled(&facts.city),
            from: CompanyFrom::Company,
            register: None,
        }
    }
}

pub(super) fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The bands of company sizes, ascending. Source: docs/rules.md, “Profile analysis”.
const BANDS: [(u32, Option<u32>); 9] = [
    (1, Some(1)),
    (2, Some(10)),
    (11, Some(50)),
    (51, Some(200)),
    (201, Some(500)),
    (501, Some(1000)),
    (1001, Some(5000)),
    (5001, Some(10_000)),
    (10_001, None),
];

/// A band of company sizes, by its place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Band(u8);

impl Band {
    /// The band of a number of employees; a company of nobody counts as one of one.
    pub fn of(employees: u32) -> Self {
        let place = BANDS.iter().position(|(_, max)| max.is_none_or(|max| employees <= max)).unwrap_or(BANDS.len() - 1);
        Self(place as u8)
    }

    /// The lowest band.
    pub const LOWEST: Self = Self(0);
    /// The highest band.
    pub const HIGHEST: Self = Self(BANDS.len() as u8 - 1);

    /// How many bands apart.
    pub fn distance(self, other: Self) -> u8 {
        self.0.abs_diff(other.0)
    }
}

/// Reads a band as profiles write it: `2-10`, `51–200`, `10,001+`, `1 001 à 5 000 employés`.
pub(super) fn read_size(text: &str) -> Option<(u32, Option<u32>)> {
    let joined: Vec<char> = text.chars().collect();
    let mut numbers: Vec<u32> = Vec::new();
    let mut digits = String::new();
    for (i, &c) in joined.iter().enumerate() {
        let groups = matches!(c, ',' | '.' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')
            && !digits.is_empty()
            && joined[i + 1..].iter().take_while(|c| c.is_ascii_digit()).count() == 3;
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !groups && !digits.is_empty() {
            numbers.push(digits.parse().ok()?);
            digits.clear();
        }
    }
    if !digits.is_empty() {
        numbers.push(digits.parse().ok()?);
    }
    match numbers[..] {
        [one] if text.contains('+') || text.to_lowercase().contains("plus") => Some((one, None)),
        [one] => Some((one, Some(one))),
        [low, high] if low <= high => Some((low, Some(high))),
        _ => None,
    }
}

/// Mail services anyone may have an address at: no company.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.fr",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.be",
    "live.com",
    "live.fr",
    "msn.com",
    "yahoo.com",
    "yahoo.fr",
    "yahoo.ca",
    "yahoo.co.uk",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.com",
    "gmx.fr",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "sfr.fr",
    "neuf.fr",
    "laposte.net",
    "bbox.fr",
    "numericable.fr",
    "skynet.be",
    "telenet.be",
    "bluewin.ch",
    "videotron.ca",
    "sympatico.ca",
    "bell.net",
    "t-online.de",
    "libero.it",
    "mail.ru",
    "yandex.ru",
    "zoho.com",
    "fastmail.com",
    "tutanota.com",
    "hey.com",
];
/// Sites on which many companies have a page: no company's own domain.
const SHARED_SITES: &[&str] = &[
    "linkedin.com",
    "facebook.com",
    "instagram.com",
    "twitter.com",
    "x.com",
    "youtube.com",
    "github.io",
    "wixsite.com",
    "wordpress.com",
    "blogspot.com",
    "linktr.ee",
    "google.com",
    "malt.fr",
    "malt.com",
    "notion.site",
    "bit.ly",
];
/// Endings under which domains are registered at the third place.
const DOUBLE_ENDINGS: &[&str] = &[
    "co.uk", "org.uk", "ac.uk", "gov.uk", "com.au", "net.au", "org.au", "co.nz", "com.br", "com.mx", "com.ar", "co.jp", "co.in",
    "co.za", "com.sg", "com.hk", "com.tr", "co.il", "com.cn", "asso.fr", "gouv.fr", "qc.ca", "gc.ca", "on.ca",
];

/// The registrable domain of a web address, host or e-mail address; `None` for free mail and shared sites.
pub fn registrable_domain(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let address = match text.rsplit_once('@') {
        Some((_, host)) => format!("http://{host}"),
        None if text.contains("://") => text,
        None => format!("http://{text}"),
    };
    // The parser gives a host its one form, letters of other alphabets as `xn--…`: so one company has one domain.
    let address = url::Url::parse(&address).ok()?;
    let host = address.host_str()?;
    let host = host.trim_end_matches('.');
    let labels: Vec<&str> = host.split('.').collect();
    let word = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    if labels.len() < 2 || !labels.iter().all(word) || labels.last().is_some_and(|end| end.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let ending = labels[labels.len() - 2..].join(".");
    let take = if DOUBLE_ENDINGS.contains(&ending.as_str()) { 3 } else { 2 };
    let domain = labels[labels.len().checked_sub(take)?..].join(".");
    (!FREE_MAIL.contains(&domain.as_str()) && !SHARED_SITES.contains(&domain.as_str())).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_written() {
        let check = |text, expected| assert_eq!(read_size(text), expected, "{text}");
        check("2-10", Some((2, Some(10))));
        check("1,001-5,000 employees", Some((1001, Some(5000))));
        check("1 001 à 5 000 employés", Some((1001, Some(5000))));
        check("1\u{202f}001 – 5\u{202f}000", Some((1001, Some(5000))));
        check("10,001+", Some((10_001, None)));
        check("Plus de 10 000", Some((10_000, None)));
        check("35", Some((35, Some(35))));
        check("many", None);
        check("99999999999", None);
        check("10-2", None);
    }

    #[test]
    fn bands_are_in_order() {
        let check = |employees, place| assert_eq!(Band::of(employees), Band(place), "{employees}");
        check(0, 0);
        check(1, 0);
        check(2, 1);
        check(10, 1);
        check(11, 2);
        check(200, 3);
        check(10_000, 7);
        check(10_001, 8);
        assert_eq!(Band::of(u32::MAX), Band::HIGHEST);
    }

    #[test]
    fn a_company_is_known_by_its_registrable_domain() {
        let check = |text, expected: Option<&str>| assert_eq!(registrable_domain(text).as_deref(), expected, "{text}");
        check("https://www.brumelis.example/contact", Some("brumelis.example"));
        check("Ada@Mail.Brumelis.example", Some("brumelis.example"));
        check("shop.brumelis.co.uk", Some("brumelis.co.uk"));
        check("ada@gmail.com", None);
        check("ada@Brûmelis.example", Some("xn--brmelis-g2a.example"));
        check("https://brûmelis.example/", Some("xn--brmelis-g2a.example"));
        check("https://www.linkedin.com/company/x", None);
        check("localhost", None);
        check("http://127.0.0.1/", None);
        check("not a domain", None);
    }
}
