//! The dry run: what would go out on a day, to whom and when, and when the whole queue is through. It asks the gate
//! about that day and writes nothing. Rules: docs/rules.md, "Dry run".

use crate::call::{Call, Outcome, Reply};
use crate::decisions;
use crate::estimate;
use crate::messages;
use crate::problem::Problem;
use crate::words::{Text, text};
use domain::forecast::{self, DAYS_MAX, Forecast, Waiting};
use domain::gate::{self, Reason};
use domain::ids::ProspectId;
use domain::invitation::pauses_invitations;
use domain::standstill::{self, Cause};
use domain::vocabulary::{Channel, Provider, ReasonCode, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::HashMap;
use store::account::Account;
use store::facts::Office;
use store::message::Message;
use store::prospect::Dossier;
use store::{Versioned, Walk};

/// The most approved messages of an account that are looked at.
const QUEUE_MAX: usize = 1_000;
/// Approved messages read at once.
const PAGE: usize = 200;

/// `GET /operations/dry-run?date=`: each account in its own zone; without a date its tomorrow.
pub async fn dry_run(call: Call) -> Outcome {
    let date = date(&call)?;
    let accounts = call.store().accounts(call.ws()).await?;
    let mut shown = Vec::with_capacity(accounts.len());
    for account in &accounts {
        shown.push(of_account(&call, account, date).await?);
    }
    let zone = call.workspace().await?.settings.zone();
    let asked = match date {
        Some(date) => date,
        None => tomorrow(call.now.to_zoned(zone).date()),
    };
    Reply::ok(json!({"date": asked, "accounts": shown}))
}

fn date(call: &Call) -> Result<Option<Date>, Problem> {
    let Some(raw) = call.query.text("date") else { return Ok(None) };
    let expected = || text("une date est attendue, par exemple 2026-11-21", "a date is expected, for example 2026-11-21");
    raw.parse().map(Some).map_err(|_| Problem::query("date", expected()))
}

fn tomorrow(today: Date) -> Date {
    today.tomorrow().unwrap_or(today)
}

async fn of_account(call: &Call, account: &Versioned<Account>, asked: Option<Date>) -> Result<Value, Problem> {
    let today = call.now.to_zoned(account.zone()).date();
    let date = asked.unwrap_or_else(|| tomorrow(today));
    let last = today.checked_add(jiff::Span::new().days(DAYS_MAX as i64 - 1)).unwrap_or(today);
    if date < today || date > last {
        return Err(Problem::field(
            "date",
            text(format!("une date du {today} au {last} est attendue"), format!("a date from {today} to {last} is expected")),
        ));
    }
    let day = Day::of(call, account, date).await?;
    Ok(day.show(call))
}

/// An approved message, its person, and what the gate says of them on the day.
struct Candidate {
    message: Message,
    name: Option<String>,
    reasons: Vec<Reason>,
    verdict: Verdict,
    /// Why no decision is asked for: what the sender sees before the gate.
    aside: Option<(&'static str, Text)>,
    waiting: Waiting,
    /// Whether its turn comes at all as things stand.
    goes: bool,
}

/// A day of an account, worked out.
struct Day<'a> {
    account: &'a Account,
    date: Date,
    candidates: Vec<Candidate>,
    /// Places of `candidates` in the order of the forecast's queue.
    places: Vec<usize>,
    forecast: Forecast,
    /// More is approved than was looked at.
    more: bool,
    open: bool,
    /// Invitations that wait for an answer.
    pending: u32,
}

impl<'a> Day<'a> {
    async fn of(call: &Call, account: &'a Versioned<Account>, date: Date) -> Result<Self, Problem> {
        let window = account.limits.window(account.zone());
        let at = window.on(date).map_or(call.now, |opening| opening.start.max(call.now));
        let office = call.store().office(call.ws(), at).await?.ok_or_else(Problem::not_found)?;
        let (queue, more) = approved(call, account).await?;
        let mut candidates = Vec::with_capacity(queue.len());
        let room = call.store().room(account, date, call.now).await?;
        let stop = pauses_invitations(room.pending).then_some(room.pending);
        for message in queue {
            candidates.extend(candidate(call, &office, account, message.item, (at, stop)).await?);
        }
        let places: Vec<usize> = (0..candidates.len()).filter(|place| candidates[*place].goes).collect();
        let waiting: Vec<Waiting> = places.iter().map(|place| candidates[*place].waiting.clone()).collect();
        let forecast = match from(account, call.now) {
            Some(from) => {
                let outlook = call.store().outlook(account, office.workspace.settings.invite_without_note, call.now).await?;
                forecast::forecast(&outlook, &waiting, from, DAYS_MAX)
            }
            None => Forecast { left: (0..waiting.len()).collect(), ..Forecast::default() },
        };
        Ok(Self { account, date, candidates, places, forecast, more, open: window.on(date).is_some(), pending: room.pending })
    }

    fn show(&self, call: &Call) -> Value {
        let sent_by: HashMap<usize, Date> = self.forecast.sends.iter().map(|send| (self.places[send.place], send.date)).collect();
        let sends: Vec<Value> = self.forecast.sends.iter().filter(|s| s.date == self.date).map(|s| self.show_send(s)).collect();
        let overtaken: HashMap<usize, Timestamp> =
            self.forecast.overtaken.iter().map(|(place, at)| (self.places[*place], *at)).collect();
        let rest = (0..self.candidates.len()).filter(|place| sent_by.get(place).is_none_or(|date| *date > self.date));
        let (mut held, mut left_over) = (Vec::new(), 0);
        for place in rest {
            match self.show_held(call, place, overtaken.get(&place)) {
                Some(shown) => held.push(shown),
                None => left_over += 1,
            }
        }
        let through = !self.more && self.forecast.left.is_empty();
        let finishes_on = self.forecast.sends.last().map(|send| send.date).filter(|_| through);
        let why = if sends.is_empty() { Some(self.why(left_over, &held)) } else { None };
        json!({
            "account_id": self.account.id,
            "label": self.account.label,
            "timezone": self.account.timezone,
            "date": self.date,
            "sends": sends,
            "left_over": left_over,
            "held": held,
            "finishes_on": finishes_on,
            "why": why.map(|why| call.tongue.of(&why).to_owned()),
        })
    }

    fn show_send(&self, send: &forecast::Send) -> Value {
        let candidate = &self.candidates[self.places[send.place]];
        json!({
            "at": send.at, "message_id": candidate.message.id, "prospect_id": candidate.message.prospect,
            "name": candidate.name, "kind": kind(candidate.message.channel),
        })
    }

    /// Whether everything approved is an invitation, and these are paused.
    fn halted(&self) -> bool {
        pauses_invitations(self.pending) && self.candidates.iter().all(|c| c.message.channel == Channel::LinkedInInvitation)
    }

    /// A message that something stands against; `None`: only its turn has not come.
    fn show_held(&self, call: &Call, place: usize, overtaken: Option<&Timestamp>) -> Option<Value> {
        let candidate = &self.candidates[place];
        let mut reasons = decisions::show_reasons(&candidate.reasons, call.tongue);
        if let Some((code, said)) = &candidate.aside {
            reasons = json!([{"code": code, "text": call.tongue.of(said), "until": null}]);
        } else if overtaken.is_some_and(|at| at.to_zoned(self.account.zone()).date() <= self.date) {
            let said = text(
                "Un collègue est contacté avant cette personne\u{a0}: le filtre l’écartera.",
                "A colleague is contacted before this person: the gate will refuse them.",
            );
            reasons = json!([{"code": ReasonCode::CompanyRecentlyContacted, "text": call.tongue.of(&said), "until": null}]);
        }
        let stands_against = reasons.as_array().is_some_and(|reasons| !reasons.is_empty());
        stands_against.then(|| {
            json!({
                "message_id": candidate.message.id, "prospect_id": candidate.message.prospect, "name": candidate.name,
                "kind": kind(candidate.message.channel), "verdict": candidate.verdict, "reasons": reasons,
            })
        })
    }

    /// Why nothing goes on the day, in one sentence.
    fn why(&self, left_over: usize, held: &[Value]) -> Text {
        if self.account.provider == Provider::Manual {
            return text(
                "Ce compte fonctionne à la main\u{a0}: rien ne part tout seul.",
                "This account works by hand: nothing goes by itself.",
            );
        }
        if let Some(pause) = self.account.pause.as_ref().filter(|p| p.resumes_at.is_none()) {
            let reason = &pause.reason;
            return text(format!("Le compte est en pause ({reason})."), format!("The account is paused ({reason})."));
        }
        if self.candidates.is_empty() {
            return text("Rien n’est approuvé pour ce compte.", "Nothing is approved for this account.");
        }
        if !self.open {
            return text("Ce n’est pas un jour d’envoi de ce compte.", "This is no day of sends of this account.");
        }
        if self.halted() {
            return too_many_pending(self.pending).1;
        }
        if left_over == 0 && !held.is_empty() {
            return text("Tout ce qui est approuvé est retenu.", "Everything approved is held.");
        }
        if left_over == 0 {
            return text(
                "Tout ce qui est approuvé sera parti avant ce jour.",
                "Everything approved will have gone before this day.",
            );
        }
        text(
            "Les plafonds, les horaires ou les délais ne laissent rien partir ce jour-là.",
            "Caps, hours or delays let nothing go on this day.",
        )
    }
}

fn kind(channel: Channel) -> &'static str {
    if channel == Channel::LinkedInInvitation { "invitation" } else { "message" }
}

/// From when on an account sends; `None`: not before somebody resumes it, or never by itself.
fn from(account: &Account, now: Timestamp) -> Option<Timestamp> {
    if account.provider == Provider::Manual {
        return None;
    }
    match &account.pause {
        Some(pause) => pause.resumes_at.map(|at| at.max(now)),
        None => Some(now),
    }
}

async fn approved(call: &Call, account: &Account) -> Result<(Vec<Versioned<Message>>, bool), Problem> {
    let mut queue = Vec::new();
    let mut start = None;
    while queue.len() < QUEUE_MAX {
        let page = call.store().approved(call.ws(), &account.id, Walk { descending: true, limit: PAGE, start }).await?;
        queue.extend(page.items);
        start = page.next;
        if start.is_none() {
            return Ok((queue, false));
        }
    }
    Ok((queue, true))
}

/// `None`: the person is gone, and the message with them.
async fn candidate(
    call: &Call,
    office: &Office,
    account: &Account,
    message: Message,
    (at, stop): (Timestamp, Option<u32>),
) -> Result<Option<Candidate>, Problem> {
    let Some(dossier) = call.store().dossier(call.ws(), &message.prospect).await? else { return Ok(None) };
    let facts = messages::facts_at(call, office, &dossier, &message, at).await?;
    let decision = gate::decide(&facts, at);
    let stopped = stop.filter(|_| message.channel == Channel::LinkedInInvitation).map(too_many_pending);
    let aside = aside(office, &dossier, &message.prospect).or(stopped);
    let only = |code| decision.verdict == Verdict::Hold && decision.reasons.iter().all(|r| r.code == code);
    let budget = only(ReasonCode::BudgetSpent);
    let resumes = only(ReasonCode::AccountPaused) && account.pause.as_ref().is_some_and(|p| p.resumes_at.is_some());
    let mut waiting = estimate::waiting(&message);
    waiting.companies.clone_from(&dossier.prospect.summary.company_keys);
    waiting.colleagues_left = gate::colleagues_left(&facts, at);
    if budget {
        // With the new month there is a new budget.
        let next = at.to_zoned(office.workspace.settings.zone()).date().last_of_month().tomorrow().ok();
        let next = next.and_then(|date| date.to_zoned(office.workspace.settings.zone()).ok()).map(|z| z.timestamp());
        waiting.not_before = waiting.not_before.max(next);
    }
    let goes = aside.is_none() && (decision.verdict == Verdict::Allow || budget || resumes);
    let name = dossier.prospect.item.name;
    Ok(Some(Candidate { message, name, reasons: decision.reasons, verdict: decision.verdict, aside, waiting, goes }))
}

/// New invitations wait until fewer are unanswered.
fn too_many_pending(pending: u32) -> (&'static str, Text) {
    let cause = Cause::PendingStop { pending };
    let (fr, en) = standstill::sentence(&cause, |_| Default::default());
    (cause.code(), text(fr, en))
}

/// What keeps the sender from asking the gate at all.
fn aside(office: &Office, dossier: &Dossier, person: &ProspectId) -> Option<(&'static str, Text)> {
    if dossier.prospect.id != *person {
        return Some(("merged", text("Cette fiche a été réunie avec une autre.", "This person was merged into another one.")));
    }
    let mut addresses: Vec<&str> = dossier.prospect.keys.iter().map(|k| k.value.as_str()).collect();
    addresses.extend(dossier.prospect.profile_url.as_deref());
    if office.workspace.settings.may_receive(&addresses) {
        return None;
    }
    Some((
        "test_recipients",
        text("Seuls les destinataires de test reçoivent quelque chose.", "Only the test recipients are sent anything."),
    ))
}
