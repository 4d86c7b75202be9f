//! Replies: what an answer wants, and until when it asks to be left alone.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod answer;
mod calendar;
mod lexicon;
mod mood;
mod opt_out;
mod until;

use crate::language::{self, Language};
use answer::Answer;
use lexicon::Cue;

/// What an answer wants. Source: docs/rules.md, “Understanding a reply”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    Interested,
    Question,
    MeetingRequest,
    NotInterested,
    NotNow,
    WrongPerson,
    Unsubscribe,
    OutOfOffice,
    AutoReply,
    Other,
}

impl Intent {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interested => "interested",
            Self::Question => "question",
            Self::MeetingRequest => "meeting_request",
            Self::NotInterested => "not_interested",
            Self::NotNow => "not_now",
            Self::WrongPerson => "wrong_person",
            Self::Unsubscribe => "unsubscribe",
            Self::OutOfOffice => "out_of_office",
            Self::AutoReply => "auto_reply",
            Self::Other => "other",
        }
    }
}

/// The mood towards us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    Positive,
    Neutral,
    Negative,
}

impl Sentiment {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub intent: Intent,
    pub sentiment: Sentiment,
    pub language: Language,
    /// The first day on which the person may be written to again; only for `NotNow` and `OutOfOffice`.
    pub until: Option<Date>,
}

/// Reads an answer that came in at `received_at` (UTC).
///
/// When several intents fit: unsubscribe, absence notice, machine, meeting, wrong person, not now, not
/// interested, question, interested, other. Source: docs/rules.md, “Understanding a reply”.
pub fn read(text: &str, received_at: Timestamp) -> Reply {
    let answer = Answer::cut(text);
    let intent = intent_of(&answer);
    let until = match intent {
        Intent::NotNow | Intent::OutOfOffice => until::read(&answer.tokens, received_at.to_zoned(jiff::tz::TimeZone::UTC).date()),
        _ => None,
    };
    Reply { intent, sentiment: mood::of(&answer, intent), language: language::detect(text), until }
}

fn intent_of(answer: &Answer) -> Intent {
    let has = |cue| answer.has(cue);
    if answer.opts_out() && !answer.is_machine_made() || answer.is_bare_stop {
        return Intent::Unsubscribe;
    }
    if let Some(machine) = machine_intent(answer) {
        return machine;
    }
    if answer.offers_other_time() {
        return Intent::MeetingRequest;
    }
    let refuses = answer.refuses();
    if answer.proposes_time() && !refuses && !answer.asks_for_later() {
        return Intent::MeetingRequest;
    }
    let redirects = answer.redirects() || !answer.asks;
    if has(Cue::Wrong) && redirects && !answer.wants_more() {
        return Intent::WrongPerson;
    }
    if answer.asks_for_later() && !answer.refuses_for_good() {
        return Intent::NotNow;
    }
    if refuses {
        return Intent::NotInterested;
    }
    if answer.asks {
        return Intent::Question;
    }
    if has(Cue::Want) || has(Cue::FirmWant) || answer.has_thumb_up {
        return Intent::Interested;
    }
    if has(Cue::No) {
        return Intent::NotInterested;
    }
    // “Plutôt en septembre.”: a time alone puts off.
    if answer.names_delay() { Intent::NotNow } else { Intent::Other }
}

/// Absence notices and other machine answers. A person who is away and asks to come back later is no machine.
fn machine_intent(answer: &Answer) -> Option<Intent> {
    let (notice, machine, left) = (answer.has(Cue::AbsenceNotice), answer.count(Cue::Machine), answer.has(Cue::HasLeft));
    if left && (notice || machine > 0 || !answer.says_i) {
        return Some(Intent::AutoReply);
    }
    if notice
        && (answer.is_header || !answer.asks_for_contact())
        && !(answer.proposes_time() && !answer.is_header && machine == 0 && answer.asks)
    {
        return Some(Intent::OutOfOffice);
    }
    let typed = answer.asks || answer.wants_more();
    (machine > 0 && (machine > 1 || answer.is_header || !typed)).then_some(Intent::AutoReply)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Received on Wednesday, 14 October 2026.
    fn check(text: &str, intent: Intent, until: Option<&str>) {
        let reply = read(text, "2026-10-14T09:00:00Z".parse().unwrap());
        assert_eq!((reply.intent, reply.until.map(|day| day.to_string()).as_deref()), (intent, until), "{text}");
    }

    #[test]
    fn opting_out_wins_over_everything() {
        check("Stop", Intent::Unsubscribe, None);
        check("Comment avez-vous eu mon mail ? Ne m’écrivez plus.", Intent::Unsubscribe, None);
        check("On a arrêté ce projet l’an dernier.", Intent::NotInterested, None);
    }

    #[test]
    fn absence_is_generated_and_later_is_typed() {
        check("Réponse automatique : absente jusqu’au 23 octobre", Intent::OutOfOffice, Some("2026-10-24"));
        check("Recontactez-moi en mars", Intent::NotNow, Some("2027-03-01"));
        check("Your request has been received. Ticket 12", Intent::AutoReply, None);
    }

    #[test]
    fn meetings_and_their_refusal() {
        check("Mardi 10 h me convient", Intent::MeetingRequest, None);
        check("Pas de rendez-vous, merci", Intent::NotInterested, None);
        check("Pas contre un appel jeudi", Intent::MeetingRequest, None);
    }

    #[test]
    fn negation_may_accept() {
        check("Je ne dis pas non !", Intent::Interested, None);
        check("Pas intéressé", Intent::NotInterested, None);
        check("Quel est le prix ?", Intent::Question, None);
    }
}
