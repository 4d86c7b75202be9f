//! Every call of a provider by its name.

use domain::search::Combination;
use jiff::Timestamp;
use outbound::linkedin::*;
use serde_json::Value;

pub const API_KEY: &str = "KEY-not-real-5b1d";
pub const TOKEN: &str = "TOKEN-not-real-77aa";
pub const PASSWORD: &str = "PASSWORD-not-real-31c0";
/// Known by the id that every vendor takes as it is.
pub const ADA: &str = "https://www.linkedin.com/in/ACoAAAda00000000000000000000000000000001";
pub const POST: &str = "https://www.linkedin.com/posts/claire_x-activity-7523292885811833700-BvyM";

pub fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub fn session() -> Session {
    Session { account_id: "acc_claire".into(), ..Session::of_token(TOKEN, "FR") }
}

pub fn recorded(file: &str) -> String {
    let path = format!("{}/tests/data/linkup/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn recorded_json(file: &str) -> Value {
    serde_json::from_str(&recorded(file)).unwrap()
}

/// One call of the client: its name, its price when it fails, its reads.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    pub name: &'static str,
    pub credits: u32,
    pub reads: u32,
}

const fn endpoint(name: &'static str, credits: u32, reads: u32) -> Endpoint {
    Endpoint { name, credits, reads }
}

/// Every call there is; the post reads are asked with an address of one form.
pub const ENDPOINTS: [Endpoint; 30] = [
    endpoint("own_posts/data", 1, 0),
    endpoint("own_posts/session", 1, 1),
    endpoint("post_reactions/data", 1, 0),
    endpoint("post_reactions/session", 1, 1),
    endpoint("post_comments/data", 1, 0),
    endpoint("post_comments/session", 1, 1),
    endpoint("profile", 1, 1),
    endpoint("profile_data", 1, 0),
    endpoint("company/data", 1, 0),
    endpoint("company/session", 1, 1),
    endpoint("company_by_domain", 1, 0),
    endpoint("search_people/data", 3, 0),
    endpoint("search_people/session", 3, 1),
    endpoint("invitation_status", 1, 1),
    endpoint("connect", 1, 0),
    endpoint("send_message", 1, 0),
    endpoint("send_message/media", 2, 0),
    endpoint("conversation", 1, 1),
    endpoint("inbox", 2, 1),
    endpoint("connections", 1, 1),
    endpoint("sent_invitations", 1, 1),
    endpoint("withdraw_invitation", 1, 0),
    endpoint("create_post", 1, 0),
    endpoint("create_company_post", 1, 0),
    endpoint("create_webhook", 0, 0),
    endpoint("start_webhook", 0, 0),
    endpoint("stop_webhook", 0, 0),
    endpoint("list_webhooks", 0, 0),
    endpoint("login", 0, 0),
    endpoint("verify", 0, 0),
];

/// Makes the named call and forgets its value.
pub async fn ask(client: &dyn LinkedIn, name: &str) -> Result<Metered<()>, CallError> {
    let session = session();
    let through = Access::Session(&session);
    let post = "https://www.linkedin.com/feed/update/urn:li:activity:7523292885811833700";
    let posts = PostsQuery { profile_url: ADA.into(), keyword: None, post_type: None, post_date: None, page: 1 };
    let wanted = Combination { keyword: Some("drh".into()), ..Combination::default() };
    let people = PeopleQuery { wanted, total_results: 25 };
    let inbox = InboxQuery { total_results: 20, ..InboxQuery::default() };
    let new_post = NewPost { text: "Bonjour".into(), media: vec![] };
    let media = NewMessage { text: "Bonjour".into(), media_link: Some("https://m.example/a.pdf".into()) };
    let webhook = NewWebhook {
        account_name: "Claire".into(),
        webhook_url: "https://a.example/w/HIDDEN".to_owned().into(),
        secret: "ours".into(),
    };
    let email = || "claire@example.com".to_owned().into();
    let login = Login { email: email(), password: PASSWORD.to_owned().into(), country: "FR".into() };
    let code = Verification { email: email(), code: "123456".to_owned().into(), country: "FR".into() };
    macro_rules! forget {
        ($call:expr) => {
            $call.await.map(|answer| answer.map(drop))
        };
    }
    match name {
        "own_posts/data" => forget!(client.own_posts(Access::Data, &posts)),
        "own_posts/session" => forget!(client.own_posts(through, &posts)),
        "post_reactions/data" => forget!(client.post_reactions(Access::Data, post, 1)),
        "post_reactions/session" => forget!(client.post_reactions(through, post, 1)),
        "post_comments/data" => forget!(client.post_comments(Access::Data, post, 1)),
        "post_comments/session" => forget!(client.post_comments(through, post, 1)),
        "profile" => forget!(client.profile(&session, ADA)),
        "profile_data" => forget!(client.profile_data(ADA)),
        "company/data" => {
            forget!(client.company(Access::Data, "https://www.linkedin.com/company/4711"))
        }
        "company/session" => forget!(client.company(through, "https://www.linkedin.com/company/4711")),
        "company_by_domain" => forget!(client.company_by_domain("x.example")),
        "search_people/data" => forget!(client.search_people(Access::Data, &people)),
        "search_people/session" => forget!(client.search_people(through, &people)),
        "invitation_status" => forget!(client.invitation_status(&session, ADA)),
        "connect" => forget!(client.connect(&session, ADA, Some("Bonjour"))),
        "send_message" => forget!(client.send_message(&session, ADA, &NewMessage::text("Bonjour"))),
        "send_message/media" => forget!(client.send_message(&session, ADA, &media)),
        "conversation" => forget!(client.conversation(&session, ADA)),
        "inbox" => forget!(client.inbox(&session, &inbox)),
        "connections" => forget!(client.connections(&session, 1)),
        "sent_invitations" => forget!(client.sent_invitations(&session, 1)),
        "withdraw_invitation" => forget!(client.withdraw_invitation(&session, "7329")),
        "create_post" => forget!(client.create_post(&session, &new_post)),
        "create_company_post" => {
            forget!(client.create_company_post(&session, "https://www.linkedin.com/company/4711", &new_post))
        }
        "create_webhook" => forget!(client.create_webhook(&session, &webhook)),
        "start_webhook" => forget!(client.start_webhook("66f0")),
        "stop_webhook" => forget!(client.stop_webhook("66f0")),
        "list_webhooks" => forget!(client.list_webhooks()),
        "login" => forget!(client.login(&login)),
        "verify" => forget!(client.verify(&code)),
        other => panic!("no call named {other}"),
    }
}
