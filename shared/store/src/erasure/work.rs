//! The work of an erasure, in stages that may each be done again: shared items first, while the person's own still say
//! who they are, the head last of all.

use super::{Erasure, ErasureKey, LEASE, SECOND_LOOK, Stage, entry_of};
use crate::batch::Batch;
use crate::inbound::Inbound;
use crate::intake::Row;
use crate::message::Message;
use crate::prospect::{IdentityPointer, Prospect, StoredEngagement};
use crate::record::{self, Entity, Item, Key, Versioned};
use crate::run::{Portion, RowOutcome, Run, RunPage};
use crate::settings::{AuditLine, EXCLUSIONS_MAX};
use crate::table::{self, Transacted, Walk};
use crate::{Store, StoreError, cursor_of, keys, position_of};
use domain::erasure::{Look, marks_in, mentions, take_out};
use domain::identity;
use domain::ids::WorkspaceId;
use domain::message::{Event, transition};
use domain::vocabulary::{ReasonCode, SuppressionKind};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Runs looked through in one slice.
const RUNS: usize = 20;
/// Events, or lines of the audit log, looked through in one slice.
const LINES: usize = 200;
/// The most batches looked through.
const BATCHES_MAX: usize = 5_000;
/// How often an item is written again when others write it too.
const ROUNDS_MAX: usize = 12;
/// What stands on a message that was on its way.
const CANCELLED: &str = "Cette personne a été effacée.";
/// The verdict on an event of somebody erased.
pub const VERDICT: &str = "erased";

/// Tells a person's marks from others'.
struct Finder {
    key: ErasureKey,
    wanted: HashSet<String>,
}

impl Finder {
    fn of(key: ErasureKey, erasure: &Erasure) -> Self {
        let entries = erasure.entries.iter().map(|e| e.hash.clone());
        Self { key, wanted: entries.chain(erasure.names.iter().cloned()).collect() }
    }

    fn is_theirs(&self, text: &str, look: Look) -> bool {
        marks_in(text, look).iter().any(|mark| self.key.hashes(mark).any(|hash| self.wanted.contains(&hash)))
    }
}

impl Store {
    /// Takes an erasure up for as long as a lease; `None`: it is done, not due yet, or another worker is at it.
    pub async fn take_erasure(
        &self,
        ws: &WorkspaceId,
        id: &domain::ids::JobId,
        now: Timestamp,
    ) -> Result<Option<Versioned<Erasure>>, StoreError> {
        let Some(mut erasure) = self.erasure(ws, id).await? else { return Ok(None) };
        let busy = erasure.leased_until.is_some_and(|until| now < until);
        let too_early = erasure.again && erasure.next_at.is_some_and(|at| now < at);
        if erasure.next_at.is_none() || busy || too_early {
            return Ok(None);
        }
        erasure.leased_until = Some(now + LEASE);
        erasure.next_at = Some(now + LEASE);
        Ok(self.save(&mut erasure).await?.won().then_some(erasure))
    }

    /// Works one slice of an erasure and writes down how far it is; false when nothing is left to do now, or another
    /// worker goes on with it.
    pub async fn erase_on(&self, erasure: &mut Versioned<Erasure>, now: Timestamp) -> Result<bool, StoreError> {
        let key = self.erasure_key(&erasure.workspace).await?.ok_or(StoreError::Conflict("erasure key"))?;
        let finder = Finder::of(key, erasure);
        let next = match erasure.stage {
            Stage::Messages => self.stop_sends(erasure, &finder.key, now).await?,
            Stage::Runs => self.leave_runs(erasure, &finder).await?,
            Stage::Inbound => self.leave_inbound(erasure, &finder).await?,
            Stage::Audit => self.leave_audit(erasure, &finder).await?,
            Stage::Lists => self.leave_lists(erasure, &finder).await?,
            Stage::Person => {
                self.leave_collection(erasure).await?;
                None
            }
        };
        match next {
            Some((stage, position)) => {
                erasure.stage = stage;
                erasure.position = position;
                Ok(self.save(erasure).await?.won())
            }
            None => self.end(erasure, now).await,
        }
    }

    /// The first time through the job is done, and everything is looked through once more later; then it rests as a
    /// line of the ledger.
    async fn end(&self, erasure: &mut Versioned<Erasure>, now: Timestamp) -> Result<bool, StoreError> {
        if !erasure.again {
            self.table.overwrite(&erasure.job("done")).await?;
        }
        erasure.next_at = (!erasure.again).then_some(now + SECOND_LOOK);
        erasure.again = true;
        erasure.stage = Stage::Runs;
        erasure.position = None;
        erasure.leased_until = None;
        let _saved = self.save(erasure).await?;
        Ok(false)
    }

    async fn stop_sends(&self, erasure: &mut Erasure, key: &ErasureKey, now: Timestamp) -> Next {
        let known = self.known(&erasure.workspace, &erasure.people).await?;
        let entries = known.entries(key, &erasure.people);
        let new: Vec<_> = entries.into_iter().filter(|e| !erasure.entries.contains(e)).collect();
        if !new.is_empty() {
            // A key gained since the beginning, or a backup older than some of them.
            erasure.entries.extend(new.iter().cloned());
            let ops = self.rest_of_entries(erasure, &new, now).await?;
            if self.table.transact(ops).await? != Transacted::Won {
                return Err(StoreError::Conflict("suppressions"));
            }
        }
        let names = known.names(key).into_iter().filter(|n| !erasure.names.contains(n)).collect::<Vec<_>>();
        erasure.names.extend(names);
        for id in erasure.people.clone() {
            let partition = keys::prospect_partition(&erasure.workspace, &id);
            for message in self.table.query_all::<Message>(&partition, keys::MESSAGE, 1_000).await? {
                self.cancel(erasure, message).await?;
            }
        }
        Ok(Some((Stage::Runs, None)))
    }

    async fn cancel(&self, erasure: &mut Erasure, mut message: Versioned<Message>) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let Ok(status) = transition(message.status, Event::Cancel) else { return Ok(()) };
            message.status = status;
            message.failure = Some(CANCELLED.to_owned());
            message.due_at = None;
            if self.save(&mut message).await?.won() {
                count(erasure, "messages_cancelled", 1);
                return Ok(());
            }
            let Some(again) = self.table.get(&message.item.key()).await? else { return Ok(()) };
            message = again;
        }
        Err(StoreError::Conflict("message"))
    }

    async fn leave_runs(&self, erasure: &mut Erasure, finder: &Finder) -> Next {
        let ws = erasure.workspace.clone();
        let list = keys::runs_list(&ws);
        let start = erasure.position.as_deref().map(|p| position_of(&list, p)).transpose()?;
        let page = self.runs(&ws, Walk { descending: true, limit: RUNS, start }).await?;
        for run in &page.items {
            self.leave_run(erasure, run, finder).await?;
        }
        Ok(Some(match page.next {
            Some(next) => (Stage::Runs, Some(cursor_of(&list, &next))),
            None => (Stage::Inbound, None),
        }))
    }

    /// The rows of a run that speak of the person lose what they say; they go on counting as rows.
    async fn leave_run(&self, erasure: &mut Erasure, run: &Versioned<Run>, finder: &Finder) -> Result<(), StoreError> {
        if names_author(run, finder) {
            self.leave_post(erasure, run, finder).await?;
        }
        let theirs = |text: &str| finder.is_theirs(text, Look::KeysAndNames);
        let partition = keys::run_partition(&run.workspace, &run.id);
        self.leave_waiting_rows(erasure, &partition, &theirs).await?;
        let mut start = None;
        loop {
            let found = self.table.query(&partition, keys::PAGE, Walk { descending: false, limit: LINES, start }).await?;
            for item in &found.items {
                let mut page: Versioned<RunPage> = record::decode(item)?;
                let mut emptied = 0;
                for row in &mut page.item.rows {
                    if let RowOutcome::Dropped { row, .. } | RowOutcome::Waiting { row, .. } = row
                        && mentions(row, &theirs)
                    {
                        *row = json!({});
                        emptied += 1;
                    }
                }
                // Lost: the page is just being read again; the second look comes to it.
                if emptied > 0 && self.save(&mut page).await?.won() {
                    count(erasure, "rows_emptied", emptied);
                }
            }
            start = found.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// Rows of a file or a search that nobody has taken in yet go on counting, as rows of somebody erased.
    async fn leave_waiting_rows(
        &self,
        erasure: &mut Erasure,
        partition: &str,
        theirs: &(impl Fn(&str) -> bool + Sync),
    ) -> Result<(), StoreError> {
        let mut start = None;
        loop {
            let found = self.table.query(partition, keys::ROWS, Walk { descending: false, limit: LINES, start }).await?;
            for item in &found.items {
                let mut portion: Versioned<Portion> = record::decode(item)?;
                let mut emptied = 0;
                for waiting in &mut portion.item.rows {
                    let row = serde_json::to_value(&waiting.row).map_err(|e| StoreError::corrupt(&e.to_string()))?;
                    if mentions(&row, theirs) {
                        waiting.row = Row::default();
                        waiting.refusal = Some(ReasonCode::Erased.as_str().to_owned());
                        emptied += 1;
                    }
                }
                // Lost: its rows have just been taken in; the door has kept the person out.
                if emptied > 0 && self.save(&mut portion).await?.won() {
                    count(erasure, "rows_emptied", emptied);
                }
            }
            start = found.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// A collection from the person's own post names them in its address: the post's number alone does as well, also
    /// with the acts of everybody found there.
    async fn leave_post(&self, erasure: &mut Erasure, run: &Run, finder: &Finder) -> Result<(), StoreError> {
        let address = format!("https://www.linkedin.com/feed/update/{}", run.urn);
        for page in self.run_pages(&run.workspace, &run.id).await? {
            for row in page.rows {
                let (RowOutcome::Created { prospect } | RowOutcome::Merged { prospect }) = row else { continue };
                let partition = keys::prospect_partition(&run.workspace, &prospect);
                for mut act in self.table.query_all::<StoredEngagement>(&partition, keys::ENGAGEMENT, 500).await? {
                    if finder.is_theirs(&act.engagement.post_url, Look::Keys) {
                        act.engagement.post_url.clone_from(&address);
                        // Lost: the act is just being written again; the second look comes to it.
                        let _saved = self.save(&mut act).await?;
                    }
                }
            }
        }
        for _ in 0..ROUNDS_MAX {
            let Some(mut run) = self.run(&run.workspace, &run.id).await?.filter(|r| names_author(r, finder)) else {
                return Ok(());
            };
            run.post_url.clone_from(&address);
            run.address = None;
            if self.save(&mut run).await?.won() {
                count(erasure, "runs_renamed", 1);
                return Ok(());
            }
        }
        Err(StoreError::Conflict("run"))
    }

    async fn leave_inbound(&self, erasure: &mut Erasure, finder: &Finder) -> Next {
        let list = keys::inbound_list(&erasure.workspace);
        let start = erasure.position.as_deref().map(|p| position_of(&list, p)).transpose()?;
        let page = self.list_page::<Inbound>(&list, None, Walk { descending: true, limit: LINES, start }).await?;
        for event in page.items {
            self.leave_event(erasure, event, finder).await?;
        }
        Ok(Some(match page.next {
            Some(next) => (Stage::Inbound, Some(cursor_of(&list, &next))),
            None => (Stage::Audit, None),
        }))
    }

    async fn leave_event(&self, erasure: &mut Erasure, mut event: Versioned<Inbound>, finder: &Finder) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            // Before it is applied a namesake's event must not be lost: then only keys tell.
            let look = if event.verdict.is_some() { Look::KeysAndNames } else { Look::Keys };
            let theirs = |text: &str| finder.is_theirs(text, look);
            let Some(body) = without_them(&event.body, &theirs) else { return Ok(()) };
            event.body = body;
            if event.body.is_empty() {
                event.verdict.get_or_insert_with(|| VERDICT.to_owned());
                event.next_at = None;
            }
            if self.save(&mut event).await?.won() {
                count(erasure, "events_emptied", 1);
                return Ok(());
            }
            let Some(again) = self.inbound(&event.workspace, &event.id).await? else { return Ok(()) };
            event = again;
        }
        Err(StoreError::Conflict("inbound event"))
    }

    async fn leave_audit(&self, erasure: &mut Erasure, finder: &Finder) -> Next {
        let list = keys::audit(&erasure.workspace);
        let start = erasure.position.as_deref().map(|p| position_of(&list, p)).transpose()?;
        let page = self.table.query(&list, "", Walk { descending: true, limit: LINES, start }).await?;
        let theirs = |text: &str| finder.is_theirs(text, Look::KeysAndNames);
        for item in &page.items {
            let mut line: Versioned<AuditLine> = record::decode(item)?;
            let about_them = line.subject.as_deref().is_some_and(|subject| is_about(subject, erasure));
            let taken = if about_them && line.detail != json!({}) {
                line.detail = json!({});
                true
            } else {
                take_out(&mut line.detail, &theirs)
            };
            // What was done, when and by whom stays; lines are written once, so nobody else writes this one.
            if taken && self.save(&mut line).await?.won() {
                count(erasure, "audit_lines_emptied", 1);
            }
        }
        Ok(Some(match page.next {
            Some(next) => (Stage::Audit, Some(cursor_of(&list, &next))),
            None => (Stage::Lists, None),
        }))
    }

    /// The workspace's own lists: the hashed entries now say what the plain ones said.
    async fn leave_lists(&self, erasure: &mut Erasure, finder: &Finder) -> Next {
        let ws = erasure.workspace.clone();
        for exclusion in self.exclusions(&ws).await?.into_iter().take(EXCLUSIONS_MAX) {
            if finder.is_theirs(&exclusion.value, Look::Keys) && self.remove(&exclusion).await?.won() {
                count(erasure, "exclusions", 1);
            }
        }
        let known = self.known(&ws, &erasure.people).await?;
        let of_people = erasure.people.iter().map(|id| (SuppressionKind::Prospect, id.to_string()));
        let plain: Vec<_> = of_people.chain(known.keys.iter().map(entry_of)).collect();
        for entry in self.suppressions_of(&ws, &plain).await? {
            self.table.delete_many(&[entry.key()]).await?;
            count(erasure, "suppressions", 1);
        }
        for batch in self.batches(&ws, BATCHES_MAX).await? {
            self.leave_batch(erasure, batch).await?;
        }
        Ok(Some((Stage::Person, None)))
    }

    async fn leave_batch(&self, erasure: &mut Erasure, mut batch: Versioned<Batch>) -> Result<(), StoreError> {
        let before = batch.people.len();
        batch.item.people.retain(|id| !erasure.people.contains(id));
        if batch.people.len() == before {
            return Ok(());
        }
        let written = if batch.people.is_empty() { self.remove(&batch).await? } else { self.save(&mut batch).await? };
        // Lost: a worker has it, and finds nobody under the id any more.
        if written.won() {
            count(erasure, "batches", 1);
        }
        Ok(())
    }

    /// Keys, then everything kept with the person, then the heads: until the last of these writes everything can be
    /// done again.
    async fn leave_collection(&self, erasure: &mut Erasure) -> Result<(), StoreError> {
        let ws = erasure.workspace.clone();
        let known = self.known(&ws, &erasure.people).await?;
        let held: Vec<identity::Key> = known.keys.iter().cloned().collect();
        let pointers = self.identities(&ws, &held).await?;
        // Whoever was made of a member id stands in the place of its pointer: the heads go last.
        let is_head = |place: &Key| known.heads.iter().any(|head| head.item.key() == *place);
        let theirs = pointers.iter().filter(|p| erasure.people.contains(&p.prospect));
        let pointers: Vec<Key> = theirs.map(IdentityPointer::key).filter(|place| !is_head(place)).collect();
        self.table.delete_many(&pointers).await?;
        count(erasure, "identities", pointers.len() as u64);
        for id in erasure.people.clone() {
            self.empty_partition(erasure, &keys::prospect_partition(&ws, &id)).await?;
        }
        for head in known.heads {
            self.delete_head(erasure, head).await?;
        }
        Ok(())
    }

    async fn empty_partition(&self, erasure: &mut Erasure, partition: &str) -> Result<(), StoreError> {
        let mut start = None;
        loop {
            let page = self.table.query(partition, "", Walk { descending: false, limit: 500, start }).await?;
            let own: Vec<&Item> = page.items.iter().filter(|i| table::text(i, "sk") != Some(keys::HEAD)).collect();
            let gone = own.iter().map(|item| Key::of(item)).collect::<Result<Vec<_>, _>>()?;
            self.table.delete_many(&gone).await?;
            for item in own {
                count(erasure, kind_of(item), 1);
            }
            start = page.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// The head, and with it what the account still expects of the person.
    async fn delete_head(&self, erasure: &mut Erasure, mut head: Versioned<Prospect>) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let mut ops = vec![self.table.op_remove(&head)?];
            let waiting = head.enrolment.as_ref().filter(|e| e.invited_at.is_some() && e.accepted_at.is_none());
            if let (Some(enrolment), None) = (waiting, &head.merged_into)
                && let Some(mut account) = self.account(&head.workspace, &enrolment.account).await?
            {
                let invited_at = enrolment.invited_at.unwrap_or(enrolment.started_at);
                let ended = (domain::invitation::End::Gone, erasure.erased_at);
                ops.extend(self.op_end_invitation(&account, &head, invited_at, ended).await?);
                account.pending_invitations = account.pending_invitations.saturating_sub(1);
                ops.push(self.table.op_save(&account)?);
            }
            if self.table.transact(ops).await? == Transacted::Won {
                count(erasure, "prospects", 1);
                return Ok(());
            }
            let Some(again) = self.prospect(&head.workspace, &head.id).await? else { return Ok(()) };
            head = again;
        }
        Err(StoreError::Conflict("person"))
    }
}

/// The next stage and where it goes on; `None`: all is done.
type Next = Result<Option<(Stage, Option<String>)>, StoreError>;

fn count(erasure: &mut Erasure, what: &str, n: u64) {
    if n > 0 {
        *erasure.counts.entry(what.to_owned()).or_default() += n;
    }
}

/// Whether the address of a run's post says whose it is, and it is theirs.
fn names_author(run: &Run, finder: &Finder) -> bool {
    let addresses = std::iter::once(&run.post_url).chain(&run.address);
    addresses.into_iter().any(|address| finder.is_theirs(address, Look::Keys))
}

/// The name under which an item of the person's collection is counted.
fn kind_of(item: &Item) -> &'static str {
    match table::text(item, "t") {
        Some("engagement") => "engagements",
        Some("message") => "messages",
        Some("decision") => "decisions",
        Some("reply") => "replies",
        Some("meeting") => "meetings",
        Some("conversation") => "conversations",
        Some("analysis") => "analyses",
        _ => "other",
    }
}

/// Whether a line of the audit log is about one of these people, a message to them or a meeting with them.
fn is_about(subject: &str, erasure: &Erasure) -> bool {
    let of_message = domain::ids::MessageId::parse(subject).and_then(|id| id.prospect());
    let with = domain::ids::MeetingId::parse(subject).and_then(|id| id.prospect());
    erasure.people.iter().any(|id| id.as_str() == subject || of_message.as_ref() == Some(id) || with.as_ref() == Some(id))
}

/// A raw body without the person: what it says of others stays where a list sets them apart; else it is emptied.
/// `None`: it does not speak of the person.
fn without_them(body: &str, theirs: &dyn Fn(&str) -> bool) -> Option<String> {
    let Ok(mut value) = serde_json::from_str::<Value>(body) else {
        return theirs(body).then(String::new);
    };
    if !mentions(&value, theirs) {
        return None;
    }
    let others = shorten_lists(&mut value, theirs);
    Some(if others && !mentions(&value, theirs) { value.to_string() } else { String::new() })
}

/// Takes the elements of lists that speak of the person out; true where others are left in the same list.
fn shorten_lists(value: &mut Value, theirs: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| !mentions(item, theirs));
            items.len() < before && !items.is_empty()
        }
        Value::Object(fields) => {
            // Every field, also after the first that has others in it.
            let others: Vec<bool> = fields.values_mut().map(|field| shorten_lists(field, theirs)).collect();
            others.contains(&true)
        }
        _ => false,
    }
}
