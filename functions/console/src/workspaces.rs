//! Workspaces: their settings, and making new ones.

use crate::api_keys;
use crate::auth::{self, Founding};
use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::people;
use crate::problem::{Fault, Problem};
use crate::words::text;
use domain::workspace::{FieldError, Settings};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use store::Transacted;
use store::workspace::Workspace;

/// `GET /workspace`.
pub async fn read(call: Call) -> Outcome {
    Reply::ok(show(&call.workspace().await?.item))
}

/// `PATCH /workspace`: replaces the fields named; what decisions read is decided anew for everybody.
pub async fn change(call: Call) -> Outcome {
    for round in 0..WRITE_TRIES {
        let mut workspace = call.workspace().await?;
        let next = workspace.settings.apply_patch(&call.json).map_err(problem_of)?;
        let policy = decides_differently(&workspace.settings, &next);
        workspace.settings = next;
        if policy {
            workspace.policy_changed_at = call.now;
        }
        if !settled(call.store().save(&mut workspace).await?, round)? {
            continue;
        }
        let named: Vec<&String> = call.json.as_object().into_iter().flat_map(|m| m.keys()).collect();
        call.audit("workspace.changed", Some(call.ws().as_str()), json!({"fields": named, "values": call.json})).await?;
        if policy {
            people::decide_everybody(&call).await?;
        }
        return Reply::ok(show(&workspace.item));
    }
    Err(Problem::busy())
}

/// Whether any decision could come out differently under `next`.
fn decides_differently(known: &Settings, next: &Settings) -> bool {
    let relevant = |s: &Settings| {
        let mut s = s.clone();
        // Words and plans alone; everything else is read by the gate or by the score it reads.
        s.name = String::new();
        s.locale = String::new();
        s.offer = domain::workspace::Offer::default();
        s.pull_after = Vec::new();
        s
    };
    relevant(known) != relevant(next)
}

/// Faults of the settings as a problem.
pub fn problem_of(errors: Vec<FieldError>) -> Problem {
    Problem::fields(errors.into_iter().map(|e| Fault { field: e.field, message: text(e.message_fr, e.message_en) }).collect())
}

/// A workspace as the API shows it.
pub fn show(workspace: &Workspace) -> Value {
    let mut shown = json!(workspace.settings);
    shown["id"] = json!(workspace.id);
    shown["created_at"] = json!(workspace.created_at);
    shown
}

/// `GET /workspaces`: those the caller belongs to.
pub async fn list(call: Call) -> Outcome {
    let mut items = Vec::new();
    for id in call.store().workspaces_of(&call.who.email).await? {
        if let Some(found) = call.store().workspace(&id).await? {
            items.push(json!({"id": found.id, "name": found.settings.name, "created_at": found.created_at}));
        }
    }
    Reply::slice(&call, "all", items)
}

/// `POST /workspaces`: a new workspace with its owner and first key, which is shown once.
pub async fn create(call: Call) -> Outcome {
    if !call.who.admin {
        return Err(Problem::forbidden(text(
            "Seule une clé d’administration crée des espaces.",
            "Only an admin key may create workspaces.",
        )));
    }
    let (name, email) = {
        let body = call.body()?;
        let name = body.required("name", 200);
        let email = body.text("owner_email", 320);
        let email = email.map_or_else(
            || Some(call.who.email.clone()),
            |raw| {
                let read = domain::identity::email(&raw);
                if read.is_none() {
                    body.fault("owner_email", text("une adresse e-mail est attendue", "an e-mail address is expected"));
                }
                read
            },
        );
        body.finish()?;
        (name.unwrap_or_default(), email.unwrap_or_default())
    };
    let secret = auth::new_key()?;
    let founding = Founding::new(call.new_uuid(), &name, &email, &secret, false, call.now);
    match call.store().create_workspace(&founding.workspace, &founding.owner, &founding.key, false).await? {
        Transacted::Won => {}
        Transacted::Lost(_) => {
            return Err(Problem::conflict(text(
                "Cet espace existe déjà\u{a0}; sa clé n’a été montrée qu’une fois.",
                "This workspace exists already; its key was shown once.",
            )));
        }
    }
    api_keys::remember(call.store(), &founding.key).await?;
    call.audit("workspace.created", Some(founding.workspace.id.as_str()), json!({})).await?;
    Reply::created(json!({"id": founding.workspace.id, "api_key": secret.expose_secret(), "name": name}))
}
