//! Tidy: what must hold between the files of the repository, whoever changes them.

mod arrows;
mod code;
mod events;
mod home;
mod template;

use std::path::{Path, PathBuf};

/// Names of the functions: the folders of `functions/`.
fn functions() -> Vec<String> {
    let entries = std::fs::read_dir(template::root().join("functions")).expect("functions/ is there");
    let folders = entries.map(|e| e.expect("readable").path()).filter(|p| p.join("Cargo.toml").exists());
    let mut names: Vec<String> = folders.map(|p| p.file_name().expect("named").to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(names.len() >= 11, "functions/ has lost some of its crates: {names:?}");
    names
}

/// Every Rust file below `folder`, with its text.
fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|e| e.expect("readable").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("Rust files are UTF-8");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// Fails with every line of `complaints`, so that one run shows all there is to put right.
fn check(rule: &str, complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{rule}:\n  {}", complaints.join("\n  "));
}
