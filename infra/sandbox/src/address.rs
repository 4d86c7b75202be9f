//! Reads what callers use to name a post, a person or a company.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

/// The three families of post ids. The same number under two kinds is two posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum PostKind {
    #[serde(rename = "activity")]
    Activity,
    #[serde(rename = "ugcPost")]
    UgcPost,
    #[serde(rename = "share")]
    Share,
}

impl PostKind {
    const ALL: [PostKind; 3] = [PostKind::Activity, PostKind::UgcPost, PostKind::Share];

    /// As written in urns and addresses.
    pub fn name(self) -> &'static str {
        match self {
            PostKind::Activity => "activity",
            PostKind::UgcPost => "ugcPost",
            PostKind::Share => "share",
        }
    }
}

/// The kind and id in `/posts/…-activity-7…-x`, `/feed/update/urn:li:share:7…`
/// or a bare urn, percent-encoded or not; what follows `?` or `#` is ignored.
pub fn post(text: &str) -> Option<(PostKind, u64)> {
    let decoded = decode(text);
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    PostKind::ALL.into_iter().find_map(|kind| {
        path.match_indices(kind.name()).find_map(|(at, name)| id_after(&path[at + name.len()..])).map(|id| (kind, id))
    })
}

fn id_after(rest: &str) -> Option<u64> {
    let digits = rest.strip_prefix(['-', ':'])?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    (end == 19).then(|| digits[..end].parse().ok())?
}

/// How a person is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonKey {
    /// `ACoAA…`, case kept.
    MemberId(String),
    /// Decoded, NFC, lower case.
    Slug(String),
}

/// A profile address, urn, bare member id or bare slug.
pub fn person(text: &str) -> Option<PersonKey> {
    let decoded = decode(text);
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    let key = match (path.split_once("/in/"), path.strip_prefix("urn:li:")) {
        (Some((_, rest)), _) => rest,
        (None, Some(urn)) => ["fsd_profile:", "person:", "fs_miniProfile:"].iter().find_map(|kind| urn.strip_prefix(kind))?,
        (None, None) => path,
    };
    let key = key.strip_prefix("urn:li:fsd_profile:").unwrap_or(key);
    let key = key.split('/').next().filter(|key| !key.is_empty() && !key.contains(':'))?;
    Some(match key.starts_with("ACoAA") {
        true => PersonKey::MemberId(key.to_owned()),
        false => PersonKey::Slug(slug(key)),
    })
}

/// The slug or number in `/company/…`, `/showcase/…` or `/school/…`.
pub fn company(text: &str) -> Option<String> {
    let decoded = decode(text);
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    ["/company/", "/showcase/", "/school/"].iter().find_map(|part| {
        let key = path.split_once(part)?.1.split('/').next()?;
        (!key.is_empty()).then(|| slug(key))
    })
}

/// NFC and lower case: how slugs are compared.
pub(crate) fn slug(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase()
}

/// Lower case without accents, other characters as single spaces: how search words are compared.
pub(crate) fn folded(text: &str) -> String {
    let plain: String = text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decode(text: &str) -> String {
    percent_decode_str(text.trim()).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_in_every_form() {
        let id = 7_526_554_376_605_354_069;
        for (text, expected) in [
            ("https://www.linkedin.com/posts/c_x-ugcPost-7526554376605354069-yC7t", Some((PostKind::UgcPost, id))),
            ("https://www.linkedin.com/posts/c_share-and-tell-share-7526554376605354069-a?utm=1", Some((PostKind::Share, id))),
            ("https://www.linkedin.com/feed/update/urn:li:activity:7526554376605354069/", Some((PostKind::Activity, id))),
            ("https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7526554376605354069", Some((PostKind::UgcPost, id))),
            ("urn:li:share:7526554376605354069", Some((PostKind::Share, id))),
            ("https://www.linkedin.com/in/claire-vasselin", None),
            ("https://www.linkedin.com/posts/c_x-activity-12-yC7t", None),
            ("", None),
        ] {
            assert_eq!(post(text), expected, "{text}");
        }
    }

    #[test]
    fn people_and_companies_in_every_form() {
        let slug = |text: &str| Some(PersonKey::Slug(text.into()));
        let id = |text: &str| Some(PersonKey::MemberId(text.into()));
        for (text, expected) in [
            ("https://www.linkedin.com/in/Adrien-Perrot/", slug("adrien-perrot")),
            ("https://fr.linkedin.com/in/adrien-perrot/?miniProfileUrn=x", slug("adrien-perrot")),
            ("https://www.linkedin.com/in/h%C3%A9l%C3%A8ne-ridley", slug("hélène-ridley")),
            ("https://www.linkedin.com/in/he\u{301}le\u{300}ne-ridley", slug("hélène-ridley")),
            ("https://www.linkedin.com/in/ACoAAxY", id("ACoAAxY")),
            ("urn:li:fsd_profile:ACoAAxY", id("ACoAAxY")),
            ("urn:li:person:ACoAAxY", id("ACoAAxY")),
            ("ACoAAxY", id("ACoAAxY")),
            ("adrien-perrot", slug("adrien-perrot")),
            ("https://www.linkedin.com/company/brumelis", None),
            ("urn:li:member:12", None),
            ("", None),
        ] {
            assert_eq!(person(text), expected, "{text}");
        }
        assert_eq!(company("https://www.linkedin.com/company/Brumelis/posts"), Some("brumelis".into()));
        assert_eq!(company("https://www.linkedin.com/in/x"), None);
        assert_eq!(folded("Directrice  commerciale @ Alvéole"), "directrice commerciale alveole");
    }
}
