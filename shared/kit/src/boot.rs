//! What a process does first: logs, credentials, queues by name.

use crate::config::{Config, ConfigError};
use crate::https::Https;
use std::collections::HashMap;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts structured logs: JSON on standard output, as Lambda wants them. Levels by `RUST_LOG`, such as `info` or
/// `warn,store=debug`; default `info`, also where it is unreadable.
pub fn tracing() {
    let levels = levels(&std::env::var("RUST_LOG").unwrap_or_default());
    let lines = tracing_subscriber::fmt::layer().json().with_current_span(false);
    if tracing_subscriber::registry().with(levels).with(lines).try_init().is_err() {
        tracing::debug!("logs were already started");
    }
}

fn levels(text: &str) -> Targets {
    let info = || Targets::new().with_default(LevelFilter::INFO);
    if text.is_empty() { info() } else { text.parse().unwrap_or_else(|_| info()) }
}

/// Credentials, region and endpoint as the environment gives them.
pub async fn aws() -> aws_config::SdkConfig {
    aws_config::defaults(aws_config::BehaviorVersion::latest()).http_client(Https::default()).load().await
}

/// The addresses of `queues`, read from `AMORCE_QUEUE_<NAME>`.
///
/// # Errors
/// The first queue without an address.
pub fn queue_urls(config: &Config, queues: &[&str]) -> Result<HashMap<String, String>, ConfigError> {
    let variable = |queue: &str| format!("AMORCE_QUEUE_{}", queue.to_uppercase());
    queues.iter().map(|queue| Ok(((*queue).to_owned(), config.required(&variable(queue))?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn levels_are_chosen_for_all_or_by_target() {
        for (text, target, at, shown) in [
            ("", "kit", Level::INFO, true),
            ("", "kit", Level::DEBUG, false),
            ("error", "kit", Level::WARN, false),
            ("off", "kit", Level::ERROR, false),
            ("warn,store=debug", "store::table", Level::DEBUG, true),
            ("warn,store=debug", "kit", Level::INFO, false),
            ("store=loud", "kit", Level::INFO, true),
        ] {
            assert_eq!(levels(text).would_enable(target, &at), shown, "{text}: {target} {at}");
        }
    }
}
