//! Times in a text: slots that are offered, dates, and days counted from now.

use super::phrases::Phrases;
use super::tokens::{Gap, Token};
use std::ops::Range;
use std::sync::LazyLock;

pub const DAYS: &[&str] = &[
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lundis",
    "mardis",
    "vendredis",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thurs",
    "fri",
    "mondays",
    "fridays",
];
pub const MONTHS: &[&str] = &[
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const PARTS: &[&str] = &["matin", "midi", "soir", "morning", "afternoon", "evening", "noon", "lunchtime"];

/// Abbreviated days are also words (“mon”, “fri”): they count only before a time.
const SHORT_DAYS: &[&str] = &["mon", "tue", "tues", "wed", "thu", "thurs", "fri"];

static RELATIVE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "hier ?matin|soir|apres
         avant hier
         demain ?matin|soir
         apres demain
         ce matin|soir
         cet apres midi
         cette nuit
         tout a l heure
         la semaine derniere|passee|prochaine
         semaine prochaine
         le mois dernier|prochain
         lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche dernier|prochain
         il y a _ ?ou ?_ jour*|heure*|semaine*|minute*
         dans _ jours|heures|minutes
         yesterday ?morning|afternoon|evening
         tomorrow ?morning|afternoon|evening
         this morning|afternoon|evening
         tonight
         last|next week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday
         last night
         _ days|hours|weeks|minutes ago
         earlier today
         just now",
    )
});

/// Where days are counted from now, as ranges of words.
pub fn relative(tokens: &[Token]) -> Vec<Range<usize>> {
    RELATIVE.find(tokens)
}

/// Where times are offered: “mardi 10 h”, “Tuesday 24 November at 4 pm”, “jeudi 9 h ou 18 h” (two).
pub fn slots(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match slot_at(tokens, at) {
            Some(end) => {
                found.push(at..end);
                at = end;
                while let Some(next) = second_time(tokens, at) {
                    found.push(next.clone());
                    at = next.end;
                }
            }
            None => at += 1,
        }
    }
    found
}

fn is(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    tokens.get(at).is_some_and(|t| words.contains(&t.folded.as_str()))
}

fn slot_at(tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at;
    let day = is(tokens, at, DAYS) && !tokens[at].quoted;
    let short = is(tokens, at, SHORT_DAYS);
    if day {
        next += 1;
        if is(tokens, next, &["le", "the"]) {
            next += 1;
        }
    }
    let date = date_at(tokens, next).or_else(|| day.then(|| ordinal_end(tokens, next)).flatten());
    if !day && date.is_none() {
        return (is(tokens, at, &["demain", "tomorrow"])).then(|| time_at(tokens, at + 1)).flatten();
    }
    let dated = date.unwrap_or(next);
    let timed = time_at(tokens, dated).or_else(|| time_at(tokens, next));
    match timed {
        Some(end) => Some(end),
        None if day && !short && is(tokens, dated, PARTS) => Some(dated + 1),
        None if day && is(tokens, dated, &["apres"]) && is(tokens, dated + 1, &["midi"]) => Some(dated + 2),
        None if day && !short && is(tokens, dated, &["ou", "or"]) && is(tokens, dated + 1, DAYS) => Some(dated),
        None if day && !short && at > 1 && is(tokens, at - 1, &["ou", "or"]) && is(tokens, at - 2, DAYS) => Some(dated),
        None => None,
    }
}

/// “24” of “mardi 24 à 10 h”, when a time follows.
fn ordinal_end(tokens: &[Token], at: usize) -> Option<usize> {
    let day = tokens.get(at)?.number().is_some_and(|n| (1..=31).contains(&n));
    let linked = is(tokens, at + 1, &["a", "at", "vers"]);
    (day && linked && time_at(tokens, at + 1).is_some()).then_some(at + 1)
}

/// “24 novembre”, “November 24th”, with or without a year.
pub fn date_at(tokens: &[Token], at: usize) -> Option<usize> {
    let number = |i: usize| tokens.get(i).and_then(Token::number).is_some_and(|n| (1..=31).contains(&n));
    let suffix = |i: usize| {
        if is(tokens, i, &["er", "st", "nd", "rd", "th"]) { i + 1 } else { i }
    };
    let end = if number(at) && is(tokens, suffix(at + 1), MONTHS) {
        suffix(at + 1) + 1
    } else if is(tokens, at, MONTHS) && number(at + 1) {
        suffix(at + 2)
    } else {
        return None;
    };
    let year = tokens.get(end).and_then(Token::number).is_some_and(|n| (2000..2100).contains(&n));
    Some(if year { end + 1 } else { end })
}

/// The end of a time of day that starts at `at`, “à”, “at” or a comma included.
fn time_at(tokens: &[Token], at: usize) -> Option<usize> {
    let linked = is(tokens, at, &["a", "at", "vers", "around", "des", "from"]);
    let hour_at = if linked { at + 1 } else { at };
    if linked && is(tokens, hour_at, &["midi", "noon"]) || is(tokens, at, &["midi", "noon"]) {
        return Some(hour_at + 1);
    }
    let hour = tokens.get(hour_at).filter(|t| t.gap < Gap::Sentence && t.number().is_some_and(|n| n < 24))?;
    if hour.folded.len() > 2 {
        return None;
    }
    let minutes = |i: usize| {
        tokens.get(i).is_some_and(|t| t.gap < Gap::Sentence && t.folded.len() == 2 && t.number().is_some_and(|n| n < 60))
    };
    let mut end = hour_at + 1;
    let mut marked = false;
    if is(tokens, end, &["h", "heure", "heures"]) {
        marked = true;
        end += 1;
        if minutes(end) {
            end += 1;
        }
    } else if minutes(end) && matches!(tokens[end].gap, Gap::Pause | Gap::Glued | Gap::Space) {
        marked = true;
        end += 1;
    }
    if is(tokens, end, &["am", "pm"]) {
        marked = true;
        end += 1;
    } else if is(tokens, end, &["a", "p"]) && is(tokens, end + 1, &["m"]) {
        marked = true;
        end += 2;
    }
    (marked || (linked && !is(tokens, end, MONTHS))).then_some(end)
}

/// The second time of “jeudi 9 h ou 18 h”.
fn second_time(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    if !is(tokens, at, &["ou", "or"]) {
        return None;
    }
    let bare = tokens.get(at + 1).and_then(Token::number).is_some_and(|n| n < 24);
    time_at(tokens, at + 1)
        .or_else(|| (bare && tokens.get(at + 2).is_none_or(|t| t.gap >= Gap::Pause)).then_some(at + 2))
        .map(|end| at + 1..end)
}

/// A time of day anywhere: “à 16 h”.
pub fn clock_times(tokens: &[Token]) -> Vec<Range<usize>> {
    (0..tokens.len())
        .filter(|at| tokens[*at].number().is_some())
        .filter_map(|at| {
            let marked = is(tokens, at + 1, &["h", "am", "pm", "heures"]);
            time_at(tokens, at).filter(|_| marked).map(|end| at..end)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn check(text: &str, expected: usize) {
        assert_eq!(slots(&tokens(text, &[])).len(), expected, "{text}");
    }

    #[test]
    fn offered_times_are_counted() {
        check("Lundi 10 h ou mardi 16 h pour en parler ?", 2);
        check("jeudi 9 h ou 18 h ?", 2);
        check("Could we talk on Tuesday at 4 or Wednesday at 11?", 2);
        check("Wednesday 8:30 or Thursday 17:00?", 2);
        check("mardi 24 novembre à 10 h ou jeudi 26 novembre à 14 h 30 ?", 2);
        check("Mardi 24 à 10h30 ou le 26 novembre à 9h ?", 2);
        check("Tuesday 10 am or Thursday 2 pm", 2);
        check("Mardi matin ou jeudi après-midi ?", 2);
        check("Mardi ou jeudi ?", 2);
        check("ma relance de lundi, notre post du 3 novembre", 0);
        check("mon 10e essai, 5 à 7 pour 20 personnes", 0);
    }

    #[test]
    fn days_counted_from_now_are_found() {
        let found = |text| relative(&tokens(text, &[])).len();
        assert_eq!(found("J’ai lu votre commentaire hier, et ce matin encore"), 2);
        assert_eq!(found("I saw it three days ago, last Monday"), 2);
        assert_eq!(found("60 événements l’an dernier, aujourd’hui la règle"), 0);
    }
}
