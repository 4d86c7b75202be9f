//! Invitations that have waited for too long are taken back, a few at a look, where the provider can. Each is looked at
//! first: what was accepted or declined meanwhile is recorded instead. Rules: docs/rules.md, "Limits".

use crate::Inbox;
use crate::poll::Ended;
use crate::reading::{Desk, Read};
use domain::invitation::{End, is_to_be_withdrawn, withdrawals_left};
use domain::plan::jittered;
use domain::route::InvitationStatus;
use domain::vocabulary::{Channel, EnrolmentStatus, MessageStatus};
use jiff::{SignedDuration, Timestamp};
use kit::{Failure, Outcome};
use outbound::linkedin::{InvitationState, InvitationStatus as Answered};
use store::Versioned;
use store::batch::Stage;
use store::invitations::{Invitation, withdrawn_on};
use store::prospect::Prospect;

/// Within this time what a reading said still holds: the invitation is taken back without asking again.
const READING_HOLDS: SignedDuration = SignedDuration::from_mins(10);

/// What a look at one invitation came to.
enum Looked {
    Done,
    NotBefore(Timestamp),
}

/// Where an invitation stands at LinkedIn.
enum Stands {
    /// Waiting, under this id.
    Waits(String),
    Accepted,
    /// There is none.
    None,
    /// It cannot be told, or not be taken back: left as it is.
    Unclear,
    NotBefore(Timestamp),
}

impl Inbox {
    /// Takes back a few of those that wait for too long. Others each day: one that cannot be taken back stops no other.
    pub(crate) async fn withdraw_some(&self, desk: &Desk, all: &[Invitation], now: Timestamp) -> Result<Ended, Failure> {
        if !desk.client.capabilities().withdraw_invitation {
            return Ok(Ended::Through);
        }
        let today = now.to_zoned(desk.account.zone()).date();
        let left = withdrawals_left(withdrawn_on(all, &desk.account, today));
        let mut due: Vec<&Invitation> = all.iter().filter(|i| i.end.is_none() && is_to_be_withdrawn(i.at, now)).collect();
        let lot = |i: &&Invitation| {
            let most = SignedDuration::from_hours(1);
            jittered(i.prospect.as_str(), &today.to_string(), SignedDuration::ZERO, most)
        };
        due.sort_by_key(lot);
        for invitation in due.into_iter().take(left as usize) {
            if let Some(at) = self.out_of_time(now) {
                return Ok(Ended::NotBefore(at));
            }
            if let Looked::NotBefore(at) = self.withdraw(desk, invitation, now).await? {
                return Ok(Ended::NotBefore(at));
            }
        }
        Ok(Ended::Through)
    }

    async fn withdraw(&self, desk: &Desk, invitation: &Invitation, now: Timestamp) -> Result<Looked, Failure> {
        let (ws, account) = (&desk.account.workspace, &desk.account.id);
        let found = self.store.survivor(ws, &invitation.prospect).await.map_err(Failure::soon)?;
        let bears = |p: &Prospect| p.enrolment.as_ref().is_some_and(|e| e.account == *account && e.accepted_at.is_none());
        let Some(prospect) = found.filter(|p| bears(p)) else {
            // Erased, accepted, or in a later sequence: nobody waits for its answer any more.
            let ended = (End::Gone, now);
            self.store.end_invitation(ws, account, invitation, ended).await.map_err(Failure::soon)?;
            return Ok(Looked::Done);
        };
        match self.stands(desk, &prospect, now).await? {
            Stands::Waits(id) => self.take_back(desk, prospect, invitation, id, now).await,
            Stands::Accepted => {
                self.accept(ws, account, &prospect.id, now).await?;
                Ok(Looked::Done)
            }
            Stands::None => {
                // Ours is gone: taken back before a process ended, or declined.
                let end = if prospect.contact.withdrawing.is_some() { End::Withdrawn } else { End::Gone };
                self.record_end(prospect, invitation, (end, now)).await?;
                Ok(Looked::Done)
            }
            Stands::Unclear => Ok(Looked::Done),
            Stands::NotBefore(at) => Ok(Looked::NotBefore(at)),
        }
    }

    async fn stands(&self, desk: &Desk, prospect: &Prospect, now: Timestamp) -> Result<Stands, Failure> {
        if let Some((id, since)) = &prospect.contact.withdrawing
            && now.duration_since(*since) < READING_HOLDS
        {
            return Ok(Stands::Waits(id.clone()));
        }
        let Some(url) = prospect.profile_url.as_deref() else { return Ok(Stands::Unclear) };
        let call = desk.client.invitation_status(&desk.session, url);
        let status = match self.read(desk, desk.client.costs().action, call).await? {
            Read::Got(status) => status,
            Read::NotBefore(at) => return Ok(Stands::NotBefore(at)),
            Read::Failed(_) => return Ok(Stands::Unclear),
        };
        Ok(match read_status(&status) {
            Some(InvitationStatus::Accepted) => Stands::Accepted,
            Some(InvitationStatus::NoInvitation) => Stands::None,
            Some(InvitationStatus::Pending) => {
                let id = match status.invitation_id {
                    Some(id) => Some(id),
                    None => self.id_from_sending(prospect).await?,
                };
                id.map_or(Stands::Unclear, Stands::Waits)
            }
            Some(InvitationStatus::Received) | None => Stands::Unclear,
        })
    }

    /// The id that the provider gave when the invitation was sent.
    async fn id_from_sending(&self, prospect: &Prospect) -> Result<Option<String>, Failure> {
        let messages = self.store.messages_of(prospect).await.map_err(Failure::soon)?;
        let sent =
            |m: &&Versioned<store::message::Message>| m.channel == Channel::LinkedInInvitation && m.status == MessageStatus::Sent;
        Ok(messages.iter().filter(sent).max_by_key(|m| m.sent_at).and_then(|m| m.provider_ref.clone()))
    }

    /// Writes down that it is taken back, so that nobody invites them anew, and then does it.
    async fn take_back(
        &self,
        desk: &Desk,
        mut prospect: Versioned<Prospect>,
        invitation: &Invitation,
        id: String,
        now: Timestamp,
    ) -> Result<Looked, Failure> {
        if prospect.contact.withdrawing.as_ref().is_none_or(|(_, since)| now.duration_since(*since) >= READING_HOLDS) {
            prospect.contact.withdrawing = Some((id.clone(), now));
            prospect.contact.revision += 1;
            if !self.store.save(&mut prospect).await.map_err(Failure::soon)?.won() {
                // Somebody has written the person: the next look reads again.
                return Ok(Looked::Done);
            }
        }
        let call = desk.client.withdraw_invitation(&desk.session, &id);
        match self.read(desk, desk.client.costs().action, call).await? {
            Read::Got(()) => {
                self.record_end(prospect, invitation, (End::Withdrawn, now)).await?;
                Ok(Looked::Done)
            }
            Read::NotBefore(at) => Ok(Looked::NotBefore(at)),
            // Perhaps accepted a moment ago, perhaps done all the same: the next look asks where it stands.
            Read::Failed(_) => self.forget_reading(prospect).await.map(|()| Looked::Done),
        }
    }

    /// What the reading said no longer holds: the next look asks again, whenever it comes.
    async fn forget_reading(&self, mut prospect: Versioned<Prospect>) -> Outcome {
        if let Some((_, since)) = &mut prospect.contact.withdrawing {
            *since -= READING_HOLDS;
        }
        // Lost: whoever wrote the person meanwhile has the newer word; the reading is old in ten minutes anyway.
        let _forgotten = self.store.save(&mut prospect).await.map_err(Failure::soon)?;
        Ok(())
    }

    /// The invitation is over without an answer, and with it the sequence.
    async fn record_end(&self, mut prospect: Versioned<Prospect>, invitation: &Invitation, ended: (End, Timestamp)) -> Outcome {
        let (end, now) = ended;
        for _ in 0..crate::ROUNDS_MAX {
            let ws = prospect.workspace.clone();
            let Some(account) = prospect.enrolment.as_ref().map(|e| e.account.clone()) else { return Ok(()) };
            if prospect.enrolment.as_ref().is_some_and(|e| e.accepted_at.is_some()) {
                // They were faster.
                return Ok(());
            }
            // Before it is recorded: should the process end after it, the due index knows the batch.
            let people = std::slice::from_ref(&prospect.id);
            let jobs = self.store.start_batch(&ws, Stage::Gate, people, "withdrawal", false, now).await.map_err(Failure::soon)?;
            prospect.contact.withdrawing = None;
            if end == End::Withdrawn {
                prospect.contact.withdrawn_at = Some(now);
            }
            if let Some(enrolment) = &mut prospect.item.enrolment
                && matches!(enrolment.status, EnrolmentStatus::Active | EnrolmentStatus::Paused)
            {
                enrolment.status = EnrolmentStatus::Stopped;
                prospect.item.contact.unanswered = Some((enrolment.id.clone(), now));
            }
            let Some(mut sender) = self.store.account(&ws, &account).await.map_err(Failure::soon)? else { return Ok(()) };
            if self.end_invitation(&prospect, &mut sender, invitation.at, ended).await? {
                return self.queues.send_jobs(jobs).await;
            }
            let Some(again) = self.store.survivor(&ws, &prospect.id).await.map_err(Failure::soon)? else { return Ok(()) };
            prospect = again;
        }
        Err(Failure::soon("a person kept changing while the end of their invitation was recorded"))
    }
}

fn read_status(status: &Answered) -> Option<InvitationStatus> {
    let word = match &status.state {
        InvitationState::Accepted => "ACCEPTED",
        InvitationState::Pending => "PENDING",
        InvitationState::None => "NO_INVITATION",
        InvitationState::Unknown(_) => "",
    };
    InvitationStatus::read(word, status.kind.as_deref(), status.distance)
}
