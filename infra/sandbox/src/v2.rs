//! LinkupAPI V2's wire format over the same world: a call is carried out as the V1 call that does the same, and what
//! that answers is put into V2's envelope, pages, prices and error codes.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::call::{Call, Reply, answer, failure_credits};
use crate::options::AccountOptions;
use crate::sandbox::Sandbox;
use crate::wire::{Outcome, PER_PAGE};

/// Where V2 lives.
pub(crate) const PREFIX: &str = "/v2/";

/// The wire format a call came in, as far as prices depend on it.
#[derive(Debug)]
pub(crate) enum Wire {
    V1,
    V2(Shape),
}

/// What a V2 call answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One thing, or nothing.
    One,
    /// Rows of a list, so many for one credit, asked from an offset.
    List { rows: &'static str, named: &'static str, per_credit: u64, offset: u64 },
    /// Posts, gone on with by the number of the next page.
    Posts { page: u64 },
}

impl Wire {
    /// As the log names it.
    pub fn number(&self) -> u8 {
        if matches!(self, Wire::V1) { 1 } else { 2 }
    }

    /// V2 never charges a failed call.
    pub fn failure_credits(&self, status: u16) -> u64 {
        if matches!(self, Wire::V1) { failure_credits(status) } else { 0 }
    }

    /// V2 charges lists by the rows they bring.
    pub fn priced(&self, outcome: Outcome) -> Outcome {
        let mut done = outcome?;
        let (rows, per_credit) = match self {
            Wire::V2(Shape::List { rows, per_credit, .. }) => (*rows, *per_credit),
            Wire::V2(Shape::Posts { .. }) => ("posts", 10),
            _ => return Ok(done),
        };
        let returned = done.answer["data"][rows].as_array().map_or(0, Vec::len) as u64;
        done.credits = returned.div_ceil(per_credit).max(1);
        Ok(done)
    }
}

/// The V1 call that does the same.
struct Asked {
    path: &'static str,
    body: Value,
    shape: Shape,
}

/// Answers one V2 call.
pub(crate) fn handle(sandbox: &Sandbox, call: Call<'_>) -> Reply {
    let known = call.api_key.is_some_and(|key| sandbox.inner.options.api_keys.iter().any(|known| known == key));
    if !known {
        return refused("", 403, "INVALID_API_KEY", "Invalid API key");
    }
    let Ok(body) = serde_json::from_slice::<Value>(if call.body.is_empty() { b"{}" } else { call.body }) else {
        return refused("", 400, "INVALID_PARAMS", "Invalid JSON");
    };
    let rest = &call.path[PREFIX.len()..];
    if (call.method, rest) == ("GET", "credits") {
        return enveloped("credits", "", 0, now(sandbox), json!({"credits_used": sandbox.credits()}));
    }
    let action = body["action"].as_str().unwrap_or(rest).to_owned();
    if rest.starts_with("webhooks") {
        let (reply, credits) = sandbox.answer(call, &Wire::V2(Shape::One));
        return converted(reply, &action, "", credits, now(sandbox), Shape::One);
    }
    if let "login" | "checkpoint" = rest {
        return signed_in(sandbox, call, rest);
    }
    let Some(account) = account(sandbox, &body) else {
        return refused(&action, 404, "INVALID_ACCOUNT", "No such account");
    };
    let params = body["params"].as_object().cloned().unwrap_or_default();
    let asked = match translate(rest, &action, params) {
        Ok(asked) => asked,
        Err((code, message)) => return refused(&action, 400, code, message),
    };
    let mut v1 = asked.body;
    v1["login_token"] = account.login_token.clone().into();
    let bytes = v1.to_string();
    let same = Call { method: call.method, path: asked.path, api_key: call.api_key, body: bytes.as_bytes() };
    let (reply, credits) = sandbox.answer(same, &Wire::V2(asked.shape));
    converted(reply, &action, &account.account_id, credits, now(sandbox), asked.shape)
}

fn account<'a>(sandbox: &'a Sandbox, body: &Value) -> Option<&'a AccountOptions> {
    let id = body["account_id"].as_str()?;
    sandbox.inner.options.accounts.iter().find(|account| account.account_id == id)
}

fn now(sandbox: &Sandbox) -> String {
    sandbox.now().to_string()
}

/// Signing in tells the account's id instead of its token.
fn signed_in(sandbox: &Sandbox, call: Call<'_>, rest: &str) -> Reply {
    let path = if rest == "login" { "/v1/auth/login" } else { "/v1/auth/verify" };
    let (reply, _) = sandbox.answer(Call { path, ..call }, &Wire::V2(Shape::One));
    let Reply::Answer { status: 200, body, .. } = &reply else { return reply };
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    if said["status"] != "success" {
        return refused(rest, 400, "INVALID_PARAMS", said["message"].as_str().unwrap_or("Refused"));
    }
    let token = said["login_token"].as_str();
    let account = sandbox.inner.options.accounts.iter().find(|account| Some(account.login_token.as_str()) == token);
    let data = match account {
        Some(account) => json!({"account_id": account.account_id, "status": "connected"}),
        None => json!({"status": "checkpoint_required"}),
    };
    enveloped(rest, "", 0, now(sandbox), data)
}

type Refused = (&'static str, &'static str);

/// The V1 call of a category's action.
fn translate(category: &str, action: &str, mut params: Map<String, Value>) -> Result<Asked, Refused> {
    let one = |path, body| Ok(Asked { path, body, shape: Shape::One });
    let url = params.get("profile_url").or_else(|| params.get("linkedin_url")).cloned().unwrap_or_default();
    match (category, action) {
        ("profiles", "get_profile") => one("/v1/profile/info", json!({"linkedin_url": url})),
        ("profiles", "get_company") => one("/v1/companies/info", json!({"company_url": params.remove("company_url")})),
        ("profiles", "get_posts") => {
            let page = match params.get("cursor").and_then(Value::as_str) {
                None => 1,
                Some(cursor) => cursor.strip_prefix("page-").and_then(|n| n.parse().ok()).ok_or(BAD_PARAMS)?,
            };
            let body = json!({"linkedin_url": url, "start_page": page, "end_page": page});
            Ok(Asked { path: "/v1/posts/search", body, shape: Shape::Posts { page } })
        }
        ("profiles", "search_people") => {
            let body = search(&params)?;
            let shape = Shape::List { rows: "profiles", named: "results", per_credit: 10, offset: 0 };
            Ok(Asked { path: "/v1/profile/search", body, shape })
        }
        ("content", "get_reactions") => {
            listed("/v1/posts/reactions", "reactions", 10, json!({"post_url": params["post_url"]}), &params)
        }
        ("content", "get_comments") => {
            listed("/v1/posts/extract-comments", "comments", 10, json!({"post_url": params["post_url"]}), &params)
        }
        ("network", "list_connections") => listed("/v1/network/connections", "connections", 50, json!({}), &params),
        ("content", "create") => one("/v1/posts/create", Value::Object(params)),
        ("content", "create_company") => one("/v1/posts/create-company", Value::Object(params)),
        ("network", "check_invitation") => one("/v1/network/invitation-status", json!({"linkedin_url": url})),
        ("network", "invite") => one("/v1/network/connect", json!({"linkedin_url": url, "message": params.remove("message")})),
        ("messages", "send") => {
            params.insert("linkedin_url".into(), url);
            one("/v1/messages/send-message", Value::Object(params))
        }
        ("messages", "get_conversation") => {
            let body = json!({"linkedin_url": url, "total_results": params.remove("count")});
            one("/v1/messages/conversation", body)
        }
        ("messages", "list_inbox") => {
            let body = json!({
                "total_results": params.remove("count"), "category": params.remove("category"),
                "next_cursor": params.remove("cursor"),
            });
            let shape = Shape::List { rows: "conversations", named: "conversations", per_credit: 10, offset: 0 };
            Ok(Asked { path: "/v1/messages/inbox", body, shape })
        }
        _ => Err(("INVALID_ACTION", "Unknown action")),
    }
}

const BAD_PARAMS: Refused = ("INVALID_PARAMS", "Invalid parameter");

/// A list by offset as V1's pages of ten.
fn listed(
    path: &'static str,
    rows: &'static str,
    per_credit: u64,
    mut body: Value,
    params: &Map<String, Value>,
) -> Result<Asked, Refused> {
    let number = |name: &str, default: u64| params.get(name).map_or(Some(default), Value::as_u64).ok_or(BAD_PARAMS);
    let (count, offset) = (number("count", 10)?, number("offset", 0)?);
    let ten = PER_PAGE as u64;
    if count == 0 || count > 1_000 || count % ten != 0 || offset % ten != 0 {
        return Err(BAD_PARAMS);
    }
    body["start_page"] = (offset / ten + 1).into();
    body["end_page"] = ((offset + count) / ten).into();
    Ok(Asked { path, body, shape: Shape::List { rows, named: rows, per_credit, offset } })
}

/// V2's criteria as V1's: lists of texts become one, a company's name a keyword.
fn search(params: &Map<String, Value>) -> Result<Value, Refused> {
    let text = |name: &str| params.get(name).and_then(Value::as_str).map(str::to_owned);
    let joined = |name: &str| {
        let texts: Vec<&str> = params.get(name)?.as_array()?.iter().filter_map(Value::as_str).collect();
        Some(texts.join(";"))
    };
    let keywords: Vec<String> = text("keyword").into_iter().chain(text("company_name")).collect();
    let count = params.get("count").map_or(Some(10), Value::as_u64).ok_or(BAD_PARAMS)?;
    let mut body = json!({"total_results": count, "keyword": keywords.join(" ")});
    for (name, value) in [
        ("title", text("title")),
        ("location", joined("location")),
        ("industry", joined("industry")),
        ("company_url", joined("company_url")),
        ("school_url", joined("school_url")),
    ] {
        if let Some(value) = value {
            body[name] = value.into();
        }
    }
    Ok(body)
}

/// A V1 answer in V2's words; what is no JSON was spoilt on purpose and stays so.
fn converted(reply: Reply, action: &str, account_id: &str, credits: u64, at: String, shape: Shape) -> Reply {
    let Reply::Answer { status, headers, body } = reply else { return reply };
    let Ok(said) = serde_json::from_slice::<Value>(&body) else { return Reply::Answer { status, headers, body } };
    let mut converted = if status == 200 && said["status"] == "success" {
        let data = said.get("data").cloned().unwrap_or_else(|| json!({"message": said["message"]}));
        enveloped(action, account_id, credits, at, paged(data, shape))
    } else if status == 200 && said["status"] != "error" {
        // A schema of nobody's: spoilt on purpose.
        return Reply::Answer { status, headers, body };
    } else {
        let text = said["message"].as_str().or(said["data"].as_str()).or(said["error"].as_str()).unwrap_or("Refused");
        let (status, code) = coded(status, text);
        refused(action, status, code, text)
    };
    if let Reply::Answer { headers: sent, .. } = &mut converted {
        sent.extend(headers.into_iter().filter(|(name, _)| name == "Retry-After"));
    }
    converted
}

/// Status and code of a V1 error.
fn coded(status: u16, text: &str) -> (u16, &'static str) {
    match (status, text) {
        (401, _) => (403, "INVALID_API_KEY"),
        (402, _) => (402, "INSUFFICIENT_CREDITS"),
        (429, _) => (429, "RATE_LIMITED"),
        (500.., _) => (status, "INTERNAL_ERROR"),
        (_, "Invalid cookie") => (403, "ACCOUNT_INACTIVE"),
        (_, "Invalid parameter" | "Invalid JSON") => (400, "INVALID_PARAMS"),
        _ => (status, "CHANNEL_ERROR"),
    }
}

/// Pages as V2 tells them.
fn paged(mut data: Value, shape: Shape) -> Value {
    let Some(fields) = data.as_object_mut() else { return data };
    let told = fields.remove("pagination");
    let more_told = told.as_ref().and_then(|block| block["has_next_page"].as_bool());
    match shape {
        Shape::One => {}
        Shape::Posts { page } => {
            let returned = fields.get("posts").and_then(Value::as_array).map_or(0, Vec::len);
            if more_told.unwrap_or(returned >= PER_PAGE) {
                fields.insert("next_cursor".into(), format!("page-{}", page + 1).into());
            }
        }
        Shape::List { rows, named, offset, .. } => {
            let list = fields.remove(rows).unwrap_or_else(|| json!([]));
            let returned = list.as_array().map_or(0, Vec::len) as u64;
            fields.insert(named.into(), list);
            let available = fields.get("total_available_results").and_then(Value::as_u64);
            let more = more_told.unwrap_or(available.is_some_and(|all| all > offset + returned) && returned > 0);
            if told.is_some() {
                let next = if more { json!(offset + returned) } else { Value::Null };
                let block = json!({"offset": offset, "count": returned, "next_offset": next, "has_more": more});
                fields.insert("pagination".into(), block);
            }
        }
    }
    data
}

fn enveloped(action: &str, account_id: &str, credits: u64, at: String, data: Value) -> Reply {
    let metadata = json!({"action": action, "account_id": account_id, "credits_consumed": credits, "timestamp": at});
    answer(200, &json!({"success": true, "data": data, "metadata": metadata}))
}

fn refused(action: &str, status: u16, code: &str, message: &str) -> Reply {
    let metadata = json!({"action": action, "credits_consumed": 0});
    answer(status, &json!({"success": false, "error": {"code": code, "message": message}, "metadata": metadata}))
}

/// The headers of a signed delivery: HMAC-SHA256 over `<timestamp>.<body>`.
pub(crate) fn signature(secret: &str, timestamp: i64, body: &str) -> [(&'static str, String); 2] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(format!("{timestamp}.{body}").as_bytes());
    let signed = format!("v1={}", hex::encode(mac.finalize().into_bytes()));
    [("X-Linkup-Timestamp", timestamp.to_string()), ("X-Linkup-Signature", signed)]
}
