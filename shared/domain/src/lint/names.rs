//! Proper names in a text: companies that are not the recipient's, clients that no fact holds.

use super::phrases::Phrases;
use super::times::{DAYS, MONTHS};
use super::tokens::{Gap, Token};
use std::ops::Range;
use std::sync::LazyLock;

/// What an unknown name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stranger {
    /// A slip for the recipient's company.
    Lookalike,
    /// Taken for the recipient's company.
    Company,
    /// Claimed as a client, a partner or a reference.
    Reference,
}

/// Names of the trade and of the world that prove nothing.
const COMMON: &[&str] = &[
    "linkedin",
    "excel",
    "outlook",
    "teams",
    "zoom",
    "google",
    "meet",
    "gmail",
    "slack",
    "powerpoint",
    "word",
    "internet",
    "france",
    "quebec",
    "canada",
    "europe",
    "paris",
    "lyon",
    "montreal",
    "london",
    "manchester",
    "belgique",
    "suisse",
    "noel",
    "christmas",
    "english",
    "french",
    "francais",
    "anglais",
    "monsieur",
    "madame",
    "i",
    "clay",
    "hubspot",
    "salesforce",
    "pme",
    "city",
    "uk",
    "us",
    "usa",
    "claude",
    "vous",
    "europeen",
    "british",
    "american",
    "quebecois",
    "easter",
    "paques",
    "bonjour",
    "merci",
    "hi",
    "hello",
    "dear",
    "thanks",
    "ps",
];

/// Words that open a company's name and belong to it.
static REFERENCES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "nos|notre|mes|mon|our|my client*|customer*|partenaire*|partner*|reference*
         clients|customers|companies|entreprises|firms|marques|brands comme|tels|such|like|including|dont
         tel|telle|tels|telles que
         such as
         font|fait confiance
         trust*
         equip* deja|aussi
         nous accompagnons|equipons|travaillons|formons|servons|aidons
         avons|ai|ont|a ?deja ?aussi accompagne*|forme*|equipe*|aide*|servi*|audite*|travaille*|livre*|choisi*|signe*
         we work|worked|helped|help|train|trained|serve|served|equip|saved
         already use*|work*|train*|trust*
         a|ont ?deja ?ainsi gagne|reduit|double|divise|economise
         travaillent|travaille deja|avec
         passe|passee|passees de
         used by
         signed|switched|moved with|to
         for the likes of
         chosen by
         comme|like chez|at
         went from
         saved|saves|doubled|halved|cut",
    )
});

const PLACES_BEFORE: &[&str] = &["a", "en", "in", "near", "from", "to", "vers", "around", "autour", "across", "au", "aux"];
const COMPANY_BEFORE: &[&str] = &[
    "chez",
    "at",
    "groupe",
    "maison",
    "cabinet",
    "societe",
    "entreprise",
    "group",
    "banque",
    "fondation",
    "agence",
    "equipe",
    "team",
    "for",
];

/// Unknown proper names, as ranges of words. `known` are the folded words of the facts, the recipient and the sender.
pub fn strangers(tokens: &[Token], known: &[&str], company: &[String], skip: &[Range<usize>]) -> Vec<(Range<usize>, Stranger)> {
    let references = REFERENCES.find(tokens);
    let mut found: Vec<(Range<usize>, Stranger)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if skip.iter().any(|s| s.contains(&at)) || !is_stranger(tokens, at, known, company) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while tokens.get(end).is_some_and(|t| t.capital && t.gap < Gap::Pause && !DAYS.contains(&t.folded.as_str())) {
            end += 1;
        }
        let sentence = tokens[at].sentence;
        let told = references.iter().any(|r| tokens[r.start].sentence == sentence);
        let alike = company.iter().any(|c| tokens[at..end].iter().any(|t| resembles(&t.folded, c)));
        match (alike, told, placed(tokens, at)) {
            (true, _, _) => found.push((at..end, Stranger::Lookalike)),
            (false, false, Place::Firm | Place::Open) => found.push((at..end, Stranger::Company)),
            (false, true, Place::Firm | Place::Open) => found.push((at..end, Stranger::Reference)),
            (false, _, Place::Spot) => {}
        }
        at = end;
    }
    found
}

enum Place {
    /// After a word that a company follows.
    Firm,
    /// After a word that a place follows.
    Spot,
    Open,
}

fn placed(tokens: &[Token], at: usize) -> Place {
    let before = at.checked_sub(1).map_or("", |p| tokens[p].folded.as_str());
    match before {
        before if COMPANY_BEFORE.contains(&before) => Place::Firm,
        before if PLACES_BEFORE.contains(&before) => Place::Spot,
        _ => Place::Open,
    }
}

fn is_stranger(tokens: &[Token], at: usize, known: &[&str], company: &[String]) -> bool {
    let token = &tokens[at];
    let word = token.folded.as_str();
    let named = token.capital && !token.acronym && !token.quoted && word.chars().count() > 2;
    let common = [COMMON, DAYS, MONTHS].iter().any(|l| l.contains(&word));
    if !named || common || known.contains(&word) {
        return false;
    }
    // a sentence opens with a capital whatever the word: there only a look-alike of the company counts
    token.gap != Gap::Sentence || company.iter().any(|c| resembles(word, c))
}

/// Whether `word` looks like a slip for `name`: most letters in place, or the same beginning.
fn resembles(word: &str, name: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), name.chars().collect());
    if a.len() < 4 || b.len() < 4 || a == b {
        return false;
    }
    let shared = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let longest = a.len().max(b.len());
    distance(&a, &b) * 3 <= longest || (shared >= 3 && shared * 10 >= longest * 3)
}

/// Levenshtein distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_for_a_company_are_seen() {
        let check = |word: &str, name: &str, expected: bool| assert_eq!(resembles(word, name), expected, "{word} {name}");
        check("zentronia", "zentrova", true);
        check("astrelle", "ostrelle", true);
        check("partridge", "pargeter", true);
        check("cordelier", "corvaisier", true);
        check("eclipsia", "eclatia", true);
        check("mission", "maison", false);
        check("notre", "nordair", false);
        check("vous", "vaubrune", false);
    }
}
