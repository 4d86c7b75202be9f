//! Faults on command: what goes wrong, where, how often.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::recorded;

/// Bytes of a huge answer unless said otherwise.
const HUGE_BYTES: usize = 10 * 1024 * 1024;

/// One fault to come. Matching calls count as they arrive: the first `after`
/// pass, the next `times` meet it. Of several that match, the oldest strikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `/v1/posts/reactions`, `posts/reactions`, or with `*` at either end; `*` is every call.
    pub endpoint: String,
    pub kind: FaultKind,
    /// How many calls meet it; `None` is all from then on.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many matching calls pass before.
    #[serde(default)]
    pub after: u32,
    /// Only calls about this person (slug).
    #[serde(default)]
    pub person: Option<String>,
}

/// What goes wrong. "Not done" means that nothing reached LinkedIn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Not done; this status, with a body as V1 would send unless given.
    Status {
        code: u16,
        #[serde(default)]
        body: Option<Value>,
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// Seconds in `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Not done; HTTP 200 with the text in `message`.
    ErrorMessage { text: String },
    /// Not done; HTTP 200 with the text as `data`.
    ErrorData { text: String },
    /// Not done; 502 with an HTML page.
    Html502,
    /// Not done; a stop sign of LinkedIn's.
    Restriction { sign: StopSign },
    /// Not done; no answer ever comes.
    HangBefore,
    /// Not done; the connection is reset.
    Reset,
    /// Done, but the answer never comes.
    DoneThenHang,
    /// Done, but the connection is reset instead of answering.
    DoneThenReset,
    /// Done; the body stops after so many bytes, half of it unless given.
    Truncated {
        #[serde(default)]
        bytes: Option<usize>,
    },
    /// Done; the answer is padded to so many bytes, 10 MiB unless given.
    Huge {
        #[serde(default)]
        bytes: Option<usize>,
    },
    /// Done; the answer is valid JSON of another shape.
    WrongSchema,
    /// Whatever page is asked for, the first is served.
    RepeatedPage,
    /// There is always a further page or cursor.
    EndlessCursor,
}

/// The restrictions a LinkedIn account can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopSign {
    Restricted,
    Challenge,
    WeeklyInvitationLimit,
}

impl StopSign {
    /// The error text.
    pub fn text(self) -> &'static str {
        match self {
            StopSign::Restricted => "Your LinkedIn account has been temporarily restricted",
            StopSign::Challenge => "LinkedIn challenge required: checkpoint verification",
            StopSign::WeeklyInvitationLimit => "You have reached the weekly invitation limit",
        }
    }
}

impl Fault {
    /// Once, at the next call of the endpoint.
    pub fn once(endpoint: &str, kind: FaultKind) -> Fault {
        Fault { endpoint: endpoint.into(), kind, times: Some(1), after: 0, person: None }
    }

    /// At every call of the endpoint.
    pub fn always(endpoint: &str, kind: FaultKind) -> Fault {
        Fault { times: None, ..Fault::once(endpoint, kind) }
    }

    /// Lets so many matching calls pass first.
    pub fn after(self, calls: u32) -> Fault {
        Fault { after: calls, ..self }
    }

    /// Strikes so many calls.
    pub fn times(self, times: u32) -> Fault {
        Fault { times: Some(times), ..self }
    }

    /// Only calls about this person (slug).
    pub fn about(self, person: &str) -> Fault {
        Fault { person: Some(person.to_owned()), ..self }
    }

    fn matches(&self, path: &str, person: Option<&str>) -> bool {
        let about = self.person.is_none() || self.person.as_deref() == person;
        about && matches_path(&self.endpoint, path)
    }
}

fn matches_path(pattern: &str, path: &str) -> bool {
    let path = path.trim_start_matches("/v1/").trim_matches('/');
    let pattern = pattern.trim_start_matches("/v1/").trim_start_matches('/');
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(rest), Some(_)) => path.contains(rest.trim_end_matches('*')),
        (Some(end), None) => path.ends_with(end),
        (None, Some(start)) => path.starts_with(start),
        (None, None) => path == pattern.trim_end_matches('/'),
    }
}

/// The faults waiting, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Armed {
    faults: Vec<(Fault, u32)>,
}

impl Armed {
    pub fn add(&mut self, fault: Fault) {
        self.faults.push((fault, 0));
    }

    pub fn clear(&mut self) {
        self.faults.clear();
    }

    pub fn list(&self) -> Vec<Fault> {
        self.faults.iter().map(|(fault, _)| fault.clone()).collect()
    }

    /// Counts a call and gives the fault it meets.
    pub fn strike(&mut self, path: &str, person: Option<&str>) -> Option<FaultKind> {
        let mut struck = None;
        for (fault, seen) in &mut self.faults {
            if !fault.matches(path, person) {
                continue;
            }
            let due = *seen >= fault.after;
            if due && struck.is_some() {
                continue;
            }
            *seen += 1;
            if due {
                struck = Some(fault.kind.clone());
            }
        }
        let spent = |fault: &Fault, seen: u32| fault.times.is_some_and(|times| seen >= fault.after.saturating_add(times));
        self.faults.retain(|(fault, seen)| !spent(fault, *seen));
        struck
    }
}

impl FaultKind {
    /// The name in the log.
    pub fn name(&self) -> String {
        match self {
            FaultKind::Status { code, .. } => format!("fault: status {code}"),
            FaultKind::ErrorMessage { text } | FaultKind::ErrorData { text } => {
                format!("fault: {text}")
            }
            FaultKind::Html502 => "fault: html 502".into(),
            FaultKind::Restriction { sign } => format!("fault: {}", sign.text()),
            FaultKind::HangBefore => "fault: hang before".into(),
            FaultKind::Reset => "fault: reset".into(),
            FaultKind::DoneThenHang => "fault: done, then hang".into(),
            FaultKind::DoneThenReset => "fault: done, then reset".into(),
            FaultKind::Truncated { .. } => "fault: truncated".into(),
            FaultKind::Huge { .. } => "fault: huge".into(),
            FaultKind::WrongSchema => "fault: wrong schema".into(),
            FaultKind::RepeatedPage => "fault: repeated page".into(),
            FaultKind::EndlessCursor => "fault: endless cursor".into(),
        }
    }

    /// The call is carried out, whatever becomes of its answer.
    pub fn is_done(&self) -> bool {
        match self {
            FaultKind::Status { .. }
            | FaultKind::ErrorMessage { .. }
            | FaultKind::ErrorData { .. }
            | FaultKind::Html502
            | FaultKind::Restriction { .. }
            | FaultKind::HangBefore
            | FaultKind::Reset => false,
            FaultKind::DoneThenHang
            | FaultKind::DoneThenReset
            | FaultKind::Truncated { .. }
            | FaultKind::Huge { .. }
            | FaultKind::WrongSchema
            | FaultKind::RepeatedPage
            | FaultKind::EndlessCursor => true,
        }
    }

    /// Spoils the answer of a call that was carried out.
    pub fn spoil(&self, mut body: Vec<u8>) -> Vec<u8> {
        match self {
            FaultKind::Truncated { bytes } => {
                body.truncate(bytes.unwrap_or(body.len() / 2));
                body
            }
            FaultKind::Huge { bytes } => huge(body, bytes.unwrap_or(HUGE_BYTES)),
            FaultKind::WrongSchema => {
                br#"{"status":"success","data":["unexpected",42,{"reactions":{"0":"LIKE"}},null]}"#.to_vec()
            }
            _ => body,
        }
    }
}

/// Still valid JSON: the padding is one more field of the answer.
fn huge(body: Vec<u8>, bytes: usize) -> Vec<u8> {
    let frame = br#","padding":""}"#.len();
    let mut body = body;
    if body.pop() == Some(b'}') {
        let filling = bytes.saturating_sub(body.len() + frame);
        body.extend_from_slice(br#","padding":""#);
        body.resize(body.len() + filling, b'x');
        body.extend_from_slice(br#""}"#);
    }
    body
}

/// The body V1 sends with a status, as recorded where it is.
pub(crate) fn status_body(code: u16) -> Value {
    let recorded = recorded::file(&format!("errors/v1-{code}.json"));
    recorded.map(|error| error["body"].clone()).unwrap_or_else(|| {
        let text = match code {
            400 => "Bad request",
            403 => "Forbidden",
            404 => "Not found",
            _ => "Error",
        };
        json!({"status": "error", "message": text})
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("*", "/v1/anything", true),
            ("/v1/posts/reactions", "/v1/posts/reactions", true),
            ("posts/reactions", "/v1/posts/reactions", true),
            ("posts/*", "/v1/posts/reactions", true),
            ("posts/*", "/v1/data/signals/posts/reactions", false),
            ("*reactions", "/v1/data/signals/posts/reactions", true),
            ("*signals*", "/v1/data/signals/posts/reactions", true),
            ("network/connect", "/v1/network/connections", false),
            ("posts/reactions", "/v1/data/signals/posts/reactions", false),
        ] {
            assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_fault_waits_strikes_and_is_spent() {
        let mut armed = Armed::default();
        armed.add(Fault::once("network/connect", FaultKind::Reset).after(1).times(2));
        let struck: Vec<bool> = (0..5).map(|_| armed.strike("/v1/network/connect", None).is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert!(armed.list().is_empty());
        armed.add(Fault::always("*", FaultKind::Reset).about("ada"));
        assert_eq!(armed.strike("/v1/x", Some("bob")), None);
        assert_eq!(armed.strike("/v1/x", Some("ada")), Some(FaultKind::Reset));
        assert_eq!(armed.list().len(), 1);
    }

    #[test]
    fn kinds_read_from_json() {
        let fault: Fault = serde_json::from_value(json!({
            "endpoint": "posts/*", "kind": {"type": "status", "code": 429, "retry_after": 37}, "times": 1,
        }))
        .expect("a fault");
        assert!(matches!(fault.kind, FaultKind::Status { code: 429, retry_after: Some(37), .. }));
        for kind in ["html502", "hang_before", "reset", "done_then_hang", "wrong_schema", "repeated_page"] {
            let read = serde_json::from_value::<FaultKind>(json!({"type": kind}));
            assert!(read.is_ok(), "{kind}: {read:?}");
        }
    }

    #[test]
    fn a_huge_answer_is_still_json() {
        let spoiled = FaultKind::Huge { bytes: Some(5_000) }.spoil(br#"{"status":"success"}"#.to_vec());
        assert_eq!(spoiled.len(), 5_000);
        assert!(serde_json::from_slice::<Value>(&spoiled).is_ok());
    }
}
