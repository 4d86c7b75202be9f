//! Makes a new input of known ones: bytes and tokens for all, structure where the input has one.

use crate::json;
use crate::random::Random;
use crate::table;
use crate::tokens::{LETTERS, WORDS};
use serde_json::Value;

/// The longest input made, in bytes; what is longer is cut.
const INPUT_MAX_BYTES: usize = 16 * 1024;
/// The longest piece that is moved, copied or taken out at once, in bytes.
const PIECE_MAX_BYTES: usize = 64;
/// The most mutations of one input.
const MUTATIONS_MAX: usize = 6;

/// What an input is, besides bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Json,
    Table,
}

/// A known input.
pub struct Seed {
    pub bytes: Vec<u8>,
    /// Read once, where the target takes JSON and this is.
    pub value: Option<Value>,
}

impl Seed {
    pub fn new(bytes: Vec<u8>, shape: Shape) -> Self {
        let value = (shape == Shape::Json).then(|| serde_json::from_slice(&bytes).ok()).flatten();
        Self { bytes, value }
    }
}

/// An input like one of `seeds`, with one to six mutations.
pub fn mutated(seeds: &[Seed], shape: Shape, random: &mut Random) -> Vec<u8> {
    let seed = random.pick(seeds);
    let rounds = 1 + random.below(MUTATIONS_MAX);
    let structured = !random.once_in(4);
    let mut bytes = match (&seed.value, shape) {
        (Some(value), _) if structured => json::mutated(value, seeds, rounds, random),
        (_, Shape::Table) if structured => table::mutated(&seed.bytes, rounds, random),
        _ => by_bytes(seed.bytes.clone(), seeds, rounds, random),
    };
    if structured && random.once_in(8) {
        bytes = by_bytes(bytes, seeds, 1, random);
    }
    bytes.truncate(INPUT_MAX_BYTES);
    bytes
}

fn by_bytes(mut bytes: Vec<u8>, seeds: &[Seed], rounds: usize, random: &mut Random) -> Vec<u8> {
    for _ in 0..rounds {
        mutate(&mut bytes, seeds, random);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, seeds: &[Seed], random: &mut Random) {
    let place = random.below(bytes.len() + 1);
    let piece = random.range(bytes.len(), PIECE_MAX_BYTES);
    match random.below(12) {
        0 => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = random.below(256) as u8;
            }
        }
        2 => drop(bytes.drain(piece)),
        3 => bytes.truncate(place),
        4 => {
            let copy = bytes[piece].to_vec();
            bytes.splice(place..place, copy);
        }
        5 => {
            let copies = bytes[piece].repeat(1 + random.below(40));
            bytes.splice(place..place, copies);
        }
        6 => {
            let other = &random.pick(seeds).bytes;
            let part = other[random.range(other.len(), 4 * PIECE_MAX_BYTES)].to_vec();
            bytes.splice(piece, part);
        }
        7 => {
            let other = &random.pick(seeds).bytes;
            bytes.truncate(place);
            bytes.extend_from_slice(&other[random.below(other.len() + 1)..]);
        }
        8 => swap_tokens(bytes, random),
        9 => bytes[piece].iter_mut().for_each(|byte| *byte ^= if byte.is_ascii_alphabetic() { 0x20 } else { 0 }),
        10 => drop(bytes.splice(piece, random.pick(WORDS).bytes())),
        _ => drop(bytes.splice(place..place, random.pick(LETTERS).bytes())),
    }
}

/// Two tokens change places.
fn swap_tokens(bytes: &mut Vec<u8>, random: &mut Random) {
    let sign = *random.pick(b" /:-,.\n");
    let mut tokens: Vec<&[u8]> = bytes.split(|byte| *byte == sign).collect();
    let (one, other) = (random.below(tokens.len()), random.below(tokens.len()));
    tokens.swap(one, other);
    *bytes = tokens.join(&sign);
}

/// A text that means trouble, as mutations of structure put it into a value or a cell.
pub fn nasty_text(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(4) {
        let piece = if random.once_in(2) { random.pick(LETTERS) } else { random.pick(WORDS) };
        text.push_str(&piece.repeat(if random.once_in(20) { 200 } else { 1 }));
    }
    text
}
