//! A small language for turns of phrase, matched over folded words within one sentence.
//!
//! Words are written as folded: lower case, no accents, apostrophes and hyphens as blanks. `a|b` is either, `stem*` any
//! word that starts so, `_` any word, `?word` a word that may be missing, `~` up to four words.

use super::tokens::{Gap, Token};
use std::collections::HashMap;
use std::ops::Range;

#[derive(Debug)]
enum Part {
    Words { any: Vec<Word>, optional: bool },
    Any,
    Few,
}

#[derive(Debug)]
struct Word {
    text: &'static str,
    stem: bool,
}

/// A list of turns of phrase, one to a line.
#[derive(Debug)]
pub struct Phrases {
    all: Vec<Vec<Part>>,
    /// Which phrases may begin with a word, by its first two bytes; a text of a hundred words asks each of them.
    by_start: HashMap<[u8; 2], Vec<usize>>,
    /// Phrases that begin with something that may be missing.
    anywhere: Vec<usize>,
}

/// Most words that `~` stands for.
const FEW: usize = 4;

impl Phrases {
    pub fn new(lines: &'static str) -> Self {
        let all: Vec<Vec<Part>> = lines.lines().map(str::trim).filter(|l| !l.is_empty()).map(parse).collect();
        let (mut by_start, mut anywhere) = (HashMap::<_, Vec<usize>>::new(), Vec::new());
        for (index, phrase) in all.iter().enumerate() {
            match phrase.first() {
                Some(Part::Words { any, optional: false }) if any.iter().all(|w| !w.stem || w.text.len() > 1) => {
                    for word in any {
                        let bucket = by_start.entry(start_of(word.text)).or_default();
                        if bucket.last() != Some(&index) {
                            bucket.push(index);
                        }
                    }
                }
                _ => anywhere.push(index),
            }
        }
        Self { all, by_start, anywhere }
    }

    /// The phrases that may begin with this word.
    fn beginning(&self, word: &str) -> impl Iterator<Item = &Vec<Part>> {
        let bucket = self.by_start.get(&start_of(word)).map(Vec::as_slice).unwrap_or_default();
        bucket.iter().chain(&self.anywhere).map(|index| &self.all[*index])
    }

    /// Where the phrases occur, as ranges of words, the longest match of each start, in order, without overlaps.
    pub fn find(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for start in 0..tokens.len() {
            if found.last().is_some_and(|last: &Range<usize>| start < last.end) {
                continue;
            }
            let longest = self.beginning(&tokens[start].folded).filter_map(|phrase| matched(phrase, tokens, start, start)).max();
            if let Some(end) = longest.filter(|end| *end > start) {
                found.push(start..end);
            }
        }
        found
    }

    /// Where the phrases occur, and whether the same phrase occurs in `elsewhere` too.
    pub fn each_occurs(&self, tokens: &[Token], elsewhere: &[Token]) -> Vec<(Range<usize>, bool)> {
        let mut found = Vec::new();
        for start in 0..tokens.len() {
            for phrase in self.beginning(&tokens[start].folded) {
                if let Some(end) = matched(phrase, tokens, start, start) {
                    let known = (0..elsewhere.len()).any(|s| matched(phrase, elsewhere, s, s).is_some());
                    found.push((start..end, known));
                }
            }
        }
        found
    }
}

/// The first two bytes of a word, a zero for a missing one.
fn start_of(word: &str) -> [u8; 2] {
    let mut bytes = word.bytes();
    [bytes.next().unwrap_or(0), bytes.next().unwrap_or(0)]
}

fn parse(line: &'static str) -> Vec<Part> {
    line.split_whitespace()
        .map(|part| match part {
            "_" => Part::Any,
            "~" => Part::Few,
            part => {
                let (optional, words) = part.strip_prefix('?').map_or((false, part), |rest| (true, rest));
                let word = |w: &'static str| match w.strip_suffix('*') {
                    Some(stem) => Word { text: stem, stem: true },
                    None => Word { text: w, stem: false },
                };
                Part::Words { any: words.split('|').map(word).collect(), optional }
            }
        })
        .collect()
}

/// The end of the longest match of `phrase` at `at`; `start` is where the whole match began.
fn matched(phrase: &[Part], tokens: &[Token], start: usize, at: usize) -> Option<usize> {
    let Some((part, rest)) = phrase.split_first() else {
        return Some(at);
    };
    let here = tokens.get(at).filter(|t| at == start || t.gap < Gap::Sentence);
    match part {
        Part::Any => here.and_then(|_| matched(rest, tokens, start, at + 1)),
        Part::Few => {
            let within = |n: &usize| (at..at + n).all(|i| tokens.get(i).is_some_and(|t| i == start || t.gap < Gap::Sentence));
            (0..=FEW).filter(within).filter_map(|n| matched(rest, tokens, start, at + n)).max()
        }
        Part::Words { any, optional } => {
            let fits = |t: &Token| any.iter().any(|w| if w.stem { t.folded.starts_with(w.text) } else { t.folded == w.text });
            let taken = here.filter(|t| fits(t)).and_then(|_| matched(rest, tokens, start, at + 1));
            let skipped = if *optional { matched(rest, tokens, start, at) } else { None };
            taken.max(skipped)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn check(phrase: &'static str, text: &str, expected: Option<&str>) {
        let tokens = tokens(text, &[]);
        let found = Phrases::new(phrase).find(&tokens);
        let first = found.first().map(|r| &text[tokens[r.start].span.start..tokens[r.end - 1].span.end]);
        assert_eq!(first, expected, "{phrase} in {text}");
    }

    #[test]
    fn phrases_match_within_a_sentence() {
        check("n hesit* pas", "Surtout, n’hésitez pas à", Some("n’hésitez pas"));
        check("n hesit* pas", "n’hésitez. Pas", None);
        check("best in class", "a best-in-class offer", Some("best-in-class"));
        check("leve* ~ million*", "a levé plus de 12 millions d’euros", Some("levé plus de 12 millions"));
        check("mon|ma ?premiere invitation", "ma invitation", Some("ma invitation"));
        check("mon|ma ?premiere invitation", "ma première invitation", Some("ma première invitation"));
        check("tres _ bien", "très très bien", Some("très très bien"));
    }
}
