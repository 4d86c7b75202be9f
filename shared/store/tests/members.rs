//! One member, one sender: removals that race, zones that move, and what is inherited by another account.

use domain::identity::{Key, Kind};
use domain::ids::{AccountId, ProspectId, WorkspaceId};
use domain::invitation::End;
use domain::limits::Limits;
use domain::vocabulary::{Channel, Provider, Tier};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use store::account::Account;
use store::embedded::Embedded;
use store::invitations::Invitation;
use store::slots::ReadPermit;
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
    assert_eq!(store.create_account(account, &account.webhook_token, &[]).await.unwrap(), Transacted::Won);
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
        assert!(store.delete_account(&first, "token-1", &[], now()).await.unwrap().won());
        let second = connected(&store, &elsewhere).await;
        assert!(!store.delete_account(&first, "token-1", &[], now()).await.unwrap().won());
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
    assert!(store.delete_account(&first, "token-1", &[], now()).await.unwrap().won());
    connected(&store, &account("c", "acc_c", "token-3")).await;
    assert_eq!(store.table.transact(vec![late]).await.unwrap(), Transacted::Lost(vec![0]));
    assert_eq!(holder(&store).await, Some(ws("c")));
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A day on which an account has sent 15 invitations and 25 messages; one of them to `person`.
async fn used_up(store: &Store, account: &Account, on: Date, person: &ProspectId) {
    let mut day = store.account_day(&account.workspace, &account.id, on).await.unwrap();
    (day.invitations, day.messages, day.notes) = (15, 25, 5);
    day.invited.push(Invitation::new(person, now()));
    assert!(store.save_account_day(&mut day).await.unwrap().won());
    let reads = store::keys::account_reads(&account.workspace, &account.id, on);
    store.table.add(&reads, &[("n", 80)]).await.unwrap();
}

#[tokio::test]
async fn a_move_to_the_west_gives_nothing_back() {
    // Saturday morning on Kiritimati is Friday noon in Paris and Thursday night on the far side of the date line.
    let noon: Timestamp = "2026-11-20T11:30:00Z".parse().unwrap();
    let person = ProspectId::derive(&["person"]);
    for (begun, zone) in [("2026-11-21", "Europe/Paris"), ("2026-11-21", "Etc/GMT+12"), ("2026-11-20", "Etc/GMT+12")] {
        let store = empty().await;
        let account = connected(&store, &Account { timezone: zone.into(), ..account("a", "acc_a", "token") }).await;
        used_up(&store, &account, date(begun), &person).await;
        let today = noon.to_zoned(account.zone()).date();
        let room = store.room(&account, today, noon).await.unwrap();
        assert_eq!([room.left(Channel::LinkedInInvitation), room.left(Channel::LinkedInMessage)], [0, 0], "{begun} {zone}");
        let caps = room.caps_left(domain::limits::Kind::Invitation);
        assert_eq!((caps.day, caps.week, room.notes_this_month(), room.pending), (0, 65, 5, 1), "{begun} {zone}");
        let outlook = store.outlook(&account, false, noon).await.unwrap();
        let counted = &outlook.days[&today];
        assert_eq!([counted.invitations, counted.messages, counted.notes, counted.reads], [15, 25, 5, 80], "{begun} {zone}");
        assert_eq!(store.invitations(&account, noon).await.unwrap().len(), 1, "{begun} {zone}");
        let ended = store.day_ending_invitation(&account, std::slice::from_ref(&person), noon, (End::Accepted, noon)).await;
        assert!(ended.unwrap().is_some(), "{begun} {zone}");
    }
}

#[tokio::test]
async fn reads_dated_tomorrow_are_todays() {
    let store = empty().await;
    let account = connected(&store, &account("a", "acc_a", "token")).await;
    used_up(&store, &account, date("2026-11-21"), &ProspectId::derive(&["person"])).await;
    let permit = store.session_read(&account, now()).await.unwrap();
    assert!(matches!(permit, ReadPermit::NotBefore(at) if at > now() + SignedDuration::from_hours(12)), "{permit:?}");
}

#[tokio::test]
async fn invitations_that_wait_are_inherited_once() {
    let store = empty().await;
    let first = connected(&store, &account("a", "acc_a", "token-1")).await;
    let person = ProspectId::derive(&["person"]);
    for on in ["2026-06-10", "2026-11-19"] {
        used_up(&store, &first, date(on), &person).await;
    }
    let heir = account("b", "acc_b", "token-2");
    for _ in 0..2 {
        store.inherit_counters((&first.workspace, &first.id), &heir, now()).await.unwrap();
    }
    let invitations = store.invitations(&heir, now()).await.unwrap();
    assert_eq!(invitations, store.invitations(&first, now()).await.unwrap());
    assert_eq!(invitations.len(), 2);
}
