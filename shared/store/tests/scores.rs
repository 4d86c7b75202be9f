//! Stored scores: each is the sum of its stored features, under the version it was made with.

use domain::analysis::{Analysis, CompanyFacts};
use domain::gate;
use domain::icp::Icp;
use domain::identity::keys_of;
use domain::ids::{ProspectId, WorkspaceId};
use domain::score;
use domain::vocabulary::LeadSource;
use domain::workspace::Settings;
use jiff::Timestamp;
use store::Store;
use store::embedded::Embedded;
use store::intake::Row;
use store::prospect::{PastDecision, StoredAnalysis};
use store::workspace::Workspace;

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

async fn analysed(store: &Store, ws: &WorkspaceId, slug: &str, title: &str) -> ProspectId {
    let keys = keys_of(Some(&format!("https://www.linkedin.com/in/{slug}")), None, None);
    let row = Row { keys, name: Some("Ada Lambert".into()), source: Some(LeadSource::Import), ..Row::default() };
    let person = store.intake(ws, &row, now()).await.unwrap().unwrap().prospect;
    let company = CompanyFacts { name: Some("Brumelis".into()), ..CompanyFacts::default() };
    let analysis = Analysis::from_import(Some(title), Some(&company), Some("Lyon"), now()).unwrap();
    let stored = StoredAnalysis::new(ws, &person.id, analysis);
    store.table.overwrite(&stored).await.unwrap();
    person.item.id
}

/// Decides about everybody and keeps it.
async fn decide(store: &Store, ws: &WorkspaceId, people: &[ProspectId]) {
    let office = store.office(ws, now()).await.unwrap().unwrap();
    for id in people {
        let dossier = store.dossier(ws, id).await.unwrap().unwrap();
        let facts = store.gate_facts(&office, &dossier, "test", now()).await.unwrap();
        let mut person = dossier.prospect;
        if let Some(replaced) = person.item.take_decision(gate::decide(&facts, now())) {
            let past = PastDecision { workspace: ws.clone(), prospect: id.clone(), decision: replaced };
            store.keep_decision(&past).await.unwrap();
        }
        assert!(store.save(&mut person).await.unwrap().won());
    }
}

#[tokio::test]
async fn every_stored_score_is_counted_again_from_its_features() {
    let store = Store::new(Embedded::memory().unwrap().table("amorce").await.unwrap());
    let ws = WorkspaceId::parse("ws_1").unwrap();
    let icp = Icp { titles: vec!["CEO".into()], countries: vec!["FR".into()], ..Icp::default() };
    let settings = Settings { icp: Some(icp), ..Settings::new("Acme") };
    let workspace = Workspace { id: ws.clone(), settings, created_at: now(), policy_changed_at: now() };
    assert!(store.create(&workspace).await.unwrap().won());
    let mut people = Vec::new();
    for (slug, title) in [("ada", "CEO"), ("bob", "Juriste"), ("eve", "Stagiaire marketing")] {
        people.push(analysed(&store, &ws, slug, title).await);
    }
    decide(&store, &ws, &people).await;

    // Other weights are another version; whoever is not decided anew keeps the old score whole.
    let mut workspace = store.workspace(&ws).await.unwrap().unwrap();
    workspace.item.settings.weights.title_exact = 30;
    workspace.item.settings.model_version = "rules-1.1".into();
    assert!(store.save(&mut workspace).await.unwrap().won());
    decide(&store, &ws, &people[..1]).await;

    for (place, id) in people.iter().enumerate() {
        let person = store.prospect(&ws, id).await.unwrap().unwrap();
        let stored = person.score.as_ref().unwrap();
        assert_eq!(stored.model_version, if place == 0 { "rules-1.1" } else { "rules-1" });
        let text = serde_json::to_string(stored).unwrap();
        assert_eq!(serde_json::to_string(&score::recompute(stored)).unwrap(), text, "byte for byte");
        assert_eq!(person.decision.as_ref().unwrap().decision.score, Some(stored.value));
    }
    // What was decided before keeps the features of its score.
    let past = store.past_decisions(&ws, &people[0]).await.unwrap();
    let past = &past[0].decision;
    assert_eq!((past.model_version.as_str(), past.score), ("rules-1", Some(19)));
    assert_eq!(score::total(&past.features), (19, 19));
    let ada = store.prospect(&ws, &people[0]).await.unwrap().unwrap();
    assert_eq!(ada.score.as_ref().unwrap().value, 35);
}
