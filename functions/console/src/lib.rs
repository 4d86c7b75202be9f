//! The console: the JSON API of the product, and a page that says whether it is well.

mod accounts;
mod api_keys;
pub mod auth;
mod call;
mod config;
mod conversations;
mod decisions;
mod dry_run;
mod erase;
mod estimate;
mod exclusions;
mod existence;
mod home;
pub mod import;
mod login;
mod meetings;
mod members;
mod messages;
mod openapi;
mod operations;
mod outcome;
mod ownership;
mod people;
mod person;
mod posts;
mod problem;
mod read;
mod reports;
mod review;
mod route_table;
pub mod routes;
mod runs;
mod signals;
mod suppressions;
pub mod table;
mod why;
mod words;
mod workspaces;
mod writing;

pub use config::{CONFIG, StartError, start};
pub use routes::{ROUTES, Route, router};

use domain::vocabulary::Provider;
use kit::seal::Sealer;
use kit::{Bus, Clock, Queues};
use outbound::providers::Providers;
use std::sync::Arc;
use store::Store;

/// What the API works with.
pub struct Console {
    pub store: Store,
    pub queues: Arc<dyn Queues>,
    pub bus: Arc<dyn Bus>,
    pub clock: Clock,
    pub providers: Providers,
    /// Seals credentials at rest.
    pub sealer: Sealer,
    /// Without a final slash.
    pub public_url: String,
    /// The provider of accounts that name none.
    pub default_provider: Provider,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}
