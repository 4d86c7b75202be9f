//! The reporter as a Lambda behind the table's change stream.
use kit::{Clock, Config, boot};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use reporter::Reporter;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    boot::tracing();
    let config = Config::from_env();
    let aws = boot::aws(&config)?;
    let store = Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let reporter = &Reporter { store, clock: Clock::system() };
    lambda_runtime::run(service_fn(|event: LambdaEvent<serde_json::Value>| async move {
        Ok::<_, Error>(reporter.event(&event.payload).await)
    }))
    .await
}
