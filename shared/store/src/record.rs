//! How an entity becomes a DynamoDB item: keys and the few attributes that conditions and streams read stand
//! at the top, everything else is one compressed JSON body, so that a head stays under one write unit.

use crate::body;
use crate::error::StoreError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// A raw DynamoDB item.
pub type Item = HashMap<String, AttributeValue>;

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition key; starts with the workspace, or with `global`.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    /// A key of its two parts.
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// As a DynamoDB key map.
    pub fn attributes(&self) -> Item {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }

    pub(crate) fn of(item: &Item) -> Result<Self, StoreError> {
        match (item.get("pk"), item.get("sk")) {
            (Some(AttributeValue::S(pk)), Some(AttributeValue::S(sk))) => Ok(Self::new(pk, sk)),
            _ => Err(StoreError::corrupt("item without key")),
        }
    }
}

/// An entry of the index of ordered lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// The list, starting with the workspace.
    pub list: String,
    /// The place in it.
    pub order: String,
}

/// An entry of the index of due work: from `at` on, `kind` wants to be done through `queue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEntry {
    /// The instant before which nothing happens.
    pub at: Timestamp,
    /// Name of the queue.
    pub queue: &'static str,
    /// Kind of the job.
    pub kind: &'static str,
}

/// What the store needs to know of a thing to keep it.
pub trait Entity: Serialize + DeserializeOwned + Send + Sync {
    /// Short type name, the attribute `t`.
    const TYPE: &'static str;
    /// Whether absent fields are left out of the body. Only for types whose every absent field reads back as absent.
    const COMPACT: bool = false;
    /// Where it lives.
    fn key(&self) -> Key;
    /// Its place in an ordered list, if it is in one.
    fn list(&self) -> Option<ListEntry> {
        None
    }
    /// Its place in the due index, if work waits.
    fn due(&self) -> Option<DueEntry> {
        None
    }
    /// When the store may forget it.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
    /// The attribute `st`, read by the change stream and by conditions.
    fn status(&self) -> Option<&str> {
        None
    }
    /// Further numbers that conditions read, by attribute name.
    fn marks(&self) -> Vec<(&'static str, i64)> {
        Vec::new()
    }
}

/// An entity with the version the store holds; a write is accepted only upon that version.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<T> {
    /// The entity.
    pub item: T,
    /// 1 for the first write, one more with each.
    pub version: u64,
}

impl<T> std::ops::Deref for Versioned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.item
    }
}

impl<T> std::ops::DerefMut for Versioned<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.item
    }
}

/// How many partitions the due index is spread over.
pub const DUE_SHARDS: u64 = 4;

/// The shard of the due index that the key `key` belongs to.
pub fn due_shard(key: &Key) -> String {
    // FNV-1a: stable over releases, unlike the standard hasher.
    let hash = key
        .pk
        .bytes()
        .chain(key.sk.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("due#{}", hash % DUE_SHARDS)
}

/// Sortable text of an instant, to the millisecond.
pub fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The sort key of a due entry.
pub fn due_order(due: &DueEntry) -> String {
    format!("{}|{}|{}", instant(due.at), due.queue, due.kind)
}

/// Turns an entity into an item of version `version`.
pub fn encode<T: Entity>(entity: &T, version: u64) -> Result<Item, StoreError> {
    let key = entity.key();
    let mut item = key.attributes();
    item.insert("t".into(), AttributeValue::S(T::TYPE.into()));
    item.insert("v".into(), AttributeValue::N(version.to_string()));
    if let Some(entry) = entity.list() {
        item.insert("lpk".into(), AttributeValue::S(entry.list));
        item.insert("lsk".into(), AttributeValue::S(entry.order));
    }
    if let Some(due) = entity.due() {
        item.insert("dpk".into(), AttributeValue::S(due_shard(&key)));
        item.insert("dsk".into(), AttributeValue::S(due_order(&due)));
    }
    if let Some(at) = entity.expires_at() {
        item.insert("expires_at".into(), AttributeValue::N(at.as_second().to_string()));
    }
    if let Some(status) = entity.status() {
        item.insert("st".into(), AttributeValue::S(status.into()));
    }
    for (name, value) in entity.marks() {
        item.insert(name.into(), AttributeValue::N(value.to_string()));
    }
    let unreadable = |e: serde_json::Error| StoreError::corrupt(&format!("{}: {e}", T::TYPE));
    let json = if T::COMPACT {
        let mut value = serde_json::to_value(entity).map_err(unreadable)?;
        leave_out_absent(&mut value);
        serde_json::to_vec(&value)
    } else {
        serde_json::to_vec(entity)
    };
    item.insert("b".into(), body::pack(json.map_err(unreadable)?, &key)?);
    Ok(item)
}

/// Removes `null` fields of objects, at every depth.
fn leave_out_absent(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(leave_out_absent);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(leave_out_absent),
        _ => {}
    }
}

/// Reads an item back; a body of another type or shape is an error, never a default.
pub fn decode<T: Entity>(item: &Item) -> Result<Versioned<T>, StoreError> {
    match item.get("t") {
        Some(AttributeValue::S(t)) if t == T::TYPE => {}
        other => return Err(StoreError::corrupt(&format!("expected {}, found {other:?}", T::TYPE))),
    }
    let version = match item.get("v") {
        Some(AttributeValue::N(n)) => n.parse().map_err(|_| StoreError::corrupt("version is no number"))?,
        _ => return Err(StoreError::corrupt("item without version")),
    };
    let bytes = body::unpack(item.get("b"), &Key::of(item)?)?;
    let entity = serde_json::from_slice(&bytes).map_err(|e| StoreError::corrupt(&format!("{}: {e}", T::TYPE)))?;
    Ok(Versioned { item: entity, version })
}

/// The whole body of an item as text, inflated where it is packed; empty where there is none.
pub fn body_text(item: &Item) -> Result<String, StoreError> {
    match item.get("b") {
        None => Ok(String::new()),
        body => String::from_utf8(body::unpack(body, &Key::of(item)?)?).map_err(|_| StoreError::corrupt("body is not UTF-8")),
    }
}
