//! Everybody again: page by page through the people of a workspace, each sent on their way.

use crate::Scorer;
use domain::ids::{JobId, WorkspaceId};
use domain::job::{Job, Task};
use kit::{Failure, Outcome};

/// How many pages of people one message goes through before it hands over to the next.
const PAGES_PER_MESSAGE: u32 = 10;

impl Scorer {
    /// Goes on with scoring, or deciding about, everybody again.
    pub(crate) async fn renew(&self, ws: &WorkspaceId, id: &JobId) -> Outcome {
        let now = self.clock.now();
        let Some(mut renewal) = self.store.background(ws, id).await.map_err(Failure::soon)? else { return Ok(()) };
        // Ended; another worker's lease brings it back by the due index.
        if renewal.next_at.is_none() {
            return Ok(());
        }
        for _ in 0..PAGES_PER_MESSAGE {
            let Some((jobs, more)) = self.store.renew_page(&mut renewal, now).await.map_err(Failure::soon)? else {
                return Ok(());
            };
            self.queues.send_jobs(jobs).await?;
            if !more {
                return Ok(());
            }
        }
        self.queues.send_jobs(vec![Job::new(ws, Task::Renew { job: id.clone() })]).await
    }
}
