//! What is left of a store when everything that may rightly differ is taken out: instants, versions, texts, and what was
//! begun and cancelled on the way.

use crate::house::{House, TABLE};
use domain::vocabulary::MessageStatus;
use std::collections::BTreeMap;
use store::message::Message;
use store::prospect::{Prospect, StoredEngagement};
use store::record::decode;

/// People by their ids, each in a few words.
pub fn of(house: &House) -> BTreeMap<String, String> {
    let items = house.embedded.every_item(TABLE).expect("memory");
    let of_type = |kind: &'static str| items.iter().filter(move |item| store::table::text(item, "t") == Some(kind));
    let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in of_type("message") {
        let message = decode::<Message>(item).expect("a message").item;
        if message.status != MessageStatus::Cancelled {
            let words = format!("{} {}", message.channel.as_str(), message.status.as_str());
            messages.entry(message.prospect.to_string()).or_default().push(words);
        }
    }
    let mut acts: BTreeMap<String, usize> = BTreeMap::new();
    for item in of_type("engagement") {
        let act = decode::<StoredEngagement>(item).expect("an engagement").item;
        *acts.entry(act.prospect.to_string()).or_default() += 1;
    }
    let mut replies: BTreeMap<String, usize> = BTreeMap::new();
    for item in of_type("reply") {
        let reply = decode::<store::prospect::Reply>(item).expect("a reply").item;
        *replies.entry(reply.prospect.to_string()).or_default() += 1;
    }
    let mut people = BTreeMap::new();
    for item in of_type("prospect") {
        let person = decode::<Prospect>(item).expect("a person").item;
        let id = person.id.to_string();
        let (contact, enrolment) = (&person.contact, person.enrolment.as_ref());
        let mut own = messages.remove(&id).unwrap_or_default();
        own.sort();
        let decision = person.decision.as_ref().map(|d| {
            let codes: Vec<&str> = d.decision.reasons.iter().map(|r| r.code.as_str()).collect();
            format!("{} {}", d.decision.verdict.as_str(), codes.join(","))
        });
        // Whichever was read first.
        let mut sources = person.sources.clone();
        sources.sort();
        let words = format!(
            "sources {:?}, tags {:?}, rated {:?}, {decision:?}, connected {}, replied {}, opted out {}, enrolled {:?}, {} acts, {} replies, {own:?}",
            sources,
            person.tags,
            person.manual.as_ref().map(|m| m.points),
            contact.connected,
            contact.last_reply_at.is_some(),
            contact.opted_out_at.is_some(),
            enrolment.map(|e| (e.status, e.invited_at.is_some(), e.accepted_at.is_some(), e.messaged_at.is_some())),
            acts.get(&id).copied().unwrap_or(0),
            replies.get(&id).copied().unwrap_or(0),
        );
        people.insert(id, words);
    }
    people
}
