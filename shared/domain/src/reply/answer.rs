//! An answer cut into tokens and cues, and what they say together.

use super::calendar::{month_of, weekday_of};
use super::lexicon::{Cue, cues};
use super::opt_out;
use super::until::{self, Token};
use crate::fold::fold;
use crate::phrases::Match;
use crate::tone::opens_question;

/// Longer answers are read up to here (bytes): signatures and quoted threads add nothing.
const ANSWER_MAX_BYTES: usize = 4000;

/// An answer as the rules read it.
#[derive(Debug)]
pub struct Answer {
    pub tokens: Vec<Token>,
    cues: Vec<Match<Cue>>,
    /// Put as a question, with or without a mark.
    pub asks: bool,
    /// Begins like a machine’s answer (“Automatic reply: …”).
    pub is_header: bool,
    /// The writer speaks of themselves.
    pub says_i: bool,
    pub has_thumb_up: bool,
    /// A sentence that is “STOP”, “arrêt svp”, “Remove.” and nothing else.
    pub is_bare_stop: bool,
    pub exclaims_much: bool,
}

impl Answer {
    /// Cuts an answer; quoted lines (“> …”) and what follows “wrote:” are not the writer’s.
    pub fn cut(raw: &str) -> Self {
        let mut end = raw.len().min(ANSWER_MAX_BYTES);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        let own: String = raw[..end]
            .lines()
            .take_while(|line| !is_quote_header(line))
            .filter(|line| !line.trim_start().starts_with('>'))
            .collect::<Vec<_>>()
            .join("\n");
        let folded = fold(&own);
        let tokens = until::tokens(&folded);
        let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
        let mut found = cues().matches(&words);
        for cue in &mut found {
            // “ça m’intéresse pas”: a yes with a negation behind it is a no.
            let negated = matches!(words.get(cue.to).copied(), Some("pas" | "plus" | "guere" | "nullement" | "aucunement"));
            let mild = matches!(words.get(cue.to + 1).copied(), Some("mal" | "contre" | "de" | "besoin" | "d" | "tard" | "que"));
            if cue.meaning == Cue::Want && negated && !mild && cue.to > cue.from + 1 {
                cue.meaning = Cue::Refuse;
            }
        }
        let asks = own.contains(['?', '？']) || found.iter().any(|cue| cue.meaning == Cue::Asks) || clauses_ask(&folded);
        let is_header = begins_like_machine(&words);
        let says_i = words.iter().any(|word| matches!(*word, "je" | "j" | "moi" | "i" | "me" | "ich" | "chu"));
        let has_thumb_up = raw.contains(['👍', '👌', '🙋', '✅', '🤝']);
        let exclaims_much = own.matches('!').count() > 1;
        let is_bare_stop = folded.split(['.', '!', '?', '\n', ',']).any(is_bare_stop) || is_stop_with_object(&words) && !asks;
        Self { cues: found, is_bare_stop, asks, is_header, says_i, has_thumb_up, exclaims_much, tokens }
    }

    pub fn has(&self, cue: Cue) -> bool {
        self.cues.iter().any(|found| found.meaning == cue)
    }

    pub fn count(&self, cue: Cue) -> usize {
        self.cues.iter().filter(|found| found.meaning == cue).count()
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.word.as_str())
    }

    /// Demands that we stop or delete; a time behind it makes it a delay (“ne me relancez pas avant mars”).
    pub fn opts_out(&self) -> bool {
        let words: Vec<&str> = self.tokens.iter().map(|token| token.word.as_str()).collect();
        let delayed = |found: &Match<Cue>| {
            matches!(words.get(found.to).copied(), Some("avant" | "before" | "until"))
                || matches!(words.get(found.to + 1).copied(), Some("avant" | "before" | "until"))
        };
        self.cues.iter().any(|found| found.meaning == Cue::OptOut && !delayed(found)) || opt_out::demanded(&words)
    }

    /// Short, and tells a month, quarter or later time by name.
    pub fn names_delay(&self) -> bool {
        let named = |word: &str| {
            month_of(word).is_some()
                || matches!(word, "rentree" | "trimestre" | "semestre" | "quarter" | "prochain" | "prochaine" | "next")
        };
        self.tokens.len() <= 12 && self.tokens.iter().any(|token| token.word.len() > 3 && named(&token.word))
    }

    /// A footer of a machine’s answer may offer to unsubscribe.
    pub fn is_machine_made(&self) -> bool {
        self.is_header || self.count(Cue::Machine) > 1
    }

    /// Accepts, proposes or books a time, or asks to be called.
    pub fn proposes_time(&self) -> bool {
        if self.has(Cue::NoMeeting) {
            return false;
        }
        self.has(Cue::Meeting) || self.names_time()
    }

    /// “mercredi 16h”, “demain 8 h 45”, “Tuesday 3pm”, “mercredi plutôt ?”.
    fn names_time(&self) -> bool {
        let day = |at: usize| {
            weekday_of(self.word(at)).is_some()
                || matches!(self.word(at), "demain" | "tomorrow" | "aujourd" | "today" | "apres" | "tonight")
        };
        let at_hour = |at: usize| {
            let led = matches!(self.word(at.wrapping_sub(1)), "pour" | "a" | "at" | "vers" | "around" | "apres" | "after");
            led && self.is_hour(at)
        };
        // “Wednesday at 11”, “jeudi vers 9”.
        let bare_hour = |at: usize| {
            weekday_of(self.word(at - 2)).is_some()
                && matches!(self.word(at - 1), "at" | "a" | "vers" | "around")
                && self.word(at).parse::<u8>().is_ok_and(|hour| hour < 25)
        };
        if (1..self.tokens.len()).any(at_hour) || (2..self.tokens.len()).any(bare_hour) {
            return true;
        }
        (0..self.tokens.len()).filter(|at| day(*at)).any(|at| {
            let near = (at + 1..at + 5).chain(at.saturating_sub(3)..at);
            let hour = near.clone().any(|near| self.is_hour(near));
            let part = near.clone().any(|near| {
                matches!(self.word(near), "matin" | "midi" | "soir" | "morning" | "afternoon" | "noon" | "aprem" | "evening")
            });
            let proposes = self.asks
                && self.word(at) != "apres"
                && near.clone().any(|near| {
                    matches!(self.word(near), "plutot" | "instead" | "possible" | "ok" | "convient" | "ou" | "or" | "dispo")
                });
            hour || part && self.word(at) != "apres" || proposes
        })
    }

    /// “14 h ne convient pas, il serait disponible à 16 h 30”: one slot declined, another offered.
    pub fn offers_other_time(&self) -> bool {
        const DECLINES: [&str; 7] = ["convient", "conviennent", "arrange", "possible", "peux", "work", "make"];
        let all = 0..self.tokens.len();
        let negated = |at: usize| {
            matches!(self.word(at + 1), "pas" | "plus" | "guere")
                || (at.saturating_sub(2)..at).any(|before| matches!(self.word(before), "pas" | "t" | "not" | "cannot" | "cant"))
        };
        let Some(declined) = all.clone().find(|at| DECLINES.contains(&self.word(*at)) && negated(*at)) else { return false };
        let free = |at: usize| {
            matches!(
                self.word(at),
                "disponible"
                    | "dispo"
                    | "libre"
                    | "plutot"
                    | "contre"
                    | "propose"
                    | "preference"
                    | "instead"
                    | "free"
                    | "available"
                    | "rather"
                    | "about"
                    | "could"
            )
        };
        let named = |at: usize| self.is_hour(at) || weekday_of(self.word(at)).is_some();
        all.clone().skip(declined + 1).any(free) && all.skip(declined + 1).any(named)
    }

    fn is_hour(&self, at: usize) -> bool {
        let word = self.word(at);
        let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = word.split_at(digits);
        let next = self.word(at + 1);
        digits > 0
            && digits <= 2
            && number.parse::<u8>().is_ok_and(|hour| hour < 25)
            && (matches!(unit, "h" | "am" | "pm" | "h30" | "h00" | "h15" | "h45" | "hrs")
                || unit.is_empty()
                    && (matches!(next, "h" | "am" | "pm" | "heures" | "o")
                        || self.tokens.get(at + 1).is_some_and(|token| token.glue == ':')))
    }

    /// Asks to be written to later, in a way that no time of the next days answers.
    pub fn asks_for_later(&self) -> bool {
        if !self.has(Cue::Later) {
            return false;
        }
        // “Rappelez-moi demain 10 h”, “next week, coffee?”: a time to meet, not a delay.
        !(self.names_time() || self.has(Cue::Meeting) && !self.puts_off())
    }

    /// A delay that stands whatever meeting words go with it (“rappelez-moi en mars”).
    fn puts_off(&self) -> bool {
        const STRONG: [&str; 28] = [
            "half",
            "freeze",
            "recontact",
            "revenez",
            "relanc",
            "repass",
            "reparle",
            "rapproch",
            "circle",
            "ping",
            "nudge",
            "rappelez",
            "later",
            "tard",
            "trop",
            "avant",
            "not",
            "moment",
            "instant",
            "busy",
            "deborde",
            "eau",
            "priorit",
            "try",
            "annee",
            "year",
            "trimestre",
            "rush",
        ];
        self.cues
            .iter()
            .filter(|found| found.meaning == Cue::Later)
            .any(|found| (found.from..found.to).any(|at| STRONG.iter().any(|stem| self.word(at).starts_with(stem))))
    }

    /// “recontactez-moi”, “ping me”: a person speaks, though they are away.
    pub fn asks_for_contact(&self) -> bool {
        self.cues.iter().filter(|found| found.meaning == Cue::Later).any(|found| {
            (found.from..found.to).any(|at| {
                let word = self.word(at);
                [
                    "recontact",
                    "relanc",
                    "repass",
                    "reparl",
                    "rappel",
                    "revenez",
                    "reviens",
                    "ecrivez",
                    "contactez",
                    "circle",
                    "ping",
                    "try",
                    "check",
                    "touch",
                    "reconnect",
                    "reprise",
                    "accouche",
                    "prochain",
                    "arret",
                ]
                .iter()
                .any(|stem| word.starts_with(stem))
            })
        })
    }

    /// Says no, and no “but” turns it into a yes.
    pub fn refuses(&self) -> bool {
        let no = |from: usize| self.cues[from..].iter().any(|found| matches!(found.meaning, Cue::Refuse | Cue::NoMeeting));
        match self.cues.iter().rposition(|found| found.meaning == Cue::But) {
            Some(but) => {
                no(but + 1)
                    || no(0)
                        && !self.cues[but + 1..]
                            .iter()
                            .any(|found| matches!(found.meaning, Cue::Want | Cue::FirmWant | Cue::Meeting))
            }
            None => no(0) && !self.turns_round(),
        }
    }

    /// “On a eu une mauvaise expérience. Envoyez quand même.”: the last word is a yes.
    fn turns_round(&self) -> bool {
        let last = self
            .cues
            .iter()
            .rev()
            .find(|found| matches!(found.meaning, Cue::Refuse | Cue::Want | Cue::FirmWant | Cue::No | Cue::NoMeeting));
        let firm = self.cues.iter().any(|found| found.meaning == Cue::FirmWant);
        firm && last.is_some_and(|found| matches!(found.meaning, Cue::Want | Cue::FirmWant))
    }

    /// “pas intéressé”, “non merci”: a delay beside it (“pour l’instant” aside) is politeness.
    pub fn refuses_for_good(&self) -> bool {
        let last_later = self.cues.iter().rposition(|found| found.meaning == Cue::Later);
        let soft = self.cues.iter().filter(|found| found.meaning == Cue::Refuse).count() <= 1 && last_later.is_some();
        self.refuses() && !soft
    }

    /// Asks for material although other words point elsewhere (“forwarded to our CFO, please send …”).
    pub fn wants_more(&self) -> bool {
        self.cues.iter().any(|found| {
            found.meaning == Cue::Want
                && (found.from..found.to).any(|at| {
                    matches!(
                        self.word(at),
                        "envoyez"
                            | "envoie"
                            | "send"
                            | "transmettez"
                            | "interesse"
                            | "interessee"
                            | "interested"
                            | "share"
                            | "recevoir"
                            | "bienvenue"
                            | "bienvenu"
                            | "welcome"
                    )
                })
        })
    }

    /// Names where to go instead.
    pub fn redirects(&self) -> bool {
        self.cues.iter().filter(|found| found.meaning == Cue::Wrong).any(|found| found.to - found.from > 1)
    }
}

fn is_quote_header(line: &str) -> bool {
    let line = line.trim();
    let folded = fold(line);
    line.starts_with("-----Original")
        || folded.ends_with("wrote:")
        || folded.ends_with("a ecrit :")
        || folded.starts_with("de : ")
        || folded.starts_with("from: ")
}

fn clauses_ask(folded: &str) -> bool {
    folded.split(['.', '!', ',', ';', ':', '\n', '…']).any(|clause| {
        let words: Vec<&str> = crate::fold::words(clause).collect();
        words.len() > 1 && opens_question(&words)
    })
}

fn begins_like_machine(words: &[&str]) -> bool {
    let head = words.get(..words.len().min(6)).unwrap_or_default();
    let pair = |a: &str, b: &str| head.windows(2).any(|pair| pair[0] == a && pair[1] == b);
    pair("reponse", "automatique")
        || pair("automatic", "reply")
        || pair("auto", "reply")
        || pair("out", "of") && head.contains(&"office")
        || pair("message", "automatique")
        || pair("message", "d")
        || pair("absence", "du")
        || pair("automatische", "antwort")
        || head.first() == Some(&"autoreply")
}

/// “STOP”, “arrêt”, “stop svp”: the word alone or with a courtesy.
fn is_bare_stop(sentence: &str) -> bool {
    const POLITE: [&str; 20] = [
        "svp",
        "stp",
        "please",
        "pls",
        "plz",
        "merci",
        "thanks",
        "thank",
        "you",
        "maintenant",
        "now",
        "ca",
        "s",
        "il",
        "vous",
        "plait",
        "bonjour",
        "hello",
        "d",
        "avance",
    ];
    let mut rest = crate::fold::words(sentence).filter(|word| !POLITE.contains(word));
    let first = rest.next().is_some_and(|word| {
        is_stop(word)
            || matches!(word, "remove" | "unsubscribe" | "delete" | "desabonnement" | "desinscription" | "desabonner" | "optout")
    });
    first && rest.next().is_none()
}

fn is_stop(word: &str) -> bool {
    matches!(
        word,
        "stop" | "arret" | "arreter" | "arretez" | "arrete" | "end" | "quit" | "stopp" | "stopper" | "stoppez" | "cancel"
    )
}

/// “STOP 36111”, “stop pub”, “arrêt SMS”: up to three words that begin with the keyword.
fn is_stop_with_object(words: &[&str]) -> bool {
    words.len() <= 3 && words.first().is_some_and(|word| matches!(*word, "stop" | "arret" | "arretez"))
}
