//! Huffman codes of deflate (RFC 1951, section 3.2): lengths of codes from counts, codes from lengths, and the header
//! that tells the lengths.

use crate::deflate::Bits;

/// The longest code of a letter or a distance.
pub const BITS_MAX: usize = 15;
/// The longest code of a length of codes.
const LENGTH_BITS_MAX: usize = 7;
/// The order in which the lengths of the codes of lengths are told.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// A code for each symbol: its bits, the first one lowest, and how many; none where the count is 0.
pub struct Codes {
    lengths: Vec<u8>,
    codes: Vec<u16>,
}

impl Codes {
    /// Codes that make the text of these counts shortest, none longer than `bits_max`.
    pub fn of(counts: &[u32], bits_max: usize) -> Self {
        let mut used: Vec<(u32, usize)> =
            counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(symbol, count)| (*count, symbol)).collect();
        // A decoder may refuse a tree of fewer than two codes.
        for symbol in 0..2 {
            if used.len() < 2 && !used.iter().any(|(_, known)| *known == symbol) {
                used.push((1, symbol));
            }
        }
        used.sort_unstable();
        let mut of_length = limited(&depths(&used), bits_max);
        let mut lengths = vec![0_u8; counts.len()];
        // The rarest get the longest.
        let mut length = bits_max;
        for (_, symbol) in used {
            while of_length[length] == 0 {
                length -= 1;
            }
            of_length[length] -= 1;
            lengths[symbol] = length as u8;
        }
        Self::from_lengths(lengths)
    }

    fn from_lengths(lengths: Vec<u8>) -> Self {
        let mut of_length = [0_u16; BITS_MAX + 2];
        lengths.iter().filter(|length| **length > 0).for_each(|length| of_length[usize::from(*length) + 1] += 1);
        let mut next = [0_u16; BITS_MAX + 2];
        for length in 1..=BITS_MAX {
            next[length] = (next[length - 1] + of_length[length]) << 1;
        }
        let mut code = |length: &u8| {
            let length = usize::from(*length);
            if length == 0 {
                return 0;
            }
            let code = next[length];
            next[length] = code.wrapping_add(1);
            code.reverse_bits() >> (16 - length)
        };
        let codes = lengths.iter().map(&mut code).collect();
        Self { lengths, codes }
    }

    pub fn fixed_letters() -> Self {
        let length = |symbol: usize| match symbol {
            0..144 => 8,
            144..256 => 9,
            256..280 => 7,
            _ => 8,
        };
        Self::from_lengths((0..288).map(length).collect())
    }

    pub fn fixed_distances() -> Self {
        Self::from_lengths(vec![5; 30])
    }

    /// Bits of a text with these counts.
    pub fn cost(&self, counts: &[u32]) -> u32 {
        counts.iter().zip(&self.lengths).map(|(count, length)| count * u32::from(*length)).sum()
    }

    pub fn put(&self, symbol: usize, bits: &mut Bits) {
        bits.put(u32::from(self.codes[symbol]), u32::from(self.lengths[symbol]));
    }

    /// The lengths up to the last symbol that has a code, `least` at least.
    fn told(&self, least: usize) -> &[u8] {
        let last = self.lengths.iter().rposition(|length| *length > 0).map_or(0, |place| place + 1);
        &self.lengths[..last.max(least)]
    }
}

/// The depth of each leaf of the tree of `used`, which is sorted by count.
fn depths(used: &[(u32, usize)]) -> Vec<usize> {
    let leaves = used.len();
    // Nodes in the order in which they are made have rising counts: two queues, the leaves and the nodes.
    let (mut counts, mut parents): (Vec<u32>, Vec<usize>) = (used.iter().map(|(count, _)| *count).collect(), vec![0; leaves]);
    let (mut leaf, mut node) = (0, leaves);
    for _ in 1..leaves {
        let mut sum = 0;
        for _ in 0..2 {
            let take_leaf = leaf < leaves && (node >= counts.len() || counts[leaf] <= counts[node]);
            let taken = if take_leaf { &mut leaf } else { &mut node };
            sum += counts[*taken];
            parents[*taken] = counts.len();
            *taken += 1;
        }
        counts.push(sum);
        parents.push(0);
    }
    let mut depths = vec![0; counts.len()];
    for place in (0..counts.len().saturating_sub(1)).rev() {
        depths[place] = depths[parents[place]] + 1;
    }
    depths.truncate(leaves);
    depths
}

/// How many codes of each length there are, none above `bits_max`: what is too long becomes as long as allowed, and
/// shorter codes are lengthened until all fit again.
fn limited(depths: &[usize], bits_max: usize) -> [u32; BITS_MAX + 1] {
    let mut of_length = [0_u32; BITS_MAX + 1];
    depths.iter().for_each(|depth| of_length[(*depth).min(bits_max)] += 1);
    let mut taken: u32 = (1..=bits_max).map(|length| of_length[length] << (bits_max - length)).sum();
    while taken > 1 << bits_max {
        of_length[bits_max] -= 1;
        if let Some(length) = (1..bits_max).rev().find(|length| of_length[*length] > 0) {
            of_length[length] -= 1;
            of_length[length + 1] += 2;
        }
        taken -= 1;
    }
    of_length
}

/// Tells the lengths of both codes, themselves coded.
pub fn write_dynamic_header(letters: &Codes, distances: &Codes, bits: &mut Bits) {
    let (letters, distances) = (letters.told(257), distances.told(1));
    let all: Vec<u8> = letters.iter().chain(distances).copied().collect();
    let runs = runs(&all);
    let mut counts = [0_u32; 19];
    runs.iter().for_each(|(symbol, ..)| counts[*symbol] += 1);
    let codes = Codes::of(&counts, LENGTH_BITS_MAX);
    let told = ORDER.iter().rposition(|symbol| codes.lengths[*symbol] > 0).map_or(4, |place| (place + 1).max(4));
    bits.put(letters.len() as u32 - 257, 5);
    bits.put(distances.len() as u32 - 1, 5);
    bits.put(told as u32 - 4, 4);
    ORDER[..told].iter().for_each(|symbol| bits.put(u32::from(codes.lengths[*symbol]), 3));
    for (symbol, rest, rest_bits) in runs {
        codes.put(symbol, bits);
        bits.put(rest, rest_bits);
    }
}

/// The lengths as symbols: a length, the last one 3–6 times more (16), none 3–10 (17) or 11–138 times (18).
fn runs(lengths: &[u8]) -> Vec<(usize, u32, u32)> {
    let mut runs = Vec::new();
    let mut place = 0;
    while place < lengths.len() {
        let length = lengths[place];
        let same = lengths[place..].iter().take_while(|other| **other == length).count();
        let taken = match (length, same) {
            (0, 11..) => {
                let taken = same.min(138);
                runs.push((18, taken as u32 - 11, 7));
                taken
            }
            (0, 3..) => {
                runs.push((17, same as u32 - 3, 3));
                same
            }
            (_, 4..) => {
                let taken = same.min(7);
                runs.push((usize::from(length), 0, 0));
                runs.push((16, taken as u32 - 4, 2));
                taken
            }
            _ => {
                runs.push((usize::from(length), 0, 0));
                1
            }
        };
        place += taken;
    }
    runs
}
