//! Route: what an invitation's status means for the message that is about to go out.

use crate::vocabulary::Route;
use serde::{Deserialize, Serialize};

/// What the provider says of the invitation between the account and the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// They are connected.
    Accepted,
    /// Ours is waiting for their answer.
    Pending,
    /// Theirs is waiting for ours.
    Received,
    NoInvitation,
}

impl InvitationStatus {
    /// Reads the provider's words (`invitation_state`, `invitation_type`, `member_distance`); `None` when they are
    /// others: then nothing is sent.
    pub fn read(state: &str, kind: Option<&str>, distance: Option<u8>) -> Option<Self> {
        let received = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("received"));
        match state.trim().to_ascii_uppercase().as_str() {
            "ACCEPTED" => Some(Self::Accepted),
            "PENDING" if received => Some(Self::Received),
            "PENDING" => Some(Self::Pending),
            "NO_INVITATION" if distance == Some(1) => Some(Self::Accepted),
            "NO_INVITATION" => Some(Self::NoInvitation),
            _ => None,
        }
    }
}

/// What to do with the message that is about to go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// Send the invitation.
    Invite,
    /// Send the message.
    Write,
    /// An invitation is out: nothing is sent, the message step waits for its acceptance.
    Wait,
    /// The step is another one now: it is drafted, gated and reviewed anew for this route.
    ChangeTo(Route),
    /// They invited us: a person answers it on LinkedIn, which connects both.
    AskPerson,
}

/// What the status means for a LinkedIn message approved for `route`; `None` for routes that are not LinkedIn's.
///
/// Source: docs/rules.md, “Route”.
pub fn next(route: Route, status: InvitationStatus, open_profile: bool) -> Option<Next> {
    use InvitationStatus as S;
    let next = match (route, status) {
        (Route::Message, S::Accepted) => Next::Write,
        (Route::Message, _) if open_profile => Next::Write,
        (Route::Message | Route::Invitation, S::Pending) => Next::Wait,
        (Route::Message | Route::Invitation, S::Received) => Next::AskPerson,
        (Route::Message, S::NoInvitation) => Next::ChangeTo(Route::Invitation),
        (Route::Invitation, S::NoInvitation) => Next::Invite,
        (Route::Invitation, S::Accepted) => Next::ChangeTo(Route::Message),
        (Route::Email | Route::Sms, _) => return None,
    };
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_providers_words_are_read() {
        let check =
            |state, kind, distance, expected| assert_eq!(InvitationStatus::read(state, kind, distance), expected, "{state}");
        check("ACCEPTED", Some("CONNECTED"), Some(1), Some(InvitationStatus::Accepted));
        check("PENDING", Some("SENT"), Some(2), Some(InvitationStatus::Pending));
        check("PENDING", Some("RECEIVED"), Some(2), Some(InvitationStatus::Received));
        check("NO_INVITATION", None, None, Some(InvitationStatus::NoInvitation));
        check("NO_INVITATION", None, Some(1), Some(InvitationStatus::Accepted));
        check("WITHDRAWN?", None, None, None);
    }

    #[test]
    fn the_status_decides_the_way() {
        use InvitationStatus as S;
        let check = |route, status, open, expected| assert_eq!(next(route, status, open), expected, "{route} {status:?}");
        check(Route::Invitation, S::NoInvitation, false, Some(Next::Invite));
        check(Route::Invitation, S::Pending, false, Some(Next::Wait));
        check(Route::Invitation, S::Accepted, false, Some(Next::ChangeTo(Route::Message)));
        check(Route::Invitation, S::Received, false, Some(Next::AskPerson));
        check(Route::Message, S::Accepted, false, Some(Next::Write));
        check(Route::Message, S::Pending, false, Some(Next::Wait));
        check(Route::Message, S::NoInvitation, false, Some(Next::ChangeTo(Route::Invitation)));
        check(Route::Message, S::NoInvitation, true, Some(Next::Write));
        check(Route::Email, S::Accepted, false, None);
    }
}
