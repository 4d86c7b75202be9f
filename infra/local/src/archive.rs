//! Backup and restore: store, queues, key and sandbox in one archive, safe while the home is running.

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rusqlite::Connection;
use std::fs::File;
use std::path::Path;

/// The files of a data folder; the databases are copied by SQLite itself.
const DATABASES: [&str; 2] = ["store.db", "queue.db"];
const FILES: [&str; 2] = ["key", "sandbox.json"];

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

/// Puts the archive `file` into the data folder `data`, which must hold no data.
///
/// # Errors
/// When the folder holds data, or the archive is none of ours or damaged; nothing is left behind then.
pub fn restore(data: &Path, file: &Path) -> anyhow::Result<()> {
    if data.join(DATABASES[0]).exists() {
        bail!("{} already holds data: move it away first", data.display());
    }
    let archive = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    let unpacked = unpack(archive, data);
    if unpacked.is_err() {
        for name in DATABASES.iter().chain(&FILES) {
            let _gone = std::fs::remove_file(data.join(name));
        }
    }
    unpacked?;
    println!("Données restaurées dans {}", data.display());
    Ok(())
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
