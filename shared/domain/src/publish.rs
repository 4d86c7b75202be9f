//! Publishing: what a post must be, when it may go out, and when its people are collected.

use crate::fold::{fold, words};
use crate::plan;
use crate::post_url;
use crate::profile_url::ProfileUrl;
use crate::provider::{Ability, Capabilities};
use crate::vocabulary::PostAuthor;
use crate::workspace::{FieldError, Period, Reader};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// The longest text, in UTF-16 units, as LinkedIn counts.
pub const TEXT_MAX_UNITS: usize = 3000;
/// The most images of one post.
pub const IMAGES_MAX: usize = 9;
/// At most one post per account within this. Source: docs/rules.md, “Publishing”.
pub const LEAST_GAP: SignedDuration = SignedDuration::from_mins(15);
/// Similar text within this is a conflict.
pub const SIMILAR_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A post as somebody wants to save it.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    pub account_is_known: bool,
    pub author: PostAuthor,
    pub company_url: Option<&'a str>,
    pub text: &'a str,
    /// Web addresses.
    pub media: &'a [String],
    pub scheduled_at: Option<Timestamp>,
}

/// A post that is already out on LinkedIn, as somebody registers it.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    pub account_is_known: bool,
    pub post_url: &'a str,
    pub published_at: Option<Timestamp>,
}

/// Whether a post may be saved; errors name every field at fault. Source: docs/rules.md, “Publishing”.
pub fn validate(form: &Form, now: Timestamp) -> Result<(), Vec<FieldError>> {
    let mut read = Reader::default();
    if !form.account_is_known {
        unknown_account(&mut read);
    }
    let units = form.text.encode_utf16().count();
    if form.text.trim().is_empty() {
        read.fault("text", "le texte est vide", "the text is empty");
    } else if units > TEXT_MAX_UNITS {
        read.fault(
            "text",
            format!("{units}\u{a0}caractères, {TEXT_MAX_UNITS} au plus"),
            format!("{units} characters, at most {TEXT_MAX_UNITS}"),
        );
    }
    media(form.media, &mut read);
    match (form.author, form.company_url.map(crate::profile_url::parse)) {
        (PostAuthor::Company, Some(ProfileUrl::Company(_))) | (PostAuthor::Profile, None) => {}
        (PostAuthor::Company, _) => read.fault(
            "company_url",
            "l’adresse de la page LinkedIn de l’entreprise est attendue",
            "the address of the company’s LinkedIn page is expected",
        ),
        (PostAuthor::Profile, Some(_)) => {
            read.fault("company_url", "seulement pour une page d’entreprise", "only for a company page");
        }
    }
    if form.scheduled_at.is_some_and(|at| at <= now) {
        past(&mut read, "scheduled_at");
    }
    read.finish(())
}

/// Whether a post that is already out may be registered.
pub fn validate_registered(form: &Registered, now: Timestamp) -> Result<(), Vec<FieldError>> {
    let mut read = Reader::default();
    if !form.account_is_known {
        unknown_account(&mut read);
    }
    if let Err(error) = post_url::parse(form.post_url) {
        read.fault("post_url", error.fr(), error.en());
    }
    if form.published_at.is_some_and(|at| at > now) {
        read.fault("published_at", "cette date est à venir", "this date is to come");
    }
    read.finish(())
}

fn unknown_account(read: &mut Reader) {
    read.fault("account_id", "ce compte n’existe pas", "there is no such account");
}

fn past(read: &mut Reader, field: &str) {
    read.fault(field, "cette date est passée", "this date has passed");
}

/// Up to nine images, or one PDF alone.
fn media(media: &[String], read: &mut Reader) {
    let is_pdf = |address: &str| address.split(['?', '#']).next().unwrap_or("").to_lowercase().ends_with(".pdf");
    for (at, address) in media.iter().enumerate() {
        let fine = url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !fine || address.len() > 2000 {
            read.fault(&format!("media[{at}]"), "une adresse http ou https est attendue", "an http or https address is expected");
        }
    }
    if media.iter().any(|address| is_pdf(address)) && media.len() > 1 {
        read.fault("media", "un PDF va seul", "a PDF goes alone");
    } else if media.len() > IMAGES_MAX {
        read.fault("media", format!("{IMAGES_MAX}\u{a0}images au plus"), format!("at most {IMAGES_MAX} images"));
    }
}

/// Whether a post may be scheduled for `at`: only for a time to come.
pub fn validate_schedule(at: Timestamp, now: Timestamp) -> Result<(), Vec<FieldError>> {
    let mut read = Reader::default();
    if at <= now {
        past(&mut read, "scheduled_at");
    }
    read.finish(())
}

/// From when the account may publish again: `now`, or 15 minutes after its last publication.
pub fn next_free(last_published: Option<Timestamp>, now: Timestamp) -> Timestamp {
    last_published.map_or(now, |last| last.saturating_add(LEAST_GAP).unwrap_or(Timestamp::MAX).max(now))
}

/// The first time from `wanted` on that is at least 15 minutes from every taken one, before and after.
pub fn next_slot(wanted: Timestamp, taken: &[Timestamp]) -> Timestamp {
    let mut sorted = taken.to_vec();
    sorted.sort_unstable();
    sorted.into_iter().fold(wanted, |slot, other| {
        let apart = other.duration_since(slot).abs();
        if apart < LEAST_GAP { other.saturating_add(LEAST_GAP).unwrap_or(Timestamp::MAX) } else { slot }
    })
}

/// Whether two texts say nearly the same: four fifths of their words in common.
pub fn is_similar(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (words(&a).collect(), words(&b).collect());
    let (both, all) = (a.intersection(&b).count(), a.union(&b).count());
    all > 0 && both * 5 >= all * 4
}

/// When the people of a post are collected: each delay in exact hours, moved on by a random part of up to a
/// twentieth of it, ten minutes at most; ascending. The same seed (the post's id) gives the same instants.
///
/// Source: docs/rules.md, “Publishing”.
pub fn pulls(pull_after: &[Period], published_at: Timestamp, seed: &str) -> Vec<Timestamp> {
    const MOST: SignedDuration = SignedDuration::from_mins(10);
    let mut instants: Vec<Timestamp> = pull_after
        .iter()
        .map(|period| {
            let delay = period.exact();
            let moved = plan::jittered(seed, period.as_str(), delay, (delay / 20).min(MOST));
            published_at.saturating_add(moved).unwrap_or(Timestamp::MAX)
        })
        .collect();
    instants.sort_unstable();
    instants
}

/// What a post asks for that the account's provider does not offer.
pub fn lacking(capabilities: Capabilities, author: PostAuthor, media: &[String]) -> Option<Ability> {
    let asked = [
        (author == PostAuthor::Company, Ability::CompanyPosts),
        (!media.is_empty(), Ability::PostMedia),
        (true, Ability::Automatic),
    ];
    asked.into_iter().find(|(asked, ability)| *asked && !capabilities.offers(*ability)).map(|(_, ability)| ability)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        at("2026-11-20T09:00:00Z")
    }

    /// The fields named when a good post is changed.
    fn refused<'a>(change: impl FnOnce(&mut Form<'a>)) -> Vec<String> {
        let mut form = Form {
            account_is_known: true,
            author: PostAuthor::Profile,
            company_url: None,
            text: "Bonjour",
            media: &[],
            scheduled_at: Some(at("2026-11-21T08:00:00Z")),
        };
        change(&mut form);
        validate(&form, now()).err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn bad_input_names_the_field() {
        let long = "é".repeat(3001);
        let emoji = "😀".repeat(1501);
        let images: Vec<String> = (0..10).map(|n| format!("https://img.example/{n}.png")).collect();
        let mixed = ["https://img.example/a.pdf?x=1".to_owned(), "https://img.example/b.png".to_owned()];
        let odd = ["ftp://img.example/a.png".to_owned()];
        assert_eq!(refused(|_| {}), [""; 0]);
        assert_eq!(refused(|f| f.text = " \n"), ["text"]);
        assert_eq!(refused(|f| f.text = &long), ["text"]);
        assert_eq!(refused(|f| f.text = &long[..6000]), [""; 0]);
        assert_eq!(refused(|f| f.text = &emoji), ["text"]);
        assert_eq!(refused(|f| f.media = &images), ["media"]);
        assert_eq!(refused(|f| f.media = &images[..9]), [""; 0]);
        assert_eq!(refused(|f| f.media = &mixed), ["media"]);
        assert_eq!(refused(|f| f.media = &mixed[..1]), [""; 0]);
        assert_eq!(refused(|f| f.media = &odd), ["media[0]"]);
        assert_eq!(refused(|f| f.scheduled_at = Some(now())), ["scheduled_at"]);
        assert_eq!(refused(|f| f.scheduled_at = None), [""; 0]);
        assert_eq!(refused(|f| f.account_is_known = false), ["account_id"]);
        assert_eq!(refused(|f| f.author = PostAuthor::Company), ["company_url"]);
        assert_eq!(
            refused(|f| (f.author, f.company_url) = (PostAuthor::Company, Some("https://www.linkedin.com/company/acme/"))),
            [""; 0]
        );
        assert_eq!(refused(|f| f.company_url = Some("https://www.linkedin.com/company/acme/")), ["company_url"]);
        assert_eq!(refused(|f| (f.text, f.account_is_known) = ("", false)), ["account_id", "text"]);
    }

    #[test]
    fn a_post_already_out_needs_a_readable_address() {
        let fields = |post_url: &str, published_at: Option<&str>| {
            let form = Registered { account_is_known: true, post_url, published_at: published_at.map(at) };
            validate_registered(&form, now()).err().unwrap_or_default().into_iter().map(|e| e.field).collect::<Vec<_>>()
        };
        let good = "https://www.linkedin.com/feed/update/urn:li:activity:7523292885811833700/";
        assert_eq!(fields(good, Some("2026-11-03T08:00:00Z")), [""; 0]);
        assert_eq!(fields("https://www.linkedin.com/company/acme", None), ["post_url"]);
        assert_eq!(fields(good, Some("2027-01-01T00:00:00Z")), ["published_at"]);
    }

    #[test]
    fn one_post_per_quarter_of_an_hour() {
        let free = |last: Option<&str>| next_free(last.map(at), now()).to_string();
        assert_eq!(free(None), "2026-11-20T09:00:00Z");
        assert_eq!(free(Some("2026-11-20T08:50:00Z")), "2026-11-20T09:05:00Z");
        assert_eq!(free(Some("2026-11-20T08:45:00Z")), "2026-11-20T09:00:00Z");
        let slot = |taken: &[&str]| next_slot(now(), &taken.iter().map(|t| at(t)).collect::<Vec<_>>()).to_string();
        assert_eq!(slot(&["2026-11-20T09:20:00Z", "2026-11-20T09:00:00Z"]), "2026-11-20T09:35:00Z");
        assert_eq!(slot(&["2026-11-20T09:15:00Z"]), "2026-11-20T09:00:00Z");
        assert_eq!(slot(&["2026-11-20T09:10:00Z"]), "2026-11-20T09:25:00Z");
    }

    #[test]
    fn nearly_the_same_text_is_noticed() {
        assert!(is_similar("Nous recrutons deux commerciaux à Lyon", "Nous recrutons deux commerciaux à Lyon !"));
        assert!(!is_similar("Nous recrutons deux commerciaux", "Trois leçons sur la prospection"));
        assert!(!is_similar("", ""));
    }

    #[test]
    fn pulls_count_exact_hours_over_a_clock_change() {
        let published = at("2026-10-24T08:00:00Z");
        let instants = pulls(&[Period::of_days(7), Period::of_days(1)], published, "post_1");
        let minutes: Vec<i64> = instants.iter().map(|i| i.duration_since(published).as_secs() / 60).collect();
        assert!((1440..=1450).contains(&minutes[0]) && (10_080..=10_090).contains(&minutes[1]), "{minutes:?}");
        assert_ne!(instants, pulls(&[Period::of_days(7), Period::of_days(1)], published, "post_2"));
    }

    proptest! {
        #[test]
        fn a_pull_is_moved_by_a_twentieth_at_most(seconds in 1..2_000_000_i64, seed in "[a-z]{1,6}") {
            let delay = Period::parse(&format!("PT{seconds}S")).unwrap();
            let at = pulls(std::slice::from_ref(&delay), now(), &seed)[0];
            let moved = at.duration_since(now()) - delay.exact();
            prop_assert!(moved >= SignedDuration::ZERO && moved <= (delay.exact() / 20).min(SignedDuration::from_mins(10)));
        }

        #[test]
        fn a_slot_is_free_and_not_early(wanted in 0..10_000_i64, taken in prop::collection::vec(0..10_000_i64, 0..8)) {
            let instant = |seconds: i64| now() + SignedDuration::from_secs(seconds);
            let taken: Vec<Timestamp> = taken.into_iter().map(instant).collect();
            let slot = next_slot(instant(wanted), &taken);
            prop_assert!(slot >= instant(wanted));
            prop_assert!(taken.iter().all(|other| other.duration_since(slot).abs() >= LEAST_GAP));
        }
    }
}
