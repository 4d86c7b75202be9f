//! Standstill: why nothing of an account is going out at this moment, in one sentence. Rules: docs/rules.md, “Why
//! nothing goes out”.

use crate::hours::Window;
use crate::invitation::Standing;
use crate::limits::{ACCEPTANCE_LEAST_PERCENT, FREE_NOTES_PER_MONTH, PENDING_MAX};
use jiff::Timestamp;

/// How an account's sends stand.
#[derive(Clone, Debug)]
pub struct Desk {
    pub label: String,
    /// A person sends by hand.
    pub manual: bool,
    /// There is a session to send by.
    pub connected: bool,
    /// Why it is paused, and until when where it goes on by itself.
    pub paused: Option<(String, Option<Timestamp>)>,
    /// When it sends.
    pub window: Window,
    pub standing: Standing,
    /// Approved messages that were looked at, the best first.
    pub approved: Vec<Approved>,
    /// What the caps of this day and of seven days leave, for invitations and for messages.
    pub invitations: Room,
    pub messages: Room,
    /// Session reads left of this day, and of seven days.
    pub reads: Room,
    /// Invitations with a note left this month; `None`: any number.
    pub notes_left: Option<u32>,
    /// When the best approved message goes.
    pub next_instant: Option<Timestamp>,
}

/// What two caps leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub day: u32,
    pub week: u32,
}

impl Room {
    fn is_empty(self) -> bool {
        self.day == 0 || self.week == 0
    }
}

/// One approved message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    pub invitation: bool,
    /// It goes with a note, and the workspace did not say to leave it out.
    pub needs_note: bool,
    pub not_before: Option<Timestamp>,
    /// Why it was put off.
    pub put_off: Option<String>,
}

/// The cause, with what the sentence needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    ManualMode {
        waiting: usize,
    },
    NotConnected,
    Paused {
        reason: String,
        until: Option<Timestamp>,
    },
    NoDay,
    /// Sends begin again then; `day_off`: this is no day of sends.
    Closed {
        opens: Timestamp,
        day_off: bool,
    },
    /// Too many invitations wait for an answer, and nothing else is approved.
    PendingStop {
        pending: u32,
    },
    NotesSpent,
    ReadsSpent,
    CapOfDay,
    CapOfWeek,
    /// Everything approved waits for its time: the reason of the first one, and when that is.
    PutOff {
        why: Option<String>,
        until: Timestamp,
    },
    /// Nothing is wrong.
    Next {
        at: Option<Timestamp>,
        pace_halved: bool,
    },
}

impl Cause {
    /// The code of the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ManualMode { .. } => "manual_mode",
            Self::NotConnected => "not_connected",
            Self::Paused { .. } => "account_paused",
            Self::NoDay => "no_day",
            Self::Closed { .. } => "outside_hours",
            Self::PendingStop { .. } => "too_many_pending",
            Self::NotesSpent => "notes_spent",
            Self::ReadsSpent => "reads_spent",
            Self::CapOfDay | Self::CapOfWeek => "cap_reached",
            Self::PutOff { .. } => "put_off",
            Self::Next { .. } => "waiting",
        }
    }
}

/// Why nothing of the account goes out at `now`; `None`: nothing is approved for it.
pub fn cause(desk: &Desk, now: Timestamp) -> Option<Cause> {
    if let Some((reason, until)) = &desk.paused {
        return Some(Cause::Paused { reason: reason.clone(), until: *until });
    }
    if desk.approved.is_empty() {
        return None;
    }
    if desk.manual {
        return Some(Cause::ManualMode { waiting: desk.approved.len() });
    }
    if !desk.connected {
        return Some(Cause::NotConnected);
    }
    if !desk.window.is_open(now) {
        return Some(match desk.window.next_open(now) {
            Some(opens) => Cause::Closed { opens, day_off: desk.window.on(desk.window.date_of(now)).is_none() },
            None => Cause::NoDay,
        });
    }
    Some(held_back(desk, now).unwrap_or(Cause::Next { at: desk.next_instant, pace_halved: desk.standing.halves_the_pace() }))
}

/// What keeps back everything that is approved, within the hours.
fn held_back(desk: &Desk, now: Timestamp) -> Option<Cause> {
    if desk.reads.is_empty() {
        return Some(Cause::ReadsSpent);
    }
    let mut causes = desk.approved.iter().map(|message| of_message(desk, message, now));
    let first = causes.next()??;
    // The best one names the cause, unless another one may go.
    if causes.all(|cause| cause.is_some()) { Some(first) } else { None }
}

fn of_message(desk: &Desk, message: &Approved, now: Timestamp) -> Option<Cause> {
    let room = if message.invitation { desk.invitations } else { desk.messages };
    if message.invitation && crate::invitation::pauses_invitations(desk.standing.pending) {
        return Some(Cause::PendingStop { pending: desk.standing.pending });
    }
    if room.week == 0 {
        return Some(Cause::CapOfWeek);
    }
    if room.day == 0 {
        return Some(Cause::CapOfDay);
    }
    if message.needs_note && desk.notes_left == Some(0) {
        return Some(Cause::NotesSpent);
    }
    let until = message.not_before.filter(|at| now < *at)?;
    if message.put_off.is_none() && desk.next_instant.is_some_and(|next| next >= until) {
        // Only the time in which an approval can be undone: it goes with the next instant.
        return None;
    }
    Some(Cause::PutOff { why: message.put_off.clone(), until })
}

/// The sentence about a cause, French and English; `instant` says an instant in the account's zone.
pub fn sentence(cause: &Cause, instant: impl Fn(Timestamp) -> (String, String)) -> (String, String) {
    let at = |fr: &str, en: &str, at: Timestamp| {
        let (said_fr, said_en) = instant(at);
        (format!("{fr} {said_fr}."), format!("{en} {said_en}."))
    };
    let plain = |fr: &str, en: &str| (fr.to_owned(), en.to_owned());
    match cause {
        Cause::ManualMode { waiting } => (
            format!("ce compte fonctionne à la main, {waiting} envois approuvés attendent que vous les fassiez."),
            format!("this account works by hand, {waiting} approved sends wait for you to make them."),
        ),
        Cause::NotConnected => plain(
            "la session LinkedIn n’est plus utilisable, reconnectez le compte.",
            "the LinkedIn session is gone, connect it again.",
        ),
        Cause::Paused { reason, until: None } => (
            format!("le compte est en pause ({reason}), jusqu’à ce que vous le repreniez."),
            format!("the account is paused ({reason}) until you resume it."),
        ),
        Cause::Paused { reason, until: Some(until) } => at(
            &format!("le compte est en pause ({reason}), reprise"),
            &format!("the account is paused ({reason}), goes on"),
            *until,
        ),
        Cause::NoDay => plain("aucun jour d’envoi n’est choisi.", "no day is chosen for sends."),
        Cause::Closed { opens, day_off: true } => {
            at("ce n’est pas un jour d’envoi, reprise", "this is no day of sends, goes on", *opens)
        }
        Cause::Closed { opens, day_off: false } => at("hors des heures d’envoi, reprise", "outside the hours, goes on", *opens),
        Cause::PendingStop { pending } => (
            format!(
                "{pending} invitations attendent une réponse, plus de {PENDING_MAX}\u{a0}: les nouvelles attendent qu’il y en ait moins."
            ),
            format!("{pending} invitations wait for an answer, more than {PENDING_MAX}: new ones wait until there are fewer."),
        ),
        Cause::NotesSpent => (
            format!(
                "les {FREE_NOTES_PER_MONTH} invitations avec note du mois sont parties\u{a0}: attendez le mois prochain, ou approuvez l’envoi sans note."
            ),
            format!(
                "the month’s {FREE_NOTES_PER_MONTH} invitations with a note have gone: wait for next month, or approve sending without a note."
            ),
        ),
        Cause::ReadsSpent => plain(
            "les lectures LinkedIn du jour ou de la semaine sont épuisées, et rien ne part sans vérifier où en est la personne.",
            "the LinkedIn reads of the day or week are used up, and nothing goes without looking where the person stands.",
        ),
        Cause::CapOfDay => plain(
            "le plafond du jour est atteint, la suite part le prochain jour d’envoi.",
            "the cap of the day is reached, the rest goes on the next day of sends.",
        ),
        Cause::CapOfWeek => {
            plain("le plafond des sept derniers jours est atteint.", "the cap of the last seven days is reached.")
        }
        Cause::PutOff { why: Some(why), until } => {
            let why = why.trim_end_matches('.');
            at(&format!("{why}\u{a0}; nouvel essai"), &format!("put off (“{why}”), tried again"), *until)
        }
        Cause::PutOff { why: None, until } => at(
            "ce qui est approuvé attend son moment, au plus tôt",
            "what is approved waits for its time, at the earliest",
            *until,
        ),
        Cause::Next { at: Some(next), pace_halved: true } => {
            let percent = ACCEPTANCE_LEAST_PERCENT;
            at(
                &format!("rythme réduit de moitié (moins de {percent}\u{a0}% d’acceptations), prochain envoi prévu"),
                &format!("the pace is halved (under {percent}% accept), next send planned"),
                *next,
            )
        }
        Cause::Next { at: Some(next), pace_halved: false } => at("prochain envoi prévu", "next send planned", *next),
        Cause::Next { at: None, .. } => plain("le prochain instant se prépare.", "the next instant is being planned."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{Day, Hours};
    use jiff::tz::TimeZone;

    /// A Friday, ten o'clock in Paris.
    fn now() -> Timestamp {
        at("2026-11-20T09:00:00Z")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn invitation() -> Approved {
        Approved { invitation: true, needs_note: true, not_before: None, put_off: None }
    }

    /// An account about to send an invitation.
    fn desk() -> Desk {
        let days = vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri];
        let plenty = Room { day: 9, week: 40 };
        Desk {
            label: "Claire".into(),
            manual: false,
            connected: true,
            paused: None,
            window: Window { zone: TimeZone::get("Europe/Paris").unwrap(), hours: Hours::WORKING, days },
            standing: Standing::default(),
            approved: vec![invitation()],
            invitations: plenty,
            messages: plenty,
            reads: plenty,
            notes_left: None,
            next_instant: Some(at("2026-11-20T09:30:00Z")),
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Desk), expected: &str) {
        check_at(now(), change, expected);
    }

    #[track_caller]
    fn check_at(now: Timestamp, change: impl FnOnce(&mut Desk), expected: &str) {
        let mut desk = desk();
        change(&mut desk);
        let found = cause(&desk, now);
        assert_eq!(found.as_ref().map_or("nothing", Cause::code), expected, "{found:?}");
        let said = found.map(|cause| sentence(&cause, |at| (at.to_string(), at.to_string())));
        assert!(said.is_none_or(|(fr, en)| fr.ends_with('.') && en.ends_with('.') && fr != en));
    }

    #[test]
    fn every_cause_is_told() {
        check(|_| {}, "waiting");
        check(|d| d.approved.clear(), "nothing");
        check(|d| d.manual = true, "manual_mode");
        check(|d| d.connected = false, "not_connected");
        check(|d| d.paused = Some(("vacances".into(), None)), "account_paused");
        check(|d| (d.paused, d.approved) = (Some(("vacances".into(), Some(now()))), vec![]), "account_paused");
        check(|d| d.window.days.clear(), "no_day");
        check(|d| d.standing.pending = 501, "too_many_pending");
        check(|d| d.standing.pending = 500, "waiting");
        check(|d| d.notes_left = Some(0), "notes_spent");
        check(|d| (d.notes_left, d.approved[0].needs_note) = (Some(0), false), "waiting");
        check(|d| d.reads.day = 0, "reads_spent");
        check(|d| d.invitations.day = 0, "cap_reached");
        check(|d| d.invitations.week = 0, "cap_reached");
        check(|d| d.messages.day = 0, "waiting");
        check(|d| d.approved[0].not_before = Some(at("2026-11-20T13:00:00Z")), "put_off");
        check(|d| d.approved[0].not_before = Some(at("2026-11-20T09:00:30Z")), "waiting");
        check(|d| d.approved[0].not_before = Some(now()), "waiting");
        check_at(at("2026-11-21T09:00:00Z"), |_| {}, "outside_hours");
        check_at(at("2026-11-20T20:00:00Z"), |_| {}, "outside_hours");
    }

    #[test]
    fn one_that_may_go_is_no_standstill() {
        let message = Approved { invitation: false, needs_note: false, ..invitation() };
        check(|d| (d.standing.pending, d.approved) = (501, vec![invitation(), message.clone()]), "waiting");
        check(
            |d| (d.standing.pending, d.messages.day, d.approved) = (501, 0, vec![invitation(), message.clone()]),
            "too_many_pending",
        );
    }

    #[test]
    fn the_sentence_says_what_to_do_or_when_it_goes_on() {
        let said = |change: fn(&mut Desk), now| {
            let mut desk = desk();
            change(&mut desk);
            sentence(&cause(&desk, now).unwrap(), |at| (at.to_string(), at.to_string())).0
        };
        assert_eq!(said(|_| {}, at("2026-11-21T09:00:00Z")), "ce n’est pas un jour d’envoi, reprise 2026-11-23T08:00:00Z.");
        assert_eq!(said(|_| {}, at("2026-11-20T20:00:00Z")), "hors des heures d’envoi, reprise 2026-11-23T08:00:00Z.");
        assert!(said(|d| d.standing.pending = 640, now()).starts_with("640 invitations attendent une réponse"));
        let poor = |d: &mut Desk| d.standing = Standing { pending: 0, invited: 50, accepted: 9 };
        assert!(said(poor, now()).starts_with("rythme réduit de moitié (moins de 20\u{a0}% d’acceptations)"));
        let put_off = |d: &mut Desk| {
            d.approved[0].not_before = Some(at("2026-11-20T13:00:00Z"));
            d.approved[0].put_off = Some("Cette personne vous a invité.".into());
        };
        assert_eq!(said(put_off, now()), "Cette personne vous a invité\u{a0}; nouvel essai 2026-11-20T13:00:00Z.");
    }
}
