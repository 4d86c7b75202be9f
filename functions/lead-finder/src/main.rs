//! The lead finder as a Lambda behind the queue `find`.
use domain::job::queue;
use kit::{Clock, Config, boot, queue::SqsQueues, seal::Sealer};
use lead_finder::LeadFinder;
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
    let finder = LeadFinder {
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::FIND, queue::SCORE])?)),
        providers: Providers::configured(|name| config.optional(name), open, store.call_counter())?,
        clock: Clock::system(),
        booted_at: None,
        store,
    };
    kit::sqs::run(finder, &aws).await
}
