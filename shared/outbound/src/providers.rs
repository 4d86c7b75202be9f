//! Which client speaks for which provider, and the session of an account.

use crate::linkedin::{LinkedIn, Session};
use crate::linkup_v1::{BASE_URL, LinkupV1, REQUESTS_PER_MINUTE};
use crate::linkup_v2::LinkupV2;
use crate::rate::{CountCalls, RateGate, SharedGate, SlidingWindow};
use crate::unipile::Unipile;
use crate::vendor::VendorConfig;
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
    login_token: Option<SecretString>,
    account_id: Option<String>,
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
        let client = LinkupV1::with_clock(VendorConfig::new(base_url, key), gate, Arc::new(now));
        Ok(self.with(provider, Arc::new(client.map_err(|e| e.to_string())?)))
    }

    /// Adds LinkupAPI V2 at `base_url`.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn with_linkup_v2(
        self,
        base_url: &str,
        key: SecretString,
        gate: Arc<dyn RateGate>,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let client = LinkupV2::with_clock(VendorConfig::new(base_url, key), gate, Arc::new(now));
        Ok(self.with(Provider::LinkupV2, Arc::new(client.map_err(|e| e.to_string())?)))
    }

    /// Adds Unipile at `base_url`.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn with_unipile(
        self,
        base_url: &str,
        key: SecretString,
        gate: Arc<dyn RateGate>,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let client = Unipile::with_clock(VendorConfig::new(base_url, key), gate, Arc::new(now));
        Ok(self.with(Provider::Unipile, Arc::new(client.map_err(|e| e.to_string())?)))
    }

    /// Adds every vendor that a key is given for; `linkup_v1` is what LinkupAPI V1 is called.
    ///
    /// # Errors
    /// When an address or a key cannot be used, with the variables that name it.
    pub fn with_vendors(
        mut self,
        keys: VendorKeys,
        linkup_v1: Provider,
        gate: &Arc<dyn RateGate>,
        now: impl Fn() -> Timestamp + Clone + Send + Sync + 'static,
    ) -> Result<Self, String> {
        if let Some(key) = keys.linkup_key {
            let named = |e: String| format!("AMORCE_LINKUP_URL or AMORCE_LINKUP_KEY: {e}");
            let url = keys.linkup_url.unwrap_or_else(|| BASE_URL.to_owned());
            self = self.with_linkup_v1(linkup_v1, &url, key.clone(), gate.clone(), now.clone()).map_err(named)?;
            self = self.with_linkup_v2(&url, key, gate.clone(), now.clone()).map_err(named)?;
        }
        if let Some(key) = keys.unipile_key {
            let named = |e: String| format!("AMORCE_UNIPILE_URL or AMORCE_UNIPILE_KEY: {e}");
            let url = keys.unipile_url.ok_or("AMORCE_UNIPILE_URL is not set: Unipile shows it as your DSN")?;
            self = self.with_unipile(&url, key, gate.clone(), now).map_err(named)?;
        }
        Ok(self)
    }

    /// The vendors that the environment gives keys for, their limits counted for all processes together; without a key
    /// no provider at all.
    ///
    /// # Errors
    /// When an address or a key cannot be used.
    pub fn configured(
        variable: impl Fn(&str) -> Option<String>,
        open: impl Fn(&str, &str) -> Option<SecretString> + Send + Sync + 'static,
        count: CountCalls,
    ) -> Result<Self, String> {
        let gate: Arc<dyn RateGate> = Arc::new(SharedGate::new(count));
        Self::new(open).with_vendors(VendorKeys::read(variable), Provider::LinkupV1, &gate, Timestamp::now)
    }

    /// The client of a provider, if it is configured.
    pub fn linkedin(&self, provider: Provider) -> Option<Arc<dyn LinkedIn>> {
        self.clients.get(&provider).cloned()
    }

    /// The session in an account's sealed credentials (JSON with `login_token` or `account_id`), sealed for `purpose`.
    ///
    /// # Errors
    /// When they hold none or cannot be opened; the message holds nothing of them.
    pub fn session(&self, sealed: Option<&str>, purpose: &str, country: &str) -> Result<Session, &'static str> {
        let sealed = sealed.ok_or("the account has no session")?;
        let opened = (self.open)(sealed, purpose).ok_or("the account's session cannot be opened")?;
        let read: Credentials = serde_json::from_str(opened.expose_secret()).map_err(|_| "the account has no usable session")?;
        if read.login_token.is_none() && read.account_id.is_none() {
            return Err("the account has no usable session");
        }
        Ok(Session {
            login_token: read.login_token.unwrap_or_default(),
            account_id: read.account_id.unwrap_or_default(),
            country: country.to_owned(),
        })
    }
}

/// What the environment says about the vendors of LinkedIn.
#[derive(Clone, Debug, Default)]
pub struct VendorKeys {
    pub linkup_url: Option<String>,
    pub linkup_key: Option<SecretString>,
    pub unipile_url: Option<String>,
    pub unipile_key: Option<SecretString>,
}

impl VendorKeys {
    /// Reads the variables by name.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            linkup_url: variable("AMORCE_LINKUP_URL"),
            linkup_key: variable("AMORCE_LINKUP_KEY").map(SecretString::from),
            unipile_url: variable("AMORCE_UNIPILE_URL"),
            unipile_key: variable("AMORCE_UNIPILE_KEY").map(SecretString::from),
        }
    }
}

/// The provider's own limit, counted in this process.
pub fn gate_in_process() -> Arc<dyn RateGate> {
    Arc::new(SlidingWindow::new(REQUESTS_PER_MINUTE, Duration::from_secs(60)))
}
