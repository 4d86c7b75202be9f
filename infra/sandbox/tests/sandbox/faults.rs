//! Every kind of fault: what the caller gets, and whether it was done.

use sandbox::{Fault, FaultKind, Reply, Sandbox, StopSign, recorded_file};
use serde_json::{Value, json};

use crate::setting::*;

/// Sends an invitation under a fault: the reply, and whether the person was invited.
fn invite(kind: FaultKind) -> (Reply, bool) {
    let setting = setting();
    let url = setting.stranger();
    setting.sandbox.inject(Fault::once("network/connect", kind));
    let reply = setting.reply("/v1/network/connect", json!({"linkedin_url": url, "login_token": "sandbox"}));
    let entry = setting.sandbox.log().pop().expect("an entry");
    assert!(entry.outcome.starts_with("fault: "), "{entry:?}");
    assert!(entry.reaches_person && entry.person.is_some());
    let invited = setting.invitation_state(&url) == "PENDING";
    assert_eq!(entry.effect, invited);
    (reply, invited)
}

fn body_of(reply: Reply) -> (u16, Vec<(String, String)>, Vec<u8>) {
    match reply {
        Reply::Answer { status, headers, body } => (status, headers, body),
        other => panic!("no answer: {other:?}"),
    }
}

#[test]
fn faults_before_the_effect() {
    let check = |kind: FaultKind, status: u16, text: &str| {
        let (reply, invited) = invite(kind.clone());
        let (found, _, body) = body_of(reply);
        assert!(!invited, "{kind:?}");
        assert_eq!(found, status, "{kind:?}");
        assert!(String::from_utf8_lossy(&body).contains(text), "{kind:?}");
    };
    let status = |code| FaultKind::Status { code, body: None, headers: vec![], retry_after: None };
    for (code, text) in [(400, "Bad request"), (401, "Unauthorized"), (429, "Too many"), (500, "Internal server")] {
        check(status(code), code, text);
    }
    check(FaultKind::Html502, 502, "<html>");
    check(FaultKind::ErrorMessage { text: "Odd".into() }, 200, r#""message":"Odd""#);
    check(FaultKind::ErrorData { text: "Odd".into() }, 200, r#""data":"Odd""#);
    check(FaultKind::Restriction { sign: StopSign::Restricted }, 200, "restricted");
    check(FaultKind::Restriction { sign: StopSign::Challenge }, 200, "challenge");
    check(FaultKind::Restriction { sign: StopSign::WeeklyInvitationLimit }, 200, "weekly invitation limit");
    assert_eq!(invite(FaultKind::Reset), (Reply::Reset, false));
    assert_eq!(invite(FaultKind::HangBefore), (Reply::Hang, false));
    let slow = FaultKind::Status {
        code: 429,
        body: Some(json!({"slow": "down"})),
        headers: vec![("X-Extra".into(), "1".into())],
        retry_after: Some(37),
    };
    let (_, headers, body) = body_of(invite(slow).0);
    assert!(headers.contains(&("Retry-After".into(), "37".into())) && headers.contains(&("X-Extra".into(), "1".into())));
    assert_eq!(body, br#"{"slow":"down"}"#);
}

#[test]
fn faults_after_the_effect() {
    assert_eq!(invite(FaultKind::DoneThenReset), (Reply::Reset, true));
    assert_eq!(invite(FaultKind::DoneThenHang), (Reply::Hang, true));
    let (reply, invited) = invite(FaultKind::Truncated { bytes: Some(12) });
    assert_eq!((body_of(reply).2.len(), invited), (12, true));
    let (reply, invited) = invite(FaultKind::Huge { bytes: None });
    assert_eq!((body_of(reply).2.len(), invited), (10 * 1024 * 1024, true));
    let (reply, invited) = invite(FaultKind::WrongSchema);
    let body: Value = serde_json::from_slice(&body_of(reply).2).expect("JSON");
    assert!(invited && body["data"].is_array());
}

#[test]
fn a_page_repeats_and_a_cursor_never_ends() {
    let setting = setting();
    let url = setting.post("own-2");
    let page = |page: usize| setting.data("/v1/posts/reactions", json!({"post_url": url, "start_page": page}));
    let first = page(1);
    setting.sandbox.inject(Fault::always("posts/reactions", FaultKind::RepeatedPage));
    for number in [2, 3, 9] {
        let data = page(number);
        assert_eq!(data["reactions"], first["reactions"]);
        assert_eq!(data["pagination"]["start_page"], number);
    }
    setting.sandbox.clear_faults();
    setting.sandbox.inject(Fault::always("*", FaultKind::EndlessCursor));
    assert_eq!(page(99)["reactions"], first["reactions"]);
    let mut cursor = Value::Null;
    for _ in 0..20 {
        let data = setting.data("/v1/messages/inbox", json!({"next_cursor": cursor}));
        assert_ne!(data["conversations"], json!([]));
        assert_ne!(data["next_cursor"], cursor);
        cursor = data["next_cursor"].clone();
        assert!(cursor.is_string());
    }
}

#[test]
fn faults_are_the_same_every_time() {
    let trace = || -> Vec<String> {
        let setting = setting();
        let reset = Fault::once("messages/*", FaultKind::Reset).after(2).times(2);
        setting.sandbox.inject(reset);
        setting.sandbox.inject(Fault::once("*", FaultKind::Html502).after(4));
        for _ in 0..8 {
            setting.reply("/v1/messages/inbox", json!({"login_token": "sandbox"}));
        }
        assert_eq!(setting.sandbox.faults(), []);
        setting.sandbox.log().into_iter().map(|entry| entry.outcome).collect()
    };
    let outcomes = trace();
    assert_eq!(outcomes[..4], ["success", "success", "fault: reset", "fault: reset"]);
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "fault: html 502").count(), 1);
    assert_eq!(trace(), outcomes);
}

#[test]
fn failures_of_the_vendor_cost_nothing() {
    let setting = setting();
    let credits = |sandbox: &Sandbox| sandbox.credits();
    for (code, expected) in [(500, 0), (502, 0), (404, 1), (429, 2)] {
        let kind = FaultKind::Status { code, body: None, headers: vec![], retry_after: None };
        setting.sandbox.inject(Fault::once("messages/inbox", kind));
        setting.reply("/v1/messages/inbox", json!({"login_token": "sandbox"}));
        assert_eq!(credits(&setting.sandbox), expected, "{code}");
    }
}

#[test]
fn errors_read_as_the_recorded_ones() {
    let status = |code, retry_after| FaultKind::Status { code, body: None, headers: vec![], retry_after };
    for (kind, name) in [
        (FaultKind::ErrorData { text: "Invalid parameter".into() }, "v1-200-data-string"),
        (FaultKind::ErrorMessage { text: "Invalid cookie".into() }, "v1-200-message"),
        (status(401, None), "v1-401"),
        (status(429, None), "v1-429"),
        (status(429, Some(37)), "v1-429-retry-after"),
        (status(500, None), "v1-500"),
        (FaultKind::Html502, "v1-502-html"),
    ] {
        let expected = recorded_file(&format!("errors/{name}.json")).expect("a recorded error");
        let (status, headers, body) = body_of(invite(kind).0);
        assert_eq!(status, expected["http_status"], "{name}");
        let text = String::from_utf8(body).expect("text");
        let read = serde_json::from_str(&text).unwrap_or(Value::String(text));
        assert_eq!(read, expected["body"], "{name}");
        for (header, value) in expected["headers"].as_object().expect("headers") {
            let found = headers.iter().find(|(given, _)| given == header).map(|(_, value)| value.as_str());
            assert_eq!(found, value.as_str(), "{name} {header}");
        }
    }
}
