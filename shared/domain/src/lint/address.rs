//! How the person is spoken to: the name in the greeting, “tu” or “vous”.

use super::tokens::{Gap, Token};
use crate::fold::fold;
use std::ops::Range;

const GREETINGS: &[&str] =
    &["bonjour", "bonsoir", "salut", "allo", "coucou", "hi", "hello", "hey", "dear", "cher", "chere", "greetings", "morning"];

/// After these the family name follows, which is not checked.
const TITLES: &[&str] = &[
    "monsieur",
    "madame",
    "mademoiselle",
    "m",
    "mme",
    "mlle",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "docteur",
    "maitre",
    "me",
    "professeur",
    "prof",
];

/// Words that stand in a greeting without being a name.
const NOT_NAMES: &[&str] = &[
    "a", "et", "tous", "toutes", "chere", "cher", "dear", "there", "all", "team", "toi", "vous", "l", "la", "le", "equipe",
    "again", "good", "and", "from",
];

/// The words of the name that the text greets, empty when it greets none.
pub fn greeted(tokens: &[Token]) -> Range<usize> {
    let Some(greeting) = tokens.iter().take(3).position(|t| GREETINGS.contains(&t.folded.as_str())) else {
        return bare_name(tokens);
    };
    let mut start = greeting + 1;
    while tokens.get(start).is_some_and(|t| GREETINGS.contains(&t.folded.as_str()) && t.gap < Gap::Pause) {
        start += 1;
    }
    // “Bonjour, Paul” greets Paul; “Bonjour, merci” nobody
    let follows = |t: &Token, i: usize| t.capital && t.gap < if i == start { Gap::Sentence } else { Gap::Pause };
    let mut end = start;
    while tokens.get(end).is_some_and(|t| follows(t, end) && !NOT_NAMES.contains(&t.folded.as_str())) {
        end += 1;
    }
    if tokens.get(start).is_some_and(|t| TITLES.contains(&t.folded.as_str())) {
        return start..start;
    }
    start..end
}

/// “Malcolm, …”: a capitalised word alone before the first comma.
fn bare_name(tokens: &[Token]) -> Range<usize> {
    let mut end = 0;
    while tokens.get(end).is_some_and(|t| t.capital && (end == 0 || t.gap < Gap::Pause)) && end < 3 {
        end += 1;
    }
    let vocative = end > 0 && tokens.get(end).is_some_and(|t| t.gap == Gap::Pause);
    0..if vocative { end } else { 0 }
}

/// Whether the greeted words are the first name, with or without what follows it.
pub fn is_name_of(greeted: &[Token], first_name: &str) -> bool {
    let words: Vec<String> =
        fold(first_name).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let said: Vec<&str> = greeted.iter().map(|t| t.folded.as_str()).collect();
    !words.is_empty() && said.len() >= words.len() && words.iter().zip(&said).all(|(a, b)| a == b)
}

const VOUS: &[&str] = &["vous", "votre", "vos", "votres"];
const TU: &[&str] = &["tu", "te", "toi", "tes", "ta", "tien", "tienne", "tiens", "tiennes"];

/// Words in -ez that are no form of *vous*.
const NOT_VERBS: &[&str] = &[
    "chez",
    "assez",
    "nez",
    "rez",
    "fernandez",
    "lopez",
    "sanchez",
    "gonzalez",
    "rodriguez",
    "martinez",
    "gomez",
    "ramirez",
    "perez",
    "suez",
    "cortez",
    "merguez",
    "riz",
];

/// Before “ton” these make it a noun: “le ton”, “un ton”.
const DETERMINERS: &[&str] = &[
    "le", "un", "ce", "du", "au", "bon", "mauvais", "meme", "de", "son", "mon", "votre", "quel", "autre", "demi", "haut", "bas",
    "vrai", "leur", "notre",
];

/// After “ton” these make it a noun: “Ton juste”, “le ton change”.
const TON_VERBS: &[&str] = &["change", "monte", "est", "juste", "sur"];

/// Places of *tu* and of *vous* forms outside quotations.
pub fn forms(tokens: &[Token]) -> (Vec<usize>, Vec<usize>) {
    let (mut tu, mut vous) = (Vec::new(), Vec::new());
    for (i, token) in tokens.iter().enumerate().filter(|(_, t)| !t.quoted) {
        let previous = i.checked_sub(1).map(|p| &tokens[p]).filter(|_| token.gap < Gap::Pause);
        let next = tokens.get(i + 1);
        let irregular = matches!(token.folded.as_str(), "faites" | "dites") && next.is_some_and(|n| n.gap == Gap::Hyphen);
        if irregular || is_vous(token, previous) {
            vous.push(i);
        } else if is_tu(token, previous, next) {
            tu.push(i);
        }
    }
    (tu, vous)
}

fn is_vous(token: &Token, previous: Option<&Token>) -> bool {
    let word = token.folded.as_str();
    let meeting = previous.is_some_and(|p| p.folded == "rendez");
    if VOUS.contains(&word) {
        return !meeting;
    }
    word.len() > 3
        && word.ends_with("ez")
        && word != "rendez"
        && !NOT_VERBS.contains(&word)
        && (!token.capital || token.gap == Gap::Sentence)
}

fn is_tu(token: &Token, previous: Option<&Token>, next: Option<&Token>) -> bool {
    let word = token.folded.as_str();
    let before = previous.map_or("", |p| p.folded.as_str());
    let elided = next.is_some_and(|n| n.gap == Gap::Apostrophe);
    if token.acronym {
        return false;
    }
    match word {
        "t" => elided && !matches!(before, "a" | "aujourd") && token.gap != Gap::Hyphen,
        "ton" => {
            let noun_after = next.is_none_or(|n| n.gap >= Gap::Pause || TON_VERBS.contains(&n.folded.as_str()));
            !DETERMINERS.contains(&before) && !noun_after
        }
        "tien" | "tienne" | "tiens" => matches!(before, "le" | "la" | "les" | "au" | "du"),
        "moi" => {
            token.gap == Gap::Hyphen && (before.ends_with('s') || before.ends_with('e')) && !matches!(before, "faites" | "dites")
        }
        word => TU.contains(&word),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn check_name(text: &str, expected: &str) {
        let tokens = tokens(text, &[]);
        let range = greeted(&tokens);
        let said: Vec<_> = tokens[range].iter().map(|t| t.folded.as_str()).collect();
        assert_eq!(said.join(" "), expected, "{text}");
    }

    #[test]
    fn the_greeted_name_is_read() {
        check_name("Bonjour Jean-Sébastien, merci", "jean sebastien");
        check_name("Hi Owen!!\nOur payroll", "owen");
        check_name("Malcolm, call?", "malcolm");
        check_name("Bonjour, merci pour votre mot", "");
        check_name("Bonjour Monsieur Dupont,", "");
        check_name("Merci pour votre mot, Paul", "");
    }

    fn check_forms(text: &str, tu: usize, vous: usize) {
        let found = forms(&tokens(text, &[]));
        assert_eq!((found.0.len(), found.1.len()), (tu, vous), "{text}");
    }

    #[test]
    fn tu_and_vous_are_told_apart() {
        check_forms("Le ton change en rendez-vous", 0, 0);
        check_forms("Ton like m’a donné envie de t’écrire", 2, 0);
        check_forms("Réservez chez votre traiteur", 0, 2);
        check_forms("« tu as raison », a-t-il dit", 0, 0);
        check_forms("Dis-moi si ça te tente", 2, 0);
        check_forms("Faites-moi signe, regardez-moi ça", 0, 2);
    }
}
