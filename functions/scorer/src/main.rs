//! The scorer as a Lambda behind the queue `score`.
use domain::job::queue;
use scorer::Scorer;
use kit::queue::SqsQueues;
use kit::seal::Sealer;
use kit::{Clock, Config, boot};
use outbound::providers::Providers;
use std::sync::Arc;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws().await;
    let store = Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let sealer = Sealer::new(&config.required("AMORCE_SECRET_KEY")?.into())?;
    let scorer = Scorer {
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::GATE])?)),
        providers: Providers::new(move |sealed, purpose| sealer.open(sealed, purpose).ok()).with_linkup_v1(
            domain::vocabulary::Provider::LinkupV1,
            &config.required("AMORCE_LINKUP_URL")?,
            config.required("AMORCE_LINKUP_KEY")?.into(),
            outbound::providers::gate_in_process(),
            jiff::Timestamp::now,
        )?,
        clock: Clock::system(),
        store,
    };
    kit::sqs::run(scorer).await
}
