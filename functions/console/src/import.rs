//! People from files: tables with French or English headers, or JSON; one person at a time likewise.

use crate::Console;
use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use crate::read::{Fields, Query};
use crate::routes::{ROUTES, Verb};
use crate::table::{self, Column, Record};
use crate::words::{Tongue, text};
use domain::ids::{JobId, KeyId, RunId, WorkspaceId};
use domain::vocabulary::{LeadSource, Role, RunStatus};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use store::intake::Row;
use store::run::{Part, RowOutcome, RowWarning, Run, Subject, WaitingRow, recount};
use store::settings::Background;
use store::workspace::ApiKey;
use uuid::Uuid;

pub(crate) use crate::table::table;

/// The most rows of one request.
const ROWS_MAX: usize = 20_000;
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
    begin(&call, &id, batch).await?;
    Reply::accepted(&id)
}

/// The run that works on the file of a job.
fn run_of(call: &Call, job: &JobId) -> RunId {
    RunId::derive(&[call.ws().as_str(), job.as_str(), "import"])
}

/// Keeps every row, then starts the run that takes them in. The same file sent again goes on where the first is.
async fn begin(call: &Call, id: &JobId, batch: Batch) -> Result<(), Problem> {
    let run = Run::queued(call.ws(), run_of(call, id), LeadSource::Import, Subject::File, call.now);
    if call.store().run(call.ws(), &run.id).await?.is_none() {
        let total = batch.records.len();
        let rows = batch.records.into_iter().enumerate();
        let rows = rows.map(|(place, record)| waiting(place + 1, record, &run.id)).collect();
        let portions = call.store().keep_rows(&run, Part::File, 0, rows, call.now).await?;
        let job =
            Background { result: json!({ "run_id": run.id }), ..Background::begun(call.ws(), id, KIND, total as u64, call.now) };
        // Before the run: who asks for the job must find it as soon as work is done.
        let _known = call.store().create(&job).await?;
        let run = Run { portions, limit: u32::try_from(total).unwrap_or(u32::MAX), ..run.clone() };
        if call.store().create(&run).await?.won() {
            call.audit("prospects.imported", Some(id.as_str()), json!({ "rows": total })).await?;
        }
    }
    call.send(vec![run.job()]).await
}

/// The kind of job that an import is.
pub const KIND: &str = "import";

/// A record as it waits to be taken in: its person, or why it makes none.
fn waiting(number: usize, record: Result<Record, &'static str>, run: &RunId) -> WaitingRow {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let read = match record {
        Ok(record) => table::read(&record),
        Err(reason) => return WaitingRow { number, refusal: Some(reason.to_owned()), ..WaitingRow::default() },
    };
    if read.row.keys.is_empty() {
        let refusal = Some(read.refusal().to_owned());
        return WaitingRow { number, refusal, row: read.row, warnings: Vec::new() };
    }
    let warned = read.warnings.iter();
    let warnings = warned.map(|w| RowWarning { row: number, code: w.code.to_owned(), field: w.field.to_owned() }).collect();
    let row = Row { source: Some(LeadSource::Import), run: Some(run.clone()), ..read.row };
    WaitingRow { number, row, refusal: None, warnings }
}

/// An import's job as it stands: what became of the rows so far, told by the pages of its run.
///
/// # Errors
/// When the store is unavailable.
pub async fn follow(call: &Call, job: &mut Background) -> Result<(), Problem> {
    let id = run_of(call, &job.id);
    let Some(run) = call.store().run(call.ws(), &id).await? else { return Ok(()) };
    let pages = call.store().run_pages(call.ws(), &id).await?;
    let rows = || pages.iter().flat_map(|page| &page.rows);
    let people = rows().filter(|row| !matches!(row, RowOutcome::Dropped { .. })).count() as u64;
    let accepted = u64::from(recount(&pages).created);
    let rejected: Vec<Value> = rows()
        .filter_map(|row| match row {
            // An emptied row was somebody's who has been erased since.
            RowOutcome::Dropped { row, .. } if row.get("row").is_some() => {
                Some(json!({"row": row["row"], "reason": row["reason"]}))
            }
            _ => None,
        })
        .collect();
    let warnings = pages.iter().flat_map(|page| &page.warnings);
    let warnings: Vec<Value> = warnings.map(|w| json!({"row": w.row, "warning": w.code, "field": w.field})).collect();
    job.done = rows().count() as u64;
    job.status = match run.status {
        RunStatus::Done => "done",
        RunStatus::Failed | RunStatus::Cancelled => "failed",
        RunStatus::Queued | RunStatus::Running | RunStatus::Paused => "running",
    }
    .to_owned();
    job.result = json!({
        "run_id": id, "accepted": accepted, "merged": people.saturating_sub(accepted), "rejected": rejected,
        "warnings": warnings,
    });
    if run.status == RunStatus::Cancelled {
        job.result["failure"] = json!(call.tongue.of(&text("L’import a été annulé.", "The import was cancelled.")));
    }
    Ok(())
}

/// Begins the import of a file without a request around it: the same work, of any length, in the name of whoever holds
/// the store. Answers the job to follow by [`followed`].
///
/// # Errors
/// What is wrong with the file as a whole, in English; or the store's failure.
pub async fn file(console: Arc<Console>, workspace: &WorkspaceId, content: FileContent) -> Result<JobId, String> {
    let call = call_for(console, workspace, content).ok_or("this release has no import")?;
    let id = JobId::from_uuid(Uuid::now_v7());
    let begun = async {
        let batch = batch(&call, usize::MAX)?;
        begin(&call, &id, batch).await
    };
    begun.await.map_err(|problem| spoken(&problem))?;
    Ok(id)
}

/// How far an import is: status, rows done, rows in all, and
/// `{"accepted","merged","rejected":[{"row","reason"}],"warnings":[{"row","warning","field"}]}`.
///
/// # Errors
/// No such job, or the store's failure.
pub async fn followed(console: Arc<Console>, workspace: &WorkspaceId, id: &JobId) -> Result<Background, String> {
    let call = call_for(console, workspace, FileContent::Json(json!({}))).ok_or("this release has no import")?;
    let found = call.store().background(workspace, id).await.map_err(|e| e.to_string())?;
    let mut job = found.ok_or("the import is unknown")?.item;
    follow(&call, &mut job).await.map_err(|problem| spoken(&problem))?;
    Ok(job)
}

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
