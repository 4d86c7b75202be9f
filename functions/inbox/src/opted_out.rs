//! An opt-out: black-listed under every key before anything else is written, so that no claim of a send wins after it.

use domain::identity::Kind;
use domain::ids::SuppressionId;
use domain::vocabulary::SuppressionKind;
use jiff::Timestamp;
use kit::{Failure, Outcome};
use store::Store;
use store::prospect::Prospect;
use store::suppression::Suppression;

/// Black-lists a person and all their keys, as they asked by an answer. Each entry raises the workspace's epoch, which
/// every claim of a send checks.
pub async fn suppress(store: &Store, prospect: &Prospect, now: Timestamp) -> Outcome {
    let mut entries = vec![(SuppressionKind::Prospect, prospect.id.to_string(), prospect.id.to_string())];
    for key in &prospect.keys {
        entries.push(match key.kind {
            Kind::Email => (SuppressionKind::Email, key.value.clone(), key.value.clone()),
            _ => (SuppressionKind::ProfileUrl, store::intake::url_of(key).unwrap_or_else(|| key.value.clone()), key.storage()),
        });
    }
    for (kind, value, matched) in entries {
        let entry = Suppression {
            workspace: prospect.workspace.clone(),
            id: SuppressionId::derive(&[prospect.workspace.as_str(), kind.as_str(), &matched]),
            kind,
            value,
            matched,
            reason: None,
            source: "reply".to_owned(),
            opted_out: true,
            created_at: now,
        };
        // Lost: the entry is there already, and the epoch was raised with it.
        let _listed = store.suppress(&entry).await.map_err(Failure::soon)?;
    }
    Ok(())
}
