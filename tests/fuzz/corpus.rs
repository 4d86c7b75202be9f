//! What mutation starts from: the labelled sets and recordings that the crates test with, and `corpus/<target>/`, where
//! every file is one input: shapes that no recording shows, and whatever was once found.

use crate::mutate::{Seed, Shape};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const LABELLED: &str = "shared/domain/testdata";
const RECORDED: &str = "shared/outbound/tests/data/linkup";
const TABLES: &str = "functions/console/testdata";
/// Rows of a list that are kept: the shape is in the first ones.
const ROWS: usize = 4;
/// Records of one piece of a table.
const RECORDS: usize = 8;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a folder in the order of their names; none where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// The field of every row of labelled sets.
pub fn labelled(sets: &[&str], field: &str) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for set in sets {
        let text = String::from_utf8(read(&root().join(LABELLED).join(set))).expect("labelled sets are text");
        let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a row"));
        texts.extend(rows.filter_map(|row| row[field].as_str().map(|text| text.as_bytes().to_vec())));
    }
    texts
}

/// The answers in folders of recordings, or single files of it, their lists cut short.
pub fn recorded(names: &[&str]) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for name in names {
        let path = root().join(RECORDED).join(name);
        let paths = if path.is_dir() { files(&path) } else { vec![path] };
        bodies.extend(paths.iter().map(|path| body(&read(path))));
    }
    bodies
}

/// A recording is a body, or an envelope that holds one as `body` or `body_raw`.
fn body(file: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(file).expect("recordings are JSON");
    for name in ["body", "body_raw"] {
        match value.get(name) {
            Some(Value::String(text)) => return text.as_bytes().to_vec(),
            Some(inner) if value.get("http_status").is_some() => {
                value = inner.clone();
                break;
            }
            _ => {}
        }
    }
    shorten(&mut value);
    value.to_string().into_bytes()
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(ROWS);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(map) => map.values_mut().for_each(shorten),
        _ => {}
    }
}

/// The recorded tables in pieces, each with its header.
pub fn tables() -> Vec<Vec<u8>> {
    let names = files(&root().join(TABLES)).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "csv"));
    names.flat_map(|path| pieces(&String::from_utf8(read(&path)).expect("tables are text"))).collect()
}

fn pieces(table: &str) -> Vec<Vec<u8>> {
    let (header, rest) = table.split_once('\n').expect("a header");
    let lines: Vec<&str> = rest.split('\n').collect();
    lines.chunks(RECORDS).map(|lines| format!("{header}\n{}", lines.join("\n")).into_bytes()).collect()
}

/// All that a target starts from: what is `known` elsewhere, and its own folder.
pub fn seeds(target: &str, shape: Shape, known: Vec<Vec<u8>>) -> Vec<Seed> {
    let own = files(&root().join("tests/fuzz/corpus").join(target)).into_iter().map(|path| read(&path));
    known.into_iter().chain(own).map(|bytes| Seed::new(bytes, shape)).collect()
}
