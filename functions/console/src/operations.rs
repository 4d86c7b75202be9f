//! How the machinery stands: queues, budget, audit log.

use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use domain::job::queue;
use serde_json::{Value, json};
use store::keys;
use store::settings::AuditLine;

/// `GET /operations/queues`: a bare array.
pub async fn queues(call: Call) -> Outcome {
    Reply::ok(json!(call.console.queues.depths().await?))
}

/// `POST /operations/queues/{name}/redrive`: puts dead letters back.
pub async fn redrive(call: Call) -> Outcome {
    let name = call.path.get("name").map(String::as_str).unwrap_or_default();
    let known = queue::ALL.into_iter().find(|q| *q == name).ok_or_else(Problem::not_found)?;
    let moved = call.console.queues.redrive(known).await?;
    call.audit("queue.redriven", None, json!({"queue": known, "moved": moved})).await?;
    Reply::ok(json!({"name": known, "moved": moved}))
}

/// `GET /budget`: credits, and dollars for language models, of this month in the workspace’s zone.
pub async fn budget(call: Call) -> Outcome {
    let settings = call.workspace().await?.item.settings;
    let month = store::facts::month(call.now, &settings.zone());
    let credits = call.store().credits(call.ws(), &month).await?;
    let ai = call.store().ai_spend(call.ws(), &month).await?;
    let ceiling = i64::try_from(settings.budget.credits_per_month).unwrap_or(i64::MAX);
    let ai_ceiling = i64::try_from(settings.budget.ai_micro_usd()).unwrap_or(i64::MAX);
    Reply::ok(json!({
        "month": month,
        "credits_per_month": settings.budget.credits_per_month,
        "credits_spent": credits.spent,
        "credits_reserved": (credits.reserved - credits.spent).max(0),
        "credits_left": ceiling.saturating_sub(credits.reserved).max(0),
        "credits_saved": credits.saved,
        "ai_usd_per_month": settings.budget.ai_usd_per_month,
        "ai_usd_spent": usd(ai.spent),
        "ai_usd_reserved": usd((ai.reserved - ai.spent).max(0)),
        "ai_usd_left": usd(ai_ceiling.saturating_sub(ai.reserved).max(0)),
    }))
}

fn usd(micro: i64) -> f64 {
    micro as f64 / 1_000_000.0
}

/// `GET /audit`: newest first.
pub async fn audit(call: Call) -> Outcome {
    let list = keys::audit(call.ws());
    let page = call.store().audit_lines(call.ws(), call.walk(&list)?).await?;
    let items: Vec<Value> = page.items.iter().map(show_line).collect();
    Reply::ok(json!({"items": items, "next_cursor": page.next.map(|n| store::cursor_of(&list, &n))}))
}

fn show_line(line: &AuditLine) -> Value {
    json!({
        "id": line.id, "at": line.at, "who": line.who, "action": line.action, "subject": line.subject, "detail": line.detail,
    })
}
