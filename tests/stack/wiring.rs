//! The wiring of the template: what starts which function, and where a message goes that nobody can read.

use crate::deploy::{Stack, eventually};
use serde_json::{Value, json};

const QUEUES: [&str; 8] = ["publish", "pull", "find", "score", "gate", "draft", "send", "inbound"];

/// 32 bytes in base64, worth nothing outside these tests.
pub const SECRET_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// No vendor answers on the discard port: nothing in these tests may need one.
pub const PARAMETERS: [(&str, &str); 3] =
    [("LinkupUrl", "http://127.0.0.1:9"), ("EmulatorLinkupKey", "key"), ("EmulatorSecretKey", SECRET_KEY)];

/// A message that is work for nobody any more: its subject does not exist.
fn of_nobody(queue: &str) -> String {
    let nobody = "00000000000000000000000000000000";
    let task = match queue {
        "publish" => json!({"kind": "publish_post", "post": format!("post_{nobody}")}),
        "pull" => json!({"kind": "plan_pulls", "post": format!("post_{nobody}")}),
        "find" => json!({"kind": "find_leads", "run": format!("run_{nobody}")}),
        "score" => json!({"kind": "score_batch", "batch": format!("bat_{nobody}")}),
        "gate" => json!({"kind": "gate_batch", "batch": format!("bat_{nobody}")}),
        "draft" => json!({"kind": "draft_batch", "batch": format!("bat_{nobody}")}),
        "send" => json!({"kind": "settle_message", "message": format!("msg_{nobody}_1")}),
        _ => json!({"kind": "apply_inbound", "inbound": format!("inb_{nobody}")}),
    };
    let mut job = json!({"v": 1, "workspace": format!("ws_{nobody}")});
    let fields = job.as_object_mut().expect("an object");
    fields.extend(task.as_object().expect("an object").clone());
    job.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_goes_to_the_dead_letters_alone() {
    let stack = Stack::deploy(&PARAMETERS).await;
    for name in QUEUES {
        let url = stack.queue(name).await;
        // The template's minutes of visibility would make five failed receives last for hours.
        stack.aws.set_visibility(&url, 1).await;
        stack.aws.send_messages(&url, &["{\"v\":1,\"kind\":", &of_nobody(name)]).await;
    }
    for name in QUEUES {
        let (work, dead) = (stack.queue(name).await, stack.queue(&format!("{name}-dead")).await);
        let settled = async || stack.aws.depth(&work).await == 0 && stack.aws.depth(&dead).await > 0;
        eventually(&format!("{name} is empty and its poison is among the dead letters"), 60, settled).await;
        assert_eq!(stack.aws.bodies(&dead).await, ["{\"v\":1,\"kind\":"], "dead letters of {name}");
    }
    stack.assert_nothing_was_denied();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routes_schedule_bus_and_stream_reach_their_functions() {
    let stack = Stack::deploy(&PARAMETERS).await;

    let health = reqwest::get(stack.url("/health")).await.expect("the console answers");
    assert_eq!(health.status(), 200);
    let health: Value = health.json().await.expect("JSON");
    assert_eq!(health["status"], "ok");

    let pushed = reqwest::Client::new().post(stack.url("/webhooks/linkup/nobody")).body("{}").send().await;
    assert_eq!(pushed.expect("the webhooks answer").status(), 404, "an unknown path token");

    let tick: Value = serde_json::from_str(include_str!("../../events/clock.tick.json")).expect("an event file is JSON");
    let answer = stack.invoke("clock", &tick).await;
    assert!(answer["errorMessage"].is_null(), "{answer}");

    // Nobody reads while the mapping sleeps, so what the rule delivers can be looked at.
    let url = stack.queue("pull").await;
    stack.pause_reading("pull").await;
    let detail = json!({"workspace": "ws_1", "post": "post_1"}).to_string();
    let entry =
        json!({"EventBusName": stack.output("BusName"), "Source": "amorce", "DetailType": "PostPublished", "Detail": detail});
    let answer = stack.aws.json("events", "AWSEvents.PutEvents", json!({"Entries": [entry]})).await;
    assert_eq!(answer["FailedEntryCount"], 0);
    eventually("the rule delivers the event", 10, async || stack.aws.depth(&url).await == 1).await;
    let delivered: Vec<Value> = stack.aws.bodies(&url).await.iter().map(|b| serde_json::from_str(b).expect("JSON")).collect();
    assert_eq!(delivered, [json!({"v": 1, "kind": "plan_pulls", "workspace": "ws_1", "post": "post_1"})]);

    let item = json!({"pk": {"S": "ws_nobody#check"}, "sk": {"S": "stream"}});
    stack.aws.json("dynamodb", "DynamoDB_20120810.PutItem", json!({"TableName": stack.output("TableName"), "Item": item})).await;
    eventually("the reporter reads the stream", 30, async || stack.has_run("reporter")).await;
    assert_eq!(stack.aws.depth(&stack.queue("reporter-dead").await).await, 0);
    stack.assert_nothing_was_denied();
}
