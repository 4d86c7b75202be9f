//! Domain events: who is told what has happened, without knowing who listens.

use crate::failure::Failure;
use async_trait::async_trait;

/// EventBridge's own limit of one PutEvents.
const PUT_MAX: usize = 10;
/// The source of every event of the product.
pub const SOURCE: &str = "amorce";

/// Something that has happened.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Event {
    /// Its name, such as `PostPublished`.
    pub name: &'static str,
    /// Small JSON with ids, without personal data.
    pub detail: serde_json::Value,
}

/// Takes events.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Tells what has happened; at least once.
    async fn put(&self, events: Vec<Event>) -> Result<(), Failure>;
}

/// A bus of EventBridge.
#[derive(Clone, Debug)]
pub struct EventBridge {
    client: aws_sdk_eventbridge::Client,
    bus: String,
}

impl EventBridge {
    /// The bus named `bus`.
    pub fn new(aws: &aws_types::SdkConfig, bus: impl Into<String>) -> Self {
        Self { client: aws_sdk_eventbridge::Client::new(aws), bus: bus.into() }
    }
}

#[async_trait]
impl Bus for EventBridge {
    async fn put(&self, events: Vec<Event>) -> Result<(), Failure> {
        use aws_sdk_eventbridge::types::PutEventsRequestEntry;
        for chunk in events.chunks(PUT_MAX) {
            let entries = chunk.iter().map(|event| {
                PutEventsRequestEntry::builder()
                    .event_bus_name(&self.bus)
                    .source(SOURCE)
                    .detail_type(event.name)
                    .detail(event.detail.to_string())
                    .build()
            });
            let answer = self.client.put_events().set_entries(Some(entries.collect())).send().await;
            let answer = answer.map_err(|e| Failure::soon(aws_sdk_eventbridge::error::DisplayErrorContext(&e)))?;
            if answer.failed_entry_count() > 0 {
                return Err(Failure::soon("the bus refused an event"));
            }
        }
        Ok(())
    }
}
