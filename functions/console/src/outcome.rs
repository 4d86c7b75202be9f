//! What a person says was sent: by hand in manual mode, or after an unknown outcome.

use crate::call::{Call, Outcome, Reply, WRITE_TRIES, settled};
use crate::decisions;
use crate::messages;
use crate::problem::Problem;
use crate::review;
use crate::words::text;
use domain::limits;
use domain::message::Event;
use domain::vocabulary::{Channel, EnrolmentStatus, Provider, Verdict};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::account::Account;
use store::invitations::Invitation;
use store::message::{Claim, Message};
use store::prospect::Prospect;
use store::{Transacted, Versioned};

/// After this long the newest connections are read for the acceptance of a settled invitation.
const FIRST_LOOK: SignedDuration = SignedDuration::from_mins(30);

/// Writes the send of a message into the person: the contact, and how far the sequence is.
fn note_contact(person: &mut Prospect, message: &Message, at: Timestamp) {
    person.in_review = false;
    person.contact.revision += 1;
    person.contact.sending = None;
    person.contact.last_sent_at = person.contact.last_sent_at.max(Some(at));
    person.contact.last_enrolment = Some(message.enrolment.clone());
    person.contact.connected |= message.channel == Channel::LinkedInMessage;
    let Some(enrolment) = person.enrolment.as_mut().filter(|e| e.id == message.enrolment) else { return };
    if message.channel == Channel::LinkedInInvitation {
        enrolment.invited_at = enrolment.invited_at.or(Some(at));
        return;
    }
    enrolment.messaged_at = enrolment.messaged_at.or(Some(at));
    if enrolment.status == EnrolmentStatus::Active {
        enrolment.status = EnrolmentStatus::Completed;
    }
}

/// An invitation is out after all: its acceptance is looked for soon, then at the usual pace.
async fn expect_acceptance(call: &Call, message: &Message) -> Result<(), Problem> {
    for round in 0..WRITE_TRIES {
        let Some(mut account) = call.store().account(call.ws(), &message.account).await? else { return Ok(()) };
        if account.acceptance_poll_at.is_some() {
            return Ok(());
        }
        account.acceptance_poll_at = Some(call.now + FIRST_LOOK);
        if settled(call.store().save(&mut account).await?, round)? {
            return Ok(());
        }
    }
    Ok(())
}

/// `POST /messages/{id}/mark-sent`: through the gate and under the caps like any other send.
pub async fn mark_sent(call: &Call) -> Outcome {
    for _ in 0..WRITE_TRIES {
        let mut message = messages::wanted(call).await?;
        message.status = messages::step(&message, Event::MarkSent)?;
        let (office, mut dossier) = messages::facts(call, &message.prospect).await?;
        let account = manual_account(&office.accounts, &message)?;
        let companies = &dossier.prospect.summary.company_keys;
        let colleagues = &call.store().company_contacts(call.ws(), companies).await?;
        let decision = messages::decide(call, &office, &dossier, &message).await?;
        if decision.verdict != Verdict::Allow {
            let refusal = text("Le filtre s’oppose à cet envoi.", "The gate is against this send.");
            return Err(Problem::conflict(refusal).with("reasons", decisions::show_reasons(&decision.reasons, call.tongue)));
        }
        let date = call.now.to_zoned(account.zone()).date();
        let mut room = call.store().room(account, date, call.now).await?;
        if room.left(message.channel) == 0 {
            return Err(Problem::conflict(text(
                "Le plafond du jour ou de la semaine est atteint pour ce compte.",
                "The account’s cap of the day or week is reached.",
            )));
        }
        let settings = &office.workspace.settings;
        let without = message.may_go_without_note(settings);
        let note = limits::note(account.tier, room.notes_this_month(), without);
        if message.has_note() && note == limits::Note::Hold {
            return Err(Problem::conflict(text(
                "Les invitations avec note de ce mois sont parties\u{a0}: envoyez sans la note, ou attendez le mois prochain.",
                "This month’s invitations with a note are gone: send it without the note, or wait for next month.",
            )));
        }
        match message.channel {
            Channel::LinkedInInvitation => {
                room.day.invitations += 1;
                room.day.invited.push(Invitation::new(&message.prospect, call.now));
            }
            _ => room.day.messages += 1,
        }
        room.day.notes += u32::from(message.has_note() && note == limits::Note::Send);
        message.sent_at = Some(call.now);
        message.approved_by.get_or_insert_with(|| call.who.email.clone());
        let person = &mut dossier.prospect;
        note_contact(&mut person.item, &message, call.now);
        if decision.overrule.is_some()
            && let Some(overrule) = person.overrule.as_mut()
        {
            overrule.used_for = Some(message.id.clone());
        }
        person.take_decision(decision);
        if let Some(taken) = &person.decision {
            message.decision = taken.id.clone();
        }
        let (epoch, stops, day) = (office.epoch, office.stops, &room.day);
        let claim = Claim { message: &message, prospect: person, day, epoch, stops, colleagues, at: call.now };
        if call.store().claim_send(claim).await? == Transacted::Won {
            call.audit("message.marked_sent", Some(message.id.as_str()), json!({})).await?;
            return Reply::ok(review::show(&message.item, call.tongue));
        }
    }
    Err(Problem::busy())
}

fn manual_account<'a>(accounts: &'a [Versioned<Account>], message: &Message) -> Result<&'a Versioned<Account>, Problem> {
    let account = accounts.iter().find(|a| a.id == message.account);
    account.filter(|a| a.provider == Provider::Manual).ok_or_else(|| {
        Problem::conflict(text(
            "Seul un compte en mode manuel envoie à la main\u{a0}; celui-ci envoie par son fournisseur.",
            "Only an account in manual mode is sent from by hand; this one sends through its provider.",
        ))
    })
}

/// `POST /messages/{id}/settle`: sent, or not made and so approved again.
pub async fn settle(call: &Call, sent: bool, undo: SignedDuration) -> Outcome {
    let event = if sent { Event::SettleSent } else { Event::SettleNotMade };
    let known = messages::wanted(call).await?;
    messages::step(&known, event)?;
    let at = known.claimed_at.unwrap_or(call.now);
    if sent {
        // The person first: until the message says so, whoever looks again records it again.
        messages::change_person(call, &known.prospect, |person| note_contact(person, &known, at)).await?;
        if known.channel == Channel::LinkedInInvitation {
            expect_acceptance(call, &known).await?;
        }
    } else if known.channel == Channel::LinkedInInvitation {
        call.store().unsend_invitation(call.ws(), &known.account, &known.prospect, (at, call.now)).await?;
    }
    let message = messages::change(call, |message| {
        message.status = messages::step(message, event)?;
        message.check_at = None;
        if sent {
            message.sent_at = Some(at);
        } else {
            message.claimed_at = None;
            message.readings.clear();
            message.not_before = Some(call.now + undo);
        }
        Ok(())
    })
    .await?;
    if !sent {
        messages::change_person(call, &message.prospect, |person| {
            person.contact.sending = None;
            person.contact.revision += 1;
        })
        .await?;
        if let Some(account) = call.store().account(call.ws(), &message.account).await? {
            call.store().wake_account(&account, call.now + undo, call.now).await?;
        }
    }
    call.audit("message.settled", Some(message.id.as_str()), json!({"outcome": if sent { "sent" } else { "not_sent" }})).await?;
    Reply::ok(review::show(&message.item, call.tongue))
}
