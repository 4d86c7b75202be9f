//! What the one-machine home is started with: every variable, its default and its meaning, in one list.

use domain::vocabulary::Provider;
use jiff::SignedDuration;
use kit::Config;
use outbound::model::{self, Model, WriterValues};
use outbound::pappers;
use outbound::providers::VendorKeys;
use outbound::register::Register;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// One variable of the environment.
pub struct Variable {
    pub name: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
}

const fn variable(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, meaning }
}

/// Every variable this home reads.
pub const VARIABLES: &[Variable] = &[
    variable("AMORCE_DATA", "./data", "folder of the store, the queues and the key"),
    variable("AMORCE_LISTEN", "127.0.0.1:8080", "address to listen at"),
    variable("AMORCE_PUBLIC_URL", "http://<listen>", "address under which others reach this server (webhooks)"),
    variable(
        "AMORCE_PROVIDER",
        "sandbox",
        "provider of new accounts: sandbox, linkup-v1, linkup-v2, unipile or manual; each account may name another",
    ),
    variable("AMORCE_LINKUP_URL", "https://api.linkupapi.com", "base address of LinkupAPI, without /v1"),
    variable("AMORCE_LINKUP_KEY", "none", "API key of LinkupAPI"),
    variable("AMORCE_UNIPILE_URL", "none", "base address of Unipile: the DSN it shows, without /api/v1"),
    variable("AMORCE_UNIPILE_KEY", "none", "API key of Unipile"),
    variable("AMORCE_PAPPERS_URL", "https://api.pappers.fr/v2", "base address of Pappers, with its version"),
    variable(
        "AMORCE_PAPPERS_KEY",
        "none",
        "API key of Pappers: French companies are looked up in its register; none: they are not",
    ),
    variable(
        "AMORCE_WRITER",
        "template",
        "language model: anthropic, gemini, openai, or template for none; it serves the analysis (the tone of comments, the opinion behind \
         semantic_blend), drafts are written from templates in any case",
    ),
    variable("AMORCE_WRITER_URL", "the vendor's", "base address of the model's API; of openai with its version (/v1)"),
    variable("AMORCE_WRITER_KEY", "none", "API key of the model's vendor"),
    variable("AMORCE_WRITER_MODEL", "none", "name of the model, as the vendor spells it"),
    variable(
        "AMORCE_WRITER_PRICES",
        "15/75",
        "what the model costs, input/output in USD per million tokens: what the AI budget is counted with",
    ),
    variable("AMORCE_TICK_SECONDS", "5", "how often the clock looks for due work"),
    variable(
        "AMORCE_ACCEPTANCE_POLL_SECONDS",
        "14400",
        "how often the newest connections are read while invitations are pending",
    ),
    variable("AMORCE_SETTLE_SECONDS", "600", "how long an unknown outcome settles before each of its two readings"),
    variable("AMORCE_BOOTSTRAP_EMAIL", "none", "first start only: e-mail address of the owner"),
    variable("AMORCE_BOOTSTRAP_PASSWORD", "none", "first start only: password of the owner, kept as argon2id for sign-in"),
    variable("AMORCE_BOOTSTRAP_API_KEY", "none", "first start only: API key of the owner, may create workspaces"),
    variable(
        "AMORCE_DEMO",
        "1 in a new data folder without bootstrap values",
        "fills a demonstration workspace over the sandbox",
    ),
    variable("RUST_LOG", "info", "which log lines are written; JSON when standard error is no terminal"),
];

/// The configuration, read and checked.
#[derive(Debug)]
pub struct Settings {
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// `None`: the address listened at.
    pub public_url: Option<String>,
    pub provider: Provider,
    pub vendors: VendorKeys,
    pub model: Option<Arc<dyn Model>>,
    pub register: Option<Arc<dyn Register>>,
    pub tick: SignedDuration,
    pub acceptance_poll: SignedDuration,
    pub settle: SignedDuration,
    pub bootstrap: console::auth::BootstrapValues,
    /// `None`: only in a new data folder without bootstrap values.
    pub demo: Option<bool>,
}

impl Settings {
    /// Reads the configuration.
    ///
    /// # Errors
    /// The first variable that cannot be used, with what it should be.
    pub fn read(config: &Config) -> Result<Self, String> {
        let listen = config.optional("AMORCE_LISTEN").unwrap_or_else(|| "127.0.0.1:8080".into());
        let provider = config.optional("AMORCE_PROVIDER").unwrap_or_else(|| "sandbox".into());
        let vendors = VendorKeys::read(|name| config.optional(name));
        let provider = provider_of_new_accounts(&provider, &vendors)?;
        Ok(Self {
            data: config.optional("AMORCE_DATA").unwrap_or_else(|| "./data".into()).into(),
            listen: listen.parse().map_err(|_| format!("AMORCE_LISTEN: {listen} is no address with a port"))?,
            public_url: config.optional("AMORCE_PUBLIC_URL").map(|u| public_url(&u)).transpose()?,
            provider,
            vendors,
            register: pappers::configured(config.optional("AMORCE_PAPPERS_URL"), config.optional("AMORCE_PAPPERS_KEY"))?,
            model: model::configured(WriterValues::read(|name| config.optional(name)))?,
            tick: seconds(config, "AMORCE_TICK_SECONDS", 5)?,
            acceptance_poll: seconds(config, "AMORCE_ACCEPTANCE_POLL_SECONDS", sender::ACCEPTANCE_POLL_SECONDS)?,
            settle: seconds(config, "AMORCE_SETTLE_SECONDS", sender::SETTLE_SECONDS)?,
            bootstrap: console::auth::BootstrapValues::read(config),
            demo: match config.optional("AMORCE_DEMO").as_deref() {
                None => None,
                Some("0" | "false" | "no") => Some(false),
                Some("1" | "true" | "yes") => Some(true),
                Some(other) => return Err(format!("AMORCE_DEMO: {other} is neither 1 nor 0")),
            },
        })
    }
}

/// The provider of accounts that name none: one that can be called.
fn provider_of_new_accounts(word: &str, vendors: &VendorKeys) -> Result<Provider, String> {
    let provider = Provider::parse(word).ok_or_else(|| {
        let known: Vec<&str> = Provider::ALL.iter().map(|provider| provider.as_str()).collect();
        format!("AMORCE_PROVIDER: {word} is unknown; use one of {}", known.join(", "))
    })?;
    let missing = match provider {
        Provider::LinkupV1 | Provider::LinkupV2 if vendors.linkup_key.is_none() => "AMORCE_LINKUP_KEY",
        Provider::Unipile if vendors.unipile_key.is_none() => "AMORCE_UNIPILE_KEY",
        Provider::Unipile if vendors.unipile_url.is_none() => "AMORCE_UNIPILE_URL",
        _ => return Ok(provider),
    };
    Err(format!("AMORCE_PROVIDER: {provider} needs {missing}"))
}

/// An address others reach this server under, without a final slash.
fn public_url(raw: &str) -> Result<String, String> {
    let plain = |url: &axum::http::Uri| {
        matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some_and(|h| !h.is_empty()) && url.query().is_none()
    };
    match raw.parse::<axum::http::Uri>() {
        Ok(url) if plain(&url) => Ok(raw.trim_end_matches('/').to_owned()),
        _ => Err(format!("AMORCE_PUBLIC_URL: {raw} is no http or https address")),
    }
}

fn seconds(config: &Config, name: &str, default: u64) -> Result<SignedDuration, String> {
    let seconds = config.number(name, default).map_err(|e| e.to_string())?;
    let seconds = i64::try_from(seconds).ok().filter(|s| (1..=30 * 86_400).contains(s));
    seconds.map(SignedDuration::from_secs).ok_or_else(|| format!("{name} is not a number of seconds between 1 and 2592000"))
}

/// The text of `amorce --help`.
pub fn help() -> String {
    let mut text = String::from(
        "Amorce on one machine.\n\n\
         Usage: amorce [COMMAND]\n\n\
         Commands:\n  \
         (none)          serve: interface, API, workers and clock in one process\n  \
         demo            tell one whole lap in the terminal, on accelerated time\n  \
         backup FILE     copy store, queues and key into one archive, safe while running\n  \
         restore FILE    put such an archive back; what was there is set aside\n  \
         import FILE     take in people from a CSV or JSON file, while amorce is stopped; [--workspace ID];\n                  \
         ends with 0, with 1 when nobody was taken in, with 2 when the file cannot be used\n  \
         check KIND FILE score a labelled JSON Lines file and list the misses; [--json]; KIND is one of titles comments\n                  \
         replies names profile-urls post-urls drafts; ends with 0, with 2 when the file cannot be scored\n  \
         --help          this text\n\nEnvironment, all optional:\n",
    );
    for v in VARIABLES {
        text.push_str(&format!("  {:<32} {} [{}]\n", v.name, v.meaning, v.default));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_services_are_checked_at_the_start() {
        let why = |given: &[(&str, &str)]| {
            let config = Config::of(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            Settings::read(&config).map(|read| (read.model.is_some(), read.register.is_some()))
        };
        assert_eq!(why(&[]), Ok((false, false)));
        assert_eq!(why(&[("AMORCE_WRITER", "template")]), Ok((false, false)));
        let whole = [("AMORCE_WRITER", "gemini"), ("AMORCE_WRITER_KEY", "k"), ("AMORCE_WRITER_MODEL", "m")];
        assert_eq!(why(&whole), Ok((true, false)));
        assert_eq!(why(&[("AMORCE_PAPPERS_KEY", "k")]), Ok((false, true)));
        for (given, named) in [
            (&[("AMORCE_WRITER", "claude")][..], "AMORCE_WRITER:"),
            (&whole[..1], "AMORCE_WRITER_KEY is not set"),
            (&whole[..2], "AMORCE_WRITER_MODEL is not set"),
            (&[("AMORCE_PAPPERS_KEY", "k"), ("AMORCE_PAPPERS_URL", "pappers")], "AMORCE_PAPPERS_URL:"),
        ] {
            let refused = why(given).unwrap_err();
            assert!(refused.starts_with(named), "{given:?}: {refused}");
        }
    }

    #[test]
    fn the_provider_of_new_accounts_can_be_called() {
        let named = |given: &[(&str, &str)]| {
            let config = Config::of(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            Settings::read(&config).map(|read| read.provider)
        };
        let unipile = [("AMORCE_PROVIDER", "unipile"), ("AMORCE_UNIPILE_KEY", "k"), ("AMORCE_UNIPILE_URL", "api1.unipile.com:1")];
        assert_eq!(named(&unipile), Ok(Provider::Unipile));
        assert_eq!(named(&[("AMORCE_PROVIDER", "linkup-v2"), ("AMORCE_LINKUP_KEY", "k")]), Ok(Provider::LinkupV2));
        assert_eq!(named(&[("AMORCE_PROVIDER", "manual")]), Ok(Provider::Manual));
        for (given, missing) in [
            (&[("AMORCE_PROVIDER", "linkup-v2")][..], "needs AMORCE_LINKUP_KEY"),
            (&unipile[..1], "needs AMORCE_UNIPILE_KEY"),
            (&unipile[..2], "needs AMORCE_UNIPILE_URL"),
            (&[("AMORCE_PROVIDER", "linkup")], "is unknown"),
        ] {
            let refused = named(given).unwrap_err();
            assert!(refused.contains(missing), "{refused}");
        }
    }

    #[test]
    fn every_variable_read_is_in_the_help() {
        let help = help();
        let vendors = ["WRITER", "PAPPERS", "LINKUP", "UNIPILE"];
        for name in scorer::CONFIG.iter().filter(|name| vendors.iter().any(|vendor| name.contains(vendor))) {
            assert!(help.contains(name), "{name}");
        }
    }

    #[test]
    fn the_public_address_is_a_web_address() {
        for (raw, expected) in [
            ("https://amorce.example/", Some("https://amorce.example")),
            ("http://10.0.0.2:8080/amorce/", Some("http://10.0.0.2:8080/amorce")),
            ("amorce.example", None),
            ("ftp://amorce.example", None),
            ("https://", None),
            ("https://amorce.example?a=b", None),
        ] {
            assert_eq!(public_url(raw).ok().as_deref(), expected, "{raw}");
        }
    }
}
