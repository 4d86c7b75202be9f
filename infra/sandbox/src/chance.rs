//! Chance without randomness: numbers drawn from a seed and the names of things.
//!
//! The same seed and the same names always give the same number, whatever the
//! order of the calls, so a failing run replays exactly.

/// FNV-1a over the parts (separated), then a splitmix64 finish.
pub(crate) fn hash(seed: u64, parts: &[&str]) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325 ^ seed;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    finish(state)
}

fn finish(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number in `0.0..1.0`.
pub(crate) fn unit(seed: u64, parts: &[&str]) -> f64 {
    (hash(seed, parts) >> 11) as f64 / (1u64 << 53) as f64
}

/// A number below `n` (0 when `n` is 0).
pub(crate) fn below(seed: u64, parts: &[&str], n: usize) -> usize {
    match n as u64 {
        0 => 0,
        n => (hash(seed, parts) % n) as usize,
    }
}

/// Seconds between `low` and `high`, as likely to fall in any factor of ten as
/// in another: most people answer soon, some take days.
pub(crate) fn delay_seconds(seed: u64, parts: &[&str], low: f64, high: f64) -> i64 {
    let exponent = unit(seed, parts) * (high / low).ln();
    (low * exponent.exp()).round() as i64
}

/// `len` characters of the URL-safe base64 alphabet.
pub(crate) fn letters(seed: u64, parts: &[&str], len: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = hash(seed, parts);
    let mut text = String::with_capacity(len);
    for _ in 0..len {
        text.push(ALPHABET[(state >> 58) as usize] as char);
        state = finish(state);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_number_and_others_another() {
        assert_eq!(hash(1, &["a", "b"]), hash(1, &["a", "b"]));
        assert_ne!(hash(1, &["a", "b"]), hash(2, &["a", "b"]));
        assert_ne!(hash(1, &["ab"]), hash(1, &["a", "b"]));
        for n in 0..500 {
            let delay = delay_seconds(n, &["x"], 300.0, 345_600.0);
            assert!((300..=345_600).contains(&delay), "{delay}");
        }
        assert_eq!(letters(1, &["x"], 34).len(), 34);
    }
}
