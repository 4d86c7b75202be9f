//! What a text may be made of: the brief, cleaned once.

use super::clean::{neutral, plain_name};
use super::{Brief, Region};
use crate::language::Language;
use crate::lint::may_be_in;
use crate::tone::{self, Tone};
use crate::vocabulary::{Channel, EngagementKind, ReactionKind};
use jiff::civil::DateTime;
use url::Url;

/// Lengths in UTF-16 units at which outside text is cut in a text.
const QUOTE_MAX: usize = 60;
const POST_MAX: usize = 60;
const SEARCH_MAX: usize = 60;
const COMPANY_MAX: usize = 50;
const PITCH_MAX: usize = 150;
const SIGNATURE_MAX: usize = 40;

/// A comment of fewer words is named, not quoted.
const QUOTE_WORDS_MIN: usize = 3;

/// Longest booking link written into a text.
const LINK_MAX: usize = 120;

/// The post, as it can be named in a sentence.
#[derive(Clone, Debug)]
pub enum Post {
    /// A noun phrase with its article, which follows “sur” or “about”.
    About(String),
    /// Words to be quoted.
    Titled(String),
}

/// Cleaned pieces; what is missing is `None` and never shows.
#[derive(Clone, Debug)]
pub struct Material {
    pub canadian: bool,
    pub name: Option<String>,
    pub company: Option<String>,
    pub quote: Option<String>,
    pub engagement: Option<EngagementKind>,
    pub reaction: Option<ReactionKind>,
    pub own_post: bool,
    pub post: Option<Post>,
    pub search: Option<String>,
    pub pitch: Option<String>,
    pub proof: Option<String>,
    pub link: Option<String>,
    /// None or two, as they are written.
    pub slots: Option<(String, String)>,
    pub signature: Option<String>,
}

impl Material {
    pub fn of(brief: &Brief) -> Self {
        let evidence = &brief.evidence;
        let clean = |text: &Option<String>, max| text.as_deref().and_then(|t| neutral(t, max));
        let slots = offered_slots(brief);
        let comment = evidence.comment.as_deref();
        let engagement = evidence
            .engagement
            .or(comment.map(|_| EngagementKind::Comment))
            .or(evidence.reaction.map(|_| EngagementKind::Reaction));
        let written_in = if brief.language == Language::Fr { Language::Fr } else { Language::En };
        let own = |text: &String| !text.ends_with('…') && may_be_in(written_in, text);
        let first_proof = brief.offer.proofs.iter().filter_map(|p| neutral(p, PITCH_MAX)).find(own);
        let (signature, sender) =
            (clean(&brief.sender.signature, SIGNATURE_MAX), brief.sender.first_name.as_deref().and_then(plain_name));
        Self {
            canadian: brief.region == Region::Canada,
            name: brief.recipient.first_name.as_deref().and_then(plain_name),
            company: clean(&brief.recipient.company, COMPANY_MAX).filter(|c| !c.ends_with('…')),
            quote: comment.and_then(quotable),
            engagement,
            reaction: evidence.reaction,
            own_post: evidence.own_post,
            post: post(brief),
            search: clean(&evidence.search, SEARCH_MAX),
            pitch: clean(&brief.offer.pitch, PITCH_MAX).filter(own),
            proof: first_proof,
            link: brief.offer.booking_url.as_deref().and_then(safe_link),
            slots: <[String; 2]>::try_from(slots).ok().map(|[a, b]| (a, b)),
            signature: if brief.channel == Channel::Sms { sender } else { signature.or(sender) },
        }
    }
}

impl Material {
    /// The same with less outside text; step 0 is all of it, [`Material::STEPS`] − 1 none but the times and the link.
    pub fn reduced(&self, step: usize) -> Self {
        let mut kept = self.clone();
        if step >= 1 {
            kept.pitch = None;
        }
        if step >= 2 {
            kept.proof = None;
        }
        if step >= 3 {
            kept.company = None;
        }
        if step >= 4 {
            kept.quote = None;
        }
        if step >= 5 {
            (kept.post, kept.search) = (None, None);
        }
        if step >= 6 {
            (kept.name, kept.signature) = (None, None);
        }
        kept
    }

    /// How many steps of reduction there are.
    pub const STEPS: usize = 7;
}

/// The person's own words, short; a complaint is not held up to them, a bare “Bravo” not worth it.
fn quotable(comment: &str) -> Option<String> {
    if tone::read(comment) == Tone::Negative {
        return None;
    }
    let first = neutral(comment, QUOTE_MAX)?;
    let kept = first.trim_end_matches(['.', ',', ';', ':', ' ']);
    (kept.split(' ').filter(|w| w.chars().any(char::is_alphabetic)).count() >= QUOTE_WORDS_MIN).then(|| kept.to_owned())
}

fn post(brief: &Brief) -> Option<Post> {
    let articles: &[&str] = match brief.language {
        Language::Fr => &["le ", "la ", "les ", "l'", "l’", "un ", "une ", "nos ", "notre ", "mes ", "mon ", "ma "],
        _ => &["the ", "a ", "an ", "our ", "how ", "why "],
    };
    let topic = brief.evidence.post_topic.as_deref().and_then(|t| neutral(t, POST_MAX));
    let opening = || brief.evidence.post_opening.as_deref().and_then(|t| neutral(t, POST_MAX));
    match topic {
        Some(topic) if articles.iter().any(|a| topic.to_lowercase().starts_with(a)) && !topic.ends_with('…') => {
            Some(Post::About(topic))
        }
        Some(topic) => Some(Post::Titled(topic)),
        None => opening().map(Post::Titled),
    }
}

/// An https address without anything that could end it early or be read as text.
fn safe_link(link: &str) -> Option<String> {
    let link = link.trim();
    let plain = link.chars().all(|c| c.is_ascii_graphic() && !"«»\"<>()[]{}'`\\^|*".contains(c));
    let parsed = Url::parse(link).ok()?;
    let own = parsed.scheme() == "https" && parsed.host_str().is_some_and(|h| h.contains('.')) && parsed.username().is_empty();
    (plain && own && link.len() <= LINK_MAX && !link.ends_with(['.', ',', ';', ':', '!', '?'])).then(|| link.to_owned())
}

/// The two times offered, as the text writes them: the first free one, and the next on another day if there is one.
///
/// Empty when fewer than two are free.
pub fn offered_slots(brief: &Brief) -> Vec<String> {
    let free = &brief.offer.free_slots;
    let Some(first) = free.first() else {
        return Vec::new();
    };
    let other_day = free.iter().find(|s| s.date() != first.date());
    let Some(second) = other_day.or_else(|| free.iter().find(|s| *s != first)) else {
        return Vec::new();
    };
    let short = brief.channel == Channel::Sms;
    [first, second].map(|slot| written(slot, brief.language, short)).to_vec()
}

const DAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_FR: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// “mardi 24 novembre à 10 h 30”, “Tuesday 24 November at 10:30”; without the month where every character counts.
fn written(slot: &DateTime, language: Language, short: bool) -> String {
    let weekday = usize::from(slot.weekday().to_monday_zero_offset().unsigned_abs());
    let month = usize::from(slot.month().unsigned_abs()) - 1;
    let (day, hour, minute) = (slot.day(), slot.hour(), slot.minute());
    if language == Language::Fr {
        let date = if short { String::new() } else { format!(" {}", MONTHS_FR[month]) };
        let minutes = if minute == 0 { String::new() } else { format!(" {minute:02}") };
        format!("{} {day}{date} à {hour} h{minutes}", DAYS_FR[weekday])
    } else {
        let date = if short { String::new() } else { format!(" {}", MONTHS_EN[month]) };
        format!("{} {day}{date} at {hour}:{minute:02}", DAYS_EN[weekday])
    }
}
