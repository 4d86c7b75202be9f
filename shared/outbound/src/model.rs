//! Language models: one question with a schema, one checked answer, in words no vendor owns.
//!
//! A client asks once, repeats at most twice what was surely not answered, and never believes an answer it has not
//! checked. What may be asked, spent and believed belongs to the caller. Rules: docs/rules.md, "Language models".

mod anthropic;
mod client;
mod error;
pub mod fence;
mod gemini;
mod openai;
mod prices;
mod schema;
mod tones;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use error::{Charge, ErrorKind, ModelError};
pub use prices::{PRICES_DEFAULT, Prices};
pub use tones::{COMMENTS_MAX, Tones, tones, tones_cost_at_most};

/// One question. The schema is plain JSON Schema of the subset all vendors take: `type`, `properties`, `required`,
/// `additionalProperties`, `enum`, `items`; every property required. Limits of numbers and lengths are for the caller.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What the model is for, in our words alone.
    pub system: &'a str,
    /// What is asked, outside text fenced ([`fence`]).
    pub user: &'a str,
    /// Name of the schema: letters, digits, `_`, `-`, at most 64.
    pub name: &'a str,
    pub schema: &'a Value,
    pub max_output_tokens: u32,
}

/// Bytes of a token, at least: more tokens than this makes of a text are not expected of any vendor.
const BYTES_PER_TOKEN: u64 = 3;

impl Question<'_> {
    /// The most tokens the question may use: input, then output.
    pub fn tokens_at_most(&self) -> (u64, u64) {
        let bytes = self.system.len() + self.user.len() + self.name.len() + self.schema.to_string().len();
        let input = u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(BYTES_PER_TOKEN);
        (input, u64::from(self.max_output_tokens))
    }

    /// What is asked of which model, as 16 hexadecimal digits: the same question needs no second answer.
    pub fn hash(&self, model: &str) -> String {
        let mut hash = Sha256::new();
        for part in [model, self.system, self.user, &self.schema.to_string()] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        hex::encode(&hash.finalize()[..8])
    }
}

/// An answer that holds to the question's schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub value: Value,
    /// The model that answered, as the vendor names it.
    pub model: String,
    /// Where the vendor does not say, the most the question may have used.
    pub input_tokens: u64,
    pub output_tokens: u64,
}

/// A language model behind a vendor's door.
#[async_trait]
pub trait Model: Send + Sync + std::fmt::Debug {
    /// Asks. Errors: see [`ModelError`].
    async fn ask(&self, question: &Question<'_>) -> Result<Answer, ModelError>;

    /// The model's id, as configured.
    fn id(&self) -> &str;

    /// What it charges.
    fn prices(&self) -> Prices;

    /// The most a question may cost, in micro-USD: what is held before it is asked.
    fn cost_at_most(&self, question: &Question<'_>) -> u64 {
        let (input, output) = question.tokens_at_most();
        self.prices().cost(input, output)
    }
}

/// Who makes the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    Anthropic,
    Gemini,
    /// OpenAI, and every server that speaks like it.
    OpenAi,
}

impl Maker {
    /// The vendor's own address, with the version where it is a part of it.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Anthropic => anthropic::BASE_URL,
            Self::Gemini => gemini::BASE_URL,
            Self::OpenAi => openai::BASE_URL,
        }
    }
}

/// How to reach a model.
#[derive(Debug, Clone)]
pub struct ModelConfig {
    pub maker: Maker,
    pub base_url: String,
    pub key: SecretString,
    pub model: String,
    pub prices: Prices,
    /// For one call, its body included.
    pub timeout: Duration,
    /// For one question with all its calls and waits.
    pub patience: Duration,
    /// For the connection alone.
    pub connect_timeout: Duration,
    /// Our own pause before the first repetition; it doubles.
    pub backoff: Duration,
    /// Longest body read.
    pub body_max_bytes: usize,
}

impl ModelConfig {
    /// A model at its maker's own address, at the default prices: 20 s a call, 30 s a question, 1 MiB.
    pub fn new(maker: Maker, key: SecretString, model: impl Into<String>) -> Self {
        Self {
            maker,
            base_url: maker.base_url().to_owned(),
            key,
            model: model.into(),
            prices: PRICES_DEFAULT,
            timeout: Duration::from_secs(20),
            patience: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(5),
            backoff: crate::patience::BACKOFF_FIRST,
            body_max_bytes: 1024 * 1024,
        }
    }
}

/// A client of the model.
///
/// # Errors
/// When the address, the key or the model's name cannot be used; the text holds none of the key.
pub fn open(config: ModelConfig) -> Result<Arc<dyn Model>, String> {
    Ok(match config.maker {
        Maker::Anthropic => Arc::new(client::Client::new(config, anthropic::Anthropic)?),
        Maker::Gemini => Arc::new(client::Client::new(config, gemini::Gemini)?),
        Maker::OpenAi => {
            let vendor = openai::OpenAi::at(&config.base_url);
            Arc::new(client::Client::new(config, vendor)?)
        }
    })
}

/// The values of `AMORCE_WRITER` and the variables that go with it.
#[derive(Debug, Default)]
pub struct WriterValues {
    pub writer: Option<String>,
    pub url: Option<String>,
    pub key: Option<SecretString>,
    pub model: Option<String>,
    pub prices: Option<String>,
}

impl WriterValues {
    /// The values as `read` knows them by the variables' names.
    pub fn read(read: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            writer: read("AMORCE_WRITER"),
            url: read("AMORCE_WRITER_URL"),
            key: read("AMORCE_WRITER_KEY").map(SecretString::from),
            model: read("AMORCE_WRITER_MODEL"),
            prices: read("AMORCE_WRITER_PRICES"),
        }
    }
}

/// The model that is configured; `None` with `template` or nothing.
///
/// # Errors
/// The variable that is missing or cannot be used, and what it should be.
pub fn configured(values: WriterValues) -> Result<Option<Arc<dyn Model>>, String> {
    let (maker, named) = match values.writer.as_deref() {
        None | Some("template") => return Ok(None),
        Some("anthropic") => (Maker::Anthropic, "anthropic"),
        Some("gemini") => (Maker::Gemini, "gemini"),
        Some("openai") => (Maker::OpenAi, "openai"),
        Some(other) => {
            return Err(format!("AMORCE_WRITER: {other} is unknown; use template, anthropic, gemini or openai"));
        }
    };
    let key =
        values.key.ok_or_else(|| format!("AMORCE_WRITER_KEY is not set: AMORCE_WRITER={named} needs the vendor's API key"))?;
    let model = values.model.ok_or_else(|| {
        format!("AMORCE_WRITER_MODEL is not set: AMORCE_WRITER={named} needs the name of a model, as the vendor spells it")
    })?;
    let mut config = ModelConfig::new(maker, key, model);
    if let Some(url) = values.url {
        config.base_url = url;
    }
    if let Some(prices) = values.prices {
        config.prices = Prices::parse(&prices).ok_or_else(|| {
            format!("AMORCE_WRITER_PRICES: {prices} is not input/output in USD per million tokens, such as 15/75")
        })?;
    }
    open(config).map(Some)
}
