//! `amorce check KIND FILE [--json]`: scores a labelled file, and lists what was not read as labelled.

use domain::labelled::{Kind, Measure, Miss, Report, score};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// How the command is called.
pub const USAGE: &str =
    "amorce check KIND FILE [--json], KIND one of: titles comments replies names profile-urls post-urls drafts";

/// Scores the file that `arguments` name; answers what is to be printed.
///
/// # Errors
/// Arguments that are none of this command, a file that cannot be read, the first line that is no row.
pub fn run(arguments: &[&str], colour: bool) -> Result<String, String> {
    let (options, names): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|a| a.starts_with("--"));
    let json = match options.as_slice() {
        [] => false,
        ["--json"] => true,
        _ => return Err(format!("unknown option {}; usage: {USAGE}", options.join(" "))),
    };
    let [kind, file] = names.as_slice() else { return Err(format!("usage: {USAGE}")) };
    let kind = Kind::parse(kind).ok_or_else(|| format!("unknown kind {kind}; usage: {USAGE}"))?;
    let content = std::fs::read(Path::new(file)).map_err(|e| format!("{file} cannot be read: {e}"))?;
    let report = score(kind, &content).map_err(|fault| format!("{file}: {fault}"))?;
    if json {
        return Ok(format!("{}\n", report.json()));
    }
    let ink = Ink { colour };
    let mut page = String::new();
    // Writing into a text cannot fail.
    let _written = ink.page(&mut page, kind, &report);
    Ok(page)
}

/// Draws the page, with colours or without.
struct Ink {
    colour: bool,
}

impl Ink {
    fn bold(&self, text: &str) -> String {
        self.painted(text, "1")
    }

    fn painted(&self, text: &str, code: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn page(&self, page: &mut String, kind: Kind, report: &Report) -> std::fmt::Result {
        writeln!(page, "{}\n", self.bold(&format!("{} · {} rows", kind.as_str(), report.rows)))?;
        writeln!(page, "{}", self.bold(&format!("{:<24}{:>7}{:>12}", "", "rows", "accuracy")))?;
        for (name, measure) in report.accuracy.iter().chain(&report.beside) {
            writeln!(page, "{name:<24}{:>7}{}", measure.rows, self.share(*measure))?;
        }
        if let Some((first, _)) = report.accuracy.first()
            && !report.classes.is_empty()
        {
            let head = format!("{first:<24}{:>7}{:>12}{:>12}", "rows", "precision", "recall");
            writeln!(page, "\n{}", self.bold(&head))?;
            for (name, class) in &report.classes {
                let (precision, recall) = (self.share(class.precision()), self.share(class.recall()));
                writeln!(page, "{name:<24}{:>7}{precision}{recall}", class.expected)?;
            }
        }
        if !report.misses.is_empty() {
            writeln!(page, "\n{}", self.bold(&format!("misses · {}", report.misses.len())))?;
        }
        report.misses.iter().try_for_each(|miss| self.miss(page, miss))
    }

    /// A share in per cent, right-aligned in a column of twelve.
    fn share(&self, measure: Measure) -> String {
        let Some(share) = measure.share() else { return format!("{:>12}", "–") };
        let text = format!("{:>12}", format!("{:.1} %", 100.0 * share));
        if measure.hits == measure.rows { text } else { self.painted(&text, "33") }
    }

    fn miss(&self, page: &mut String, miss: &Miss) -> std::fmt::Result {
        writeln!(page, "{:>6}  {}", miss.row, plain(&miss.text))?;
        for difference in &miss.fields {
            let expected = self.painted(&shown(&difference.expected), "32");
            let got = self.painted(&shown(&difference.got), "31");
            writeln!(page, "        {}: expected {expected}, got {got}", difference.field)?;
        }
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => plain(text),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" ")),
        other => other.to_string(),
    }
}

/// On one line, and without signs that a terminal would obey.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\n' => plain.push_str(" ⏎ "),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => plain.extend(sign.escape_unicode()),
            sign if sign.is_control() => plain.extend(sign.escape_default()),
            sign => plain.push(sign),
        }
    }
    plain
}
