//! What a process does first: logs, credentials, queues by name.

use crate::config::{Config, ConfigError};
use std::collections::HashMap;
use tracing_subscriber::EnvFilter;

/// Starts structured logs: JSON on standard output, as Lambda wants them. Level by `RUST_LOG`, default `info`.
pub fn tracing() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt().json().with_env_filter(filter).with_current_span(false).try_init();
    if started.is_err() {
        tracing::debug!("logs were already started");
    }
}

/// Credentials, region and endpoint as the environment gives them.
pub async fn aws() -> aws_config::SdkConfig {
    aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await
}

/// The addresses of `queues`, read from `AMORCE_QUEUE_<NAME>`.
///
/// # Errors
/// The first queue without an address.
pub fn queue_urls(config: &Config, queues: &[&str]) -> Result<HashMap<String, String>, ConfigError> {
    let variable = |queue: &str| format!("AMORCE_QUEUE_{}", queue.to_uppercase());
    queues.iter().map(|queue| Ok(((*queue).to_owned(), config.required(&variable(queue))?))).collect()
}
