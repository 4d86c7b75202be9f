//! Profile addresses: what a pasted or delivered LinkedIn address names, and the one key of it.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// What a raw address names. Source: docs/rules.md, “Identity”.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "key")]
pub enum ProfileUrl {
    /// A vanity name: decoded, NFC, lower case.
    Slug(String),
    /// A member id (`ACoAA…`), case kept.
    MemberId(String),
    /// A company, school or showcase page: lower-case slug or number.
    Company(String),
    /// A Sales Navigator address, which nobody outside that product can read.
    SalesNavigator,
    /// A post where a profile is expected.
    Post,
    /// A page of search results.
    Search,
    /// Anything else.
    Invalid,
}

impl ProfileUrl {
    /// The wire name of the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Slug(_) => "slug",
            Self::MemberId(_) => "member_id",
            Self::Company(_) => "company",
            Self::SalesNavigator => "sales_navigator",
            Self::Post => "post",
            Self::Search => "search",
            Self::Invalid => "invalid",
        }
    }

    /// The slug, id or company key, where there is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Slug(key) | Self::MemberId(key) | Self::Company(key) => Some(key),
            _ => None,
        }
    }

    /// The one address of a person; `None` for everything that is not a person.
    pub fn canonical(&self) -> Option<String> {
        match self {
            Self::Slug(key) | Self::MemberId(key) => Some(format!("https://www.linkedin.com/in/{key}")),
            _ => None,
        }
    }
}

/// Reads an address, an urn or a bare member id. A bare word is nothing here.
///
/// The path decides; ids in the query are ignored. Source: docs/rules.md, “Identity”.
pub fn parse(raw: &str) -> ProfileUrl {
    let text = trim_invisible(raw);
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return ProfileUrl::Invalid;
    }
    if let Some(id) = member_id(text) {
        return ProfileUrl::MemberId(id);
    }
    if let Some(urn) = urn_text(text) {
        return read_urn(&urn);
    }
    match linkedin_path(text) {
        Some(segments) => read_path(&segments),
        None => ProfileUrl::Invalid,
    }
}

/// Takes blanks, zero-width characters, byte-order marks, angle brackets and quotes off both ends.
pub(crate) fn trim_invisible(raw: &str) -> &str {
    raw.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '<' | '>' | '"' | '\'' | '«' | '»' | '“' | '”'
            )
    })
}

/// A text that is a member id, as is. Letters, digits, `-` and `_` after `ACoAA`.
pub(crate) fn member_id(text: &str) -> Option<String> {
    let rest = text.strip_prefix("ACoAA")?;
    (!rest.is_empty() && is_id(rest)).then(|| text.to_owned())
}

pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The urn in a text that is one, decoded if it came percent-encoded.
pub(crate) fn urn_text(text: &str) -> Option<String> {
    let decoded = if text.contains('%') { percent_decoded(text)? } else { text.to_owned() };
    let prefix = decoded.get(..7)?;
    prefix.eq_ignore_ascii_case("urn:li:").then_some(decoded)
}

fn read_urn(urn: &str) -> ProfileUrl {
    let mut parts = urn.splitn(4, ':').skip(2);
    let (Some(space), Some(id)) = (parts.next(), parts.next()) else { return ProfileUrl::Invalid };
    match space {
        "fsd_profile" | "fs_miniProfile" | "fs_profile" | "profile" | "member" | "person" => match member_id(id) {
            Some(id) => ProfileUrl::MemberId(id),
            None => ProfileUrl::Invalid,
        },
        "company" | "fsd_company" | "fs_miniCompany" | "organization" | "school" if is_id(id) => {
            ProfileUrl::Company(id.to_ascii_lowercase())
        }
        "activity" | "ugcPost" | "share" if id.bytes().all(|b| b.is_ascii_digit()) && !id.is_empty() => ProfileUrl::Post,
        _ => ProfileUrl::Invalid,
    }
}

/// The decoded, non-empty path segments of an address on a LinkedIn host; `None` for any other text.
///
/// `in/…`, `company/…` without a host count as LinkedIn paths.
pub(crate) fn linkedin_path(text: &str) -> Option<Vec<String>> {
    let path = strip_host(text)?;
    let path = path.split(['?', '#']).next().unwrap_or("");
    path.split('/').filter(|segment| !segment.is_empty()).map(percent_decoded).collect()
}

fn strip_host(text: &str) -> Option<&str> {
    const BARE_PATHS: [&str; 5] = ["in", "pub", "company", "school", "showcase"];
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") => rest,
        Some((scheme, _)) if !scheme.contains(['/', '?', '#', '.']) => return None,
        _ => match text.strip_prefix("//") {
            Some(rest) => rest,
            None => {
                let path = text.strip_prefix('/').unwrap_or(text);
                let first = path.split('/').next().unwrap_or("");
                if path.contains('/') && BARE_PATHS.iter().any(|known| first.eq_ignore_ascii_case(known)) {
                    return Some(path);
                }
                text
            }
        },
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    is_linkedin(authority).then_some(path)
}

/// linkedin.com itself, www, m and the two-letter country hosts, on the usual ports, without user names.
fn is_linkedin(authority: &str) -> bool {
    let host = match authority.split_once(':') {
        Some((host, "443" | "80" | "")) => host,
        Some(_) => return false,
        None => authority,
    };
    let host = host.to_ascii_lowercase();
    match host.strip_suffix("linkedin.com") {
        Some("" | "www." | "m.") => true,
        Some(country) => country.len() == 3 && country.ends_with('.') && country[..2].bytes().all(|b| b.is_ascii_lowercase()),
        None => false,
    }
}

/// Decodes `%XX`; `None` for broken encodings, bytes that are not UTF-8, and control characters.
pub(crate) fn percent_decoded(segment: &str) -> Option<String> {
    let decoded = if segment.contains('%') {
        let mut bytes = Vec::with_capacity(segment.len());
        let mut rest = segment.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            if first == b'%' {
                let digit = |at: usize| tail.get(at).and_then(|b| (*b as char).to_digit(16));
                bytes.push((digit(0)? * 16 + digit(1)?) as u8);
                rest = &tail[2..];
            } else {
                bytes.push(first);
                rest = tail;
            }
        }
        String::from_utf8(bytes).ok()?
    } else {
        segment.to_owned()
    };
    (!decoded.chars().any(char::is_control)).then_some(decoded)
}

fn read_path(segments: &[String]) -> ProfileUrl {
    let mut segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    // The light mobile site, notification mails and embeds put their own word before the usual path.
    while segments.first().is_some_and(|first| ["mwlite", "comm", "embed"].contains(&first.to_ascii_lowercase().as_str())) {
        segments.remove(0);
    }
    let Some((first, rest)) = segments.split_first() else { return ProfileUrl::Invalid };
    let second = rest.first().copied();
    match (first.to_ascii_lowercase().as_str(), second) {
        ("in", Some(name)) => read_name(name),
        ("pub", Some("dir")) => ProfileUrl::Search,
        ("pub", Some(name)) => read_old_name(name, &rest[1..]),
        ("company" | "school" | "showcase", Some(name)) => match slug(name) {
            Some(key) => ProfileUrl::Company(key),
            None => ProfileUrl::Invalid,
        },
        ("sales", Some(_)) => ProfileUrl::SalesNavigator,
        ("feed", Some("update")) if rest.len() > 1 => ProfileUrl::Post,
        ("posts", Some(_)) => ProfileUrl::Post,
        ("search", _) => ProfileUrl::Search,
        _ => ProfileUrl::Invalid,
    }
}

fn read_name(name: &str) -> ProfileUrl {
    if let Some(id) = member_id(name) {
        return ProfileUrl::MemberId(id);
    }
    if let Some(urn) = urn_text(name) {
        return match read_urn(&urn) {
            ProfileUrl::MemberId(id) => ProfileUrl::MemberId(id),
            _ => ProfileUrl::Invalid,
        };
    }
    match slug(name) {
        // “UNAVAILABLE” stands for deactivated members, “me” for whoever is signed in.
        Some(key) if key != "unavailable" && key != "me" => ProfileUrl::Slug(key),
        _ => ProfileUrl::Invalid,
    }
}

/// `/pub/name/a/b/c` became `name-cba` with b and c padded to three places.
fn read_old_name(name: &str, parts: &[&str]) -> ProfileUrl {
    let [a, b, c] = parts else { return ProfileUrl::Invalid };
    if [a, b, c].iter().any(|part| part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        return ProfileUrl::Invalid;
    }
    match slug(&format!("{name}-{c:0>3}{b:0>3}{a}")) {
        Some(key) => ProfileUrl::Slug(key),
        None => ProfileUrl::Invalid,
    }
}

/// A slug in its one form: NFC, lower case; `None` when it holds what no slug holds.
pub(crate) fn slug(name: &str) -> Option<String> {
    let name = trim_invisible(name);
    let bad = |c: char| c.is_whitespace() || c.is_control() || "/\\?#%@:<>\"&=,;()[]{}|".contains(c);
    let one_form: String = name.to_lowercase().nfc().collect();
    // Composing may itself make a sign of the list: the Greek question mark becomes a semicolon.
    let holds = |text: &str| !text.is_empty() && !text.chars().any(bad);
    (holds(name) && holds(&one_form)).then_some(one_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, kind: &str, key: Option<&str>) {
        let read = parse(raw);
        assert_eq!((read.kind(), read.key()), (kind, key), "{raw}");
    }

    #[test]
    fn the_path_decides() {
        check("https://ch.linkedin.com/in/Zo%C3%AB-Roy/details/skills?x=ACoAAb", "slug", Some("zoë-roy"));
        check("linkedin.com:443/in/a-b", "slug", Some("a-b"));
        check("/in/a-b/", "slug", Some("a-b"));
        check("https://www.linkedin.com/in/ACoAAbC_-9/", "member_id", Some("ACoAAbC_-9"));
        check("urn%3Ali%3Afsd_profile%3AACoAAbC", "member_id", Some("ACoAAbC"));
        check("https://www.linkedin.com/pub/a-b/1/2/3", "slug", Some("a-b-0030021"));
        check("https://www.linkedin.com/school/ÉCOLE/", "company", Some("école"));
    }

    #[test]
    fn look_alikes_and_bare_words_are_refused() {
        check("a-b", "invalid", None);
        check("https://linkedin.com.example/in/a-b", "invalid", None);
        check("https://www.linkedin.com@x.example/in/a-b", "invalid", None);
        check("https://www.linkedin.com:8443/in/a-b", "invalid", None);
        check("https://www.linkedin.com/in/me/", "invalid", None);
        check("https://www.linkedin.com/in/a\u{37e}b", "invalid", None);
        check("https://www.linkedin.com/in/%C3%28", "invalid", None);
        check("urn:li:fsd_profile:UNAVAILABLE", "invalid", None);
    }

    #[test]
    fn only_people_have_a_canonical_address() {
        assert_eq!(parse("in/A-B").canonical().as_deref(), Some("https://www.linkedin.com/in/a-b"));
        assert_eq!(parse("https://www.linkedin.com/company/a").canonical(), None);
    }
}
