//! The recorded world, embedded and parsed once per process.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use crate::address::{self, PostKind, slug};
use crate::people::Person;

static WORLD: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/world");

/// A post with everything said under it, at its recorded dates.
#[derive(Debug, Clone)]
pub(crate) struct RecordedPost {
    /// `own-1`, `rival-2`…
    pub key: String,
    pub own: bool,
    pub author: String,
    pub kind: PostKind,
    pub id: u64,
    pub item: Value,
    /// As listed: newest first, dirt and repeated rows included.
    pub reactions: Vec<Value>,
    pub comments: Vec<Value>,
    /// The second reaction shape: no type, no urn, `total_reactions`.
    pub bare: bool,
}

pub(crate) struct Recorded {
    pub posts: Vec<RecordedPost>,
    /// First page of own-1's reactions at a later pull.
    pub second_pull: Vec<Value>,
    /// `profile/info` data by slug.
    pub profiles: BTreeMap<String, Value>,
    pub people: HashMap<String, Person>,
    pub slug_of_member: HashMap<String, String>,
    /// `company/info` data by slug.
    pub companies: BTreeMap<String, Value>,
    pub domains: BTreeMap<String, String>,
    /// Rows of `data/search/profiles` by query.
    pub searches: BTreeMap<String, Vec<Value>>,
    /// Rows of `profile/search` for "VP Sales".
    pub session_search: Vec<Value>,
    /// Data of `messages/conversation`, by slug.
    pub conversations: BTreeMap<String, Value>,
    pub inbox: Vec<Value>,
}

/// The world shared by every sandbox of the process.
pub(crate) fn recorded() -> &'static Recorded {
    static RECORDED: OnceLock<Recorded> = OnceLock::new();
    RECORDED.get_or_init(Recorded::parse)
}

/// One file of the world by its path, parsed.
pub fn file(path: &str) -> Option<Value> {
    serde_json::from_slice(WORLD.get_file(path)?.contents()).ok()
}

impl Recorded {
    fn parse() -> Recorded {
        let posts = posts();
        let profiles: BTreeMap<String, Value> = folder("profiles")
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(name, answer)| (slug(&name), answer["data"].clone()))
            .collect();
        let slug_of_member: HashMap<String, String> =
            strings("profiles/_by_member_id.json").map(|(member, name)| (member, slug(&name))).collect();
        let session_search = rows("search/vp-sales-session.json", "profiles");
        let degrees = degrees(&posts, &session_search, &slug_of_member);
        let people = slug_of_member
            .iter()
            .filter_map(|(member, slug)| {
                let degree = degrees.get(slug).copied();
                Some((slug.clone(), Person::recorded(slug, member, profiles.get(slug)?, degree)))
            })
            .collect();
        Recorded {
            second_pull: rows("reactions/own-1-pull-2-page-1.json", "reactions"),
            people,
            companies: folder("companies")
                .filter(|(name, _)| !name.starts_with('_'))
                .map(|(name, answer)| (slug(&name), answer["data"].clone()))
                .collect(),
            domains: strings("companies/_by_domain.json").collect(),
            searches: folder("search")
                .filter(|(name, _)| name != "vp-sales-session")
                .map(|(name, answer)| (name, list(&answer["data"]["results"])))
                .collect(),
            conversations: conversations(&slug_of_member),
            inbox: ["inbox/page-1.json", "inbox/page-2.json"].iter().flat_map(|path| rows(path, "conversations")).collect(),
            posts,
            profiles,
            slug_of_member,
            session_search,
        }
    }

    /// The post of that key, as recorded.
    pub fn post(&self, key: &str) -> Option<&RecordedPost> {
        self.posts.iter().find(|post| post.key == key)
    }
}

fn posts() -> Vec<RecordedPost> {
    let keys: HashMap<String, (String, bool)> = list(&file("expected.json").unwrap_or_default()["posts"])
        .iter()
        .filter_map(|post| {
            let (id, key) = (post["id"].as_str()?, post["key"].as_str()?);
            Some((id.to_owned(), (key.to_owned(), post["own"] == true)))
        })
        .collect();
    ["posts.json", "posts-rivals.json"]
        .iter()
        .flat_map(|path| rows(path, "posts"))
        .filter_map(|item| {
            let url = item["post_url"].as_str()?;
            let (kind, id) = address::post(url)?;
            let (key, own) = keys.get(&id.to_string())?.clone();
            let reactions = pages("reactions", &key, "reactions");
            Some(RecordedPost {
                author: url.split_once("/posts/")?.1.split('_').next()?.to_owned(),
                bare: reactions.iter().all(|row| row.get("actor_urn").is_none()),
                comments: pages("comments", &key, "comments"),
                key,
                own,
                kind,
                id,
                reactions,
                item,
            })
        })
        .collect()
}

fn pages(folder: &str, key: &str, field: &str) -> Vec<Value> {
    (1..)
        .map(|page| format!("{folder}/{key}-page-{page}.json"))
        .take_while(|path| WORLD.get_file(path).is_some())
        .flat_map(|path| rows(&path, field))
        .collect()
}

fn degrees(posts: &[RecordedPost], session_search: &[Value], slug_of_member: &HashMap<String, String>) -> HashMap<String, u8> {
    let reactions = posts.iter().flat_map(|post| &post.reactions);
    let rows = reactions
        .map(|row| (&row["profile_url"], &row["connection_degree"]))
        .chain(session_search.iter().map(|row| (&row["profile_url"], &row["connection_level"])));
    rows.filter_map(|(url, degree)| {
        let slug = match address::person(url.as_str()?)? {
            address::PersonKey::MemberId(id) => slug_of_member.get(&id)?.clone(),
            address::PersonKey::Slug(slug) => slug,
        };
        let degree = degree.as_str()?.chars().next()?.to_digit(10)?;
        Some((slug, degree as u8))
    })
    .collect()
}

fn conversations(slug_of_member: &HashMap<String, String>) -> BTreeMap<String, Value> {
    folder("conversation")
        .filter_map(|(_, answer)| {
            let data = answer["data"].clone();
            let address = address::person(data["profile_url"].as_str()?)?;
            let address::PersonKey::MemberId(member) = address else {
                return None;
            };
            Some((slug_of_member.get(&member)?.clone(), data))
        })
        .collect()
}

fn folder(name: &str) -> impl Iterator<Item = (String, Value)> + use<> {
    let files: Vec<_> = WORLD.get_dir(name).map(|dir| dir.files().collect()).unwrap_or_default();
    files.into_iter().filter_map(|file| {
        let name = file.path().file_stem()?.to_str()?.to_owned();
        Some((name, serde_json::from_slice(file.contents()).ok()?))
    })
}

fn strings(path: &str) -> impl Iterator<Item = (String, String)> + use<> {
    let map: BTreeMap<String, String> = file(path).and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    map.into_iter()
}

fn rows(path: &str, field: &str) -> Vec<Value> {
    list(&file(path).unwrap_or_default()["data"][field])
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
