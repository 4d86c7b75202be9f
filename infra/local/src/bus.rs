//! The bus of the one-machine home: the same rules as the template's, in this process.

use async_trait::async_trait;
use domain::ids::{PostId, WorkspaceId};
use domain::job::{Job, Task};
use kit::{Bus, Event, Failure, Queues};
use std::sync::{Arc, Mutex, PoisonError};

/// How many events are remembered for whoever looks.
const REMEMBERED_MAX: usize = 10_000;

/// Hands events on to queues by rule, and remembers the newest.
pub struct LocalBus {
    queues: Arc<dyn Queues>,
    told: Mutex<Vec<Event>>,
}

impl LocalBus {
    /// A bus whose rules feed `queues`.
    pub fn new(queues: Arc<dyn Queues>) -> Self {
        Self { queues, told: Mutex::default() }
    }

    /// What was told so far, oldest first.
    pub fn told(&self) -> Vec<Event> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The rule `PostPublished` → plan the pulls.
fn rule(event: &Event) -> Option<Job> {
    if event.name != "PostPublished" {
        return None;
    }
    let id = |name: &str| event.detail.get(name).and_then(serde_json::Value::as_str);
    let workspace = WorkspaceId::parse(id("workspace")?)?;
    Some(Job::new(&workspace, Task::PlanPulls { post: PostId::parse(id("post")?)? }))
}

#[async_trait]
impl Bus for LocalBus {
    async fn put(&self, events: Vec<Event>) -> Result<(), Failure> {
        let jobs: Vec<Job> = events.iter().filter_map(rule).collect();
        if !jobs.is_empty() {
            self.queues.send_jobs(jobs).await?;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend(events);
        let surplus = told.len().saturating_sub(REMEMBERED_MAX);
        told.drain(..surplus);
        Ok(())
    }
}
