//! Patch: changes settings field by field, or says which fields are at fault.

use super::reader::path;
use super::{Budget, Offer, Reader, SemanticBlend, Settings, WEIGHT_KEYS, Weights};
use crate::icp::{Icp, SizeRange};
use crate::profile_url::{self, ProfileUrl};
use crate::thresholds;
use crate::titles::Seniority;
use crate::vocabulary::LeadSource;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A field that cannot be accepted, and why, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name in the request, nested ones with dots (`icp.company_size.min`).
    pub field: String,
    pub message_fr: String,
    pub message_en: String,
}

const FIELDS: &[&str] = &[
    "name",
    "locale",
    "timezone",
    "threshold",
    "thresholds",
    "min_fit",
    "icp",
    "offer",
    "weights",
    "pull_after",
    "recontact_after",
    "profile_fresh_for",
    "budget",
    "test_recipients",
    "company_recontact_size",
    "company_recontact_max",
    "company_recontact_max_large",
    "semantic_blend",
    "invite_without_note",
];
const ICP_FIELDS: &[&str] =
    &["titles", "seniorities", "industries", "company_size", "countries", "exclude_titles", "exclude_companies", "text"];
/// The farthest a single weight may go.
const POINTS_MAX: i64 = 100;
/// The most pulls after one publication.
const PULLS_MAX: usize = 24;

pub(super) fn apply(current: &Settings, patch: &Value) -> Result<Settings, Vec<FieldError>> {
    let mut read = Reader::default();
    let mut next = current.clone();
    if let Some(fields) = read.object("", patch, FIELDS) {
        for (name, value) in fields {
            set(&mut next, &mut read, name, value);
        }
    }
    if next.weights != current.weights || next.semantic_blend != current.semantic_blend {
        next.model_version = following(&current.model_version);
    }
    within_reach(current, &next, &mut read);
    read.finish(next)
}

fn set(next: &mut Settings, read: &mut Reader, name: &str, value: &Value) {
    match name {
        "name" => put(&mut next.name, read.filled(name, value, 200)),
        "locale" => put(&mut next.locale, locale(read, value)),
        "timezone" => put(&mut next.timezone, timezone(read, name, value)),
        "threshold" => put(&mut next.threshold, line_or_null(read, name, value)),
        "thresholds" => set_thresholds(next, read, value),
        "min_fit" => put(&mut next.min_fit, read.whole(name, value, 0..=100).map(|n| n as u8)),
        "icp" => put(&mut next.icp, icp(read, value)),
        "offer" => put(&mut next.offer, offer(read, value)),
        "weights" => set_weights(&mut next.weights, read, value),
        "pull_after" => put(&mut next.pull_after, pulls(read, value)),
        "recontact_after" => put(&mut next.recontact_after, read.period(name, value)),
        "profile_fresh_for" => put(&mut next.profile_fresh_for, read.period(name, value)),
        "budget" => put(&mut next.budget, budget(read, value)),
        "test_recipients" => put(&mut next.test_recipients, read.list(name, value, recipient)),
        "company_recontact_size" => put(&mut next.company_recontact_size, count(read, name, value)),
        "company_recontact_max" => put(&mut next.company_recontact_max, count(read, name, value)),
        "company_recontact_max_large" => {
            let number = if value.is_null() { Some(None) } else { count(read, name, value).map(Some) };
            put(&mut next.company_recontact_max_large, number);
        }
        "semantic_blend" => put(&mut next.semantic_blend, blend(read, value)),
        "invite_without_note" => put(&mut next.invite_without_note, read.yes_or_no(name, value)),
        // named as unknown already
        _ => {}
    }
}

fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Somebody who may be written to in a test: a profile or an e-mail address.
fn recipient(read: &mut Reader, field: &str, value: &Value) -> Option<String> {
    let text = read.filled(field, value, 500)?;
    let is_profile = matches!(profile_url::parse(&text), ProfileUrl::Slug(_) | ProfileUrl::MemberId(_));
    if !is_profile && crate::identity::email(&text).is_none() {
        read.fault(
            field,
            "un profil LinkedIn ou une adresse e-mail est attendu",
            "a LinkedIn profile or an e-mail address is expected",
        );
        return None;
    }
    Some(text)
}

fn locale(read: &mut Reader, value: &Value) -> Option<String> {
    let text = read.filled("locale", value, 20)?;
    let (language, region) = text.split_once('-').unwrap_or((&text, ""));
    let fine = matches!(language, "fr" | "en")
        && (region.is_empty() || region.len() == 2 && region.bytes().all(|b| b.is_ascii_uppercase()));
    if !fine || text.ends_with('-') {
        read.fault("locale", "fr-FR, fr-CA, en-GB ou en-US est attendu", "fr-FR, fr-CA, en-GB or en-US is expected");
        return None;
    }
    Some(text)
}

pub(crate) fn timezone(read: &mut Reader, field: &str, value: &Value) -> Option<String> {
    let text = read.filled(field, value, 64)?;
    if TimeZone::get(&text).is_err() {
        read.fault(field, "fuseau horaire inconnu", "unknown time zone");
        return None;
    }
    Some(text)
}

fn line_or_null(read: &mut Reader, field: &str, value: &Value) -> Option<Option<u8>> {
    if value.is_null() {
        return Some(None);
    }
    read.whole(field, value, 0..=100).map(|line| Some(line as u8))
}

fn set_thresholds(next: &mut Settings, read: &mut Reader, value: &Value) {
    let sources: Vec<&str> = LeadSource::ALL.iter().map(|source| source.as_str()).collect();
    let Some(lines) = read.object("thresholds", value, &sources) else {
        return;
    };
    for (name, line) in lines {
        let Some(source) = LeadSource::parse(name) else {
            continue;
        };
        match line_or_null(read, &path("thresholds", name), line) {
            Some(Some(line)) => _ = next.thresholds.insert(source, line),
            Some(None) => _ = next.thresholds.remove(&source),
            None => {}
        }
    }
}

fn set_weights(weights: &mut Weights, read: &mut Reader, value: &Value) {
    let Some(points) = read.object("weights", value, WEIGHT_KEYS) else {
        return;
    };
    for (key, value) in points.iter().filter(|(key, _)| WEIGHT_KEYS.contains(&key.as_str())) {
        let range = if Weights::PENALTIES.contains(&key.as_str()) { -POINTS_MAX..=0 } else { 0..=POINTS_MAX };
        if let Some(points) = read.whole(&path("weights", key), value, range) {
            weights.set(key, points as i16);
        }
    }
}

fn icp(read: &mut Reader, value: &Value) -> Option<Option<Icp>> {
    if value.is_null() {
        return Some(None);
    }
    let fields = read.object("icp", value, ICP_FIELDS)?;
    let mut icp = Icp::default();
    for (name, value) in fields {
        let field = path("icp", name);
        match name.as_str() {
            "titles" => put(&mut icp.titles, read.texts(&field, value, 200)),
            "seniorities" => put(&mut icp.seniorities, read.list(&field, value, seniority)),
            "industries" => put(&mut icp.industries, read.texts(&field, value, 200)),
            "company_size" => put(&mut icp.company_size, size_range(read, &field, value)),
            "countries" => put(&mut icp.countries, read.texts(&field, value, 200)),
            "exclude_titles" => put(&mut icp.exclude_titles, read.texts(&field, value, 200)),
            "exclude_companies" => put(&mut icp.exclude_companies, read.texts(&field, value, 200)),
            "text" => put(&mut icp.text, read.text_or_null(&field, value, 5000)),
            _ => {}
        }
    }
    Some(Some(icp))
}

fn seniority(read: &mut Reader, field: &str, value: &Value) -> Option<Seniority> {
    let level = value.as_str().and_then(Seniority::parse);
    if level.is_none() {
        let all = Seniority::ALL.map(Seniority::as_str).join(" ");
        read.fault(field, format!("un de\u{a0}: {all}"), format!("one of: {all}"));
    }
    level
}

fn size_range(read: &mut Reader, field: &str, value: &Value) -> Option<Option<SizeRange>> {
    if value.is_null() {
        return Some(None);
    }
    let fields = read.object(field, value, &["min", "max"])?;
    let mut end = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(value) => read.whole(&path(field, name), value, 0..=10_000_000).map(|n| n as u32),
    };
    let range = SizeRange { min: end("min"), max: end("max") };
    if let (Some(min), Some(max)) = (range.min, range.max)
        && min > max
    {
        read.fault(field, "le minimum dépasse le maximum", "the minimum is above the maximum");
        return None;
    }
    Some(Some(range))
}

fn offer(read: &mut Reader, value: &Value) -> Option<Offer> {
    if value.is_null() {
        return Some(Offer::default());
    }
    let fields = read.object("offer", value, &["pitch", "proofs", "booking_url"])?;
    let mut offer = Offer::default();
    for (name, value) in fields {
        let field = path("offer", name);
        match name.as_str() {
            "pitch" => put(&mut offer.pitch, read.text_or_null(&field, value, 5000).map(Option::unwrap_or_default)),
            "proofs" => put(&mut offer.proofs, read.texts(&field, value, 1000)),
            "booking_url" => put(&mut offer.booking_url, read.web_address_or_null(&field, value)),
            _ => {}
        }
    }
    Some(offer)
}

/// A ceiling that is not named is zero: nothing is spent that nobody allowed.
fn budget(read: &mut Reader, value: &Value) -> Option<Budget> {
    let fields = read.object("budget", value, &["credits_per_month", "ai_usd_per_month"])?;
    let mut budget = Budget { credits_per_month: 0, ai_usd_per_month: 0.0 };
    if let Some(value) = fields.get("credits_per_month") {
        put(&mut budget.credits_per_month, read.whole("budget.credits_per_month", value, 0..=1_000_000_000).map(|n| n as u64));
    }
    if let Some(value) = fields.get("ai_usd_per_month") {
        match value.as_f64().filter(|usd| (0.0..=1e6).contains(usd)) {
            Some(usd) => budget.ai_usd_per_month = usd,
            None => read.fault(
                "budget.ai_usd_per_month",
                "un montant positif ou nul est attendu",
                "an amount of zero or more is expected",
            ),
        }
    }
    Some(budget)
}

fn pulls(read: &mut Reader, value: &Value) -> Option<Vec<super::Period>> {
    let list = read.list("pull_after", value, |read, field, item| read.period(field, item))?;
    if list.len() > PULLS_MAX {
        read.fault("pull_after", format!("{PULLS_MAX}\u{a0}passages au plus"), format!("at most {PULLS_MAX} pulls"));
        return None;
    }
    Some(list)
}

fn count(read: &mut Reader, field: &str, value: &Value) -> Option<u32> {
    read.whole(field, value, 1..=10_000_000).map(|n| n as u32)
}

fn blend(read: &mut Reader, value: &Value) -> Option<SemanticBlend> {
    let blend = SemanticBlend::deserialize(value).ok();
    if blend.is_none() {
        read.fault("semantic_blend", "none, half ou all est attendu", "none, half or all is expected");
    }
    blend
}

/// `rules-1` is followed by `rules-1.1`, that by `rules-1.2`.
fn following(version: &str) -> String {
    match version.rsplit_once('.').and_then(|(base, n)| Some((base, n.parse::<u64>().ok()?))) {
        Some((base, n)) => format!("{base}.{}", n.saturating_add(1)),
        None => format!("{version}.1"),
    }
}

/// Refuses lines that nobody of the source could ever reach, whether the line or the weights moved.
fn within_reach(current: &Settings, next: &Settings, read: &mut Reader) {
    let moved = |source| thresholds::line(next, source) != thresholds::line(current, source) || next.weights != current.weights;
    for &source in LeadSource::ALL.iter().filter(|source| next.thresholds.contains_key(*source) && moved(**source)) {
        let reach = thresholds::reachable_max(source, &next.weights);
        if next.thresholds[&source] > reach {
            out_of_reach(read, &path("thresholds", source.as_str()), reach);
        }
    }
    let base_sources = LeadSource::ALL.iter().filter(|source| !next.thresholds.contains_key(*source));
    let reach = base_sources.map(|source| thresholds::reachable_max(*source, &next.weights)).max().unwrap_or(100);
    if next.threshold.is_some_and(|line| line > reach) && (next.threshold != current.threshold || next.weights != current.weights)
    {
        out_of_reach(read, "threshold", reach);
    }
    let fit_max = next.weights.fit_max();
    if i16::from(next.min_fit) > fit_max && (next.min_fit != current.min_fit || next.weights != current.weights) {
        out_of_reach(read, "min_fit", fit_max.clamp(0, 100) as u8);
    }
}

fn out_of_reach(read: &mut Reader, field: &str, reach: u8) {
    read.fault(
        field,
        format!("personne ne pourrait l’atteindre\u{a0}: {reach} au plus"),
        format!("nobody could reach it: at most {reach}"),
    );
}
