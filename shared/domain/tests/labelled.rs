//! The labelled sets in `testdata/`: each is scored, its misses are printed, and a floor a few points below
//! what the rules reach is asserted, so that a change that costs accuracy is seen.

use domain::labelled::{Kind, Measure, score};
use domain::language;
use serde_json::{Value, json};

/// Asserts a floor in per cent.
fn floor(name: &str, measure: Measure, percent: f64) {
    let reached = 100.0 * measure.share().unwrap();
    println!("== {name}: {}/{} = {reached:.1} %", measure.hits, measure.rows);
    assert!(reached >= percent, "{name}: {reached:.1} % is below the floor of {percent} %");
}

fn check(kind: Kind, set: &str, floors: &[(&str, f64)]) {
    let report = score(kind, set.as_bytes()).unwrap();
    report.misses.iter().for_each(|miss| println!("{} {miss}", kind.as_str()));
    for (field, percent) in floors {
        floor(field, report.measure(field), *percent);
    }
}

#[test]
fn profile_urls() {
    let set = include_str!("../testdata/profile_urls.jsonl");
    check(Kind::ProfileUrls, set, &[("kind", 100.0), ("key", 100.0), ("same_as", 100.0)]);
}

#[test]
fn post_urls() {
    let set = include_str!("../testdata/post_urls.jsonl");
    check(Kind::PostUrls, set, &[("kind", 100.0), ("id", 100.0), ("canonical", 100.0)]);
}

#[test]
fn display_names() {
    let set = include_str!("../testdata/names.jsonl");
    check(Kind::Names, set, &[("clean", 97.0), ("is_person", 98.0), ("first", 97.0), ("last", 97.0)]);
}

#[test]
fn headlines() {
    let floors = [("seniority", 98.0), ("function", 98.0), ("is_current", 98.0), ("current_title", 98.0)];
    check(Kind::Titles, include_str!("../testdata/titles.jsonl"), &floors);
}

#[test]
fn comments() {
    check(Kind::Comments, include_str!("../testdata/comments.jsonl"), &[("tone", 98.0)]);
}

#[test]
fn replies() {
    let set = include_str!("../testdata/replies.jsonl");
    check(Kind::Replies, set, &[("intent", 95.0), ("sentiment", 93.0), ("until", 98.0), ("until_where_it_may_be", 93.0)]);
    let opt_out = score(Kind::Replies, set.as_bytes()).unwrap().classes["unsubscribe"];
    floor("unsubscribe recall", opt_out.recall(), 98.0);
    floor("unsubscribe precision", opt_out.precision(), 94.0);
}

/// Sentences of the same kinds, written apart from the first sets and labelled before they were read.
#[test]
fn more_of_the_same_kinds() {
    let floors = [("seniority", 98.0), ("function", 97.0), ("is_current", 98.0), ("current_title", 98.0)];
    check(Kind::Titles, include_str!("../testdata/titles-more.jsonl"), &floors);
    check(Kind::Comments, include_str!("../testdata/comments-more.jsonl"), &[("tone", 96.0)]);
    let set = include_str!("../testdata/replies-more.jsonl");
    check(Kind::Replies, set, &[("intent", 95.0), ("sentiment", 93.0), ("until_where_it_may_be", 93.0)]);
    floor("unsubscribe recall", score(Kind::Replies, set.as_bytes()).unwrap().classes["unsubscribe"].recall(), 98.0);
}

#[test]
fn drafts() {
    check(Kind::Drafts, include_str!("../testdata/drafts.jsonl"), &[("ok", 97.0), ("findings", 95.0)]);
}

#[test]
fn languages() {
    let sets = [include_str!("../testdata/comments.jsonl"), include_str!("../testdata/replies.jsonl")];
    let mut measure = Measure::default();
    for row in sets.iter().flat_map(|set| set.lines()).map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let (text, expected) = (row["text"].as_str().unwrap(), row["lang"].as_str().unwrap());
        if expected == "mixed" {
            continue;
        }
        let got = language::detect(text).as_str();
        measure.rows += 1;
        measure.hits += usize::from(got == expected);
        if got != expected {
            println!("language: {text:?}: expected {expected}, got {got}");
        }
    }
    floor("language", measure, 94.0);
}

#[test]
fn a_score_is_shares_by_field_and_class_and_the_misses() {
    let set =
        "\u{feff}{\"text\":\"Bravo !\",\"tone\":\"positive\"}\r\n\n{\"text\":\"Bravo !\",\"tone\":\"negative\",\"note\":null}\n";
    let report = score(Kind::Comments, set.as_bytes()).unwrap();
    assert_eq!(
        report.json(),
        json!({
            "rows": 2,
            "accuracy": {"tone": 0.5},
            "recall": {"negative": 0.0, "positive": 1.0},
            "precision": {"negative": null, "positive": 0.5},
            "misses": [{"row": 2, "text": "Bravo !", "expected": {"tone": "negative"}, "got": {"tone": "positive"}}],
        })
    );
}

#[test]
fn an_empty_set_has_no_shares() {
    for kind in Kind::ALL {
        for file in ["", "\n \n", "\u{feff}"] {
            let report = score(kind, file.as_bytes()).unwrap();
            assert_eq!(report.rows, 0);
            assert!(report.json()["accuracy"].as_object().unwrap().values().all(Value::is_null));
        }
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
}

#[test]
fn what_is_no_row_is_named_by_its_line() {
    let check = |kind, file: &[u8], expected: &str| assert_eq!(score(kind, file).unwrap_err().to_string(), expected);
    check(Kind::Comments, b"\n{\"text\":\"a\",\"tone\":\"neutral\"}\nnonsense", "line 3: a JSON object is expected");
    check(Kind::Comments, b"{\"text\":\"a\"}", "line 1: missing field `tone` (column 12)");
    check(Kind::Comments, b"{\"text\":\"a\"", "line 1: EOF while parsing an object (column 11)");
    check(Kind::Comments, b"[\"a\",\"neutral\"]", "line 1: a JSON object is expected");
    check(Kind::Comments, b"{\"text\":\"a\",\"tone\":\"neutral\"}\n\xff", "line 2: not UTF-8");
    check(
        Kind::Titles,
        b"{\"title\":\"CEO\",\"current_title\":\"CEO\",\"function\":\"other\",\"is_current\":true}",
        "line 1: missing field `seniority` (column 74)",
    );
    let reply = b"{\"text\":\"a\",\"intent\":\"other\",\"sentiment\":\"neutral\",\"until\":null,\"received_at\":\"noon\"}";
    assert!(score(Kind::Replies, reply).unwrap_err().to_string().starts_with("line 1: failed to parse"));
}
