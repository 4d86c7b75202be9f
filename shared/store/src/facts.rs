//! Gathering what the gate reads. What all people of a workspace share is read once a batch.

use crate::account::Account;
use crate::erasure::{ErasureKey, hashed_candidates};
use crate::prospect::{Dossier, Prospect, StoredDecision};
use crate::record::Versioned;
use crate::settings::Exclusion;
use crate::suppression::{ERASURE, Suppression};
use crate::workspace::Workspace;
use crate::{Store, StoreError};
use domain::analysis::Company;
use domain::assignment;
use domain::evidence::{Evidence, Signal};
use domain::gate::{self, AccountFacts, Decision, Facts, Policy, Rejection, StepFacts};
use domain::icp::Icp;
use domain::ids::{AccountId, DecisionId, WorkspaceId};
use domain::limits::Kind;
use domain::score::{self, Score};
use domain::vocabulary::{Channel, ExclusionKind, SuppressionKind};
use jiff::Timestamp;
use std::collections::HashMap;

/// What the decisions about all people of a workspace have in common.
#[derive(Clone, Debug)]
pub struct Office {
    pub workspace: Versioned<Workspace>,
    pub accounts: Vec<Versioned<Account>>,
    pub exclusions: Vec<Exclusion>,
    /// Where there are several accounts: what each may still send within seven days, less what waits for it.
    pub room: HashMap<AccountId, i64>,
    /// No credit is left for one more call this month.
    pub budget_spent: bool,
    /// Counted before anything else was read: a later opt-out makes the claim fail.
    pub epoch: i64,
    /// Counted with it: a later pause of an account makes the claim fail.
    pub stops: i64,
    /// Where somebody was erased: how they are recognised.
    pub erasure_key: Option<ErasureKey>,
}

impl Office {
    /// The account that would send to a person: that of their enrolment, else the one [`assignment::choose`] says.
    pub fn account_for(&self, prospect: &Prospect, now: Timestamp) -> Option<&Versioned<Account>> {
        let enrolled = prospect.enrolment.as_ref().map(|e| &e.account);
        if let Some(own) = enrolled.and_then(|id| self.accounts.iter().find(|a| a.id == *id)) {
            return Some(own);
        }
        let senders: Vec<assignment::Sender<'_>> = self.accounts.iter().map(|a| self.sender(a, prospect, now)).collect();
        self.accounts.get(assignment::choose(prospect.id.as_str(), &senders)?)
    }

    fn sender<'a>(&self, account: &'a Account, prospect: &Prospect, now: Timestamp) -> assignment::Sender<'a> {
        let knows = prospect.degree_account.as_ref() == Some(&account.id) || prospect.degree_also.contains(&account.id);
        assignment::Sender {
            id: account.id.as_str(),
            degree: prospect.degree.filter(|_| knows),
            paused: account.is_paused(now),
            room: self.room.get(&account.id).copied().unwrap_or(0),
        }
    }

    /// The list entries that match a person, by key, company or the employer that the headline names.
    pub fn exclusions_of(&self, prospect: &Prospect) -> Vec<ExclusionKind> {
        if self.exclusions.is_empty() {
            return Vec::new();
        }
        let traits = exclusion_traits(prospect);
        let matching = self.exclusions.iter().filter(|e| traits.contains(&e.matched));
        let mut kinds: Vec<ExclusionKind> = matching.map(|e| e.kind).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

/// What an exclusion may match a person by: their keys, their company's and the employer the headline names.
pub fn exclusion_traits(prospect: &Prospect) -> Vec<String> {
    let mut traits: Vec<String> = prospect.keys.iter().map(domain::identity::Key::storage).collect();
    traits.extend(prospect.summary.company_keys.iter().cloned());
    traits.extend(prospect.summary.company_name.as_deref().map(company_name_key));
    traits.extend(prospect.headline.as_deref().and_then(employer_key));
    traits.extend(prospect.email().and_then(domain::analysis::registrable_domain).map(|d| format!("domain:{d}")));
    traits
}

/// The form in which a company's name is compared.
pub fn company_name_key(name: &str) -> String {
    let folded = domain::fold::fold(name);
    format!("name:{}", folded.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The employer a headline names, in the form in which names are compared.
pub fn employer_key(headline: &str) -> Option<String> {
    domain::titles::read(headline).employer.map(|name| company_name_key(&name))
}

/// The calendar month of an instant in a zone, as `2026-11`.
pub fn month(at: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m").to_string()
}

impl Store {
    /// What all decisions of a workspace share; `None` when there is no such workspace.
    pub async fn office(&self, ws: &WorkspaceId, now: Timestamp) -> Result<Option<Office>, StoreError> {
        let (epoch, stops) = self.epoch_and_stops(ws).await?;
        // Epoch 0: nobody was ever erased.
        let erasure_key = if epoch == 0 { None } else { self.erasure_key(ws).await? };
        let Some(workspace) = self.workspace(ws).await? else { return Ok(None) };
        let accounts = self.accounts(ws).await?;
        let exclusions = self.exclusions(ws).await?.into_iter().map(|e| e.item).collect();
        let credits = self.credits(ws, &month(now, &workspace.settings.zone())).await?;
        let ceiling = i64::try_from(workspace.settings.budget.credits_per_month).unwrap_or(i64::MAX);
        let room = self.room_of_each(&accounts, now).await?;
        Ok(Some(Office {
            room,
            accounts,
            exclusions,
            budget_spent: credits.reserved >= ceiling,
            epoch,
            stops,
            erasure_key,
            workspace,
        }))
    }

    /// What each of several accounts may still send; of a single one nobody asks.
    async fn room_of_each(&self, accounts: &[Versioned<Account>], now: Timestamp) -> Result<HashMap<AccountId, i64>, StoreError> {
        let mut room = HashMap::new();
        for account in accounts.iter().filter(|_| accounts.len() > 1) {
            let today = now.to_zoned(account.zone()).date();
            let left = self.room(account, today, now).await?.caps_left(Kind::Invitation).week;
            let waiting = self.approved_count(account).await?;
            room.insert(account.id.clone(), i64::from(left) - i64::from(waiting));
        }
        Ok(room)
    }

    /// Everything the gate reads about one person.
    pub async fn gate_facts(
        &self,
        office: &Office,
        dossier: &Dossier,
        asked_by: &str,
        now: Timestamp,
    ) -> Result<Facts, StoreError> {
        let prospect = &dossier.prospect;
        let settings = &office.workspace.settings;
        let ws = &office.workspace.id;
        // Epoch 0: nobody was ever put on the black list of this workspace.
        let suppressions = match office.epoch {
            0 => Vec::new(),
            _ => {
                let mut candidates = suppression_candidates(prospect);
                if let Some(key) = &office.erasure_key {
                    candidates.extend(hashed_candidates(key, candidates.clone()));
                }
                self.suppressions_of(ws, &candidates).await?
            }
        };
        let account = office.account_for(prospect, now);
        let enrolment = prospect.enrolment.as_ref();
        let contact = &prospect.contact;

        let mut facts = Facts::new(Policy::of(settings, &prospect.sources, None), asked_by);
        facts.suppressed = suppressions.iter().any(|s: &Suppression| !s.opted_out && s.source != ERASURE);
        facts.erased = suppressions.iter().any(|s| s.source == ERASURE);
        facts.opted_out = contact.opted_out_at.is_some() || suppressions.iter().any(|s| s.opted_out);
        facts.exclusions = office.exclusions_of(prospect);
        facts.headline.clone_from(&prospect.headline);
        facts.location = dossier.analysis.as_ref().and_then(|a| a.analysis.location.clone());
        facts.analysis = dossier.analysis.as_ref().map(|a| a.analysis.clone());
        // However old the analysis: an objection does not go stale.
        let company = facts.analysis.as_ref().and_then(|analysis| analysis.company.as_ref());
        facts.objects_to_commercial_use = company.is_some_and(Company::objects_to_commercial_use);
        facts.read_anyway = prospect.forced;
        facts.evidence = evidence(dossier, settings.icp.as_ref());
        facts.degree = degree(prospect, account.map(|a| &a.id));
        facts.accepted = enrolment.is_some_and(|e| e.accepted_at.is_some());
        facts.frozen = enrolment.and_then(|e| e.frozen.clone());
        facts.step = StepFacts {
            channel: channel(prospect, facts.degree),
            // Every provider sends invitations and messages, and by hand a person does.
            supported: account.is_some(),
            has_address: prospect.profile_url.is_some(),
            lawful: true,
        };
        facts.received_at = contact.last_reply_at;
        facts.meeting_at = contact.meeting_at;
        facts.closed_at = contact.closed_at;
        facts.not_now_until = contact.not_before;
        facts.rejections = contact.rejected_at.map(|at| Rejection { campaign: None, at }).into_iter().collect();
        facts.enrolment = enrolment.map(|e| e.id.clone());
        facts.contacts =
            contact.last_sent_at.map(|at| gate::Contact { at, enrolment: contact.last_enrolment.clone() }).into_iter().collect();
        facts.withdrawn_at = contact.withdrawn_at.or(contact.withdrawing.as_ref().map(|(_, since)| *since));
        facts.colleague_contacts = self.colleague_contacts(ws, prospect).await?;
        facts.account = account_facts(account.map(|a| &a.item), now);
        facts.budget_spent = office.budget_spent;
        facts.overrule = prospect.overrule.as_ref().filter(|o| o.used_for.is_none()).map(|o| gate::Overrule {
            by: o.by.clone(),
            reason: o.reason.clone(),
            at: o.at,
        });
        Ok(facts)
    }

    async fn colleague_contacts(&self, ws: &WorkspaceId, prospect: &Prospect) -> Result<Vec<Timestamp>, StoreError> {
        if prospect.summary.company_keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut newest: HashMap<domain::ids::ProspectId, Timestamp> = HashMap::new();
        for company in self.company_contacts(ws, &prospect.summary.company_keys).await? {
            for (person, at) in company.item.contacts.into_iter().filter(|(p, _)| !prospect.is(p)) {
                let known = newest.entry(person).or_insert(at);
                *known = at.max(*known);
            }
        }
        Ok(newest.into_values().collect())
    }
}

fn account_facts(account: Option<&Account>, now: Timestamp) -> AccountFacts {
    match account {
        None => AccountFacts { paused: true, paused_reason: None, resumes_at: None },
        Some(account) if account.is_paused(now) => AccountFacts {
            paused: true,
            paused_reason: account.pause.as_ref().map(|p| p.reason.clone()),
            resumes_at: account.pause.as_ref().and_then(|p| p.resumes_at),
        },
        Some(_) => AccountFacts::default(),
    }
}

/// The degree of the account that would send; that of another account says nothing.
pub fn degree(prospect: &Prospect, account: Option<&AccountId>) -> Option<u8> {
    if prospect.contact.connected {
        return Some(1);
    }
    let also = account.is_some_and(|account| prospect.degree_also.contains(account));
    let known = prospect.degree_account.is_none() || prospect.degree_account.as_ref() == account || also;
    prospect.degree.filter(|_| known)
}

/// The channel of the next step of the built-in sequence.
pub fn channel(prospect: &Prospect, degree: Option<u8>) -> Channel {
    let accepted = prospect.enrolment.as_ref().is_some_and(|e| e.accepted_at.is_some());
    if accepted || degree == Some(1) { Channel::LinkedInMessage } else { Channel::LinkedInInvitation }
}

/// What speaks for or against a person besides the profile; a model's opinion only about the ICP that counts now.
pub fn evidence(dossier: &Dossier, icp: Option<&Icp>) -> Evidence {
    let opinion = dossier.analysis.as_ref().and_then(|stored| stored.opinion.as_ref());
    Evidence {
        engagements: dossier.engagements.iter().map(|e| e.engagement.clone()).collect(),
        signals: signals(dossier).cloned().collect(),
        manual: dossier.prospect.manual.clone(),
        semantic: opinion.filter(|about| icp.is_some_and(|icp| icp.fingerprint() == about.icp)).map(|o| o.opinion.clone()),
    }
}

/// The signals about a person: those told, and those their profile showed.
pub fn signals(dossier: &Dossier) -> impl Iterator<Item = &Signal> {
    dossier.prospect.signals.iter().chain(dossier.analysis.iter().flat_map(|stored| &stored.signals))
}

/// Everything by which a person may stand on the black list.
pub fn suppression_candidates(prospect: &Prospect) -> Vec<(SuppressionKind, String)> {
    let mut candidates = vec![(SuppressionKind::Prospect, prospect.id.to_string())];
    candidates.extend(prospect.aliases.iter().map(|id| (SuppressionKind::Prospect, id.to_string())));
    for key in &prospect.keys {
        match key.kind {
            domain::identity::Kind::Email => {
                candidates.push((SuppressionKind::Email, key.value.clone()));
                if let Some((_, domain)) = key.value.split_once('@') {
                    candidates.push((SuppressionKind::Domain, domain.to_owned()));
                }
                candidates.extend(domain::analysis::registrable_domain(&key.value).map(|d| (SuppressionKind::Domain, d)));
            }
            _ => candidates.push((SuppressionKind::ProfileUrl, key.storage())),
        }
    }
    let company = &prospect.summary;
    candidates.extend(company.company_keys.iter().map(|k| (SuppressionKind::Company, k.clone())));
    let domains = company.company_keys.iter().filter_map(|k| k.strip_prefix("domain:"));
    candidates.extend(domains.map(|d| (SuppressionKind::Domain, d.to_owned())));
    candidates.extend(company.company_name.as_deref().map(|n| (SuppressionKind::Company, company_name_key(n))));
    candidates.extend(prospect.headline.as_deref().and_then(employer_key).map(|k| (SuppressionKind::Company, k)));
    candidates.sort();
    candidates.dedup();
    candidates
}

/// The score that a decision was taken on; `None` without an analysis.
pub fn score_of(decision: &Decision) -> Option<Score> {
    let value = decision.score?;
    let (_, raw) = score::total(&decision.features);
    Some(Score {
        value,
        raw,
        model_version: decision.model_version.clone(),
        scored_at: decision.decided_at,
        features: decision.features.clone(),
    })
}

impl Prospect {
    /// Takes over a new decision with its score. The features stand with the score alone.
    ///
    /// Answers the decision it replaces, with the features of its score, if that said something else.
    pub fn take_decision(&mut self, mut decision: Decision) -> Option<StoredDecision> {
        let before = std::mem::replace(&mut self.score, score_of(&decision));
        self.upper_bound = if self.score.is_none() { decision.upper_bound } else { None };
        decision.features.clear();
        let at = decision.decided_at.as_millisecond().to_string();
        let id = DecisionId::derive(&[self.id.as_str(), &at, &decision.asked_by, decision.verdict.as_str()]);
        let mut old = self.decision.replace(StoredDecision { id, decision });
        if let (Some(old), Some(score)) = (&mut old, before)
            && old.decision.score == Some(score.value)
        {
            // So that a score of the past can be recounted too.
            old.decision.features = score.features;
        }
        old.filter(|old| {
            self.decision.as_ref().is_some_and(|new| {
                let codes = |d: &StoredDecision| d.decision.reasons.iter().map(|r| r.code).collect::<Vec<_>>();
                new.decision.verdict != old.decision.verdict
                    || new.decision.score != old.decision.score
                    || new.decision.threshold != old.decision.threshold
                    || codes(new) != codes(old)
            })
        })
    }
}
