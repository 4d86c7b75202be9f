//! The webhook accounts: created, listed, changed, started, stopped.

use serde_json::{Value, json};

use crate::chance;
use crate::options::AccountOptions;
use crate::scene::Scene;
use crate::shift::date_text;
use crate::state::WebhookAccount;
use crate::wire::{Body, Done, Outcome, Refusal};

/// Answers `/v1/webhooks/accounts` and what lies below; `rest` is the path after it.
pub(crate) fn answer(scene: &mut Scene<'_>, method: &str, rest: &str, body: Body<'_>) -> Outcome {
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    match (method, parts.next(), parts.next(), parts.next()) {
        ("POST", None, None, None) => create(scene, body),
        ("GET", None, None, None) => list(scene),
        ("GET", Some(id), None, None) => with(scene, id, |account, webhook, _| shown(account, webhook)),
        ("PUT", Some(id), None, None) => change(scene, id, body),
        ("DELETE", Some(id), None, None) => delete(scene, id),
        ("POST", Some(id), Some("start"), None) => with(scene, id, start),
        ("POST", Some(id), Some("stop"), None) => with(scene, id, stop),
        _ => Err(Refusal::status(404, "Not found")),
    }
}

fn create(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    if body.text("plateforme")? != "linkedin" {
        return Err(Refusal::invalid());
    }
    let webhook_url = address(body.text("webhook_url")?)?;
    let token = body.text("login_token")?;
    let account = scene.options.accounts.iter().find(|account| account.login_token == token);
    let account = account.ok_or_else(|| Refusal::said("Invalid cookie"))?;
    let number = scene.state.next().to_string();
    let id = format!("{:08x}{:016x}", (scene.now_ms / 1000) as u32, chance::hash(scene.state.seed, &["webhook", &number]));
    let webhook = WebhookAccount {
        id,
        account_name: body.text("account_name")?.to_owned(),
        country: body.optional("country")?.unwrap_or("FR").to_owned(),
        webhook_url,
        created_ms: scene.now_ms,
        updated_ms: scene.now_ms,
        active_since_ms: None,
        billed_days: 0,
        secret: None,
    };
    let answer = shown(account, &webhook);
    scene.network(account).webhooks.push(webhook);
    Ok(Done { answer, credits: 0, effect: true })
}

fn address(url: &str) -> Result<String, Refusal> {
    match url.starts_with("http://") || url.starts_with("https://") {
        true => Ok(url.to_owned()),
        false => Err(Refusal::invalid()),
    }
}

fn shown(account: &AccountOptions, webhook: &WebhookAccount) -> Value {
    json!({
        "id": webhook.id, "plateforme": "linkedin", "account_name": webhook.account_name,
        "login_token": account.login_token, "country": webhook.country, "webhook_url": webhook.webhook_url,
        "is_active": webhook.active_since_ms.is_some(),
        "created_at": date_text(webhook.created_ms), "updated_at": date_text(webhook.updated_ms),
    })
}

fn list(scene: &mut Scene<'_>) -> Outcome {
    let mut accounts = Vec::new();
    for account in &scene.options.accounts {
        accounts.extend(scene.network(account).webhooks.iter().map(|webhook| shown(account, webhook)));
    }
    Done::bare(json!({"total": accounts.len(), "accounts": accounts}), 0)
}

fn with(scene: &mut Scene<'_>, id: &str, act: fn(&AccountOptions, &mut WebhookAccount, i64) -> Value) -> Outcome {
    let now_ms = scene.now_ms;
    for account in &scene.options.accounts {
        let webhooks = &mut scene.network(account).webhooks;
        if let Some(webhook) = webhooks.iter_mut().find(|webhook| webhook.id == id) {
            let before = webhook.clone();
            let answer = act(account, webhook, now_ms);
            let effect = before != *webhook;
            return Ok(Done { answer, credits: 0, effect });
        }
    }
    Err(Refusal::status(404, "Account not found"))
}

fn start(_: &AccountOptions, webhook: &mut WebhookAccount, now_ms: i64) -> Value {
    if webhook.active_since_ms.is_none() {
        webhook.active_since_ms = Some(now_ms);
        webhook.updated_ms = now_ms;
    }
    json!({"account_id": webhook.id, "is_active": true, "message": "Monitoring started"})
}

fn stop(_: &AccountOptions, webhook: &mut WebhookAccount, now_ms: i64) -> Value {
    webhook.billed_days = webhook.days(now_ms);
    if webhook.active_since_ms.take().is_some() {
        webhook.updated_ms = now_ms;
    }
    json!({"account_id": webhook.id, "is_active": false, "message": "Monitoring stopped"})
}

fn change(scene: &mut Scene<'_>, id: &str, body: Body<'_>) -> Outcome {
    let now_ms = scene.now_ms;
    let url = body.optional("webhook_url")?.map(address).transpose()?;
    for account in &scene.options.accounts {
        let webhooks = &mut scene.network(account).webhooks;
        let Some(webhook) = webhooks.iter_mut().find(|webhook| webhook.id == id) else {
            continue;
        };
        webhook.webhook_url = url.unwrap_or_else(|| webhook.webhook_url.clone());
        if let Some(name) = body.optional("account_name")? {
            webhook.account_name = name.to_owned();
        }
        if let Some(country) = body.optional("country")? {
            webhook.country = country.to_owned();
        }
        webhook.updated_ms = now_ms;
        return Ok(Done { answer: shown(account, webhook), credits: 0, effect: true });
    }
    Err(Refusal::status(404, "Account not found"))
}

fn delete(scene: &mut Scene<'_>, id: &str) -> Outcome {
    for account in &scene.options.accounts {
        let webhooks = &mut scene.network(account).webhooks;
        if let Some(at) = webhooks.iter().position(|webhook| webhook.id == id) {
            webhooks.remove(at);
            return Ok(Done { answer: json!({"message": "Account deleted"}), credits: 0, effect: true });
        }
    }
    Err(Refusal::status(404, "Account not found"))
}
