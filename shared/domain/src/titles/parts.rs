//! The parts of a headline: where segments begin, and which of them state no current, paid role.

use super::lexicon::{self, Firmness, Level};
use super::words::{Gap, Word};

/// A run of words between two commas or stronger marks, without what follows an employer marker.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub from: usize,
    pub to: usize,
    /// Index of the first word of the employer, where “chez”, “at” or “@” names one.
    pub employer: Option<usize>,
    /// Whether a comma stands before it: it belongs to the segment of the part before.
    pub after_comma: bool,
    pub kind: Kind,
}

/// What a part may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A role or its speciality.
    Plain,
    /// Over, wished for, in jest, a slogan, or a job somebody is sought for.
    Void,
    /// Unpaid or beside the job: boards, mentoring, talks, hobbies.
    Side,
    /// Studies, or the search for an internship.
    Student,
}

/// Words of work nobody is paid for, or that is done beside a job.
pub(super) const UNPAID: [&str; 10] = [
    "benevole",
    "volontaire",
    "volunteer",
    "mentor",
    "mentore",
    "speaker",
    "conferencier",
    "conferenciere",
    "municipal",
    "municipale",
];

/// Cuts the words into parts. Words in brackets begin none.
pub fn split(words: &[Word]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::with_capacity(4);
    let mut at = 0;
    while at < words.len() {
        let from = at;
        at += 1;
        while at < words.len()
            && (words[at].gap < Gap::Comma || words[at].gap == Gap::At || words[at].aside)
            && !is_turn(words, from, at)
        {
            at += 1;
        }
        let from = first_outside(words, from, at);
        if from == at {
            continue;
        }
        let mut part = read_part(words, from, at);
        // “Passionate about people, growth and coffee”: a slogan goes on behind its comma, unless a role begins there.
        let slogan = parts.last().is_some_and(|last| last.kind == Kind::Void && is_slogan(words, last.from));
        if slogan && part.after_comma && part.kind == Kind::Plain && !begins_role(words, &part) {
            part.kind = Kind::Void;
        }
        // “Open to work – Chef de projet”: what is sought, unless somebody employs them for it.
        let sought = matches!(parts.as_slice(), [only] if only.kind == Kind::Void && is_jobless(words, only.from, words.len()));
        if sought && part.kind == Kind::Plain && part.employer.is_none() {
            part.kind = Kind::Void;
        }
        parts.push(part);
    }
    parts
}

fn begins_role(words: &[Word], part: &Part) -> bool {
    lexicon::phrases(words, part.from, part.to).iter().any(|found| found.entry.noun && found.from <= part.from + 1)
}

fn first_outside(words: &[Word], from: usize, to: usize) -> usize {
    (from..to).find(|at| !words[*at].aside).unwrap_or(to)
}

/// “now”, “aujourd’hui”, “currently”: what follows is said of today, whatever stood before.
fn is_turn(words: &[Word], from: usize, at: usize) -> bool {
    at > from
        && (matches!(
            words[at].plain.as_str(),
            "now" | "currently" | "actuellement" | "desormais" | "maintenant" | "devenu" | "devenue" | "turned"
        ) || words[at].plain == "aujourd")
}

fn read_part(words: &[Word], from: usize, to: usize) -> Part {
    let mut from = from;
    // “Je suis …”, “I am a …”, “now …” and “currently …” introduce a role.
    from += introduction(&words[from..to]);
    let mut end = to;
    let mut employer = None;
    let mut kind = Kind::Plain;
    for at in from..to {
        let word = &words[at];
        if word.aside {
            continue;
        }
        if at > from && (word.gap == Gap::At || is_employer_marker(words, at)) {
            employer = Some(if word.gap == Gap::At { at } else { after_marker(words, at) });
            end = at;
            break;
        }
        if at > from && (is_past(words, at, to) || is_wish(words, at, to) || is_aside_life(words, at, to)) {
            end = at;
            break;
        }
    }
    if from >= to
        || is_past(words, from, to)
        || is_wish(words, from, to)
        || is_slogan(words, from)
        || is_joke(words, from, end)
        || is_retired(words, from, to)
    {
        kind = Kind::Void;
    }
    if kind != Kind::Void && is_unpaid(words, from, end) {
        kind = Kind::Side;
    }
    if is_student(words, from, to) {
        kind = Kind::Student;
        end = to;
    }
    let after_comma = words.get(from).is_some_and(|word| word.gap == Gap::Comma);
    Part { from: from.min(to), to: end.max(from.min(to)), employer: employer.filter(|at| *at < to), after_comma, kind }
}

fn is(words: &[Word], at: usize, options: &[&str]) -> bool {
    words.get(at).is_some_and(|word| options.contains(&word.plain.as_str()))
}

/// Whether the plain words from `at` on begin with one of the phrases.
fn begins(words: &[Word], at: usize, to: usize, phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| {
        at + phrase.len() <= to && phrase.iter().enumerate().all(|(offset, part)| words[at + offset].plain == *part)
    })
}

fn introduction(words: &[Word]) -> usize {
    const INTRODUCTIONS: &[&[&str]] = &[
        &["je", "suis"],
        &["i", "am", "a"],
        &["i", "am", "an"],
        &["i", "m", "a"],
        &["i", "m", "an"],
        &["i", "am"],
        &["i", "m"],
        &["now"],
        &["currently"],
        &["actuellement"],
        &["desormais"],
        &["maintenant"],
        &["aujourd", "hui"],
        &["current"],
        &["nouveau"],
        &["nouvelle"],
        &["new"],
        &["proud"],
        &["proudly"],
        &["devenu"],
        &["devenue"],
        &["turned"],
        &["heureux"],
        &["heureuse"],
    ];
    INTRODUCTIONS.iter().find(|phrase| begins(words, 0, words.len(), &[phrase])).map_or(0, |phrase| phrase.len())
}

fn is_employer_marker(words: &[Word], at: usize) -> bool {
    is(words, at, &["chez", "at", "for", "pour", "auprès", "aupres", "avec", "with", "bei", "bij"])
        || begins(words, at, words.len(), &[&["au", "sein"], &["by", "day"], &["le", "jour"], &["la", "nuit"]])
}

fn after_marker(words: &[Word], at: usize) -> usize {
    let mut next = at + 1;
    if is(words, at, &["au", "aupres"]) {
        next += usize::from(is(words, next, &["sein"]));
        next += usize::from(is(words, next, &["de", "d", "du", "des"]));
    }
    next
}

fn is_past(words: &[Word], at: usize, to: usize) -> bool {
    let ex = is(words, at, &["ex"]) && at + 1 < to;
    let until = is(words, at, &["until", "jusqu", "jusque"])
        && words[at..to].iter().any(|word| word.plain.len() == 4 && word.plain.starts_with("20"));
    ex || until
        || is(
            words,
            at,
            &[
                "former",
                "formerly",
                "previously",
                "prev",
                "past",
                "ancien",
                "ancienne",
                "anciennement",
                "precedemment",
                "was",
                "exfondateur",
                "oud",
                "ehemals",
                "ehemaliger",
                "ehemalige",
            ],
        )
}

/// Says that there is no job at present, and not that another would be welcome.
fn is_jobless(words: &[Word], from: usize, to: usize) -> bool {
    is(words, from, &["opentowork", "jobseeker", "unemployed"])
        || begins(
            words,
            from,
            to,
            &[
                &["open", "to", "work"],
                &["en", "recherche"],
                &["sans", "emploi"],
                &["between", "jobs"],
                &["job", "seeker"],
                &["demandeur", "d"],
                &["demandeuse", "d"],
                &["chercheur", "d", "emploi"],
                &["chercheuse", "d", "emploi"],
            ],
        )
}

fn is_wish(words: &[Word], at: usize, to: usize) -> bool {
    is(
        words,
        at,
        &[
            "aspiring",
            "future",
            "futur",
            "wannabe",
            "seeking",
            "opentowork",
            "soon",
            "bientot",
            "disponible",
            "jobseeker",
            "unemployed",
            "aspirant",
            "aspirante",
            "incoming",
            "upcoming",
        ],
    ) || begins(
        words,
        at,
        to,
        &[
            &["en", "recherche"],
            &["a", "la", "recherche"],
            &["en", "quete"],
            &["open", "to"],
            &["looking", "for"],
            &["a", "l", "ecoute"],
            &["en", "reconversion"],
            &["en", "transition"],
            &["want", "to", "be"],
            &["wants", "to", "be"],
            &["to", "be"],
            &["job", "seeker"],
            &["in", "search"],
            &["demandeur", "d"],
            &["demandeuse", "d"],
            &["chercheur", "d", "emploi"],
            &["chercheuse", "d", "emploi"],
            &["je", "cherche"],
            &["je", "recherche"],
            &["cherche", "un"],
            &["cherche", "une"],
            &["recherche", "un"],
            &["recherche", "une"],
            &["recherche", "d"],
            &["recherche", "emploi"],
            &["recherche", "poste"],
            &["recherche", "active"],
            &["recherche", "nouveau"],
            &["recherche", "nouvelle"],
            &["reve", "de"],
            &["dreaming", "of"],
            &["en", "devenir"],
            &["candidat", "a"],
            &["candidate", "a"],
            &["sans", "emploi"],
            &["between", "jobs"],
            &["on", "the", "lookout"],
            &["available", "for"],
            &["cherche", "poste"],
            &["cherche", "emploi"],
            &["actively", "looking"],
            &["en", "veille"],
            &["annee", "sabbatique"],
            &["sabbatical"],
            &["career", "break"],
            &["pret", "a"],
        ],
    )
}

/// “mum of twins”, “DJ la nuit”: private life behind a role.
fn is_aside_life(words: &[Word], at: usize, to: usize) -> bool {
    words[at].gap == Gap::And
        && is(
            words,
            at,
            &[
                "mum",
                "mom",
                "dad",
                "father",
                "mother",
                "maman",
                "papa",
                "pere",
                "mere",
                "dog",
                "cat",
                "runner",
                "marathonien",
                "passionne",
                "passionnee",
                "amateur",
                "amatrice",
                "lover",
                "proud",
            ],
        )
        && at < to
}

fn is_slogan(words: &[Word], from: usize) -> bool {
    let word = &words[from];
    let is_field = begins(words, from, words.len(), &[&["recrutement", "et"], &["on", "site"]]);
    // “M&A Associate” is one word that reads like “ma”.
    let is_abbreviation = word.plain == "ma" && word.end - word.start > 2;
    // “Aide-soignante” is a trade, “aide les PME” is none.
    let is_trade = word.plain == "aide"
        && (words.get(from + 1).is_some_and(|next| next.gap == Gap::Joined)
            || lexicon::longest(words, from).is_some_and(|found| found.entry.noun));
    if is_field || is_abbreviation || is_trade {
        return false;
    }
    is(
        words,
        from,
        &[
            "j",
            "je",
            "nous",
            "i",
            "we",
            "helping",
            "aide",
            "aidons",
            "accompagne",
            "passionate",
            "passionne",
            "passionnee",
            "love",
            "loving",
            "building",
            "making",
            "turning",
            "on",
            "let",
            "lets",
            "because",
            "parce",
            "mon",
            "ma",
            "my",
            "notre",
            "our",
            "nos",
            "transformons",
            "recrute",
            "recrutons",
            "hiring",
            "recrutement",
            "ensemble",
            "together",
            "ask",
            "your",
            "votre",
            "vos",
            "vous",
            "you",
            "empowering",
            "enabling",
            "faites",
            "boostez",
            "developpez",
            "driving",
            "creating",
            "connecting",
            "scaling",
            "inspiring",
            "if",
            "si",
            "comment",
            "how",
            "why",
            "pourquoi",
            "amoureux",
            "amoureuse",
            "curious",
            "curieux",
            "curieuse",
            "fan",
            "mission",
            "here",
            "ici",
            "always",
            "toujours",
            "happily",
        ],
    )
}

/// “Head of Nothing”, “PDG de ma vie”.
fn is_joke(words: &[Word], from: usize, to: usize) -> bool {
    let joke = [
        "nothing",
        "rien",
        "coffee",
        "cafe",
        "chaos",
        "fun",
        "memes",
        "vibes",
        "sieste",
        "nap",
        "naps",
        "apero",
        "troublemaker",
        "cat",
        "cats",
        "chat",
        "chats",
        "canape",
        "couch",
        "vie",
        "life",
        "household",
        "procrastination",
        "sarcasm",
        "bricolage",
        "barbecue",
    ];
    let rank = words[from..to].first().is_some_and(|word| {
        matches!(
            word.plain.as_str(),
            "head"
                | "chief"
                | "ceo"
                | "pdg"
                | "vp"
                | "directeur"
                | "directrice"
                | "chef"
                | "cheffe"
                | "director"
                | "president"
                | "presidente"
                | "responsable"
                | "minister"
                | "ministre"
        )
    });
    // “PDG de ma vie” jests, “responsable de la vie scolaire” does not.
    let whole_life = |at: usize| is(words, at, &["vie", "life"]) && !is(words, at - 1, &["ma", "sa", "my", "own", "propre"]);
    let jests = |at: &usize| joke.contains(&words[*at].plain.as_str()) && !whole_life(*at);
    let Some(word) = (from + 1..to).find(jests) else { return false };
    // “Chef de produits bricolage”: whoever names a field before is in earnest.
    let earnest = lexicon::phrases(words, from, word)
        .iter()
        .any(|found| found.entry.function.is_some_and(|(_, firmness)| matches!(firmness, Firmness::Field | Firmness::Trade)));
    rank && to - from <= 6 && !earnest && !words[from + 1..to].iter().any(|word| matches!(word.plain.as_str(), "officer"))
}

fn is_retired(words: &[Word], from: usize, to: usize) -> bool {
    (from..to).any(|at| {
        is(words, at, &["retired", "retraitee", "pensionne", "pensionnee", "pensioniert"])
            || begins(words, at, to, &[&["a", "la", "retraite"], &["en", "retraite"], &["jeune", "retraite"]])
    }) || to == from + 1 && is(words, from, &["retraite"])
}

/// Whether anything in the headline says that working life is over.
pub fn is_over(words: &[Word]) -> bool {
    is_retired(words, 0, words.len())
}

fn is_unpaid(words: &[Word], from: usize, to: usize) -> bool {
    let board = begins(
        words,
        from,
        to,
        &[
            &["board", "member"],
            &["board", "advisor"],
            &["advisory", "board"],
            &["membre", "du", "conseil"],
            &["membre", "du", "ca"],
            &["non", "executive"],
            &["administrateur", "independant"],
            &["administratrice", "independante"],
            &["podcast", "host"],
            &["keynote", "speaker"],
            &["public", "speaker"],
            &["tedx", "speaker"],
            &["conseiller", "municipal"],
            &["conseillere", "municipale"],
            &["juge", "consulaire"],
            &["business", "angel"],
            &["angel", "investor"],
            &["startup", "advisor"],
            &["membre", "de"],
            &["membre", "d"],
            &["membre", "fondateur"],
            &["membre", "actif"],
            &["club", "president"],
            &["guest", "lecturer"],
            &["guest", "speaker"],
            &["top", "voice"],
            &["linkedin", "top"],
            &["administrateur", "d"],
            &["administratrice", "d"],
            &["administrateur", "du"],
            &["administratrice", "du"],
            &["ambassadeur", "de"],
            &["ambassadrice", "de"],
            &["creatrice", "du", "podcast"],
            &["createur", "du", "podcast"],
            &["fondateur", "du", "podcast"],
            &["fondatrice", "du", "podcast"],
            &["host", "of"],
            &["founder", "of", "the", "podcast"],
        ],
    );
    let first = is(
        words,
        from,
        &[
            "mentor",
            "mentore",
            "mentoring",
            "conferencier",
            "conferenciere",
            "speaker",
            "auteur",
            "autrice",
            "author",
            "podcaster",
            "podcast",
            "podcasteur",
            "podcasteuse",
            "blogger",
            "blogueur",
            "blogueuse",
            "dj",
            "volunteer",
            "benevole",
            "reserviste",
            "marathonien",
            "runner",
            "papa",
            "maman",
            "dad",
            "mum",
            "mom",
            "father",
            "mother",
            "investor",
            "trustee",
            "ambassador",
            "laureat",
            "laureate",
            "tresorier",
            "tresoriere",
        ],
    );
    // “Trésorier groupe”: the treasurer of a company, not of a club.
    let first = first
        && !(is(words, from, &["tresorier", "tresoriere"])
            && is(words, from + 1, &["groupe", "corporate", "international", "internationale", "entreprise"]));
    // “(bénévole)” in brackets behind the role counts too.
    let span = (to + 2).min(words.len());
    let halves = (from + 1..to).any(|at| words[at].gap == Gap::And || is(words, at, &["et", "and"]));
    let anywhere = !halves
        && (from..span).any(|at| {
            (at < to || words[at].aside)
                && (is(words, at, &["benevole", "benevolat", "volunteer", "volontaire", "bono", "hobby", "loisir"]))
        });
    let club = words[from..to].iter().any(|word| {
        matches!(word.plain.as_str(), "club" | "association" | "amicale" | "asso" | "hobby" | "quartier" | "paroisse" | "copains")
    }) && words[from..to].first().is_some_and(|word| {
        matches!(
            word.form.as_str(),
            "fondateur" | "president" | "tresorier" | "founder" | "secretaire" | "cofondateur" | "organisateur"
        )
    }) && words[from].gap != Gap::Break;
    (board || first) && !goes_on_paid(words, from, to) || anywhere || club
}

/// “Conseillère municipale et comptable”: a role of its own behind “and”.
fn goes_on_paid(words: &[Word], from: usize, to: usize) -> bool {
    let and = |at: &usize| words[*at].gap == Gap::And || is(words, *at, &["et", "and"]);
    let Some(cut) = (from + 1..to).find(and) else { return false };
    let unpaid = |at: usize| is(words, at, &UNPAID);
    (from..cut).any(unpaid) && lexicon::phrases(words, cut, to).iter().any(|found| found.entry.noun)
}

fn is_student(words: &[Word], from: usize, to: usize) -> bool {
    const PLACES: [&str; 9] = [
        "alternance",
        "stage",
        "internship",
        "apprentissage",
        "internships",
        "apprenticeship",
        "alternante",
        "praktikum",
        "traineeship",
    ];
    let searches = |at: usize| {
        is(words, at, &["recherche", "cherche", "looking", "seeking", "search", "quete", "trouver", "souhaite", "disponible"])
    };
    let search = (from..to)
        .find(|at| searches(*at))
        .is_some_and(|at| words[at..to].iter().any(|word| PLACES.contains(&word.plain.as_str())));
    let studies = is(
        words,
        from,
        &[
            "etudiant",
            "etudiante",
            "student",
            "eleve",
            "lyceen",
            "lyceenne",
            "undergraduate",
            "bachelor",
            "studying",
            "studentin",
        ],
    ) || begins(
        words,
        from,
        to,
        &[
            &["master", "1"],
            &["master", "2"],
            &["m1"],
            &["m2"],
            &["mba", "candidate"],
            &["phd", "candidate"],
            &["en", "licence"],
            &["en", "bts"],
            &["en", "but"],
            &["mba", "student"],
            &["msc", "student"],
            &["en", "master"],
            &["master", "student"],
            &["bachelor", "student"],
        ],
    ) || (from..to.min(from + 4)).any(|at| is(words, at, &["student", "etudiant", "etudiante"]))
        && !names_role(words, from, to);
    // “Alternance 2026”, “Stage de fin d’études”: what is sought, said by itself.
    let only_place = is(words, from, &["alternance", "stage", "internship", "apprentissage"])
        && words.get(from + 1).is_none_or(|next| from + 1 == to || next.plain.starts_with("20"))
        && to - from <= 2;
    search
        || only_place
        || studies
            && !words[from..to].iter().any(|word| {
                matches!(word.plain.as_str(), "avocat" | "salarie" | "success" | "affairs" | "services" | "recruitment")
            })
}

fn names_role(words: &[Word], from: usize, to: usize) -> bool {
    lexicon::phrases(words, from, to)
        .iter()
        .any(|found| found.entry.noun && found.entry.level != Level::Rank(super::Seniority::Intern))
}
