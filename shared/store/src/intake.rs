//! Intake: a row from any source becomes a person, once per workspace. Rules: docs/rules.md, "Identity".

use crate::merge;
use crate::prospect::{Contact, Holder, IdentityPointer, Prospect, Summary};
use crate::record::Versioned;
use crate::table::Transacted;
use crate::{Store, StoreError, keys};
use domain::identity::{self, Join, Kind, ProspectRef};
use domain::ids::{AccountId, ProspectId, RunId, WorkspaceId};
use domain::names;
use domain::vocabulary::LeadSource;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How often a row is tried again when others write the same people.
const ROUNDS_MAX: usize = 12;

/// What a source tells of a person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// At least one.
    pub keys: Vec<identity::Key>,
    /// As given.
    pub name: Option<String>,
    pub headline: Option<String>,
    pub profile_url: Option<String>,
    /// 1–3, of `degree_account`.
    pub degree: Option<u8>,
    pub degree_account: Option<AccountId>,
    /// `None` counts as an import.
    pub source: Option<LeadSource>,
    pub run: Option<RunId>,
    pub title: Option<String>,
    pub company: Option<String>,
    pub company_domain: Option<String>,
    pub location: Option<String>,
    pub tags: Vec<String>,
    pub notes: Option<String>,
    pub source_note: Option<String>,
}

/// What became of a row.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The person.
    pub prospect: Versioned<Prospect>,
    /// New to the workspace, by this row or by an earlier try of the same run.
    pub created: bool,
    /// People shown by this row to be the same person; they point to `prospect` now.
    pub merged: Vec<ProspectId>,
    /// A person known before has taken keys of the row.
    keys_gained: bool,
}

impl Store {
    /// Finds or creates the person of a row, joins keys, merges people shown to be one. `None`: the row is about somebody
    /// who was erased, and nothing is kept of it.
    ///
    /// # Errors
    /// A row without any key is corrupt; [`StoreError::Conflict`] when others kept writing the same people.
    pub async fn intake(&self, ws: &WorkspaceId, row: &Row, now: Timestamp) -> Result<Option<Intake>, StoreError> {
        if self.relaxed().is_erased(ws, row, now).await? {
            return Ok(None);
        }
        let taken = self.take_row(ws, row, now).await?;
        // An erasure that began in between had not seen this person yet.
        let changed = taken.created || taken.keys_gained || !taken.merged.is_empty();
        let overtaken = changed && self.is_erased(ws, row, now).await?;
        Ok((!overtaken).then_some(taken))
    }

    /// Whether a row is about somebody erased; whoever bears an erased key all the same is erased with it.
    async fn is_erased(&self, ws: &WorkspaceId, row: &Row, now: Timestamp) -> Result<bool, StoreError> {
        let erased = self.erased_among(ws, &row.keys).await?;
        if erased.is_empty() {
            return Ok(false);
        }
        if let Some(key) = self.erasure_key(ws).await? {
            for pointer in self.identities(ws, &erased).await? {
                if self.begin_erasure(&key, &pointer.prospect, now).await?.is_none() {
                    // A pointer to nobody is what a process left that ended in between.
                    let _gone = self.table.delete(&keys::identity(ws, &pointer.key), None).await?;
                }
            }
        }
        Ok(true)
    }

    async fn take_row(&self, ws: &WorkspaceId, row: &Row, now: Timestamp) -> Result<Intake, StoreError> {
        let by_rank =
            [|k: &&identity::Key| k.kind == Kind::MemberId, |k: &&identity::Key| k.is_strong(), |_: &&identity::Key| true];
        let Some(first) = by_rank.iter().find_map(|rank| row.keys.iter().find(rank)) else {
            return Err(StoreError::corrupt("row without identity"));
        };
        let mut merged = Vec::new();
        for round in 0..ROUNDS_MAX {
            // Every write below is under a condition: one that is lost was decided on old facts, and reads anew.
            let reader = if round == 0 { self.relaxed() } else { self.clone() };
            let (found, orphan) = reader.holders(ws, &row.keys).await?;
            if let Some((key, id)) = orphan {
                // The process ended between key and person: the person is made now.
                let new = new_prospect(ws, id, row, vec![key], now);
                let _known = self.create(&new).await?;
                continue;
            }
            let refs: Vec<(identity::Key, ProspectRef)> = found.iter().map(|(k, p)| (k.clone(), reference(p))).collect();
            let by_id = |id: &str| found.iter().map(|(_, p)| p).find(|p| p.id.as_str() == id).cloned();
            match identity::join(&row.keys, &refs) {
                Join::Create => {
                    let id = keys::prospect_of(ws, first);
                    let (taken, whole) = self.take_keys_for(ws, &id, first, &row.keys).await?;
                    if taken.is_empty() {
                        continue;
                    }
                    let new = new_prospect(ws, id, row, taken, now);
                    // Lost: somebody has made this very person; the next round completes them.
                    if self.create(&new).await?.won() && whole {
                        let prospect = Versioned { item: new, version: 1 };
                        return Ok(Intake { prospect, created: true, merged, keys_gained: false });
                    }
                }
                Join::Same(id) => {
                    let Some(mut person) = by_id(&id) else { continue };
                    let known = person.keys.len();
                    if self.complete(ws, &mut person, row, &refs).await? {
                        let keys_gained = person.keys.len() > known;
                        let created = person.created_at == now || (row.run.is_some() && person.created_by == row.run);
                        return Ok(Intake { prospect: person, created, merged, keys_gained });
                    }
                }
                Join::Merge { older, younger } => {
                    let (Some(older), Some(younger)) = (by_id(&older), by_id(&younger)) else { continue };
                    let gone = younger.id.clone();
                    if self.merge(older, younger).await? == Transacted::Won {
                        merged.push(gone);
                    }
                }
                Join::MoveSlug { slug, from, to } => {
                    let Some(from) = by_id(&from) else { continue };
                    self.move_slug(ws, &slug, from, to.as_deref().and_then(ProspectId::parse)).await?;
                }
            }
        }
        Err(StoreError::Conflict("identity"))
    }

    /// Who holds which of `wanted`; and a key whose person was never written, if there is one.
    #[allow(clippy::type_complexity)]
    async fn holders(
        &self,
        ws: &WorkspaceId,
        wanted: &[identity::Key],
    ) -> Result<(Vec<(identity::Key, Versioned<Prospect>)>, Option<(identity::Key, ProspectId)>), StoreError> {
        let mut found = Vec::new();
        for (key, holder) in self.holders_of(ws, wanted).await? {
            let id = match holder {
                Holder::Person(person) => match &person.merged_into {
                    None => {
                        found.push((key, *person));
                        continue;
                    }
                    Some(into) => into.clone(),
                },
                Holder::Pointer(id) => id,
            };
            // Two keys of one person: read once.
            if let Some((_, known)) = found.iter().find(|(_, p)| p.id == id) {
                let known = known.clone();
                found.push((key, known));
                continue;
            }
            match self.survivor(ws, &id).await? {
                Some(person) => found.push((key, person)),
                None => return Ok((found, Some((key, id)))),
            }
        }
        Ok((found, None))
    }

    /// Takes the keys of a person to be made of `first`, up to one that somebody has; answers those taken, and whether
    /// they are all. A member id that comes first is taken by making the person.
    async fn take_keys_for(
        &self,
        ws: &WorkspaceId,
        id: &ProspectId,
        first: &identity::Key,
        wanted: &[identity::Key],
    ) -> Result<(Vec<identity::Key>, bool), StoreError> {
        let mut taken = Vec::with_capacity(wanted.len());
        for key in std::iter::once(first).chain(wanted.iter().filter(|k| *k != first)) {
            let by_making = key == first && key.kind == Kind::MemberId;
            let pointer = IdentityPointer { workspace: ws.clone(), key: key.clone(), prospect: id.clone() };
            if !by_making && !self.take_identity(&pointer).await?.won() {
                return Ok((taken, false));
            }
            taken.push(key.clone());
        }
        Ok((taken, true))
    }

    /// Gives a person what the row brings anew. False when somebody else wrote meanwhile.
    async fn complete(
        &self,
        ws: &WorkspaceId,
        person: &mut Versioned<Prospect>,
        row: &Row,
        held: &[(identity::Key, ProspectRef)],
    ) -> Result<bool, StoreError> {
        for key in row.keys.iter().filter(|k| !held.iter().any(|(h, _)| h == *k)) {
            let pointer = IdentityPointer { workspace: ws.clone(), key: key.clone(), prospect: person.id.clone() };
            if !self.take_identity(&pointer).await?.won() {
                return Ok(false);
            }
        }
        let before = person.item.clone();
        fill(&mut person.item, row);
        if person.item == before {
            return Ok(true);
        }
        Ok(self.save(person).await?.won())
    }

    /// The younger goes up in the older: in one write the keys move and the younger points to the older.
    async fn merge(&self, mut older: Versioned<Prospect>, mut younger: Versioned<Prospect>) -> Result<Transacted, StoreError> {
        let ws = older.workspace.clone();
        let mut ops = Vec::new();
        // Where the younger, or somebody who went up in them, stands by a member id, they lead to the older themselves:
        // a pointer there would take the place of their head.
        let stands = |key: &&identity::Key| key.kind == Kind::MemberId && younger.is(&keys::prospect_of(&ws, key));
        let pointers = younger.keys.iter().filter(|key| !stands(key));
        for key in pointers {
            let pointer = IdentityPointer { workspace: ws.clone(), key: key.clone(), prospect: older.id.clone() };
            ops.push(self.table.op_overwrite(&pointer)?);
        }
        merge::absorb(&mut older.item, &younger.item);
        younger.merged_into = Some(older.id.clone());
        younger.in_review = false;
        ops.push(self.table.op_save(&older)?);
        ops.push(self.table.op_save(&younger)?);
        self.table.transact(ops).await
    }

    /// A reused slug leaves its old holder; without a new one the key is free for the next round.
    async fn move_slug(
        &self,
        ws: &WorkspaceId,
        slug: &identity::Key,
        mut from: Versioned<Prospect>,
        to: Option<ProspectId>,
    ) -> Result<(), StoreError> {
        from.keys.retain(|k| k != slug);
        let url = from.profile_url.as_deref().map(domain::profile_url::parse);
        if url.is_some_and(|u| u.key() == Some(slug.value.as_str())) {
            from.item.profile_url = from.keys.iter().find_map(url_of);
        }
        let pointer = match &to {
            Some(id) => {
                let pointer = IdentityPointer { workspace: ws.clone(), key: slug.clone(), prospect: id.clone() };
                self.table.op_overwrite(&pointer)?
            }
            None => self.table.op_delete(&keys::identity(ws, slug))?,
        };
        // Lost: somebody else wrote the old holder; the next round looks again.
        let _again = self.table.transact(vec![self.table.op_save(&from)?, pointer]).await?;
        Ok(())
    }
}

fn reference(person: &Versioned<Prospect>) -> ProspectRef {
    ProspectRef {
        id: person.id.to_string(),
        strong_keys: person.keys.iter().filter(|k| k.is_strong()).cloned().collect(),
        created_at: person.created_at,
    }
}

/// The address under which a key is reached.
pub fn url_of(key: &identity::Key) -> Option<String> {
    matches!(key.kind, Kind::Slug | Kind::MemberId).then(|| format!("https://www.linkedin.com/in/{}", key.value))
}

/// The person a row makes, of the keys it could take.
pub fn new_prospect(ws: &WorkspaceId, id: ProspectId, row: &Row, taken: Vec<identity::Key>, now: Timestamp) -> Prospect {
    let source = row.source.unwrap_or(LeadSource::Import);
    let mut person = Prospect {
        workspace: ws.clone(),
        id,
        name: None,
        first_name: None,
        last_name: None,
        raw_name: None,
        profile_url: None,
        keys: Vec::new(),
        headline: None,
        degree: None,
        degree_account: None,
        degree_also: Vec::new(),
        source,
        sources: vec![source],
        created_at: now,
        created_by: row.run.clone(),
        summary: Summary::default(),
        score: None,
        upper_bound: None,
        forced: false,
        reading_failure: None,
        decision: None,
        enrolment: None,
        contact: Contact::default(),
        overrule: None,
        manual: None,
        signals: Vec::new(),
        tags: Vec::new(),
        notes: None,
        owner: None,
        source_note: row.source_note.clone(),
        merged_into: None,
        aliases: Vec::new(),
        in_review: false,
    };
    // Keys not taken yet are taken in the next round.
    fill(&mut person, &Row { keys: taken, ..row.clone() });
    person
}

/// Adds what the row brings and the person lacks; nothing known is overwritten but what only grows better.
fn fill(person: &mut Prospect, row: &Row) {
    for key in &row.keys {
        if !person.keys.contains(key) {
            person.keys.push(key.clone());
        }
    }
    if person.name.is_none()
        && let Some(raw) = row.name.as_deref().filter(|n| !n.trim().is_empty())
    {
        let clean = names::clean(raw);
        // A usable key makes a person even where no clean name is left; then the raw one is shown.
        person.name = clean.clean.or_else(|| Some(raw.trim().to_owned()));
        person.first_name = clean.first;
        person.last_name = clean.last;
        person.raw_name = Some(raw.to_owned());
    }
    let slug_known = person.profile_url.as_deref().is_some_and(|u| domain::profile_url::parse(u).kind() == "slug");
    if !slug_known {
        let best =
            person.keys.iter().find(|k| k.kind == Kind::Slug).or_else(|| person.keys.iter().find(|k| k.kind == Kind::MemberId));
        person.profile_url = best.and_then(url_of).or_else(|| person.profile_url.take());
    }
    let take = |mine: &mut Option<String>, theirs: &Option<String>| {
        if mine.is_none() {
            mine.clone_from(theirs);
        }
    };
    take(&mut person.headline, &row.headline);
    take(&mut person.notes, &row.notes);
    take(&mut person.summary.title, &row.title);
    take(&mut person.summary.company_name, &row.company);
    if let (Some(domain), true) = (&row.company_domain, person.summary.company_keys.is_empty()) {
        person.summary.company_keys.push(format!("domain:{domain}"));
    }
    if let Some(degree) = row.degree {
        person.take_degree(degree, row.degree_account.as_ref());
    }
    if let Some(source) = row.source
        && !person.sources.contains(&source)
    {
        person.sources.push(source);
    }
    for tag in &row.tags {
        if !person.tags.contains(tag) {
            person.tags.push(tag.clone());
        }
    }
}

impl Prospect {
    /// Takes over keys that are the person's already, and the address they bring.
    pub fn take_keys(&mut self, keys: &[identity::Key]) {
        if keys.iter().any(|key| !self.keys.contains(key)) {
            fill(self, &Row { keys: keys.to_vec(), ..Row::default() });
        }
    }

    /// The e-mail address among the keys.
    pub fn email(&self) -> Option<&str> {
        self.keys.iter().find(|k| k.kind == Kind::Email).map(|k| k.value.as_str())
    }

    /// Whether the person is the same entity as `other`.
    pub fn is(&self, other: &ProspectId) -> bool {
        self.id == *other || self.aliases.contains(other)
    }
}
