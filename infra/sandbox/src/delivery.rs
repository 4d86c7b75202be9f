//! The V1 message webhook: what is due, and the task that posts it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::endpoints::sender_name;
use crate::options::AccountOptions;
use crate::people::Directory;
use crate::sandbox::Sandbox;
use crate::state::State;

const TIMEOUT: Duration = Duration::from_secs(10);

/// One webhook to post. V1 does not sign and is not known to try again.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Delivery {
    pub webhook_url: String,
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
                due.extend(monitoring.map(|webhook| Delivery {
                    webhook_url: webhook.webhook_url.clone(),
                    account: account.slug.clone(),
                    person: slug.clone(),
                    body: json!({
                        "event": "message",
                        "account_id": webhook.id,
                        "sender": {"name": sender_name(account, person, message), "profile_url": person.id_url()},
                        "message": message.text,
                        "timestamp": at_ms,
                    }),
                }));
            }
        }
    }
    due.sort_by_key(|delivery| delivery.body["timestamp"].as_i64());
    due
}

impl Sandbox {
    /// Posts the webhooks due now, each once, and says how many were accepted (2xx).
    pub async fn tick(&self, client: &reqwest::Client) -> usize {
        let mut accepted = 0;
        for delivery in self.due_webhooks(self.now()) {
            let sent = client.post(&delivery.webhook_url).timeout(TIMEOUT).json(&delivery.body).send().await;
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
