//! Finding a person's company: by its page, its domain, else its name made into a slug, accepted only if the answer
//! bears the same name. Kept for 24 hours.

use crate::profile::after;
use crate::{Purse, Scorer};
use domain::analysis::{CompanyFacts, registrable_domain};
use domain::fold;
use domain::ids::WorkspaceId;
use jiff::Timestamp;
use kit::Failure;
use outbound::linkedin::{Access, Answer, CallError, Company, ErrorKind, LinkedIn, Profile, Sent};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use store::Versioned;
use store::account::Account;
use store::facts::Office;
use store::prospect::CachedCompany;

/// Companies that are being asked for: colleagues read side by side ask once, and pay once.
#[derive(Debug, Default)]
pub struct Asking {
    turns: Mutex<HashMap<(WorkspaceId, String), Weak<Turn>>>,
}

type Turn = tokio::sync::Mutex<()>;

impl Asking {
    /// Whoever holds it asks; the others find the answer in the cache.
    pub(crate) fn turn(&self, ws: &WorkspaceId, asked: &str) -> Arc<Turn> {
        // Every statement leaves the map whole, so a panic elsewhere does not spoil it.
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let known = turns.entry((ws.clone(), asked.to_owned())).or_default();
        known.upgrade().unwrap_or_else(|| {
            let turn = Arc::<Turn>::default();
            *known = Arc::downgrade(&turn);
            turn
        })
    }
}

/// What looking for a company came to.
pub(crate) enum Found {
    Company(CompanyFacts),
    /// Clearly none, or the profile names none.
    None,
    /// The look-up failed: that is no missing company.
    Later(Timestamp),
    /// Held back by our own limits: nobody was asked.
    NotYet(Timestamp),
}

impl Scorer {
    pub(crate) async fn company_of(
        &self,
        client: &Arc<dyn LinkedIn>,
        account: &Versioned<Account>,
        office: &Office,
        profile: &Profile,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Found, Failure> {
        let job = profile.experience.iter().find(|job| job.end.is_none());
        if let Some(url) = job.and_then(|j| j.company_url.as_deref()) {
            return self.looked_up(office, url, None, self.asked(client, account, url, now), purse, now).await;
        }
        let by_domain = client.capabilities().company_by_domain;
        if let Some(domain) = profile.website.as_deref().and_then(registrable_domain).filter(|_| by_domain) {
            let found =
                self.looked_up(office, &domain, None, async { Ok(client.company_by_domain(&domain).await) }, purse, now).await?;
            if !matches!(found, Found::None) {
                return Ok(found);
            }
        }
        let Some(name) = job.and_then(|j| j.company.as_deref()).filter(|n| !n.trim().is_empty()) else { return Ok(Found::None) };
        let slug = slug_of(name);
        if slug.is_empty() {
            return Ok(Found::None);
        }
        let url = format!("https://www.linkedin.com/company/{slug}");
        self.looked_up(office, &slug, Some(name), self.asked(client, account, &url, now), purse, now).await
    }

    /// A company by its page: session-less where that is offered, else by one read of the account.
    async fn asked(
        &self,
        client: &Arc<dyn LinkedIn>,
        account: &Versioned<Account>,
        url: &str,
        now: Timestamp,
    ) -> Result<Answer<Company>, Failure> {
        if client.capabilities().session_less_reads {
            return Ok(client.company(Access::Data, url).await);
        }
        let session = match self.session(account, now).await? {
            Ok(session) => session,
            Err(at) => return Ok(Err(not_before(at, now))),
        };
        let answer = client.company(Access::Session(&session), url).await;
        if let Err(error) = &answer {
            self.heed(account, error, now).await?;
        }
        Ok(answer)
    }

    /// The answer to `call`, from the cache where it is fresh; with a `name` only a company of that name is accepted.
    async fn looked_up(
        &self,
        office: &Office,
        asked: &str,
        name: Option<&str>,
        call: impl Future<Output = Result<Answer<Company>, Failure>>,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Found, Failure> {
        let ws = &office.workspace.id;
        let asked = asked.to_lowercase();
        let turn = self.asking.turn(ws, &asked);
        let _mine = turn.lock().await;
        if let Some(known) = self.store.relaxed().cached_company(ws, &asked, now).await.map_err(Failure::soon)? {
            return Ok(accepted(known.facts, name));
        }
        let facts = match call.await? {
            Ok(answer) => {
                purse.spent += answer.credits;
                Some(facts_of(&answer.value))
            }
            Err(error) => {
                purse.spent += error.credits;
                let clearly_none = matches!(error.kind, ErrorKind::NotFound | ErrorKind::BadRequest | ErrorKind::Refused);
                if error.kind == ErrorKind::Throttled {
                    return Ok(Found::NotYet(after(&error, now)));
                }
                if !clearly_none {
                    return Ok(Found::Later(after(&error, now)));
                }
                None
            }
        };
        let cached = CachedCompany { workspace: ws.clone(), asked, facts: facts.clone(), register: None, read_at: now };
        self.store.table.overwrite(&cached).await.map_err(Failure::soon)?;
        Ok(accepted(facts, name))
    }
}

/// Held back by the account's own limit of reads.
fn not_before(at: Timestamp, now: Timestamp) -> CallError {
    CallError {
        kind: ErrorKind::Throttled,
        message: "the account may not read now".to_owned(),
        credits: 0,
        session_reads: 0,
        retry_after: Duration::try_from(at.duration_since(now)).ok(),
        status: None,
        sent: Sent::Not,
    }
}

fn accepted(facts: Option<CompanyFacts>, name: Option<&str>) -> Found {
    match facts {
        None => Found::None,
        Some(facts) => {
            let same = name.is_none_or(|wanted| {
                facts.name.as_deref().is_some_and(|found| fold::fold(found.trim()) == fold::fold(wanted.trim()))
            });
            if same { Found::Company(facts) } else { Found::None }
        }
    }
}

/// A name as LinkedIn makes it into the address of a page.
fn slug_of(name: &str) -> String {
    let folded = fold::fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn facts_of(company: &Company) -> CompanyFacts {
    CompanyFacts {
        id: company.universal_name.clone(),
        name: company.name.clone(),
        website: company.website.clone(),
        industry: company.industry.clone(),
        employee_count: company.employee_count,
        size_min: company.employee_range.map(|(min, _)| min),
        size_max: company.employee_range.and_then(|(_, max)| max),
        country: company.hq_country.clone(),
        region: company.hq_area.clone(),
        city: company.hq_city.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Asking, slug_of};
    use domain::ids::WorkspaceId;
    use std::sync::Arc;

    #[test]
    fn one_asks_for_a_company_at_a_time() {
        let (asking, ws) = (Asking::default(), WorkspaceId::derive(&["w"]));
        let first = asking.turn(&ws, "helianthe");
        assert!(Arc::ptr_eq(&first, &asking.turn(&ws, "helianthe")));
        assert!(!Arc::ptr_eq(&first, &asking.turn(&ws, "alveole")));
        assert!(!Arc::ptr_eq(&first, &asking.turn(&WorkspaceId::derive(&["v"]), "helianthe")));
        drop(first);
        asking.turn(&ws, "bastide");
        assert_eq!(asking.turns.lock().unwrap().len(), 1, "nothing is kept of companies nobody asks for any more");
    }

    #[test]
    fn a_name_becomes_a_slug() {
        assert_eq!(slug_of("Hélianthe Santé"), "helianthe-sante");
        assert_eq!(slug_of("Alvéole & Bastide Énergie"), "alveole-bastide-energie");
        assert_eq!(slug_of("  "), "");
    }
}
