//! Third parties, one file per vendor behind one small trait per capability.
//!
//! Callers see the traits and neutral types only; what a vendor's wire format
//! looks like stays inside that vendor's file.

mod https;
mod lenient;
pub mod linkedin;
pub mod linkup_v1;
pub mod linkup_v2;
pub mod linkup_webhook;
pub mod model;
pub mod pappers;
mod patience;
mod posts_only;
mod presentable;
pub mod providers;
pub mod rate;
pub mod register;
pub mod retry_after;
pub mod unipile;
pub mod unipile_webhook;
mod vendor;

pub use vendor::{ConfigError, VendorConfig};
