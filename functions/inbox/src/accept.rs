//! An accepted invitation: recorded once, and the next step goes through the gate.

use crate::{Inbox, ROUNDS_MAX};
use domain::ids::{AccountId, ProspectId, WorkspaceId};
use domain::invitation::{End, may_yet_be_accepted};
use domain::vocabulary::EnrolmentStatus;
use jiff::Timestamp;
use kit::{Event, Failure};
use store::account::Account;
use store::batch::Stage;
use store::prospect::Prospect;
use store::{Transacted, Versioned};

/// Whether an invitation of this account to the person waits for its acceptance.
pub fn waits(prospect: &Prospect, account: &AccountId) -> bool {
    let enrolment = prospect.enrolment.as_ref();
    enrolment.is_some_and(|e| e.account == *account && e.invited_at.is_some() && e.accepted_at.is_none())
}

impl Inbox {
    /// Records that a person accepted; false when nothing waited for it. The revision stays: nothing they said.
    pub(crate) async fn accept(
        &self,
        ws: &WorkspaceId,
        account: &AccountId,
        id: &ProspectId,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        for _ in 0..ROUNDS_MAX {
            let Some(mut prospect) = self.store.survivor(ws, id).await.map_err(Failure::soon)? else { return Ok(false) };
            if !waits(&prospect, account) {
                return Ok(false);
            }
            // Before the acceptance is recorded: should the process end after it, the due index knows the batch.
            let people = std::slice::from_ref(&prospect.id);
            let jobs = self.store.start_batch(ws, Stage::Gate, people, "acceptance", false, now).await.map_err(Failure::soon)?;
            let mut invited_at = now;
            if let Some(enrolment) = &mut prospect.item.enrolment {
                invited_at = enrolment.invited_at.unwrap_or(now);
                enrolment.accepted_at = Some(now);
                let silent = prospect.item.contact.last_reply_at.is_none();
                let unanswered = prospect.item.contact.unanswered.take();
                let by_its_end = unanswered.is_some_and(|(id, at)| id == enrolment.id && may_yet_be_accepted(at, now));
                if by_its_end && silent && enrolment.status == EnrolmentStatus::Stopped {
                    // They were faster than the withdrawal, or the reading was wrong.
                    enrolment.status = EnrolmentStatus::Active;
                }
            }
            prospect.contact.withdrawn_at = None;
            prospect.contact.withdrawing = None;
            prospect.contact.connected = true;
            let Some(mut sender) = self.store.account(ws, account).await.map_err(Failure::soon)? else { return Ok(false) };
            // Together, so that the invitation stops counting as pending exactly once.
            let ended = (End::Accepted, now);
            if !self.end_invitation(&prospect, &mut sender, invited_at, ended).await? {
                continue;
            }
            let detail = serde_json::json!({ "workspace": ws, "prospect": prospect.id, "account": account });
            self.bus.put(vec![Event { name: "InvitationAccepted", detail }]).await?;
            self.queues.send_jobs(jobs).await?;
            return Ok(true);
        }
        Err(Failure::soon("a person kept changing while their acceptance was recorded"))
    }

    /// Writes the person, the end of their invitation and the account's count together; false when one of them has
    /// changed meanwhile.
    pub(crate) async fn end_invitation(
        &self,
        prospect: &Versioned<Prospect>,
        sender: &mut Versioned<Account>,
        invited_at: Timestamp,
        ended: (End, Timestamp),
    ) -> Result<bool, Failure> {
        let day = self.store.op_end_invitation(sender, prospect, invited_at, ended).await.map_err(Failure::soon)?;
        if day.is_some() && sender.counted.at.is_some_and(|until| invited_at <= until) {
            sender.pending_invitations = sender.pending_invitations.saturating_sub(1);
        }
        let day = match day {
            None if ended.0 == End::Accepted => {
                self.store.op_accept_late(sender, prospect, invited_at, ended.1).await.map_err(Failure::soon)?
            }
            day => day,
        };
        let table = &self.store.table;
        let both = [table.op_save(prospect), table.op_save(sender)].into_iter().collect::<Result<Vec<_>, _>>();
        let ops = both.map_err(Failure::soon)?.into_iter().chain(day).collect();
        Ok(table.transact(ops).await.map_err(Failure::soon)? == Transacted::Won)
    }
}
