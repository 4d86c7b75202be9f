//! The Python side: one process, asked in turn with ours.

use crate::ours::Verdict;
use crate::world::World;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tempfile::TempDir;

pub struct Reference {
    process: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _status = self.process.wait();
    }
}

impl Reference {
    /// Starts it on the input of `world`; `None` where its Python is not installed.
    pub fn start(world: &World, events: &[String]) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the benchmarks lie in the repository");
        let python = root.join(".tools/bench/bin/python");
        if !python.exists() {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("written");
        write("settings.json", world.for_reference().to_string());
        write("events.jsonl", events.join("\n"));
        let program = root.join("tests/bench/reference/reference.py");
        let mut process = Command::new(python)
            .arg(program)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let asked = process.stdin.take().expect("a pipe");
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        Some(Self { process, asked, answers, folder })
    }

    /// Has it do `command` once; answers its seconds and what it decided.
    pub fn run(&mut self, command: &str) -> (f64, Vec<Verdict>) {
        writeln!(self.asked, "{command}").expect("it listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{command}: the reference has ended"));
        let verdicts = std::fs::read(self.folder.path().join("verdicts.json")).expect("verdicts");
        let mut verdicts: Vec<Verdict> = serde_json::from_slice(&verdicts).expect("verdicts");
        verdicts.sort();
        (answer["seconds"].as_f64().expect("seconds"), verdicts)
    }
}
