//! Configuration from the environment, each problem named.

use std::collections::HashMap;

/// A variable is missing or unreadable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It must be set.
    #[error("{0} is not set")]
    Missing(String),
    /// It is set to something else.
    #[error("{name} is not {expected}")]
    Unreadable {
        /// The variable.
        name: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// The environment, or a stand-in for it.
#[derive(Clone, Debug, Default)]
pub struct Config {
    values: Option<HashMap<String, String>>,
}

impl Config {
    /// The environment of the process.
    pub fn from_env() -> Self {
        Self { values: None }
    }

    /// Given values instead of the environment.
    pub fn of(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { values: Some(values.into_iter().collect()) }
    }

    /// The value of `name`; empty counts as not set.
    pub fn optional(&self, name: &str) -> Option<String> {
        let value = match &self.values {
            Some(values) => values.get(name).cloned(),
            None => std::env::var(name).ok(),
        };
        value.filter(|v| !v.is_empty())
    }

    /// The value of `name`.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] when it is not set.
    pub fn required(&self, name: &str) -> Result<String, ConfigError> {
        self.optional(name).ok_or_else(|| ConfigError::Missing(name.to_owned()))
    }

    /// The number `name`, or `default` when it is not set.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`] when it is set to something else.
    pub fn number(&self, name: &str, default: u64) -> Result<u64, ConfigError> {
        match self.optional(name) {
            None => Ok(default),
            Some(text) => {
                text.trim().parse().map_err(|_| ConfigError::Unreadable { name: name.to_owned(), expected: "a whole number" })
            }
        }
    }
}
