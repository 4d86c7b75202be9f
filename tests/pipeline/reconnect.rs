//! A session that ends: the account pauses by itself, says what to do, and goes on when it is connected again.

use crate::fixture::{World, world_over_v2};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn account(world: &World) -> Value {
    world.client.get(&format!("/api/v1/accounts/{}", world.account)).await.unwrap()
}

/// The member signs in at the provider.
fn sign_in(world: &World) {
    let body = json!({ "platform": "linkedin", "email": "claire@vasselin.example", "password": "sandbox" }).to_string();
    let call = sandbox::Call { method: "POST", path: "/v2/login", api_key: Some("sandbox"), body: body.as_bytes() };
    let sandbox::Reply::Answer { status, body, .. } = world.home.sandbox.handle(call) else { panic!("no answer") };
    let said: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &said["data"]["account_id"]), (200, &json!("acc_sandbox")), "{said}");
}

#[tokio::test]
async fn an_account_that_was_signed_out_waits_and_goes_on_when_it_is_connected_again() {
    let world = world_over_v2(amorce::welcome::workspace()).await;
    world.collect("own-1").await;
    assert!(world.approve_all().await > 0);
    assert!(world.home.sandbox.expire_session("claire-vasselin"));
    world.run_for(SignedDuration::from_mins(1)).await;
    let paused = account(&world).await;
    assert_eq!((&paused["status"], &paused["reconnect"]), (&json!("paused"), &json!(true)), "{paused}");
    world.next_morning().await;
    world.next_morning().await;
    assert_eq!(world.reached(), [], "nothing leaves meanwhile");

    sign_in(&world);
    let path = format!("/api/v1/accounts/{}", world.account);
    let credentials = json!({ "credentials": { "account_id": "acc_sandbox" } });
    let connected = world.client.patch(&path, &credentials).await.unwrap();
    assert_eq!((&connected["status"], &connected["reconnect"]), (&json!("active"), &json!(false)), "{connected}");
    assert_eq!(connected["counters"]["last_7_days"], paused["counters"]["last_7_days"], "nothing is given back");
    world.next_morning().await;
    assert!(!world.reached().is_empty(), "what was approved goes out");

    // The secret of the webhook outlasts the new session: the next event is believed.
    assert!(world.home.sandbox.expire_session("claire-vasselin"));
    world.run_for(SignedDuration::from_mins(1)).await;
    assert_eq!(account(&world).await["status"], "paused");
}

#[tokio::test]
async fn a_new_secret_takes_the_place_of_the_old_one() {
    let world = world_over_v2(amorce::welcome::workspace()).await;
    let path = format!("/api/v1/accounts/{}/monitoring", world.account);
    world.client.post(&path, &json!({ "enabled": true, "rotate": true })).await.unwrap();
    assert!(world.home.sandbox.expire_session("claire-vasselin"));
    world.run_for(SignedDuration::from_mins(20)).await;
    assert_eq!(account(&world).await["status"], "paused", "signed with the new one");
}
