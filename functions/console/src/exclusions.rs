//! Those who are no leads: own team, customers, competitors; and the forms in which companies are compared.

use crate::call::{Call, Outcome, Reply};
use crate::people;
use crate::problem::Problem;
use crate::words::text;
use domain::ids::ExclusionId;
use domain::vocabulary::ExclusionKind;
use serde_json::{Value, json};
use store::facts::{company_name_key, exclusion_traits};
use store::settings::{EXCLUSIONS_MAX, Exclusion};

/// The form in which a company is compared: by LinkedIn page, registrable domain or folded name.
/// Source: docs/rules.md, “Not leads”.
pub fn company_key(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let page = domain::profile_url::parse(raw);
    if page.kind() == "company" {
        return page.key().map(|key| format!("id:{}", key.to_lowercase()));
    }
    if !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_digit()) {
        return Some(format!("id:{raw}"));
    }
    let spaced = raw.chars().any(char::is_whitespace);
    if raw.contains('.')
        && !spaced
        && let Some(domain) = domain::analysis::registrable_domain(raw)
    {
        return Some(format!("domain:{domain}"));
    }
    let key = company_name_key(raw);
    (key.len() > "name:".len()).then_some(key)
}

fn matched(raw: &str) -> Option<String> {
    domain::identity::address_key(raw)
        .or_else(|| domain::identity::keys_of(None, None, Some(raw)).pop())
        .map(|key| key.storage())
        .or_else(|| company_key(raw))
}

/// `GET /exclusions`.
pub async fn list(call: Call) -> Outcome {
    let found = call.store().exclusions(call.ws()).await?;
    Reply::slice(&call, "all", found.iter().map(|e| show(&e.item)))
}

/// `POST /exclusions`.
pub async fn create(call: Call) -> Outcome {
    let kinds: Vec<&str> = ExclusionKind::ALL.iter().map(|k| k.as_str()).collect();
    let (kind, value) = {
        let body = call.body()?;
        body.required("kind", 50);
        let kind = body.word("kind", ExclusionKind::parse, &kinds);
        let value = body.required("value", 2_000);
        body.finish()?;
        (kind.unwrap_or(ExclusionKind::OwnTeam), value.unwrap_or_default())
    };
    let unreadable = || {
        Problem::field(
            "value",
            text(
                "une page LinkedIn, un domaine, un nom ou un profil est attendu",
                "a LinkedIn page, a domain, a name or a profile is expected",
            ),
        )
    };
    let matched = matched(&value).ok_or_else(unreadable)?;
    if call.store().exclusions(call.ws()).await?.len() >= EXCLUSIONS_MAX {
        return Err(Problem::refused(text("La liste est pleine.", "The list is full.")));
    }
    let entry = Exclusion {
        workspace: call.ws().clone(),
        id: ExclusionId::derive(&[call.ws().as_str(), kind.as_str(), &matched]),
        kind,
        value,
        matched,
        created_at: call.now,
    };
    if !call.store().create(&entry).await?.won() {
        return Reply::ok(show(&entry));
    }
    call.audit("exclusion.added", Some(entry.id.as_str()), json!({"kind": kind})).await?;
    decide_matched(&call, &entry).await?;
    Reply::created(show(&entry))
}

/// `DELETE /exclusions/{id}`.
pub async fn delete(call: Call) -> Outcome {
    let id = call.id(ExclusionId::parse)?;
    let found = call.store().exclusions(call.ws()).await?.into_iter().find(|e| e.id == id).ok_or_else(Problem::not_found)?;
    // Lost: somebody else removed it at the same moment.
    let _gone = call.store().remove(&found).await?;
    call.audit("exclusion.removed", Some(id.as_str()), json!({"kind": found.kind})).await?;
    decide_matched(&call, &found).await?;
    Reply::gone()
}

/// Has those decided anew whom the entry matches: nobody else's decision has read it.
async fn decide_matched(call: &Call, entry: &Exclusion) -> Result<(), Problem> {
    let mut people = people::everybody(call, None).await?;
    people.retain(|p| exclusion_traits(p).contains(&entry.matched));
    people::decide(call, &people, "exclusions").await
}

fn show(entry: &Exclusion) -> Value {
    json!({"id": entry.id, "kind": entry.kind, "value": entry.value, "created_at": entry.created_at})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: Option<&str>) {
        assert_eq!(company_key(raw).as_deref(), expected, "{raw}");
    }

    #[test]
    fn companies_are_compared_by_page_domain_or_name() {
        check("https://www.linkedin.com/company/Rival-SA/about/", Some("id:rival-sa"));
        check("1234567", Some("id:1234567"));
        check("https://www.rival.example/contact", Some("domain:rival.example"));
        check("Rival S.A. Paris", Some(&company_name_key("Rival S.A. Paris")));
        check("  ", None);
    }
}
