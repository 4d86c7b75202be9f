//! Invitations, replies, connections, webhooks and created posts over time.

use sandbox::{LogFilter, Sandbox, Switches, Temperament, recorded_file};
use serde_json::{Value, json};

use crate::setting::*;

const KEITH: &str = "keith-sherwin-5791b5";

fn conversation(setting: &Setting, person: &str) -> Value {
    setting.data("/v1/messages/conversation", json!({"linkedin_url": person}))
}

#[test]
fn an_invitation_is_accepted_in_its_time() {
    let setting = setting();
    setting.sandbox.set_temperament(KEITH, Temperament::never().accepts_after(2 * HOUR));
    assert_eq!(setting.invitation_state(KEITH), "NO_INVITATION");
    setting.data("/v1/network/connect", json!({"linkedin_url": KEITH, "message": "Bonjour Keith"}));
    let waiting = setting.data("/v1/network/sent-invitations", json!({"total_results": 50}));
    assert_eq!(waiting["invitations"][0]["profile_url"], format!("https://www.linkedin.com/in/{KEITH}"));
    setting.advance(2 * HOUR - 1);
    assert_eq!(setting.invitation_state(KEITH), "PENDING");
    setting.advance(1);
    assert_eq!(setting.invitation_state(KEITH), "ACCEPTED");
    let connections = setting.data("/v1/network/connections", json!({"start_page": 1}));
    assert_eq!(connections["connections"][0]["profile_url"], format!("https://www.linkedin.com/in/{KEITH}"));
    assert_eq!(connections["pagination"]["results_per_page"], 10);
    let talk = conversation(&setting, KEITH);
    assert_eq!(talk["messages"][0]["text"], "Bonjour Keith");
    assert_eq!(talk["messages"][1]["message_type"], "SYSTEM");
    assert_eq!(talk["total_other_member_message_count"], 0);
    let reactions = setting.data("/v1/posts/reactions", json!({"post_url": setting.post("own-1")}));
    assert_eq!(reactions["reactions"][6]["connection_degree"], "1st");
}

#[test]
fn an_invitation_can_be_ignored_and_withdrawn() {
    let setting = setting();
    let url = setting.stranger();
    setting.data("/v1/network/connect", json!({"linkedin_url": url}));
    setting.advance(400 * DAY);
    assert_eq!(setting.invitation_state(&url), "PENDING");
    let status = setting.data("/v1/network/invitation-status", json!({"linkedin_url": url}));
    setting.data("/v1/network/withdraw-invitation", json!({"invitation_id": status["invitation_id"]}));
    assert_eq!(setting.invitation_state(&url), "NO_INVITATION");
    let again = json!({"invitation_id": status["invitation_id"]});
    assert_eq!(setting.error("/v1/network/withdraw-invitation", again), "Invitation not found");
}

#[test]
fn a_reply_comes_in_its_time_and_counts() {
    let setting = setting();
    setting.sandbox.make_connected(CLAIRE, KEITH);
    setting.sandbox.set_temperament(KEITH, Temperament::never().replies_after(HOUR, "Oui, jeudi 14 h."));
    setting.data("/v1/messages/send-message", json!({"linkedin_url": KEITH, "message_text": "Jeudi ?"}));
    setting.advance(HOUR - 1);
    assert_eq!(conversation(&setting, KEITH)["total_other_member_message_count"], 0);
    setting.advance(1);
    let talk = conversation(&setting, KEITH);
    assert_eq!(talk["total_other_member_message_count"], 1);
    assert_eq!(talk["unread_count"], 1);
    assert_eq!(talk["messages"][0]["text"], "Oui, jeudi 14 h.");
    assert_eq!(talk["messages"][0]["sender"], "Keith Sherwin");
    let inbox = setting.data("/v1/messages/inbox", json!({"category": "UNREAD"}));
    assert_eq!(inbox["conversations"][0]["last_message"]["text"], "Oui, jeudi 14 h.");
    setting.data("/v1/messages/send-message", json!({"linkedin_url": KEITH, "message_text": "Parfait."}));
    assert_eq!(conversation(&setting, KEITH)["unread_count"], 0);
}

#[test]
fn a_temperament_forced_late_still_applies() {
    let setting = setting();
    let url = setting.stranger();
    setting.data("/v1/network/connect", json!({"linkedin_url": url}));
    setting.advance(DAY);
    setting.sandbox.set_temperament(KEITH, Temperament::never().accepts_after(HOUR));
    assert_eq!(setting.invitation_state(&url), "ACCEPTED");
    setting.data("/v1/messages/send-message", json!({"linkedin_url": url, "message_text": "Merci"}));
    setting.sandbox.set_temperament(KEITH, Temperament::never().replies_after(MINUTE, "STOP"));
    setting.advance(MINUTE);
    assert_eq!(conversation(&setting, &url)["messages"][0]["text"], "STOP");
}

/// Invites fifty people, writes to those who accept, for thirty days.
fn thirty_days(setting: &Setting) -> (usize, usize, Value) {
    let people: Vec<String> = setting.sandbox.people().into_iter().map(|person| person.slug).collect();
    let strangers: Vec<String> =
        people.into_iter().filter(|slug| setting.invitation_state(slug) == "NO_INVITATION").take(50).collect();
    for slug in &strangers {
        setting.data("/v1/network/connect", json!({"linkedin_url": slug}));
    }
    setting.advance(10 * DAY);
    let accepted: Vec<&String> = strangers.iter().filter(|slug| setting.invitation_state(slug) == "ACCEPTED").collect();
    for slug in &accepted {
        setting.data("/v1/messages/send-message", json!({"linkedin_url": slug, "message_text": "Bonjour"}));
    }
    setting.advance(20 * DAY);
    let replied = accepted.iter().filter(|slug| conversation(setting, slug)["total_other_member_message_count"] == 1).count();
    (accepted.len(), replied, setting.data("/v1/messages/inbox", json!({"total_results": 100})))
}

#[test]
fn people_differ_and_the_same_seed_replays() {
    let (accepted, replied, inbox) = thirty_days(&setting());
    assert!((20..45).contains(&accepted), "{accepted}");
    assert!((5..accepted).contains(&replied), "{replied}");
    assert_eq!(thirty_days(&setting()).2, inbox);
}

#[test]
fn those_who_were_first_degree_are_connected_from_the_start() {
    let setting = setting();
    for slug in ["helene-lambert", "remi-choquette", "theo-jamet", "mehdi-monfort-c964d3d44"] {
        assert_eq!(setting.invitation_state(slug), "ACCEPTED", "{slug}");
    }
    for slug in ["olga-hachette-brun-0247e3106", "estelle-isnard-d459f6270"] {
        assert_eq!(setting.invitation_state(slug), "PENDING", "{slug}");
    }
}

#[test]
fn an_invitation_received_can_be_accepted() {
    let setting = setting();
    let url = setting.stranger();
    setting.sandbox.receive_invitation(CLAIRE, KEITH);
    let status = setting.data("/v1/network/invitation-status", json!({"linkedin_url": url}));
    assert_eq!((&status["invitation_state"], &status["invitation_type"]), (&json!("PENDING"), &json!("RECEIVED")));
    let received = setting.data("/v1/network/invitations", json!({}));
    let row = &received["invitations"][0];
    let body = json!({"shared_secret": row["shared_secret"], "entity_urn": row["entity_urn"]});
    setting.data("/v1/network/accept-invitation", body);
    assert_eq!(setting.invitation_state(&url), "ACCEPTED");
}

fn monitor(setting: &Setting, url: &str) -> String {
    let fields = json!({"plateforme": "linkedin", "account_name": "Claire", "webhook_url": url});
    let (_, created) = setting.call("/v1/webhooks/accounts", fields);
    let id = created["id"].as_str().expect("an id").to_owned();
    setting.call(&format!("/v1/webhooks/accounts/{id}/start"), json!({}));
    id
}

#[test]
fn a_reply_to_a_monitored_account_is_told_once() {
    let setting = setting();
    setting.sandbox.make_connected(CLAIRE, KEITH);
    setting.sandbox.receive_message(CLAIRE, KEITH, "Avant la surveillance");
    setting.advance(1);
    let id = monitor(&setting, "https://amorce.example/hook");
    setting.sandbox.set_temperament(KEITH, Temperament::never().replies_after(HOUR, "Oui"));
    setting.data("/v1/messages/send-message", json!({"linkedin_url": KEITH, "message_text": "Jeudi ?"}));
    assert_eq!(setting.sandbox.due_webhooks(setting.sandbox.now()), []);
    setting.advance(HOUR);
    let due = setting.sandbox.due_webhooks(setting.sandbox.now());
    let sample = recorded_file("webhooks/v1-message.json").expect("a sample");
    let sample: Value = serde_json::from_str(sample["body_raw"].as_str().expect("a body")).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(due.len(), 1);
    assert_eq!(keys(&due[0].body), keys(&sample));
    assert_eq!(keys(&due[0].body["sender"]), keys(&sample["sender"]));
    assert_eq!((&due[0].body["account_id"], &due[0].body["message"]), (&json!(id), &json!("Oui")));
    assert_eq!(due[0].webhook_url, "https://amorce.example/hook");
    assert_eq!(setting.sandbox.due_webhooks(setting.sandbox.now()), []);
    setting.advance(2 * DAY);
    let before = setting.sandbox.credits();
    setting.call(&format!("/v1/webhooks/accounts/{id}/stop"), json!({}));
    assert_eq!(setting.sandbox.credits(), before);
    let calls: u64 = setting.sandbox.log().iter().map(|entry| entry.credits).sum();
    assert_eq!(before, calls + 30);
}

#[test]
fn a_created_post_is_found_and_gathers_engagement() {
    let setting = setting();
    setting.data("/v1/posts/create", json!({"message": "Trois leçons d’un lundi", "file": "https://x.example/a.png"}));
    let own = || setting.data("/v1/data/signals/profile/posts", json!({"profile_url": "claire-vasselin"}));
    let item = own()["posts"][0].clone();
    assert_eq!(item["text"], "Trois leçons d’un lundi");
    assert_eq!(item["post_url"], setting.post("created-1"));
    let url = item["post_url"].clone();
    let counts = || {
        let of = |path: &str, field: &str| {
            let data = setting.data(path, json!({"post_url": url, "total_results": 100}));
            data[field].as_array().expect("rows").len()
        };
        (of("/v1/posts/reactions", "reactions"), of("/v1/posts/extract-comments", "comments"))
    };
    assert_eq!(counts(), (0, 0));
    setting.advance(2 * HOUR);
    let (reactions, comments) = counts();
    assert!((1..50).contains(&reactions) && comments < 15, "{reactions} {comments}");
    setting.advance(3 * DAY);
    assert_eq!(counts(), (50, 15));
    assert_eq!((&own()["posts"][0]["reactions"], &own()["posts"][0]["comments"]), (&json!(50), &json!(15)));
    setting.sandbox.set_switches(Switches { answer_with_post_url: true, ..setting.sandbox.switches() });
    let page = json!({"message": "La page", "company_url": "https://www.linkedin.com/company/conseil-vasselin"});
    let data = setting.data("/v1/posts/create-company", page);
    assert_eq!(data["post_url"], setting.post("created-2"));
    let data = setting.data("/v1/posts/reactions", json!({"post_url": data["post_urn"]}));
    assert_eq!(data["reactions"], json!([]));
}

#[test]
fn later_reactions_come_before_earlier_ones() {
    let setting = setting();
    setting.data("/v1/posts/create", json!({"message": "Bonjour"}));
    let url = setting.post("created-1");
    let rows = || {
        let data = setting.data("/v1/posts/reactions", json!({"post_url": url, "total_results": 100}));
        data["reactions"].as_array().cloned().expect("rows")
    };
    setting.advance(6 * HOUR);
    let earlier = rows();
    setting.advance(12 * HOUR);
    let later = rows();
    assert!(later.len() > earlier.len());
    assert!(later.ends_with(&earlier));
}

#[test]
fn comments_of_ours_are_shown_and_logged_as_reaching_people() {
    let setting = setting();
    let url = setting.post("own-2");
    setting.data("/v1/posts/comment", json!({"post_url": url, "message": "Le lien est ici."}));
    let data = setting.data("/v1/posts/extract-comments", json!({"post_url": url, "total_results": 50}));
    assert_eq!(data["comments"][0]["comment_text"], "Le lien est ici.");
    assert_eq!(data["comments"][0]["commenter"]["linkedin_url"], "https://www.linkedin.com/in/claire-vasselin");
    let theirs = &data["comments"][1];
    let answer = json!({
        "tracking_id": theirs["tracking_id"], "comment_urn": theirs["comment_urn"],
        "profile_urn": theirs["commenter"]["profile_urn"], "comment_text": "Merci.", "mention_user": true,
    });
    setting.data("/v1/posts/answer-comment", answer);
    setting.data("/v1/posts/react", json!({"post_url": url, "reaction_type": "PRAISE"}));
    let data = setting.data("/v1/posts/reactions", json!({"post_url": url}));
    assert_eq!((&data["reactions"][0]["type"], &data["total_available_results"]), (&json!("PRAISE"), &json!(40)));
    let reached = setting.sandbox.log_where(&LogFilter { reaches_person: Some(true), ..LogFilter::default() });
    assert_eq!(reached.len(), 2);
    assert!(reached[1].person.is_some());
}

#[test]
fn many_engagements_by_as_many_people() {
    let sandbox = Sandbox::many(1_000);
    let people: std::collections::HashSet<String> = sandbox.people().into_iter().map(|person| person.slug).collect();
    assert_eq!(people.len(), 1_250);
    let setting = setting_with(sandbox::SandboxOptions { many: 1_000, ..Default::default() });
    let url = setting.post("many-1");
    let rows = |path: &str, field: &str| {
        let data = setting.data(path, json!({"post_url": url, "total_results": 2_000}));
        data[field].as_array().cloned().expect("rows")
    };
    let reactions = rows("/v1/posts/reactions", "reactions");
    let comments = rows("/v1/posts/extract-comments", "comments");
    assert_eq!((reactions.len(), comments.len()), (800, 200));
    let address = reactions[0]["profile_url"].clone();
    let profile = setting.data("/v1/profile/info", json!({"linkedin_url": address}));
    assert_eq!(profile["headline"], reactions[0]["subtitle"]);
}
