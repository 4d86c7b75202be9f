//! The door for events from outside, as a Lambda behind API Gateway.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    kit::boot::tracing();
    lambda_http::run(webhook_ingest::start(&kit::Config::from_env())?).await
}
