//! The people of a workspace and their roles; one owner at least remains.

use crate::api_keys;
use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::problem::Problem;
use crate::words::text;
use domain::ids::MemberId;
use domain::vocabulary::Role;
use serde_json::{Value, json};
use store::workspace::{Member, Membership};
use store::{Entity, Transacted, Versioned};

fn roles() -> Vec<&'static str> {
    Role::ALL.iter().map(|r| r.as_str()).collect()
}

/// `GET /members`.
pub async fn list(call: Call) -> Outcome {
    let members = call.store().members(call.ws()).await?;
    Reply::slice(&call, "all", members.iter().map(|m| show(&m.item)))
}

/// `POST /members` `{"email","role"}`.
pub async fn create(call: Call) -> Outcome {
    let (email, role) = {
        let body = call.body()?;
        let email = body.required("email", 320).and_then(|raw| {
            let read = domain::identity::email(&raw);
            if read.is_none() {
                body.fault("email", text("une adresse e-mail est attendue", "an e-mail address is expected"));
            }
            read
        });
        body.required("role", 20);
        let role = body.word("role", Role::parse, &roles());
        body.finish()?;
        (email.unwrap_or_default(), role.unwrap_or(Role::Viewer))
    };
    let member = Member {
        workspace: call.ws().clone(),
        id: MemberId::derive(&[call.ws().as_str(), &email]),
        email: email.clone(),
        role,
        password_hash: None,
        created_at: call.now,
    };
    let membership = Membership { email, workspace: call.ws().clone() };
    let table = &call.store().table;
    match table.transact(vec![table.op_create(&member)?, table.op_overwrite(&membership)?]).await? {
        Transacted::Won => {
            call.audit("member.added", Some(member.id.as_str()), json!({"role": role})).await?;
            Reply::created(show(&member))
        }
        Transacted::Lost(_) => {
            // The same request sent again is answered as the first time.
            let known = call.store().members(call.ws()).await?.into_iter().find(|m| m.id == member.id && m.role == role);
            match known.filter(|_| call.idempotency.is_some()) {
                Some(known) => Reply::created(show(&known)),
                None => Err(Problem::conflict(text("Cette personne est déjà membre.", "This person is a member already."))),
            }
        }
    }
}

async fn wanted(call: &Call) -> Result<Versioned<Member>, Problem> {
    let id = call.id(MemberId::parse)?;
    let members = call.store().members(call.ws()).await?;
    members.into_iter().find(|m| m.id == id).ok_or_else(Problem::not_found)
}

async fn another_owner_remains(call: &Call, member: &Member) -> Result<(), Problem> {
    let members = call.store().members(call.ws()).await?;
    if member.role != Role::Owner || members.iter().any(|m| m.role == Role::Owner && m.id != member.id) {
        return Ok(());
    }
    Err(Problem::conflict(text("Un propriétaire au moins doit rester.", "At least one owner has to remain.")))
}

/// `PATCH /members/{id}` `{"role"}`.
pub async fn change(call: Call) -> Outcome {
    let role = {
        let body = call.body()?;
        body.required("role", 20);
        let role = body.word("role", Role::parse, &roles());
        body.finish()?;
        role.unwrap_or(Role::Viewer)
    };
    for round in 0..WRITE_TRIES {
        let mut member = wanted(&call).await?;
        if role != Role::Owner {
            another_owner_remains(&call, &member).await?;
        }
        member.role = role;
        if settled(call.store().save(&mut member).await?, round)? {
            call.audit("member.changed", Some(member.id.as_str()), json!({"role": role})).await?;
            return Reply::ok(show(&member.item));
        }
    }
    Err(Problem::busy())
}

/// `DELETE /members/{id}`: with the keys that act for them.
pub async fn delete(call: Call) -> Outcome {
    let member = wanted(&call).await?;
    another_owner_remains(&call, &member).await?;
    if member.email == call.who.email {
        return Err(Problem::conflict(text("On ne se retire pas soi-même.", "Nobody removes themselves.")));
    }
    let membership = Membership { email: member.email.clone(), workspace: call.ws().clone() };
    call.store().table.delete_many(&[member.key(), membership.key()]).await?;
    api_keys::take_away_of(&call, &member.email).await?;
    call.audit("member.removed", Some(member.id.as_str()), json!({})).await?;
    Reply::gone()
}

fn show(member: &Member) -> Value {
    json!({"id": member.id, "email": member.email, "role": member.role, "created_at": member.created_at})
}
