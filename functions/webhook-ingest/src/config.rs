//! The door of the AWS home, made from the environment.

use crate::{Ingest, alone};
use domain::job::queue;
use kit::queue::SqsQueues;
use kit::seal::Sealer;
use kit::{Clock, Config, ConfigError};
use secrecy::SecretString;
use std::sync::Arc;
use store::Store;

/// The environment that this function reads.
pub const CONFIG: &[&str] = &["AMORCE_TABLE", "AMORCE_QUEUE_INBOUND", "AMORCE_SECRET_KEY"];

/// Why the door cannot open.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Seal(#[from] kit::seal::SealError),
}

/// The door as the environment configures it.
///
/// # Errors
/// A variable that is missing or unreadable.
pub fn start(config: &Config) -> Result<axum::Router, StartError> {
    let aws = kit::boot::aws(config)?;
    let ingest = Ingest {
        store: Store::connect(&aws, &config.required("AMORCE_TABLE")?),
        queues: Arc::new(SqsQueues::new(&aws, kit::boot::queue_urls(config, &[queue::INBOUND])?)),
        clock: Clock::system(),
        sealer: Sealer::new(&SecretString::from(config.required("AMORCE_SECRET_KEY")?))?,
    };
    Ok(alone(Arc::new(ingest)))
}
