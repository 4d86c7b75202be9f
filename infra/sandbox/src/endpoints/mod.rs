//! The endpoints of LinkupAPI V1, one file per area, and the table of them.

mod actions;
mod companies;
mod messages;
mod network;
mod posts;
mod profiles;
mod rows;
mod search;
mod session;
mod webhook_accounts;
mod webhooks_v2;

pub(crate) use messages::sender as sender_name;
pub(crate) use posts::created_world_post;

use crate::options::AccountOptions;
use crate::scene::Scene;
use crate::wire::{Body, Outcome};

/// What answers a path.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// API key only.
    Data(fn(&mut Scene<'_>, Body<'_>) -> Outcome),
    /// Also needs the account's `login_token`.
    Session(fn(&mut Scene<'_>, &AccountOptions, Body<'_>) -> Outcome),
}

/// One row of the table.
pub(crate) struct Endpoint {
    pub path: &'static str,
    pub handler: Handler,
    /// Speaks to a person: an invitation, a message, a comment.
    pub reaches_person: bool,
}

const fn data(path: &'static str, run: fn(&mut Scene<'_>, Body<'_>) -> Outcome) -> Endpoint {
    Endpoint { path, handler: Handler::Data(run), reaches_person: false }
}

const fn session(path: &'static str, run: fn(&mut Scene<'_>, &AccountOptions, Body<'_>) -> Outcome) -> Endpoint {
    Endpoint { path, handler: Handler::Session(run), reaches_person: false }
}

const fn reaching(endpoint: Endpoint) -> Endpoint {
    Endpoint { reaches_person: true, ..endpoint }
}

/// All POST endpoints except the webhook accounts, which have paths of their own.
static ENDPOINTS: &[Endpoint] = &[
    data("/v1/auth/login", session::login),
    data("/v1/auth/verify", session::verify),
    session("/v1/posts/reactions", posts::reactions),
    session("/v1/posts/extract-comments", posts::comments),
    session("/v1/posts/search", posts::search),
    session("/v1/posts/feed", posts::feed),
    session("/v1/posts/create", actions::create_post),
    session("/v1/posts/create-company", actions::create_company_post),
    reaching(session("/v1/posts/comment", actions::comment)),
    reaching(session("/v1/posts/answer-comment", actions::answer_comment)),
    session("/v1/posts/react", actions::react),
    data("/v1/data/signals/profile/posts", posts::profile_posts),
    data("/v1/data/signals/company/posts", posts::company_posts),
    data("/v1/data/signals/posts/reactions", posts::data_reactions),
    data("/v1/data/signals/posts/comments", posts::data_comments),
    data("/v1/data/signals/profile/reactions", posts::reactions_by),
    data("/v1/data/signals/profile/comments", posts::comments_by),
    session("/v1/profile/info", profiles::info),
    data("/v1/data/profil/info", profiles::data_info),
    data("/v1/data/profil/enrich", profiles::enrich),
    session("/v1/companies/info", companies::session_info),
    data("/v1/data/company/info", companies::info),
    data("/v1/data/company/info-by-domain", companies::info_by_domain),
    data("/v1/data/search/profiles", search::people),
    data("/v1/data/search/companies", search::companies),
    session("/v1/profile/search", search::session_people),
    session("/v1/network/invitation-status", network::status),
    reaching(session("/v1/network/connect", network::connect)),
    session("/v1/network/connections", network::connections),
    session("/v1/network/sent-invitations", network::sent),
    session("/v1/network/withdraw-invitation", network::withdraw),
    session("/v1/network/invitations", network::received),
    session("/v1/network/accept-invitation", network::accept),
    session("/v1/network/accept-invitations", network::accept),
    reaching(session("/v1/messages/send-message", messages::send)),
    session("/v1/messages/inbox", messages::inbox),
    session("/v1/messages/conversation", messages::conversation),
];

/// The endpoint of a path.
pub(crate) fn find(path: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().find(|endpoint| endpoint.path == path)
}

/// Where the webhook accounts live.
pub(crate) const WEBHOOK_ACCOUNTS: &str = "/v1/webhooks/accounts";

/// Where V2's webhooks live.
pub(crate) const WEBHOOKS_V2: &str = "/v2/webhooks";

pub(crate) use webhook_accounts::answer as webhook_accounts;
pub(crate) use webhooks_v2::answer as webhooks_v2;
