//! Tables of analyses: what is read of whom, and who cannot be analysed.

use super::*;
use crate::titles::{Function, Seniority};
use proptest::prelude::*;

const NOW: &str = "2026-11-20T09:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn profile(headline: &str, title: &str, company: &str, size: &str, location: &str) -> ProfileFacts {
    let job = ExperienceFacts { company: some(company), title: some(title), company_size: some(size), ..Default::default() };
    let experience = if title.is_empty() && company.is_empty() { vec![] } else { vec![job] };
    ProfileFacts {
        headline: some(headline),
        location: some(location),
        industry: some("Software"),
        experience,
        ..Default::default()
    }
}

#[test]
fn a_profile_is_read_with_the_text_of_each_reading() {
    let facts = profile(
        "Directrice commerciale @ Brumelis",
        "Directrice commerciale",
        "Brumelis",
        "51-200",
        "Lyon, Auvergne-Rhône-Alpes",
    );
    let read = Analysis::from_linkedin(&facts, None, now()).unwrap();
    assert_eq!(read.title.as_ref().unwrap().value, "Directrice commerciale");
    assert_eq!(read.seniority.as_ref().unwrap().value, Seniority::Director);
    assert_eq!(read.country, Some(Reading { value: "FR".into(), text: "Lyon, Auvergne-Rhône-Alpes".into() }));
    assert_eq!(read.company_size(), Some((51, Some(200))));
    let company = read.company.unwrap();
    assert_eq!(
        (company.name.as_deref(), company.industry.as_deref(), company.from),
        (Some("Brumelis"), Some("Software"), CompanyFrom::Profile)
    );
    assert_eq!(company.key, None);
}

#[test]
fn the_company_looked_up_wins_over_the_profile() {
    let facts = profile("CEO chez Brumelis", "CEO", "Brumelis", "2-10", "");
    let company = CompanyFacts {
        id: some("brumelis"),
        name: some("Brumelis"),
        website: some("https://www.brumelis.example"),
        industry: some("Logistics"),
        employee_count: Some(110),
        size_min: Some(51),
        size_max: Some(200),
        country: some("FR"),
        city: some("Paris"),
        ..Default::default()
    };
    let read = Analysis::from_linkedin(&facts, Some(&company), now()).unwrap();
    assert_eq!(read.company_size(), Some((110, Some(110))));
    assert_eq!(read.country.as_ref().unwrap().value, "FR");
    assert_eq!(read.city.as_ref().unwrap().text, "company: Paris");
    let company = read.company.unwrap();
    assert_eq!(company.industry.as_deref(), Some("Logistics"));
    assert_eq!(company.keys(), ["id:brumelis", "domain:brumelis.example"]);
}

#[test]
fn a_headline_without_a_role_leaves_the_title_to_the_job() {
    let read = |headline, job| Analysis::from_linkedin(&profile(headline, job, "X", "", ""), None, now()).unwrap();
    assert_eq!(read("", "Directeur commercial").seniority.unwrap().value, Seniority::Director);
    assert_eq!(read("", "Directeur commercial").function.unwrap().value, Function::Sales);
    assert_eq!(read("CEO", "Développeur").seniority.unwrap().value, Seniority::CLevel);
}

#[test]
fn the_current_job_is_the_one_that_lasts() {
    let job = |title: &str, start: &str, end: &str| ExperienceFacts {
        title: some(title),
        start_date: some(start),
        end_date: some(end),
        ..Default::default()
    };
    let current = |jobs: Vec<ExperienceFacts>| {
        ProfileFacts { experience: jobs, ..Default::default() }.current_job().and_then(|job| job.title.clone())
    };
    assert_eq!(current(vec![job("A", "2014", "2020"), job("B", "2010", "")]), some("B"));
    assert_eq!(current(vec![job("A", "2014-01", ""), job("B", "2022-05", "")]), some("B"));
    assert_eq!(current(vec![job("A", "", ""), job("B", "", "")]), some("A"));
    assert_eq!(current(vec![job("A", "2014", "2020")]), None);
    assert_eq!(current(vec![job("A", "2014", "2020"), job("B", "2012", "Aujourd’hui")]), some("B"));
    assert_eq!(current(vec![job("A", "Mar 2020", ""), job("B", "Nov 2014", "")]), some("A"));
}

#[test]
fn each_basis_has_its_minimum() {
    let missing = |result: Result<Analysis, NotAnalysed>| result.err().map(|error| error.missing);
    let named = CompanyFacts { name: some("Brumelis"), ..Default::default() };
    let bakery = CompanyFacts { industry: some("Bakery"), ..Default::default() };
    assert_eq!(missing(Analysis::from_linkedin(&ProfileFacts::default(), None, now())), Some("headline"));
    assert_eq!(missing(Analysis::from_import(Some("CEO"), Some(&named), None, now())), None);
    assert_eq!(missing(Analysis::from_import(Some(" "), Some(&named), None, now())), Some("title"));
    assert_eq!(missing(Analysis::from_import(Some("CEO"), None, None, now())), Some("company"));
    assert_eq!(missing(Analysis::from_import(Some("CEO"), Some(&CompanyFacts::default()), None, now())), Some("company"));
    assert_eq!(missing(Analysis::from_listing(Basis::Website, &bakery, Some("Québec, QC"), None, now())), None);
    assert_eq!(missing(Analysis::from_listing(Basis::Website, &named, Some("Québec, QC"), None, now())), Some("trade"));
    assert_eq!(missing(Analysis::from_listing(Basis::Registry, &bakery, Some("?"), None, now())), Some("place"));
}

#[test]
fn an_analysis_ages() {
    let read = Analysis::from_linkedin(&profile("CEO", "", "", "", ""), None, now()).unwrap();
    let fresh = |at: &str| read.is_fresh(at.parse().unwrap(), &Period::of_days(30));
    assert!(fresh("2026-12-20T09:00:00Z"));
    assert!(!fresh("2026-12-20T09:00:01Z"));
}

#[test]
fn an_analysis_survives_the_store() {
    let read = Analysis::from_linkedin(&profile("CEO chez X", "CEO", "X", "2-10", "Lyon"), None, now()).unwrap();
    let text = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<Analysis>(&text).unwrap(), read);
}

proptest! {
    #[test]
    fn any_text_is_data(text in "\\PC{0,60}", other in "[A-Za-zÀ-ÿ0-9,.@:/ –-]{0,40}") {
        for text in [text.as_str(), other.as_str()] {
            let read = Analysis::from_linkedin(&profile(text, text, text, text, text), None, now());
            prop_assert_eq!(read.is_err(), text.trim().is_empty());
            let place = places::read(text);
            prop_assert_eq!(places::Listed::read(text).holds(place.as_read()) == Some(false), false);
            let _ = (registrable_domain(text), Period::parse(text), crate::industry::group_of(text));
        }
    }
}
