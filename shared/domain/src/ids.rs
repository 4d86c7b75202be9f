//! Prefixed ids: one newtype per thing, so that a post id is never taken for a prospect's.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The namespace of every derived id of the product (UUIDv5).
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1e_5c0a_27b4_4d0e_9a35_a1c0_7e2d_11f4);

/// The 32 hex digits of the UUIDv5 of `parts`, joined by an unambiguous separator.
///
/// A retry must land on the same item: whatever an id is about goes into `parts`.
pub fn derive_hex(parts: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, parts.join("\u{1f}").as_bytes()).simple().to_string()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The prefix before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id of the thing described by `parts`: the same parts give the same id.
            pub fn derive(parts: &[&str]) -> Self {
                Self(format!("{}_{}", $prefix, derive_hex(parts)))
            }

            /// An id from a UUID made by whoever starts the action.
            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(format!("{}_{}", $prefix, uuid.simple()))
            }

            /// Reads an id; `None` when the prefix or the alphabet is another.
            pub fn parse(text: &str) -> Option<Self> {
                let rest = text.strip_prefix(concat!($prefix, "_"))?;
                let clean = !rest.is_empty()
                    && rest.len() <= 80
                    && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                clean.then(|| Self(text.to_owned()))
            }

            /// The whole id, prefix included.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// What follows the prefix.
            pub fn tail(&self) -> &str {
                &self.0[$prefix.len() + 1..]
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/// One company (client); owns everything below.
    WorkspaceId, "ws");
id!(/// A sender identity at a provider.
    AccountId, "acc");
id!(/// A LinkedIn publication.
    PostId, "post");
id!(/// One extraction (collecte).
    RunId, "run");
id!(/// A person, once per workspace.
    ProspectId, "pro");
id!(/// One act of one person on one post.
    EngagementId, "eng");
id!(/// One verdict of the gate.
    DecisionId, "dec");
id!(/// One outgoing touch. Its tail is the prospect's tail, an underscore and the step's hash.
    MessageId, "msg");
id!(/// One prospect in one campaign or in the built-in sequence.
    EnrolmentId, "enr");
id!(/// A group of people on their way through score, gate and draft.
    BatchId, "bat");
id!(/// One event that came in from outside.
    InboundId, "inb");
id!(/// Long work asked for over HTTP.
    JobId, "job");
id!(/// A person who signs in.
    MemberId, "mem");
id!(/// An API key.
    KeyId, "key");
id!(/// An entry of the black list.
    SuppressionId, "sup");
id!(/// An entry of the list of those who are not leads.
    ExclusionId, "exc");
id!(/// A meeting, proposed or booked. Its tail is the prospect's tail, an underscore and a hash.
    MeetingId, "mee");
id!(/// News about a person or a company.
    SignalId, "sig");
id!(/// A line of the audit log.
    AuditId, "aud");

impl MessageId {
    /// The message of one step of one enrolment to `prospect`: at most one exists.
    pub fn of_step(prospect: &ProspectId, enrolment: &EnrolmentId, step: &str) -> Self {
        let hash = derive_hex(&[prospect.as_str(), enrolment.as_str(), step]);
        Self(format!("msg_{}_{}", prospect.tail(), &hash[..16]))
    }

    /// The prospect written to; `None` when the id is not of a message's form.
    pub fn prospect(&self) -> Option<ProspectId> {
        let (prospect, _) = self.tail().split_once('_')?;
        ProspectId::parse(&format!("pro_{prospect}"))
    }
}

impl MeetingId {
    /// The meeting with `prospect` that `about` led to: a reply of theirs, or what a person entered.
    pub fn with(prospect: &ProspectId, about: &str) -> Self {
        let hash = derive_hex(&[prospect.as_str(), about]);
        Self(format!("mee_{}_{}", prospect.tail(), &hash[..16]))
    }

    /// The prospect it is with; `None` when the id is not of a meeting's form.
    pub fn prospect(&self) -> Option<ProspectId> {
        let (prospect, _) = self.tail().split_once('_')?;
        ProspectId::parse(&format!("pro_{prospect}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_give_the_same_id() {
        assert_eq!(ProspectId::derive(&["a", "b"]), ProspectId::derive(&["a", "b"]));
        assert_ne!(ProspectId::derive(&["a", "b"]), ProspectId::derive(&["ab"]));
    }

    #[test]
    fn a_message_knows_its_prospect() {
        let prospect = ProspectId::derive(&["x"]);
        let message = MessageId::of_step(&prospect, &EnrolmentId::derive(&["e"]), "1");
        assert_eq!(message.prospect(), Some(prospect));
    }

    #[test]
    fn a_meeting_knows_its_prospect() {
        let prospect = ProspectId::derive(&["x"]);
        assert_eq!(MeetingId::with(&prospect, "reply 1").prospect(), Some(prospect.clone()));
        assert_ne!(MeetingId::with(&prospect, "reply 1"), MeetingId::with(&prospect, "reply 2"));
    }

    #[test]
    fn another_prefix_is_refused() {
        assert_eq!(PostId::parse("pro_1"), None);
        assert_eq!(PostId::parse("post_"), None);
        assert_eq!(PostId::parse("post_a#b"), None);
    }
}
