//! Every call of every LinkedIn provider × every failure: its kind, whether the call may be made again, what it cost.

#[path = "../support/mod.rs"]
mod support;
mod vendors;

use outbound::linkedin::{ErrorKind, Sent};
use serde_json::Value;
use std::sync::atomic::Ordering;
use std::time::Duration;
use support::calls;
use support::faults::{Act, answer, answer_announced, serve};
use vendors::{Vendor, all};

/// What a failure costs: nothing, the call's price, or the price where this vendor charges refusals.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Price {
    Free,
    Full,
    WhereRefusalsCost,
}

struct Fault {
    name: &'static str,
    act: Act,
    kind: ErrorKind,
    sent: Sent,
    price: Price,
    retryable: bool,
}

/// Long enough for a busy machine; only a vendor that stays silent makes a test wait.
const LONG: Duration = Duration::from_secs(20);

fn patience(fault: &Fault) -> Duration {
    if matches!(fault.act, Act::Silence) { Duration::from_secs(1) } else { LONG }
}

fn json(status: u16, headers: &str, body: &Value) -> Act {
    answer(status, "application/json", headers, body.to_string().as_bytes())
}

/// Explicit refusals: surely not done.
fn refusals(vendor: &Vendor) -> Vec<Fault> {
    use ErrorKind::*;
    let refused = |name, status, headers: &str, kind, retryable| Fault {
        name,
        act: json(status, headers, &(vendor.error)(status)),
        kind,
        sent: Sent::Answered,
        price: Price::WhereRefusalsCost,
        retryable,
    };
    vec![
        refused("400", 400, "", BadRequest, false),
        refused("401", 401, "", Unauthorized, false),
        refused("403", 403, "", Forbidden, false),
        refused("404", 404, "", NotFound, false),
        refused("409", 409, "", Refused, false),
        refused("422", 422, "", BadRequest, false),
        refused("429", 429, "", RateLimited, true),
        refused("429 with a time", 429, "retry-after: 37\r\n", RateLimited, true),
        Fault {
            act: json(200, "", &(vendor.error_in_200)()),
            ..refused("200 with an error", 200, "", vendor.kind_in_200, false)
        },
    ]
}

/// Failures that leave open whether the call was done.
fn unknowns() -> Vec<Fault> {
    use ErrorKind::*;
    let open = |name, act, kind, price| Fault { name, act, kind, sent: Sent::Maybe, price, retryable: true };
    let down = |name, status| open(name, json(status, "", &serde_json::json!({})), VendorDown, Price::Free);
    let ten_megabytes = vec![b' '; 10 * 1024 * 1024];
    vec![
        down("500", 500),
        down("503", 503),
        open("502 html", answer(502, "text/html", "", b"<html>Bad gateway</html>"), VendorDown, Price::Free),
        open("time-out", Act::Silence, TimedOut, Price::Full),
        open("reset", Act::Reset, TimedOut, Price::Full),
        open("cut off", answer_announced(200, "application/json", "", b"{\"status\":", 500), Unreadable, Price::Full),
        open("truncated", answer(200, "application/json", "", b"{\"status\":\"succ"), Unreadable, Price::Full),
        open("html", answer(200, "text/html", "", b"<html>Sorry</html>"), Unreadable, Price::Full),
        open("10 MB", answer(200, "application/json", "", &ten_megabytes), Unreadable, Price::Full),
        open("wrong schema", json(200, "", &serde_json::json!({"hello": ["world"]})), Unreadable, Price::Full),
    ]
}

#[tokio::test]
async fn every_call_of_every_vendor_judges_every_failure() {
    let mut judged = 0;
    for vendor in all() {
        for fault in refusals(&vendor).into_iter().chain(unknowns()) {
            judged += judge(&vendor, &fault).await;
        }
    }
    assert!(judged > 1_200, "{judged}");
}

async fn judge(vendor: &Vendor, fault: &Fault) -> usize {
    let (address, requests) = serve(fault.act.clone()).await;
    futures::future::join_all(vendor.endpoints.iter().map(|endpoint| judge_call(vendor, fault, *endpoint, &address))).await;
    let expected = vendor.endpoints.len();
    assert_eq!(requests.load(Ordering::SeqCst), expected, "{}: {}: nothing is repeated", vendor.name, fault.name);
    expected
}

async fn judge_call(vendor: &Vendor, fault: &Fault, endpoint: calls::Endpoint, address: &str) {
    // A client of its own: a 429 holds back every later call of the key.
    let client = (vendor.client)(address, patience(fault));
    let context = format!("{}: {} to {}", vendor.name, fault.name, endpoint.name);
    if fault.name == "404" && vendor.gone_is_done.contains(&endpoint.name) {
        calls::ask(client.as_ref(), endpoint.name).await.expect(&context);
        return;
    }
    let Err(error) = calls::ask(client.as_ref(), endpoint.name).await else { panic!("{context}: no failure") };
    assert_eq!((error.kind, error.sent), (fault.kind, fault.sent), "{context}: {error}");
    assert_eq!(error.is_retryable(), fault.retryable, "{context}");
    assert_eq!(error.surely_not_done(), fault.sent == Sent::Answered, "{context}");
    let costs = match fault.price {
        Price::Free => false,
        Price::Full => true,
        Price::WhereRefusalsCost => vendor.refusals_cost,
    };
    let credits = if costs { endpoint.credits } else { 0 };
    assert_eq!((error.credits, error.session_reads), (credits, endpoint.reads), "{context}");
    let asked = if fault.name == "429 with a time" { Some(37) } else { None };
    assert_eq!(error.retry_after.map(|wait| wait.as_secs()), asked, "{context}");
}

#[tokio::test]
async fn what_a_vendor_does_not_offer_is_refused_before_anything_leaves() {
    for vendor in all() {
        let (address, requests) = serve(Act::Reset).await;
        for name in vendor.unsupported {
            let error = calls::ask((vendor.client)(&address, LONG).as_ref(), name).await.expect_err(name);
            let context = format!("{}: {name}", vendor.name);
            assert_eq!((error.kind, error.sent), (ErrorKind::Unsupported, Sent::Not), "{context}");
            assert_eq!((error.credits, error.session_reads), (0, 0), "{context}");
            assert!(!error.is_retryable(), "{context}");
        }
        assert_eq!(requests.load(Ordering::SeqCst), 0, "{}", vendor.name);
        let named = vendor.endpoints.len() + vendor.unsupported.len();
        assert_eq!(named, calls::ENDPOINTS.len(), "{}: every call is in one of the two lists", vendor.name);
    }
}

#[tokio::test]
async fn a_repeated_page_and_an_endless_list_are_told_as_they_are() {
    for vendor in all() {
        for name in ["post_reactions/session", "post_comments/session", "connections"] {
            let (address, requests) = serve(json(200, "", &(vendor.endless)(name))).await;
            let client = (vendor.client)(&address, LONG);
            let mut seen = Vec::new();
            let mut post = calls::POST.to_owned();
            for page in 1..=3 {
                let (rows, next, onward) = vendors::page(client.as_ref(), name, &post, page).await;
                assert_eq!((rows, next), (1, true), "{} {name} {page}", vendor.name);
                seen.push(rows);
                post = onward.unwrap_or(post);
            }
            assert_eq!(requests.load(Ordering::SeqCst), seen.len(), "{} {name}: one request a page", vendor.name);
        }
    }
}
