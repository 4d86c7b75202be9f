//! Outside text made harmless: one line, no markup, no links, no control or direction marks, bounded.

use crate::lint::{mask_contacts, utf16_len};

/// Marks kept from outside text; everything else that is neither letter nor digit becomes a blank.
const KEPT: &str = ".,;:?'’-–&+€$£%°";

/// Longest first name, in UTF-16 units.
const NAME_MAX: usize = 30;

/// `text` as plain words of at most `units_max` UTF-16 units, cut between words with “…”; `None` when no two letters are left.
///
/// Links, addresses and phone numbers are left out, quotation marks dropped, so that it can stand inside a quotation.
/// Source: docs/rules.md, “Drafts”.
pub fn neutral(text: &str, units_max: usize) -> Option<String> {
    let bounded: String = text.chars().take(units_max.saturating_mul(8).max(400)).collect();
    let unmarked = without_markup(&without_markup(&bounded, "<", ">"), "{{", "}}");
    let plain: String = mask_contacts(&unmarked).chars().map(|c| if is_kept(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().filter(|w| w.len() < 60 || w.chars().count() < 40).collect();
    let joined = tidy(&words.join(" "));
    let cut = cut_between_words(&joined, units_max);
    (cut.chars().filter(|c| c.is_alphabetic()).count() >= 2).then_some(cut)
}

/// Longest piece of markup, in bytes; past it the bracket is only a bracket.
const MARKUP_MAX: usize = 200;

/// `text` with all that lies between `open` and `close` replaced by a blank.
fn without_markup(text: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let inner = &rest[start + open.len()..];
        match inner.find(close).filter(|len| *len <= MARKUP_MAX) {
            Some(len) => {
                out.push_str(&rest[..start]);
                out.push(' ');
                rest = &inner[len + close.len()..];
            }
            None => {
                out.push_str(&rest[..start + open.len()]);
                rest = inner;
            }
        }
    }
    out + rest
}

fn is_kept(c: char) -> bool {
    c.is_alphanumeric() || KEPT.contains(c) || ('\u{300}'..='\u{36f}').contains(&c)
}

/// No mark stands alone or doubled after what was taken out.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let lone = !word.chars().any(char::is_alphanumeric);
        let meant = matches!(word, "?" | ":" | ";" | "&" | "–" | "-" | "+" | "%" | "€" | "$" | "£");
        if word.is_empty() || (lone && (!meant || out.is_empty())) {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        let mut last = '\0';
        for c in word.chars() {
            if c != last || c.is_alphanumeric() {
                out.push(c);
            }
            last = c;
        }
    }
    out.trim_matches([' ', ',', ';', ':', '-', '–', '&', '+', '\'', '’']).to_owned()
}

/// The longest beginning that fits, ended by “…” when something is missing.
fn cut_between_words(text: &str, units_max: usize) -> String {
    if utf16_len(text) <= units_max {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split(' ') {
        let blank = usize::from(!kept.is_empty());
        if utf16_len(&kept) + blank + utf16_len(word) + 1 > units_max {
            break;
        }
        if blank == 1 {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    let kept = kept.trim_end_matches(|c: char| !c.is_alphanumeric());
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// A name that can follow a greeting: one to three words of letters, hyphens and apostrophes; `None` for anything else.
pub fn plain_name(text: &str) -> Option<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = name.split(' ').count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let plain = name.chars().all(|c| c.is_alphabetic() || " -'’".contains(c) || ('\u{300}'..='\u{36f}').contains(&c));
    let begins = name.starts_with(char::is_alphabetic) && name.ends_with(char::is_alphabetic);
    let fits = words <= 3 && utf16_len(&name) <= NAME_MAX && letters >= 2;
    let cased = name.chars().next().is_some_and(|c| !c.is_lowercase());
    (plain && begins && fits && cased).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, max: usize, expected: Option<&str>) {
        assert_eq!(neutral(text, max).as_deref(), expected, "{text}");
    }

    #[test]
    fn outside_text_becomes_one_plain_line() {
        check("Et ça marche\naussi <b>en industrie</b> ?", 80, Some("Et ça marche aussi en industrie ?"));
        check("Voir https://evil.example/x ou a@b.com !!!", 80, Some("Voir ou"));
        check("« Bravo » {{first_name}} [x] *gras*", 80, Some("Bravo x gras"));
        check("a\u{202e}b\u{200b}c \u{7}d", 80, Some("a b c d"));
        check("un deux trois quatre", 12, Some("un deux…"));
        check("👍👍", 80, None);
        check("anticonstitutionnellement", 10, None);
        check("Appelez le 06 12 34 56 78 merci...", 80, Some("Appelez le merci."));
    }

    #[test]
    fn only_names_follow_a_greeting() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(plain_name(text).as_deref(), expected, "{text}");
        check(" Jean-Sébastien ", Some("Jean-Sébastien"));
        check("Marie Claude", Some("Marie Claude"));
        check("{{first_name}}", None);
        check("J.", None);
        check("https://x.example", None);
        check("Bob <script>", None);
    }
}
