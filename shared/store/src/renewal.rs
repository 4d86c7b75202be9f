//! Everybody again: the people of a workspace are gone through page by page and sent on their way, however many there are.

use crate::batch::Stage;
use crate::prospect::Prospect;
use crate::settings::Background;
use crate::table::Walk;
use crate::{Store, StoreError, Versioned, cursor_of, keys, position_of};
use domain::ids::{JobId, ProspectId, WorkspaceId};
use domain::job::{Job, Task};
use jiff::{SignedDuration, Timestamp};

/// People of one page.
const PAGE: usize = 100;
/// When the going through is taken up again, should its worker have ended.
const LEASE: SignedDuration = SignedDuration::from_secs(180);

/// Decisions of so long after the wish may still have been taken on what was there before it: on settings read a moment
/// earlier, by a clock a little ahead. One decided about twice takes no harm.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);

impl Store {
    /// Begins to score, or to decide about, everybody again; answers the message that goes on with it.
    pub async fn begin_renewal(&self, ws: &WorkspaceId, id: &JobId, kind: &str, now: Timestamp) -> Result<Job, StoreError> {
        let job = Background { next_at: Some(now), ..Background::begun(ws, id, kind, 0, now) };
        // Lost: asked for before, and on its way.
        let _known = self.create(&job).await?;
        Ok(Job::new(ws, Task::Renew { job: id.clone() }))
    }

    /// Goes through one page of people. Answers the messages that take them on, and whether more people follow; `None`:
    /// nothing is left, or another worker is at it.
    pub async fn renew_page(
        &self,
        renewal: &mut Versioned<Background>,
        now: Timestamp,
    ) -> Result<Option<(Vec<Job>, bool)>, StoreError> {
        let ws = renewal.workspace.clone();
        let list = keys::people_list(&ws);
        let start = renewal.position.as_deref().map(|cursor| position_of(&list, cursor)).transpose()?;
        let page = self.people(&ws, None, Walk { descending: true, limit: PAGE, start }).await?;
        let asked_at = renewal.created_at + OVERLAP;
        let people: Vec<&Prospect> = page.items.iter().map(|p| &p.item).filter(|p| is_older(p, asked_at)).collect();
        let jobs = if renewal.kind == Background::DECIDE {
            self.start_deciding(&ws, &people, renewal.id.as_str(), now).await?
        } else {
            let ids: Vec<ProspectId> = people.iter().map(|p| p.id.clone()).collect();
            self.start_batch(&ws, Stage::Score, &ids, renewal.id.as_str(), false, now).await?
        };
        renewal.total += people.len() as u64;
        renewal.position = page.next.as_ref().map(|next| cursor_of(&list, next));
        renewal.next_at = page.next.as_ref().map(|_| now + LEASE);
        let more = page.next.is_some();
        Ok(self.save(renewal).await?.won().then_some((jobs, more)))
    }
}

/// Whether the stored decision is no younger than the wish for new ones. People change their place in the list while it is
/// gone through; who was decided about since is not sent on their way again.
fn is_older(person: &Prospect, asked_at: Timestamp) -> bool {
    person.decision.as_ref().is_none_or(|d| d.decision.decided_at <= asked_at)
}
