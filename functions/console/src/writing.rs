//! Texts by people: an edited draft, or a message written by hand, through the same lint and queue.

use crate::accounts;
use crate::call::{Call, Outcome, Reply};
use crate::decisions;
use crate::messages;
use crate::person;
use crate::problem::Problem;
use crate::review;
use crate::words::text;
use domain::gate;
use domain::ids::{AccountId, DecisionId, EnrolmentId, MessageId};
use domain::language::{self, Language};
use domain::limits::note_max_units;
use domain::lint::{self, Finding, LintInput};
use domain::vocabulary::{CallToAction, Channel, DraftLevel, Tier, Verdict};
use serde_json::json;
use store::facts::Office;
use store::message::{Message, Step};
use store::prospect::Dossier;

/// The longest LinkedIn message, in UTF-16 units.
const MESSAGE_MAX_UNITS: usize = 8_000;

/// Puts an edited text into a message, with what the lint finds in it.
///
/// # Errors
/// A text that the channel cannot carry.
pub fn edit(office: &Office, dossier: &Dossier, message: &mut Message, body: &str) -> Result<(), Problem> {
    let tier = office.accounts.iter().find(|a| a.id == message.account).map_or(Tier::Free, |a| a.tier);
    check_length(message.channel, tier, body)?;
    message.findings = findings(office, dossier, message.channel, tier, &message.facts, Some(message.cta), body);
    message.quality = lint::quality(&message.findings, message.score);
    message.body = body.to_owned();
    Ok(())
}

fn check_length(channel: Channel, tier: Tier, body: &str) -> Result<(), Problem> {
    let max = if channel == Channel::LinkedInInvitation { note_max_units(tier) } else { MESSAGE_MAX_UNITS };
    let units = body.encode_utf16().count();
    if units <= max {
        return Ok(());
    }
    Err(Problem::field(
        "body",
        text(
            format!("{units}\u{a0}caractères, {max} au plus sur ce canal"),
            format!("{units} characters, at most {max} on this channel"),
        ),
    ))
}

fn findings(
    office: &Office,
    dossier: &Dossier,
    channel: Channel,
    tier: Tier,
    facts: &[String],
    cta: Option<CallToAction>,
    body: &str,
) -> Vec<Finding> {
    let person = &dossier.prospect;
    let settings = &office.workspace.settings;
    let language = match language::detect(body) {
        Language::Other if settings.locale.starts_with("en") => Language::En,
        Language::Other => Language::Fr,
        told => told,
    };
    lint::lint(&LintInput {
        text: body,
        channel,
        language,
        recipient_first_name: person.first_name.as_deref(),
        recipient_company: person.summary.company_name.as_deref(),
        sender: None,
        facts,
        booking_url: settings.offer.booking_url.as_deref(),
        slots: None,
        cta,
        note_limit: note_max_units(tier),
    })
}

/// `POST /prospects/{id}/messages` `{"body","account_id"}`: written by hand, waits in the same queue.
pub async fn by_hand(call: Call) -> Outcome {
    let (body, account) = {
        let fields = call.body()?;
        let body = fields.required("body", 20_000);
        let account = fields.id("account_id", AccountId::parse);
        fields.finish()?;
        (body.unwrap_or_default(), account)
    };
    let person = person::survivor(&call).await?;
    let (office, dossier) = messages::facts(&call, &person.id).await?;
    let chosen = match (&account, office.account_for(&dossier.prospect, call.now)) {
        (None, Some(likely)) => likely.clone(),
        (named, _) => accounts::chosen(&call, named.as_ref()).await?,
    };
    if dossier
        .prospect
        .enrolment
        .as_ref()
        .is_some_and(|e| e.account != chosen.id && office.accounts.iter().any(|a| a.id == e.account))
    {
        return Err(Problem::conflict(text(
            "Un autre compte suit déjà cette personne\u{a0}: deux comptes n’écrivent pas à la même.",
            "Another account is in touch with this person already: two accounts do not write to the same one.",
        )));
    }
    let facts = call.store().gate_facts(&office, &dossier, &call.who.email, call.now).await?;
    let channel = facts.step.channel;
    check_length(channel, chosen.tier, &body)?;
    let decision = gate::decide(&facts, call.now);
    if decision.verdict == Verdict::Refuse {
        let refusal = text("Le filtre s’oppose à ce contact.", "The gate is against this contact.");
        return Err(Problem::conflict(refusal).with("reasons", decisions::show_reasons(&decision.reasons, call.tongue)));
    }
    let score = decision.score.unwrap_or(0);
    let found = findings(&office, &dossier, channel, chosen.tier, &[], None, &body);
    let enrolment = dossier
        .prospect
        .enrolment
        .as_ref()
        .map_or_else(|| EnrolmentId::derive(&[person.id.as_str(), "by-hand"]), |e| e.id.clone());
    let told = dossier.prospect.decision.as_ref().map(|d| d.id.clone());
    let message = Message {
        id: MessageId::of_step(&person.id, &enrolment, &format!("by_hand#{}", call.new_uuid().simple())),
        channel,
        quality: lint::quality(&found, score),
        findings: found,
        level: DraftLevel::Template,
        decision: told.unwrap_or_else(|| DecisionId::derive(&[person.id.as_str(), "by_hand"])),
        score,
        source: person.source,
        ..Message::drafted((call.ws(), &person.id), (&enrolment, &chosen.id), Step::ByHand, &body, call.now)
    };
    if call.store().create(&message).await?.won() {
        messages::change_person(&call, &person.id, |person| person.in_review = true).await?;
        call.audit("message.written", Some(message.id.as_str()), json!({})).await?;
    }
    let stored = call.store().message(call.ws(), &message.id).await?.ok_or_else(Problem::not_found)?;
    Reply::created(review::show(&stored.item, call.tongue))
}
