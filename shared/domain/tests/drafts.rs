//! Scores the lint against the labelled drafts and keeps it from getting worse.

use domain::language::Language;
use domain::lint::{Finding, FindingCode, LintInput, lint};
use domain::vocabulary::Channel;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    text: String,
    channel: Channel,
    lang: String,
    recipient: Recipient,
    facts: Vec<String>,
    booking_url: String,
    ok: bool,
    findings: Vec<String>,
}

#[derive(Deserialize)]
struct Recipient {
    first_name: String,
    company: String,
}

/// The codes the labels know; the others need what a label does not hold (the step, the calendar, the day of sending).
const UNLABELLED: &[FindingCode] = &[FindingCode::CtaMismatch, FindingCode::InventedSlot, FindingCode::RelativeDate];

fn found(row: &Row) -> Vec<Finding> {
    let language = match row.lang.as_str() {
        "fr" => Language::Fr,
        "en" => Language::En,
        _ => Language::Other,
    };
    lint(&LintInput {
        text: &row.text,
        channel: row.channel,
        language,
        recipient_first_name: Some(&row.recipient.first_name),
        recipient_company: Some(&row.recipient.company),
        sender: None,
        facts: &row.facts,
        booking_url: Some(&row.booking_url),
        slots: None,
        cta: None,
        note_limit: 200,
    })
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    let mut codes: Vec<_> = findings.iter().filter(|f| !UNLABELLED.contains(&f.code)).map(|f| f.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn labelled_drafts_are_judged_as_labelled() {
    let rows: Vec<Row> = include_str!("../testdata/drafts.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let (mut ok, mut exact) = (0, 0);
    for (index, row) in rows.iter().enumerate() {
        let findings = found(row);
        let codes = codes(&findings);
        ok += usize::from(codes.is_empty() == row.ok);
        exact += usize::from(codes == row.findings);
        if codes != row.findings {
            let places: Vec<_> = findings.iter().map(|f| (f.code.as_str(), &row.text[f.byte_range(&row.text)])).collect();
            println!("{index}: {places:?} for {:?}\n{}\n", row.findings, row.text);
        }
    }
    let share = |n: usize| n as f64 / rows.len() as f64;
    println!("ok {:.3}, findings {:.3} of {} rows", share(ok), share(exact), rows.len());
    assert!(share(ok) >= 0.97, "ok {:.3}", share(ok));
    assert!(share(exact) >= 0.95, "findings {:.3}", share(exact));
}
