//! Which client speaks for which provider, and the session of an account.

use crate::linkedin::{LinkedIn, Session};
use crate::linkup_v1::{BASE_URL, LinkupV1, REQUESTS_PER_MINUTE};
use crate::linkup_v2::LinkupV2;
use crate::posts_only::PostsOnly;
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
        if let Some((url, key)) = keys.linkup() {
            self = self.with_linkup_v1(linkup_v1, &url, key.clone(), gate.clone(), now.clone()).map_err(named(LINKUP))?;
            self = self.with_linkup_v2(&url, key, gate.clone(), now.clone()).map_err(named(LINKUP))?;
        }
        if let Some((url, key)) = keys.unipile()? {
            self = self.with_unipile(&url, key, gate.clone(), now).map_err(named(UNIPILE))?;
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

    /// The same for a function that reads posts and asks for nothing else.
    ///
    /// # Errors
    /// When an address or a key cannot be used.
    pub fn configured_for_posts(
        variable: impl Fn(&str) -> Option<String>,
        open: impl Fn(&str, &str) -> Option<SecretString> + Send + Sync + 'static,
        count: CountCalls,
    ) -> Result<Self, String> {
        let gate: Arc<dyn RateGate> = Arc::new(SharedGate::new(count));
        let keys = VendorKeys::read(variable);
        let mut providers = Self::new(open);
        if let Some((url, key)) = keys.linkup() {
            let v1 = LinkupV1::new(VendorConfig::new(&url, key.clone()), gate.clone()).map_err(named(LINKUP))?;
            let v2 = LinkupV2::new(VendorConfig::new(&url, key), gate.clone()).map_err(named(LINKUP))?;
            providers = providers.with(Provider::LinkupV1, Arc::new(PostsOnly(Arc::new(v1))));
            providers = providers.with(Provider::LinkupV2, Arc::new(PostsOnly(Arc::new(v2))));
        }
        if let Some((url, key)) = keys.unipile()? {
            let unipile = Unipile::new(VendorConfig::new(url, key), gate).map_err(named(UNIPILE))?;
            providers = providers.with(Provider::Unipile, Arc::new(PostsOnly(Arc::new(unipile))));
        }
        Ok(providers)
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

const LINKUP: &str = "AMORCE_LINKUP_URL or AMORCE_LINKUP_KEY";
const UNIPILE: &str = "AMORCE_UNIPILE_URL or AMORCE_UNIPILE_KEY";

/// An error with the variables it is about.
fn named<E: std::fmt::Display>(variables: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{variables}: {error}")
}

impl VendorKeys {
    fn linkup(&self) -> Option<(String, SecretString)> {
        Some((self.linkup_url.clone().unwrap_or_else(|| BASE_URL.to_owned()), self.linkup_key.clone()?))
    }

    fn unipile(&self) -> Result<Option<(String, SecretString)>, String> {
        let Some(key) = self.unipile_key.clone() else { return Ok(None) };
        let url = self.unipile_url.clone().ok_or("AMORCE_UNIPILE_URL is not set: Unipile shows it as your DSN")?;
        Ok(Some((url, key)))
    }

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
