//! Problem documents (RFC 9457): every error answer of the API, whatever part of it speaks.

use crate::words::{Text, Tongue, text};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use kit::Failure;
use outbound::linkedin::{CallError, ErrorKind};
use serde_json::{Map, Value, json};
use store::StoreError;

/// A field at fault, by the name the request knows it by (`icp.titles[0]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    pub message: Text,
}

/// An error answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    said: Box<Said>,
}

/// What an error answer says: in a box, so that a result stays small.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    kind: &'static str,
    title: Text,
    detail: Text,
    faults: Vec<Fault>,
    more: Map<String, Value>,
    retry_after_seconds: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: Text, detail: Text) -> Self {
        let said = Said { kind, title, detail, faults: Vec::new(), more: Map::new(), retry_after_seconds: None };
        Self { status, said: Box::new(said) }
    }

    /// 400: the request cannot be read.
    pub fn malformed(detail: Text) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", text("Requête illisible", "Malformed request"), detail)
    }

    /// 400: a query value cannot be read.
    pub fn query(field: &str, message: Text) -> Self {
        let detail =
            text(format!("Le paramètre «\u{a0}{field}\u{a0}» est refusé."), format!("The parameter “{field}” is refused."));
        Self::malformed(detail).about(vec![Fault { field: field.to_owned(), message }])
    }

    /// 400: a cursor that this list never gave out.
    pub fn cursor() -> Self {
        Self::query("cursor", text("curseur inconnu de cette liste", "this list never gave out that cursor"))
    }

    /// 401: no key, or one that is not known.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            text("Clé requise", "Key required"),
            text(
                "Ajoutez l’en-tête «\u{a0}Authorization: Bearer\u{a0}» avec une clé valide.",
                "Add the header “Authorization: Bearer” with a valid key.",
            ),
        )
    }

    /// 403: the key may not do this.
    pub fn forbidden(detail: Text) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", text("Action non permise", "Not allowed"), detail)
    }

    /// 404: no such thing in this workspace.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            text("Introuvable", "Not found"),
            text("Rien ne porte cet identifiant dans votre espace.", "Nothing in your workspace has this id."),
        )
    }

    /// 404: no such page or route.
    pub fn no_route() -> Self {
        let mut problem = Self::not_found();
        problem.said.detail = text("Cette adresse n’existe pas.", "This address does not exist.");
        problem
    }

    /// 405: the address exists, not for this method.
    pub fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            text("Méthode refusée", "Method not allowed"),
            text("Cette adresse n’accepte pas cette méthode.", "This address does not take this method."),
        )
    }

    /// 409: it is too late, or somebody was faster.
    pub fn conflict(detail: Text) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", text("Conflit", "Conflict"), detail)
    }

    /// 413: more than `max` bytes.
    pub fn too_large(max: usize) -> Self {
        let kib = max / 1024;
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            text("Requête trop grande", "Request too large"),
            text(format!("Le corps dépasse {kib}\u{a0}Kio."), format!("The body is above {kib} KiB.")),
        )
    }

    /// 415: not a media type this route reads.
    pub fn media_type(wanted: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            text("Type de contenu refusé", "Unsupported media type"),
            text(format!("Envoyez le corps en {wanted}."), format!("Send the body as {wanted}.")),
        )
    }

    /// 422: understood and refused, for the fields named.
    pub fn fields(faults: Vec<Fault>) -> Self {
        let names: Vec<&str> = faults.iter().map(|f| f.field.as_str()).filter(|f| !f.is_empty()).collect();
        let names = if names.is_empty() { "—".to_owned() } else { names.join(", ") };
        let detail = text(format!("À corriger\u{a0}: {names}."), format!("To be corrected: {names}."));
        Self::refused(detail).about(faults)
    }

    /// 422: understood and refused, for one field.
    pub fn field(field: &str, message: Text) -> Self {
        Self::fields(vec![Fault { field: field.to_owned(), message }])
    }

    /// 422: understood and refused.
    pub fn refused(detail: Text) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", text("Demande refusée", "Request refused"), detail)
    }

    /// 503: not now; worth another try after so many seconds.
    pub fn unavailable(after_seconds: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            text("Indisponible un instant", "Unavailable for a moment"),
            text("Réessayez dans un instant.", "Try again in a moment."),
        );
        problem.said.retry_after_seconds = Some(after_seconds);
        problem
    }

    fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            text("Erreur interne", "Internal error"),
            text("Une erreur interne a été notée.", "An internal error was noted."),
        )
    }

    fn about(mut self, faults: Vec<Fault>) -> Self {
        self.said.faults = faults;
        self
    }

    /// The same with a further member, such as the gate's reasons.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.said.more.insert(name.to_owned(), value);
        self
    }

    /// The sentence of this problem.
    pub fn detail(&self, tongue: Tongue) -> &str {
        tongue.of(&self.said.detail)
    }

    /// As a JSON document.
    pub fn document(&self, tongue: Tongue) -> Value {
        let mut document = json!({
            "type": format!("urn:amorce:problem:{}", self.said.kind),
            "title": tongue.of(&self.said.title),
            "status": self.status.as_u16(),
            "detail": tongue.of(&self.said.detail),
        });
        if !self.said.faults.is_empty() {
            let errors = self.said.faults.iter().map(|f| json!({"field": f.field, "message": tongue.of(&f.message)}));
            document["errors"] = errors.collect();
        }
        for (name, value) in &self.said.more {
            document[name] = value.clone();
        }
        document
    }

    /// As an HTTP answer.
    pub fn answer(&self, tongue: Tongue) -> Response {
        let mut response = Response::new(self.document(tongue).to_string().into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tongue.tag()));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.said.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor => Self::cursor(),
            StoreError::Conflict(what) => {
                tracing::warn!(what, "store.conflict");
                Self::busy()
            }
            StoreError::Unavailable(why) => {
                tracing::warn!(why, "store.unavailable");
                Self::unavailable(1)
            }
            StoreError::Corrupt(what) => {
                tracing::error!(what, "store.corrupt");
                Self::internal()
            }
        }
    }
}

impl Problem {
    /// 409: others kept writing the same thing.
    pub fn busy() -> Self {
        Self::conflict(text(
            "Quelqu’un modifie la même chose en ce moment. Rechargez, puis réessayez.",
            "Somebody is changing the same thing right now. Reload, then try again.",
        ))
    }
}

impl From<CallError> for Problem {
    /// 422 what the provider refuses, 429 where it asks to wait, 502 where it did not answer.
    fn from(error: CallError) -> Self {
        tracing::warn!(kind = error.kind.as_str(), "provider.failed");
        let message = &error.message;
        let said = text(format!("Réponse du fournisseur\u{a0}: {message}"), format!("The provider’s answer: {message}"));
        let status = match error.kind {
            ErrorKind::RateLimited | ErrorKind::Throttled => StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::VendorDown | ErrorKind::Unreadable | ErrorKind::TimedOut | ErrorKind::Unreachable => {
                StatusCode::BAD_GATEWAY
            }
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut problem = Self::new(status, "provider", text("Fournisseur", "Provider"), said);
        if status == StatusCode::TOO_MANY_REQUESTS {
            problem.said.retry_after_seconds = Some(error.retry_after.map_or(60, |wait| wait.as_secs().max(1)));
        }
        problem
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        tracing::warn!(why = %failure, "queue.failed");
        Self::unavailable(5)
    }
}

impl From<kit::seal::SealError> for Problem {
    fn from(error: kit::seal::SealError) -> Self {
        tracing::error!(why = %error, "seal.failed");
        Self::internal()
    }
}
