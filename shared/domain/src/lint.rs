//! The lint: what stands against sending a text as it is, and where.

use crate::language::Language;
use crate::vocabulary::{CallToAction, Channel};
use serde::{Deserialize, Serialize};
use std::ops::Range;

mod address;
mod asks;
mod buzzwords;
mod claims;
mod contacts;
mod fields;
mod formulas;
mod names;
mod narration;
mod phrases;
mod reading;
mod shape;
mod times;
mod tokens;
mod tongue;

pub use contacts::mask as mask_contacts;
pub use shape::{Lines, limits, sms_segments, utf16_len};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $wire:literal, $weight:literal, $fr:literal, $en:literal;)+) => {
        /// What is wrong with a text. The wire name is pinned by the labelled drafts and by the interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FindingCode { $($(#[$doc])* #[serde(rename = $wire)] $variant),+ }

        impl FindingCode {
            /// Every code, in wire order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire),+ }
            }

            /// Points of the quality score that one such finding costs.
            const fn weight(self) -> u32 {
                match self { $(Self::$variant => $weight),+ }
            }

            const fn texts(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($fr, $en)),+ }
            }
        }
    };
}

codes! {
    /// The step asked for another kind of call to action, or for none.
    CtaMismatch = "cta_mismatch", 25, "L’appel à l’action n’est pas celui de l’étape.", "The call to action is not the step’s.";
    Exclamation = "exclamation", 15, "Un seul point d’exclamation au plus.", "One exclamation mark at most.";
    ForeignLink = "foreign_link", 40, "Ce lien n’est pas le vôtre.", "This link is not yours.";
    /// A phone number or an e-mail address that no fact holds.
    InventedContact = "invented_contact", 40, "Ce numéro ou cette adresse ne vient d’aucun fait.", "This number or address comes from no fact.";
    /// A time that is not among the free ones.
    InventedSlot = "invented_slot", 40, "Ce créneau n’est pas libre dans votre agenda.", "This time is not free in your calendar.";
    LineCount = "line_count", 15, "Un message compte de 3 à 6 lignes courtes.", "A message has 3 to 6 short lines.";
    MachinePhrase = "machine_phrase", 20, "Cette tournure sent la machine ; dites-le comme à l’oral.", "This is a stock phrase; say it as you would aloud.";
    NarratesThread = "narrates_thread", 35, "Ce passage raconte vos échanges à la personne.", "This passage tells the person about your own thread.";
    NoCta = "no_cta", 25, "Il manque l’appel à l’action de l’étape.", "The step’s call to action is missing.";
    /// “hier”, “this morning”: written one day, sent another.
    RelativeDate = "relative_date", 15, "Date relative : le message partira un autre jour.", "Relative date: the message goes out on another day.";
    SeveralCtas = "several_ctas", 25, "Une seule demande par message.", "One request per message.";
    TooLong = "too_long", 30, "Le texte dépasse la limite du canal.", "The text is over the channel’s limit.";
    TooShort = "too_short", 30, "Le texte est trop court pour dire pourquoi vous écrivez.", "The text is too short to say why you write.";
    TuVousMixed = "tu_vous_mixed", 25, "Le texte mêle « tu » et « vous ».", "The text mixes “tu” and “vous”.";
    UnfilledPlaceholder = "unfilled_placeholder", 60, "Un champ n’est pas rempli.", "A field is not filled in.";
    /// A figure, client, award, promise or piece of news that no fact holds.
    UnsupportedClaim = "unsupported_claim", 40, "Aucun fait ne soutient cette affirmation.", "No fact supports this claim.";
    Buzzword = "buzzword", 15, "Mot à la mode ; dites ce que vous faites.", "A buzzword; say what you do.";
    WrongCompany = "wrong_company", 50, "Ce n’est pas l’entreprise de la personne.", "This is not the person’s company.";
    WrongLanguage = "wrong_language", 50, "Le texte n’est pas dans la langue de la personne.", "The text is not in the person’s language.";
    WrongName = "wrong_name", 60, "Ce n’est pas le prénom de la personne.", "This is not the person’s first name.";
}

/// One thing wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: FindingCode,
    /// First UTF-16 unit of the place, as a text field of a browser counts.
    pub start: usize,
    /// The UTF-16 unit after the place.
    pub end: usize,
    pub text_fr: String,
    pub text_en: String,
}

impl Finding {
    /// The place in bytes of `text`, the text that was linted; clamped when `text` is another.
    pub fn byte_range(&self, text: &str) -> Range<usize> {
        let byte = |units: usize| {
            let mut seen = 0;
            let found = text.char_indices().find(|(_, c)| {
                let here = seen >= units;
                seen += c.len_utf16();
                here
            });
            found.map_or(text.len(), |(at, _)| at)
        };
        byte(self.start)..byte(self.end.max(self.start))
    }
}

/// What a text is held against.
#[derive(Clone, Debug)]
pub struct LintInput<'a> {
    pub text: &'a str,
    pub channel: Channel,
    /// The recipient's language; `Other` is not checked.
    pub language: Language,
    pub recipient_first_name: Option<&'a str>,
    pub recipient_company: Option<&'a str>,
    /// First name or signature of the sender, which the text may hold.
    pub sender: Option<&'a str>,
    /// Everything that may be claimed: the numbered facts and the offer.
    pub facts: &'a [String],
    /// The only link allowed; a text may also hold a longer address that starts with it.
    pub booking_url: Option<&'a str>,
    /// The free times that may be offered, as written in the text; `None` when nobody knows the calendar.
    pub slots: Option<&'a [String]>,
    /// The call to action of the step; `None` when only the channel's rule holds (one ask, an invitation needs none).
    pub cta: Option<CallToAction>,
    /// Most UTF-16 units of an invitation note: 200 on a free account, 300 on a paid one.
    pub note_limit: usize,
}

/// Everything that stands against sending the text as it is, by place, then by code. A clean text has no finding.
///
/// Source: docs/rules.md, “Lint”.
pub fn lint(input: &LintInput) -> Vec<Finding> {
    let mut findings = reading::Reading::of(input).findings();
    findings.sort_by_key(|f| (f.start, f.code, f.end));
    findings.dedup();
    findings
}

/// Whether a phrase may stand in a text in `language`: it does not read as the other of French and English.
pub fn may_be_in(language: Language, phrase: &str) -> bool {
    tongue::may_be(language, &tokens::tokens(phrase, &[]))
}

/// The quality shown on the card, 0–100: what the lint leaves of 100, times six tenths plus four tenths of `relevance`
/// (0–100, how well the text rests on what happened). A text with a grave finding stays low whatever its relevance.
///
/// Source: docs/rules.md, “Lint”.
pub fn quality(findings: &[Finding], relevance: u8) -> u8 {
    let mut codes: Vec<FindingCode> = findings.iter().map(|f| f.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let lost: u32 = codes.into_iter().map(FindingCode::weight).sum();
    let clean = 100u32.saturating_sub(lost);
    let share = 60 + 4 * u32::from(relevance.min(100)) / 10;
    u8::try_from(clean * share / 100).unwrap_or(100)
}
