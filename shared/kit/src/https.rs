//! How the AWS clients reach AWS: HTTP/1.1 over TLS, on connections that are kept.
//!
//! The SDK's own HTTP client brings HTTP/2, proxies and a cryptographic library of 1 MB, a fifth of a function's zip.
//! DynamoDB, SQS and EventBridge need none of that, and a Lambda reaches them without a proxy.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{CaptureConnection, HttpConnector as Tcp, capture_connection};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::error::Elapsed;
use tower_service::Service;

/// For DNS, TCP and TLS together. The SDK's own default, whatever a client is configured with: none is.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// The HTTP client of all AWS clients of a process.
#[derive(Clone, Debug, Default)]
pub struct Https(Connections);

impl HttpClient for Https {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.0.clone())
    }
}

/// The kept connections. Made at the first request: reading the system's root certificates takes milliseconds.
#[derive(Clone, Debug, Default)]
struct Connections(Arc<OnceLock<Result<Pool, String>>>);

type Pool = Client<Dial, Full<Bytes>>;

impl HttpConnector for Connections {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match (self.0.get_or_init(pool), whole(request)) {
            (Err(why), _) => HttpConnectorFuture::ready(Err(ConnectorError::other(why.clone().into(), None))),
            (_, Err(e)) => HttpConnectorFuture::ready(Err(ConnectorError::user(e))),
            (Ok(pool), Ok(request)) => {
                let answer = pool.request(request);
                HttpConnectorFuture::new(async move {
                    let answer = answer.await.map_err(refused)?;
                    HttpResponse::try_from(answer.map(SdkBody::from_body_1_x)).map_err(|e| ConnectorError::other(e.into(), None))
                })
            }
        }
    }
}

fn pool() -> Result<Pool, String> {
    let mut tcp = Tcp::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(rustls::crypto::ring::default_provider());
    let https = tls.map_err(|e| e.to_string())?.https_or_http().enable_http1().wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(Dial(https)))
}

/// The request with its body in one piece, and with the SDK told which connection it takes: after a passing fault the
/// SDK has that connection closed, so that the next attempt takes another.
fn whole(request: HttpRequest) -> Result<Request<Full<Bytes>>, BoxError> {
    let (parts, body) = request.try_into_http1x()?.into_parts();
    let body = Bytes::copy_from_slice(body.bytes().ok_or("the body is a stream")?);
    let mut request = Request::from_parts(parts, Full::new(body));
    let taken = capture_connection(&mut request);
    if let Some(asking) = request.extensions().get::<CaptureSmithyConnection>() {
        asking.set_connection_retriever(move || described(&taken));
    }
    Ok(request)
}

fn described(taken: &CaptureConnection) -> Option<ConnectionMetadata> {
    taken.connection_metadata().as_ref()?;
    let taken = taken.clone();
    let close = move || {
        if let Some(connection) = taken.connection_metadata().as_ref() {
            connection.poison();
        }
    };
    Some(ConnectionMetadata::builder().proxied(false).poison_fn(close).build())
}

/// What the SDK decides upon whether to try again: the same distinctions as in its own client.
fn refused(error: legacy::Error) -> ConnectorError {
    let timed_out = cause::<Elapsed>(&error).is_some();
    let broken = cause::<std::io::Error>(&error).is_some();
    match cause::<hyper::Error>(&error) {
        _ if timed_out => ConnectorError::timeout(error.into()),
        Some(e) if e.is_timeout() => ConnectorError::timeout(error.into()),
        Some(e) if e.is_user() => ConnectorError::user(error.into()),
        Some(e) if e.is_incomplete_message() => ConnectorError::other(error.into(), Some(ErrorKind::TransientError)),
        Some(e) if e.is_closed() || e.is_canceled() || broken => ConnectorError::io(error.into()),
        None if broken || error.is_connect() => ConnectorError::io(error.into()),
        _ => ConnectorError::other(error.into(), None),
    }
}

fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

/// Opens connections, each within [`CONNECT_TIMEOUT`].
#[derive(Clone, Debug)]
struct Dial(HttpsConnector<Tcp>);

impl Service<Uri> for Dial {
    type Response = <HttpsConnector<Tcp> as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let opened = tokio::time::timeout(CONNECT_TIMEOUT, self.0.call(address));
        Box::pin(async move { opened.await? })
    }
}
