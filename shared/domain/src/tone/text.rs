//! A comment cut into clauses of folded words, with its signs counted and the people it tags taken out.

use crate::fold::{fold, words};

/// A run of words between two marks.
#[derive(Debug, Default)]
pub struct Clause {
    pub words: Vec<String>,
}

/// A comment as the lexicon reads it.
#[derive(Debug, Default)]
pub struct Comment {
    pub clauses: Vec<Clause>,
    /// Signs of praise: 👏 ❤ 🔥 “+1”, each at most once.
    pub glad_signs: u32,
    /// Signs of disapproval: 👎 🙄, each at most once.
    pub cross_signs: u32,
    pub has_question_mark: bool,
    /// Ends in an exclamation mark and holds no question mark: “Quel parcours !” asks nothing.
    pub exclaims: bool,
    pub has_mention: bool,
    /// A verb and its subject change places: “existe-t-il”, “as-tu”.
    pub inverts: bool,
    /// One word, in capitals.
    pub is_one_capital_word: bool,
}

const GLAD: &str = "👏🔥❤💙💚💛🧡💜🖤🤍♥💯👌😍🥰🤩🚀💪🏆🙌👍🎉✅🙏⭐🌟✨💎😊🙂😁😄😃🥳🤝💥⚡😉☺👑🫶🎯🙋🤗💡🥇🍾🫡";
const CROSS: &str = "👎🙄😒🤮🤡😡🤬🙃😤😠🤢💩🥱🤦🚩😑";

impl Comment {
    /// Cuts a comment. A comment longer than 4,000 bytes is read up to there.
    pub fn cut(raw: &str) -> Self {
        let mut end = raw.len().min(4000);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        let (text, has_mention) = without_mentions(&raw[..end]);
        let mut comment = Self { has_mention, ..Self::default() };
        comment.count_signs(&text);
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        comment.is_one_capital_word = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() == 1
            && letters().all(char::is_uppercase);
        comment.exclaims = text.contains('!') && !comment.has_question_mark;
        let folded = fold(&text);
        // “Encore faudrait-il que …” doubts, it asks nothing.
        let doubts = folded.contains("encore faudrait-il") || folded.contains("encore faut-il");
        comment.inverts = !doubts && folded.split_whitespace().any(is_inverted);
        comment.clauses = folded
            .split(['.', '!', '?', '…', ';', ':', '\n', '(', ')'])
            .map(|piece| Clause { words: words(piece).map(str::to_owned).collect() })
            .filter(|clause| !clause.words.is_empty())
            .collect();
        comment
    }

    /// “Votre commercial m’a appelé …”, “your app …”: who speaks of our things without praise complains.
    pub fn names_your_thing(&self) -> bool {
        const THINGS: [&str; 49] = [
            "outil",
            "outils",
            "produit",
            "produits",
            "commercial",
            "commerciaux",
            "commerciale",
            "service",
            "services",
            "support",
            "appli",
            "application",
            "site",
            "logiciel",
            "equipe",
            "equipes",
            "entreprise",
            "boite",
            "societe",
            "agence",
            "sav",
            "facture",
            "factures",
            "abonnement",
            "plateforme",
            "livraison",
            "conseiller",
            "vendeurs",
            "vendeur",
            "tool",
            "product",
            "app",
            "team",
            "rep",
            "reps",
            "salespeople",
            "salesman",
            "website",
            "software",
            "company",
            "agency",
            "platform",
            "invoice",
            "subscription",
            "bot",
            "emails",
            "mails",
            "courriels",
            "questionnaire",
        ];
        let yours = |word: &str| matches!(word, "votre" | "vos" | "ton" | "tes" | "your");
        let is_thing = |word: &String| THINGS.contains(&word.as_str());
        self.clauses.iter().any(|clause| {
            let words = &clause.words;
            (0..words.len()).any(|at| yours(&words[at]) && words[at + 1..].iter().take(2).any(is_thing))
        })
    }

    fn count_signs(&mut self, text: &str) {
        let mut seen: Vec<char> = Vec::new();
        for c in text.chars().filter(|c| !c.is_ascii_alphanumeric()) {
            self.has_question_mark |= matches!(c, '?' | '？' | '❓' | '⁉');
            if c.is_ascii() || seen.contains(&c) {
                continue;
            }
            seen.push(c);
            self.glad_signs += u32::from(GLAD.contains(c));
            self.cross_signs += u32::from(CROSS.contains(c));
        }
        let plus = text.trim_start().strip_prefix('+').is_some_and(|rest| rest.starts_with('1')) || text.trim() == "100%";
        let smile = [":)", ":-)", ":D", "<3", ";)"].iter().any(|sign| text.contains(sign));
        self.glad_signs += u32::from(plus) + u32::from(smile);
    }
}

/// Takes “@First Last” out: up to three capitalised words after the sign.
fn without_mentions(raw: &str) -> (String, bool) {
    if !raw.contains('@') {
        return (raw.to_owned(), false);
    }
    let mut kept = String::with_capacity(raw.len());
    let mut left = 0;
    for token in raw.split_inclusive(char::is_whitespace) {
        let name = token.strip_prefix('@').filter(|rest| rest.chars().next().is_some_and(char::is_alphanumeric));
        let capital = token.chars().next().is_some_and(char::is_uppercase);
        if name.is_some() {
            left = 2;
        } else if left > 0 && capital {
            left -= 1;
        } else {
            left = 0;
            kept.push_str(token);
            continue;
        }
        // Punctuation behind a name ends it and stays.
        let ending: String = token.trim_end().chars().rev().take_while(|c| !c.is_alphanumeric()).collect();
        if !ending.is_empty() {
            left = 0;
            kept.push_str(&ending);
        }
        kept.push(' ');
    }
    (kept, true)
}

/// “as-tu”, “y a-tu”, “existe-t-elle”, “auriez-vous”; not “rendez-vous”, nor commands like “abonnez-vous”.
fn is_inverted(token: &str) -> bool {
    let token = token.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((verb, subject)) = token.rsplit_once('-') else { return false };
    match subject {
        "tu" | "il" | "elle" | "ils" | "elles" | "on" => verb.len() > 1 || subject == "tu",
        "vous" => {
            verb.ends_with("iez")
                || matches!(verb, "avez" | "pouvez" | "etes" | "savez" | "voulez" | "proposez" | "utilisez" | "connaissez")
        }
        _ => false,
    }
}

/// “invérifiable”, “illisible”, “unreadable”: what cannot be done; the words of praise built so are left out.
pub fn is_privative(word: &str) -> bool {
    const PRAISE: [&str; 26] = [
        "incroyable",
        "incroyables",
        "inoubliable",
        "incontournable",
        "incontournables",
        "inestimable",
        "impeccable",
        "indispensable",
        "indispensables",
        "imbattable",
        "inevitable",
        "incredible",
        "unbelievable",
        "imparable",
        "inegalable",
        "indeniable",
        "undeniable",
        "unbeatable",
        "inepuisable",
        "intarissable",
        "inimitable",
        "irresistible",
        "unforgettable",
        "intouchable",
        "infaillible",
        "unstoppable",
    ];
    let ending = word.trim_end_matches('s');
    let privative =
        ["inv", "ill", "irr", "una", "unr", "unu", "imp", "inc", "ina", "ins", "ind", "unb", "uns", "inj", "int", "uni"];
    word.len() > 8
        && (ending.ends_with("able") || ending.ends_with("ible"))
        && privative.iter().any(|start| word.starts_with(start))
        && !PRAISE.contains(&word)
        && !matches!(word, "invisible" | "invisibles" | "impossible" | "independable" | "insensible" | "intangible")
}

/// Whether a clause without a question mark is put as a question: “could this …”, “where can …”, “tu utilises quel …”.
pub fn opens_question(words: &[&str]) -> bool {
    const AUXILIARIES: [&str; 18] = [
        "is", "are", "does", "do", "did", "can", "could", "would", "will", "has", "have", "should", "was", "were", "may",
        "shall", "isn", "doesn",
    ];
    const SUBJECTS: [&str; 22] = [
        "it", "this", "that", "there", "these", "those", "you", "we", "i", "they", "he", "she", "the", "your", "anyone", "any",
        "my", "our", "a", "someone", "somebody", "anybody",
    ];
    const WHERE_NEXT: [&str; 14] = [
        "trouver",
        "est",
        "sont",
        "puis",
        "peut",
        "telecharger",
        "voir",
        "acheter",
        "s",
        "se",
        "commander",
        "avoir",
        "recuperer",
        "lire",
    ];
    let word = |at: usize| words.get(at).copied().unwrap_or("");
    // “Merci Hugo, …”: the question may begin behind a greeting; only the start of the clause is looked at.
    let start = usize::from(matches!(word(0), "et" | "and" | "so" | "donc" | "bonjour" | "hello" | "hi" | "hey" | "salut"));
    let (first, second) = (word(start), word(start + 1));
    // “Have a good day”, “do it”: wishes and commands.
    let command = first == "have" && matches!(second, "a" | "the" | "my" | "your" | "our" | "this" | "that" | "it" | "any")
        || first == "do" && matches!(second, "it" | "this" | "that" | "the" | "your" | "my" | "a");
    let english = !command && AUXILIARIES.contains(&first) && SUBJECTS.contains(&second)
        || matches!(first, "how" | "where" | "which" | "who")
            && matches!(
                second,
                "do" | "does"
                    | "did"
                    | "is"
                    | "are"
                    | "can"
                    | "could"
                    | "would"
                    | "to"
                    | "much"
                    | "many"
                    | "long"
                    | "often"
                    | "about"
                    | "tool"
                    | "one"
                    | "should"
                    | "was"
                    | "will"
                    | "s"
            );
    // “Can I just say wow” asks nothing.
    let english = english && !(words.contains(&"just") && words.contains(&"say"));
    let french = first == "ou" && WHERE_NEXT.contains(&second)
        || matches!(first, "comment" | "combien") && !second.is_empty()
        || matches!(first, "quel" | "quelle" | "quels" | "quelles") && matches!(second, "est" | "sont" | "serait" | "seraient");
    let bare_wh = matches!(first, "which" | "when" | "why") && second != "not"
        || first == "what" && !matches!(second, "a" | "an" | "great" | "lovely");
    let does_it = matches!(first, "ca" | "cela" | "c")
        && words.len() <= 9
        && words
            .iter()
            .skip(start + 2)
            .take(2)
            .any(|word| matches!(*word, "avec" | "sur" | "pour" | "aussi" | "dans" | "en" | "comment" | "branche"))
        && matches!(
            second,
            "fonctionne"
                | "marche"
                | "se"
                | "s"
                | "remplace"
                | "integre"
                | "existe"
                | "coute"
                | "gere"
                | "supporte"
                | "inclut"
                | "tourne"
                | "passe"
        );
    let object = words.iter().skip(start + 1).any(|word| matches!(*word, "quel" | "quelle" | "quels" | "quelles"))
        && matches!(
            first,
            "tu" | "vous" | "on" | "c" | "ca" | "il" | "elle" | "sur" | "dans" | "avec" | "pour" | "a" | "de" | "depuis"
        )
        || words.len() <= 8
            && words.last() == Some(&"quoi")
            && words.len() > 2
            && !matches!(words[words.len() - 2], "importe" | "de" | "en")
        || words.len() <= 8 && words.last().is_some_and(|last| matches!(*last, "combien" | "comment" | "quand" | "pourquoi"))
        || matches!(first, "tu" | "vous" | "on")
            && words.windows(2).any(|pair| pair[1] == "quoi" && !matches!(pair[0], "importe" | "de" | "en"))
        || matches!(first, "tu" | "vous")
            && words.iter().skip(2).take(2).any(|word| matches!(*word, "comment" | "combien" | "ou"));
    // “Vous faites ça en interne ou avec une agence”, “quel logiciel pour ce planning”.
    let choice =
        matches!(first, "vous" | "tu" | "c") && words.iter().skip(start + 2).any(|word| *word == "ou") && words.len() <= 14;
    let thing = [
        "logiciel",
        "outil",
        "budget",
        "prix",
        "tarif",
        "formation",
        "methode",
        "statut",
        "delai",
        "solution",
        "canal",
        "format",
    ];
    let which = matches!(first, "quel" | "quelle" | "quels" | "quelles")
        && (thing.contains(&second.trim_end_matches('s'))
            || words.iter().skip(start + 2).take(2).any(|word| matches!(*word, "avez" | "utilisez" | "faut" | "conseillez")));
    english || french || object || bare_wh || does_it || choice || which
}
