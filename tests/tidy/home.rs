//! The AWS home against the code: functions, their variables, queues, time-outs, permissions.

use crate::{
    check, functions, rust_files,
    template::{read, root},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const FUNCTION: &str = "AWS::Serverless::Function";
const QUEUE: &str = "AWS::SQS::Queue";

/// Visibility is at least this many times the time-out of the function that reads the queue.
const VISIBILITY_FACTOR: i64 = 6;

/// What a function needs on the queue that it reads: the last two to say when a record is to come again.
const READER_ACTIONS: [&str; 5] =
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ChangeMessageVisibility"];

/// The resources of `kind`, by logical name.
fn resources<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = template["Resources"].as_object().expect("the template has resources");
    all.iter().filter(move |(_, r)| r["Type"] == kind).map(|(name, r)| (name.as_str(), r))
}

/// The logical name that `{"Ref":…}` or `{"Fn::GetAtt":[…]}` points to.
fn target(reference: &Value) -> Option<&str> {
    reference["Ref"].as_str().or_else(|| reference["Fn::GetAtt"][0].as_str())
}

/// The resource of each function, by the name of its binary.
fn by_binary(template: &Value) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    for (name, resource) in resources(template, FUNCTION) {
        let metadata = &resource["Metadata"];
        assert_eq!(metadata["BuildMethod"], "rust-cargolambda", "{name}");
        let binary = metadata["BuildProperties"]["Binary"].as_str().unwrap_or_else(|| panic!("{name} names no Binary"));
        assert!(found.insert(binary.to_owned(), resource).is_none(), "two resources are made of {binary}");
    }
    found
}

/// The variables that a function's resource is given, without the log level that every function reads.
fn given(template: &Value, resource: &Value) -> BTreeSet<String> {
    let own = &resource["Properties"]["Environment"]["Variables"];
    let global = &template["Globals"]["Function"]["Environment"]["Variables"];
    let names = [own, global].into_iter().filter_map(Value::as_object).flat_map(|variables| variables.keys().cloned());
    names.filter(|name| name != "RUST_LOG").collect()
}

/// The names in `pub const CONFIG: &[&str]` of a function's crate; `None` where there is no such list.
fn wanted(function: &str) -> Option<BTreeSet<String>> {
    let files = rust_files(&root().join("functions").join(function).join("src"));
    let list = files.iter().find_map(|(_, text)| {
        let (_, rest) = text.split_once("pub const CONFIG: &[&str] =")?;
        let (_, rest) = rest.split_once("&[")?;
        rest.split_once(']').map(|(list, _)| list.to_owned())
    })?;
    let names = list.lines().map(|line| line.split("//").next().unwrap_or_default());
    let names = names.flat_map(|line| line.split(',')).map(|name| name.trim().trim_matches('"').to_owned());
    Some(names.filter(|name| !name.is_empty() && name != "RUST_LOG").collect())
}

#[test]
fn every_function_has_one_resource() {
    let template = read();
    let deployed: Vec<String> = by_binary(&template).into_keys().collect();
    assert_eq!(deployed, functions(), "functions of the template, and folders of functions/");
}

#[test]
fn functions_are_given_what_they_read() {
    let template = read();
    let mut complaints = Vec::new();
    for (function, resource) in by_binary(&template) {
        let Some(wanted) = wanted(&function) else {
            complaints.push(format!("functions/{function} has no `pub const CONFIG: &[&str]`"));
            continue;
        };
        let given = given(&template, resource);
        complaints
            .extend(wanted.difference(&given).map(|name| format!("{function} reads {name}, the template does not give it")));
        complaints.extend(given.difference(&wanted).map(|name| format!("{function} is given {name} and does not read it")));
    }
    check("functions are given what they read", complaints);
}

fn timeout(template: &Value, function: &Value) -> i64 {
    let global = &template["Globals"]["Function"]["Timeout"];
    function["Properties"]["Timeout"].as_i64().or(global.as_i64()).expect("every function has a time-out")
}

fn events(function: &Value) -> impl Iterator<Item = &Value> {
    function["Properties"]["Events"].as_object().into_iter().flat_map(|events| events.values())
}

#[test]
fn queues_keep_their_promises() {
    let template = read();
    let queues: BTreeMap<&str, &Value> = resources(&template, QUEUE).collect();
    let alarmed = |queue: &str| {
        resources(&template, "AWS::CloudWatch::Alarm").any(|(_, alarm)| {
            let dimensions = alarm["Properties"]["Dimensions"].as_array().into_iter().flatten();
            let acts = alarm["Properties"]["AlarmActions"].as_array().is_some_and(|actions| !actions.is_empty());
            acts && dimensions.into_iter().any(|d| target(&d["Value"]) == Some(queue))
        })
    };
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for (function, resource) in by_binary(&template) {
        for event in events(resource) {
            let properties = &event["Properties"];
            if !matches!(event["Type"].as_str(), Some("SQS" | "DynamoDB")) {
                continue;
            }
            let answers = properties["FunctionResponseTypes"].as_array().cloned().unwrap_or_default();
            if !answers.contains(&"ReportBatchItemFailures".into()) {
                complaints.push(format!("{function} fails whole batches"));
            }
            let dead = if event["Type"] == "SQS" {
                let name = target(&properties["Queue"]).expect("the queue of a mapping");
                seen.insert(name);
                let queue = &queues[name]["Properties"];
                let visibility = queue["VisibilityTimeout"].as_i64().unwrap_or(30);
                if visibility < VISIBILITY_FACTOR * timeout(&template, resource) {
                    complaints.push(format!("{name}: {visibility} s of visibility is too short for {function}"));
                }
                target(&queue["RedrivePolicy"]["deadLetterTargetArn"])
            } else {
                target(&properties["DestinationConfig"]["OnFailure"]["Destination"])
            };
            match dead {
                Some(dead) if queues.contains_key(dead) => {
                    seen.insert(dead);
                    if !alarmed(dead) {
                        complaints.push(format!("{dead} fills without an alarm"));
                    }
                }
                _ => complaints.push(format!("{function} has nowhere to leave dead letters")),
            }
        }
    }
    complaints.extend(queues.keys().filter(|name| !seen.contains(*name)).map(|name| format!("{name} is read by nobody")));
    check("queues keep their promises", complaints);
}

/// Every (action, logical name or text of the resource) that a role allows.
fn permissions(template: &Value, role: &str) -> Vec<(String, String)> {
    fn each(value: &Value) -> Vec<&Value> {
        value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
    }
    let policies = template["Resources"][role]["Properties"]["Policies"].as_array().into_iter().flatten();
    let mut found = Vec::new();
    for policy in policies {
        for statement in each(&policy["PolicyDocument"]["Statement"]) {
            let statement = if statement["Fn::If"].is_array() { &statement["Fn::If"][1] } else { statement };
            for resource in each(&statement["Resource"]) {
                let resource = target(resource).map_or_else(|| resource.to_string(), str::to_owned);
                let actions = each(&statement["Action"]).into_iter().map(|a| a.as_str().expect("an action is text").to_owned());
                found.extend(actions.map(|action| (action, resource.clone())));
            }
        }
    }
    found
}

#[test]
fn roles_allow_what_is_used_and_no_more() {
    let template = read();
    let mut complaints = Vec::new();
    for (function, resource) in by_binary(&template) {
        let properties = &resource["Properties"];
        let Some(role) = target(&properties["Role"]) else {
            complaints.push(format!("{function} has no role of its own"));
            continue;
        };
        let permissions = permissions(&template, role);
        for (action, on) in &permissions {
            // Listing streams is the one action used that AWS cannot bind to a resource.
            if action.contains('*') || (on.trim_matches('"') == "*" && action != "dynamodb:ListStreams") {
                complaints.push(format!("{role} allows {action} on {on}"));
            }
        }
        let reads: Vec<&str> = events(resource).filter_map(|e| target(&e["Properties"]["Queue"])).collect();
        let variables = properties["Environment"]["Variables"].as_object().into_iter().flatten();
        let named = variables.filter(|(name, _)| name.starts_with("AMORCE_QUEUE_")).filter_map(|(_, value)| target(value));
        let sends: BTreeSet<&str> =
            permissions.iter().filter(|(a, _)| a == "sqs:SendMessage").map(|(_, on)| on.as_str()).collect();
        for queue in named.filter(|queue| !reads.contains(queue) && !sends.contains(queue)) {
            complaints.push(format!("{function} knows {queue} and may not send to it"));
        }
        let may = |action: &str, on: &str| permissions.iter().any(|(a, r)| a == action && r == on);
        for (queue, action) in reads.iter().flat_map(|queue| READER_ACTIONS.map(|action| (*queue, action))) {
            if !may(action, queue) {
                complaints.push(format!("{function} reads {queue} and is not allowed {action}"));
            }
        }
        let bus = properties["Environment"]["Variables"]["AMORCE_BUS"].as_object().is_some();
        if bus != may("events:PutEvents", "Bus") {
            complaints.push(format!("{function} knows the bus or may tell it something, not both"));
        }
    }
    check("roles allow what is used and no more", complaints);
}

#[test]
fn logs_do_not_stay_for_ever() {
    let template = read();
    let groups: BTreeSet<&str> = resources(&template, "AWS::Logs::LogGroup").map(|(name, _)| name).collect();
    let lasting = resources(&template, "AWS::Logs::LogGroup").filter(|(_, g)| g["Properties"]["RetentionInDays"].is_null());
    let mut complaints: Vec<String> = lasting.map(|(name, _)| format!("{name} has no retention")).collect();
    for (name, function) in resources(&template, FUNCTION) {
        let group = target(&function["Properties"]["LoggingConfig"]["LogGroup"]);
        if !group.is_some_and(|group| groups.contains(group)) {
            complaints.push(format!("{name} logs to a group that the template does not bound"));
        }
    }
    check("logs do not stay for ever", complaints);
}
