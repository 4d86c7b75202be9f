//! The gatekeeper as a Lambda behind the queue `gate`.
use domain::job::queue;
use gatekeeper::Gatekeeper;
use kit::queue::SqsQueues;
use kit::{Clock, Config, boot};
use std::sync::Arc;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let gatekeeper = Gatekeeper {
        store: Store::connect(&aws, &config.required("AMORCE_TABLE")?),
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::DRAFT])?)),
        clock: Clock::system(),
    };
    kit::sqs::run(gatekeeper, &aws).await
}
