//! What a draft is written from, gathered from a person's collection. Rules: docs/rules.md, "Drafts".

use domain::draft::{Brief, Evidence, Offer, Recipient, Region, Sender, StepKind};
use domain::evidence::Engagement;
use domain::ids::WorkspaceId;
use domain::language::{self, Language};
use domain::limits::note_max_units;
use domain::names;
use domain::vocabulary::{CallToAction, EngagementKind, LeadSource};
use std::collections::HashMap;
use store::account::Account;
use store::facts::Office;
use store::message::Step;
use store::prospect::{Dossier, Prospect, StoredEngagement};
use store::{Store, StoreError};
use tokio::sync::Mutex;

/// First characters of a post that a draft may name it by.
const OPENING_MAX_CHARS: usize = 200;

/// How well a draft rests on what happened, 0–100, for the quality score.
pub const fn relevance(evidence: &Evidence) -> u8 {
    match (&evidence.comment, evidence.engagement, evidence.own_post) {
        (Some(_), ..) => 100,
        (None, Some(_), true) => 80,
        (None, Some(_), false) => 60,
        (None, None, _) => 40,
    }
}

/// The call to action of a step of the built-in sequence; an `ask` needs a place to book.
pub fn call_to_action(step: Step, office: &Office) -> CallToAction {
    match (step, &office.workspace.settings.offer.booking_url) {
        (Step::Invitation, _) => CallToAction::None,
        (_, Some(_)) => CallToAction::Ask,
        (_, None) => CallToAction::Soft,
    }
}

/// What the people of one batch are written to about: first lines of our posts, each read once.
#[derive(Debug, Default)]
pub struct Openings(Mutex<HashMap<String, Option<String>>>);

impl Openings {
    async fn of(&self, store: &Store, ws: &WorkspaceId, urn: &str) -> Result<Option<String>, StoreError> {
        // Held while it is read: the other drafts of the batch wait for the one reading.
        let mut known = self.0.lock().await;
        if let Some(found) = known.get(urn) {
            return Ok(found.clone());
        }
        let found = opening(store, ws, urn).await?;
        known.insert(urn.to_owned(), found.clone());
        Ok(found)
    }
}

/// The brief of one person's step.
///
/// # Errors
/// When the post cannot be read from the store.
pub async fn gather(
    store: &Store,
    office: &Office,
    account: &Account,
    dossier: &Dossier,
    step: Step,
    openings: &Openings,
) -> Result<Brief, StoreError> {
    let prospect = &dossier.prospect;
    let settings = &office.workspace.settings;
    let analysis = dossier.analysis.as_ref().map(|a| &a.analysis);
    let best = best_act(&dossier.engagements);
    let post_opening = match best.filter(|act| act.engagement.own_post) {
        Some(act) => openings.of(store, &office.workspace.id, &act.urn).await?,
        None => None,
    };
    let act = best.map(|act| &act.engagement);
    let company = analysis.and_then(|a| a.company.as_ref()).and_then(|c| c.name.clone());
    let title = analysis.and_then(|a| a.title.as_ref()).map(|t| t.value.clone());
    Ok(Brief {
        prospect: prospect.id.clone(),
        channel: step.channel(),
        kind: match step {
            Step::Invitation => StepKind::InvitationWithNote,
            Step::AfterAcceptance => StepKind::FirstMessageAfterAcceptance,
            Step::ToConnection | Step::ByHand => StepKind::MessageToConnection,
        },
        language: language_of(dossier, act, &settings.locale),
        region: region_of(dossier, &settings.locale),
        cta: call_to_action(step, office),
        recipient: Recipient {
            first_name: prospect.first_name.clone(),
            last_name: prospect.last_name.clone(),
            title: title.or_else(|| prospect.summary.title.clone()),
            company: company.or_else(|| prospect.summary.company_name.clone()),
        },
        evidence: Evidence {
            post_topic: None,
            post_opening,
            comment: act.and_then(|a| a.text.clone()).filter(|text| !text.trim().is_empty()),
            engagement: act.map(|a| a.kind),
            reaction: act.and_then(|a| a.reaction),
            own_post: act.is_some_and(|a| a.own_post),
            source: Some(prospect.source),
            search: search_of(prospect),
        },
        offer: Offer {
            pitch: Some(settings.offer.pitch.clone()).filter(|pitch| !pitch.trim().is_empty()),
            proofs: settings.offer.proofs.clone(),
            booking_url: settings.offer.booking_url.clone(),
            free_slots: Vec::new(),
        },
        sender: Sender { first_name: sender_name(account), signature: None },
        note_limit: note_max_units(account.tier),
    })
}

/// What was searched for when a search found the person; a note from elsewhere is for ourselves alone.
fn search_of(prospect: &Prospect) -> Option<String> {
    prospect.source_note.clone().filter(|_| prospect.source == LeadSource::Cold)
}

/// The act that says most: own words before a reaction, our post before another's, the newest of equals.
fn best_act(acts: &[StoredEngagement]) -> Option<&StoredEngagement> {
    let worth = |act: &Engagement| {
        let words = act.kind == EngagementKind::Comment && act.text.as_deref().is_some_and(|t| !t.trim().is_empty());
        (words, act.own_post, act.at)
    };
    acts.iter().filter(|act| act.engagement.gone_at.is_none()).max_by_key(|act| worth(&act.engagement))
}

async fn opening(store: &Store, ws: &WorkspaceId, urn: &str) -> Result<Option<String>, StoreError> {
    let Some(pointer) = store.post_pointer(ws, urn).await? else { return Ok(None) };
    let Some(post) = store.post(ws, &pointer.post).await? else { return Ok(None) };
    let first_line = post.text.lines().find(|line| !line.trim().is_empty());
    Ok(first_line.map(|line| line.trim().chars().take(OPENING_MAX_CHARS).collect()))
}

/// The person's own language, else that of their words, else that of the workspace.
fn language_of(dossier: &Dossier, act: Option<&Engagement>, locale: &str) -> Language {
    let read = dossier.analysis.as_ref().and_then(|a| a.analysis.language.as_ref()).map(|l| l.value);
    let spoken = || act.and_then(|a| a.text.as_deref()).map(language::detect).filter(|l| *l != Language::Other);
    read.or_else(spoken).unwrap_or(if locale.starts_with("fr") { Language::Fr } else { Language::En })
}

/// The wording of the person's country, where it is known, else that of the workspace.
fn region_of(dossier: &Dossier, locale: &str) -> Region {
    let country = dossier.analysis.as_ref().and_then(|a| a.analysis.country.as_ref());
    match country.map_or_else(|| locale.ends_with("CA"), |c| c.value == "CA") {
        true => Region::Canada,
        false => Region::Europe,
    }
}

/// The first name in the account's label; a label that holds none signs nothing.
fn sender_name(account: &Account) -> Option<String> {
    let clean = names::clean(&account.label);
    if clean.first.is_some() {
        return clean.first;
    }
    let word = account.label.split_whitespace().next()?;
    let slug = account.profile_url.as_deref().map(domain::profile_url::parse)?;
    let owned = slug.key()?.split('-').next().is_some_and(|first| first == domain::fold::fold(word));
    owned.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::keys_of;
    use domain::ids::ProspectId;
    use jiff::Timestamp;
    use store::intake::{Row, new_prospect};

    #[test]
    fn a_search_is_a_reason_to_write_and_an_own_note_is_none() {
        let check = |source, expected: Option<&str>| {
            let ws = WorkspaceId::derive(&["w"]);
            let keys = keys_of(Some("https://www.linkedin.com/in/ada"), None, None);
            let row = Row { source: Some(source), source_note: Some("DRH, Lyon".into()), ..Row::default() };
            let person = new_prospect(&ws, ProspectId::derive(&["p"]), &row, keys, Timestamp::UNIX_EPOCH);
            assert_eq!(search_of(&person).as_deref(), expected, "{source}");
        };
        check(LeadSource::Cold, Some("DRH, Lyon"));
        check(LeadSource::Import, None);
        check(LeadSource::Hot, None);
    }
}
