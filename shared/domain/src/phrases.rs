//! Phrase tables: many phrases of whole words, each with a meaning, found in one pass over a text.

use std::collections::HashMap;

/// Phrases by their first word. In a phrase, `stem*` stands for any word that begins with the stem, and `_`
/// (never first) for any one word.
pub struct PhraseTable<T> {
    exact: HashMap<&'static str, Vec<Phrase<T>>>,
    /// By the first four bytes of the stem of the first word.
    stems: HashMap<&'static str, Vec<Phrase<T>>>,
}

struct Phrase<T> {
    words: Vec<&'static str>,
    meaning: T,
}

/// A phrase found in a run of words: `from..to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<T> {
    pub from: usize,
    pub to: usize,
    pub meaning: T,
}

const STEM_KEY_BYTES: usize = 4;

impl<T: Copy> PhraseTable<T> {
    /// Builds a table of groups of phrases, folded as `fold` does, parted by semicolons. A first word that is
    /// a stem has four letters or more; shorter ones are taken as written.
    pub fn new(groups: &[(T, &'static str)]) -> Self {
        let mut table = Self { exact: HashMap::new(), stems: HashMap::new() };
        for (meaning, list) in groups {
            for phrase in list.split(';') {
                let words: Vec<&'static str> = phrase.split_whitespace().collect();
                let Some(first) = words.first().copied() else { continue };
                let stem = first.strip_suffix('*').and_then(|stem| stem.get(..STEM_KEY_BYTES));
                let bucket = match stem {
                    Some(key) => table.stems.entry(key),
                    None => table.exact.entry(first),
                };
                bucket.or_default().push(Phrase { words, meaning: *meaning });
            }
        }
        for phrases in table.exact.values_mut().chain(table.stems.values_mut()) {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
        table
    }

    /// The longest phrase that begins at a word.
    pub fn longest(&self, words: &[&str], at: usize) -> Option<Match<T>> {
        let word = words[at];
        let exact = self.exact.get(word).and_then(|phrases| first_fit(phrases, words, at));
        let stem =
            word.get(..STEM_KEY_BYTES).and_then(|key| self.stems.get(key)).and_then(|phrases| first_fit(phrases, words, at));
        match (exact, stem) {
            (Some(exact), Some(stem)) if stem.to > exact.to => Some(stem),
            (exact, stem) => exact.or(stem),
        }
    }

    /// All phrases of a run of words, longest first, without overlaps.
    pub fn matches(&self, words: &[&str]) -> Vec<Match<T>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.longest(words, at) {
                Some(phrase) => {
                    at = phrase.to;
                    found.push(phrase);
                }
                None => at += 1,
            }
        }
        found
    }

    /// Whether any phrase occurs.
    pub fn occurs(&self, words: &[&str]) -> bool {
        (0..words.len()).any(|at| self.longest(words, at).is_some())
    }
}

fn first_fit<T: Copy>(phrases: &[Phrase<T>], words: &[&str], at: usize) -> Option<Match<T>> {
    phrases.iter().find_map(|phrase| {
        let run = words.get(at..at + phrase.words.len())?;
        let fits = phrase.words.iter().zip(run).all(|(pattern, word)| match pattern.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => pattern == word || *pattern == "_",
        });
        fits.then_some(Match { from: at, to: at + phrase.words.len(), meaning: phrase.meaning })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_stems_match_word_beginnings() {
        let table = PhraseTable::new(&[('a', "pas mal; inter*"), ('b', "pas mal du tout; interess* beaucoup; ne _ pas")]);
        let found = |text: &'static str| {
            let words: Vec<&str> = text.split(' ').collect();
            table.matches(&words).iter().map(|hit| (hit.meaning, hit.from, hit.to)).collect::<Vec<_>>()
        };
        assert_eq!(found("c est pas mal du tout"), [('b', 2, 6)]);
        assert_eq!(found("interessant beaucoup pas mal"), [('b', 0, 2), ('a', 2, 4)]);
        assert_eq!(found("il ne veut pas"), [('b', 1, 4)]);
    }
}
