//! The store: one DynamoDB table, one method per access pattern. The only crate that knows DynamoDB.

#[cfg(feature = "embedded")]
pub mod embedded;
pub mod error;
pub mod meter;
pub mod record;
pub mod schema;
pub mod table;

pub use error::StoreError;
pub use record::{Entity, Key, Versioned};
pub use table::{Table, Transacted, Written};
