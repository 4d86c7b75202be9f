//! Which client speaks for which provider, and the session of an account.

use crate::linkedin::{LinkedIn, Session};
use crate::linkup_v1::{BASE_URL, LinkupConfig, LinkupV1, REQUESTS_PER_MINUTE};
use crate::rate::{CountCalls, RateGate, SharedGate, SlidingWindow};
use domain::vocabulary::Provider;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Opens what was sealed for a purpose; `None` when it cannot be opened.
pub type Opener = Arc<dyn Fn(&str, &str) -> Option<SecretString> + Send + Sync>;

/// The clients of the providers that are configured, and the way to the sessions of accounts.
#[derive(Clone)]
pub struct Providers {
    clients: HashMap<Provider, Arc<dyn LinkedIn>>,
    open: Opener,
}

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.clients.keys()).finish()
    }
}

/// What a stored session consists of.
#[derive(serde::Deserialize)]
struct Credentials {
    login_token: SecretString,
}

impl Providers {
    /// No provider yet; `open` opens sealed credentials.
    pub fn new(open: impl Fn(&str, &str) -> Option<SecretString> + Send + Sync + 'static) -> Self {
        Self { clients: HashMap::new(), open: Arc::new(open) }
    }

    /// Adds a client for a provider.
    #[must_use]
    pub fn with(mut self, provider: Provider, client: Arc<dyn LinkedIn>) -> Self {
        self.clients.insert(provider, client);
        self
    }

    /// Adds LinkupAPI V1 at `base_url`, as `provider`: the sandbox speaks the same language.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn with_linkup_v1(
        self,
        provider: Provider,
        base_url: &str,
        key: SecretString,
        gate: Arc<dyn RateGate>,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let client = LinkupV1::with_clock(LinkupConfig::new(base_url, key), gate, Arc::new(now));
        Ok(self.with(provider, Arc::new(client.map_err(|e| e.to_string())?)))
    }

    /// LinkupAPI V1 where a key is given, its limit counted for all processes together; without a key no provider at all.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn configured(
        url: Option<String>,
        key: Option<String>,
        open: impl Fn(&str, &str) -> Option<SecretString> + Send + Sync + 'static,
        count: CountCalls,
    ) -> Result<Self, String> {
        let providers = Self::new(open);
        let url = url.unwrap_or_else(|| BASE_URL.to_owned());
        match key {
            Some(key) => {
                providers.with_linkup_v1(Provider::LinkupV1, &url, key.into(), Arc::new(SharedGate::new(count)), Timestamp::now)
            }
            None => Ok(providers),
        }
    }

    /// The client of a provider, if it is configured.
    pub fn linkedin(&self, provider: Provider) -> Option<Arc<dyn LinkedIn>> {
        self.clients.get(&provider).cloned()
    }

    /// The session in an account's sealed credentials (JSON with `login_token`), sealed for `purpose`.
    ///
    /// # Errors
    /// When they hold none or cannot be opened; the message holds nothing of them.
    pub fn session(&self, sealed: Option<&str>, purpose: &str, country: &str) -> Result<Session, &'static str> {
        let sealed = sealed.ok_or("the account has no session")?;
        let opened = (self.open)(sealed, purpose).ok_or("the account's session cannot be opened")?;
        let read: Credentials = serde_json::from_str(opened.expose_secret()).map_err(|_| "the account has no usable session")?;
        Ok(Session { login_token: read.login_token, country: country.to_owned() })
    }
}

/// The provider's own limit, counted in this process.
pub fn gate_in_process() -> Arc<dyn RateGate> {
    Arc::new(SlidingWindow::new(REQUESTS_PER_MINUTE, Duration::from_secs(60)))
}
