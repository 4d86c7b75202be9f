//! The description of the API (OpenAPI 3.1), made from the route table.

use crate::routes::{Accepts, PREFIX, ROUTES, Route, Verb};
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// `GET /openapi.json`.
pub async fn answer() -> Response {
    Json(document()).into_response()
}

/// The whole document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for (path, id, summary) in
        [("/health", "get_health", "Whether the process answers"), ("/ready", "get_ready", "Whether store and queues answer")]
    {
        let answers = json!({"200": {"description": "Well", "content": {"application/json": {"schema": {"type": "object"}}}}});
        paths.insert(path.into(), json!({"get": {"summary": summary, "operationId": id, "security": [], "responses": answers}}));
    }
    for route in ROUTES {
        let path = paths.entry(format!("{PREFIX}{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Amorce",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Posts on time, leads from engagement, a gate on the company’s own threshold, review, and sends inside limits.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": problem_schema(), "List": list_schema()},
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    for name in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    }
    for name in route.query {
        parameters.push(json!({"name": name, "in": "query", "required": false, "schema": query_schema(name)}));
    }
    let mut operation = json!({
        "summary": route.summary,
        "operationId": operation_id(route),
        "tags": [route.path.trim_start_matches('/').split('/').next().unwrap_or_default()],
        "description": format!("Takes the role `{}` or a higher one.", route.role),
        "responses": {
            "2XX": {"description": "Done", "content": {"application/json": {"schema": {}}}},
            "4XX": {
                "description": "Refused",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    });
    if route.query.contains(&"cursor") {
        operation["responses"]["2XX"]["content"]["application/json"]["schema"] = json!({"$ref": "#/components/schemas/List"});
    }
    if route.method == Verb::Post {
        let header =
            json!({"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 255}});
        parameters.push(header);
    }
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    if let Some(body) = request_body(route) {
        operation["requestBody"] = body;
    }
    operation
}

fn operation_id(route: &Route) -> String {
    let words = route.path.split(['/', '-', '{', '}']).filter(|w| !w.is_empty());
    std::iter::once(route.method.as_str().to_lowercase()).chain(words.map(str::to_owned)).collect::<Vec<_>>().join("_")
}

fn query_schema(name: &str) -> Value {
    match name {
        "limit" => json!({"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        "min_score" | "max_score" | "threshold" => json!({"type": "integer", "minimum": 0, "maximum": 100}),
        "force" => json!({"type": "boolean", "default": false}),
        "date" => json!({"type": "string", "format": "date"}),
        "from" | "to" => json!({"type": "string", "format": "date-time"}),
        _ => json!({"type": "string"}),
    }
}

fn request_body(route: &Route) -> Option<Value> {
    if route.fields.is_empty() && route.accepts == Accepts::Json {
        return None;
    }
    let properties: Map<String, Value> = route.fields.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    let schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
    let mut content = json!({"application/json": {"schema": schema}});
    if route.accepts == Accepts::JsonOrTable {
        content["text/csv"] = json!({"schema": {"type": "string"}});
    }
    Some(json!({"content": content}))
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
    })
}

fn list_schema() -> Value {
    json!({
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {"items": {"type": "array"}, "next_cursor": {"type": ["string", "null"]}},
    })
}
