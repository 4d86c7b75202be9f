//! The door: who is no lead, before anything is kept or spent. Rules: docs/rules.md, "Not leads".

use crate::facts::{Office, company_name_key, employer_key};
use crate::prospect::Prospect;
use crate::run::{Filters, Run};
use domain::identity::{Key, Kind};
use domain::profile_url::ProfileUrl;
use domain::vocabulary::{DropCode, ExclusionKind};
use domain::{names, post_url, profile_url};

/// Why a row about somebody erased is left out.
pub const ERASED: &str = "Cette personne a demandé l’effacement de ses données\u{a0}: rien n’est gardé de cette ligne.";

/// Somebody at the door, as a row of a source tells of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct AtTheDoor<'a> {
    pub keys: &'a [Key],
    pub name: Option<&'a str>,
    pub headline: Option<&'a str>,
    pub profile_url: Option<&'a str>,
    /// The employer, where the source says so itself.
    pub company: Option<&'a str>,
}

impl Office {
    /// Why somebody is kept out, if they are; a code and a sentence.
    pub fn keeps_out(&self, who: AtTheDoor<'_>, run: &Run) -> Option<(DropCode, &'static str)> {
        self.is_nobody(who)
            .or_else(|| self.is_author(who, run))
            .or_else(|| self.is_of_the_house(who, run))
            .or_else(|| self.is_listed(who))
    }

    fn is_nobody(&self, who: AtTheDoor<'_>) -> Option<(DropCode, &'static str)> {
        if who.profile_url.is_some_and(|url| matches!(profile_url::parse(url), ProfileUrl::Company(_))) {
            return Some((DropCode::CompanyPage, "Une page d’entreprise n’est pas une personne."));
        }
        if !who.keys.is_empty() {
            return None;
        }
        let gone = who.name.is_some_and(|name| !names::clean(name).is_person);
        Some(if gone {
            (DropCode::DeactivatedMember, "Ce compte LinkedIn est désactivé.")
        } else {
            (DropCode::NoProfileUrl, "Cette ligne ne porte aucune adresse de profil.")
        })
    }

    fn is_author(&self, who: AtTheDoor<'_>, run: &Run) -> Option<(DropCode, &'static str)> {
        let author = post_url::author_slug(&run.post_url)?;
        let is_author = who.keys.iter().any(|k| k.kind == Kind::Slug && k.value == author);
        is_author.then_some(AUTHOR)
    }

    fn is_of_the_house(&self, who: AtTheDoor<'_>, run: &Run) -> Option<(DropCode, &'static str)> {
        let ours = self.accounts.iter().find(|a| a.member_keys.iter().any(|k| who.keys.contains(k)))?;
        let author = run.own_post && run.account.as_ref() == Some(&ours.id);
        Some(if author { AUTHOR } else { (DropCode::OwnTeam, "Cette personne fait partie de votre équipe.") })
    }

    fn is_listed(&self, who: AtTheDoor<'_>) -> Option<(DropCode, &'static str)> {
        if self.exclusions.is_empty() {
            return None;
        }
        let mut traits: Vec<String> = who.keys.iter().map(Key::storage).collect();
        traits.extend(who.headline.and_then(employer_key));
        traits.extend(who.company.map(company_name_key));
        let listed = self.exclusions.iter().find(|e| traits.contains(&e.matched))?;
        Some(match listed.kind {
            ExclusionKind::OwnTeam => (DropCode::OwnTeam, "Cette personne fait partie de votre équipe."),
            ExclusionKind::Customer => (DropCode::IsCustomer, "Cette personne est chez un de vos clients ou partenaires."),
            ExclusionKind::Competitor => (DropCode::Competitor, "Cette personne est chez un concurrent."),
        })
    }
}

const AUTHOR: (DropCode, &str) = (DropCode::Author, "C’est l’auteur de la publication.");

impl Filters {
    /// Whether they ask what is known of a person already.
    pub const fn ask_about_people(&self) -> bool {
        self.not_known || self.not_contacted
    }
}

/// Why a known person is left out of a run: they are known, or were written to, before it.
pub fn already(person: &Prospect, run: &Run) -> Option<&'static str> {
    if person.created_by.as_ref() == Some(&run.id) {
        return None;
    }
    if run.filters.not_known {
        return Some("Cette personne est déjà parmi vos prospects.");
    }
    (run.filters.not_contacted && person.contact.last_sent_at.is_some()).then_some("Cette personne a déjà été contactée.")
}
