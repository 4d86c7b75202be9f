//! “Why is nothing going out now?”, in one sentence. Rules: docs/rules.md, "Why nothing goes out".

use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use crate::words::{Text, instant, text};
use domain::ids::AccountId;
use domain::limits::{self, Kind};
use domain::standstill::{Approved, Cause, Desk, Room, cause, sentence};
use domain::vocabulary::{Channel, Provider};
use serde_json::{Value, json};
use store::Walk;
use store::account::Account;
use store::facts::Office;

/// Approved messages of an account that are looked at, the best first.
const LOOKED_AT: usize = 100;
/// Drafts waiting for review that are counted.
const DRAFTS_COUNTED: usize = 100;

/// One answer.
struct Why {
    code: &'static str,
    account: Option<AccountId>,
    said: Text,
}

/// `GET /operations/why`: in one sentence, with everything that holds.
pub async fn why(call: Call) -> Outcome {
    let office = call.store().office(call.ws(), call.now).await?.ok_or_else(Problem::not_found)?;
    let mut reasons = of_workspace(&office);
    let mut approved = false;
    for account in &office.accounts {
        let found = of_account(&call, &office, &account.item).await?;
        approved |= found.as_ref().is_some_and(|(_, waits)| *waits);
        reasons.extend(found.map(|(why, _)| why));
    }
    if !approved && !office.accounts.is_empty() {
        reasons.push(nothing_approved(&call).await?);
    }
    let tongue = call.tongue;
    let shown: Vec<Value> =
        reasons.iter().map(|r| json!({"code": r.code, "account_id": r.account, "text": tongue.of(&r.said)})).collect();
    let sentence = reasons.first().map(|r| tongue.of(&r.said).to_owned()).unwrap_or_default();
    Reply::ok(json!({"text": sentence, "reasons": shown}))
}

fn of_workspace(office: &Office) -> Vec<Why> {
    let settings = &office.workspace.settings;
    let listed = settings.test_recipients.len();
    let all = [
        (
            settings.icp.is_none(),
            "no_icp",
            text("Le client idéal (ICP) n’est pas décrit.", "The ideal customer (ICP) is not described."),
        ),
        (settings.threshold.is_none(), "no_threshold", text("Le seuil n’est pas fixé.", "The threshold is not set.")),
        (
            office.accounts.is_empty(),
            "no_account",
            text("Aucun compte LinkedIn n’est connecté.", "No LinkedIn account is connected."),
        ),
        (office.budget_spent, "budget_spent", text("Le budget du mois est dépensé.", "This month’s budget is spent.")),
        (
            listed > 0,
            "test_recipients",
            text(
                format!(
                    "Seuls les destinataires de test reçoivent quelque chose ({listed})\u{a0}: videz leur liste pour écrire aux autres."
                ),
                format!("Only the test recipients are sent anything ({listed}): empty their list to write to the others."),
            ),
        ),
    ];
    let holding = all.into_iter().filter(|(holds, _, _)| *holds);
    holding.map(|(_, code, said)| Why { code, account: None, said }).collect()
}

async fn nothing_approved(call: &Call) -> Result<Why, Problem> {
    let walk = Walk { descending: true, limit: DRAFTS_COUNTED, start: None };
    let drafts = call.store().relaxed().review(call.ws(), walk).await?.items.len();
    let many = if drafts >= DRAFTS_COUNTED { format!("au moins {drafts}") } else { drafts.to_string() };
    let (code, said) = match drafts {
        0 => (
            "nothing_approved",
            text(
                "Rien n’est approuvé et rien n’attend de relecture\u{a0}: lancez une collecte ou regardez qui le filtre écarte.",
                "Nothing is approved and nothing waits for review: start a collection or look at whom the gate refuses.",
            ),
        ),
        1 => (
            "review_waiting",
            text(
                "Rien n’est approuvé\u{a0}: un message attend votre relecture dans la file «\u{a0}À valider\u{a0}».",
                "Nothing is approved: one message waits in the review queue.",
            ),
        ),
        _ => (
            "review_waiting",
            text(
                format!(
                    "Rien n’est approuvé\u{a0}: {many} messages attendent votre relecture dans la file «\u{a0}À valider\u{a0}»."
                ),
                format!("Nothing is approved: {drafts} messages wait in the review queue."),
            ),
        ),
    };
    Ok(Why { code, account: None, said })
}

/// What holds for an account, and whether anything is approved for it.
async fn of_account(call: &Call, office: &Office, account: &Account) -> Result<Option<(Why, bool)>, Problem> {
    let desk = desk(call, office, account).await?;
    let Some(cause) = cause(&desk, call.now) else { return Ok(None) };
    let zone = account.zone();
    let (fr, en) = sentence(&cause, |at| {
        let said = instant(at, call.now, &zone);
        (said.fr, said.en)
    });
    let label = &account.label;
    let said = text(format!("{label}\u{a0}: {fr}"), format!("{label}: {en}"));
    Ok(Some((Why { code: cause.code(), account: Some(account.id.clone()), said }, !desk.approved.is_empty())))
}

/// The account’s one sentence where its pace or its waiting invitations are what slows it down.
pub fn slowed(account: &Account) -> Vec<(&'static str, Text)> {
    let standing = account.standing();
    let mut found = Vec::new();
    if let Some(percent) = standing.acceptance_percent().filter(|_| standing.halves_the_pace()) {
        let said = text(
            format!(
                "{percent}\u{a0}% des 50 dernières invitations de plus d’une semaine sont acceptées, moins de 20\u{a0}%\u{a0}: le rythme des envois est réduit de moitié"
            ),
            format!(
                "{percent}% of the last 50 invitations older than a week were accepted, under 20%: the pace of sends is halved"
            ),
        );
        found.push(("pace", said));
    }
    if account.had_too_many_pending() {
        let (fr, en) = sentence(&Cause::PendingStop { pending: standing.pending }, |_| Default::default());
        found.push(("pending_invitations", text(fr.trim_end_matches('.'), en.trim_end_matches('.'))));
    }
    found
}

async fn desk(call: &Call, office: &Office, account: &Account) -> Result<Desk, Problem> {
    let settings = &office.workspace.settings;
    let walk = Walk { descending: true, limit: LOOKED_AT, start: None };
    let approved = call.store().approved(call.ws(), &account.id, walk).await?.items;
    let limits = account.limits_at(call.now);
    let window = limits.window(account.zone());
    let room = call.store().room(account, window.date_of(call.now), call.now).await?;
    let due = approved.first().and_then(|m| m.due_at).filter(|at| *at > call.now);
    let standing = domain::invitation::Standing { pending: room.pending, ..account.standing() };
    let approved = approved.iter().map(|message| Approved {
        invitation: message.channel == Channel::LinkedInInvitation,
        needs_note: message.has_note() && !message.may_go_without_note(settings),
        not_before: message.not_before,
        put_off: message.failure.clone(),
    });
    Ok(Desk {
        label: account.label.clone(),
        manual: account.provider == Provider::Manual,
        connected: account.provider == Provider::Manual || has_session(call, account),
        paused: account.is_paused(call.now).then(|| {
            let pause = account.pause.as_ref();
            (pause.map(|p| p.reason.clone()).unwrap_or_default(), pause.and_then(|p| p.resumes_at))
        }),
        standing,
        invitations: room.caps_left(Kind::Invitation),
        messages: room.caps_left(Kind::Message),
        reads: reads_left(call, account, &limits).await?,
        notes_left: limits::notes_left(account.tier, room.notes_this_month()),
        next_instant: room.day.next_instant.filter(|at| *at > call.now).or(due),
        approved: approved.collect(),
        window,
    })
}

/// Whether the provider is set up here and the account's session can be opened.
fn has_session(call: &Call, account: &Account) -> bool {
    let providers = &call.console.providers;
    let session = providers.session(account.credentials.as_deref(), account.id.as_str(), &account.country);
    providers.linkedin(account.provider).is_some() && session.is_ok()
}

async fn reads_left(call: &Call, account: &Account, limits: &limits::Limits) -> Result<Room, Problem> {
    let today = call.now.to_zoned(account.zone()).date();
    let from = today.checked_sub(jiff::Span::new().days(6)).unwrap_or(today);
    let reads = call.store().account_reads(call.ws(), &account.id, from, today).await?;
    let of_today = reads.get(&today).copied().unwrap_or(0);
    Ok(Room {
        day: limits.reads_per_day.saturating_sub(of_today),
        week: limits.reads_per_week.saturating_sub(reads.values().sum()),
    })
}
