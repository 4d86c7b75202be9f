//! Searches: what is looked for among people or among one's own posts, and the questions it comes to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The most combinations that one search of people may come to. Source: docs/rules.md, "Lead sources".
pub const COMBINATIONS_MAX: usize = 50;

/// What is looked for. Of people: every combination of the lists is one question; an empty list asks for nothing. Of own
/// posts: the keyword, the kind and the time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    pub keyword: Option<String>,
    pub job_title: Vec<String>,
    pub industry: Vec<String>,
    pub school: Vec<String>,
    pub location: Vec<String>,
    pub current_company: Vec<String>,
    /// The provider's kind of post, upper case.
    pub post_type: Option<String>,
    pub post_date: Option<PostSpan>,
}

/// One question of a search of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combination {
    pub keyword: Option<String>,
    pub job_title: Option<String>,
    pub industry: Option<String>,
    pub school: Option<String>,
    pub location: Option<String>,
    pub current_company: Option<String>,
}

impl Query {
    /// Whether nothing is asked for at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for people.
    pub fn asks_for_people(&self) -> bool {
        self.keyword.is_some() || self.lists().iter().any(|list| !list.is_empty())
    }

    const fn lists(&self) -> [&Vec<String>; 5] {
        [&self.job_title, &self.industry, &self.school, &self.location, &self.current_company]
    }

    /// How many questions the lists come to; at least 1. May be above [`COMBINATIONS_MAX`].
    pub fn combinations(&self) -> usize {
        self.lists().iter().fold(1, |all, list| all.saturating_mul(list.len().max(1)))
    }

    /// The question number `number`, from 0; the first list turns slowest.
    pub fn combination(&self, number: usize) -> Combination {
        let mut rest = number % self.combinations();
        let mut chosen = self.lists().map(|_| None);
        for (place, list) in self.lists().into_iter().enumerate().rev() {
            let length = list.len().max(1);
            chosen[place] = list.get(rest % length).cloned();
            rest /= length;
        }
        let [job_title, industry, school, location, current_company] = chosen;
        Combination { keyword: self.keyword.clone(), job_title, industry, school, location, current_company }
    }
}

impl Combination {
    /// What was asked for, in the order of the fields, for a person to read.
    pub fn said(&self) -> String {
        let parts = [&self.keyword, &self.job_title, &self.industry, &self.school, &self.location, &self.current_company];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// How far back posts are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PostSpan {
    #[serde(rename = "PAST_24H")]
    Past24h,
    PastWeek,
    PastMonth,
}

impl PostSpan {
    /// The words of the API.
    pub const WORDS: [&'static str; 3] = ["PAST_24H", "PAST_WEEK", "PAST_MONTH"];

    /// Reads a word of the API.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "PAST_24H" => Self::Past24h,
            "PAST_WEEK" => Self::PastWeek,
            "PAST_MONTH" => Self::PastMonth,
            _ => return None,
        })
    }

    /// The word of the API, which is the provider's too.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Past24h => "PAST_24H",
            Self::PastWeek => "PAST_WEEK",
            Self::PastMonth => "PAST_MONTH",
        }
    }

    /// The instant from which on posts are wanted: 1, 7 or 30 days of 24 hours before `now`.
    pub fn since(self, now: Timestamp) -> Timestamp {
        let days = match self {
            Self::Past24h => 1,
            Self::PastWeek => 7,
            Self::PastMonth => 30,
        };
        now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|t| (*t).to_owned()).collect()
    }

    #[track_caller]
    fn check(query: &Query, expected: &[&str]) {
        assert_eq!(query.combinations(), expected.len());
        let said: Vec<String> = (0..expected.len()).map(|n| query.combination(n).said()).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn every_combination_is_one_question() {
        let keyword = Some("logiciel".to_owned());
        check(&Query { keyword: keyword.clone(), ..Query::default() }, &["logiciel"]);
        check(
            &Query { job_title: texts(&["CEO", "DRH"]), location: texts(&["Lyon", "Paris"]), ..Query::default() },
            &["CEO, Lyon", "CEO, Paris", "DRH, Lyon", "DRH, Paris"],
        );
        check(
            &Query { keyword, industry: texts(&["Banque"]), current_company: texts(&["A", "B"]), ..Query::default() },
            &["logiciel, Banque, A", "logiciel, Banque, B"],
        );
    }

    #[test]
    fn too_many_are_counted_all_the_same() {
        let many: Vec<String> = (0..4_000).map(|n| n.to_string()).collect();
        let query =
            Query { job_title: many.clone(), industry: many.clone(), school: many.clone(), location: many, ..Query::default() };
        assert_eq!(query.combinations(), 256_000_000_000_000);
        assert!(query.asks_for_people() && !Query::default().asks_for_people());
    }

    #[test]
    fn spans_end_now() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        for word in PostSpan::WORDS {
            let span = PostSpan::parse(word).unwrap();
            assert_eq!((span.as_str(), serde_json::to_value(span).unwrap()), (word, serde_json::json!(word)));
        }
        assert_eq!(PostSpan::PastWeek.since(now).to_string(), "2026-11-13T12:00:00Z");
        assert_eq!(PostSpan::parse("YESTERDAY"), None);
    }
}
