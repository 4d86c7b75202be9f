//! Asking a register of companies about a French employer: size and trade where none is known, and whether it objects to
//! commercial use of its data. Rules: docs/rules.md, "Registers".

use crate::{Purse, Scorer};
use domain::analysis::{Analysis, RegisterEntry, bare_name, places};
use jiff::{SignedDuration, Timestamp};
use kit::Failure;
use outbound::register::{Matches, Register, RegisterError, Registered};
use store::facts::Office;
use store::prospect::CachedCompany;

/// Credits held for one person's register: by name, and by number where the search leaves the objection out.
pub(crate) const CREDITS: u32 = 2;
/// When it is asked again at the earliest, unless it says otherwise.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);
const FRANCE: &str = "FR";

/// What asking came to.
pub(crate) enum Asked {
    /// The analysis says all there is to say.
    Done,
    /// The look-up failed: that is no missing entry.
    Later(Timestamp),
}

impl Scorer {
    /// Credits to hold for one person's register.
    pub(crate) fn register_credits(&self) -> u32 {
        if self.register.is_some() { CREDITS } else { 0 }
    }

    /// Fills an analysis from the register, where its company is in France; `before` is the analysis it replaces.
    pub(crate) async fn registered(
        &self,
        office: &Office,
        analysis: &mut Analysis,
        before: Option<&Analysis>,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Asked, Failure> {
        // What a register once said of this company stands until it says otherwise, also where nobody is asked any more.
        let known = employer(analysis).and_then(|name| entry_of(before?, &name));
        let (Some(register), Some(name)) = (self.register.as_deref(), french_employer(analysis)) else {
            fill(analysis, known);
            return Ok(Asked::Done);
        };
        let found = self.entry(register, office, &name, purse, now).await?;
        let entry = match found {
            Ok(entry) => entry,
            Err(error) => {
                tracing::warn!(fault = error.fault.as_str(), "register.silent");
                let wait = error.wait.and_then(|wait| SignedDuration::try_from(wait).ok());
                return Ok(Asked::Later(now + wait.unwrap_or_default().max(ASK_AGAIN)));
            }
        };
        let objected = known.as_ref().and_then(|known| known.objects_to_commercial_use);
        let entry =
            entry.map(|entry| RegisterEntry { objects_to_commercial_use: entry.objects_to_commercial_use.or(objected), ..entry });
        fill(analysis, entry.or(known));
        Ok(Asked::Done)
    }

    /// The entry of the one company of this name, from the cache where it is fresh.
    async fn entry(
        &self,
        register: &dyn Register,
        office: &Office,
        name: &str,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Result<Option<RegisterEntry>, RegisterError>, Failure> {
        let ws = &office.workspace.id;
        let asked = format!("register:{}", bare_name(name));
        let turn = self.asking.turn(ws, &asked);
        let _mine = turn.lock().await;
        if let Some(known) = self.store.relaxed().cached_company(ws, &asked, now).await.map_err(Failure::soon)? {
            return Ok(Ok(known.register));
        }
        // Whoever is asked about next would wait as long for nothing.
        if let Some(error) = purse.register_silent {
            return Ok(Err(error));
        }
        let entry = match look_up(register, name, purse, now).await {
            Ok(entry) => entry,
            Err(error) => {
                purse.register_silent = Some(error);
                return Ok(Err(error));
            }
        };
        let cached = CachedCompany { workspace: ws.clone(), asked, facts: None, register: entry.clone(), read_at: now };
        self.store.table.overwrite(&cached).await.map_err(Failure::soon)?;
        Ok(Ok(entry))
    }
}

fn fill(analysis: &mut Analysis, entry: Option<RegisterEntry>) {
    if let (Some(entry), Some(company)) = (entry, analysis.company.as_mut()) {
        company.fill_from(entry);
    }
}

/// The name of the employer.
fn employer(analysis: &Analysis) -> Option<String> {
    let name = analysis.company.as_ref()?.name.as_deref()?.trim();
    (!bare_name(name).is_empty()).then(|| name.to_owned())
}

/// The name of the employer, if it is in France: by its head office, else by the person's own place.
fn french_employer(analysis: &Analysis) -> Option<String> {
    let company = analysis.company.as_ref()?;
    let own = || analysis.location.as_deref().and_then(|location| places::read(location).country);
    let country = company.country.clone().or_else(own);
    employer(analysis).filter(|_| country.as_deref() == Some(FRANCE))
}

/// The register's entry in an older analysis, if it is the same company's.
fn entry_of(before: &Analysis, name: &str) -> Option<RegisterEntry> {
    let company = before.company.as_ref()?;
    let same = company.name.as_deref().is_some_and(|old| bare_name(old) == bare_name(name));
    company.register.clone().filter(|_| same)
}

async fn look_up(
    register: &dyn Register,
    name: &str,
    purse: &mut Purse,
    now: Timestamp,
) -> Result<Option<RegisterEntry>, RegisterError> {
    let found = charged(register.by_name(name).await, purse)?;
    let Some(mut one) = the_one(&found, name) else { return Ok(None) };
    let mut partial = found.partial;
    if one.objects.is_none() {
        let whole = charged(register.by_number(&one.number).await, purse)?;
        partial |= whole.partial;
        if let Some(same) = whole.companies.into_iter().find(|company| company.number == one.number) {
            one = same;
        }
    }
    Ok(Some(RegisterEntry {
        register: register.name().to_owned(),
        number: one.number,
        name: one.names.into_iter().next(),
        trade_code: one.trade_code,
        trade: one.trade,
        size_min: one.size_min,
        size_max: one.size_max,
        objects_to_commercial_use: one.objects,
        partial,
        read_at: now,
    }))
}

fn charged(answer: Result<Matches, RegisterError>, purse: &mut Purse) -> Result<Matches, RegisterError> {
    purse.spent += u32::from(answer.as_ref().map_or_else(|error| error.charged, |_| true));
    answer
}

/// The only company of this name that exists, if the answer is sure of it.
fn the_one(found: &Matches, name: &str) -> Option<Registered> {
    let wanted = bare_name(name);
    let same = |company: &&Registered| !company.ceased && company.names.iter().any(|name| bare_name(name) == wanted);
    let mut same = found.companies.iter().filter(same);
    let one = same.next().filter(|_| !found.more)?;
    // The same number twice is the same company.
    same.all(|other| other.number == one.number).then(|| one.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(number: &str, name: &str, ceased: bool) -> Registered {
        Registered { number: number.into(), names: vec![name.into()], ceased, ..Registered::default() }
    }

    #[test]
    fn only_one_company_of_the_name_is_the_one() {
        let check = |companies: Vec<Registered>, more: bool, expected: Option<&str>| {
            let found = Matches { companies, more, partial: false };
            assert_eq!(the_one(&found, "Hélianthe").map(|one| one.number).as_deref(), expected, "{found:?}");
        };
        let (one, other) = (company("1", "HELIANTHE SAS", false), company("2", "Helianthe", false));
        let (gone, longer) = (company("3", "HELIANTHE", true), company("4", "HELIANTHE CONSEIL", false));
        check(vec![one.clone()], false, Some("1"));
        check(vec![longer.clone(), one.clone(), gone.clone()], false, Some("1"));
        check(vec![one.clone(), one.clone()], false, Some("1"));
        check(vec![one.clone(), other], false, None);
        check(vec![one], true, None);
        check(vec![gone, longer], false, None);
        check(vec![], false, None);
    }
}
