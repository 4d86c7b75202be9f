//! The words of a headline: folded, brought to one gender and number, with what stands between them.

use crate::fold::fold;

/// What stands before a word; the strongest mark between two words counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A hyphen, an apostrophe, a point or a slash without blanks.
    Joined,
    Blank,
    /// “&”, “+”, or a slash with blanks: a second role in the same breath.
    And,
    Comma,
    /// “@”: the employer follows.
    At,
    /// A bar: another segment, often the employer.
    Bar,
    /// A dash with blanks, a point, an emoji, an exclamation mark: another segment.
    Break,
}

/// One word of a headline.
#[derive(Clone, Debug)]
pub struct Word {
    /// The folded word as written.
    pub plain: String,
    /// Folded, masculine singular where the ending shows it.
    pub form: String,
    pub gap: Gap,
    /// Byte range in the headline.
    pub start: usize,
    pub end: usize,
    /// Inside brackets.
    pub aside: bool,
}

/// Cuts a headline into words. Inclusive endings (“·rice”, “(trice)”) and articles go, abbreviations with
/// points (“V.-P.”) and “R&D” become one word.
pub fn cut(headline: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(12);
    let mut depth = 0u32;
    let mut between_start = 0;
    let mut rest = headline;
    let mut aside_gap = false;
    while !rest.is_empty() {
        let offset = headline.len() - rest.len();
        let length = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
        if length == 0 {
            let c = rest.chars().next().unwrap_or(' ');
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => {
                    depth = depth.saturating_sub(1);
                    aside_gap = true;
                }
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let between = &headline[between_start..offset];
        let end = offset + length;
        let plain = fold(&headline[offset..end]);
        rest = &headline[end..];
        between_start = end;
        if plain.is_empty() || is_inclusive_ending(&plain, between, words.last()) {
            continue;
        }
        if let Some(last) = words.last_mut()
            && is_abbreviation(last, &plain, between)
        {
            last.plain.push_str(&plain);
            last.form = form(&last.plain);
            last.end = end;
            continue;
        }
        let mut gap = gap_of(between);
        if words.last().is_some_and(|last| ends_sentence(last, between)) {
            gap = gap.max(Gap::Break);
        }
        if aside_gap && depth == 0 && gap < Gap::Comma {
            gap = Gap::Blank;
        }
        if depth == 0 {
            aside_gap = false;
        }
        words.push(Word { form: form(&plain), plain, gap, start: offset, end, aside: depth > 0 });
    }
    if let Some(first) = words.first_mut() {
        first.gap = Gap::Break;
    }
    words
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

/// “Directeur·rice”, “Chargé(e)”, “président.e”, “directeur/trice”.
fn is_inclusive_ending(plain: &str, between: &str, last: Option<&Word>) -> bool {
    const ENDINGS: [&str; 19] = [
        "e", "es", "s", "x", "ne", "nes", "le", "te", "ve", "se", "rice", "rices", "trice", "trices", "ice", "euse", "euses",
        "ere", "eure",
    ];
    matches!(between, "·" | "(" | "." | "/" | "•" | "‧" | "⋅" | "-" | "(-")
        && last.is_some_and(|last| last.plain.len() > 3)
        && ENDINGS.contains(&plain)
}

fn is_abbreviation(last: &Word, plain: &str, between: &str) -> bool {
    let short = |text: &str| text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    let letters_so_far = last.plain.len() <= 4
        && last.end - last.start == last.plain.len() + (last.plain.len() - 1) * between.len()
        || short(&last.plain);
    short(plain)
        && letters_so_far
        && !between.is_empty()
        && between.len() <= 2
        && between.chars().all(|c| matches!(c, '.' | '-' | '&'))
}

/// “… la compta simple. Expert-comptable”: a full stop behind a long word ends a segment; behind a short one it
/// may abbreviate (“Dir. marketing”, “V.-P. Ventes”).
fn ends_sentence(last: &Word, between: &str) -> bool {
    let stop = between.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_whitespace));
    stop && last.plain.len() >= 6
}

fn gap_of(between: &str) -> Gap {
    let mut gap = if between.chars().any(char::is_whitespace) { Gap::Blank } else { Gap::Joined };
    let spaced = gap == Gap::Blank;
    let mut points = 0;
    for c in between.chars() {
        let found = match c {
            '|' | '│' | '‖' | '¦' => Gap::Bar,
            '@' => Gap::At,
            ',' => Gap::Comma,
            '&' | '+' => Gap::And,
            '/' | '\\' if spaced => Gap::And,
            '-' if spaced => Gap::Break,
            '.' => {
                points += 1;
                if points > 2 { Gap::Break } else { Gap::Joined }
            }
            '\'' | '’' | '`' | '-' | '‐' | '‑' | '/' | '(' | ')' | '[' | '{' | '"' | '“' | '”' | '#' | '*' | '\u{200d}'
            | '\u{fe0f}' => Gap::Joined,
            ']' | '}' => Gap::Break,
            c if c.is_whitespace() && c != '\n' => Gap::Joined,
            _ => Gap::Break,
        };
        gap = gap.max(found);
    }
    gap
}

/// The shared form of feminine, masculine, plural and singular, so that a table lists a word once.
fn form(plain: &str) -> String {
    match plain {
        "d" | "du" | "des" => return "de".to_owned(),
        "cheffe" | "cheffes" | "chefs" => return "chef".to_owned(),
        "avocate" | "avocates" => return "avocat".to_owned(),
        _ => {}
    }
    let mut word = plain;
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
        word = &word[..word.len() - 1];
    }
    const ENDINGS: [(&str, &str); 17] = [
        ("ointe", "oint"),
        ("maitresse", "maitre"),
        ("trice", "teur"),
        ("llere", "ller"),
        ("chere", "cher"),
        ("gere", "ger"),
        ("ienne", "ien"),
        ("euse", "eur"),
        ("eure", "eur"),
        ("iere", "ier"),
        ("ante", "ant"),
        ("ente", "ent"),
        ("elle", "el"),
        ("onne", "on"),
        ("ale", "al"),
        ("ive", "if"),
        ("ee", "e"),
    ];
    if word.len() > 4 {
        for (ending, shared) in ENDINGS {
            if let Some(stem) = word.strip_suffix(ending) {
                let mut shared_form = String::with_capacity(stem.len() + shared.len());
                shared_form.push_str(stem);
                shared_form.push_str(shared);
                return shared_form;
            }
        }
    }
    word.to_owned()
}

/// Words that phrases of the tables skip.
pub fn is_article(form: &str) -> bool {
    matches!(form, "l" | "la" | "le" | "les" | "the")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headline: &str, expected: &[&str]) {
        let forms: Vec<String> = cut(headline).into_iter().map(|word| word.form).collect();
        assert_eq!(forms, expected, "{headline}");
    }

    #[test]
    fn one_form_for_all_genders() {
        check("Directrices commerciales", &["directeur", "commercial"]);
        check("Directeur·rice régional·e", &["directeur", "regional"]);
        check("Chargé(e) d'études", &["charge", "de", "etude"]);
        check("Cheffe, présidente", &["chef", "president"]);
    }

    #[test]
    fn abbreviations_are_one_word() {
        check("V.-P. R&D", &["vp", "rd"]);
        check("C.E.O. @ X", &["ceo", "x"]);
    }

    #[test]
    fn the_strongest_mark_counts() {
        let gaps: Vec<Gap> = cut("A & B, C | D - E @F").into_iter().map(|word| word.gap).collect();
        assert_eq!(gaps, [Gap::Break, Gap::And, Gap::Comma, Gap::Bar, Gap::Break, Gap::At]);
    }
}
