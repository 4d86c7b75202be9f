//! What every function needs around its work: boot, configuration, clock, queues, batches, events, sealing.
//! No word of the business.

pub mod boot;
pub mod bus;
pub mod clock;
pub mod config;
pub mod failure;
pub mod https;
pub mod queue;
pub mod seal;
pub mod sqs;

pub use bus::{Bus, Event};
pub use clock::Clock;
pub use config::{Config, ConfigError};
pub use failure::{Failure, Outcome};
pub use queue::{Handler, Outgoing, Queues};
