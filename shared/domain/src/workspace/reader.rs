//! Reader: takes typed values out of a patch and remembers every field at fault.

use super::patch::FieldError;
use super::period::Period;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// The most items of any list in the settings.
const LIST_MAX: usize = 500;

/// Reads values; a value that cannot be used leaves a [`FieldError`] and gives `None`.
#[derive(Default)]
pub(crate) struct Reader {
    errors: Vec<FieldError>,
}

impl Reader {
    pub(crate) fn fault(&mut self, field: &str, fr: impl Into<String>, en: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message_fr: fr.into(), message_en: en.into() });
    }

    /// `value` when nothing was at fault.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }

    pub(crate) fn unknown(&mut self, field: &str) {
        self.fault(field, "champ inconnu", "unknown field");
    }

    /// An object whose keys are all among `known`; the others are named.
    pub(crate) fn object<'v>(&mut self, field: &str, value: &'v Value, known: &[&str]) -> Option<&'v Map<String, Value>> {
        let Some(map) = value.as_object() else {
            self.fault(field, "un objet est attendu", "an object is expected");
            return None;
        };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            self.unknown(&path(field, key));
        }
        Some(map)
    }

    /// A text without control characters (line feeds and tabs excepted), trimmed, of at most `max` characters.
    pub(crate) fn text(&mut self, field: &str, value: &Value, max: usize) -> Option<String> {
        let Some(text) = value.as_str() else {
            self.fault(field, "un texte est attendu", "a text is expected");
            return None;
        };
        let text = text.trim();
        if text.chars().count() > max {
            self.fault(field, format!("{max}\u{a0}caractères au plus"), format!("at most {max} characters"));
            return None;
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
            self.fault(field, "caractère de contrôle refusé", "control characters are refused");
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that is not empty.
    pub(crate) fn filled(&mut self, field: &str, value: &Value, max: usize) -> Option<String> {
        let text = self.text(field, value, max)?;
        if text.is_empty() {
            self.fault(field, "ne peut pas être vide", "cannot be empty");
            return None;
        }
        Some(text)
    }

    /// A text, or `None` for null and for the empty text.
    pub(crate) fn text_or_null(&mut self, field: &str, value: &Value, max: usize) -> Option<Option<String>> {
        if value.is_null() {
            return Some(None);
        }
        self.text(field, value, max).map(|text| Some(text).filter(|text| !text.is_empty()))
    }

    /// A list, each item read by `read` under its own name; null is the empty list.
    pub(crate) fn list<T>(
        &mut self,
        field: &str,
        value: &Value,
        mut read: impl FnMut(&mut Self, &str, &Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        if value.is_null() {
            return Some(Vec::new());
        }
        let Some(items) = value.as_array() else {
            self.fault(field, "une liste est attendue", "a list is expected");
            return None;
        };
        if items.len() > LIST_MAX {
            self.fault(field, format!("{LIST_MAX}\u{a0}éléments au plus"), format!("at most {LIST_MAX} items"));
            return None;
        }
        let before = self.errors.len();
        let read: Vec<T> = items.iter().enumerate().filter_map(|(i, item)| read(self, &format!("{field}[{i}]"), item)).collect();
        (self.errors.len() == before).then_some(read)
    }

    pub(crate) fn texts(&mut self, field: &str, value: &Value, max: usize) -> Option<Vec<String>> {
        self.list(field, value, |reader, name, item| reader.filled(name, item, max))
    }

    /// A whole number within `range`.
    pub(crate) fn whole(&mut self, field: &str, value: &Value, range: RangeInclusive<i64>) -> Option<i64> {
        let number = value.as_i64().or_else(|| value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i64));
        let (low, high) = (range.start(), range.end());
        match number {
            Some(number) if range.contains(&number) => Some(number),
            _ => {
                self.fault(
                    field,
                    format!("un nombre entier de {low} à {high} est attendu"),
                    format!("a whole number from {low} to {high} is expected"),
                );
                None
            }
        }
    }

    pub(crate) fn yes_or_no(&mut self, field: &str, value: &Value) -> Option<bool> {
        if value.as_bool().is_none() {
            self.fault(field, "true ou false est attendu", "true or false is expected");
        }
        value.as_bool()
    }

    pub(crate) fn period(&mut self, field: &str, value: &Value) -> Option<Period> {
        let period = value.as_str().and_then(Period::parse);
        if period.is_none() {
            self.fault(
                field,
                "une durée ISO-8601 positive est attendue, par exemple PT2H ou P30D",
                "a positive ISO-8601 duration is expected, for example PT2H or P30D",
            );
        }
        period
    }

    /// A web address over http or https.
    pub(crate) fn web_address_or_null(&mut self, field: &str, value: &Value) -> Option<Option<String>> {
        let text = self.text_or_null(field, value, 2000)?;
        let fine = text
            .as_deref()
            .is_none_or(|text| url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()));
        if !fine {
            self.fault(field, "une adresse http ou https est attendue", "an http or https address is expected");
            return None;
        }
        Some(text)
    }
}

/// The name of a field inside another.
pub(crate) fn path(outer: &str, inner: &str) -> String {
    if outer.is_empty() { inner.to_owned() } else { format!("{outer}.{inner}") }
}
