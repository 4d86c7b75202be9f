//! The rows of labelled drafts, and the lint over one of them.

use super::{Field, Labelled};
use crate::language::Language;
use crate::lint::{Finding, FindingCode, LintInput, lint};
use crate::vocabulary::Channel;
use serde::Deserialize;
use serde_json::json;

/// The codes that no label knows: they need what a label does not hold (the step, the calendar, the day of sending).
const UNLABELLED: &[FindingCode] = &[FindingCode::CtaMismatch, FindingCode::InventedSlot, FindingCode::RelativeDate];

/// The longest note of an invitation that the labels allow, in characters.
const NOTE_LIMIT: usize = 200;

/// A draft with what may be claimed in it, and what a person found wrong.
#[derive(Debug, Deserialize)]
pub struct Draft {
    pub text: String,
    pub channel: Channel,
    /// The recipient's language.
    pub lang: String,
    pub recipient: Recipient,
    pub facts: Vec<String>,
    pub booking_url: Option<String>,
    pub ok: bool,
    pub findings: Vec<String>,
}

/// Whom a labelled draft is for.
#[derive(Debug, Deserialize)]
pub struct Recipient {
    pub first_name: Option<String>,
    pub company: Option<String>,
}

impl Draft {
    /// What the lint finds, in the order of the text.
    pub fn found(&self) -> Vec<Finding> {
        let mut found = lint(&LintInput {
            text: &self.text,
            channel: self.channel,
            language: match self.lang.as_str() {
                "fr" => Language::Fr,
                "en" => Language::En,
                _ => Language::Other,
            },
            recipient_first_name: self.recipient.first_name.as_deref(),
            recipient_company: self.recipient.company.as_deref(),
            sender: None,
            facts: &self.facts,
            booking_url: self.booking_url.as_deref(),
            slots: None,
            cta: None,
            note_limit: NOTE_LIMIT,
        });
        found.retain(|finding| !UNLABELLED.contains(&finding.code));
        found
    }

    /// The codes of what is found, sorted, each once.
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.found().iter().map(|finding| finding.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

impl Labelled for Draft {
    const ACCURACY: &'static [&'static str] = &["ok", "findings"];
    type Before = ();

    fn text(&self) -> &str {
        &self.text
    }

    fn compare(&self, _: usize, (): &mut ()) -> Vec<Field> {
        let codes = self.codes();
        let mut expected = self.findings.clone();
        expected.sort_unstable();
        expected.dedup();
        vec![Field::exact("ok", self.ok, codes.is_empty()), Field::exact("findings", json!(expected), json!(codes))]
    }
}
