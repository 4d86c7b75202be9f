//! How the machinery stands: queues, why nothing goes out, budget, audit log.

use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use crate::words::{Text, instant, text};
use domain::ids::AccountId;
use domain::job::queue;
use domain::vocabulary::Channel;
use serde_json::{Value, json};
use store::Walk;
use store::account::Account;
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

/// One answer to “why is nothing going out now?”.
struct Why {
    code: &'static str,
    account: Option<AccountId>,
    said: Text,
}

/// `GET /operations/why`: in one sentence, with everything that holds.
pub async fn why(call: Call) -> Outcome {
    let office = call.store().office(call.ws(), call.now).await?.ok_or_else(Problem::not_found)?;
    let settings = &office.workspace.settings;
    let mut reasons: Vec<Why> = Vec::new();
    let mut add = |holds: bool, code, said: Text| {
        if holds {
            reasons.push(Why { code, account: None, said });
        }
    };
    add(
        settings.icp.is_none(),
        "no_icp",
        text("Le client idéal (ICP) n’est pas décrit.", "The ideal customer (ICP) is not described."),
    );
    add(settings.threshold.is_none(), "no_threshold", text("Le seuil n’est pas fixé.", "The threshold is not set."));
    add(
        office.accounts.is_empty(),
        "no_account",
        text("Aucun compte LinkedIn n’est connecté.", "No LinkedIn account is connected."),
    );
    add(office.budget_spent, "budget_spent", text("Le budget du mois est dépensé.", "This month’s budget is spent."));
    let listed = settings.test_recipients.len();
    add(
        listed > 0,
        "test_recipients",
        text(
            format!(
                "Seuls les destinataires de test reçoivent quelque chose ({listed})\u{a0}: videz leur liste pour écrire aux autres."
            ),
            format!("Only the test recipients are sent anything ({listed}): empty their list to write to the others."),
        ),
    );
    for account in &office.accounts {
        reasons.extend(why_account(&call, &account.item).await?);
    }
    if reasons.is_empty() {
        reasons.push(Why {
            code: "nothing_approved",
            account: None,
            said: text(
                "Rien n’est approuvé\u{a0}: relisez la file «\u{a0}À valider\u{a0}».",
                "Nothing is approved: look at the review queue.",
            ),
        });
    }
    let tongue = call.tongue;
    let shown: Vec<Value> =
        reasons.iter().map(|r| json!({"code": r.code, "account_id": r.account, "text": tongue.of(&r.said)})).collect();
    let sentence = reasons.first().map(|r| tongue.of(&r.said).to_owned()).unwrap_or_default();
    Reply::ok(json!({"text": sentence, "reasons": shown}))
}

async fn why_account(call: &Call, account: &Account) -> Result<Option<Why>, Problem> {
    let label = &account.label;
    let zone = account.zone();
    let say = |code, fr: String, en: String| {
        Ok(Some(Why {
            code,
            account: Some(account.id.clone()),
            said: text(format!("{label}\u{a0}: {fr}"), format!("{label}: {en}")),
        }))
    };
    if account.is_paused(call.now) {
        let reason = account.pause.as_ref().map(|p| p.reason.clone()).unwrap_or_default();
        return say(
            "account_paused",
            format!("le compte est en pause ({reason})."),
            format!("the account is paused ({reason})."),
        );
    }
    let waiting = call.store().approved(call.ws(), &account.id, Walk { descending: true, limit: 1, start: None }).await?;
    let Some(first) = waiting.items.first() else { return Ok(None) };
    let window = account.limits_at(call.now).window(zone.clone());
    if !window.is_open(call.now) {
        return match window.next_open(call.now) {
            Some(at) => {
                let at = instant(at, call.now, &zone);
                let (fr, en) = (at.fr, at.en);
                say(
                    "outside_hours",
                    format!("hors des heures d’envoi, reprise {fr}."),
                    format!("outside the hours, goes on {en}."),
                )
            }
            None => say("no_day", "aucun jour d’envoi n’est choisi.".into(), "no day is chosen for sends.".into()),
        };
    }
    let room = call.store().room(account, window.date_of(call.now), call.now).await?;
    if room.left(Channel::LinkedInInvitation) == 0 && room.left(Channel::LinkedInMessage) == 0 {
        return say(
            "cap_reached",
            "le plafond du jour ou de la semaine est atteint.".into(),
            "the cap of the day or week is reached.".into(),
        );
    }
    let next = room.day.next_instant.filter(|at| *at > call.now).or(first.due_at);
    match next {
        Some(at) => {
            let at = instant(at, call.now, &zone);
            say("waiting", format!("prochain envoi prévu {}.", at.fr), format!("next send planned {}.", at.en))
        }
        None => say("waiting", "le prochain instant se prépare.".into(), "the next instant is being planned.".into()),
    }
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
