//! Where the next page of a list starts, for vendors that tell a cursor: it travels in the fragment of the address that
//! the caller asks the next page with, so that a list can be gone on with by another process.

use url::form_urlencoded::{byte_serialize, parse};

const MARK: &str = "#after=";
/// Longest cursor taken over, in bytes.
const CURSOR_MAX_BYTES: usize = 4_000;

/// The address with where the next page starts; one that is too long is none.
pub(crate) fn with_cursor(address: &str, cursor: Option<&str>) -> String {
    match cursor.filter(|cursor| !cursor.is_empty() && cursor.len() <= CURSOR_MAX_BYTES) {
        Some(cursor) => {
            let written: String = byte_serialize(cursor.as_bytes()).collect();
            format!("{}{MARK}{written}", address_of(address))
        }
        None => address_of(address).to_owned(),
    }
}

/// The address alone.
pub(crate) fn address_of(address: &str) -> &str {
    address.split_once(MARK).map_or(address, |(address, _)| address)
}

/// Where the page asked for starts; the first page of a list has no cursor.
pub(crate) fn cursor_of(address: &str, page: u32) -> Option<String> {
    let (_, cursor) = address.split_once(MARK).filter(|_| page > 1)?;
    parse(format!("c={cursor}").as_bytes()).next().map(|(_, cursor)| cursor.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_travels_with_the_address() {
        for cursor in ["abc", "eyJ+/=#after=é", "a&b=c d"] {
            let whole = with_cursor("https://x/posts/1", Some(cursor));
            assert_eq!((address_of(&whole), cursor_of(&whole, 2).as_deref()), ("https://x/posts/1", Some(cursor)));
            assert_eq!(cursor_of(&whole, 1), None, "a list begins without one");
            assert_eq!(with_cursor(&whole, None), "https://x/posts/1");
        }
        assert_eq!(cursor_of("https://x/posts/1", 2), None);
        assert_eq!(with_cursor("x", Some(&"c".repeat(5_000))), "x");
    }
}
