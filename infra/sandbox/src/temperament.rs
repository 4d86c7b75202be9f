//! Who accepts, who replies, when and in what words.

use serde::{Deserialize, Serialize};

use crate::chance;
use crate::people::Person;

const MINUTE: f64 = 60.0;
const DAY: f64 = 86_400.0;
const ACCEPTS: f64 = 0.65;
const REPLIES: f64 = 0.5;
const REPLIES_AGAIN: f64 = 0.3;

/// How one person answers. Drawn from the seed and the person unless forced.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Temperament {
    /// Seconds from an invitation to its acceptance; `None` ignores it.
    pub accept_after_seconds: Option<i64>,
    /// Seconds from our message to the reply; `None` never replies.
    pub reply_after_seconds: Option<i64>,
    /// What the reply says; needed for a reply.
    pub reply_text: Option<String>,
}

impl Temperament {
    /// Ignores invitations and messages.
    pub fn never() -> Self {
        Temperament::default()
    }

    /// Accepts invitations after so many seconds.
    pub fn accepts_after(self, seconds: i64) -> Self {
        Temperament { accept_after_seconds: Some(seconds), ..self }
    }

    /// Replies to messages after so many seconds.
    pub fn replies_after(self, seconds: i64, text: &str) -> Self {
        Temperament { reply_after_seconds: Some(seconds), reply_text: Some(text.to_owned()), ..self }
    }

    /// The temperament of a person under a seed, for the reply after `replies` earlier ones.
    pub(crate) fn drawn(seed: u64, person: &Person, replies: usize) -> Self {
        let slug = person.slug.as_str();
        let round = replies.to_string();
        let accepts = chance::unit(seed, &["accepts", slug]) < ACCEPTS;
        let odds = if replies == 0 { REPLIES } else { REPLIES_AGAIN };
        let reply = (chance::unit(seed, &["replies", slug, &round]) < odds).then(|| Mood::drawn(seed, slug, &round));
        Temperament {
            accept_after_seconds: accepts.then(|| chance::delay_seconds(seed, &["accept", slug], 5.0 * MINUTE, 4.0 * DAY)),
            reply_after_seconds: reply.map(|mood| match mood {
                Mood::OutOfOffice => 60,
                _ => chance::delay_seconds(seed, &["reply", slug, &round], 10.0 * MINUTE, 3.0 * DAY),
            }),
            reply_text: reply.map(|mood| {
                let texts = mood.texts(person.reads_english());
                texts[chance::below(seed, &["text", slug, &round], texts.len())].to_owned()
            }),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Mood {
    Interested,
    Question,
    Meeting,
    NotInterested,
    Stop,
    OutOfOffice,
}

impl Mood {
    fn drawn(seed: u64, slug: &str, round: &str) -> Mood {
        match chance::below(seed, &["mood", slug, round], 100) {
            0..24 => Mood::Interested,
            24..45 => Mood::Question,
            45..65 => Mood::Meeting,
            65..83 => Mood::NotInterested,
            83..90 => Mood::Stop,
            _ => Mood::OutOfOffice,
        }
    }

    fn texts(self, english: bool) -> &'static [&'static str] {
        match (self, english) {
            (Mood::Interested, false) => &[
                "Bonjour, oui le sujet m’intéresse, vous pouvez m’en dire plus.",
                "Ça tombe bien, on en parlait hier. Envoyez-moi votre présentation.",
                "Volontiers, je veux bien voir un exemple.",
            ],
            (Mood::Question, false) => &[
                "Vous partez de quel tarif\u{202f}?",
                "Est-ce que cela s’adapte à une équipe de trois commerciaux\u{202f}?",
                "Vous avez des références dans l’industrie\u{202f}?",
            ],
            (Mood::Meeting, false) => &[
                "Parlons-en de vive voix\u{202f}: jeudi 14 h me convient.",
                "D’accord pour un appel de vingt minutes, mardi matin par exemple.",
                "Appelez-moi la semaine prochaine, plutôt en fin de journée.",
            ],
            (Mood::NotInterested, false) => &[
                "Merci, mais nous sommes déjà équipés.",
                "Pas pour nous, merci.",
                "Je ne suis pas intéressé, bonne continuation.",
            ],
            (Mood::Stop, false) => &["STOP", "Merci de ne plus me contacter."],
            (Mood::OutOfOffice, false) => &[
                "Réponse automatique\u{a0}: absent du bureau, je vous répondrai à mon retour.",
                "Je suis en congé et lirai votre message à mon retour.",
            ],
            (Mood::Interested, true) => &["Sounds interesting, tell me more.", "Sure, please send me an example."],
            (Mood::Question, true) => &["What does it cost?", "Does it work for a team of three?"],
            (Mood::Meeting, true) => &["Happy to talk. Thursday 2 pm works for me.", "Let’s book a call next week."],
            (Mood::NotInterested, true) => &["Thanks, but not for us.", "We already have a partner for this."],
            (Mood::Stop, true) => &["Stop messaging me.", "Please remove me from your list."],
            (Mood::OutOfOffice, true) => &["Automatic reply: I am out of the office and will reply on my return."],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::recorded;

    #[test]
    fn most_accept_some_never_and_the_seed_decides() {
        let people = &recorded().people;
        let drawn: Vec<_> = people.values().map(|person| Temperament::drawn(7, person, 0)).collect();
        let accepting = drawn.iter().filter(|t| t.accept_after_seconds.is_some()).count();
        let replying = drawn.iter().filter(|t| t.reply_after_seconds.is_some()).count();
        assert!((people.len() / 2..people.len() * 4 / 5).contains(&accepting), "{accepting}");
        assert!((people.len() / 3..people.len() * 2 / 3).contains(&replying), "{replying}");
        for temperament in &drawn {
            assert_eq!(temperament.reply_after_seconds.is_some(), temperament.reply_text.is_some());
        }
        let person = &people["adrien-perrot-43de3674c"];
        assert_eq!(Temperament::drawn(7, person, 0), Temperament::drawn(7, person, 0));
        assert!((0..20).any(|seed| Temperament::drawn(seed, person, 0) != Temperament::drawn(7, person, 0)));
    }
}
