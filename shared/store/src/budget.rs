//! Money and counts: credits of the month, sums by day, and how far the change stream was counted.

use crate::record::{Entity, Key};
use crate::table::Written;
use crate::{Store, StoreError, keys};
use domain::ids::WorkspaceId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;

/// Credits of one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credits {
    /// Spent or held for calls under way.
    pub reserved: i64,
    /// Charged by the provider.
    pub spent: i64,
    /// Not spent because people could not reach the threshold anyway.
    pub saved: i64,
}

/// What language models cost in one month, in micro-USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AiSpend {
    /// Spent or held for questions under way.
    pub reserved: i64,
    /// Counted by the vendor.
    pub spent: i64,
}

/// Where reading the change stream goes on after a start. What was counted already is known by the sums themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub shard: String,
    pub position: Option<String>,
}

impl Entity for Checkpoint {
    const TYPE: &'static str = "checkpoint";
    fn key(&self) -> Key {
        keys::checkpoint(&self.shard)
    }
}

/// The attribute of a day's sums that says how far a shard is counted in them.
fn mark_of(shard: &str) -> String {
    format!("seq#{shard}")
}

fn signed(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

impl Store {
    /// Holds `credits` of the month if the ceiling allows them all.
    pub async fn hold_credits(&self, ws: &WorkspaceId, month: &str, credits: u32, ceiling: u64) -> Result<bool, StoreError> {
        let ceiling = i64::try_from(ceiling).unwrap_or(i64::MAX);
        let held = self.table.add_below(&keys::budget(ws, month), "reserved", i64::from(credits), Some(ceiling)).await?;
        Ok(held.is_some())
    }

    /// Holds `credits` that are expected to be charged in full, if the ceiling allows them: they count as spent at once,
    /// and [`Store::correct_credits`] has nothing to write where the expectation was right.
    pub async fn charge_credits(&self, ws: &WorkspaceId, month: &str, credits: u32, ceiling: u64) -> Result<bool, StoreError> {
        let ceiling = i64::try_from(ceiling).unwrap_or(i64::MAX);
        let by = i64::from(credits);
        let adds = [("reserved", by), ("spent", by)];
        self.table.add_all_below(&keys::budget(ws, month), &adds, ceiling).await
    }

    /// Records that `spent` credits were charged where `expected` were counted.
    pub async fn correct_credits(&self, ws: &WorkspaceId, month: &str, expected: u32, spent: u32) -> Result<(), StoreError> {
        let by = i64::from(spent) - i64::from(expected);
        if by == 0 {
            return Ok(());
        }
        self.table.add(&keys::budget(ws, month), &[("reserved", by), ("spent", by)]).await
    }

    /// Records what held credits came to: `spent` were charged, the rest is given back.
    pub async fn settle_credits(
        &self,
        ws: &WorkspaceId,
        month: &str,
        held: u32,
        spent: u32,
        saved: u32,
    ) -> Result<(), StoreError> {
        let mut adds = Vec::new();
        let back = i64::from(spent) - i64::from(held);
        if back != 0 {
            adds.push(("reserved", back));
        }
        if spent > 0 {
            adds.push(("spent", i64::from(spent)));
        }
        if saved > 0 {
            adds.push(("saved", i64::from(saved)));
        }
        if adds.is_empty() {
            return Ok(());
        }
        self.table.add(&keys::budget(ws, month), &adds).await
    }

    /// Credits of a month.
    pub async fn credits(&self, ws: &WorkspaceId, month: &str) -> Result<Credits, StoreError> {
        let numbers = self.table.numbers(&keys::budget(ws, month)).await?;
        let read = |name: &str| numbers.get(name).copied().unwrap_or(0);
        Ok(Credits { reserved: read("reserved"), spent: read("spent"), saved: read("saved") })
    }

    /// Holds `micro_usd` of the month's money for models if the ceiling allows them; with a ceiling of 0 nothing is allowed,
    /// what is free neither.
    pub async fn hold_ai(&self, ws: &WorkspaceId, month: &str, micro_usd: u64, ceiling: u64) -> Result<bool, StoreError> {
        let (by, ceiling) = (signed(micro_usd), signed(ceiling));
        if ceiling == 0 {
            return Ok(false);
        }
        Ok(self.table.add_below(&keys::budget(ws, month), "ai_reserved", by, Some(ceiling)).await?.is_some())
    }

    /// Asks a language model within the month's money: holds the most it may cost, waits for `asked`, which answers with what
    /// it did cost, and settles. `None`: there is no money for it, and nothing was asked.
    pub async fn spend_ai<T>(
        &self,
        ws: &WorkspaceId,
        month: &str,
        (at_most, ceiling): (u64, u64),
        asked: impl Future<Output = (T, u64)>,
    ) -> Result<Option<T>, StoreError> {
        if !self.hold_ai(ws, month, at_most, ceiling).await? {
            return Ok(None);
        }
        let (answer, cost) = asked.await;
        self.settle_ai(ws, month, at_most, cost).await?;
        Ok(Some(answer))
    }

    /// Records what held money came to: `spent` was counted by the vendor, the rest is given back.
    pub async fn settle_ai(&self, ws: &WorkspaceId, month: &str, held: u64, spent: u64) -> Result<(), StoreError> {
        let (back, spent) = (signed(spent).saturating_sub(signed(held)), signed(spent));
        let adds: Vec<(&str, i64)> =
            [("ai_reserved", back), ("ai_spent", spent)].into_iter().filter(|(_, by)| *by != 0).collect();
        if adds.is_empty() {
            return Ok(());
        }
        self.table.add(&keys::budget(ws, month), &adds).await
    }

    /// What models cost in a month.
    pub async fn ai_spend(&self, ws: &WorkspaceId, month: &str) -> Result<AiSpend, StoreError> {
        let numbers = self.table.numbers(&keys::budget(ws, month)).await?;
        let read = |name: &str| numbers.get(name).copied().unwrap_or(0);
        Ok(AiSpend { reserved: read("ai_reserved"), spent: read("ai_spent") })
    }

    /// Where reading a shard of the change stream goes on.
    pub async fn checkpoint(&self, shard: &str) -> Result<Option<crate::Versioned<Checkpoint>>, StoreError> {
        self.table.get(&keys::checkpoint(shard)).await
    }

    /// The newest sequence number of a shard that is counted in a day's sums; decimal numbers of up to 40 digits.
    pub async fn counted(&self, ws: &WorkspaceId, date: Date, shard: &str) -> Result<Option<String>, StoreError> {
        let items = self.table.get_items(&[keys::day(ws, date)]).await?;
        Ok(items.first().and_then(|day| crate::table::text(day, &mark_of(shard))).map(str::to_owned))
    }

    /// Adds counts to a day and moves the shard's mark in it from one sequence number to the next, in one write: so each
    /// change counts exactly once. Lost when somebody else has moved the mark.
    pub async fn count(
        &self,
        ws: &WorkspaceId,
        date: Date,
        counts: &BTreeMap<&'static str, i64>,
        (shard, seen, newest): (&str, Option<&str>, &str),
    ) -> Result<Written, StoreError> {
        let adds: Vec<(&str, i64)> = counts.iter().map(|(n, by)| (*n, *by)).collect();
        self.table.add_and_mark(&keys::day(ws, date), &adds, (&mark_of(shard), seen, newest)).await
    }

    /// The sums of days, those that have any, between two dates.
    pub async fn days(&self, ws: &WorkspaceId, from: Date, to: Date) -> Result<Vec<(Date, HashMap<String, i64>)>, StoreError> {
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let page = self.table.query(&keys::days(ws), "", crate::Walk { descending: false, limit: 400, start }).await?;
            for item in &page.items {
                let date = crate::table::text(item, "sk").and_then(|d| d.parse::<Date>().ok());
                if let Some(date) = date.filter(|d| *d >= from && *d <= to) {
                    found.push((date, crate::table::numbers_of(item)));
                }
            }
            start = page.next;
            if start.is_none() || found.len() > 4_000 {
                return Ok(found);
            }
        }
    }

    /// Admits one call under a provider key in the window `window`, if fewer than `max` were.
    pub async fn admit_call(&self, key_id: &str, window: i64, max: i64) -> Result<bool, StoreError> {
        Ok(self.table.add_below(&keys::rate(key_id, window), "n", 1, Some(max)).await?.is_some())
    }

    /// Until when all calls under a provider key wait, in milliseconds since 1970.
    pub async fn call_pause(&self, key_id: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.table.numbers(&keys::rate_pause(key_id)).await?.get("until").copied())
    }

    /// Makes all calls under a provider key wait until `until_ms`.
    pub async fn pause_calls(&self, key_id: &str, until_ms: i64) -> Result<(), StoreError> {
        let key: Key = keys::rate_pause(key_id);
        let now = self.call_pause(key_id).await?.unwrap_or(0);
        if until_ms > now {
            self.table.add(&key, &[("until", until_ms - now)]).await?;
        }
        Ok(())
    }

    /// The count of calls under provider keys as one function that all processes share: `admit` (window, most) answers
    /// 1 or 0, `until` the end of a pause in milliseconds since 1970, `pause` sets it. `None`: the store did not answer.
    #[allow(clippy::type_complexity)]
    pub fn call_counter(
        &self,
    ) -> Box<dyn Fn(&'static str, String, i64, i64) -> Pin<Box<dyn Future<Output = Option<i64>> + Send>> + Send + Sync> {
        let store = self.clone();
        Box::new(move |question, key, a, b| {
            let store = store.clone();
            Box::pin(async move {
                match question {
                    "admit" => store.admit_call(&key, a, b).await.ok().map(i64::from),
                    "until" => store.call_pause(&key).await.ok().map(|until| until.unwrap_or(0)),
                    _ => store.pause_calls(&key, a).await.ok().map(|()| a),
                }
            })
        })
    }
}
