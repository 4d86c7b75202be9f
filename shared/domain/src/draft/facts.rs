//! The facts of a brief, one sentence each: all that a text may claim.

use super::Brief;
use super::clean::neutral;
use super::material::offered_slots;
use crate::language::Language;
use crate::vocabulary::{EngagementKind, ReactionKind};

/// Longest piece of outside text in a fact, in UTF-16 units.
const PIECE_MAX: usize = 300;

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Engagement,
    Search,
    Profile,
    Pitch,
    Proofs,
    Slots,
    Link,
}

/// Everything that may be claimed in a text of this brief, in order; a fact’s number is its place, from 1.
///
/// Source: docs/rules.md, “Drafts”.
pub fn facts(brief: &Brief) -> Vec<String> {
    sourced(brief).into_iter().map(|(_, text)| text).collect()
}

/// The facts that come from one of `sources`.
pub fn from_sources(brief: &Brief, sources: &[Source]) -> Vec<String> {
    sourced(brief).into_iter().filter(|(source, _)| sources.contains(source)).map(|(_, text)| text).collect()
}

fn sourced(brief: &Brief) -> Vec<(Source, String)> {
    let french = brief.language == Language::Fr;
    let label = |fr: &str, en: &str| if french { fr.to_owned() } else { en.to_owned() };
    let clean = |text: &Option<String>| text.as_deref().and_then(|t| neutral(t, PIECE_MAX));
    let mut facts = Vec::new();
    facts.extend(engagement(brief, french).map(|text| (Source::Engagement, text)));
    if let Some(search) = clean(&brief.evidence.search) {
        let said = if french {
            format!("Résultat de la recherche « {search} »")
        } else {
            format!("Found by the search “{search}”")
        };
        facts.push((Source::Search, said));
    }
    let profile: Vec<String> = [clean(&brief.recipient.title), clean(&brief.recipient.company)].into_iter().flatten().collect();
    if !profile.is_empty() {
        facts.push((Source::Profile, profile.join(", ")));
    }
    if let Some(pitch) = clean(&brief.offer.pitch) {
        facts.push((Source::Pitch, format!("{}{pitch}", label("Offre : ", "Offer: "))));
    }
    let proofs = brief.offer.proofs.iter().filter_map(|p| neutral(p, PIECE_MAX));
    facts.extend(proofs.map(|proof| (Source::Proofs, format!("{}{proof}", label("Preuve : ", "Proof: ")))));
    let slots = offered_slots(brief);
    if !slots.is_empty() {
        facts.push((Source::Slots, format!("{}{}", label("Créneaux libres : ", "Free times: "), slots.join(" ; "))));
    }
    if let Some(link) = &brief.offer.booking_url {
        facts.push((Source::Link, format!("{}{}", label("Agenda : ", "Booking link: "), link.trim())));
    }
    facts
}

/// “A commenté notre post « … » : « … »”.
fn engagement(brief: &Brief, french: bool) -> Option<String> {
    let evidence = &brief.evidence;
    let quote = |text: String| {
        if french { format!("« {text} »") } else { format!("“{text}”") }
    };
    let clean = |text: &Option<String>| text.as_deref().and_then(|t| neutral(t, PIECE_MAX)).map(quote);
    let commented = evidence.comment.is_some() || evidence.engagement == Some(EngagementKind::Comment);
    if !commented && evidence.engagement.is_none() && evidence.reaction.is_none() {
        return None;
    }
    let kind = evidence.reaction.map(ReactionKind::as_str).map_or(String::new(), |k| format!(" ({k})"));
    let act = match (french, commented) {
        (true, true) => "A commenté".to_owned(),
        (true, false) => format!("A réagi{kind} à"),
        (false, true) => "Commented on".to_owned(),
        (false, false) => format!("Reacted{kind} to"),
    };
    let whose = match (french, evidence.own_post) {
        (true, true) => "notre post",
        (true, false) => "un post",
        (false, true) => "our post",
        (false, false) => "a post",
    };
    let named: Vec<String> = [clean(&evidence.post_topic), clean(&evidence.post_opening)].into_iter().flatten().collect();
    let mut text = format!("{act} {whose}");
    if !named.is_empty() {
        text.push_str(&format!(" {}", named.join(", ")));
    }
    if let Some(comment) = clean(&evidence.comment) {
        text.push_str(&format!("{}{comment}", if french { " : " } else { ": " }));
    }
    Some(text)
}
