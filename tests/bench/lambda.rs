//! What a function costs before it has done anything: the size of its zip, the time from the start of its process to
//! its first request for an event, and by then its memory and the connections it has opened to AWS.
//!
//! `make bench`. The release binaries must be there; this program itself is not measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const MB: f64 = 1_000_000.0;
const WORKER_ZIP_MAX_MB: f64 = 3.0;
const CONSOLE_ZIP_MAX_MB: f64 = 8.0;
const START_MAX_MS: f64 = 12.0;
const MEMORY_MAX_MIB: f64 = 12.0;
/// Starts of each function; the middle one counts.
const STARTS: usize = 21;
/// What a zip adds to its one deflated file.
const ZIP_FRAME_BYTES: usize = 130;
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// 32 bytes in base64, worth nothing.
const SECRET_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the benchmarks lie in the repository");
    println!(
        "{:<18} {:>8} {:>6} {:>10} {:>6} {:>12} {:>6} {:>12}",
        "function", "zip MB", "goal", "start ms", "goal", "memory MiB", "goal", "connections"
    );
    for function in functions(root) {
        let binary = target_folder().join("release").join(&function);
        assert!(binary.exists(), "{} is not there: make binaries", binary.display());
        let mut starts: Vec<Start> = (0..STARTS).map(|_| start(&binary)).collect();
        starts.sort_by(|a, b| a.millis.total_cmp(&b.millis));
        let middle = &starts[STARTS / 2];
        let zip_max = if function == "console" { CONSOLE_ZIP_MAX_MB } else { WORKER_ZIP_MAX_MB };
        println!(
            "{function:<18} {:>8.2} {zip_max:>6} {:>10.1} {START_MAX_MS:>6} {:>12.1} {MEMORY_MAX_MIB:>6} {:>12}",
            zip_mb(&binary),
            middle.millis,
            middle.memory_mib.unwrap_or(f64::NAN),
            middle.connections,
        );
    }
}

fn functions(root: &Path) -> Vec<String> {
    let folders = std::fs::read_dir(root.join("functions")).expect("functions/ is there").map(|e| e.expect("readable").path());
    let crates = folders.filter(|path| path.join("Cargo.toml").exists());
    let mut names: Vec<String> = crates.map(|p| p.file_name().expect("named").to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The folder that Cargo builds into: this program runs from `<target>/<profile>/deps`.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows its own path");
    program.ancestors().nth(3).expect("benchmarks lie three folders deep").to_owned()
}

/// The size of a zip with the binary as its one file, packed as small as deflate can.
fn zip_mb(binary: &Path) -> f64 {
    let packed = Command::new("gzip").args(["-9", "-c"]).arg(binary).output().expect("gzip is installed");
    assert!(packed.status.success(), "gzip: {}", packed.status);
    (packed.stdout.len() + ZIP_FRAME_BYTES) as f64 / MB
}

/// One start of a function.
struct Start {
    millis: f64,
    /// The most memory held so far; unknown where the system does not say.
    memory_mib: Option<f64>,
    connections: usize,
}

fn start(binary: &Path) -> Start {
    let runtime = TcpListener::bind("127.0.0.1:0").expect("a port");
    let runtime_address = runtime.local_addr().expect("an address").to_string();
    let aws = TcpListener::bind("127.0.0.1:0").expect("a port");
    let aws_address = format!("http://{}", aws.local_addr().expect("an address"));
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    // Ends with the process: what is left waits for connections that never come.
    thread::spawn(move || empty_aws(&aws, &counter));
    let (asked, first_request) = mpsc::channel();
    thread::spawn(move || {
        let (connection, _) = runtime.accept().expect("a connection");
        let mut line = String::new();
        BufReader::new(&connection).read_line(&mut line).expect("a request");
        let _told = asked.send((Instant::now(), line, connection));
    });
    let started = Instant::now();
    let mut function = Ended(spawn(binary, &runtime_address, &aws_address));
    let (at, line, _connection) = first_request.recv_timeout(START_TIMEOUT).unwrap_or_else(|_| {
        let ended = function.0.try_wait();
        panic!("{} asks for no event: {ended:?}", binary.display())
    });
    assert!(line.contains("/runtime/invocation/next"), "{line}");
    Start {
        millis: (at - started).as_secs_f64() * 1_000.0,
        memory_mib: memory_mib(function.0.id()),
        connections: connections.load(Ordering::Relaxed),
    }
}

/// A process that ends when nobody looks at it any more.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}

fn spawn(binary: &Path, runtime_address: &str, aws_address: &str) -> Child {
    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", runtime_address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "bench")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "bench")
        .env("AWS_ENDPOINT_URL", aws_address)
        .env("AWS_REGION", "eu-west-3")
        .env("AWS_ACCESS_KEY_ID", "bench")
        .env("AWS_SECRET_ACCESS_KEY", "bench")
        .env("AMORCE_TABLE", "bench")
        .env("AMORCE_BUS", "bench")
        .env("AMORCE_PUBLIC_URL", "https://bench.example")
        .env("AMORCE_PROVIDER", "linkup-v1")
        .env("AMORCE_LINKUP_URL", aws_address)
        .env("AMORCE_LINKUP_KEY", "bench")
        .env("AMORCE_SECRET_KEY", SECRET_KEY)
        .env("RUST_LOG", "error")
        .stdout(Stdio::null())
        // It complains when it is ended while it waits for an event.
        .stderr(Stdio::null());
    for queue in domain::job::queue::ALL.map(str::to_uppercase) {
        command.env(format!("AMORCE_QUEUE_{queue}"), format!("{aws_address}/000000000000/{queue}"));
    }
    command.spawn().expect("a function starts")
}

/// Answers everything with an empty object, as a table without items does.
fn empty_aws(listener: &TcpListener, connections: &AtomicUsize) {
    for connection in listener.incoming().flatten() {
        connections.fetch_add(1, Ordering::Relaxed);
        thread::spawn(move || answer_all(connection));
    }
}

fn answer_all(mut connection: TcpStream) {
    let Ok(reading) = connection.try_clone() else { return };
    let mut reading = BufReader::new(reading);
    while let Some(length) = head(&mut reading) {
        let mut body = vec![0; length];
        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 2\r\n\r\n{}";
        if reading.read_exact(&mut body).is_err() || connection.write_all(answer).is_err() {
            return;
        }
    }
}

/// Reads a request up to its body; answers how long that is.
fn head(reading: &mut impl BufRead) -> Option<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reading.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(given) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = given.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            return Some(length);
        }
    }
}

fn memory_mib(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1_024.0)
}
