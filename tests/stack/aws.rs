//! Signed calls to the emulator: its identities and permissions are enforced, so every call says who it is.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// The region that the emulator plays.
pub const REGION: &str = "eu-west-3";
/// The emulator's root identity.
pub const ROOT_KEY: &str = "test";

/// No call to the emulator takes longer than the longest HTTP request of the product.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// The AWS of one emulator.
pub struct Aws {
    endpoint: String,
    http: reqwest::Client,
}

impl Aws {
    /// The AWS that answers at `endpoint`, such as `http://127.0.0.1:4566`.
    pub fn new(endpoint: String) -> Self {
        let http = reqwest::Client::builder().timeout(CALL_TIMEOUT).build().expect("an HTTP client");
        Self { endpoint, http }
    }

    /// Where it answers.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A call of the query protocol (CloudFormation); answers XML.
    pub async fn query(&self, service: &str, fields: &[(&str, &str)]) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let body = self.send(service, "POST", "/", &kind, form.finish().into_bytes()).await;
        String::from_utf8(body).expect("XML is UTF-8")
    }

    /// A call of the JSON protocol; `target` is such as `AmazonSQS.SendMessage`.
    pub async fn json(&self, service: &str, target: &str, body: Value) -> Value {
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target)];
        let answer = self.send(service, "POST", "/", &headers, body.to_string().into_bytes()).await;
        if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer).expect("JSON") }
    }

    /// Puts a file into a bucket, or makes the bucket where `path` is only its name.
    pub async fn put(&self, path: &str, body: Vec<u8>) {
        self.send("s3", "PUT", path, &[], body).await;
    }

    /// Reads JSON at `path`.
    pub async fn get(&self, service: &str, path: &str) -> Value {
        let answer = self.send(service, "GET", path, &[], Vec::new()).await;
        serde_json::from_slice(&answer).expect("JSON")
    }

    /// Replaces what lies at `path`.
    pub async fn replace(&self, service: &str, path: &str, body: &Value) {
        self.send(service, "PUT", path, &[("content-type", "application/json")], body.to_string().into_bytes()).await;
    }

    /// Invokes a function and waits; its own errors are answers too: `{"errorMessage":…}`.
    pub async fn invoke(&self, function: &str, event: &Value) -> Value {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let answer =
            self.send("lambda", "POST", &path, &[("content-type", "application/json")], event.to_string().into_bytes()).await;
        serde_json::from_slice(&answer).expect("functions answer JSON")
    }

    async fn send(&self, service: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Vec<u8> {
        let url = format!("{}{path}", self.endpoint);
        let mut request = http::Request::builder().method(method).uri(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).expect("a request");
        authenticate(&mut request, service);
        let request = reqwest::Request::try_from(request).expect("a request");
        let answer = self.http.execute(request).await.unwrap_or_else(|e| panic!("{service} {path}: {e}"));
        let status = answer.status();
        let bytes = answer.bytes().await.unwrap_or_else(|e| panic!("{service} {path}: {e}"));
        assert!(status.is_success(), "{service} {path} answered {status}: {}", String::from_utf8_lossy(&bytes));
        bytes.to_vec()
    }
}

fn authenticate(request: &mut http::Request<Vec<u8>>, service: &str) {
    let identity = Credentials::new(ROOT_KEY, ROOT_KEY, None, None, "emulator").into();
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = aws_sigv4::http_request::PayloadChecksumKind::XAmzSha256;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .expect("signing parameters")
        .into();
    let uri = request.uri().to_string();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII headers")));
    let signable = SignableRequest::new(request.method().as_str(), uri, headers, SignableBody::Bytes(request.body()));
    let signed = sign(signable.expect("signable"), &params).expect("signed");
    signed.into_parts().0.apply_to_request_http1x(request);
}

/// The queues of a deployed stack, as a person at a console would handle them.
impl Aws {
    async fn sqs(&self, operation: &str, body: Value) -> Value {
        self.json("sqs", &format!("AmazonSQS.{operation}"), body).await
    }

    /// The address of the queue named `name`.
    pub async fn queue_url(&self, name: &str) -> String {
        let answer = self.sqs("GetQueueUrl", json!({"QueueName": name})).await;
        answer["QueueUrl"].as_str().expect("a queue has an address").to_owned()
    }

    /// Puts `bodies` into a queue in one call.
    pub async fn send_messages(&self, url: &str, bodies: &[&str]) {
        let entries = bodies.iter().enumerate().map(|(i, body)| json!({"Id": i.to_string(), "MessageBody": body}));
        let entries: Vec<Value> = entries.collect();
        let answer = self.sqs("SendMessageBatch", json!({"QueueUrl": url, "Entries": entries})).await;
        assert!(answer["Failed"].as_array().is_none_or(Vec::is_empty), "{answer}");
    }

    /// Messages in a queue: waiting, in flight and delayed together.
    pub async fn depth(&self, url: &str) -> u64 {
        let answer = self.sqs("GetQueueAttributes", json!({"QueueUrl": url, "AttributeNames": ["All"]})).await;
        let count = |name: &str| answer["Attributes"][name].as_str().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        count("ApproximateNumberOfMessages")
            + count("ApproximateNumberOfMessagesNotVisible")
            + count("ApproximateNumberOfMessagesDelayed")
    }

    /// Bodies of up to ten messages of a queue.
    pub async fn bodies(&self, url: &str) -> Vec<String> {
        let answer = self.sqs("ReceiveMessage", json!({"QueueUrl": url, "MaxNumberOfMessages": 10})).await;
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        messages.iter().map(|m| m["Body"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Sets how long a received message stays hidden, in seconds.
    pub async fn set_visibility(&self, url: &str, seconds: u32) {
        let attributes = json!({"VisibilityTimeout": seconds.to_string()});
        self.sqs("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": attributes})).await;
    }
}
