//! What holds of every headline, comment and reply, whatever somebody typed.

use domain::{reply, titles, tone};
use jiff::Timestamp;
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "CEO",
    "Directrice",
    "·rice",
    "(e)",
    "commerciale",
    "&",
    "et",
    "and",
    "|",
    "@",
    "chez",
    ",",
    ".",
    "-",
    "–",
    "(",
    ")",
    "ex-",
    "bénévole",
    "mentor",
    "future",
    "Head of",
    "R&D",
    "Sales",
    "lead",
    "stage",
    "alternance 2026",
    "étudiant",
    "en recherche",
    "bientôt",
    "maintenant",
    "Chief",
    "Officer",
    "vie",
    "Founder",
    "mais",
    "pas",
    "super",
    "encore une",
    "?",
    "!",
    "…",
    "merci",
    "votre",
    "outil",
    "guide",
    "svp",
    "STOP",
    "👏",
    "🙄",
    "\u{301}",
    "\u{200d}",
    "é",
    "ß",
    " ",
    "\n",
    "1er",
    "mars",
    "12",
    "D'",
];

/// Pieces of headlines and comments, with and without blanks, and anything at all between them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => ".{0,3}"];
    prop::collection::vec((piece, any::<bool>()), 0..14)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, blank)| piece + if blank { " " } else { "" }).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_current_title_is_a_piece_of_the_headline(headline in text()) {
        let title = titles::read(&headline);
        prop_assert_eq!(title.is_current, title.current_title.is_some());
        prop_assert!(title.current_title.as_deref().is_none_or(|role| headline.contains(role) && !role.trim().is_empty()));
        prop_assert!(title.employer.as_deref().is_none_or(|employer| headline.contains(employer)));
        prop_assert_eq!(titles::read(&headline), title);
    }

    #[test]
    fn comments_and_replies_are_read_the_same_each_time(text in text()) {
        prop_assert_eq!(tone::read(&text), tone::read(&text));
        let received_at: Timestamp = "2026-10-14T09:00:00Z".parse().unwrap();
        let read = reply::read(&text, received_at);
        let dated = matches!(read.intent, reply::Intent::NotNow | reply::Intent::OutOfOffice);
        prop_assert!(read.until.is_none() || dated);
    }
}
