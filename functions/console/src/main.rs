//! The console: the JSON API as a Lambda behind API Gateway.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    kit::boot::tracing();
    lambda_http::run(console::start(&kit::Config::from_env()).await?).await
}
