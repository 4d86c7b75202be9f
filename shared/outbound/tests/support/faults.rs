//! A server that answers every connection in one way, below and above HTTP, and counts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the vendor does with each request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Closes without an answer.
    Reset,
    /// Holds the connection open until the client gives up.
    Silence,
    /// Writes these bytes and closes.
    Say(Vec<u8>),
}

/// An answer with a body of a kind.
pub fn answer(status: u16, kind: &str, headers: &str, body: &[u8]) -> Act {
    answer_announced(status, kind, headers, body, body.len())
}

/// The same, announcing another length.
pub fn answer_announced(status: u16, kind: &str, headers: &str, body: &[u8], length: usize) -> Act {
    let head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n"
    );
    Act::Say([head.as_bytes(), body].concat())
}

/// Serves `act` for ever; the count is of requests.
pub async fn serve(act: Act) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(play(stream, act.clone(), counted.clone()));
        }
    });
    (address, requests)
}

async fn play(mut stream: TcpStream, act: Act, requests: Arc<AtomicUsize>) {
    let mut seen = [0; 16_384];
    if stream.read(&mut seen).await.is_ok_and(|read| read > 0) {
        requests.fetch_add(1, Ordering::SeqCst);
    }
    match act {
        Act::Reset => {}
        Act::Silence => {
            let _ = stream.read(&mut seen).await;
        }
        Act::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    }
}
