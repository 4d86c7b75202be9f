//! Clients of LinkupAPI V1 for tests.

use std::sync::Arc;
use std::time::Duration;

use outbound::linkup_v1::{LinkupConfig, LinkupV1};
use outbound::rate::SlidingWindow;

pub use crate::support::calls::*;

/// A client with the documented limits, short time-outs and a clock that stands still.
pub fn client(base_url: &str) -> LinkupV1 {
    client_with(base_url, Arc::new(SlidingWindow::new(usize::MAX, Duration::from_secs(60))))
}

pub fn client_with(base_url: &str, gate: Arc<SlidingWindow>) -> LinkupV1 {
    let mut config = LinkupConfig::new(base_url, API_KEY.to_owned().into());
    config.timeout = Duration::from_secs(5);
    config.media_timeout = Duration::from_secs(5);
    LinkupV1::with_clock(config, gate, Arc::new(now)).unwrap()
}
