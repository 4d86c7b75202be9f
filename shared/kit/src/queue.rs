//! Queues: what a message is, who takes it, and the implementation over SQS.

use crate::failure::{Failure, Outcome};
use async_trait::async_trait;
use domain::job::Job;
use std::collections::HashMap;

/// SQS's longest delay, in seconds.
pub const DELAY_MAX_SECONDS: u32 = 900;
/// SQS's own limit of one SendMessageBatch.
const SEND_BATCH_MAX: usize = 10;

/// A message to put into a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Name of the queue.
    pub queue: &'static str,
    /// Small JSON without personal data.
    pub body: String,
    /// Seconds before it may be received, at most 900.
    pub delay_seconds: u32,
    /// Whose turn it takes: queues share fairly between groups.
    pub group: String,
}

impl Outgoing {
    /// The message of a job, to be received after `delay_seconds`, 900 at most. It takes its workspace's turn.
    pub fn of(job: &Job, delay_seconds: u32) -> Self {
        Self {
            queue: job.task.queue(),
            body: job.body(),
            delay_seconds: delay_seconds.min(DELAY_MAX_SECONDS),
            group: job.workspace.to_string(),
        }
    }
}

/// Takes messages; each is delivered at least once.
#[async_trait]
pub trait Queues: Send + Sync {
    /// Puts messages into their queues. An error may have put some of them.
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure>;

    /// Puts jobs into their queues, to be received at once.
    async fn send_jobs(&self, jobs: Vec<Job>) -> Result<(), Failure> {
        self.send(jobs.iter().map(|job| Outgoing::of(job, 0)).collect()).await
    }

    /// How each queue stands.
    async fn depths(&self) -> Result<Vec<Depth>, Failure>;

    /// Puts the dead letters of a queue back into it; answers how many.
    async fn redrive(&self, queue: &str) -> Result<u64, Failure>;
}

/// How a queue stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Depth {
    /// Name of the queue.
    pub name: String,
    /// Messages that may be received now.
    pub visible: u64,
    /// Messages received and not yet done.
    pub in_flight: u64,
    /// Messages that may be received later.
    pub delayed: u64,
    /// Messages given up.
    pub dead: u64,
}

/// Does the work of one message.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Handles one body.
    async fn handle(&self, body: &str) -> Outcome;
}

/// Queues of SQS, by name to URL. The dead letters of `…/name` are in `…/name-dead`.
#[derive(Clone, Debug)]
pub struct SqsQueues {
    client: aws_sdk_sqs::Client,
    urls: HashMap<String, String>,
}

impl SqsQueues {
    /// Queues at `urls`.
    pub fn new(aws: &aws_types::SdkConfig, urls: HashMap<String, String>) -> Self {
        Self { client: aws_sdk_sqs::Client::new(aws), urls }
    }

    fn url(&self, queue: &str) -> Result<&str, Failure> {
        self.urls.get(queue).map(String::as_str).ok_or_else(|| Failure::later(60, format!("queue {queue} has no address")))
    }

    async fn send_some(&self, queue: &str, messages: &[Outgoing]) -> Result<(), Failure> {
        use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
        let mut request = self.client.send_message_batch().queue_url(self.url(queue)?);
        for (place, message) in messages.iter().enumerate() {
            let entry = SendMessageBatchRequestEntry::builder()
                .id(place.to_string())
                .message_body(&message.body)
                .message_group_id(&message.group)
                .delay_seconds(i32::try_from(message.delay_seconds.min(DELAY_MAX_SECONDS)).unwrap_or(900))
                .build()
                .map_err(Failure::soon)?;
            request = request.entries(entry);
        }
        let answer = request.send().await.map_err(|e| Failure::soon(aws_sdk_sqs::error::DisplayErrorContext(&e)))?;
        match answer.failed().first() {
            None => Ok(()),
            Some(failed) => Err(Failure::soon(format!("queue {queue} refused a message: {}", failed.code()))),
        }
    }

    async fn counts(&self, url: &str) -> Result<[u64; 3], Failure> {
        use aws_sdk_sqs::types::QueueAttributeName as Name;
        let names = [
            Name::ApproximateNumberOfMessages,
            Name::ApproximateNumberOfMessagesNotVisible,
            Name::ApproximateNumberOfMessagesDelayed,
        ];
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(url)
            .set_attribute_names(Some(names.to_vec()))
            .send()
            .await
            .map_err(|e| Failure::soon(aws_sdk_sqs::error::DisplayErrorContext(&e)))?;
        let read = |name: &Name| answer.attributes().and_then(|a| a.get(name)).and_then(|n| n.parse().ok()).unwrap_or_default();
        Ok([read(&names[0]), read(&names[1]), read(&names[2])])
    }
}

/// The URL of the dead letters of the queue at `url`.
pub fn dead_letters_url(url: &str) -> String {
    format!("{url}-dead")
}

#[async_trait]
impl Queues for SqsQueues {
    async fn send(&self, messages: Vec<Outgoing>) -> Result<(), Failure> {
        let mut by_queue: HashMap<&'static str, Vec<Outgoing>> = HashMap::new();
        for message in messages {
            by_queue.entry(message.queue).or_default().push(message);
        }
        for (queue, messages) in by_queue {
            for chunk in messages.chunks(SEND_BATCH_MAX) {
                self.send_some(queue, chunk).await?;
            }
        }
        Ok(())
    }

    async fn depths(&self) -> Result<Vec<Depth>, Failure> {
        let mut depths = Vec::new();
        for (name, url) in &self.urls {
            let [visible, in_flight, delayed] = self.counts(url).await?;
            let [dead, ..] = self.counts(&dead_letters_url(url)).await?;
            depths.push(Depth { name: name.clone(), visible, in_flight, delayed, dead });
        }
        depths.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(depths)
    }

    async fn redrive(&self, queue: &str) -> Result<u64, Failure> {
        let url = self.url(queue)?;
        let dead = dead_letters_url(url);
        let failed = |e: String| Failure::soon(e);
        let mut moved = 0;
        // One call moves what is there now; what dies meanwhile waits for the next press of the button.
        while moved < 10_000 {
            let received = self
                .client
                .receive_message()
                .queue_url(&dead)
                .max_number_of_messages(10)
                .send()
                .await
                .map_err(|e| failed(aws_sdk_sqs::error::DisplayErrorContext(&e).to_string()))?;
            if received.messages().is_empty() {
                break;
            }
            for message in received.messages() {
                let sent = self.client.send_message().queue_url(url).set_message_body(message.body.clone()).send().await;
                sent.map_err(|e| failed(aws_sdk_sqs::error::DisplayErrorContext(&e).to_string()))?;
                let done = self.client.delete_message().queue_url(&dead).set_receipt_handle(message.receipt_handle.clone());
                done.send().await.map_err(|e| failed(aws_sdk_sqs::error::DisplayErrorContext(&e).to_string()))?;
                moved += 1;
            }
        }
        Ok(moved)
    }
}
