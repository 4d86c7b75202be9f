//! What each LinkedIn provider can do, and what follows where it cannot.

use crate::vocabulary::{Provider, words};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What a provider can do at all; planned against before anyone is promised a step.
/// Source: docs/rules.md, "Channels".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Anything is called at all: invitations, messages, publications and readings go out by themselves.
    pub automatic: bool,
    /// Can visit a profile without writing.
    pub visit: bool,
    /// Tells by webhook what happens on the account.
    pub monitoring: bool,
    /// Tells acceptance of invitations by webhook.
    pub acceptance_by_webhook: bool,
    /// Signs its webhooks.
    pub signed_webhooks: bool,
    /// Offers `Access::Data` for reads.
    pub session_less_reads: bool,
    /// Searches people by criteria.
    pub people_search: bool,
    /// Lists posts by words, kind or time.
    pub post_filters: bool,
    /// Finds a company by its internet domain.
    pub company_by_domain: bool,
    /// Lists pending invitations and can withdraw them.
    pub withdraw_invitation: bool,
    /// Can publish as a company page.
    pub company_posts: bool,
    /// Publishes pictures, films and documents.
    pub post_media: bool,
    /// Publishes at a given time by itself.
    pub native_scheduling: bool,
    /// Honours an idempotency key on sends.
    pub idempotent_sends: bool,
    /// Charges for calls that fail.
    pub failed_calls_cost: bool,
    /// Signs a member in with e-mail and password.
    pub sign_in: bool,
}

/// LinkupAPI V1.
pub const LINKUP_V1: Capabilities = Capabilities {
    automatic: true,
    visit: false,
    monitoring: true,
    acceptance_by_webhook: false,
    signed_webhooks: false,
    session_less_reads: true,
    people_search: true,
    post_filters: true,
    company_by_domain: true,
    withdraw_invitation: true,
    company_posts: true,
    post_media: true,
    native_scheduling: false,
    idempotent_sends: false,
    failed_calls_cost: true,
    sign_in: true,
};

/// LinkupAPI V2: every call goes through the member's account.
pub const LINKUP_V2: Capabilities = Capabilities {
    acceptance_by_webhook: true,
    signed_webhooks: true,
    session_less_reads: false,
    post_filters: false,
    company_by_domain: false,
    withdraw_invitation: false,
    failed_calls_cost: false,
    ..LINKUP_V1
};

/// Unipile: a subscription instead of credits; its webhooks bear a secret of ours instead of a signature.
pub const UNIPILE: Capabilities = Capabilities {
    signed_webhooks: false,
    people_search: false,
    withdraw_invitation: true,
    post_media: false,
    sign_in: false,
    ..LINKUP_V2
};

/// By hand: a person does everything.
pub const MANUAL: Capabilities = Capabilities {
    automatic: false,
    visit: false,
    monitoring: false,
    acceptance_by_webhook: false,
    signed_webhooks: false,
    session_less_reads: false,
    people_search: false,
    post_filters: false,
    company_by_domain: false,
    withdraw_invitation: false,
    company_posts: false,
    post_media: false,
    native_scheduling: false,
    idempotent_sends: false,
    failed_calls_cost: false,
    sign_in: false,
};

impl Provider {
    /// What it can do.
    pub const fn capabilities(self) -> Capabilities {
        match self {
            // The sandbox speaks V1.
            Provider::Sandbox | Provider::LinkupV1 => LINKUP_V1,
            Provider::LinkupV2 => LINKUP_V2,
            Provider::Unipile => UNIPILE,
            Provider::Manual => MANUAL,
        }
    }

    /// Which field of an account's credentials stands for the member; `None`: none is needed.
    pub const fn credential(self) -> Option<&'static str> {
        match self {
            Provider::Sandbox | Provider::LinkupV1 => Some("login_token"),
            Provider::LinkupV2 | Provider::Unipile => Some("account_id"),
            Provider::Manual => None,
        }
    }
}

words!(/// What a person may ask of a provider, by the names of the API.
Ability {
    Automatic = "automatic", Visit = "visit", Monitoring = "monitoring", AcceptanceByWebhook = "acceptance_by_webhook",
    SessionLessReads = "session_less_reads", PeopleSearch = "people_search", PostFilters = "post_filters",
    CompanyByDomain = "company_by_domain", WithdrawInvitation = "withdraw_invitation", CompanyPosts = "company_posts",
    PostMedia = "post_media", NativeScheduling = "native_scheduling", SignIn = "sign_in"
});

impl Capabilities {
    /// Whether it is offered.
    pub const fn offers(&self, ability: Ability) -> bool {
        match ability {
            Ability::Automatic => self.automatic,
            Ability::Visit => self.visit,
            Ability::Monitoring => self.monitoring,
            Ability::AcceptanceByWebhook => self.acceptance_by_webhook,
            Ability::SessionLessReads => self.session_less_reads,
            Ability::PeopleSearch => self.people_search,
            Ability::PostFilters => self.post_filters,
            Ability::CompanyByDomain => self.company_by_domain,
            Ability::WithdrawInvitation => self.withdraw_invitation,
            Ability::CompanyPosts => self.company_posts,
            Ability::PostMedia => self.post_media,
            Ability::NativeScheduling => self.native_scheduling,
            Ability::SignIn => self.sign_in,
        }
    }

    /// What is not offered.
    pub fn lacks(&self) -> impl Iterator<Item = Ability> + '_ {
        Ability::ALL.iter().copied().filter(|ability| !self.offers(*ability))
    }
}

impl Ability {
    /// Why something is refused, in French.
    pub const fn refusal_fr(self) -> &'static str {
        match self {
            Ability::Automatic => "Ce compte fonctionne à la main\u{a0}: rien n’est lu ni envoyé sur LinkedIn à votre place.",
            Ability::Visit => "Ce fournisseur ne sait pas visiter un profil sans lui écrire.",
            Ability::Monitoring => "Ce fournisseur ne prévient pas de ce qui arrive sur le compte.",
            Ability::AcceptanceByWebhook => {
                "Ce fournisseur ne prévient pas quand une invitation est acceptée\u{a0}: les nouvelles relations sont relues quelques fois par jour."
            }
            Ability::SessionLessReads => {
                "Ce fournisseur lit tout avec la session du compte\u{a0}: chaque lecture compte dans la limite de lectures du compte."
            }
            Ability::PeopleSearch => "Ce fournisseur ne sait pas rechercher des personnes par critères.",
            Ability::PostFilters => "Ce fournisseur ne sait pas filtrer les publications par mot, par genre ou par date.",
            Ability::CompanyByDomain => "Ce fournisseur ne sait pas trouver une entreprise par son nom de domaine.",
            Ability::WithdrawInvitation => {
                "Ce fournisseur ne sait pas retirer une invitation en attente\u{a0}: retirez-la vous-même sur LinkedIn."
            }
            Ability::CompanyPosts => "Ce fournisseur ne sait pas publier au nom d’une page d’entreprise.",
            Ability::PostMedia => "Ce fournisseur ne publie que du texte, sans image ni document.",
            Ability::NativeScheduling => "Ce fournisseur ne programme pas lui-même\u{a0}: Amorce publie à l’heure dite.",
            Ability::SignIn => {
                "Ce fournisseur ne connecte pas avec une adresse et un mot de passe\u{a0}: connectez le membre chez lui, puis indiquez ici son «\u{a0}account_id\u{a0}»."
            }
        }
    }

    /// Why something is refused, in English.
    pub const fn refusal_en(self) -> &'static str {
        match self {
            Ability::Automatic => "This account works by hand: nothing is read or sent on LinkedIn for you.",
            Ability::Visit => "This provider cannot visit a profile without writing to it.",
            Ability::Monitoring => "This provider does not tell what happens on the account.",
            Ability::AcceptanceByWebhook => {
                "This provider does not tell when an invitation is accepted: new connections are read a few times a day."
            }
            Ability::SessionLessReads => {
                "This provider reads everything through the account’s session: each reading counts towards the account’s limit of reads."
            }
            Ability::PeopleSearch => "This provider cannot search people by criteria.",
            Ability::PostFilters => "This provider cannot filter posts by word, kind or date.",
            Ability::CompanyByDomain => "This provider cannot find a company by its internet domain.",
            Ability::WithdrawInvitation => {
                "This provider cannot withdraw a pending invitation: withdraw it yourself on LinkedIn."
            }
            Ability::CompanyPosts => "This provider cannot publish as a company page.",
            Ability::PostMedia => "This provider publishes text alone, without pictures or documents.",
            Ability::NativeScheduling => "This provider schedules nothing by itself: Amorce publishes at the time you set.",
            Ability::SignIn => {
                "This provider does not sign in with an e-mail address and a password: connect the member there, then give its “account_id” here."
            }
        }
    }
}

/// Why an account is paused whose session has ended; only connecting it again lifts that pause by itself.
pub const SESSION_ENDED_FR: &str =
    "La session LinkedIn de ce compte a pris fin\u{a0}: reconnectez-le dans ses réglages, et l’envoi reprendra de lui-même.";
/// The same in English.
pub const SESSION_ENDED_EN: &str =
    "This account’s LinkedIn session has ended: connect it again in its settings, and sending goes on by itself.";

/// How much rarer the newest connections are read where acceptances are pushed: the safety net for an event that was lost.
const PUSHED_RARER: i32 = 6;

/// How often the newest connections are read, where `base` is how often without a push. `watched`: monitoring runs.
/// Source: docs/rules.md, "Route".
pub fn acceptance_poll(provider: Provider, watched: bool, base: SignedDuration) -> SignedDuration {
    let pushed = watched && provider.capabilities().acceptance_by_webhook;
    if pushed { base.saturating_mul(PUSHED_RARER) } else { base }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(provider: Provider, lacking: &[&str]) {
        let capabilities = provider.capabilities();
        let found: Vec<&str> = capabilities.lacks().map(Ability::as_str).collect();
        assert_eq!(found, lacking, "{provider}");
    }

    #[test]
    fn each_provider_lacks_what_its_vendor_does_not_offer() {
        let v1 = ["visit", "acceptance_by_webhook", "native_scheduling"];
        check(Provider::LinkupV1, &v1);
        check(Provider::Sandbox, &v1);
        check(
            Provider::LinkupV2,
            &["visit", "session_less_reads", "post_filters", "company_by_domain", "withdraw_invitation", "native_scheduling"],
        );
        check(
            Provider::Unipile,
            &[
                "visit",
                "session_less_reads",
                "people_search",
                "post_filters",
                "company_by_domain",
                "post_media",
                "native_scheduling",
                "sign_in",
            ],
        );
        check(Provider::Manual, &Ability::ALL.iter().map(|ability| ability.as_str()).collect::<Vec<_>>());
    }

    #[test]
    fn a_push_makes_polling_rare_and_never_ends_it() {
        let base = SignedDuration::from_hours(4);
        for (provider, watched, hours) in [
            (Provider::LinkupV1, true, 4),
            (Provider::LinkupV2, false, 4),
            (Provider::LinkupV2, true, 24),
            (Provider::Unipile, true, 24),
        ] {
            assert_eq!(acceptance_poll(provider, watched, base), SignedDuration::from_hours(hours), "{provider} {watched}");
        }
    }
}
