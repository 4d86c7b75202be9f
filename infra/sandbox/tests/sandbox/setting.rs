//! A sandbox on a clock that stands still, and calls to it.

use jiff::Timestamp;
use sandbox::{Call, Reply, Sandbox, SandboxOptions, VirtualClock};
use serde_json::{Value, json};

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;
pub const CLAIRE: &str = "claire-vasselin";

pub struct Setting {
    pub sandbox: Sandbox,
    pub clock: VirtualClock,
}

pub fn start() -> Timestamp {
    "2027-03-01T09:00:00Z".parse().expect("an instant")
}

pub fn setting() -> Setting {
    setting_with(SandboxOptions::default())
}

/// The options, on a clock that stands still at `start()`.
pub fn setting_with(options: SandboxOptions) -> Setting {
    let clock = VirtualClock::still(start());
    let sandbox = Sandbox::new(SandboxOptions { now: clock.source(), ..options });
    Setting { sandbox, clock }
}

impl Setting {
    pub fn reply(&self, path: &str, body: Value) -> Reply {
        let bytes = body.to_string().into_bytes();
        self.sandbox.handle(Call { method: "POST", path, api_key: Some("sandbox"), body: &bytes })
    }

    /// Status and body of a call with the session's token.
    pub fn call(&self, path: &str, mut body: Value) -> (u16, Value) {
        body["login_token"] = "sandbox".into();
        read(self.reply(path, body))
    }

    /// The `data` of a call that must succeed.
    pub fn data(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(path, body);
        assert_eq!((status, &answer["status"]), (200, &json!("success")), "{path}: {answer}");
        answer["data"].clone()
    }

    /// The error text of a call that must fail with HTTP 200.
    pub fn error(&self, path: &str, body: Value) -> String {
        let (status, answer) = self.call(path, body);
        assert_eq!((status, &answer["status"]), (200, &json!("error")), "{path}: {answer}");
        answer["message"].as_str().or(answer["data"].as_str()).expect("an error text").to_owned()
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.advance_seconds(seconds);
    }

    pub fn post(&self, key: &str) -> String {
        self.sandbox.post_url(key).expect("a post")
    }

    /// Someone who is no connection, was not invited and answers nothing.
    pub fn stranger(&self) -> String {
        let slug = "keith-sherwin-5791b5";
        assert!(self.sandbox.set_temperament(slug, sandbox::Temperament::never()));
        format!("https://www.linkedin.com/in/{slug}")
    }

    pub fn invitation_state(&self, url: &str) -> String {
        let data = self.data("/v1/network/invitation-status", json!({"linkedin_url": url}));
        data["invitation_state"].as_str().expect("a state").to_owned()
    }
}

pub fn read(reply: Reply) -> (u16, Value) {
    match reply {
        Reply::Answer { status, body, .. } => (status, serde_json::from_slice(&body).expect("JSON")),
        other => panic!("no answer: {other:?}"),
    }
}
