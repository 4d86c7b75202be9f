//! Which of French and English a short text is written in, by its function words.

use super::tokens::Token;
use crate::language::Language;

const FRENCH: &[&str] = &[
    "le", "la", "les", "des", "du", "de", "un", "une", "et", "ou", "est", "vous", "votre", "vos", "tu", "ton", "ta", "je", "j",
    "nous", "notre", "nos", "mon", "ma", "mes", "pour", "dans", "sur", "avec", "chez", "que", "qui", "qu", "d", "l", "c", "ce",
    "cette", "ces", "ne", "pas", "au", "aux", "en", "bonjour", "salut", "merci", "si", "plus", "mais", "donc", "ici", "son",
    "sa", "ses", "il", "elle", "ils", "ai", "avez", "sont", "moi", "comme", "par", "quand", "tout", "bien", "fait", "une",
    "mardi", "lundi", "jeudi", "vendredi", "mercredi", "serait", "seriez", "h",
];

const ENGLISH: &[&str] = &[
    "the",
    "a",
    "an",
    "of",
    "to",
    "and",
    "or",
    "is",
    "are",
    "was",
    "were",
    "you",
    "your",
    "i",
    "we",
    "our",
    "my",
    "me",
    "for",
    "in",
    "on",
    "with",
    "at",
    "that",
    "this",
    "it",
    "its",
    "if",
    "be",
    "have",
    "has",
    "had",
    "would",
    "could",
    "can",
    "will",
    "not",
    "by",
    "from",
    "here",
    "hi",
    "hello",
    "dear",
    "thanks",
    "thank",
    "about",
    "how",
    "what",
    "which",
    "who",
    "they",
    "their",
    "do",
    "does",
    "did",
    "as",
    "but",
    "so",
    "when",
    "tuesday",
    "monday",
    "thursday",
    "friday",
    "wednesday",
    "let",
    "us",
    "d",
    "ll",
    "ve",
    "re",
    "m",
    "s",
    "t",
];

/// Shared by both: they decide nothing.
const SHARED: &[&str] = &["a", "on", "d", "m", "s", "t", "me", "ou", "si", "son", "h", "re", "plus", "or", "us"];

/// French and English function words of the unquoted part.
fn counts(tokens: &[Token]) -> (usize, usize) {
    let own = |list: &[&str]| {
        let said = |t: &&Token| !t.quoted && !SHARED.contains(&t.folded.as_str()) && list.contains(&t.folded.as_str());
        tokens.iter().filter(said).count()
    };
    (own(FRENCH), own(ENGLISH))
}

/// Whether the text is surely not in `language`.
pub fn is_other_than(language: Language, tokens: &[Token]) -> bool {
    let (french, english) = counts(tokens);
    match language {
        Language::Fr => english >= 3 && english > french,
        Language::En => french >= 3 && french > english,
        Language::Other => false,
    }
}

/// Whether nothing in the text speaks against `language`: for a phrase that is to stand inside a text in it.
pub fn may_be(language: Language, tokens: &[Token]) -> bool {
    let (french, english) = counts(tokens);
    match language {
        Language::Fr => english <= french,
        Language::En => french <= english,
        Language::Other => true,
    }
}
