//! An embedded DynamoDB behind the AWS SDK: requests go to a library in this process instead of over the network.
//! One file on disk for the one-machine home, or memory for tests.

use crate::error::StoreError;
use crate::record::Item;
use crate::schema;
use crate::table::Table;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};
use std::path::Path;
use std::sync::Arc;

/// An embedded database. Clones share it.
#[derive(Clone)]
pub struct Embedded {
    database: Arc<Database>,
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedded")
    }
}

impl Embedded {
    /// Opens or creates the file at `path`.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_str().ok_or_else(|| StoreError::Unavailable("path is not UTF-8".into()))?;
        let database = Database::new(path).map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(Self { database: Arc::new(database) })
    }

    /// A database that is gone with the process.
    pub fn memory() -> Result<Self, StoreError> {
        let database = Database::memory().map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(Self { database: Arc::new(database) })
    }

    /// The table `name` in this database, created if it is not there.
    pub async fn table(&self, name: &str) -> Result<Table, StoreError> {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-3"))
            .credentials_provider(Credentials::new("local", "local", None, None, "embedded"))
            .retry_config(aws_sdk_dynamodb::config::retry::RetryConfig::disabled())
            .http_client(self.clone())
            .build();
        let table = Table::new(aws_sdk_dynamodb::Client::from_conf(config), name);
        schema::create_if_missing(&table).await?;
        Ok(table)
    }

    /// Removes what has expired; answers how many items.
    pub fn sweep_expired(&self) -> Result<usize, StoreError> {
        self.database.sweep_ttl().map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    /// Every item of a table, for what must be sure to miss none: the ledger of erasures before a restore, and tests.
    pub fn every_item(&self, table: &str) -> Result<Vec<Item>, StoreError> {
        let unavailable = |e: String| StoreError::Unavailable(e);
        let mut items = Vec::new();
        let mut start = serde_json::Value::Null;
        loop {
            let mut request = serde_json::json!({ "TableName": table });
            if !start.is_null() {
                request["ExclusiveStartKey"] = start;
            }
            let request = serde_json::from_value(request).map_err(|e| unavailable(e.to_string()))?;
            let answer = self.database.scan(request).map_err(|e| unavailable(e.to_string()))?;
            let answer = serde_json::to_value(answer).map_err(|e| unavailable(e.to_string()))?;
            for item in answer["Items"].as_array().into_iter().flatten() {
                items.push(item_of(item)?);
            }
            start = answer["LastEvaluatedKey"].clone();
            if start.is_null() {
                return Ok(items);
            }
        }
    }

    /// Copies the whole database into a new file, safe while it is written.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let path = path.to_str().ok_or_else(|| StoreError::Unavailable("path is not UTF-8".into()))?;
        self.database.vacuum_into(path).map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    /// Reads the change stream after `position` (opaque; `None`: from the start): the records in the form in which a
    /// Lambda receives them, and where to go on.
    pub fn changes(
        &self,
        table: &str,
        position: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<serde_json::Value>, Option<String>), StoreError> {
        let call = |operation: &str, body: serde_json::Value| -> Result<serde_json::Value, StoreError> {
            let text =
                dispatch(&self.database, operation, &body.to_string()).map_err(|e| StoreError::Unavailable(e.to_string()))?;
            serde_json::from_str(&text).map_err(|e| StoreError::Unavailable(e.to_string()))
        };
        let iterator = match position {
            Some(iterator) => iterator.to_owned(),
            None => {
                let streams = call("ListStreams", serde_json::json!({ "TableName": table }))?;
                let Some(arn) = streams["Streams"][0]["StreamArn"].as_str() else { return Ok((Vec::new(), None)) };
                let stream = call("DescribeStream", serde_json::json!({ "StreamArn": arn }))?;
                let Some(shard) = stream["StreamDescription"]["Shards"][0]["ShardId"].as_str() else {
                    return Ok((Vec::new(), None));
                };
                let request = serde_json::json!({
                    "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"
                });
                let answer = call("GetShardIterator", request)?;
                answer["ShardIterator"].as_str().unwrap_or_default().to_owned()
            }
        };
        let answer = call("GetRecords", serde_json::json!({ "ShardIterator": iterator, "Limit": limit }))?;
        let records = answer["Records"].as_array().cloned().unwrap_or_default();
        Ok((records, answer["NextShardIterator"].as_str().map(str::to_owned)))
    }
}

/// An item in the form of the SDK, of the kinds of attributes this product writes.
fn item_of(item: &serde_json::Value) -> Result<Item, StoreError> {
    let mut read = Item::new();
    for (name, attribute) in item.as_object().into_iter().flatten() {
        let text = |kind: &str| attribute[kind].as_str();
        let value = match (text("S"), text("N"), text("B")) {
            (Some(text), ..) => AttributeValue::S(text.to_owned()),
            (_, Some(number), _) => AttributeValue::N(number.to_owned()),
            (.., Some(bytes)) => {
                let bytes = aws_smithy_types::base64::decode(bytes).map_err(|e| StoreError::corrupt(&e.to_string()))?;
                AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new(bytes))
            }
            _ => return Err(StoreError::corrupt("attribute of an unknown kind")),
        };
        read.insert(name.clone(), value);
    }
    Ok(read)
}

impl HttpClient for Embedded {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Embedded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.answer(&request);
        HttpConnectorFuture::ready(answer)
    }
}

impl Embedded {
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let body = std::str::from_utf8(body).map_err(|e| ConnectorError::user(e.into()))?;
        let (status, text) = match on_worker(|| dispatch(&self.database, &operation, body)) {
            Ok(text) => (200, text),
            Err(e) => (e.status_code(), e.to_json()),
        };
        let status = http::StatusCode::from_u16(status).map_err(|e| ConnectorError::other(e.into(), None))?;
        let mut response = HttpResponse::new(status.into(), SdkBody::from(text));
        response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
        Ok(response)
    }
}

/// A file write waits for the disk: on a runtime of several threads the others go on meanwhile.
fn on_worker<T>(work: impl FnOnce() -> T) -> T {
    let several =
        tokio::runtime::Handle::try_current().is_ok_and(|h| h.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread);
    if several { tokio::task::block_in_place(work) } else { work() }
}

fn dispatch(db: &Database, operation: &str, body: &str) -> Result<String, DynoxideError> {
    fn run<Q: DeserializeOwned, A: Serialize>(
        body: &str,
        call: impl FnOnce(Q) -> Result<A, DynoxideError>,
    ) -> Result<String, DynoxideError> {
        let invalid = |e: serde_json::Error| DynoxideError::ValidationException(e.to_string());
        let answer = call(serde_json::from_str(body).map_err(invalid)?)?;
        serde_json::to_string(&answer).map_err(invalid)
    }
    match operation {
        "GetItem" => run(body, |q| db.get_item(q)),
        "PutItem" => run(body, |q| db.put_item(q)),
        "UpdateItem" => run(body, |q| db.update_item(q)),
        "DeleteItem" => run(body, |q| db.delete_item(q)),
        "Query" => run(body, |q| db.query(q)),
        "BatchGetItem" => run(body, |q| db.batch_get_item(q)),
        "BatchWriteItem" => run(body, |q| db.batch_write_item(q)),
        "TransactWriteItems" => run(body, |q| db.transact_write_items(q)),
        "CreateTable" => run(body, |q| db.create_table(q)),
        "DescribeTable" => run(body, |q| db.describe_table(q)),
        "UpdateTimeToLive" => run(body, |q| db.update_time_to_live(q)),
        "DescribeTimeToLive" => run(body, |q| db.describe_time_to_live(q)),
        "ListStreams" => run(body, |q| db.list_streams(q)),
        "DescribeStream" => run(body, |q| db.describe_stream(q)),
        "GetShardIterator" => run(body, |q| db.get_shard_iterator(q)),
        "GetRecords" => run(body, |q| db.get_records(q)),
        other => Err(DynoxideError::ValidationException(format!("operation {other} is not used by this product"))),
    }
}
