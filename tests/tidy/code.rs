//! House rules of the code that a reader would otherwise have to watch.

use crate::{check, functions, rust_files, template::root};
use std::path::Path;

const MAIN_MAX_LINES: usize = 30;

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 5] = ["utils", "util", "common", "helpers", "manager"];

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn all_rust_files() -> Vec<(String, String)> {
    let folders = ["functions", "shared", "infra", "tests"];
    let files = folders.iter().flat_map(|folder| rust_files(&root().join(folder)));
    files.map(|(path, text)| (shown(&path), text)).collect()
}

#[test]
fn main_wires_and_nothing_else() {
    let mut complaints = Vec::new();
    for function in functions() {
        let path = format!("functions/{function}/src/main.rs");
        let lines = std::fs::read_to_string(root().join(&path)).expect("every function has a main").lines().count();
        if lines > MAIN_MAX_LINES {
            complaints.push(format!("{path} has {lines} lines, more than {MAIN_MAX_LINES}"));
        }
    }
    check("main.rs of a function only wires", complaints);
}

#[test]
fn nothing_is_left_unfinished() {
    // Built here, so that this file does not find itself.
    let marks = ["dbg", "todo", "unimplemented"].map(|word| format!("{word}!("));
    let files = all_rust_files();
    let found = files.iter().flat_map(|(path, text)| {
        marks.iter().filter(|mark| text.contains(mark.as_str())).map(move |mark| format!("{path}: {mark}…)"))
    });
    check("nothing is left unfinished", found.collect());
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = all_rust_files().into_iter().filter(|(_, text)| !text.starts_with("//! "));
    check("every file starts by saying what it is for", silent.map(|(path, _)| path).collect());
}

#[test]
fn modules_are_named_for_what_they_hold() {
    let empty = |path: &str| path.split(['/', '.']).any(|part| EMPTY_NAMES.contains(&part));
    let named = all_rust_files().into_iter().map(|(path, _)| path).filter(|path| empty(path));
    check("modules are named for what they hold", named.collect());
}
