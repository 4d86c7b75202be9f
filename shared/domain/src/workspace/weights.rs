//! Weights: the points of each criterion, a closed list of keys that belongs to the workspace.

use serde::{Deserialize, Serialize};

macro_rules! weights {
    ($($(#[$doc:meta])* $key:ident = $points:literal),+ $(,)?) => {
        /// The points of each criterion. Source: docs/rules.md, “Score”.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Weights { $($(#[$doc])* pub $key: i16),+ }

        impl Default for Weights {
            fn default() -> Self {
                Self { $($key: $points),+ }
            }
        }

        /// The closed list of keys.
        pub const WEIGHT_KEYS: &[&str] = &[$(stringify!($key)),+];

        impl Weights {
            /// The points of a key; `None` when there is no such key.
            pub fn get(&self, key: &str) -> Option<i16> {
                match key { $(stringify!($key) => Some(self.$key),)+ _ => None }
            }

            pub(super) fn set(&mut self, key: &str, points: i16) {
                match key { $(stringify!($key) => self.$key = points,)+ _ => {} }
            }
        }
    };
}

weights! {
    title_exact = 14,
    title_adjacent = 7,
    seniority_in = 8,
    seniority_near = 4,
    industry_exact = 8,
    industry_adjacent = 4,
    company_size_in = 5,
    company_size_near = 2,
    country = 5,
    /// A reaction to a post of ours.
    reacted_own = 20,
    /// A reaction to someone else's post.
    reacted_other = 10,
    /// A positive comment or a question.
    commented = 15,
    commented_neutral = 8,
    recent = 10,
    signal = 5,
    proximity_1 = 10,
    proximity_2 = 5,
    accepted = 10,
    /// Zero or less.
    negative_comment = -20,
    /// Zero or less.
    level_mismatch = -10,
}

impl Weights {
    /// The keys whose points take away.
    pub const PENALTIES: &'static [&'static str] = &["negative_comment", "level_mismatch"];

    /// The most the profile alone can bring: 40 by default.
    pub fn fit_max(&self) -> i16 {
        self.title_exact.max(self.title_adjacent)
            + self.seniority_in.max(self.seniority_near)
            + self.industry_exact.max(self.industry_adjacent)
            + self.company_size_in.max(self.company_size_near)
            + self.country
    }
}
