//! Intake: rows of any source become people, once each.

use domain::identity::{Key, Kind, keys_of};
use domain::ids::{AccountId, RunId, WorkspaceId};
use domain::vocabulary::LeadSource;
use jiff::Timestamp;
use store::Store;
use store::embedded::Embedded;
use store::intake::{Intake, Row};
use store::prospect::IdentityPointer;

struct World {
    store: Store,
    ws: WorkspaceId,
}

async fn world() -> World {
    let table = Embedded::memory().unwrap().table("amorce").await.unwrap();
    World { store: Store::new(table), ws: WorkspaceId::parse("ws_1").unwrap() }
}

fn row(url: &str, urn: Option<&str>, name: &str) -> Row {
    Row {
        keys: keys_of(Some(url), urn, None),
        name: Some(name.into()),
        source: Some(LeadSource::Hot),
        run: RunId::parse("run_1"),
        ..Row::default()
    }
}

impl World {
    async fn take(&self, row: &Row, second: i64) -> Intake {
        self.store.intake(&self.ws, row, Timestamp::from_second(1_800_000_000 + second).unwrap()).await.unwrap().unwrap()
    }
}

const ADA: &str = "https://www.linkedin.com/in/ada";
const ADA_ID: &str = "https://www.linkedin.com/in/ACoAAada";

#[tokio::test]
async fn the_same_person_is_made_once() {
    let world = world().await;
    let first = world.take(&row(ADA, None, "Ada Lambert 🚀"), 0).await;
    let again = world.take(&row("http://fr.linkedin.com/in/ADA/?x=1", None, "Ada"), 1).await;
    assert!(first.created);
    assert_eq!(first.prospect.id, again.prospect.id);
    assert_eq!(again.prospect.name.as_deref(), Some("Ada Lambert"));
    assert_eq!(again.prospect.version, 1, "nothing new, nothing written");
}

#[tokio::test]
async fn the_closest_account_is_kept_and_those_as_close_beside_it() {
    let world = world().await;
    let id = |account: &str| AccountId::derive(&[account]);
    let seen = async |account: &str, degree: u8, second| {
        let row = Row { degree: Some(degree), degree_account: Some(id(account)), ..row(ADA, None, "Ada") };
        let person = world.take(&row, second).await.prospect;
        (person.degree, person.degree_account.clone(), person.degree_also.clone())
    };
    assert_eq!(seen("a", 3, 0).await, (Some(3), Some(id("a")), vec![]));
    assert_eq!(seen("b", 2, 1).await, (Some(2), Some(id("b")), vec![]));
    assert_eq!(seen("a", 3, 2).await, (Some(2), Some(id("b")), vec![]));
    assert_eq!(seen("c", 2, 3).await, (Some(2), Some(id("b")), vec![id("c")]));
    assert_eq!(seen("c", 2, 4).await, (Some(2), Some(id("b")), vec![id("c")]));
    assert_eq!(seen("b", 3, 5).await, (Some(2), Some(id("c")), vec![]));
    assert_eq!(seen("c", 1, 6).await, (Some(1), Some(id("c")), vec![]));
}

#[tokio::test]
async fn a_row_with_two_keys_joins_them() {
    let world = world().await;
    let both = world.take(&row(ADA, Some("urn:li:fsd_profile:ACoAAada"), "Ada"), 0).await;
    assert_eq!(both.prospect.keys.len(), 2);
    let by_id = world.take(&row(ADA_ID, None, "Ada"), 1).await;
    let by_slug = world.take(&row(ADA, None, "Ada"), 2).await;
    assert_eq!(by_id.prospect.id, both.prospect.id);
    assert_eq!(by_slug.prospect.id, both.prospect.id);
    assert_eq!(both.prospect.profile_url.as_deref(), Some(ADA));
}

#[tokio::test]
async fn two_known_people_shown_to_be_one_are_merged_into_the_older() {
    let world = world().await;
    let older = world.take(&row(ADA_ID, None, "Ada"), 0).await.prospect.id.clone();
    let younger = world.take(&row(ADA, None, "Ada"), 5).await.prospect.id.clone();
    assert_ne!(older, younger);
    let joined = world.take(&row(ADA, Some("ACoAAada"), "Ada"), 9).await;
    assert_eq!(joined.prospect.id, older);
    assert_eq!(joined.merged, std::slice::from_ref(&younger));
    let survivor = world.store.survivor(&world.ws, &younger).await.unwrap().unwrap();
    assert_eq!(survivor.id, older, "both ids go on answering");
    assert_eq!(survivor.aliases, [younger]);
    assert_eq!(world.take(&row(ADA, None, "Ada"), 12).await.prospect.id, older);
}

#[tokio::test]
async fn a_member_id_leads_to_its_person_however_it_came() {
    let world = world().await;
    let by_slug = world.take(&row(ADA, None, "Ada"), 0).await.prospect.id.clone();
    assert_eq!(world.take(&row(ADA, Some("ACoAAada"), "Ada"), 1).await.prospect.id, by_slug, "the id joins who was known");
    assert_eq!(world.take(&row(ADA_ID, None, "Ada"), 2).await.prospect.id, by_slug, "and leads there");
}

#[tokio::test]
async fn a_younger_person_made_of_a_member_id_goes_up_in_the_older() {
    let world = world().await;
    let older = world.take(&row(ADA, None, "Ada"), 0).await.prospect.id.clone();
    let younger = world.take(&row(ADA_ID, None, "Ada"), 5).await.prospect.id.clone();
    assert_ne!(older, younger);
    let joined = world.take(&row(ADA, Some("ACoAAada"), "Ada"), 9).await;
    assert_eq!((&joined.prospect.id, joined.merged.as_slice()), (&older, std::slice::from_ref(&younger)));
    assert_eq!(world.take(&row(ADA_ID, None, "Ada"), 12).await.prospect.id, older, "the id leads to the older from now on");
}

#[tokio::test]
async fn rows_of_one_person_make_one_in_any_order() {
    let rows = [row(ADA, Some("ACoAAada"), "Ada"), row(ADA_ID, None, "Ada"), row(ADA, None, "Ada")];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let world = world().await;
        for place in order {
            world.take(&rows[place], 0).await;
        }
        let one = world.take(&rows[0], 1).await.prospect.id.clone();
        for row in &rows {
            assert_eq!(world.take(row, 2).await.prospect.id, one, "{order:?}");
        }
    }
}

#[tokio::test]
async fn a_reused_slug_follows_the_newer_person_and_merges_nobody() {
    let world = world().await;
    let first = world.take(&row(ADA, Some("ACoAAada"), "Ada Lambert"), 0).await.prospect.id.clone();
    let second = world.take(&row(ADA, Some("ACoAAother"), "Ada Renaud"), 5).await;
    assert_ne!(second.prospect.id, first);
    assert!(second.created && second.merged.is_empty());
    assert_eq!(world.take(&row(ADA, None, "Ada"), 9).await.prospect.id, second.prospect.id);
    let left = world.store.prospect(&world.ws, &first).await.unwrap().unwrap();
    assert_eq!(left.keys, [Key::new(Kind::MemberId, "ACoAAada")]);
}

#[tokio::test]
async fn homonyms_stay_two() {
    let world = world().await;
    let one = world.take(&row("https://www.linkedin.com/in/ada-1", None, "Ada Lambert"), 0).await;
    let two = world.take(&row("https://www.linkedin.com/in/ada-2", None, "Ada Lambert"), 1).await;
    assert_ne!(one.prospect.id, two.prospect.id);
}

#[tokio::test]
async fn a_key_without_its_person_gets_the_person() {
    let world = world().await;
    let row = row(ADA, None, "Ada");
    let id = domain::ids::ProspectId::derive(&["interrupted"]);
    let pointer = IdentityPointer { workspace: world.ws.clone(), key: row.keys[0].clone(), prospect: id.clone() };
    assert!(world.store.take_identity(&pointer).await.unwrap().won());
    let intake = world.take(&row, 0).await;
    assert_eq!(intake.prospect.id, id);
    assert!(intake.created, "by the run that was interrupted");
}

#[tokio::test]
async fn a_page_read_again_by_its_run_counts_the_same() {
    let world = world().await;
    assert!(world.take(&row(ADA, None, "Ada"), 0).await.created);
    assert!(world.take(&row(ADA, None, "Ada"), 60).await.created, "made by this run, whenever it is read again");
    let other = Row { run: RunId::parse("run_2"), ..row(ADA, None, "Ada") };
    assert!(!world.take(&other, 90).await.created);
}
