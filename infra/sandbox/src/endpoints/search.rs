//! Search of people and companies: recorded queries as recorded, others over the world.

use serde_json::{Value, json};

use crate::address::{self, folded};
use crate::options::AccountOptions;
use crate::people::Person;
use crate::recorded::recorded;
use crate::scene::Scene;
use crate::wire::{Body, Done, Outcome, PER_PAGE, PER_SEARCH_PAGE, Refusal, Window};

/// What a search of people asks for, folded; empty asks for nothing.
struct Query {
    words: String,
    title: String,
    /// Any of these places.
    locations: Vec<String>,
    /// Any of these companies.
    companies: Vec<String>,
    industry: String,
}

/// The parts of a `;`-separated list.
fn any_of(text: &str) -> Vec<String> {
    text.split(';').map(folded).filter(|part| !part.is_empty()).collect()
}

impl Query {
    fn read(body: Body<'_>, title: &str, companies: Vec<String>) -> Result<Query, Refusal> {
        Ok(Query {
            words: folded(body.or_empty("keyword")?),
            title: folded(body.or_empty(title)?),
            locations: any_of(body.or_empty("location")?),
            companies,
            industry: folded(body.or_empty("industry")?),
        })
    }

    fn is_empty(&self) -> bool {
        let lists_empty = self.locations.is_empty() && self.companies.is_empty();
        lists_empty && [&self.words, &self.title, &self.industry].iter().all(|part| part.is_empty())
    }

    /// The recorded query it is, if it is one: `directeur-commercial`, `ceo-lyon`…
    fn recorded_name(&self) -> Option<String> {
        if !self.companies.is_empty() || !self.industry.is_empty() {
            return None;
        }
        let role = if self.title.is_empty() || self.title == self.words { &self.words } else { &self.title };
        let both_differ = !self.words.is_empty() && !self.title.is_empty() && self.words != self.title;
        (!both_differ).then(|| format!("{role} {}", self.locations.join(" ")).trim().replace(' ', "-"))
    }

    fn fits(&self, profile: &Value) -> bool {
        let text = |key: &str| folded(profile[key].as_str().unwrap_or_default());
        let headline = text("headline");
        let has_words = |words: &str, within: &str| words.split(' ').all(|word| within.contains(word));
        let any = |wanted: &[String], within: &str| wanted.is_empty() || wanted.iter().any(|one| within.contains(one));
        has_words(&self.words, &format!("{headline} {} {}", text("industry"), text("name")))
            && has_words(&self.title, &headline)
            && any(&self.locations, &text("location"))
            && any(&self.companies, &folded(&company(profile)))
            && has_words(&self.industry, &text("industry"))
    }
}

/// `/v1/data/search/profiles`
pub(crate) fn people(scene: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let query = Query::read(body, "job_title", any_of(body.or_empty("current_company")?))?;
    if query.is_empty() {
        return Err(Refusal::invalid());
    }
    let known = query.recorded_name().and_then(|name| recorded().searches.get(&name));
    let found = match known {
        Some(rows) => rows.clone(),
        None => matching(scene, &query).map(|(_, profile)| data_row(&profile)).collect(),
    };
    let page = window.cut(&found, PER_PAGE);
    let credits = page.len().div_ceil(10) as u64;
    Done::bare(json!({"data": {"results": page}, "credits_used": credits}), credits)
}

fn matching<'a>(scene: &Scene<'a>, query: &Query) -> impl Iterator<Item = (&'a Person, Value)> {
    let directory = scene.directory;
    let people = directory.all().into_iter().map(|person| (person, directory.profile(person)));
    people.filter(|(_, profile)| query.fits(profile))
}

fn company(profile: &Value) -> String {
    let headline = profile["headline"].as_str().unwrap_or_default();
    let after = [" chez ", " @ ", " at "].iter().find_map(|sign| headline.split_once(sign));
    let current = profile["experience"][0]["company"].as_str();
    current.or(after.map(|(_, company)| company)).unwrap_or_default().to_owned()
}

fn data_row(profile: &Value) -> Value {
    let headline = profile["headline"].as_str().unwrap_or_default();
    let title = [" chez ", " @ ", " at "].iter().find_map(|sign| headline.split_once(sign));
    let city = profile["location"].as_str().and_then(|place| place.split(',').next());
    let slug = profile["public_id"].as_str().unwrap_or_default();
    json!({
        "full_name": profile["name"],
        "title": title.map_or(headline, |(title, _)| title),
        "location": city,
        "skills": profile["skills"],
        "company": {"name": company(profile)},
        "social_profiles": {"linkedin": format!("https://www.linkedin.com/in/{slug}")},
    })
}

/// `/v1/profile/search`, through the session.
pub(crate) fn session_people(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let pages = body.or_empty("company_url")?.split(';').filter_map(address::company);
    let query = Query::read(body, "title", pages.map(|slug| folded(&slug)).collect())?;
    let vp_sales = query.recorded_name().as_deref() == Some("vp-sales");
    let mut found = match vp_sales {
        true => recorded().session_search.clone(),
        false => {
            let people: Vec<_> = matching(scene, &query).collect();
            people.iter().map(|(person, profile)| session_row(scene, account, person, profile)).collect()
        }
    };
    for row in &mut found {
        let person = row["profile_url"].as_str().and_then(|url| scene.directory.find(url)).cloned();
        if let Some(person) = person {
            row["invitation_state"] = invitation_state(scene, account, &person.slug).into();
        }
    }
    let page = window.cut(&found, PER_SEARCH_PAGE);
    let mut data = json!({
        "total_results": page.len(), "total_available_results": found.len(), "profiles": page,
    });
    window.mark(&mut data, PER_SEARCH_PAGE);
    if let Window::Pages { end, .. } = window {
        data["pagination"]["has_next_page"] = (end * PER_SEARCH_PAGE < found.len()).into();
    }
    Done::read(data, window.credits(page.len()))
}

fn session_row(scene: &Scene<'_>, account: &AccountOptions, person: &Person, profile: &Value) -> Value {
    let level = match scene.connected(account, &person.slug) {
        true => Some("1st degree"),
        false => person.distance(scene.state.seed).map(|far| if far == 2 { "2nd degree" } else { "3rd degree" }),
    };
    let city = profile["location"].as_str().and_then(|place| place.split(',').next());
    json!({
        "name": person.name(), "job_title": person.headline, "connection_level": level,
        "location": city, "profile_url": person.url(), "profile_picture": null,
    })
}

fn invitation_state(scene: &mut Scene<'_>, account: &AccountOptions, slug: &str) -> &'static str {
    let sent = &scene.network(account).sent;
    match sent.iter().any(|invitation| invitation.ended.is_none() && invitation.person == slug) {
        true => "INVITATION_SENT",
        false => "CAN_INVITE",
    }
}

/// `/v1/data/search/companies`
pub(crate) fn companies(_: &mut Scene<'_>, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let keyword = folded(body.or_empty("keyword")?);
    let industry = folded(body.or_empty("industry")?);
    let location = folded(body.or_empty("location")?);
    let found: Vec<Value> = recorded()
        .companies
        .values()
        .filter(|company| {
            let text = |value: &Value| folded(value.as_str().unwrap_or_default());
            text(&company["name"]).contains(&keyword)
                && text(&company["industry"]).contains(&industry)
                && text(&company["headquarter"]["city"]).contains(&location)
        })
        .cloned()
        .collect();
    let page = window.cut(&found, PER_PAGE);
    let credits = page.len().div_ceil(10) as u64;
    Done::bare(json!({"data": {"results": page}, "credits_used": credits}), credits)
}
