//! Another draft for a message that waits for review: the next variant of its text.

use crate::{Drafter, brief};
use domain::draft::{self, Brief, Draft};
use domain::ids::{MessageId, ProspectId};
use domain::lint;
use domain::vocabulary::MessageStatus;
use jiff::Timestamp;
use store::facts::Office;
use store::StoreError;

/// What a batch is asked by when a person wants another draft: `redraft:<message>:<hint>`.
const ASKED: &str = "redraft:";
/// Versions of one draft that differ from the one before; a person who wants more writes their own.
const VERSIONS_MAX: u32 = 20;
/// Variants tried for one version until one differs.
const VARIANTS_MAX: u32 = 12;

/// The message that a batch asks to redraft; `None` when it asks for first drafts.
pub fn asked(asked_by: &str) -> Option<MessageId> {
    let id = asked_by.strip_prefix(ASKED)?.split(':').next()?;
    MessageId::parse(id)
}

impl Drafter {
    /// Rewrites the text; whoever asked has raised `redrafts`, so that the same request writes the same text again.
    pub(crate) async fn redraft(&self, office: &Office, id: &MessageId, now: Timestamp) -> Result<(), StoreError> {
        let ws = &office.workspace.id;
        let Some(mut message) = self.store.message(ws, id).await? else { return Ok(()) };
        if message.status != MessageStatus::PendingReview {
            return Ok(());
        }
        let Some(mut dossier) = self.store.dossier(ws, &message.prospect).await? else { return Ok(()) };
        if self.allowed(office, &mut dossier, true, "redraft", now).await?.is_none() {
            return Ok(());
        }
        let Some(account) = office.accounts.iter().find(|a| a.id == message.account) else { return Ok(()) };
        let brief = brief::gather(&self.store, office, account, &dossier, message.step).await?;
        let draft = version(&brief, message.redrafts);
        message.findings = draft::check(&brief, &draft.body, draft.cta);
        message.quality = lint::quality(&message.findings, brief::relevance(&brief.evidence));
        message.original_body.clone_from(&draft.body);
        message.body = draft.body;
        message.level = draft.level;
        message.facts = draft.facts;
        message.cta = draft.cta;
        // Lost: somebody acted on the card meanwhile; their word stands.
        let _saved = self.store.save(&mut message).await?;
        Ok(())
    }
}

/// The `n`-th version of a text: each is the first variant that differs from the version before.
fn version(brief: &Brief, n: u32) -> Draft {
    let mut current = draft::write(brief);
    for round in 1..=n.min(VERSIONS_MAX) {
        let variants = (0..VARIANTS_MAX).map(|variant| {
            let parts = [brief.prospect.as_str(), &round.to_string(), &variant.to_string()];
            draft::write(&Brief { prospect: ProspectId::derive(&parts), ..brief.clone() })
        });
        let before = current.body.clone();
        current = variants.into_iter().find(|draft| draft.body != before).unwrap_or(current);
    }
    current
}
