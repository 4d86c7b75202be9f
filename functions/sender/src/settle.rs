//! Sends whose outcome is unknown: settled by reading, and by a person where reading proves nothing.

use crate::channel::Receipt;
use crate::claim::WINDOW;
use crate::{Desk, Sender};
use domain::ids::{MessageId, WorkspaceId};
use domain::route::InvitationStatus;
use domain::settle::{self, Act, Reading, Seen, Step};
use domain::vocabulary::{Channel, MessageStatus};
use jiff::Timestamp;
use kit::{Failure, Outcome};
use outbound::linkedin::{CallError, InvitationState};
use store::Versioned;
use store::facts::month;
use store::message::Message;
use store::slots::ReadPermit;

impl Sender {
    pub(crate) async fn settle(&self, ws: &WorkspaceId, id: &MessageId) -> Outcome {
        let now = self.clock.now();
        let Some(mut message) = self.store.message(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        match message.status {
            MessageStatus::Sending if self.is_lost(&message, now) => {
                message.status = MessageStatus::Uncertain;
                let since = message.claimed_at.unwrap_or(now);
                message.check_at = Some((since + self.settle).max(now));
                message.failure = Some("L’envoi a été interrompu\u{a0}: nous vérifions s’il a eu lieu.".into());
                self.save(&mut message).await?;
                Ok(())
            }
            MessageStatus::Uncertain => self.go_on(message, now).await,
            // Settled just before the process ended: the account may not know yet.
            MessageStatus::Approved => self.wake(&message, now).await,
            _ => Ok(()),
        }
    }

    /// Whether nobody can be making the call any more.
    fn is_lost(&self, message: &Message, now: Timestamp) -> bool {
        let claimed = message.claimed_at.unwrap_or(now);
        now >= claimed + WINDOW || self.booted_at.is_some_and(|booted| claimed < booted)
    }

    async fn go_on(&self, mut message: Versioned<Message>, now: Timestamp) -> Outcome {
        let act = match message.channel {
            Channel::LinkedInInvitation => Act::Invitation,
            _ => Act::LinkedInMessage,
        };
        let since = message.claimed_at.unwrap_or(message.created_at);
        match settle::next(act, since, &message.readings, self.settle, now) {
            Step::WaitUntil(at) => self.look_again(&mut message, Some(at)).await,
            Step::Sent => {
                let reference = message.provider_ref.clone();
                self.record_sent(message, &Receipt { reference, at: since }).await
            }
            Step::BackToApproved => {
                self.back_to_approved(message.clone()).await?;
                self.wake(&message, now).await
            }
            Step::Read => self.read(message, since, now).await,
            Step::AskPerson | Step::RetryWithSameKey => {
                message.failure =
                    Some("Impossible de savoir si cet envoi a eu lieu\u{a0}: regardez sur LinkedIn et dites-le ici.".into());
                self.look_again(&mut message, None).await
            }
        }
    }

    async fn look_again(&self, message: &mut Versioned<Message>, at: Option<Timestamp>) -> Outcome {
        message.check_at = at;
        self.save(message).await?;
        Ok(())
    }

    async fn wake(&self, message: &Message, now: Timestamp) -> Outcome {
        if let Some(account) = self.store.account(&message.workspace, &message.account).await.map_err(Failure::soon)? {
            self.store.wake_account(&account, now, now).await.map_err(Failure::soon)?;
        }
        Ok(())
    }

    async fn read(&self, mut message: Versioned<Message>, since: Timestamp, now: Timestamp) -> Outcome {
        let account = self.store.account(&message.workspace, &message.account).await.map_err(Failure::soon)?;
        let Some(desk) = account.as_ref().and_then(|a| self.desk(a)) else {
            message.failure = Some(
                "Le compte ne peut plus être lu\u{a0}: regardez sur LinkedIn si cet envoi a eu lieu et dites-le ici.".into(),
            );
            return self.look_again(&mut message, None).await;
        };
        if !self.hold_credit(&message, now).await? {
            return self.look_again(&mut message, Some(now + jiff::SignedDuration::from_hours(1))).await;
        }
        match self.store.session_read(&desk.account, now).await.map_err(Failure::soon)? {
            ReadPermit::Granted(wait) => self.clock.wait(wait).await,
            ReadPermit::NotBefore(at) => {
                self.charge(&message, 0).await?;
                return self.look_again(&mut message, Some(at)).await;
            }
        }
        let seen = match self.look(&desk, &message, since).await? {
            Ok(Some(true)) => Seen::Done,
            Ok(Some(false)) => Seen::NotDone,
            Ok(None) => Seen::Unreadable,
            Err(error) => {
                tracing::warn!(message = %message.id, kind = error.kind.as_str(), "settle.not_read");
                Seen::Unreadable
            }
        };
        message.readings.push(Reading { at: now, seen });
        message.check_at = Some(now);
        if !self.save(&mut message).await? {
            return Ok(());
        }
        // The reading is recorded; what follows from it is decided from the record.
        Box::pin(self.go_on(message, now)).await
    }

    /// Whether the provider shows the send; `None`: it says something that proves neither.
    async fn look(&self, desk: &Desk, message: &Message, since: Timestamp) -> Result<Result<Option<bool>, CallError>, Failure> {
        let Some(prospect) = self.store.survivor(&message.workspace, &message.prospect).await.map_err(Failure::soon)? else {
            self.charge(message, 0).await?;
            return Ok(Ok(None));
        };
        let url = prospect.profile_url.clone().unwrap_or_default();
        let (seen, credits) = match message.channel {
            Channel::LinkedInInvitation => match desk.client.invitation_status(&desk.session, &url).await {
                Ok(answer) => {
                    let word = match &answer.value.state {
                        InvitationState::Accepted => "ACCEPTED",
                        InvitationState::Pending => "PENDING",
                        InvitationState::None => "NO_INVITATION",
                        InvitationState::Unknown(_) => "",
                    };
                    let done = match InvitationStatus::read(word, answer.value.kind.as_deref(), answer.value.distance) {
                        Some(InvitationStatus::Accepted | InvitationStatus::Pending) => Some(true),
                        Some(InvitationStatus::NoInvitation) => Some(false),
                        // Theirs is waiting for us: it hides whether ours went out.
                        Some(InvitationStatus::Received) | None => None,
                    };
                    (Ok(done), answer.credits)
                }
                Err(error) => {
                    let credits = error.credits;
                    (Err(error), credits)
                }
            },
            _ => match desk.client.conversation(&desk.session, &url).await {
                Ok(answer) => {
                    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                    let ours = words(&message.body);
                    let minute = jiff::SignedDuration::from_secs(60);
                    let done = answer
                        .value
                        .messages
                        .iter()
                        .any(|m| words(&m.text) == ours && m.at.is_none_or(|at| at >= since - minute));
                    (Ok(Some(done)), answer.credits)
                }
                Err(error) => {
                    let credits = error.credits;
                    (Err(error), credits)
                }
            },
        };
        self.charge(message, credits).await?;
        Ok(seen)
    }

    /// Holds the credit of a reading; false when the month's budget has none left.
    async fn hold_credit(&self, message: &Message, now: Timestamp) -> Result<bool, Failure> {
        let Some(workspace) = self.store.workspace(&message.workspace).await.map_err(Failure::soon)? else { return Ok(false) };
        let in_month = month(now, &workspace.settings.zone());
        let ceiling = workspace.settings.budget.credits_per_month;
        self.store.hold_credits(&message.workspace, &in_month, 1, ceiling).await.map_err(Failure::soon)
    }

    /// Records what the credit held for a reading came to.
    async fn charge(&self, message: &Message, credits: u32) -> Outcome {
        let Some(workspace) = self.store.workspace(&message.workspace).await.map_err(Failure::soon)? else { return Ok(()) };
        let in_month = month(self.clock.now(), &workspace.settings.zone());
        self.store.settle_credits(&message.workspace, &in_month, 1, credits, 0).await.map_err(Failure::soon)
    }
}
