//! Every route of the API with the role it takes, the parameters and fields it reads, and its handler.

use crate::import::PERSON_FIELDS;
use crate::routes::{Accepts, Route, Verb};
use crate::{
    accounts, api_keys, conversations, decisions, dry_run, erase, exclusions, import, login, meetings, members, messages,
    operations, people, person, posts, reports, review, runs, signals, suppressions, why, workspaces, writing,
};
use domain::vocabulary::Role::{self, Manager, Reviewer, Viewer};

const PAGE: &[&str] = &["cursor", "limit"];
const WORKSPACE: &[&str] = &[
    "name",
    "locale",
    "timezone",
    "threshold",
    "thresholds",
    "min_fit",
    "icp",
    "offer",
    "weights",
    "pull_after",
    "recontact_after",
    "profile_fresh_for",
    "budget",
    "test_recipients",
    "company_recontact_size",
    "company_recontact_max",
    "company_recontact_max_large",
    "semantic_blend",
    "invite_without_note",
];
const ACCOUNT: &[&str] = &["label", "provider", "profile_url", "tier", "timezone", "country", "credentials", "limits"];
const LOGIN: &[&str] = &["label", "email", "password", "provider", "profile_url", "tier", "timezone", "country", "limits"];
const POST: &[&str] = &[
    "account_id",
    "kind",
    "company_url",
    "text",
    "media",
    "scheduled_at",
    "variant_of",
    "brief_id",
    "post_url",
    "published_at",
    "status",
];
const POST_CHANGE: &[&str] = &["account_id", "kind", "company_url", "text", "media", "scheduled_at", "variant_of", "brief_id"];
const RUN: &[&str] = &["source", "account_id", "post_url", "filters", "query", "limit", "repeat"];
const PEOPLE_QUERY: &[&str] = &["cursor", "limit", "min_score", "max_score", "source", "decision", "q", "sort"];
const REVIEW_QUERY: &[&str] = &["cursor", "limit", "kind", "source", "channel", "account_id", "min_quality"];

macro_rules! routes {
    ($($verb:ident $path:literal $role:ident $summary:literal [$query:expr] [$fields:expr] $($accepts:ident)? => $handler:path;)+) => {
        /// Every route of the API.
        pub const ROUTES: &[Route] = &[$(Route {
            method: Verb::$verb,
            path: $path,
            role: $role,
            summary: $summary,
            query: $query,
            fields: $fields,
            accepts: routes!(@accepts $($accepts)?),
            handler: |call| Box::pin($handler(call)),
        }),+];
    };
    (@accepts) => { Accepts::Json };
    (@accepts table) => { Accepts::JsonOrTable };
}

const OWNER: Role = Role::Owner;

routes! {
    Get "/workspace" Viewer "Settings of the workspace" [&[]] [&[]] => workspaces::read;
    Patch "/workspace" Manager "Changes the settings named" [&[]] [WORKSPACE] => workspaces::change;
    Get "/workspaces" Viewer "Workspaces the caller belongs to" [PAGE] [&[]] => workspaces::list;
    Post "/workspaces" OWNER "A new workspace with its owner and first key" [&[]] [&["name", "owner_email"]] => workspaces::create;

    Get "/members" Viewer "Members" [PAGE] [&[]] => members::list;
    Post "/members" OWNER "Adds a member" [&[]] [&["email", "role"]] => members::create;
    Patch "/members/{id}" OWNER "Changes a member’s role" [&[]] [&["role"]] => members::change;
    Delete "/members/{id}" OWNER "Removes a member with their keys" [&[]] [&[]] => members::delete;
    Get "/keys" Manager "API keys, without the keys themselves" [PAGE] [&[]] => api_keys::list;
    Post "/keys" OWNER "A new API key, shown once" [&[]] [&["name", "role", "admin"]] => api_keys::create;
    Delete "/keys/{id}" OWNER "Takes an API key away" [&[]] [&[]] => api_keys::delete;

    Get "/accounts" Viewer "Accounts" [PAGE] [&[]] => accounts::list;
    Post "/accounts" Manager "Connects an account" [&[]] [ACCOUNT] => accounts::create;
    Post "/accounts/login" Manager "Signs an account in by e-mail and password" [&[]] [LOGIN] => login::login;
    Post "/accounts/verify" Manager "Finishes a sign-in with its code" [&[]] [&["login_id", "code"]] => login::verify;
    Get "/accounts/{id}" Viewer "An account" [&[]] [&[]] => accounts::read;
    Patch "/accounts/{id}" Manager "Changes an account" [&[]] [ACCOUNT] => accounts::change;
    Delete "/accounts/{id}" Manager "Removes an account" [&[]] [&[]] => accounts::delete;
    Post "/accounts/{id}/pause" Manager "Pauses an account" [&[]] [&["reason", "resumes_at"]] => accounts::pause;
    Post "/accounts/{id}/resume" Manager "Lifts any pause" [&[]] [&[]] => accounts::resume;
    Post "/accounts/{id}/monitoring" Manager "Starts or stops the provider’s webhook" [&[]] [&["enabled", "rotate"]] => accounts::monitoring;

    Get "/posts" Viewer "Posts by time" [&["cursor", "limit", "from", "to", "status"]] [&[]] => posts::list;
    Post "/posts" Reviewer "A draft, or a post already out" [&[]] [POST] => posts::create;
    Get "/posts/{id}" Viewer "A post" [&[]] [&[]] => posts::read;
    Patch "/posts/{id}" Reviewer "Changes a post" [&[]] [POST_CHANGE] => posts::change;
    Delete "/posts/{id}" Manager "Deletes a post" [&[]] [&[]] => posts::delete;
    Post "/posts/{id}/submit" Reviewer "Asks for approval" [&[]] [&[]] => posts::submit;
    Post "/posts/{id}/approve" Reviewer "Approves a post with a time to come" [&[]] [&[]] => posts::approve;
    Post "/posts/{id}/reject" Reviewer "Rejects a post" [&[]] [&["reason"]] => posts::reject;
    Post "/posts/{id}/schedule" Reviewer "Schedules a post" [&[]] [&["scheduled_at"]] => posts::schedule;
    Post "/posts/{id}/unschedule" Reviewer "Takes a post off the calendar" [&[]] [&[]] => posts::unschedule;

    Get "/runs" Viewer "Collections, newest first" [PAGE] [&[]] => runs::list;
    Post "/runs" Manager "Starts a collection" [&[]] [RUN] => runs::create;
    Post "/runs/estimate" Viewer "What a collection would cost at most" [&[]] [RUN] => runs::estimate;
    Get "/runs/{id}" Viewer "A collection" [&[]] [&[]] => runs::read;
    Get "/runs/{id}/dropped" Viewer "Rows that are no leads" [PAGE] [&[]] => runs::dropped;
    Post "/runs/{id}/pause" Manager "Pauses a collection" [&[]] [&[]] => runs::pause;
    Post "/runs/{id}/resume" Manager "Goes on with a collection" [&[]] [&[]] => runs::resume;
    Post "/runs/{id}/cancel" Manager "Cancels a collection" [&[]] [&[]] => runs::cancel;

    Get "/prospects" Viewer "People by score, or the newest first" [PEOPLE_QUERY] [&[]] => people::list;
    Post "/prospects" Manager "Adds one person" [&[]] [PERSON_FIELDS] => person::create;
    Post "/prospects/import" Manager "Imports people" [&["mapping"]] [&["items"]] table => import::import;
    Post "/prospects/import/preview" Manager "How a table would be read" [&[]] [&["items"]] table => import::preview;
    Post "/prospects/rescore" Manager "Scores everybody again" [&[]] [&[]] => people::rescore_everybody;
    Get "/prospects/{id}" Viewer "A person with engagements and messages" [&[]] [&[]] => person::read;
    Patch "/prospects/{id}" Reviewer "Tags, notes, owner, own rating" [&[]] [&["tags", "notes", "owner", "manual"]] => person::change;
    Post "/prospects/{id}/rescore" Reviewer "Scores a person again" [&["force"]] [&[]] => person::rescore;
    Post "/prospects/{id}/erase" Manager "Erases a person everywhere, for good" [&[]] [&[]] => erase::erase;
    Post "/prospects/{id}/overrule" Manager "Lifts the line for one message" [&[]] [&["reason"]] => person::overrule;
    Post "/prospects/{id}/messages" Reviewer "A message written by hand" [&[]] [&["body", "account_id"]] => writing::by_hand;

    Get "/exclusions" Viewer "Those who are no leads" [PAGE] [&[]] => exclusions::list;
    Post "/exclusions" Manager "Adds an exclusion" [&[]] [&["kind", "value"]] => exclusions::create;
    Delete "/exclusions/{id}" Manager "Removes an exclusion" [&[]] [&[]] => exclusions::delete;
    Post "/signals" Manager "News about a person or a company" [&[]] [&["kind", "prospect_id", "profile_url", "email", "company", "at", "source"]] => signals::create;

    Get "/gate/preview" Viewer "What a threshold would do" [&["threshold", "source"]] [&[]] => decisions::would_pass;
    Get "/gate/refused-yet-replied" Viewer "Refused people who wrote all the same" [PAGE] [&[]] => decisions::refused_yet_replied;
    Get "/decisions" Viewer "Decisions" [&["cursor", "limit", "prospect_id"]] [&[]] => decisions::list;

    Get "/review" Viewer "What waits for approval, by score" [REVIEW_QUERY] [&[]] => review::list;
    Post "/review/approve" Reviewer "Approves several messages" [&[]] [&["ids"]] => review::approve;
    Get "/messages/{id}" Viewer "A message" [&[]] [&[]] => messages::read;
    Post "/messages/{id}/approve" Reviewer "Approves a message, edited or not" [&[]] [&["body", "without_note"]] => messages::approve;
    Post "/messages/{id}/reject" Reviewer "Rejects a message" [&[]] [&["reason"]] => messages::reject;
    Post "/messages/{id}/snooze" Reviewer "Hides a message until a time" [&[]] [&["until"]] => messages::snooze;
    Post "/messages/{id}/redraft" Reviewer "Asks for another draft" [&[]] [&["hint"]] => messages::redraft;
    Post "/messages/{id}/undo" Reviewer "Takes an approval back" [&[]] [&[]] => messages::undo;
    Post "/messages/{id}/mark-sent" Reviewer "Says that a message was sent by hand" [&[]] [&[]] => messages::mark_sent;
    Post "/messages/{id}/settle" Manager "Says what became of an uncertain message" [&[]] [&["outcome"]] => messages::settle;

    Get "/suppressions" Viewer "The black list" [PAGE] [&[]] => suppressions::list;
    Post "/suppressions" Reviewer "Never contact" [&[]] [&["kind", "value", "reason"]] => suppressions::create;
    Delete "/suppressions/{id}" Manager "Takes an entry off the black list" [&[]] [&[]] => suppressions::delete;
    Post "/suppressions/import" Manager "Imports a black list" [&[]] [&["items"]] table => suppressions::import;

    Get "/conversations" Viewer "Threads, newest first" [PAGE] [&[]] => conversations::list;
    Get "/conversations/{id}" Viewer "A thread" [&[]] [&[]] => conversations::read;
    Post "/conversations/{id}/close" Reviewer "Closes a thread with its outcome" [&[]] [&["outcome"]] => conversations::close;

    Get "/meetings" Viewer "Meetings, newest first" [PAGE] [&[]] => meetings::list;
    Post "/meetings" Reviewer "A meeting entered by a person" [&[]] [&["prospect_id", "at", "status"]] => meetings::create;
    Patch "/meetings/{id}" Reviewer "Books, moves or calls off a meeting" [&[]] [&["at", "status"]] => meetings::change;

    Get "/operations/queues" Viewer "How the queues stand" [&[]] [&[]] => operations::queues;
    Post "/operations/queues/{name}/redrive" Manager "Puts dead letters back" [&[]] [&[]] => operations::redrive;
    Get "/operations/dry-run" Viewer "What would go out on a day, account by account" [&["date"]] [&[]] => dry_run::dry_run;
    Get "/operations/why" Viewer "Why nothing is going out" [&[]] [&[]] => why::why;
    Get "/budget" Viewer "Credits of the month" [&[]] [&[]] => operations::budget;
    Get "/audit" Manager "The audit log" [PAGE] [&[]] => operations::audit;
    Get "/jobs/{id}" Viewer "A background job" [&[]] [&[]] => people::job;
    Get "/reports/overview" Viewer "Sums of a range" [&["range"]] [&[]] => reports::overview;
}
