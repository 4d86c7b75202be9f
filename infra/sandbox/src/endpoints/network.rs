//! Invitations and connections.

use serde_json::{Value, json};

use crate::address::{self, PersonKey};
use crate::chance;
use crate::options::AccountOptions;
use crate::people::Person;
use crate::scene::{Scene, accept as become_connected};
use crate::shift::date_text;
use crate::state::{Ended, Invitation, Network};
use crate::wire::{Body, Done, Outcome, PER_PAGE, Refusal, Window};

/// Characters of an invitation's note on a paid account.
const NOTE_MAX_CHARS: usize = 300;

/// `/v1/network/invitation-status`
pub(crate) fn status(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let person = scene.person(body, "linkedin_url")?;
    let seed = scene.state.seed;
    let distance = person.distance(seed);
    let connected = scene.connected(account, &person.slug);
    let network = scene.network(account);
    let (state, kind, id, distance) = if connected {
        ("ACCEPTED", Some("CONNECTED"), Value::Null, Some(1))
    } else if let Some(invitation) = pending(network, &person.slug) {
        ("PENDING", Some("SENT"), invitation_id(seed, &person, invitation.id), distance)
    } else if let Some(received) = network.received.iter().find(|received| received.person == person.slug) {
        ("PENDING", Some("RECEIVED"), invitation_id(seed, &person, received.id), distance)
    } else {
        ("NO_INVITATION", None, Value::Null, distance)
    };
    Done::read(
        json!({
            "invitation_state": state, "invitation_type": kind, "invitation_id": id,
            "member_distance": distance, "message": "Invitation status retrieved",
        }),
        1,
    )
}

/// Some pages of the provider show the id as a number; so does one person in five here.
fn invitation_id(seed: u64, person: &Person, id: u64) -> Value {
    match chance::below(seed, &["number", &person.slug], 5) {
        0 => id.into(),
        _ => id.to_string().into(),
    }
}

fn pending<'a>(network: &'a Network, slug: &str) -> Option<&'a Invitation> {
    network.sent.iter().find(|invitation| invitation.ended.is_none() && invitation.person == slug)
}

/// `/v1/network/connect`
pub(crate) fn connect(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let address = body.text("linkedin_url")?;
    let own = match address::person(address) {
        Some(PersonKey::Slug(slug)) => slug == account.slug,
        Some(PersonKey::MemberId(id)) => id == account.member_id,
        None => false,
    };
    if own {
        return Err(Refusal::said("You cannot invite yourself"));
    }
    let person = scene.person(body, "linkedin_url")?;
    let note = body.optional("message")?.filter(|note| !note.trim().is_empty()).map(str::to_owned);
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX_CHARS) {
        return Err(Refusal::said("The note must be at most 300 characters"));
    }
    if scene.connected(account, &person.slug) {
        return Err(Refusal::said("You are already connected with this member"));
    }
    if pending(scene.network(account), &person.slug).is_some() {
        return Err(Refusal::said("An invitation to this member is already pending"));
    }
    let (now_ms, id) = (scene.now_ms, scene.new_id());
    let delay = scene.temperament(&person, 0).accept_after_seconds;
    let network = scene.network(account);
    let waiting = network.received.iter().position(|received| received.person == person.slug);
    if let Some(at) = waiting {
        network.received.remove(at);
    }
    network.sent.push(Invitation {
        id,
        person: person.slug,
        note,
        sent_ms: now_ms,
        // Inviting somebody who invited us is accepting.
        accept_ms: waiting.map(|_| now_ms).or(delay.map(|seconds| now_ms + seconds.max(0) * 1000)),
        ended: None,
        told: false,
    });
    Done::acted("Connection request sent successfully", 1)
}

/// `/v1/network/connections`, newest first.
pub(crate) fn connections(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let mut connected: Vec<(i64, String)> =
        scene.network(account).connections.iter().map(|(slug, at)| (*at, slug.clone())).collect();
    connected.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let page = window.cut(&connected, PER_PAGE);
    let rows: Vec<Value> = page
        .iter()
        .filter_map(|(_, slug)| scene.directory.by_slug(slug))
        .map(|person| {
            json!({
                "name": person.name(), "job_title": person.headline,
                "profile_url": person.url(), "profile_picture": null,
            })
        })
        .collect();
    listing(window, "connections", rows, connected.len())
}

/// `/v1/network/sent-invitations`: those still waiting, newest first.
pub(crate) fn sent(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let directory = scene.directory;
    let waiting: Vec<Value> = scene
        .network(account)
        .sent
        .iter()
        .rev()
        .filter(|invitation| invitation.ended.is_none())
        .filter_map(|invitation| {
            let person = directory.by_slug(&invitation.person)?;
            Some(invitation_row(person, invitation.id, invitation.sent_ms, invitation.note.as_deref()))
        })
        .collect();
    listing(window, "invitations", window.cut(&waiting, PER_PAGE).to_vec(), waiting.len())
}

/// `/v1/network/invitations`: those we received.
pub(crate) fn received(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let window = Window::read(body)?;
    let directory = scene.directory;
    let waiting: Vec<Value> = scene
        .network(account)
        .received
        .iter()
        .rev()
        .filter_map(|received| {
            let person = directory.by_slug(&received.person)?;
            let mut row = invitation_row(person, received.id, received.at_ms, None);
            row["shared_secret"] = format!("secret-{}", received.id).into();
            row["entity_urn"] = format!("urn:li:invitation:{}", received.id).into();
            Some(row)
        })
        .collect();
    listing(window, "invitations", window.cut(&waiting, PER_PAGE).to_vec(), waiting.len())
}

fn invitation_row(person: &Person, id: u64, at_ms: i64, note: Option<&str>) -> Value {
    json!({
        "invitation_id": id.to_string(), "name": person.name(), "job_title": person.headline,
        "profile_url": person.url(), "profile_picture": null, "message": note, "sent_at": date_text(at_ms),
    })
}

fn listing(window: Window, field: &str, rows: Vec<Value>, available: usize) -> Outcome {
    let returned = rows.len();
    let mut data = json!({"total_results": returned, "total_available_results": available});
    data[field] = rows.into();
    window.mark(&mut data, PER_PAGE);
    Done::read(data, window.credits(returned))
}

/// `/v1/network/withdraw-invitation`
pub(crate) fn withdraw(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let id = match body.0.get("invitation_id") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Number(number)) => number.as_u64(),
        _ => return Err(Refusal::invalid()),
    };
    let waiting = scene
        .network(account)
        .sent
        .iter_mut()
        .find(|invitation| Some(invitation.id) == id && invitation.ended.is_none())
        .ok_or_else(|| Refusal::said("Invitation not found"))?;
    waiting.ended = Some(Ended::Withdrawn);
    Done::acted("Invitation withdrawn successfully", 1)
}

/// `/v1/network/accept-invitation`
pub(crate) fn accept(scene: &mut Scene<'_>, account: &AccountOptions, body: Body<'_>) -> Outcome {
    let urn = body.text("entity_urn")?;
    body.text("shared_secret")?;
    let now_ms = scene.now_ms;
    let network = scene.network(account);
    let at = network
        .received
        .iter()
        .position(|received| urn.ends_with(&format!(":{}", received.id)))
        .ok_or_else(|| Refusal::said("Invitation not found"))?;
    let received = network.received.remove(at);
    become_connected(network, received.person, now_ms, None);
    Done::acted("Invitation accepted successfully", 1)
}
