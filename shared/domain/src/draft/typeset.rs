//! Typography of a text that is about to be read: apostrophes, blanks that do not break, quotation marks.

use super::Region;
use crate::language::Language;
use crate::vocabulary::Channel;

const NBSP: char = '\u{a0}';

/// `text`, written with plain blanks, as its language, region and channel print it.
///
/// An SMS keeps to the characters of the GSM alphabet where it can: typographic ones would cut its length by half.
pub fn typeset(text: &str, language: Language, region: Region, channel: Channel) -> String {
    if channel == Channel::Sms {
        let plain =
            text.replace("« ", "\"").replace(" »", "\"").replace(['“', '”'], "\"").replace(['’', '‘'], "'").replace('…', "...");
        return if language == Language::Fr && region == Region::Canada { close_up(&plain) } else { plain };
    }
    let text = text.replace('\'', "’");
    if language != Language::Fr {
        return text;
    }
    let text = if region == Region::Canada { close_up(&text) } else { text };
    let chars: Vec<char> = text.chars().collect();
    let at = |i: Option<usize>| i.and_then(|i| chars.get(i)).copied().unwrap_or('\n');
    chars
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let (before, after) = (at(i.checked_sub(1)), at(i.checked_add(1)));
            let mark = ":;?!»%€".contains(after) || before == '«';
            let hour = (before.is_ascii_digit() && after == 'h' && !at(i.checked_add(2)).is_alphabetic())
                || (before == 'h' && after.is_ascii_digit() && i > 2 && at(i.checked_sub(3)).is_ascii_digit());
            if *c == ' ' && (mark || hour) { NBSP } else { *c }
        })
        .collect()
}

/// Québec sets no blank before ? ! and ;
fn close_up(text: &str) -> String {
    text.replace(" ?", "?").replace(" !", "!").replace(" ;", ";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_its_typography() {
        let check = |text: &str, language, region, channel, expected: &str| {
            assert_eq!(typeset(text, language, region, channel).replace(NBSP, "~"), expected);
        };
        let text = "L'avis « a b » : 10 h 30 ou 14 h ?";
        check(text, Language::Fr, Region::Europe, Channel::Email, "L’avis «~a b~»~: 10~h~30 ou 14~h~?");
        check(text, Language::Fr, Region::Canada, Channel::Email, "L’avis «~a b~»~: 10~h~30 ou 14~h?");
        check(text, Language::Fr, Region::Europe, Channel::Sms, "L'avis \"a b\" : 10 h 30 ou 14 h ?");
        check("It's “a”?", Language::En, Region::Europe, Channel::Email, "It’s “a”?");
    }
}
