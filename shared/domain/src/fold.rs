//! Folding: text without accents and case, cut into whole words, as every lexicon of this crate compares it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents, ligatures opened, typographic apostrophes and hyphens made plain.
///
/// Source: docs/rules.md, “Profile analysis”.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else if let Some(plain) = plain_letter(c) {
            folded.push(plain);
        } else {
            push_decomposed(c, &mut folded);
        }
    }
    folded
}

/// The letters that make up nearly all accented text, without the cost of a decomposition.
fn plain_letter(c: char) -> Option<char> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' | 'Å' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' | 'Í' | 'Ì' => 'i',
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'ø' | 'Ô' | 'Ö' | 'Ó' | 'Ò' | 'Õ' | 'Ø' => 'o',
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => 'u',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        'ł' | 'Ł' => 'l',
        'đ' | 'Đ' => 'd',
        'ÿ' | 'Ÿ' => 'y',
        '’' | '‘' | 'ʼ' | '´' | '＇' => '\'',
        '‐' | '‑' | '‒' => '-',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        _ => return None,
    })
}

fn push_decomposed(c: char, folded: &mut String) {
    match c {
        'œ' | 'Œ' => folded.push_str("oe"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'ß' | 'ẞ' => folded.push_str("ss"),
        _ => {
            for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
                folded.extend(part.to_lowercase());
            }
        }
    }
}

/// The whole words of a folded text: runs of letters and digits.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The whole words of a folded text joined by one space, with one at both ends, so that a phrase
/// with a space at both ends is found in it by whole words.
pub fn spaced(folded: &str) -> String {
    let mut line = String::with_capacity(folded.len() + 2);
    line.push(' ');
    for word in words(folded) {
        line.push_str(word);
        line.push(' ');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_are_folded() {
        assert_eq!(fold("Élève d’Œuvre, STRAẞE Łukasz"), "eleve d'oeuvre, strasse lukasz");
        assert_eq!(fold("E\u{301}lan"), "elan");
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words(&fold("L'ex-CTO, B2B !")).collect::<Vec<_>>(), ["l", "ex", "cto", "b2b"]);
        assert_eq!(spaced("a-b  c"), " a b c ");
    }
}
