//! LinkupAPI V1: requests as documented, recorded answers read, failures judged, webhooks verified.

mod failures;
mod requests;
mod transport;
mod vendor;
mod webhooks;
