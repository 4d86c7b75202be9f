//! Runs a handler as a Lambda behind SQS: each record by itself, a bad one fails alone, a later one comes back when
//! it asked to.

use crate::failure::Failure;
use crate::queue::Handler;
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use lambda_runtime::{LambdaEvent, service_fn};
use std::sync::Mutex;

/// A record that is to come again, when it said when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postponed {
    pub receipt: String,
    pub queue_arn: String,
    pub after_seconds: u32,
}

/// Serves SQS events until Lambda ends the process. Records of a batch are worked on one after the other.
pub async fn run(handler: impl Handler, aws: &aws_types::SdkConfig) -> Result<(), lambda_runtime::Error> {
    let (handler, visibility) = (&handler, &Visibility::new(aws));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let (answer, postponed) = batch(handler, event.payload).await;
        for record in postponed {
            visibility.postpone(&record).await;
        }
        Ok::<_, lambda_runtime::Error>(answer)
    }))
    .await
}

/// Works through a batch; answers which records are to come again, and when, for those that said so.
pub async fn batch(handler: &dyn Handler, event: SqsEvent) -> (SqsBatchResponse, Vec<Postponed>) {
    let mut failures = Vec::new();
    let mut postponed = Vec::new();
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        match handler.handle(record.body.as_deref().unwrap_or_default()).await {
            Ok(()) => continue,
            Err(Failure::Later { after_seconds, why }) => {
                tracing::warn!(message_id = id, after_seconds, why, "job.later");
                if let (Some(receipt), Some(queue_arn)) = (record.receipt_handle, record.event_source_arn) {
                    postponed.push(Postponed { receipt, queue_arn, after_seconds });
                }
            }
            Err(Failure::Unreadable(why)) => tracing::error!(message_id = id, why, "job.unreadable"),
        }
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        failures.push(failure);
    }
    let mut answer = SqsBatchResponse::default();
    answer.batch_item_failures = failures;
    (answer, postponed)
}

/// Changes when a failed record becomes visible again. Should that fail, it comes after the queue's own time-out.
struct Visibility {
    client: aws_sdk_sqs::Client,
    /// The one queue of this function: its ARN and URL, once known.
    queue: Mutex<Option<(String, String)>>,
}

impl Visibility {
    fn new(aws: &aws_types::SdkConfig) -> Self {
        Self { client: aws_sdk_sqs::Client::new(aws), queue: Mutex::default() }
    }

    async fn postpone(&self, record: &Postponed) {
        let Some(url) = self.url(&record.queue_arn).await else { return };
        let changed = self
            .client
            .change_message_visibility()
            .queue_url(url)
            .receipt_handle(&record.receipt)
            .visibility_timeout(i32::try_from(record.after_seconds).unwrap_or(900))
            .send()
            .await;
        if let Err(e) = changed {
            tracing::warn!(error = %aws_sdk_sqs::error::DisplayErrorContext(&e), "job.not_postponed");
        }
    }

    async fn url(&self, arn: &str) -> Option<String> {
        let known = self.queue.lock().ok().and_then(|q| q.clone());
        if let Some((_, url)) = known.filter(|(of, _)| of == arn) {
            return Some(url);
        }
        let name = arn.rsplit(':').next()?;
        let answer = self.client.get_queue_url().queue_name(name).send().await.ok()?;
        let url = answer.queue_url()?.to_owned();
        if let Ok(mut queue) = self.queue.lock() {
            *queue = Some((arn.to_owned(), url.clone()));
        }
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Outcome;
    use aws_lambda_events::sqs::SqsMessage;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Counts what it was given.
    #[derive(Default)]
    struct Picky(AtomicUsize);

    #[async_trait::async_trait]
    impl Handler for Picky {
        async fn handle(&self, body: &str) -> Outcome {
            self.0.fetch_add(1, Ordering::Relaxed);
            match body {
                "bad" | "" => Err(Failure::Unreadable(body.into())),
                "later" => Err(Failure::later(30, "busy")),
                _ => Ok(()),
            }
        }
    }

    fn record(id: usize, body: &str) -> SqsMessage {
        let mut record = SqsMessage::default();
        record.message_id = Some(id.to_string());
        record.receipt_handle = Some(format!("receipt-{id}"));
        record.event_source_arn = Some("arn:aws:sqs:eu-west-3:000000000000:pull".into());
        record.body = Some(body.into());
        record
    }

    /// All 1,023 ways in which some of ten records fail, whichever way they fail: those, and only those, come again, in
    /// their order; and every record was worked on once.
    #[tokio::test]
    async fn only_the_failed_records_come_again() {
        for failing in 1_u32..1_024 {
            for failure in ["bad", "later"] {
                let fails = |n: &usize| failing & (1 << n) != 0;
                let mut event = SqsEvent::default();
                event.records = (0..10).map(|n| record(n, if fails(&n) { failure } else { "good" })).collect();
                let handler = Picky::default();
                let (answer, postponed) = batch(&handler, event).await;
                let returned: Vec<String> = answer.batch_item_failures.into_iter().map(|f| f.item_identifier).collect();
                let expected: Vec<String> = (0..10).filter(fails).map(|n| n.to_string()).collect();
                assert_eq!(returned, expected);
                assert_eq!(postponed.len(), if failure == "later" { expected.len() } else { 0 });
                assert_eq!(handler.0.load(Ordering::Relaxed), 10);
            }
        }
    }

    /// A body that is no job, or none at all, fails alone, wherever it stands.
    #[tokio::test]
    async fn an_unreadable_record_fails_alone() {
        for place in 0..10 {
            for body in [Some("bad"), None] {
                let mut event = SqsEvent::default();
                event.records = (0..10).map(|n| record(n, "good")).collect();
                event.records[place].body = body.map(Into::into);
                let (answer, postponed) = batch(&Picky::default(), event).await;
                let returned: Vec<String> = answer.batch_item_failures.into_iter().map(|f| f.item_identifier).collect();
                assert_eq!((returned, postponed), (vec![place.to_string()], Vec::new()), "{body:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_later_record_says_when() {
        let mut event = SqsEvent::default();
        event.records = vec![record(0, "good"), record(1, "later")];
        let (answer, postponed) = batch(&Picky::default(), event).await;
        assert_eq!(answer.batch_item_failures.len(), 1);
        assert_eq!(postponed.len(), 1);
        assert_eq!((postponed[0].receipt.as_str(), postponed[0].after_seconds), ("receipt-1", 30));
    }
}
