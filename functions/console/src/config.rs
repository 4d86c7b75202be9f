//! The console of the AWS home, made from the environment.

use crate::auth::{self, BootstrapError, BootstrapValues};
use crate::{Console, router};
use domain::job::queue;
use domain::vocabulary::Provider;
use kit::queue::SqsQueues;
use kit::seal::Sealer;
use kit::{Clock, Config, ConfigError};
use outbound::providers::{Providers, VendorKeys, gate_in_process};
use secrecy::SecretString;
use std::sync::Arc;
use store::Store;

/// The environment that this function reads.
pub const CONFIG: &[&str] = &[
    "AMORCE_TABLE",
    "AMORCE_BUS",
    "AMORCE_QUEUE_PUBLISH",
    "AMORCE_QUEUE_PULL",
    "AMORCE_QUEUE_FIND",
    "AMORCE_QUEUE_SCORE",
    "AMORCE_QUEUE_GATE",
    "AMORCE_QUEUE_DRAFT",
    "AMORCE_QUEUE_SEND",
    "AMORCE_QUEUE_INBOUND",
    "AMORCE_PUBLIC_URL",
    "AMORCE_PROVIDER",
    "AMORCE_LINKUP_URL",
    "AMORCE_LINKUP_KEY",
    "AMORCE_UNIPILE_URL",
    "AMORCE_UNIPILE_KEY",
    "AMORCE_SECRET_KEY",
    "AMORCE_BOOTSTRAP_EMAIL",
    "AMORCE_BOOTSTRAP_PASSWORD",
    "AMORCE_BOOTSTRAP_API_KEY",
];

/// Why the console cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Seal(#[from] kit::seal::SealError),
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    /// The provider's address or key cannot be used.
    #[error("the provider cannot be used: {0}")]
    Provider(String),
}

/// The API as the environment configures it; makes the first workspace where the store has none.
///
/// # Errors
/// A variable that is missing or unreadable, or a store that does not answer.
pub async fn start(config: &Config) -> Result<axum::Router, StartError> {
    let aws = kit::boot::aws(config)?;
    let store = Store::connect(&aws, &config.required("AMORCE_TABLE")?);
    let clock = Clock::system();
    auth::bootstrap(&store, &BootstrapValues::read(config), clock.now()).await?;
    let sealer = Sealer::new(&SecretString::from(config.required("AMORCE_SECRET_KEY")?))?;
    let default_provider = provider(config)?;
    let console = Console {
        store,
        queues: Arc::new(SqsQueues::new(&aws, kit::boot::queue_urls(config, &queue::ALL)?)),
        bus: Arc::new(kit::bus::EventBridge::new(&aws, config.required("AMORCE_BUS")?)),
        providers: providers(config, &sealer, &clock, default_provider)?,
        clock,
        sealer,
        public_url: config.required("AMORCE_PUBLIC_URL")?.trim_end_matches('/').to_owned(),
        default_provider,
    };
    Ok(router(Arc::new(console)))
}

fn provider(config: &Config) -> Result<Provider, ConfigError> {
    let name = "AMORCE_PROVIDER";
    let Some(word) = config.optional(name) else { return Ok(Provider::Sandbox) };
    Provider::parse(&word).ok_or(ConfigError::Unreadable { name: name.to_owned(), expected: "the name of a provider" })
}

fn providers(config: &Config, sealer: &Sealer, clock: &Clock, default: Provider) -> Result<Providers, StartError> {
    let opener = sealer.clone();
    let providers = Providers::new(move |sealed, purpose| opener.open(sealed, purpose).ok());
    let clock = clock.clone();
    // Sandbox and LinkupAPI speak the same language; which of them is behind the address, the stage decides.
    let spoken = if default == Provider::Sandbox { Provider::Sandbox } else { Provider::LinkupV1 };
    let keys = VendorKeys::read(|name| config.optional(name));
    providers.with_vendors(keys, spoken, &gate_in_process(), move || clock.now()).map_err(StartError::Provider)
}
