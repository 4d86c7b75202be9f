//! What can go wrong in the store.

/// An error of the store. A lost condition is not one: methods answer it as a value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store could not be asked or did not answer; the work may be tried again.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// An item does not have the shape the code expects.
    #[error("corrupt item: {0}")]
    Corrupt(String),
    /// A cursor that this workspace and list never gave out.
    #[error("unknown cursor")]
    Cursor,
    /// Somebody else kept writing the same item.
    #[error("conflict on {0}")]
    Conflict(&'static str),
}

impl StoreError {
    pub(crate) fn corrupt(what: &str) -> Self {
        Self::Corrupt(what.to_owned())
    }
}
