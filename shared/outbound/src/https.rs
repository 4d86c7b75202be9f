//! The HTTP client of vendors: HTTP/1.1, over TLS through the proxy that the environment names (`HTTPS_PROXY`,
//! `NO_PROXY`). It follows no redirect, and it says of each failure whether a request may have left.
//!
//! A thin one of our own because every function that calls a vendor carries it in its zip.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tower_service::Service;
use url::Url;

/// A connection the vendor has closed meanwhile would make a send uncertain for nothing.
const IDLE_MAX: Duration = Duration::from_secs(15);

type Error = Box<dyn std::error::Error + Send + Sync>;
type Opening<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;
type Pool = Client<Dial, Full<Bytes>>;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// No connection, so nothing has left.
    Unreachable,
    /// Something may have left.
    Broken,
}

/// An answer with its body read to the end, or not.
pub(crate) struct Exchanged {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Result<Vec<u8>, Broken>,
}

/// A client with the connections it keeps.
pub(crate) struct Https {
    connect_timeout: Duration,
    /// Made at the first request: reading the system's root certificates takes milliseconds that a start does not have.
    pool: OnceLock<Result<Pool, String>>,
}

impl Https {
    /// A client that gives DNS, TCP and TLS together `connect_timeout`.
    pub(crate) fn new(connect_timeout: Duration) -> Self {
        Self { connect_timeout, pool: OnceLock::new() }
    }

    /// Sends a request once.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Lost> {
        let pool = self.pool.get_or_init(|| pool(self.connect_timeout)).as_ref().map_err(|why| {
            tracing::error!(why, "https.no_client");
            Lost::Unreachable
        })?;
        pool.request(request).await.map_err(|e| if e.is_connect() { Lost::Unreachable } else { Lost::Broken })
    }

    /// Sends a request once and reads at most `bytes_max` of its answer, all before `deadline`; `Ok(None)`: no answer in time.
    pub(crate) async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        bytes_max: usize,
        deadline: Instant,
    ) -> Result<Option<Exchanged>, Lost> {
        let Ok(answer) = timeout_at(deadline, self.send(request)).await else { return Ok(None) };
        let (head, body) = answer?.into_parts();
        let body = capped(body, bytes_max, deadline).await;
        Ok(Some(Exchanged { status: head.status, headers: head.headers, body }))
    }
}

/// Why a body could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    TooLarge,
    TimedOut,
    CutOff,
}

/// Reads at most `bytes_max` before `deadline`, without trusting the length announced.
pub(crate) async fn capped(mut answer: Incoming, bytes_max: usize, deadline: Instant) -> Result<Vec<u8>, Broken> {
    let announced = answer.size_hint().exact().unwrap_or(0);
    if announced > bytes_max as u64 {
        return Err(Broken::TooLarge);
    }
    let mut body = Vec::with_capacity(announced as usize);
    loop {
        let frame = match timeout_at(deadline, answer.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(Broken::CutOff),
            Ok(None) => return Ok(body),
            Err(_) => return Err(Broken::TimedOut),
        };
        let chunk = frame.into_data().unwrap_or_default();
        if body.len() + chunk.len() > bytes_max {
            return Err(Broken::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
}

/// A web address that paths are put behind: http or https, with a host, without query; it ends with a slash.
pub(crate) fn base_url(raw: &str) -> Option<Url> {
    let mut base = Url::parse(raw.trim()).ok()?;
    let plain =
        matches!(base.scheme(), "http" | "https") && base.has_host() && base.query().is_none() && base.fragment().is_none();
    if !base.path().ends_with('/') {
        let path = format!("{}/", base.path());
        base.set_path(&path);
    }
    plain.then_some(base)
}

fn pool(connect_timeout: Duration) -> Result<Pool, String> {
    let mut tcp = Tcp::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let line = Line { tcp, proxies: Arc::new(Matcher::from_env()) };
    let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(rustls::crypto::ring::default_provider());
    let https = tls.map_err(|e| e.to_string())?.https_or_http().enable_http1().wrap_connector(line);
    let mut client = Client::builder(TokioExecutor::new());
    client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_MAX);
    Ok(client.build(Dial { https, timeout: connect_timeout }))
}

/// Opens connections with TLS where the address wants it, each within the time given.
#[derive(Clone)]
struct Dial {
    https: HttpsConnector<Line>,
    timeout: Duration,
}

impl Service<Uri> for Dial {
    type Response = <HttpsConnector<Line> as Service<Uri>>::Response;
    type Error = Error;
    type Future = Opening<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let opened = tokio::time::timeout(self.timeout, self.https.call(address));
        Box::pin(async move { opened.await? })
    }
}

/// Opens TCP connections, for TLS through a proxy where one is named.
#[derive(Clone)]
struct Line {
    tcp: Tcp,
    proxies: Arc<Matcher>,
}

impl Line {
    fn proxy(&self, address: &Uri) -> Option<Intercept> {
        self.proxies.intercept(address).filter(|_| address.scheme() == Some(&http::uri::Scheme::HTTPS))
    }
}

impl Service<Uri> for Line {
    type Response = <Tcp as Service<Uri>>::Response;
    type Error = Error;
    type Future = Opening<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let Some(proxy) = self.proxy(&address) else {
            let opened = self.tcp.call(address);
            return Box::pin(async move { Ok(opened.await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp.clone());
        if let Some(password) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(password.clone());
        }
        Box::pin(async move { Ok(tunnel.call(address).await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_for_tls_and_not_for_exceptions() {
        let proxies = Matcher::builder().all("http://proxy.example:3128").no("localhost,inside.example").build();
        let line = Line { tcp: Tcp::new(), proxies: Arc::new(proxies) };
        for (address, proxied) in [
            ("https://api.vendor.example/v1/", true),
            ("http://api.vendor.example/v1/", false),
            ("https://inside.example/", false),
            ("https://localhost:8443/", false),
        ] {
            assert_eq!(line.proxy(&Uri::from_static(address)).is_some(), proxied, "{address}");
        }
    }
}
