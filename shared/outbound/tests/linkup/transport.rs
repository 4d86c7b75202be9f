//! What goes wrong below HTTP: no connection, silence, resets, bodies cut off or too large.

use std::sync::Arc;
use std::time::Duration;

use outbound::linkedin::{ErrorKind, LinkedIn, Sent};
use outbound::linkup_v1::{ConfigError, LinkupConfig, LinkupV1};
use outbound::rate::SlidingWindow;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::vendor::{self, ENDPOINTS, client};

/// What the vendor does with each connection once the request is there.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Reset,
    Silence,
    CutOff,
    CutOffRefusal,
    TenMegabytes,
    TenMegabytesUnannounced,
}

async fn faulty(fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(act(stream, fault));
        }
    });
    address
}

async fn act(mut stream: TcpStream, fault: Fault) {
    let mut seen = [0; 8192];
    let _ = stream.read(&mut seen).await;
    let start = |status: &str, rest: &str| format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{rest}\r\n\r\n");
    let ten_megabytes = vec![b' '; 10 * 1024 * 1024];
    let (head, body): (String, &[u8]) = match fault {
        Fault::Reset => return,
        Fault::Silence => {
            // Holds the connection open until the client gives up.
            let _ = stream.read(&mut seen).await;
            return;
        }
        Fault::CutOff => (start("200 OK", "content-length: 500"), b"{\"status\":\"success\""),
        Fault::CutOffRefusal => (start("400 Bad Request", "content-length: 500"), b"{\"status\":"),
        Fault::TenMegabytes => (start("200 OK", "content-length: 10485760"), &ten_megabytes),
        Fault::TenMegabytesUnannounced => (start("200 OK", "connection: close"), &ten_megabytes),
    };
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body).await;
}

#[tokio::test]
async fn every_call_survives_a_broken_connection() {
    for (fault, kind, sent) in [
        (Fault::Reset, ErrorKind::TimedOut, Sent::Maybe),
        (Fault::CutOff, ErrorKind::Unreadable, Sent::Maybe),
        (Fault::CutOffRefusal, ErrorKind::BadRequest, Sent::Answered),
        (Fault::TenMegabytes, ErrorKind::Unreadable, Sent::Maybe),
    ] {
        let client = client(&faulty(fault).await);
        for endpoint in ENDPOINTS {
            let error = vendor::ask(&client, endpoint.name).await.expect_err(endpoint.name);
            let context = format!("{fault:?} to {}: {error}", endpoint.name);
            assert_eq!((error.kind, error.sent), (kind, sent), "{context}");
            assert_eq!((error.credits, error.session_reads), (endpoint.credits, endpoint.reads), "{context}");
        }
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_at_the_cap_too() {
    let client = client(&faulty(Fault::TenMegabytesUnannounced).await);
    let error = vendor::ask(&client, "profile").await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Unreadable, "the answer is too large"));
}

#[tokio::test]
async fn silence_ends_in_an_unknown_outcome() {
    let mut config = LinkupConfig::new(faulty(Fault::Silence).await, "k".to_owned().into());
    config.timeout = Duration::from_millis(50);
    config.media_timeout = Duration::from_millis(50);
    let client = LinkupV1::new(config, Arc::new(SlidingWindow::new(300, Duration::from_secs(60)))).unwrap();
    for endpoint in ENDPOINTS {
        let error = vendor::ask(&client, endpoint.name).await.expect_err(endpoint.name);
        assert_eq!((error.kind, error.sent), (ErrorKind::TimedOut, Sent::Maybe), "{}", endpoint.name);
        assert_eq!((error.credits, error.status), (endpoint.credits, None), "{}", endpoint.name);
        assert!(!error.surely_not_done());
    }
}

#[tokio::test]
async fn a_refused_connection_is_surely_not_done() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let client = client(&address);
    for endpoint in ENDPOINTS {
        let error = vendor::ask(&client, endpoint.name).await.expect_err(endpoint.name);
        assert_eq!((error.kind, error.sent), (ErrorKind::Unreachable, Sent::Not), "{}", endpoint.name);
        assert_eq!((error.credits, error.session_reads), (0, 0), "{}", endpoint.name);
        assert!(error.surely_not_done() && error.is_retryable());
    }
}

/// A vendor that cannot finish the TLS handshake, or does not begin it, has seen no request.
#[tokio::test]
async fn a_handshake_that_fails_or_hangs_is_surely_not_done() {
    for fault in [Fault::CutOff, Fault::Reset, Fault::Silence] {
        let address = faulty(fault).await.replace("http://", "https://");
        let mut config = LinkupConfig::new(address, "k".to_owned().into());
        config.connect_timeout = Duration::from_millis(50);
        let client = LinkupV1::new(config, Arc::new(SlidingWindow::new(300, Duration::from_secs(60)))).unwrap();
        let error = vendor::ask(&client, "connect").await.unwrap_err();
        assert_eq!((error.kind, error.sent, error.credits), (ErrorKind::Unreachable, Sent::Not, 0), "{fault:?}");
    }
}

#[test]
fn a_wrong_configuration_is_refused_at_once() {
    let build = |base: &str, key: &str| {
        let config = LinkupConfig::new(base, key.to_owned().into());
        LinkupV1::new(config, Arc::new(SlidingWindow::new(1, Duration::from_secs(60))))
    };
    for base in ["", "api.linkupapi.com", "ftp://x", "https://x/?a=b"] {
        assert!(matches!(build(base, "k"), Err(ConfigError::BaseUrl)), "{base}");
    }
    for key in ["", "  ", "a\nb", "clé\u{7f}"] {
        assert!(matches!(build("https://x", key), Err(ConfigError::ApiKey)), "{key:?}");
    }
    assert!(build("https://x/v1/", "k").is_ok());
    assert_eq!(build("https://x", "k").unwrap().costs().extraction(11), 2);
}
