//! Thresholds: the line of each source, and the highest score a person of a source can reach.

use crate::vocabulary::LeadSource;
use crate::workspace::{Settings, Weights};

/// The highest score, 0–100, that a first decision about somebody of `source` can come to.
///
/// People found by search or import bring no engagement; on someone else's post a reaction is worth less.
/// Source: docs/rules.md, “Threshold”.
pub fn reachable_max(source: LeadSource, weights: &Weights) -> u8 {
    let w = weights;
    let known = w.fit_max() + w.signal + w.proximity_1.max(w.proximity_2);
    let acts = w.commented.max(w.commented_neutral) + w.recent;
    let total = match source {
        LeadSource::Hot | LeadSource::Magnet => known + acts + w.reacted_own.max(w.reacted_other),
        LeadSource::Spy => known + acts + w.reacted_other,
        LeadSource::Cold | LeadSource::Import | LeadSource::Local => known,
    };
    total.clamp(0, 100) as u8
}

/// The line of one source; `None` when the workspace has no threshold: then nobody is contacted,
/// whatever lines single sources have.
pub fn line(settings: &Settings, source: LeadSource) -> Option<u8> {
    let base = settings.threshold?;
    Some(settings.thresholds.get(&source).copied().unwrap_or(base))
}

/// The line of a person: the highest of the lines of every source that found them, and of the campaign's
/// own, which can only be higher. Source: docs/rules.md, “Threshold”.
pub fn line_of_person(settings: &Settings, sources: &[LeadSource], campaign: Option<u8>) -> Option<u8> {
    let base = settings.threshold?;
    let lines = sources.iter().filter_map(|source| line(settings, *source));
    Some(lines.max().unwrap_or(base).max(campaign.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_reaches_so_far() {
        let weights = Weights::default();
        let reach = |source| reachable_max(source, &weights);
        assert_eq!(reach(LeadSource::Hot), 100);
        assert_eq!(reach(LeadSource::Magnet), 100);
        assert_eq!(reach(LeadSource::Spy), 90);
        assert_eq!(reach(LeadSource::Cold), 55);
        assert_eq!(reach(LeadSource::Import), 55);
    }

    #[test]
    fn several_sources_hold_the_person_to_the_highest_line() {
        let settings = Settings::new("Acme");
        let line = |sources: &[LeadSource], campaign| line_of_person(&settings, sources, campaign);
        assert_eq!(line(&[LeadSource::Cold], None), Some(35));
        assert_eq!(line(&[LeadSource::Cold, LeadSource::Hot], None), Some(60));
        assert_eq!(line(&[LeadSource::Cold], Some(50)), Some(50));
        assert_eq!(line(&[LeadSource::Hot], Some(40)), Some(60));
        assert_eq!(line(&[], None), Some(60));
    }

    #[test]
    fn without_a_threshold_no_source_has_a_line() {
        let settings = Settings { threshold: None, ..Settings::new("Acme") };
        assert_eq!(line(&settings, LeadSource::Cold), None);
        assert_eq!(line_of_person(&settings, &[LeadSource::Cold], Some(90)), None);
    }
}
