//! Deflate (RFC 1951) for short texts that repeat a dictionary: the dictionary is indexed once instead of being
//! compressed again before each text, which is most of what a general encoder does for a text of a kilobyte.

use crate::huffman::{BITS_MAX, Codes, write_dynamic_header};
use std::ops::Range;

/// The shortest and the longest piece that is referred to.
const MATCH_MIN: usize = 3;
const MATCH_MAX: usize = 258;
/// How far back a piece may lie.
const WINDOW: usize = 32 * 1024;
/// Pieces of three letters are not worth a reference farther back than this.
const SHORT_FAR: usize = 4 * 1024;
/// Earlier places tried for a piece, here and in the dictionary each.
const TRIES: usize = 64;
/// A piece this long is taken without a look whether the next letter begins a longer one.
const GOOD: usize = 48;
const HASH_BITS: u32 = 12;
const NOWHERE: u32 = u32::MAX;
/// The symbol that ends a block; lengths follow it.
const END: usize = 256;

/// Lengths of references by symbol: the least, and how many bits say the rest.
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// Where each hash of three letters occurs: the last place, and for each place the one before.
struct Index {
    last: Vec<u32>,
    before: Vec<u32>,
    /// The place that `before` starts with.
    from: usize,
}

impl Index {
    fn new(from: usize, length: usize) -> Self {
        Self { last: vec![NOWHERE; 1 << HASH_BITS], before: Vec::with_capacity(length), from }
    }

    fn hash(text: &[u8]) -> usize {
        let three = u32::from(text[0]) | u32::from(text[1]) << 8 | u32::from(text[2]) << 16;
        (three.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize
    }

    /// Takes in the next place, in order.
    fn push(&mut self, text: &[u8], place: usize) {
        if place + MATCH_MIN <= text.len() {
            let hash = Self::hash(&text[place..]);
            self.before.push(self.last[hash]);
            self.last[hash] = place as u32;
        }
    }

    /// The longest piece of an earlier place that `text` repeats at `place`, if longer than `best`.
    fn longest(&self, text: &[u8], place: usize, mut best: (usize, usize)) -> (usize, usize) {
        let most = (text.len() - place).min(MATCH_MAX);
        let mut at = self.last[Self::hash(&text[place..])];
        for _ in 0..TRIES {
            if at == NOWHERE || place - at as usize > WINDOW || best.0 >= most {
                break;
            }
            let start = at as usize;
            if text[start + best.0] == text[place + best.0] {
                let same = text[start..start + most].iter().zip(&text[place..place + most]).take_while(|(a, b)| a == b).count();
                let far = same == MATCH_MIN && place - start > SHORT_FAR;
                if same > best.0 && same >= MATCH_MIN && !far {
                    best = (same, place - start);
                }
            }
            at = self.before[start - self.from];
        }
        best
    }
}

/// A text that others repeat pieces of.
pub struct Dictionary {
    text: Vec<u8>,
    index: Index,
}

impl Dictionary {
    pub fn new(text: &[u8]) -> Self {
        let mut index = Index::new(0, text.len());
        (0..text.len()).for_each(|place| index.push(text, place));
        Self { text: text.to_vec(), index }
    }
}

/// A letter, or a length and a distance.
#[derive(Clone, Copy)]
enum Symbol {
    Letter(u8),
    Piece { length: usize, distance: usize },
}

/// Appends to `out` the deflated `body` as it follows `dictionary` and `more`, ended and filled up to a whole byte.
pub fn deflate(dictionary: &Dictionary, more: &[u8], body: &[u8], out: &mut Vec<u8>) {
    let known = dictionary.text.len();
    let mut text = Vec::with_capacity(known + more.len() + body.len());
    text.extend_from_slice(&dictionary.text);
    text.extend_from_slice(more);
    text.extend_from_slice(body);
    let symbols = symbols(dictionary, &text, known..known + more.len());
    write_block(&symbols, out);
}

/// The text after `given` as letters and pieces of what stands before.
fn symbols(dictionary: &Dictionary, text: &[u8], given: Range<usize>) -> Vec<Symbol> {
    // The last two places of the dictionary begin in it and end here.
    let from = given.start.saturating_sub(MATCH_MIN - 1);
    let mut index = Index::new(from, text.len() - from);
    (from..given.end).for_each(|place| index.push(text, place));
    let find = |index: &Index, place: usize| {
        if text.len() - place < MATCH_MIN {
            return (0, 0);
        }
        let near = index.longest(text, place, (0, 0));
        dictionary.index.longest(text, place, near)
    };
    let mut symbols = Vec::with_capacity((text.len() - given.end) / 4);
    let (mut place, mut found) = (given.end, None);
    while place < text.len() {
        let (length, distance) = found.take().unwrap_or_else(|| find(&index, place));
        index.push(text, place);
        if length < MATCH_MIN {
            symbols.push(Symbol::Letter(text[place]));
            place += 1;
            continue;
        }
        if length < GOOD && place + 1 < text.len() {
            let next = find(&index, place + 1);
            if next.0 > length {
                symbols.push(Symbol::Letter(text[place]));
                place += 1;
                found = Some(next);
                continue;
            }
        }
        (place + 1..place + length).for_each(|inner| index.push(text, inner));
        symbols.push(Symbol::Piece { length, distance });
        place += length;
    }
    symbols
}

fn length_symbol(length: usize) -> usize {
    LENGTHS.partition_point(|(least, _)| usize::from(*least) <= length) - 1
}

/// The symbol of a distance, how many bits say the rest, and the rest.
fn distance_symbol(distance: usize) -> (usize, u32, u32) {
    let back = distance as u32 - 1;
    if back < 4 {
        return (back as usize, 0, 0);
    }
    let bits = back.ilog2() - 1;
    let high = back >> bits;
    ((2 * bits + high) as usize, bits, back & ((1 << bits) - 1))
}

/// Bits, the lowest of each byte first.
pub struct Bits<'o> {
    out: &'o mut Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    pub fn put(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn end(self) {
        if self.count > 0 {
            self.out.push(self.held as u8);
        }
    }
}

/// One final block, with codes of its own where that is shorter than with the fixed ones.
fn write_block(symbols: &[Symbol], out: &mut Vec<u8>) {
    let (mut letters, mut distances) = ([0_u32; 286], [0_u32; 30]);
    letters[END] = 1;
    let mut rest_bits = 0;
    for symbol in symbols {
        match *symbol {
            Symbol::Letter(letter) => letters[usize::from(letter)] += 1,
            Symbol::Piece { length, distance } => {
                let (place, bits, _) = distance_symbol(distance);
                let length = length_symbol(length);
                letters[END + 1 + length] += 1;
                distances[place] += 1;
                rest_bits += bits + u32::from(LENGTHS[length].1);
            }
        }
    }
    let own = (Codes::of(&letters, BITS_MAX), Codes::of(&distances, BITS_MAX));
    let fixed = (Codes::fixed_letters(), Codes::fixed_distances());
    let mut header = Vec::new();
    let mut bits = Bits { out: &mut header, held: 0, count: 0 };
    write_dynamic_header(&own.0, &own.1, &mut bits);
    let header_bits = 8 * bits.out.len() as u32 + bits.count;
    bits.end();
    let cost = |codes: &(Codes, Codes)| codes.0.cost(&letters) + codes.1.cost(&distances) + rest_bits;
    let mut bits = Bits { out, held: 0, count: 0 };
    let codes = if header_bits + cost(&own) < cost(&fixed) {
        bits.put(0b101, 3);
        write_dynamic_header(&own.0, &own.1, &mut bits);
        own
    } else {
        bits.put(0b011, 3);
        fixed
    };
    for symbol in symbols {
        match *symbol {
            Symbol::Letter(letter) => codes.0.put(usize::from(letter), &mut bits),
            Symbol::Piece { length, distance } => {
                let place = length_symbol(length);
                codes.0.put(END + 1 + place, &mut bits);
                bits.put(length as u32 - u32::from(LENGTHS[place].0), u32::from(LENGTHS[place].1));
                let (place, rest_bits, rest) = distance_symbol(distance);
                codes.1.put(place, &mut bits);
                bits.put(rest, rest_bits);
            }
        }
    }
    codes.0.put(END, &mut bits);
    bits.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::DeflateDecoder;
    use std::io::Read;

    const KNOWN: &[u8] = br#"{"workspace":"ws_","prospect":"pro_","name":null,"keys":[{"kind":"slug","value":""}]}"#;

    /// Deflated, and read back by a decoder that is not ours, with what is known before it as a stored block.
    fn check(dictionary: &Dictionary, body: &[u8]) -> usize {
        let known = [&dictionary.text, &b"key"[..]].concat();
        let length = u16::try_from(known.len()).unwrap();
        let mut stream = [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes(), &known].concat();
        let start = stream.len();
        deflate(dictionary, b"key", body, &mut stream);
        let mut read = Vec::new();
        DeflateDecoder::new(stream.as_slice()).read_to_end(&mut read).unwrap();
        assert!(read[known.len()..] == *body, "{} bytes", body.len());
        stream.len() - start
    }

    /// Numbers that look like chance.
    fn noise() -> impl FnMut(usize) -> usize {
        let mut state = 1_u64;
        move |end| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % end as u64) as usize
        }
    }

    #[test]
    fn texts_of_every_kind_read_back() {
        let (dictionary, mut chance) = (Dictionary::new(KNOWN), noise());
        for round in 0..4_000 {
            let length = chance(if round % 500 == 0 { 100_000 } else { 900 });
            let kind = chance(4);
            let mut text = Vec::with_capacity(length);
            while text.len() < length {
                match kind {
                    0 => text.push(chance(256) as u8),
                    1 => text.push(b'a' + chance(3) as u8),
                    2 => text.extend(&KNOWN[chance(KNOWN.len())..]),
                    _ if !text.is_empty() && chance(3) == 0 => {
                        let from = chance(text.len());
                        text.extend_from_within(from..text.len().min(from + chance(400)));
                        text.push(b'.');
                    }
                    _ => text.push(b' ' + chance(90) as u8),
                }
            }
            check(&dictionary, &text);
        }
    }

    #[test]
    fn the_ends_of_lengths_and_distances_read_back() {
        let (dictionary, mut chance) = (Dictionary::new(b""), noise());
        for length in [0, 1, 2, 3, 4, 257, 258, 259, 260, 516, 517, 70_000] {
            check(&dictionary, &vec![b'x'; length]);
        }
        let word: Vec<u8> = (0..300).map(|_| chance(256) as u8).collect();
        for between in [WINDOW - 301, WINDOW - 300, WINDOW - 299, WINDOW + 1] {
            let far: Vec<u8> = (0..between).map(|_| b'0' + chance(2) as u8).collect();
            check(&dictionary, &[&word[..], &far, &word].concat());
        }
    }

    #[test]
    fn counts_that_ask_for_codes_too_long_read_back() {
        let (dictionary, mut text) = (Dictionary::new(b""), Vec::new());
        // Fibonacci's numbers make the deepest tree; apart from each other, so that no piece repeats.
        let (mut one, mut other) = (1_usize, 1_usize);
        for letter in 0..22_u8 {
            text.extend(std::iter::repeat_n(letter, one));
            (one, other) = (other, one + other);
        }
        let mut chance = noise();
        for place in (1..text.len()).rev() {
            text.swap(place, chance(place + 1));
        }
        check(&dictionary, &text);
    }

    #[test]
    fn what_the_dictionary_holds_takes_no_room() {
        let dictionary = Dictionary::new(KNOWN);
        assert!(check(&dictionary, KNOWN) < 12, "{} bytes", check(&dictionary, KNOWN));
    }
}
