//! Runs a handler as a Lambda behind SQS: each record by itself, a bad one fails alone.

use crate::failure::Failure;
use crate::queue::Handler;
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use lambda_runtime::{LambdaEvent, service_fn};

/// Serves SQS events until Lambda ends the process. Records of a batch are worked on one after the other.
pub async fn run(handler: impl Handler) -> Result<(), lambda_runtime::Error> {
    let handler = &handler;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, lambda_runtime::Error>(batch(handler, event.payload).await)
    }))
    .await
}

/// Works through a batch and answers which records are to come again.
pub async fn batch(handler: &dyn Handler, event: SqsEvent) -> SqsBatchResponse {
    let mut failures = Vec::new();
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        match handler.handle(record.body.as_deref().unwrap_or_default()).await {
            Ok(()) => continue,
            Err(Failure::Later { after_seconds, why }) => tracing::warn!(message_id = id, after_seconds, why, "job.later"),
            Err(Failure::Unreadable(why)) => tracing::error!(message_id = id, why, "job.unreadable"),
        }
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        failures.push(failure);
    }
    let mut answer = SqsBatchResponse::default();
    answer.batch_item_failures = failures;
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Outcome;
    use aws_lambda_events::sqs::SqsMessage;

    struct Picky;

    #[async_trait::async_trait]
    impl Handler for Picky {
        async fn handle(&self, body: &str) -> Outcome {
            if body.starts_with("bad") { Err(Failure::Unreadable(body.into())) } else { Ok(()) }
        }
    }

    /// All 1,023 ways in which some of ten records fail: those, and only those, come again.
    #[tokio::test]
    async fn only_the_failed_records_come_again() {
        for failing in 1_u32..1_024 {
            let mut event = SqsEvent::default();
            for place in 0..10 {
                let mut record = SqsMessage::default();
                record.message_id = Some(place.to_string());
                record.body = Some(if failing & (1 << place) == 0 { "good".into() } else { "bad".into() });
                event.records.push(record);
            }
            let answer = batch(&Picky, event).await;
            let returned: u32 = answer
                .batch_item_failures
                .iter()
                .map(|f| 1 << f.item_identifier.parse::<u32>().unwrap())
                .sum();
            assert_eq!(returned, failing);
        }
    }
}
