//! The event files: real shapes, one or more per function, each used by a test.

use crate::{check, functions, rust_files, template::root};
use serde_json::Value;

#[test]
fn every_event_file_is_of_a_function_and_used_by_a_test() {
    let functions = functions();
    let mut sources = rust_files(&root().join("functions"));
    sources.extend(rust_files(&root().join("tests")));
    let mut complaints = Vec::new();
    let mut covered = Vec::new();
    for entry in std::fs::read_dir(root().join("events")).expect("events/ is there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("named").to_string_lossy().into_owned();
        let parts: Vec<&str> = name.split('.').collect();
        match parts[..] {
            [function, _case, "json"] if functions.iter().any(|f| f == function) => covered.push(function.to_owned()),
            _ => complaints.push(format!("events/{name} is not named <function>.<case>.json")),
        }
        let text = std::fs::read_to_string(&path).expect("event files are UTF-8");
        if serde_json::from_str::<Value>(&text).is_err() {
            complaints.push(format!("events/{name} is not JSON"));
        }
        if !sources.iter().any(|(_, text)| text.contains(&name)) {
            complaints.push(format!("events/{name} is used by no test"));
        }
    }
    let missing = functions.iter().filter(|f| !covered.contains(f));
    complaints.extend(missing.map(|f| format!("events/ has no event of {f}")));
    check("every event file is of a function and used by a test", complaints);
}
