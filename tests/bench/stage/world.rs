//! The input of both sides: pages as the provider sends them, and what is stored of the people on them. Seeded.

use crate::random::Random;
use domain::analysis::{Analysis, CompanyFacts, ProfileFacts};
use domain::identity::{Key, Kind};
use domain::score::matching::{Match, adjacent};
use domain::titles::{self, Function, Seniority};
use domain::tone;
use domain::vocabulary::ExclusionKind;
use domain::workspace::Settings;
use domain::{fold, industry};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The instant of every decision.
pub const NOW: &str = "2026-11-16T09:00:00Z";
const ROWS_A_PAGE: usize = 10;
const PAGES_A_POST: usize = 6;
/// Of the pages of a post, the last so many hold comments.
const COMMENT_PAGES: usize = 2;
/// Engagements per person, about what a month of posts brings.
const ROWS_A_PERSON: usize = 2;

const FIRST: [&str; 16] = [
    "Claire",
    "Hélène",
    "Paul",
    "Inès",
    "Zoë",
    "Marc",
    "Léa",
    "Théo",
    "Nora",
    "Yves",
    "Amina",
    "Jean-Marc",
    "Élodie",
    "Simon",
    "Ada",
    "Olga",
];
const LAST: [&str; 16] = [
    "Martin",
    "Lambert",
    "Perrot",
    "Vigneault",
    "Caillaud",
    "Savard",
    "Choquette",
    "Norwood",
    "Mignot",
    "Delcourt",
    "Falaise",
    "Jourdain",
    "Danjou",
    "Ridley",
    "Kirkby",
    "Monfort",
];
const HEADLINES: [&str; 20] = [
    "CEO",
    "Directeur commercial",
    "Head of Sales",
    "VP Sales",
    "Fondateur",
    "Directrice marketing",
    "Responsable marketing",
    "Sales Manager",
    "Account Executive",
    "Développeur senior",
    "CTO",
    "Directeur des opérations",
    "Chef de projet",
    "Responsable RH",
    "Consultant",
    "Stagiaire marketing",
    "Juriste",
    "Data Analyst",
    "Office Manager",
    "Acheteur",
];
const INDUSTRIES: [&str; 10] = [
    "Software",
    "IT Services and IT Consulting",
    "Business consulting",
    "Manufacturing",
    "Insurance",
    "Banking",
    "Logistics",
    "Food production",
    "Apiculture urbaine",
    "Legal services",
];
const PLACES: [&str; 8] = [
    "Lyon, France",
    "Bruxelles, Belgique",
    "Genève, Suisse",
    "Montréal, Québec, Canada",
    "Berlin, Allemagne",
    "Madrid, Espagne",
    "London, United Kingdom",
    "Paris, France",
];
const SIZES: [u32; 8] = [1, 6, 35, 120, 340, 800, 2_500, 12_000];
const COMMENTS: [&str; 10] = [
    "Bravo, très clair !",
    "Merci pour le partage.",
    "Comment faites-vous pour les grands comptes ?",
    "Je ne suis pas du tout d’accord.",
    "Je note pour plus tard.",
    "Great point, thank you",
    "Is there a recording?",
    "C’est faux, et dangereux.",
    "👀",
    "Le rapport est sorti en mars.",
];
const REACTIONS: [&str; 6] = ["LIKE", "PRAISE", "APPRECIATION", "EMPATHY", "INTEREST", "ENTERTAINMENT"];

/// One answer of the provider, and what the run knows of its post.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct Page {
    pub urn: String,
    pub post_url: String,
    pub own_post: bool,
    pub post_date: Timestamp,
    /// `reactions` or `comments`.
    pub part: String,
    /// The body, as text.
    pub answer: String,
}

/// What the store knows of a person before the run.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// In their stored form; any of them finds the person.
    pub keys: Vec<String>,
    pub analysis: Analysis,
    pub suppressed: bool,
    pub exclusion: Option<ExclusionKind>,
    pub contacted_at: Option<Timestamp>,
    pub rejected_at: Option<Timestamp>,
}

/// Everything that both sides are given.
pub struct World {
    pub pages: Vec<Page>,
    pub known: Vec<Known>,
    pub settings: Settings,
    pub engagements: usize,
}

/// A person as LinkedIn shows them.
struct Member {
    name: String,
    headline: String,
    slug: String,
    id: String,
    degree: Option<&'static str>,
}

impl World {
    /// A world of `engagements` rows, the same for the same number.
    pub fn of(engagements: usize) -> Self {
        let mut random = Random::of(1, "stage", engagements as u64);
        let members: Vec<Member> = (0..engagements / ROWS_A_PERSON).map(|n| member(n, &mut random)).collect();
        let known = members.iter().map(|member| known(member, &mut random)).collect();
        let pages = (0..engagements / ROWS_A_PAGE).map(|place| page(place, &members, &mut random)).collect();
        Self { pages, known, settings: settings(), engagements }
    }

    /// What the reference reads besides the pages: settings, stored people, and tables of our readers so that it need
    /// not know industries, functions, and the tone of comments.
    pub fn for_reference(&self) -> Value {
        let icp = self.settings.icp.as_ref().expect("there is an ICP");
        let listed: Vec<industry::Listed> = icp.industries.iter().map(|name| industry::Listed::read(name)).collect();
        let wanted = |title: &String| {
            let (read, folded) = (titles::read(title), fold::fold(title));
            let any_intern = fold::words(&folded).count() == 1 && read.seniority == Some(Seniority::Intern);
            json!({ "text": title, "phrase": fold::spaced(&folded), "seniority": read.seniority, "function": read.function,
                "any_intern": any_intern })
        };
        let matches: BTreeMap<&str, &str> = INDUSTRIES
            .iter()
            .map(|name| match industry::best_of(name, &listed) {
                Match::Exact => (*name, "exact"),
                Match::Near => (*name, "near"),
                Match::None => (*name, "none"),
            })
            .collect();
        let pairs = Function::ALL.iter().flat_map(|a| Function::ALL.iter().map(move |b| (*a, *b)));
        let near: Vec<(Function, Function)> = pairs.filter(|(a, b)| adjacent(*a, *b)).collect();
        let tones: BTreeMap<&str, &str> = COMMENTS.iter().map(|text| (*text, tone::read(text).as_str())).collect();
        json!({
            "now": NOW,
            "threshold": self.settings.threshold,
            "min_fit": self.settings.min_fit,
            "weights": self.settings.weights,
            "model_version": self.settings.model_version,
            "timezone": self.settings.timezone,
            "icp": icp,
            "titles": icp.titles.iter().map(wanted).collect::<Vec<_>>(),
            "exclude_titles": icp.exclude_titles.iter().map(wanted).collect::<Vec<_>>(),
            "industries": matches,
            "adjacent": near,
            "seniorities": Seniority::ALL,
            "tones": tones,
            "known": self.known,
        })
    }
}

/// The demonstration's ideal customer, who also keeps some out.
fn settings() -> Settings {
    let mut icp = amorce::welcome::workspace()["icp"].clone();
    icp["exclude_titles"] = json!(["Stagiaire", "Consultant"]);
    Settings { icp: serde_json::from_value(icp).expect("an ICP"), ..Settings::default() }
}

fn member(n: usize, random: &mut Random) -> Member {
    let (first, last) = (*random.pick(&FIRST), *random.pick(&LAST));
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let tail: String = (0..30).map(|_| char::from(*random.pick(letters))).collect();
    Member {
        name: format!("{first} {last}"),
        headline: (*random.pick(&HEADLINES)).to_owned(),
        slug: format!("{}-{}-{n:x}", first.to_lowercase(), last.to_lowercase()),
        id: format!("ACoAA{tail}{n:04x}"),
        degree: *random.pick(&[Some("1st"), Some("2nd"), Some("2nd"), Some("3rd"), None]),
    }
}

fn now() -> Timestamp {
    NOW.parse().expect("an instant")
}

fn days_ago(days: usize) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days as i64 + 5)
}

fn known(member: &Member, random: &mut Random) -> Known {
    let profile = ProfileFacts {
        name: Some(member.name.clone()),
        headline: Some(member.headline.clone()),
        location: Some((*random.pick(&PLACES)).to_owned()),
        ..ProfileFacts::default()
    };
    let number = random.below(2_000);
    let company = CompanyFacts {
        id: Some(format!("company-{number}")),
        name: Some(format!("Maison {number}")),
        website: Some(format!("https://www.maison-{number}.example")),
        industry: Some((*random.pick(&INDUSTRIES)).to_owned()),
        employee_count: Some(*random.pick(&SIZES)),
        ..CompanyFacts::default()
    };
    let analysis = Analysis::from_linkedin(&profile, Some(&company), days_ago(random.below(25))).expect("a headline is enough");
    let exclusion = random.once_in(40).then(|| *random.pick(&[ExclusionKind::OwnTeam, ExclusionKind::Customer]));
    let contacted = random.once_in(12).then(|| 20 + random.below(300));
    Known {
        keys: vec![Key::new(Kind::MemberId, &member.id).storage(), Key::new(Kind::Slug, &member.slug).storage()],
        analysis,
        suppressed: random.once_in(60),
        exclusion: exclusion.or_else(|| random.once_in(50).then_some(ExclusionKind::Competitor)),
        contacted_at: contacted.map(days_ago),
        rejected_at: random.once_in(50).then(|| days_ago(3)),
    }
}

fn page(place: usize, members: &[Member], random: &mut Random) -> Page {
    let (post, inner) = (place / PAGES_A_POST, place % PAGES_A_POST);
    let id = 7_523_292_885_811_833_700_u64 + post as u64;
    let comments = inner >= PAGES_A_POST - COMMENT_PAGES;
    // Posts of either shape, as the wire notes have them.
    let newer = post.is_multiple_of(2);
    let post_date = days_ago(post % 20);
    let rows: Vec<Value> = (0..ROWS_A_PAGE)
        .map(|row| match random.below(40) {
            0 => company_row(random),
            1 => json!({ "type": "LIKE", "name": "LinkedIn Member", "profile_url": null }),
            _ if comments => comment_row(random.pick(members), newer, id, row, post_date, random),
            _ => reaction_row(random.pick(members), newer, random),
        })
        .collect();
    let list = if comments { "comments" } else { "reactions" };
    let total = if newer || comments { "total_results" } else { "total_reactions" };
    let answer = json!({ "status": "success", "data": {
        total: rows.len(), "total_available_results": 40, list: rows,
        "pagination": { "start_page": 1, "end_page": 1, "results_per_page": 10, "pages_fetched": 1 } } });
    Page {
        urn: format!("urn:li:activity:{id}"),
        post_url: format!("https://www.linkedin.com/feed/update/urn:li:activity:{id}"),
        own_post: !post.is_multiple_of(3),
        post_date,
        part: list.to_owned(),
        answer: answer.to_string(),
    }
}

fn company_row(random: &mut Random) -> Value {
    let url = format!("https://www.linkedin.com/company/maison-{}", random.below(2_000));
    json!({ "type": "LIKE", "name": "Maison", "subtitle": null, "profile_url": url, "actor_urn": "urn:li:fsd_company:12" })
}

/// The forms in which an address comes.
fn address(member: &Member, random: &mut Random) -> String {
    let slug = &member.slug;
    let encoded: String =
        slug.bytes().map(|b| if b.is_ascii() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    match random.below(12) {
        0 => format!("https://www.linkedin.com/in/{}", member.id),
        1 => format!("https://www.linkedin.com/in/{slug}/"),
        2 => format!("https://fr.linkedin.com/in/{slug}?miniProfileUrn=x"),
        3 => format!("http://linkedin.com/in/{}", slug.to_uppercase()),
        4 => format!("https://www.linkedin.com/mwlite/in/{encoded}"),
        5 => format!("https://www.linkedin.com/in/{encoded}/details/skills/#top"),
        _ => format!("https://www.linkedin.com/in/{slug}"),
    }
}

fn reaction_row(member: &Member, newer: bool, random: &mut Random) -> Value {
    let url = address(member, random);
    if !newer {
        return json!({ "name": member.name, "job_title": member.headline, "profile_url": url, "profile_picture": null });
    }
    json!({
        "type": random.pick(&REACTIONS), "name": member.name, "subtitle": member.headline, "profile_url": url,
        "actor_urn": format!("urn:li:fsd_profile:{}", member.id), "profile_picture": null, "connection_degree": member.degree,
    })
}

fn comment_row(member: &Member, newer: bool, post: u64, row: usize, after: Timestamp, random: &mut Random) -> Value {
    let at = after + SignedDuration::from_mins(1 + random.below(180) as i64);
    let urn = if random.once_in(2) { member.id.clone() } else { format!("urn:li:fsd_profile:{}", member.id) };
    let mut comment = json!({
        "comment_urn": format!("urn:li:comment:(activity:{post},{}{row})", 7_524_744_284_067 + random.below(900_000)),
        "tracking_id": "PzIDH4zuuOt5izBl4i7KN6==",
        "comment_text": random.pick(&COMMENTS),
        "commenter": { "name": member.name, "profile_urn": urn, "linkedin_url": address(member, random), "occupation": member.headline },
    });
    if newer {
        comment["created_time"] = json!(at.as_millisecond());
    } else {
        comment["commented_at"] = json!(at.to_string());
    }
    comment
}
