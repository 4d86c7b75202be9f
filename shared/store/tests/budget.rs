//! Money of a month: held below the ceiling, settled to what it came to.

use domain::ids::WorkspaceId;
use store::budget::AiSpend;
use store::embedded::Embedded;
use store::{Store, StoreError};

async fn store() -> (Store, WorkspaceId) {
    (Store::new(Embedded::memory().unwrap().table("amorce").await.unwrap()), WorkspaceId::derive(&["w"]))
}

#[tokio::test]
async fn money_for_models_never_passes_the_ceiling() -> Result<(), StoreError> {
    let (store, ws) = store().await;
    let month = "2026-11";
    assert!(!store.hold_ai(&ws, month, 101, 100).await?);
    assert!(store.hold_ai(&ws, month, 60, 100).await?);
    assert!(!store.hold_ai(&ws, month, 41, 100).await?, "what is held counts");
    assert!(store.hold_ai(&ws, month, 40, 100).await?);
    store.settle_ai(&ws, month, 60, 25).await?;
    assert_eq!(store.ai_spend(&ws, month).await?, AiSpend { reserved: 65, spent: 25 });
    store.settle_ai(&ws, month, 40, 0).await?;
    assert_eq!(store.ai_spend(&ws, month).await?, AiSpend { reserved: 25, spent: 25 });
    assert!(store.hold_ai(&ws, month, 75, 100).await?, "what was given back may be held again");
    assert!(store.hold_ai(&ws, "2026-12", 100, 100).await?, "each month has its own");
    // Credits stand in the same item and are another sum.
    assert!(store.hold_credits(&ws, month, 5, 5).await?);
    assert_eq!(store.ai_spend(&ws, month).await?, AiSpend { reserved: 100, spent: 25 });
    assert_eq!(store.credits(&ws, month).await?.reserved, 5);
    Ok(())
}

#[tokio::test]
async fn a_ceiling_of_nothing_allows_nothing() -> Result<(), StoreError> {
    let (store, ws) = store().await;
    for free in [0, 1] {
        assert!(!store.hold_ai(&ws, "2026-11", free, 0).await?, "{free}");
    }
    assert!(store.hold_ai(&ws, "2026-11", 0, 1).await?, "a model without a price within a budget");
    store.settle_ai(&ws, "2026-11", 0, 0).await?;
    assert_eq!(store.ai_spend(&ws, "2026-11").await?, AiSpend::default());
    Ok(())
}

/// The vendor may count more than was expected: that is spent, and nothing more is held.
#[tokio::test]
async fn what_was_counted_is_spent_even_above_what_was_held() -> Result<(), StoreError> {
    let (store, ws) = store().await;
    assert!(store.hold_ai(&ws, "2026-11", 90, 100).await?);
    store.settle_ai(&ws, "2026-11", 90, 120).await?;
    assert_eq!(store.ai_spend(&ws, "2026-11").await?, AiSpend { reserved: 120, spent: 120 });
    assert!(!store.hold_ai(&ws, "2026-11", 1, 100).await?);
    Ok(())
}

#[tokio::test]
async fn of_many_who_hold_at_once_no_more_win_than_fit() {
    let (store, ws) = store().await;
    let holds = (0..40).map(|_| {
        let (store, ws) = (store.clone(), ws.clone());
        tokio::spawn(async move { store.hold_ai(&ws, "2026-11", 7, 100).await.unwrap() })
    });
    let mut won = 0;
    for hold in holds.collect::<Vec<_>>() {
        won += u32::from(hold.await.unwrap());
    }
    assert_eq!(won, 14);
}
