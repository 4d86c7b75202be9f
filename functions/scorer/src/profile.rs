//! Reading a profile: session-less where that answers, else by the session within the account's reading budget.

use crate::register::Asked;
use crate::{Analysed, Purse, Scorer};
use domain::analysis::{Analysis, EducationFacts, ExperienceFacts, ProfileFacts};
use domain::evidence::Signal;
use domain::identity::{self, Key};
use domain::ids::SignalId;
use domain::signals;
use jiff::{SignedDuration, Timestamp};
use kit::Failure;
use outbound::linkedin::{CallError, ErrorKind, LinkedIn, Profile, Session};
use std::sync::Arc;
use store::Versioned;
use store::account::{Account, Pause};
use store::facts::Office;
use store::intake::Row;
use store::prospect::{Dossier, IdentityPointer, Prospect, StoredAnalysis};
use store::slots::ReadPermit;

/// What asking for a profile came to.
enum Read {
    Profile(Box<Profile>),
    /// The provider says clearly that there is none.
    NotFound,
    Later(Timestamp),
    /// The account may not be read before then; nobody was asked.
    NotYet(Timestamp),
}

impl Scorer {
    /// Reads one person and stores what was found.
    pub(crate) async fn analyse(
        &self,
        dossier: Dossier,
        office: &Office,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Analysed, Failure> {
        let (prospect, before) = (dossier.prospect, dossier.analysis);
        let Some(account) = office.account_for(&prospect, now) else { return Ok(Analysed::Settled) };
        let Some(client) = self.providers.linkedin(account.provider) else { return Ok(Analysed::Settled) };
        let spent_before = purse.spent;
        let profile = match self.read(&client, account, &prospect, purse, now).await? {
            Read::Profile(profile) => *profile,
            Read::Later(at) => {
                self.note_failure(prospect, "Le profil n’a pas pu être lu\u{a0}; il sera relu plus tard.").await?;
                return Ok(Analysed::Later(at));
            }
            Read::NotYet(at) => {
                self.note_failure(prospect, "Le profil n’a pas encore pu être lu\u{a0}; il le sera à son tour.").await?;
                return Ok(Analysed::NotYet(at));
            }
            Read::NotFound => {
                self.note_failure(prospect, "LinkedIn ne trouve pas ce profil.").await?;
                return Ok(Analysed::Settled);
            }
        };
        let Some((person, keys)) = self.join(office, prospect, &profile, now).await? else { return Ok(Analysed::Settled) };
        let facts = profile_facts(&profile);
        let company = match self.company_of(&client, account, office, &profile, purse, now).await? {
            crate::company::Found::Company(facts) => Some(facts),
            crate::company::Found::None => None,
            crate::company::Found::NotYet(at) => {
                self.note_failure(person, "L’entreprise n’a pas encore pu être lue\u{a0}; elle le sera à son tour.").await?;
                return Ok(Analysed::NotYet(at));
            }
            crate::company::Found::Later(at) => {
                self.note_failure(person, "L’entreprise n’a pas pu être lue\u{a0}; elle sera relue plus tard.").await?;
                return Ok(Analysed::Later(at));
            }
        };
        let mut analysis = match Analysis::from_linkedin(&facts, company.as_ref(), now) {
            Ok(analysis) => analysis,
            Err(missing) => {
                let why = format!("Le profil ne dit pas assez pour être analysé\u{a0}: {}.", missing.missing);
                self.note_failure(person, &why).await?;
                return Ok(Analysed::Settled);
            }
        };
        let old = before.as_ref().map(|before| &before.analysis);
        if let Asked::Later(at) = self.registered(office, &mut analysis, old, purse, now).await? {
            let why = "Le registre des entreprises n’a pas répondu\u{a0}; il sera interrogé de nouveau.";
            self.note_failure(person, why).await?;
            return Ok(Analysed::Later(at));
        }
        let (opinion, opinion_failure) = before.map_or((None, None), |before| (before.opinion, before.opinion_failure));
        let mut stored = StoredAnalysis {
            workspace: person.workspace.clone(),
            prospect: person.id.clone(),
            analysis,
            keys,
            raw: Some(profile.raw.clone()),
            credits: purse.spent - spent_before,
            opinion,
            opinion_failure,
            signals: shown(&person, &facts, now),
        };
        let later = self.opine(office, &profile, &mut stored, purse, now).await?;
        self.store.table.overwrite(&stored).await.map_err(Failure::soon)?;
        Ok(later.map_or(Analysed::Settled, Analysed::OpinionLater))
    }

    async fn read(
        &self,
        client: &Arc<dyn LinkedIn>,
        account: &Versioned<Account>,
        person: &Prospect,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Result<Read, Failure> {
        let Some(url) = person.profile_url.as_deref() else { return Ok(Read::NotFound) };
        if client.capabilities().session_less_reads
            && let Some(read) = self.read_without_session(client, url, purse, now).await
        {
            return Ok(read);
        }
        let session = match self.session(account, now).await? {
            Ok(session) => session,
            Err(at) => return Ok(Read::NotYet(at)),
        };
        match client.profile(&session, url).await {
            Ok(answer) => {
                purse.spent += answer.credits;
                Ok(Read::Profile(Box::new(answer.value)))
            }
            Err(error) => {
                purse.spent += error.credits;
                tracing::warn!(prospect = %person.id, kind = error.kind.as_str(), "profile.not_read");
                self.heed(account, &error, now).await?;
                Ok(if error.kind == ErrorKind::NotFound { Read::NotFound } else { Read::Later(after(&error, now)) })
            }
        }
    }

    /// `None`: the session is to be asked.
    async fn read_without_session(
        &self,
        client: &Arc<dyn LinkedIn>,
        url: &str,
        purse: &mut Purse,
        now: Timestamp,
    ) -> Option<Read> {
        match client.profile_data(url).await {
            Ok(answer) => {
                purse.spent += answer.credits;
                Some(Read::Profile(Box::new(answer.value)))
            }
            Err(error) => {
                purse.spent += error.credits;
                let held_back = matches!(error.kind, ErrorKind::Throttled | ErrorKind::RateLimited | ErrorKind::Unreachable);
                held_back.then(|| Read::Later(after(&error, now)))
            }
        }
    }

    /// The account's session for one read of its budget, or when there may be one.
    pub(crate) async fn session(
        &self,
        account: &Versioned<Account>,
        now: Timestamp,
    ) -> Result<Result<Session, Timestamp>, Failure> {
        match self.store.session_read(account, now).await.map_err(Failure::soon)? {
            ReadPermit::NotBefore(at) => return Ok(Err(at)),
            ReadPermit::Granted(wait) => self.clock.wait(wait).await,
        }
        let session = self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
        Ok(session.map_err(|_| now + SignedDuration::from_hours(1)))
    }

    /// A stop sign, or a session that has ended, pauses the account.
    pub(crate) async fn heed(&self, account: &Versioned<Account>, error: &CallError, now: Timestamp) -> Result<(), Failure> {
        if error.pauses_account() { self.pause(account, &error.pause_reason(), now).await } else { Ok(()) }
    }

    /// The profile ties the keys of one person together, and so may show two known people to be one.
    ///
    /// Answers the person, and the keys that are new to them: those are taken here and written with the decision.
    /// `None`: they show the person to be one who was erased.
    async fn join(
        &self,
        office: &Office,
        person: Versioned<Prospect>,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Option<(Versioned<Prospect>, Vec<Key>)>, Failure> {
        let ws = &office.workspace.id;
        let address = profile.public_id.as_deref().and_then(identity::slug_key);
        let said = identity::keys_of(profile.profile_url.as_deref(), profile.member_urn.as_deref(), None);
        let mut new: Vec<Key> = address.into_iter().chain(said).filter(|key| !person.keys.contains(key)).collect();
        new.dedup();
        if self.was_erased(office, &person, &new, now).await? {
            return Ok(None);
        }
        let mut free = true;
        for key in &new {
            let pointer = IdentityPointer { workspace: ws.clone(), key: key.clone(), prospect: person.id.clone() };
            free &= self.store.take_identity(&pointer).await.map_err(Failure::soon)?.won();
        }
        if free {
            return Ok(Some((person, new)));
        }
        // Somebody has one of them: the rules of identity say what that means.
        let row = Row {
            keys: person.keys.iter().cloned().chain(new).collect(),
            name: profile.name.clone(),
            headline: profile.headline.clone(),
            profile_url: person.profile_url.clone(),
            source: Some(person.source),
            ..Row::default()
        };
        let intake = self.store.intake(ws, &row, now).await.map_err(Failure::soon)?;
        Ok(intake.map(|intake| (intake.prospect, Vec::new())))
    }

    /// Whether a profile shows that the person was erased under another key: then they are erased again.
    async fn was_erased(&self, office: &Office, person: &Prospect, new: &[Key], now: Timestamp) -> Result<bool, Failure> {
        let ws = &office.workspace.id;
        let erased = self.store.erased_among(ws, new).await.map_err(Failure::soon)?;
        if erased.is_empty() {
            return Ok(false);
        }
        if let Some(key) = self.store.erasure_key(ws).await.map_err(Failure::soon)? {
            self.store.begin_erasure(&key, &person.id, now).await.map_err(Failure::soon)?;
        }
        Ok(true)
    }

    async fn note_failure(&self, mut person: Versioned<Prospect>, why: &str) -> Result<(), Failure> {
        person.reading_failure = Some(why.to_owned());
        // Lost: somebody else wrote the person; the next try notes it again.
        let _noted = self.store.save(&mut person).await.map_err(Failure::soon)?;
        Ok(())
    }

    async fn pause(&self, account: &Versioned<Account>, why: &str, now: Timestamp) -> Result<(), Failure> {
        let pause = Pause { reason: why.to_owned(), since: now, resumes_at: None };
        self.store.pause_account(&account.workspace, &account.id, &pause).await.map_err(Failure::soon)
    }
}

/// The signals a profile shows by itself.
fn shown(person: &Prospect, facts: &ProfileFacts, now: Timestamp) -> Vec<Signal> {
    let found = signals::of_profile(facts, now).into_iter();
    found
        .map(|(kind, at)| Signal {
            id: SignalId::derive(&[person.id.as_str(), "profile", kind.as_str()]).to_string(),
            kind,
            company: None,
            at,
            source: "profile".to_owned(),
        })
        .collect()
}

/// When a failed reading may be tried again.
pub(crate) fn after(error: &CallError, now: Timestamp) -> Timestamp {
    let asked = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok());
    now + asked.unwrap_or(SignedDuration::from_secs(60))
}

fn profile_facts(profile: &Profile) -> ProfileFacts {
    ProfileFacts {
        name: profile.name.clone(),
        headline: profile.headline.clone(),
        summary: profile.summary.clone(),
        location: profile.location.clone(),
        industry: profile.industry.clone(),
        experience: profile
            .experience
            .iter()
            .map(|job| ExperienceFacts {
                company: job.company.clone(),
                company_url: job.company_url.clone(),
                title: job.title.clone(),
                company_size: job.company_size.clone(),
                location: job.location.clone(),
                start_date: job.start.clone(),
                end_date: job.end.clone(),
            })
            .collect(),
        education: profile
            .education
            .iter()
            .map(|school| EducationFacts {
                school: school.school.clone(),
                degree: school.degree.clone(),
                field_of_study: school.field.clone(),
            })
            .collect(),
    }
}
