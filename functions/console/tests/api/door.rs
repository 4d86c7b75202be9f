//! Keys, roles, unknown ids, problem documents and the description of the API: for every route of the table.

use crate::house::{House, MANAGER, OWNER, REVIEWER, STRANGER, VIEWER, house};
use axum::body::Body;
use console::{ROUTES, Route};
use domain::vocabulary::Role;
use http::Request;
use serde_json::{Value, json};

/// An id of the right form that nobody has.
fn unknown_id(route: &Route) -> &'static str {
    match route.path.trim_start_matches('/').split('/').next() {
        Some("accounts") => "acc_0",
        Some("posts") => "post_0",
        Some("runs") => "run_0",
        Some("prospects" | "conversations") => "pro_0",
        Some("messages") => "msg_0_0",
        Some("exclusions") => "exc_0",
        Some("suppressions") => "sup_0",
        Some("jobs") => "job_0",
        Some("members") => "mem_0",
        Some("keys") => "key_0",
        _ => "nothing",
    }
}

fn path(route: &Route, id: &str) -> String {
    format!("/api/v1{}", route.path.replace("{id}", id).replace("{name}", id))
}

async fn call(house: &House, key: &str, route: &Route, id: &str) -> u16 {
    house.call(key, route.method.as_str(), &path(route, id), &Value::Null).await.status.as_u16()
}

#[tokio::test]
async fn no_route_answers_without_a_key() {
    let house = house().await;
    for route in ROUTES {
        assert_eq!(call(&house, "", route, unknown_id(route)).await, 401, "{route:?}");
        assert_eq!(call(&house, "another key", route, unknown_id(route)).await, 401, "{route:?}");
    }
}

#[tokio::test]
async fn every_route_holds_its_role() {
    let house = house().await;
    let keys = [(Role::Owner, OWNER), (Role::Manager, MANAGER), (Role::Reviewer, REVIEWER), (Role::Viewer, VIEWER)];
    for route in ROUTES {
        for (role, key) in keys {
            let status = call(&house, key, route, unknown_id(route)).await;
            assert_eq!(status == 403, role > route.role, "{role} on {} {}: {status}", route.method.as_str(), route.path);
        }
    }
}

#[tokio::test]
async fn unknown_ids_answer_404_on_every_method() {
    let house = house().await;
    for route in ROUTES.iter().filter(|r| r.path.contains('{')) {
        for id in [unknown_id(route), "rubbish", "%00", "%ff", "a%2Fb"] {
            for body in [Value::Null, json!({}), json!({"no_such_field": 1})] {
                let read = house.call(OWNER, route.method.as_str(), &path(route, id), &body).await.status.as_u16();
                let nothing_to_read = route.fields.is_empty() && body["no_such_field"] == 1;
                assert!(read == 404 || (nothing_to_read && read == 422), "{} {} {id}: {read}", route.method.as_str(), route.path);
            }
        }
    }
}

#[tokio::test]
async fn ids_of_another_workspace_answer_404_on_every_method() {
    let house = house().await;
    let ids = fixtures(&house).await;
    for route in ROUTES.iter().filter(|r| r.path.contains("{id}")) {
        let unknown = unknown_id(route);
        let Some((_, id)) = ids.iter().find(|(kind, _)| unknown.starts_with(kind)) else { continue };
        assert_eq!(call(&house, STRANGER, route, id).await, 404, "{} {}", route.method.as_str(), route.path);
    }
}

/// One thing of each kind in the first workspace: prefix and id.
async fn fixtures(house: &House) -> Vec<(&'static str, String)> {
    let id = |v: Value| v["id"].as_str().expect("an id").to_owned();
    let account = id(house.post("/accounts", &json!({"label": "Claire"})).await.expect(201));
    let post = json!({"account_id": account, "text": "Bonjour"});
    let post = id(house.post("/posts", &post).await.expect(201));
    let run = json!({"source": "spy", "post_url": "https://www.linkedin.com/feed/update/urn:li:activity:7130000000000000000"});
    let run = id(house.post("/runs", &run).await.expect(201));
    let person = id(house.post("/prospects", &json!({"profile_url": "https://www.linkedin.com/in/ada"})).await.expect(201));
    let exclusion = id(house.post("/exclusions", &json!({"kind": "competitor", "value": "Rival SA"})).await.expect(201));
    let suppression = id(house.post("/suppressions", &json!({"kind": "email", "value": "x@y.example"})).await.expect(201));
    let job = house.post("/prospects/rescore", &Value::Null).await.expect(202)["job_id"].as_str().expect("a job").to_owned();
    let member = id(house.post("/members", &json!({"email": "m@acme.example", "role": "viewer"})).await.expect(201));
    let key = id(house.post("/keys", &json!({"name": "n8n", "role": "viewer"})).await.expect(201));
    vec![
        ("mem", member),
        ("key", key),
        ("acc", account),
        ("post", post),
        ("run", run),
        ("pro", person),
        ("exc", exclusion),
        ("sup", suppression),
        ("job", job),
    ]
}

#[tokio::test]
async fn the_cursor_of_another_workspace_is_refused() {
    let house = house().await;
    for n in 0..3 {
        house.post("/suppressions", &json!({"kind": "email", "value": format!("p{n}@y.example")})).await.expect(201);
    }
    let page = house.get("/suppressions?limit=2").await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("more");
    let path = format!("/api/v1/suppressions?limit=2&cursor={cursor}");
    assert_eq!(house.call(STRANGER, "GET", &path, &Value::Null).await.faults(400), ["cursor"]);
    let next = house.get(&format!("/suppressions?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((next["items"].as_array().map(Vec::len), &next["next_cursor"]), (Some(1), &Value::Null));
    for path in ["/posts", "/runs", "/prospects", "/prospects?sort=recent", "/review", "/conversations", "/audit"] {
        let sign = if path.contains('?') { '&' } else { '?' };
        assert_eq!(house.get(&format!("{path}{sign}cursor={cursor}")).await.faults(400), ["cursor"], "{path}");
        assert_eq!(house.get(&format!("{path}{sign}cursor=zz")).await.faults(400), ["cursor"], "{path}");
    }
}

#[tokio::test]
async fn every_list_has_the_same_shape() {
    let house = house().await;
    for route in ROUTES.iter().filter(|r| r.query.contains(&"cursor") && !r.path.contains('{')) {
        let page = house.get(&format!("{}?limit=200", route.path)).await.expect(200);
        assert!(page["items"].is_array() && page["next_cursor"].is_null(), "{}", route.path);
        for limit in ["0", "201", "many", "-1"] {
            assert_eq!(house.get(&format!("{}?limit={limit}", route.path)).await.faults(400), ["limit"], "{}", route.path);
        }
    }
}

#[tokio::test]
async fn errors_of_the_router_and_the_reader_are_problem_documents() {
    let house = house().await;
    house.call(OWNER, "GET", "/nowhere", &Value::Null).await.expect(404);
    house.call(OWNER, "GET", "/api/v1/nowhere", &Value::Null).await.expect(404);
    house.call(OWNER, "DELETE", "/api/v1/workspace", &Value::Null).await.expect(405);
    house.call(OWNER, "PUT", "/health", &Value::Null).await.expect(405);
    let send = async |media: &str, body: Vec<u8>| {
        let request = Request::patch("/api/v1/workspace").header("authorization", format!("Bearer {OWNER}"));
        house.send(request.header("content-type", media).body(Body::from(body)).expect("a request")).await
    };
    send("text/plain", b"{}".to_vec()).await.expect(415);
    send("text/csv", b"a,b".to_vec()).await.expect(415);
    send("application/json", b"{".to_vec()).await.expect(400);
    send("application/json", vec![0xff, 0xfe]).await.expect(400);
    send("application/json", vec![b'['; 100_000]).await.expect(400);
    send("application/json", vec![b' '; 1024 * 1024 + 1]).await.expect(413);
    send("application/json", b"[]".to_vec()).await.expect(422);
    send("application/json; charset=utf-8", b"{}".to_vec()).await.expect(200);
}

#[tokio::test]
async fn unknown_fields_are_refused_by_name_also_nested() {
    let house = house().await;
    let unknown = json!({"no_such_field": 1});
    for route in ROUTES.iter().filter(|r| !r.path.contains('{')) {
        let found = house.get(&format!("{}?no_such_parameter=1", route.path)).await;
        assert!(matches!(found.status.as_u16(), 400 | 404 | 405), "{}", route.path);
        if route.method.as_str() != "GET" {
            let path = format!("/api/v1{}", route.path);
            let refused = house.call(OWNER, route.method.as_str(), &path, &unknown).await;
            assert!(refused.faults(422).contains(&"no_such_field".to_owned()), "{}", route.path);
        }
    }
    let check = async |path: &str, body: Value, field: &str| {
        let method = if path == "/workspace" { "PATCH" } else { "POST" };
        let faults = house.call(OWNER, method, &format!("/api/v1{path}"), &body).await.faults(422);
        assert!(faults.contains(&field.to_owned()), "{path}: {faults:?}");
    };
    check("/workspace", json!({"icp": {"hobbies": []}}), "icp.hobbies").await;
    check("/workspace", json!({"weights": {"luck": 3}}), "weights.luck").await;
    check("/accounts", json!({"label": "x", "limits": {"per_hour": 3}}), "limits.per_hour").await;
    check("/accounts", json!({"label": "x", "credentials": {"cookie": "x"}}), "credentials.cookie").await;
    check("/runs", json!({"source": "spy", "filters": {"emoji": []}}), "filters.emoji").await;
    check("/runs", json!({"source": "cold", "query": {"age": 3}}), "query.age").await;
    check("/prospects/import", json!({"items": [{"email": "a@b.example", "age": 3}]}), "items[0].age").await;
}

#[tokio::test]
async fn problems_speak_french_first_and_english_on_request() {
    let house = house().await;
    let ask = async |language: Option<&str>| {
        let mut request = Request::get("/api/v1/posts/post_0").header("authorization", format!("Bearer {OWNER}"));
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        house.send(request.body(Body::empty()).expect("a request")).await.json["title"].clone()
    };
    assert_eq!(ask(None).await, "Introuvable");
    assert_eq!(ask(Some("en-GB")).await, "Not found");
    house.patch("/workspace", &json!({"locale": "en-GB"})).await.expect(200);
    assert_eq!(ask(None).await, "Not found");
    assert_eq!(ask(Some("fr-CA, en;q=0.5")).await, "Introuvable");
}

#[tokio::test]
async fn the_description_lists_every_route_and_needs_no_key() {
    let house = house().await;
    let document = house.call("", "GET", "/openapi.json", &Value::Null).await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    for route in ROUTES {
        let operation = &document["paths"][format!("/api/v1{}", route.path)][route.method.as_str().to_lowercase()];
        assert_eq!(operation["summary"], route.summary, "{}", route.path);
    }
    let mut ids: Vec<&str> = Vec::new();
    for path in document["paths"].as_object().expect("paths").values() {
        ids.extend(path.as_object().expect("methods").values().filter_map(|o| o["operationId"].as_str()));
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[tokio::test]
async fn health_and_readiness_need_no_key() {
    let house = house().await;
    let health = house.call("", "GET", "/health", &Value::Null).await.expect(200);
    assert_eq!(health, json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!(house.call("", "GET", "/ready", &Value::Null).await.expect(200)["status"], "ok");
    assert_eq!(house.call("", "GET", "/", &Value::Null).await.status, 200);
}

#[tokio::test]
async fn the_recorded_events_of_api_gateway_are_answered() {
    let house = house().await;
    let health = include_str!("../../../../events/console.health.json");
    let nobody = include_str!("../../../../events/console.prospects-without-key.json");
    for (event, expected) in [(health, 200), (nobody, 401)] {
        let (parts, _) = lambda_http::request::from_str(event).expect("an event of API Gateway").into_parts();
        house.send(Request::from_parts(parts, Body::empty())).await.expect(expected);
    }
}
