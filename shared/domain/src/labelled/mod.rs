//! Labelled sets: how often the readers and the lint say what a person said, and where they do not.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;

pub mod drafts;
mod rows;

/// What a labelled set is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Titles,
    Comments,
    Replies,
    Names,
    ProfileUrls,
    PostUrls,
    Drafts,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Titles, Self::Comments, Self::Replies, Self::Names, Self::ProfileUrls, Self::PostUrls, Self::Drafts];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Titles => "titles",
            Self::Comments => "comments",
            Self::Replies => "replies",
            Self::Names => "names",
            Self::ProfileUrls => "profile-urls",
            Self::PostUrls => "post-urls",
            Self::Drafts => "drafts",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Why a set cannot be scored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub what: String,
}

/// One label against what was read.
struct Field {
    name: &'static str,
    expected: Value,
    got: Value,
    same: bool,
    /// Whether a difference is shown; false for a second count of a field that is shown already.
    shown: bool,
}

impl Field {
    fn exact(name: &'static str, expected: impl Into<Value>, got: impl Into<Value>) -> Self {
        let (expected, got) = (expected.into(), got.into());
        let same = expected == got;
        Self { name, expected, got, same, shown: true }
    }
}

/// One row of a set.
trait Labelled: DeserializeOwned {
    /// The fields whose accuracy is the set's; recall and precision are by the classes of the first.
    const ACCURACY: &'static [&'static str];
    /// What a row has to know of the rows before it.
    type Before: Default;

    /// What is read.
    fn text(&self) -> &str;

    /// Reads the text and compares; the first field is the first of `ACCURACY`. `place` counts rows from 0.
    fn compare(&self, place: usize, before: &mut Self::Before) -> Vec<Field>;

    /// The class of a value of the first field.
    fn class(value: &Value) -> String {
        match value {
            Value::Null => "none".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// How often one field was read as labelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Rows that bear the label.
    pub rows: usize,
    /// Rows read as labelled.
    pub hits: usize,
}

impl Measure {
    /// From 0 to 1; `None` without rows.
    #[allow(clippy::cast_precision_loss)]
    pub fn share(self) -> Option<f64> {
        (self.rows > 0).then(|| self.hits as f64 / self.rows as f64)
    }
}

/// One class of the first field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// Rows labelled so.
    pub expected: usize,
    /// Rows read so.
    pub got: usize,
    /// Rows labelled so and read as labelled.
    pub hits: usize,
}

impl Class {
    /// Of the rows labelled so, how many are read so.
    pub fn recall(self) -> Measure {
        Measure { rows: self.expected, hits: self.hits }
    }

    /// Of the rows read so, how many are labelled so.
    pub fn precision(self) -> Measure {
        Measure { rows: self.got, hits: self.hits }
    }
}

/// A row that was not read as labelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// From 1; blank lines are no rows.
    pub row: usize,
    pub text: String,
    pub fields: Vec<Difference>,
}

/// A field that was not read as labelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub field: &'static str,
    pub expected: Value,
    pub got: Value,
}

/// What came of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub rows: usize,
    /// The fields of the set, in its order.
    pub accuracy: Vec<(&'static str, Measure)>,
    /// Other fields that are compared.
    pub beside: Vec<(&'static str, Measure)>,
    /// The classes of the first field, by name.
    pub classes: BTreeMap<String, Class>,
    pub misses: Vec<Miss>,
}

impl Report {
    /// The measure of one field.
    pub fn measure(&self, field: &str) -> Measure {
        let all = self.accuracy.iter().chain(&self.beside);
        all.into_iter().find(|(name, _)| *name == field).map(|(_, measure)| *measure).unwrap_or_default()
    }

    /// `{"rows","accuracy":{field:0–1},"recall":{class:0–1},"precision":{…},"misses":[{"row","text","expected","got"}]}`;
    /// a share of nothing is null.
    pub fn json(&self) -> Value {
        let by_class = |of: fn(Class) -> Measure| -> Map<String, Value> {
            self.classes.iter().map(|(name, class)| (name.clone(), json!(of(*class).share()))).collect()
        };
        let accuracy: Map<String, Value> = self.accuracy.iter().map(|(name, m)| ((*name).to_owned(), json!(m.share()))).collect();
        json!({
            "rows": self.rows,
            "accuracy": accuracy,
            "recall": by_class(Class::recall),
            "precision": by_class(Class::precision),
            "misses": self.misses.iter().map(Miss::json).collect::<Vec<_>>(),
        })
    }

    fn take(&mut self, row: &impl Labelled, place: usize, fields: Vec<Field>, class: fn(&Value) -> String) {
        self.rows += 1;
        if let Some(first) = fields.first() {
            let expected = self.classes.entry(class(&first.expected)).or_default();
            expected.expected += 1;
            expected.hits += usize::from(first.same);
            self.classes.entry(class(&first.got)).or_default().got += 1;
        }
        for field in &fields {
            let measure = match self.accuracy.iter_mut().find(|(name, _)| *name == field.name) {
                Some((_, measure)) => measure,
                None => beside(&mut self.beside, field.name),
            };
            measure.rows += 1;
            measure.hits += usize::from(field.same);
        }
        let missed = fields.into_iter().filter(|f| f.shown && !f.same);
        let fields: Vec<_> = missed.map(|f| Difference { field: f.name, expected: f.expected, got: f.got }).collect();
        if !fields.is_empty() {
            self.misses.push(Miss { row: place + 1, text: row.text().to_owned(), fields });
        }
    }
}

fn beside<'m>(measures: &'m mut Vec<(&'static str, Measure)>, name: &'static str) -> &'m mut Measure {
    let place = measures.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
        measures.push((name, Measure::default()));
        measures.len() - 1
    });
    &mut measures[place].1
}

impl Miss {
    fn json(&self) -> Value {
        let side = |of: fn(&Difference) -> &Value| -> Map<String, Value> {
            self.fields.iter().map(|difference| (difference.field.to_owned(), of(difference).clone())).collect()
        };
        json!({"row": self.row, "text": self.text, "expected": side(|d| &d.expected), "got": side(|d| &d.got)})
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.row, self.text)?;
        self.fields.iter().try_for_each(|d| write!(f, "; {}: expected {}, got {}", d.field, d.expected, d.got))
    }
}

/// Scores a set: JSON Lines, UTF-8, one object a line. Blank lines are passed over.
///
/// # Errors
/// The first line that is no row of this kind.
pub fn score(kind: Kind, file: &[u8]) -> Result<Report, Fault> {
    let text = std::str::from_utf8(file).map_err(|e| {
        let line = 1 + file[..e.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Fault { line, what: "not UTF-8".to_owned() }
    })?;
    let text = text.trim_start_matches('\u{feff}');
    match kind {
        Kind::Titles => score_rows::<rows::Title>(text),
        Kind::Comments => score_rows::<rows::Comment>(text),
        Kind::Replies => score_rows::<rows::Reply>(text),
        Kind::Names => score_rows::<rows::Name>(text),
        Kind::ProfileUrls => score_rows::<rows::ProfileUrl>(text),
        Kind::PostUrls => score_rows::<rows::PostUrl>(text),
        Kind::Drafts => score_rows::<drafts::Draft>(text),
    }
}

fn score_rows<R: Labelled>(text: &str) -> Result<Report, Fault> {
    let mut report = Report {
        rows: 0,
        accuracy: R::ACCURACY.iter().map(|name| (*name, Measure::default())).collect(),
        beside: Vec::new(),
        classes: BTreeMap::new(),
        misses: Vec::new(),
    };
    let mut before = R::Before::default();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (place, (line, raw)) in lines.enumerate() {
        let fault = |what: String| Fault { line: line + 1, what };
        // The parser would also take a list of the fields' values.
        if !raw.trim_start().starts_with('{') {
            return Err(fault("a JSON object is expected".to_owned()));
        }
        let row: R = serde_json::from_str(raw).map_err(|e| fault(said(&e)))?;
        let fields = row.compare(place, &mut before);
        report.take(&row, place, fields, R::class);
    }
    Ok(report)
}

/// What is wrong with a line; the parser counts lines within the line, which would mislead.
fn said(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    format!("{what} (column {})", error.column())
}
