//! A generated post with as many engagements as wanted, for benchmarks.
//!
//! Four in five are reactions, one in five a comment, each by another person.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::address::PostKind;
use crate::chance;
use crate::people::Person;
use crate::recorded::{RecordedPost, recorded};
use crate::shift::{date_text, id_at};

const FIRST: [&str; 12] =
    ["Adèle", "Bastien", "Camille", "Diane", "Elliot", "Fanny", "Gaspard", "Hannah", "Iris", "Jules", "Kenza", "Léo"];
const LAST: [&str; 12] =
    ["Abadie", "Bonnet", "Carrel", "Duret", "Esnault", "Forget", "Garnier", "Hamel", "Imbert", "Jolivet", "Kerbrat", "Lorain"];
const TITLES: [&str; 10] = [
    "Directeur commercial",
    "CEO",
    "VP Sales",
    "Head of Sales",
    "Responsable marketing",
    "DRH",
    "Consultant",
    "Account Executive",
    "Stagiaire marketing",
    "CTO",
];
const REACTIONS: [&str; 6] = ["LIKE", "PRAISE", "APPRECIATION", "EMPATHY", "INTEREST", "ENTERTAINMENT"];
const WORDS: [&str; 5] = [
    "Merci pour ce retour très concret.",
    "Comment mesurez-vous le résultat\u{a0}?",
    "Intéressée par le guide.",
    "Great breakdown, thanks.",
    "À lire.",
];

/// The people of the generated post, and where they work.
pub(crate) struct Crowd {
    people: Vec<Person>,
    index: HashMap<String, usize>,
    titles: Vec<(&'static str, String)>,
}

impl Crowd {
    pub fn new(seed: u64, n: usize) -> Crowd {
        let companies: Vec<&str> = recorded().companies.values().filter_map(|company| company["name"].as_str()).collect();
        let mut crowd = Crowd { people: Vec::new(), index: HashMap::new(), titles: Vec::new() };
        for number in 0..n {
            let key = number.to_string();
            let pick = |what: &str, len: usize| chance::below(seed, &[what, &key], len);
            let (first, last) = (FIRST[pick("first", FIRST.len())], LAST[pick("last", LAST.len())]);
            let title = TITLES[pick("title", TITLES.len())];
            let company = companies.get(pick("company", companies.len())).copied().unwrap_or_default();
            let slug = format!("{}-{number:06}", crate::address::folded(&format!("{first} {last}")).replace(' ', "-"));
            let member_id = format!("ACoAA{}", chance::letters(seed, &["member", &key], 34));
            crowd.index.insert(slug.clone(), number);
            crowd.index.insert(member_id.clone(), number);
            crowd.titles.push((title, company.to_owned()));
            crowd.people.push(Person {
                slug,
                member_id,
                first_name: first.into(),
                last_name: last.into(),
                headline: format!("{title} chez {company}"),
                location: Some("Lyon, Auvergne-Rhône-Alpes".into()),
                degree: Some(2 + (pick("degree", 2) as u8)),
            });
        }
        crowd
    }

    pub fn people(&self) -> &[Person] {
        &self.people
    }

    pub fn by_slug(&self, slug: &str) -> Option<&Person> {
        self.people.get(*self.index.get(slug)?)
    }

    pub fn by_member(&self, id: &str) -> Option<&Person> {
        self.people.get(*self.index.get(id)?)
    }

    pub fn profile(&self, person: &Person) -> Value {
        let Some((title, company)) = self.index.get(&person.slug).and_then(|at| self.titles.get(*at)) else {
            return Value::Null;
        };
        json!({
            "public_id": person.slug, "first_name": person.first_name, "last_name": person.last_name,
            "name": person.name(), "headline": person.headline, "location": person.location,
            "summary": null, "industry": "Retail",
            "experience": [{
                "company": company, "title": title, "description": null, "start_date": "2021-03",
                "end_date": null, "duration": null, "company_size": "51-200", "location": "Lyon",
            }],
            "education": [], "skills": ["CRM"], "profile_picture_url": null,
        })
    }

    /// The post `many-1`, published at `ms` by the owner of the recorded posts.
    pub fn post(&self, seed: u64, ms: i64) -> RecordedPost {
        let id = id_at(ms, chance::hash(seed, &["many"]));
        let mut reactions = Vec::new();
        let mut comments = Vec::new();
        for (number, person) in self.people.iter().enumerate() {
            if number % 5 == 4 {
                comments.push(comment(seed, id, ms, number, person));
            } else {
                reactions.push(reaction(seed, number, person));
            }
        }
        let url = format!("https://www.linkedin.com/posts/claire-vasselin_prospection-activity-{id}-MaNy");
        RecordedPost {
            key: "many-1".into(),
            own: true,
            author: "claire-vasselin".into(),
            kind: PostKind::Activity,
            id,
            item: json!({
                "post_url": url, "post_urn": format!("urn:li:activity:{id}"),
                "text": "Ce que mille conversations nous ont appris.", "date": date_text(ms),
                "reactions": reactions.len(), "comments": comments.len(), "shares": 0,
            }),
            reactions,
            comments,
            bare: false,
        }
    }
}

fn reaction(seed: u64, number: usize, person: &Person) -> Value {
    let kind = REACTIONS[chance::below(seed, &["reaction", &person.slug], REACTIONS.len())];
    json!({
        "type": kind, "name": person.name(), "subtitle": person.headline,
        "profile_url": if number.is_multiple_of(2) { person.id_url() } else { person.url() },
        "actor_urn": format!("urn:li:fsd_profile:{}", person.member_id),
        "profile_picture": null,
        "connection_degree": if person.degree == Some(2) { "2nd" } else { "3rd" },
    })
}

fn comment(seed: u64, post: u64, post_ms: i64, number: usize, person: &Person) -> Value {
    let at = post_ms + 60_000 + number as i64 * 1000;
    json!({
        "comment_urn": format!("urn:li:comment:(activity:{post},{})", id_at(at, number as u64)),
        "tracking_id": format!("{}==", chance::letters(seed, &["tracking", &person.slug], 22)),
        "comment_text": WORDS[chance::below(seed, &["words", &person.slug], WORDS.len())],
        "created_time": at,
        "commenter": {
            "name": person.name(), "profile_urn": person.member_id,
            "linkedin_url": person.url(), "occupation": person.headline,
        },
    })
}
