//! Pappers: the register of French companies behind [`Register`]. Version 2 of its API; errors are told by status alone.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderValue, Request};
use http_body_util::Full;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::https::{Https, Lost, base_url};
use crate::lenient::{count, field, text};
use crate::patience::{self, BACKOFF_FIRST, RETRIES_MAX, WAIT_MAX};
use crate::register::{Matches, Register, RegisterError, RegisterFault, Registered};
use crate::retry_after;

/// The vendor's own address.
pub const BASE_URL: &str = "https://api.pappers.fr/v2";
/// Results of one search that are looked at; where there are more, a name names nobody.
const RESULTS_MAX: u32 = 50;
/// Employees of Sirene's bands (`tranche_effectif`).
const BANDS: [(&str, u32, Option<u32>); 16] = [
    ("NN", 1, Some(1)),
    ("00", 1, Some(1)),
    ("01", 1, Some(2)),
    ("02", 3, Some(5)),
    ("03", 6, Some(9)),
    ("11", 10, Some(19)),
    ("12", 20, Some(49)),
    ("21", 50, Some(99)),
    ("22", 100, Some(199)),
    ("31", 200, Some(249)),
    ("32", 250, Some(499)),
    ("41", 500, Some(999)),
    ("42", 1_000, Some(1_999)),
    ("51", 2_000, Some(4_999)),
    ("52", 5_000, Some(9_999)),
    ("53", 10_000, None),
];

/// How to reach Pappers.
#[derive(Debug, Clone)]
pub struct PappersConfig {
    /// With the version.
    pub base_url: String,
    pub key: SecretString,
    /// For one call, its body included.
    pub timeout: Duration,
    /// For one look-up with all its calls and waits.
    pub patience: Duration,
    /// For the connection alone.
    pub connect_timeout: Duration,
    /// Our own pause before the first repetition; it doubles.
    pub backoff: Duration,
    /// Longest body read.
    pub body_max_bytes: usize,
}

impl PappersConfig {
    /// The vendor's own address, 15 s a call, 20 s a look-up, 2 MiB.
    pub fn new(key: SecretString) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            key,
            timeout: Duration::from_secs(15),
            patience: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(5),
            backoff: BACKOFF_FIRST,
            body_max_bytes: 2 * 1024 * 1024,
        }
    }
}

/// The register that is configured; without a key none.
///
/// # Errors
/// The variable that cannot be used.
pub fn configured(url: Option<String>, key: Option<String>) -> Result<Option<Arc<dyn Register>>, String> {
    let Some(key) = key else { return Ok(None) };
    let mut config = PappersConfig::new(key.into());
    if let Some(url) = url {
        config.base_url = url;
    }
    Ok(Some(Arc::new(Pappers::new(config)?)))
}

/// A client of Pappers for one key.
pub struct Pappers {
    https: Https,
    base: Url,
    key: HeaderValue,
    config: PappersConfig,
}

impl std::fmt::Debug for Pappers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pappers").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Pappers {
    /// A client.
    ///
    /// # Errors
    /// The variable that cannot be used; the text holds none of the key.
    pub fn new(config: PappersConfig) -> Result<Self, String> {
        let base = base_url(&config.base_url)
            .ok_or_else(|| format!("AMORCE_PAPPERS_URL: {} is no http or https address", config.base_url.trim()))?;
        let key = HeaderValue::from_str(config.key.expose_secret().trim()).ok().filter(|key| !key.is_empty());
        let mut key = key.ok_or_else(|| "AMORCE_PAPPERS_KEY is empty or holds characters a header cannot carry".to_owned())?;
        key.set_sensitive(true);
        Ok(Self { https: Https::new(config.connect_timeout), base, key, config })
    }

    /// Asks until there is an answer or nothing more may be tried; `None`: clearly nothing.
    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Option<(Value, bool)>, RegisterError> {
        let end = Instant::now() + self.config.patience;
        let mut again = 0;
        loop {
            let error = match self.once(path, query, end).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            again += 1;
            let seed = query.iter().flat_map(|(_, value)| value.bytes()).map(u64::from).sum();
            let wait = patience::wait(self.config.backoff, again, error.wait, seed);
            let repeats = matches!(error.status, Some(429 | 503)) || error.fault == RegisterFault::Unreachable;
            if !repeats || again > RETRIES_MAX || wait > WAIT_MAX || Instant::now() + wait >= end {
                tracing::warn!(fault = error.fault.as_str(), status = error.status, "pappers.no_answer");
                return Err(error);
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn once(&self, path: &str, query: &[(&str, &str)], end: Instant) -> Result<Option<(Value, bool)>, RegisterError> {
        let fault = |fault, charged| RegisterError { fault, status: None, wait: None, charged };
        let request = self.built(path, query).ok_or_else(|| fault(RegisterFault::Rejected, false))?;
        let deadline = end.min(Instant::now() + self.config.timeout);
        let exchanged = match self.https.exchange(request, self.config.body_max_bytes, deadline).await {
            Ok(Some(exchanged)) => exchanged,
            Ok(None) | Err(Lost::Broken) => return Err(fault(RegisterFault::TimedOut, true)),
            Err(Lost::Unreachable) => return Err(fault(RegisterFault::Unreachable, false)),
        };
        let status = exchanged.status.as_u16();
        let refused = |fault| RegisterError {
            fault,
            status: Some(status),
            wait: retry_after::from_headers(&exchanged.headers, Timestamp::now()),
            charged: false,
        };
        match status {
            200..300 => {}
            404 => return Ok(None),
            401..=403 => return Err(refused(RegisterFault::KeyRejected)),
            408 => return Err(refused(RegisterFault::TimedOut)),
            429 | 500.. => return Err(refused(RegisterFault::Busy)),
            400..500 => return Err(refused(RegisterFault::Rejected)),
            _ => return Err(refused(RegisterFault::Unreadable)),
        }
        let body = exchanged.body.as_ref().ok().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let body = body.filter(Value::is_object);
        let body = body.ok_or_else(|| RegisterError { charged: true, ..refused(RegisterFault::Unreadable) })?;
        Ok(Some((body, status == 206)))
    }

    fn built(&self, path: &str, query: &[(&str, &str)]) -> Option<Request<Full<Bytes>>> {
        let mut url = self.base.join(path).ok()?;
        url.query_pairs_mut().extend_pairs(query);
        Request::get(url.as_str())
            .header(USER_AGENT, concat!("amorce/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "application/json")
            .header("api-key", self.key.clone())
            .body(Full::default())
            .ok()
    }
}

fn unreadable() -> RegisterError {
    RegisterError { fault: RegisterFault::Unreadable, status: Some(200), wait: None, charged: true }
}

#[async_trait]
impl Register for Pappers {
    fn name(&self) -> &'static str {
        "Pappers"
    }

    async fn by_name(&self, name: &str) -> Result<Matches, RegisterError> {
        let most = RESULTS_MAX.to_string();
        let query =
            [("q", name), ("precision", "exacte"), ("entreprise_cessee", "false"), ("curseur", "*"), ("par_curseur", &most)];
        let Some((body, partial)) = self.ask("recherche", &query).await? else { return Ok(Matches::default()) };
        let listed = field(&body, &["resultats"]).and_then(Value::as_array).ok_or_else(unreadable)?;
        let total = count(&body, &["total"]).unwrap_or(0);
        let more = usize::try_from(total).is_ok_and(|total| total > listed.len());
        Ok(Matches { companies: listed.iter().filter_map(company).collect(), more, partial })
    }

    async fn by_number(&self, number: &str) -> Result<Matches, RegisterError> {
        let Some((body, partial)) = self.ask("entreprise", &[("siren", number)]).await? else { return Ok(Matches::default()) };
        let one = company(&body).ok_or_else(unreadable)?;
        Ok(Matches { companies: vec![one], more: false, partial })
    }
}

/// A company of an answer; without a number it is none.
fn company(item: &Value) -> Option<Registered> {
    let flag = |name: &str| field(item, &[name]).and_then(|value| value.as_bool().or_else(|| word(value)));
    let number: String = text(item, &["siren", "siren_formate"])?.chars().filter(char::is_ascii_digit).collect();
    let mut names: Vec<String> = ["nom_entreprise", "denomination"].iter().filter_map(|name| text(item, &[name])).collect();
    names.dedup();
    let band = text(item, &["tranche_effectif"]).and_then(|code| BANDS.into_iter().find(|(known, ..)| *known == code));
    let (size_min, size_max) = match (count(item, &["effectif_min"]), count(item, &["effectif_max"])) {
        (None, None) => (band.map(|(_, min, _)| min), band.and_then(|(_, _, max)| max)),
        // A company without employees is one of one.
        (min, max) => (Some(min.unwrap_or(1).max(1)), max.map(|max| max.max(1))),
    };
    (number.len() == 9).then_some(Registered {
        number,
        names,
        trade_code: text(item, &["code_naf"]),
        trade: text(item, &["libelle_code_naf"]),
        size_min,
        size_max,
        ceased: flag("entreprise_cessee").unwrap_or(false),
        objects: flag("opposition_utilisation_commerciale"),
    })
}

/// A yes or no in words or figures.
fn word(value: &Value) -> Option<bool> {
    match value.as_str().map(str::to_lowercase).as_deref() {
        Some("true" | "oui" | "1") => Some(true),
        Some("false" | "non" | "0") => Some(false),
        Some(_) => None,
        None => value.as_u64().map(|number| number != 0),
    }
}
