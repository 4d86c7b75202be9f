//! The rows of labelled sets of titles, comments, replies, names and addresses.

use super::{Field, Labelled};
use crate::fold;
use crate::reply::Intent;
use crate::{names, post_url, profile_url, reply, titles, tone};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A label that may be null but must be there.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// A headline and what it states.
#[derive(Deserialize)]
pub(super) struct Title {
    title: String,
    #[serde(deserialize_with = "nullable")]
    current_title: Option<String>,
    #[serde(deserialize_with = "nullable")]
    seniority: Option<String>,
    function: String,
    is_current: bool,
}

impl Labelled for Title {
    const ACCURACY: &'static [&'static str] = &["seniority", "function", "is_current"];
    type Before = ();

    fn text(&self) -> &str {
        &self.title
    }

    fn compare(&self, _: usize, (): &mut ()) -> Vec<Field> {
        let read = titles::read(&self.title);
        let mut role = Field::exact("current_title", self.current_title.as_deref(), read.current_title.as_deref());
        role.same = same_role(self.current_title.as_deref(), read.current_title.as_deref());
        vec![
            Field::exact("seniority", self.seniority.as_deref(), read.seniority.map(|level| level.as_str())),
            Field::exact("function", self.function.as_str(), read.function.as_str()),
            Field::exact("is_current", self.is_current, read.is_current),
            role,
        ]
    }
}

/// Folded, and one a prefix of the other: a longer or shorter tail is allowed.
fn same_role(expected: Option<&str>, got: Option<&str>) -> bool {
    let plain = |role: &str| fold::spaced(&fold::fold(role)).trim_end().to_owned();
    match (expected.map(plain), got.map(plain)) {
        (None, None) => true,
        (Some(expected), Some(got)) => expected.starts_with(&got) || got.starts_with(&expected),
        _ => false,
    }
}

/// A comment and its tone.
#[derive(Deserialize)]
pub(super) struct Comment {
    text: String,
    tone: String,
}

impl Labelled for Comment {
    const ACCURACY: &'static [&'static str] = &["tone"];
    type Before = ();

    fn text(&self) -> &str {
        &self.text
    }

    fn compare(&self, _: usize, (): &mut ()) -> Vec<Field> {
        vec![Field::exact("tone", self.tone.as_str(), tone::read(&self.text).as_str())]
    }
}

/// A reply and what it wants.
#[derive(Deserialize)]
pub(super) struct Reply {
    text: String,
    intent: String,
    sentiment: String,
    #[serde(deserialize_with = "nullable")]
    until: Option<String>,
    received_at: Timestamp,
}

impl Labelled for Reply {
    const ACCURACY: &'static [&'static str] = &["intent", "sentiment", "until"];
    type Before = ();

    fn text(&self) -> &str {
        &self.text
    }

    fn compare(&self, _: usize, (): &mut ()) -> Vec<Field> {
        let read = reply::read(&self.text, self.received_at);
        let until = || Field::exact("until", self.until.as_deref(), read.until.map(|day| day.to_string()));
        let mut fields = vec![
            Field::exact("intent", self.intent.as_str(), read.intent.as_str()),
            Field::exact("sentiment", self.sentiment.as_str(), read.sentiment.as_str()),
            until(),
        ];
        // Most replies name no day, and right about those says little: those that may are counted by themselves.
        let may_name_a_day = [Intent::NotNow, Intent::OutOfOffice].map(Intent::as_str);
        if may_name_a_day.contains(&self.intent.as_str()) || read.until.is_some() {
            fields.push(Field { name: "until_where_it_may_be", shown: false, ..until() });
        }
        fields
    }
}

/// A display name and the person in it.
#[derive(Deserialize)]
pub(super) struct Name {
    raw: String,
    #[serde(deserialize_with = "nullable")]
    clean: Option<String>,
    #[serde(deserialize_with = "nullable")]
    first: Option<String>,
    #[serde(deserialize_with = "nullable")]
    last: Option<String>,
    is_person: bool,
}

impl Labelled for Name {
    const ACCURACY: &'static [&'static str] = &["clean", "is_person"];
    type Before = ();

    fn text(&self) -> &str {
        &self.raw
    }

    fn compare(&self, _: usize, (): &mut ()) -> Vec<Field> {
        let read = names::clean(&self.raw);
        vec![
            Field::exact("clean", self.clean.as_deref(), read.clean.as_deref()),
            Field::exact("is_person", self.is_person, read.is_person),
            Field::exact("first", self.first.as_deref(), read.first.as_deref()),
            Field::exact("last", self.last.as_deref(), read.last.as_deref()),
        ]
    }

    /// Names are too many to be classes of their own: a name is found, or none is left.
    fn class(value: &Value) -> String {
        if value.is_null() { "none" } else { "name" }.to_owned()
    }
}

/// An address where a profile is expected.
#[derive(Deserialize)]
pub(super) struct ProfileUrl {
    raw: String,
    kind: String,
    #[serde(deserialize_with = "nullable")]
    key: Option<String>,
    #[serde(deserialize_with = "nullable")]
    same_as: Option<usize>,
}

impl Labelled for ProfileUrl {
    const ACCURACY: &'static [&'static str] = &["kind", "key", "same_as"];
    /// The first row of each address read so far.
    type Before = HashMap<profile_url::ProfileUrl, usize>;

    fn text(&self) -> &str {
        &self.raw
    }

    fn compare(&self, place: usize, before: &mut Self::Before) -> Vec<Field> {
        let read = profile_url::parse(&self.raw);
        let (kind, key) = (read.kind(), read.key().map(str::to_owned));
        let first = if key.is_some() { *before.entry(read).or_insert(place) } else { place };
        vec![
            Field::exact("kind", self.kind.as_str(), kind),
            Field::exact("key", self.key.as_deref(), key),
            Field::exact("same_as", json!(self.same_as), json!((first < place).then_some(first))),
        ]
    }
}

/// An address where a post is expected.
#[derive(Deserialize)]
pub(super) struct PostUrl {
    raw: String,
    kind: String,
    #[serde(deserialize_with = "nullable")]
    id: Option<String>,
    #[serde(deserialize_with = "nullable")]
    canonical: Option<String>,
}

impl Labelled for PostUrl {
    const ACCURACY: &'static [&'static str] = &["kind", "id"];
    type Before = ();

    fn text(&self) -> &str {
        &self.raw
    }

    fn compare(&self, _: usize, (): &mut ()) -> Vec<Field> {
        let read = post_url::parse(&self.raw).ok();
        let kind = read.as_ref().map_or("invalid", |post| post.kind.as_str());
        vec![
            Field::exact("kind", self.kind.as_str(), kind),
            Field::exact("id", self.id.as_deref(), read.as_ref().map(|post| post.id.to_string())),
            Field::exact("canonical", self.canonical.as_deref(), read.as_ref().map(post_url::PostUrl::canonical)),
        ]
    }
}
