//! Tables of patches: what they change and which fields they name.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn patched(patch: Value) -> Settings {
    Settings::new("Acme").apply_patch(&patch).unwrap()
}

/// The fields named when `patch` is refused.
fn refused(patch: Value) -> Vec<String> {
    let errors = Settings::new("Acme").apply_patch(&patch).unwrap_err();
    errors.into_iter().map(|error| error.field).collect()
}

#[test]
fn a_new_workspace_has_no_icp_and_the_line_at_sixty() {
    let settings = serde_json::to_value(Settings::new("Acme")).unwrap();
    assert_eq!(settings["icp"], Value::Null);
    assert_eq!(settings["threshold"], 60);
    assert_eq!(settings["thresholds"], json!({"cold": 35, "import": 35, "local": 35}));
    assert_eq!(settings["min_fit"], 15);
    assert_eq!(settings["pull_after"], json!(["PT2H", "P1D", "P3D", "P7D"]));
    assert_eq!(settings["recontact_after"], "P6M");
    assert_eq!(settings["weights"]["negative_comment"], -20);
    assert_eq!(settings["weights"].as_object().unwrap().len(), WEIGHT_KEYS.len());
}

#[test]
fn settings_survive_the_store() {
    let settings = patched(json!({"icp": {"titles": ["CEO"], "company_size": {"min": 11}}, "pull_after": ["PT90M"]}));
    let text = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
}

#[test]
fn every_fault_is_named() {
    assert_eq!(refused(json!({"treshold": 60})), ["treshold"]);
    assert_eq!(refused(json!({"icp": {"title": ["CEO"]}})), ["icp.title"]);
    assert_eq!(refused(json!({"icp": {"company_size": {"low": 1}}})), ["icp.company_size.low"]);
    assert_eq!(refused(json!({"icp": {"company_size": {"min": 9, "max": 2}}})), ["icp.company_size"]);
    assert_eq!(refused(json!({"icp": {"seniorities": ["boss"]}})), ["icp.seniorities[0]"]);
    assert_eq!(refused(json!({"icp": {"titles": "CEO"}})), ["icp.titles"]);
    assert_eq!(refused(json!({"icp": "CEO"})), ["icp"]);
    assert_eq!(refused(json!({"weights": {"charm": 3}})), ["weights.charm"]);
    assert_eq!(refused(json!({"weights": {"recent": -3}})), ["weights.recent"]);
    assert_eq!(refused(json!({"weights": {"negative_comment": 20}})), ["weights.negative_comment"]);
    assert_eq!(refused(json!({"weights": {"recent": 1.5}})), ["weights.recent"]);
    assert_eq!(refused(json!({"threshold": 101})), ["threshold"]);
    assert_eq!(refused(json!({"threshold": "60"})), ["threshold"]);
    assert_eq!(refused(json!({"threshold": -1})), ["threshold"]);
    assert_eq!(refused(json!({"thresholds": {"warm": 3}})), ["thresholds.warm"]);
    assert_eq!(refused(json!({"timezone": "Mars/Phobos"})), ["timezone"]);
    assert_eq!(refused(json!({"locale": "de-DE"})), ["locale"]);
    assert_eq!(refused(json!({"pull_after": ["PT2H", "-PT1H"]})), ["pull_after[1]"]);
    assert_eq!(refused(json!({"pull_after": ["2 hours"]})), ["pull_after[0]"]);
    assert_eq!(refused(json!({"recontact_after": "PT0S"})), ["recontact_after"]);
    assert_eq!(refused(json!({"budget": {"credits": 3}})), ["budget.credits"]);
    assert_eq!(refused(json!({"budget": {"credits_per_month": -1}})), ["budget.credits_per_month"]);
    assert_eq!(refused(json!({"offer": {"booking_url": "javascript:alert(1)"}})), ["offer.booking_url"]);
    assert_eq!(refused(json!({"name": " "})), ["name"]);
    assert_eq!(refused(json!({"model_version": "rules-9"})), ["model_version"]);
    assert_eq!(refused(json!([])), [""]);
    assert_eq!(refused(json!({"a": 1, "threshold": 999})), ["a", "threshold"]);
}

#[test]
fn a_line_nobody_can_reach_is_refused() {
    assert_eq!(refused(json!({"thresholds": {"cold": 56}})), ["thresholds.cold"]);
    assert_eq!(patched(json!({"thresholds": {"cold": 55}})).thresholds[&LeadSource::Cold], 55);
    assert_eq!(refused(json!({"thresholds": {"spy": 91}})), ["thresholds.spy"]);
    assert_eq!(patched(json!({"threshold": 100})).threshold, Some(100));
    assert_eq!(
        refused(json!({"weights": {"title_exact": 0, "title_adjacent": 0, "seniority_in": 0, "seniority_near": 0}})),
        ["thresholds.cold", "thresholds.local", "thresholds.import",]
    );
    assert_eq!(refused(json!({"min_fit": 41})), ["min_fit"]);
}

#[test]
fn icp_and_budget_are_replaced_whole_the_rest_key_by_key() {
    let first =
        patched(json!({"icp": {"titles": ["CEO"], "text": "…"}, "budget": {"credits_per_month": 5, "ai_usd_per_month": 1.5}}));
    let second = first.apply_patch(&json!({"icp": {"countries": ["FR"]}, "budget": {"credits_per_month": 6}})).unwrap();
    assert_eq!(second.icp, Some(Icp { countries: vec!["FR".into()], ..Icp::default() }));
    assert_eq!(second.budget, Budget { credits_per_month: 6, ai_usd_per_month: 0.0 });
    let third = second.apply_patch(&json!({"thresholds": {"cold": 40, "spy": 70}, "icp": null})).unwrap();
    assert_eq!(third.thresholds[&LeadSource::Cold], 40);
    assert_eq!(third.thresholds[&LeadSource::Import], 35);
    assert_eq!(third.icp, None);
    let fourth = third.apply_patch(&json!({"thresholds": {"spy": null}, "threshold": null})).unwrap();
    assert_eq!(fourth.thresholds.get(&LeadSource::Spy), None);
    assert_eq!(fourth.threshold, None);
}

#[test]
fn other_weights_are_another_model() {
    let first = patched(json!({"weights": {"recent": 8}}));
    assert_eq!((first.weights.recent, first.weights.signal, first.model_version.as_str()), (8, 5, "rules-1.1"));
    let second = first.apply_patch(&json!({"weights": {"signal": 4}})).unwrap();
    assert_eq!(second.model_version, "rules-1.2");
    assert_eq!(second.apply_patch(&json!({"weights": {"signal": 4}, "min_fit": 10})).unwrap().model_version, "rules-1.2");
}

#[test]
fn periods_count_exact_hours() {
    let hours = |text: &str| Period::parse(text).map(|period| period.exact().as_hours());
    assert_eq!(hours("PT2H"), Some(2));
    assert_eq!(hours("P1D"), Some(24));
    assert_eq!(hours("P1W"), Some(168));
    assert_eq!(hours("P1M"), Some(720));
    assert_eq!(hours("P1DT12H"), Some(36));
    assert_eq!(hours("P"), None);
    assert_eq!(hours("-P1D"), None);
    assert_eq!(hours("1 day"), None);
    assert_eq!(hours("P9999Y"), None);
}

#[test]
fn months_follow_the_calendar() {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    let end = Period::of_months(6).after("2026-08-31T10:00:00Z".parse().unwrap(), &zone);
    assert_eq!(end.to_string(), "2027-02-28T11:00:00Z");
}

#[test]
fn test_recipients_keep_everyone_else_untouched() {
    let open = patched(json!({}));
    assert!(open.may_receive(&[]));
    let closed = patched(json!({"test_recipients": ["https://www.linkedin.com/in/claire", "Me@co.example"]}));
    assert!(closed.may_receive(&["https://fr.linkedin.com/in/Claire/"]));
    assert!(closed.may_receive(&["me@co.example"]));
    assert!(!closed.may_receive(&["https://www.linkedin.com/in/ada", "ada@co.example"]));
    assert!(!closed.may_receive(&[]));
}

proptest! {
    #[test]
    fn any_json_is_answered(key in "[a-z_]{1,20}", text in "\\PC{0,20}", number in any::<f64>(), field in 0..19_usize) {
        let known = serde_json::to_value(Settings::new("Acme")).unwrap();
        let names: Vec<String> = known.as_object().unwrap().keys().cloned().collect();
        for name in [&key, &names[field % names.len()]] {
            for value in [json!(text), json!(number), json!([text]), json!({key.clone(): number}), json!(true), json!(null)] {
                let patch = json!({ name.clone(): value });
                if let Ok(next) = Settings::new("Acme").apply_patch(&patch) {
                    let stored = serde_json::to_string(&next).unwrap();
                    prop_assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), next);
                }
            }
        }
    }
}
