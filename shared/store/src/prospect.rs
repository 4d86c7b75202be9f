//! People: head, analysis, engagements, past decisions, replies, and the keys that find them.

use crate::message::Message;
use crate::record::{Entity, Key, ListEntry, Versioned, decode};
use crate::table::{Walk, Written};
use crate::{ListPage, Store, StoreError, keys};
use domain::evidence::{Engagement, Manual, SemanticOpinion, Signal};
use domain::gate::Decision;
use domain::identity;
use domain::ids::{AccountId, DecisionId, EngagementId, EnrolmentId, MessageId, ProspectId, RunId, WorkspaceId};
use domain::score::{Frozen, Score};
use domain::titles::{Function, Seniority};
use domain::vocabulary::{EnrolmentStatus, LeadSource};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A decision with its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredDecision {
    pub id: DecisionId,
    #[serde(flatten)]
    pub decision: Decision,
}

/// What the lists show of a person's analysis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub title: Option<String>,
    pub seniority: Option<Seniority>,
    pub function: Option<Function>,
    pub company_name: Option<String>,
    pub company_size: Option<u32>,
    pub company_industry: Option<String>,
    pub company_country: Option<String>,
    /// Keys by which colleagues are known (`domain:…`, `id:…`, `name:…`).
    pub company_keys: Vec<String>,
    pub analysed_at: Option<Timestamp>,
}

/// One prospect's way through the built-in sequence or a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enrolment {
    pub id: EnrolmentId,
    /// `None`: the workspace's built-in sequence.
    pub campaign: Option<String>,
    pub account: AccountId,
    pub status: EnrolmentStatus,
    pub started_at: Timestamp,
    /// What does not decay for the later steps.
    pub frozen: Option<Frozen>,
    pub invited_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub messaged_at: Option<Timestamp>,
}

/// What has passed between us and the person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Raised by whatever a send must not overlook: a reply, a merge, another send.
    pub revision: u64,
    pub last_sent_at: Option<Timestamp>,
    /// The enrolment of the last contact.
    pub last_enrolment: Option<EnrolmentId>,
    /// A send under way.
    pub sending: Option<MessageId>,
    pub last_reply_at: Option<Timestamp>,
    /// Not before this day, as they asked.
    pub not_before: Option<Timestamp>,
    /// When a meeting was booked.
    pub meeting_at: Option<Timestamp>,
    /// A human's word that it is over: the outcome.
    pub closed: Option<String>,
    pub closed_at: Option<Timestamp>,
    pub rejected_at: Option<Timestamp>,
    pub rejected_enrolment: Option<EnrolmentId>,
    pub connected: bool,
    /// They asked us to stop.
    pub opted_out_at: Option<Timestamp>,
    /// Their invitation is about to be taken back: the provider's id of it, and since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawing: Option<(String, Timestamp)>,
    /// The sequence that ended with its unanswered invitation, and when: an acceptance seen later takes it up again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<(EnrolmentId, Timestamp)>,
    /// When their last invitation was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}

/// A recorded exception to the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrule {
    pub reason: String,
    pub by: String,
    pub at: Timestamp,
    /// The one message it was used for.
    pub used_for: Option<MessageId>,
}

/// A person, once per workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prospect {
    pub workspace: WorkspaceId,
    pub id: ProspectId,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub raw_name: Option<String>,
    pub profile_url: Option<String>,
    pub keys: Vec<identity::Key>,
    pub headline: Option<String>,
    pub degree: Option<u8>,
    /// The account whose degree it is.
    pub degree_account: Option<AccountId>,
    /// Other accounts that are just as close.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degree_also: Vec<AccountId>,
    /// The first source, then every other one.
    pub source: LeadSource,
    pub sources: Vec<LeadSource>,
    pub created_at: Timestamp,
    pub created_by: Option<RunId>,
    #[serde(default)]
    pub summary: Summary,
    pub score: Option<Score>,
    /// Given where nothing was spent on reading the person.
    pub upper_bound: Option<u8>,
    /// A person asked to read them whatever the upper bound.
    #[serde(default)]
    pub forced: bool,
    /// Why the last reading failed, if it did.
    pub reading_failure: Option<String>,
    pub decision: Option<StoredDecision>,
    pub enrolment: Option<Enrolment>,
    #[serde(default)]
    pub contact: Contact,
    pub overrule: Option<Overrule>,
    pub manual: Option<Manual>,
    #[serde(default)]
    pub signals: Vec<Signal>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub notes: Option<String>,
    pub owner: Option<String>,
    pub source_note: Option<String>,
    /// In whom this person went up.
    pub merged_into: Option<ProspectId>,
    /// Who went up in this person: their histories are read with this one's.
    #[serde(default)]
    pub aliases: Vec<ProspectId>,
    /// A draft waits for review.
    #[serde(default)]
    pub in_review: bool,
}

impl Prospect {
    /// The place in the people list: by score, those without one last.
    pub fn order(&self) -> String {
        match &self.score {
            Some(score) => format!("{:03}s#{}", score.value, self.id.tail()),
            None => format!("000n#{}", self.id.tail()),
        }
    }
}

/// The most accounts that are kept beside the first as being just as close.
const DEGREE_ALSO_MAX: usize = 10;

impl Prospect {
    /// Takes over how close an account is to them, if that is news: the closest accounts count, save that whoever is in a
    /// sequence belongs to its account.
    pub fn take_degree(&mut self, degree: u8, account: Option<&AccountId>) {
        let own = self.enrolment.as_ref().map(|e| &e.account);
        if own.is_some() && own != account {
            return;
        }
        let same = self.degree_account.as_ref() == account;
        match self.degree {
            Some(known) if !same && known == degree && own.is_none() => {
                let news = account.filter(|id| !self.degree_also.contains(id) && self.degree_also.len() < DEGREE_ALSO_MAX);
                self.degree_also.extend(news.cloned());
            }
            Some(known) if !same && known < degree && own.is_none() => {}
            // It is further away than it was; those as close as it was still are.
            Some(known) if same && known < degree && !self.degree_also.is_empty() => {
                self.degree_account = Some(self.degree_also.remove(0));
            }
            _ => {
                if self.degree != Some(degree) || !same {
                    self.degree_also.clear();
                }
                (self.degree, self.degree_account) = (Some(degree), account.cloned());
            }
        }
    }
}

impl Entity for Prospect {
    const TYPE: &'static str = "prospect";
    const COMPACT: bool = true;
    fn key(&self) -> Key {
        keys::prospect(&self.workspace, &self.id)
    }
    fn list(&self) -> Option<ListEntry> {
        // Until the first decision the batch on its way stands for the person.
        let listed = self.decision.is_some() && self.merged_into.is_none();
        listed.then(|| ListEntry { list: keys::people_list(&self.workspace), order: self.order() })
    }
    fn status(&self) -> Option<&str> {
        self.decision.as_ref().map(|d| d.decision.verdict.as_str())
    }
    fn marks(&self) -> Vec<(&'static str, i64)> {
        let mark = |name, set: bool| (name, i64::from(set));
        let enrolment = self.enrolment.as_ref();
        [
            mark("accepted", enrolment.is_some_and(|e| e.accepted_at.is_some())),
            mark("replied", self.contact.last_reply_at.is_some()),
            mark("scored", self.score.is_some()),
        ]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .collect()
    }
}

/// A language model's opinion of how well a person fits the ICP it was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOpinion {
    #[serde(flatten)]
    pub opinion: SemanticOpinion,
    /// [`domain::icp::Icp::fingerprint`]: about another ICP it does not count.
    pub icp: String,
}

/// Why a model's opinion is missing or is an older one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionFailure {
    /// `budget_spent`, or the failure's name in snake case.
    pub code: String,
    /// Of the question that found no usable answer.
    pub prompt_hash: String,
    pub at: Timestamp,
    /// Nothing was answered: the same question may be asked again.
    pub again: bool,
}

/// What a person's profile was read to be, with the provider's own answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredAnalysis {
    pub workspace: WorkspaceId,
    pub prospect: ProspectId,
    pub analysis: domain::analysis::Analysis,
    /// Keys that the profile brought and the person's head does not bear yet; they are theirs already.
    #[serde(default)]
    pub keys: Vec<identity::Key>,
    /// The provider's item, kept for a better reader.
    pub raw: Option<serde_json::Value>,
    pub credits: u32,
    /// The newest usable opinion of a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<StoredOpinion>,
    /// Why the last question brought none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion_failure: Option<OpinionFailure>,
    /// What the profile showed by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
}

impl StoredAnalysis {
    /// An analysis by itself: no raw item, no opinion, nothing spent.
    pub fn new(ws: &WorkspaceId, prospect: &ProspectId, analysis: domain::analysis::Analysis) -> Self {
        Self {
            workspace: ws.clone(),
            prospect: prospect.clone(),
            analysis,
            keys: Vec::new(),
            raw: None,
            credits: 0,
            opinion: None,
            opinion_failure: None,
            signals: Vec::new(),
        }
    }
}

impl Entity for StoredAnalysis {
    const TYPE: &'static str = "analysis";
    fn key(&self) -> Key {
        keys::analysis(&self.workspace, &self.prospect)
    }
}

/// The newer of two analyses of one person. What a register said of the employer in the older one stands in it too.
fn newer_analysis(one: Option<StoredAnalysis>, other: Option<StoredAnalysis>) -> Option<StoredAnalysis> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return one.or(other),
    };
    let (mut newer, older) = if other.analysis.analysed_at > one.analysis.analysed_at { (other, one) } else { (one, other) };
    if let (Some(company), Some(before)) = (&mut newer.analysis.company, older.analysis.company) {
        let bare = |company: &domain::analysis::Company| company.name.as_deref().map(domain::analysis::bare_name);
        let objects = before.objects_to_commercial_use() && !company.objects_to_commercial_use();
        if (company.register.is_none() || objects) && bare(company) == bare(&before) {
            company.register = before.register;
        }
    }
    Some(newer)
}

/// One act of a person, kept with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEngagement {
    pub workspace: WorkspaceId,
    pub prospect: ProspectId,
    /// The LinkedIn post, `urn:li:activity:…`.
    pub urn: String,
    pub engagement: Engagement,
}

impl StoredEngagement {
    /// The key of an act of a person.
    pub fn key_of(ws: &WorkspaceId, prospect: &ProspectId, id: &EngagementId) -> Key {
        Key::new(keys::prospect_partition(ws, prospect), format!("{}{id}", keys::ENGAGEMENT))
    }
}

impl Entity for StoredEngagement {
    const TYPE: &'static str = "engagement";
    fn key(&self) -> Key {
        Self::key_of(&self.workspace, &self.prospect, &self.engagement.id)
    }
    fn status(&self) -> Option<&str> {
        Some(self.engagement.kind.as_str())
    }
}

/// A decision that another has replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastDecision {
    pub workspace: WorkspaceId,
    pub prospect: ProspectId,
    pub decision: StoredDecision,
}

impl Entity for PastDecision {
    const TYPE: &'static str = "decision";
    fn key(&self) -> Key {
        let at = crate::record::instant(self.decision.decision.decided_at);
        let place = format!("{}{at}#{}", keys::DECISION, self.decision.id);
        Key::new(keys::prospect_partition(&self.workspace, &self.prospect), place)
    }
}

/// What a person wrote to us.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub workspace: WorkspaceId,
    pub prospect: ProspectId,
    /// The vendor's id of it, or a hash of time and text.
    pub reference: String,
    pub text: String,
    pub intent: domain::reply::Intent,
    pub sentiment: domain::reply::Sentiment,
    pub at: Timestamp,
    pub account: AccountId,
}

impl Entity for Reply {
    const TYPE: &'static str = "reply";
    fn key(&self) -> Key {
        let place = format!("{}{}#{}", keys::REPLY, crate::record::instant(self.at), self.reference);
        Key::new(keys::prospect_partition(&self.workspace, &self.prospect), place)
    }
    fn status(&self) -> Option<&str> {
        Some("received")
    }
}

/// The thread with a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    pub workspace: WorkspaceId,
    pub prospect: ProspectId,
    pub account: AccountId,
    pub last_at: Timestamp,
    pub last_text: String,
    pub intent: domain::reply::Intent,
    pub unread: bool,
    pub closed_at: Option<Timestamp>,
}

impl Entity for Conversation {
    const TYPE: &'static str = "conversation";
    fn key(&self) -> Key {
        keys::conversation(&self.workspace, &self.prospect)
    }
    fn list(&self) -> Option<ListEntry> {
        let order = format!("{}#{}", crate::record::instant(self.last_at), self.prospect.tail());
        Some(ListEntry { list: keys::conversations_list(&self.workspace), order })
    }
}

/// From a key to the person who has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityPointer {
    pub workspace: WorkspaceId,
    pub key: identity::Key,
    pub prospect: ProspectId,
}

impl Entity for IdentityPointer {
    const TYPE: &'static str = "identity";
    fn key(&self) -> Key {
        keys::identity(&self.workspace, &self.key)
    }
}

/// What stands where a key is kept: the person made of it, or a pointer to who has it.
pub(crate) enum Holder {
    Person(Box<Versioned<Prospect>>),
    Pointer(ProspectId),
}

/// When people of a company were last contacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyContact {
    pub workspace: WorkspaceId,
    pub company: String,
    /// The newest contact of each person, newest last, at most 50.
    pub contacts: Vec<(ProspectId, Timestamp)>,
}

impl Entity for CompanyContact {
    const TYPE: &'static str = "company_contact";
    fn key(&self) -> Key {
        keys::company_contact(&self.workspace, &self.company)
    }
}

/// A company as the provider described it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedCompany {
    pub workspace: WorkspaceId,
    /// What was asked for: a slug, a domain, or `register:` and a name.
    pub asked: String,
    /// `None`: the provider said clearly that there is none.
    pub facts: Option<domain::analysis::CompanyFacts>,
    /// Where a register was asked by a name: its entry; `None` beside no facts: it names nobody for certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<domain::analysis::RegisterEntry>,
    pub read_at: Timestamp,
}

impl Entity for CachedCompany {
    const TYPE: &'static str = "company";
    fn key(&self) -> Key {
        keys::company(&self.workspace, &self.asked)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.read_at + jiff::SignedDuration::from_hours(24))
    }
}

/// Everything a decision about a person reads from their own collection.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub prospect: Versioned<Prospect>,
    pub analysis: Option<StoredAnalysis>,
    pub engagements: Vec<StoredEngagement>,
    pub messages: Vec<Versioned<Message>>,
}

/// What stands in the collection of one id.
#[derive(Default)]
struct Collection {
    head: Option<Versioned<Prospect>>,
    analysis: Option<StoredAnalysis>,
    engagements: Vec<StoredEngagement>,
    messages: Vec<Versioned<Message>>,
}

/// A chain of merges ends: the older always survives. The bound guards against a damaged one.
const MERGES_MAX: usize = 16;
/// How many items of one collection are read at most.
const COLLECTION_MAX: usize = 1_000;

impl Store {
    /// One person, as stored: also one merged into another.
    pub async fn prospect(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Option<Versioned<Prospect>>, StoreError> {
        self.table.get(&keys::prospect(ws, id)).await
    }

    /// One person, or the one in whom they went up.
    pub async fn survivor(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Option<Versioned<Prospect>>, StoreError> {
        let mut found = self.prospect(ws, id).await?;
        for _ in 0..MERGES_MAX {
            match found.as_ref().and_then(|p| p.merged_into.clone()) {
                None => break,
                Some(into) => found = self.prospect(ws, &into).await?,
            }
        }
        Ok(found)
    }

    /// Several people, those that exist.
    pub async fn prospects(&self, ws: &WorkspaceId, ids: &[ProspectId]) -> Result<Vec<Versioned<Prospect>>, StoreError> {
        let wanted: Vec<Key> = ids.iter().map(|id| keys::prospect(ws, id)).collect();
        self.table.get_many(&wanted).await
    }

    /// People by score, those without one last.
    pub async fn people(
        &self,
        ws: &WorkspaceId,
        between: Option<(u8, u8)>,
        walk: Walk,
    ) -> Result<ListPage<Prospect>, StoreError> {
        let bounds = between.map(|(low, high)| (format!("{low:03}s"), format!("{high:03}s~")));
        let bounds = bounds.as_ref().map(|(l, h)| (l.as_str(), h.as_str()));
        self.list_page(&keys::people_list(ws), bounds, walk).await
    }

    /// A person with analysis, engagements and messages: one read of their collection, at most 1,000 items of it.
    pub async fn dossier(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Option<Dossier>, StoreError> {
        let mut id = id.clone();
        for _ in 0..MERGES_MAX {
            let found = self.collection(ws, &id).await?;
            let Some(prospect) = found.head else { return Ok(None) };
            if let Some(into) = &prospect.merged_into {
                id = into.clone();
                continue;
            }
            let mut dossier =
                Dossier { prospect, analysis: found.analysis, engagements: found.engagements, messages: found.messages };
            for alias in dossier.prospect.aliases.clone() {
                let theirs = self.collection(ws, &alias).await?;
                dossier.analysis = newer_analysis(dossier.analysis.take(), theirs.analysis);
                dossier.engagements.extend(theirs.engagements);
                dossier.messages.extend(theirs.messages);
            }
            return Ok(Some(dossier));
        }
        Ok(None)
    }

    async fn collection(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Collection, StoreError> {
        let mut found = Collection::default();
        let items = self.table.query_items(&keys::prospect_partition(ws, id), "", COLLECTION_MAX).await?;
        if items.len() == COLLECTION_MAX {
            // Perhaps it stands behind what was read.
            found.head = self.prospect(ws, id).await?;
        }
        for item in items {
            match crate::table::text(&item, "t") {
                Some(Prospect::TYPE) => found.head = Some(decode(&item)?),
                Some(StoredAnalysis::TYPE) => found.analysis = Some(decode::<StoredAnalysis>(&item)?.item),
                Some(StoredEngagement::TYPE) => found.engagements.push(decode::<StoredEngagement>(&item)?.item),
                Some(Message::TYPE) => found.messages.push(decode(&item)?),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Who has these keys, those that are taken.
    pub async fn identities(&self, ws: &WorkspaceId, of: &[identity::Key]) -> Result<Vec<IdentityPointer>, StoreError> {
        let held = self.holders_of(ws, of).await?.into_iter().map(|(key, holder)| IdentityPointer {
            workspace: ws.clone(),
            key,
            prospect: match holder {
                Holder::Person(person) => person.item.merged_into.unwrap_or(person.item.id),
                Holder::Pointer(id) => id,
            },
        });
        Ok(held.collect())
    }

    /// What stands where these keys are kept.
    pub(crate) async fn holders_of(
        &self,
        ws: &WorkspaceId,
        of: &[identity::Key],
    ) -> Result<Vec<(identity::Key, Holder)>, StoreError> {
        let wanted: Vec<(Key, &identity::Key)> = of.iter().map(|k| (keys::identity(ws, k), k)).collect();
        let places: Vec<Key> = wanted.iter().map(|(place, _)| place.clone()).collect();
        let mut found = Vec::new();
        for item in self.table.get_items(&places).await? {
            let place = Key::of(&item)?;
            let Some((_, key)) = wanted.iter().find(|(wanted, _)| *wanted == place) else { continue };
            let holder = if crate::table::text(&item, "t") == Some(Prospect::TYPE) {
                Holder::Person(Box::new(decode(&item)?))
            } else {
                Holder::Pointer(decode::<IdentityPointer>(&item)?.item.prospect)
            };
            found.push(((*key).clone(), holder));
        }
        // As asked, whatever order the store answers in.
        found.sort_by_key(|(key, _)| of.iter().position(|k| k == key));
        Ok(found)
    }

    /// Takes a key for a person; lost when somebody has it.
    pub async fn take_identity(&self, pointer: &IdentityPointer) -> Result<Written, StoreError> {
        self.table.create(pointer).await
    }

    /// The decisions about a person that others have replaced, newest first, at most 100.
    pub async fn past_decisions(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Vec<StoredDecision>, StoreError> {
        let mut found = self.table.query_all::<PastDecision>(&keys::prospect_partition(ws, id), keys::DECISION, 100).await?;
        found.reverse();
        Ok(found.into_iter().map(|d| d.item.decision).collect())
    }

    /// What a person wrote, oldest first, at most 200.
    pub async fn replies(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Vec<Reply>, StoreError> {
        let found = self.table.query_all::<Reply>(&keys::prospect_partition(ws, id), keys::REPLY, 200).await?;
        Ok(found.into_iter().map(|r| r.item).collect())
    }

    /// The thread with a person.
    pub async fn conversation(&self, ws: &WorkspaceId, id: &ProspectId) -> Result<Option<Versioned<Conversation>>, StoreError> {
        self.table.get(&keys::conversation(ws, id)).await
    }

    /// Threads, newest first.
    pub async fn conversations(&self, ws: &WorkspaceId, walk: Walk) -> Result<ListPage<Conversation>, StoreError> {
        self.list_page(&keys::conversations_list(ws), None, walk).await
    }

    /// When people of these companies were last contacted.
    pub async fn company_contacts(
        &self,
        ws: &WorkspaceId,
        companies: &[String],
    ) -> Result<Vec<Versioned<CompanyContact>>, StoreError> {
        let wanted: Vec<Key> = companies.iter().map(|c| keys::company_contact(ws, c)).collect();
        self.table.get_many(&wanted).await
    }

    /// A company read within the last 24 hours.
    pub async fn cached_company(
        &self,
        ws: &WorkspaceId,
        asked: &str,
        now: Timestamp,
    ) -> Result<Option<CachedCompany>, StoreError> {
        let found = self.table.get::<CachedCompany>(&keys::company(ws, asked)).await?;
        Ok(found.map(|c| c.item).filter(|c| c.expires_at().is_some_and(|at| now < at)))
    }
}

/// What the lists show of an analysis.
pub fn summary_of(analysis: &domain::analysis::Analysis) -> Summary {
    let company = analysis.company.as_ref();
    Summary {
        title: analysis.title.as_ref().map(|t| t.value.clone()),
        seniority: analysis.seniority.as_ref().map(|s| s.value),
        function: analysis.function.as_ref().map(|f| f.value),
        company_name: company.and_then(|c| c.name.clone()),
        company_size: company.and_then(|c| c.size_min),
        company_industry: company.and_then(|c| c.industry.clone()),
        company_country: company.and_then(|c| c.country.clone()),
        company_keys: company.map(domain::analysis::Company::keys).unwrap_or_default(),
        analysed_at: Some(analysis.analysed_at),
    }
}
