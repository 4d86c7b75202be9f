//! The people who can be looked up, invited and written to.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::address::{self, PersonKey};
use crate::chance;
use crate::crowd::Crowd;
use crate::options::AccountOptions;
use crate::recorded::{Recorded, recorded};

/// One member of the sandbox's LinkedIn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The key of a person in logs and controls.
    pub slug: String,
    /// `ACoAA…`.
    pub member_id: String,
    pub first_name: String,
    pub last_name: String,
    pub headline: String,
    pub location: Option<String>,
    /// Distance from the account as recorded (1, 2, 3), where it is.
    pub degree: Option<u8>,
}

impl Person {
    pub(crate) fn recorded(slug: &str, member_id: &str, profile: &Value, degree: Option<u8>) -> Person {
        let text = |key: &str| profile[key].as_str().unwrap_or_default().to_owned();
        Person {
            slug: slug.to_owned(),
            member_id: member_id.to_owned(),
            first_name: text("first_name"),
            last_name: text("last_name"),
            headline: text("headline"),
            location: profile["location"].as_str().map(str::to_owned),
            degree,
        }
    }

    /// First and last name, as LinkedIn shows them.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The address with the vanity name.
    pub fn url(&self) -> String {
        format!("https://www.linkedin.com/in/{}", self.slug)
    }

    /// The address with the member id.
    pub fn id_url(&self) -> String {
        format!("https://www.linkedin.com/in/{}", self.member_id)
    }

    /// Writes in English rather than French.
    pub(crate) fn reads_english(&self) -> bool {
        self.location.as_deref().is_some_and(|place| place.contains("England"))
    }

    /// Distance of someone not connected: as recorded, else drawn; one in ten is unknown.
    pub(crate) fn distance(&self, seed: u64) -> Option<u8> {
        match self.degree {
            Some(degree @ 2..=3) => Some(degree),
            _ => match chance::below(seed, &["distance", &self.slug], 10) {
                0 => None,
                1..=5 => Some(2),
                _ => Some(3),
            },
        }
    }
}

/// Finds people of the recorded world and of the generated crowd.
#[derive(Clone)]
pub(crate) struct Directory {
    world: &'static Recorded,
    crowd: Option<Arc<Crowd>>,
}

impl Directory {
    pub fn new(crowd: Option<Arc<Crowd>>) -> Self {
        Directory { world: recorded(), crowd }
    }

    /// The person an address, urn, member id or slug names.
    pub fn find(&self, address: &str) -> Option<&Person> {
        match address::person(address)? {
            PersonKey::Slug(slug) => self.by_slug(&slug),
            PersonKey::MemberId(id) => match self.world.slug_of_member.get(&id) {
                Some(slug) => self.by_slug(slug),
                None => self.crowd.as_ref()?.by_member(&id),
            },
        }
    }

    pub fn by_slug(&self, slug: &str) -> Option<&Person> {
        self.world.people.get(slug).or_else(|| self.crowd.as_ref()?.by_slug(slug))
    }

    /// Everybody, the recorded first, each group by slug.
    pub fn all(&self) -> Vec<&Person> {
        let mut people: Vec<_> = self.world.people.values().collect();
        people.sort_by(|a, b| a.slug.cmp(&b.slug));
        people.extend(self.crowd.iter().flat_map(|crowd| crowd.people()));
        people
    }

    /// `profile/info` data of a person.
    pub fn profile(&self, person: &Person) -> Value {
        match (self.world.profiles.get(&person.slug), &self.crowd) {
            (Some(profile), _) => profile.clone(),
            (None, Some(crowd)) => crowd.profile(person),
            (None, None) => Value::Null,
        }
    }
}

/// `profile/info` data of the account itself.
pub(crate) fn owner_profile(account: &AccountOptions) -> Value {
    json!({
        "public_id": account.slug,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "name": account.name(),
        "headline": account.headline,
        "location": "Lyon, Auvergne-Rhône-Alpes",
        "summary": null,
        "industry": "Professional services",
        "experience": [],
        "education": [],
        "skills": [],
        "profile_picture_url": null,
    })
}
