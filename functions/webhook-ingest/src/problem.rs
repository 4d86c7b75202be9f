//! Answers of the door: one small document each, errors as problem documents (RFC 9457).

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// A JSON answer.
pub fn answer(status: StatusCode, body: Value) -> Response {
    with_type(status, &body, "application/json")
}

/// A refusal. Machines read it; it says nothing that a stranger could use.
pub fn refuse(status: StatusCode) -> Response {
    let (kind, title) = match status {
        StatusCode::NOT_FOUND => ("not-found", "Not found"),
        StatusCode::METHOD_NOT_ALLOWED => ("method-not-allowed", "Method not allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "Request too large"),
        StatusCode::UNAUTHORIZED => ("unauthorized", "Signature refused"),
        StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "Unavailable for a moment"),
        _ => ("malformed", "Malformed request"),
    };
    let body = json!({
        "type": format!("urn:amorce:problem:{kind}"), "title": title, "status": status.as_u16(), "detail": title,
    });
    let mut response = with_type(status, &body, "application/problem+json");
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn with_type(status: StatusCode, body: &Value, media: &'static str) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
