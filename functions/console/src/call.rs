//! One request as a handler sees it: who asks, what for, and what it said; and what a handler answers.

use crate::Console;
use crate::problem::Problem;
use crate::read::{Fields, Query};
use crate::routes::Route;
use crate::words::{Text, Tongue, text};
use axum::response::Response;
use domain::ids::{AuditId, WorkspaceId};
use domain::job::Job;
use domain::vocabulary::Role;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use kit::Outgoing;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use store::settings::AuditLine;
use store::workspace::{ApiKey, Workspace};
use store::{Key, ListPage, Store, Versioned, Walk, Written};
use uuid::Uuid;

/// How often a write is tried again upon a fresh reading before the request gives up.
pub const WRITE_TRIES: usize = 5;

/// What a handler answers.
pub type Outcome = Result<Reply, Problem>;

/// A request that has passed the door.
#[derive(Debug)]
pub struct Call {
    pub console: Arc<Console>,
    pub route: &'static Route,
    pub who: ApiKey,
    pub path: HashMap<String, String>,
    pub query: Query,
    /// The JSON of the body; `{}` where there is none.
    pub json: Value,
    /// The body of a route that also reads tables, with its media type.
    pub table: Option<String>,
    /// `Idempotency-Key`.
    pub idempotency: Option<String>,
    /// The language asked for, else the workspace’s.
    pub tongue: Tongue,
    pub now: Timestamp,
}

impl Call {
    /// The workspace of the key.
    pub fn ws(&self) -> &WorkspaceId {
        &self.who.workspace
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.console.store
    }

    /// The settings of the caller's workspace.
    pub async fn workspace(&self) -> Result<Versioned<Workspace>, Problem> {
        self.store().workspace(self.ws()).await?.ok_or_else(Problem::not_found)
    }

    /// The id in the path; one that cannot be an id is as unknown as any other.
    pub fn id<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<T, Problem> {
        self.path.get("id").and_then(|raw| parse(raw)).ok_or_else(Problem::not_found)
    }

    /// The fields of the body, those of the route table.
    pub fn body(&self) -> Result<Fields<'_>, Problem> {
        Fields::of(&self.json, self.route.fields)
    }

    /// The id of what this request makes: with an `Idempotency-Key` the same each time.
    pub fn new_uuid(&self) -> Uuid {
        match &self.idempotency {
            None => Uuid::now_v7(),
            Some(key) => self.derived(&[key]),
        }
    }

    /// An id derived from this workspace, this route and `parts`.
    pub fn derived(&self, parts: &[&str]) -> Uuid {
        let mut all = vec![self.ws().as_str(), self.route.path];
        all.extend(parts);
        Uuid::parse_str(&domain::ids::derive_hex(&all)).unwrap_or_else(|_| Uuid::now_v7())
    }

    /// Refuses a role below `role`.
    pub fn at_least(&self, role: Role) -> Result<(), Problem> {
        if self.who.role <= role { Ok(()) } else { Err(too_low(role)) }
    }

    /// Puts jobs into their queues.
    pub async fn send(&self, jobs: Vec<Job>) -> Result<(), Problem> {
        self.send_delayed(jobs, 0).await
    }

    /// Puts jobs into their queues, to be received after `seconds`.
    pub async fn send_delayed(&self, jobs: Vec<Job>, seconds: u32) -> Result<(), Problem> {
        if jobs.is_empty() {
            return Ok(());
        }
        let outgoing = jobs.iter().map(|job| Outgoing::of(job, seconds));
        // The due index brings every job back: a queue that is down delays the work, it does not lose it.
        if let Err(failure) = self.console.queues.send(outgoing.collect()).await {
            tracing::warn!(why = %failure, "queue.send_failed");
        }
        Ok(())
    }

    /// Writes a line of the audit log.
    pub async fn audit(&self, action: &str, subject: Option<&str>, detail: Value) -> Result<(), Problem> {
        let line = AuditLine {
            workspace: self.ws().clone(),
            id: AuditId::from_uuid(Uuid::now_v7()),
            at: self.now,
            who: self.who.email.clone(),
            action: action.to_owned(),
            subject: subject.map(str::to_owned),
            detail,
        };
        Ok(self.store().audit(&line).await?)
    }

    /// The walk that `limit` and `cursor` ask for, through the list `list`.
    pub fn walk(&self, list: &str) -> Result<Walk, Problem> {
        let start = self.query.text("cursor").map(|c| store::position_of(list, c)).transpose()?;
        Ok(Walk { descending: true, limit: self.limit()?, start })
    }

    /// The length of the page asked for: 1–200, default 50.
    pub fn limit(&self) -> Result<usize, Problem> {
        let limit = self.query.whole("limit", 1..=200)?.unwrap_or(50);
        Ok(usize::try_from(limit).unwrap_or(50))
    }
}

/// The refusal of a key whose role is below `role`.
pub fn too_low(role: Role) -> Problem {
    let fr = match role {
        Role::Owner => "propriétaire",
        Role::Manager => "gestionnaire",
        Role::Reviewer => "relecteur",
        Role::Viewer => "lecteur",
    };
    Problem::forbidden(text(
        format!("Cette action demande le rôle «\u{a0}{fr}\u{a0}»."),
        format!("This takes the role “{role}”."),
    ))
}

/// An answer that is no error.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    body: Option<Value>,
}

impl Reply {
    /// 200 with a document.
    pub fn ok(body: Value) -> Outcome {
        Ok(Self { status: StatusCode::OK, body: Some(body) })
    }

    /// 201 with what was made.
    pub fn created(body: Value) -> Outcome {
        Ok(Self { status: StatusCode::CREATED, body: Some(body) })
    }

    /// 202 with the job to ask for.
    pub fn accepted(job: &domain::ids::JobId) -> Outcome {
        Ok(Self { status: StatusCode::ACCEPTED, body: Some(json!({"job_id": job})) })
    }

    /// 202 with what is waited for.
    pub fn waiting(body: Value) -> Outcome {
        Ok(Self { status: StatusCode::ACCEPTED, body: Some(body) })
    }

    /// 204.
    pub fn gone() -> Outcome {
        Ok(Self { status: StatusCode::NO_CONTENT, body: None })
    }

    /// One page of a list that is read as a whole; its cursor counts the items before it.
    pub fn slice(call: &Call, of: &str, items: impl IntoIterator<Item = Value>) -> Outcome {
        let list = format!("{}#{}#{of}", call.ws(), call.route.path);
        let Walk { limit, start, .. } = call.walk(&list)?;
        let seen = start.as_ref().and_then(|s| store::table::text(s, "sk")).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        let mut items: Vec<Value> = items.into_iter().skip(seen).take(limit + 1).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = more.then(|| store::cursor_of(&list, &Key::new("seen", (seen + limit).to_string()).attributes()));
        Self::ok(json!({"items": items, "next_cursor": next}))
    }

    /// One page of the list `list`, each item shown by `show`.
    pub fn page<T>(list: &str, page: &ListPage<T>, show: impl Fn(&Versioned<T>) -> Value) -> Outcome {
        let items: Vec<Value> = page.items.iter().map(show).collect();
        Self::ok(json!({"items": items, "next_cursor": page.next.as_ref().map(|n| store::cursor_of(list, n))}))
    }

    /// As an HTTP answer.
    pub fn answer(self) -> Response {
        let mut response = match self.body {
            None => Response::default(),
            Some(body) => {
                let mut response = Response::new(body.to_string().into());
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
        };
        *response.status_mut() = self.status;
        response
    }
}

/// Whether a write that lost its condition is tried again; after the last try the caller is told.
pub fn settled(written: Written, round: usize) -> Result<bool, Problem> {
    match written {
        Written::Won => Ok(true),
        Written::Lost if round + 1 < WRITE_TRIES => Ok(false),
        Written::Lost => Err(Problem::busy()),
    }
}

/// The refusal of something this release does not do yet.
pub fn not_yet(what: &Text) -> Problem {
    Problem::refused(text(format!("{}\u{a0}: pas encore disponible.", what.fr), format!("{}: not available yet.", what.en)))
}
