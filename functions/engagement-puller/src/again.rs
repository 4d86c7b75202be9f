//! A post read again: in which order its reactions stand, and who has taken theirs back. Rules: docs/rules.md, "Pages
//! shift".

use crate::EngagementPuller;
use crate::collect::Known;
use crate::rows::{bearers, reaction_id};
use domain::ids::{ProspectId, RunId};
use domain::job::Job;
use domain::rereading::newest_first;
use jiff::Timestamp;
use kit::Failure;
use std::collections::BTreeSet;
use store::batch::Stage;
use store::facts::Office;
use store::prospect::StoredEngagement;
use store::run::{Part, RowOutcome, Run, RunPage};

/// How the reading of a post's reactions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All of them were read.
    Complete,
    /// At a page known as a whole.
    Early,
    /// Anywhere.
    Cut,
}

impl EngagementPuller {
    /// Writes down what this pull saw of a post's reactions; after a complete one, marks those that are gone. Answers the
    /// messages that have their people scored anew.
    pub(crate) async fn reactions_read(
        &self,
        run: &Run,
        office: &Office,
        known: &mut Known,
        end: End,
        now: Timestamp,
    ) -> Result<Vec<Job>, Failure> {
        if !run.filters.keep_all() {
            return Ok(Vec::new());
        }
        let pull = (run.id.clone(), run.position.step);
        let mut jobs = Vec::new();
        let reading = &mut known.reading.item;
        let began = Some(run.started_at.unwrap_or(now));
        if end != End::Cut {
            reading.closed_at = reading.closed_at.max(Some(now));
        }
        if end == End::Complete {
            let pages = self.reactions_of(run, &pull).await?;
            reading.newest_first = newest_first(pages.iter().filter_map(|p| p.order)).or(reading.newest_first);
            let earlier: Vec<_> = reading.pulls.iter().filter(|p| **p != pull).cloned().collect();
            jobs = self.mark_gone(run, office, &earlier, &people_of(&pages), now).await?;
            reading.complete_at = reading.complete_at.max(began);
            reading.pulls = vec![pull];
        } else if !reading.pulls.contains(&pull) {
            reading.pulls.push(pull);
        }
        // Lost: another pull of the post ended meanwhile; what it saw is as good.
        let _kept = self.store.keep_reading(&mut known.reading).await.map_err(Failure::soon)?;
        Ok(jobs)
    }

    async fn reactions_of(&self, run: &Run, (id, step): &(RunId, u32)) -> Result<Vec<RunPage>, Failure> {
        self.store.pages_of(&run.workspace, id, Part::Reactions, *step).await.map_err(Failure::soon)
    }

    /// Marks the reactions of those whom earlier pulls saw and this complete one did not.
    async fn mark_gone(
        &self,
        run: &Run,
        office: &Office,
        earlier: &[(RunId, u32)],
        present: &BTreeSet<ProspectId>,
        now: Timestamp,
    ) -> Result<Vec<Job>, Failure> {
        let mut missing = BTreeSet::new();
        for pull in earlier {
            let people = people_of(&self.reactions_of(run, pull).await?);
            missing.extend(people.difference(present).cloned());
        }
        let began = run.started_at.unwrap_or(now);
        let mut touched = Vec::new();
        for id in missing {
            let survivor = self.store.survivor(&run.workspace, &id).await.map_err(Failure::soon)?;
            // Merged meanwhile: the reaction stands, under the other name.
            let Some(person) = survivor.filter(|p| !present.contains(&p.id)) else { continue };
            // Kept out at the door by now: their row says nothing either way.
            if !office.exclusions_of(&person).is_empty() {
                continue;
            }
            let keys = bearers(&person).map(|id| StoredEngagement::key_of(&run.workspace, id, &reaction_id(run, id)));
            let keys: Vec<_> = keys.collect();
            for mut act in self.store.table.get_many::<StoredEngagement>(&keys).await.map_err(Failure::soon)? {
                // Another pull has seen it since this one began, on a page that this one had behind it.
                if act.engagement.first_seen_at >= began {
                    continue;
                }
                // Marked by this very pull before its process ended: their score may still be to come.
                let marked = match act.engagement.gone_at {
                    Some(at) => at >= began,
                    None => {
                        act.engagement.gone_at = Some(now);
                        // Lost: another pull has just seen it.
                        self.store.save(&mut act).await.map_err(Failure::soon)?.won()
                    }
                };
                if marked && !touched.contains(&person.id) {
                    touched.push(person.id.clone());
                }
            }
        }
        let asked_by = format!("{} gone", run.id);
        self.store.start_batch(&run.workspace, Stage::Score, &touched, &asked_by, false, now).await.map_err(Failure::soon)
    }
}

fn people_of(pages: &[RunPage]) -> BTreeSet<ProspectId> {
    let people = pages.iter().flat_map(|page| &page.rows).filter_map(|row| match row {
        RowOutcome::Created { prospect } | RowOutcome::Merged { prospect } => Some(prospect.clone()),
        _ => None,
    });
    people.collect()
}
