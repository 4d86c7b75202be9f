//! Fields left unfilled: `{{prenom}}`, `[NOM]`, `<company>`, `%COMPANY%`, `XXX`, “undefined”.

use crate::fold::fold;
use std::ops::Range;

/// Longest field, in bytes.
const FIELD_MAX: usize = 60;

const PAIRS: &[(&str, &str)] = &[
    ("{{", "}}"),
    ("${", "}"),
    ("{", "}"),
    ("[", "]"),
    ("<", ">"),
    ("%", "%"),
    ("*|", "|*"),
    ("#", "#"),
    ("__", "__"),
    ("@@", "@@"),
    ("$", "$"),
];

/// Words that stand for a value that was missing.
const WORDS: &[&str] = &["undefined", "null", "xxx", "xxxx", "xxxxx", "todo", "tbd", "lorem", "insert_name"];

/// What brackets hold when a person was to fill them: “(prénom)”.
const NAMED: &[&str] = &[
    "prenom",
    "nom",
    "entreprise",
    "societe",
    "poste",
    "ville",
    "first name",
    "firstname",
    "last name",
    "name",
    "company",
    "your name",
    "votre nom",
    "votre prenom",
];

/// The places of the fields, in order, without overlaps.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut paired: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(rest) = text.get(at..) else {
            at += 1;
            continue;
        };
        match field_at(rest) {
            Some(len) => {
                paired.push(at..at + len);
                at += len;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    let mut found = paired.clone();
    found.extend(words(text).into_iter().filter(|w| !paired.iter().any(|p| p.start <= w.start && w.end <= p.end)));
    found.extend(empty_greeting(text));
    found.sort_by_key(|r| r.start);
    found
}

fn field_at(rest: &str) -> Option<usize> {
    let paired = PAIRS.iter().find_map(|(open, close)| {
        let inner = rest.strip_prefix(open)?;
        let len = inner.find(close)?;
        let held = &inner[..len];
        (len <= FIELD_MAX && is_field(held, open)).then_some(open.len() + len + close.len())
    });
    paired.or_else(|| {
        let inner = rest.strip_prefix('(')?;
        let len = inner.find(')').filter(|len| *len <= FIELD_MAX)?;
        NAMED.contains(&fold(inner[..len].trim()).as_str()).then_some(len + 2)
    })
}

/// A name of a field has letters and no sentence; between % and # it has no blank, or “30 % … 6 %” would be one.
fn is_field(held: &str, open: &str) -> bool {
    let letters = held.chars().filter(|c| c.is_alphabetic()).count();
    let plain = held.chars().all(|c| c.is_alphanumeric() || " _-.'’|/éèà:".contains(c));
    let tight = matches!(open, "%" | "#" | "__" | "@@" | "$");
    letters >= 2 && plain && !(tight && (held.contains(char::is_whitespace) || held.starts_with(|c: char| c.is_numeric())))
}

fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for piece in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')) {
        let named = piece.trim_matches('_').contains('_') || piece.starts_with("___");
        let variable = piece.strip_prefix('$').is_some_and(|rest| rest.starts_with(char::is_alphabetic) && rest.len() > 2);
        if named || variable || WORDS.contains(&fold(piece).as_str()) {
            let start = piece.as_ptr() as usize - text.as_ptr() as usize;
            found.push(start..start + piece.len());
        }
    }
    found
}

/// “Bonjour ,”: the name that stood there was empty.
fn empty_greeting(text: &str) -> Option<Range<usize>> {
    let first = text.trim_start();
    let start = text.len() - first.len();
    let word = first.find(|c: char| !c.is_alphabetic())?;
    let greets =
        ["bonjour", "salut", "bonsoir", "hi", "hello", "dear", "hey", "cher", "chere"].contains(&fold(&first[..word]).as_str());
    let comma = first[word..].trim_start_matches([' ', '\u{a0}']);
    (greets && comma.starts_with(',') && first[word..].len() > comma.len()).then(|| start..text.len() - comma.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(find(text).into_iter().map(|r| &text[r]).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn fields_are_found_and_figures_are_not() {
        check("Bonjour {{first_name}},", &["{{first_name}}"]);
        check("Chez [nom du groupe] ou %COMPANY%", &["[nom du groupe]", "%COMPANY%"]);
        check("and <company> came up", &["<company>"]);
        check("Bonjour (prénom), Bonjour XXX", &["(prénom)", "XXX"]);
        check("Bonjour , merci", &["Bonjour ,"]);
        check("de 22 % à 6 % de clics, 1 < 2 > 0", &[]);
        check("Bonjour Hugo, (enfin, le post) [1]", &[]);
    }
}
