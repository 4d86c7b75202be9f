//! The recorded events of `events/`, given to the deployed functions as AWS gives them.

use crate::deploy::Stack;
use crate::wiring::PARAMETERS;
use serde_json::{Value, json};

/// Invokes `function` with a recorded event; only the messages at the places `failed` may come again.
async fn check(stack: &Stack, function: &str, event: &str, failed: &[usize]) {
    let event: Value = serde_json::from_str(event).expect("an event file is JSON");
    let expected: Vec<Value> = failed.iter().map(|n| json!({"itemIdentifier": event["Records"][n]["messageId"]})).collect();
    let answer = stack.invoke(function, &event).await;
    assert_eq!(answer["batchItemFailures"], json!(expected), "{function} answered {answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recorded_events_fail_by_the_message() {
    let stack = Stack::deploy(&PARAMETERS).await;
    check(&stack, "post-publisher", include_str!("../../events/post-publisher.batch-with-poison.json"), &[1]).await;
    check(&stack, "engagement-puller", include_str!("../../events/engagement-puller.batch-with-poison.json"), &[1]).await;
    check(&stack, "engagement-puller", include_str!("../../events/engagement-puller.post-published.json"), &[]).await;
    check(&stack, "lead-finder", include_str!("../../events/lead-finder.batch-with-poison.json"), &[1]).await;
    check(&stack, "scorer", include_str!("../../events/scorer.batch-with-poison.json"), &[1]).await;
    check(&stack, "gatekeeper", include_str!("../../events/gatekeeper.batch-with-poison.json"), &[1]).await;
    check(&stack, "drafter", include_str!("../../events/drafter.batch-with-poison.json"), &[1]).await;
    check(&stack, "sender", include_str!("../../events/sender.instant.json"), &[]).await;
    check(&stack, "sender", include_str!("../../events/sender.poison.json"), &[0]).await;
    check(&stack, "inbox", include_str!("../../events/inbox.batch-with-poison.json"), &[1]).await;
    stack.assert_nothing_was_denied();
}
