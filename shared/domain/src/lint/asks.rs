//! The call to action: what a text asks the person to do, counted as distinct acts.

use super::phrases::Phrases;
use super::tokens::{Gap, Token};
use std::ops::Range;
use std::sync::LazyLock;

/// One kind of act, however it is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Two slots, the booking link, or both.
    Meet,
    Download,
    Fill,
    Register,
    Reply,
    Share,
    Refer,
    Follow,
    Contact,
    Watch,
    Try,
}

static ACTS: LazyLock<Vec<(Act, Phrases)>> = LazyLock::new(|| {
    let list = |act, lines| (act, Phrases::new(lines));
    vec![
        list(
            Act::Download,
            "telechargez
             a|de|et|ou|aussi telecharger
             telecharge ?notre|le|mon|la
             telecharger notre|le|la|mon
             download ?our|the|my|this",
        ),
        list(
            Act::Fill,
            "remplissez
             remplis ?le|la|notre|ce
             remplir le|la|notre|ce|un|mon
             completez le|la|notre|ce
             repondez au|a ?notre|ce|un quiz|sondage|questionnaire|notre
             repondre a|au notre|ce|sondage|questionnaire
             faites le|notre test|quiz
             fill in|out
             fill ?in ?out the|our|this|my
             complete our|the|this|my
             take our|the|this survey|quiz|test
             answer our|the|this survey|quiz|questionnaire",
        ),
        list(
            Act::Register,
            "inscrivez vous
             inscris toi
             vous inscrire
             t inscrire
             inscrire a
             participez a|au
             rejoignez nous|notre|le|la|mon
             assistez a|au
             register ?for|here|now|your
             sign up
             start ?your ?the ?a ?free trial
             enrol|enroll ?in|here|your
             join ~ webinar|newsletter|community|group|waitlist|session|workshop|event
             attend our|the|my",
        ),
        list(
            Act::Reply,
            "repondez avec|oui|moi|par|a|simplement|ensuite|juste
             reponds ?moi avec|oui|par|a|simplement|juste
             envoyez moi|nous
             envoie moi|nous
             retournez moi|nous
             reply ?to ?me ?this with|yes|to|back|now
             send me|us|over|back
             respond with|to
             email|mail me|us your",
        ),
        list(
            Act::Share,
            "transferez
             transfere ?ce|le
             a|et|ou|de partager ce|le|notre
             laissez ?nous un avis
             partagez ?ce|le|la|notre|mon
             faites suivre
             fais suivre
             faites passer ce|le
             relayez
             forward this|it|my
             pass this|it on
             share this|our|my|it|the",
        ),
        list(
            Act::Refer,
            "parrainez
             parraine un|une
             recommandez nous|moi|notre
             refer ?us ?me a|to|your|someone|three|two
             recommend us|me
             introduce me|us to
             presentez moi|nous ?a
             tag|tagguez|taguez _",
        ),
        list(
            Act::Follow,
            "suivez nous|notre|ma|mon|la
             suis nous|notre|ma ?page
             abonnez vous
             abonne toi
             likez
             aimez notre page
             follow us|our|me|my
             subscribe ?to|here|now
             like our|my ?page",
        ),
        list(
            Act::Contact,
            "appelez moi|nous|le|au
             appelle moi|nous
             m|nous appeler
             m|nous ecrire
             laissez nous|moi un
             textez moi|nous
             telephonez ?moi|nous
             joignez moi|nous
             ecrivez moi|nous|a
             ecris moi|nous
             contactez moi|nous
             rappelez moi|nous
             passez nous|me voir
             passez au restaurant|bureau|resto|magasin
             call me|us|my|our
             ring me|us
             text me|us
             phone me|us
             contact me|us
             email|mail me|us
             drop me|us a|an
             visit our|us|my",
        ),
        list(
            Act::Watch,
            "regardez ?notre|la|ma|cette video|demo|presentation
             visionnez
             ecoutez notre|mon|le
             lisez notre|mon|l|le article|blog|livre|billet
             watch ?our|the|my|this video|demo|replay
             listen to our|my|the
             read our|my|the ?latest ?full ?new article|blog|guide|report|book|paper
             check out",
        ),
        list(
            Act::Try,
            "essayez ?le|la|notre|gratuitement
             testez ?le|la|notre|gratuitement
             commandez
             achetez
             profitez de
             try our|it|the|us
             start your|a|the ?free trial
             buy|order our|your|now|today
             claim your|a
             request a|your demo|quote",
        ),
    ]
});

static MEETING_VERBS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "reservez|reserver|reserve|choisissez|choisis|fixez|fixer|prenez|prends|prenons
         book|pick|choose|grab|schedule ?a|here|your|any",
    )
});

/// What a text asks for.
#[derive(Debug, Default)]
pub struct Asks {
    /// The distinct acts, each with the words of its first place; `Meet` stands at its first slot or link.
    pub acts: Vec<(Act, Range<usize>)>,
    /// How often the booking link or another link is given.
    pub links: usize,
}

/// Reads the asks of a text. `slots` are ranges of words, `links` and `contacts` bytes.
pub fn read(tokens: &[Token], slots: &[Range<usize>], links: &[Range<usize>], contacts: &[Range<usize>]) -> Asks {
    let bytes = |r: &Range<usize>| tokens[r.start].span.start..tokens[r.end - 1].span.end;
    let mut asks = Asks { acts: Vec::new(), links: links.len() };
    let mut places: Vec<(Act, Range<usize>, usize)> = Vec::new();
    for (act, phrases) in ACTS.iter() {
        for found in phrases.find(tokens) {
            if !tokens[found.start].quoted && !is_told(tokens, found.start) {
                places.push((*act, bytes(&found), tokens[found.start].sentence));
            }
        }
    }
    if let Some(contact) =
        contacts.first().filter(|_| slots.len() < 2 && links.is_empty() && !places.iter().any(|p| p.0 == Act::Contact))
    {
        places.push((Act::Contact, contact.clone(), sentence_at(tokens, contact.start)));
    }
    let offered: Vec<Range<usize>> = links.iter().cloned().chain(slots.iter().map(&bytes)).collect();
    if slots.len() >= 2 || !links.is_empty() {
        meet(&mut places, tokens, &offered, slots);
    }
    places.sort_by_key(|p| p.1.start);
    for (act, span, _) in places {
        if !asks.acts.iter().any(|(known, _)| *known == act) {
            asks.acts.push((act, span));
        }
    }
    asks
}

/// “Vous partagez”, “you follow”: the person does it already, nobody asks.
fn is_told(tokens: &[Token], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map_or("", |i| tokens[i].folded.as_str());
    let joined = tokens[at].gap == Gap::Space;
    let asked = ["can", "could", "would", "will", "may", "shall"].contains(&word(2));
    let subject = ["vous", "tu", "you", "i", "we", "j", "nous"].contains(&word(1));
    // “your reply to”: the noun
    let noun = ["your", "my", "a", "the", "our", "no", "any", "long", "quick", "votre", "ton", "une"].contains(&word(1));
    // “feel free to contact me” is a formula, refused as one
    let formula = ["to", "a"].contains(&word(1)) && ["free", "pas", "hesitate"].contains(&word(2));
    joined && (formula || noun || subject && !asked)
}

/// Adds the meeting, unless the link is only where another single act is done (“Inscrivez-vous ici : …”).
fn meet(places: &mut Vec<(Act, Range<usize>, usize)>, tokens: &[Token], offered: &[Range<usize>], slots: &[Range<usize>]) {
    let Some(first) = offered.iter().min_by_key(|r| r.start).cloned() else {
        return;
    };
    let sentence = sentence_at(tokens, first.start);
    let mut beside: Vec<Act> = places.iter().filter(|p| p.2 == sentence && p.0 != Act::Contact).map(|p| p.0).collect();
    beside.sort();
    beside.dedup();
    let booked = MEETING_VERBS.find(tokens).iter().any(|r| tokens[r.start].sentence == sentence);
    if beside.len() == 1 && slots.len() < 2 && !booked {
        return;
    }
    // “Répondez-moi avec mardi 10 h ou jeudi 14 h” asks for one thing
    if slots.len() >= 2 && beside == [Act::Reply] {
        places.retain(|p| !(p.0 == Act::Reply && p.2 == sentence));
    }
    places.push((Act::Meet, first, sentence));
}

fn sentence_at(tokens: &[Token], byte: usize) -> usize {
    tokens.iter().rev().find(|t| t.span.start <= byte).map_or(0, |t| t.sentence)
}

/// Questions outside quotations, as bytes of their marks.
pub fn questions(text: &str) -> Vec<Range<usize>> {
    let mut quoted = false;
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '«' | '“' => quoted = true,
            '»' | '”' | '\n' => quoted = false,
            '"' => quoted = !quoted,
            '?' if !quoted && found.last().is_none_or(|l| l.end != at) => found.push(at..at + 1),
            _ => {}
        }
    }
    found
}
