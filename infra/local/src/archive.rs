//! Backup and restore: store, queues, key and sandbox in one archive, safe while the home is running. A restore sets
//! aside what was there, and erases again whoever was erased since the backup. Rules: docs/rules.md, "Erasure".

use crate::home::TABLE;
use anyhow::{Context, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use rusqlite::Connection;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use store::Store;
use store::embedded::Embedded;
use store::erasure::Ledger;

/// The files of a data folder; the databases are copied by SQLite itself.
const DATABASES: [&str; 2] = ["store.db", "queue.db"];
const FILES: [&str; 2] = ["key", "sandbox.json"];
/// What SQLite may leave beside a database.
const LEFTOVERS: [&str; 3] = ["-wal", "-shm", "-journal"];
/// Held by whoever serves from the folder.
const LOCK: &str = "lock";

/// Writes the data folder `data` into the archive `file`.
///
/// # Errors
/// When there is nothing to save or the archive cannot be written.
pub fn backup(data: &Path, file: &Path) -> anyhow::Result<()> {
    if !data.join(DATABASES[0]).exists() {
        bail!("{} holds no data to back up", data.display());
    }
    let folder = file.with_extension("part");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let written = copy_and_pack(data, file, &folder);
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    written?;
    println!("Sauvegarde écrite\u{a0}: {}", file.display());
    Ok(())
}

fn copy_and_pack(data: &Path, file: &Path, folder: &Path) -> anyhow::Result<()> {
    // Queues first: a message about something not in the store yet does nothing, one that is missing comes by the due index.
    for name in DATABASES.iter().rev() {
        let copy = folder.join(name);
        let _old = std::fs::remove_file(&copy);
        let database = Connection::open(data.join(name)).with_context(|| format!("{name} cannot be opened"))?;
        database.busy_timeout(std::time::Duration::from_secs(30))?;
        database.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).with_context(|| format!("{name} cannot be copied"))?;
    }
    let archive = GzEncoder::new(
        File::create(file).with_context(|| format!("{} cannot be written", file.display()))?,
        Compression::default(),
    );
    let mut archive = tar::Builder::new(archive);
    for name in DATABASES {
        archive.append_path_with_name(folder.join(name), name)?;
    }
    for name in FILES {
        if data.join(name).exists() {
            archive.append_path_with_name(data.join(name), name)?;
        }
    }
    archive.into_inner()?.finish()?.sync_all()?;
    Ok(())
}

/// Makes the data folder and takes it for this process for as long as the answer lives, however the process ends. A second process in
/// it would take the first one's sends for interrupted ones.
///
/// # Errors
/// When the folder cannot be written to, or another process serves from it or puts a backup back into it.
pub fn hold(data: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    let lock = File::create(data.join(LOCK)).with_context(|| format!("{} cannot be written to", data.display()))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => {
            bail!("the data folder {} is used by another amorce: end that one first", data.display())
        }
        // A file system without locks: then nobody can be warned.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
    }
}

/// Puts the archive `file` into the data folder `data` at `now`. What was there is set aside, and the erasures it knew
/// of are applied to what comes back.
///
/// # Errors
/// When a process serves from the folder, or the archive is none of ours or damaged; then all is as before.
pub async fn restore(data: &Path, file: &Path, now: Timestamp) -> anyhow::Result<()> {
    let archive = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let _held = hold(data)?;
    let ledger = ledger_of(&data.join(DATABASES[0])).context("the erasures of the present data cannot be read")?;
    let fresh = data.join("restoring");
    let put_in = unpack_into(archive, &fresh);
    let applied = match put_in {
        Ok(()) => apply(&ledger, &fresh.join(DATABASES[0]), now).await,
        Err(e) => Err(e),
    };
    let Ok(applied) = applied else {
        let _gone = std::fs::remove_dir_all(&fresh);
        return applied.map(|_| ());
    };
    let aside = set_aside(data, now)?;
    move_all(&fresh, data)?;
    std::fs::remove_dir_all(&fresh).with_context(|| format!("{} cannot be removed", fresh.display()))?;
    println!("Données restaurées dans {}", data.display());
    if let Some(aside) = aside {
        println!(
            "Les données d’avant sont dans {}\u{a0}: supprimez ce dossier quand vous n’en avez plus besoin.",
            aside.display()
        );
    }
    if applied > 0 {
        println!("Effacements appliqués de nouveau\u{a0}: {applied}");
    }
    Ok(())
}

/// The erasures that a store's file knows of; none where there is no file.
fn ledger_of(database: &Path) -> anyhow::Result<Ledger> {
    if !database.exists() {
        return Ok(Ledger::default());
    }
    Ok(Ledger::of_items(&Embedded::open(database)?.every_item(TABLE)?)?)
}

async fn apply(ledger: &Ledger, database: &Path, now: Timestamp) -> anyhow::Result<usize> {
    if ledger.is_empty() {
        return Ok(0);
    }
    let store = Store::new(Embedded::open(database)?.table(TABLE).await?);
    store.apply_ledger(ledger, now).await.context("the erasures cannot be applied again")
}

/// Moves the present data into a folder of its own within the data folder; `None`: there was none.
fn set_aside(data: &Path, now: Timestamp) -> anyhow::Result<Option<PathBuf>> {
    if !data.join(DATABASES[0]).exists() {
        return Ok(None);
    }
    let aside = data.join(format!("before-{}", now.strftime("%Y%m%dT%H%M%SZ")));
    std::fs::create_dir_all(&aside).with_context(|| format!("{} cannot be made", aside.display()))?;
    move_all(data, &aside)?;
    Ok(Some(aside))
}

fn move_all(from: &Path, to: &Path) -> anyhow::Result<()> {
    let leftovers = DATABASES.iter().flat_map(|name| LEFTOVERS.iter().map(move |end| format!("{name}{end}")));
    for name in DATABASES.iter().chain(&FILES).map(|name| (*name).to_owned()).chain(leftovers) {
        if from.join(&name).exists() {
            std::fs::rename(from.join(&name), to.join(&name)).with_context(|| format!("{name} cannot be moved"))?;
        }
    }
    Ok(())
}

fn unpack_into(archive: File, folder: &Path) -> anyhow::Result<()> {
    let _old = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    unpack(archive, folder)
}

fn unpack(archive: File, data: &Path) -> anyhow::Result<()> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive));
    let mut seen = 0;
    for entry in archive.entries().context("this is no backup of Amorce")? {
        let mut entry = entry.context("the backup is damaged")?;
        let path = entry.path()?.into_owned();
        let known = path.to_str().filter(|name| DATABASES.contains(name) || FILES.contains(name));
        let Some(name) = known else { bail!("the backup holds an unknown file") };
        entry.unpack(data.join(name)).context("the backup is damaged")?;
        seen += usize::from(DATABASES.contains(&name));
    }
    if seen < DATABASES.len() {
        bail!("the backup is incomplete");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_takes_one_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = hold(folder.path()).expect("the first");
        let refused = hold(folder.path()).expect_err("the second").to_string();
        assert!(refused.contains("used by another amorce"), "{refused}");
        drop(held);
        hold(folder.path()).expect("after the first has ended");
    }
}
