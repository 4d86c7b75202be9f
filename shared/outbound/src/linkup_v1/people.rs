//! Asks for and reads LinkupAPI's people, companies and connections.

use domain::search::Combination;
use serde_json::{Map, Value, json};

use super::reading::{Unread, items, paged, subject};
use super::{insert_some, object};
use crate::lenient::{as_text, count, degree, field, instant, text};
use crate::linkedin::{Company, ConnectionRow, Education, Paged, PersonRow, Position, Profile, SentInvitationRow};

/// The body of the session-less search: one text each.
pub(crate) fn data_search(wanted: &Combination, total_results: u32) -> Map<String, Value> {
    let mut body = object(json!({ "total_results": total_results }));
    insert_some(&mut body, "keyword", &wanted.keyword);
    insert_some(&mut body, "job_title", &wanted.job_title);
    insert_some(&mut body, "industry", &wanted.industry);
    insert_some(&mut body, "school", &wanted.school);
    insert_some(&mut body, "location", &wanted.location);
    insert_some(&mut body, "current_company", &wanted.current_company);
    body
}

/// The body of the session's search, which filters companies and schools by
/// URL only: names become keywords, so that no wish is dropped in silence.
pub(crate) fn session_search(wanted: &Combination, total_results: u32) -> Map<String, Value> {
    let mut body = object(json!({ "total_results": total_results }));
    let mut keywords: Vec<&str> = wanted.keyword.as_deref().into_iter().collect();
    for (name, wish) in [("company_url", &wanted.current_company), ("school_url", &wanted.school)] {
        match wish.as_deref() {
            Some(url) if url.starts_with("https://") => drop(body.insert(name.to_owned(), url.into())),
            Some(words) => keywords.push(words),
            None => {}
        }
    }
    insert_some(&mut body, "keyword", &Some(keywords.join(" ")));
    insert_some(&mut body, "title", &wanted.job_title);
    insert_some(&mut body, "industry", &wanted.industry);
    insert_some(&mut body, "location", &wanted.location);
    body
}

/// People found, in the session-less shape (`results`) or the session's (`profiles`).
pub fn people(body: &Value) -> Result<Paged<PersonRow>, Unread> {
    Ok(paged(body, items(body, &["profiles"], "people")?, 1, person))
}

fn person(raw: Value) -> PersonRow {
    let links = field(&raw, &["social_profiles"]).and_then(|links| text(links, &["linkedin", "linkedin_url"]));
    PersonRow {
        name: text(&raw, &["full_name", "name"]).or_else(|| both_names(&raw)),
        title: text(&raw, &["title", "job_title", "headline"]),
        location: text(&raw, &["location"]),
        company_name: text(&raw, &["company", "company_name", "current_company"]),
        profile_url: links.or_else(|| text(&raw, &["profile_url", "linkedin_url"])),
        degree: degree(&raw, &["connection_level", "connection_degree", "member_distance"]),
        invitation_state: text(&raw, &["invitation_state"]),
        raw,
    }
}

fn both_names(item: &Value) -> Option<String> {
    let (first, last) = (text(item, &["first_name"]), text(item, &["last_name"]));
    let parts: Vec<String> = first.into_iter().chain(last).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A profile; something that names or describes a person must be there.
pub fn profile(body: &Value) -> Result<Profile, Unread> {
    let raw = subject(body, &["profile", "person"]);
    let profile = Profile {
        public_id: text(&raw, &["public_id", "public_identifier"]),
        first_name: text(&raw, &["first_name"]),
        last_name: text(&raw, &["last_name"]),
        name: text(&raw, &["name", "full_name"]).or_else(|| both_names(&raw)),
        headline: text(&raw, &["headline", "job_title", "occupation", "title"]),
        location: text(&raw, &["location"]),
        summary: text(&raw, &["summary", "about"]),
        industry: text(&raw, &["industry"]),
        experience: list(&raw, &["experience", "experiences", "positions"]).filter_map(position).collect(),
        education: list(&raw, &["education", "educations", "schools"]).filter_map(education).collect(),
        skills: list(&raw, &["skills"]).filter_map(as_text).collect(),
        picture_url: text(&raw, &["profile_picture_url", "profile_picture", "picture_url"]),
        email: text(&raw, &["email", "emails"]),
        phone: text(&raw, &["phone", "phone_number", "phones"]),
        website: text(&raw, &["website", "websites"]),
        profile_url: text(&raw, &["profile_url", "linkedin_url"]),
        member_urn: text(&raw, &["profile_urn", "member_urn", "entity_urn", "urn"]),
        raw,
    };
    let known = profile.public_id.is_some() || profile.name.is_some() || profile.headline.is_some();
    if known || !profile.experience.is_empty() { Ok(profile) } else { Err(Unread("profile")) }
}

fn list<'a>(item: &'a Value, names: &[&str]) -> impl Iterator<Item = &'a Value> {
    field(item, names).and_then(Value::as_array).into_iter().flatten()
}

fn position(item: &Value) -> Option<Position> {
    let company = field(item, &["company"]).filter(|company| company.is_object());
    let company_link = company.and_then(|company| text(company, &["linkedin_url", "url", "company_url"]));
    let position = Position {
        company: text(item, &["company", "company_name"]),
        title: text(item, &["title", "job_title", "position"]),
        description: text(item, &["description"]),
        start: date(item, &["start_date", "start", "started_on"]),
        end: date(item, &["end_date", "end", "ended_on"]),
        company_size: text(item, &["company_size", "employee_count_range"]),
        location: text(item, &["location"]),
        company_url: text(item, &["company_url", "company_linkedin_url"]).or(company_link),
    };
    (position.company.is_some() || position.title.is_some()).then_some(position)
}

fn education(item: &Value) -> Option<Education> {
    let education = Education {
        school: text(item, &["school", "school_name"]),
        degree: text(item, &["degree", "degree_name"]),
        field: text(item, &["field_of_study", "field"]),
        start: date(item, &["start_date", "start", "started_on"]),
        end: date(item, &["end_date", "end", "ended_on"]),
    };
    (education != Education::default()).then_some(education)
}

/// The vendor's text of a date, or `year-month`; a word for "still" is no end.
fn date(item: &Value, names: &[&str]) -> Option<String> {
    const STILL: [&str; 6] = ["present", "now", "current", "aujourd'hui", "aujourd’hui", "actuel"];
    let value = field(item, names)?;
    if let Some(year) = count(value, &["year"]) {
        let month = count(value, &["month"]).filter(|month| (1..=12).contains(month));
        return Some(month.map_or_else(|| year.to_string(), |month| format!("{year}-{month:02}")));
    }
    as_text(value).filter(|text| !STILL.contains(&text.trim().to_lowercase().as_str()))
}

/// A company; something that names it must be there.
pub fn company(body: &Value) -> Result<Company, Unread> {
    let raw = subject(body, &["company", "organization"]);
    let nowhere = Value::Null;
    let seat = field(&raw, &["headquarter", "headquarters", "hq"]).filter(|seat| seat.is_object()).unwrap_or(&nowhere);
    let company = Company {
        name: text(&raw, &["name", "company_name"]),
        universal_name: text(&raw, &["universal_name", "public_id", "slug"]),
        description: text(&raw, &["description", "about"]),
        website: text(&raw, &["website_url", "website", "domain"]),
        industry: text(&raw, &["industry", "industries"]),
        employee_count: count(&raw, &["employee_count", "employees", "staff_count"]),
        employee_range: employee_range(&raw),
        hq_country: text(seat, &["country", "country_code"]).or_else(|| text(&raw, &["country"])),
        hq_area: text(seat, &["geographic_area", "region", "state"]),
        hq_city: text(seat, &["city"]).or_else(|| text(&raw, &["city"])),
        phone: text(&raw, &["phone", "phone_number"]),
        raw,
    };
    let known = company.name.is_some() || company.universal_name.is_some();
    if known { Ok(company) } else { Err(Unread("company")) }
}

/// `{start, end}`, or text such as `11-50` or `10001+`.
fn employee_range(item: &Value) -> Option<(u32, Option<u32>)> {
    let range = field(item, &["employee_count_range", "company_size", "employee_range", "size"])?;
    if let Some(start) = count(range, &["start", "min"]) {
        return Some((start, count(range, &["end", "max"])));
    }
    let plain: String = range.as_str()?.chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '\u{202f}')).collect();
    let mut numbers = plain.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    Some((numbers.next()?, numbers.next()))
}

/// The account's connections, in the vendor's order.
pub fn connections(body: &Value, page: u32) -> Result<Paged<ConnectionRow>, Unread> {
    Ok(paged(body, items(body, &["connections"], "connections")?, page, connection))
}

fn connection(raw: Value) -> ConnectionRow {
    ConnectionRow {
        name: text(&raw, &["name", "full_name"]).or_else(|| both_names(&raw)),
        headline: text(&raw, &["job_title", "headline", "subtitle", "occupation"]),
        profile_url: text(&raw, &["profile_url", "linkedin_url"]),
        connected_at: instant(&raw, &["connected_at", "created_at", "connected_on", "timestamp"]),
        raw,
    }
}

/// Invitations still pending; the item's shape is not documented.
pub fn sent_invitations(body: &Value, page: u32) -> Result<Paged<SentInvitationRow>, Unread> {
    let items = items(body, &["invitations", "sent_invitations"], "invitations")?;
    Ok(paged(body, items, page, sent_invitation))
}

fn sent_invitation(raw: Value) -> SentInvitationRow {
    let nobody = Value::Null;
    let to = field(&raw, &["invitee", "recipient", "profile", "to"]).filter(|to| to.is_object()).unwrap_or(&nobody);
    let either = |names: &[&str]| text(&raw, names).or_else(|| text(to, names));
    SentInvitationRow {
        invitation_id: text(&raw, &["invitation_id", "id", "entity_urn", "invitation_urn"]),
        name: either(&["name", "full_name"]).or_else(|| both_names(&raw)).or_else(|| both_names(to)),
        headline: either(&["job_title", "headline", "subtitle", "occupation"]),
        profile_url: either(&["profile_url", "linkedin_url"]),
        sent_at: instant(&raw, &["sent_at", "sent_time", "created_at", "timestamp"]),
        raw,
    }
}
