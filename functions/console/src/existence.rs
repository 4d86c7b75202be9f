//! Whether the thing in a path exists, asked before a body is looked at: an unknown id answers 404 whatever is sent.

use crate::problem::Problem;
use crate::routes::Route;
use domain::ids::{AccountId, MeetingId, MemberId, MessageId, PostId, ProspectId, WorkspaceId};
use store::{Store, StoreError};

/// Refuses an unknown id of a route that reads a body; the others find out by themselves.
pub async fn check(store: &Store, ws: &WorkspaceId, route: &Route, id: Option<&str>) -> Result<(), Problem> {
    if route.fields.is_empty() || !route.path.contains("{id}") {
        return Ok(());
    }
    let collection = route.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if id_exists(store, ws, collection, id.unwrap_or_default()).await? { Ok(()) } else { Err(Problem::not_found()) }
}

async fn id_exists(store: &Store, ws: &WorkspaceId, collection: &str, id: &str) -> Result<bool, StoreError> {
    match collection {
        "accounts" => match AccountId::parse(id) {
            Some(id) => Ok(store.account(ws, &id).await?.is_some()),
            None => Ok(false),
        },
        "posts" => match PostId::parse(id) {
            Some(id) => Ok(store.post(ws, &id).await?.is_some()),
            None => Ok(false),
        },
        "messages" => match MessageId::parse(id) {
            Some(id) => Ok(store.message(ws, &id).await?.is_some()),
            None => Ok(false),
        },
        "meetings" => match MeetingId::parse(id) {
            Some(id) => Ok(store.meeting(ws, &id).await?.is_some()),
            None => Ok(false),
        },
        "prospects" | "conversations" => match ProspectId::parse(id) {
            Some(id) => Ok(store.prospect(ws, &id).await?.is_some()),
            None => Ok(false),
        },
        "members" => match MemberId::parse(id) {
            Some(id) => Ok(store.members(ws).await?.iter().any(|m| m.id == id)),
            None => Ok(false),
        },
        // A collection whose routes read no body.
        _ => Ok(true),
    }
}
