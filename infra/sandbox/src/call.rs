//! One call from its path and body to its answer, without HTTP.

use serde_json::{Value, json};

use crate::endpoints::{self, Handler, WEBHOOK_ACCOUNTS, WEBHOOKS_V2};
use crate::faults::{FaultKind, status_body};
use crate::journal::{LogEntry, without_secrets};
use crate::options::AccountOptions;
use crate::sandbox::{Inner, Live, Sandbox};
use crate::scene::{Scene, settle};
use crate::v2::{self, Wire};
use crate::wire::{Body, Done, Outcome, Refusal};
use crate::world::instant;

const MINUTE_MS: i64 = 60_000;

/// A call as it arrives.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// `POST`, `GET`…
    pub method: &'a str,
    /// `/v1/…`, without a query.
    pub path: &'a str,
    /// Of the header `x-api-key`.
    pub api_key: Option<&'a str>,
    pub body: &'a [u8],
}

/// What the caller gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// The connection is reset without an answer.
    Reset,
    /// No answer ever comes.
    Hang,
}

/// What is known of a call before it is answered.
struct Known<'a> {
    account: Option<&'a AccountOptions>,
    person: Option<String>,
    reaches_person: bool,
    body: Result<Value, Refusal>,
}

impl Sandbox {
    /// Answers one call of the wire and logs it. What it changed is stored
    /// (`on_change`) before this returns.
    pub fn handle(&self, call: Call<'_>) -> Reply {
        match call.path.starts_with(v2::PREFIX) {
            true => v2::handle(self, call),
            false => self.answer(call, &Wire::V1).0,
        }
    }

    /// Answers a call in V1's shape, with what it cost.
    pub(crate) fn answer(&self, call: Call<'_>, wire: &Wire) -> (Reply, u64) {
        let now_ms = self.now().as_millisecond();
        let (reply, changed) = {
            let mut live = self.live();
            settle(&mut live.state, now_ms);
            live.state.latest_ms = now_ms;
            let known = self.look(&call);
            let fault = live.faults.strike(call.path, known.person.as_deref());
            let carried_out = match &fault {
                Some(fault) if !fault.is_done() => None,
                _ => Some(wire.priced(self.carry_out(&mut live, &call, &known, fault.as_ref(), now_ms))),
            };
            let changed = matches!(&carried_out, Some(Ok(done)) if done.effect);
            let reply = self.conclude(&mut live, &call, wire, known, fault.as_ref(), carried_out, now_ms);
            (reply, changed)
        };
        if changed {
            self.store_change();
        }
        reply
    }

    fn look(&self, call: &Call<'_>) -> Known<'_> {
        let body = match call.body {
            [] => Ok(json!({})),
            bytes => serde_json::from_slice(bytes).map_err(|_| Refusal::status(400, "Invalid JSON")),
        };
        let field = |key: &str| body.as_ref().ok()?.get(key)?.as_str();
        let token = field("login_token");
        let address = ["linkedin_url", "profile_url", "profile_urn"].into_iter().find_map(field);
        Known {
            account: self.inner.options.accounts.iter().find(|account| Some(account.login_token.as_str()) == token),
            person: address.and_then(|address| self.inner.directory.find(address)).map(|person| person.slug.clone()),
            reaches_person: endpoints::find(call.path).is_some_and(|endpoint| endpoint.reaches_person),
            body,
        }
    }

    fn carry_out(&self, live: &mut Live, call: &Call<'_>, known: &Known<'_>, fault: Option<&FaultKind>, now_ms: i64) -> Outcome {
        admit(&self.inner, live, call, now_ms)?;
        let body = match &known.body {
            Ok(body) => body,
            Err(refusal) => {
                return Err(Refusal { status: refusal.status, body: refusal.body.clone() });
            }
        };
        let mut scene = Scene {
            options: &self.inner.options,
            switches: live.switches,
            world: &self.inner.world,
            directory: &self.inner.directory,
            state: &mut live.state,
            now_ms,
        };
        match fault {
            Some(FaultKind::RepeatedPage) => {
                let mut done = dispatch(&mut scene, call, known.account, &first_page(body))?;
                claim_page(&mut done.answer, body);
                Ok(done)
            }
            Some(FaultKind::EndlessCursor) => {
                let done = dispatch(&mut scene, call, known.account, body)?;
                let mut done = match has_rows(&done.answer) {
                    true => done,
                    false => dispatch(&mut scene, call, known.account, &first_page(body))?,
                };
                claim_page(&mut done.answer, body);
                promise_more(&mut done.answer, live.state.next());
                Ok(done)
            }
            _ => dispatch(&mut scene, call, known.account, body),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn conclude(
        &self,
        live: &mut Live,
        call: &Call<'_>,
        wire: &Wire,
        known: Known<'_>,
        fault: Option<&FaultKind>,
        carried_out: Option<Outcome>,
        now_ms: i64,
    ) -> (Reply, u64) {
        let effect = matches!(&carried_out, Some(Ok(done)) if done.effect);
        let mut credits = match &carried_out {
            Some(Ok(done)) => done.credits,
            Some(Err(refusal)) => wire.failure_credits(refusal.status),
            None => 0,
        };
        let mut outcome = match &carried_out {
            Some(Err(refusal)) => refusal.text(),
            _ => "success".to_owned(),
        };
        let mut reply = match carried_out {
            Some(Ok(done)) => answer(200, &done.answer),
            Some(Err(refusal)) => refused(live, call, refusal, now_ms),
            None => Reply::Hang,
        };
        if let Some(fault) = fault {
            outcome = fault.name();
            reply = spoil(fault, reply);
            if let (false, Reply::Answer { status, .. }) = (fault.is_done(), &reply) {
                credits = wire.failure_credits(*status);
            }
        }
        live.state.credits += credits;
        live.journal.write(LogEntry {
            n: 0,
            at: instant(now_ms),
            method: call.method.to_owned(),
            endpoint: call.path.to_owned(),
            wire: wire.number(),
            account: known.account.map(|account| account.slug.clone()),
            body: known.body.as_ref().map(without_secrets).unwrap_or_default(),
            person: known.person,
            reaches_person: known.reaches_person,
            effect,
            status: match &reply {
                Reply::Answer { status, .. } => *status,
                Reply::Reset | Reply::Hang => 0,
            },
            outcome,
            credits,
        });
        (reply, credits)
    }
}

/// API key and calls a minute.
fn admit(inner: &Inner, live: &mut Live, call: &Call<'_>, now_ms: i64) -> Result<(), Refusal> {
    let known = call.api_key.filter(|key| inner.options.api_keys.iter().any(|known| known == key));
    let Some(key) = known else {
        return Err(Refusal { status: 401, body: status_body(401) });
    };
    let Some(limit) = live.switches.calls_per_minute else {
        return Ok(());
    };
    let recent = live.recent.entry(key.to_owned()).or_default();
    while recent.front().is_some_and(|at| at + MINUTE_MS <= now_ms) {
        recent.pop_front();
    }
    if recent.len() >= limit as usize {
        return Err(Refusal { status: 429, body: status_body(429) });
    }
    recent.push_back(now_ms);
    Ok(())
}

fn dispatch(scene: &mut Scene<'_>, call: &Call<'_>, account: Option<&AccountOptions>, body: &Value) -> Result<Done, Refusal> {
    if let Some(rest) = call.path.strip_prefix(WEBHOOKS_V2) {
        return endpoints::webhooks_v2(scene, call.method, rest, Body(body));
    }
    if let Some(rest) = call.path.strip_prefix(WEBHOOK_ACCOUNTS) {
        return endpoints::webhook_accounts(scene, call.method, rest, Body(body));
    }
    let endpoint = endpoints::find(call.path).ok_or_else(|| Refusal::status(404, "Not found"))?;
    if call.method != "POST" {
        return Err(Refusal::status(405, "Method not allowed"));
    }
    match endpoint.handler {
        Handler::Data(run) => run(scene, Body(body)),
        Handler::Session(run) => {
            let expired =
                |account: &AccountOptions| scene.state.networks.get(&account.slug).is_some_and(|network| network.expired);
            match account.filter(|account| !expired(account)) {
                Some(account) => run(scene, account, Body(body)),
                None => Err(Refusal::said("Invalid cookie")),
            }
        }
    }
}

/// V1 charges failed calls, except the vendor's own failures; an unknown key has nobody to charge.
pub(crate) fn failure_credits(status: u16) -> u64 {
    match status {
        401 | 500.. => 0,
        _ => 1,
    }
}

fn refused(live: &Live, call: &Call<'_>, refusal: Refusal, now_ms: i64) -> Reply {
    let mut reply = answer(refusal.status, &refusal.body);
    if let (429, Reply::Answer { headers, .. }) = (refusal.status, &mut reply) {
        let recent = call.api_key.and_then(|key| live.recent.get(key));
        let oldest = recent.and_then(|recent| recent.front().copied()).unwrap_or(now_ms);
        let seconds = (oldest + MINUTE_MS - now_ms).max(1000) / 1000;
        headers.push(("Retry-After".into(), seconds.to_string()));
    }
    reply
}

pub(crate) fn answer(status: u16, body: &Value) -> Reply {
    let headers = vec![("Content-Type".into(), "application/json".into())];
    Reply::Answer { status, headers, body: body.to_string().into_bytes() }
}

/// The reply a fault makes of the one there was.
fn spoil(fault: &FaultKind, reply: Reply) -> Reply {
    let error = |body: Value| answer(200, &body);
    match fault {
        FaultKind::Status { code, body, headers, retry_after } => {
            let mut reply = answer(*code, &body.clone().unwrap_or_else(|| status_body(*code)));
            if let Reply::Answer { headers: sent, .. } = &mut reply {
                sent.extend(headers.iter().cloned());
                sent.extend(retry_after.map(|seconds| ("Retry-After".into(), seconds.to_string())));
            }
            reply
        }
        FaultKind::ErrorMessage { text } => error(json!({"status": "error", "message": text})),
        FaultKind::ErrorData { text } => error(json!({"status": "error", "data": text})),
        FaultKind::Restriction { sign } => error(json!({"status": "error", "message": sign.text()})),
        FaultKind::Html502 => Reply::Answer {
            status: 502,
            headers: vec![("Content-Type".into(), "text/html".into())],
            body: b"<html><body>Bad gateway</body></html>".to_vec(),
        },
        FaultKind::Reset | FaultKind::DoneThenReset => Reply::Reset,
        FaultKind::HangBefore | FaultKind::DoneThenHang => Reply::Hang,
        FaultKind::Truncated { .. }
        | FaultKind::Huge { .. }
        | FaultKind::WrongSchema
        | FaultKind::RepeatedPage
        | FaultKind::EndlessCursor => match reply {
            Reply::Answer { status, headers, body } => Reply::Answer { status, headers, body: fault.spoil(body) },
            other => other,
        },
    }
}

fn first_page(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("next_cursor");
        for key in ["start_page", "end_page"] {
            if let Some(page) = fields.get_mut(key) {
                *page = 1.into();
            }
        }
    }
    body
}

/// Lets an answer claim to be the page that was asked for.
fn claim_page(answer: &mut Value, body: &Value) {
    let Some(block) = answer["data"].get_mut("pagination") else {
        return;
    };
    let start = body["start_page"].as_u64().unwrap_or(1);
    block["start_page"] = start.into();
    block["end_page"] = body["end_page"].as_u64().unwrap_or(start).into();
}

fn has_rows(answer: &Value) -> bool {
    let fields = answer["data"].as_object();
    fields.is_none_or(|fields| fields.values().any(|field| field.as_array().is_some_and(|rows| !rows.is_empty())))
}

fn promise_more(answer: &mut Value, number: u64) {
    let Some(data) = answer["data"].as_object_mut() else {
        return;
    };
    data.insert("next_cursor".into(), endless_cursor(number).into());
    if data.contains_key("total_available_results") {
        data.insert("total_available_results".into(), 1_000_000.into());
    }
    if let Some(block) = data.get_mut("pagination") {
        block["has_next_page"] = true.into();
    }
}

/// A cursor unlike the ones before, that reads as one and leads to the start.
fn endless_cursor(number: u64) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(format!("DESCNT{}", 1_000_000_000 + number))
}
