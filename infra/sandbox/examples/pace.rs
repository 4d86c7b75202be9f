//! Measures what a sandbox costs: making one, answering, reading a thousand engagements.
//!
//! `cargo run --release -p sandbox --example pace`

use std::time::Instant;

use sandbox::{Call, Reply, Sandbox, SandboxOptions};
use serde_json::json;

fn main() {
    Sandbox::new(SandboxOptions::default());
    let rounds = 200;
    let started = Instant::now();
    for seed in 0..rounds {
        Sandbox::new(SandboxOptions { seed, ..SandboxOptions::default() });
    }
    println!("new: {:?} each", started.elapsed() / rounds as u32);
    let started = Instant::now();
    let many = Sandbox::many(1_000);
    println!("many(1000): {:?}", started.elapsed());
    let url = many.post_url("many-1").unwrap_or_default();
    let started = Instant::now();
    for page in 1..=80 {
        let body = json!({"post_url": url, "login_token": "sandbox", "start_page": page}).to_string();
        let call = Call { method: "POST", path: "/v1/posts/reactions", api_key: Some("sandbox"), body: body.as_bytes() };
        assert!(matches!(many.handle(call), Reply::Answer { status: 200, .. }));
    }
    println!("80 pages of reactions: {:?}", started.elapsed());
    let started = Instant::now();
    println!("save: {} bytes in {:?}", many.save().to_string().len(), started.elapsed());
}
