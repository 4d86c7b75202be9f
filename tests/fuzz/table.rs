//! Mutations of tables: quotes, separators, line ends, marks at the start, cells too many or too few.

use crate::mutate::nasty_text;
use crate::random::Random;

const SEPARATORS: &[&str] = &[",", ";", "\t", "|"];
const LINE_ENDS: &[&str] = &["\n", "\r\n", "\r", "\n\r\n"];
/// Starts of cells that a spreadsheet takes for a formula, and cells that are no cells.
const CELLS: [&str; 12] =
    ["=1+1", "+33", "-", "@x", "\"", "\"\"\"", "\"a\nb\"", "\0", "", " ", "mailto:a@b.fr,c@d.fr", "x@\u{37e}.fr"];

/// A table like `seed`.
pub fn mutated(seed: &[u8], rounds: usize, random: &mut Random) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(seed).into_owned();
    for _ in 0..rounds {
        text = mutate(text, random);
    }
    text.into_bytes()
}

fn mutate(text: String, random: &mut Random) -> String {
    match random.below(10) {
        0 => {
            let (from, to) = (random.pick(SEPARATORS), random.pick(SEPARATORS));
            text.replace(*from, to)
        }
        1 => {
            let end = random.pick(LINE_ENDS);
            text.replace('\n', end)
        }
        2 => format!("\u{feff}{text}"),
        3 => text.replacen('"', "", 1 + random.below(5)),
        4 => by_line(&text, random, |lines, place, _| lines.insert(place, lines[place].clone())),
        5 => by_line(&text, random, |lines, place, _| drop(lines.remove(place))),
        6 => by_line(&text, random, |lines, place, _| lines.swap(0, place)),
        7 => by_line(&text, random, |lines, place, random| lines[place].push_str(&",".repeat(1 + random.below(300)))),
        8 => by_cell(&text, random, nasty_text),
        _ => by_cell(&text, random, |random| (*random.pick(&CELLS)).to_owned()),
    }
}

fn by_line(text: &str, random: &mut Random, change: impl Fn(&mut Vec<String>, usize, &mut Random)) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let place = random.below(lines.len());
    change(&mut lines, place, random);
    lines.join("\n")
}

fn by_cell(text: &str, random: &mut Random, cell: impl Fn(&mut Random) -> String) -> String {
    by_line(text, random, |lines, place, random| {
        let mut cells: Vec<String> = lines[place].split(',').map(str::to_owned).collect();
        let at = random.below(cells.len());
        cells[at] = cell(random);
        lines[place] = cells.join(",");
    })
}
