//! Word-level difference between a draft as written and as edited, for the review page.

use serde::{Deserialize, Serialize};

/// The most words on either side that are compared one by one; past it the texts are shown as replaced.
const WORDS_MAX: usize = 2_000;

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// In both texts.
    Kept,
    /// Only in the original.
    Removed,
    /// Only in the edited text.
    Added,
}

/// A run of text with one fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub change: Change,
    pub text: String,
}

/// The difference of `original` and `edited`, word by word, in reading order.
///
/// The kept and removed pieces joined give `original` back, the kept and added ones `edited`. Removals come before the
/// additions that replace them. Source: docs/rules.md, “Drafts”.
pub fn words(original: &str, edited: &str) -> Vec<Piece> {
    let (before, after) = (split(original), split(edited));
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let tail = before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);

    let mut pieces = Vec::new();
    push(&mut pieces, Change::Kept, &before[..head]);
    if old.len() > WORDS_MAX || new.len() > WORDS_MAX {
        push(&mut pieces, Change::Removed, old);
        push(&mut pieces, Change::Added, new);
    } else {
        middle(&mut pieces, old, new);
    }
    push(&mut pieces, Change::Kept, &before[before.len() - tail..]);
    pieces
}

/// Walks the longest common subsequence of the two middles.
fn middle(pieces: &mut Vec<Piece>, old: &[&str], new: &[&str]) {
    let lengths = common_lengths(old, new);
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(pieces, Change::Kept, &old[i..=i]);
            i += 1;
            j += 1;
        } else if j == new.len() || (i < old.len() && lengths[i + 1][j] >= lengths[i][j + 1]) {
            push(pieces, Change::Removed, &old[i..=i]);
            i += 1;
        } else {
            push(pieces, Change::Added, &new[j..=j]);
            j += 1;
        }
    }
}

/// `[i][j]`: the length of the longest common subsequence of `old[i..]` and `new[j..]`.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut lengths = vec![vec![0u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] { lengths[i + 1][j + 1] + 1 } else { lengths[i + 1][j].max(lengths[i][j + 1]) };
        }
    }
    lengths
}

fn push(pieces: &mut Vec<Piece>, change: Change, words: &[&str]) {
    if words.is_empty() {
        return;
    }
    let text = words.concat();
    match pieces.last_mut() {
        Some(last) if last.change == change => last.text.push_str(&text),
        _ => pieces.push(Piece { change, text }),
    }
}

/// Words, runs of blanks and single punctuation marks, all of the text and in order.
fn split(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        let here = class(c);
        if previous.is_some_and(|p| p != here || here == 2) {
            words.push(&text[start..at]);
            start = at;
        }
        previous = Some(here);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(original: &str, edited: &str, expected: &str) {
        let pieces = words(original, edited);
        let shown: String = pieces
            .iter()
            .map(|p| match p.change {
                Change::Kept => p.text.clone(),
                Change::Removed => format!("[-{}-]", p.text),
                Change::Added => format!("[+{}+]", p.text),
            })
            .collect();
        assert_eq!(shown, expected);
        let side = |other: Change| pieces.iter().filter(|p| p.change != other).map(|p| p.text.as_str()).collect::<String>();
        assert_eq!(side(Change::Added), original);
        assert_eq!(side(Change::Removed), edited);
    }

    #[test]
    fn an_edit_is_shown_word_by_word() {
        check("", "", "");
        check("", "Bonjour", "[+Bonjour+]");
        check("Bonjour Anne,", "Bonjour Anne,", "Bonjour Anne,");
        check("Bonjour Anne,", "Bonjour Annie,", "Bonjour [-Anne-][+Annie+],");
        check("un deux trois", "un trois", "un [-deux -]trois");
        check("C’est ici.", "C’est là.", "C’est [-ici-][+là+].");
        check("a b c d", "b c x d", "[-a -]b c[+ x+] d");
    }

    #[test]
    fn texts_too_long_to_compare_are_shown_as_replaced() {
        let (a, b) = ("a ".repeat(WORDS_MAX), "b ".repeat(WORDS_MAX));
        let pieces = words(&a, &b);
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces[1].change, Change::Added);
    }
}
