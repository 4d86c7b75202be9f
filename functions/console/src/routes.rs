//! The routes: one table that the router, the documentation and the tests are made from.

use crate::call::{Call, Outcome, too_low};
use crate::problem::Problem;
use crate::read::Query;
use crate::words::Tongue;
use crate::{Console, auth, existence, home, openapi};
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get, on};
use domain::vocabulary::Role;
use http::header;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use crate::route_table::ROUTES;

/// The prefix of every route of the table.
pub const PREFIX: &str = "/api/v1";
/// The longest body, in bytes.
pub const BODY_MAX_BYTES: usize = 1024 * 1024;
/// The longest `Idempotency-Key`, in bytes.
const IDEMPOTENCY_MAX_BYTES: usize = 255;

/// A handler at work.
pub type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// The methods of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Get,
    Post,
    Patch,
    Delete,
}

impl Verb {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

/// What bodies a route reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// JSON alone.
    Json,
    /// JSON, or a table as `text/csv`.
    JsonOrTable,
}

/// One route of the API.
#[derive(Debug)]
pub struct Route {
    pub method: Verb,
    /// Below the prefix, `{id}` for the one parameter.
    pub path: &'static str,
    /// The lowest role that may call it.
    pub role: Role,
    /// What it does, for the documentation.
    pub summary: &'static str,
    /// The query parameters it reads.
    pub query: &'static [&'static str],
    /// The fields of its body.
    pub fields: &'static [&'static str],
    pub accepts: Accepts,
    pub handler: fn(Call) -> Pending,
}

/// The API of the product.
pub fn router(console: Arc<Console>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter<Arc<Console>>> = BTreeMap::new();
    for route in ROUTES {
        // A parameter that is not UTF-8 is no id: it stays out and so is unknown.
        let serve = move |State(console): State<Arc<Console>>, params: ParamsRead, request: Request| async move {
            let params = params.iter().flat_map(RawPathParams::iter);
            let path = params.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            respond(console, route, path, request).await
        };
        let handler = on(route.method.filter(), serve);
        let known = paths.remove(route.path).unwrap_or_default();
        paths.insert(route.path, known.merge(handler));
    }
    let mut router = Router::new()
        .route("/", get(home::page))
        .route("/health", get(home::health))
        .route("/ready", get(home::ready))
        .route("/openapi.json", get(openapi::answer));
    for (path, methods) in paths {
        router = router.route(&format!("{PREFIX}{path}"), methods);
    }
    router
        .method_not_allowed_fallback(|request: Request| async move { refuse(&request, &Problem::method()) })
        .fallback(|request: Request| async move { refuse(&request, &Problem::no_route()) })
        .with_state(console)
}

fn refuse(request: &Request, problem: &Problem) -> Response {
    problem.answer(Tongue::asked(request.headers()).unwrap_or_default())
}

async fn respond(console: Arc<Console>, route: &'static Route, path: Params, request: Request) -> Response {
    let asked = Tongue::asked(request.headers());
    let (parts, body) = request.into_parts();
    let who = match auth::caller(&console.store, &parts.headers).await {
        Ok(who) => who,
        Err(problem) => return problem.answer(asked.unwrap_or_default()),
    };
    let tongue = match asked {
        Some(tongue) => tongue,
        None => {
            let workspace = console.store.workspace(&who.workspace).await.ok().flatten();
            workspace.map(|w| Tongue::of_locale(&w.settings.locale)).unwrap_or_default()
        }
    };
    let outcome = match call(console, route, path, who, tongue, &parts, body).await {
        Ok(call) => (route.handler)(call).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(reply) => reply.answer(),
        Err(problem) => problem.answer(tongue),
    }
}

type ParamsRead = Result<RawPathParams, RawPathParamsRejection>;
type Params = std::collections::HashMap<String, String>;

async fn call(
    console: Arc<Console>,
    route: &'static Route,
    path: Params,
    who: store::workspace::ApiKey,
    tongue: Tongue,
    parts: &http::request::Parts,
    body: Body,
) -> Result<Call, Problem> {
    if who.role > route.role {
        return Err(too_low(route.role));
    }
    existence::check(&console.store, &who.workspace, route, path.get("id").map(String::as_str)).await?;
    let query = Query::of(parts.uri.query().unwrap_or_default(), route.query)?;
    let bytes = bytes_of(&parts.headers, body).await?;
    let (json, table) = content(route, &parts.headers, &bytes)?;
    let idempotency = idempotency_key(&parts.headers)?;
    let now = console.clock.now();
    Ok(Call { console, route, who, path, query, json, table, idempotency, tongue, now })
}

/// The `Idempotency-Key`; one that cannot be kept is refused, since nothing would then stop a second time.
fn idempotency_key(headers: &http::HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| key.len() <= IDEMPOTENCY_MAX_BYTES);
    let key = key.ok_or_else(|| {
        Problem::malformed(crate::words::text(
            format!("L’en-tête «\u{a0}Idempotency-Key\u{a0}» prend {IDEMPOTENCY_MAX_BYTES} caractères ASCII au plus."),
            format!("The header “Idempotency-Key” takes at most {IDEMPOTENCY_MAX_BYTES} ASCII characters."),
        ))
    })?;
    Ok(Some(key).filter(|key| !key.is_empty()).map(str::to_owned))
}

async fn bytes_of(headers: &http::HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|n| n > BODY_MAX_BYTES) {
        return Err(Problem::too_large(BODY_MAX_BYTES));
    }
    match Limited::new(body, BODY_MAX_BYTES).collect().await {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(e) if e.is::<LengthLimitError>() => Err(Problem::too_large(BODY_MAX_BYTES)),
        Err(_) => Err(Problem::malformed(crate::words::text("Le corps s’est interrompu.", "The body broke off."))),
    }
}

fn content(route: &Route, headers: &http::HeaderMap, bytes: &[u8]) -> Result<(Value, Option<String>), Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media == "text/csv" && route.accepts == Accepts::JsonOrTable {
        let table = String::from_utf8(bytes.to_vec());
        let unreadable = crate::words::text("Le tableau n’est pas en UTF-8.", "The table is not UTF-8.");
        return Ok((json!({}), Some(table.map_err(|_| Problem::malformed(unreadable))?)));
    }
    if bytes.is_empty() {
        return Ok((json!({}), None));
    }
    if media != "application/json" && !(media.starts_with("application/") && media.ends_with("+json")) {
        let wanted = if route.accepts == Accepts::Json { "application/json" } else { "application/json, text/csv" };
        return Err(Problem::media_type(wanted));
    }
    let json: Value = serde_json::from_slice(bytes).map_err(|e| {
        let (line, column) = (e.line(), e.column());
        Problem::malformed(crate::words::text(
            format!("JSON illisible, ligne {line}, colonne {column}."),
            format!("Unreadable JSON at line {line}, column {column}."),
        ))
    })?;
    // Also where a handler reads nothing: a field that does nothing is refused by name.
    crate::read::Fields::of(&json, route.fields)?.finish()?;
    Ok((json, None))
}
