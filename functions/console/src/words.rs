//! Texts for people, in both languages of the product, and which of the two a request wants.

use domain::vocabulary::{MessageStatus, PostStatus, RunStatus};
use http::HeaderMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;

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

/// A message's state in words. Source: docs/rules.md and the product's vocabulary.
pub const fn message_state(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Draft => "brouillon",
        MessageStatus::PendingReview => "à valider",
        MessageStatus::Approved => "approuvé",
        MessageStatus::Scheduled => "planifié",
        MessageStatus::Sending => "en cours",
        MessageStatus::Sent => "envoyé",
        MessageStatus::Uncertain => "à vérifier",
        MessageStatus::Failed => "échoué",
        MessageStatus::Rejected => "refusé",
        MessageStatus::Cancelled => "annulé",
    }
}

/// A publication's state in words.
pub const fn post_state(status: PostStatus) -> &'static str {
    match status {
        PostStatus::Draft => "brouillon",
        PostStatus::PendingApproval => "à valider",
        PostStatus::Scheduled => "programmé",
        PostStatus::Publishing => "en cours",
        PostStatus::Published => "publié",
        PostStatus::Failed => "échoué",
        PostStatus::Rejected => "refusé",
    }
}

/// A collection's state in words.
pub const fn run_state(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Queued => "en attente",
        RunStatus::Running => "en cours",
        RunStatus::Paused => "en pause",
        RunStatus::Done => "terminé",
        RunStatus::Failed => "échoué",
        RunStatus::Cancelled => "annulé",
    }
}

/// An instant to come, as one says it: “aujourd’hui vers 14 h 20”.
pub fn instant(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Text {
    let (at, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()).date());
    let (fr, en) = if at.date() == today {
        ("aujourd’hui".to_owned(), "today".to_owned())
    } else if today.tomorrow().is_ok_and(|tomorrow| at.date() == tomorrow) {
        ("demain".to_owned(), "tomorrow".to_owned())
    } else {
        (at.strftime("le %d/%m").to_string(), at.strftime("on %-d %b").to_string())
    };
    let (hour, minute) = (at.hour(), at.minute());
    text(format!("{fr} vers {hour}\u{a0}h\u{a0}{minute:02}"), format!("{en} at about {hour:02}:{minute:02}"))
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

    #[test]
    fn instants_are_said_in_the_account_s_zone() {
        let zone = TimeZone::get("Europe/Paris").expect("a zone");
        let at = |raw: &str| raw.parse::<Timestamp>().expect("an instant");
        let now = at("2026-11-20T22:30:00Z");
        for (raw, fr, en) in [
            ("2026-11-20T22:45:00Z", "aujourd’hui vers 23\u{a0}h\u{a0}45", "today at about 23:45"),
            ("2026-11-20T23:05:00Z", "demain vers 0\u{a0}h\u{a0}05", "tomorrow at about 00:05"),
            ("2026-11-23T08:00:00Z", "le 23/11 vers 9\u{a0}h\u{a0}00", "on 23 Nov at about 09:00"),
        ] {
            assert_eq!(instant(at(raw), now, &zone), text(fr, en), "{raw}");
        }
    }
}
