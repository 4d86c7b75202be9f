//! Claims: figures, awards, guarantees, clients and news that no fact holds.

use super::phrases::Phrases;
use super::times::date_at;
use super::tokens::{Gap, Token};
use std::ops::Range;
use std::sync::LazyLock;

static CLAIMS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "elu|elue|elus|elues ?le|la ?par meilleur*|par|traiteur|entreprise|produit|service
         prime|primee|primes|primees
         recompens*
         laureat*
         medaill*
         award*
         voted ?the best|by
         ranked
         numero un
         number one
         n 1
         classe* ?parmi premier*|parmi|dans
         premier prix
         prix de|du|d meilleur*|innovation|excellence
         meilleur*|best traiteur|caterer|logiciel|software|formation|training|atelier|audit*|provider
         le|la|les meilleur* de|du|d
         sommes|suis ?le ?la ?les ?un ?une leader*
         leader* ?mondial ?europeen ?francais ?quebecois ?inconteste du|de|des marche|secteur|la|l|paie|france|quebec
         we are|re ?the ?a ?market leader*
         leading provider|vendor|supplier|software|platform|company
         certifi*
         accredit*
         agree*|approuve* par
         approved by
         endorsed by
         labellis*
         homologu*
         recommande*|recommended par|by
         iso
         qualiopi
         garanti|garantie|garantis|garanties|garantit|garantissons|garantir
         guarante*
         satisfait* ou rembourse*
         money back
         sans ?aucun|aucune|la|une ?moindre ?seule erreur*|risque*|faute
         zero erreur*|risque*|error*|risk*|mistake*
         without a single error|mistake|incident|complaint
         risk free
         jamais ?eu ?d ?un ?une ?aucun echec|plainte*
         never fail*|fails|had
         stop* every|all|any
         bloque* tous|toutes
         every|all attack*|fraud*
         tous|toutes vos|les concurrents|attaques|fraudes
         vos|tes concurrents
         your competitors|rivals|peers
         your|votre ?plus ?main ?biggest ?grand competitor|rival|concurrent
         font ?deja ?tous confiance
         fait ?deja ?tous confiance
         nous ont ?deja ?tous choisi*|confie
         trusted by
         used by
         chosen by
         trust us
         already train|use|work|trust|rely
         travaillent ?deja ?tous avec nous|moi
         la plupart des|de
         most of the|our|your companies|firms|customers|clients|competitors|insurers
         hundreds|thousands|dozens|millions of
         centaines|milliers|dizaines|millions de|d
         augment*|accroi* ~ chiffre|ventes|revenus|marge*|productivite|taux|conversion
         increas*|grow*|boost* ~ revenue|sales|turnover|profit*|productivity|conversion*
         double|doubler|doublez|doublent|doubles|doubling|triple|tripler|triplez|quadruple* ?de vos|votre|ton|tes|ses|leurs|leur|son|sa|your|their|its|his|her|the
         va|vont|peut|will|can doubler|tripler|double|triple
         reduit|reduire|reduisent|reduisez|diminue*|coupe|baisse*|divis* ~ moitie|deux|trois|dix
         cut|cuts|cutting|reduce|reduces|reducing ~ half|costs|cost|errors|risk|time
         halve|halves|halved your|the|their
         fait|faire gagner
         gagnez|economisez ?jusqu ?a ?plus ?du ?de temps|argent|_
         save you|companies|firms|clients|customers|businesses
         up to _ percent|hours|days
         jusqu a _ fois|heures|pour
         divis* par|vos|votre
         rembours*
         gratuit*
         free of charge|trial|audit|guide|demo|session|consultation|month|sample|tasting
         for free
         at no cost
         sans frais
         remise
         rabais
         discount
         promotion|special offer
         offre|tarif speciale|special|exceptionnelle|exclusive|exclusif
         offert|offerte|offerts|offertes
         cadeau
         retour sur investissement
         return on investment
         roi
         le moins cher
         cheapest
         moins cher*
         lev*|leve* ?de ?vos ?des ?vos fonds
         levee de
         venait|venais|venez|vient|viens|venir de|d lever|ouvrir|signer|racheter|recruter|demenager|inaugurer|remporter|gagner|etre|nommer|fusionner|decrocher|lancer|recevoir|fermer|changer|acquerir|perdre|obtenir|prendre|atteindre|franchir|rejoindre|integrer|quitter|reprendre|deposer|celebrer
         signe|signes|signent|signed|switched|switch ?over avec|chez|to|with nous|us
         aucun|aucune de nos|mes clients
         pas un|une de nos|mes clients
         none of our|my
         half|most|many of our|your|the clients|customers|competitors|rivals|ftse|market
         moitie du|de|des|vos cac|clients|concurrents|entreprises|marche
         c est promis
         je vous|te promets
         nous vous promettons
         i|we promise you|that|results
         pays for itself
         mise en un|deux|trois|_ mois
         cites|citee|cite dans
         featured in
         mentioned in the
         raised ~ million*|m|round|series|funding|k
         raising ~ million*|round|series|funding
         funding round
         series a|b|c|d
         felicit* pour|de|d|a
         bravo pour|a ?votre ?ta ?vos nomination|promotion|prix|levee|ouverture|rachat|acquisition|expansion|succes|croissance|resultats|poste|anniversaire|nouveau|nouvelle|recent*
         congrat* ?on|for|to
         nos|mes|our ?other clients|customers|utilisateurs|users gagnent|economisent|voient|constatent|recuperent|obtiennent|reduisent|doublent|adorent|disent|sont|ont|save|see|gain|get|love|report|cut|double|say|are|have|tell|rave|never
         en moyenne
         on average
         your|vos|tes|votre ?deux ?trois ?two ?three ?plus ?main ?direct ?principal ?principaux ?biggest ?grand ?grands concurrent|concurrents|competitor|competitors|rival|rivals
         autres|other ~ du|de|in votre|la|your|the secteur|region|ville|sector|town|industry
         j ai|nous ?avons appris|entendu que|dire|parler
         i ?ve ?have ?just heard|learned|learnt|understand ?that you|your
         alliez|allez|comptez|pensez|prevoyez ?bientot ouvrir|recruter|demenager|lancer|embaucher|acquerir|fusionner
         nous a|ont ?deja ?tous choisi*|retenu*|recommand*|elu*|nomme*|prime*
         recommends|recommend|chose|picked|selected|endorses|endorse us
         is|are|comes|come ?completely ?totally ?all free ?of
         first|premier|premiere|premiers ?_ month|session|mois|seance|atelier|audit|repas|week|semaine|trial ~ free|offert*|gratuit*|us|nous
         on us
         won|win ?the ?an ?a ?our ?several ?_ ?_ award*|prize*|product|best|year|medal*|prix
         of the year
         de l annee
         gagne|remporte|recu|obtenu|decroche ~ prix|trophee*|medaille*|award*|label*|distinction*
         prouve* par|scientifiquement
         scientifically|clinically proven
         proven to|results
         resultats prouves
         brevet*
         patent*
         officiel*|officially partenaire*|partner*
         unique ?fournisseur ?traiteur sur|en|au marche|france|quebec|canada
         the only provider|firm|software|company|training
         le|la seul|seule traiteur|logiciel|formation|atelier|audit|outil|service|cabinet a|qui|au|en|du
         as seen in|on
         vu a la tele*
         parle|parlent de nous
         plus rapide que
         moins cher que
         faster|cheaper than
         mieux que vos
         better than your
         sous|within|en 24 heures|hours
         livraison gratuite
         zero _
         jamais un|une seul|seule
         never a|one|had ?single
         not a single
         aucun client|echec|incident|retard
         sans effort
         votre|ta|vos|ton ?toute ?tres recent*|nouveau|nouvelle|nouveaux|nouvelles ?grande levee|bureau*|siege|usine|site|boutique|succursale|poste|nomination|acquisition|rachat|promotion|partenariat|contrat|fusion|prix|ouverture|agence|entrepot|magasin
         your ?very recent|new|latest ?big funding|office*|site|plant|store|branch|role|job|appointment|acquisition|promotion|partnership|contract|merger|award|opening|factory|warehouse|headquarters|shop
         votre|ta|vos nomination|promotion|levee|rachat|fusion|acquisition|anniversaire|demenagement
         your promotion|acquisition|merger|relocation|ipo|layoffs
         vous|tu recrut*|embauch*|licenci*|demenag*|ouvr* ?actuellement ?en
         you re|are ?currently ?now hiring|recruiting|expanding|moving|opening|acquiring
         hiring spree
         just|recently opened|hired|acquired|merged|won|moved|signed|launched|joined|closed|been
         ouvert|ouvre* ?un ?une nouveau|nouvelle|nouveaux
         en pleine croissance|expansion
         croissance fulgurante|impressionnante
         depuis|en|plus _ ans|annees d|de experience
         _ ans|years d|of experience",
    )
});

/// Number words, French and English, with their values.
const NUMBERS: &[(&str, u64)] = &[
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("quinze", 15),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("cent", 100),
    ("cents", 100),
    ("mille", 1000),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("hundred", 100),
    ("thousand", 1000),
    ("couple", 2),
];

/// After a number word these make it a figure that needs a fact.
const MEASURES: &[&str] = &[
    "ans",
    "annees",
    "years",
    "pays",
    "countries",
    "clients",
    "customers",
    "million",
    "millions",
    "milliers",
    "milliards",
    "billion",
    "fois",
    "times",
    "pour",
    "percent",
    "entreprises",
    "companies",
    "firms",
    "salaries",
    "employes",
    "employees",
    "personnes",
    "people",
    "euros",
    "dollars",
    "pounds",
    "mois",
    "months",
    "weeks",
    "semaines",
    "jours",
    "days",
    "heures",
    "hours",
    "villes",
    "cities",
    "evenements",
    "events",
    "insurers",
    "banks",
    "banques",
    "concurrents",
    "competitors",
    "projets",
    "projects",
    "sites",
    "sur",
];

/// Units that belong to their figure: “3 heures” is not held up by “3 devis”. One class to a line, both languages.
const UNITS: &[&[&str]] = &[
    &["heure", "heures", "hour", "hours"],
    &["jour", "jours", "day", "days"],
    &["semaine", "semaines", "week", "weeks"],
    &["mois", "month", "months"],
    &["an", "ans", "annee", "annees", "year", "years"],
    &["fois", "times"],
    &["euro", "euros", "dollar", "dollars", "pounds"],
    &["pays", "country", "countries"],
    &["million", "millions"],
];

/// Durations of a call are an offer of time, no claim.
const MINUTES: &[&str] = &["minute", "minutes", "min", "mn", "mins"];

/// Unsupported claims, as ranges of words. `skip` holds the words of slots, times of day and the greeting.
pub fn unsupported(tokens: &[Token], facts: &[Token], skip: &[Range<usize>], buzz: &[Range<usize>]) -> Vec<Range<usize>> {
    let within = |at: usize, ranges: &[Range<usize>]| ranges.iter().any(|r| r.contains(&at));
    let known = figures(facts);
    let measured = measured_figures(facts);
    let mut found: Vec<Range<usize>> = CLAIMS
        .each_occurs(tokens, facts)
        .into_iter()
        .filter(|(range, supported)| {
            !supported && !tokens[range.start].quoted && !buzz.iter().any(|b| b.start < range.end && range.start < b.end)
        })
        .map(|(range, _)| range)
        .collect();
    let mut at = 0;
    while at < tokens.len() {
        let (value, end) = match figure_at(tokens, at) {
            Some(figure) if !within(at, skip) => figure,
            _ => {
                at += 1;
                continue;
            }
        };
        let dated = date_at(tokens, at).filter(|_| has_run(facts, &tokens[at..end]));
        let exempt = tokens[at].quoted
            || (known.contains(&value) && unit_at(tokens, end).is_none_or(|unit| measured.contains(&(value, unit))))
            || dated.is_some()
            || minutes_follow(tokens, end)
            || (value == 100 && buzz.iter().any(|b| b.start >= end && b.start <= end + 1))
            || (end - at == 1 && tokens[at].acronym);
        if !exempt {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// All figures of a text, written in digits or in words.
fn figures(tokens: &[Token]) -> Vec<u64> {
    let mut values: Vec<u64> = tokens.iter().filter_map(|t| word_value(t).or_else(|| t.number())).collect();
    let grouped = (0..tokens.len()).filter_map(|at| digits_at(tokens, at)).map(|(value, _)| value);
    values.extend(grouped);
    values
}

/// What a figure that ends before `end` counts: a class of [`UNITS`], or its number past them for a percentage.
fn unit_at(tokens: &[Token], end: usize) -> Option<usize> {
    if tokens[end - 1].percent {
        return Some(UNITS.len());
    }
    let next = tokens.get(end).filter(|t| t.gap < Gap::Pause)?;
    UNITS.iter().position(|class| class.contains(&next.folded.as_str()))
}

/// The figures of a text with what they count.
fn measured_figures(tokens: &[Token]) -> Vec<(u64, usize)> {
    let figure = |at: usize| digits_at(tokens, at).or_else(|| word_value(&tokens[at]).map(|v| (v, at + 1)));
    (0..tokens.len()).filter_map(figure).filter_map(|(value, end)| Some((value, unit_at(tokens, end)?))).collect()
}

fn word_value(token: &Token) -> Option<u64> {
    NUMBERS.iter().find(|(word, _)| *word == token.folded).map(|(_, value)| *value)
}

/// A figure that needs a fact: any in digits, one in words only before a measure.
fn figure_at(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    if let Some(figure) = digits_at(tokens, at) {
        return Some(figure);
    }
    let value = word_value(&tokens[at])?;
    // “plus de mille”, “a hundred”: a round number is a figure by itself
    let round = value >= 100 && tokens.get(at + 1).is_some_and(|t| t.gap < Gap::Pause);
    let near = |i: usize| tokens.get(i).is_some_and(|t| t.gap < Gap::Pause && MEASURES.contains(&t.folded.as_str()));
    (round || near(at + 1) || near(at + 2)).then_some((value, at + 1))
}

/// A number in digits from `at`, thousands joined: “40,000”, “40 000”, “40.000”.
fn digits_at(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let mut value = tokens[at].number()?;
    let mut end = at + 1;
    if tokens[at].folded.len() <= 3 {
        while let Some(group) =
            tokens.get(end).filter(|t| t.folded.len() == 3 && matches!(t.gap, Gap::Space | Gap::Pause | Gap::Apostrophe))
        {
            let Some(thousand) = group.number().and_then(|g| value.checked_mul(1000)?.checked_add(g)) else {
                break;
            };
            value = thousand;
            end += 1;
        }
    }
    Some((value, end))
}

fn minutes_follow(tokens: &[Token], end: usize) -> bool {
    (end..end + 2).any(|i| tokens.get(i).is_some_and(|t| t.gap < Gap::Sentence && MINUTES.contains(&t.folded.as_str())))
}

/// Whether the words occur in a row.
fn has_run(haystack: &[Token], needle: &[Token]) -> bool {
    !needle.is_empty() && haystack.windows(needle.len()).any(|w| w.iter().zip(needle).all(|(a, b)| a.folded == b.folded))
}

/// Fewest words of a quotation that must occur in a fact; shorter ones are words singled out.
const QUOTED_MIN: usize = 3;

/// Quotations that no fact holds, as ranges of words.
pub fn foreign_quotes(tokens: &[Token], facts: &[Token]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let start = at;
        while tokens.get(at).is_some_and(|t| t.quoted) {
            at += 1;
        }
        if at - start >= QUOTED_MIN && !has_run(facts, &tokens[start..at]) {
            found.push(start..at);
        }
        at = at.max(start + 1);
    }
    found
}
