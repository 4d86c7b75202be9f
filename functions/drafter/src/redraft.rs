//! Another draft for a message that a reviewer sent back: the next variant of its text.

use crate::brief::Openings;
use crate::{Drafter, brief};
use domain::draft::{self, Brief, Draft};
use domain::ids::ProspectId;
use domain::lint;
use domain::message::Event;
use domain::vocabulary::Channel;
use store::facts::Office;
use store::message::{Message, Step};
use store::prospect::{Dossier, StoredDecision};
use store::{StoreError, Versioned};

/// Versions of one draft that differ from the one before; a person who wants more writes their own.
const VERSIONS_MAX: u32 = 20;
/// Variants tried for one version until one differs.
const VARIANTS_MAX: u32 = 12;

impl Drafter {
    /// Rewrites messages that are drafts again and puts them back into the review. Whoever asked has raised
    /// `redrafts`, so that the same request gives the same text.
    pub(crate) async fn redraft(
        &self,
        office: &Office,
        dossier: &Dossier,
        messages: Vec<Versioned<Message>>,
        decision: &StoredDecision,
        openings: &Openings,
    ) -> Result<(), StoreError> {
        for mut message in messages {
            let Ok(status) = domain::message::transition(message.status, Event::Submit) else { continue };
            let Some(account) = office.accounts.iter().find(|a| a.id == message.account) else { continue };
            let brief = brief::gather(&self.store, office, account, dossier, step_of(&message), openings).await?;
            let draft = version(&brief, message.redrafts);
            message.status = status;
            message.findings = draft::check(&brief, &draft.body, draft.cta);
            message.quality = lint::quality(&message.findings, brief::relevance(&brief.evidence));
            message.original_body.clone_from(&draft.body);
            message.body = draft.body;
            message.level = draft.level;
            message.facts = draft.facts;
            message.cta = draft.cta;
            message.decision = decision.id.clone();
            message.score = decision.decision.score.unwrap_or(message.score);
            // It held the reviewer's wish, which is answered.
            message.rejected_reason = None;
            // Lost: somebody acted on the message meanwhile; their word stands.
            if self.store.save(&mut message).await?.won() {
                self.take_back_if_overtaken(&message, &dossier.prospect).await?;
            }
        }
        Ok(())
    }
}

/// A message written by hand is rewritten as what its channel is for.
fn step_of(message: &Message) -> Step {
    match (message.step, message.channel) {
        (Step::ByHand, Channel::LinkedInInvitation) => Step::Invitation,
        (step, _) => step,
    }
}

/// The `n`-th version of a text: each is the first variant that differs from the version before.
fn version(brief: &Brief, n: u32) -> Draft {
    let mut current = draft::write(brief);
    for round in 1..=n.min(VERSIONS_MAX) {
        let mut variants = (0..VARIANTS_MAX).map(|variant| {
            let parts = [brief.prospect.as_str(), &round.to_string(), &variant.to_string()];
            draft::write(&Brief { prospect: ProspectId::derive(&parts), ..brief.clone() })
        });
        let before = current.body.clone();
        current = variants.find(|draft| draft.body != before).unwrap_or(current);
    }
    current
}
