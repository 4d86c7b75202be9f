//! The words of the product as enums, pinned by a golden file. Wire names are snake case, `LinkedIn` is one word.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $wire:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $wire)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the wire and in the store.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire),+ }
            }

            /// The value of a wire name; `None` when there is none such.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($wire => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words!(/// What a member may do.
    Role { Owner = "owner", Manager = "manager", Reviewer = "reviewer", Viewer = "viewer" });

words!(/// The provider behind an account.
    Provider { Sandbox = "sandbox", LinkupV1 = "linkup-v1", LinkupV2 = "linkup-v2", Unipile = "unipile", Manual = "manual" });

words!(/// The LinkedIn subscription of an account.
    Tier { Free = "free", Premium = "premium", SalesNavigator = "sales_navigator", Recruiter = "recruiter" });

words!(/// Whether an account works.
    AccountStatus { Active = "active", Paused = "paused" });

words!(/// Where a publication stands.
PostStatus {
    Draft = "draft", PendingApproval = "pending_approval", Scheduled = "scheduled", Publishing = "publishing",
    Published = "published", Failed = "failed", Rejected = "rejected",
});

words!(/// Who a publication speaks for.
    PostAuthor { Profile = "profile", Company = "company" });

words!(/// Where a planned pull stands.
    PullStatus { Planned = "planned", Running = "running", Done = "done", Failed = "failed" });

words!(/// The six reactions of LinkedIn.
ReactionKind {
    Like = "LIKE", Praise = "PRAISE", Appreciation = "APPRECIATION", Empathy = "EMPATHY",
    Interest = "INTEREST", Entertainment = "ENTERTAINMENT",
});

words!(/// Reaction or comment.
    EngagementKind { Reaction = "reaction", Comment = "comment" });

words!(/// How a person was found.
    LeadSource { Hot = "hot", Spy = "spy", Magnet = "magnet", Cold = "cold", Local = "local", Import = "import" });

words!(/// Where a collection stands.
    RunStatus { Queued = "queued", Running = "running", Paused = "paused", Done = "done", Failed = "failed", Cancelled = "cancelled" });

words!(/// Why a collected row is not a lead.
DropCode {
    CompanyPage = "company_page", DeactivatedMember = "deactivated_member", NoProfileUrl = "no_profile_url",
    Author = "author", OwnTeam = "own_team", IsCustomer = "is_customer", Competitor = "competitor", Filtered = "filtered",
});

words!(/// What the gate said.
    Verdict { Allow = "allow", Hold = "hold", Refuse = "refuse" });

words!(/// The way an allowed person is reached first.
    Route { Invitation = "invitation", Message = "message", Email = "email", Sms = "sms" });

words!(/// The channel of a touch.
Channel {
    LinkedInInvitation = "linkedin_invitation", LinkedInMessage = "linkedin_message", LinkedInVisit = "linkedin_visit",
    Email = "email", Sms = "sms",
});

words!(/// Where an outgoing touch stands.
MessageStatus {
    Draft = "draft", PendingReview = "pending_review", Approved = "approved", Scheduled = "scheduled", Sending = "sending",
    Sent = "sent", Uncertain = "uncertain", Failed = "failed", Rejected = "rejected", Cancelled = "cancelled",
});

words!(/// How a draft was written.
    DraftLevel { Ai = "ai", Template = "template", Default = "default" });

words!(/// The call to action a step asks for.
    CallToAction { None = "none", Soft = "soft", Ask = "ask" });

words!(/// What an analysis was made from.
    Basis { LinkedIn = "linkedin", Import = "import", Registry = "registry", Website = "website" });

words!(/// Where one prospect's way through a campaign stands.
    EnrolmentStatus { Active = "active", Paused = "paused", Completed = "completed", Stopped = "stopped" });

words!(/// Where a person stands; derived, never stored.
ProspectState {
    Suppressed = "suppressed", Closed = "closed", Meeting = "meeting", Replied = "replied", Connected = "connected",
    Contacted = "contacted", InReview = "in_review", Analysed = "analysed", New = "new",
});

words!(/// Why somebody is never contacted.
SuppressionKind {
    Prospect = "prospect", ProfileUrl = "profile_url", Email = "email", Phone = "phone", Domain = "domain", Company = "company",
});

words!(/// Why somebody is no lead, on the workspace's own list.
    ExclusionKind { OwnTeam = "own_team", Customer = "customer", Competitor = "competitor" });

words!(/// The outcome that counts.
    MeetingStatus { Proposed = "proposed", Booked = "booked", Held = "held", NoShow = "no_show", Cancelled = "cancelled" });

words!(/// A closed list of reasons, in the order in which the gate weighs them.
ReasonCode {
    Suppressed = "suppressed", OptedOut = "opted_out", Erased = "erased",
    ObjectsToCommercialUse = "objects_to_commercial_use",
    OwnTeam = "own_team", IsCustomer = "is_customer", Competitor = "competitor",
    ExcludedTitle = "excluded_title", ExcludedCompany = "excluded_company",
    NoIcp = "no_icp", NoThreshold = "no_threshold",
    CannotReachThreshold = "cannot_reach_threshold",
    NotAnalysed = "not_analysed", StaleAnalysis = "stale_analysis",
    NoLawfulBasis = "no_lawful_basis", NoAddress = "no_address", ChannelUnsupported = "channel_unsupported",
    ConversationOpen = "conversation_open", Replied = "replied", Meeting = "meeting",
    RejectedByReviewer = "rejected_by_reviewer",
    RecentlyContacted = "recently_contacted", CompanyRecentlyContacted = "company_recently_contacted",
    InOtherCampaign = "in_other_campaign",
    BelowMinFit = "below_min_fit", BelowThreshold = "below_threshold",
    AccountPaused = "account_paused", BudgetSpent = "budget_spent",
});

words!(/// The closed list of criteria a score is the sum of.
FeatureName {
    Title = "title", Seniority = "seniority", Industry = "industry", CompanySize = "company_size", Country = "country",
    Reacted = "reacted", Commented = "commented", Recent = "recent", Signal = "signal", Proximity = "proximity",
    Accepted = "accepted", NegativeComment = "negative_comment", LevelMismatch = "level_mismatch", Manual = "manual",
    SemanticFit = "semantic_fit",
});

words!(/// What a signal tells. Only hiring, funding and a click count in the score.
    SignalKind { Hiring = "hiring", Funding = "funding", NewJob = "new_job", Click = "click", Other = "other" });

#[cfg(test)]
mod tests {
    use super::*;

    /// One line per enum: its name and its wire names in order; each name is read back and serialised as itself.
    macro_rules! pinned {
        ($($name:ident),+ $(,)?) => {
            [$(pin(stringify!($name), $name::ALL, |value| value.as_str(), $name::parse)),+].concat()
        };
    }

    fn pin<T>(name: &str, all: &[T], wire: fn(T) -> &'static str, parse: fn(&str) -> Option<T>) -> String
    where
        T: Copy + PartialEq + std::fmt::Debug + Serialize,
    {
        let mut line = format!("{name}:");
        for value in all {
            let text = wire(*value);
            assert_eq!(parse(text), Some(*value));
            assert_eq!(serde_json::to_string(value).ok(), Some(format!("\"{text}\"")));
            line.push_str(&format!(" {text}"));
        }
        line + "\n"
    }

    #[test]
    fn every_word_is_pinned() {
        use crate::titles::{Function, Seniority};
        let table: String = pinned![
            Role,
            Provider,
            Tier,
            AccountStatus,
            PostStatus,
            PostAuthor,
            PullStatus,
            ReactionKind,
            EngagementKind,
            LeadSource,
            RunStatus,
            DropCode,
            Verdict,
            Route,
            Channel,
            MessageStatus,
            DraftLevel,
            CallToAction,
            Basis,
            EnrolmentStatus,
            ProspectState,
            SuppressionKind,
            ExclusionKind,
            MeetingStatus,
            ReasonCode,
            FeatureName,
            SignalKind,
        ];
        let titles = pin("Seniority", &Seniority::ALL, Seniority::as_str, Seniority::parse)
            + &pin("Function", &Function::ALL, Function::as_str, Function::parse);
        assert_eq!(table + &titles, include_str!("../golden/vocabulary.txt"));
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert_eq!(PostStatus::parse("Draft"), None);
        assert_eq!(serde_json::from_str::<Verdict>("\"maybe\"").ok(), None);
    }
}
