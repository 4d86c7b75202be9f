//! What a process does first: logs, credentials, queues by name.

use crate::config::{Config, ConfigError};
use crate::https::Https;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
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

/// Credentials, region and endpoint as Lambda and the emulator set them. Nothing else is looked at: the SDK's own chain
/// (profiles, instance metadata, tokens for STS) brings a client and parsers that no function ever uses.
///
/// # Errors
/// The first variable that is not set.
pub fn aws(config: &Config) -> Result<SdkConfig, ConfigError> {
    let region = config.required("AWS_REGION").or_else(|unset| config.optional("AWS_DEFAULT_REGION").ok_or(unset))?;
    let key = config.required("AWS_ACCESS_KEY_ID")?;
    let secret = config.required("AWS_SECRET_ACCESS_KEY")?;
    let credentials = Credentials::new(key, secret, config.optional("AWS_SESSION_TOKEN"), None, "Environment");
    let mut aws = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Https::default());
    aws.set_endpoint_url(config.optional("AWS_ENDPOINT_URL"));
    Ok(aws.build())
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

    const LAMBDA: [(&str, &str); 4] =
        [("AWS_REGION", "eu-west-3"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "t")];

    fn environment<'a>(values: impl IntoIterator<Item = &'a (&'a str, &'a str)>) -> Config {
        Config::of(values.into_iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn aws_is_reached_as_the_environment_says() {
        let aws = aws(&environment(&LAMBDA)).unwrap();
        assert_eq!((aws.region().map(Region::as_ref), aws.endpoint_url()), (Some("eu-west-3"), None));
        let emulator = super::aws(&environment(LAMBDA.iter().chain(&[("AWS_ENDPOINT_URL", "http://localhost:4566")])));
        assert_eq!(emulator.unwrap().endpoint_url(), Some("http://localhost:4566"));
    }

    #[test]
    fn without_region_or_credentials_nothing_starts() {
        for missing in &LAMBDA[..3] {
            let refused = aws(&environment(LAMBDA.iter().filter(|set| *set != missing))).unwrap_err();
            assert_eq!(refused, ConfigError::Missing(missing.0.into()));
        }
    }

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
