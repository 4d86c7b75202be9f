//! `amorce import FILE [--workspace ID]`: people from a file, straight into the data folder.

use crate::home::Home;
use console::import::{FileContent, file, followed};
use domain::ids::{JobId, WorkspaceId};
use domain::job::queue;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// How the command is called.
pub const USAGE: &str = "amorce import FILE [--workspace ID]";

/// What the command was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    pub file: &'a Path,
    pub workspace: Option<&'a str>,
}

/// Reads the command line.
///
/// # Errors
/// Arguments that are none of this command.
pub fn asked<'a>(arguments: &[&'a str]) -> Result<Asked<'a>, String> {
    match arguments {
        [file] if !file.starts_with("--") => Ok(Asked { file: Path::new(*file), workspace: None }),
        [file, "--workspace", id] | ["--workspace", id, file] if !file.starts_with("--") => {
            Ok(Asked { file: Path::new(*file), workspace: Some(*id) })
        }
        _ => Err(format!("usage: {USAGE}")),
    }
}

/// Reads a file: JSON where it begins like JSON (`{"items":[…]}`, a list, or one object a line), else a table.
///
/// # Errors
/// A file that cannot be read, is not UTF-8, is empty, or begins like JSON and is none.
pub fn content(path: &Path) -> Result<FileContent, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
    let text =
        String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8: save it as “CSV UTF-8” and try again", path.display()))?;
    let bare = text.trim_start_matches('\u{feff}').trim();
    if bare.is_empty() {
        return Err(format!("{} is empty", path.display()));
    }
    if bare.starts_with(['{', '[']) {
        return items(bare).map(FileContent::Json).map_err(|why| format!("{}: {why}", path.display()));
    }
    Ok(FileContent::Table(text))
}

fn items(text: &str) -> Result<Value, String> {
    let whole: Result<Value, _> = serde_json::from_str(text);
    match whole {
        Ok(Value::Array(items)) => Ok(json!({"items": items})),
        Ok(document) if document.get("items").is_some() => Ok(document),
        Ok(one) => Ok(json!({"items": [one]})),
        // More than one document: one a line.
        Err(e) if text.starts_with('{') && e.is_syntax() && text.lines().next().is_some_and(is_json) => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let read = lines.map(|(place, line)| {
                serde_json::from_str(line).map_err(|e: serde_json::Error| format!("line {}: no JSON: {e}", place + 1))
            });
            Ok(json!({"items": read.collect::<Result<Vec<Value>, String>>()?}))
        }
        Err(e) => Err(format!("no JSON: {e}")),
    }
}

fn is_json(line: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
}

/// What came of an import: a page to print, and whether anybody was taken in.
#[derive(Debug)]
pub struct Done {
    pub page: String,
    pub somebody: bool,
}

/// Imports what was asked for into a home.
///
/// # Errors
/// A file that cannot be used as a whole, no workspace or a choice of several, or the store's failure.
pub async fn import(home: &Home, asked: &Asked<'_>, progress: Progress<'_>) -> Result<Done, String> {
    let workspace = workspace(home, asked.workspace).await?;
    let content = content(asked.file)?;
    let id = file(home.console.clone(), &workspace, content).await?;
    let result = work_through(home, &workspace, &id, progress).await?;
    let count = |name: &str| result[name].as_u64().unwrap_or(0);
    Ok(Done { page: page(&result), somebody: count("accepted") + count("merged") > 0 })
}

/// Is told how many rows are done, and of how many.
pub type Progress<'p> = &'p (dyn Fn(u64, u64) + Send + Sync);

/// Takes the rows in until none is left: nobody else works in this folder. What follows of it, reading the people and
/// deciding about them, waits for the next start.
async fn work_through(home: &Home, workspace: &WorkspaceId, id: &JobId, progress: Progress<'_>) -> Result<Value, String> {
    let finder = home.handlers.iter().find(|(name, _)| *name == queue::FIND).ok_or("nobody takes rows in")?;
    loop {
        let worked = home.work(queue::FIND, &finder.1, 1).await.map_err(|e| e.to_string())?;
        let job = followed(home.console.clone(), workspace, id).await?;
        progress(job.done, job.total);
        match job.status.as_str() {
            "done" => return Ok(job.result),
            "failed" => return Err(job.result["failure"].as_str().unwrap_or("the import ended early").to_owned()),
            // The message waits for its instant, another one was before it, or it was lost and the clock brings it back.
            _ if worked == 0 => {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                home.tick().await.map_err(|e| e.to_string())?;
            }
            _ => {}
        }
    }
}

/// The workspace named, or the only one.
async fn workspace(home: &Home, named: Option<&str>) -> Result<WorkspaceId, String> {
    if let Some(name) = named {
        let unknown = || format!("there is no workspace {name}");
        let id = WorkspaceId::parse(name).ok_or_else(unknown)?;
        let found = home.store.workspace(&id).await.map_err(|e| e.to_string())?;
        return found.map(|w| w.item.id).ok_or_else(unknown);
    }
    let known = workspaces(home).await.map_err(|e| e.to_string())?;
    match known.as_slice() {
        [] => Err("there is no workspace yet: start amorce once".to_owned()),
        [(id, _)] => Ok(id.clone()),
        several => {
            let mut said = "there are several workspaces: choose one with --workspace".to_owned();
            for (id, name) in several {
                said.push_str(&format!("\n  {id}  {name}"));
            }
            Err(said)
        }
    }
}

/// The first workspace, and all that its members and theirs belong to, with their names.
async fn workspaces(home: &Home) -> Result<Vec<(WorkspaceId, String)>, store::StoreError> {
    let mut waiting: Vec<WorkspaceId> = home.store.bootstrap().await?.into_iter().collect();
    let (mut known, mut asked) = (Vec::new(), BTreeSet::new());
    while let Some(id) = waiting.pop() {
        if known.iter().any(|(other, _)| *other == id) {
            continue;
        }
        let Some(found) = home.store.workspace(&id).await? else { continue };
        known.push((id.clone(), found.item.settings.name.clone()));
        for member in home.store.members(&id).await? {
            if asked.insert(member.email.clone()) {
                waiting.extend(home.store.workspaces_of(&member.email).await?);
            }
        }
    }
    Ok(known)
}

fn page(result: &Value) -> String {
    let list = |name: &str| result[name].as_array().cloned().unwrap_or_default();
    let (rejected, warnings) = (list("rejected"), list("warnings"));
    let mut page = String::new();
    // Writing into a text cannot fail.
    let _written = writeln!(
        page,
        "accepted {}\nmerged   {}\nrejected {}\nwarnings {}",
        result["accepted"],
        result["merged"],
        rejected.len(),
        warnings.len()
    );
    for (title, key, rows) in [("rejected", "reason", rejected), ("warnings", "warning", warnings)] {
        if !rows.is_empty() {
            let _written = writeln!(page, "\n{title}");
        }
        for row in rows {
            let field = row["field"].as_str().filter(|f| !f.is_empty()).map(|f| format!(" ({f})")).unwrap_or_default();
            let _written = writeln!(page, "  row {}: {}{field}", row["row"], row[key].as_str().unwrap_or_default());
        }
    }
    page
}
