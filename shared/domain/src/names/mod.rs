//! Names: the given name and surname in a display name, and whether it is a person’s at all.

mod casing;
mod lexicon;
mod scrub;

use crate::fold::{fold, words};
use lexicon::{
    is_also_surname, is_credential, is_given, is_job, is_organisation, is_particle, is_placeholder, is_surname_only, is_title,
};

/// A cleaned display name. Source: docs/rules.md, “Identity”.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanName {
    /// First and last name together; the plain name of what is no person; `None` when no name is left.
    pub clean: Option<String>,
    pub first: Option<String>,
    pub last: Option<String>,
    pub is_person: bool,
}

/// Takes emoji, titles, credentials, slogans, pronouns, degrees, nicknames and middle initials off a display
/// name, re-cases it where it is all capitals or all small, and sets the surname last where the order is certain.
///
/// Source: docs/rules.md, “Identity”.
pub fn clean(raw: &str) -> CleanName {
    let plain = scrub::normalise(raw);
    let segment = scrub::first_segment(&plain);
    if segment.is_empty() || is_hidden_member(&plain) {
        return CleanName::default();
    }
    if is_organisation_name(&segment) {
        return organisation(&segment);
    }
    let (tokens, surname_first) = ordered_tokens(&segment);
    let tokens = without_middle_initials(tokens);
    if tokens.is_empty() {
        return CleanName::default();
    }
    let mut cased = casing::recase(&tokens);
    casing::lower_article(&mut cased);
    if cased.len() == 1 && !is_lone_given_name(&cased[0]) {
        return organisation(&cased[0]);
    }
    let at = match surname_first {
        Some(given) => given,
        None => split_at(&cased),
    };
    // A middle initial may have gone from among the given names counted before.
    let (first, last) = cased.split_at(at.min(cased.len()));
    person(first, last)
}

fn person(first: &[String], last: &[String]) -> CleanName {
    let part = |tokens: &[String]| (!tokens.is_empty()).then(|| tokens.join(" "));
    let all: Vec<&str> = first.iter().chain(last).map(String::as_str).collect();
    CleanName { clean: Some(all.join(" ")), first: part(first), last: part(last), is_person: true }
}

fn organisation(name: &str) -> CleanName {
    let clean = name.trim();
    CleanName { clean: (!clean.is_empty()).then(|| clean.to_owned()), ..CleanName::default() }
}

/// “LinkedIn Member” and its kin in other languages, and plain placeholders.
fn is_hidden_member(plain: &str) -> bool {
    let folded = fold(plain);
    let all: Vec<&str> = words(&folded).collect();
    let placeholder =
        ["n a", "na", "unknown", "inconnu", "inconnue", "anonyme", "anonymous", "null", "none", "unavailable", "test"];
    placeholder.contains(&all.join(" ").as_str())
        || (all.contains(&"linkedin") && all.len() > 1 && all.iter().all(|word| *word == "linkedin" || is_placeholder(word)))
}

fn is_organisation_name(segment: &str) -> bool {
    let folded = fold(segment);
    // A comma sets a surname or a credential apart; what organisations are called stands before it.
    let head = folded.split(',').next().unwrap_or("");
    let all: Vec<&str> = words(head).collect();
    let domain_like =
        segment.split_whitespace().count() == 1 && segment.contains('.') && !segment.ends_with('.') && segment.len() > 5;
    let mixed_digit = all.iter().any(|word| word.bytes().any(|b| b.is_ascii_digit()));
    let named = all.iter().enumerate().any(|(at, word)| is_organisation(word) && !is_short_form_of_name(word, at, &all));
    domain_like || mixed_digit || named || head.contains('&') || head.contains('@')
}

/// Two-letter legal forms also occur as initials and particles (“Sa”, “Co”); they count at the end only, behind
/// something that is no given name.
fn is_short_form_of_name(word: &str, at: usize, all: &[&str]) -> bool {
    let legal_form = word.len() <= 2 && !["rh", "hr"].contains(&word);
    let leads = at == 0 && all.len() > 1 && !legal_form;
    let weak = legal_form
        || ["conseil", "bureau", "salon", "garage", "house", "campus", "studio", "fils", "union", "club"].contains(&word);
    weak && !leads && (at + 1 != all.len() || all.len() == 2 && is_given(all[0]))
}

/// The tokens of the name, given names first, and how many are given names where that is already certain.
fn ordered_tokens(segment: &str) -> (Vec<String>, Option<usize>) {
    let mut parts = segment.split(',');
    let head = strip_affixes(&tokens_of(parts.next().unwrap_or("")));
    let tail = parts.next().map(tokens_of).unwrap_or_default();
    if let Some(given) = given_after_comma(&head, &tail) {
        let count = given.len();
        return (given.into_iter().chain(head).collect(), Some(count));
    }
    if let Some(at) = leading_capital_surname(&head) {
        let (surname, given) = head.split_at(at);
        return (given.iter().chain(surname).cloned().collect(), Some(given.len()));
    }
    if let [first, last] = head.as_slice() {
        let (a, b) = (fold(first), fold(last));
        let given_only = b.split('-').all(is_given) && !(is_also_surname(&b) && b != "jean");
        if is_surname_only(&a) && !is_given(&a) && given_only {
            return (vec![last.clone(), first.clone()], Some(1));
        }
    }
    (head, None)
}

fn tokens_of(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// “Surname, Given”: certain when one surname stands before the comma, or when only given names follow it.
fn given_after_comma(head: &[String], tail: &[String]) -> Option<Vec<String>> {
    let tail: Vec<String> = strip_affixes(tail).into_iter().filter(|token| !is_credential(&bare(token))).collect();
    let capital = |token: &String| token.chars().next().is_some_and(char::is_uppercase);
    let trade = tail.iter().any(|token| is_job(&bare(token)));
    if head.is_empty() || tail.is_empty() || tail.len() > 3 || trade || !tail.iter().all(capital) {
        return None;
    }
    let all_given = tail.iter().all(|token| fold(token).split('-').all(is_given));
    let one_surname = head.len() == 1 || head.iter().rev().skip(1).all(|token| is_particle(&fold(token)));
    // “Dupont, Jean P.”: the middle initial goes here, where it is still known to be one.
    let given = tail.into_iter().enumerate().filter(|(at, token)| *at == 0 || !is_initial(token)).map(|(_, token)| token);
    (one_surname || all_given).then(|| given.collect())
}

/// How many leading tokens are a surname in capitals before a given name that is not.
fn leading_capital_surname(head: &[String]) -> Option<usize> {
    let is_caps = |token: &String| {
        token.chars().filter(|c| c.is_alphabetic()).count() > 1
            && !token.contains('.')
            && token.chars().all(|c| !c.is_lowercase())
    };
    let at = head.iter().take_while(|token| is_caps(token)).count();
    // “JP Morel”: two initials are a given name, not a surname.
    let initials = at == 1 && head[0].chars().count() == 2 && !fold(&head[0]).contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let plain = |token: &String| token.chars().any(char::is_lowercase) && !casing::has_odd_case(token);
    // “LUC Farge”: a given name in capitals before what is none keeps its place.
    let given_first = at == 1 && is_given(&fold(&head[0])) && !head[at..].iter().any(|token| is_given(&fold(token)));
    (at > 0 && at < head.len() && !initials && !given_first && head[at..].iter().all(plain)).then_some(at)
}

/// Takes titles off the front, and credentials, trades and birth names off the back.
fn strip_affixes(tokens: &[String]) -> Vec<String> {
    let mut kept: &[String] = tokens;
    while kept.len() > 1 && is_leading_title(&kept[0]) {
        kept = &kept[1..];
    }
    let cut = kept.iter().enumerate().position(|(at, token)| {
        let word = bare(token);
        at > 0
            && (["nee", "born", "epouse", "ep", "dit", "dite", "alias", "aka"].contains(&word.as_str())
                || at > 1 && is_job(&word))
    });
    kept = &kept[..cut.unwrap_or(kept.len())];
    while kept.len() > 2 && is_credential(&bare(&kept[kept.len() - 1])) && !is_initial(&kept[kept.len() - 1]) {
        kept = &kept[..kept.len() - 1];
    }
    // “Ph. D.” is two tokens.
    if let [rest @ .., ph, d] = kept
        && rest.len() > 1
        && bare(ph) == "ph"
        && bare(d) == "d"
    {
        kept = rest;
    }
    kept.to_vec()
}

fn is_leading_title(token: &str) -> bool {
    // A lone “M” is an initial, “M.” is Monsieur.
    token == "M." || is_title(&bare(token))
}

fn is_initial(token: &str) -> bool {
    token.trim_end_matches('.').chars().count() == 1
}

fn bare(token: &str) -> String {
    fold(token).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// “Christophe R. Vanhove”: a single letter between two names goes; leading initials and a last initial stay.
fn without_middle_initials(tokens: Vec<String>) -> Vec<String> {
    let end = tokens.len().saturating_sub(1);
    let named = tokens.iter().position(|token| !is_initial(token)).unwrap_or(end);
    let small = |token: &str| ["y", "e"].contains(&token);
    tokens
        .into_iter()
        .enumerate()
        .filter(|(at, token)| *at <= named || *at == end || !is_initial(token) || small(token))
        .map(|(_, token)| token)
        .collect()
}

fn is_lone_given_name(token: &str) -> bool {
    fold(token).split('-').all(is_given)
}

/// Where the surname begins.
fn split_at(tokens: &[String]) -> usize {
    let folded: Vec<String> = tokens.iter().map(|token| fold(token)).collect();
    if tokens.len() <= 2 {
        return 1;
    }
    let initials = tokens.iter().take_while(|token| is_initial(token)).count();
    if initials > 0 && initials < tokens.len() {
        return initials;
    }
    let particle = (1..tokens.len() - 1).find(|at| is_particle(&folded[*at]));
    if let Some(at) = particle {
        return at;
    }
    let second_given = folded[1].split('-').all(is_given);
    // Haitian names pair Jean or Marie with any name and take a given name as surname.
    let haitian = ["jean", "marie"].contains(&folded[0].as_str()) && is_given(&folded[2]) && !is_surname_only(&folded[1]);
    let first_given = folded[0].split('-').all(is_given);
    if first_given && (second_given || haitian) { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, first: Option<&str>, last: Option<&str>) {
        let name = clean(raw);
        assert_eq!((name.first.as_deref(), name.last.as_deref()), (first, last), "{raw}");
    }

    fn check_organisation(raw: &str, expected: Option<&str>) {
        let name = clean(raw);
        assert_eq!((name.is_person, name.clean.as_deref()), (false, expected), "{raw}");
    }

    #[test]
    fn decoration_is_taken_off() {
        check("✨ Dre Anne-Sophie Côté, M.Sc. 🎯 Coach", Some("Anne-Sophie"), Some("Côté"));
        check("Ana « Nana » Pires (elle) • 3e et +", Some("Ana"), Some("Pires"));
        check("Luc Perron - Orvane", Some("Luc"), Some("Perron"));
        check("Tom S. Ward III", Some("Tom"), Some("Ward"));
    }

    #[test]
    fn the_order_changes_only_when_it_is_certain() {
        check("VAN DAMME Sofie", Some("Sofie"), Some("van Damme"));
        check("Tremblay Julie", Some("Julie"), Some("Tremblay"));
        check("Martin Julie", Some("Martin"), Some("Julie"));
        check("Dupont, Jean P.", Some("Jean"), Some("Dupont"));
        check("De Smet, Jan", Some("Jan"), Some("De Smet"));
        check("Anna Petit, Consultante", Some("Anna"), Some("Petit"));
    }

    #[test]
    fn capitals_and_small_letters_are_recased() {
        check("anne o'brien", Some("Anne"), Some("O'Brien"));
        check("JOÃO DOS SANTOS", Some("João"), Some("dos Santos"));
        check("Ana dupont", Some("Ana"), Some("dupont"));
    }

    #[test]
    fn organisations_and_hidden_members_are_no_persons() {
        check_organisation("LinkedIn User", None);
        check_organisation("Boulangerie Faure", Some("Boulangerie Faure"));
        check_organisation("🚀🚀", None);
        check_organisation("tavernel.io", Some("tavernel.io"));
    }
}
