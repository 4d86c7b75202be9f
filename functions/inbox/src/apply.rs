//! One inbound event: an unsigned hint leads to reading the conversation; a signed event says what happened.

use crate::Inbox;
use crate::reading::{Desk, HELD, Read, change_account, pause};
use domain::identity::{self, Key, Kind};
use domain::ids::{InboundId, ProspectId, WorkspaceId};
use domain::provider::{SESSION_ENDED_FR, acceptance_poll};
use domain::vocabulary::Provider;
use jiff::{SignedDuration, Timestamp};
use kit::{Failure, Outcome};
use outbound::linkedin::{CallError, Conversation, ConversationMessage, Remedy};
use outbound::linkup_webhook::{EventKind, Hint, InboundMessage, NewConnection, parse_v1, parse_v2};
use outbound::unipile_webhook;
use store::Versioned;
use store::account::Account;
use store::erasure::VERDICT;
use store::inbound::Inbound;
use store::intake::Row;

/// How often a conversation that the provider does not give is asked for.
const TRIES_MAX: u32 = 48;
/// The longest wait between two tries.
const WAIT_MAX: SignedDuration = SignedDuration::from_hours(1);

/// Who wrote.
enum Who {
    Known(ProspectId),
    Nobody,
    /// To be asked of LinkedIn, at the earliest then.
    Later(Timestamp),
    /// LinkedIn was asked and did not say.
    Untold(CallError),
}

/// What became of an event.
enum Verdict {
    Done(&'static str),
    Later(Timestamp),
    Failed(CallError),
}

impl Inbox {
    pub(crate) async fn apply(&self, ws: &WorkspaceId, id: &InboundId) -> Outcome {
        let Some(inbound) = self.store.inbound(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        if inbound.verdict.is_some() {
            return Ok(());
        }
        let verdict = match &inbound.account {
            Some(account) => match self.store.account(ws, account).await.map_err(Failure::soon)? {
                Some(account) => self.judge(&inbound, account).await?,
                None => Verdict::Done("no_account"),
            },
            None => Verdict::Done("no_account"),
        };
        self.record(inbound, verdict).await
    }

    async fn judge(&self, inbound: &Inbound, account: Versioned<Account>) -> Result<Verdict, Failure> {
        let body = inbound.body.as_bytes();
        if inbound.vendor.starts_with("linkup-v1") {
            return match parse_v1(body) {
                Hint::Message(hint) => self.message(&hint, None, account, inbound.received_at).await,
                Hint::Unknown => Ok(Verdict::Done("unknown_event")),
            };
        }
        let event = match inbound.vendor.as_str() {
            "linkup-v2" => parse_v2(body),
            "unipile" => unipile_webhook::parse(body),
            _ => return Ok(Verdict::Done("unknown_vendor")),
        };
        if self.is_of_another(&account, event.account_id.as_deref()) {
            return Ok(Verdict::Done("another_account"));
        }
        match event.kind {
            EventKind::Message(message) => self.told(&message, account, inbound.received_at).await,
            EventKind::Own => Ok(Verdict::Done("own_message")),
            EventKind::AcceptedInvitation(people) => self.accepted(&people, &account).await,
            EventKind::Disconnection { reason } => {
                tracing::warn!(account = %account.id, reason, "account.disconnected");
                pause(self, &account.workspace, &account.id, SESSION_ENDED_FR, self.clock.now()).await?;
                Ok(Verdict::Done("disconnected"))
            }
            EventKind::Unknown => Ok(Verdict::Done("unknown_event")),
        }
    }

    /// Whether a verified event names another account of the vendor's than this one.
    fn is_of_another(&self, account: &Account, told: Option<&str>) -> bool {
        let session = self.providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country).ok();
        let own = session.map(|session| session.account_id).filter(|id| !id.is_empty());
        own.zip(told).is_some_and(|(own, told)| own != told)
    }

    /// A verified event says what somebody wrote: it is believed without a reading of the conversation, so that it stops
    /// everything at once. Where it bears no words it is a hint like any other.
    async fn told(&self, told: &InboundMessage, account: Versioned<Account>, came_at: Timestamp) -> Result<Verdict, Failure> {
        let keys = identity::keys_of(told.sender_url.as_deref(), None, None);
        let own = keys.iter().any(|key| is_own(&account, key));
        let (Some(said), false) = (said(told), own) else { return self.message(told, None, account, came_at).await };
        if self.is_erased(&account, &keys).await? {
            return Ok(Verdict::Done(VERDICT));
        }
        match self.holder(&account.workspace, &keys).await? {
            Some(person) => self.take(&account, &person, &said, came_at).await,
            None => self.message(told, Some(&said), account, came_at).await,
        }
    }

    async fn take(
        &self,
        account: &Account,
        person: &ProspectId,
        thread: &Conversation,
        came_at: Timestamp,
    ) -> Result<Verdict, Failure> {
        let new = self.take_replies(account, person, thread, came_at).await?;
        Ok(Verdict::Done(if new > 0 { "applied" } else { "nothing_new" }))
    }

    /// Somebody may have written: the conversation is read before anything changes, unless the words are `said` by a
    /// verified event and only their writer had to be found.
    async fn message(
        &self,
        told: &InboundMessage,
        said: Option<&Conversation>,
        account: Versioned<Account>,
        came_at: Timestamp,
    ) -> Result<Verdict, Failure> {
        let keys = identity::keys_of(told.sender_url.as_deref(), None, None);
        let Some(key) = keys.first() else { return Ok(Verdict::Done("no_sender")) };
        if is_own(&account, key) {
            return Ok(Verdict::Done("own_message"));
        }
        if self.is_erased(&account, &keys).await? {
            return Ok(Verdict::Done(VERDICT));
        }
        let by_hand = account.provider == Provider::Manual;
        let Some(desk) = self.desk(account.clone()) else {
            // Until the account is connected again; one that works by hand never reads.
            return Ok(if by_hand { Verdict::Done("not_readable") } else { Verdict::Later(self.clock.now() + HELD) });
        };
        let person = match self.who(&desk, key).await? {
            Who::Known(person) => person,
            Who::Nobody => return Ok(Verdict::Done("unknown_person")),
            Who::Later(at) => return Ok(Verdict::Later(at)),
            Who::Untold(error) => return Ok(Verdict::Failed(error)),
        };
        if let Some(said) = said {
            return self.take(&desk.account, &person, said, came_at).await;
        }
        let Some(prospect) = self.store.survivor(&account.workspace, &person).await.map_err(Failure::soon)? else {
            return Ok(Verdict::Done("unknown_person"));
        };
        let url = prospect.profile_url.clone().or_else(|| told.sender_url.clone()).unwrap_or_default();
        match self.read(&desk, desk.client.costs().page, desk.client.conversation(&desk.session, &url)).await? {
            Read::Got(thread) => self.take(&desk.account, &person, &thread, self.clock.now()).await,
            Read::NotBefore(at) => Ok(Verdict::Later(at)),
            Read::Failed(error) => Ok(Verdict::Failed(error)),
        }
    }

    /// The person behind a key. The webhook often says a member id where only the vanity name is known: then the
    /// profile tells both, and the person gains the key. Only a profile that was read makes somebody nobody.
    async fn who(&self, desk: &Desk, key: &Key) -> Result<Who, Failure> {
        let ws = &desk.account.workspace;
        if let Some(found) = self.holder(ws, std::slice::from_ref(key)).await? {
            return Ok(Who::Known(found));
        }
        let Some(url) = store::intake::url_of(key).filter(|_| key.kind == Kind::MemberId) else { return Ok(Who::Nobody) };
        let by_session = async || self.read(desk, 1, desk.client.profile(&desk.session, &url)).await;
        let read = match desk.client.capabilities().session_less_reads {
            true => match self.look_up(ws, desk.client.profile_data(&url)).await? {
                Read::Failed(error) if error.remedy(false, 0) == Remedy::Session => by_session().await?,
                read => read,
            },
            false => by_session().await?,
        };
        let profile = match read {
            Read::Got(profile) => profile,
            Read::NotBefore(at) => return Ok(Who::Later(at)),
            Read::Failed(error) => return Ok(Who::Untold(error)),
        };
        let slug = profile.public_id.and_then(|id| identity::slug_key(&id));
        let Some(slug) = slug.filter(|slug| slug.kind == Kind::Slug) else { return Ok(Who::Nobody) };
        if self.holder(ws, std::slice::from_ref(&slug)).await?.is_none() {
            return Ok(Who::Nobody);
        }
        let row = Row { keys: vec![key.clone(), slug], ..Row::default() };
        let joined = self.store.intake(ws, &row, self.clock.now()).await.map_err(Failure::soon)?;
        Ok(joined.map_or(Who::Nobody, |joined| Who::Known(joined.prospect.id.clone())))
    }

    /// Whether the sender was erased: then nothing is read of them, and nothing kept of the event.
    async fn is_erased(&self, account: &Account, keys: &[Key]) -> Result<bool, Failure> {
        Ok(!self.store.erased_among(&account.workspace, keys).await.map_err(Failure::soon)?.is_empty())
    }

    /// Who has one of these keys.
    pub(crate) async fn holder(&self, ws: &WorkspaceId, keys: &[Key]) -> Result<Option<ProspectId>, Failure> {
        let found = self.store.identities(ws, keys).await.map_err(Failure::soon)?;
        Ok(found.into_iter().next().map(|p| p.prospect))
    }

    async fn accepted(&self, people: &[NewConnection], account: &Account) -> Result<Verdict, Failure> {
        let now = self.clock.now();
        let mut any = false;
        for person in people {
            let keys = identity::keys_of(person.profile_url.as_deref(), None, None);
            if let Some(id) = self.holder(&account.workspace, &keys).await? {
                any |= self.accept(&account.workspace, &account.id, &id, now).await?;
            }
        }
        if any {
            // The vendor pushes acceptances; the newest connections need not be read so soon.
            change_account(&self.store, &account.workspace, &account.id, |account| {
                let soon = account.acceptance_poll_at.is_some_and(|at| at < now + self.acceptance_poll / 2);
                if soon {
                    account.acceptance_poll_at = Some(now + acceptance_poll(account.provider, true, self.acceptance_poll));
                }
                soon
            })
            .await?;
        }
        Ok(Verdict::Done(if any { "applied" } else { "nothing_new" }))
    }

    async fn record(&self, mut inbound: Versioned<Inbound>, verdict: Verdict) -> Outcome {
        let now = self.clock.now();
        match verdict {
            Verdict::Done(word) => {
                if word == VERDICT {
                    inbound.body.clear();
                }
                inbound.verdict = Some(word.to_owned());
                inbound.next_at = None;
            }
            Verdict::Later(at) => inbound.next_at = Some(at),
            Verdict::Failed(error) if inbound.tries + 1 < TRIES_MAX => {
                inbound.tries += 1;
                let asked = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok());
                let wait = SignedDuration::from_secs(30_i64 << inbound.tries.min(7)).min(WAIT_MAX);
                inbound.next_at = Some(now + asked.unwrap_or(wait));
            }
            Verdict::Failed(error) => {
                inbound.verdict = Some(format!("not_read: {}", error.kind.as_str()));
                inbound.next_at = None;
            }
        }
        tracing::info!(inbound = %inbound.id, verdict = inbound.verdict.as_deref(), "inbound.judged");
        // Lost: another copy of the job has judged it.
        let _recorded = self.store.save(&mut inbound).await.map_err(Failure::soon)?;
        Ok(())
    }
}

/// Whether a key is the account owner's own.
pub fn is_own(account: &Account, key: &Key) -> bool {
    let own = account.profile_url.as_deref().and_then(identity::address_key);
    account.member_keys.contains(key) || own.as_ref() == Some(key)
}

/// The words of a signed event as a conversation of one message.
fn said(told: &InboundMessage) -> Option<Conversation> {
    let text = told.text.clone()?;
    let message = ConversationMessage { text, at: told.at, sender_name: told.sender_name.clone(), kind: None, urn: None };
    Some(Conversation { conversation_id: None, other_count: Some(1), messages: vec![message], raw: serde_json::Value::Null })
}
