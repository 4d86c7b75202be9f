//! `amorce import`: the labelled tables and JSON into a data folder, and files and folders that cannot be used.

use amorce::home::{Home, Options, Place};
use amorce::import::{Asked, asked, content, import};
use console::auth::{BootstrapValues, Founding, bootstrap};
use console::import::FileContent;
use jiff::{SignedDuration, Timestamp};
use kit::Clock;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use store::Transacted;

const EXPECTED: &str = include_str!("../../../functions/console/testdata/people-expected.json");

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// A home in a folder, with a workspace made as at the first start.
async fn home(folder: &Path) -> Home {
    let options = Options { place: Place::Folder(folder.to_owned()), ..Options::in_memory(Clock::at(now())) };
    let home = Home::open(options).await.unwrap();
    let values =
        BootstrapValues { email: Some("claire@acme.example".into()), password: None, api_key: Some("amk_import".into()) };
    bootstrap(&home.store, &values, now()).await.unwrap();
    home
}

fn table(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions/console/testdata").join(name)
}

async fn check(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let home = home(folder.path()).await;
    let file = table(name);
    let told = Mutex::new(Vec::new());
    let progress = |done, total| told.lock().unwrap().push((done, total));
    let done = import(&home, &Asked { file: &file, workspace: None }, &progress).await.unwrap();
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    let expected = &expected[name];
    let counts = &expected["counts"];
    let head = format!("accepted {}\nmerged   {}\nrejected {}\n", counts["accepted"], counts["merged"], counts["rejected"]);
    assert!(done.somebody && done.page.starts_with(&head), "{}", done.page);
    for row in expected["rejected"].as_array().unwrap() {
        let line = format!("  row {}: {}\n", row["row"], row["reason"].as_str().unwrap());
        assert!(done.page.contains(&line), "{line} in {}", done.page);
    }
    for row in expected["accepted"].as_array().unwrap() {
        for warning in row["warnings"].as_array().unwrap() {
            let line = format!("  row {}: {}", row["row"], warning.as_str().unwrap());
            assert!(done.page.contains(&line), "{line} in {}", done.page);
        }
    }
    let rows = &expected["data_rows"];
    assert_eq!(told.lock().unwrap().last().map(|(done, total)| (json!(done), json!(total))), Some((rows.clone(), rows.clone())));
    assert!(home.next_instant().await.unwrap().is_some(), "nothing is due after the import");
    home.clock.advance(SignedDuration::from_mins(1));
    let again = import(&home, &Asked { file: &file, workspace: None }, &|_, _| {}).await.unwrap();
    assert!(again.somebody && again.page.starts_with("accepted 0\n"), "{}", again.page);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_labelled_tables_come_out_as_labelled() {
    check("people.csv").await;
    check("people-semicolon.csv").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_choice_of_workspaces_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let home = home(folder.path()).await;
    let key = SecretString::from("amk_other");
    let founding = Founding::new(uuid::Uuid::now_v7(), "Rival", "claire@acme.example", &key, false, now());
    let made = home.store.create_workspace(&founding.workspace, &founding.owner, &founding.key, false).await;
    assert_eq!(made.unwrap(), Transacted::Won);
    let file = folder.path().join("ada.json");
    std::fs::write(&file, "{\"email\":\"ada@lambert.example\"}\n{\"name\":\"nobody\"}\n").unwrap();
    let said = import(&home, &Asked { file: &file, workspace: None }, &|_, _| {}).await.unwrap_err();
    let id = founding.workspace.id.to_string();
    assert!(said.contains("--workspace") && said.contains(&id) && said.contains("Rival"), "{said}");
    let done = import(&home, &Asked { file: &file, workspace: Some(&id) }, &|_, _| {}).await.unwrap();
    assert!(done.page.starts_with("accepted 1\nmerged   0\nrejected 1\n"), "{}", done.page);
    let said = import(&home, &Asked { file: &file, workspace: Some("ws_none") }, &|_, _| {}).await.unwrap_err();
    assert!(said.contains("no workspace ws_none"), "{said}");
    std::fs::write(&file, "{\"name\":\"nobody\"}").unwrap();
    assert!(!import(&home, &Asked { file: &file, workspace: Some(&id) }, &|_, _| {}).await.unwrap().somebody);
    std::fs::write(&file, "Wer;Wo\nAda;Paris\n").unwrap();
    let said = import(&home, &Asked { file: &file, workspace: Some(&id) }, &|_, _| {}).await.unwrap_err();
    assert!(said.contains("No column of e-mails") && said.contains("Wer, Wo"), "{said}");
    std::fs::write(&file, "[{\"email\":\"ada@lambert.example\",\"shoe_size\":41}]").unwrap();
    let said = import(&home, &Asked { file: &file, workspace: Some(&id) }, &|_, _| {}).await.unwrap_err();
    assert!(said.contains("items[0].shoe_size: unknown field"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Home::open(Options { place: Place::Folder(folder.path().to_owned()), ..Options::in_memory(Clock::at(now())) });
    let running = open().await.unwrap();
    let said = format!("{:#}", open().await.err().unwrap());
    assert!(said.contains("used by another amorce"), "{said}");
    drop(running);
    open().await.unwrap();
}

#[test]
fn a_file_is_read_by_what_it_begins_with() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people");
    let check = |bytes: &[u8], expected: Result<Value, &str>| {
        std::fs::write(&file, bytes).unwrap();
        match (content(&file), expected) {
            (Ok(FileContent::Table(text)), Ok(expected)) => assert_eq!(json!(text), expected),
            (Ok(FileContent::Json(found)), Ok(expected)) => assert_eq!(found, expected),
            (Err(said), Err(expected)) => assert!(said.contains(expected), "{said}"),
            (found, expected) => panic!("{found:?} and not {expected:?}"),
        }
    };
    check(b"email\nada@lambert.example\n", Ok(json!("email\nada@lambert.example\n")));
    check(b"{\"items\":[1]}", Ok(json!({"items": [1]})));
    check(b"\xef\xbb\xbf [1]", Ok(json!({"items": [1]})));
    check(b"{\"a\":1}\n\n{\"a\":2}\n", Ok(json!({"items": [{"a": 1}, {"a": 2}]})));
    check(b"{\"a\":1}\n{\"a\":", Err("line 2: no JSON"));
    check(b"{\"a\":", Err("no JSON"));
    check(b"nom;pr\xe9nom", Err("not UTF-8"));
    check(b" \n", Err("is empty"));
}

#[test]
fn the_command_line_is_read() {
    let plain = Asked { file: Path::new("a.csv"), workspace: None };
    let named = || Ok(Asked { file: Path::new("a.csv"), workspace: Some("ws_1") });
    assert_eq!(asked(&["a.csv"]), Ok(plain));
    assert_eq!(asked(&["a.csv", "--workspace", "ws_1"]), named());
    assert_eq!(asked(&["--workspace", "ws_1", "a.csv"]), named());
    for wrong in [&[][..], &["--workspace"], &["a.csv", "--workspace"], &["a.csv", "b.csv"], &["--help"]] {
        assert!(asked(wrong).is_err(), "{wrong:?}");
    }
}
