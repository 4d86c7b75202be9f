//! Every key of the table, in one file. Partition keys start with the workspace, or with `global` for the few
//! look-ups that must find the workspace first.

use crate::record::Key;
use domain::identity;
use domain::ids::{AccountId, BatchId, InboundId, JobId, MeetingId, MessageId, PostId, ProspectId, RunId, WorkspaceId};
use jiff::civil::Date;

/// Sort key of the head of a collection.
pub const HEAD: &str = "head";
/// Prefix of a prospect's engagements.
pub const ENGAGEMENT: &str = "eng#";
/// Prefix of a prospect's messages.
pub const MESSAGE: &str = "msg#";
/// Prefix of a prospect's replies.
pub const REPLY: &str = "rep#";
/// Prefix of a person's meetings.
pub const MEETING: &str = "mee#";
/// Prefix of a prospect's past decisions.
pub const DECISION: &str = "dec#";
/// Prefix of the pages of a run.
pub const PAGE: &str = "page#";
/// Prefix of the rows of a run that wait to be taken in.
pub const ROWS: &str = "rows#";

pub fn workspace(ws: &WorkspaceId) -> Key {
    Key::new(ws.as_str(), HEAD)
}

/// The counter that every opt-out, blacklisting and erasure raises.
pub fn epoch(ws: &WorkspaceId) -> Key {
    Key::new(ws.as_str(), "epoch")
}

pub fn members(ws: &WorkspaceId) -> String {
    format!("{ws}#members")
}

pub fn accounts(ws: &WorkspaceId) -> String {
    format!("{ws}#accounts")
}

pub fn account(ws: &WorkspaceId, id: &AccountId) -> Key {
    Key::new(accounts(ws), id.as_str())
}

pub fn account_days(ws: &WorkspaceId, id: &AccountId) -> String {
    format!("{ws}#account#{id}")
}

pub fn account_day(ws: &WorkspaceId, id: &AccountId, date: Date) -> Key {
    Key::new(account_days(ws, id), format!("day#{date}"))
}

/// The reads of a day stand apart from its sends: readers must not make a claim of a send fail.
pub fn account_reads(ws: &WorkspaceId, id: &AccountId, date: Date) -> Key {
    Key::new(account_days(ws, id), format!("reads#{date}"))
}

pub fn account_publishing(ws: &WorkspaceId, id: &AccountId) -> Key {
    Key::new(account_days(ws, id), "publishing")
}

pub fn post(ws: &WorkspaceId, id: &PostId) -> Key {
    Key::new(format!("{ws}#post#{id}"), HEAD)
}

pub fn posts_list(ws: &WorkspaceId) -> String {
    format!("{ws}#posts")
}

/// From a LinkedIn post (`urn:li:activity:…`) to ours.
pub fn post_pointer(ws: &WorkspaceId, urn: &str) -> Key {
    Key::new(format!("{ws}#post-urn#{urn}"), "pointer")
}

/// What earlier pulls of a LinkedIn post saw.
pub fn reading(ws: &WorkspaceId, urn: &str) -> Key {
    Key::new(format!("{ws}#post-urn#{urn}"), "reading")
}

pub fn run(ws: &WorkspaceId, id: &RunId) -> Key {
    Key::new(run_partition(ws, id), HEAD)
}

pub fn run_partition(ws: &WorkspaceId, id: &RunId) -> String {
    format!("{ws}#run#{id}")
}

pub fn runs_list(ws: &WorkspaceId) -> String {
    format!("{ws}#runs")
}

pub fn prospect_partition(ws: &WorkspaceId, id: &ProspectId) -> String {
    format!("{ws}#prospect#{id}")
}

pub fn prospect(ws: &WorkspaceId, id: &ProspectId) -> Key {
    Key::new(prospect_partition(ws, id), HEAD)
}

pub fn analysis(ws: &WorkspaceId, id: &ProspectId) -> Key {
    Key::new(prospect_partition(ws, id), "analysis")
}

pub fn conversation(ws: &WorkspaceId, id: &ProspectId) -> Key {
    Key::new(prospect_partition(ws, id), "conversation")
}

pub fn message(ws: &WorkspaceId, prospect: &ProspectId, id: &MessageId) -> Key {
    Key::new(prospect_partition(ws, prospect), format!("{MESSAGE}{id}"))
}

pub fn people_list(ws: &WorkspaceId) -> String {
    format!("{ws}#people")
}

pub fn review_list(ws: &WorkspaceId) -> String {
    format!("{ws}#review")
}

pub fn approved_list(ws: &WorkspaceId, account: &AccountId) -> String {
    format!("{ws}#approved#{account}")
}

pub fn uncertain_list(ws: &WorkspaceId) -> String {
    format!("{ws}#uncertain")
}

pub fn conversations_list(ws: &WorkspaceId) -> String {
    format!("{ws}#conversations")
}

/// The person that the key `key` makes when nobody has it yet.
pub fn prospect_of(ws: &WorkspaceId, key: &identity::Key) -> ProspectId {
    ProspectId::derive(&[ws.as_str(), &key.storage()])
}

/// Where it stands who has a key. A member id never changes hands: whoever is made of one stands there themselves,
/// which spares a pointer; all who want the key want the same item.
pub fn identity(ws: &WorkspaceId, key: &identity::Key) -> Key {
    match key.kind {
        identity::Kind::MemberId => prospect(ws, &prospect_of(ws, key)),
        _ => Key::new(format!("{ws}#key#{}", key.storage()), "pointer"),
    }
}

pub fn batches(ws: &WorkspaceId) -> String {
    format!("{ws}#batches")
}

pub fn batch(ws: &WorkspaceId, id: &BatchId) -> Key {
    Key::new(batches(ws), id.as_str())
}

pub fn company(ws: &WorkspaceId, key: &str) -> Key {
    Key::new(format!("{ws}#company#{key}"), "info")
}

pub fn company_contact(ws: &WorkspaceId, key: &str) -> Key {
    Key::new(format!("{ws}#company#{key}"), "contact")
}

pub fn suppression(ws: &WorkspaceId, kind: &str, value: &str) -> Key {
    Key::new(format!("{ws}#suppressed#{kind}#{value}"), "entry")
}

pub fn suppressions_list(ws: &WorkspaceId) -> String {
    format!("{ws}#suppressions")
}

/// The secrets under which a workspace's erased people are recognised.
pub fn erasure_key(ws: &WorkspaceId) -> Key {
    Key::new(ws.as_str(), "erasure-key")
}

/// The ledger of erasures.
pub fn erasures(ws: &WorkspaceId) -> String {
    format!("{ws}#erasures")
}

pub fn erasure(ws: &WorkspaceId, id: &JobId) -> Key {
    Key::new(erasures(ws), id.as_str())
}

pub fn exclusions(ws: &WorkspaceId) -> String {
    format!("{ws}#exclusions")
}

pub fn inbound(ws: &WorkspaceId, id: &InboundId) -> Key {
    Key::new(format!("{ws}#inbound#{id}"), HEAD)
}

/// Events from outside in the order they came: what one person's erasure looks through.
pub fn inbound_list(ws: &WorkspaceId) -> String {
    format!("{ws}#inbound")
}

pub fn budget(ws: &WorkspaceId, month: &str) -> Key {
    Key::new(format!("{ws}#budget"), month)
}

pub fn days(ws: &WorkspaceId) -> String {
    format!("{ws}#days")
}

pub fn day(ws: &WorkspaceId, date: Date) -> Key {
    Key::new(days(ws), date.to_string())
}

pub fn audit(ws: &WorkspaceId) -> String {
    format!("{ws}#audit")
}

pub fn meeting(ws: &WorkspaceId, prospect: &ProspectId, id: &MeetingId) -> Key {
    Key::new(prospect_partition(ws, prospect), format!("{MEETING}{id}"))
}

pub fn meetings(ws: &WorkspaceId) -> String {
    format!("{ws}#meetings")
}

pub fn background(ws: &WorkspaceId, id: &JobId) -> Key {
    Key::new(format!("{ws}#job#{id}"), HEAD)
}

pub fn api_key(hash: &str) -> Key {
    Key::new(format!("global#key#{hash}"), "pointer")
}

pub fn webhook_token(token_hash: &str) -> Key {
    Key::new(format!("global#webhook#{token_hash}"), "pointer")
}

pub fn linkedin_member(key: &identity::Key) -> Key {
    Key::new(format!("global#linkedin#{}", key.storage()), "pointer")
}

pub fn workspaces_of(email: &str) -> String {
    format!("global#member#{email}")
}

/// The first workspace, made at first start.
pub fn bootstrap() -> Key {
    Key::new("global#bootstrap", "pointer")
}

pub fn rate(key_id: &str, window: i64) -> Key {
    Key::new(format!("global#rate#{key_id}"), format!("window#{window}"))
}

pub fn rate_pause(key_id: &str) -> Key {
    Key::new(format!("global#rate#{key_id}"), "pause")
}

/// How far the change stream has been counted, by shard.
pub fn checkpoint(shard: &str) -> Key {
    Key::new(format!("global#stream#{shard}"), "checkpoint")
}

/// The workspace a key belongs to; `None` for the global look-ups.
pub fn workspace_of(pk: &str) -> Option<WorkspaceId> {
    WorkspaceId::parse(pk.split('#').next()?)
}

/// The job that a due entry stands for; `None` when the entry is not of a known kind.
pub fn due_job(kind: &str, key: &Key) -> Option<domain::job::Job> {
    use domain::job::{Job, Task};
    let ws = workspace_of(&key.pk)?;
    let last = key.pk.rsplit('#').next()?;
    let task = match kind {
        "publish_post" => Task::PublishPost { post: PostId::parse(last)? },
        "continue_run" => Task::ContinueRun { run: RunId::parse(last)? },
        "find_leads" => Task::FindLeads { run: RunId::parse(last)? },
        "poll_acceptances" => Task::PollAcceptances { account: AccountId::parse(&key.sk)? },
        "send_instant" => {
            let date = key.sk.strip_prefix("day#")?.parse().ok()?;
            Task::SendInstant { account: AccountId::parse(last)?, date }
        }
        "renew" => Task::Renew { job: JobId::parse(last)? },
        "score_batch" => Task::ScoreBatch { batch: BatchId::parse(&key.sk)? },
        "settle_message" => Task::SettleMessage { message: MessageId::parse(key.sk.strip_prefix(MESSAGE)?)? },
        "apply_inbound" => Task::ApplyInbound { inbound: InboundId::parse(last)? },
        "erase" => Task::Erase { erasure: JobId::parse(&key.sk)? },
        _ => return None,
    };
    Some(Job::new(&ws, task))
}
