//! What words and phrases of a headline mean: a level, a function, a role. Longest phrase first.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use super::ranks::{Function, Seniority};
use super::words::{self, Word, is_article};
use super::{sectors, tables};

/// What a phrase says about the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing; the phrase only keeps its words from being read one by one (“account manager”).
    Unstated,
    /// A rank: the head noun of a title.
    Rank(Seniority),
    /// An adjective, read where no rank is stated (“senior”, “lead”).
    Adjective(Seniority),
    /// An assistant: ranks behind it are other people’s.
    Assistant,
}

/// How firmly a phrase names a function; the firmest decides, the first among equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmness {
    /// What a bare rank stands for; a speciality behind a comma wins.
    Default,
    /// A generic trade; a speciality beside it wins.
    Generic,
    /// A field of work.
    Field,
    /// General management: a sector beside it does not count.
    General,
    /// A trade of its own.
    Trade,
}

/// One phrase of the tables.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The words behind the first, each with whether “&” stands before it (“people & culture” is no “people culture”).
    rest: Vec<(String, bool)>,
    pub level: Level,
    pub function: Option<(Function, Firmness)>,
    /// Whether the phrase makes a role by itself.
    pub noun: bool,
}

/// A phrase found in a headline.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Indexes of its first word and of the word behind it.
    pub from: usize,
    pub to: usize,
    pub entry: &'static Entry,
}

/// Keys are the crate's own tables, so a cheap hash cannot be flooded from outside.
type Words<T> = HashMap<String, T, BuildHasherDefault<Fnv>>;

/// By the first word.
type Table = Words<Bucket>;

/// The phrases that begin with one word, by their second: “responsable” begins hundreds.
#[derive(Default)]
struct Bucket {
    alone: Option<Entry>,
    by_second: Words<Vec<Entry>>,
}

/// FNV-1a: the keys are short words, for which it is faster than the keyed default.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for group in sectors::GROUPS.iter().chain(tables::GROUPS) {
            for phrase in group.phrases.split(';').map(str::trim).filter(|phrase| !phrase.is_empty()) {
                let forms = words::cut(phrase).into_iter().filter(|word| !is_article(&word.form));
                let mut forms = forms.map(|word| (word.form, word.gap == words::Gap::And)).collect::<Vec<_>>().into_iter();
                let Some((first, _)) = forms.next() else { continue };
                let entry = Entry { rest: forms.collect(), level: group.level, function: group.function, noun: group.noun };
                let bucket = table.entry(first).or_default();
                match entry.rest.first() {
                    Some((second, _)) => bucket.by_second.entry(second.clone()).or_default().push(entry),
                    // Of two equal phrases the earlier group counts.
                    None => bucket.alone = bucket.alone.take().or(Some(entry)),
                }
            }
        }
        for entries in table.values_mut().flat_map(|bucket| bucket.by_second.values_mut()) {
            // Stable: of two equal phrases the earlier group counts.
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
        table
    })
}

/// The longest phrase that begins at `words[at]` and does not cross a comma or a stronger mark.
pub fn longest(words: &[Word], at: usize) -> Option<Found> {
    let bucket = table().get(&words[at].form)?;
    let second = words.get(past_articles(words, at + 1)).and_then(|second| bucket.by_second.get(&second.form));
    let long = second
        .and_then(|entries| entries.iter().find_map(|entry| Some(Found { from: at, to: end_of(entry, words, at)?, entry })));
    long.or_else(|| bucket.alone.as_ref().map(|entry| Found { from: at, to: at + 1, entry }))
}

/// The index behind the last word of a phrase that begins at `words[at]`, if all its words follow.
fn end_of(entry: &Entry, words: &[Word], at: usize) -> Option<usize> {
    let mut next = at + 1;
    for (part, joined) in &entry.rest {
        next = past_articles(words, next);
        let word = words.get(next)?;
        let apart = word.gap > words::Gap::And || (word.gap == words::Gap::And) != *joined;
        if word.form != *part || apart || word.aside != words[at].aside {
            return None;
        }
        next += 1;
    }
    Some(next)
}

fn past_articles(words: &[Word], from: usize) -> usize {
    (from..words.len()).find(|at| !is_article(&words[*at].form)).unwrap_or(words.len())
}

/// Every phrase in a run of words, without overlaps.
pub fn phrases(words: &[Word], from: usize, to: usize) -> Vec<Found> {
    let mut found = Vec::with_capacity(4);
    let mut at = from;
    while at < to {
        match longest(&words[..to], at) {
            Some(phrase) => {
                at = phrase.to;
                found.push(phrase);
            }
            None => at += 1,
        }
    }
    found
}
