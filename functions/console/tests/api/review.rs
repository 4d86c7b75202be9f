//! The review queue: approving through the gate, rejecting, taking back, and the black list.

use crate::house::{House, OWNER, REVIEWER, VIEWER, house, now};
use domain::analysis::{Analysis, CompanyFacts};
use domain::ids::{AccountId, DecisionId, EnrolmentId, MessageId, ProspectId};
use domain::vocabulary::MessageStatus;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::intake::Row;
use store::message::{Message, Step};
use store::prospect::{StoredAnalysis, summary_of};

const BODY: &str = "Bonjour Ada, votre commentaire sur les devis m’a parlé. Échangeons à l’occasion ?";

/// An account, an ICP, and a line that everybody passes.
pub async fn settings(house: &House) {
    house.post("/accounts", &json!({"label": "Claire", "limits": {"warm_up": false}})).await.expect(201);
    let open = json!({"icp": {"titles": ["CEO"]}, "threshold": 0, "thresholds": {"import": 0}, "min_fit": 0});
    house.patch("/workspace", &open).await.expect(200);
}

/// A person who was read and decided about under the settings of the moment.
pub async fn analysed(house: &House, slug: &str) -> ProspectId {
    let row = Row {
        keys: domain::identity::keys_of(Some(&format!("https://www.linkedin.com/in/{slug}")), None, None),
        name: Some(format!("{slug} Lambert")),
        title: Some("CEO".into()),
        company: Some("Lambert".into()),
        ..Row::default()
    };
    let mut person = house.store.intake(&house.ws, &row, now()).await.expect("the store").expect("not erased").prospect;
    let company = CompanyFacts { name: Some("Lambert".into()), ..CompanyFacts::default() };
    let analysis = Analysis::from_import(Some("CEO"), Some(&company), Some("Paris"), now()).expect("enough to analyse");
    person.item.summary = summary_of(&analysis);
    assert!(house.store.save(&mut person).await.expect("the store").won());
    let stored = StoredAnalysis::new(&house.ws, &person.id, analysis);
    house.store.table.overwrite(&stored).await.expect("the store");
    let office = house.store.office(&house.ws, now()).await.expect("the store").expect("a workspace");
    let dossier = house.store.dossier(&house.ws, &person.id).await.expect("the store").expect("a person");
    let facts = house.store.gate_facts(&office, &dossier, "test", now()).await.expect("the store");
    let mut person = dossier.prospect;
    person.item.take_decision(domain::gate::decide(&facts, now()));
    assert!(house.store.save(&mut person).await.expect("the store").won());
    person.item.id
}

/// A draft to a person that waits for review.
async fn draft(house: &House, prospect: &ProspectId, score: u8) -> String {
    let accounts = house.get("/accounts").await.expect(200);
    let account = AccountId::parse(accounts["items"][0]["id"].as_str().expect("an account")).expect("an id");
    let enrolment = EnrolmentId::derive(&[prospect.as_str()]);
    let message = Message {
        quality: 82,
        decision: DecisionId::derive(&["d"]),
        score,
        ..Message::drafted((&house.ws, prospect), (&enrolment, &account), Step::Invitation, BODY, now())
    };
    assert!(house.store.create(&message).await.expect("the store").won());
    message.id.to_string()
}

/// An invitation to a person that went out.
pub async fn sent(house: &House, prospect: &ProspectId, score: u8) {
    let id = MessageId::parse(&draft(house, prospect, score).await).expect("an id");
    let mut message = house.store.message(&house.ws, &id).await.expect("the store").expect("a message");
    (message.item.status, message.item.sent_at) = (MessageStatus::Sent, Some(now()));
    assert!(house.store.save(&mut message).await.expect("the store").won());
}

async fn one(house: &House) -> (ProspectId, String) {
    settings(house).await;
    let person = analysed(house, "ada").await;
    let message = draft(house, &person, 71).await;
    (person, format!("/messages/{message}"))
}

#[tokio::test]
async fn an_approval_says_when_it_goes_out() {
    let house = house().await;
    let (_, path) = one(&house).await;
    let approved = house.post(&format!("{path}/approve"), &Value::Null).await.expect(200);
    assert_eq!(approved["status"], "approved");
    let due: jiff::Timestamp = approved["due_at"].as_str().expect("an instant").parse().expect("RFC 3339");
    assert!(due >= now() + SignedDuration::from_secs(30));
    assert_eq!(house.get(&path).await.expect(200)["due_at"], approved["due_at"]);
    assert_eq!(house.post(&format!("{path}/approve"), &Value::Null).await.expect(200)["status"], "approved");
    let another = house.call(REVIEWER, "POST", &format!("/api/v1{path}/approve"), &Value::Null).await.expect(409);
    assert!(another["detail"].as_str().expect("a sentence").contains("owner@acme.example"));
    house.call(VIEWER, "POST", &format!("/api/v1{path}/approve"), &Value::Null).await.expect(403);
    let events = house.bus.0.lock().expect("no panic").iter().map(|e| e.name).collect::<Vec<_>>();
    assert_eq!(events, ["MessageApproved"]);
}

#[tokio::test]
async fn an_edited_text_keeps_its_original() {
    let house = house().await;
    let (_, path) = one(&house).await;
    let edited = house.post(&format!("{path}/approve"), &json!({"body": "Bonjour Ada, [prénom] !"})).await.expect(200);
    assert_eq!((&edited["original_body"], &edited["edited"]), (&json!(BODY), &json!(true)));
    assert!(!edited["findings"].as_array().expect("findings").is_empty());
    let undone = house.post(&format!("{path}/undo"), &Value::Null).await.expect(200);
    assert_eq!((&undone["status"], &undone["due_at"]), (&json!("pending_review"), &Value::Null));
    house.post(&format!("{path}/undo"), &Value::Null).await.expect(409);
    let long = json!({"body": "x".repeat(201)});
    assert_eq!(house.post(&format!("{path}/approve"), &long).await.faults(422), ["body"]);
    assert_eq!(house.post(&format!("{path}/approve"), &json!({"body": " "})).await.faults(422), ["body"]);
}

#[tokio::test]
async fn a_refusal_of_the_gate_cancels_the_message() {
    let house = house().await;
    let (person, path) = one(&house).await;
    house.patch("/workspace", &json!({"threshold": 50, "thresholds": {"import": 50}})).await.expect(200);
    let refused = house.post(&format!("{path}/approve"), &Value::Null).await.expect(409);
    assert_eq!((&refused["reasons"][0]["code"], &refused["verdict"]), (&json!("below_threshold"), &json!("refuse")));
    let message = house.get(&path).await.expect(200);
    assert_eq!(message["status"], "cancelled");
    assert!(message["failure"].as_str().is_some_and(|t| !t.is_empty()));
    let person = house.get(&format!("/prospects/{person}")).await.expect(200);
    assert_eq!(person["decision"]["verdict"], "refuse");
    house.post(&format!("{path}/approve"), &Value::Null).await.expect(409);
}

#[tokio::test]
async fn a_paused_account_lets_the_approval_stand() {
    let house = house().await;
    let (_, path) = one(&house).await;
    let accounts = house.get("/accounts").await.expect(200);
    let account = accounts["items"][0]["id"].as_str().expect("an id").to_owned();
    house.post(&format!("/accounts/{account}/pause"), &Value::Null).await.expect(200);
    assert_eq!(house.post(&format!("{path}/approve"), &Value::Null).await.expect(200)["status"], "approved");
    house.delete(&format!("/accounts/{account}")).await.expect(204);
    assert_eq!(house.get(&path).await.expect(200)["status"], "cancelled");
}

#[tokio::test]
async fn a_missing_icp_leaves_the_message_waiting() {
    let house = house().await;
    let (_, path) = one(&house).await;
    house.patch("/workspace", &json!({"icp": null})).await.expect(200);
    let held = house.post(&format!("{path}/approve"), &Value::Null).await.expect(409);
    assert_eq!(held["verdict"], "hold");
    assert_eq!(house.get(&path).await.expect(200)["status"], "pending_review");
}

#[tokio::test]
async fn a_rejection_is_for_good() {
    let house = house().await;
    let (person, path) = one(&house).await;
    house.queued("gate");
    let rejected = house.post(&format!("{path}/reject"), &json!({"reason": "pas le bon moment"})).await.expect(200);
    assert_eq!((&rejected["status"], &rejected["rejected_reason"]), (&json!("rejected"), &json!("pas le bon moment")));
    assert_eq!(house.queued("gate").len(), 1);
    for word in ["approve", "reject", "undo", "redraft"] {
        house.post(&format!("{path}/{word}"), &Value::Null).await.expect(409);
    }
    let office = house.store.office(&house.ws, now()).await.expect("the store").expect("a workspace");
    let dossier = house.store.dossier(&house.ws, &person).await.expect("the store").expect("a person");
    let facts = house.store.gate_facts(&office, &dossier, "test", now()).await.expect("the store");
    let decision = domain::gate::decide(&facts, now());
    assert_eq!(decision.first_code().map(|c| c.as_str()), Some("rejected_by_reviewer"));
}

#[tokio::test]
async fn a_snoozed_message_hides_until_its_time() {
    let house = house().await;
    let (_, path) = one(&house).await;
    let until = json!({"until": "2026-11-20T10:00:00Z"});
    house.post(&format!("{path}/snooze"), &until).await.expect(200);
    assert_eq!(house.get("/review").await.expect(200)["items"], json!([]));
    house.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(house.get("/review").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(house.post(&format!("{path}/snooze"), &until).await.faults(422), ["until"]);
    assert_eq!(house.post(&format!("{path}/snooze"), &json!({})).await.faults(422), ["until"]);
}

#[tokio::test]
async fn another_draft_is_asked_for_with_a_hint() {
    let house = house().await;
    let (_, path) = one(&house).await;
    house.post(&format!("{path}/redraft"), &json!({"hint": "plus court"})).await.expect(202);
    assert_eq!(house.queued("draft").len(), 1);
    assert_eq!(house.get(&path).await.expect(200)["status"], "draft");
    assert_eq!(house.get("/review").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn the_queue_is_sorted_by_score_and_approved_in_bulk() {
    let house = house().await;
    settings(&house).await;
    let mut ids = Vec::new();
    for (slug, score) in [("a", 15), ("b", 92), ("c", 60)] {
        let person = analysed(&house, slug).await;
        ids.push(draft(&house, &person, score).await);
    }
    let queue = house.get("/review?kind=message").await.expect(200);
    let scores: Vec<&Value> = queue["items"].as_array().expect("items").iter().map(|m| &m["score"]).collect();
    assert_eq!(scores, [92, 60, 15]);
    let message = format!("/messages/{}/reject", ids[2]);
    house.post(&message, &Value::Null).await.expect(200);
    let wanted = json!({"ids": [ids[0], ids[1], ids[2], "msg_0_0"]});
    let done = house.post("/review/approve", &wanted).await.expect(200);
    assert_eq!(done["approved"], json!([ids[0], ids[1]]));
    let refused: Vec<&Value> = done["refused"].as_array().expect("refused").iter().map(|r| &r["status"]).collect();
    assert_eq!(refused, [409, 404]);
    assert_eq!(house.post("/review/approve", &json!({})).await.faults(422), ["ids"]);
    let mut due = Vec::new();
    for id in [&ids[1], &ids[0]] {
        due.push(house.get(&format!("/messages/{id}")).await.expect(200)["due_at"].as_str().expect("an instant").to_owned());
    }
    // Approved first, the worse one was first in the queue; the better one takes the same next instant.
    assert_eq!(due[0], due[1]);
    let person = analysed(&house, "d").await;
    let third = draft(&house, &person, 30).await;
    let third = house.post(&format!("/messages/{third}/approve"), &Value::Null).await.expect(200);
    assert!(third["due_at"].as_str().expect("an instant") > due[0].as_str());
}

#[tokio::test]
async fn a_suppression_stops_what_was_on_its_way() {
    let house = house().await;
    let (person, path) = one(&house).await;
    house.post(&format!("{path}/approve"), &Value::Null).await.expect(200);
    house.queued("gate");
    let epoch = house.store.epoch(&house.ws).await.expect("the store");
    let entry = json!({"kind": "profile_url", "value": "http://fr.linkedin.com/in/ADA?x=1", "reason": "à sa demande"});
    let made = house.post("/suppressions", &entry).await.expect(201);
    assert_eq!(house.store.epoch(&house.ws).await.expect("the store"), epoch + 1);
    assert_eq!(house.get(&path).await.expect(200)["status"], "cancelled");
    assert_eq!(house.queued("gate").len(), 1);
    assert_eq!(house.post("/suppressions", &entry).await.expect(200)["id"], made["id"]);
    house.post(&format!("/prospects/{person}/messages"), &json!({"body": BODY})).await.expect(409);
    let id = made["id"].as_str().expect("an id");
    house.delete(&format!("/suppressions/{id}")).await.expect(204);
    house.delete(&format!("/suppressions/{id}")).await.expect(404);
    for (kind, value) in [("company", "Lambert"), ("prospect", person.as_str())] {
        house.post("/suppressions", &json!({"kind": kind, "value": value})).await.expect(201);
        house.post(&format!("/prospects/{person}/messages"), &json!({"body": BODY})).await.expect(409);
        let listed = house.get("/suppressions").await.expect(200);
        house.delete(&format!("/suppressions/{}", listed["items"][0]["id"].as_str().expect("an id"))).await.expect(204);
    }
    assert_eq!(house.post("/suppressions", &json!({"kind": "email", "value": "nobody"})).await.faults(422), ["value"]);
    assert_eq!(house.post("/suppressions", &json!({"kind": "prospect", "value": "pro_0"})).await.faults(422), ["value"]);
}

#[tokio::test]
async fn only_a_booked_meeting_counts_and_it_stops_what_was_on_its_way() {
    let house = house().await;
    settings(&house).await;
    let (person, message) = one(&house).await;
    let state = async || house.get(&format!("/prospects/{person}")).await.expect(200)["state"].clone();
    let proposed = json!({"prospect_id": person, "status": "proposed"});
    let meeting = house.post("/meetings", &proposed).await.expect(201);
    assert_ne!(state().await, "meeting");
    let path = format!("/meetings/{}", meeting["id"].as_str().expect("an id"));
    let at = "2026-11-24T10:00:00Z";
    let booked = house.patch(&path, &json!({"status": "booked", "at": at})).await.expect(200);
    assert_eq!((&booked["status"], &booked["at"], &booked["booked_at"]), (&json!("booked"), &json!(at), &json!(now())));
    assert_eq!(state().await, "meeting");
    assert_eq!(house.get(&message).await.expect(200)["status"], "cancelled");
    let other = house.post("/meetings", &json!({"prospect_id": person, "at": at})).await.expect(201);
    assert_eq!(other["status"], "booked");
    house.patch(&path, &json!({"status": "cancelled"})).await.expect(200);
    assert_eq!(state().await, "meeting", "the other one still counts");
    let other = format!("/meetings/{}", other["id"].as_str().expect("an id"));
    house.patch(&other, &json!({"status": "cancelled"})).await.expect(200);
    assert_ne!(state().await, "meeting");
    assert_eq!(house.get("/meetings").await.expect(200)["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(house.post("/meetings", &json!({"prospect_id": "pro_nobody"})).await.faults(422), ["prospect_id"]);
    assert_eq!(house.patch(&path, &json!({"status": "perhaps"})).await.faults(422), ["status"]);
    house.patch("/meetings/mee_nothing", &json!({})).await.expect(404);
}

#[tokio::test]
async fn a_message_by_hand_waits_in_the_same_queue() {
    let house = house().await;
    settings(&house).await;
    let person = analysed(&house, "ada").await;
    let written = house.post(&format!("/prospects/{person}/messages"), &json!({"body": BODY})).await.expect(201);
    assert_eq!((&written["kind"], &written["status"]), (&json!("by_hand"), &json!("pending_review")));
    assert_eq!(house.get("/review").await.expect(200)["items"][0]["id"], written["id"]);
    assert_eq!(house.get(&format!("/prospects/{person}")).await.expect(200)["state"], "in_review");
    assert_eq!(house.post(&format!("/prospects/{person}/messages"), &json!({})).await.faults(422), ["body"]);
}

#[tokio::test]
async fn in_manual_mode_a_person_marks_it_sent_once() {
    let house = house().await;
    let (person, path) = one(&house).await;
    house.post(&format!("{path}/approve"), &Value::Null).await.expect(200);
    house.post(&format!("{path}/mark-sent"), &Value::Null).await.expect(409);
    let accounts = house.get("/accounts").await.expect(200);
    let account = format!("/accounts/{}", accounts["items"][0]["id"].as_str().expect("an id"));
    house.patch(&account, &json!({"provider": "manual"})).await.expect(200);
    assert_eq!(house.post(&format!("{path}/mark-sent"), &Value::Null).await.expect(200)["status"], "sent");
    house.post(&format!("{path}/mark-sent"), &Value::Null).await.expect(409);
    let counters = house.get(&account).await.expect(200)["counters"].clone();
    assert_eq!((&counters["today"]["invitations"], &counters["this_month"]["notes"]), (&json!(1), &json!(1)));
    assert_eq!(house.get(&format!("/prospects/{person}")).await.expect(200)["state"], "contacted");
}

#[tokio::test]
async fn a_person_settles_what_nobody_knows() {
    let house = house().await;
    let (person, path) = one(&house).await;
    let id = MessageId::parse(path.trim_start_matches("/messages/")).expect("an id");
    house.post(&format!("{path}/settle"), &json!({"outcome": "sent"})).await.expect(409);
    let mut message = house.store.message(&house.ws, &id).await.expect("the store").expect("kept");
    message.status = MessageStatus::Uncertain;
    message.claimed_at = Some(now());
    assert!(house.store.save(&mut message).await.expect("the store").won());
    assert_eq!(house.post(&format!("{path}/settle"), &json!({"outcome": "perhaps"})).await.faults(422), ["outcome"]);
    house.call(REVIEWER, "POST", &format!("/api/v1{path}/settle"), &json!({"outcome": "sent"})).await.expect(403);
    let sent = house.call(OWNER, "POST", &format!("/api/v1{path}/settle"), &json!({"outcome": "sent"})).await.expect(200);
    assert_eq!((&sent["status"], &sent["sent_at"]), (&json!("sent"), &json!("2026-11-20T09:00:00Z")));
    assert_eq!(house.get(&format!("/prospects/{person}")).await.expect(200)["state"], "contacted");
    house.post(&format!("{path}/settle"), &json!({"outcome": "not_sent"})).await.expect(409);
}
