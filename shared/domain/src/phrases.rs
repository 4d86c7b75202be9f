//! Phrase tables: many phrases of whole words, each with a meaning, found in one pass over a text.

use std::collections::HashMap;

/// Phrases by their first word. In a phrase, `stem*` stands for any word that begins with the stem, and `_`
/// (never first) for any one word.
pub struct PhraseTable<T> {
    exact: HashMap<&'static str, Bucket<T>>,
    /// By the first four bytes of the stem of the first word.
    stems: HashMap<&'static str, Vec<Phrase<T>>>,
}

/// The phrases that begin with one word, by their second: “pas” begins hundreds.
struct Bucket<T> {
    by_second: HashMap<&'static str, Vec<Phrase<T>>>,
    /// Of one word, or with a stem or `_` for the second.
    others: Vec<Phrase<T>>,
}

struct Phrase<T> {
    words: Vec<&'static str>,
    meaning: T,
    /// Of two equal phrases the earlier counts.
    order: usize,
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
        let listed = groups.iter().flat_map(|(meaning, list)| list.split(';').map(move |phrase| (*meaning, phrase)));
        for (order, (meaning, phrase)) in listed.enumerate() {
            table.insert(Phrase { words: phrase.split_whitespace().collect(), meaning, order });
        }
        let exact = table.exact.values_mut();
        let seconds = exact.flat_map(|bucket| bucket.by_second.values_mut().chain(std::iter::once(&mut bucket.others)));
        for phrases in seconds.chain(table.stems.values_mut()) {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
        table
    }

    fn insert(&mut self, phrase: Phrase<T>) {
        let Some(first) = phrase.words.first().copied() else { return };
        if let Some(key) = first.strip_suffix('*').and_then(|stem| stem.get(..STEM_KEY_BYTES)) {
            self.stems.entry(key).or_default().push(phrase);
            return;
        }
        let bucket = self.exact.entry(first).or_insert_with(|| Bucket { by_second: HashMap::new(), others: Vec::new() });
        match phrase.words.get(1).copied().filter(|second| *second != "_" && !second.ends_with('*')) {
            Some(second) => bucket.by_second.entry(second).or_default().push(phrase),
            None => bucket.others.push(phrase),
        }
    }

    /// The longest phrase that begins at a word.
    pub fn longest(&self, words: &[&str], at: usize) -> Option<Match<T>> {
        let word = words[at];
        let bucket = self.exact.get(word);
        let second = bucket.zip(words.get(at + 1)).and_then(|(bucket, next)| bucket.by_second.get(next));
        let others = bucket.map(|bucket| &bucket.others);
        let exact =
            longer(second.and_then(|phrases| first_fit(phrases, words, at)), others.and_then(|p| first_fit(p, words, at)));
        let stem =
            word.get(..STEM_KEY_BYTES).and_then(|key| self.stems.get(key)).and_then(|phrases| first_fit(phrases, words, at));
        let phrase = match (exact, stem) {
            (Some(exact), Some(stem)) if stem.words.len() > exact.words.len() => Some(stem),
            (exact, stem) => exact.or(stem),
        }?;
        Some(Match { from: at, to: at + phrase.words.len(), meaning: phrase.meaning })
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

fn longer<'p, T>(one: Option<&'p Phrase<T>>, other: Option<&'p Phrase<T>>) -> Option<&'p Phrase<T>> {
    [one, other].into_iter().flatten().min_by_key(|phrase| (std::cmp::Reverse(phrase.words.len()), phrase.order))
}

fn first_fit<'p, T>(phrases: &'p [Phrase<T>], words: &[&str], at: usize) -> Option<&'p Phrase<T>> {
    phrases.iter().find(|phrase| {
        words.get(at..at + phrase.words.len()).is_some_and(|run| {
            phrase.words.iter().zip(run).all(|(pattern, word)| match pattern.strip_suffix('*') {
                Some(stem) => word.starts_with(stem),
                None => pattern == word || *pattern == "_",
            })
        })
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
