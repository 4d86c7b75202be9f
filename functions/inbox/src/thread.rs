//! Whose words are whose in a conversation: rows carry display names, no keys. Rules: docs/rules.md, "Replies".

use domain::fold::fold;
use domain::ids::derive_hex;
use jiff::Timestamp;
use outbound::linkedin::{Conversation, ConversationMessage, OWN};

/// What tells the two sides of a conversation apart.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// The person's names, as known.
    pub person: Vec<String>,
    /// The account's label.
    pub label: String,
    /// The vanity name of the account's owner.
    pub owner_slug: Option<String>,
    /// The texts we wrote to the person.
    pub ours: Vec<String>,
    /// Rows from before the person was known here are no answers.
    pub since: Option<Timestamp>,
}

/// A row that the person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    /// The vendor's id of it, or a hash of time and text.
    pub reference: String,
    pub text: String,
    pub at: Option<Timestamp>,
}

/// A conversation of fewer rows than this is whole.
const WHOLE_BELOW_ROWS: usize = 10;

/// What the person wrote, oldest first. Our own words are never an answer, nor are the vendor's notices.
///
/// Names tell the sides apart, save where the vendor counts more of their messages than bear another name than ours:
/// then the person writes under the owner's name, and only our texts are known to be ours.
pub fn theirs(conversation: &Conversation, sides: &Sides) -> Vec<Theirs> {
    let counted = conversation.other_count.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let owner_names = owner_names(conversation, sides);
    let rows = conversation.messages.iter().filter(|row| !is_notice(row) && !is_our_text(row, sides));
    let (mut found, mut namesakes): (Vec<_>, Vec<_>) = rows.partition(|row| !is_owner(row, sides, &owner_names));
    // Newest first: beyond the vendor's own count the oldest are the doubtful ones.
    found.truncate(counted.unwrap_or(usize::MAX));
    if conversation.messages.len() < WHOLE_BELOW_ROWS {
        namesakes.truncate(counted.unwrap_or(0).saturating_sub(found.len()));
        found.append(&mut namesakes);
    }
    found.retain(|row| row.at.is_none_or(|at| sides.since.is_none_or(|since| at >= since)));
    found.sort_by_key(|row| row.at);
    found.into_iter().map(answer).collect()
}

fn answer(row: &ConversationMessage) -> Theirs {
    let at = row.at.map_or_else(String::new, |at| at.as_millisecond().to_string());
    let hash = || derive_hex(&[&at, &words(&row.text)]);
    Theirs { reference: row.urn.clone().unwrap_or_else(hash), text: row.text.clone(), at: row.at }
}

/// LinkedIn's rows, and those that the vendor says the account wrote.
fn is_notice(row: &ConversationMessage) -> bool {
    let is = |word: &str| row.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(word));
    is("SYSTEM") || is(OWN) || row.text.trim().is_empty()
}

fn is_our_text(row: &ConversationMessage, sides: &Sides) -> bool {
    let said = words(&row.text);
    sides.ours.iter().any(|ours| words(ours) == said)
}

/// The name under which our own words stand in this conversation.
fn owner_names(conversation: &Conversation, sides: &Sides) -> Vec<String> {
    let ours = conversation.messages.iter().filter(|row| is_our_text(row, sides));
    ours.filter_map(|row| row.sender_name.as_deref()).map(fold).collect()
}

/// Whether a row that is none of our texts was written by the account's owner, on LinkedIn itself. Where owner and
/// person have one name, only the texts tell; a name that is nobody's is taken for the person's: it stops us.
fn is_owner(row: &ConversationMessage, sides: &Sides, owner_names: &[String]) -> bool {
    let Some(name) = row.sender_name.as_deref().map(fold).filter(|name| !name.is_empty()) else { return false };
    if sides.person.iter().any(|known| fold(known) == name) {
        return false;
    }
    owner_names.contains(&name) || fold(&sides.label) == name || of_slug(&name, sides)
}

/// “claire vasselin” is who `claire-vasselin-5a1b` belongs to.
fn of_slug(name: &str, sides: &Sides) -> bool {
    let Some(slug) = &sides.owner_slug else { return false };
    let slug: Vec<&str> = slug.split('-').collect();
    let mut parts = name.split([' ', '-', '\'', '’', '.']).filter(|part| !part.is_empty()).peekable();
    parts.peek().is_some() && parts.all(|part| slug.contains(&part))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "Bonjour Zoé,\nvous écriviez « trop de relances ».";

    fn row(sender: &str, text: &str, at: i64) -> ConversationMessage {
        let kind = if sender == "LinkedIn" { "SYSTEM" } else { "TEXT" };
        ConversationMessage {
            text: text.into(),
            at: Timestamp::from_second(at).ok(),
            sender_name: (!sender.is_empty()).then(|| sender.to_owned()),
            kind: Some(kind.into()),
            urn: None,
        }
    }

    #[track_caller]
    fn check(person: &str, count: Option<u32>, rows: &[(&str, &str)], expected: &[&str]) {
        let rows = rows.iter().enumerate().map(|(place, (sender, text))| row(sender, text, 1_000 - place as i64));
        let conversation =
            Conversation { conversation_id: None, other_count: count, messages: rows.collect(), raw: serde_json::Value::Null };
        let sides = Sides {
            person: vec![person.into()],
            label: "Claire".into(),
            owner_slug: Some("claire-vasselin".into()),
            ours: vec![OURS.into()],
            since: Timestamp::from_second(900).ok(),
        };
        let found: Vec<String> = theirs(&conversation, &sides).into_iter().map(|t| t.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn only_the_persons_words_are_answers() {
        let spaced = "Bonjour Zoé, vous  écriviez « trop de relances ».";
        check("Zoé Perrot", Some(1), &[("Zoé Perrot", "Oui"), ("Claire Vasselin", OURS)], &["Oui"]);
        check("Zoé Perrot", Some(2), &[("Zoé Perrot", "Et vous ?"), ("Zoé Perrot", "Oui")], &["Oui", "Et vous ?"]);
        check("Zoé Perrot", Some(0), &[("Zoé Perrot", "Oui")], &[]);
        check("Zoé Perrot", Some(1), &[("Claire Vasselin", spaced)], &[]);
        check("Zoé Perrot", Some(0), &[("Claire Vasselin", "Je me permets une relance")], &[]);
        check("Zoé Perrot", None, &[("Claire Vasselin", "Je me permets une relance")], &[]);
        check("Zoé Perrot", Some(1), &[("claire", "Écrit à la main"), ("Zoé Perrot", "Oui")], &["Oui"]);
        check("Zoé Perrot", Some(1), &[("LinkedIn", "Vous êtes en relation"), ("Zoé P.", "Stop")], &["Stop"]);
        check("Zoé Perrot", None, &[("", "Stop")], &["Stop"]);
        check("Zoé Perrot", Some(1), &[("Zoé Perrot", " ")], &[]);
    }

    #[test]
    fn of_two_with_one_name_the_texts_tell() {
        let name = "Claire Vasselin";
        check(name, Some(1), &[(name, "Volontiers"), (name, OURS)], &["Volontiers"]);
        check(name, Some(0), &[(name, OURS)], &[]);
        check(name, Some(1), &[(name, "Volontiers"), (name, "Écrit à la main"), (name, OURS)], &["Volontiers"]);
        check(
            "Chloé Beaumont",
            Some(1),
            &[(name, "Moi aussi je m’appelle Claire"), (name, OURS)],
            &["Moi aussi je m’appelle Claire"],
        );
    }

    #[test]
    fn of_a_part_of_a_long_talk_the_names_alone_tell() {
        let mut rows = vec![("Claire Vasselin", "Une relance écrite à la main")];
        rows.extend([("Zoé Perrot", "Oui"); 9]);
        check("Zoé Perrot", Some(12), &rows, &["Oui"; 9]);
    }

    #[test]
    fn our_texts_show_under_which_name_we_write() {
        check("Zoé Perrot", None, &[("C. V.", "Une relance"), ("C. V.", OURS)], &[]);
    }

    #[test]
    fn a_talk_from_before_is_no_answer() {
        let old = Conversation {
            conversation_id: None,
            other_count: Some(1),
            messages: vec![row("Zoé Perrot", "Bravo", 10)],
            raw: serde_json::Value::Null,
        };
        let sides = Sides { since: Timestamp::from_second(900).ok(), ..Sides::default() };
        assert_eq!(theirs(&old, &sides), []);
    }
}
