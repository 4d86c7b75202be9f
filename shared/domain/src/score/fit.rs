//! Fit: the points of the profile against the ICP, and how far a model's opinion replaces them.

use super::matching::{self, Level, Match};
use super::{Feature, PreparedIcp, ScoreInput};
use crate::analysis::{Analysis, Reading};
use crate::vocabulary::FeatureName;
use crate::workspace::{SemanticBlend, Weights};

pub(super) fn features(input: &ScoreInput, icp: &PreparedIcp) -> Vec<Feature> {
    let (analysis, weights) = (input.analysis, input.weights);
    let mut features = vec![
        title(analysis, icp, weights),
        seniority(analysis, icp, weights),
        industry(analysis, icp, weights),
        company_size(analysis, icp, weights),
        country(analysis, icp, weights),
    ];
    features.extend(semantic(input, features.iter().map(|feature| feature.points).sum()));
    features.extend(level_mismatch(analysis, icp, weights));
    features
}

fn feature(name: FeatureName, points: i16, value: Option<String>, evidence: Option<String>) -> Feature {
    Feature { name, points, value, evidence }
}

fn text_of<T>(reading: &Option<Reading<T>>) -> Option<String> {
    reading.as_ref().map(|reading| reading.text.clone())
}

fn title(analysis: &Analysis, icp: &PreparedIcp, weights: &Weights) -> Feature {
    let points = match analysis.title.as_ref().map(|_| matching::title(&matching::Role::of(analysis), icp)) {
        Some(Match::Exact) => weights.title_exact,
        Some(Match::Near) => weights.title_adjacent,
        Some(Match::None) | None => 0,
    };
    let value = analysis.title.as_ref().map(|title| title.value.clone());
    feature(FeatureName::Title, points, value, text_of(&analysis.title))
}

/// The level a current title stands with; a title without a level stands with `senior`.
fn seniority(analysis: &Analysis, icp: &PreparedIcp, weights: &Weights) -> Feature {
    let level = matching::Role::of(analysis).level();
    let points = match level.map(|level| matching::level(level, icp)) {
        Some(Level::Inside) => weights.seniority_in,
        Some(Level::Off(1)) => weights.seniority_near,
        _ => 0,
    };
    feature(FeatureName::Seniority, points, level.map(|level| level.as_str().to_owned()), text_of(&analysis.title))
}

fn industry(analysis: &Analysis, icp: &PreparedIcp, weights: &Weights) -> Feature {
    let value = analysis.company.as_ref().and_then(|company| company.industry.clone());
    let points = match value.as_deref().map(|value| crate::industry::best_of(value, &icp.industries)) {
        Some(Match::Exact) => weights.industry_exact,
        Some(Match::Near) => weights.industry_adjacent,
        _ => 0,
    };
    let evidence = value.clone();
    feature(FeatureName::Industry, points, value, evidence)
}

fn company_size(analysis: &Analysis, icp: &PreparedIcp, weights: &Weights) -> Feature {
    let size = analysis.company_size();
    let points = match (size, icp.size) {
        (Some(size), Some(range)) => match matching::company_size(size, range) {
            Match::Exact => weights.company_size_in,
            Match::Near => weights.company_size_near,
            Match::None => 0,
        },
        _ => 0,
    };
    let value = size.map(|(min, max)| match max {
        Some(max) if max == min => min.to_string(),
        Some(max) => format!("{min}-{max}"),
        None => format!("{min}+"),
    });
    let evidence = analysis.company.as_ref().filter(|_| size.is_some()).and_then(|company| company.name.clone());
    feature(FeatureName::CompanySize, points, value, evidence)
}

fn country(analysis: &Analysis, icp: &PreparedIcp, weights: &Weights) -> Feature {
    let place = analysis.place_read();
    let inside = icp.places.iter().any(|listed| listed.holds(place) == Some(true));
    let evidence = text_of(&analysis.country).or_else(|| text_of(&analysis.region)).or_else(|| text_of(&analysis.city));
    let value = place.country.or(place.region).or(place.city);
    feature(FeatureName::Country, if inside { weights.country } else { 0 }, value.map(str::to_owned), evidence)
}

/// What the model's opinion adds to, or takes from, the points of the rules, so that all of them together are the blend.
fn semantic(input: &ScoreInput, rules: i16) -> Option<Feature> {
    let opinion = input.evidence.semantic.as_ref()?;
    let blended = blend(input.semantic_blend, rules, i16::from(opinion.value.min(100)), input.weights.fit_max())?;
    let evidence = format!("{} ({}, {})", opinion.reason, opinion.model, opinion.prompt_hash);
    Some(feature(FeatureName::SemanticFit, blended - rules, Some(opinion.value.to_string()), Some(evidence)))
}

/// The fit after a model's opinion of 0–100; `None` when the workspace does not count opinions.
pub(super) fn blend(blend: SemanticBlend, rules: i16, opinion: i16, fit_max: i16) -> Option<i16> {
    let (rules, opinion, fit_max) = (i32::from(rules), i32::from(opinion), i32::from(fit_max));
    let points = match blend {
        SemanticBlend::None => return None,
        SemanticBlend::Half => (rules * 100 + fit_max * opinion + 100) / 200,
        SemanticBlend::All => (fit_max * opinion + 50) / 100,
    };
    Some(points as i16)
}

fn level_mismatch(analysis: &Analysis, icp: &PreparedIcp, weights: &Weights) -> Option<Feature> {
    let level = matching::Role::of(analysis).level()?;
    let far = matches!(matching::level(level, icp), Level::Off(3..));
    far.then(|| {
        feature(FeatureName::LevelMismatch, weights.level_mismatch, Some(level.as_str().to_owned()), text_of(&analysis.title))
    })
}
