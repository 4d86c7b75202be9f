//! Guards of the product taken away one by one, to prove that the simulator sees it. Done between the product and the
//! world (conditions struck out of requests, answers that hide something), so that no product code knows of it.

use serde_json::{Value, json};
use std::collections::HashMap;
use store::faults::Request;

/// What keeps a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The claim is upon the message as it was approved.
    MessageUnchanged,
    /// The claim is upon the person as the gate saw them, and upon the message, which a reply cancels too: a reply makes it
    /// fail.
    PersonUnchanged,
    /// The claim is upon the day's counters.
    DayUnchanged,
    /// The claim is upon the suppression epoch, and upon message and person, which a stop changes too.
    Epoch,
    /// The claim is upon an account that is not paused.
    AccountUnchanged,
    /// The claim is upon the contacts with colleagues.
    ColleaguesUnchanged,
    /// Session reads stay below their budget.
    ReadBudget,
    /// Credits stay below their ceiling.
    CreditCeiling,
    /// The gate in the instant of sending sees the black list.
    BlackListSeen,
    /// The gate in the instant of sending sees the settings as they are now.
    SettingsSeen,
    /// An unknown outcome settles before it is read.
    SettleDelay,
    /// A call whose answer is lost is not taken for one that never left.
    LostIsUnknown,
}

impl Guard {
    pub const ALL: [Self; 12] = [
        Self::MessageUnchanged,
        Self::PersonUnchanged,
        Self::DayUnchanged,
        Self::Epoch,
        Self::AccountUnchanged,
        Self::ColleaguesUnchanged,
        Self::ReadBudget,
        Self::CreditCeiling,
        Self::BlackListSeen,
        Self::SettingsSeen,
        Self::SettleDelay,
        Self::LostIsUnknown,
    ];

    /// Strikes the guard out of a request.
    pub fn weaken(self, request: &mut Request) {
        let body = &mut request.body;
        match (request.operation.as_str(), self) {
            ("TransactWriteItems", _) => {
                let Some(ops) = body["TransactItems"].as_array_mut() else { return };
                if !ops.iter().any(|op| is_claim(&op["Put"]["Item"])) {
                    return;
                }
                match self {
                    Self::MessageUnchanged => unconditional(ops, "message"),
                    Self::PersonUnchanged => {
                        unconditional(ops, "prospect");
                        unconditional(ops, "message");
                    }
                    Self::DayUnchanged => unconditional(ops, "account_day"),
                    Self::ColleaguesUnchanged => unconditional(ops, "company_contact"),
                    Self::Epoch => {
                        ops.retain(|op| op["ConditionCheck"]["Key"]["sk"]["S"] != "epoch");
                        unconditional(ops, "prospect");
                        unconditional(ops, "message");
                    }
                    Self::AccountUnchanged => {
                        let account =
                            |op: &Value| op["ConditionCheck"]["Key"]["sk"]["S"].as_str().is_some_and(|sk| sk != "epoch");
                        ops.retain(|op| !account(op));
                    }
                    _ => {}
                }
            }
            ("UpdateItem", Self::ReadBudget) if sort_key(body).contains("reads") => unlimited(body),
            ("UpdateItem", Self::CreditCeiling) if partition(body).ends_with("#budget") => unlimited(body),
            _ => {}
        }
    }

    /// The answer to a request of a task that is kept from seeing what there is.
    pub fn tells(self, request: &Request, task: Option<&str>, first: &HashMap<String, String>) -> Option<String> {
        if task != Some("send") {
            return None;
        }
        match self {
            Self::BlackListSeen if request.operation == "BatchGetItem" => {
                let tables = request.body["RequestItems"].as_object()?;
                let keys = tables.values().next()?["Keys"].as_array()?;
                let listed = keys.iter().any(|key| key["pk"]["S"].as_str().is_some_and(|pk| pk.contains("#suppressed#")));
                listed.then(|| {
                    let none: serde_json::Map<_, _> = tables.keys().map(|table| (table.clone(), json!([]))).collect();
                    json!({ "Responses": none, "UnprocessedKeys": {} }).to_string()
                })
            }
            Self::SettingsSeen if request.operation == "GetItem" && !partition(&request.body).contains('#') => {
                first.get(&request.body["Key"].to_string()).cloned()
            }
            _ => None,
        }
    }
}

fn is_claim(item: &Value) -> bool {
    item["t"]["S"] == "message" && item["st"]["S"] == "sending"
}

fn sort_key(body: &Value) -> &str {
    body["Key"]["sk"]["S"].as_str().unwrap_or_default()
}

fn partition(body: &Value) -> &str {
    body["Key"]["pk"]["S"].as_str().unwrap_or_default()
}

fn strike(put: &mut Value) {
    if let Some(put) = put.as_object_mut() {
        for part in ["ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"] {
            put.remove(part);
        }
    }
}

fn unconditional(ops: &mut [Value], kind: &str) {
    for op in ops.iter_mut().filter(|op| op["Put"]["Item"]["t"]["S"] == kind) {
        strike(&mut op["Put"]);
    }
}

/// A ceiling no sum reaches.
fn unlimited(update: &mut Value) {
    if update["ExpressionAttributeValues"][":m"].is_object() {
        update["ExpressionAttributeValues"][":m"] = json!({ "N": "999999999999" });
    }
}
