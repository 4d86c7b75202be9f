//! Titles: the current role of a headline, its seniority, its function and the employer it names.

mod lexicon;
mod parts;
mod ranks;
mod sectors;
mod tables;
mod words;

pub use ranks::{Function, Seniority};

use lexicon::{Firmness, Found, Level};
use parts::{Kind, Part};
use words::{Gap, Word};

/// What a headline says. Source: docs/rules.md, “Profile analysis”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The main current role, a verbatim piece of the headline.
    pub current_title: Option<String>,
    /// The level that is stated; `None` when none is.
    pub seniority: Option<Seniority>,
    pub function: Function,
    /// Whether a current role is stated.
    pub is_current: bool,
    /// The company named after “chez”, “at”, “@” or a bar, where it is plain.
    pub employer: Option<String>,
}

impl Title {
    const fn none(seniority: Option<Seniority>, function: Function) -> Self {
        Self { current_title: None, seniority, function, is_current: false, employer: None }
    }
}

/// A headline longer than this is read up to here only (bytes).
const HEADLINE_MAX_BYTES: usize = 600;

/// Reads a headline in French or English by whole words, accents and case folded.
///
/// The first current, paid role counts; the head noun decides the level; an explicit function wins.
/// Source: docs/rules.md, “Profile analysis”.
pub fn read(headline: &str) -> Title {
    let headline = limited(headline);
    let words = words::cut(headline);
    let parts = parts::split(&words);
    if parts::is_over(&words) {
        return Title::none(None, Function::Other);
    }
    match find_role(&words, &parts) {
        Some((index, role)) => describe(headline, &words, &parts, index, role),
        None if parts.iter().any(|part| part.kind == Kind::Student) => {
            let fields = || parts.iter().filter(|part| part.kind == Kind::Student).map(|part| field_of(&words, part));
            // “École de commerce” says where, not what.
            let named = fields().find(|field| !matches!(field, Function::Other | Function::Education));
            let field = named.or_else(|| fields().find(|field| *field != Function::Other));
            Title::none(Some(Seniority::Intern), field.unwrap_or(Function::Other))
        }
        None => Title::none(None, Function::Other),
    }
}

fn limited(headline: &str) -> &str {
    let mut end = headline.len().min(HEADLINE_MAX_BYTES);
    while !headline.is_char_boundary(end) {
        end -= 1;
    }
    &headline[..end]
}

/// The words of a role: from its first word to the end of its part.
#[derive(Clone, Copy)]
struct Role {
    from: usize,
    to: usize,
}

/// The first part that states a role: a plain one, else talks and books, else an unknown trade.
fn find_role(words: &[Word], parts: &[Part]) -> Option<(usize, Role)> {
    let of_kind = |kind: Kind| {
        parts
            .iter()
            .enumerate()
            .filter(move |(_, part)| part.kind == kind)
            .find_map(|(index, part)| Some((index, role_in(words, part)?)))
    };
    // “Marketing @ X”, “Finance”: a field alone, said of somebody, is what they do.
    let field = || {
        let part = parts.iter().position(|part| part.kind == Kind::Plain)?;
        is_bare_field(words, &parts[part]).then_some((part, Role { from: parts[part].from, to: parts[part].to }))
    };
    let unknown = || {
        let part = parts.iter().position(|part| part.kind == Kind::Plain)?;
        looks_like_trade(words, &parts[part]).then_some((part, Role { from: parts[part].from, to: parts[part].to }))
    };
    // A volunteer is no worker; a speaker, author or mentor without another role is one.
    let side = || of_kind(Kind::Side).filter(|(index, _)| !is_voluntary(words, &parts[*index]));
    of_kind(Kind::Plain).or_else(unknown).or_else(field).or_else(side)
}

fn is_voluntary(words: &[Word], part: &Part) -> bool {
    let end = (part.to + 2).min(words.len());
    words[part.from..end].iter().any(|word| {
        matches!(
            word.plain.as_str(),
            "benevole"
                | "benevolat"
                | "volunteer"
                | "volontaire"
                | "board"
                | "membre"
                | "club"
                | "association"
                | "administrateur"
                | "administratrice"
                | "hobby"
        )
    })
}

fn role_in(words: &[Word], part: &Part) -> Option<Role> {
    let found = lexicon::phrases(words, part.from, part.to);
    let Some(noun) = found.iter().find(|phrase| phrase.entry.noun && !words[phrase.from].aside) else {
        return lead_of_field(words, part, &found);
    };
    // “MD, cardiologue”: a medical degree before a medical trade is no rank.
    if noun.to == part.to && words[noun.from].plain == "md" && next_is_medical(words, part.to) {
        return None;
    }
    let from = start_of(words, part, noun.from);
    Some(Role { from, to: part.to })
}

/// “Performance Marketing Lead”: “lead” at the end, behind a field, is a role.
fn lead_of_field(words: &[Word], part: &Part, found: &[Found]) -> Option<Role> {
    let last = found.last().filter(|last| last.to == part.to && words[last.from].plain == "lead" && part.to - part.from <= 5)?;
    let field = found.iter().any(|phrase| phrase.to <= last.from && matches!(phrase.entry.function, Some((_, Firmness::Field))));
    field.then_some(Role { from: part.from, to: part.to })
}

fn next_is_medical(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.gap == Gap::Comma)
        && lexicon::longest(words, at).is_some_and(|found| matches!(found.entry.function, Some((Function::Health, _))))
}

/// The role begins with the part, unless a long run of other words stands before its noun.
fn start_of(words: &[Word], part: &Part, noun: usize) -> usize {
    let from = (part.from..noun).find(|at| !words[*at].aside).unwrap_or(noun);
    if noun - from > 4 { noun } else { from }
}

/// An occupation the tables do not know, told by its ending: one to four words, the first or last in -eur,
/// -ier, -iste, -logue and their kin.
fn looks_like_trade(words: &[Word], part: &Part) -> bool {
    const ENDINGS: [&str; 13] =
        ["teur", "seur", "ier", "iste", "ist", "logue", "graphe", "cien", "cian", "grapher", "smith", "maker", "isan"];
    let inside: Vec<&Word> = words[part.from..part.to].iter().filter(|word| !word.aside).collect();
    let ends = |word: &&Word| word.form.len() > 5 && ENDINGS.iter().any(|ending| word.form.ends_with(ending));
    inside.len() <= 5 && (inside.first().is_some_and(ends) || inside.len() <= 3 && inside.last().is_some_and(ends))
}

fn is_bare_field(words: &[Word], part: &Part) -> bool {
    let short = part.to - part.from <= 3;
    let found = lexicon::phrases(words, part.from, part.to);
    let is_field = |phrase: &Found| matches!(phrase.entry.function, Some((_, Firmness::Field)));
    // “UX lead”, “Lead UX”.
    let field = match found.as_slice() {
        [first, ..] if first.from != part.from => false,
        [first, second, ..] if matches!(first.entry.level, Level::Adjective(_)) => second.from == first.to && is_field(second),
        [first, ..] => is_field(first),
        [] => false,
    };
    short && field && !words[part.from].aside
}

fn field_of(words: &[Word], part: &Part) -> Function {
    // “Student at Harrow Business School”: a school’s name is no field.
    let found = lexicon::phrases(words, part.from, part.employer.unwrap_or(part.to));
    // “En recherche d’une alternance”: the search is no research.
    let searches = |phrase: &Found| phrase.to == phrase.from + 1 && words[phrase.from].plain == "recherche";
    found
        .iter()
        .filter(|phrase| !searches(phrase))
        .filter_map(|phrase| phrase.entry.function)
        .find(|(_, firmness)| *firmness != Firmness::Generic)
        .map_or(Function::Other, |(function, _)| function)
}

fn describe(headline: &str, words: &[Word], parts: &[Part], index: usize, role: Role) -> Title {
    let role = without_unpaid_half(words, role);
    let mut found = lexicon::phrases(words, role.from, role.to);
    found.retain(|phrase| !words[phrase.from].aside);
    drop_hoped_for_level(words, parts, index, &mut found);
    drop_rank_of_second_role(words, &mut found);
    let seniority = seniority_of(words, parts, index, &found).or_else(|| chief_officer(words, role, &found));
    let function = function_of(words, parts, index, &found);
    let end = last_outside(words, role);
    let current_title = headline.get(words[role.from].start..words[end].end).map(|text| text.trim().to_owned());
    let employer = employer_of(headline, words, parts, index);
    Title { is_current: current_title.is_some(), current_title, seniority, function, employer }
}

fn last_outside(words: &[Word], role: Role) -> usize {
    let first_aside = (role.from..role.to).find(|at| words[*at].aside).unwrap_or(role.to);
    first_aside.max(role.from + 1) - 1
}

/// “Sapeur-pompier volontaire & cariste”: of two roles in one breath the paid one.
fn without_unpaid_half(words: &[Word], role: Role) -> Role {
    let Some(cut) = (role.from + 1..role.to).find(|at| joins_halves(&words[*at])) else { return role };
    let unpaid = words[role.from..cut].iter().any(|word| parts::UNPAID.contains(&word.plain.as_str()));
    let from = cut + usize::from(is_and(&words[cut]));
    if unpaid && from < role.to { Role { from, to: role.to } } else { role }
}

/// “et”, “and”.
fn is_and(word: &Word) -> bool {
    matches!(word.plain.as_str(), "et" | "and")
}

/// Whether “&” or “and” stands from the word at `from` to the one at `to`, both included.
fn joined(words: &[Word], from: usize, to: usize) -> bool {
    words.get(from..=to).is_some_and(|between| between.iter().any(joins_halves))
}

/// Whether a second role or field may begin here: “&”, “+”, “et”, “and”.
fn joins_halves(word: &Word) -> bool {
    word.gap == Gap::And || is_and(word)
}

/// “Chef de produit senior… bientôt”: the level before “soon” is not there yet.
fn drop_hoped_for_level(words: &[Word], parts: &[Part], index: usize, found: &mut Vec<Found>) {
    let soon = parts.get(index + 1).is_some_and(|next| {
        let at = next.from.min(words.len() - 1);
        matches!(words[at].plain.as_str(), "bientot" | "soon")
    });
    if soon
        && let Some(last) = found.last()
        && matches!(last.entry.level, Level::Adjective(_))
    {
        found.pop();
    }
}

/// “Coach de dirigeants & superviseure”: of two roles in one breath the first decides, unless the second founds.
fn drop_rank_of_second_role(words: &[Word], found: &mut Vec<Found>) {
    let Some(first) = found.first().filter(|first| first.entry.noun && first.entry.level == Level::Unstated) else { return };
    let own = first.to;
    found.retain(|phrase| {
        let other = matches!(phrase.entry.level, Level::Rank(level) if level > Seniority::Intern && level < Seniority::Founder);
        !(other && joined(words, own, phrase.from))
    });
}

/// The head noun decides; adjectives count where no rank is stated; founders and interns win.
fn seniority_of(words: &[Word], parts: &[Part], index: usize, found: &[Found]) -> Option<Seniority> {
    let ranks = || {
        found.iter().filter_map(|phrase| match phrase.entry.level {
            Level::Rank(level) => Some(level),
            _ => None,
        })
    };
    let first_is_assistant = found
        .iter()
        .find(|phrase| !matches!(phrase.entry.level, Level::Unstated | Level::Adjective(_)))
        .is_some_and(|phrase| phrase.entry.level == Level::Assistant);
    if ranks().any(|level| level == Seniority::Intern) {
        return Some(Seniority::Intern);
    }
    if first_is_assistant {
        return found.iter().find_map(|phrase| match phrase.entry.level {
            Level::Adjective(Seniority::Junior) => Some(Seniority::Junior),
            _ => None,
        });
    }
    if ranks().any(|level| level == Seniority::Founder) || founder_behind_comma(words, parts, index) {
        return Some(Seniority::Founder);
    }
    let adjective = || {
        found
            .iter()
            .filter_map(|phrase| match phrase.entry.level {
                Level::Adjective(level) => Some(level),
                _ => None,
            })
            .max()
    };
    ranks().next().or_else(adjective).or_else(|| level_behind_comma(words, parts, index))
}

/// “Chief Data & Analytics Officer”: a chief of whatever fields, unless the tables know better.
fn chief_officer(words: &[Word], role: Role, found: &[Found]) -> Option<Seniority> {
    let chief = words[role.from].plain == "chief" && found.first().is_none_or(|first| first.from > role.from);
    let officer = words[role.from..role.to.min(role.from + 7)].iter().any(|word| word.plain == "officer");
    (chief && officer).then_some(Seniority::CLevel)
}

/// “UX researcher, senior”: the level alone behind a comma.
fn level_behind_comma(words: &[Word], parts: &[Part], index: usize) -> Option<Seniority> {
    let next = parts.get(index + 1).filter(|next| next.after_comma && next.to == next.from + 1)?;
    match lexicon::longest(words, next.from)?.entry.level {
        Level::Adjective(level) => Some(level),
        _ => None,
    }
}

/// “CEO, co-founder”: one role in two words.
fn founder_behind_comma(words: &[Word], parts: &[Part], index: usize) -> bool {
    parts[index].employer.is_none()
        && parts.get(index + 1).is_some_and(|next| {
            next.after_comma
                && next.kind == Kind::Plain
                && lexicon::phrases(words, next.from, next.to)
                    .first()
                    .is_some_and(|first| first.from == next.from && first.entry.level == Level::Rank(Seniority::Founder))
        })
}

/// The firmest function of the role; a bare rank also asks what stands behind the comma, in brackets, and in
/// the next segment.
fn function_of(words: &[Word], parts: &[Part], index: usize, found: &[Found]) -> Function {
    let own = firmest(words, found);
    if let Some(function) = abbreviation_written_out(words, parts, index, found) {
        return function;
    }
    // “Senior Consultant, Supply Chain”: what is advised on is no operation of theirs.
    let advises =
        found.iter().any(|phrase| phrase.entry.noun && phrase.entry.function == Some((Function::Consulting, Firmness::Generic)));
    let fitting = |function: &Function| !(advises && *function == Function::Operations);
    match own {
        Some((function, firmness)) if firmness > Firmness::Generic => {
            if fitting(&function) || firmness > Firmness::Field {
                function
            } else {
                Function::Consulting
            }
        }
        _ => {
            let beside = speciality_behind(words, parts, index)
                .or_else(|| speciality_in_brackets(words, &parts[index]))
                .or_else(|| speciality_of_firm(words, parts, index, found))
                .filter(fitting);
            beside.or(own.map(|(function, _)| function)).unwrap_or(Function::Other)
        }
    }
}

/// “CPO (Chief People Officer)”: what stands in brackets says which of its meanings an abbreviation has.
fn abbreviation_written_out(words: &[Word], parts: &[Part], index: usize, found: &[Found]) -> Option<Function> {
    let part = &parts[index];
    let own = found.first().filter(|own| own.to == own.from + 1 && own.entry.level == Level::Rank(Seniority::CLevel))?;
    let inside = lexicon::phrases(words, own.to, (own.to + 6).min(words.len()));
    let first = inside.first().filter(|first| first.from == own.to && words[first.from].aside && part.to > own.to)?;
    let same_level = first.entry.level == own.entry.level;
    first.entry.function.filter(|(_, firmness)| same_level && *firmness == Firmness::Trade).map(|(function, _)| function)
}

fn firmest(words: &[Word], found: &[Found]) -> Option<(Function, Firmness)> {
    let general =
        found.iter().find(|phrase| matches!(phrase.entry.function, Some((_, Firmness::General)))).map(|phrase| phrase.to);
    let assistant = found.first().filter(|phrase| phrase.entry.level == Level::Assistant);
    let mut best: Option<(Function, Firmness)> = None;
    for phrase in found {
        let Some((function, firmness)) = phrase.entry.function else { continue };
        let firmness = if shares_rank(words, found, phrase) { Firmness::Trade } else { firmness };
        // “Fondateur d’une agence de designers”: what a general manager manages is no trade of theirs.
        let managed = |end: &usize| phrase.from >= *end && firmness < Firmness::Trade && is_object(words, *end, phrase.from);
        if let Some(end) = general.filter(managed) {
            // “Directrice générale adjointe en charge des finances”: what is in their charge is named.
            if words[end..phrase.from].iter().any(|word| matches!(word.form.as_str(), "charge" | "charged")) {
                return Some((function, Firmness::Trade));
            }
            continue;
        }
        // “Assistante du DG”: other people’s ranks.
        if assistant.is_some_and(|own| phrase.from > own.from && matches!(phrase.entry.level, Level::Rank(_))) {
            continue;
        }
        if best.is_none_or(|(_, known)| firmness > known) {
            best = Some((function, firmness));
        }
    }
    best
}

/// “Sales & Marketing Director”, “Co-founder & Head of Growth”: a field that a rank of its own, or a rank it
/// shares with the next field, makes as firm as a trade.
fn shares_rank(words: &[Word], found: &[Found], field: &Found) -> bool {
    if !matches!(field.entry.function, Some((_, Firmness::Field))) {
        return false;
    }
    let is_rank = |phrase: &&Found| {
        matches!(phrase.entry.level, Level::Rank(_))
            && phrase.entry.function.is_none_or(|(_, firmness)| firmness != Firmness::General)
    };
    let next = found.iter().find(|phrase| phrase.from >= field.to).filter(|next| next.from <= field.to + 1);
    let shared = next.filter(is_rank).is_some_and(|next| joined(words, field.to, next.from));
    let before = found.iter().take_while(|phrase| phrase.to <= field.from).last().filter(is_rank);
    let own =
        before.is_some_and(|rank| rank.from > found[0].from && joins_halves(&words[rank.from]) && field.from - rank.to <= 1);
    // “VP of Engineering & co-founder”: the function that is named wins over the general one behind it.
    let general = |phrase: &&Found| matches!(phrase.entry.function, Some((_, Firmness::General))) && phrase.from >= field.to;
    let named = before.is_some() && found.iter().find(general).is_some_and(|rank| joined(words, field.to, rank.from));
    shared || own || named
}

/// Whether a preposition stands between a rank and a later phrase.
fn is_object(words: &[Word], from: usize, to: usize) -> bool {
    words[from..to].iter().any(|word| matches!(word.form.as_str(), "de" | "of" | "d" | "in" | "en" | "dans" | "a"))
}

fn speciality_behind(words: &[Word], parts: &[Part], index: usize) -> Option<Function> {
    parts.iter().skip(index + 1).take(2).find_map(|next| {
        let short = next.to.saturating_sub(next.from) <= 6;
        if next.kind != Kind::Plain || !short || next.to <= next.from {
            return None;
        }
        let found = lexicon::phrases(words, next.from, next.to);
        // A name of a company may hold such words; a field stands at the start, or behind how far it reaches.
        let reach = words[next.from..next.to].iter().take_while(|word| is_reach(&word.plain)).count();
        let first = found.first().filter(|first| first.from == next.from || first.from == next.from + reach)?;
        first.entry.function.filter(|(_, firmness)| *firmness >= Firmness::Field).map(|(function, _)| function)
    })
}

/// “Managing Partner at Roxwell Legal”: partners practise what their firm's name says.
fn speciality_of_firm(words: &[Word], parts: &[Part], index: usize, found: &[Found]) -> Option<Function> {
    let own = found.first()?.entry;
    let partner = own.level == Level::Rank(Seniority::CLevel) && own.function == Some((Function::Consulting, Firmness::Generic));
    let from = parts[index].employer.filter(|_| partner)?;
    let to = (from + 1..words.len()).find(|at| words[*at].gap >= Gap::Comma).unwrap_or(words.len());
    let named = lexicon::phrases(words, from, to).into_iter().filter_map(|phrase| phrase.entry.function);
    named
        .map(|(function, _)| function)
        .find(|function| matches!(function, Function::Legal | Function::Finance | Function::RealEstate))
}

/// “Global Partnerships”, “EMEA Sales”.
fn is_reach(word: &str) -> bool {
    matches!(
        word,
        "global"
            | "group"
            | "groupe"
            | "international"
            | "regional"
            | "europe"
            | "european"
            | "emea"
            | "apac"
            | "americas"
            | "north"
            | "south"
            | "america"
            | "us"
            | "uk"
            | "france"
            | "corporate"
            | "worldwide"
            | "national"
    )
}

fn speciality_in_brackets(words: &[Word], part: &Part) -> Option<Function> {
    let end = (part.to..words.len()).find(|at| !words[*at].aside).unwrap_or(words.len());
    let found = lexicon::phrases(words, part.from, end);
    found.iter().filter(|phrase| words[phrase.from].aside).find_map(|phrase| {
        phrase.entry.function.filter(|(_, firmness)| *firmness == Firmness::Field).map(|(function, _)| function)
    })
}

/// The company after “chez”, “at” or “@”, else a short segment of proper nouns behind a bar.
fn employer_of(headline: &str, words: &[Word], parts: &[Part], index: usize) -> Option<String> {
    if let Some(from) = parts[index].employer {
        let mut to = from + 1;
        while to < words.len() && words[to].gap < Gap::Comma && !words[to].aside {
            to += 1;
        }
        return piece(headline, words, from, to);
    }
    let next = parts.get(index + 1).filter(|next| next.kind == Kind::Plain && words[next.from].gap == Gap::Bar)?;
    let proper = words[next.from..next.to]
        .iter()
        .all(|word| headline[word.start..].chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric()));
    let plain = next.to - next.from <= 4 && proper && lexicon::phrases(words, next.from, next.to).is_empty();
    if plain { piece(headline, words, next.from, next.to) } else { None }
}

fn piece(headline: &str, words: &[Word], from: usize, to: usize) -> Option<String> {
    let text = headline.get(words.get(from)?.start..words.get(to.checked_sub(1)?)?.end)?.trim();
    (!text.is_empty() && text.len() <= 80).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Function::*;

    fn check(headline: &str, seniority: Option<Seniority>, function: Function) {
        let title = read(headline);
        assert_eq!((title.seniority, title.function), (seniority, function), "{headline}");
    }

    #[test]
    fn seniority_is_read_by_whole_words() {
        check("Directeur commercial", Some(Seniority::Director), Sales);
        check("Assistant to the CEO", None, Operations);
        check("Vector directory engineer", None, Engineering);
        check("Senior Account Manager", Some(Seniority::Senior), Sales);
        check("Gérante de succursale", Some(Seniority::Manager), Operations);
    }

    #[test]
    fn only_a_current_paid_role_counts() {
        check("ex-CTO", None, Other);
        check("CTO chez X | Ex-Google", Some(Seniority::CLevel), Engineering);
        check("Trésorier bénévole · Comptable chez Y", None, Finance);
        check("Étudiante en marketing, recherche un stage", Some(Seniority::Intern), Marketing);
    }

    #[test]
    fn the_employer_is_read_where_it_is_plain() {
        let employer = |headline| read(headline).employer;
        assert_eq!(employer("CEO @ Ondavia, Nantes").as_deref(), Some("Ondavia"));
        assert_eq!(employer("Directrice commerciale | Groupe Malvoisy").as_deref(), Some("Groupe Malvoisy"));
        assert_eq!(employer("Directrice commerciale | Ventes B2B"), None);
    }
}
