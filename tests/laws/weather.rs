//! The weather of a simulation: what the stage decides becomes DynamoDB's and SQS's failures, and claims are seen.

use crate::sabotage::Guard;
use crate::stage::{Stage, Verdict, What};
use async_trait::async_trait;
use jiff::SignedDuration;
use kit::Failure;
use kit::queue::{Depth, Outgoing, Queues};
use serde_json::Value;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::faults::{Fate, Refusal, Request, Weather};

/// A message whose state was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub pk: String,
    pub sk: String,
    pub kind: String,
    /// The status that the write gave it.
    pub status: String,
}

/// The store's weather.
pub struct Sky {
    pub stage: Stage,
    pub lag: AtomicUsize,
    /// The guard that is taken away, if one is.
    pub without: Option<Guard>,
    /// Items with a status, as they were written since somebody looked.
    written: Mutex<Vec<Written>>,
    /// The first answer to each question, for a sender that does not look again.
    first: Mutex<HashMap<String, String>>,
}

impl Sky {
    pub fn new(stage: Stage, without: Option<Guard>) -> Self {
        Self { stage, lag: AtomicUsize::new(0), without, written: Mutex::default(), first: Mutex::default() }
    }

    /// What was written since the last look.
    pub fn take_written(&self) -> Vec<Written> {
        std::mem::take(&mut self.written.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]["S"].as_str().unwrap_or_default()
}

/// What a request is about, without anything that differs from run to run.
fn about(request: &Request) -> String {
    let body = &request.body;
    // Of a sort key what all of its kind have in common: neither ids nor dates.
    let of_key = |key: &Value| {
        let first = text(key, "sk").split('#').next().unwrap_or_default();
        let kind = first.split_once('_').map_or(first, |(kind, _)| kind);
        if kind.starts_with(|c: char| c.is_ascii_digit()) { "date".to_owned() } else { kind.to_owned() }
    };
    match request.operation.as_str() {
        "PutItem" => text(&body["Item"], "t").to_owned(),
        "GetItem" | "UpdateItem" | "DeleteItem" => of_key(&body["Key"]),
        "TransactWriteItems" => {
            let ops = body["TransactItems"].as_array().into_iter().flatten();
            let what = ops.map(|op| match &op["Put"]["Item"] {
                Value::Null => op.as_object().and_then(|op| op.keys().next().cloned()).unwrap_or_default(),
                item => text(item, "t").to_owned(),
            });
            what.collect::<Vec<_>>().join("+")
        }
        "Query" => match body["IndexName"].as_str() {
            Some(index) => format!("index {index}"),
            None => text(&body["ExpressionAttributeValues"], ":s").to_owned(),
        },
        _ => String::new(),
    }
}

/// The items that a write puts.
fn puts(request: &Request) -> Vec<&Value> {
    match request.operation.as_str() {
        "PutItem" => vec![&request.body["Item"]],
        "TransactWriteItems" => {
            request.body["TransactItems"].as_array().into_iter().flatten().map(|op| &op["Put"]["Item"]).collect()
        }
        _ => Vec::new(),
    }
}

impl Weather for Sky {
    fn fate(&self, mut request: Request) -> Pin<Box<dyn Future<Output = (Request, Fate)> + Send>> {
        let told = self.without.and_then(|guard| {
            guard.weaken(&mut request);
            let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
            guard.tells(&request, self.stage.kind(), &first)
        });
        let claimed = |item: &&Value| text(item, "t") == "message" && text(item, "st") == "sending";
        let claims =
            puts(&request).into_iter().find(claimed).and_then(|item| text(item, "sk").split('#').nth(1)).map(str::to_owned);
        let what = What::Store { operation: request.operation.clone(), about: about(&request), claims };
        let wait = self.stage.wait(what);
        Box::pin(async move {
            let refusals = [Refusal::Throttled, Refusal::Internal, Refusal::Broken, Refusal::Conflict];
            let kinds = if request.writes() { 4 } else { 3 };
            let refusal = |n: u32| refusals[n as usize % kinds];
            let fate = match wait.await {
                Verdict::Before(n) => Fate::Refused(refusal(n)),
                Verdict::After(n) => Fate::Lost([Refusal::Internal, Refusal::Broken][n as usize % 2]),
                Verdict::Partly(n) => Fate::Partly(1 + n as usize % 5),
                Verdict::Go => told.map_or(Fate::Answered, Fate::Told),
            };
            (request, fate)
        })
    }

    fn took_place(&self, request: &Request, answer: &str) {
        // In tasks: what was set up before anything began counts for nobody.
        if self.without.is_some() && !request.writes() && self.stage.kind().is_some() {
            let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
            first.entry(request.body["Key"].to_string()).or_insert_with(|| answer.to_owned());
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for item in puts(request).into_iter().filter(|item| item["st"].is_object()) {
            written.push(Written {
                pk: text(item, "pk").to_owned(),
                sk: text(item, "sk").to_owned(),
                kind: text(item, "t").to_owned(),
                status: text(item, "st").to_owned(),
            });
        }
    }

    fn lag(&self) -> usize {
        self.lag.load(Ordering::SeqCst)
    }
}

/// Queues that the stage stands before.
pub struct StagedQueues {
    pub stage: Stage,
    pub queues: Arc<amorce::queue::LocalQueues>,
}

#[async_trait]
impl Queues for StagedQueues {
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure> {
        let Some(name) = messages.first().map(|m| m.queue) else { return Ok(()) };
        let down = || Failure::soon("the queue is not to be reached");
        match self.stage.wait(What::Queue(name)).await {
            Verdict::Go => self.queues.send(messages).await,
            Verdict::Before(_) => Err(down()),
            Verdict::After(_) => {
                self.queues.send(messages).await?;
                Err(down())
            }
            Verdict::Partly(n) => {
                let some = messages.len().min(n as usize % 3);
                self.queues.send(messages.into_iter().take(some).collect()).await?;
                Err(down())
            }
        }
    }

    async fn depths(&self) -> Result<Vec<Depth>, Failure> {
        self.queues.depths().await
    }

    async fn redrive(&self, queue: &str) -> Result<u64, Failure> {
        self.queues.redrive(queue).await
    }
}

/// How long a stop takes: a request to the store, a call, a queue.
pub fn takes(what: &What, draw: i64) -> SignedDuration {
    SignedDuration::from_millis(match what {
        What::Store { .. } => 2 + draw % 9,
        What::Call(_) => 300 + draw % 2_500,
        What::Queue(_) => 3 + draw % 20,
    })
}
