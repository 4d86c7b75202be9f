//! The tone of comments: by the language model where there is one and the month's budget allows it, else by the lexicon.

use crate::EngagementPuller;
use domain::tone::{self, Tone};
use jiff::Timestamp;
use kit::Failure;
use outbound::model;
use store::facts::{Office, month};

impl EngagementPuller {
    /// One tone for each comment, in their order. A model that is not to be had never stops a collection.
    pub(crate) async fn tones(&self, office: &Office, comments: &[&str], now: Timestamp) -> Result<Vec<Tone>, Failure> {
        let mut tones = Vec::with_capacity(comments.len());
        let mut answers = true;
        for some in comments.chunks(model::COMMENTS_MAX) {
            // Whoever did not answer once is not waited for again on this page.
            let told = if answers { self.asked(office, some, now).await? } else { None };
            answers = told.is_some();
            match told {
                Some(told) => tones.extend(told),
                None => tones.extend(some.iter().map(|comment| tone::read(comment))),
            }
        }
        Ok(tones)
    }

    /// The model's word; `None` where there is no model, no money for it, or no usable answer.
    async fn asked(&self, office: &Office, comments: &[&str], now: Timestamp) -> Result<Option<Vec<Tone>>, Failure> {
        let Some(model) = self.model.as_deref().filter(|_| !comments.is_empty()) else { return Ok(None) };
        let (ws, settings) = (&office.workspace.id, &office.workspace.settings);
        let in_month = month(now, &settings.zone());
        let at_most = model::tones_cost_at_most(model, comments);
        let asked = async {
            let told = model::tones(model, comments).await;
            let cost = told.as_ref().map_or_else(|error| error.cost(model.prices(), at_most), |told| told.cost);
            (told, cost)
        };
        let money = (at_most, settings.budget.ai_micro_usd());
        match self.store.spend_ai(ws, &in_month, money, asked).await.map_err(Failure::soon)? {
            None => Ok(None),
            Some(Ok(told)) => Ok(Some(told.tones)),
            Some(Err(error)) => {
                tracing::warn!(kind = error.kind.as_str(), "tones.by_lexicon");
                Ok(None)
            }
        }
    }
}
