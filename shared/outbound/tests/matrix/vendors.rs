//! The vendors of the matrix: their clients, calls, prices and ways of refusing.

use crate::support::calls::{self, ENDPOINTS, Endpoint};
use outbound::VendorConfig;
use outbound::linkedin::{Access, ErrorKind, LinkedIn};
use outbound::linkup_v1::LinkupV1;
use outbound::linkup_v2::LinkupV2;
use outbound::rate::SlidingWindow;
use outbound::unipile::Unipile;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// One provider.
pub struct Vendor {
    pub name: &'static str,
    /// At an address, waiting so long for an answer.
    pub client: fn(&str, Duration) -> Box<dyn LinkedIn>,
    pub endpoints: &'static [Endpoint],
    pub unsupported: &'static [&'static str],
    /// Calls for which a 404 says that what was wanted is so already.
    pub gone_is_done: &'static [&'static str],
    pub refusals_cost: bool,
    /// The body of a refusal.
    pub error: fn(u16) -> Value,
    pub error_in_200: fn() -> Value,
    pub kind_in_200: ErrorKind,
    /// A page of one row that promises another.
    pub endless: fn(&str) -> Value,
}

fn config(address: &str, patience: Duration) -> VendorConfig {
    VendorConfig { timeout: patience, media_timeout: patience, ..VendorConfig::new(address, calls::API_KEY.into()) }
}

fn gate() -> Arc<SlidingWindow> {
    Arc::new(SlidingWindow::new(300, Duration::from_secs(60)))
}

const fn endpoint(name: &'static str, credits: u32, reads: u32) -> Endpoint {
    Endpoint { name, credits, reads }
}

pub fn all() -> [Vendor; 3] {
    [
        Vendor {
            name: "linkup-v1",
            client: |address, patience| {
                Box::new(LinkupV1::with_clock(config(address, patience), gate(), Arc::new(calls::now)).unwrap())
            },
            endpoints: &ENDPOINTS,
            unsupported: &[],
            gone_is_done: &[],
            refusals_cost: true,
            error: |_| json!({"status": "error", "message": "No."}),
            error_in_200: || json!({"status": "error", "message": "No."}),
            kind_in_200: ErrorKind::Refused,
            endless: |name| {
                let (list, row) = rows(name);
                json!({"status": "success", "data": {list: [row], "pagination": {"has_next_page": true}}})
            },
        },
        Vendor {
            name: "linkup-v2",
            client: |address, patience| {
                Box::new(LinkupV2::with_clock(config(address, patience), gate(), Arc::new(calls::now)).unwrap())
            },
            endpoints: V2,
            unsupported: &[
                "own_posts/data",
                "post_reactions/data",
                "post_comments/data",
                "profile_data",
                "company/data",
                "company_by_domain",
                "search_people/data",
                "sent_invitations",
                "withdraw_invitation",
            ],
            gone_is_done: &[],
            refusals_cost: false,
            error: |_| json!({"success": false, "error": {"message": "No."}}),
            error_in_200: || json!({"success": false, "error": {"code": "CHANNEL_ERROR", "message": "No."}}),
            kind_in_200: ErrorKind::Refused,
            endless: |name| {
                let (list, row) = rows(name);
                json!({"success": true, "data": {list: [row], "pagination": {"next_offset": 50, "has_more": true}}})
            },
        },
        Vendor {
            name: "unipile",
            client: |address, patience| {
                Box::new(Unipile::with_clock(config(address, patience), gate(), Arc::new(calls::now)).unwrap())
            },
            endpoints: UNIPILE,
            unsupported: &[
                "own_posts/data",
                "post_reactions/data",
                "post_comments/data",
                "profile_data",
                "company/data",
                "company_by_domain",
                "search_people/data",
                "search_people/session",
                "send_message/media",
                "start_webhook",
                "login",
                "verify",
            ],
            gone_is_done: &["stop_webhook"],
            refusals_cost: false,
            error: |status| json!({"status": status, "type": "errors/unheard_of", "title": "No", "detail": "no"}),
            error_in_200: || json!({"status": 422, "type": "errors/already_connected", "title": "No"}),
            kind_in_200: ErrorKind::AlreadyConnected,
            endless: |name| {
                let (_, row) = rows(name);
                json!({"object": "List", "items": [row], "cursor": "again"})
            },
        },
    ]
}

/// A row of a list, in words that every vendor's reader knows.
fn rows(name: &str) -> (&'static str, Value) {
    match name {
        "connections" => ("connections", json!({"profile_url": calls::ADA, "name": "Ada"})),
        "post_comments/session" => ("comments", json!({"comment_text": "x", "text": "x"})),
        _ => ("reactions", json!({"name": "Ada", "value": "LIKE"})),
    }
}

/// One page: its rows, whether another follows, and the address to go on with.
pub async fn page(client: &dyn LinkedIn, name: &str, post: &str, page: u32) -> (usize, bool, Option<String>) {
    let session = calls::session();
    let through = Access::Session(&session);
    match name {
        "connections" => {
            let found = client.connections(&session, page).await.unwrap().value;
            (found.rows.len(), found.page.has_next, found.address)
        }
        "post_comments/session" => {
            let found = client.post_comments(through, post, page).await.unwrap().value;
            (found.rows.len(), found.page.has_next, found.address)
        }
        _ => {
            let found = client.post_reactions(through, post, page).await.unwrap().value;
            (found.rows.len(), found.page.has_next, found.address)
        }
    }
}

const V2: &[Endpoint] = &[
    endpoint("own_posts/session", 1, 1),
    endpoint("post_reactions/session", 5, 1),
    endpoint("post_comments/session", 5, 1),
    endpoint("profile", 1, 1),
    endpoint("company/session", 1, 1),
    endpoint("search_people/session", 3, 1),
    endpoint("invitation_status", 1, 1),
    endpoint("connect", 1, 0),
    endpoint("send_message", 1, 0),
    endpoint("send_message/media", 2, 0),
    endpoint("conversation", 1, 1),
    endpoint("inbox", 2, 1),
    endpoint("connections", 1, 1),
    endpoint("create_post", 1, 0),
    endpoint("create_company_post", 1, 0),
    endpoint("create_webhook", 0, 0),
    endpoint("start_webhook", 0, 0),
    endpoint("stop_webhook", 0, 0),
    endpoint("list_webhooks", 0, 0),
    endpoint("login", 0, 0),
    endpoint("verify", 0, 0),
];

const UNIPILE: &[Endpoint] = &[
    endpoint("own_posts/session", 0, 1),
    endpoint("post_reactions/session", 0, 1),
    endpoint("post_comments/session", 0, 1),
    endpoint("profile", 0, 1),
    endpoint("company/session", 0, 1),
    endpoint("invitation_status", 0, 1),
    endpoint("connect", 0, 0),
    endpoint("send_message", 0, 0),
    endpoint("conversation", 0, 1),
    endpoint("inbox", 0, 1),
    endpoint("connections", 0, 1),
    endpoint("sent_invitations", 0, 1),
    endpoint("withdraw_invitation", 0, 0),
    endpoint("create_post", 0, 0),
    endpoint("create_company_post", 0, 0),
    endpoint("create_webhook", 0, 0),
    endpoint("stop_webhook", 0, 0),
    endpoint("list_webhooks", 0, 0),
];
