//! The ledger of erasures: read before a backup replaces the data, applied again after it.

use super::{Erasure, ErasureKey, Stage};
use crate::record::{self, Entity, Item, Versioned};
use crate::table::Transacted;
use crate::{Store, StoreError, keys, table};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// All erasures of a store with the secrets of their hashes.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    keys: Vec<ErasureKey>,
    erasures: Vec<Erasure>,
}

impl Ledger {
    /// The ledger among all the items of a store.
    ///
    /// # Errors
    /// When an item of it is damaged.
    pub fn of_items(items: &[Item]) -> Result<Self, StoreError> {
        let mut ledger = Self::default();
        for item in items {
            match table::text(item, "t") {
                Some(ErasureKey::TYPE) => ledger.keys.push(record::decode::<ErasureKey>(item)?.item),
                Some(Erasure::TYPE) => ledger.erasures.push(record::decode::<Erasure>(item)?.item),
                _ => {}
            }
        }
        Ok(ledger)
    }

    /// How many people were erased.
    pub fn len(&self) -> usize {
        self.erasures.len()
    }

    /// Whether nobody was ever erased.
    pub fn is_empty(&self) -> bool {
        self.erasures.is_empty()
    }
}

impl Store {
    /// Erases everybody of `ledger` again, as far as their workspaces are here: first all are black-listed, then the
    /// work is done. Answers how many.
    ///
    /// # Errors
    /// When the store is unavailable; what was begun goes on by the due index.
    pub async fn apply_ledger(&self, ledger: &Ledger, now: Timestamp) -> Result<usize, StoreError> {
        let mut begun = Vec::new();
        for key in &ledger.keys {
            if self.workspace(&key.workspace).await?.is_some() {
                self.add_secrets(key).await?;
            }
        }
        for erasure in &ledger.erasures {
            if self.erasure_key(&erasure.workspace).await?.is_some() {
                begun.push(self.erase_again(erasure, now).await?);
            }
        }
        let applied = begun.len();
        for mut erasure in begun {
            while self.erase_on(&mut erasure, now).await? {}
        }
        Ok(applied)
    }

    async fn add_secrets(&self, key: &ErasureKey) -> Result<(), StoreError> {
        let mut known: Versioned<ErasureKey> = match self.table.get(&keys::erasure_key(&key.workspace)).await? {
            Some(known) => known,
            None => return self.table.overwrite(key).await,
        };
        let new: Vec<String> = key.secrets.iter().filter(|s| !known.secrets.contains(s)).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        known.secrets.extend(new);
        if self.save(&mut known).await?.won() { Ok(()) } else { Err(StoreError::Conflict("erasure key")) }
    }

    async fn erase_again(&self, erasure: &Erasure, now: Timestamp) -> Result<Versioned<Erasure>, StoreError> {
        let again = Erasure {
            stage: Stage::Messages,
            position: None,
            again: false,
            counts: BTreeMap::new(),
            leased_until: None,
            next_at: Some(now),
            ..erasure.clone()
        };
        let mut ops = self.rest_of_entries(&again, &again.entries, erasure.erased_at).await?;
        ops.push(self.table.op_overwrite(&again)?);
        ops.push(self.table.op_overwrite(&again.job("running"))?);
        if self.table.transact(ops).await? != Transacted::Won {
            return Err(StoreError::Conflict("ledger"));
        }
        Ok(Versioned { item: again, version: 1 })
    }
}
