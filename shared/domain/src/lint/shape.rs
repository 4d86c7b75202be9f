//! The outer shape of a text: length, lines, exclamation marks, SMS segments.

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
