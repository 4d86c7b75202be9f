//! Deploys `infra/template.yaml` as it is, with the release binaries, on an emulator.

use crate::aws::{Aws, REGION};
use crate::emulator::{Emulator, target_folder};
use crate::template;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::time::Duration;

const BUCKET: &str = "artifacts";
/// Name of the stack, and so the prefix of its functions and queues.
pub const STACK: &str = "amorce";

const POLL_PAUSE: Duration = Duration::from_millis(100);
const DEPLOY_TRIES: u32 = 600;

/// A deployed stack and the emulator it lives on.
pub struct Stack {
    /// The emulator's services.
    pub aws: Aws,
    emulator: Emulator,
    outputs: HashMap<String, String>,
}

impl Stack {
    /// Starts an emulator and deploys the template with `parameters` on it.
    pub async fn deploy(parameters: &[(&str, &str)]) -> Self {
        let emulator = Emulator::start().await;
        let aws = Aws::new(emulator.endpoint());
        aws.put(&format!("/{BUCKET}"), bucket_configuration()).await;
        let mut template = template::read();
        allow_batches(&mut template);
        for (name, zip) in package(&mut template) {
            aws.put(&format!("/{BUCKET}/{name}.zip"), zip).await;
        }
        aws.put(&format!("/{BUCKET}/template.json"), template.to_string().into_bytes()).await;
        let outputs = create(&aws, parameters).await;
        Self { aws, emulator, outputs }
    }

    /// An output of the template.
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).unwrap_or_else(|| panic!("the template has no output {name}"))
    }

    /// The address of `path` on the deployed HTTP API. The emulator cannot be found by the host name of the
    /// output `Url`, so its own way in is taken.
    pub fn url(&self, path: &str) -> String {
        format!("{}/_aws/execute-api/{}/$default{path}", self.aws.endpoint(), self.output("ApiId"))
    }

    /// The address of a queue, such as `pull` or `pull-dead`.
    pub async fn queue(&self, name: &str) -> String {
        self.aws.queue_url(&format!("{STACK}-{name}")).await
    }

    /// Invokes a function by the name of its folder, and answers what it answered.
    pub async fn invoke(&self, function: &str, event: &Value) -> Value {
        self.aws.invoke(&format!("{STACK}-{function}"), event).await
    }

    /// Stops the function behind `queue` from reading it.
    pub async fn pause_reading(&self, queue: &str) {
        let mappings = self.aws.get("lambda", "/2015-03-31/event-source-mappings/").await;
        let mapping = mappings["EventSourceMappings"].as_array().into_iter().flatten();
        let arn = |m: &&Value| m["EventSourceArn"].as_str().is_some_and(|arn| arn.ends_with(&format!(":{STACK}-{queue}")));
        let id = mapping.into_iter().find(arn).and_then(|m| m["UUID"].as_str()).expect("every queue is read");
        self.aws.replace("lambda", &format!("/2015-03-31/event-source-mappings/{id}"), &json!({"Enabled": false})).await;
    }

    /// Whether a function has been started and has answered, by the emulator's log.
    pub fn has_run(&self, function: &str) -> bool {
        self.emulator.log().contains(&format!("Lambda {STACK}-{function} processed"))
    }

    /// Fails if a role was refused anything: the permissions of the template are too narrow then.
    pub fn assert_nothing_was_denied(&self) {
        let log = self.emulator.log();
        let denied: Vec<&str> =
            log.lines().filter(|line| line.contains("AccessDenied") || line.contains("is not authorized")).collect();
        assert!(denied.is_empty(), "permissions are missing:\n{}", denied.join("\n"));
    }
}

/// Asks `question` until it answers true, at most for `seconds`.
pub async fn eventually(what: &str, seconds: u32, question: impl AsyncFn() -> bool) {
    let tries = seconds * 1_000 / u32::try_from(POLL_PAUSE.as_millis()).expect("a short pause");
    for _ in 0..tries {
        if question().await {
            return;
        }
        tokio::time::sleep(POLL_PAUSE).await;
    }
    panic!("waited {seconds} s in vain for: {what}");
}

fn bucket_configuration() -> Vec<u8> {
    format!("<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>")
        .into_bytes()
}

/// Does what `sam package` does: every function's code becomes a zip in a bucket.
fn package(template: &mut Value) -> Vec<(String, Vec<u8>)> {
    let functions = template["Resources"].as_object_mut().expect("resources").values_mut();
    let functions = functions.filter(|r| r["Type"] == "AWS::Serverless::Function");
    let packaged = functions.map(|function| {
        let name = function["Metadata"]["BuildProperties"]["Binary"].as_str().expect("a function names its binary").to_owned();
        function["Properties"]["CodeUri"] = json!({"Bucket": BUCKET, "Key": format!("{name}.zip")});
        let zip = zip(&name);
        (name, zip)
    });
    packaged.collect()
}

/// On AWS who may send a message may also send ten at once; the emulator wants an action of its own for that.
fn allow_batches(template: &mut Value) {
    match template {
        Value::Array(items) => {
            if items.iter().any(|item| item == "sqs:SendMessage") {
                items.push("sqs:SendMessageBatch".into());
            }
            items.iter_mut().for_each(allow_batches);
        }
        Value::Object(fields) => fields.values_mut().for_each(allow_batches),
        _ => {}
    }
}

/// Where the release binaries lie: beside this test's own build, or where `AMORCE_STACK_BINARIES` says.
fn binaries() -> PathBuf {
    std::env::var_os("AMORCE_STACK_BINARIES").map_or_else(|| target_folder().join("release"), PathBuf::from)
}

fn zip(function: &str) -> Vec<u8> {
    let path = binaries().join(function);
    let binary = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; `make stack` builds it", path.display()));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).unix_permissions(0o755);
    zip.start_file("bootstrap", options).expect("a zip");
    zip.write_all(&binary).expect("a zip");
    zip.finish().expect("a zip").into_inner()
}

async fn create(aws: &Aws, parameters: &[(&str, &str)]) -> HashMap<String, String> {
    let template = format!("{}/{BUCKET}/template.json", aws.endpoint());
    let mut fields = vec![
        ("Action".to_owned(), "CreateStack".to_owned()),
        ("Version".into(), "2010-05-15".into()),
        ("StackName".into(), STACK.into()),
        ("TemplateURL".into(), template),
        ("Capabilities.member.1".into(), "CAPABILITY_IAM".into()),
        ("Capabilities.member.2".into(), "CAPABILITY_AUTO_EXPAND".into()),
    ];
    let fixed = [("Stage", "emulator"), ("Architecture", "x86_64")];
    for (i, (key, value)) in fixed.iter().chain(parameters).enumerate() {
        fields.push((format!("Parameters.member.{}.ParameterKey", i + 1), (*key).to_owned()));
        fields.push((format!("Parameters.member.{}.ParameterValue", i + 1), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    aws.query("cloudformation", &fields).await;
    for _ in 0..DEPLOY_TRIES {
        let stack = describe(aws, "DescribeStacks").await;
        match inside(&stack, "StackStatus").first().map(String::as_str) {
            Some("CREATE_COMPLETE") => {
                return inside(&stack, "OutputKey").into_iter().zip(inside(&stack, "OutputValue")).collect();
            }
            Some("CREATE_IN_PROGRESS") | None => tokio::time::sleep(POLL_PAUSE).await,
            Some(status) => panic!("the stack is {status}: {}", describe(aws, "DescribeStackEvents").await),
        }
    }
    panic!("the stack was not ready in time");
}

async fn describe(aws: &Aws, action: &str) -> String {
    aws.query("cloudformation", &[("Action", action), ("Version", "2010-05-15"), ("StackName", STACK)]).await
}

/// The texts of every element `name` of an XML answer, in order.
fn inside(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let texts = xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next());
    texts.map(|text| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")).collect()
}
