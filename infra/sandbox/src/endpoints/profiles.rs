//! `profile/info` and its session-less variants.

use crate::address::{self, PersonKey};
use crate::options::AccountOptions;
use crate::people::owner_profile;
use crate::scene::Scene;
use crate::wire::{Body, Done, Outcome, Refusal};

/// `/v1/profile/info`
pub(crate) fn info(scene: &mut Scene<'_>, _: &AccountOptions, body: Body<'_>) -> Outcome {
    by_address(scene, body.text("linkedin_url")?)
}

/// `/v1/data/profil/info`
pub(crate) fn data_info(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let address = body.optional("profile_url")?.or(body.optional("linkedin_url")?);
    by_address(scene, address.ok_or_else(Refusal::invalid)?)
}

/// `/v1/data/profil/enrich`: by e-mail where a profile shows one.
pub(crate) fn enrich(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let Some(email) = body.optional("email")? else {
        return data_info(scene, body);
    };
    let profiles = scene.directory.all().into_iter().map(|person| scene.directory.profile(person));
    let found = profiles.into_iter().find(|profile| profile["email"].as_str() == Some(email));
    Done::read(found.ok_or_else(|| Refusal::said("Profile not found"))?, 1)
}

fn by_address(scene: &Scene<'_>, address: &str) -> Outcome {
    if let Some(person) = scene.directory.find(address) {
        return Done::read(scene.directory.profile(person), 1);
    }
    let owner = match address::person(address) {
        Some(PersonKey::Slug(slug)) => scene.options.accounts.iter().find(|account| account.slug == slug),
        Some(PersonKey::MemberId(id)) => scene.options.accounts.iter().find(|account| account.member_id == id),
        None => None,
    };
    let owner = owner.ok_or_else(|| Refusal::said("Profile not found"))?;
    Done::read(owner_profile(owner), 1)
}
