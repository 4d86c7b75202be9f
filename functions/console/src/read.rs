//! Reads request bodies and query values field by field, and remembers every one at fault.

use crate::problem::{Fault, Problem};
use crate::words::{Text, text};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most items of a list where nothing else is said.
pub const ITEMS_MAX: usize = 500;

/// The fields of one JSON object. A value that cannot be used leaves a fault and gives `None`.
#[derive(Debug)]
pub struct Fields<'v> {
    path: String,
    map: &'v Map<String, Value>,
    faults: Arc<Mutex<Vec<Fault>>>,
}

impl<'v> Fields<'v> {
    /// The fields of a request's body; those outside `known` are named as unknown.
    ///
    /// # Errors
    /// A body that is no object.
    pub fn of(body: &'v Value, known: &[&str]) -> Result<Self, Problem> {
        let faults = Arc::new(Mutex::new(Vec::new()));
        let Some(map) = body.as_object() else {
            return Err(Problem::field("", text("un objet est attendu", "an object is expected")));
        };
        let fields = Self { path: String::new(), map, faults };
        fields.refuse_unknown(known);
        Ok(fields)
    }

    fn noted(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse_unknown(&self, known: &[&str]) {
        for name in self.map.keys().filter(|name| !known.contains(&name.as_str())) {
            self.fault(name, text("champ inconnu", "unknown field"));
        }
    }

    /// The full name of a field.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Notes that a field is at fault.
    pub fn fault(&self, name: &str, message: Text) {
        self.noted().push(Fault { field: self.path(name), message });
    }

    /// Answers all faults at once, if there are any.
    pub fn finish(&self) -> Result<(), Problem> {
        let faults = self.noted().clone();
        if faults.is_empty() { Ok(()) } else { Err(Problem::fields(faults)) }
    }

    /// Whether a field is there, null or not.
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// A field's value as it came; only an absent one is `None`.
    pub fn json(&self, name: &str) -> Option<&'v Value> {
        self.map.get(name)
    }

    /// A field's value; absent and null are `None`.
    pub fn value(&self, name: &str) -> Option<&'v Value> {
        self.map.get(name).filter(|v| !v.is_null())
    }

    /// The fields of a nested object.
    pub fn nested(&self, name: &str, known: &[&str]) -> Option<Fields<'v>> {
        let value = self.value(name)?;
        let Some(map) = value.as_object() else {
            self.fault(name, text("un objet est attendu", "an object is expected"));
            return None;
        };
        let fields = Fields { path: self.path(name), map, faults: Arc::clone(&self.faults) };
        fields.refuse_unknown(known);
        Some(fields)
    }

    /// The objects of a list.
    pub fn objects(&self, name: &str, known: &[&str], max: usize) -> Option<Vec<Fields<'v>>> {
        let items = self.array(name, max)?;
        let mut found = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            let path = format!("{name}[{place}]");
            match item.as_object() {
                None => self.fault(&path, text("un objet est attendu", "an object is expected")),
                Some(map) => {
                    let fields = Fields { path: self.path(&path), map, faults: Arc::clone(&self.faults) };
                    fields.refuse_unknown(known);
                    found.push(fields);
                }
            }
        }
        Some(found)
    }

    fn array(&self, name: &str, max: usize) -> Option<&'v Vec<Value>> {
        let value = self.value(name)?;
        match value.as_array() {
            None => {
                self.fault(name, text("une liste est attendue", "a list is expected"));
                None
            }
            Some(items) if items.len() > max => {
                self.fault(name, text(format!("{max}\u{a0}éléments au plus"), format!("at most {max} items")));
                None
            }
            Some(items) => Some(items),
        }
    }

    /// A trimmed text of at most `max` characters, without control characters; empty is `None`.
    pub fn text(&self, name: &str, max: usize) -> Option<String> {
        self.plain(name, self.value(name)?, max).filter(|t| !t.is_empty())
    }

    /// A text that must be there and not empty.
    pub fn required(&self, name: &str, max: usize) -> Option<String> {
        let missing = match self.value(name) {
            None => true,
            Some(value) => value.as_str().is_some_and(|t| t.trim().is_empty()),
        };
        if missing {
            self.fault(name, text("ce champ est obligatoire", "this field is required"));
            return None;
        }
        self.text(name, max)
    }

    fn plain(&self, name: &str, value: &Value, max: usize) -> Option<String> {
        let Some(raw) = value.as_str() else {
            self.fault(name, text("un texte est attendu", "a text is expected"));
            return None;
        };
        let trimmed = raw.trim();
        if trimmed.chars().count() > max {
            self.fault(name, text(format!("{max}\u{a0}caractères au plus"), format!("at most {max} characters")));
            return None;
        }
        if trimmed.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            self.fault(name, text("caractère de contrôle refusé", "control characters are refused"));
            return None;
        }
        Some(trimmed.to_owned())
    }

    /// A list of texts.
    pub fn texts(&self, name: &str, max: usize, max_chars: usize) -> Option<Vec<String>> {
        let items = self.array(name, max)?;
        let read = items.iter().enumerate().map(|(place, item)| self.plain(&format!("{name}[{place}]"), item, max_chars));
        read.collect()
    }

    /// A word of a closed list.
    pub fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>, known: &[&str]) -> Option<T> {
        let value = self.value(name)?;
        let word = value.as_str().and_then(parse);
        if word.is_none() {
            self.fault(name, one_of(known));
        }
        word
    }

    /// A list of words of a closed list.
    pub fn words<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>, known: &[&str]) -> Option<Vec<T>> {
        let items = self.array(name, ITEMS_MAX)?;
        let mut words = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            match item.as_str().and_then(&parse) {
                Some(word) => words.push(word),
                None => self.fault(&format!("{name}[{place}]"), one_of(known)),
            }
        }
        Some(words)
    }

    /// A whole number within `range`.
    pub fn whole(&self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.value(name)?;
        #[allow(clippy::cast_possible_truncation)]
        let whole = |n: f64| (n.fract() == 0.0 && n.abs() < 1e15).then_some(n as i64);
        let number = value.as_i64().or_else(|| value.as_f64().and_then(whole));
        match number {
            Some(number) if range.contains(&number) => Some(number),
            _ => {
                let (low, high) = (range.start(), range.end());
                self.fault(
                    name,
                    text(
                        format!("un nombre entier de {low} à {high} est attendu"),
                        format!("a whole number from {low} to {high} is expected"),
                    ),
                );
                None
            }
        }
    }

    /// True or false.
    pub fn flag(&self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        if value.as_bool().is_none() {
            self.fault(name, text("true ou false est attendu", "true or false is expected"));
        }
        value.as_bool()
    }

    /// An instant (RFC 3339).
    pub fn instant(&self, name: &str) -> Option<Timestamp> {
        let value = self.value(name)?;
        let at = value.as_str().and_then(|t| t.trim().parse::<Timestamp>().ok());
        if at.is_none() {
            self.fault(name, an_instant());
        }
        at
    }

    /// An id, by its own reader.
    pub fn id<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let id = value.as_str().and_then(parse);
        if id.is_none() {
            self.fault(name, text("identifiant inconnu", "unknown id"));
        }
        id
    }
}

fn one_of(known: &[&str]) -> Text {
    let known = known.join(" ");
    text(format!("un de\u{a0}: {known}"), format!("one of: {known}"))
}

fn an_instant() -> Text {
    text(
        "une date et heure RFC 3339 est attendue, par exemple 2026-11-21T08:00:00Z",
        "an RFC 3339 date and time is expected, for example 2026-11-21T08:00:00Z",
    )
}

/// The query of a request.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string; parameters outside `known` and repeated ones are refused.
    pub fn of(raw: &str, known: &[&str]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect();
        for (place, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Problem::query(name, text("paramètre inconnu", "unknown parameter")));
            }
            if pairs[..place].iter().any(|(other, _)| other == name) {
                return Err(Problem::query(name, text("paramètre répété", "repeated parameter")));
            }
        }
        Ok(Self(pairs))
    }

    /// A value; empty counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// A whole number within `range`.
    pub fn whole(&self, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Problem> {
        let Some(raw) = self.text(name) else { return Ok(None) };
        match raw.parse::<i64>() {
            Ok(n) if range.contains(&n) => Ok(Some(n)),
            _ => {
                let (low, high) = (range.start(), range.end());
                Err(Problem::query(
                    name,
                    text(
                        format!("un nombre entier de {low} à {high} est attendu"),
                        format!("a whole number from {low} to {high} is expected"),
                    ),
                ))
            }
        }
    }

    /// A word of a closed list.
    pub fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>, known: &[&str]) -> Result<Option<T>, Problem> {
        let Some(raw) = self.text(name) else { return Ok(None) };
        parse(raw).map(Some).ok_or_else(|| Problem::query(name, one_of(known)))
    }

    /// True or false.
    pub fn flag(&self, name: &str) -> Result<bool, Problem> {
        let parse = |raw: &str| raw.parse::<bool>().ok();
        Ok(self.word(name, parse, &["true", "false"])?.unwrap_or(false))
    }

    /// An instant, or the start of a day in UTC.
    pub fn instant(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let Some(raw) = self.text(name) else { return Ok(None) };
        let day = || {
            let date = raw.parse::<jiff::civil::Date>().ok()?;
            date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp())
        };
        raw.parse::<Timestamp>().ok().or_else(day).map(Some).ok_or_else(|| Problem::query(name, an_instant()))
    }

    /// An id, by its own reader.
    pub fn id<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(raw) = self.text(name) else { return Ok(None) };
        parse(raw).map(Some).ok_or_else(Problem::not_found)
    }
}
