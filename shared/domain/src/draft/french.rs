//! The French sentences of the built-in texts, by what they rest on, the best first.

use super::StepKind;
use super::compose::{Line, Tier, line};
use super::facts::Source;
use super::material::{Material, Post};
use crate::vocabulary::{CallToAction, EngagementKind, ReactionKind};

const ENGAGED: &[Source] = &[Source::Engagement];

pub fn greeting(m: &Material) -> String {
    m.name.as_ref().map_or_else(|| "Bonjour".to_owned(), |name| format!("Bonjour {name}"))
}

/// Québec says “publication”.
fn post(m: &Material) -> Option<String> {
    let (own, other) = if m.canadian { ("ma publication", "la publication") } else { ("mon post", "le post") };
    let word = if m.own_post { own } else { other };
    m.post.as_ref().map(|post| match post {
        Post::About(topic) => format!("{word} sur {topic}"),
        Post::Titled(title) => format!("{word} « {title} »"),
    })
}

/// Why this person, by tiers; the last needs nothing.
pub fn reasons(m: &Material, kind: StepKind) -> Vec<Tier> {
    let mut tiers = Vec::new();
    match m.engagement {
        Some(EngagementKind::Comment) => tiers.extend(commented(m, kind)),
        Some(EngagementKind::Reaction) => tiers.extend(reacted(m, kind)),
        None => {}
    }
    if let Some(search) = &m.search {
        tiers.push(vec![
            line(format!("Votre nom est sorti d'une recherche sur « {search} », d'où ce mot."), &[Source::Search]),
            line(format!("Je vous écris parce que votre nom est apparu en cherchant « {search} »."), &[Source::Search]),
            line(format!("C'est en cherchant « {search} » que votre nom est apparu."), &[Source::Search]),
        ]);
    }
    if let Some(company) = &m.company {
        tiers.push(vec![
            line(
                format!("Je cherche à connaître les personnes qui travaillent chez {company}, d'où ce mot."),
                &[Source::Profile],
            ),
            line(format!("Je vous écris parce que vous travaillez chez {company}."), &[Source::Profile]),
        ]);
    }
    tiers.push(vec![
        line("Nos métiers se croisent, d'où ce mot.", &[]),
        line("Je vous écris parce que nos métiers se croisent.", &[]),
        line("Nos métiers ont des points communs, c'est la raison de ce mot.", &[]),
    ]);
    tiers
}

fn commented(m: &Material, kind: StepKind) -> Vec<Tier> {
    let mut tiers = Vec::new();
    let under = post(m);
    let asked = m.quote.as_ref().is_some_and(|q| q.ends_with('?'));
    let said = if asked { "demandiez" } else { "écriviez" };
    let end = if asked { "" } else { "." };
    if let (Some(quote), Some(post)) = (&m.quote, &under) {
        tiers.push(vec![
            line(format!("Sous {post}, vous {said} : « {quote} »{end}"), ENGAGED),
            line(format!("Votre commentaire sous {post} m'est resté : « {quote} »{end}"), ENGAGED),
            line(format!("« {quote} » : votre commentaire sous {post} m'a donné envie de vous écrire."), ENGAGED),
        ]);
    }
    if let Some(quote) = &m.quote {
        tiers.push(if kind == StepKind::FollowUp {
            vec![
                line(format!("Je repense à votre remarque : « {quote} »{end}"), ENGAGED),
                line(format!("« {quote} » : votre remarque me suit encore."), ENGAGED),
                line(format!("Votre remarque mérite une suite : « {quote} »{end}"), ENGAGED),
            ]
        } else {
            vec![
                line(format!("Vous {said} en commentaire : « {quote} »{end}"), ENGAGED),
                line(format!("Votre commentaire m'est resté : « {quote} »{end}"), ENGAGED),
                line(format!("« {quote} » : votre commentaire m'a donné envie de vous écrire."), ENGAGED),
            ]
        });
    }
    if let Some(post) = &under {
        tiers.push(vec![
            line(format!("Merci pour votre commentaire sous {post}."), ENGAGED),
            line(format!("Votre commentaire sous {post} m'a donné envie de vous écrire."), ENGAGED),
            line(format!("Votre commentaire sous {post} touche à ce qui m'occupe."), ENGAGED),
        ]);
    }
    tiers.push(vec![
        line("Votre commentaire m'a donné envie de vous écrire.", ENGAGED),
        line("Votre commentaire touche à un sujet qui m'occupe aussi.", ENGAGED),
        line("C'est votre commentaire qui m'amène.", ENGAGED),
    ]);
    tiers
}

fn reacted(m: &Material, kind: StepKind) -> Vec<Tier> {
    let mut tiers = Vec::new();
    if let Some(post) = post(m) {
        let capital = super::compose::capitalised(&post);
        let told = match m.reaction.filter(|_| m.own_post) {
            Some(ReactionKind::Like) => Some(format!("Vous avez aimé {post}, merci.")),
            Some(ReactionKind::Praise) => Some(format!("Vous avez salué {post}, merci.")),
            Some(ReactionKind::Appreciation) => Some(format!("Vous avez soutenu {post}, merci.")),
            Some(ReactionKind::Empathy) => Some(format!("{capital} vous a parlé, merci pour votre réaction.")),
            Some(ReactionKind::Interest) => Some(format!("{capital} a éveillé votre intérêt, d'où ce mot.")),
            Some(ReactionKind::Entertainment) => Some(format!("{capital} vous a fait sourire, tant mieux.")),
            None => None,
        };
        let told = told.map(|text| line(text, ENGAGED));
        let thanks = if m.own_post {
            format!("Merci pour votre réaction à {post}.")
        } else {
            format!("Vous avez réagi à {post}, un sujet qui m'occupe aussi.")
        };
        let why = if kind == StepKind::FollowUp {
            format!("Je repense à votre réaction à {post}.")
        } else {
            format!("Votre réaction à {post} m'a donné envie de vous écrire.")
        };
        tiers.push(told.into_iter().chain([line(thanks, ENGAGED), line(why, ENGAGED)]).collect());
    }
    tiers.push(vec![
        line("Votre réaction m'a donné envie de vous écrire.", ENGAGED),
        line("Vous avez réagi à un sujet qui m'occupe aussi.", ENGAGED),
        line("C'est votre réaction qui m'amène.", ENGAGED),
    ]);
    tiers
}

/// After the acceptance.
pub fn thanks() -> Tier {
    vec![
        line("Merci d'avoir accepté mon invitation.", &[]),
        line("Merci pour la mise en relation.", &[]),
        line("Merci de m'avoir fait une place parmi vos contacts.", &[]),
    ]
}

/// What the workspace does; the last tier needs nothing.
pub fn offers(m: &Material, kind: StepKind) -> Vec<Tier> {
    let pitch = m.pitch.as_ref().map(|pitch| {
        let end = pitch.trim_end_matches('.');
        if is_sentence(end) {
            return vec![line(format!("{}.", super::compose::capitalised(end)), &[Source::Pitch])];
        }
        vec![
            line(format!("En deux mots, je propose ceci : {end}."), &[Source::Pitch]),
            line(format!("Mon métier tient en une ligne : {end}."), &[Source::Pitch]),
            line(format!("Voici ce que je fais : {end}."), &[Source::Pitch]),
        ]
    });
    let proof = m.proof.as_ref().map(|proof| {
        let end = proof.trim_end_matches('.');
        vec![
            line(format!("Un exemple : {end}."), &[Source::Proofs]),
            line(format!("Un cas concret : {end}."), &[Source::Proofs]),
            line(format!("Pour vous donner une idée : {end}."), &[Source::Proofs]),
        ]
    });
    let plain = vec![
        line("C'est un sujet sur lequel je travaille chaque jour.", &[]),
        line("Je travaille au quotidien sur ces questions.", &[]),
        line("Ces questions sont mon métier.", &[]),
    ];
    let ordered = if kind == StepKind::FollowUp { [proof, pitch] } else { [pitch, proof] };
    ordered.into_iter().flatten().chain([plain]).collect()
}

/// Whether an offer is written as a sentence rather than as the name of a thing.
fn is_sentence(pitch: &str) -> bool {
    let first = pitch.split([' ', '\'', '’']).next().unwrap_or_default().to_lowercase();
    ["nous", "je", "j", "on"].contains(&first.as_str())
}

/// The call to action, or the close where there is none.
pub fn asks(m: &Material, cta: CallToAction, invitation: bool) -> Vec<Tier> {
    match cta {
        CallToAction::None => closes(m, invitation),
        CallToAction::Soft => questions(m, invitation),
        CallToAction::Ask => appointments(m),
    }
}

fn closes(m: &Material, invitation: bool) -> Vec<Tier> {
    let mut close = vec![line("Au plaisir d'échanger avec vous.", &[]), line("Restons en contact ici.", &[])];
    if m.engagement.is_some() {
        close.push(line("J'aime savoir comment d'autres s'y prennent.", &[]));
        close.push(line("Votre avis m'intéresse.", &[]));
    }
    if !invitation {
        close.push(line("Je vous souhaite une belle suite.", &[]));
    }
    vec![close]
}

fn questions(m: &Material, invitation: bool) -> Vec<Tier> {
    // without an engagement nor an offer there is no subject to ask about
    if invitation && m.engagement.is_none() {
        return acquaintance(m);
    }
    let mut tiers = Vec::new();
    if let Some(company) = &m.company {
        tiers.push(vec![
            line(format!("Comment cela se passe-t-il chez {company} ?"), &[Source::Profile]),
            line(format!("Est-ce aussi un sujet chez {company} ?"), &[Source::Profile]),
            line(format!("Comment vous y prenez-vous chez {company} ?"), &[Source::Profile]),
        ]);
    }
    let talk = if m.canadian { "On en jase ici ?" } else { "On en parle ici ?" };
    tiers.push(vec![
        line("Et vous, comment faites-vous ?", &[]),
        line(if invitation { talk } else { "Est-ce aussi un sujet pour vous ?" }, &[]),
        line("Comment vous y prenez-vous ?", &[]),
    ]);
    tiers
}

fn acquaintance(m: &Material) -> Vec<Tier> {
    let at = m
        .company
        .as_ref()
        .map(|company| vec![line(format!("Sur quoi travaillez-vous en ce moment chez {company} ?"), &[Source::Profile])]);
    let anyone = vec![
        line("Sur quoi travaillez-vous en ce moment ?", &[]),
        line("Qu'est-ce qui vous occupe en ce moment ?", &[]),
        line("On fait connaissance ici ?", &[]),
    ];
    at.into_iter().chain([anyone]).collect()
}

/// Times first, the diary where they do not fit.
fn appointments(m: &Material) -> Vec<Tier> {
    let talk = if m.canadian { "en jaser" } else { "en parler" };
    let diary = |link: &str| {
        vec![
            line(format!("Pour {talk}, choisissez un moment ici : {link}"), &[Source::Link]),
            line(format!("Mon agenda, si vous voulez {talk} : {link}"), &[Source::Link]),
            line(format!("Un moment pour {talk} : {link}"), &[Source::Link]),
        ]
    };
    let times = m.slots.as_ref().map(|(first, second)| match &m.link {
        Some(link) => vec![
            line(
                format!("Seriez-vous libre {first} ou {second} ? Sinon, mon agenda est ici : {link}"),
                &[Source::Slots, Source::Link],
            ),
            line(
                format!("Que diriez-vous de {first} ou {second} ? Autre moment possible ici : {link}"),
                &[Source::Slots, Source::Link],
            ),
        ],
        None => vec![
            line(format!("Seriez-vous libre {first} ou {second} ?"), &[Source::Slots]),
            line(format!("Que diriez-vous de {first} ou {second} ?"), &[Source::Slots]),
            line(format!("Pour {talk} : {first} ou {second} ?"), &[Source::Slots]),
        ],
    });
    times.into_iter().chain(m.link.as_deref().map(diary)).collect()
}

/// The opening of an SMS after the greeting.
pub fn short_reason(m: &Material) -> Line {
    match m.engagement {
        Some(EngagementKind::Comment) => line("Je vous écris au sujet de votre commentaire.", ENGAGED),
        Some(EngagementKind::Reaction) if m.own_post => line("Merci pour votre réaction à ce que je publie.", ENGAGED),
        Some(EngagementKind::Reaction) => line("Vous avez réagi à un sujet qui m'occupe.", ENGAGED),
        None => line("Nos métiers se croisent, d'où ce mot.", &[]),
    }
}

pub fn introduction(sender: &str) -> String {
    format!("{sender} ici.")
}
