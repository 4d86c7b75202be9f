//! Settings, new workspaces, and the first start.

use crate::house::{OWNER, STRANGER, house, now};
use console::auth::{BootstrapValues, bootstrap, hash_of};
use secrecy::SecretString;
use serde_json::{Value, json};
use store::Store;
use store::embedded::Embedded;

#[tokio::test]
async fn a_new_workspace_has_a_line_and_no_icp() {
    let house = house().await;
    let mut workspace = house.get("/workspace").await.expect(200);
    workspace["id"] = json!("ws");
    insta::assert_json_snapshot!(workspace);
}

#[tokio::test]
async fn a_patch_replaces_the_fields_it_names() {
    let house = house().await;
    let icp = json!({"titles": ["CEO"], "company_size": {"min": 11, "max": 200}});
    let changed = house.patch("/workspace", &json!({"icp": icp, "threshold": 55, "thresholds": {"cold": 30}})).await.expect(200);
    assert_eq!((&changed["icp"]["titles"], &changed["threshold"]), (&json!(["CEO"]), &json!(55)));
    assert_eq!(changed["thresholds"], json!({"cold": 30, "import": 35, "local": 35}));
    assert_eq!(house.patch("/workspace", &json!({"threshold": null})).await.expect(200)["threshold"], Value::Null);
    for bad in [json!(101), json!(-1), json!(3.5), json!("60")] {
        assert_eq!(house.patch("/workspace", &json!({"threshold": bad})).await.faults(422), ["threshold"]);
    }
    let audit = house.get("/audit").await.expect(200);
    assert_eq!(audit["items"][0]["action"], "workspace.changed");
    assert_eq!(house.call(STRANGER, "GET", "/api/v1/workspace", &Value::Null).await.expect(200)["icp"], Value::Null);
}

#[tokio::test]
async fn only_an_admin_key_makes_workspaces() {
    let house = house().await;
    let made = house.post("/workspaces", &json!({"name": "Client", "owner_email": "O@Client.example"})).await.expect(201);
    let key = made["api_key"].as_str().expect("a key");
    let its_own = house.call(key, "GET", "/api/v1/workspace", &Value::Null).await.expect(200);
    assert_eq!((&its_own["id"], &its_own["name"]), (&made["id"], &json!("Client")));
    house.call(key, "POST", "/api/v1/workspaces", &json!({"name": "Another"})).await.expect(403);
    assert_eq!(house.post("/workspaces", &json!({"name": "x", "owner_email": "nobody"})).await.faults(422), ["owner_email"]);
    house.post("/workspaces", &json!({"name": "Mine"})).await.expect(201);
    let mine = house.get("/workspaces").await.expect(200);
    let names: Vec<&Value> = mine["items"].as_array().expect("items").iter().map(|w| &w["name"]).collect();
    assert!(names.contains(&&json!("Mine")) && names.contains(&&json!("acme")) && !names.contains(&&json!("Client")));
}

#[tokio::test]
async fn bootstrap_values_count_once() {
    let store = Store::new(Embedded::memory().expect("memory").table("amorce").await.expect("a table"));
    let values = |key: &str| BootstrapValues {
        email: Some("Claire@Acme.example".into()),
        password: Some(SecretString::from("correct horse")),
        api_key: Some(SecretString::from(key.to_owned())),
    };
    assert_eq!(bootstrap(&store, &BootstrapValues::default(), now()).await.expect("the store"), None);
    let without_key = BootstrapValues { api_key: None, ..values(OWNER) };
    assert_eq!(bootstrap(&store, &without_key, now()).await.expect("the store"), None);
    let first = bootstrap(&store, &values(OWNER), now()).await.expect("the store").expect("made");
    let again = bootstrap(&store, &values("another"), now()).await.expect("the store");
    assert_eq!(again, Some(first.clone()));
    let key = store.api_key(&hash_of(OWNER)).await.expect("the store").expect("the first key works");
    assert!(key.admin && key.workspace == first && key.email == "claire@acme.example");
    assert_eq!(store.api_key(&hash_of("another")).await.expect("the store"), None);
    let members = store.members(&first).await.expect("the store");
    assert!(members[0].password_hash.as_deref().is_some_and(|h| h.starts_with("$argon2id$")));
}

#[tokio::test]
async fn keys_are_made_for_a_role_shown_once_and_taken_away() {
    let house = house().await;
    let made = house.post("/keys", &json!({"name": "n8n", "role": "reviewer"})).await.expect(201);
    let secret = made["api_key"].as_str().expect("a key");
    house.call(secret, "GET", "/api/v1/workspace", &Value::Null).await.expect(200);
    house.call(secret, "PATCH", "/api/v1/workspace", &json!({"name": "x"})).await.expect(403);
    let listed = house.get("/keys").await.expect(200);
    assert_eq!((&listed["items"][0]["name"], listed.to_string().contains(secret)), (&json!("n8n"), false));
    house.delete(&format!("/keys/{}", made["id"].as_str().expect("an id"))).await.expect(204);
    house.call(secret, "GET", "/api/v1/workspace", &Value::Null).await.expect(401);
    assert_eq!(house.post("/keys", &json!({"name": "x", "role": "king"})).await.faults(422), ["role"]);
    let owner = json!({"name": "x", "role": "owner", "admin": true});
    assert_eq!(house.call(STRANGER, "POST", "/api/v1/keys", &owner).await.faults(422), ["admin"]);
}

#[tokio::test]
async fn one_owner_remains() {
    let house = house().await;
    let owner = house.get("/members").await.expect(200)["items"][0].clone();
    let path = format!("/members/{}", owner["id"].as_str().expect("an id"));
    house.patch(&path, &json!({"role": "viewer"})).await.expect(409);
    house.delete(&path).await.expect(409);
    let paul = json!({"email": "Paul@Acme.example", "role": "owner"});
    let second = house.post("/members", &paul).await.expect(201);
    assert_eq!(second["email"], "paul@acme.example");
    house.post("/members", &paul).await.expect(409);
    assert_eq!(house.patch(&path, &json!({"role": "manager"})).await.expect(200)["role"], "manager");
    house.delete(&path).await.expect(409);
    house.delete(&format!("/members/{}", second["id"].as_str().expect("an id"))).await.expect(409);
}

#[tokio::test]
async fn a_key_alone_is_enough_for_the_first_start() {
    let store = Store::new(Embedded::memory().expect("memory").table("amorce").await.expect("a table"));
    let values = BootstrapValues { api_key: Some(SecretString::from(OWNER)), ..BootstrapValues::default() };
    assert!(bootstrap(&store, &values, now()).await.expect("the store").is_some());
    let unreadable = BootstrapValues { email: Some("nobody".into()), ..values };
    let another = Store::new(Embedded::memory().expect("memory").table("amorce").await.expect("a table"));
    assert!(bootstrap(&another, &unreadable, now()).await.is_err());
}
