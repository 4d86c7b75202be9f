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
    /// Each with the number of seeds within which its absence is seen.
    pub const ALL: [(Self, u64); 11] = [
        (Self::MessageUnchanged, 2),
        (Self::PersonUnchanged, 8),
        (Self::DayUnchanged, 3),
        (Self::Epoch, 4),
        (Self::AccountUnchanged, 3),
        (Self::ReadBudget, 3),
        (Self::CreditCeiling, 4),
        (Self::BlackListSeen, 4),
        (Self::SettingsSeen, 8),
        (Self::SettleDelay, 20),
        (Self::LostIsUnknown, 20),
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
                    Self::Epoch => {
                        whatever(ops, "#n0");
                        unconditional(ops, "prospect");
                        unconditional(ops, "message");
                    }
                    Self::AccountUnchanged => whatever(ops, "#n1"),
                    _ => {}
                }
            }
            ("UpdateItem", Self::ReadBudget) if sort_key(body).contains("reads") => anyway(body),
            ("UpdateItem", Self::CreditCeiling) if partition(body).ends_with("#budget") => anyway(body),
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

/// Lets the claim's check of the epoch (`#n0`) or of the stops beside it (`#n1`) hold whatever it finds.
fn whatever(ops: &mut [Value], name: &str) {
    for check in ops.iter_mut().filter(|op| op["ConditionCheck"]["Key"]["sk"]["S"] == "epoch") {
        let condition = check["ConditionCheck"]["ConditionExpression"].as_str().unwrap_or_default();
        let parts = condition.split(" AND ").map(|part| match part.contains(name) {
            true => format!("({part} OR attribute_exists(pk) OR attribute_not_exists(pk))"),
            false => part.to_owned(),
        });
        let weak = parts.collect::<Vec<_>>().join(" AND ");
        check["ConditionCheck"]["ConditionExpression"] = json!(weak);
    }
}

/// A change under a condition that always holds.
fn anyway(update: &mut Value) {
    if let Some(condition) = update["ConditionExpression"].as_str() {
        let weak = format!("({condition}) OR attribute_exists(pk) OR attribute_not_exists(pk)");
        update["ConditionExpression"] = json!(weak);
    }
}
