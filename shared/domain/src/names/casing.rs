//! The letter case of names that come in all capitals or all small letters.

use super::lexicon::is_small_particle;
use crate::fold::fold;

/// Re-cases a name that is all capitals or all small; in a mixed name only tokens that are all capitals.
pub fn recase(tokens: &[String]) -> Vec<String> {
    let letters = || tokens.iter().flat_map(|token| token.chars()).filter(|c| c.is_alphabetic());
    let all_small = letters().all(|c| !c.is_uppercase()) && letters().any(char::is_lowercase);
    let odd = tokens.iter().any(|token| has_odd_case(token));
    let given_initials = |at: usize, token: &str| at == 0 && token.chars().count() == 2 && tokens.len() > 1 && lacks_vowel(token);
    tokens
        .iter()
        .enumerate()
        .map(|(at, token)| {
            let capital = is_capital(token);
            if all_small || odd || capital && !given_initials(at, token) { proper(token, at == 0) } else { token.clone() }
        })
        .collect()
}

fn is_capital(token: &str) -> bool {
    token.chars().filter(|c| c.is_alphabetic()).count() > 1 && !token.chars().any(char::is_lowercase)
}

fn lacks_vowel(token: &str) -> bool {
    !fold(token).contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// Circled and other decorative letters leave “FaRgE” behind: small and capital letters in turn.
pub fn has_odd_case(token: &str) -> bool {
    let letters: Vec<char> = token.chars().filter(|c| c.is_alphabetic()).collect();
    let turns = letters.windows(2).skip(1).filter(|pair| pair[0].is_lowercase() && pair[1].is_uppercase()).count();
    turns > 1
}

fn proper(token: &str, leading: bool) -> String {
    let lower = token.to_lowercase();
    let folded = fold(&lower);
    if !leading && is_small_particle(&folded) {
        return lower;
    }
    // French “de la”: the article goes small with the particle; “Le Goff” and “La Rue” keep their capital.
    lower.split('-').map(proper_part).collect::<Vec<_>>().join("-")
}

fn proper_part(part: &str) -> String {
    if let Some((before, after)) = part.split_once(['\'', '’']) {
        let mark = &part[before.len()..part.len() - after.len()];
        let head = if before == "d" { before.to_owned() } else { capitalised(before) };
        return format!("{head}{mark}{}", capitalised(after));
    }
    match part.strip_prefix("mc") {
        Some(rest) if rest.chars().count() > 2 => format!("Mc{}", capitalised(rest)),
        _ => capitalised(part),
    }
}

fn capitalised(part: &str) -> String {
    let mut chars = part.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// “de LA Tour” after re-casing: the article behind “de” is small.
pub fn lower_article(tokens: &mut [String]) {
    for at in 1..tokens.len() {
        if tokens[at - 1] == "de" && matches!(tokens[at].as_str(), "La" | "Las" | "Los") {
            tokens[at] = tokens[at].to_lowercase();
        }
    }
}
