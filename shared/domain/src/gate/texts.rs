//! Texts of reasons: what stands in the way and what would change it, in French and English.

use super::Reason;
use super::facts::AccountFacts;
use crate::score::Score;
use crate::vocabulary::{FeatureName, ReasonCode as R};
use crate::workspace::Weights;
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn reason(code: R, fr: impl Into<String>, en: impl Into<String>) -> Reason {
    Reason { code, text_fr: fr.into(), text_en: en.into(), until: None }
}

/// A reason that says the same of everybody.
pub(super) fn say(code: R) -> Reason {
    let (fr, en) = plain(code);
    reason(code, fr, en)
}

/// The sentence of each code, in French and English.
pub(super) fn plain(code: R) -> (&'static str, &'static str) {
    match code {
        R::Suppressed => ("sur la liste noire\u{a0}: ne sera jamais contacté", "on the black list: never contacted"),
        R::OptedOut => ("a demandé à ne plus être contacté", "asked not to be contacted any more"),
        R::Erased => ("ses données ont été effacées à sa demande", "their data were erased at their request"),
        R::ObjectsToCommercialUse => {
            ("s’oppose à l’usage commercial de ses données (registre)", "objects to commercial use of their data (register)")
        }
        R::OwnTeam => ("fait partie de votre équipe", "is a member of your team"),
        R::IsCustomer => ("est déjà client ou partenaire", "is a customer or partner already"),
        R::Competitor => ("travaille chez un concurrent", "works for a competitor"),
        R::ExcludedTitle => ("le poste est exclu par le client idéal (ICP)", "the title is excluded by the ICP"),
        R::ExcludedCompany => ("l’entreprise est exclue par le client idéal (ICP)", "the company is excluded by the ICP"),
        R::NoIcp => (
            "décrivez d’abord votre client idéal (ICP) dans les réglages",
            "describe your ideal customer (ICP) in the settings first",
        ),
        R::NoThreshold => ("fixez d’abord le seuil dans les réglages", "set the threshold in the settings first"),
        R::CannotReachThreshold => ("ne peut pas atteindre le seuil", "cannot reach the threshold"),
        R::NotAnalysed => ("le profil n’a pas encore été analysé", "the profile has not been analysed yet"),
        R::StaleAnalysis => (
            "l’analyse du profil est trop ancienne\u{a0}: elle va être refaite",
            "the profile analysis is too old: it will be made again",
        ),
        R::NoLawfulBasis => {
            ("pas de base légale pour ce canal dans son pays", "no lawful basis for this channel in their country")
        }
        R::NoAddress => ("pas d’adresse connue pour ce canal", "no known address for this channel"),
        R::ChannelUnsupported => {
            ("le fournisseur du compte ne propose pas ce canal", "the account’s provider does not offer this channel")
        }
        R::ConversationOpen => (
            "une conversation est en cours\u{a0}: à vous de répondre ou de la clore",
            "a conversation is open: answer it or close it",
        ),
        R::Replied => ("a déjà répondu\u{a0}: à vous de reprendre ou de clore", "has replied: it is yours to resume or close"),
        R::Meeting => ("un rendez-vous existe\u{a0}: à vous de jouer", "there is a meeting: it is your turn"),
        R::RejectedByReviewer => ("refusé à la relecture dans cette campagne", "rejected in review in this campaign"),
        R::RecentlyContacted => ("a été contacté récemment", "was contacted recently"),
        R::CompanyRecentlyContacted => {
            ("quelqu’un de son entreprise a été contacté récemment", "somebody at their company was contacted recently")
        }
        R::InOtherCampaign => ("est dans une autre campagne", "is in another campaign"),
        R::BelowMinFit => ("trop loin du client idéal", "too far from the ideal customer"),
        R::BelowThreshold => ("sous le seuil", "below the threshold"),
        R::AccountPaused => ("le compte LinkedIn est en pause", "the LinkedIn account is paused"),
        R::BudgetSpent => (
            "le budget du mois est dépensé\u{a0}: augmentez-le ou attendez le mois prochain",
            "this month’s budget is spent: raise it or wait for next month",
        ),
    }
}

/// A reason that ends on a day, said in the workspace's zone.
pub(super) fn until(code: R, until: Timestamp, zone: &TimeZone) -> Reason {
    let (fr, en) = match code {
        R::RejectedByReviewer => ("refusé à la relecture dans une autre campagne", "rejected in review in another campaign"),
        R::Replied => ("a demandé à être recontacté plus tard", "asked to be written to later"),
        _ => plain(code),
    };
    let (day_fr, day_en) = day(until, zone);
    Reason {
        code,
        text_fr: format!("{fr}\u{a0}: possible à partir du {day_fr}"),
        text_en: format!("{en}: possible from {day_en}"),
        until: Some(until),
    }
}

pub(super) fn withdrawn(until: Timestamp, zone: &TimeZone) -> Reason {
    let (day_fr, day_en) = day(until, zone);
    Reason {
        code: R::RecentlyContacted,
        text_fr: format!(
            "son invitation restée sans réponse a été retirée\u{a0}: nouvelle invitation possible à partir du {day_fr}"
        ),
        text_en: format!("the unanswered invitation was taken back: a new one is possible from {day_en}"),
        until: Some(until),
    }
}

pub(super) fn objects(register: &str, number: &str) -> Reason {
    reason(
        R::ObjectsToCommercialUse,
        format!("son entreprise s’oppose à l’usage commercial de ses données (registre\u{a0}: {register}, n°\u{a0}{number})"),
        format!("their company objects to commercial use of its data (register: {register}, no. {number})"),
    )
}

pub(super) fn excluded_title(listed: &str) -> Reason {
    let (fr, en) = plain(R::ExcludedTitle);
    reason(R::ExcludedTitle, format!("{fr}\u{a0}: «\u{a0}{listed}\u{a0}»"), format!("{en}: “{listed}”"))
}

pub(super) fn excluded_company(listed: &str) -> Reason {
    let (fr, en) = plain(R::ExcludedCompany);
    reason(R::ExcludedCompany, format!("{fr}\u{a0}: «\u{a0}{listed}\u{a0}»"), format!("{en}: “{listed}”"))
}

pub(super) fn other_campaign(name: &str) -> Reason {
    let (fr, en) = plain(R::InOtherCampaign);
    reason(R::InOtherCampaign, format!("{fr}\u{a0}: «\u{a0}{name}\u{a0}»"), format!("{en}: “{name}”"))
}

pub(super) fn cannot_reach(bound: u8, line: u8) -> Reason {
    reason(
        R::CannotReachThreshold,
        format!(
            "{bound} points au plus pour un seuil de {line}\u{a0}: rien n’a été dépensé\u{a0}; un nouvel engagement y changerait quelque chose"
        ),
        format!("{bound} points at most for a line of {line}: nothing was spent; a new engagement would change it"),
    )
}

pub(super) fn below_min_fit(fit: u8, least: u8) -> Reason {
    reason(
        R::BelowMinFit,
        format!(
            "profil à {fit} points pour un minimum de {least}\u{a0}: trop loin du client idéal, l’engagement n’y change rien"
        ),
        format!(
            "profile at {fit} points for a minimum of {least}: too far from the ideal customer, engagement does not change that"
        ),
    )
}

/// Says the distance, and the least that would close it.
pub(super) fn below_threshold(score: &Score, line: u8, weights: &Weights) -> Reason {
    let missing = i32::from(line) - i32::from(score.value);
    // the raw sum may lie below zero
    let short = i32::from(line) - i32::from(score.raw);
    let gain = |name, best: i16| i32::from((best - score.points(name)).max(0));
    let recent = gain(FeatureName::Recent, weights.recent);
    let reaction = gain(FeatureName::Reacted, weights.reacted_own.max(weights.reacted_other));
    let comment = gain(FeatureName::Commented, weights.commented.max(weights.commented_neutral));
    let way = if reaction > 0 && short <= reaction + recent {
        ("passerait avec une réaction à l’un de vos posts", "would pass with a reaction to one of your posts")
    } else if comment > 0 && short <= comment + recent {
        ("passerait avec un commentaire", "would pass with a comment")
    } else if recent > 0 && short <= recent {
        ("passerait avec un nouvel engagement", "would pass with a new engagement")
    } else if short <= reaction + comment + recent {
        ("passerait avec une réaction et un commentaire", "would pass with a reaction and a comment")
    } else {
        ("même une réaction et un commentaire n’y suffiraient pas", "not even a reaction and a comment would do")
    };
    let points = if missing > 1 { "points" } else { "point" };
    reason(
        R::BelowThreshold,
        format!("il manque {missing} {points}\u{a0}: {}", way.0),
        format!("{missing} {points} short: {}", way.1),
    )
}

pub(super) fn account_paused(account: &AccountFacts, zone: &TimeZone) -> Reason {
    let (fr, en) = plain(R::AccountPaused);
    let why = account.paused_reason.as_deref().map_or_else(String::new, |why| format!(" ({why})"));
    let mut said = reason(R::AccountPaused, format!("{fr}{why}"), format!("{en}{why}"));
    if let Some(at) = account.resumes_at {
        let (day_fr, day_en) = day(at, zone);
        said.text_fr.push_str(&format!("\u{a0}: reprise le {day_fr}"));
        said.text_en.push_str(&format!(": resumes on {day_en}"));
        said.until = Some(at);
    }
    said
}

const MONTHS: [(&str, &str); 12] = [
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
];

/// The day in French and English, in `zone`.
fn day(at: Timestamp, zone: &TimeZone) -> (String, String) {
    let date = at.to_zoned(zone.clone()).date();
    let (fr, en) = MONTHS[(date.month() as usize - 1).min(11)];
    let first = if date.day() == 1 { "er" } else { "" };
    (format!("{}{first}\u{a0}{fr} {}", date.day(), date.year()), format!("{} {en} {}", date.day(), date.year()))
}
