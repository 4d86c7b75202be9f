//! What is kept across restarts, and when it is handed over.

use std::sync::{Arc, Mutex};

use sandbox::{Fault, FaultKind, Sandbox, SandboxOptions, Temperament};
use serde_json::{Value, json};

use crate::setting::*;

const KEITH: &str = "keith-sherwin-5791b5";

#[test]
fn a_saved_sandbox_goes_on_where_it_was() {
    let before = setting_with(SandboxOptions { seed: 42, many: 20, ..SandboxOptions::default() });
    before.sandbox.set_temperament(KEITH, Temperament::never().accepts_after(HOUR).replies_after(HOUR, "Oui"));
    before.data("/v1/network/connect", json!({"linkedin_url": KEITH}));
    before.data("/v1/posts/create", json!({"message": "Bonjour"}));
    before.advance(MINUTE);
    before.invitation_state(KEITH);
    let saved = before.sandbox.save();
    assert_eq!(Sandbox::saved_at(&saved), Some(before.sandbox.now()));
    before.advance(2 * DAY);
    let options = SandboxOptions { seed: 7, now: before.clock.source(), ..SandboxOptions::default() };
    let after = Setting { sandbox: Sandbox::load(options, &saved).expect("a sandbox"), clock: before.clock.clone() };
    assert_eq!(after.sandbox.posts(), before.sandbox.posts());
    assert_eq!(after.sandbox.started_at(), start());
    assert_eq!(after.invitation_state(KEITH), "ACCEPTED");
    assert_eq!(before.invitation_state(KEITH), "ACCEPTED");
    assert_eq!(after.sandbox.save()["networks"], before.sandbox.save()["networks"]);
}

#[test]
fn other_files_are_not_taken_for_a_state() {
    for saved in [json!({}), json!({"version": 99}), json!({"version": 1, "seed": "x"}), json!(null)] {
        assert!(Sandbox::load(SandboxOptions::default(), &saved).is_err(), "{saved}");
    }
}

#[test]
fn every_change_is_stored_before_its_answer() {
    let stored: Arc<Mutex<Vec<Value>>> = Arc::default();
    let sink = stored.clone();
    let setting = setting_with(SandboxOptions {
        on_change: Some(Arc::new(move |state| sink.lock().expect("a lock").push(state.clone()))),
        ..SandboxOptions::default()
    });
    let count = || stored.lock().expect("a lock").len();
    let url = setting.stranger();
    assert!(setting.sandbox.take_dirty());
    let before = count();
    setting.invitation_state(&url);
    setting.data("/v1/posts/search", json!({"keyword": "x"}));
    assert_eq!((count(), setting.sandbox.take_dirty()), (before, false));
    setting.sandbox.inject(Fault::once("network/connect", FaultKind::DoneThenHang));
    setting.reply("/v1/network/connect", json!({"linkedin_url": url, "login_token": "sandbox"}));
    assert_eq!((count(), setting.sandbox.take_dirty()), (before + 1, true));
    let last = stored.lock().expect("a lock").last().cloned().expect("a state");
    assert_eq!(last, setting.sandbox.save());
    assert!(last["networks"][CLAIRE]["sent"].as_array().expect("sent").iter().any(|sent| sent["person"] == KEITH));
}

#[test]
fn the_state_holds_no_secret() {
    let setting = setting_with(SandboxOptions {
        accounts: vec![sandbox::AccountOptions { login_token: "AQED-secret".into(), ..Default::default() }],
        ..SandboxOptions::default()
    });
    let body = json!({
        "plateforme": "linkedin", "account_name": "Claire", "webhook_url": "https://x.example/h",
        "login_token": "AQED-secret",
    });
    read(setting.reply("/v1/webhooks/accounts", body));
    assert!(!setting.sandbox.save().to_string().contains("AQED-secret"));
    assert!(!serde_json::to_string(&setting.sandbox.log()).expect("a log").contains("AQED-secret"));
}
