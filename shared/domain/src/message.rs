//! Message: the states of an outgoing touch and the only ways between them.

use crate::vocabulary::MessageStatus as S;
use serde::{Deserialize, Serialize};

/// What happens to a message. Source: docs/rules.md, “Message states”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The draft is ready to be reviewed.
    Submit,
    /// Another draft is asked for.
    Redraft,
    /// A person approves, edited or not.
    Approve,
    /// The approval is taken back, or the text was edited after it.
    Unapprove,
    /// Picked for the next instant; its send job is queued.
    Schedule,
    /// The instant passed without the message.
    Unschedule,
    /// The one transaction that lets a call be made.
    Claim,
    /// The call surely did nothing, or was not made.
    Release,
    /// The provider says it was done.
    Confirm,
    /// The outcome of the call is unknown.
    Lose,
    /// The provider says it was not done, and why.
    Fail,
    /// A reading, a delivery event or a person shows that it was done.
    SettleSent,
    /// Two readings of an invitation, or a person, show that it was not done.
    SettleNotMade,
    /// In manual mode: the person sent it by hand.
    MarkSent,
    /// A reviewer says no.
    Reject,
    /// The gate, an opt-out, a reply or the end of a campaign says no.
    Cancel,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 16] = [
        Self::Submit,
        Self::Redraft,
        Self::Approve,
        Self::Unapprove,
        Self::Schedule,
        Self::Unschedule,
        Self::Claim,
        Self::Release,
        Self::Confirm,
        Self::Lose,
        Self::Fail,
        Self::SettleSent,
        Self::SettleNotMade,
        Self::MarkSent,
        Self::Reject,
        Self::Cancel,
    ];
}

/// The event is not possible in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message that is {from} does not {event:?}")]
pub struct NotAllowed {
    pub from: S,
    pub event: Event,
}

/// The state after `event`; an error when the event is not possible in `from`.
///
/// `Sending` has one way in (`Claim`), and nothing leads back from `Sent`, `Failed`, `Rejected` and `Cancelled`.
/// Source: docs/rules.md, “Message states”.
pub fn transition(from: S, event: Event) -> Result<S, NotAllowed> {
    use Event as E;
    let to = match (event, from) {
        (E::Submit, S::Draft) => S::PendingReview,
        (E::Redraft, S::PendingReview) => S::Draft,
        (E::Approve, S::PendingReview) => S::Approved,
        (E::Unapprove, S::Approved | S::Scheduled) => S::PendingReview,
        (E::Schedule, S::Approved) => S::Scheduled,
        (E::Unschedule, S::Scheduled) => S::Approved,
        (E::Claim, S::Approved | S::Scheduled) => S::Sending,
        (E::Release, S::Sending) => S::Approved,
        (E::Confirm, S::Sending) => S::Sent,
        (E::Lose, S::Sending) => S::Uncertain,
        (E::Fail, S::Sending | S::Uncertain) => S::Failed,
        (E::SettleSent, S::Uncertain) => S::Sent,
        (E::SettleNotMade, S::Uncertain) => S::Approved,
        (E::MarkSent, S::Approved | S::Scheduled) => S::Sent,
        (E::Reject, S::Draft | S::PendingReview | S::Approved | S::Scheduled) => S::Rejected,
        (E::Cancel, S::Draft | S::PendingReview | S::Approved | S::Scheduled) => S::Cancelled,
        _ => return Err(NotAllowed { from, event }),
    };
    Ok(to)
}

/// Whether nothing happens to the message any more.
pub const fn is_final(status: S) -> bool {
    matches!(status, S::Sent | S::Failed | S::Rejected | S::Cancelled)
}

/// Whether a reply, an opt-out or a merge must still stop it: it may yet go out.
pub const fn may_yet_go(status: S) -> bool {
    matches!(status, S::Draft | S::PendingReview | S::Approved | S::Scheduled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line per state: the events possible in it and where they lead.
    fn table() -> String {
        let mut table = String::new();
        for from in S::ALL {
            table.push_str(&format!("{from}\n"));
            for event in Event::ALL {
                if let Ok(to) = transition(*from, event) {
                    table.push_str(&format!("  {event:?} -> {to}\n"));
                }
            }
        }
        table
    }

    #[test]
    fn the_table_of_states_is_golden() {
        assert_eq!(table(), include_str!("../golden/message_states.txt"));
    }

    #[test]
    fn sending_has_one_way_in_and_the_end_is_the_end() {
        for from in S::ALL {
            for event in Event::ALL {
                let to = transition(*from, event);
                assert!(to != Ok(S::Sending) || event == Event::Claim);
                assert!(to.is_err() || !is_final(*from));
            }
        }
        assert_eq!(transition(S::PendingReview, Event::Claim), Err(NotAllowed { from: S::PendingReview, event: Event::Claim }));
        assert_eq!(transition(S::Sending, Event::Cancel).ok(), None);
    }

    #[test]
    fn an_uncertain_message_never_claims_itself() {
        assert!(transition(S::Uncertain, Event::Claim).is_err());
        assert!(!may_yet_go(S::Uncertain) && !may_yet_go(S::Sending));
    }
}
