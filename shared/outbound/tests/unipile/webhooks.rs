//! Unipile's deliveries: the secret in a header, and what they say.

use outbound::linkup_webhook::{EventKind, Unverified};
use outbound::unipile_webhook::{parse, verify};
use secrecy::SecretString;
use serde_json::{Value, json};

const SECRET: &str = "whs_00112233445566778899aabbccddeeff";

fn secrets() -> [SecretString; 1] {
    [SECRET.into()]
}

#[test]
fn only_the_secret_itself_is_accepted() {
    assert_eq!(verify(&secrets(), Some(SECRET)), Ok(()));
    assert_eq!(verify(&secrets(), None), Err(Unverified::Unsigned));
    assert_eq!(verify(&["before-00000000000000".into(), SECRET.into()], Some(SECRET)), Ok(()), "while one is changed");
    for given in ["", " ", "whs_", &SECRET[1..], &SECRET[..SECRET.len() - 1], &SECRET.to_uppercase(), &format!("{SECRET} ")] {
        assert_eq!(verify(&secrets(), Some(given)), Err(Unverified::Signature), "{given:?}");
    }
    assert!(verify(&[], Some("")).is_err() && verify(&["".into()], Some("")).is_err(), "no secret lets nobody in");
    for index in 0..SECRET.len() {
        for bit in 0..7 {
            let mut changed = SECRET.as_bytes().to_vec();
            changed[index] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            assert!(verify(&secrets(), Some(&changed)).is_err(), "{index} {bit}");
        }
    }
}

fn read(body: &Value) -> EventKind {
    parse(body.to_string().as_bytes()).kind
}

#[test]
fn a_message_is_told_apart_from_our_own() {
    let message = |user: &str| {
        json!({"event": "message_received", "account_id": "acc_claire", "account_type": "LINKEDIN", "account_info": {"user_id": user},
            "chat_id": "c1", "message_id": "m1", "message": "Volontiers", "timestamp": "2026-11-19T09:00:00Z",
            "sender": {"attendee_id": "a1", "attendee_provider_id": "ACoAAZoe", "attendee_name": "Zoé Perrot",
                "attendee_profile_url": "https://www.linkedin.com/in/ACoAAZoe"}})
    };
    let event = parse(message("ACoAAClaire").to_string().as_bytes());
    assert_eq!((event.account_id.as_deref(), event.event_id.as_deref()), (Some("acc_claire"), Some("m1")));
    let EventKind::Message(told) = event.kind else { panic!("no message") };
    assert_eq!((told.text.as_deref(), told.sender_name.as_deref()), (Some("Volontiers"), Some("Zoé Perrot")));
    assert!(told.at.is_some() && told.sender_url.is_some());
    assert_eq!(read(&message("ACoAAZoe")), EventKind::Own);
}

#[test]
fn relations_and_states_of_accounts_are_read_in_every_shape() {
    let flat =
        json!({"event": "new_relation", "account_id": "acc", "user_full_name": "Zoé", "user_public_identifier": "zoe-perrot"});
    let nested =
        json!({"event": "new_relation", "user": {"full_name": "Zoé", "profile_url": "https://www.linkedin.com/in/zoe-perrot"}});
    for body in [flat, nested] {
        let EventKind::AcceptedInvitation(people) = read(&body) else { panic!("nobody: {body}") };
        assert_eq!(people[0].profile_url.as_deref(), Some("https://www.linkedin.com/in/zoe-perrot"), "{body}");
    }
    for (word, ended) in [("CREDENTIALS", true), ("STOPPED", true), ("OK", false), ("SYNC_SUCCESS", false)] {
        let body = json!({"AccountStatus": {"account_id": "acc", "account_type": "LINKEDIN", "message": word}});
        assert_eq!(matches!(read(&body), EventKind::Disconnection { .. }), ended, "{word}");
        assert_eq!(parse(body.to_string().as_bytes()).account_id.as_deref(), Some("acc"));
    }
}

#[test]
fn rubbish_is_an_unknown_event() {
    for body in ["", "null", "[]", "{}", "{\"event\":7}", "<html>", "{\"event\":\"message_read\"}", "{\"AccountStatus\":\"x\"}"] {
        assert_eq!(parse(body.as_bytes()).kind, EventKind::Unknown, "{body}");
    }
}
