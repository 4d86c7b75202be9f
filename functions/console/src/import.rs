//! People from files: tables with French or English headers, or JSON; one person at a time likewise.

use crate::Console;
use crate::call::{Call, Outcome, Reply, WRITE_TRIES};
use crate::people;
use crate::problem::Problem;
use crate::read::{Fields, Query};
use crate::routes::{ROUTES, Verb};
use crate::table::{self, Column, Record};
use crate::words::{Tongue, text};
use domain::ids::{JobId, KeyId, ProspectId, WorkspaceId};
use domain::vocabulary::{ReasonCode, Role};
use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use store::batch::Stage;
use store::intake::{Intake, Row};
use store::settings::Background;
use store::workspace::ApiKey;
use uuid::Uuid;

pub(crate) use crate::table::table;

/// The most rows of one request.
const ROWS_MAX: usize = 20_000;
/// How long a request waits for its import before it answers that it goes on.
const WAIT: Duration = Duration::from_secs(20);
/// After so many rows the progress is written down.
const PROGRESS_ROWS: usize = 250;
/// Rows that are taken in at the same time.
const SIDE_BY_SIDE: usize = 16;
/// Rows that a preview shows.
const PREVIEW_ROWS: usize = 10;

/// The fields of one person.
pub const PERSON_FIELDS: &[&str] = &[
    "profile_url",
    "email",
    "name",
    "first_name",
    "last_name",
    "title",
    "company",
    "company_domain",
    "location",
    "icp",
    "tags",
    "notes",
    "source_note",
];

/// The row of a request about one person.
///
/// # Errors
/// 422 where nothing identifies the person, or a key cannot be read.
pub fn row_of_request(call: &Call) -> Result<Row, Problem> {
    let body = call.body()?;
    let record = record_of(&body);
    body.finish()?;
    let read = table::read(&record);
    for warning in &read.warnings {
        match warning.code {
            "bad_email" => body.fault("email", text("une adresse e-mail est attendue", "an e-mail address is expected")),
            "bad_profile_url" | "sales_navigator_url" | "company_url" | "search_url" => {
                body.fault(
                    "profile_url",
                    text(
                        "une adresse de profil LinkedIn est attendue (linkedin.com/in/…)",
                        "a LinkedIn profile address is expected (linkedin.com/in/…)",
                    ),
                );
            }
            _ => {}
        }
    }
    body.finish()?;
    if read.row.keys.is_empty() {
        body.fault(
            "profile_url",
            text("donnez un profil LinkedIn ou un e-mail personnel", "give a LinkedIn profile or a personal e-mail"),
        );
    }
    body.finish()?;
    Ok(read.row)
}

fn record_of(body: &Fields<'_>) -> Record {
    let mut record = Record::default();
    for (column, name) in Column::FIELDS {
        if *column != Column::Tags {
            record.set(*column, body.text(name, 10_000));
        }
    }
    record.tags = body.texts("tags", 50, 100).unwrap_or_default();
    record
}

/// What an import has to work through.
struct Batch {
    records: Vec<Result<Record, &'static str>>,
}

fn batch(call: &Call, rows_max: usize) -> Result<Batch, Problem> {
    let Some(raw) = &call.table else {
        let body = call.body()?;
        if body.value("items").is_none() {
            body.fault("items", text("ce champ est obligatoire", "this field is required"));
        }
        let items = body.objects("items", PERSON_FIELDS, rows_max).unwrap_or_default();
        let records = items.iter().map(|item| Ok(record_of(item))).collect();
        body.finish()?;
        return Ok(Batch { records });
    };
    let table = table(raw)?;
    let columns = match call.query.text("mapping") {
        None => table::columns(&table.headers),
        Some(mapping) => mapped(&table.headers, mapping)?,
    };
    if !columns.iter().any(|c| matches!(c, Some(Column::Email | Column::ProfileUrl))) {
        return Err(Problem::refused(text(
            "Aucune colonne d’e-mail ni de profil LinkedIn n’a été reconnue\u{a0}; indiquez-la dans «\u{a0}mapping\u{a0}».",
            "No column of e-mails or LinkedIn profiles was recognised; name it in “mapping”.",
        ))
        .with("columns", json!(table.headers)));
    }
    if table.rows.len() > rows_max {
        return Err(Problem::refused(text(
            format!("{rows_max}\u{a0}lignes au plus par import\u{a0}; partagez le fichier."),
            format!("At most {rows_max} rows an import; divide the file."),
        )));
    }
    let records = table.rows.iter().map(|row| table::record(&table.headers, &columns, row)).collect();
    Ok(Batch { records })
}

fn mapped(headers: &[String], mapping: &str) -> Result<Vec<Option<Column>>, Problem> {
    let unreadable = || {
        Problem::query(
            "mapping",
            text("un objet JSON {\"colonne\":\"champ\"} est attendu", "a JSON object {\"column\":\"field\"} is expected"),
        )
    };
    let wanted: Value = serde_json::from_str(mapping).map_err(|_| unreadable())?;
    let wanted = wanted.as_object().ok_or_else(unreadable)?;
    for (header, field) in wanted {
        let known = field.is_null() || field.as_str().is_some_and(|f| Column::parse(f).is_some());
        if !headers.contains(header) || !known {
            return Err(Problem::query(
                "mapping",
                text(format!("colonne ou champ inconnu\u{a0}: {header}"), format!("unknown column or field: {header}")),
            ));
        }
    }
    Ok(headers.iter().map(|h| wanted.get(h).and_then(Value::as_str).and_then(Column::parse)).collect())
}

/// `POST /prospects/import/preview`: which column is read as what, and the first rows.
pub async fn preview(call: Call) -> Outcome {
    let Some(raw) = &call.table else { return Err(Problem::media_type("text/csv")) };
    let table = table(raw)?;
    let columns = table::columns(&table.headers);
    let mapping: serde_json::Map<String, Value> =
        table.headers.iter().zip(&columns).map(|(header, column)| (header.clone(), json!(column.map(Column::name)))).collect();
    let rows: Vec<&Vec<String>> = table.rows.iter().take(PREVIEW_ROWS).collect();
    Reply::ok(json!({"columns": table.headers, "mapping": mapping, "rows": rows, "total": table.rows.len()}))
}

/// `POST /prospects/import`: 202 with the job whose result says what became of every row.
pub async fn import(call: Call) -> Outcome {
    let batch = batch(&call, ROWS_MAX)?;
    let id = JobId::from_uuid(call.new_uuid());
    let job = Background {
        workspace: call.ws().clone(),
        id: id.clone(),
        kind: "import".to_owned(),
        status: "running".to_owned(),
        done: 0,
        total: batch.records.len() as u64,
        result: json!({}),
        created_at: call.now,
    };
    if !call.store().create(&job).await?.won() && !taken_up(&call, &id).await? {
        return Reply::accepted(&id);
    }
    // In a task of its own: a caller who hangs up does not stop it.
    let work = tokio::spawn(async move {
        let ended = match work_through(&call, &job.id, batch, &Listener::Job(&job)).await {
            Ok(report) => write_down(&call, &job, "done", job.total, report.result()).await,
            Err(problem) => write_down(&call, &job, "failed", 0, json!({"failure": problem.detail(call.tongue)})).await,
        };
        if ended.is_err() {
            tracing::error!(job = %job.id, "import.lost");
        }
    });
    if tokio::time::timeout(WAIT, work).await.is_err() {
        tracing::info!(job = %id, "import.goes_on");
    }
    Reply::accepted(&id)
}

/// Whether an import sent again is worked through again: only one that came to nothing.
async fn taken_up(call: &Call, id: &JobId) -> Result<bool, Problem> {
    let Some(mut stored) = call.store().background(call.ws(), id).await? else { return Ok(false) };
    if stored.status != "failed" && !people::was_interrupted(&stored, call.now) {
        return Ok(false);
    }
    stored.status = "running".to_owned();
    stored.done = 0;
    stored.created_at = call.now;
    Ok(call.store().save(&mut stored).await?.won())
}

/// What became of the rows so far.
#[derive(Default)]
struct Report {
    accepted: u64,
    merged: u64,
    rejected: Vec<Value>,
    warnings: Vec<Value>,
    people: Vec<ProspectId>,
    seen: HashSet<ProspectId>,
}

impl Report {
    fn result(&self) -> Value {
        json!({"accepted": self.accepted, "merged": self.merged, "rejected": self.rejected, "warnings": self.warnings})
    }
}

/// Imports a file without a request around it: the same work, of any length, in the name of whoever holds the store.
/// `content` is a table, or JSON `{"items":[…]}`. `progress` is told rows done and rows in all. Answers
/// `{"accepted","merged","rejected":[{"row","reason"}],"warnings":[{"row","warning","field"}]}`.
///
/// # Errors
/// What is wrong with the file as a whole, in English; or the store's failure.
pub async fn file(
    console: Arc<Console>,
    workspace: &WorkspaceId,
    content: FileContent,
    progress: Progress<'_>,
) -> Result<Value, String> {
    let call = call_for(console, workspace, content).ok_or("this release has no import")?;
    let imported = async {
        let batch = batch(&call, usize::MAX)?;
        let (id, total) = (JobId::from_uuid(Uuid::now_v7()), batch.records.len() as u64);
        let report = work_through(&call, &id, batch, &Listener::Caller(progress)).await?;
        progress(total, total);
        Ok::<Report, Problem>(report)
    };
    imported.await.map(|report| report.result()).map_err(|problem| spoken(&problem))
}

/// Is told how many rows are done, and of how many.
pub type Progress<'p> = &'p (dyn Fn(u64, u64) + Send + Sync);

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum FileContent {
    /// Comma, semicolon or tab, a header first.
    Table(String),
    /// `{"items":[…]}`.
    Json(Value),
}

/// Who imports, in the audit log, where there is no key to name anybody.
const AT_THE_MACHINE: &str = "amorce import";

fn call_for(console: Arc<Console>, workspace: &WorkspaceId, content: FileContent) -> Option<Call> {
    let route = ROUTES.iter().find(|r| r.path == "/prospects/import" && r.method == Verb::Post)?;
    let now = console.clock.now();
    let who = ApiKey {
        hash: String::new(),
        id: KeyId::derive(&[AT_THE_MACHINE]),
        workspace: workspace.clone(),
        role: Role::Owner,
        admin: false,
        email: AT_THE_MACHINE.to_owned(),
        created_at: now,
    };
    let (json, table) = match content {
        FileContent::Table(table) => (json!({}), Some(table)),
        FileContent::Json(json) => (json, None),
    };
    let (path, query) = (HashMap::new(), Query::default());
    Some(Call { console, route, who, path, query, json, table, idempotency: None, tongue: Tongue::English, now })
}

/// The most faults of a file that are told at once.
const FAULTS_TOLD: usize = 20;

/// A problem in one paragraph: the fields at fault where there are some, else its sentence.
fn spoken(problem: &Problem) -> String {
    let document = problem.document(Tongue::English);
    let faults = document["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told = faults.iter().take(FAULTS_TOLD).map(|fault| {
        let part = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", part("field"), part("message"))
    });
    let mut lines: Vec<String> = told.collect();
    if lines.is_empty() {
        lines.push(problem.detail(Tongue::English).to_owned());
    }
    if faults.len() > FAULTS_TOLD {
        lines.push(format!("and {} more", faults.len() - FAULTS_TOLD));
    }
    if let Some(columns) = document["columns"].as_array() {
        let columns: Vec<&str> = columns.iter().filter_map(Value::as_str).collect();
        lines.push(format!("columns: {}", columns.join(", ")));
    }
    lines.join("\n  ")
}

/// Who hears how far an import is.
enum Listener<'l> {
    /// Those who ask for the job.
    Job(&'l Background),
    /// Whoever waits for the end.
    Caller(Progress<'l>),
}

impl Listener<'_> {
    async fn hear(&self, call: &Call, report: &Report, done: u64, total: u64) -> Result<(), Problem> {
        match self {
            Self::Job(job) => write_down(call, job, "running", done, report.result()).await,
            Self::Caller(progress) => {
                progress(done, total);
                Ok(())
            }
        }
    }
}

async fn work_through(call: &Call, id: &JobId, batch: Batch, listener: &Listener<'_>) -> Result<Report, Problem> {
    let total = batch.records.len() as u64;
    let mut report = Report::default();
    let (first, again) = report.sort(batch);
    let waiting = (first.len() + again.len()) as u64;
    let mut done = total - waiting;
    for rows in first.chunks(PROGRESS_ROWS) {
        // Rows without a key in common cannot meet: they are taken in side by side.
        let taken: Vec<_> = rows.iter().map(|row| take_in(call, row)).collect();
        for (number, intake) in stream::iter(taken).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>().await {
            report.count(number, intake?);
        }
        done += rows.len() as u64;
        listener.hear(call, &report, done, total).await?;
    }
    for row in &again {
        let (number, intake) = take_in(call, row).await;
        report.count(number, intake?);
    }
    report.rejected.sort_by_key(|r| r["row"].as_u64());
    people::start(call, Stage::Score, &report.people, id.as_str(), false).await?;
    let counts = json!({"accepted": report.accepted, "merged": report.merged});
    call.audit("prospects.imported", Some(id.as_str()), counts).await?;
    Ok(report)
}

/// A row with its number in the file.
type Numbered = (usize, Row);

async fn take_in(call: &Call, (number, row): &Numbered) -> (usize, Result<Option<Intake>, StoreError>) {
    (*number, call.store().intake(call.ws(), row, call.now).await)
}

impl Report {
    /// Reads every record: the rows that no earlier row shares a key with, then the others, in order.
    fn sort(&mut self, batch: Batch) -> (Vec<Numbered>, Vec<Numbered>) {
        let mut known: HashSet<String> = HashSet::new();
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for (place, record) in batch.records.into_iter().enumerate() {
            let number = place + 1;
            let read = match record {
                Ok(record) => table::read(&record),
                Err(reason) => {
                    self.rejected.push(json!({"row": number, "reason": reason}));
                    continue;
                }
            };
            if read.row.keys.is_empty() {
                self.rejected.push(json!({"row": number, "reason": read.refusal()}));
                continue;
            }
            for warning in &read.warnings {
                self.warnings.push(json!({"row": number, "warning": warning.code, "field": warning.field}));
            }
            let mut shared = false;
            for key in &read.row.keys {
                shared |= !known.insert(key.storage());
            }
            if shared { again.push((number, read.row)) } else { first.push((number, read.row)) }
        }
        (first, again)
    }

    fn count(&mut self, number: usize, intake: Option<Intake>) {
        let Some(intake) = intake else {
            self.rejected.push(json!({"row": number, "reason": ReasonCode::Erased}));
            return;
        };
        let id = intake.prospect.item.id;
        if !self.seen.insert(id.clone()) {
            self.merged += 1;
            return;
        }
        self.people.push(id);
        if intake.created { self.accepted += 1 } else { self.merged += 1 }
    }
}

async fn write_down(call: &Call, job: &Background, status: &str, done: u64, result: Value) -> Result<(), Problem> {
    for _ in 0..WRITE_TRIES {
        let Some(mut stored) = call.store().background(call.ws(), &job.id).await? else { return Ok(()) };
        stored.status = status.to_owned();
        stored.done = done;
        stored.result.clone_from(&result);
        if call.store().save(&mut stored).await?.won() {
            return Ok(());
        }
    }
    Err(Problem::busy())
}
