//! Opting out by sentence pattern: a verb of stopping or deleting near what is to stop, in any wording.

/// Whether a run of words demands that we stop writing or delete something.
///
/// Source: docs/rules.md, “Understanding a reply”.
pub fn demanded(words: &[&str]) -> bool {
    (0..words.len()).any(|at| {
        deletes(words, at)
            || stops(words, at)
            || forbids_in_french(words, at)
            || forbids_in_english(words, at)
            || wants_none(words, at)
            || takes_off(words, at)
    })
}

fn word<'a>(words: &[&'a str], at: usize) -> &'a str {
    words.get(at).copied().unwrap_or("")
}

fn near(words: &[&str], from: usize, length: usize, test: impl Fn(&str) -> bool) -> bool {
    words.iter().skip(from).take(length).any(|word| test(word))
}

/// “supprimez … mes données”, “delete … from your list”.
fn deletes(words: &[&str], at: usize) -> bool {
    const VERBS: [&str; 32] = [
        "retirez",
        "retirer",
        "retire",
        "supprimez",
        "supprimer",
        "supprime",
        "effacez",
        "effacer",
        "efface",
        "enlevez",
        "enlever",
        "enleve",
        "rayez",
        "rayer",
        "radiez",
        "radier",
        "otez",
        "oter",
        "virez",
        "virer",
        "excluez",
        "exclure",
        "sortez",
        "desinscrire",
        "remove",
        "delete",
        "erase",
        "purge",
        "scrub",
        "exclude",
        "blacklist",
        "detruire",
    ];
    let done = at > 0 && matches!(words[at - 1], "avons" | "ai" | "a" | "ont" | "we" | "i" | "est" | "ete");
    // “Peut-on supprimer des contacts ?” asks what the tool does.
    let asked = at > 0 && matches!(words[at - 1], "on" | "je" | "comment" | "pour" | "how" | "you" | "il" | "puis");
    // “Merci de les effacer”: what is to go was named before.
    let pronoun =
        at > 1 && matches!(words[at - 1], "les" | "l" | "la" | "le" | "them") && words[..at].iter().any(|word| is_data(word));
    VERBS.contains(&words[at]) && !done && !asked && (pronoun || near(words, at + 1, 8, is_ours))
}

fn is_data(word: &str) -> bool {
    ["coordonnee", "donnee", "adresse", "numero", "nom", "mail", "email", "contact", "details", "data"]
        .iter()
        .any(|stem| word.starts_with(stem))
}

fn is_ours(word: &str) -> bool {
    const OURS: [&str; 14] =
        ["moi", "mon", "mes", "me", "m", "ma", "my", "us", "liste", "listes", "list", "lists", "database", "mailing"];
    const STEMS: [&str; 6] = ["fichier", "donnee", "coordonnee", "numero", "envois", "diffusion"];
    OURS.contains(&word) || STEMS.iter().any(|stem| word.starts_with(stem))
}

/// Verbs and nouns of getting in touch.
fn is_contact(word: &str) -> bool {
    const STEMS: [&str; 24] = [
        "contact",
        "recontact",
        "ecri",
        "envoy",
        "envoi",
        "relanc",
        "sollicit",
        "appel",
        "rappel",
        "message",
        "email",
        "courriel",
        "texto",
        "sms",
        "derang",
        "importun",
        "embet",
        "demarch",
        "harcel",
        "spam",
        "prospect",
        "newsletter",
        "publicit",
        "mail",
    ];
    STEMS.iter().any(|stem| word.starts_with(stem))
        || matches!(
            word,
            "text"
                | "texting"
                | "call"
                | "calling"
                | "write"
                | "writing"
                | "bother"
                | "bothering"
                | "pester"
                | "pestering"
                | "pub"
                | "pubs"
                | "sending"
                | "send"
                | "dm"
                | "dms"
                | "ping"
                | "pinging"
                | "reach"
        )
}

/// “arrêtez … de m’écrire”, “quit … spamming”; not “on a arrêté”.
fn stops(words: &[&str], at: usize) -> bool {
    let verb = matches!(
        words[at],
        "arretez" | "arreter" | "cessez" | "cesser" | "stoppez" | "stopper" | "stop" | "quit" | "cease" | "finissez" | "basta"
    );
    let ours = at > 0
        && matches!(
            words[at - 1],
            "avons"
                | "pas"
                | "don"
                | "t"
                | "never"
                | "jamais"
                | "sans"
                | "nous"
                | "devons"
                | "allons"
                | "non"
                | "to"
                | "n"
                | "ne"
                | "comment"
                | "on"
                | "i"
                | "we"
                | "they"
        )
        || words[at + 1..].first().is_some_and(|next| matches!(*next, "vous" | "pas" | "t" | "jamais"))
        || at > 1 && words[at - 1] == "you" && matches!(words[at - 2], "do" | "did" | "if" | "when" | "how");
    verb && !ours
        && near(words, at + 1, 4, |word| {
            is_contact(word) || matches!(word, "vos" | "ca" | "cela" | "it" | "this" | "me" | "m" | "now" | "maintenant")
        })
}

/// “ne m’écrivez plus”, “ne plus me solliciter”; a time behind it makes it a delay (“pas avant mars”).
fn forbids_in_french(words: &[&str], at: usize) -> bool {
    if words[at] != "ne" && words[at] != "n" {
        return false;
    }
    let object = matches!(word(words, at + 1), "me" | "m" | "nous");
    let negations = |word: &str| matches!(word, "plus" | "pas" | "jamais");
    let imperative = object
        && is_contact(word(words, at + 2))
        && negations(word(words, at + 3))
        && word(words, at + 2).ends_with(['z', 'e', 's']);
    let infinitive = negations(word(words, at + 1))
        && near(words, at + 2, 3, |word| is_contact(word) || word == "recevoir" || word == "etre")
        && near(words, at + 2, 4, |word| {
            is_contact(word) && (word.ends_with('r') || word.ends_with('e') || word.ends_with("ee")) || word == "recevoir"
        });
    let wish =
        near(words, at + 1, 3, |word| matches!(word, "souhaite" | "souhaitons" | "veux" | "voulons" | "desire" | "desirons"))
            && near(words, at + 2, 3, |word| matches!(word, "plus" | "jamais"))
            && near(words, at + 3, 6, |word| is_contact(word) || matches!(word, "recevoir" | "entendre" | "figurer" | "recu"));
    let delay =
        near(words, at + 3, 4, |word| matches!(word, "avant" | "aujourd" | "demain" | "maintenant" | "seulement" | "que"));
    (imperative || infinitive || wish) && !delay
}

/// “don’t ever contact me again”, “never email us”.
fn forbids_in_english(words: &[&str], at: usize) -> bool {
    let negation = matches!((word(words, at.wrapping_sub(1)), words[at]), ("don", "t") | ("do", "not") | (_, "never" | "dont"))
        || words[at] == "not" && word(words, at + 1) == "to" && !matches!(word(words, at.wrapping_sub(1)), "or" | "whether");
    let ours = at > 1 && matches!(word(words, at - 2), "i" | "we" | "they" | "you")
        || at > 0 && matches!(words[at - 1], "i" | "we" | "have" | "ve");
    let verb = (at + 1..at + 4).find(|next| is_contact(word(words, next.to_owned())) || word(words, *next) == "be");
    let delay = near(words, at + 2, 5, |word| matches!(word, "before" | "until" | "today" | "tomorrow" | "but" | "without"));
    negation
        && !ours
        && !delay
        && verb.is_some_and(|verb| {
            near(words, verb + 1, 4, |word| {
                matches!(word, "me" | "us" | "again" | "anymore" | "contacted" | "any" | "this" | "to")
            })
        })
}

/// “plus de démarchage”, “plus aucun mail”, “no more messages”.
fn wants_none(words: &[&str], at: usize) -> bool {
    let french = words[at] == "plus"
        && matches!(word(words, at + 1), "de" | "d" | "aucun" | "aucune" | "jamais")
        && is_contact(word(words, at + 2));
    let amount = at > 0
        && matches!(
            words[at - 1],
            "avoir"
                | "en"
                | "ai"
                | "avec"
                | "obtenir"
                | "avez"
                | "recevez"
                | "deux"
                | "les"
                | "un"
                | "peu"
                | "voudrais"
                | "donnez"
        );
    let english = words[at] == "no"
        && matches!(word(words, at + 1), "more" | "further")
        && near(words, at + 2, 2, |word| {
            is_contact(word) || matches!(word, "calls" | "texts" | "contact" | "outreach" | "communication")
        });
    french && !amount || english
}

/// “take my address out of your system”, “être retirée de vos envois”.
fn takes_off(words: &[&str], at: usize) -> bool {
    let english = matches!(words[at], "take" | "get" | "taken" | "drop" | "pull" | "strike")
        && near(words, at + 1, 5, |word| matches!(word, "off" | "out" | "from"))
        && near(words, at + 1, 8, |word| {
            matches!(word, "your" | "list" | "lists" | "system" | "database" | "mailing" | "sequence")
        })
        && near(words, at + 1, 4, |word| matches!(word, "me" | "my" | "us" | "our" | "this"));
    let participle = |word: &str| {
        ["retire", "supprime", "enleve", "efface", "desinscrit", "desabonne", "raye", "radie", "exclu"]
            .iter()
            .any(|stem| word.starts_with(stem))
    };
    let french = matches!(words[at], "etre" | "sois" | "soit" | "soient") && near(words, at + 1, 2, participle);
    english || french
}
