//! `company/info`, by page and by domain.

use crate::address;
use crate::options::AccountOptions;
use crate::recorded::recorded;
use crate::scene::Scene;
use crate::wire::{Body, Done, Outcome, Refusal};

/// `/v1/data/company/info`
pub(crate) fn info(_: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let text = body.text("company_url")?;
    by_slug(&address::company(text).unwrap_or_else(|| address::slug(text)))
}

/// `/v1/companies/info`
pub(crate) fn session_info(scene: &mut Scene<'_>, _: &AccountOptions, body: Body<'_>) -> Outcome {
    info(scene, body)
}

/// `/v1/data/company/info-by-domain`
pub(crate) fn info_by_domain(_: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let domain = body.text("domain")?.trim().to_lowercase();
    let domain = domain.strip_prefix("www.").unwrap_or(&domain);
    by_slug(recorded().domains.get(domain).ok_or_else(not_found)?)
}

fn by_slug(slug: &str) -> Outcome {
    Done::read(recorded().companies.get(slug).ok_or_else(not_found)?.clone(), 1)
}

fn not_found() -> Refusal {
    Refusal::said("Company not found")
}
