//! The post publisher as a Lambda behind the queue `publish`.
use kit::{Clock, Config, boot, bus::EventBridge, seal::Sealer};
use outbound::providers::Providers;
use post_publisher::{PostPublisher, SETTLE_SECONDS};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let store = store::Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let sealer = Sealer::new(&config.required("AMORCE_SECRET_KEY")?.into())?;
    let open = move |sealed: &str, purpose: &str| sealer.open(sealed, purpose).ok();
    let publisher = PostPublisher {
        bus: Arc::new(EventBridge::new(&aws, config.required("AMORCE_BUS")?)),
        providers: Providers::configured(|name| config.optional(name), open, store.call_counter())?,
        clock: Clock::system(),
        settle: jiff::SignedDuration::from_secs(config.number("AMORCE_SETTLE_SECONDS", SETTLE_SECONDS)?.min(86_400) as i64),
        store,
    };
    kit::sqs::run(publisher, &aws).await
}
