//! One candidate: where the person stands at LinkedIn, the gate on fresh facts, the claim.

use crate::{Desk, LATE_MAX, Sender, Tried};
use domain::gate::{self, Decision};
use domain::ids::{MessageId, ProspectId};
use domain::limits::{self, Note};
use domain::route::{self, InvitationStatus, Next};
use domain::vocabulary::{Channel, EnrolmentStatus, MessageStatus, ReasonCode, Route, Verdict};
use jiff::{SignedDuration, Timestamp};
use kit::Failure;
use outbound::linkedin::{ErrorKind, InvitationState};
use store::account::Pause;
use store::batch::Stage;
use store::facts::{Office, month};
use store::invitations::Invitation;
use store::message::{CLAIM_DAY, Claim, Message};
use store::prospect::{CompanyContact, Dossier, PastDecision};
use store::slots::{ReadPermit, Room, is_queued_at_once};
use store::{Transacted, Versioned};

/// How long a call may take; a `Sending` older than its window is taken for unknown.
pub(crate) const WINDOW: SignedDuration = SignedDuration::from_secs(90);
/// How long a message is left alone whose person cannot be written to just now.
const PUT_OFF: SignedDuration = SignedDuration::from_hours(4);
/// Credits held for one send: the status, and the send itself.
const CREDITS: u32 = 2;

/// Why nothing goes while the provider asks for patience.
pub(crate) const PROVIDER_LIMIT: &str = "Le fournisseur LinkedIn demande d’attendre (limite de requêtes atteinte).";

/// Everything a claim needs, read before it.
pub(crate) struct Claimed {
    pub message: Versioned<Message>,
    pub dossier: Dossier,
    pub with_note: bool,
}

/// Whether an earlier send to this person, or to one merged into them, is not settled yet.
fn other_send_open(dossier: &Dossier, message: &Message) -> bool {
    let open = |other: &Message| matches!(other.status, MessageStatus::Sending | MessageStatus::Uncertain);
    dossier.messages.iter().any(|other| other.id != message.id && open(other))
}

impl Sender {
    pub(crate) async fn try_to_send(
        &self,
        office: &Office,
        desk: &Desk,
        room: &Room,
        message: Versioned<Message>,
        now: Timestamp,
    ) -> Result<Tried, Failure> {
        let ws = &message.workspace;
        let Some(dossier) = self.store.dossier(ws, &message.prospect).await.map_err(Failure::soon)? else {
            return self.cancel(message, "Cette personne n’existe plus.").await;
        };
        if dossier.prospect.id != message.prospect {
            // First the survivor is decided about anew, then this one ends: whatever happens in between, somebody goes on.
            self.gate_again(ws, std::slice::from_ref(&dossier.prospect.id), now).await?;
            return self.cancel(message, "Cette fiche a été réunie avec une autre.").await;
        }
        if self.note(&message, room, office, desk) == Note::Hold {
            return self.hold_note(message, now).await;
        }
        if other_send_open(&dossier, &message) {
            return self.put_off(message, now + self.settle).await;
        }
        if !self.may_receive(office, &dossier) {
            let why = "Cette personne n’est pas parmi les destinataires de test.";
            return self.put_off_because(message, now + PUT_OFF, why).await;
        }
        if office.budget_spent {
            return Ok(Tried::Stopped);
        }
        match self.store.session_read(&desk.account, now).await.map_err(Failure::soon)? {
            ReadPermit::Granted(wait) => self.clock.wait(wait).await,
            // Mostly others read just now: the instant is tried again as long as it is in time.
            ReadPermit::NotBefore(at) => return Ok(Tried::NotBefore(at)),
        }
        let settings = &office.workspace.settings;
        let in_month = month(now, &settings.zone());
        let ceiling = settings.budget.credits_per_month;
        if !self.store.charge_credits(ws, &in_month, CREDITS, ceiling).await.map_err(Failure::soon)? {
            return Ok(Tried::Stopped);
        }
        let mut spent = 0;
        let tried = self.with_credits(office, desk, room, message, dossier, &mut spent, now).await;
        self.store.correct_credits(&desk.account.workspace, &in_month, CREDITS, spent).await.map_err(Failure::soon)?;
        tried
    }

    #[allow(clippy::too_many_arguments)]
    async fn with_credits(
        &self,
        office: &Office,
        desk: &Desk,
        room: &Room,
        mut message: Versioned<Message>,
        dossier: Dossier,
        spent: &mut u32,
        now: Timestamp,
    ) -> Result<Tried, Failure> {
        if let Some(tried) = self.ask_status(desk, &mut message, &dossier, spent, now).await? {
            return Ok(tried);
        }
        // After the reading, which took time: everything the gate reads is read anew.
        let now = self.clock.now();
        let ws = &message.workspace;
        let Some(fresh) = self.store.office(ws, now).await.map_err(Failure::soon)? else { return Ok(Tried::Stopped) };
        let Some(dossier) = self.store.dossier(ws, &message.prospect).await.map_err(Failure::soon)? else {
            return Ok(Tried::Passed);
        };
        let merged = dossier.prospect.id != message.prospect;
        if merged || other_send_open(&dossier, &message) || !self.may_receive(&fresh, &dossier) {
            return Ok(Tried::Passed);
        }
        if fresh.stops != office.stops {
            // An account was changed since its caps and its session were read.
            return Ok(Tried::Stopped);
        }
        // The account as it is now: paused, outside its hours or past its instant, nothing goes.
        let Some(account) = fresh.accounts.iter().find(|a| a.id == message.account) else { return Ok(Tried::Stopped) };
        let late = room.day.next_instant.is_none_or(|at| now.duration_since(at) > LATE_MAX);
        let open = account.limits_at(now).window(account.zone()).on(room.date).is_some_and(|opening| opening.contains(now));
        if account.is_paused(now) || late || !open {
            return Ok(Tried::Stopped);
        }
        // Before the gate: who contacts a colleague after this makes the claim fail.
        let companies = &dossier.prospect.summary.company_keys;
        let colleagues = self.store.company_contacts(ws, companies).await.map_err(Failure::soon)?;
        let mut facts = self.store.gate_facts(&fresh, &dossier, "sender", now).await.map_err(Failure::soon)?;
        // An overrule holds for the one message it was used for, also when that is tried again.
        let own = dossier.prospect.overrule.as_ref().filter(|o| o.used_for.as_ref() == Some(&message.id));
        if let Some(own) = own {
            facts.overrule = Some(gate::Overrule { by: own.by.clone(), reason: own.reason.clone(), at: own.at });
        }
        let decision = gate::decide(&facts, now);
        match decision.verdict {
            Verdict::Refuse => return self.refused(message, dossier, decision).await,
            Verdict::Hold => return self.held(message, dossier, decision, now).await,
            Verdict::Allow => {}
        }
        let with_note = match self.note(&message, room, office, desk) {
            Note::Send => true,
            Note::Leave => false,
            Note::Hold => return self.hold_note(message, now).await,
        };
        match self.claim(&fresh, room, message, dossier, &colleagues, decision, with_note, now).await? {
            Ok(claimed) => self.call(desk, claimed, spent).await,
            Err(tried) => Ok(tried),
        }
    }

    /// Reads where the person stands before every first touch, by the session read already counted; `None`: go on.
    async fn ask_status(
        &self,
        desk: &Desk,
        message: &mut Versioned<Message>,
        dossier: &Dossier,
        spent: &mut u32,
        now: Timestamp,
    ) -> Result<Option<Tried>, Failure> {
        let url = dossier.prospect.profile_url.as_deref().unwrap_or_default();
        let status = match desk.client.invitation_status(&desk.session, url).await {
            Ok(answer) => {
                *spent += answer.credits;
                answer.value
            }
            Err(error) => {
                *spent += error.credits;
                tracing::warn!(message = %message.id, kind = error.kind.as_str(), "status.not_read");
                if error.pauses_account() {
                    self.pause(desk, &error.pause_reason(), now).await?;
                }
                if matches!(error.kind, ErrorKind::Throttled | ErrorKind::RateLimited) {
                    let asked = error.retry_after.and_then(|d| SignedDuration::try_from(d).ok());
                    let until = now + asked.unwrap_or(SignedDuration::from_secs(60));
                    self.put_off_because(message.clone(), until, PROVIDER_LIMIT).await?;
                    return Ok(Some(Tried::Stopped));
                }
                if error.kind == ErrorKind::NotFound {
                    self.put_off(message.clone(), now + PUT_OFF).await?;
                    return Ok(Some(Tried::Passed));
                }
                return Ok(Some(Tried::Stopped));
            }
        };
        let word = match &status.state {
            InvitationState::Accepted => "ACCEPTED",
            InvitationState::Pending => "PENDING",
            InvitationState::None => "NO_INVITATION",
            InvitationState::Unknown(_) => "",
        };
        let route = if message.channel == Channel::LinkedInInvitation { Route::Invitation } else { Route::Message };
        let read = InvitationStatus::read(word, status.kind.as_deref(), status.distance);
        let next = read.and_then(|status| route::next(route, status, false));
        match next {
            Some(Next::Invite | Next::Write) => Ok(None),
            Some(Next::ChangeTo(route)) => self.change(message.clone(), dossier, route, now).await.map(Some),
            Some(Next::AskPerson) => {
                let why = "Cette personne vous a invité\u{a0}: acceptez son invitation sur LinkedIn.";
                self.put_off_because(message.clone(), now + PUT_OFF, why).await.map(Some)
            }
            Some(Next::Wait) | None => self.put_off(message.clone(), now + PUT_OFF).await.map(Some),
        }
    }

    /// The person is reached another way than the draft was written for: it is written anew.
    async fn change(
        &self,
        message: Versioned<Message>,
        dossier: &Dossier,
        route: Route,
        now: Timestamp,
    ) -> Result<Tried, Failure> {
        let mut prospect = dossier.prospect.clone();
        if route == Route::Message {
            prospect.contact.connected = true;
        } else {
            prospect.contact.connected = false;
            prospect.degree = prospect.degree.filter(|d| *d != 1);
        }
        if !self.store.save(&mut prospect).await.map_err(Failure::soon)?.won() {
            return Ok(Tried::Passed);
        }
        let why = match route {
            Route::Message => "Vous êtes déjà en relation\u{a0}: un message remplace l’invitation.",
            _ => "Vous n’êtes pas en relation\u{a0}: une invitation remplace le message.",
        };
        self.gate_again(&message.workspace, std::slice::from_ref(&prospect.id), now).await?;
        self.cancel(message, why).await
    }

    pub(crate) async fn gate_again(
        &self,
        ws: &domain::ids::WorkspaceId,
        people: &[ProspectId],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let jobs = self.store.start_batch(ws, Stage::Gate, people, "sender", false, now).await.map_err(Failure::soon)?;
        self.queues.send_jobs(jobs).await
    }

    fn may_receive(&self, office: &Office, dossier: &Dossier) -> bool {
        let mut addresses: Vec<&str> = dossier.prospect.keys.iter().map(|k| k.value.as_str()).collect();
        addresses.extend(dossier.prospect.profile_url.as_deref());
        office.workspace.settings.may_receive(&addresses)
    }

    fn note(&self, message: &Message, room: &Room, office: &Office, desk: &Desk) -> Note {
        if !message.has_note() {
            return Note::Send;
        }
        let may_go_without = message.may_go_without_note(&office.workspace.settings);
        limits::note(desk.account.tier, room.notes_this_month(), may_go_without)
    }

    /// The month's notes are spent: looked at again the next day, so that it does not stand before the others.
    async fn hold_note(&self, mut message: Versioned<Message>, now: Timestamp) -> Result<Tried, Failure> {
        message.note_held = true;
        let why = "Les 5 invitations avec note de ce mois sont parties\u{a0}: attendez le mois prochain, ou approuvez l’envoi sans note.";
        self.put_off_because(message, now + SignedDuration::from_hours(24), why).await
    }

    async fn put_off(&self, message: Versioned<Message>, until: Timestamp) -> Result<Tried, Failure> {
        let why = message.failure.clone();
        self.put_off_until(message, until, why).await
    }

    async fn put_off_because(&self, message: Versioned<Message>, until: Timestamp, why: &str) -> Result<Tried, Failure> {
        self.put_off_until(message, until, Some(why.to_owned())).await
    }

    async fn put_off_until(
        &self,
        mut message: Versioned<Message>,
        until: Timestamp,
        why: Option<String>,
    ) -> Result<Tried, Failure> {
        message.not_before = Some(until);
        message.due_at = Some(until);
        message.failure = why;
        self.save(&mut message).await?;
        Ok(Tried::Passed)
    }

    pub(crate) async fn cancel(&self, mut message: Versioned<Message>, why: &str) -> Result<Tried, Failure> {
        message.status = MessageStatus::Cancelled;
        message.failure = Some(why.to_owned());
        message.due_at = None;
        self.save(&mut message).await?;
        Ok(Tried::Passed)
    }

    /// The inline gate refuses: the approved message is cancelled with the reason, the decision recorded.
    async fn refused(&self, message: Versioned<Message>, dossier: Dossier, decision: Decision) -> Result<Tried, Failure> {
        let why = decision.reasons.first().map_or_else(String::new, |r| r.text_fr.clone());
        let tried = self.cancel(message, &why).await?;
        self.record(dossier, decision).await?;
        Ok(tried)
    }

    /// The inline gate holds: the message stays approved and waits.
    async fn held(
        &self,
        message: Versioned<Message>,
        dossier: Dossier,
        decision: Decision,
        now: Timestamp,
    ) -> Result<Tried, Failure> {
        let reason = decision.reasons.first().cloned();
        let stops = reason.as_ref().is_some_and(|r| matches!(r.code, ReasonCode::AccountPaused | ReasonCode::BudgetSpent));
        let prospect = dossier.prospect.id.clone();
        let ws = message.workspace.clone();
        let stale = reason.as_ref().is_some_and(|r| matches!(r.code, ReasonCode::NotAnalysed | ReasonCode::StaleAnalysis));
        self.record(dossier, decision).await?;
        if stops {
            return Ok(Tried::Stopped);
        }
        let why = reason.map(|r| r.text_fr);
        let tried = self.put_off_until(message, now + PUT_OFF, why).await?;
        if stale {
            let jobs = self.store.start_batch(&ws, Stage::Score, std::slice::from_ref(&prospect), "sender", true, now).await;
            self.queues.send_jobs(jobs.map_err(Failure::soon)?).await?;
        }
        Ok(tried)
    }

    async fn record(&self, dossier: Dossier, decision: Decision) -> Result<(), Failure> {
        let mut prospect = dossier.prospect;
        prospect.in_review = false;
        if let Some(past) = prospect.item.take_decision(decision) {
            let past = PastDecision { workspace: prospect.workspace.clone(), prospect: prospect.id.clone(), decision: past };
            self.store.keep_decision(&past).await.map_err(Failure::soon)?;
        }
        // Lost: the gatekeeper decides about the newer facts.
        let _recorded = self.store.save(&mut prospect).await.map_err(Failure::soon)?;
        Ok(())
    }

    pub(crate) async fn pause(&self, desk: &Desk, why: &str, now: Timestamp) -> Result<(), Failure> {
        let account = &desk.account;
        let pause = Pause { reason: why.to_owned(), since: now, resumes_at: None };
        self.store.pause_account(&account.workspace, &account.id, &pause).await.map_err(Failure::soon)?;
        let detail = serde_json::json!({ "workspace": account.workspace, "account": account.id });
        self.bus.put(vec![kit::Event { name: "AccountPaused", detail }]).await
    }

    /// The only way into `Sending`. `Err`: a fact has changed since it was read; the next instant looks again.
    #[allow(clippy::too_many_arguments)]
    async fn claim(
        &self,
        office: &Office,
        room: &Room,
        mut message: Versioned<Message>,
        mut dossier: Dossier,
        colleagues: &[Versioned<CompanyContact>],
        decision: Decision,
        with_note: bool,
        now: Timestamp,
    ) -> Result<Result<Claimed, Tried>, Failure> {
        let mut day = room.day.clone();
        match message.channel {
            Channel::LinkedInInvitation => {
                day.invitations += 1;
                day.notes += u32::from(with_note && message.has_note());
                day.invited.push(Invitation::new(&message.prospect, now));
            }
            _ => day.messages += 1,
        }
        let sends = day.invitations + day.messages;
        day.free_from = Some(now + domain::plan::pause_after(&day.seed, day.date, sends, room.limits.pause_seconds));
        // The instant is used up with the claim; what comes after it is planned after the call.
        let again = now + WINDOW;
        let next = room.next_instant(again, day.free_from.max(Some(again))).unwrap_or(again);
        // As the caps are after this one.
        let mut after = room.clone();
        after.day = day.clone();
        let picked = after.pick(&room.behind, next);
        day.plan(Some(next), picked, is_queued_at_once(next, now));

        message.status = MessageStatus::Sending;
        message.claimed_at = Some(now);
        message.check_at = Some(now + WINDOW);
        message.readings.clear();
        message.failure = None;
        message.note_held = false;

        let prospect = &mut dossier.prospect;
        let overruled = decision.overrule.is_some();
        let past = prospect.item.take_decision(decision);
        message.decision = prospect.decision.as_ref().map_or_else(|| message.decision.clone(), |d| d.id.clone());
        let sending: MessageId = message.id.clone();
        prospect.contact.sending = Some(sending.clone());
        prospect.contact.revision += 1;
        if let Some(overrule) = prospect.overrule.as_mut().filter(|_| overruled) {
            overrule.used_for = Some(sending);
        }
        if let Some(enrolment) = &mut prospect.enrolment {
            enrolment.status = EnrolmentStatus::Active;
        }
        let (epoch, stops) = (office.epoch, office.stops);
        let claim = Claim { message: &message, prospect, day: &day, epoch, stops, colleagues, at: now };
        if let Transacted::Lost(places) = self.store.claim_send(claim).await.map_err(Failure::soon)? {
            tracing::info!(message = %message.id, ?places, "send.claim_lost");
            // Another send of the account came between: this instant is over.
            return Ok(Err(if places.contains(&CLAIM_DAY) { Tried::Stopped } else { Tried::Passed }));
        }
        message.version += 1;
        prospect.version += 1;
        if let Some(past) = past {
            let past = PastDecision { workspace: prospect.workspace.clone(), prospect: prospect.id.clone(), decision: past };
            self.store.keep_decision(&past).await.map_err(Failure::soon)?;
        }
        Ok(Ok(Claimed { message, dossier, with_note }))
    }
}
