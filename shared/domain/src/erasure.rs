//! Erasure: the marks by which an erased person is recognised again. Only hashes of them are kept, so everything that
//! may be a mark is read out of a text and hashed, and the plain marks are nowhere. Rules: docs/rules.md, "Erasure".

use crate::fold::{fold, words};
use crate::identity::{self, Key};
use crate::vocabulary::SuppressionKind;
use serde_json::Value;
use std::collections::BTreeSet;

/// Longest name that is looked for, in words.
const NAME_WORDS_MAX: usize = 6;
/// Longest part of an address that may be a slug, in bytes.
const PART_MAX_BYTES: usize = 200;
/// Nothing deeper than this is looked into.
const DEPTH_MAX: usize = 32;

/// The mark of a key.
pub fn mark_of_key(key: &Key) -> String {
    key.storage()
}

/// The mark of a name, in any spelling; `None` where it has no letters, or too many words to be one.
pub fn mark_of_name(name: &str) -> Option<String> {
    let folded = fold(name);
    let parts: Vec<&str> = words(&folded).collect();
    (1..=NAME_WORDS_MAX).contains(&parts.len()).then(|| name_mark(&parts))
}

/// The mark of what a black-list entry is compared with; `None` for companies and domains, which are nobody.
pub fn mark_of_entry(kind: SuppressionKind, matched: &str) -> Option<String> {
    match kind {
        SuppressionKind::ProfileUrl => Some(matched.to_owned()),
        SuppressionKind::Prospect | SuppressionKind::Email | SuppressionKind::Phone => {
            Some(format!("{}#{matched}", kind.as_str()))
        }
        SuppressionKind::Domain | SuppressionKind::Company => None,
    }
}

fn name_mark(parts: &[&str]) -> String {
    format!("name#{}", parts.join(" "))
}

/// What kinds of marks are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Keys,
    KeysAndNames,
}

/// Everything in a text that may be a mark of somebody: addresses, urns, slugs within addresses, e-mails; names are
/// any two to six words that follow each other, or the text as a whole.
pub fn marks_in(text: &str, look: Look) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    for token in text.split(|c: char| c.is_whitespace() || "\"'<>()[]{},;|«»“”".contains(c)) {
        keys_in(token.trim_end_matches(['.', '!', '?', ':', '…']), &mut marks);
    }
    if look == Look::KeysAndNames {
        let folded = fold(text);
        let said: Vec<&str> = words(&folded).collect();
        if said.len() == 1 {
            marks.insert(name_mark(&said));
        }
        for length in 2..=NAME_WORDS_MAX {
            marks.extend(said.windows(length).map(name_mark));
        }
    }
    marks
}

fn keys_in(token: &str, marks: &mut BTreeSet<String>) {
    if token.is_empty() {
        return;
    }
    marks.extend(identity::address_key(token).map(|key| mark_of_key(&key)));
    if token.contains('@') {
        marks.extend(identity::email(token).map(|address| mark_of_key(&Key::new(identity::Kind::Email, address))));
    }
    for part in token.split(['/', '?', '&', '=', '#', ':', '(', ')', '@']).filter(|p| !p.is_empty() && p.len() <= PART_MAX_BYTES)
    {
        marks.extend(identity::slug_key(part).map(|key| mark_of_key(&key)));
        // A post's address begins with its author: `ada-lambert_title-activity-1`.
        if let Some((author, _)) = part.split_once('_') {
            marks.extend(identity::slug_key(author).map(|key| mark_of_key(&key)));
        }
    }
}

/// Whether a value holds, at any depth, a text of which `is_theirs` says so; names of fields are no texts.
pub fn mentions(value: &Value, is_theirs: &dyn Fn(&str) -> bool) -> bool {
    mentions_at(value, is_theirs, 0)
}

fn mentions_at(value: &Value, is_theirs: &dyn Fn(&str) -> bool, depth: usize) -> bool {
    match value {
        Value::String(text) => is_theirs(text),
        Value::Array(items) if depth < DEPTH_MAX => items.iter().any(|item| mentions_at(item, is_theirs, depth + 1)),
        Value::Object(fields) if depth < DEPTH_MAX => fields.values().any(|field| mentions_at(field, is_theirs, depth + 1)),
        _ => false,
    }
}

/// Takes out of lists what is theirs, and empties single fields; true when anything was taken.
///
/// What several people share stays with the others.
pub fn take_out(value: &mut Value, is_theirs: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| !mentions(item, is_theirs));
            items.len() < before
        }
        Value::Object(fields) => {
            let mut taken = false;
            for field in fields.values_mut() {
                if field.as_str().is_some_and(is_theirs) {
                    *field = Value::Null;
                    taken = true;
                } else {
                    taken |= take_out(field, is_theirs);
                }
            }
            taken
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn finds(text: &str, mark: &str, expected: bool) {
        assert_eq!(marks_in(text, Look::KeysAndNames).contains(mark), expected, "{mark} in {text:?}");
    }

    #[test]
    fn marks_are_found_in_any_spelling() {
        finds("https://fr.linkedin.com/in/Ada-Lambert/?x=1", "slug#ada-lambert", true);
        finds("Voir (https://www.linkedin.com/in/ada-lambert).", "slug#ada-lambert", true);
        finds("https://www.linkedin.com/posts/ada-lambert_relances-activity-7271234567890123456", "slug#ada-lambert", true);
        finds("/in/ada-lambert/recent-activity", "slug#ada-lambert", true);
        finds("https://www.linkedin.com/in/ada-lambert-2", "slug#ada-lambert", false);
        finds("urn:li:fsd_profile:ACoAAada", "member_id#ACoAAada", true);
        finds("ACoAAada", "member_id#ACoAAada", true);
        finds("urn:li:member:123", "member_number#123", true);
        finds("Écrivez à Ada@Lambert.example.", "email#ada@lambert.example", true);
        finds("Merci à Ada LAMBERT !", "name#ada lambert", true);
        finds("Adà Lambert", "name#ada lambert", true);
        finds("Ada, Lambert", "name#ada lambert", true);
        finds("Ada de Lambert", "name#ada lambert", false);
        finds("Ada", "name#ada", true);
        finds("Merci Ada", "name#ada", false);
    }

    #[test]
    fn a_name_has_one_mark() {
        let check = |name: &str, mark: Option<&str>| assert_eq!(mark_of_name(name).as_deref(), mark, "{name}");
        check("Hélène  RIDLEY", Some("name#helene ridley"));
        check("Helene Ridley", Some("name#helene ridley"));
        check(" • ", None);
        check("a b c d e f g", None);
    }

    #[test]
    fn entries_of_the_black_list_have_the_marks_of_their_keys() {
        use SuppressionKind as K;
        let check = |kind, matched: &str, mark: Option<&str>| assert_eq!(mark_of_entry(kind, matched).as_deref(), mark);
        check(K::ProfileUrl, "slug#ada", Some("slug#ada"));
        check(K::Email, "a@b.example", Some("email#a@b.example"));
        check(K::Phone, "+33612345678", Some("phone#+33612345678"));
        check(K::Prospect, "pro_1", Some("prospect#pro_1"));
        check(K::Domain, "b.example", None);
        check(K::Company, "name:b", None);
    }

    #[test]
    fn what_is_shared_stays_with_the_others() {
        let theirs = |text: &str| text.contains("ada");
        let check = |mut value: Value, expected: Value| {
            assert!(mentions(&value, &theirs));
            assert!(take_out(&mut value, &theirs));
            assert_eq!(value, expected);
            assert!(!mentions(&value, &theirs));
        };
        check(json!({"people": [{"url": "ada"}, {"url": "bob"}]}), json!({"people": [{"url": "bob"}]}));
        check(json!({"reason": "ada", "n": 1}), json!({"reason": null, "n": 1}));
        check(json!({"deep": {"list": ["ada", "bob"]}}), json!({"deep": {"list": ["bob"]}}));
        assert!(!take_out(&mut json!({"people": ["bob"], "n": 1}), &theirs));
    }
}
