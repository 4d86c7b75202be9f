//! Cuts a text into folded words that know where they stand: sentence, line, quotation, link.

use crate::fold::fold;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// What separates a word from the one before it, from weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing: “10” and “h” in “10h”.
    Glued,
    Hyphen,
    Apostrophe,
    Space,
    /// Comma, semicolon, colon, bracket, dash.
    Pause,
    /// End of a sentence or of a line, or the start of the text.
    Sentence,
}

/// One run of letters or of digits.
#[derive(Clone, Debug)]
pub struct Token {
    /// Lower case, no accents.
    pub folded: String,
    /// Bytes of the text.
    pub span: Range<usize>,
    pub gap: Gap,
    /// The sentence it belongs to, counted from 0.
    pub sentence: usize,
    /// Inside « », “ ” or " ".
    pub quoted: bool,
    pub capital: bool,
    /// Two capitals or more, or a digit glued to letters: CRM, B2B.
    pub acronym: bool,
    /// Followed by “%”.
    pub percent: bool,
}

impl Token {
    pub fn number(&self) -> Option<u64> {
        self.folded.parse().ok()
    }
}

/// The words of `text` in order, leaving out what lies in `masked` (links, addresses, fields).
pub fn tokens(text: &str, masked: &[Range<usize>]) -> Vec<Token> {
    let mut cutter = Cutter { text, tokens: Vec::new(), gap: Gap::Sentence, sentence: 0, quoted: false };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some(mask) = masked.iter().find(|m| m.contains(&at)) {
            while chars.next_if(|(next, _)| *next < mask.end).is_some() {}
            cutter.gap = cutter.gap.max(Gap::Space);
        } else if c.is_alphanumeric() {
            let digit = c.is_numeric();
            let mut end = at + c.len_utf8();
            while let Some((next, d)) = chars.next_if(|(_, d)| belongs(*d, digit)) {
                end = next + d.len_utf8();
            }
            cutter.word(at..end);
        } else {
            cutter.mark(at, c, chars.peek().map(|(_, next)| *next));
        }
    }
    let mut tokens = cutter.tokens;
    mark_acronyms(&mut tokens);
    tokens
}

fn belongs(c: char, digit: bool) -> bool {
    is_combining_mark(c) || (c.is_alphanumeric() && c.is_numeric() == digit)
}

struct Cutter<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    gap: Gap,
    sentence: usize,
    quoted: bool,
}

impl Cutter<'_> {
    fn word(&mut self, span: Range<usize>) {
        let raw = &self.text[span.clone()];
        if self.gap == Gap::Sentence && !self.tokens.is_empty() {
            self.sentence += 1;
        }
        self.tokens.push(Token {
            folded: fold(raw),
            gap: self.gap,
            sentence: self.sentence,
            quoted: self.quoted,
            capital: raw.starts_with(char::is_uppercase),
            acronym: raw.chars().filter(|c| c.is_uppercase()).count() > 1,
            percent: self.text[span.end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']).starts_with('%'),
            span,
        });
        self.gap = Gap::Glued;
    }

    fn mark(&mut self, at: usize, c: char, next: Option<char>) {
        let gap = match c {
            '«' | '“' => {
                self.quoted = true;
                Gap::Pause
            }
            '»' | '”' => {
                self.quoted = false;
                Gap::Pause
            }
            '"' => {
                self.quoted = !self.quoted;
                Gap::Pause
            }
            '\n' | '\r' => {
                // a quotation left open does not swallow the rest of the text
                self.quoted = false;
                Gap::Sentence
            }
            '.' if next.is_some_and(char::is_alphanumeric) && self.text[..at].ends_with(char::is_alphanumeric) => Gap::Space,
            '.' | '!' | '?' | '…' => Gap::Sentence,
            ',' | ';' | ':' | '(' | ')' | '[' | ']' | '–' | '—' | '/' => Gap::Pause,
            '\'' | '’' | 'ʼ' => Gap::Apostrophe,
            '-' | '‐' | '‑' => Gap::Hyphen,
            _ => Gap::Space,
        };
        self.gap = self.gap.max(gap);
    }
}

fn mark_acronyms(tokens: &mut [Token]) {
    for i in 1..tokens.len() {
        let digit = |t: &Token| t.number().is_some();
        if tokens[i].gap == Gap::Glued && digit(&tokens[i]) != digit(&tokens[i - 1]) {
            let units = ["h", "k", "m", "am", "pm", "min", "mn", "e", "er", "st", "nd", "rd", "th", "x"];
            let unit = |t: &Token| digit(t) || units.contains(&t.folded.as_str());
            if !(unit(&tokens[i]) && unit(&tokens[i - 1])) {
                tokens[i].acronym = true;
                tokens[i - 1].acronym = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_place() {
        let words = tokens("Bonjour Zoé, « c’est B2B ? »\n10h30 rendez-vous.", &[]);
        let folded: Vec<_> = words.iter().map(|t| t.folded.as_str()).collect();
        assert_eq!(folded, ["bonjour", "zoe", "c", "est", "b", "2", "b", "10", "h", "30", "rendez", "vous"]);
        assert!(words[2].quoted && !words[1].quoted && !words[7].quoted);
        assert!(words[5].acronym && !words[7].acronym);
        assert_eq!((words[0].sentence, words[7].sentence), (0, 1));
        assert_eq!(words[11].gap, Gap::Hyphen);
    }

    #[test]
    fn masked_stretches_give_no_words() {
        let words = tokens("ici https://a.example là", std::slice::from_ref(&(4..21)));
        assert_eq!(words.iter().map(|t| t.folded.as_str()).collect::<Vec<_>>(), ["ici", "la"]);
    }
}
