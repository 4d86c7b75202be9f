//! The scorer as a Lambda behind the queue `score`.
use domain::job::queue;
use kit::{Clock, Config, boot, queue::SqsQueues, seal::Sealer};
use outbound::model::{self, WriterValues};
use outbound::pappers;
use outbound::providers::Providers;
use scorer::Scorer;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let store = store::Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let sealer = Sealer::new(&config.required("AMORCE_SECRET_KEY")?.into())?;
    let open = move |sealed: &str, purpose: &str| sealer.open(sealed, purpose).ok();
    let scorer = Scorer {
        queues: Arc::new(SqsQueues::new(&aws, boot::queue_urls(&config, &[queue::GATE, queue::SCORE])?)),
        providers: Providers::configured(|name| config.optional(name), open, store.call_counter())?,
        clock: Clock::system(),
        asking: scorer::Asking::default(),
        register: pappers::configured(config.optional("AMORCE_PAPPERS_URL"), config.optional("AMORCE_PAPPERS_KEY"))?,
        model: model::configured(WriterValues::read(|name| config.optional(name)))?,
        store,
    };
    kit::sqs::run(scorer, &aws).await
}
