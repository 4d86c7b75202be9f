//! An embedded DynamoDB behind the AWS SDK: requests go to a library in this process instead of over the network.
//! One file on disk for the one-machine home, or memory for tests.

use crate::error::StoreError;
use crate::group_commit::GroupCommit;
use crate::record::Item;
use crate::schema;
use crate::table::Table;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, StalledStreamProtectionConfig};
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
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The library looks for the newest change before each write and reads on from any of them; without this index it reads
/// all changes ever made each time, with both images of each.
const CHANGES_INDEX: &str = "CREATE INDEX IF NOT EXISTS amorce_changes
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// An embedded database. Clones share it.
#[derive(Clone)]
pub struct Embedded {
    database: Arc<Database>,
    /// `None` in memory, and where SQLite syncs each commit by itself.
    commit: Option<GroupCommit>,
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedded")
    }
}

fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

impl Embedded {
    /// Opens or creates the file at `path`.
    ///
    /// # Errors
    /// When it cannot be opened, written or synced.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = indexed(path.to_str().ok_or_else(|| unavailable("path is not UTF-8"))?)?;
        let commit = group_commit(path, &database)?;
        Ok(Self { database: Arc::new(database), commit })
    }

    /// A database that is gone with the process.
    ///
    /// # Errors
    /// Out of memory.
    pub fn memory() -> Result<Self, StoreError> {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        // A name within this process, so that the index can be made by a connection of our own.
        let name = format!("file:amorce-{}?mode=memory&cache=shared", OPENED.fetch_add(1, Ordering::Relaxed));
        Ok(Self { database: Arc::new(indexed(&name)?), commit: None })
    }

    /// The table `name` in this database, created if it is not there.
    pub async fn table(&self, name: &str) -> Result<Table, StoreError> {
        Self::table_through(self.clone(), name).await
    }

    /// The table `name` as it is reached through `http`.
    pub(crate) async fn table_through(http: impl HttpClient + 'static, name: &str) -> Result<Table, StoreError> {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-3"))
            // Nothing leaves the process: nobody checks a signature, and no answer stalls.
            .allow_no_auth()
            .endpoint_url("http://embedded")
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http)
            .build();
        let table = Table::new(aws_sdk_dynamodb::Client::from_conf(config), name);
        schema::create_if_missing(&table).await?;
        Ok(table)
    }

    /// Removes what has expired; answers how many items.
    pub fn sweep_expired(&self) -> Result<usize, StoreError> {
        self.database.sweep_ttl().map_err(unavailable)
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
        let path = path.to_str().ok_or_else(|| unavailable("path is not UTF-8"))?;
        self.database.vacuum_into(path).map_err(unavailable)
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
            let text = dispatch(&self.database, operation, &body.to_string()).map_err(unavailable)?;
            serde_json::from_str(&text).map_err(unavailable)
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

/// Opens the library's database and gives it the index it lacks.
fn indexed(path: &str) -> Result<Database, StoreError> {
    let database = Database::new(path).map_err(unavailable)?;
    let own = rusqlite::Connection::open(path).map_err(unavailable)?;
    own.busy_timeout(std::time::Duration::from_secs(30)).map_err(unavailable)?;
    own.execute_batch(CHANGES_INDEX).map_err(unavailable)?;
    Ok(database)
}

/// Lets commits end without a sync of their own, and syncs the write-ahead log for all of them together.
///
/// Why that is as durable as `synchronous = FULL`: a commit appends its pages to the log, and a sync of the log that
/// begins afterwards brings them to disk, with all commits before. The log is only begun anew when a checkpoint has moved
/// its pages into the database, and with `NORMAL` SQLite syncs the log before it moves anything and the database after,
/// before it lets go of the log. So at the end of our sync a commit is either in the synced log or in the synced
/// database. The log is removed by the last connection alone, and ours is open as long as this file is.
fn group_commit(path: &Path, database: &Database) -> Result<Option<GroupCommit>, StoreError> {
    // SQLite puts the log beside the file that a link leads to.
    let path = std::fs::canonicalize(path).map_err(unavailable)?;
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    let log = match File::options().read(true).write(true).open(&log) {
        Ok(log) => log,
        // A file system without shared memory: SQLite keeps a rollback journal and syncs each commit.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unavailable(e)),
    };
    if let Some(folder) = path.parent() {
        // The log may be new: its name too has to outlast a power cut.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(unavailable)?;
    }
    database.disable_bulk_loading().map_err(unavailable)?;
    Ok(Some(GroupCommit::new(move || log.sync_data())))
}

impl HttpClient for Embedded {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Embedded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(commit) = &self.commit else { return HttpConnectorFuture::ready(self.answer(&request)) };
        if let Some(failure) = commit.failure() {
            return HttpConnectorFuture::ready(Err(ConnectorError::io(failure.to_string().into())));
        }
        let answer = self.answer(&request);
        let durable = commit.durable();
        HttpConnectorFuture::new(async move {
            durable.await.map_err(|failure| ConnectorError::io(failure.to_string().into()))?;
            answer
        })
    }
}

impl Embedded {
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let body = std::str::from_utf8(body).map_err(|e| ConnectorError::user(e.into()))?;
        let (status, text) = self.perform(&operation, body);
        if let Some(commit) = &self.commit
            && !READS.contains(&operation.as_str())
            && status != 400
        {
            commit.committed();
        }
        response(status, text)
    }

    /// Performs an operation; answers the HTTP status and the JSON that DynamoDB would.
    pub(crate) fn perform(&self, operation: &str, body: &str) -> (u16, String) {
        match on_worker(|| dispatch(&self.database, operation, body)) {
            Ok(text) => (200, text),
            Err(e) => (e.status_code(), e.to_json()),
        }
    }
}

/// An answer as the SDK reads it.
pub(crate) fn response(status: u16, text: String) -> Result<HttpResponse, ConnectorError> {
    let status = http::StatusCode::from_u16(status).map_err(|e| ConnectorError::other(e.into(), None))?;
    let mut response = HttpResponse::new(status.into(), SdkBody::from(text));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}

/// The operations that commit nothing; nor does a refused one, with status 400.
const READS: [&str; 5] = ["GetItem", "BatchGetItem", "Query", "DescribeTable", "DescribeTimeToLive"];

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Key;
    use std::io;
    use std::sync::atomic::AtomicBool;

    /// A store in a file, how often it was synced, and a switch that breaks its disk.
    async fn opened(path: &Path) -> (Table, Arc<AtomicU64>, Arc<AtomicBool>) {
        let mut embedded = Embedded::open(path).unwrap();
        let _made = embedded.table("people").await.unwrap();
        let (syncs, broken) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let (counter, switch) = (syncs.clone(), broken.clone());
        embedded.commit = Some(GroupCommit::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            if switch.load(Ordering::SeqCst) { Err(io::Error::other("input/output error")) } else { Ok(()) }
        }));
        (embedded.table("people").await.unwrap(), syncs, broken)
    }

    fn key(name: &str) -> Key {
        Key::new(name.to_owned(), "n".to_owned())
    }

    #[tokio::test]
    async fn a_write_is_synced_and_what_writes_nothing_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (table, syncs, _) = opened(&folder.path().join("store.db")).await;
        let check = |expected, what| assert_eq!(syncs.load(Ordering::SeqCst), expected, "{what}");
        assert_eq!(table.add_below(&key("a"), "n", 1, Some(1)).await.unwrap(), Some(1));
        check(1, "a write");
        assert_eq!(table.add_below(&key("a"), "n", 1, Some(1)).await.unwrap(), None);
        check(1, "a condition that does not hold");
        assert_eq!(table.numbers(&key("a")).await.unwrap()["n"], 1);
        check(1, "a reading");
        let ops = vec![table.op_add(&key("a"), &[("n", 1)]).unwrap(), table.op_add(&key("b"), &[("n", 1)]).unwrap()];
        assert_eq!(table.transact(ops).await.unwrap(), crate::Transacted::Won);
        check(2, "a transaction");
    }

    #[tokio::test]
    async fn a_disk_that_fails_once_ends_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let (table, syncs, broken) = opened(&path).await;
        broken.store(true, Ordering::SeqCst);
        let refused = |error: StoreError| assert!(error.to_string().contains("input/output error"), "{error}");
        refused(table.add(&key("a"), &[("n", 1)]).await.unwrap_err());
        broken.store(false, Ordering::SeqCst);
        refused(table.add(&key("b"), &[("n", 1)]).await.unwrap_err());
        refused(table.numbers(&key("a")).await.unwrap_err());
        assert_eq!(syncs.load(Ordering::SeqCst), 1, "nothing is synced after a failure");
        drop(table);
        let (table, ..) = opened(&path).await;
        assert!(table.numbers(&key("b")).await.unwrap().is_empty(), "what came after it was not written at all");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_writers_in_a_file_are_all_found_after_it_is_opened_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let table = Embedded::open(&path).unwrap().table("people").await.unwrap();
        let write = |writer: usize| {
            let table = table.clone();
            tokio::spawn(async move {
                for place in 0..20 {
                    table.add(&key(&format!("{writer}-{place}")), &[("n", 1)]).await.unwrap();
                    table.add(&key("all"), &[("n", 1)]).await.unwrap();
                }
            })
        };
        for writer in (0..8).map(write).collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        drop(table);
        let table = Embedded::open(&path).unwrap().table("people").await.unwrap();
        assert_eq!(table.numbers(&key("all")).await.unwrap()["n"], 160);
        assert_eq!(table.numbers(&key("7-19")).await.unwrap()["n"], 1);
    }

    #[tokio::test]
    async fn the_newest_change_is_found_without_reading_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let _library = Embedded::open(&path).unwrap();
        let own = rusqlite::Connection::open(&path).unwrap();
        let newest = "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
                      FROM _stream_records WHERE table_name = 'people'";
        let plan: String = own.query_row(newest, [], |row| row.get(3)).unwrap();
        assert!(plan.contains("amorce_changes"), "{plan}");
    }
}
