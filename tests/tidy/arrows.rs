//! The arrows between crates: functions → store, outbound, kit → domain, and nothing the other way.

use crate::{check, functions, rust_files, template::root};
use serde_json::Value;
use std::process::Command;

struct Arrow {
    from: String,
    to: String,
    in_tests_only: bool,
}

fn arrows() -> Vec<Arrow> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata answers JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let arrows = packages.iter().flat_map(|package| {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        dependencies.iter().map(|dependency| Arrow {
            from: package["name"].as_str().expect("name").to_owned(),
            to: dependency["name"].as_str().expect("name").to_owned(),
            in_tests_only: dependency["kind"] == "dev",
        })
    });
    arrows.collect()
}

/// What of ours a crate may depend on; `None` for crates that may depend on all.
fn allowed(from: &str, functions: &[String]) -> Option<&'static [&'static str]> {
    match from {
        "domain" => Some(&[]),
        "store" | "outbound" | "kit" | "sandbox" => Some(&["domain"]),
        name if functions.iter().any(|f| f == name) => Some(&["domain", "store", "outbound", "kit"]),
        _ => None,
    }
}

#[test]
fn crates_depend_downwards_only() {
    let functions = functions();
    let arrows = arrows();
    let ours: Vec<&str> = arrows.iter().map(|a| a.from.as_str()).collect();
    let wrong = |a: &&Arrow| {
        // A crate's own tests may switch features of the crate on, and drive the simulated provider.
        let for_tests = a.in_tests_only && (a.from == a.to || a.to == "sandbox");
        let stays = !ours.contains(&a.to.as_str()) || for_tests;
        !stays && allowed(&a.from, &functions).is_some_and(|list| !list.contains(&a.to.as_str()))
    };
    let complaints = arrows.iter().filter(wrong).map(|a| format!("{} must not depend on {}", a.from, a.to));
    check("crates depend downwards only", complaints.collect());
}

#[test]
fn the_domain_has_no_way_out() {
    let doors = ["tokio", "async-trait", "futures", "reqwest", "hyper", "axum", "tracing", "getrandom", "rand"];
    let out = |to: &str| doors.contains(&to) || to.starts_with("aws") || to.starts_with("lambda");
    let crates = arrows().into_iter().filter(|a| a.from == "domain" && !a.in_tests_only && out(&a.to));
    let mut complaints: Vec<String> = crates.map(|a| format!("shared/domain depends on {}", a.to)).collect();

    let impure = [
        "async fn",
        ".await",
        "SystemTime::now",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "Uuid::now_v7",
        "Uuid::new_v4",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "println!",
    ];
    for (path, text) in rust_files(&root().join("shared/domain/src")) {
        let rules = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = rules.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            complaints
                .extend(impure.iter().filter(|word| line.contains(**word)).map(|word| format!("{}: {word}", path.display())));
        }
    }
    check("shared/domain has no async, no I/O, no clock and no randomness", complaints);
}
