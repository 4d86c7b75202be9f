//! `amorce check`: every labelled set of the repository, and files that cannot be scored.

use amorce::check::run;
use serde_json::Value;
use std::path::Path;

const SETS: [(&str, &str, &[&str]); 7] = [
    ("titles", "titles.jsonl", &["seniority", "function", "is_current"]),
    ("comments", "comments.jsonl", &["tone"]),
    ("replies", "replies.jsonl", &["intent", "sentiment", "until"]),
    ("names", "names.jsonl", &["clean", "is_person"]),
    ("profile-urls", "profile_urls.jsonl", &["kind", "key", "same_as"]),
    ("post-urls", "post_urls.jsonl", &["kind", "id"]),
    ("drafts", "drafts.jsonl", &["ok", "findings"]),
];

fn set(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain/testdata").join(name).to_string_lossy().into_owned()
}

#[test]
fn every_set_is_scored_as_json() {
    for (kind, name, fields) in SETS {
        let file = set(name);
        let report: Value = serde_json::from_str(&run(&[kind, &file, "--json"], true).unwrap()).unwrap();
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        assert_eq!(report["rows"], lines, "{kind}");
        let accuracy = report["accuracy"].as_object().unwrap();
        assert_eq!(accuracy.len(), fields.len(), "{kind}");
        for field in fields {
            assert!(accuracy[*field].as_f64().unwrap() >= 0.93, "{kind}: {field}: {}", accuracy[*field]);
        }
        assert!(!report["recall"].as_object().unwrap().is_empty(), "{kind}");
        assert_eq!(report["recall"].as_object().unwrap().len(), report["precision"].as_object().unwrap().len(), "{kind}");
        assert!(report["misses"].is_array(), "{kind}");
    }
}

#[test]
fn a_page_shows_classes_and_misses_and_obeys_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("set.jsonl").to_string_lossy().into_owned();
    let rows = "{\"text\":\"Bravo \\u001b[31m\\n!\",\"tone\":\"negative\"}\n{\"text\":\"Bravo !\",\"tone\":\"positive\"}\n";
    std::fs::write(&file, rows).unwrap();
    let page = run(&["comments", &file], false).unwrap();
    let lines: Vec<String> = page.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "comments · 2 rows",
            "",
            "rows accuracy",
            "tone 2 50.0 %",
            "",
            "tone rows precision recall",
            "negative 1 – 0.0 %",
            "positive 1 50.0 % 100.0 %",
            "",
            "misses · 1",
            "1 Bravo \\u{1b}[31m ⏎ !",
            "tone: expected negative, got positive",
        ]
    );
    let coloured = run(&["comments", &file], true).unwrap();
    assert!(coloured.contains("\u{1b}[1m") && !coloured.contains("\u{1b}[31m\n!"));
    std::fs::write(&file, "").unwrap();
    assert!(run(&["comments", &file], false).unwrap().starts_with("comments · 0 rows"));
}

#[test]
fn what_cannot_be_scored_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.jsonl").to_string_lossy().into_owned();
    std::fs::write(&file, "{\"text\":\"a\",\"tone\":\"neutral\"}\n{\"text\":\"b\"}\n").unwrap();
    let absent = folder.path().join("absent").to_string_lossy().into_owned();
    let folder = folder.path().to_string_lossy().into_owned();
    let check = |arguments: &[&str], expected: &str| {
        let said = run(arguments, false).unwrap_err();
        assert!(said.contains(expected), "{said}");
    };
    check(&["comments", &file], "line 2: missing field `tone`");
    check(&["titles", &file], "line 1: missing field `title`");
    check(&["comments", &absent], "cannot be read");
    check(&["comments", &folder], "cannot be read");
    check(&["poems", &file], "unknown kind poems");
    check(&["comments", &file, "--xml"], "unknown option --xml");
    check(&["comments"], "usage");
    check(&[], "usage");
}
