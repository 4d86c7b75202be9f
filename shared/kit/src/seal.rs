//! Sealing of secrets at rest: AES-256-GCM under a key from the environment or a key file.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

const NONCE_BYTES: usize = 12;

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not 32 bytes in base64.
    #[error("the sealing key is not 32 bytes in base64")]
    Key,
    /// The sealed text is not ours, or was made with another key or for another purpose.
    #[error("a sealed secret cannot be opened with this key")]
    Open,
    /// The system gives no randomness.
    #[error("no randomness")]
    Random,
}

/// Seals and opens secrets. Its key never shows.
#[derive(Clone)]
pub struct Sealer(Aes256Gcm);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// A sealer under a base64 key of 32 bytes.
    ///
    /// # Errors
    /// [`SealError::Key`] for any other key.
    pub fn new(key: &SecretString) -> Result<Self, SealError> {
        let bytes = STANDARD.decode(key.expose_secret().trim()).map_err(|_| SealError::Key)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| SealError::Key)?;
        Ok(Self(Aes256Gcm::new(&Key::<Aes256Gcm>::from(bytes))))
    }

    /// A new random key in base64.
    ///
    /// # Errors
    /// [`SealError::Random`] when the system gives no randomness.
    pub fn new_key() -> Result<SecretString, SealError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|_| SealError::Random)?;
        Ok(SecretString::from(STANDARD.encode(bytes)))
    }

    /// Seals `secret` for `purpose` (what it belongs to): it opens for that purpose only.
    ///
    /// # Errors
    /// [`SealError::Random`] when the system gives no randomness.
    pub fn seal(&self, secret: &SecretString, purpose: &str) -> Result<String, SealError> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| SealError::Random)?;
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Key)?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for `purpose`.
    ///
    /// # Errors
    /// [`SealError::Open`] for anything else.
    pub fn open(&self, sealed: &str, purpose: &str) -> Result<SecretString, SealError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| SealError::Open)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or(SealError::Open)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError::Open)?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let opened = self.0.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Open)?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| SealError::Open)
    }
}

/// `bytes` random bytes in lower-case hex, for tokens nobody may guess.
///
/// # Errors
/// [`SealError::Random`] when the system gives no randomness.
pub fn random_hex(bytes: usize) -> Result<String, SealError> {
    let mut buffer = vec![0_u8; bytes];
    getrandom::fill(&mut buffer).map_err(|_| SealError::Random)?;
    Ok(buffer.iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_purpose_and_key_only() {
        let sealer = Sealer::new(&Sealer::new_key().unwrap()).unwrap();
        let sealed = sealer.seal(&SecretString::from("token"), "acc_1").unwrap();
        assert_eq!(sealer.open(&sealed, "acc_1").unwrap().expose_secret(), "token");
        assert_eq!(sealer.open(&sealed, "acc_2").unwrap_err(), SealError::Open);
        let other = Sealer::new(&Sealer::new_key().unwrap()).unwrap();
        assert_eq!(other.open(&sealed, "acc_1").unwrap_err(), SealError::Open);
        assert_eq!(sealer.open("rubbish", "acc_1").unwrap_err(), SealError::Open);
        assert!(!sealed.contains("token"));
    }
}
