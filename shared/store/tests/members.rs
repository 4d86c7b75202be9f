//! One member, one sender: removals that race, zones that move, and what is inherited by another account.

use domain::identity::{Key, Kind};
use domain::ids::{AccountId, WorkspaceId};
use domain::limits::Limits;
use domain::vocabulary::{Provider, Tier};
use jiff::Timestamp;
use store::account::Account;
use store::embedded::Embedded;
use store::{Store, Transacted, Versioned};

fn ws(name: &str) -> WorkspaceId {
    WorkspaceId::parse(&format!("ws_{name}")).unwrap()
}

/// A Friday, ten o'clock in Paris.
fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn account(of: &str, id: &str, token: &str) -> Account {
    Account {
        workspace: ws(of),
        id: AccountId::parse(id).unwrap(),
        label: "Claire".into(),
        provider: Provider::LinkupV1,
        profile_url: Some("https://www.linkedin.com/in/claire".into()),
        member_keys: vec![claire()],
        tier: Tier::Free,
        timezone: "Europe/Paris".into(),
        country: "FR".into(),
        credentials: Some("sealed".into()),
        limits: Limits::default(),
        pause: None,
        monitoring: None,
        webhook_token: token.into(),
        created_at: "2026-01-05T08:00:00Z".parse().unwrap(),
        asked_as: None,
        acceptance_poll_at: None,
        pending_invitations: 0,
        counted: Default::default(),
        poll_stage: Default::default(),
    }
}

fn claire() -> Key {
    Key::new(Kind::Slug, "claire")
}

async fn empty() -> Store {
    Store::new(Embedded::memory().unwrap().table("amorce").await.unwrap())
}

async fn connected(store: &Store, account: &Account) -> Versioned<Account> {
    assert_eq!(store.create_account(account, &account.webhook_token).await.unwrap(), Transacted::Won);
    store.account(&account.workspace, &account.id).await.unwrap().unwrap()
}

async fn holder(store: &Store) -> Option<WorkspaceId> {
    store.holder_of_member(&[claire()]).await.unwrap().map(|hold| hold.workspace)
}

#[tokio::test]
async fn a_second_removal_lets_go_of_nobody_connected_meanwhile() {
    for elsewhere in [account("b", "acc_b", "token-2"), account("a", "acc_a", "token-2")] {
        let store = empty().await;
        let first = connected(&store, &account("a", "acc_a", "token-1")).await;
        assert!(store.delete_account(&first, "token-1", now()).await.unwrap().won());
        let second = connected(&store, &elsewhere).await;
        assert!(!store.delete_account(&first, "token-1", now()).await.unwrap().won());
        assert_eq!(holder(&store).await, Some(elsewhere.workspace.clone()));
        assert_eq!(store.account(&elsewhere.workspace, &elsewhere.id).await.unwrap(), Some(second));
    }
}

#[tokio::test]
async fn an_account_lets_go_only_of_what_it_holds() {
    let store = empty().await;
    let first = connected(&store, &account("a", "acc_a", "token-1")).await;
    let stranger = connected(&store, &Account { member_keys: Vec::new(), ..account("b", "acc_b", "token-2") }).await;
    assert!(store.op_release_member(&claire(), &stranger, now()).await.unwrap().is_none());
    // Prepared while it held the member, written after another account has taken them.
    let late = store.op_release_member(&claire(), &first, now()).await.unwrap().unwrap();
    assert!(store.delete_account(&first, "token-1", now()).await.unwrap().won());
    connected(&store, &account("c", "acc_c", "token-3")).await;
    assert_eq!(store.table.transact(vec![late]).await.unwrap(), Transacted::Lost(vec![0]));
    assert_eq!(holder(&store).await, Some(ws("c")));
}
