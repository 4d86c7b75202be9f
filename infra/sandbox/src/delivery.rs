//! Webhooks: what is due, in V1's shape or in V2's, which signs, and the task that posts it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::endpoints::sender_name;
use crate::options::AccountOptions;
use crate::people::Directory;
use crate::sandbox::Sandbox;
use crate::shift::date_text;
use crate::state::{Ended, Network, State, WebhookAccount};
use crate::v2;

const TIMEOUT: Duration = Duration::from_secs(10);

/// One webhook to post. V1 does not sign and is not known to try again.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Delivery {
    pub webhook_url: String,
    /// Timestamp and signature of V2, over the body as [`Value::to_string`] writes it.
    pub headers: Vec<(&'static str, String)>,
    /// Slug of the account that received the message.
    pub account: String,
    /// Slug of the person who wrote.
    pub person: String,
    pub body: Value,
}

/// Replies written by `now_ms` whose account was being monitored then and that
/// were not told yet; marks them told.
pub(crate) fn due(state: &mut State, accounts: &[AccountOptions], directory: &Directory, now_ms: i64) -> Vec<Delivery> {
    let mut due = Vec::new();
    for account in accounts {
        let Some(network) = state.networks.get_mut(&account.slug) else {
            continue;
        };
        for (slug, conversation) in &mut network.conversations {
            let Some(person) = directory.by_slug(slug) else {
                continue;
            };
            let untold = conversation.messages.iter_mut().filter(|m| !m.told && m.is_reply() && m.at_ms <= now_ms);
            for message in untold {
                message.told = true;
                let at_ms = message.at_ms;
                let monitoring =
                    network.webhooks.iter().filter(|webhook| webhook.active_since_ms.is_some_and(|since| since <= at_ms));
                due.extend(monitoring.map(|webhook| {
                    let sender = json!({"name": sender_name(account, person, message), "profile_url": person.id_url()});
                    let body = match &webhook.secret {
                        None => json!({
                            "event": "message", "account_id": webhook.id, "sender": sender,
                            "message": message.text, "timestamp": at_ms,
                        }),
                        Some(_) => told(
                            account,
                            &format!("msg-{slug}-{}", message.id),
                            json!({
                                "type": "message", "sender": sender, "message_text": message.text,
                                "metadata": {"delivered_at": at_ms}, "timestamp": date_text(at_ms),
                            }),
                        ),
                    };
                    delivery(webhook, account, slug, body, now_ms)
                }));
            }
        }
        due.extend(acceptances(network, account, directory, now_ms));
        due.extend(expiry(network, account, now_ms));
    }
    due.sort_by_key(|delivery| {
        delivery.body["timestamp"].as_i64().or(delivery.body["event"]["metadata"]["delivered_at"].as_i64())
    });
    due
}

/// An event of V2 in its envelope.
fn told(account: &AccountOptions, event_id: &str, event: Value) -> Value {
    json!({"account_id": account.account_id, "event_id": event_id, "event": event})
}

fn delivery(webhook: &WebhookAccount, account: &AccountOptions, person: &str, body: Value, now_ms: i64) -> Delivery {
    let signed = webhook.secret.as_deref().map(|secret| v2::signature(secret, now_ms / 1000, &body.to_string()));
    Delivery {
        webhook_url: webhook.webhook_url.clone(),
        headers: signed.into_iter().flatten().collect(),
        account: account.slug.clone(),
        person: person.to_owned(),
        body,
    }
}

/// Those whose webhook is V2's and was active at an instant.
fn signing(webhooks: &[WebhookAccount], at_ms: i64) -> impl Iterator<Item = &WebhookAccount> {
    let active = move |webhook: &&WebhookAccount| webhook.active_since_ms.is_some_and(|since| since <= at_ms);
    webhooks.iter().filter(|webhook| webhook.secret.is_some()).filter(active)
}

fn acceptances(network: &mut Network, account: &AccountOptions, directory: &Directory, now_ms: i64) -> Vec<Delivery> {
    let mut due = Vec::new();
    for invitation in network.sent.iter_mut().filter(|sent| sent.ended == Some(Ended::Accepted) && !sent.told) {
        invitation.told = true;
        let Some(person) = directory.by_slug(&invitation.person) else { continue };
        let at_ms = invitation.accept_ms.unwrap_or(now_ms);
        for webhook in signing(&network.webhooks, at_ms) {
            let person_row = json!({"profile_url": person.url(), "name": person.name()});
            let event = json!({"type": "accepted_invitation", "new_connections": [person_row]});
            let body = told(account, &format!("acc-{}", invitation.id), event);
            due.push(delivery(webhook, account, &invitation.person, body, now_ms));
        }
    }
    due
}

fn expiry(network: &mut Network, account: &AccountOptions, now_ms: i64) -> Vec<Delivery> {
    if !network.expired || std::mem::replace(&mut network.expiry_told, true) {
        return Vec::new();
    }
    let body = told(account, &format!("exp-{now_ms}"), json!({"type": "disconnection", "reason": "session expired"}));
    signing(&network.webhooks, now_ms).map(|webhook| delivery(webhook, account, "", body.clone(), now_ms)).collect()
}

impl Sandbox {
    /// Posts the webhooks due now, each once, and says how many were accepted (2xx).
    pub async fn tick(&self, client: &reqwest::Client) -> usize {
        let mut accepted = 0;
        for delivery in self.due_webhooks(self.now()) {
            let post = client.post(&delivery.webhook_url).timeout(TIMEOUT).header("content-type", "application/json");
            let post = delivery.headers.iter().fold(post, |post, (name, value)| post.header(*name, value));
            let sent = post.body(delivery.body.to_string()).send().await;
            match sent {
                Ok(answer) if answer.status().is_success() => accepted += 1,
                Ok(answer) => {
                    tracing::warn!(status = answer.status().as_u16(), "sandbox.webhook.refused")
                }
                Err(error) => {
                    tracing::warn!(error = %error.without_url(), "sandbox.webhook.failed")
                }
            }
        }
        accepted
    }

    /// A task that ticks at this real interval until it is aborted.
    pub fn deliver_webhooks(&self, every: Duration) -> JoinHandle<()> {
        let sandbox = self.clone();
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut interval = tokio::time::interval(every);
            interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                interval.tick().await;
                sandbox.tick(&client).await;
            }
        })
    }
}
