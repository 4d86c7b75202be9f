//! The engagement puller as a Lambda behind the queue `pull`.
use domain::job::queue;
use engagement_puller::EngagementPuller;
use kit::{Clock, Config, boot, bus::EventBridge, queue::SqsQueues, seal::Sealer};
use outbound::model::{self, WriterValues};
use outbound::providers::Providers;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let store = store::Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let sealer = Sealer::new(&config.required("AMORCE_SECRET_KEY")?.into())?;
    let open = move |sealed: &str, purpose: &str| sealer.open(sealed, purpose).ok();
    let puller = EngagementPuller {
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::PULL, queue::SCORE])?)),
        bus: Arc::new(EventBridge::new(&aws, config.required("AMORCE_BUS")?)),
        providers: Providers::configured_for_posts(|name| config.optional(name), open, store.call_counter())?,
        clock: Clock::system(),
        model: model::configured(WriterValues::read(|name| config.optional(name)))?,
        booted_at: None,
        store,
    };
    kit::sqs::run(puller, &aws).await
}
