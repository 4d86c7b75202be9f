//! The body of an item: JSON, deflated where that is shorter, against a dictionary of what bodies look like, so that
//! a head stays under one write unit (ARCHITECTURE.md, "The table").

use crate::deflate::{Dictionary, deflate};
use crate::error::StoreError;
use crate::record::Key;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::read::DeflateDecoder;
use std::io::Read;
use std::sync::LazyLock;

/// Bodies above this many bytes of JSON are compressed.
const PLAIN_MAX_BYTES: usize = 160;
/// A body never inflates beyond this many bytes (DynamoDB itself stops at 400 kB an item).
const INFLATED_MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What bodies look like, the most frequent last. Stored bodies refer to it: it never changes; a better one is added
/// under a new mark.
const DICTIONARY: &str = include_str!("dictionary.txt");
/// The first byte of a body packed with [`DICTIONARY`]. No deflate stream starts so: its lowest three bits would be a
/// block of the reserved type.
const MARK: u8 = 0b0000_0111;

/// The dictionary of one item: its own key is repeated in most bodies.
fn dictionary(key: &Key) -> String {
    format!("{DICTIONARY}{}{}", key.sk, key.pk)
}

/// Packs the JSON text `json` of the item at `key`.
///
/// # Errors
/// When the text is not UTF-8.
pub fn pack(json: Vec<u8>, key: &Key) -> Result<AttributeValue, StoreError> {
    if json.len() <= PLAIN_MAX_BYTES {
        return String::from_utf8(json).map(AttributeValue::S).map_err(|_| StoreError::corrupt("body is not UTF-8"));
    }
    static KNOWN: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::new(DICTIONARY.as_bytes()));
    let mut packed = Vec::with_capacity(json.len() / 2);
    packed.push(MARK);
    deflate(&KNOWN, format!("{}{}", key.sk, key.pk).as_bytes(), &json, &mut packed);
    Ok(AttributeValue::B(Blob::new(packed)))
}

/// Reads the JSON text of the item at `key` back.
///
/// # Errors
/// A body that is missing, damaged, or larger than any body may be.
pub fn unpack(body: Option<&AttributeValue>, key: &Key) -> Result<Vec<u8>, StoreError> {
    match body {
        Some(AttributeValue::S(text)) => Ok(text.clone().into_bytes()),
        Some(AttributeValue::B(blob)) => match blob.as_ref() {
            [MARK, tail @ ..] => inflate_after(dictionary(key).as_bytes(), tail),
            packed => inflate_after(&[], packed),
        },
        _ => Err(StoreError::corrupt("item without body")),
    }
}

/// Inflates `tail` as it would follow `known`, which stands before it as a stored block.
fn inflate_after(known: &[u8], tail: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut stream = Vec::with_capacity(known.len() + tail.len() + 5);
    if !known.is_empty() {
        let length = u16::try_from(known.len()).map_err(|_| StoreError::corrupt("dictionary too long"))?;
        stream.push(0);
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(known);
    }
    stream.extend(tail);
    let mut bytes = Vec::new();
    let most = INFLATED_MAX_BYTES + known.len() as u64;
    let read = DeflateDecoder::new(stream.as_slice()).take(most).read_to_end(&mut bytes);
    read.map_err(|e| StoreError::corrupt(&e.to_string()))?;
    Ok(bytes.split_off(known.len().min(bytes.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> usize {
        let key = Key::new("ws_1#prospect#pro_1", "head");
        let packed = pack(json.as_bytes().to_vec(), &key).unwrap();
        assert_eq!(unpack(Some(&packed), &key).unwrap(), json.as_bytes());
        match packed {
            AttributeValue::S(text) => text.len(),
            AttributeValue::B(blob) => blob.as_ref().len(),
            _ => unreachable!(),
        }
    }

    #[test]
    fn every_body_reads_back() {
        check("{}");
        check(&format!("{{\"text\":\"{}\"}}", "é".repeat(200)));
        // Longer than the window, and hardly compressible.
        let noise: String =
            (0..40_000_u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 13) as u8 % 26)).collect();
        check(&format!("\"{noise}\""));
        let known = check(&DICTIONARY[..DICTIONARY.char_indices().nth(1_000).unwrap().0]);
        assert!(known < 40, "{known} bytes of a body that stands in the dictionary");
    }

    #[test]
    fn a_body_packed_without_a_dictionary_still_reads() {
        use flate2::Compression;
        use std::io::Write;
        let json = "\"a body of an earlier release\"".repeat(20);
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(json.as_bytes()).unwrap();
        let packed = AttributeValue::B(Blob::new(encoder.finish().unwrap()));
        assert_eq!(unpack(Some(&packed), &Key::new("ws_1", "head")).unwrap(), json.as_bytes());
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        let key = Key::new("ws_1", "head");
        assert!(unpack(None, &key).is_err());
        assert!(unpack(Some(&AttributeValue::B(Blob::new([MARK, 0xff, 0xff, 0xff]))), &key).is_err());
        let AttributeValue::B(whole) = pack(DICTIONARY.as_bytes().to_vec(), &key).unwrap() else { unreachable!() };
        let cut = AttributeValue::B(Blob::new(&whole.as_ref()[..whole.as_ref().len() - 3]));
        assert!(unpack(Some(&cut), &key).is_err());
    }
}
