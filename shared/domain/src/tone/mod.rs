//! Tone: whether a comment praises, asks, states or disagrees, in French and English.

mod idioms;
mod lexicon;
mod text;

use serde::{Deserialize, Serialize};

pub(crate) use text::opens_question;

use lexicon::{Sense, senses};
use text::{Clause, Comment};

/// The tone of a comment. Source: docs/rules.md, “Score”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Praise, agreement, thanks, a wish, interest.
    Positive,
    /// Wants an answer.
    Question,
    /// A tag, a fact, an act, a balance: no verdict.
    Neutral,
    /// Disagreement, irony, a complaint; wins over a question.
    Negative,
}

impl Tone {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Question => "question",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }
}

/// What the phrases of a comment add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    praise: u32,
    fault: u32,
    irony: bool,
    charge: bool,
    asks: bool,
    acts: u32,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.praise += other.praise;
        self.fault += other.fault;
        self.irony |= other.irony;
        self.charge |= other.charge;
        self.asks |= other.asks;
        self.acts += other.acts;
    }
}

/// Reads the tone of a comment: negation and irony are handled, what follows “but” decides, a question with a
/// charge is negative, praise with a question is a question. Source: docs/rules.md, “Score”.
pub fn read(comment: &str) -> Tone {
    let comment = Comment::cut(comment);
    if comment.clauses.iter().all(|clause| clause.words.is_empty()) {
        return without_words(&comment);
    }
    let mut all = Tally::default();
    let mut reversed = false;
    for clause in &comment.clauses {
        let (tally, turned) = weigh_clause(clause);
        all.add(tally);
        reversed |= turned;
    }
    all.praise += comment.glad_signs;
    all.fault += 2 * comment.cross_signs;
    verdict(&comment, all, reversed)
}

fn verdict(comment: &Comment, all: Tally, reversed: bool) -> Tone {
    let asks = comment.has_question_mark || (all.asks || comment.inverts) && !comment.exclaims;
    if all.irony && !comment.has_question_mark {
        return Tone::Negative;
    }
    if !asks && all.fault == 0 && begs_for_magnet(comment) {
        return Tone::Positive;
    }
    if asks {
        return if all.charge || all.irony || comment.cross_signs > 0 { Tone::Negative } else { Tone::Question };
    }
    if reversed || all.fault > 0 && all.fault >= all.praise {
        return Tone::Negative;
    }
    if all.praise == 0 || all.acts > 1 && all.praise == 1 {
        return unspoken(comment, all);
    }
    Tone::Positive
}

/// What a comment without praise or fault means: by its shape and by whom it speaks of.
fn unspoken(comment: &Comment, all: Tally) -> Tone {
    if is_keyword(comment) || cheers(comment, all) {
        return Tone::Positive;
    }
    if all.acts == 0 && comment.names_your_thing() { Tone::Negative } else { Tone::Neutral }
}

/// An exclamation that names no act and no fault is applause more often than not.
fn cheers(comment: &Comment, all: Tally) -> bool {
    let words: usize = comment.clauses.iter().map(|clause| clause.words.len()).sum();
    comment.exclaims && all.acts == 0 && words > 1
}

/// Emoji, signs and “+1” alone.
fn without_words(comment: &Comment) -> Tone {
    if comment.cross_signs > 0 {
        Tone::Negative
    } else if comment.glad_signs > 0 {
        Tone::Positive
    } else if comment.has_question_mark && !comment.has_mention {
        Tone::Question
    } else {
        Tone::Neutral
    }
}

/// Weighs a clause; the second value says that “but” turned praise into a disagreement it does not spell out.
fn weigh_clause(clause: &Clause) -> (Tally, bool) {
    let words: Vec<&str> = clause.words.iter().map(String::as_str).collect();
    let found = senses().matches(&words);
    let mut before = Tally::default();
    let mut now = Tally::default();
    let mut negated_until = 0;
    let mut turned = false;
    for hit in found {
        let negated = hit.from < negated_until;
        match hit.meaning {
            Sense::Praise if negated => now.fault += 1,
            Sense::Praise => now.praise += 1,
            Sense::FirmPraise => now.praise += 2,
            Sense::Agrees if negated => now.fault += 1,
            Sense::Agrees => now.praise += 3,
            Sense::Fault if negated => now.praise += 1,
            Sense::Fault => now.fault += 1,
            Sense::FirmFault => now.fault += 2,
            // “Super, encore une méthode”: what comes once more is welcome to nobody.
            Sense::Again => {
                now.fault += 1;
                now.irony |= hit.from <= 4 && now.praise + before.praise > 0;
            }
            Sense::Opens => now.asks |= hit.from == 0,
            Sense::Irony => now.irony = true,
            Sense::Charge => now.charge = true,
            Sense::Asks => now.asks = true,
            Sense::Act => now.acts += 1,
            Sense::Not => negated_until = hit.to + 4,
            Sense::Nothing => {}
            Sense::But if hit.from > 0 => {
                before.add(now);
                now = Tally::default();
                negated_until = 0;
                turned = true;
            }
            // “Sauf que …” at the start answers a post with an objection; “Mais quelle pépite !” does not.
            Sense::But => now.fault += u32::from(!matches!(words[0], "mais" | "but" | "pero" | "aber" | "maar" | "though")),
        }
    }
    now.asks |= opens_question(&words);
    now.fault += words.iter().filter(|word| text::is_privative(word)).count() as u32;
    let denies = words.iter().all(|word| matches!(*word, "non" | "no" | "nope" | "nah" | "faux" | "nein" | "nee" | "et" | "and"));
    now.fault += u32::from(denies) * 2;
    if !turned {
        return (now, false);
    }
    // What follows “but” decides; praise before it and no verdict behind it is polite disagreement.
    let silent = now.praise == 0 && now.fault == 0 && !now.asks;
    let disagrees = silent && before.praise > 0;
    (
        Tally { irony: before.irony || now.irony, charge: before.charge || now.charge, asks: before.asks || now.asks, ..now },
        disagrees,
    )
}

/// What lead magnets give away.
const THINGS: [&str; 58] = [
    "guide",
    "template",
    "templates",
    "playbook",
    "checklist",
    "pdf",
    "ebook",
    "kit",
    "modele",
    "grille",
    "lien",
    "link",
    "doc",
    "document",
    "methode",
    "audit",
    "script",
    "scripts",
    "prompt",
    "prompts",
    "replay",
    "webinaire",
    "masterclass",
    "fichier",
    "liste",
    "framework",
    "matrice",
    "tableau",
    "excel",
    "notion",
    "demo",
    "livre",
    "moi",
    "me",
    "trame",
    "trames",
    "ressource",
    "ressources",
    "bonus",
    "roadmap",
    "plan",
    "calendrier",
    "canevas",
    "gabarit",
    "gabarits",
    "formation",
    "cheatsheet",
    "toolkit",
    "blueprint",
    "swipe",
    "workbook",
    "deck",
    "slides",
    "sequence",
    "calculateur",
    "calculator",
    "guides",
    "exemplaire",
];

/// The keyword a lead magnet asks for: one word in capitals, or the thing itself (“guide please”).
fn is_keyword(comment: &Comment) -> bool {
    let words: Vec<&str> = comment.clauses.iter().flat_map(|clause| &clause.words).map(String::as_str).collect();
    let polite = ["please", "pls", "svp", "stp", "ici", "merci", "le", "the", "un", "a", "votre", "ton"];
    let wanted: Vec<&&str> = words.iter().filter(|word| !polite.contains(*word)).collect();
    match wanted.as_slice() {
        [only] => {
            THINGS.contains(*only)
                || comment.is_one_capital_word && only.len() > 2 && !["fyi", "suivi", "ok", "up"].contains(*only)
        }
        _ => false,
    }
}

/// “Can I have the playbook too please”: asking for what the post gives away, politely and in few words.
fn begs_for_magnet(comment: &Comment) -> bool {
    let words = || comment.clauses.iter().flat_map(|clause| &clause.words).map(String::as_str);
    let polite = words().any(|word| matches!(word, "please" | "pls" | "svp" | "stp"));
    let few = words().count() <= 10;
    polite && few && !comment.has_question_mark && words().any(|word| word != "moi" && word != "me" && THINGS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comment: &str, expected: Tone) {
        assert_eq!(read(comment), expected, "{comment}");
    }

    #[test]
    fn negation_turns_words() {
        check("Vraiment pas mal.", Tone::Positive);
        check("Pas d’accord du tout.", Tone::Negative);
        check("Not useful.", Tone::Negative);
        check("Aucun jargon, aucune prétention.", Tone::Positive);
    }

    #[test]
    fn what_follows_but_decides() {
        check("Bravo, mais je n’y crois pas.", Tone::Negative);
        check("Un peu long mais excellent.", Tone::Positive);
        check("Merci, mais chez nous les clients préfèrent le téléphone.", Tone::Negative);
    }

    #[test]
    fn irony_and_charges_are_negative() {
        check("Génial, une énième méthode.", Tone::Negative);
        check("Vous croyez vraiment que ça marche ?", Tone::Negative);
        check("👎", Tone::Negative);
    }

    #[test]
    fn questions_need_no_mark() {
        check("Super ! Comment vous faites ?", Tone::Question);
        check("curious how you measure it", Tone::Question);
        check("@Anne Roy", Tone::Neutral);
        check("TEMPLATE", Tone::Positive);
    }
}
