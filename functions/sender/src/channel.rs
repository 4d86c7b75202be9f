//! The one call a claim allows, and the record of what it came to.

use crate::claim::{Claimed, PROVIDER_LIMIT};
use crate::{Desk, Sender, Tried};
use domain::vocabulary::{Channel, MessageStatus};
use jiff::{SignedDuration, Timestamp};
use kit::{Event, Failure};
use outbound::linkedin::{CallError, ErrorKind, NewMessage};
use store::Versioned;
use store::message::Message;
use store::prospect::Prospect;

/// How often a record is written again when others write the person meanwhile.
const ROUNDS_MAX: usize = 12;

/// What the vendor gave back.
pub(crate) struct Receipt {
    pub reference: Option<String>,
    pub at: Timestamp,
}

impl Sender {
    pub(crate) async fn call(&self, desk: &Desk, claimed: Claimed, spent: &mut u32) -> Result<Tried, Failure> {
        let Claimed { message, dossier, with_note } = claimed;
        let url = dossier.prospect.profile_url.clone().unwrap_or_default();
        let answer = match message.channel {
            Channel::LinkedInInvitation => {
                let note = (with_note && !message.body.trim().is_empty()).then_some(message.body.as_str());
                let answer = desk.client.connect(&desk.session, &url, note).await;
                answer.map(|a| (a.credits, a.value.invitation_id, None))
            }
            _ => {
                let answer = desk.client.send_message(&desk.session, &url, &NewMessage::text(message.body.clone())).await;
                answer.map(|a| (a.credits, a.value.message_urn, a.value.delivered_at))
            }
        };
        let now = self.clock.now();
        match answer {
            Ok((credits, reference, _)) => {
                *spent += credits;
                self.record_sent(message, &Receipt { reference, at: now }).await?;
            }
            Err(error) => {
                *spent += error.credits;
                self.not_sent(desk, message, &error, now).await?;
            }
        }
        Ok(Tried::Called)
    }

    /// It went out, whether the vendor said so at once or a reading found it.
    ///
    /// The person first, the message last: until it is `Sent`, the sweep comes back for whatever was not recorded.
    pub(crate) async fn record_sent(&self, mut message: Versioned<Message>, receipt: &Receipt) -> Result<(), Failure> {
        let known = self.note_contact(&message, receipt.at).await?;
        // Of somebody erased meanwhile nothing is expected.
        if known.is_some() && message.channel == Channel::LinkedInInvitation {
            self.expect_acceptance(&message, receipt.at).await?;
        }
        message.status = MessageStatus::Sent;
        message.sent_at = Some(receipt.at);
        message.provider_ref.clone_from(&receipt.reference);
        message.check_at = None;
        message.failure = None;
        if !self.save(&mut message).await? {
            // A person or another reading has settled it; that word stands.
            return Ok(());
        }
        let detail = serde_json::json!({
            "workspace": message.workspace, "message": message.id, "prospect": message.prospect, "channel": message.channel,
        });
        self.bus.put(vec![Event { name: "MessageSent", detail }]).await
    }

    /// The person was contacted: every later step, and everybody else's, reads this.
    async fn note_contact(&self, message: &Message, at: Timestamp) -> Result<Option<Versioned<Prospect>>, Failure> {
        self.with_prospect(message, |prospect| {
            let contact = &mut prospect.contact;
            contact.last_sent_at = contact.last_sent_at.max(Some(at));
            contact.last_enrolment = Some(message.enrolment.clone());
            if contact.sending.as_ref() == Some(&message.id) {
                contact.sending = None;
            }
            if message.channel == Channel::LinkedInMessage {
                contact.connected = true;
            }
            prospect.in_review = false;
            if let Some(enrolment) = prospect.enrolment.as_mut().filter(|e| e.id == message.enrolment) {
                match message.channel {
                    Channel::LinkedInInvitation => enrolment.invited_at = enrolment.invited_at.or(Some(at)),
                    _ => {
                        enrolment.messaged_at = enrolment.messaged_at.or(Some(at));
                        if enrolment.status == domain::vocabulary::EnrolmentStatus::Active {
                            enrolment.status = domain::vocabulary::EnrolmentStatus::Completed;
                        }
                    }
                }
            }
        })
        .await
    }

    /// The send is over without effect: the person may be sent to again.
    async fn free_prospect(&self, message: &Message) -> Result<(), Failure> {
        self.with_prospect(message, |prospect| {
            if prospect.contact.sending.as_ref() == Some(&message.id) {
                prospect.contact.sending = None;
            }
        })
        .await
        .map(|_| ())
    }

    async fn with_prospect(
        &self,
        message: &Message,
        change: impl Fn(&mut Prospect),
    ) -> Result<Option<Versioned<Prospect>>, Failure> {
        for _ in 0..ROUNDS_MAX {
            let found = self.store.survivor(&message.workspace, &message.prospect).await.map_err(Failure::soon)?;
            let Some(mut prospect) = found else { return Ok(None) };
            change(&mut prospect.item);
            if self.store.save(&mut prospect).await.map_err(Failure::soon)?.won() {
                return Ok(Some(prospect));
            }
        }
        Err(Failure::soon("a person kept changing while a send was recorded"))
    }

    /// Where acceptances are not pushed, the newest connections are read from now on.
    async fn expect_acceptance(&self, message: &Message, at: Timestamp) -> Result<(), Failure> {
        for _ in 0..ROUNDS_MAX {
            let found = self.store.account(&message.workspace, &message.account).await.map_err(Failure::soon)?;
            let Some(mut account) = found else { return Ok(()) };
            if account.acceptance_poll_at.is_some() {
                return Ok(());
            }
            let tenth = self.acceptance_poll / 10;
            let delay = domain::plan::jittered(account.id.as_str(), &at.to_string(), self.acceptance_poll, tenth);
            account.acceptance_poll_at = Some(at + delay);
            if self.store.save(&mut account).await.map_err(Failure::soon)?.won() {
                return Ok(());
            }
        }
        Err(Failure::soon("an account kept changing while an invitation was recorded"))
    }

    /// The call brought no receipt: what is certain is recorded, the rest is settled by reading.
    async fn not_sent(
        &self,
        desk: &Desk,
        mut message: Versioned<Message>,
        error: &CallError,
        now: Timestamp,
    ) -> Result<(), Failure> {
        tracing::warn!(message = %message.id, kind = error.kind.as_str(), "send.not_confirmed");
        let to_be_read = matches!(error.kind, ErrorKind::AlreadyConnected | ErrorKind::AlreadyPending);
        if !error.surely_not_done() || to_be_read {
            message.status = MessageStatus::Uncertain;
            message.check_at = Some(now + self.settle);
            message.failure = Some("La réponse de LinkedIn s’est perdue\u{a0}: nous vérifions si l’envoi a eu lieu.".into());
            self.save(&mut message).await?;
            return Ok(());
        }
        self.unsend(&message, now).await?;
        let stop = error.pauses_account();
        let never_left = matches!(error.kind, ErrorKind::Throttled | ErrorKind::Unreachable | ErrorKind::RateLimited);
        if stop || never_left {
            // It was not made, and may be made later: the message stays approved.
            message.status = MessageStatus::Approved;
            message.claimed_at = None;
            message.check_at = None;
            let wait = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok()).unwrap_or(SignedDuration::from_secs(60));
            message.not_before = Some(now + wait);
            let limited = matches!(error.kind, ErrorKind::Throttled | ErrorKind::RateLimited);
            message.failure = limited.then(|| PROVIDER_LIMIT.to_owned());
            if stop {
                self.pause(desk, &error.pause_reason(), now).await?;
            }
        } else {
            message.status = MessageStatus::Failed;
            message.check_at = None;
            message.failure = Some(format!("LinkedIn a refusé l’envoi\u{a0}: {}", error.message));
        }
        self.save(&mut message).await?;
        self.free_prospect(&message).await
    }

    /// An invitation that never went out is not waited for; before the message says so, so that it is done again if need be.
    async fn unsend(&self, message: &Message, now: Timestamp) -> Result<(), Failure> {
        let (Channel::LinkedInInvitation, Some(claimed_at)) = (message.channel, message.claimed_at) else { return Ok(()) };
        let when = (claimed_at, now);
        self.store.unsend_invitation(&message.workspace, &message.account, &message.prospect, when).await.map_err(Failure::soon)
    }

    /// An unknown outcome turned out to be none.
    pub(crate) async fn back_to_approved(&self, mut message: Versioned<Message>) -> Result<(), Failure> {
        self.unsend(&message, self.clock.now()).await?;
        message.status = MessageStatus::Approved;
        message.claimed_at = None;
        message.check_at = None;
        message.readings.clear();
        message.failure = None;
        if self.save(&mut message).await? {
            self.free_prospect(&message).await?;
        }
        Ok(())
    }
}
