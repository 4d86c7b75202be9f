//! Reading: turns what a provider, a file or a listing says of a person into an analysis.

use super::company::{filled, read_size};
use super::places::{self, Place};
use super::{Analysis, Company, CompanyFacts, CompanyFrom, Reading};
use crate::fold::fold;
use crate::language::{self, Language};
use crate::titles::{self, Function, Title};
use crate::vocabulary::Basis;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A job of a profile, as the provider writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperienceFacts {
    pub company: Option<String>,
    pub company_url: Option<String>,
    pub title: Option<String>,
    /// `2-10`, `1,001-5,000 employees`…
    pub company_size: Option<String>,
    pub location: Option<String>,
    pub start_date: Option<String>,
    /// Absent while the job lasts.
    pub end_date: Option<String>,
}

/// A school of a profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EducationFacts {
    pub school: Option<String>,
    pub degree: Option<String>,
    pub field_of_study: Option<String>,
}

/// What a provider says of a person; everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileFacts {
    pub name: Option<String>,
    pub headline: Option<String>,
    pub summary: Option<String>,
    pub location: Option<String>,
    pub industry: Option<String>,
    pub experience: Vec<ExperienceFacts>,
    pub education: Vec<EducationFacts>,
}

impl ProfileFacts {
    /// The job that lasts and began last; a provider that gives no dates lists it first.
    pub fn current_job(&self) -> Option<&ExperienceFacts> {
        let named = |job: &&ExperienceFacts| filled(&job.title).is_some() || filled(&job.company).is_some();
        let lasting = self.experience.iter().filter(named).filter(|job| job.lasts());
        // ISO dates compare as texts; of equals the first listed wins
        lasting.rev().max_by_key(|job| job.began())
    }
}

impl ExperienceFacts {
    fn lasts(&self) -> bool {
        filled(&self.end_date).is_none_or(|end| STILL.contains(&fold(&end).as_str()))
    }

    /// The start as an ISO text; empty when it is unknown or written otherwise.
    fn began(&self) -> String {
        let iso = |text: &String| text.len() >= 4 && text.bytes().take(4).all(|b| b.is_ascii_digit());
        filled(&self.start_date).filter(iso).unwrap_or_default()
    }
}

/// What some providers write as the end of a job that lasts.
const STILL: &[&str] = &["present", "current", "now", "aujourd'hui", "en cours", "a ce jour", "null"];

/// The minimum fields of a basis that are absent: then the person is not analysed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not enough to analyse: {missing} is absent")]
pub struct NotAnalysed {
    pub missing: &'static str,
}

impl Analysis {
    /// From a LinkedIn profile and, where it was found, its company.
    ///
    /// The current title is the role the headline states, else that of the current job.
    /// Minimum: a headline or a job. Source: docs/rules.md, “Profile analysis”.
    pub fn from_linkedin(profile: &ProfileFacts, company: Option<&CompanyFacts>, now: Timestamp) -> Result<Self, NotAnalysed> {
        let headline = filled(&profile.headline);
        let job = profile.current_job();
        if headline.is_none() && job.is_none() {
            return Err(NotAnalysed { missing: "headline" });
        }
        let stated = current_role(headline.as_deref(), job.and_then(|job| job.title.as_deref()));
        let employer = company_of(profile, job, stated.as_ref().and_then(|(title, _)| title.employer.as_deref()), company);
        let mut analysis = Self::unread(Basis::LinkedIn, now);
        analysis.set_title(stated);
        analysis.set_place(profile.location.as_deref(), employer.as_ref());
        analysis.language = language_of(profile);
        let school = profile.education.first();
        analysis.school = school.and_then(|school| filled(&school.school));
        analysis.degree = school.and_then(|school| filled(&school.degree).or_else(|| filled(&school.field_of_study)));
        analysis.headline = headline;
        analysis.company = employer;
        Ok(analysis)
    }

    /// From the user's own file or CRM. Minimum: a title and a company (its name or its domain).
    pub fn from_import(
        title: Option<&str>,
        company: Option<&CompanyFacts>,
        location: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, NotAnalysed> {
        let title = title.map(str::trim).filter(|title| !title.is_empty()).ok_or(NotAnalysed { missing: "title" })?;
        let mut employer = company.map(Company::from_facts).ok_or(NotAnalysed { missing: "company" })?;
        if employer.name.is_none() && employer.key.is_none() {
            return Err(NotAnalysed { missing: "company" });
        }
        employer.from = CompanyFrom::Import;
        let mut analysis = Self::unread(Basis::Import, now);
        analysis.set_title(Some((titles::read(title), title.to_owned())));
        analysis.set_place(location, Some(&employer));
        analysis.company = Some(employer);
        Ok(analysis)
    }

    /// From a register or a business listing: a business and its owner. Minimum: its trade and its place.
    pub fn from_listing(
        basis: Basis,
        business: &CompanyFacts,
        place: Option<&str>,
        title: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, NotAnalysed> {
        let mut employer = Company::from_facts(business);
        employer.from = CompanyFrom::Registry;
        if employer.industry.is_none() {
            return Err(NotAnalysed { missing: "trade" });
        }
        let mut analysis = Self::unread(basis, now);
        analysis.set_place(place, Some(&employer));
        if analysis.country.is_none() && analysis.city.is_none() {
            return Err(NotAnalysed { missing: "place" });
        }
        if let Some(title) = title.map(str::trim).filter(|title| !title.is_empty()) {
            analysis.set_title(Some((titles::read(title), title.to_owned())));
        }
        analysis.company = Some(employer);
        Ok(analysis)
    }

    /// An analysis of which nothing could be read.
    pub(crate) fn unread(basis: Basis, now: Timestamp) -> Self {
        Self {
            basis,
            analysed_at: now,
            headline: None,
            title: None,
            seniority: None,
            function: None,
            location: None,
            country: None,
            region: None,
            city: None,
            language: None,
            company: None,
            school: None,
            degree: None,
        }
    }

    fn set_title(&mut self, stated: Option<(Title, String)>) {
        let Some((title, text)) = stated else { return };
        let Some(role) = title.current_title.filter(|_| title.is_current) else {
            return;
        };
        self.title = Some(Reading { value: role, text: text.clone() });
        self.seniority = title.seniority.map(|value| Reading { value, text: text.clone() });
        self.function = (title.function != Function::Other).then_some(Reading { value: title.function, text });
    }

    fn set_place(&mut self, location: Option<&str>, employer: Option<&Company>) {
        let location = location.map(str::trim).filter(|text| !text.is_empty());
        let place = location.map(places::read).unwrap_or_default();
        let text = location.unwrap_or_default();
        let reading = |value: Option<String>| value.map(|value| Reading { value, text: text.to_owned() });
        let own = place.country.is_some();
        let Place { country, region, city } = place;
        (self.country, self.region, self.city) = (reading(country), reading(region), reading(city));
        self.location = location.map(str::to_owned);
        if let Some(company) = employer.filter(|_| !own) {
            let office = |value: &Option<String>| value.clone().map(|value| Reading { text: format!("company: {value}"), value });
            self.country = office(&company.country);
            if self.region.is_none() && self.city.is_none() {
                (self.region, self.city) = (office(&company.region), office(&company.city));
            }
        }
    }
}

/// The role stated by the headline where it states one plainly, else the one of the current job.
///
/// The upper bound reads the same headline the same way, which is what makes it a bound.
pub(crate) fn headline_role(headline: &str) -> Option<Title> {
    let title = titles::read(headline);
    let plain =
        title.is_current && title.current_title.is_some() && (title.seniority.is_some() || title.function != Function::Other);
    plain.then_some(title)
}

fn current_role(headline: Option<&str>, job: Option<&str>) -> Option<(Title, String)> {
    if let Some((title, text)) = headline.and_then(|text| Some((headline_role(text)?, text))) {
        return Some((title, text.to_owned()));
    }
    let job = job.map(str::trim).filter(|job| !job.is_empty());
    if let Some(text) = job {
        let mut title = titles::read(text);
        // the provider says that the job lasts, whatever the words say
        title.is_current = true;
        title.current_title.get_or_insert_with(|| text.to_owned());
        return Some((title, text.to_owned()));
    }
    headline.map(|text| (titles::read(text), text.to_owned())).filter(|(title, _)| title.is_current)
}

fn company_of(
    profile: &ProfileFacts,
    job: Option<&ExperienceFacts>,
    employer: Option<&str>,
    found: Option<&CompanyFacts>,
) -> Option<Company> {
    let job_size = job.and_then(|job| job.company_size.as_deref()).and_then(read_size);
    let job_name = job.and_then(|job| filled(&job.company));
    let mut company = match (found, &job_name, employer) {
        (Some(found), ..) => Company::from_facts(found),
        (None, Some(name), _) => Company::named(name, CompanyFrom::Profile),
        (None, None, Some(name)) => Company::named(name, CompanyFrom::Headline),
        (None, None, None) => return None,
    };
    if company.name.is_none() {
        company.name = job_name;
    }
    if company.size_min.is_none()
        && let Some((min, max)) = job_size
    {
        (company.size_min, company.size_max) = (Some(min), max);
    }
    if company.industry.is_none() {
        company.industry = filled(&profile.industry);
    }
    Some(company)
}

fn language_of(profile: &ProfileFacts) -> Option<Reading<Language>> {
    [&profile.summary, &profile.headline].into_iter().filter_map(filled).find_map(|text| {
        let value = language::detect(&text);
        (value != Language::Other).then_some(Reading { value, text: text.chars().take(200).collect() })
    })
}
