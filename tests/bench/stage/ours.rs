//! Our side: the provider's readers, identity, score, gate and the store's items, as the functions use them, over people
//! who are held in memory in place of the table's reads.

use crate::world::{Known, NOW, Page, World};
use async_trait::async_trait;
use domain::evidence::{Engagement, Evidence};
use domain::gate::{self, Facts, Policy, Rejection};
use domain::identity::{self, Join, Key, ProspectRef};
use domain::ids::{EngagementId, ProspectId, RunId, WorkspaceId};
use domain::profile_url::{self, ProfileUrl};
use domain::score::PreparedIcp;
use domain::tone::{self, Tone};
use domain::vocabulary::{EngagementKind, LeadSource, ReactionKind};
use jiff::Timestamp;
use kit::{Failure, Handler, Outcome};
use outbound::linkedin::{CommentRow, ReactionRow};
use outbound::linkup_v1::wire;
use std::collections::HashMap;
use std::sync::Mutex;
use store::intake::{Row, new_prospect};
use store::prospect::{IdentityPointer, Prospect, StoredEngagement, summary_of};
use store::record::{Item, encode};
use store::{Entity, Table, keys};

/// A row as the provider's reader gives it.
pub enum Given {
    Reaction(ReactionRow),
    Comment(CommentRow),
}

/// The rows of one answer.
pub fn rows_of(page: &Page) -> Vec<Given> {
    let body: serde_json::Value = serde_json::from_str(&page.answer).expect("answers are JSON");
    match page.part.as_str() {
        "reactions" => wire::reactions(&body, 1).expect("reactions").rows.into_iter().map(Given::Reaction).collect(),
        _ => wire::comments(&body, 1).expect("comments").rows.into_iter().map(Given::Comment).collect(),
    }
}

/// What was decided about a person: their keys, verdict, score, and the reason that decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub struct Verdict(pub String, pub String, pub Option<u8>, pub Option<String>);

/// A row, normalised.
struct Act {
    row: Row,
    kind: EngagementKind,
    reaction: Option<ReactionKind>,
    text: Option<String>,
    at: Option<Timestamp>,
    reference: String,
}

struct Person {
    head: Prospect,
    engagements: Vec<Engagement>,
    merged_into: Option<usize>,
    /// Pointers that stand already.
    pointers: usize,
}

/// The workspace: its people so far, and what the store knew of them.
pub struct Workspace<'w> {
    id: WorkspaceId,
    run: RunId,
    now: Timestamp,
    known: HashMap<Key, &'w Known>,
    /// Precomputed, where the reading of comments is not part of what is measured.
    tones: Option<HashMap<&'w str, Tone>>,
    index: HashMap<Key, usize>,
    people: Vec<Person>,
    icp: PreparedIcp<'w>,
    facts: Facts,
}

impl<'w> Workspace<'w> {
    pub fn new(world: &'w World, tones: Option<HashMap<&'w str, Tone>>) -> Self {
        let known = world
            .known
            .iter()
            .flat_map(|person| person.keys.iter().map(move |key| (Key::from_storage(key).expect("a stored key"), person)));
        let policy = Policy::of(&world.settings, &[LeadSource::Hot], None);
        Self {
            id: WorkspaceId::derive(&["bench"]),
            run: RunId::derive(&["bench"]),
            now: NOW.parse().expect("an instant"),
            known: known.collect(),
            tones,
            index: HashMap::new(),
            people: Vec::new(),
            icp: PreparedIcp::of(world.settings.icp.as_ref().expect("an ICP")),
            facts: Facts::new(policy, "bench"),
        }
    }

    fn act(&self, given: &Given) -> Option<Act> {
        let (name, headline, url, urn, degree) = match given {
            Given::Reaction(row) => (&row.name, &row.headline, &row.profile_url, &row.actor_urn, row.degree),
            Given::Comment(row) => (&row.name, &row.headline, &row.profile_url, &row.profile_urn, row.degree),
        };
        let row = Row {
            keys: identity::keys_of(url.as_deref(), urn.as_deref(), None),
            name: name.clone(),
            headline: headline.clone(),
            profile_url: url.clone(),
            degree,
            source: Some(LeadSource::Hot),
            run: Some(self.run.clone()),
            ..Row::default()
        };
        let is_company = || url.as_deref().is_some_and(|url| matches!(profile_url::parse(url), ProfileUrl::Company(_)));
        if row.keys.is_empty() || is_company() {
            return None;
        }
        Some(match given {
            Given::Reaction(given) => {
                let reaction = given.reaction.and_then(|kind| ReactionKind::parse(kind.as_str()));
                let (kind, reference) = (EngagementKind::Reaction, "reaction".to_owned());
                Act { row, kind, reaction, text: None, at: None, reference }
            }
            Given::Comment(given) => {
                let (kind, reference) = (EngagementKind::Comment, given.comment_urn.clone().unwrap_or_default());
                Act { row, kind, reaction: None, text: given.text.clone(), at: given.created_at, reference }
            }
        })
    }

    /// Takes a row in; answers the person, and who went up in them.
    pub fn take_in(&mut self, given: &Given, page: &Page) -> Option<(usize, Vec<usize>)> {
        let act = self.act(given)?;
        let (at, merged) = self.person_of(&act.row);
        let engagement = self.engagement(&act, page, at);
        let person = &mut self.people[at];
        match person.engagements.iter_mut().find(|known| known.id == engagement.id) {
            Some(known) => *known = engagement,
            None => person.engagements.push(engagement),
        }
        Some((at, merged))
    }

    fn person_of(&mut self, row: &Row) -> (usize, Vec<usize>) {
        let mut merged = Vec::new();
        loop {
            let holders = row.keys.iter().filter_map(|key| Some((key, *self.index.get(key)?)));
            let found: Vec<(Key, ProspectRef)> = holders.map(|(key, at)| (key.clone(), self.reference(at))).collect();
            let by_id = |id: &str| {
                row.keys.iter().filter_map(|key| self.index.get(key)).find(|at| self.people[**at].head.id.as_str() == id)
            };
            match identity::join(&row.keys, &found) {
                Join::Create => return (self.create(row), merged),
                Join::Same(id) => {
                    let at = *by_id(&id).expect("a holder");
                    self.complete(at, row);
                    return (at, merged);
                }
                Join::Merge { older, younger } => {
                    let (older, younger) = (*by_id(&older).expect("a holder"), *by_id(&younger).expect("a holder"));
                    self.merge(older, younger);
                    merged.push(younger);
                }
                Join::MoveSlug { .. } => panic!("no slug of this world is used again"),
            }
        }
    }

    fn reference(&self, at: usize) -> ProspectRef {
        let head = &self.people[at].head;
        let strong_keys = head.keys.iter().filter(|key| key.is_strong()).cloned().collect();
        ProspectRef { id: head.id.to_string(), strong_keys, created_at: head.created_at }
    }

    fn create(&mut self, row: &Row) -> usize {
        let first = row.keys.iter().find(|key| key.is_strong()).unwrap_or(&row.keys[0]);
        let id = keys::prospect_of(&self.id, first);
        let head = new_prospect(&self.id, id, row, row.keys.clone(), self.now);
        self.index.extend(head.keys.iter().map(|key| (key.clone(), self.people.len())));
        self.people.push(Person { head, engagements: Vec::new(), merged_into: None, pointers: 0 });
        self.people.len() - 1
    }

    fn complete(&mut self, at: usize, row: &Row) {
        let head = &mut self.people[at].head;
        head.take_keys(&row.keys);
        head.degree = head.degree.or(row.degree);
        for key in &row.keys {
            if !self.index.contains_key(key) {
                self.index.insert(key.clone(), at);
            }
        }
    }

    fn merge(&mut self, older: usize, younger: usize) {
        let gone = &mut self.people[younger];
        gone.merged_into = Some(older);
        let (keys, engagements, degree) = (gone.head.keys.clone(), std::mem::take(&mut gone.engagements), gone.head.degree);
        let into = self.people[older].head.id.clone();
        self.people[younger].head.merged_into = Some(into);
        for key in &keys {
            self.index.insert(key.clone(), older);
        }
        let person = &mut self.people[older];
        person.head.take_keys(&keys);
        person.head.degree = person.head.degree.or(degree);
        person.engagements.extend(engagements);
    }

    fn engagement(&self, act: &Act, page: &Page, at: usize) -> Engagement {
        let person = self.people[at].head.id.as_str();
        let tone = act.text.as_deref().map(|text| match &self.tones {
            Some(known) => known[text],
            None => tone::read(text),
        });
        Engagement {
            id: EngagementId::derive(&[self.id.as_str(), person, &page.urn, act.kind.as_str(), &act.reference]),
            post_url: page.post_url.clone(),
            own_post: page.own_post,
            kind: act.kind,
            reaction: act.reaction,
            tone,
            text: act.text.clone(),
            at: act.at.unwrap_or_else(|| page.post_date.min(self.now)),
            at_estimated: act.at.is_none(),
            first_seen_at: self.now,
            gone_at: None,
        }
    }

    /// Scores a person and decides about them.
    pub fn decide(&mut self, at: usize) -> gate::Decision {
        let person = &mut self.people[at];
        let known = person.head.keys.iter().find_map(|key| self.known.get(key));
        let facts = &mut self.facts;
        facts.suppressed = known.is_some_and(|known| known.suppressed);
        facts.exclusions = known.and_then(|known| known.exclusion).into_iter().collect();
        facts.headline.clone_from(&person.head.headline);
        facts.analysis = known.map(|known| known.analysis.clone());
        facts.degree = person.head.degree;
        facts.rejections =
            known.and_then(|known| known.rejected_at).map(|at| Rejection { campaign: None, at }).into_iter().collect();
        let contact = known.and_then(|known| known.contacted_at);
        facts.contacts = contact.map(|at| gate::Contact { at, enrolment: None }).into_iter().collect();
        facts.evidence = Evidence { engagements: std::mem::take(&mut person.engagements), ..Evidence::default() };
        let decision = gate::decide_with(facts, Some(&self.icp), self.now);
        person.engagements = std::mem::take(&mut facts.evidence.engagements);
        decision
    }

    /// Everybody who is still somebody of their own.
    pub fn everybody(&self) -> Vec<usize> {
        (0..self.people.len()).filter(|at| self.people[*at].merged_into.is_none()).collect()
    }

    pub fn verdict(&self, at: usize, decision: &gate::Decision) -> Verdict {
        let mut keys: Vec<String> = self.people[at].head.keys.iter().map(Key::storage).collect();
        keys.sort();
        let reason = decision.first_code().map(|code| code.as_str().to_owned());
        Verdict(keys.join(" "), decision.verdict.as_str().to_owned(), decision.score, reason)
    }

    /// What was last decided about everybody, as their heads have it.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let decided = |at: &usize| Some((*at, &self.people[*at].head.decision.as_ref()?.decision));
        let mut verdicts: Vec<Verdict> = self.everybody().iter().filter_map(decided).map(|(at, d)| self.verdict(at, d)).collect();
        verdicts.sort();
        verdicts
    }

    /// Decides about the people of a page; answers what is to be written.
    fn items_of(&mut self, page: &Page, rows: &[Given]) -> Result<Vec<Item>, Failure> {
        let (mut touched, mut gone) = (Vec::new(), Vec::new());
        for row in rows {
            let Some((at, merged)) = self.take_in(row, page) else { continue };
            gone.extend(merged);
            if !touched.contains(&at) {
                touched.push(at);
            }
        }
        let mut items = Vec::new();
        for at in touched.into_iter().filter(|at| !gone.contains(at)) {
            let decision = self.decide(at);
            self.write(at, decision, page, &mut items).map_err(Failure::soon)?;
        }
        for at in gone {
            items.push(encode(&self.people[at].head, 2).map_err(Failure::soon)?);
        }
        Ok(items)
    }

    fn write(
        &mut self,
        at: usize,
        decision: gate::Decision,
        page: &Page,
        items: &mut Vec<Item>,
    ) -> Result<(), store::StoreError> {
        let person = &mut self.people[at];
        if let Some(known) = person.head.keys.iter().find_map(|key| self.known.get(key)) {
            person.head.summary = summary_of(&known.analysis);
        }
        let _replaced = person.head.take_decision(decision);
        items.push(encode(&person.head, 1)?);
        let own = person.head.key();
        let pointing: Vec<&Key> = person.head.keys.iter().filter(|key| keys::identity(&self.id, key) != own).collect();
        for key in pointing.iter().skip(person.pointers) {
            let pointer = IdentityPointer { workspace: self.id.clone(), key: (*key).clone(), prospect: person.head.id.clone() };
            items.push(encode(&pointer, 1)?);
        }
        person.pointers = pointing.len();
        for engagement in person.engagements.iter().filter(|act| act.post_url == page.post_url) {
            let stored = StoredEngagement {
                workspace: self.id.clone(),
                prospect: ProspectId::clone(&person.head.id),
                urn: page.urn.clone(),
                engagement: engagement.clone(),
            };
            items.push(encode(&stored, 1)?);
        }
        Ok(())
    }
}

/// The second measure: rows in memory to decisions in memory.
pub fn stage(world: &World, tones: HashMap<&str, Tone>, rows: &[(usize, Given)]) -> Vec<Verdict> {
    let mut workspace = Workspace::new(world, Some(tones));
    for (page, row) in rows {
        let _taken = workspace.take_in(row, &world.pages[*page]);
    }
    let mut verdicts = Vec::with_capacity(workspace.people.len());
    for at in workspace.everybody() {
        let decision = workspace.decide(at);
        verdicts.push(workspace.verdict(at, &decision));
    }
    verdicts
}

/// The first measure: what a function does with a page from its queue, up to the signed requests of the store.
pub struct Pipeline<'w> {
    pub workspace: Mutex<Workspace<'w>>,
    pub table: Table,
}

#[async_trait]
impl Handler for Pipeline<'_> {
    async fn handle(&self, body: &str) -> Outcome {
        let page: Page = serde_json::from_str(body).map_err(|e| Failure::Unreadable(e.to_string()))?;
        let rows = rows_of(&page);
        let items = self.workspace.lock().map_err(Failure::soon)?.items_of(&page, &rows)?;
        self.table.overwrite_many(items).await.map_err(Failure::soon)
    }
}
