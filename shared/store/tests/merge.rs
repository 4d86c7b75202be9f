//! Two people shown to be one: what the survivor is held to, whoever of the two is the older.

use domain::evidence::{Manual, Signal};
use domain::gate::{self, Decision};
use domain::icp::Icp;
use domain::identity::keys_of;
use domain::ids::*;
use domain::vocabulary::*;
use domain::workspace::Settings;
use jiff::{SignedDuration, Timestamp};
use store::embedded::Embedded;
use store::intake::{Intake, Row};
use store::prospect::{Enrolment, Prospect};
use store::suppression::Suppression;
use store::workspace::Workspace;
use store::{Store, Versioned};

const SLUG: &str = "https://www.linkedin.com/in/ada-lambert";
const ID: &str = "https://www.linkedin.com/in/ACoAAada";

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

struct World {
    store: Store,
    ws: WorkspaceId,
}

async fn world() -> World {
    let store = Store::new(Embedded::memory().unwrap().table("amorce").await.unwrap());
    let ws = WorkspaceId::parse("ws_1").unwrap();
    let settings = Settings { icp: Some(Icp::default()), ..Settings::new("Acme") };
    let workspace = Workspace { id: ws.clone(), settings, created_at: now(), policy_changed_at: now() };
    assert!(store.create(&workspace).await.unwrap().won());
    World { store, ws }
}

fn row(url: &str, urn: Option<&str>, name: &str) -> Row {
    Row { keys: keys_of(Some(url), urn, None), name: Some(name.into()), source: Some(LeadSource::Hot), ..Row::default() }
}

fn enrolment(name: &str) -> Enrolment {
    Enrolment {
        id: EnrolmentId::derive(&[name]),
        campaign: None,
        account: AccountId::parse("acc_1").unwrap(),
        status: EnrolmentStatus::Active,
        started_at: days_ago(30),
        frozen: None,
        invited_at: None,
        accepted_at: None,
        messaged_at: None,
    }
}

/// Was invited in the enrolment of that name, so many days ago.
fn contacted(person: &mut Prospect, name: &str, days: i64) {
    person.enrolment = Some(enrolment(name));
    person.contact.last_sent_at = Some(days_ago(days));
    person.contact.last_enrolment = Some(EnrolmentId::derive(&[name]));
}

impl World {
    async fn take(&self, row: &Row, second: i64) -> Intake {
        let at = days_ago(60) + SignedDuration::from_secs(second);
        self.store.intake(&self.ws, row, at).await.unwrap().unwrap()
    }

    /// Two people, known by slug and by member id, the one of `first` before the other.
    async fn two(&self, first: &str, change: impl Fn(&mut Prospect, bool)) -> [ProspectId; 2] {
        let second = if first == SLUG { ID } else { SLUG };
        let mut ids = Vec::new();
        for (place, url) in [first, second].into_iter().enumerate() {
            let mut person = self.take(&row(url, None, "Ada Lambert"), 10 * place as i64).await.prospect;
            change(&mut person.item, place == 0);
            assert!(self.store.save(&mut person).await.unwrap().won());
            ids.push(person.id.clone());
        }
        ids.try_into().unwrap()
    }

    async fn join(&self) -> Versioned<Prospect> {
        self.take(&row(SLUG, Some("ACoAAada"), "Ada"), 99).await.prospect
    }

    async fn decision(&self, id: &ProspectId) -> Decision {
        let office = self.store.office(&self.ws, now()).await.unwrap().unwrap();
        let dossier = self.store.dossier(&self.ws, id).await.unwrap().unwrap();
        let facts = self.store.gate_facts(&office, &dossier, "test", now()).await.unwrap();
        gate::decide(&facts, now())
    }

    async fn says(&self, id: &ProspectId, code: ReasonCode) -> bool {
        self.decision(id).await.reasons.iter().any(|reason| reason.code == code)
    }
}

/// In both directions, with the change on either side, the gate says `expected` of both ids.
async fn both_ways(change: fn(&mut Prospect), expected: ReasonCode) {
    for first in [SLUG, ID] {
        for on_older in [true, false] {
            let world = world().await;
            let ids = world
                .two(first, |person, older| {
                    if older == on_older {
                        change(person)
                    }
                })
                .await;
            assert_ne!(ids[0], ids[1]);
            let joined = world.join().await;
            assert_eq!(joined.id, ids[0], "the older survives");
            for id in &ids {
                assert_eq!(world.store.survivor(&world.ws, id).await.unwrap().unwrap().id, ids[0], "both ids answer");
                assert!(world.says(id, expected).await, "{expected} from {first}, on the older: {on_older}");
            }
        }
    }
}

#[tokio::test]
async fn what_speaks_against_either_speaks_against_the_one() {
    both_ways(|p| p.contact.opted_out_at = Some(days_ago(300)), ReasonCode::OptedOut).await;
    both_ways(|p| p.contact.last_reply_at = Some(days_ago(3)), ReasonCode::ConversationOpen).await;
    both_ways(|p| p.contact.last_reply_at = Some(days_ago(90)), ReasonCode::Replied).await;
    both_ways(|p| p.contact.meeting_at = Some(days_ago(3)), ReasonCode::Meeting).await;
    both_ways(|p| p.contact.not_before = Some(days_ago(-30)), ReasonCode::Replied).await;
    both_ways(|p| p.contact.rejected_at = Some(days_ago(30)), ReasonCode::RejectedByReviewer).await;
    both_ways(|p| p.contact.withdrawn_at = Some(days_ago(30)), ReasonCode::RecentlyContacted).await;
    both_ways(|p| p.contact.withdrawing = Some(("1".into(), days_ago(1))), ReasonCode::RecentlyContacted).await;
}

#[tokio::test]
async fn nobody_is_written_to_in_two_ways() {
    // One of them was invited, the other has a draft in a way of their own.
    for first in [SLUG, ID] {
        for on_older in [true, false] {
            let world = world().await;
            let ids = world
                .two(first, |person, older| match older == on_older {
                    true => contacted(person, "invited", 20),
                    false => person.enrolment = Some(enrolment("drafted")),
                })
                .await;
            let joined = world.join().await;
            let own_way = joined.enrolment.as_ref().map(|e| e.id.clone());
            assert_eq!(own_way, Some(EnrolmentId::derive(&[if on_older { "invited" } else { "drafted" }])));
            assert_eq!(world.says(&ids[1], ReasonCode::RecentlyContacted).await, !on_older, "{first}");
        }
    }
}

#[tokio::test]
async fn the_later_contact_is_told_with_its_own_way() {
    // Both were invited: after the younger's later contact the older's way is another one's.
    for (older_days, younger_days, barred) in [(20, 5, true), (5, 20, false)] {
        let world = world().await;
        let ids = world
            .two(SLUG, |person, older| match older {
                true => contacted(person, "one", older_days),
                false => contacted(person, "two", younger_days),
            })
            .await;
        let joined = world.join().await;
        assert_eq!(joined.contact.last_sent_at, Some(days_ago(5)));
        assert_eq!(world.says(&ids[0], ReasonCode::RecentlyContacted).await, barred, "{older_days} {younger_days}");
    }
}

#[tokio::test]
async fn a_closing_settles_no_reply_of_the_other_one() {
    for first in [SLUG, ID] {
        for replied_first in [true, false] {
            let world = world().await;
            let ids = world
                .two(first, |person, older| {
                    let contact = &mut person.contact;
                    if older == replied_first {
                        contact.last_reply_at = Some(days_ago(9));
                    } else {
                        contact.last_reply_at = Some(days_ago(40));
                        (contact.closed_at, contact.closed) = (Some(days_ago(2)), Some("not_interested".into()));
                        contact.not_before = Some(days_ago(1));
                    }
                })
                .await;
            let joined = world.join().await;
            assert_eq!((joined.contact.closed_at, &joined.contact.closed), (None, &None));
            assert!(world.says(&ids[0], ReasonCode::ConversationOpen).await);
        }
    }
    // Where both are settled they stay so.
    let world = world().await;
    let ids = world
        .two(SLUG, |person, _| (person.contact.last_reply_at, person.contact.closed_at) = (Some(days_ago(9)), Some(days_ago(8))))
        .await;
    world.join().await;
    assert!(!world.says(&ids[0], ReasonCode::Replied).await);
}

#[tokio::test]
async fn a_black_listed_address_holds_for_the_one() {
    for (first, matched) in [(SLUG, "slug:ada-lambert"), (ID, "slug:ada-lambert"), (SLUG, "member_id:ACoAAada")] {
        let world = world().await;
        let ids = world.two(first, |_, _| ()).await;
        let key = keys_of(Some(if matched.starts_with("slug") { SLUG } else { ID }), None, None).remove(0);
        let entry = Suppression {
            workspace: world.ws.clone(),
            id: SuppressionId::derive(&[matched]),
            kind: SuppressionKind::ProfileUrl,
            value: key.value.clone(),
            matched: key.storage(),
            reason: None,
            source: "member".into(),
            opted_out: false,
            created_at: now(),
        };
        assert_eq!(world.store.suppress(&entry).await.unwrap(), store::Transacted::Won);
        world.join().await;
        for id in &ids {
            assert!(world.says(id, ReasonCode::Suppressed).await, "{matched}");
        }
    }
}

#[tokio::test]
async fn ratings_signals_and_the_lists_of_both_are_kept() {
    let rating = |points, days| Manual { points, why: "salon".into(), by: "mem_1".into(), at: days_ago(days) };
    let signal =
        |id: &str| Signal { id: id.into(), kind: SignalKind::Hiring, company: None, at: days_ago(3), source: "api".into() };
    for (older_days, younger_days, expected) in [(9, 2, -5), (2, 9, 12)] {
        let world = world().await;
        world
            .two(ID, |person, older| {
                person.manual = Some(if older { rating(12, older_days) } else { rating(-5, younger_days) });
                person.signals = vec![signal("shared"), signal(if older { "a" } else { "b" })];
                person.tags = vec!["x".into(), if older { "o" } else { "y" }.into()];
                person.in_review = !older;
            })
            .await;
        let joined = world.join().await;
        assert_eq!(joined.manual.as_ref().map(|m| m.points), Some(expected), "the newest word counts");
        assert_eq!(joined.signals.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["shared", "a", "b"]);
        assert_eq!(joined.tags, ["x", "o", "y"]);
        assert!(joined.in_review, "the younger's draft is one of theirs now");
    }
}

#[tokio::test]
async fn a_degree_comes_with_its_account() {
    let world = world().await;
    let of = |n: &str| AccountId::parse(n);
    world
        .two(SLUG, |p, older| {
            if !older {
                (p.degree, p.degree_account) = (Some(1), of("acc_2"))
            }
        })
        .await;
    let joined = world.join().await;
    assert_eq!((joined.degree, joined.degree_account.clone()), (Some(1), of("acc_2")));
}

#[tokio::test]
async fn three_are_joined_in_any_order_and_all_ids_answer() {
    let mail = |row: Row, address: &str| Row { keys: keys_of(row.profile_url.as_deref(), None, Some(address)), ..row };
    let mut slug_and_mail = row(SLUG, None, "Ada");
    slug_and_mail.keys.extend(keys_of(None, None, Some("ada@brumelis.example")));
    let by_mail =
        mail(Row { name: Some("Ada".into()), source: Some(LeadSource::Import), ..Row::default() }, "ada@brumelis.example");
    let singles = [row(SLUG, None, "Ada"), row(ID, None, "Ada"), by_mail];
    let ties = [row(SLUG, Some("ACoAAada"), "Ada"), slug_and_mail];
    for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        for tie_order in [[0, 1], [1, 0]] {
            let world = world().await;
            let mut ids = Vec::new();
            for (second, place) in order.into_iter().enumerate() {
                ids.push(world.take(&singles[place], second as i64).await.prospect.id.clone());
            }
            for place in tie_order {
                world.take(&ties[place], 50).await;
            }
            let one = world.store.survivor(&world.ws, &ids[0]).await.unwrap().unwrap();
            assert_eq!(one.id, ids[0], "the oldest of three survives: {order:?}");
            for id in &ids {
                assert_eq!(world.store.survivor(&world.ws, id).await.unwrap().unwrap().id, one.id);
            }
            assert_eq!((one.aliases.len(), one.keys.len()), (2, 3), "{order:?} {tie_order:?}");
            for row in singles.iter().chain(&ties) {
                assert_eq!(world.take(row, 90).await.prospect.id, one.id);
            }
        }
    }
}

#[tokio::test]
async fn joins_at_the_same_time_end_in_one_person() {
    let world = world().await;
    let ids = world.two(ID, |_, _| ()).await;
    let (tie, slug) = (row(SLUG, Some("ACoAAada"), "Ada"), row(SLUG, None, "Ada"));
    let at = days_ago(1);
    let (a, b, c, d) = tokio::join!(
        world.store.intake(&world.ws, &tie, at),
        world.store.intake(&world.ws, &tie, at),
        world.store.intake(&world.ws, &slug, at),
        world.store.intake(&world.ws, &tie, at),
    );
    let taken = [a, b, d].map(|intake| intake.unwrap().unwrap());
    assert!(taken.iter().all(|intake| intake.prospect.id == ids[0]));
    assert!(ids.contains(&c.unwrap().unwrap().prospect.id));
    assert!(taken.iter().map(|intake| intake.merged.len()).sum::<usize>() <= 1, "merged once");
    let one = world.store.prospect(&world.ws, &ids[0]).await.unwrap().unwrap();
    assert_eq!(one.aliases, [ids[1].clone()]);
}

#[tokio::test]
async fn homonyms_at_one_company_stay_two_and_share_nothing() {
    let world = world().await;
    let at_company = |url: &str| Row {
        company: Some("Brumelis".into()),
        company_domain: Some("brumelis.example".into()),
        ..row(url, None, "Ada Lambert")
    };
    let one = world.take(&at_company("https://www.linkedin.com/in/ada-1"), 0).await.prospect;
    let mut two = world.take(&at_company("https://www.linkedin.com/in/ada-2"), 1).await.prospect;
    two.contact.opted_out_at = Some(days_ago(1));
    assert!(world.store.save(&mut two).await.unwrap().won());
    assert_ne!(one.id, two.id);
    assert!(!world.says(&one.id, ReasonCode::OptedOut).await && world.says(&two.id, ReasonCode::OptedOut).await);
}

#[tokio::test]
async fn a_reused_slug_takes_no_history_with_it() {
    let world = world().await;
    let mut first = world.take(&row(SLUG, Some("ACoAAada"), "Ada Lambert"), 0).await.prospect;
    first.contact.opted_out_at = Some(days_ago(1));
    assert!(world.store.save(&mut first).await.unwrap().won());
    let second = world.take(&row(SLUG, Some("ACoAAother"), "Ada Renaud"), 5).await;
    assert!(second.prospect.id != first.id && second.merged.is_empty());
    assert!(!world.says(&second.prospect.id, ReasonCode::OptedOut).await);
    assert!(world.says(&first.id, ReasonCode::OptedOut).await);
    let left = world.store.prospect(&world.ws, &first.id).await.unwrap().unwrap();
    assert_eq!(left.profile_url.as_deref(), Some(ID), "reached by the id alone");
    // The first one's new slug joins them again, and nobody else.
    let renamed = world.take(&row("https://www.linkedin.com/in/ada-l", Some("ACoAAada"), "Ada"), 9).await;
    assert_eq!(renamed.prospect.id, first.id);
}
