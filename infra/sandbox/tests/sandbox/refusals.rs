//! What LinkedIn, or the provider, would refuse.

use sandbox::{AccountOptions, Call, SandboxOptions, Switches};
use serde_json::{Value, json};

use crate::setting::*;

#[test]
fn refusals_reach_nobody() {
    let setting = setting();
    let stranger = setting.stranger();
    setting.data("/v1/network/connect", json!({"linkedin_url": stranger}));
    let check = |path: &str, body: Value, expected: &str| {
        assert_eq!(setting.error(path, body), expected, "{path}");
        let entry = setting.sandbox.log().pop().expect("an entry");
        assert!(!entry.effect && entry.credits == 1 && entry.outcome == expected, "{entry:?}");
    };
    let connect = "/v1/network/connect";
    check(connect, json!({"linkedin_url": stranger}), "An invitation to this member is already pending");
    check(connect, json!({"linkedin_url": "remi-choquette"}), "You are already connected with this member");
    check(connect, json!({"linkedin_url": "claire-vasselin"}), "You cannot invite yourself");
    check(connect, json!({"linkedin_url": "nobody-at-all"}), "Profile not found");
    check(connect, json!({}), "Invalid parameter");
    let long = json!({"linkedin_url": "sheila-marceau", "message": "é".repeat(301)});
    check(connect, long, "The note must be at most 300 characters");
    let send = "/v1/messages/send-message";
    check(send, json!({"linkedin_url": stranger, "message_text": "x"}), "This member is not a 1st degree connection");
    check(send, json!({"linkedin_url": "remi-choquette", "message_text": " "}), "Invalid parameter");
    check(send, json!({"linkedin_url": "remi-choquette", "message_text": 3}), "Invalid parameter");
    check("/v1/posts/create", json!({"message": ""}), "Invalid parameter");
    check("/v1/posts/create", json!({"message": "x".repeat(3_001)}), "The post is too long");
    check("/v1/data/company/info", json!({"company_url": "https://www.linkedin.com/company/none"}), "Company not found");
    setting.data(connect, json!({"linkedin_url": "sheila-marceau", "message": "é".repeat(300)}));
}

#[test]
fn keys_tokens_paths_and_bodies() {
    let setting = setting();
    let call = |api_key, path, body: &[u8]| read(setting.sandbox.handle(Call { method: "POST", path, api_key, body }));
    let unauthorized = (401, json!({"status": "error", "message": "Unauthorized"}));
    assert_eq!(call(None, "/v1/posts/reactions", b"{}"), unauthorized);
    assert_eq!(call(Some("other"), "/v1/posts/reactions", b"{}"), unauthorized);
    let cookie = (200, json!({"status": "error", "message": "Invalid cookie"}));
    assert_eq!(call(Some("sandbox"), "/v1/messages/inbox", b"{}"), cookie);
    assert_eq!(call(Some("sandbox"), "/v1/messages/inbox", br#"{"login_token":"x"}"#), cookie);
    assert_eq!(call(Some("sandbox"), "/v1/messages/send", b"{}").0, 404);
    assert_eq!(call(Some("sandbox"), "/v1/posts/reactions", b"{").0, 400);
    assert_eq!(setting.sandbox.log().iter().map(|entry| entry.credits).collect::<Vec<_>>(), [0, 0, 1, 1, 1, 1]);
}

#[test]
fn a_session_expires_and_comes_back_with_a_login() {
    let setting = setting();
    let account = AccountOptions::default();
    setting.sandbox.expire_session(&account.slug);
    assert_eq!(setting.error("/v1/messages/inbox", json!({})), "Invalid cookie");
    let login = json!({"email": account.email, "password": "wrong"});
    assert_eq!(setting.error("/v1/auth/login", login), "Invalid email or password");
    setting.sandbox.set_switches(Switches { login_asks_code: true, ..Switches::default() });
    let (_, answer) = setting.call("/v1/auth/login", json!({"email": account.email, "password": account.password}));
    assert_eq!((answer.get("login_token"), &answer["email"]), (None, &json!(account.email)));
    assert_eq!(setting.error("/v1/auth/verify", json!({"email": account.email, "code": "0"})), "Invalid code");
    let (_, answer) = setting.call("/v1/auth/verify", json!({"email": account.email, "code": "123456"}));
    assert_eq!(answer["login_token"], "sandbox");
    setting.data("/v1/messages/inbox", json!({}));
    let kept = serde_json::to_string(&setting.sandbox.log()).expect("a log");
    assert!(!kept.contains("login_token") && !kept.contains("password\":") && !kept.contains("123456"));
}

#[test]
fn too_many_calls_a_minute_wait() {
    let mut options = SandboxOptions::default();
    options.switches.calls_per_minute = Some(3);
    let setting = setting_with(options);
    for _ in 0..3 {
        setting.data("/v1/messages/inbox", json!({}));
    }
    setting.advance(20);
    let reply = setting.reply("/v1/messages/inbox", json!({"login_token": "sandbox"}));
    let sandbox::Reply::Answer { status, headers, .. } = reply else { panic!("no answer") };
    assert_eq!(status, 429);
    assert!(headers.contains(&("Retry-After".into(), "40".into())), "{headers:?}");
    setting.advance(40);
    setting.data("/v1/messages/inbox", json!({}));
}

#[test]
fn accounts_do_not_see_each_other() {
    let second = AccountOptions {
        login_token: "second".into(),
        slug: "paul-second".into(),
        first_name: "Paul".into(),
        last_name: "Second".into(),
        member_id: "ACoAASandboxPaulSecond000000000000000002".into(),
        email: "paul@second.example".into(),
        ..AccountOptions::default()
    };
    let accounts = vec![AccountOptions::default(), second];
    let setting = setting_with(SandboxOptions { accounts, ..SandboxOptions::default() });
    let url = setting.stranger();
    setting.data("/v1/network/connect", json!({"linkedin_url": url}));
    let body = json!({"linkedin_url": url, "login_token": "second"});
    let (_, answer) = read(setting.reply("/v1/network/invitation-status", body));
    assert_eq!(answer["data"]["invitation_state"], "NO_INVITATION");
    assert_eq!(setting.invitation_state(&url), "PENDING");
    let accounts: Vec<_> = setting.sandbox.log().into_iter().map(|entry| entry.account).collect();
    assert_eq!(accounts, [Some(CLAIRE.into()), Some("paul-second".into()), Some(CLAIRE.to_owned())]);
}
