//! The few DynamoDB operations everything else is made of: get, put under a condition, delete, query, transact.

use crate::error::StoreError;
use crate::meter::Meter;
use crate::record::{self, Entity, Item, Key, Versioned};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, ConsumedCapacity, Delete, KeysAndAttributes, Put, PutRequest, ReturnConsumedCapacity,
    ReturnValue, TransactWriteItem, Update, WriteRequest,
};
use std::collections::HashMap;
use std::sync::Arc;

/// DynamoDB's own limit of one BatchGetItem.
const BATCH_GET_MAX: usize = 100;
/// DynamoDB's own limit of one BatchWriteItem.
const BATCH_WRITE_MAX: usize = 25;
/// How often unprocessed parts of a batch are asked for again.
const BATCH_ROUNDS_MAX: usize = 8;

/// One table, spoken to through the AWS SDK in both homes.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    meter: Arc<Meter>,
    consistent: bool,
}

/// Whether a conditional write took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a lost condition means that somebody else wrote first"]
pub enum Written {
    /// This write took place.
    Won,
    /// The condition did not hold; nothing was written.
    Lost,
}

impl Written {
    fn of(won: bool) -> Self {
        if won { Self::Won } else { Self::Lost }
    }

    /// True if the write took place.
    pub fn won(self) -> bool {
        self == Self::Won
    }
}

/// What a transaction came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a lost transaction means that a fact has changed"]
pub enum Transacted {
    /// All writes took place together.
    Won,
    /// Nothing was written; the positions of the operations whose condition failed.
    Lost(Vec<usize>),
}

/// One operation of a transaction.
#[derive(Clone, Debug)]
pub struct Op(TransactWriteItem);

impl Op {
    /// What it writes, for the meter.
    fn what(&self) -> &str {
        let put = self.0.put().and_then(|p| text(p.item(), "t"));
        put.unwrap_or(match (self.0.update(), self.0.condition_check()) {
            (Some(_), _) => "add",
            (_, Some(_)) => "check",
            _ => "delete",
        })
    }
}

/// One page of a query.
#[derive(Clone, Debug, Default)]
pub struct Page<T> {
    /// What was found, in order.
    pub items: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Item>,
}

/// How a query walks.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Newest or highest first.
    pub descending: bool,
    /// The most items to answer.
    pub limit: usize,
    /// Where to go on.
    pub start: Option<Item>,
}

fn failed<E, R>(error: SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    match &error {
        SdkError::ServiceError(e) => StoreError::Unavailable(format!(
            "{}: {}",
            e.err().code().unwrap_or("service error"),
            e.err().message().unwrap_or_default()
        )),
        other => StoreError::Unavailable(aws_sdk_dynamodb::error::DisplayErrorContext(other).to_string()),
    }
}

impl Table {
    /// The table `name` behind `client`.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into(), meter: Arc::default(), consistent: true }
    }

    /// The same table, whose reads may be a moment old and cost half.
    #[must_use]
    pub fn relaxed(&self) -> Self {
        Self { consistent: false, ..self.clone() }
    }

    /// Request units consumed so far through this handle and its clones.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The SDK client, for creating the table in the one-machine home.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads one entity.
    pub async fn get<T: Entity>(&self, key: &Key) -> Result<Option<Versioned<T>>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .consistent_read(self.consistent)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(failed)?;
        self.meter.read(T::TYPE, answer.consumed_capacity());
        answer.item().map(record::decode).transpose()
    }

    /// Reads many items at once, in no order; missing ones are left out.
    pub async fn get_items(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let mut unique: Vec<&Key> = keys.iter().collect();
        unique.sort();
        unique.dedup();
        let mut found = Vec::with_capacity(unique.len());
        for chunk in unique.chunks(BATCH_GET_MAX) {
            let mut wanted: Vec<Item> = chunk.iter().map(|k| k.attributes()).collect();
            for _ in 0..BATCH_ROUNDS_MAX {
                if wanted.is_empty() {
                    break;
                }
                let request = KeysAndAttributes::builder()
                    .set_keys(Some(std::mem::take(&mut wanted)))
                    .consistent_read(self.consistent)
                    .build()
                    .map_err(|e| StoreError::corrupt(&e.to_string()))?;
                let answer = self
                    .client
                    .batch_get_item()
                    .request_items(&self.name, request)
                    .return_consumed_capacity(ReturnConsumedCapacity::Total)
                    .send()
                    .await
                    .map_err(failed)?;
                answer.consumed_capacity().iter().for_each(|c| self.meter.read("many", Some(c)));
                if let Some(items) = answer.responses().and_then(|r| r.get(&self.name)) {
                    found.extend(items.iter().cloned());
                }
                if let Some(rest) = answer.unprocessed_keys().and_then(|u| u.get(&self.name)) {
                    wanted = rest.keys().to_vec();
                }
            }
            if !wanted.is_empty() {
                return Err(StoreError::Unavailable("batch read left keys unprocessed".into()));
            }
        }
        Ok(found)
    }

    /// Reads many entities of one type, in the order of `keys`; missing ones are left out.
    pub async fn get_many<T: Entity>(&self, keys: &[Key]) -> Result<Vec<Versioned<T>>, StoreError> {
        let mut found: HashMap<Key, Item> = HashMap::new();
        for item in self.get_items(keys).await? {
            found.insert(Key::of(&item)?, item);
        }
        keys.iter().filter_map(|k| found.get(k)).map(record::decode).collect()
    }

    async fn put_item(&self, item: Item, condition: Condition) -> Result<Written, StoreError> {
        let what = text(&item, "t").unwrap_or_default().to_owned();
        let mut put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let Some((expression, names, values)) = condition.parts() {
            put = put
                .condition_expression(expression)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
        }
        match put.send().await {
            Ok(answer) => {
                self.meter.write(&what, answer.consumed_capacity());
                Ok(Written::Won)
            }
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                self.meter.failed_condition(&what);
                Ok(Written::Lost)
            }
            Err(e) => Err(failed(e)),
        }
    }

    /// Writes an entity that must not exist yet.
    pub async fn create<T: Entity>(&self, entity: &T) -> Result<Written, StoreError> {
        self.put_item(record::encode(entity, 1)?, Condition::Absent).await
    }

    /// Writes an entity upon the version it was read at, and takes over the new version.
    pub async fn save<T: Entity>(&self, entity: &mut Versioned<T>) -> Result<Written, StoreError> {
        let item = record::encode(&entity.item, entity.version + 1)?;
        let written = self.put_item(item, Condition::Version(entity.version)).await?;
        if written.won() {
            entity.version += 1;
        }
        Ok(written)
    }

    /// Writes an entity whatever was there: only for things that are the same whoever writes them.
    pub async fn overwrite<T: Entity>(&self, entity: &T) -> Result<(), StoreError> {
        self.put_item(record::encode(entity, 1)?, Condition::None).await.map(|_| ())
    }

    /// Writes many entities that are the same whoever writes them, in no order.
    pub async fn overwrite_many(&self, items: Vec<Item>) -> Result<(), StoreError> {
        for chunk in items.chunks(BATCH_WRITE_MAX) {
            let mut wanted = Vec::with_capacity(chunk.len());
            for item in chunk {
                let put = PutRequest::builder().set_item(Some(item.clone())).build();
                let put = put.map_err(|e| StoreError::corrupt(&e.to_string()))?;
                wanted.push(WriteRequest::builder().put_request(put).build());
            }
            self.write_all(wanted).await?;
        }
        Ok(())
    }

    /// Deletes many items, in no order.
    pub async fn delete_many(&self, keys: &[Key]) -> Result<(), StoreError> {
        use aws_sdk_dynamodb::types::DeleteRequest;
        for chunk in keys.chunks(BATCH_WRITE_MAX) {
            let mut wanted = Vec::with_capacity(chunk.len());
            for key in chunk {
                let delete = DeleteRequest::builder().set_key(Some(key.attributes())).build();
                let delete = delete.map_err(|e| StoreError::corrupt(&e.to_string()))?;
                wanted.push(WriteRequest::builder().delete_request(delete).build());
            }
            self.write_all(wanted).await?;
        }
        Ok(())
    }

    async fn write_all(&self, mut wanted: Vec<WriteRequest>) -> Result<(), StoreError> {
        for _ in 0..BATCH_ROUNDS_MAX {
            let answer = self
                .client
                .batch_write_item()
                .request_items(&self.name, std::mem::take(&mut wanted))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(failed)?;
            answer.consumed_capacity().iter().for_each(|c| self.meter.write("many", Some(c)));
            match answer.unprocessed_items().and_then(|u| u.get(&self.name)) {
                Some(rest) if !rest.is_empty() => wanted = rest.clone(),
                _ => return Ok(()),
            }
        }
        Err(StoreError::Unavailable("batch write left items unprocessed".into()))
    }

    /// Deletes an item if it still has version `version`; with `None`, whatever it has.
    pub async fn delete(&self, key: &Key, version: Option<u64>) -> Result<Written, StoreError> {
        let mut delete = self
            .client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let Some((expression, names, values)) = version.map_or(Condition::None, Condition::Version).parts() {
            delete = delete
                .condition_expression(expression)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
        }
        match delete.send().await {
            Ok(answer) => {
                self.meter.write("delete", answer.consumed_capacity());
                Ok(Written::Won)
            }
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                self.meter.failed_condition("delete");
                Ok(Written::Lost)
            }
            Err(e) => Err(failed(e)),
        }
    }

    /// Reads a partition in the order of its sort keys, those starting with `prefix`.
    pub async fn query(&self, pk: &str, prefix: &str, walk: Walk) -> Result<Page<Item>, StoreError> {
        let mut query = self
            .client
            .query()
            .table_name(&self.name)
            .expression_attribute_values(":p", AttributeValue::S(pk.to_owned()))
            .consistent_read(self.consistent)
            .scan_index_forward(!walk.descending)
            .limit(i32::try_from(walk.limit.clamp(1, 1_000)).unwrap_or(1_000))
            .set_exclusive_start_key(walk.start)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        query = if prefix.is_empty() {
            query.key_condition_expression("pk = :p")
        } else {
            query
                .key_condition_expression("pk = :p AND begins_with(sk, :s)")
                .expression_attribute_values(":s", AttributeValue::S(prefix.to_owned()))
        };
        let answer = query.send().await.map_err(failed)?;
        self.meter.read("query", answer.consumed_capacity());
        Ok(Page { items: answer.items().to_vec(), next: answer.last_evaluated_key().cloned() })
    }

    /// Reads a whole partition, those sort keys starting with `prefix`, at most `max` items.
    pub async fn query_items(&self, pk: &str, prefix: &str, max: usize) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::new();
        let mut start = None;
        while found.len() < max {
            let walk = Walk { descending: false, limit: (max - found.len()).min(500), start };
            let page = self.query(pk, prefix, walk).await?;
            found.extend(page.items);
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// Reads the items of a partition from the sort key `low` to `high`, both included, at most `max`.
    pub async fn query_between(&self, pk: &str, low: &str, high: &str, max: usize) -> Result<Vec<Item>, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :p AND sk BETWEEN :l AND :h")
            .expression_attribute_values(":p", AttributeValue::S(pk.to_owned()))
            .expression_attribute_values(":l", AttributeValue::S(low.to_owned()))
            .expression_attribute_values(":h", AttributeValue::S(high.to_owned()))
            .consistent_read(self.consistent)
            .limit(i32::try_from(max.clamp(1, 1_000)).unwrap_or(1_000))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(failed)?;
        self.meter.read("query", answer.consumed_capacity());
        Ok(answer.items().to_vec())
    }

    /// Reads a whole partition as entities of one type.
    pub async fn query_all<T: Entity>(&self, pk: &str, prefix: &str, max: usize) -> Result<Vec<Versioned<T>>, StoreError> {
        self.query_items(pk, prefix, max).await?.iter().map(record::decode).collect()
    }

    /// Walks an ordered list; answers keys only (the index projects nothing else).
    pub async fn list(&self, list: &str, between: Option<(&str, &str)>, walk: Walk) -> Result<Page<Item>, StoreError> {
        let mut query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("list")
            .expression_attribute_values(":p", AttributeValue::S(list.to_owned()))
            .scan_index_forward(!walk.descending)
            .limit(i32::try_from(walk.limit.clamp(1, 1_000)).unwrap_or(1_000))
            .set_exclusive_start_key(walk.start)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        query = match between {
            None => query.key_condition_expression("lpk = :p"),
            Some((low, high)) => query
                .key_condition_expression("lpk = :p AND lsk BETWEEN :l AND :h")
                .expression_attribute_values(":l", AttributeValue::S(low.to_owned()))
                .expression_attribute_values(":h", AttributeValue::S(high.to_owned())),
        };
        let answer = query.send().await.map_err(failed)?;
        self.meter.read("list", answer.consumed_capacity());
        Ok(Page { items: answer.items().to_vec(), next: answer.last_evaluated_key().cloned() })
    }

    /// The entries of one shard of the due index up to `until` (sortable text), oldest first.
    pub async fn due(&self, shard: &str, until: &str, limit: usize) -> Result<Vec<Item>, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("due")
            .key_condition_expression("dpk = :p AND dsk < :u")
            .expression_attribute_values(":p", AttributeValue::S(shard.to_owned()))
            .expression_attribute_values(":u", AttributeValue::S(until.to_owned()))
            .limit(i32::try_from(limit.clamp(1, 1_000)).unwrap_or(1_000))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(failed)?;
        self.meter.read("due", answer.consumed_capacity());
        Ok(answer.items().to_vec())
    }

    /// Moves a due entry from `from` to `to` unless somebody has moved or removed it; the version stays.
    pub async fn move_due(&self, key: &Key, from: &str, to: &str) -> Result<Written, StoreError> {
        let update = self
            .updating(key)
            .update_expression("SET dsk = :t")
            .condition_expression("dsk = :f")
            .expression_attribute_values(":t", AttributeValue::S(to.to_owned()))
            .expression_attribute_values(":f", AttributeValue::S(from.to_owned()));
        self.update(update, "move_due").await.map(|answer| Written::of(answer.is_some()))
    }

    /// Adds `by` to the number `name` of an item while the sum stays at or below `max`; creates the item.
    ///
    /// Answers the new sum, or `None` when the ceiling would be passed.
    pub async fn add_below(&self, key: &Key, name: &str, by: i64, max: Option<i64>) -> Result<Option<i64>, StoreError> {
        let answer = self.add_within(key, &[(name, by)], max).await?;
        Ok(answer.and_then(|answer| answer.attributes().and_then(|sums| number(sums, name))))
    }

    /// Adds to several numbers of an item while the first of them stays at or below `max`; creates the item.
    ///
    /// False when the ceiling would be passed.
    pub async fn add_all_below(&self, key: &Key, adds: &[(&str, i64)], max: i64) -> Result<bool, StoreError> {
        Ok(self.add_within(key, adds, Some(max)).await?.is_some())
    }

    /// Adds to several numbers of an item at once; creates it.
    pub async fn add(&self, key: &Key, adds: &[(&str, i64)]) -> Result<(), StoreError> {
        self.add_within(key, adds, None).await.map(|_| ())
    }

    /// The sums after adding; `None` when the first would pass `max`, and nothing was added.
    async fn add_within(
        &self,
        key: &Key,
        adds: &[(&str, i64)],
        max: Option<i64>,
    ) -> Result<Option<UpdateItemOutput>, StoreError> {
        let Some((name, by)) = adds.first() else { return Ok(None) };
        let mut update = self.adding(key, adds).return_values(ReturnValue::UpdatedNew);
        if let Some(max) = max {
            if *by > max {
                return Ok(None);
            }
            update = update
                .condition_expression("attribute_not_exists(#n0) OR #n0 <= :m")
                .expression_attribute_values(":m", AttributeValue::N((max - by).to_string()));
        }
        self.update(update, name).await
    }

    /// Adds to several numbers of an item and moves its text `name` from `from` to `to`, in one write; creates the item.
    /// Lost when the text is not `from`.
    pub async fn add_and_mark(
        &self,
        key: &Key,
        adds: &[(&str, i64)],
        (name, from, to): (&str, Option<&str>, &str),
    ) -> Result<Written, StoreError> {
        let update = self.adding(key, adds);
        let expression = format!("{} SET #mark = :to", update.get_update_expression().clone().unwrap_or_default());
        let mut update = update
            .update_expression(expression)
            .expression_attribute_names("#mark", name)
            .expression_attribute_values(":to", AttributeValue::S(to.to_owned()));
        update = match from {
            None => update.condition_expression("attribute_not_exists(#mark)"),
            Some(from) => update
                .condition_expression("#mark = :from")
                .expression_attribute_values(":from", AttributeValue::S(from.to_owned())),
        };
        self.update(update, "sums").await.map(|answer| Written::of(answer.is_some()))
    }

    /// Moves plain numbers of an item from what they were read as (`None`: not there) to what they become, in one write;
    /// creates the item. Lost when one of them is another by now.
    pub async fn swap_numbers(&self, key: &Key, swaps: &[(&str, Option<i64>, i64)], what: &str) -> Result<Written, StoreError> {
        let (mut sets, mut conditions) = (Vec::new(), Vec::new());
        let mut update = self.updating(key);
        for (place, (name, from, to)) in swaps.iter().enumerate() {
            sets.push(format!("#n{place} = :t{place}"));
            update = update
                .expression_attribute_names(format!("#n{place}"), *name)
                .expression_attribute_values(format!(":t{place}"), AttributeValue::N(to.to_string()));
            match from {
                None => conditions.push(format!("attribute_not_exists(#n{place})")),
                Some(from) => {
                    conditions.push(format!("#n{place} = :f{place}"));
                    update = update.expression_attribute_values(format!(":f{place}"), AttributeValue::N(from.to_string()));
                }
            }
        }
        let update = update.update_expression(format!("SET {}", sets.join(", "))).condition_expression(conditions.join(" AND "));
        self.update(update, what).await.map(|answer| Written::of(answer.is_some()))
    }

    fn updating(&self, key: &Key) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name(&self.name).set_key(Some(key.attributes()));
        update.return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    fn adding(&self, key: &Key, adds: &[(&str, i64)]) -> UpdateItemFluentBuilder {
        let (expression, names, values) = sum_of(adds);
        let update = self.updating(key).update_expression(expression);
        update.set_expression_attribute_names(Some(names)).set_expression_attribute_values(Some(values))
    }

    /// Makes an update and meters it as `what`; `None`: its condition did not hold.
    async fn update(&self, update: UpdateItemFluentBuilder, what: &str) -> Result<Option<UpdateItemOutput>, StoreError> {
        match update.send().await {
            Ok(answer) => {
                self.meter.write(what, answer.consumed_capacity());
                Ok(Some(answer))
            }
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                self.meter.failed_condition(what);
                Ok(None)
            }
            Err(e) => Err(failed(e)),
        }
    }

    /// Reads the plain numbers of a counter item.
    pub async fn numbers(&self, key: &Key) -> Result<HashMap<String, i64>, StoreError> {
        let items = self.get_items(std::slice::from_ref(key)).await?;
        Ok(items.first().map(numbers_of).unwrap_or_default())
    }

    /// Writes all of `ops` or none.
    pub async fn transact(&self, ops: Vec<Op>) -> Result<Transacted, StoreError> {
        let what = ops.iter().map(Op::what).collect::<Vec<_>>().join("+");
        let answer = self
            .client
            .transact_write_items()
            .set_transact_items(Some(ops.into_iter().map(|o| o.0).collect()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                answer.consumed_capacity().iter().for_each(|c: &ConsumedCapacity| self.meter.write(&what, Some(c)));
                Ok(Transacted::Won)
            }
            Err(SdkError::ServiceError(e)) if e.err().is_transaction_canceled_exception() => {
                let mut lost = Vec::new();
                let mut other = None;
                if let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
                    c,
                ) = e.err()
                {
                    for (place, reason) in c.cancellation_reasons().iter().enumerate() {
                        match reason.code() {
                            Some("ConditionalCheckFailed") => lost.push(place),
                            None | Some("None") => {}
                            Some(code) => other = Some(code.to_owned()),
                        }
                    }
                }
                self.meter.failed_condition(&what);
                match other {
                    Some(code) if lost.is_empty() => Err(StoreError::Unavailable(format!("transaction: {code}"))),
                    _ => Ok(Transacted::Lost(lost)),
                }
            }
            Err(e) => {
                tracing::debug!(request_id = e.request_id(), "store.transact_failed");
                Err(failed(e))
            }
        }
    }

    /// A new entity, within a transaction.
    pub fn op_create<T: Entity>(&self, entity: &T) -> Result<Op, StoreError> {
        self.op_put(record::encode(entity, 1)?, Condition::Absent)
    }

    /// An entity upon its version, within a transaction.
    pub fn op_save<T: Entity>(&self, entity: &Versioned<T>) -> Result<Op, StoreError> {
        self.op_put(record::encode(&entity.item, entity.version + 1)?, Condition::Version(entity.version))
    }

    /// An entity whatever was there, within a transaction.
    pub fn op_overwrite<T: Entity>(&self, entity: &T) -> Result<Op, StoreError> {
        self.op_put(record::encode(entity, 1)?, Condition::None)
    }

    fn op_put(&self, item: Item, condition: Condition) -> Result<Op, StoreError> {
        let mut put = Put::builder().table_name(&self.name).set_item(Some(item));
        if let Some((expression, names, values)) = condition.parts() {
            put = put
                .condition_expression(expression)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
        }
        let put = put.build().map_err(|e| StoreError::corrupt(&e.to_string()))?;
        Ok(Op(TransactWriteItem::builder().put(put).build()))
    }

    /// A condition that the number `name` of an item is still `value` (0 also when it is not there).
    pub fn op_check_number(&self, key: &Key, name: &str, value: i64) -> Result<Op, StoreError> {
        self.op_check_numbers(key, &[(name, value)])
    }

    /// The same of several numbers of one item.
    pub fn op_check_numbers(&self, key: &Key, values: &[(&str, i64)]) -> Result<Op, StoreError> {
        let mut check = ConditionCheck::builder().table_name(&self.name).set_key(Some(key.attributes()));
        let mut conditions = Vec::new();
        for (place, (name, value)) in values.iter().enumerate() {
            check = check
                .expression_attribute_names(format!("#n{place}"), *name)
                .expression_attribute_values(format!(":v{place}"), AttributeValue::N(value.to_string()));
            conditions.push(match value {
                0 => format!("(attribute_not_exists(#n{place}) OR #n{place} = :v{place})"),
                _ => format!("#n{place} = :v{place}"),
            });
        }
        check = check.condition_expression(conditions.join(" AND "));
        let check = check.build().map_err(|e| StoreError::corrupt(&e.to_string()))?;
        Ok(Op(TransactWriteItem::builder().condition_check(check).build()))
    }

    /// Adds `by` to the number `name` of an item, within a transaction.
    pub fn op_add(&self, key: &Key, adds: &[(&str, i64)]) -> Result<Op, StoreError> {
        let (expression, names, values) = sum_of(adds);
        let update = Update::builder().table_name(&self.name).set_key(Some(key.attributes())).update_expression(expression);
        let update = update.set_expression_attribute_names(Some(names)).set_expression_attribute_values(Some(values)).build();
        let update = update.map_err(|e| StoreError::corrupt(&e.to_string()))?;
        Ok(Op(TransactWriteItem::builder().update(update).build()))
    }

    /// Deletes an entity upon its version, within a transaction.
    pub fn op_remove<T: Entity>(&self, entity: &Versioned<T>) -> Result<Op, StoreError> {
        self.op_delete_if(&entity.item.key(), Condition::Version(entity.version))
    }

    /// Deletes an item, within a transaction.
    pub fn op_delete(&self, key: &Key) -> Result<Op, StoreError> {
        self.op_delete_if(key, Condition::None)
    }

    fn op_delete_if(&self, key: &Key, condition: Condition) -> Result<Op, StoreError> {
        let mut delete = Delete::builder().table_name(&self.name).set_key(Some(key.attributes()));
        if let Some((expression, names, values)) = condition.parts() {
            delete = delete
                .condition_expression(expression)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
        }
        let delete = delete.build().map_err(|e| StoreError::corrupt(&e.to_string()))?;
        Ok(Op(TransactWriteItem::builder().delete(delete).build()))
    }
}

/// The expression that adds to several numbers, with its names and values.
fn sum_of(adds: &[(&str, i64)]) -> (String, HashMap<String, String>, Item) {
    let (mut parts, mut names, mut values) = (Vec::new(), HashMap::new(), Item::new());
    for (place, (name, by)) in adds.iter().enumerate() {
        parts.push(format!("#n{place} :b{place}"));
        names.insert(format!("#n{place}"), (*name).to_owned());
        values.insert(format!(":b{place}"), AttributeValue::N(by.to_string()));
    }
    (format!("ADD {}", parts.join(", ")), names, values)
}

enum Condition {
    None,
    Absent,
    Version(u64),
}

type ConditionParts = (&'static str, Option<HashMap<String, String>>, Option<Item>);

impl Condition {
    fn parts(&self) -> Option<ConditionParts> {
        match self {
            Self::None => None,
            Self::Absent => Some(("attribute_not_exists(pk)", None, None)),
            Self::Version(version) => Some((
                "#v = :v",
                Some(HashMap::from([("#v".to_owned(), "v".to_owned())])),
                Some(HashMap::from([(":v".to_owned(), AttributeValue::N(version.to_string()))])),
            )),
        }
    }
}

/// The number `name` of an item.
pub fn number(item: &Item, name: &str) -> Option<i64> {
    match item.get(name) {
        Some(AttributeValue::N(n)) => n.parse().ok(),
        _ => None,
    }
}

/// The text `name` of an item.
pub fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(s)) => Some(s),
        _ => None,
    }
}

/// All plain numbers of an item.
pub fn numbers_of(item: &Item) -> HashMap<String, i64> {
    item.keys().filter_map(|name| Some((name.clone(), number(item, name)?))).collect()
}
