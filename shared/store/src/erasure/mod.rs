//! Erasure: a person leaves every item, and stays known by keyed hashes alone, so that nobody contacts or collects them
//! again. Suppressing is one transaction, in the request; deleting is work of its own, found by the due index.
//! Rules: docs/rules.md, "Erasure".

mod ledger;
mod work;

pub use ledger::Ledger;
pub use work::VERDICT;

use crate::prospect::{Prospect, StoredAnalysis};
use crate::record::{DueEntry, Entity, Key, Versioned};
use crate::settings::Background;
use crate::suppression::{ERASURE, Suppression};
use crate::table::{Op, Transacted};
use crate::{Store, StoreError, keys};
use domain::erasure::{mark_of_entry, mark_of_key, mark_of_name};
use domain::identity;
use domain::ids::{JobId, MessageId, ProspectId, SuppressionId, WorkspaceId};
use domain::job::queue;
use domain::vocabulary::{MessageStatus, SuppressionKind};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};

/// When an erasure is taken up again, should its message be lost or its worker end.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// After so long every worker that had read the person before the erasure has ended: then everything is looked through
/// once more.
pub const SECOND_LOOK: SignedDuration = SignedDuration::from_mins(20);
/// The kind of its job.
pub const JOB_KIND: &str = "erase";
/// How often an erasure is begun anew when others write the person meanwhile.
const ROUNDS_MAX: usize = 16;
/// Black-list entries of one transaction; DynamoDB allows 100 operations.
const ENTRIES_MAX: usize = 90;

/// The secrets under which erased people of a workspace are recognised; the first makes new hashes. A restored backup
/// may bring a second one.
#[derive(Clone, Serialize, Deserialize)]
pub struct ErasureKey {
    pub workspace: WorkspaceId,
    secrets: Vec<String>,
}

impl std::fmt::Debug for ErasureKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ErasureKey({})", self.workspace)
    }
}

impl Entity for ErasureKey {
    const TYPE: &'static str = "erasure_key";
    fn key(&self) -> Key {
        keys::erasure_key(&self.workspace)
    }
}

impl ErasureKey {
    /// The hash of a mark, as new entries bear it.
    fn hash(&self, mark: &str) -> String {
        self.hashes(mark).next().unwrap_or_default()
    }

    /// The hashes under which a mark may be known.
    pub fn hashes<'a>(&'a self, mark: &'a str) -> impl Iterator<Item = String> + 'a {
        self.secrets.iter().filter_map(move |secret| keyed(secret, &self.workspace, mark))
    }
}

fn keyed(secret: &str, ws: &WorkspaceId, mark: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(ws.as_str().as_bytes());
    mac.update(b"\0");
    mac.update(mark.as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    Some(format!("hmac-sha256:{digits}"))
}

/// A black-list entry that stands for an erased person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hashed {
    pub kind: SuppressionKind,
    pub hash: String,
}

/// How far an erasure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Cancels what may still go out, and black-lists keys not known at the beginning.
    Messages,
    /// Rows of collections.
    Runs,
    /// Raw events from outside.
    Inbound,
    /// The audit log.
    Audit,
    /// The workspace's own lists and the batches on their way.
    Lists,
    /// The person's collection, keys and, last of all, head.
    Person,
}

/// One erasure: a line of the ledger, and while it is under way the work itself. It holds ids and hashes alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub workspace: WorkspaceId,
    /// The job that tells how far it is.
    pub id: JobId,
    /// The person, and everybody who went up in them.
    pub people: Vec<ProspectId>,
    /// What keeps them away from now on.
    pub entries: Vec<Hashed>,
    /// Hashes of their names: what rows and events are looked through for, besides the entries.
    pub names: Vec<String>,
    pub erased_at: Timestamp,
    /// Sends that were leaving or unknown at that moment.
    pub in_flight: Vec<MessageId>,
    pub stage: Stage,
    /// Where the stage goes on.
    pub position: Option<String>,
    /// The second look through everything.
    pub again: bool,
    /// What was deleted or changed so far, by kind.
    pub counts: BTreeMap<String, u64>,
    /// A worker is at it until then.
    pub leased_until: Option<Timestamp>,
    /// When it is taken up; `None`: it is done.
    pub next_at: Option<Timestamp>,
}

impl Entity for Erasure {
    const TYPE: &'static str = "erasure";
    fn key(&self) -> Key {
        keys::erasure(&self.workspace, &self.id)
    }
    fn due(&self) -> Option<DueEntry> {
        self.next_at.map(|at| DueEntry { at, queue: queue::INBOUND, kind: "erase" })
    }
}

impl Erasure {
    /// The id of the erasure of a person: asked for twice, it is the same one.
    pub fn id_of(ws: &WorkspaceId, person: &ProspectId) -> JobId {
        JobId::derive(&[ws.as_str(), "erasure", person.as_str()])
    }

    /// Whether the person is still there: the job has not ended.
    pub fn is_open(&self) -> bool {
        self.next_at.is_some() && !self.again
    }

    fn job(&self, status: &str) -> Background {
        Background {
            status: status.to_owned(),
            done: u64::from(status == "done"),
            result: self.receipt(),
            ..Background::begun(&self.workspace, &self.id, JOB_KIND, 1, self.erased_at)
        }
    }

    /// What the erasure came to, without a word about who it was.
    pub fn receipt(&self) -> serde_json::Value {
        serde_json::json!({
            "prospect_id": self.people.first(),
            "erased_at": self.erased_at,
            "counts": self.counts,
            "suppressions": self.entries,
            "in_flight": self.in_flight,
        })
    }
}

/// An erasure that goes on, and whether it has just begun.
#[derive(Clone, Debug)]
pub struct Begun {
    pub erasure: Erasure,
    /// False: somebody asked for it before.
    pub is_new: bool,
}

/// The marks of a person that their items hold in plain.
#[derive(Debug, Default)]
struct Known {
    heads: Vec<Versioned<Prospect>>,
    keys: BTreeSet<identity::Key>,
    names: BTreeSet<String>,
}

impl Known {
    fn entries(&self, key: &ErasureKey, people: &[ProspectId]) -> BTreeSet<Hashed> {
        let of_people = people.iter().map(|id| (SuppressionKind::Prospect, id.to_string()));
        let plain = of_people.chain(self.keys.iter().map(entry_of));
        let hashed =
            |(kind, matched): (SuppressionKind, String)| Some(Hashed { kind, hash: key.hash(&mark_of_entry(kind, &matched)?) });
        plain.filter_map(hashed).collect()
    }

    fn names(&self, key: &ErasureKey) -> BTreeSet<String> {
        self.names.iter().map(|mark| key.hash(mark)).collect()
    }
}

/// The black-list entry that stands for a key.
fn entry_of(key: &identity::Key) -> (SuppressionKind, String) {
    match key.kind {
        identity::Kind::Email => (SuppressionKind::Email, key.value.clone()),
        _ => (SuppressionKind::ProfileUrl, key.storage()),
    }
}

/// The hashed entries under which somebody with these plain ones is known, if they were erased.
pub fn hashed_candidates(
    key: &ErasureKey,
    plain: impl IntoIterator<Item = (SuppressionKind, String)>,
) -> Vec<(SuppressionKind, String)> {
    let mut hashed = Vec::new();
    for (kind, matched) in plain {
        if let Some(mark) = mark_of_entry(kind, &matched) {
            hashed.extend(key.hashes(&mark).map(|hash| (kind, hash)));
        }
    }
    hashed
}

impl Store {
    /// The secrets of a workspace; `None` where nobody was ever erased.
    pub async fn erasure_key(&self, ws: &WorkspaceId) -> Result<Option<ErasureKey>, StoreError> {
        Ok(self.table.get::<ErasureKey>(&keys::erasure_key(ws)).await?.map(|k| k.item))
    }

    /// The secrets of a workspace; `fresh`, a random one, is kept where there are none.
    pub async fn make_erasure_key(&self, ws: &WorkspaceId, fresh: String) -> Result<ErasureKey, StoreError> {
        let new = ErasureKey { workspace: ws.clone(), secrets: vec![fresh] };
        // Lost: there is one already, or another request has just made it.
        let _known = self.create(&new).await?;
        self.erasure_key(ws).await?.ok_or(StoreError::Conflict("erasure key"))
    }

    /// Those of `wanted` that were keys of an erased person.
    pub async fn erased_among(&self, ws: &WorkspaceId, wanted: &[identity::Key]) -> Result<Vec<identity::Key>, StoreError> {
        let Some(key) = self.erasure_key(ws).await? else { return Ok(Vec::new()) };
        let mut places: Vec<(&identity::Key, Key)> = Vec::new();
        for candidate in wanted {
            for hash in key.hashes(&mark_of_key(candidate)) {
                places.push((candidate, keys::suppression(ws, entry_of(candidate).0.as_str(), &hash)));
            }
        }
        let wanted: Vec<Key> = places.iter().map(|(_, key)| key.clone()).collect();
        let found: Vec<Versioned<Suppression>> = self.table.get_many(&wanted).await?;
        let found: Vec<Key> = found.iter().map(|s| s.item.key()).collect();
        Ok(places.into_iter().filter(|(_, key)| found.contains(key)).map(|(candidate, _)| candidate.clone()).collect())
    }

    /// The hashed entry of an erased person that a plain black-list entry would repeat.
    pub async fn erased_entry(
        &self,
        ws: &WorkspaceId,
        kind: SuppressionKind,
        matched: &str,
    ) -> Result<Option<Suppression>, StoreError> {
        let Some(key) = self.erasure_key(ws).await? else { return Ok(None) };
        let wanted = hashed_candidates(&key, [(kind, matched.to_owned())]);
        Ok(self.suppressions_of(ws, &wanted).await?.into_iter().next())
    }

    /// One erasure.
    pub async fn erasure(&self, ws: &WorkspaceId, id: &JobId) -> Result<Option<Versioned<Erasure>>, StoreError> {
        self.table.get(&keys::erasure(ws, id)).await
    }

    /// Begins to erase a person: from this write on no claim of a send to them wins. Everything under their keys is
    /// black-listed as hashes, the epoch and the person's revision rise, and the work is due; all together or not at all.
    ///
    /// `None`: there is no such person. One under way is answered as it is.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when others kept writing the person.
    pub async fn begin_erasure(&self, key: &ErasureKey, id: &ProspectId, now: Timestamp) -> Result<Option<Begun>, StoreError> {
        let ws = &key.workspace;
        for _ in 0..ROUNDS_MAX {
            let Some(mut person) = self.survivor(ws, id).await? else { return Ok(None) };
            let erasure = Erasure::id_of(ws, &person.id);
            let before = self.erasure(ws, &erasure).await?;
            if let Some(open) = before.as_ref().filter(|e| e.is_open()) {
                return Ok(Some(Begun { erasure: open.item.clone(), is_new: false }));
            }
            let mut people = vec![person.id.clone()];
            people.extend(person.aliases.iter().filter(|alias| **alias != person.id).cloned());
            let known = self.known(ws, &people).await?;
            let sends = self.messages_of(&person).await?;
            let leaving = sends.iter().filter(|m| matches!(m.status, MessageStatus::Sending | MessageStatus::Uncertain));
            let old = before.as_ref().map(|e| e.item.clone());
            let mut entries = known.entries(key, &people);
            let mut names = known.names(key);
            entries.extend(old.iter().flat_map(|e| e.entries.clone()));
            names.extend(old.iter().flat_map(|e| e.names.clone()));
            let new = Erasure {
                workspace: ws.clone(),
                id: erasure,
                people,
                entries: entries.into_iter().collect(),
                names: names.into_iter().collect(),
                erased_at: now,
                in_flight: leaving.map(|m| m.id.clone()).collect(),
                stage: Stage::Messages,
                position: None,
                again: false,
                counts: BTreeMap::new(),
                leased_until: None,
                next_at: Some(now + LEASE),
            };
            person.contact.revision += 1;
            person.in_review = false;
            let version = before.as_ref().map_or(0, |e| e.version);
            let new = Versioned { item: new, version };
            let mut ops = vec![
                self.table.op_save(&person)?,
                if version == 0 { self.table.op_create(&new.item)? } else { self.table.op_save(&new)? },
                self.table.op_overwrite(&new.item.job("running"))?,
            ];
            let entries = self.rest_of_entries(&new.item, &new.item.entries, now).await?;
            ops.extend(entries);
            if self.table.transact(ops).await? == Transacted::Won {
                return Ok(Some(Begun { erasure: new.item, is_new: true }));
            }
        }
        Err(StoreError::Conflict("erasure"))
    }

    /// The writes of `entries` with the epoch, for a transaction; what is too much for one is written before.
    async fn rest_of_entries(&self, erasure: &Erasure, entries: &[Hashed], now: Timestamp) -> Result<Vec<Op>, StoreError> {
        let ws = &erasure.workspace;
        let mut chunks: Vec<&[Hashed]> = entries.chunks(ENTRIES_MAX).collect();
        let last = chunks.pop().unwrap_or_default();
        for chunk in chunks {
            let ops = self.entry_ops(ws, chunk, now)?;
            if self.table.transact(ops).await? != Transacted::Won {
                return Err(StoreError::Conflict("suppressions"));
            }
        }
        self.entry_ops(ws, last, now)
    }

    fn entry_ops(&self, ws: &WorkspaceId, entries: &[Hashed], now: Timestamp) -> Result<Vec<Op>, StoreError> {
        let mut ops = vec![self.table.op_add(&keys::epoch(ws), &[("n", 1)])?];
        for entry in entries {
            ops.push(self.table.op_overwrite(&Suppression {
                workspace: ws.clone(),
                id: SuppressionId::derive(&[ws.as_str(), entry.kind.as_str(), &entry.hash]),
                kind: entry.kind,
                value: entry.hash.clone(),
                matched: entry.hash.clone(),
                reason: None,
                source: ERASURE.to_owned(),
                opted_out: false,
                created_at: now,
            })?);
        }
        Ok(ops)
    }

    /// What the items of these people still say of who they are.
    async fn known(&self, ws: &WorkspaceId, people: &[ProspectId]) -> Result<Known, StoreError> {
        let heads = self.prospects(ws, people).await?;
        let analyses: Vec<Key> = people.iter().map(|id| keys::analysis(ws, id)).collect();
        let analyses: Vec<Versioned<StoredAnalysis>> = self.table.get_many(&analyses).await?;
        let mut known = Known::default();
        for head in &heads {
            let both = match (&head.first_name, &head.last_name) {
                (Some(first), Some(last)) => Some(format!("{first} {last}")),
                _ => None,
            };
            let names = [head.name.clone(), head.raw_name.clone(), both];
            known.names.extend(names.iter().flatten().filter_map(|name| mark_of_name(name)));
            known.keys.extend(head.keys.iter().cloned());
            known.keys.extend(head.profile_url.as_deref().and_then(identity::address_key));
        }
        // Keys that a profile brought and the head does not bear yet are theirs already.
        known.keys.extend(analyses.iter().flat_map(|a| a.keys.clone()));
        known.heads = heads;
        Ok(known)
    }
}
