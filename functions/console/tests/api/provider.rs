//! A provider that answers what sign-in, monitoring and the list of own posts need, and nothing else.

use crate::house::{House, house_with};
use async_trait::async_trait;
use domain::vocabulary::Provider;
use outbound::linkedin::*;
use outbound::providers::Providers;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Remembers the webhooks it was asked for.
#[derive(Default)]
pub struct Pretend {
    webhooks: Mutex<Vec<String>>,
}

fn metered<T>(value: T) -> Answer<T> {
    Ok(Metered { value, credits: 1, session_reads: 0, raw_bytes: 0 })
}

fn unasked<T>() -> Answer<T> {
    Err(CallError {
        kind: ErrorKind::Refused,
        message: "not part of this test".into(),
        credits: 0,
        session_reads: 0,
        retry_after: None,
        status: None,
        sent: Sent::Answered,
    })
}

#[async_trait]
impl LinkedIn for Pretend {
    fn capabilities(&self) -> Capabilities {
        domain::provider::LINKUP_V1
    }
    fn costs(&self) -> Costs {
        outbound::linkup_v1::COSTS
    }
    async fn own_posts(&self, _: Access<'_>, query: &PostsQuery) -> Answer<Paged<PostRow>> {
        assert_eq!(query.profile_url, "https://www.linkedin.com/in/claire");
        let row = PostRow {
            post_url: Some("https://www.linkedin.com/feed/update/urn:li:activity:7264000000000000000".into()),
            post_urn: None,
            text: None,
            published_at: None,
            reactions: None,
            comments: None,
            shares: None,
            impressions: None,
            raw: Value::Null,
        };
        let page = PageInfo { page: 1, returned: 1, available: None, has_next: false };
        metered(Paged { page, rows: vec![row], unreadable: 0, address: None })
    }
    async fn post_reactions(&self, _: Access<'_>, _: &str, _: u32) -> Answer<Paged<ReactionRow>> {
        unasked()
    }
    async fn post_comments(&self, _: Access<'_>, _: &str, _: u32) -> Answer<Paged<CommentRow>> {
        unasked()
    }
    async fn profile(&self, _: &Session, _: &str) -> Answer<Profile> {
        unasked()
    }
    async fn profile_data(&self, _: &str) -> Answer<Profile> {
        unasked()
    }
    async fn company(&self, _: Access<'_>, _: &str) -> Answer<Company> {
        unasked()
    }
    async fn company_by_domain(&self, _: &str) -> Answer<Company> {
        unasked()
    }
    async fn search_people(&self, _: Access<'_>, _: &PeopleQuery) -> Answer<Paged<PersonRow>> {
        unasked()
    }
    async fn invitation_status(&self, _: &Session, _: &str) -> Answer<InvitationStatus> {
        unasked()
    }
    async fn connect(&self, _: &Session, _: &str, _: Option<&str>) -> Answer<InvitationReceipt> {
        unasked()
    }
    async fn send_message(&self, _: &Session, _: &str, _: &NewMessage) -> Answer<MessageReceipt> {
        unasked()
    }
    async fn conversation(&self, _: &Session, _: &str) -> Answer<Conversation> {
        unasked()
    }
    async fn inbox(&self, _: &Session, _: &InboxQuery) -> Answer<InboxPage> {
        unasked()
    }
    async fn connections(&self, _: &Session, _: u32) -> Answer<Paged<ConnectionRow>> {
        unasked()
    }
    async fn sent_invitations(&self, _: &Session, _: u32) -> Answer<Paged<SentInvitationRow>> {
        unasked()
    }
    async fn withdraw_invitation(&self, _: &Session, _: &str) -> Answer<()> {
        unasked()
    }
    async fn create_post(&self, _: &Session, _: &NewPost) -> Answer<CreatedPost> {
        unasked()
    }
    async fn create_company_post(&self, _: &Session, _: &str, _: &NewPost) -> Answer<CreatedPost> {
        unasked()
    }
    async fn create_webhook(&self, session: &Session, webhook: &NewWebhook) -> Answer<WebhookAccount> {
        assert_eq!(session.login_token.expose_secret(), "AQED-fresh");
        let address = webhook.webhook_url.expose_secret().to_owned();
        self.webhooks.lock().expect("no panic").push(address);
        metered(WebhookAccount { id: "w1".into(), account_name: None, webhook_url: None, is_active: false, secret: None })
    }
    async fn start_webhook(&self, id: &str) -> Answer<WebhookState> {
        metered(WebhookState { id: id.into(), is_active: true })
    }
    async fn stop_webhook(&self, id: &str) -> Answer<WebhookState> {
        metered(WebhookState { id: id.into(), is_active: false })
    }
    async fn list_webhooks(&self) -> Answer<Vec<WebhookAccount>> {
        unasked()
    }
    async fn login(&self, login: &Login) -> Answer<LoginOutcome> {
        match login.password.expose_secret() {
            "right" => metered(LoginOutcome::Session(SecretString::from("AQED-fresh"))),
            "asks" => metered(LoginOutcome::CodeRequired),
            _ => unasked(),
        }
    }
    async fn verify(&self, verification: &Verification) -> Answer<LoginOutcome> {
        assert_eq!(verification.email.expose_secret(), "c@acme.example");
        match verification.code.expose_secret() {
            "123456" => metered(LoginOutcome::Session(SecretString::from("AQED-fresh"))),
            _ => metered(LoginOutcome::CodeRequired),
        }
    }
}

async fn connected() -> (House, Arc<Pretend>) {
    let pretend = Arc::new(Pretend::default());
    let client = pretend.clone();
    let house = house_with(move |opener| Providers::new(opener).with(Provider::Sandbox, client)).await;
    (house, pretend)
}

fn login(password: &str) -> Value {
    json!({
        "label": "Claire", "email": "c@acme.example", "password": password, "country": "FR",
        "profile_url": "https://www.linkedin.com/in/claire",
    })
}

#[tokio::test]
async fn a_sign_in_makes_the_account_at_once_or_after_its_code() {
    let (house, _) = connected().await;
    house.post("/accounts/login", &login("wrong")).await.expect(422);
    let waiting = house.post("/accounts/login", &login("asks")).await.expect(202);
    assert_eq!(waiting["status"], "code_required");
    let code = |code: &str| json!({"login_id": waiting["login_id"], "code": code});
    assert_eq!(house.post("/accounts/verify", &code("000000")).await.faults(422), ["code"]);
    let account = house.post("/accounts/verify", &code("123456")).await.expect(201);
    assert_eq!((&account["label"], &account["connected"]), (&json!("Claire"), &json!(true)));
    for secret in ["AQED-fresh", "asks", "c@acme.example"] {
        assert!(!account.to_string().contains(secret));
    }
    house.post("/accounts/verify", &code("123456")).await.expect(409);
    house.post("/accounts/login", &login("right")).await.expect(409);
}

#[tokio::test]
async fn monitoring_is_registered_once_with_the_account_s_own_path() {
    let (house, pretend) = connected().await;
    let account = house.post("/accounts/login", &login("right")).await.expect(201);
    let path = format!("/accounts/{}/monitoring", account["id"].as_str().expect("an id"));
    for enabled in [true, false, true] {
        let shown = house.post(&path, &json!({"enabled": enabled})).await.expect(200);
        assert_eq!(shown["monitoring"], json!({"enabled": enabled, "credits_per_day": 10}));
    }
    let address = format!("https://amorce.example{}", account["webhook_path"].as_str().expect("a path"));
    assert_eq!(*pretend.webhooks.lock().expect("no panic"), [address]);
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_signs_nobody_in_and_unipile_never_does() {
    let (house, _) = connected().await;
    let mut asked = login("right");
    asked["provider"] = "unipile".into();
    let refused = house.post("/accounts/login", &asked).await.expect(422);
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains("account_id")), "{refused}");
    asked["provider"] = "linkup-v2".into();
    let refused = house.post("/accounts/login", &asked).await.expect(422);
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains("n’est pas configuré")), "{refused}");
}

#[tokio::test]
async fn the_list_of_own_posts_says_whose_a_post_is() {
    let (house, _) = connected().await;
    house.post("/accounts/login", &login("right")).await.expect(201);
    let check = async |post_url: &str, own: bool, credits: u32| {
        let run = house.post("/runs", &json!({"source": "spy", "post_url": post_url})).await.expect(201);
        assert_eq!((&run["own_post"], &run["credits_spent"]), (&json!(own), &json!(credits)), "{post_url}");
    };
    check("https://www.linkedin.com/feed/update/urn:li:activity:7264000000000000000", true, 1).await;
    check("https://www.linkedin.com/feed/update/urn:li:activity:7264000000000000001", false, 1).await;
    check("https://www.linkedin.com/posts/claire_x-activity-7264000000000000002-abcd", true, 0).await;
    check("https://www.linkedin.com/posts/rival_x-activity-7264000000000000003-abcd", false, 0).await;
    assert_eq!(house.get("/budget").await.expect(200)["credits_spent"], 2);
    house.patch("/workspace", &json!({"budget": {"credits_per_month": 2}})).await.expect(200);
    check("https://www.linkedin.com/feed/update/urn:li:activity:7264000000000000000", false, 0).await;
}
