//! Whose a LinkedIn member is: one workspace's at a time, and what they have sent and read follows them when they are
//! connected again. Rules: docs/rules.md, "Limits".

use crate::account::{Account, AccountDay, MemberPointer, WebhookPointer, last_begun};
use crate::invitations::INVITATION_DAYS;
use crate::record::Versioned;
use crate::table::{Op, Transacted, Written};
use crate::{Store, StoreError, keys};
use domain::identity;
use domain::ids::{AccountId, WorkspaceId};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

/// How far back reads still count.
const READ_DAYS: i64 = 7;
/// How often a day is written again when others write it too.
const ROUNDS_MAX: usize = 8;

impl MemberPointer {
    /// The hold of an account on a member.
    pub fn held(key: &identity::Key, account: &Account) -> Self {
        Self {
            key: key.clone(),
            workspace: account.workspace.clone(),
            account: account.id.clone(),
            released_at: None,
            since: Some(account.created_at),
        }
    }

    /// The same after the account has let go of the member.
    fn released(key: &identity::Key, account: &Account, now: Timestamp) -> Self {
        Self { released_at: Some(now), ..Self::held(key, account) }
    }
}

impl Store {
    async fn member(&self, key: &identity::Key) -> Result<Option<Versioned<MemberPointer>>, StoreError> {
        self.table.get(&keys::linkedin_member(key)).await
    }

    /// The account that last held one of these keys, if it has let go of it.
    pub async fn last_holder(&self, keys: &[identity::Key]) -> Result<Option<MemberPointer>, StoreError> {
        for key in keys {
            if let Some(pointer) = self.member(key).await?.filter(|p| p.released_at.is_some()) {
                return Ok(Some(pointer.item));
            }
        }
        Ok(None)
    }

    /// The account that holds one of these keys now.
    pub async fn holder_of_member(&self, keys: &[identity::Key]) -> Result<Option<MemberPointer>, StoreError> {
        for key in keys {
            if let Some(pointer) = self.member(key).await?.filter(|p| p.released_at.is_none()) {
                return Ok(Some(pointer.item));
            }
        }
        Ok(None)
    }

    /// The write by which an account takes hold of a member; lost where another holds them.
    pub async fn op_hold_member(&self, key: &identity::Key, account: &Account) -> Result<Op, StoreError> {
        let hold = MemberPointer::held(key, account);
        match self.member(key).await?.filter(|known| known.released_at.is_some()) {
            Some(known) => self.table.op_save(&Versioned { item: hold, version: known.version }),
            None => self.table.op_create(&hold),
        }
    }

    /// The write by which an account lets go of a member; none where it does not hold them (any more).
    ///
    /// It is lost when somebody else writes the hold meanwhile. Holds are never removed, so their versions only grow.
    pub async fn op_release_member(
        &self,
        key: &identity::Key,
        account: &Account,
        now: Timestamp,
    ) -> Result<Option<Op>, StoreError> {
        let is_ours = |hold: &MemberPointer| hold.workspace == account.workspace && hold.account == account.id;
        let Some(known) = self.member(key).await?.filter(|known| is_ours(known) && known.released_at.is_none()) else {
            return Ok(None);
        };
        let item = MemberPointer { since: known.item.since, ..MemberPointer::released(key, account, now) };
        self.table.op_save(&Versioned { item, version: known.version }).map(Some)
    }

    /// The condition that an account is still the one that was read, and not another one made since under its id:
    /// a webhook path is made with an account, goes with it, and is never the same twice.
    pub fn op_still_there(&self, token_hash: &str) -> Result<Op, StoreError> {
        self.table.op_check_number(&keys::webhook_token(token_hash), "v", 1)
    }

    /// Makes an account with its webhook path; lost when it or its LinkedIn member is there already.
    /// The positions from 2 on are those of the member's keys, then of `sessions`: what stands for its sessions.
    pub async fn create_account(
        &self,
        account: &Account,
        token_hash: &str,
        sessions: &[identity::Key],
    ) -> Result<Transacted, StoreError> {
        let pointer = WebhookPointer {
            token_hash: token_hash.to_owned(),
            workspace: account.workspace.clone(),
            account: account.id.clone(),
        };
        let mut ops = vec![self.table.op_create(account)?, self.table.op_create(&pointer)?];
        for key in account.member_keys.iter().chain(sessions) {
            ops.push(self.op_hold_member(key, account).await?);
        }
        self.table.transact(ops).await
    }

    /// Removes an account with its webhook path, and lets go of its LinkedIn member and its `sessions`; lost when it has changed since it
    /// was read, is gone, or was made again under its id.
    pub async fn delete_account(
        &self,
        account: &Versioned<Account>,
        token_hash: &str,
        sessions: &[identity::Key],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let pointer = self.table.get::<WebhookPointer>(&keys::webhook_token(token_hash)).await?;
        let Some(pointer) = pointer.filter(|p| p.account == account.id) else { return Ok(Written::Lost) };
        let mut ops = vec![self.table.op_remove(account)?, self.table.op_remove(&pointer)?, self.op_stop(&account.workspace)?];
        for key in account.member_keys.iter().chain(sessions) {
            ops.extend(self.op_release_member(key, account, now).await?);
        }
        Ok(match self.table.transact(ops).await? {
            Transacted::Won => Written::Won,
            Transacted::Lost(_) => Written::Lost,
        })
    }

    /// Adds what one account has sent and read lately to what another one has, and its invitations as they stand: they
    /// are the same member's.
    ///
    /// Done twice after a crash it counts twice, which only makes the member slower.
    pub async fn inherit_counters(
        &self,
        (from_ws, from): (&WorkspaceId, &AccountId),
        heir: &Account,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let today = now.to_zoned(heir.zone()).date();
        // The two may count in different zones.
        let until = last_begun(today);
        for day in self.account_days(from_ws, from, before(today, INVITATION_DAYS), until).await? {
            self.add_day(heir, &day).await?;
        }
        for (date, reads) in self.account_reads(from_ws, from, before(today, READ_DAYS), until).await? {
            let key = keys::account_reads(&heir.workspace, &heir.id, date);
            self.table.add(&key, &[("n", i64::from(reads))]).await?;
        }
        Ok(())
    }

    async fn add_day(&self, heir: &Account, sent: &AccountDay) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let mut day = self.account_day(&heir.workspace, &heir.id, sent.date).await?;
            day.invitations = day.invitations.saturating_add(sent.invitations);
            day.messages = day.messages.saturating_add(sent.messages);
            day.notes = day.notes.saturating_add(sent.notes);
            day.free_from = day.free_from.max(sent.free_from);
            let news: Vec<_> = sent.invited.iter().filter(|invitation| !day.invited.contains(invitation)).cloned().collect();
            day.invited.extend(news);
            day.invited.sort_by_key(|invitation| invitation.at);
            if self.save_account_day(&mut day).await?.won() {
                return Ok(());
            }
        }
        Err(StoreError::Conflict("day of an account"))
    }
}

fn before(date: Date, days: i64) -> Date {
    date.checked_sub(Span::new().days(days)).unwrap_or(date)
}
