//! The clock as a Lambda, once a minute.
use clock::Ticker;
use domain::job::queue;
use kit::queue::SqsQueues;
use kit::{Clock, Config, boot};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let queues = SqsQueues::new(&aws, boot::queue_urls(&config, &queue::ALL)?);
    let store = store::Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let ticker = &Ticker { store, queues: Arc::new(queues), clock: Clock::system() };
    let tick = |_: LambdaEvent<serde_json::Value>| async { ticker.tick().await.map_err(Error::from) };
    lambda_runtime::run(service_fn(tick)).await
}
