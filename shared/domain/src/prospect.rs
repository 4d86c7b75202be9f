//! Prospect: where a person stands, derived from what is known of them, never stored.

use crate::vocabulary::{MeetingStatus, MessageStatus, ProspectState};

/// What the state is derived from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// On the black list, opted out or erased.
    pub suppressed: bool,
    /// A human recorded an outcome and closed the person.
    pub closed: bool,
    pub meetings: Vec<MeetingStatus>,
    /// They wrote, out-of-office notices and auto-replies excepted.
    pub replied: bool,
    /// First degree of one of our accounts.
    pub connected: bool,
    pub messages: Vec<MessageStatus>,
    pub analysed: bool,
}

/// The first that holds of suppressed, closed, meeting, replied, connected, contacted, in_review, analysed, new.
///
/// Source: docs/rules.md, “State of a person”.
pub fn state(standing: &Standing) -> ProspectState {
    use MessageStatus as M;
    use ProspectState as P;
    let any = |wanted: &[M]| standing.messages.iter().any(|status| wanted.contains(status));
    let met = |status: &MeetingStatus| matches!(status, MeetingStatus::Booked | MeetingStatus::Held | MeetingStatus::NoShow);
    let in_order = [
        (standing.suppressed, P::Suppressed),
        (standing.closed, P::Closed),
        (standing.meetings.iter().any(met), P::Meeting),
        (standing.replied, P::Replied),
        (standing.connected, P::Connected),
        // an uncertain or running send may have reached them
        (any(&[M::Sent, M::Uncertain, M::Sending]), P::Contacted),
        (any(&[M::PendingReview, M::Approved, M::Scheduled]), P::InReview),
        (standing.analysed, P::Analysed),
    ];
    in_order.into_iter().find(|(holds, _)| *holds).map_or(P::New, |(_, state)| state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(change: impl FnOnce(&mut Standing), expected: ProspectState) {
        let mut standing = Standing::default();
        change(&mut standing);
        assert_eq!(state(&standing), expected);
    }

    #[test]
    fn the_first_that_holds_is_the_state() {
        use MessageStatus as M;
        check(|_| {}, ProspectState::New);
        check(|s| s.analysed = true, ProspectState::Analysed);
        check(|s| s.messages = vec![M::Draft], ProspectState::New);
        check(|s| s.messages = vec![M::Rejected, M::PendingReview], ProspectState::InReview);
        check(|s| s.messages = vec![M::Sent, M::PendingReview], ProspectState::Contacted);
        check(|s| s.messages = vec![M::Uncertain], ProspectState::Contacted);
        check(|s| s.messages = vec![M::Failed, M::Cancelled], ProspectState::New);
        check(|s| (s.connected, s.analysed) = (true, true), ProspectState::Connected);
        check(|s| (s.replied, s.connected) = (true, true), ProspectState::Replied);
        check(|s| s.meetings = vec![MeetingStatus::Proposed], ProspectState::New);
        check(|s| (s.meetings, s.replied) = (vec![MeetingStatus::Booked], true), ProspectState::Meeting);
        check(|s| s.meetings = vec![MeetingStatus::Cancelled], ProspectState::New);
        check(|s| (s.closed, s.replied) = (true, true), ProspectState::Closed);
        check(|s| (s.suppressed, s.closed) = (true, true), ProspectState::Suppressed);
    }
}
