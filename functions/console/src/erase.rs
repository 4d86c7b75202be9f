//! Erasing a person: black-listed before the answer leaves, deleted by a job.

use crate::call::{Call, Outcome, Reply};
use crate::problem::Problem;
use domain::ids::ProspectId;
use domain::job::{Job, Task};
use serde_json::json;
use store::erasure::Erasure;

/// Bytes of a workspace's secret.
const SECRET_BYTES: usize = 32;

/// `POST /prospects/{id}/erase`: from the answer on no send to the person is claimed; the job tells the rest.
pub async fn erase(call: Call) -> Outcome {
    let id = call.id(ProspectId::parse)?;
    if call.store().survivor(call.ws(), &id).await?.is_none() {
        return gone(&call, &id).await;
    }
    let fresh = kit::seal::random_hex(SECRET_BYTES).map_err(|_| Problem::unavailable(1))?;
    let key = call.store().make_erasure_key(call.ws(), fresh).await?;
    let begun = call.store().begin_erasure(&key, &id, call.now).await?.ok_or_else(Problem::not_found)?;
    let erasure = begun.erasure;
    if begun.is_new {
        let subject = erasure.people.first().map_or(id.as_str(), ProspectId::as_str);
        call.audit("prospect_erased", Some(subject), json!({})).await?;
    }
    call.send(vec![Job::new(call.ws(), Task::Erase { erasure: erasure.id.clone() })]).await?;
    Reply::accepted(&erasure.id)
}

/// The same request again, by its `Idempotency-Key`, is answered as the first was; else the person is unknown.
async fn gone(call: &Call, id: &ProspectId) -> Outcome {
    let erasure = Erasure::id_of(call.ws(), id);
    let known = call.store().erasure(call.ws(), &erasure).await?;
    match known.filter(|_| call.idempotency.is_some()) {
        Some(_) => Reply::accepted(&erasure),
        None => Err(Problem::not_found()),
    }
}
