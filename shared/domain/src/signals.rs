//! Signals that a profile shows by itself: a new job, a company that is hiring. Source: docs/rules.md, "Signals".

use crate::analysis::ProfileFacts;
use crate::fold::fold;
use crate::vocabulary::SignalKind;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A job that began at most so long ago is a new one. Profiles name months only, so it counts from the month's first day.
const NEW_JOB: SignedDuration = SignedDuration::from_hours(60 * 24);

/// How people say that their company is hiring, folded.
const HIRING: [&str; 13] = [
    "nous recrutons",
    "on recrute",
    "nous embauchons",
    "on embauche",
    "ca recrute",
    "we are hiring",
    "we re hiring",
    "were hiring",
    "now hiring",
    "is hiring",
    "wearehiring",
    "onrecrute",
    "nousrecrutons",
];

/// What follows where people hire for others, which is their trade and no news.
const FOR_OTHERS: [&str; 6] = ["pour nos clients", "pour vous", "pour les", "pour des", "for our clients", "for you"];

/// The signals a profile shows, each with its instant: of a new job its first day, else when it was read.
pub fn of_profile(profile: &ProfileFacts, read_at: Timestamp) -> Vec<(SignalKind, Timestamp)> {
    let mut signals = Vec::new();
    if [&profile.headline, &profile.summary].into_iter().flatten().any(|text| says_hiring(text)) {
        signals.push((SignalKind::Hiring, read_at));
    }
    let began =
        profile.experience.iter().filter(|job| job.end_date.is_none()).filter_map(|job| first_day(job.start_date.as_deref()?));
    let recent = |at: &Timestamp| *at <= read_at && read_at.duration_since(*at) <= NEW_JOB;
    signals.extend(began.filter(recent).max().map(|at| (SignalKind::NewJob, at)));
    signals
}

fn says_hiring(text: &str) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let said = format!(" {} ", words.join(" "));
    HIRING.iter().any(|phrase| said.contains(&format!(" {phrase} ")))
        && !FOR_OTHERS.iter().any(|phrase| said.contains(&format!(" {phrase} ")))
}

/// The first day of a month as profiles write it (`2026-11`); a year alone says too little.
fn first_day(text: &str) -> Option<Timestamp> {
    let mut parts = text.trim().split('-');
    let (year, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let date = Date::new(year, month, 1).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ExperienceFacts;

    const READ_AT: &str = "2026-11-20T12:00:00Z";

    #[track_caller]
    fn check(headline: &str, started: Option<&str>, expected: &[(SignalKind, &str)]) {
        let job = ExperienceFacts { start_date: started.map(str::to_owned), ..ExperienceFacts::default() };
        let profile = ProfileFacts { headline: Some(headline.into()), experience: vec![job], ..ProfileFacts::default() };
        let found = of_profile(&profile, READ_AT.parse().unwrap());
        let expected: Vec<(SignalKind, Timestamp)> = expected.iter().map(|(kind, at)| (*kind, at.parse().unwrap())).collect();
        assert_eq!(found, expected, "{headline}");
    }

    #[test]
    fn a_company_that_hires_says_so() {
        check("CEO chez Hélianthe | Nous recrutons !", None, &[(SignalKind::Hiring, READ_AT)]);
        check("Founder — we're hiring 🚀 #hiring", None, &[(SignalKind::Hiring, READ_AT)]);
        check("DRH · On recrute un commercial", None, &[(SignalKind::Hiring, READ_AT)]);
    }

    #[test]
    fn whose_trade_it_is_tells_no_news() {
        check("Chargée de recrutement", None, &[]);
        check("Nous recrutons pour nos clients de l’industrie", None, &[]);
        check("Hiring manager", None, &[]);
        check("Recruteur IT, je recrute des développeurs", None, &[]);
    }

    #[test]
    fn a_job_is_new_for_two_months() {
        check("CEO", Some("2026-11"), &[(SignalKind::NewJob, "2026-11-01T00:00:00Z")]);
        check("CEO", Some("2026-10"), &[(SignalKind::NewJob, "2026-10-01T00:00:00Z")]);
        check("CEO", Some("2026-09"), &[]);
        check("CEO", Some("2026-12"), &[]);
        check("CEO", Some("2026"), &[]);
        check("CEO", Some("demain"), &[]);
    }
}
