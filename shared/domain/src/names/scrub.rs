//! Takes off what surrounds a name: decoration, brackets, quotes, tags, and everything behind a separator.

use unicode_normalization::UnicodeNormalization;

/// Plain letters for decorative ones, no invisible characters, no bracketed or quoted parts.
pub fn normalise(raw: &str) -> String {
    let visible: String = raw
        .chars()
        .filter(|c| {
            !matches!(c, '™' | '®' | '©' | '℠' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}')
        })
        .collect();
    let plain: String = visible.nfkc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    without_enclosed(&plain)
}

/// Drops “(She/Her)”, “[…]”, “"Bob"”, «…» with what they hold. An opening mark without its end goes alone.
fn without_enclosed(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let Some(closing) = closing_of(c) else {
            kept.push(c);
            continue;
        };
        kept.push(' ');
        if let Some(at) = rest.find(closing) {
            rest = &rest[at + closing.len_utf8()..];
        }
    }
    kept
}

fn closing_of(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '"' => '"',
        '“' | '”' | '„' => '”',
        '«' => '»',
        _ => return None,
    })
}

/// The piece that holds the name: what stands before the first bar, dash, degree marker or emoji, where a
/// single token before an emoji is joined by a single token behind it (“Julie 🍀 Roy”).
pub fn first_segment(plain: &str) -> String {
    let before_separator = cut_at_separator(plain);
    let mut pieces = before_separator
        .split(is_decoration)
        .map(|piece| piece.split_whitespace().filter(|word| !is_noise(word)).collect::<Vec<_>>())
        .filter(|piece| !piece.is_empty());
    let mut name: Vec<&str> = pieces.next().unwrap_or_default();
    if name.len() == 1
        && let Some(next) = pieces.next()
        && next.len() <= 2
    {
        name.extend(next);
    }
    name.join(" ").trim_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned()
}

fn is_noise(word: &str) -> bool {
    // Hashtags, mentions, bare pronouns (she/her) and the rest of a degree marker.
    word.starts_with(['#', '@']) && word.len() > 1 || word.contains('/') || !word.chars().any(|c| c.is_alphanumeric() || c == '&')
}

fn cut_at_separator(plain: &str) -> &str {
    let text = plain.trim_matches(|c: char| c.is_whitespace() || "|•·∙–—-~:;/".contains(c));
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        let strong = matches!(c, '|' | '•' | '·' | '∙' | '–' | '—' | '~' | ':' | ';' | '→' | '►' | '⁃' | '‖' | '│' | '/' | '\\');
        let around = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let dash = c == '-' && around(text[..at].chars().next_back()) && around(text[at + 1..].chars().next());
        // “Directeur·rice” and “1er/2e” aside, these marks part a name from what follows only with a blank near.
        let blank_near = around(text[..at].chars().next_back()) || around(text[at + c.len_utf8()..].chars().next());
        if dash || strong && (blank_near || matches!(c, '|' | '•' | '·')) {
            end = at;
            break;
        }
    }
    text[..end].trim()
}

/// Emoji, stars and other signs that no name holds.
fn is_decoration(c: char) -> bool {
    let kept = c.is_alphanumeric()
        || c.is_whitespace()
        || matches!(c, '\'' | '’' | '-' | '.' | ',' | '&' | '#' | '@' | '/' | '!' | '+' | '`' | '‐' | '‑');
    !kept && !unicode_normalization::char::is_combining_mark(c)
}
