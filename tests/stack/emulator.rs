//! One local AWS emulator: started on a free port, stopped with everything it started, its log kept on failure.

use crate::aws::{REGION, ROOT_KEY};
use crate::template::root;
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

const START_TRIES: u32 = 300;
const START_PAUSE: Duration = Duration::from_millis(100);

/// A running emulator; dropping it ends it.
pub struct Emulator {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl Emulator {
    /// Starts an emulator with permissions enforced, and waits until it answers.
    pub async fn start() -> Self {
        let program = root().join(".tools/python/bin/ministack");
        assert!(program.exists(), "the emulator is not installed: make tools");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let folder = target_folder().join(format!("stack-{port}"));
        std::fs::create_dir_all(&folder).expect("a folder for the log");
        let log = File::create(folder.join("emulator.log")).expect("a log");
        let endpoint = format!("http://127.0.0.1:{port}");
        // An empty environment: nothing of the caller's AWS account may reach the functions.
        let process = Command::new(program)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &folder)
            .env("TMPDIR", &folder)
            .env("GATEWAY_PORT", port.to_string())
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("MINISTACK_REGION", REGION)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", ROOT_KEY)
            .env("AWS_SECRET_ACCESS_KEY", ROOT_KEY)
            .env("BIND_HOST", "127.0.0.1")
            .env("AUTH", "true")
            .env("IOT_MTLS_ENABLED", "false")
            .current_dir(&folder)
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect("the emulator starts");
        let mut emulator = Self { process, port, folder };
        emulator.wait_until_it_answers().await;
        emulator
    }

    async fn wait_until_it_answers(&mut self) {
        let health = format!("{}/_ministack/health", self.endpoint());
        for _ in 0..START_TRIES {
            if reqwest::get(&health).await.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            let ended = self.process.try_wait().expect("the emulator can be asked");
            assert!(ended.is_none(), "the emulator ended at once: {}", self.log());
            tokio::time::sleep(START_PAUSE).await;
        }
        panic!("the emulator does not answer: {}", self.log());
    }

    /// Where it answers.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All it has said so far, the output of functions included.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("emulator.log")).unwrap_or_default()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // The whole group: functions are children of the emulator.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("the emulator's log: {}", self.folder.join("emulator.log").display());
        } else {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The folder that Cargo builds into: this test runs from `<target>/debug/deps`.
pub fn target_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a test knows its own path");
    program.ancestors().nth(3).expect("tests lie three folders deep").to_owned()
}
