//! The inbox as a Lambda behind the queue `inbound`.
use domain::job::queue;
use inbox::{Inbox, POLL_SECONDS};
use jiff::SignedDuration;
use kit::{Clock, Config, boot, bus::EventBridge, queue::SqsQueues, seal::Sealer};
use outbound::providers::Providers;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let sealer = Sealer::new(&config.required("AMORCE_SECRET_KEY")?.into())?;
    let open = move |sealed: &str, purpose: &str| sealer.open(sealed, purpose).ok();
    let poll = config.number("AMORCE_ACCEPTANCE_POLL_SECONDS", POLL_SECONDS)?;
    let store = store::Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let inbox = Inbox {
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::GATE])?)),
        bus: Arc::new(EventBridge::new(&aws, config.required("AMORCE_BUS")?)),
        providers: Providers::configured(|name| config.optional(name), open, store.call_counter())?,
        clock: Clock::system(),
        acceptance_poll: SignedDuration::from_secs(poll.min(864_000) as i64),
        store,
    };
    kit::sqs::run(inbox, &aws).await
}
