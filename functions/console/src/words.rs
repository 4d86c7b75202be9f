//! Texts for people, in both languages of the product, and which of the two a request wants.

use http::HeaderMap;

/// A text in French and in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The French wording.
    pub fr: String,
    /// The English wording.
    pub en: String,
}

/// A text from its two wordings.
pub fn text(fr: impl Into<String>, en: impl Into<String>) -> Text {
    Text { fr: fr.into(), en: en.into() }
}

/// The language of an answer's texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    #[default]
    French,
    English,
}

impl Tongue {
    /// What `Accept-Language` asks for; `None` when it names neither language.
    pub fn asked(headers: &HeaderMap) -> Option<Self> {
        let header = headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',').take(20) {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let tongue = match tag.split('-').next() {
                Some("fr") => Self::French,
                Some("en") => Self::English,
                _ => continue,
            };
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, tongue));
            }
        }
        best.map(|(_, tongue)| tongue)
    }

    /// The language of a workspace's locale.
    pub fn of_locale(locale: &str) -> Self {
        if locale.starts_with("en") { Self::English } else { Self::French }
    }

    /// The wording of `text` in this language.
    pub fn of(self, text: &Text) -> &str {
        self.pick(&text.fr, &text.en)
    }

    /// One of two wordings.
    pub fn pick<'t>(self, fr: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::French => fr,
            Self::English => en,
        }
    }

    /// The tag of `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<Tongue>) {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::ACCEPT_LANGUAGE, header.parse().expect("a header"));
        assert_eq!(Tongue::asked(&headers), expected, "{header}");
    }

    #[test]
    fn the_most_wanted_known_language_wins() {
        check("fr-CA,en;q=0.8", Some(Tongue::French));
        check("de, en-GB;q=0.5, fr;q=0.4", Some(Tongue::English));
        check("en;q=0, fr;q=0.1", Some(Tongue::French));
        check("de", None);
        check("*", None);
    }
}
