//! The first start with nothing set: a demonstration workspace over the sandbox, filled through the API itself.

use crate::client::Client;
use crate::home::Home;
use anyhow::Context;
use console::auth::{BootstrapValues, bootstrap};
use secrecy::SecretString;
use serde_json::json;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts the logs on standard error: JSON unless a person is looking.
pub fn logs() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started =
        if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().with_current_span(false).try_init() };
    if started.is_err() {
        tracing::debug!("logs were already started");
    }
}

/// Fills the demonstration workspace; what fails is logged, the server goes on.
pub async fn fill(home: &Home, loopback: bool) {
    match demonstration(home).await {
        Ok(Some(client)) if loopback => println!("Clé d’API de la démonstration\u{a0}: {}", client.key()),
        Ok(_) => {}
        Err(e) => tracing::error!(error = format!("{e:#}"), "demonstration.failed"),
    }
}

/// A workspace with an ICP, a line, an account of the sandbox and its newest posts; `None` when there is one already.
///
/// # Errors
/// When the API refuses one of its steps.
pub async fn demonstration(home: &Home) -> anyhow::Result<Option<Client>> {
    if home.store.bootstrap().await?.is_some() {
        return Ok(None);
    }
    let key = format!("amk_{}", kit::seal::random_hex(20)?);
    let values = BootstrapValues {
        email: Some("claire@vasselin.example".into()),
        password: None,
        api_key: Some(SecretString::from(key.clone())),
    };
    bootstrap(&home.store, &values, home.clock.now()).await.context("workspace")?;
    let client = Client::new(home.router.clone(), key);
    client.patch("/api/v1/workspace", &workspace()).await?;
    let account = client.post("/api/v1/accounts", &account()).await?;
    for name in ["own-3", "own-1"] {
        let Some(post) = home.sandbox.posts().into_iter().find(|p| p.key == name) else { continue };
        let body = json!({
            "account_id": account["id"], "post_url": post.url, "published_at": post.published_at,
        });
        client.post("/api/v1/posts", &body).await?;
    }
    Ok(Some(client))
}

/// Whom the demonstration looks for, and what it offers.
pub fn workspace() -> serde_json::Value {
    json!({
        "name": "Vasselin Conseil",
        "icp": {
            "titles": ["CEO", "Directeur commercial", "Head of Sales", "Fondateur", "VP Sales"],
            "seniorities": ["founder", "c_level", "vp", "director", "head"],
            "industries": ["Software", "Business consulting", "Manufacturing"],
            "company_size": { "min": 2, "max": 500 },
            "countries": ["FR", "BE", "CH", "CA"],
        },
        "threshold": 60,
        "offer": {
            "pitch": "Un atelier d’une demi-journée sur la relance des devis.",
            "proofs": ["12 PME accompagnées en 2026"],
            "booking_url": "https://rdv.example/claire",
        },
    })
}

/// The account of the sandbox's owner.
pub fn account() -> serde_json::Value {
    json!({
        "label": "Claire", "provider": "sandbox", "profile_url": "https://www.linkedin.com/in/claire-vasselin",
        "tier": "premium", "timezone": "Europe/Paris", "credentials": { "login_token": "sandbox" },
    })
}
