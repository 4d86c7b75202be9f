//! Vendors' texts made fit for errors: without what we told them in confidence, in one line, cut.

use secrecy::{ExposeSecret, SecretString};

use crate::linkedin::MESSAGE_MAX_CHARS;

/// The text without `secrets`, in one line, at most [`MESSAGE_MAX_CHARS`] characters.
pub fn presentable<'a>(message: &str, secrets: impl Iterator<Item = &'a SecretString>) -> String {
    let mut text = message.to_owned();
    for secret in secrets {
        let secret = secret.expose_secret().trim();
        if !secret.is_empty() {
            text = text.replace(secret, "[…]");
        }
    }
    let line = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    line.take(MESSAGE_MAX_CHARS).collect::<String>().trim().to_owned()
}
