//! The body of an item: JSON, deflated where that is shorter, against a dictionary of what bodies look like, so that
//! a head stays under one write unit (ARCHITECTURE.md, "The table").

use crate::error::StoreError;
use crate::record::Key;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::RefCell;

/// Bodies above this many bytes of JSON are compressed.
const PLAIN_MAX_BYTES: usize = 160;
/// A body never inflates beyond this many bytes (DynamoDB itself stops at 400 kB an item).
const INFLATED_MAX_BYTES: usize = 4 * 1024 * 1024;

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
/// When the text is not UTF-8 or cannot be compressed.
pub fn pack(json: Vec<u8>, key: &Key) -> Result<AttributeValue, StoreError> {
    if json.len() <= PLAIN_MAX_BYTES {
        return String::from_utf8(json).map(AttributeValue::S).map_err(|_| StoreError::corrupt("body is not UTF-8"));
    }
    let packed = DEFLATE.with_borrow_mut(|deflate| deflated(deflate, dictionary(key).as_bytes(), &json));
    let packed = packed.map_err(|e| StoreError::corrupt(&e.to_string()))?;
    Ok(AttributeValue::B(Blob::new(packed)))
}

thread_local! {
    /// Kept for the next body: its tables are a quarter of a megabyte.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::best(), false));
}

/// `json`, deflated as it would follow `known`, behind the mark.
fn deflated(deflate: &mut Compress, known: &[u8], json: &[u8]) -> Result<Vec<u8>, flate2::CompressError> {
    deflate.reset();
    deflate.set_dictionary(known)?;
    let mut packed = vec![MARK];
    loop {
        packed.reserve(json.len() / 2 + 64);
        let taken = usize::try_from(deflate.total_in()).unwrap_or(usize::MAX);
        let rest = json.get(taken..).unwrap_or_default();
        if deflate.compress_vec(rest, &mut packed, FlushCompress::Finish)? == Status::StreamEnd {
            return Ok(packed);
        }
    }
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

/// Inflates `tail` as it would follow `known`.
fn inflate_after(known: &[u8], tail: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = |e: &dyn std::fmt::Display| StoreError::corrupt(&e.to_string());
    let mut inflate = Decompress::new(false);
    if !known.is_empty() {
        inflate.set_dictionary(known).map_err(|e| damaged(&e))?;
    }
    let mut bytes = Vec::with_capacity(4 * tail.len());
    loop {
        bytes.reserve(4 * tail.len() + 64);
        let (taken, grown) = (inflate.total_in(), inflate.total_out());
        let rest = usize::try_from(taken).ok().and_then(|taken| tail.get(taken..)).unwrap_or_default();
        let status = inflate.decompress_vec(rest, &mut bytes, FlushDecompress::None).map_err(|e| damaged(&e))?;
        if status == Status::StreamEnd {
            return Ok(bytes);
        }
        let stands_still = inflate.total_in() == taken && inflate.total_out() == grown;
        if stands_still || bytes.len() > INFLATED_MAX_BYTES {
            return Err(damaged(&"cut off, or too large"));
        }
    }
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
        use std::io::Write;
        let json = "\"a body of an earlier release\"".repeat(20);
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(json.as_bytes()).unwrap();
        let packed = AttributeValue::B(Blob::new(encoder.finish().unwrap()));
        assert_eq!(unpack(Some(&packed), &Key::new("ws_1", "head")).unwrap(), json.as_bytes());
    }

    #[test]
    fn a_body_packed_by_another_encoder_still_reads() {
        // By zlib, with the dictionary pushed through the window, as the first releases did.
        let packed = [
            0x07, 0x83, 0xa7, 0x3b, 0x47, 0x60, 0xf7, 0xcb, 0x27, 0x11, 0x54, 0xe8, 0x96, 0x28, 0x11, 0x5d, 0xe1, 0x38, 0x15,
            0x01, 0x1b, 0x77, 0x39, 0xe0, 0xe1, 0x32, 0xcc, 0xa8, 0x80, 0xba, 0x4d, 0x29, 0x11, 0xd4, 0xf9, 0x05, 0x09, 0x80,
            0x06, 0x35, 0x41, 0x83, 0x71, 0x2b, 0x47, 0x16, 0x54, 0xaa, 0x05, 0x00,
        ];
        let json = format!(
            r#"{{"name":"Ada Lambert","headline":"Directrice commerciale chez Brumelis","sources":["hot"],"tags":["a","b"],"note":"{}"}}"#,
            "é".repeat(120)
        );
        let read = unpack(Some(&AttributeValue::B(Blob::new(packed))), &Key::new("ws_1#prospect#pro_1", "head")).unwrap();
        assert_eq!(String::from_utf8(read).unwrap(), json);
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
