//! The store: one DynamoDB table, one method per access pattern. The only crate that knows DynamoDB.

pub mod account;
pub mod batch;
mod body;
pub mod budget;
pub mod course;
pub mod door;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod erasure;
pub mod error;
pub mod facts;
#[cfg(feature = "faults")]
pub mod faults;
#[cfg(feature = "embedded")]
mod group_commit;
pub mod inbound;
pub mod intake;
pub mod invitations;
pub mod keys;
pub mod meeting;
pub mod member;
mod merge;
pub mod message;
pub mod meter;
pub mod post;
pub mod prospect;
pub mod reading;
pub mod record;
pub mod renewal;
pub mod run;
pub mod schema;
pub mod settings;
pub mod slots;
pub mod suppression;
pub mod table;
pub mod work;
pub mod workspace;

pub use error::StoreError;
pub use record::{Entity, Key, Versioned};
pub use table::{Table, Transacted, Walk, Written};

use std::collections::HashMap;

/// The store of the product. Clones share the connection.
#[derive(Clone, Debug)]
pub struct Store {
    /// The table behind it.
    pub table: Table,
}

/// One page of an ordered list.
#[derive(Clone, Debug)]
pub struct ListPage<T> {
    /// The entities, in the order of the list.
    pub items: Vec<Versioned<T>>,
    /// Where the next page starts.
    pub next: Option<record::Item>,
}

impl Store {
    /// The store in `table`.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The store in the table `name`, with the credentials and endpoint of `aws`.
    pub fn connect<'a, C>(aws: &'a C, name: &str) -> Self
    where
        aws_sdk_dynamodb::Config: From<&'a C>,
    {
        let client = aws_sdk_dynamodb::Client::from_conf(aws_sdk_dynamodb::Config::from(aws));
        Self::new(Table::new(client, name))
    }

    /// The same store for reads that may be a moment old, at half the price: where a later write is upon a version, or a
    /// later stage looks again.
    #[must_use]
    pub fn relaxed(&self) -> Self {
        Self { table: self.table.relaxed() }
    }

    /// One page of an ordered list with its entities, read strongly: an entry whose entity has left is left out.
    pub async fn list_page<T: Entity>(
        &self,
        list: &str,
        between: Option<(&str, &str)>,
        walk: Walk,
    ) -> Result<ListPage<T>, StoreError> {
        let page = self.table.list(list, between, walk).await?;
        let wanted = page.items.iter().map(Key::of).collect::<Result<Vec<_>, _>>()?;
        let items = self.table.get_many::<T>(&wanted).await?;
        let items = items.into_iter().filter(|e| e.item.list().is_some_and(|l| l.list == list)).collect();
        Ok(ListPage { items, next: page.next })
    }

    /// Writes an entity that must not exist yet.
    pub async fn create<T: Entity>(&self, entity: &T) -> Result<Written, StoreError> {
        self.table.create(entity).await
    }

    /// Writes an entity upon the version it was read at.
    pub async fn save<T: Entity>(&self, entity: &mut Versioned<T>) -> Result<Written, StoreError> {
        self.table.save(entity).await
    }

    /// Deletes an entity if it still has the version it was read at.
    pub async fn remove<T: Entity>(&self, entity: &Versioned<T>) -> Result<Written, StoreError> {
        self.table.delete(&entity.item.key(), Some(entity.version)).await
    }
}

/// A page position as an opaque text, bound to its list.
pub fn cursor_of(list: &str, next: &record::Item) -> String {
    use sha2::{Digest, Sha256};
    let mut parts: Vec<(&String, &str)> = next.keys().filter_map(|n| Some((n, table::text(next, n)?))).collect();
    parts.sort();
    let map: HashMap<&String, &str> = parts.iter().copied().collect();
    let json = serde_json::to_vec(&serde_json::json!([list, map])).unwrap_or_default();
    let sum = Sha256::digest(&json);
    let bytes: Vec<u8> = sum[..4].iter().copied().chain(json).collect();
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads a cursor back for the same list.
///
/// # Errors
/// [`StoreError::Cursor`] when it is damaged or of another list, and so of another workspace.
pub fn position_of(list: &str, cursor: &str) -> Result<record::Item, StoreError> {
    use sha2::{Digest, Sha256};
    let digits = cursor.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 4_000 || !cursor.is_ascii() {
        return Err(StoreError::Cursor);
    }
    let bytes: Vec<u8> = (0..digits.len() / 2)
        .map(|n| u8::from_str_radix(&cursor[n * 2..n * 2 + 2], 16).map_err(|_| StoreError::Cursor))
        .collect::<Result<_, _>>()?;
    let (sum, json) = bytes.split_at_checked(4).ok_or(StoreError::Cursor)?;
    if Sha256::digest(json)[..4] != *sum {
        return Err(StoreError::Cursor);
    }
    let (of, map): (String, HashMap<String, String>) = serde_json::from_slice(json).map_err(|_| StoreError::Cursor)?;
    if of != list {
        return Err(StoreError::Cursor);
    }
    Ok(map.into_iter().map(|(n, v)| (n, aws_sdk_dynamodb::types::AttributeValue::S(v))).collect())
}
