//! Files that must be whole or not there: the sealing key (mode 0600) and the sandbox's state.

use anyhow::Context;
use kit::seal::Sealer;
use secrecy::{ExposeSecret, SecretString};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The key in `path`, made at the first start.
///
/// # Errors
/// When the file can be neither read nor made.
pub fn read_or_make(path: &Path) -> anyhow::Result<SecretString> {
    if let Ok(key) = std::fs::read_to_string(path) {
        return Ok(SecretString::from(key.trim().to_owned()));
    }
    let key = Sealer::new_key()?;
    write_whole(path, key.expose_secret().as_bytes())?;
    Ok(key)
}

/// Writes a file so that a reader finds the old content or the new one, never half of it.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write_whole(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let fresh = path.with_extension("new");
    let mut file: File = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .with_context(|| format!("{} cannot be written", fresh.display()))?;
    file.write_all(content)?;
    file.sync_data()?;
    std::fs::rename(&fresh, path).with_context(|| format!("{} cannot be replaced", path.display()))
}
