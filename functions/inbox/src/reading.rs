//! One call through an account's session: within its reading budget and the workspace's credits.

use crate::Inbox;
use domain::ids::{AccountId, WorkspaceId};
use domain::vocabulary::AccountStatus;
use jiff::{SignedDuration, Timestamp};
use kit::{Event, Failure, Outcome};
use outbound::linkedin::{Answer, CallError, ErrorKind, LinkedIn, Session};
use std::sync::Arc;
use store::account::{Account, Pause};
use store::slots::ReadPermit;
use store::{Store, Versioned};

/// How long a reading waits for credits, for a session, or for a person to lift a pause.
pub const HELD: SignedDuration = SignedDuration::from_hours(1);

/// Who reads, and through what.
pub struct Desk {
    pub account: Versioned<Account>,
    pub client: Arc<dyn LinkedIn>,
    pub session: Session,
}

/// What came of asking.
pub enum Read<T> {
    Got(T),
    /// Not now: night, budget, pause, or the provider's own word.
    NotBefore(Timestamp),
    /// The provider did not answer with anything usable.
    Failed(CallError),
}

impl Inbox {
    /// The account with its client and session; `None` where it works by hand or has to be connected again.
    pub(crate) fn desk(&self, account: Versioned<Account>) -> Option<Desk> {
        let client = self.providers.linkedin(account.provider)?;
        let session = self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country).ok()?;
        Some(Desk { account, client, session })
    }

    /// Makes `call`, one session read of at most `credits`, if the account may read now and the budget allows it.
    pub(crate) async fn read<T>(
        &self,
        desk: &Desk,
        credits: u32,
        call: impl Future<Output = Answer<T>> + Send,
    ) -> Result<Read<T>, Failure> {
        let now = self.clock.now();
        let account = &desk.account;
        if account.is_paused(now) {
            let resumes = account.pause.as_ref().and_then(|p| p.resumes_at);
            return Ok(Read::NotBefore(resumes.unwrap_or(now + HELD)));
        }
        let month = self.month(&account.workspace, now).await?;
        let Some((month, ceiling)) = month else { return Ok(Read::NotBefore(now + HELD)) };
        if !self.store.hold_credits(&account.workspace, &month, credits, ceiling).await.map_err(Failure::soon)? {
            return Ok(Read::NotBefore(now + HELD));
        }
        let permit = self.store.session_read(account, now).await;
        let read = match permit {
            Ok(ReadPermit::Granted(wait)) => {
                self.clock.wait(wait).await;
                None
            }
            Ok(ReadPermit::NotBefore(at)) => Some(Ok(Read::NotBefore(at))),
            Err(error) => Some(Err(Failure::soon(error))),
        };
        if let Some(not_now) = read {
            self.settle(&account.workspace, &month, credits, 0).await?;
            return not_now;
        }
        let answer = call.await;
        let spent = answer.as_ref().map_or_else(|e| e.credits, |a| a.credits);
        self.settle(&account.workspace, &month, credits, spent).await?;
        match answer {
            Ok(answer) => Ok(Read::Got(answer.value)),
            Err(error) => self.not_read(desk, error, now).await,
        }
    }

    /// A call that uses no session and costs one credit; it waits for credits, and for the provider, as any reading does.
    pub(crate) async fn look_up<T>(
        &self,
        ws: &WorkspaceId,
        call: impl Future<Output = Answer<T>> + Send,
    ) -> Result<Read<T>, Failure> {
        let now = self.clock.now();
        let Some((month, ceiling)) = self.month(ws, now).await? else { return Ok(Read::NotBefore(now + HELD)) };
        if !self.store.hold_credits(ws, &month, 1, ceiling).await.map_err(Failure::soon)? {
            return Ok(Read::NotBefore(now + HELD));
        }
        let answer = call.await;
        let spent = answer.as_ref().map_or_else(|e| e.credits, |a| a.credits);
        self.settle(ws, &month, 1, spent).await?;
        Ok(match answer {
            Ok(answer) => Read::Got(answer.value),
            Err(error) => not_now(error, now),
        })
    }

    async fn not_read<T>(&self, desk: &Desk, error: CallError, now: Timestamp) -> Result<Read<T>, Failure> {
        tracing::warn!(account = %desk.account.id, kind = error.kind.as_str(), "inbox.reading_failed");
        if error.pauses_account() {
            pause(self, &desk.account.workspace, &desk.account.id, &error.pause_reason(), now).await?;
            return Ok(Read::NotBefore(now + HELD));
        }
        Ok(not_now(error, now))
    }

    /// The month's budget item and its ceiling in credits.
    async fn month(&self, ws: &WorkspaceId, now: Timestamp) -> Result<Option<(String, u64)>, Failure> {
        let Some(workspace) = self.store.workspace(ws).await.map_err(Failure::soon)? else { return Ok(None) };
        let month = store::facts::month(now, &workspace.settings.zone());
        Ok(Some((month, workspace.settings.budget.credits_per_month)))
    }

    async fn settle(&self, ws: &WorkspaceId, month: &str, held: u32, spent: u32) -> Outcome {
        self.store.settle_credits(ws, month, held, spent, 0).await.map_err(Failure::soon)
    }
}

/// What a failed call comes to: to be made again when the provider says, or a failure.
fn not_now<T>(error: CallError, now: Timestamp) -> Read<T> {
    if matches!(error.kind, ErrorKind::Throttled | ErrorKind::RateLimited) {
        let asked = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok());
        return Read::NotBefore(now + asked.unwrap_or(SignedDuration::from_secs(60)));
    }
    Read::Failed(error)
}

/// Pauses an account until a person resumes it, and tells the bus. A pause for good that is there already stays.
pub async fn pause(inbox: &Inbox, ws: &WorkspaceId, id: &AccountId, why: &str, now: Timestamp) -> Outcome {
    let pause = Pause { reason: why.to_owned(), since: now, resumes_at: None };
    inbox.store.pause_account(ws, id, &pause).await.map_err(Failure::soon)?;
    let detail = serde_json::json!({ "workspace": ws, "account": id, "status": AccountStatus::Paused });
    inbox.bus.put(vec![Event { name: "AccountPaused", detail }]).await
}

/// Changes an account whoever else writes it; `change` answers whether there is anything to write.
pub async fn change_account(
    store: &Store,
    ws: &WorkspaceId,
    id: &AccountId,
    change: impl Fn(&mut Account) -> bool + Send,
) -> Outcome {
    for _ in 0..crate::ROUNDS_MAX {
        let Some(mut account) = store.account(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        if !change(&mut account.item) || store.save(&mut account).await.map_err(Failure::soon)?.won() {
            return Ok(());
        }
    }
    Err(Failure::soon("an account kept changing"))
}
