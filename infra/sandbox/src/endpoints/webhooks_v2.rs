//! V2's webhooks: made, listed, started, stopped, given a new secret. They run from when they are made.

use serde_json::{Value, json};

use crate::chance;
use crate::options::AccountOptions;
use crate::scene::Scene;
use crate::state::WebhookAccount;
use crate::wire::{Body, Done, Outcome, Refusal};

/// Answers `/v2/webhooks` and what lies below; `rest` is the path after it.
pub(crate) fn answer(scene: &mut Scene<'_>, method: &str, rest: &str, body: Body<'_>) -> Outcome {
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    match (method, parts.next(), parts.next(), parts.next()) {
        ("POST", None, None, None) => create(scene, body),
        ("GET", None, None, None) => list(scene),
        ("POST", Some(id), Some("start"), None) => with(scene, id, |webhook, now_ms| {
            webhook.active_since_ms.get_or_insert(now_ms);
        }),
        ("POST", Some(id), Some("stop"), None) => with(scene, id, |webhook, now_ms| {
            webhook.billed_days = webhook.days(now_ms);
            webhook.active_since_ms = None;
        }),
        ("POST", Some(id), Some("rotate-secret"), None) => rotate(scene, id),
        _ => Err(Refusal::status(404, "Not found")),
    }
}

fn create(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let id = body.text("account_id")?;
    let account = scene.options.accounts.iter().find(|account| account.account_id == id);
    let account = account.ok_or_else(|| Refusal::status(404, "Account not found"))?;
    let url = body.text("url")?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(Refusal::invalid());
    }
    let signs = body.0.get("enable_signature").and_then(Value::as_bool) == Some(true);
    let secret = secret(scene);
    let webhook = WebhookAccount {
        id: format!("wh_{}", scene.state.next()),
        account_name: account.account_id.clone(),
        country: "FR".to_owned(),
        webhook_url: url.to_owned(),
        created_ms: scene.now_ms,
        updated_ms: scene.now_ms,
        active_since_ms: Some(scene.now_ms),
        billed_days: 0,
        secret: signs.then(|| secret.clone()),
    };
    let mut shown = shown(account, &webhook);
    if signs {
        shown["secret"] = secret.into();
    }
    scene.network(account).webhooks.push(webhook);
    Ok(Done { answer: json!({"status": "success", "data": shown}), credits: 0, effect: true })
}

fn secret(scene: &mut Scene<'_>) -> String {
    let number = scene.state.next().to_string();
    let part = |name: &str| chance::hash(scene.state.seed, &["webhook secret", name, &number]);
    format!("whsec_{:016x}{:016x}", part("a"), part("b"))
}

fn shown(account: &AccountOptions, webhook: &WebhookAccount) -> Value {
    json!({
        "id": webhook.id, "account_id": account.account_id, "url": webhook.webhook_url,
        "is_active": webhook.active_since_ms.is_some(), "signature_enabled": webhook.secret.is_some(),
    })
}

fn list(scene: &mut Scene<'_>) -> Outcome {
    let mut webhooks = Vec::new();
    for account in &scene.options.accounts {
        webhooks.extend(scene.network(account).webhooks.iter().map(|webhook| shown(account, webhook)));
    }
    Done::read(json!({"webhooks": webhooks}), 0)
}

fn with(scene: &mut Scene<'_>, id: &str, act: fn(&mut WebhookAccount, i64)) -> Outcome {
    let now_ms = scene.now_ms;
    for account in &scene.options.accounts {
        if let Some(webhook) = scene.network(account).webhooks.iter_mut().find(|webhook| webhook.id == id) {
            act(webhook, now_ms);
            let data = shown(account, webhook);
            return Ok(Done { answer: json!({"status": "success", "data": data}), credits: 0, effect: true });
        }
    }
    Err(Refusal::status(404, "Webhook not found"))
}

fn rotate(scene: &mut Scene<'_>, id: &str) -> Outcome {
    let secret = secret(scene);
    for account in &scene.options.accounts {
        if let Some(webhook) = scene.network(account).webhooks.iter_mut().find(|webhook| webhook.id == id) {
            webhook.secret = Some(secret.clone());
            return Ok(Done { answer: json!({"status": "success", "data": {"secret": secret}}), credits: 0, effect: true });
        }
    }
    Err(Refusal::status(404, "Webhook not found"))
}
