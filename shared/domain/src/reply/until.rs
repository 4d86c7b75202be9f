//! Until when: the first day on which a person may be written to again, read from what an answer says.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

use super::calendar::{month_of, number_of, ordinal_day, ordinal_of, weekday_of, year_of};

/// One word of an answer and the mark before it.
#[derive(Clone, Debug)]
pub struct Token {
    pub word: String,
    /// The character right before the word; a blank at the start.
    pub glue: char,
}

/// Cuts a folded text into tokens.
pub fn tokens(folded: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut glue = ' ';
    let mut word = String::new();
    for c in folded.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            if !word.is_empty() {
                tokens.push(Token { word: std::mem::take(&mut word), glue });
            }
            glue = c;
        }
    }
    tokens
}

/// How exactly a date is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    Day,
    /// A month, quarter, half-year or year, given by its first day, of so many months.
    Months(i32),
}

#[derive(Clone, Copy, Debug)]
struct Told {
    from: usize,
    to: usize,
    day: Date,
    grain: Grain,
}

/// What stands around a date, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// “de retour le”, “à partir du”, “back on”: that very day.
    Return,
    /// “jusqu’au”, “until”, “after”: the day after.
    End,
    Plain,
    /// “from 24 December to …”: the beginning of an absence.
    Beginning,
}

/// The day, or none where no time or only a vague one is stated. `today` is the day of receipt.
///
/// Source: docs/rules.md, “Understanding a reply”.
pub fn read(tokens: &[Token], today: Date) -> Option<Date> {
    let mut best: Option<(Role, Date)> = None;
    let mut at = 0;
    while at < tokens.len() {
        let Some(told) = told_at(tokens, at, today) else {
            at += 1;
            continue;
        };
        at = told.to;
        let role = role_of(tokens, &told);
        let day = match role {
            Role::End => end_of(tokens, &told),
            _ => told.day,
        };
        if best.is_none_or(|(known, _)| role < known) {
            best = Some((role, day));
        }
    }
    best.filter(|(role, _)| *role != Role::Beginning).map(|(_, day)| day)
}

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.word.as_str())
}

fn end_of(tokens: &[Token], told: &Told) -> Date {
    let until = (told.from.saturating_sub(3)..told.from)
        .any(|at| matches!(word(tokens, at), "jusqu" | "jusque" | "until" | "till" | "bis"));
    match told.grain {
        Grain::Day => told.day.tomorrow().unwrap_or(told.day),
        // “until September” ends with August, “after September” with September.
        Grain::Months(_) if until => told.day,
        Grain::Months(months) => told.day.saturating_add(months.months()),
    }
}

fn role_of(tokens: &[Token], told: &Told) -> Role {
    let inclusive = (told.to..told.to + 2)
        .any(|at| matches!(word(tokens, at), "inclus" | "incluse" | "inclusive" | "included" | "compris" | "einschliesslich"));
    let after_that = (told.to..tokens.len()).any(|at| {
        matches!((word(tokens, at), word(tokens, at + 1)), ("after", "that") | ("after", "it"))
            || (word(tokens, at) == "apres" && tokens.len() == at + 1 && told.grain == Grain::Day && is_event(tokens, told))
    });
    // The words right before, without articles, weekdays and “end of”.
    let mut before = told.from;
    let mut steps = 0;
    while before > 0 && steps < 4 {
        let previous = word(tokens, before - 1);
        match previous {
            "le" | "la" | "les" | "l" | "the" | "of" | "de" | "d" | "on" | "am" | "den" | "dem" | "einschliesslich" | "prevu"
            | "prevue" | "est" | "is" | "sera" | "ce" | "du" | "zum" => {}
            "au" | "a" | "to" | "and" | "et" => {
                if is_range(tokens, before - 1)
                    || matches!(word(tokens, before.saturating_sub(2)), "jusqu" | "jusque" | "up") && before > 1
                {
                    return Role::End;
                }
            }
            "jusqu" | "jusque" | "until" | "till" | "through" | "bis" | "after" | "apres" | "tot" | "passe" => return Role::End,
            "retour" | "back" | "return" | "returning" | "returns" | "reprise" | "reprends" | "reprendrai" | "reprendrons"
            | "reprend" | "reviens" | "revient" | "rentre" | "partir" | "des" | "starting" | "dispo" | "disponible"
            | "available" | "zuruck" | "ab" | "resume" | "reopen" | "reopens" | "rouvre" | "rouvrons" | "reouverture"
            | "avant" | "before" => {
                return Role::Return;
            }
            "from" | "von" | "depuis" | "since" | "starting_from" => return if inclusive { Role::End } else { Role::Beginning },
            previous if weekday_of(previous).is_some() => {}
            _ => break,
        }
        before -= 1;
        steps += 1;
    }
    if inclusive || after_that { Role::End } else { Role::Plain }
}

fn is_event(tokens: &[Token], told: &Told) -> bool {
    told.from > 0 && matches!(word(tokens, told.from - 1), "le" | "the")
}

/// Whether an “au” or “to” closes “du 7 au 10 mai”, “from 24 December to 1 January”.
fn is_range(tokens: &[Token], at: usize) -> bool {
    (at.saturating_sub(5)..at).any(|before| {
        let day = if weekday_of(word(tokens, before + 1)).is_some() { before + 2 } else { before + 1 };
        let opens = matches!(word(tokens, before), "du" | "from" | "de" | "entre" | "between" | "von");
        opens
            && day < at
            && (ordinal_day(word(tokens, day)).is_some()
                || weekday_of(word(tokens, before + 1)).is_some()
                || month_of(word(tokens, day)).is_some())
    })
}

/// The date told at a place, if any.
fn told_at(tokens: &[Token], at: usize, today: Date) -> Option<Told> {
    let found = iso_day(tokens, at)
        .or_else(|| day_and_month(tokens, at, today))
        .or_else(|| numeric_day(tokens, at, today))
        .or_else(|| part_of_month(tokens, at, today))
        .or_else(|| quarter_or_half(tokens, at, today))
        .or_else(|| in_some_time(tokens, at, today))
        .or_else(|| next_something(tokens, at, today))
        .or_else(|| season_of_work(tokens, at, today))
        .or_else(|| month_alone(tokens, at, today))
        .or_else(|| day_of_month(tokens, at, today))
        .or_else(|| weekday_alone(tokens, at, today))
        .or_else(|| year_alone(tokens, at, today));
    found.map(|(length, day, grain)| Told { from: at, to: at + length, day, grain })
}

type Found = Option<(usize, Date, Grain)>;

/// The next such day that is not before today, in the given year if one is given.
fn coming(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Date> {
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => (today.year()..today.year() + 5)
            .filter_map(|year| Date::new(year, month, day).ok())
            .find(|candidate| *candidate >= today),
    }
}

/// The first of a month to come; the month that has begun is next year’s.
fn coming_month(year: Option<i16>, month: i8, today: Date) -> Option<Date> {
    coming(year, month, 1, today)
}

fn iso_day(tokens: &[Token], at: usize) -> Found {
    let year = year_of(word(tokens, at))?;
    let glued = |at: usize| tokens.get(at).is_some_and(|token| token.glue == '-');
    if !glued(at + 1) || !glued(at + 2) {
        return None;
    }
    let (month, day) = (word(tokens, at + 1).parse().ok()?, word(tokens, at + 2).parse().ok()?);
    Some((3, Date::new(year, month, day).ok()?, Grain::Day))
}

/// “15 avril 2027”, “1er mars”, “July 6th”, “6th of July”.
fn day_and_month(tokens: &[Token], at: usize, today: Date) -> Found {
    let with_year = |length: usize, month: i8, day: i8| {
        let year = year_of(word(tokens, at + length));
        Some((length + usize::from(year.is_some()), coming(year, month, day, today)?, Grain::Day))
    };
    if let Some(day) = ordinal_day(word(tokens, at)) {
        let skip = usize::from(word(tokens, at + 1) == "of");
        return month_of(word(tokens, at + 1 + skip)).and_then(|month| with_year(2 + skip, month, day));
    }
    let month = month_of(word(tokens, at))?;
    let skip = usize::from(word(tokens, at + 1) == "the");
    let day = ordinal_day(word(tokens, at + 1 + skip))?;
    // “en mars, 14 h”: an hour is no day.
    if matches!(word(tokens, at + 2 + skip), "h" | "am" | "pm" | "heures" | "min" | "minutes") {
        return None;
    }
    with_year(2 + skip, month, day)
}

/// “19/08”, “19.08.2026”.
fn numeric_day(tokens: &[Token], at: usize, today: Date) -> Found {
    let mark = tokens.get(at + 1).map(|token| token.glue).filter(|glue| matches!(glue, '/' | '.'))?;
    let (first, second): (i8, i8) = (word(tokens, at).parse().ok()?, word(tokens, at + 1).parse().ok()?);
    if word(tokens, at + 1).len() > 2 {
        return None;
    }
    let year = tokens.get(at + 2).filter(|token| token.glue == mark).and_then(|token| match token.word.len() {
        2 => token.word.parse::<i16>().ok().map(|short| 2000 + short),
        _ => year_of(&token.word),
    });
    let (day, month) = if second > 12 && first <= 12 { (second, first) } else { (first, second) };
    if !(1..=12).contains(&month) {
        return None;
    }
    Some((2 + usize::from(year.is_some()), coming(year, month, day, today)?, Grain::Day))
}

/// “début février”, “mi-octobre”, “fin décembre”, “end of March”, “fin du mois”, “fin d’année”.
fn part_of_month(tokens: &[Token], at: usize, today: Date) -> Found {
    let part = match word(tokens, at) {
        "debut" | "beginning" | "start" | "early" | "anfang" | "courant" => 0,
        "mi" | "mid" | "milieu" | "middle" | "mitte" => 1,
        "fin" | "end" | "late" | "ende" => 2,
        _ => return None,
    };
    let mut next = at + 1;
    while matches!(word(tokens, next), "of" | "de" | "du" | "d" | "the" | "l" | "le" | "this" | "ce") {
        next += 1;
    }
    let (month, year, length, whole_year) = match word(tokens, next) {
        "mois" | "month" => {
            let (month, length) = if matches!(word(tokens, next + 1), "prochain" | "next") {
                (today.first_of_month().saturating_add(1.month()), 2)
            } else {
                (today, 1)
            };
            (month.month(), Some(month.year()), length, false)
        }
        "annee" | "year" | "an" => {
            let next_year = matches!(word(tokens, next + 1), "prochaine" | "prochain");
            let year = if next_year || part == 0 { today.year() + 1 } else { today.year() };
            (if part == 2 { 12 } else { 1 }, Some(year), 1 + usize::from(next_year), true)
        }
        name => {
            let month = month_of(name)?;
            let year = year_of(word(tokens, next + 1));
            (month, year, 1 + usize::from(year.is_some()), false)
        }
    };
    if whole_year && part == 1 {
        return None;
    }
    let day_of = |first: Date| match part {
        0 => first,
        1 => first.with().day(15).build().unwrap_or(first),
        _ => first.last_of_month(),
    };
    let day = match year {
        Some(year) => day_of(Date::new(year, month, 1).ok()?),
        None => (today.year()..today.year() + 3)
            .filter_map(|year| Date::new(year, month, 1).ok())
            .map(day_of)
            .find(|day| *day >= today)?,
    };
    Some((next - at + length, day, Grain::Day))
}

/// “Q4”, “T2 2027”, “deuxième trimestre 2027”, “second semestre”, “H2”.
fn quarter_or_half(tokens: &[Token], at: usize, today: Date) -> Found {
    let name = word(tokens, at);
    let short = name.strip_prefix(['q', 't', 'h', 's']).filter(|rest| rest.len() == 1).and_then(|rest| rest.parse::<i8>().ok());
    let (count, months, length) = match short {
        Some(count) if name.starts_with(['q', 't']) => (count, 3, 1),
        Some(count) => (count, 6, 1),
        None => {
            let months = match word(tokens, at + 1) {
                "trimestre" | "quarter" | "quartal" => 3,
                "semestre" | "half" | "halbjahr" | "semester" => 6,
                _ => return None,
            };
            let count = match name {
                "dernier" | "last" => 12 / months,
                _ => ordinal_of(name)?,
            };
            (count, months, 2)
        }
    };
    if count < 1 || count > 12 / months {
        return None;
    }
    let skip = usize::from(matches!(word(tokens, at + length), "de" | "of"));
    let year = year_of(word(tokens, at + length + skip));
    let length = if year.is_some() { length + skip + 1 } else { length };
    Some((length, coming_month(year, (count - 1) * months + 1, today)?, Grain::Months(i32::from(months))))
}

/// “dans trois mois”, “in two weeks”, “d’ici quinze jours”, “d’ici une semaine”.
fn in_some_time(tokens: &[Token], at: usize, today: Date) -> Found {
    let mut next = match word(tokens, at) {
        "dans" | "in" | "sous" | "ici" | "binnen" | "give" | "donnez" => at + 1,
        _ => return None,
    };
    while matches!(word(tokens, next), "environ" | "about" | "les" | "me" | "moi" | "it" | "another" | "encore") {
        next += 1;
    }
    let half_year = matches!(word(tokens, next), "un" | "a") && matches!(word(tokens, next + 1), "semestre");
    let count = number_of(word(tokens, next))?;
    let mut unit = next + 1;
    if matches!(word(tokens, unit), "of" | "bons" | "bonnes" | "petites" | "ou" | "or" | "a") {
        unit += if matches!(word(tokens, unit), "ou" | "or" | "a") { 2 } else { 1 };
    }
    let day = match word(tokens, unit) {
        "jour" | "jours" | "day" | "days" | "tage" | "tagen" => {
            // “quinze jours” and “huit jours” are two weeks and one.
            let days = match count {
                15 => 14,
                8 => 7,
                count => count,
            };
            today.saturating_add(days.days())
        }
        "semaine" | "semaines" | "week" | "weeks" | "wochen" => today.saturating_add(count.weeks()),
        "quinzaine" | "fortnight" => today.saturating_add(2.weeks()),
        "mois" | "month" | "months" | "monate" | "monaten" => today.saturating_add(count.months()),
        "trimestre" | "quarter" => today.saturating_add((3 * count).months()),
        "semestre" if half_year => today.saturating_add(6.months()),
        "an" | "ans" | "annee" | "annees" | "year" | "years" => today.saturating_add(count.years()),
        _ => return None,
    };
    Some((unit + 1 - at, day, Grain::Day))
}

/// “lundi prochain”, “next Thursday”, “semaine prochaine”, “next month”, “l’an prochain”.
fn next_something(tokens: &[Token], at: usize, today: Date) -> Found {
    let (first, second) = (word(tokens, at), word(tokens, at + 1));
    let name = match (first, second) {
        ("next" | "nachste" | "nachsten" | "volgende", name) => name,
        (name, "prochain" | "prochaine" | "suivant" | "suivante" | "proch") => name,
        ("prochain" | "prochaine", name) => name,
        _ => return None,
    };
    let month = today.first_of_month();
    let (day, grain) = match name {
        "semaine" | "week" | "woche" => (next_weekday(today, Weekday::Monday), Grain::Day),
        "mois" | "month" | "monat" => match (word(tokens, at + 2), word(tokens, at + 3)) {
            ("same", "day") | ("meme", "jour") => (today.saturating_add(1.month()), Grain::Day),
            _ => (month.saturating_add(1.month()), Grain::Months(1)),
        },
        "trimestre" | "quarter" => {
            let first = (today.month() - 1) / 3 * 3 + 1;
            (date(today.year(), first, 1).saturating_add(3.months()), Grain::Months(3))
        }
        "semestre" => {
            let first = (today.month() - 1) / 6 * 6 + 1;
            (date(today.year(), first, 1).saturating_add(6.months()), Grain::Months(6))
        }
        "an" | "annee" | "year" | "jahr" | "exercice" => (Date::new(today.year() + 1, 1, 1).ok()?, Grain::Months(12)),
        name => match weekday_of(name) {
            Some(weekday) => (next_weekday(today, weekday), Grain::Day),
            None => (coming_month(None, month_of(name)?, today)?, Grain::Months(1)),
        },
    };
    Some((2, day, grain))
}

/// “la rentrée” is 1 September, “nouvel an” 1 January.
fn season_of_work(tokens: &[Token], at: usize, today: Date) -> Found {
    let month = match (word(tokens, at), word(tokens, at + 1)) {
        ("rentree", "de" | "d") if month_of(word(tokens, at + 2)).is_some() => return None,
        ("rentree", _) => 9,
        ("nouvel", "an") | ("nouvelle", "annee") | ("new", "year") => 1,
        _ => return None,
    };
    let vague = at > 0 && matches!(word(tokens, at - 1), "happy" | "bonne" | "belle");
    (!vague).then(|| coming(None, month, 1, today)).flatten().map(|day| (if month == 9 { 1 } else { 2 }, day, Grain::Day))
}

fn month_alone(tokens: &[Token], at: usize, today: Date) -> Found {
    let name = word(tokens, at);
    let month = month_of(name)?;
    // “may” and “march” are verbs, “jan”, “sept” and “dec” other words, unless a preposition leads them.
    let ambiguous = matches!(name, "may" | "march" | "mars" | "jan" | "sept" | "dec" | "mar" | "mai" | "nov" | "oct" | "aug");
    let led = at > 0
        && matches!(
            word(tokens, at - 1),
            "in" | "en"
                | "until"
                | "till"
                | "after"
                | "apres"
                | "before"
                | "avant"
                | "by"
                | "from"
                | "for"
                | "pour"
                | "in_"
                | "this"
                | "de"
                | "d"
                | "vers"
                | "courant"
                | "partir"
                | "ab"
                | "im"
                | "early"
                | "of"
                | "plutot"
                | "around"
                | "jusqu"
        );
    if ambiguous && !led && tokens.len() > 3 {
        return None;
    }
    let year = year_of(word(tokens, at + 1));
    Some((1 + usize::from(year.is_some()), coming_month(year, month, today)?, Grain::Months(1)))
}

/// “lundi 28”, “dès le 11”, “the 23rd”.
fn day_of_month(tokens: &[Token], at: usize, today: Date) -> Found {
    let name = word(tokens, at);
    let (length, number) = match weekday_of(name) {
        Some(_) => {
            let skip = usize::from(matches!(word(tokens, at + 1), "le" | "the"));
            let number = word(tokens, at + 1 + skip);
            let hour = matches!(word(tokens, at + 2 + skip), "h" | "am" | "pm" | "heures" | "o") || number.ends_with('h');
            (2 + skip, (!hour).then_some(number)?)
        }
        None => {
            let led = at > 0 && matches!(word(tokens, at - 1), "le" | "the" | "au");
            let alone = !matches!(
                word(tokens, at + 1),
                "h" | "am" | "pm" | "min" | "minutes" | "heures" | "personnes" | "e" | "eme" | "trimestre" | "semestre"
            );
            (1, (led && alone).then_some(name)?)
        }
    };
    let day = ordinal_day(number)?;
    // A range's first day (“du 3 au 14 août”) is told by its second.
    if word(tokens, at + length) == "au" && ordinal_day(word(tokens, at + length + 1)).is_some() {
        return None;
    }
    let mut month = today.first_of_month();
    for _ in 0..12 {
        if let Ok(candidate) = month.with().day(day).build()
            && candidate >= today
        {
            return Some((length, candidate, Grain::Day));
        }
        month = month.saturating_add(1.month());
    }
    None
}

fn weekday_alone(tokens: &[Token], at: usize, today: Date) -> Found {
    match word(tokens, at) {
        "demain" | "tomorrow" | "morgen" if at == 0 || word(tokens, at - 1) != "apres" => {
            Some((1, today.tomorrow().ok()?, Grain::Day))
        }
        name => {
            let weekday = weekday_of(name)?;
            // “Monday, November 2”, “lundi le 2 novembre”: the date behind it tells the day.
            let dated = (at + 1..at + 3)
                .any(|next| day_and_month(tokens, next, today).or_else(|| numeric_day(tokens, next, today)).is_some());
            (!dated).then(|| (1, next_weekday(today, weekday), Grain::Day))
        }
    }
}

fn year_alone(tokens: &[Token], at: usize, today: Date) -> Found {
    let year = year_of(word(tokens, at)).filter(|year| *year > today.year() && *year < today.year() + 10)?;
    Some((1, Date::new(year, 1, 1).ok()?, Grain::Months(12)))
}

/// The next such weekday after today.
fn next_weekday(today: Date, weekday: Weekday) -> Date {
    today.nth_weekday(1, weekday).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    /// Received on Wednesday, 14 October 2026.
    fn check(text: &str, expected: Option<&str>) {
        let read = read(&tokens(&fold(text)), date(2026, 10, 14));
        assert_eq!(read.map(|day| day.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn returns_are_that_day_and_ends_the_day_after() {
        check("De retour le lundi 2 novembre", Some("2026-11-02"));
        check("absent jusqu’au 23 octobre inclus", Some("2026-10-24"));
        check("closed from 24 December to 1 January", Some("2027-01-02"));
        check("Absente du 19 au 23 octobre, réponse dès le 26", Some("2026-10-26"));
        check("anything after 3 November", Some("2026-11-04"));
    }

    #[test]
    fn months_quarters_and_parts() {
        check("plutôt en mars", Some("2027-03-01"));
        check("fin février", Some("2027-02-28"));
        check("mi-novembre", Some("2026-11-15"));
        check("au premier trimestre", Some("2027-01-01"));
        check("after March", Some("2027-04-01"));
        check("jusqu’à fin novembre", Some("2026-12-01"));
    }

    #[test]
    fn relative_times() {
        check("dans deux mois", Some("2026-12-14"));
        check("d’ici quinze jours", Some("2026-10-28"));
        check("mercredi prochain", Some("2026-10-21"));
        check("next week", Some("2026-10-19"));
        check("l’an prochain", Some("2027-01-01"));
        check("plus tard, après les Fêtes", None);
    }
}
