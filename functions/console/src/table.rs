//! Tables of people: finding the separator, matching headers in French and English, reading one row.

use crate::problem::Problem;
use crate::words::text;
use domain::fold::fold;
use domain::identity;
use domain::profile_url;
use store::intake::Row;

/// The longest cell that is kept, in characters.
const CELL_MAX_CHARS: usize = 10_000;

/// A table as it came.
#[derive(Debug)]
pub struct Table {
    pub headers: Vec<String>,
    /// The records after the header, some shorter or longer than it.
    pub rows: Vec<Vec<String>>,
}

/// Reads a table with comma, semicolon or tab, with or without a byte-order mark.
///
/// # Errors
/// One without a header.
pub fn table(raw: &str) -> Result<Table, Problem> {
    let raw = raw.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator(raw)).has_headers(false).flexible(true).from_reader(raw.as_bytes());
    let mut records = Vec::new();
    for record in reader.records() {
        let unreadable = |e: csv::Error| {
            let line = e.position().map_or(0, csv::Position::line);
            Problem::malformed(text(format!("Tableau illisible, ligne {line}."), format!("Unreadable table at line {line}.")))
        };
        records.push(record.map_err(unreadable)?.iter().map(str::to_owned).collect::<Vec<String>>());
    }
    let mut records = records.into_iter();
    let headers = records.next().filter(|h| h.iter().any(|c| !c.trim().is_empty()));
    let headers = headers.ok_or_else(|| Problem::malformed(text("Le tableau est vide.", "The table is empty.")))?;
    Ok(Table { headers: headers.iter().map(|h| h.trim().to_owned()).collect(), rows: records.collect() })
}

fn separator(raw: &str) -> u8 {
    let header = raw.lines().next().unwrap_or_default();
    let count = |sign: char| header.matches(sign).count();
    let [comma, semicolon, tab] = [count(','), count(';'), count('\t')];
    if tab > comma && tab > semicolon {
        b'\t'
    } else if semicolon > comma {
        b';'
    } else {
        b','
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    ProfileUrl,
    Email,
    Name,
    FirstName,
    LastName,
    Title,
    Company,
    CompanyDomain,
    Location,
    Icp,
    Tags,
    Notes,
    SourceNote,
}

impl Column {
    /// Every column with its field of the API.
    pub const FIELDS: &'static [(Self, &'static str)] = &[
        (Self::ProfileUrl, "profile_url"),
        (Self::Email, "email"),
        (Self::Name, "name"),
        (Self::FirstName, "first_name"),
        (Self::LastName, "last_name"),
        (Self::Title, "title"),
        (Self::Company, "company"),
        (Self::CompanyDomain, "company_domain"),
        (Self::Location, "location"),
        (Self::Icp, "icp"),
        (Self::Tags, "tags"),
        (Self::Notes, "notes"),
        (Self::SourceNote, "source_note"),
    ];

    /// The field of the API.
    pub fn name(self) -> &'static str {
        Self::FIELDS.iter().find(|(column, _)| *column == self).map_or("", |(_, name)| name)
    }

    /// The column of a field of the API.
    pub fn parse(name: &str) -> Option<Self> {
        Self::FIELDS.iter().find(|(_, field)| *field == name).map(|(column, _)| *column)
    }

    fn of_header(header: &str) -> Option<Self> {
        let words: Vec<&str> = header.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let folded = fold(&words.join(" "));
        let known = |names: &[&str]| names.contains(&folded.as_str());
        if known(&[
            "linkedin url",
            "linkedin",
            "url linkedin",
            "profile url",
            "profil linkedin",
            "linkedin profile",
            "profile",
            "linkedin profile url",
            "person linkedin url",
            "profil",
            "lien linkedin",
            "url du profil",
            "adresse linkedin",
        ]) {
            Some(Self::ProfileUrl)
        } else if known(&[
            "email",
            "e mail",
            "mail",
            "email address",
            "adresse e mail",
            "adresse email",
            "courriel",
            "work email",
            "adresse mail",
            "e mail professionnel",
            "email professionnel",
        ]) {
            Some(Self::Email)
        } else if known(&["name", "full name", "nom complet", "fullname", "contact", "personne"]) {
            Some(Self::Name)
        } else if known(&["first name", "firstname", "prenom", "given name"]) {
            Some(Self::FirstName)
        } else if known(&["last name", "lastname", "nom", "nom de famille", "surname", "family name"]) {
            Some(Self::LastName)
        } else if known(&["title", "job title", "poste", "fonction", "titre", "position", "intitule de poste", "role"]) {
            Some(Self::Title)
        } else if known(&[
            "company",
            "company name",
            "societe",
            "entreprise",
            "organisation",
            "organization",
            "employer",
            "nom de l entreprise",
        ]) {
            Some(Self::Company)
        } else if known(&[
            "company domain",
            "domain",
            "domaine",
            "website",
            "site web",
            "site",
            "company website",
            "site internet",
        ]) {
            Some(Self::CompanyDomain)
        } else if known(&["location", "lieu", "ville", "city", "localisation", "country", "pays", "region", "place"]) {
            Some(Self::Location)
        } else if known(&["icp", "client ideal", "persona"]) {
            Some(Self::Icp)
        } else if known(&["tags", "tag", "etiquettes", "labels"]) {
            Some(Self::Tags)
        } else if known(&["notes", "note", "commentaire", "commentaires", "comments", "remarques"]) {
            Some(Self::Notes)
        } else if known(&["source", "source note", "origine", "provenance"]) {
            Some(Self::SourceNote)
        } else {
            None
        }
    }
}

/// What each column holds, told from its header; of two columns of one kind the first counts.
pub fn columns(headers: &[String]) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = Vec::with_capacity(headers.len());
    for header in headers {
        let column = Column::of_header(header).filter(|c| !columns.contains(&Some(*c)));
        columns.push(column);
    }
    columns
}

/// What one row says of a person, as text.
#[derive(Debug, Default)]
pub struct Record {
    cells: Vec<(Column, String)>,
    pub tags: Vec<String>,
    short: bool,
}

impl Record {
    /// Sets a cell; empty ones are absent.
    pub fn set(&mut self, column: Column, value: Option<String>) {
        if let Some(value) = value.map(|v| v.trim().chars().take(CELL_MAX_CHARS).collect::<String>()).filter(|v| !v.is_empty()) {
            self.cells.push((column, value));
        }
    }

    fn get(&self, column: Column) -> Option<&str> {
        self.cells.iter().find(|(c, _)| *c == column).map(|(_, v)| v.as_str())
    }

    fn owned(&self, column: Column) -> Option<String> {
        self.get(column).map(str::to_owned)
    }
}

/// One row of a table as a record, or why it is none.
pub fn record(headers: &[String], columns: &[Option<Column>], row: &[String]) -> Result<Record, &'static str> {
    if row.iter().all(|cell| cell.trim().is_empty()) {
        return Err("empty_row");
    }
    if row.len() > headers.len() {
        return Err("column_count");
    }
    if row.len() == headers.len() && row.iter().zip(headers).all(|(cell, header)| cell.trim().eq_ignore_ascii_case(header)) {
        return Err("repeated_header");
    }
    let mut record = Record { short: row.len() < headers.len(), ..Record::default() };
    for (cell, column) in row.iter().zip(columns) {
        match column {
            Some(Column::Tags) => {
                record.tags =
                    cell.split([',', ';', '|']).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).take(50).collect();
            }
            Some(column) => record.set(*column, Some(cell.clone())),
            None => {}
        }
    }
    Ok(record)
}

/// Something about a row that its author should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    pub code: &'static str,
    /// The field it is about; empty for the row.
    pub field: &'static str,
}

/// A record understood: without keys nobody can be told apart by it.
#[derive(Debug)]
pub struct Reading {
    pub row: Row,
    pub warnings: Vec<Warning>,
}

impl Reading {
    /// Why a row without keys is refused: what was wrong with its only key.
    pub fn refusal(&self) -> &'static str {
        let faults = ["sales_navigator_url", "company_url", "bad_profile_url", "bad_email"];
        let given = self.warnings.iter().map(|w| if w.code == "search_url" { "bad_profile_url" } else { w.code });
        let given: Vec<&str> = given.filter(|code| faults.contains(code)).collect();
        faults.into_iter().find(|fault| given.contains(fault)).unwrap_or("no_identity")
    }
}

/// Reads a record: cleans its keys and says what was dropped. Source: docs/rules.md, “Identity”.
pub fn read(record: &Record) -> Reading {
    let mut warnings = Vec::new();
    let mut warn = |code, field| warnings.push(Warning { code, field });
    let email = record.get(Column::Email).and_then(|raw| {
        if raw.matches('@').count() > 1 && identity::email(raw).is_some() {
            warn("several_emails", "email");
        }
        let read = identity::email(raw);
        if read.is_none() {
            warn("bad_email", "email");
        }
        read
    });
    let profile_url = record.get(Column::ProfileUrl).and_then(|raw| {
        if identity::address_key(raw).is_some() {
            return Some(raw.to_owned());
        }
        warn(
            match profile_url::parse(raw).kind() {
                "sales_navigator" => "sales_navigator_url",
                "company" => "company_url",
                "search" => "search_url",
                _ => "bad_profile_url",
            },
            "profile_url",
        );
        None
    });
    for (column, value) in &record.cells {
        if value.starts_with(['=', '+', '-', '@']) {
            warn("formula_like", column.name());
        }
    }
    if record.short {
        warn("short_row", "");
    }
    let name = name_of(record);
    if name.is_none() {
        warn("no_name", "");
    }
    let mut tags = record.tags.clone();
    tags.extend(record.get(Column::Icp).map(|icp| format!("icp: {}", icp.chars().take(90).collect::<String>())));
    let row = Row {
        keys: identity::keys_of(profile_url.as_deref(), None, email.as_deref()),
        name,
        headline: None,
        profile_url,
        degree: None,
        degree_account: None,
        source: None,
        run: None,
        title: record.owned(Column::Title),
        company: record.owned(Column::Company),
        company_domain: record.get(Column::CompanyDomain).and_then(domain::analysis::registrable_domain),
        location: record.owned(Column::Location),
        tags,
        notes: record.owned(Column::Notes),
        source_note: record.owned(Column::SourceNote),
    };
    Reading { row, warnings }
}

fn name_of(record: &Record) -> Option<String> {
    let parts: Vec<&str> = [Column::FirstName, Column::LastName].into_iter().filter_map(|c| record.get(c)).collect();
    if parts.is_empty() { record.owned(Column::Name) } else { Some(parts.join(" ")) }
}
