//! Ways to leave the conversation that a text holds: links, e-mail addresses, phone numbers.

use std::ops::Range;

/// Endings that make a bare “name.ending” a link rather than a forgotten blank.
const ENDINGS: &[&str] = &[
    "com", "fr", "ca", "net", "org", "io", "co", "example", "link", "ly", "me", "app", "dev", "eu", "uk", "be", "ch", "de",
    "info", "biz", "page", "site", "online", "shop", "ai", "gg", "to", "us", "quebec", "paris",
];

/// What was found, each with its place in bytes.
#[derive(Debug, Default)]
pub struct Contacts {
    pub links: Vec<Range<usize>>,
    pub emails: Vec<Range<usize>>,
    pub phones: Vec<Range<usize>>,
}

impl Contacts {
    pub fn find(text: &str) -> Self {
        let mut contacts = Self { phones: phones(text), ..Self::default() };
        for piece in text.split(|c: char| c.is_whitespace() || "«»“”\"<>()[]".contains(c)) {
            let word = piece.trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '\'', '’']);
            let start = piece.as_ptr() as usize - text.as_ptr() as usize;
            let span = start..start + word.len();
            if is_email(word) {
                contacts.emails.push(span);
            } else if is_link(word) {
                contacts.links.push(span);
            }
        }
        contacts.phones.retain(|p| !contacts.links.iter().chain(&contacts.emails).any(|l| l.start < p.end && p.start < l.end));
        contacts
    }

    /// All of them, to be left out when the words are read.
    pub fn spans(&self) -> Vec<Range<usize>> {
        [&self.links, &self.emails, &self.phones].into_iter().flatten().cloned().collect()
    }
}

/// `text` without the links, addresses and numbers it holds.
pub fn mask(text: &str) -> String {
    let mut spans = Contacts::find(text).spans();
    spans.sort_by_key(|r| r.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        if span.start >= at {
            out.push_str(&text[at..span.start]);
            out.push(' ');
            at = span.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

fn is_email(word: &str) -> bool {
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !name.contains('/') && host_has_ending(host, 1))
}

fn is_link(word: &str) -> bool {
    let lower = word.to_lowercase();
    if lower.contains("://") || lower.starts_with("www.") || lower.starts_with("javascript:") || lower.starts_with("data:") {
        return true;
    }
    let host = lower.split(['/', '?', '#']).next().unwrap_or_default();
    host_has_ending(host, 2)
}

/// Whether `host` is names of at least `name_min` bytes and an ending: “M.de” is no host, “b.com” of an address is.
fn host_has_ending(host: &str, name_min: usize) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let plain = |l: &&str| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-');
    let Some((last, names)) = labels.split_last() else {
        return false;
    };
    !names.is_empty() && labels.iter().all(plain) && names.iter().all(|l| l.len() >= name_min) && ENDINGS.contains(last)
}

/// Whether `link` is the booking link or an address under it. Scheme and letter case of the host do not count.
pub fn is_booking(link: &str, booking_url: &str) -> bool {
    let bare = |url: &str| {
        let url = url.trim().trim_end_matches('/');
        let url = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
        let (host, path) = url.split_once('/').map_or((url, ""), |(h, p)| (h, p));
        format!("{}/{path}", host.to_lowercase())
    };
    if booking_url.trim().is_empty() {
        return false;
    }
    // a plain link to the right host is still a worse one than the secure address given
    if link.starts_with("http://") && booking_url.starts_with("https://") {
        return false;
    }
    let (link, own) = (bare(link), bare(booking_url));
    link.strip_prefix(own.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// Runs of digits that are a phone number: international or nine digits and more, or the local “555-0142”.
fn phones(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !(bytes[at].is_ascii_digit() || (bytes[at] == b'+' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))) {
            at += 1;
            continue;
        }
        let end = run_end(text, at);
        if is_phone(&text[at..end]) {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// The end of the digits from `start`, over single separators; a blank counts as one only between digits.
fn run_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut separators = 0;
    for (at, c) in text[start..].char_indices() {
        if c.is_ascii_digit() {
            separators = 0;
            end = start + at + 1;
        } else if c == '+' && at == 0 {
        } else if " \u{a0}\u{202f}.-()‑".contains(c) && separators < 2 {
            separators += 1;
        } else {
            break;
        }
    }
    end
}

fn is_phone(run: &str) -> bool {
    let groups: Vec<&str> = run.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    let digits: usize = groups.iter().map(|g| g.len()).sum();
    if run.starts_with('+') {
        return (8..=15).contains(&digits);
    }
    let local = groups.len() == 2 && groups[0].len() == 3 && groups[1].len() == 4 && run.contains(['-', '‑', '.']);
    let thousands = groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3) && !run.starts_with('0');
    let trunk = run.starts_with('0') && (9..=15).contains(&digits);
    let national = (10..=15).contains(&digits) && !thousands;
    local || trunk || national
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, links: &[&str], emails: &[&str], phones: &[&str]) {
        let found = Contacts::find(text);
        let show = |spans: &[Range<usize>]| spans.iter().map(|r| text[r.clone()].to_owned()).collect::<Vec<_>>();
        assert_eq!(
            (show(&found.links), show(&found.emails), show(&found.phones)),
            (
                links.iter().map(ToString::to_string).collect(),
                emails.iter().map(ToString::to_string).collect(),
                phones.iter().map(ToString::to_string).collect(),
            )
        );
    }

    #[test]
    fn links_addresses_and_numbers() {
        check("ici : https://cal.example/claire.", &["https://cal.example/claire"], &[], &[]);
        check("au 04 28 55 01 77 ou a.b@tri-crm.example.", &[], &["a.b@tri-crm.example"], &["04 28 55 01 77"]);
        check("on +44 20 7946 0018, 418 555-0142", &[], &[], &["+44 20 7946 0018", "418 555-0142"]);
        check("www.a.fr bit.ly/x 555-0142", &["www.a.fr", "bit.ly/x"], &[], &["555-0142"]);
        check("60 en 2025, de 20 à 200, 40 000 000, 10 h 30.Merci", &[], &[], &[]);
    }

    #[test]
    fn only_what_lies_under_the_booking_link_is_ours() {
        let ours = |link| is_booking(link, "https://cal.example/claire");
        assert!(ours("https://cal.example/claire") && ours("https://CAL.example/claire/?d=1") && ours("cal.example/claire"));
        assert!(!ours("https://cal.example/clairette") && !ours("https://cal.example.evil.example/claire"));
        assert!(!ours("http://cal.example/claire") && !ours("https://cal.example"));
    }
}
