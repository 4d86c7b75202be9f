//! The sender as a Lambda behind the queue `send`, one message at a time.
use domain::job::queue;
use jiff::SignedDuration;
use kit::{Clock, Config, boot, bus::EventBridge, queue::SqsQueues, seal::Sealer};
use outbound::providers::Providers;
use sender::{ACCEPTANCE_POLL_SECONDS, SETTLE_SECONDS, Sender};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let sealer = Sealer::new(&config.required("AMORCE_SECRET_KEY")?.into())?;
    let open = move |sealed: &str, purpose: &str| sealer.open(sealed, purpose).ok();
    let seconds = |name, default| config.number(name, default).map(|n| SignedDuration::from_secs(n.min(864_000) as i64));
    let store = store::Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let sender = Sender {
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::SEND, queue::GATE, queue::SCORE])?)),
        bus: Arc::new(EventBridge::new(&aws, config.required("AMORCE_BUS")?)),
        providers: Providers::configured(|name| config.optional(name), open, store.call_counter())?,
        clock: Clock::system(),
        settle: seconds("AMORCE_SETTLE_SECONDS", SETTLE_SECONDS)?,
        acceptance_poll: seconds("AMORCE_ACCEPTANCE_POLL_SECONDS", ACCEPTANCE_POLL_SECONDS)?,
        booted_at: None,
        store,
    };
    kit::sqs::run(sender, &aws).await
}
