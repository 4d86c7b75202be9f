//! A fault layer in front of the embedded store: it gives it the failures that DynamoDB has and a library in this process
//! has not. Throttling, conflicts of transactions, parts of batches left over, answers that get lost, and indexes and
//! relaxed reads that lag behind.

use crate::embedded::{Embedded, response};
use crate::error::StoreError;
use crate::table::Table;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

/// The namespace of DynamoDB's error names.
const ERRORS: &str = "com.amazonaws.dynamodb.v20120810#";

/// What is asked of the store.
#[derive(Clone, Debug)]
pub struct Request {
    /// DynamoDB's name of the operation.
    pub operation: String,
    /// Its JSON body.
    pub body: Value,
}

impl Request {
    /// Whether it may change something.
    pub fn writes(&self) -> bool {
        matches!(self.operation.as_str(), "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems")
    }

    /// Whether it reads an index, or reads without asking for the newest state: what lags behind on DynamoDB.
    fn may_be_stale(&self) -> bool {
        let strong = |request: &Value| request["ConsistentRead"].as_bool() == Some(true);
        match self.operation.as_str() {
            "Query" | "GetItem" => !strong(&self.body),
            "BatchGetItem" => {
                let tables = self.body["RequestItems"].as_object();
                tables.is_some_and(|tables| !tables.values().all(strong))
            }
            _ => false,
        }
    }
}

/// How a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More was asked for than is provisioned.
    Throttled,
    /// Another transaction holds the item; only of writes.
    Conflict,
    /// The service failed.
    Internal,
    /// The connection broke.
    Broken,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    Answered,
    /// It is refused, and nothing took place.
    Refused(Refusal),
    /// It takes place, and the answer is lost.
    Lost(Refusal),
    /// Of a batch only the first so many parts are worked on; other requests are answered.
    Partly(usize),
    /// It does not take place, and is answered with this JSON.
    Told(String),
}

/// Decides what becomes of requests.
pub trait Weather: Send + Sync + 'static {
    /// The fate of a request, and the request, perhaps changed. While it waits nothing has taken place; dropped, it never does.
    fn fate(&self, request: Request) -> Pin<Box<dyn Future<Output = (Request, Fate)> + Send>>;

    /// Told right after a request took place, before its answer leaves.
    fn took_place(&self, request: &Request, answer: &str);

    /// How many writes the indexes and relaxed reads are behind just now.
    fn lag(&self) -> usize;
}

/// A copy that follows the store at a distance.
struct Follower {
    store: Embedded,
    /// Writes that the copy does not know yet, oldest first.
    waiting: Mutex<VecDeque<(String, String)>>,
}

impl Follower {
    /// Takes in what is further back than `lag` writes.
    fn follow(&self, lag: usize) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting.len() > lag {
            let Some((operation, body)) = waiting.pop_front() else { break };
            let (status, _) = self.store.perform(&operation, &body);
            debug_assert_eq!(status, 200, "{operation} went well the first time");
        }
    }
}

/// The embedded store under a weather.
#[derive(Clone)]
struct Weathered {
    store: Embedded,
    weather: Arc<dyn Weather>,
    follower: Option<Arc<Follower>>,
}

impl std::fmt::Debug for Weathered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Weathered")
    }
}

impl Embedded {
    /// The table `name` of this database under `weather`. With `lagging`, indexes and relaxed reads are answered from a
    /// copy that is as many writes behind as the weather says; the database must then be empty.
    ///
    /// # Errors
    /// Out of memory.
    pub async fn table_under(&self, name: &str, weather: Arc<dyn Weather>, lagging: bool) -> Result<Table, StoreError> {
        let follower = if lagging {
            let store = Self::memory()?;
            let _made = store.table(name).await?;
            Some(Arc::new(Follower { store, waiting: Mutex::default() }))
        } else {
            None
        };
        let _made = self.table(name).await?;
        Self::table_through(Weathered { store: self.clone(), weather, follower }, name).await
    }
}

impl HttpClient for Weathered {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Weathered {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = match serde_json::from_slice(request.body().bytes().unwrap_or_default()) {
            Ok(body) => body,
            Err(e) => return HttpConnectorFuture::ready(Err(ConnectorError::user(e.into()))),
        };
        let fate = self.weather.fate(Request { operation, body });
        let weathered = self.clone();
        HttpConnectorFuture::new(async move {
            let (request, fate) = fate.await;
            weathered.meet(&request, fate)
        })
    }
}

impl Weathered {
    fn meet(&self, request: &Request, fate: Fate) -> Result<HttpResponse, ConnectorError> {
        match fate {
            Fate::Answered => {
                let (status, text) = self.perform(request);
                response(status, text)
            }
            Fate::Refused(refusal) => refuse(request, refusal),
            Fate::Lost(refusal) => match self.perform(request) {
                (200, _) => refuse(request, refusal),
                // Nothing took place, so nothing got lost.
                (status, text) => response(status, text),
            },
            Fate::Partly(parts) => self.perform_partly(request, parts),
            Fate::Told(text) => response(200, text),
        }
    }

    fn perform(&self, request: &Request) -> (u16, String) {
        let body = request.body.to_string();
        if let Some(follower) = self.follower.as_ref().filter(|_| request.may_be_stale()) {
            follower.follow(self.weather.lag());
            return follower.store.perform(&request.operation, &body);
        }
        let (status, text) = self.store.perform(&request.operation, &body);
        if status == 200 {
            if let Some(follower) = self.follower.as_ref().filter(|_| request.writes()) {
                let write = (request.operation.clone(), body);
                follower.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(write);
            }
            self.weather.took_place(request, &text);
        }
        (status, text)
    }

    /// Works on the first `parts` of a batch and hands the others back, as DynamoDB does when it has too much to do.
    fn perform_partly(&self, request: &Request, parts: usize) -> Result<HttpResponse, ConnectorError> {
        let (left, list) = match request.operation.as_str() {
            "BatchWriteItem" => ("UnprocessedItems", ""),
            "BatchGetItem" => ("UnprocessedKeys", "/Keys"),
            _ => return self.meet(request, Fate::Answered),
        };
        let mut now = request.clone();
        let mut rest = json!({});
        for (table, wanted) in request.body["RequestItems"].as_object().into_iter().flatten() {
            let all = wanted.pointer(list).and_then(Value::as_array).cloned().unwrap_or_default();
            let (first, others) = all.split_at(parts.clamp(1, all.len().max(1)).min(all.len()));
            if let Some(place) = now.body["RequestItems"][table].pointer_mut(list) {
                *place = json!(first);
            }
            if !others.is_empty() {
                rest[table] = wanted.clone();
                if let Some(place) = rest[table].pointer_mut(list) {
                    *place = json!(others);
                }
            }
        }
        let (status, text) = self.perform(&now);
        let mut answer: Value = serde_json::from_str(&text).map_err(|e| ConnectorError::other(e.into(), None))?;
        if status == 200 {
            answer[left] = rest;
        }
        response(status, answer.to_string())
    }
}

fn refuse(request: &Request, refusal: Refusal) -> Result<HttpResponse, ConnectorError> {
    let error = |name: &str| json!({ "__type": format!("{ERRORS}{name}"), "message": "as the weather would have it" });
    let transaction = request.operation == "TransactWriteItems";
    let cancelled = |code: &str| {
        let mut body = error("TransactionCanceledException");
        let places = request.body["TransactItems"].as_array().map_or(1, Vec::len);
        let reasons = (0..places).map(|place| json!({ "Code": if place == 0 { code } else { "None" } }));
        body["CancellationReasons"] = reasons.collect();
        body
    };
    match refusal {
        Refusal::Broken => Err(ConnectorError::io("connection reset".into())),
        Refusal::Internal => response(500, error("InternalServerError").to_string()),
        Refusal::Throttled if transaction => response(400, cancelled("ThrottlingError").to_string()),
        Refusal::Throttled => response(400, error("ProvisionedThroughputExceededException").to_string()),
        Refusal::Conflict if transaction => response(400, cancelled("TransactionConflict").to_string()),
        Refusal::Conflict => response(400, error("TransactionConflictException").to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Key;
    use crate::table::{Transacted, Walk};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// One fate for all requests, changed between them.
    struct Steady {
        fate: Mutex<Fate>,
        lag: AtomicUsize,
        written: AtomicUsize,
    }

    impl Weather for Steady {
        fn fate(&self, request: Request) -> Pin<Box<dyn Future<Output = (Request, Fate)> + Send>> {
            let fate = self.fate.lock().unwrap().clone();
            Box::pin(async move { (request, fate) })
        }
        fn took_place(&self, request: &Request, _: &str) {
            self.written.fetch_add(usize::from(request.writes()), Ordering::SeqCst);
        }
        fn lag(&self) -> usize {
            self.lag.load(Ordering::SeqCst)
        }
    }

    async fn opened(lagging: bool) -> (Table, Arc<Steady>) {
        let weather =
            Arc::new(Steady { fate: Mutex::new(Fate::Answered), lag: AtomicUsize::new(0), written: AtomicUsize::new(0) });
        let table = Embedded::memory().unwrap().table_under("people", weather.clone(), lagging).await.unwrap();
        (table, weather)
    }

    fn key(n: usize) -> Key {
        Key::new("p", format!("{n:03}"))
    }

    async fn count(table: &Table) -> usize {
        table.query("p", "", Walk { limit: 100, ..Walk::default() }).await.unwrap().items.len()
    }

    #[tokio::test]
    async fn what_is_refused_did_not_take_place_and_what_is_lost_did() {
        let (table, weather) = opened(false).await;
        for (n, refusal) in [Refusal::Throttled, Refusal::Conflict, Refusal::Internal, Refusal::Broken].into_iter().enumerate() {
            *weather.fate.lock().unwrap() = Fate::Refused(refusal);
            assert!(table.add(&key(n), &[("n", 1)]).await.is_err(), "{refusal:?}");
            *weather.fate.lock().unwrap() = Fate::Answered;
            assert_eq!(count(&table).await, n, "{refusal:?}");
            *weather.fate.lock().unwrap() = Fate::Lost(refusal);
            assert!(table.add(&key(n), &[("n", 1)]).await.is_err(), "{refusal:?}");
            *weather.fate.lock().unwrap() = Fate::Answered;
            assert_eq!(count(&table).await, n + 1, "{refusal:?}");
        }
        assert_eq!(weather.written.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_conflict_cancels_a_transaction_and_is_no_lost_condition() {
        let (table, weather) = opened(false).await;
        let ops = || vec![table.op_add(&key(0), &[("n", 1)]).unwrap(), table.op_check_number(&key(1), "n", 0).unwrap()];
        for refusal in [Refusal::Conflict, Refusal::Throttled] {
            *weather.fate.lock().unwrap() = Fate::Refused(refusal);
            assert!(table.transact(ops()).await.is_err(), "{refusal:?}");
        }
        *weather.fate.lock().unwrap() = Fate::Answered;
        assert_eq!(table.transact(ops()).await.unwrap(), Transacted::Won);
    }

    #[tokio::test]
    async fn parts_of_a_batch_that_are_left_over_are_asked_for_again() {
        let (table, weather) = opened(false).await;
        for n in 0..7 {
            table.add(&key(n), &[("n", 1)]).await.unwrap();
        }
        *weather.fate.lock().unwrap() = Fate::Partly(2);
        let keys: Vec<Key> = (0..7).map(key).collect();
        assert_eq!(table.get_items(&keys).await.unwrap().len(), 7);
        table.delete_many(&keys).await.unwrap();
        assert_eq!(count(&table).await, 0);
    }

    #[tokio::test]
    async fn relaxed_reads_lag_behind_and_strong_ones_do_not() {
        let (table, weather) = opened(true).await;
        weather.lag.store(2, Ordering::SeqCst);
        for n in 0..3 {
            table.add(&key(n), &[("n", 1)]).await.unwrap();
        }
        assert_eq!((count(&table).await, count(&table.relaxed()).await), (3, 1));
        weather.lag.store(0, Ordering::SeqCst);
        assert_eq!(count(&table.relaxed()).await, 3);
    }
}
