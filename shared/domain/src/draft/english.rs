//! The English sentences of the built-in texts, by what they rest on, the best first.

use super::StepKind;
use super::compose::{Line, Tier, capitalised, line};
use super::facts::Source;
use super::material::{Material, Post};
use crate::vocabulary::{CallToAction, EngagementKind, ReactionKind};

const ENGAGED: &[Source] = &[Source::Engagement];

pub fn greeting(m: &Material) -> String {
    m.name.as_ref().map_or_else(|| "Hello".to_owned(), |name| format!("Hi {name}"))
}

fn post(m: &Material) -> Option<String> {
    let word = if m.own_post { "my post" } else { "the post" };
    m.post.as_ref().map(|post| match post {
        Post::About(topic) => format!("{word} on {topic}"),
        Post::Titled(title) => format!("{word} “{title}”"),
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
            line(format!("Your name came up when I searched for “{search}”, hence this note."), &[Source::Search]),
            line(format!("I searched for “{search}” and your name came up."), &[Source::Search]),
            line(format!("I am writing because a search for “{search}” led me to you."), &[Source::Search]),
        ]);
    }
    if let Some(company) = &m.company {
        tiers.push(vec![
            line(format!("I like to know the people who work at {company}, hence this note."), &[Source::Profile]),
            line(format!("I am writing because you work at {company}."), &[Source::Profile]),
        ]);
    }
    tiers.push(vec![
        line("Our lines of work meet, hence this note.", &[]),
        line("I am writing because our lines of work meet.", &[]),
        line("We work on neighbouring things, which is why I am writing.", &[]),
    ]);
    tiers
}

fn commented(m: &Material, kind: StepKind) -> Vec<Tier> {
    let mut tiers = Vec::new();
    let under = post(m);
    let asked = m.quote.as_ref().is_some_and(|q| q.ends_with('?'));
    let said = if asked { "asked" } else { "wrote" };
    let end = if asked { "" } else { "." };
    if let (Some(quote), Some(post)) = (&m.quote, &under) {
        tiers.push(vec![
            line(format!("Under {post} you {said}: “{quote}”{end}"), ENGAGED),
            line(format!("Your comment under {post} stayed with me: “{quote}”{end}"), ENGAGED),
            line(format!("“{quote}”: your comment under {post} is why I am writing."), ENGAGED),
        ]);
    }
    if let Some(quote) = &m.quote {
        tiers.push(if kind == StepKind::FollowUp {
            vec![
                line(format!("I still think about your remark: “{quote}”{end}"), ENGAGED),
                line(format!("“{quote}”: that remark of yours is still with me."), ENGAGED),
                line(format!("Your remark deserves more: “{quote}”{end}"), ENGAGED),
            ]
        } else {
            vec![
                line(format!("You {said} in a comment: “{quote}”{end}"), ENGAGED),
                line(format!("Your comment stayed with me: “{quote}”{end}"), ENGAGED),
                line(format!("“{quote}”: that comment of yours is why I am writing."), ENGAGED),
            ]
        });
    }
    if let Some(post) = &under {
        tiers.push(vec![
            line(format!("Thank you for your comment under {post}."), ENGAGED),
            line(format!("Your comment under {post} made me want to write to you."), ENGAGED),
            line(format!("Your comment under {post} touches what I work on."), ENGAGED),
        ]);
    }
    tiers.push(vec![
        line("Your comment made me want to write to you.", ENGAGED),
        line("Your comment touches something I work on too.", ENGAGED),
        line("Your comment is the reason I am writing.", ENGAGED),
    ]);
    tiers
}

fn reacted(m: &Material, kind: StepKind) -> Vec<Tier> {
    let mut tiers = Vec::new();
    if let Some(post) = post(m) {
        let told = match m.reaction.filter(|_| m.own_post) {
            Some(ReactionKind::Like) => Some(format!("You liked {post}, thank you.")),
            Some(ReactionKind::Praise) => Some(format!("You applauded {post}, thank you.")),
            Some(ReactionKind::Appreciation) => Some(format!("You supported {post}, thank you.")),
            Some(ReactionKind::Empathy) => Some(format!("{} spoke to you, thank you for saying so.", capitalised(&post))),
            Some(ReactionKind::Interest) => Some(format!("You found {post} interesting, hence this note.")),
            Some(ReactionKind::Entertainment) => Some(format!("{} made you smile, I am glad.", capitalised(&post))),
            None => None,
        };
        let told = told.map(|text| line(text, ENGAGED));
        let thanks = if m.own_post {
            format!("Thank you for your reaction to {post}.")
        } else {
            format!("You reacted to {post}, something I work on too.")
        };
        let why = if kind == StepKind::FollowUp {
            format!("I still think about your reaction to {post}.")
        } else {
            format!("Your reaction to {post} made me want to write to you.")
        };
        tiers.push(told.into_iter().chain([line(thanks, ENGAGED), line(why, ENGAGED)]).collect());
    }
    tiers.push(vec![
        line("Your reaction made me want to write to you.", ENGAGED),
        line("You reacted to something I work on too.", ENGAGED),
        line("Your reaction is the reason I am writing.", ENGAGED),
    ]);
    tiers
}

/// After the acceptance.
pub fn thanks() -> Tier {
    vec![
        line("Thank you for connecting.", &[]),
        line("Good to be connected, thank you.", &[]),
        line("Thanks for accepting my invitation.", &[]),
    ]
}

/// What the workspace does; the last tier needs nothing.
pub fn offers(m: &Material, kind: StepKind) -> Vec<Tier> {
    let pitch = m.pitch.as_ref().map(|pitch| {
        let end = pitch.trim_end_matches('.');
        if is_sentence(end) {
            return vec![line(format!("{}.", capitalised(end)), &[Source::Pitch])];
        }
        vec![
            line(format!("In short, this is what I do: {end}."), &[Source::Pitch]),
            line(format!("My trade in one line: {end}."), &[Source::Pitch]),
            line(format!("What I offer is simple: {end}."), &[Source::Pitch]),
        ]
    });
    let proof = m.proof.as_ref().map(|proof| {
        let end = proof.trim_end_matches('.');
        vec![
            line(format!("One example: {end}."), &[Source::Proofs]),
            line(format!("To give you an idea: {end}."), &[Source::Proofs]),
            line(format!("A case in point: {end}."), &[Source::Proofs]),
        ]
    });
    let plain = vec![
        line("It is a subject I work on every day.", &[]),
        line("I spend my working days on these questions.", &[]),
        line("These questions are my daily work.", &[]),
    ];
    let ordered = if kind == StepKind::FollowUp { [proof, pitch] } else { [pitch, proof] };
    ordered.into_iter().flatten().chain([plain]).collect()
}

fn is_sentence(pitch: &str) -> bool {
    let first = pitch.split([' ', '\'', '’']).next().unwrap_or_default().to_lowercase();
    ["we", "i", "our"].contains(&first.as_str())
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
    let mut close = vec![line("Glad to be in touch.", &[]), line("It is good to meet you here.", &[])];
    if m.engagement.is_some() {
        close.push(line("I enjoy hearing how others go about it.", &[]));
        close.push(line("I value your view on it.", &[]));
    }
    if !invitation {
        close.push(line("I wish you a good week.", &[]));
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
            line(format!("How do you go about it at {company}?"), &[Source::Profile]),
            line(format!("Does it come up at {company} too?"), &[Source::Profile]),
            line(format!("What does it look like at {company}?"), &[Source::Profile]),
        ]);
    }
    tiers.push(vec![
        line("How do you go about it?", &[]),
        line(if invitation { "Shall we connect?" } else { "Does it come up for you too?" }, &[]),
        line("What do you make of it?", &[]),
    ]);
    tiers
}

fn acquaintance(m: &Material) -> Vec<Tier> {
    let at = m.company.as_ref().map(|company| vec![line(format!("What are you working on at {company}?"), &[Source::Profile])]);
    let anyone = vec![
        line("What are you working on these days?", &[]),
        line("What keeps you busy these days?", &[]),
        line("Shall we connect?", &[]),
    ];
    at.into_iter().chain([anyone]).collect()
}

/// Times first, the diary where they do not fit.
fn appointments(m: &Material) -> Vec<Tier> {
    let diary = |link: &str| {
        vec![
            line(format!("If you would like to talk, pick a time here: {link}"), &[Source::Link]),
            line(format!("Here is my diary, should you like to talk: {link}"), &[Source::Link]),
            line(format!("A time of your choice to talk: {link}"), &[Source::Link]),
        ]
    };
    let times = m.slots.as_ref().map(|(first, second)| match &m.link {
        Some(link) => vec![
            line(format!("Would {first} or {second} suit you? If not, here is my diary: {link}"), &[Source::Slots, Source::Link]),
            line(format!("Could we talk on {first} or {second}? Other times are here: {link}"), &[Source::Slots, Source::Link]),
        ],
        None => vec![
            line(format!("Would {first} or {second} suit you?"), &[Source::Slots]),
            line(format!("Could we talk on {first} or {second}?"), &[Source::Slots]),
            line(format!("Shall we talk on {first} or {second}?"), &[Source::Slots]),
        ],
    });
    times.into_iter().chain(m.link.as_deref().map(diary)).collect()
}

/// The opening of an SMS after the greeting.
pub fn short_reason(m: &Material) -> Line {
    match m.engagement {
        Some(EngagementKind::Comment) => line("I am writing about your comment.", ENGAGED),
        Some(EngagementKind::Reaction) if m.own_post => line("Thank you for your reaction to my post.", ENGAGED),
        Some(EngagementKind::Reaction) => line("You reacted to something I work on.", ENGAGED),
        None => line("Our lines of work meet, hence this note.", &[]),
    }
}

pub fn introduction(sender: &str) -> String {
    format!("{sender} here.")
}
