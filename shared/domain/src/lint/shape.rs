//! The outer shape of a text: length, lines, exclamation marks, SMS segments.

use crate::vocabulary::Channel;
use std::ops::{Range, RangeInclusive};

/// How many lines a text may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    Free,
    /// Lines that are not empty, signature counted.
    Within(RangeInclusive<usize>),
}

/// The lengths allowed on a channel in UTF-16 units, and its lines; `None` for a visit, which carries no text.
///
/// Source: docs/rules.md, “Lint”.
pub fn limits(channel: Channel, note_limit: usize) -> Option<(RangeInclusive<usize>, Lines)> {
    match channel {
        Channel::LinkedInInvitation => Some((40..=note_limit, Lines::Free)),
        Channel::LinkedInMessage => Some((80..=600, Lines::Within(3..=6))),
        Channel::Email => Some((80..=700, Lines::Within(3..=6))),
        Channel::Sms => Some((40..=160, Lines::Free)),
        Channel::LinkedInVisit => None,
    }
}

/// The marks “!” from the second on, in bytes.
pub fn exclamations(text: &str) -> Vec<Range<usize>> {
    text.char_indices().filter(|(_, c)| matches!(c, '!' | '！' | '‼')).skip(1).map(|(at, c)| at..at + c.len_utf8()).collect()
}

/// Lines that hold something.
pub fn filled_lines(text: &str) -> usize {
    text.lines().filter(|l| !l.trim().is_empty()).count()
}

/// The length of `text` as LinkedIn counts it, in UTF-16 units.
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Characters of the GSM 03.38 basic set, one septet each.
const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Characters of its extension table, two septets each.
const GSM_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How many SMS a text is sent as: 160 septets in one, 153 in each of several; 70 and 67 units when a character lies
/// outside the GSM alphabet. An empty text is none.
pub fn sms_segments(text: &str) -> usize {
    let septets = text.chars().try_fold(0, |sum, c| match c {
        c if GSM_BASIC.contains(c) => Some(sum + 1),
        c if GSM_EXTENDED.contains(c) => Some(sum + 2),
        _ => None,
    });
    let (units, alone, joined) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (utf16_len(text), 70, 67),
    };
    match units {
        0 => 0,
        units if units <= alone => 1,
        units => usize::div_ceil(units, joined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_as_its_channel_counts() {
        assert_eq!(utf16_len("é👍"), 3);
        let check = |text: String, expected: usize| assert_eq!(sms_segments(&text), expected, "{text}");
        check(String::new(), 0);
        check("a".repeat(160), 1);
        check("a".repeat(161), 2);
        check("€".repeat(81), 2);
        check("ê".repeat(70), 1);
        check("ê".repeat(71), 2);
        check("’".repeat(135), 3);
    }
}
