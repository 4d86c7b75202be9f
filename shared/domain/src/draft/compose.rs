//! Puts sentences together, the best first, and keeps the first text that the lint lets pass.

use super::facts::{Source, from_sources};
use super::material::Material;
use super::typeset::typeset;
use super::{Brief, Draft, StepKind, check, english, french};
use crate::language::Language;
use crate::lint::{limits, utf16_len};
use crate::vocabulary::{CallToAction, Channel, DraftLevel};
use std::collections::HashSet;

/// A sentence or two, and the facts they rest on.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub sources: &'static [Source],
}

/// Sentences of equal worth, of which one is chosen by the person’s hash.
pub type Tier = Vec<Line>;

pub fn line(text: impl Into<String>, sources: &'static [Source]) -> Line {
    Line { text: text.into(), sources }
}

pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The call to action that this brief allows: an `ask` needs a link or two slots, and no invitation carries one.
pub fn possible_cta(brief: &Brief) -> CallToAction {
    let material = Material::of(brief);
    let nothing = material.slots.is_none() && material.link.is_none();
    match brief.cta {
        CallToAction::Ask if nothing || brief.channel == Channel::LinkedInInvitation => CallToAction::Soft,
        cta => cta,
    }
}

/// The first clean text, from all the material down to none of it.
pub fn write(brief: &Brief) -> Draft {
    let cta = possible_cta(brief);
    let material = Material::of(brief);
    let asked = (0..Material::STEPS).map(|step| (material.reduced(step), cta));
    // a link too long for an SMS leaves only the question
    let softened = (cta == CallToAction::Ask).then(|| (material.reduced(Material::STEPS - 1), CallToAction::Soft));
    let mut tried = HashSet::new();
    let mut last = None;
    for (material, cta) in asked.chain(softened) {
        let composition = Composition { brief, material: &material, cta };
        for lines in composition.candidates() {
            let draft = finished(brief, &lines, cta);
            if !fits(brief, &draft.body) || !tried.insert((draft.body.clone(), cta)) {
                last = last.or(Some(draft));
                continue;
            }
            if check(brief, &draft.body, cta).is_empty() {
                return draft;
            }
            last = Some(draft);
        }
    }
    last.unwrap_or_else(|| finished(brief, &[], cta))
}

/// Whether the length is right, asked before the dearer rules.
fn fits(brief: &Brief, body: &str) -> bool {
    limits(brief.channel, brief.note_limit).is_none_or(|(lengths, _)| lengths.contains(&utf16_len(body)))
}

fn finished(brief: &Brief, lines: &[Line], cta: CallToAction) -> Draft {
    let joined = if flows(brief.channel) { " " } else { "\n" };
    let body = lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(joined);
    let sources: Vec<Source> = lines.iter().flat_map(|l| l.sources.iter().copied()).collect();
    Draft {
        body: typeset(&body, brief.language, brief.region, brief.channel),
        level: DraftLevel::Default,
        facts: from_sources(brief, &sources),
        cta,
    }
}

/// Whether a channel takes one paragraph rather than lines.
fn flows(channel: Channel) -> bool {
    matches!(channel, Channel::LinkedInInvitation | Channel::Sms)
}

struct Composition<'a> {
    brief: &'a Brief,
    material: &'a Material,
    cta: CallToAction,
}

impl Composition<'_> {
    /// Texts to try, in order of worth.
    fn candidates(&self) -> Vec<Vec<Line>> {
        match self.brief.channel {
            Channel::LinkedInInvitation => self.invitations(),
            Channel::Sms => self.short_messages(),
            _ => self.messages(),
        }
    }

    fn french(&self) -> bool {
        self.brief.language == Language::Fr
    }

    fn greeting(&self) -> String {
        if self.french() { french::greeting(self.material) } else { english::greeting(self.material) }
    }

    fn reasons(&self) -> Vec<Tier> {
        let (m, kind) = (self.material, self.brief.kind);
        if self.french() { french::reasons(m, kind) } else { english::reasons(m, kind) }
    }

    fn asks(&self) -> Vec<Tier> {
        let invitation = self.brief.channel == Channel::LinkedInInvitation;
        let (m, cta) = (self.material, self.cta);
        if self.french() { french::asks(m, cta, invitation) } else { english::asks(m, cta, invitation) }
    }

    /// “Bonjour Anne, vous écriviez … Au plaisir …”: parts are dropped until the note fits.
    fn invitations(&self) -> Vec<Vec<Line>> {
        let mut found = Vec::new();
        let greeting = self.greeting();
        let asks: Vec<Line> = self.asks().into_iter().flat_map(|tier| self.turned(tier, "ask")).collect();
        for reason in self.reasons().into_iter().flat_map(|tier| self.turned(tier, "reason")) {
            let opening = Line { text: format!("{greeting}, {}", after_comma(&reason.text)), sources: reason.sources };
            found.extend(asks.iter().map(|ask| vec![opening.clone(), ask.clone()]));
            if self.cta == CallToAction::None {
                found.push(vec![opening]);
            }
        }
        found
    }

    fn messages(&self) -> Vec<Vec<Line>> {
        let mut found = Vec::new();
        let (m, kind) = (self.material, self.brief.kind);
        let mut offers = if self.french() { french::offers(m, kind) } else { english::offers(m, kind) };
        if self.cta == CallToAction::None {
            // no pitch; the plain sentence only where the text would be too short without
            offers = vec![Vec::new()].into_iter().chain(offers.pop()).collect();
        }
        let asks = self.asks();
        for reason in &self.reasons() {
            for offer in &offers {
                for ask in &asks {
                    found.push(self.message(reason, offer, ask));
                }
            }
        }
        found
    }

    fn message(&self, reason: &Tier, offer: &Tier, ask: &Tier) -> Vec<Line> {
        let mut lines = vec![line(format!("{},", self.greeting()), &[])];
        if self.brief.kind == StepKind::FirstMessageAfterAcceptance {
            lines.extend(self.one(if self.french() { french::thanks() } else { english::thanks() }, "thanks"));
        }
        lines.extend(self.one(reason.clone(), "reason"));
        lines.extend(self.one(offer.clone(), "offer"));
        lines.extend(self.one(ask.clone(), "ask"));
        lines.extend(self.material.signature.as_ref().map(|s| line(s.clone(), &[])));
        lines
    }

    /// “Bonjour Anne, Claire ici. …”, with and without its middle.
    fn short_messages(&self) -> Vec<Vec<Line>> {
        let m = self.material;
        let (reason, intro) = if self.french() {
            (french::short_reason(m), m.signature.as_deref().map(french::introduction))
        } else {
            (english::short_reason(m), m.signature.as_deref().map(english::introduction))
        };
        let greeting = self.greeting();
        let opening = match &intro {
            Some(intro) => line(format!("{greeting}, {intro}"), &[]),
            None => line(format!("{greeting}."), &[]),
        };
        let mut found = Vec::new();
        for ask in self.asks().into_iter().flat_map(|tier| self.turned(tier, "ask")) {
            found.push(vec![opening.clone(), reason.clone(), ask.clone()]);
            found.push(vec![opening.clone(), ask]);
        }
        found
    }

    fn one(&self, tier: Tier, salt: &str) -> Option<Line> {
        self.turned(tier, salt).into_iter().next()
    }

    /// The tier from the variant that this person’s hash points at.
    fn turned(&self, mut tier: Tier, salt: &str) -> Tier {
        if let Some(turns) = hash(self.brief.prospect.as_str(), salt).checked_rem(tier.len()) {
            tier.rotate_left(turns);
        }
        tier
    }
}

/// After a comma a sentence goes on in lower case, save for the English “I”.
fn after_comma(text: &str) -> String {
    let first: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let mut chars = text.chars();
    match chars.next() {
        Some(c) if first != "I" => c.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// FNV-1a and a final mix: the same on every machine and in every version, as the text of a person must be.
fn hash(id: &str, salt: &str) -> usize {
    let seed = 0xcbf2_9ce4_8422_2325_u64;
    let read = id.bytes().chain([0]).chain(salt.bytes()).fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (read ^ (read >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from(mixed >> 33).unwrap_or(0)
}
