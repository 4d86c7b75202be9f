//! Names of months, weekdays and numbers in French, English and German, folded.

use jiff::civil::Weekday;

/// The month of a name or its usual short form, 1–12.
pub fn month_of(word: &str) -> Option<i8> {
    Some(match word {
        "janvier" | "january" | "jan" | "janv" | "januar" => 1,
        "fevrier" | "february" | "feb" | "fev" | "fevr" | "februar" => 2,
        "mars" | "march" | "mar" | "marz" | "maerz" => 3,
        "avril" | "april" | "apr" | "avr" => 4,
        "mai" | "may" => 5,
        "juin" | "june" | "jun" | "juni" => 6,
        "juillet" | "july" | "jul" | "juil" | "juli" => 7,
        "aout" | "august" | "aug" => 8,
        "septembre" | "september" | "sept" | "sep" => 9,
        "octobre" | "october" | "oct" | "oktober" | "okt" => 10,
        "novembre" | "november" | "nov" => 11,
        "decembre" | "december" | "dec" | "dezember" | "dez" => 12,
        _ => return None,
    })
}

/// The weekday of a name or its usual short form.
pub fn weekday_of(word: &str) -> Option<Weekday> {
    Some(match word {
        "lundi" | "monday" | "mon" | "montag" | "lun" | "lunes" => Weekday::Monday,
        "mardi" | "tuesday" | "tue" | "tues" | "dienstag" | "martes" => Weekday::Tuesday,
        "mercredi" | "wednesday" | "wed" | "mittwoch" | "miercoles" => Weekday::Wednesday,
        "jeudi" | "thursday" | "thu" | "thurs" | "thur" | "donnerstag" | "jueves" => Weekday::Thursday,
        "vendredi" | "friday" | "fri" | "freitag" | "viernes" => Weekday::Friday,
        "samedi" | "saturday" | "samstag" => Weekday::Saturday,
        "dimanche" | "sunday" | "sonntag" => Weekday::Sunday,
        _ => return None,
    })
    // “mon” is French for “my”, “lun” and “sat” are rare: only full forms count for them.
    .filter(|_| !matches!(word, "mon" | "lun" | "wed" | "sat"))
}

/// A day of the month: “15”, “1er”, “23rd”.
pub fn ordinal_day(word: &str) -> Option<i8> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, ending) = word.split_at(digits);
    if !matches!(ending, "" | "er" | "st" | "nd" | "rd" | "th") || digits == 0 || digits > 2 {
        return None;
    }
    number.parse().ok().filter(|day| (1..=31).contains(day))
}

/// A year from 2020 to 2099.
pub fn year_of(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (2020..2100).contains(year))
}

/// A small number in digits or words.
pub fn number_of(word: &str) -> Option<i64> {
    const WORDS: [(&str, i64); 40] = [
        ("un", 1),
        ("une", 1),
        ("a", 1),
        ("an", 1),
        ("one", 1),
        ("deux", 2),
        ("two", 2),
        ("couple", 2),
        ("trois", 3),
        ("three", 3),
        ("quatre", 4),
        ("four", 4),
        ("cinq", 5),
        ("five", 5),
        ("six", 6),
        ("sept", 7),
        ("seven", 7),
        ("huit", 8),
        ("eight", 8),
        ("neuf", 9),
        ("nine", 9),
        ("dix", 10),
        ("ten", 10),
        ("douze", 12),
        ("twelve", 12),
        ("quinze", 15),
        ("fifteen", 15),
        ("dizaine", 10),
        ("vingt", 20),
        ("twenty", 20),
        ("trente", 30),
        ("thirty", 30),
        ("ein", 1),
        ("eine", 1),
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("onze", 11),
        ("eleven", 11),
        ("soixante", 60),
    ];
    match word.parse::<i64>() {
        Ok(number) => (1..=999).contains(&number).then_some(number),
        Err(_) => WORDS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number),
    }
}

/// “premier”, “2e”, “third”: 1–4.
pub fn ordinal_of(word: &str) -> Option<i8> {
    Some(match word {
        "premier" | "1er" | "1ere" | "first" | "1st" | "ersten" | "erstes" => 1,
        "deuxieme" | "second" | "seconde" | "2e" | "2eme" | "2nd" | "2d" | "zweiten" => 2,
        "troisieme" | "third" | "3e" | "3eme" | "3rd" | "dritten" => 3,
        "quatrieme" | "fourth" | "4e" | "4eme" | "4th" | "vierten" => 4,
        _ => return None,
    })
}
