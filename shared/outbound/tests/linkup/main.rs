//! LinkupAPI V1: requests as documented, recorded answers read, failures judged, webhooks verified.

mod failures;
mod requests;
#[path = "../support/mod.rs"]
mod support;
mod transport;
mod vendor;
mod webhooks;
