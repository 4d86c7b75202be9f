//! The program's arguments.

use std::net::SocketAddr;
use std::path::PathBuf;

pub const USAGE: &str = "\
sandbox: a simulated LinkedIn that speaks LinkupAPI V1

  --listen ADDRESS:PORT  where to listen (127.0.0.1:4010)
  --speed N              virtual seconds for each real one (1)
  --seed N               who accepts and replies, and when (1)
  --age SECONDS          age of the newest own post at the start (10800)
  --many N               one more own post with N engagements (0)
  --state FILE           keep the state in this file across restarts
  --help                 this text

API key and login token are \"sandbox\". Controls are under /_sandbox.";

pub struct Arguments {
    pub listen: SocketAddr,
    pub speed: f64,
    pub seed: u64,
    pub newest_post_age_seconds: i64,
    pub many: usize,
    pub state: Option<PathBuf>,
}

impl Arguments {
    /// Reads the arguments after the program's name; `None` asks for the usage.
    /// Errors: an unknown argument, or a value that does not read.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Option<Arguments>, String> {
        let mut arguments = Arguments {
            listen: SocketAddr::from(([127, 0, 0, 1], 4010)),
            speed: 1.0,
            seed: 1,
            newest_post_age_seconds: 3 * 3600,
            many: 0,
            state: None,
        };
        let mut words = words.into_iter();
        while let Some(name) = words.next() {
            if name == "--help" || name == "-h" {
                return Ok(None);
            }
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--listen" => arguments.listen = parsed(&name, &value)?,
                "--speed" => arguments.speed = parsed(&name, &value)?,
                "--seed" => arguments.seed = parsed(&name, &value)?,
                "--age" => arguments.newest_post_age_seconds = parsed(&name, &value)?,
                "--many" => arguments.many = parsed(&name, &value)?,
                "--state" => arguments.state = Some(value.into()),
                _ => return Err(format!("unknown argument {name}")),
            }
        }
        Ok(Some(arguments))
    }
}

fn parsed<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name}: {value} does not read as a value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Option<Arguments>, String> {
        Arguments::read(words.iter().map(|word| word.to_string()))
    }

    #[test]
    fn arguments() {
        let given = read(&["--speed", "60", "--seed", "9", "--many", "100"]).ok().flatten().expect("arguments");
        assert_eq!((given.speed, given.seed, given.many), (60.0, 9, 100));
        assert!(matches!(read(&["--help"]), Ok(None)));
        assert!(read(&["--speed"]).is_err());
        assert!(read(&["--speed", "fast"]).is_err());
        assert!(read(&["--fast", "1"]).is_err());
    }
}
