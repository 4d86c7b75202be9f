//! The drafter as a Lambda behind the queue `draft`.
use drafter::Drafter;
use kit::{Clock, Config, boot};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let store = Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    kit::sqs::run(Drafter { store, clock: Clock::system() }, &aws).await
}
