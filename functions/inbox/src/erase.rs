//! Erasing a person, slice by slice; whatever this worker leaves, the due index brings back.

use crate::Inbox;
use domain::ids::{JobId, WorkspaceId};
use jiff::SignedDuration;
use kit::{Failure, Outcome};

/// A message works so long; the rest comes by the due index.
const WORK_MAX: SignedDuration = SignedDuration::from_secs(60);

impl Inbox {
    pub(crate) async fn erase(&self, ws: &WorkspaceId, id: &JobId) -> Outcome {
        let started = self.clock.now();
        let taken = self.store.take_erasure(ws, id, started).await.map_err(Failure::soon)?;
        let Some(mut erasure) = taken else { return Ok(()) };
        while self.store.erase_on(&mut erasure, self.clock.now()).await.map_err(Failure::soon)? {
            if self.clock.now().duration_since(started) > WORK_MAX {
                tracing::info!(erasure = %id, "erasure.goes_on");
                return Ok(());
            }
        }
        tracing::info!(erasure = %id, "erasure.looked_through");
        Ok(())
    }
}
