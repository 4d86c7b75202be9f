//! The invitations of an account, in the days on which they were sent: the truth that its counts come from.
//! Rules: docs/rules.md, "Limits".

use crate::account::{Account, AccountDay, Counted, last_begun};
use crate::prospect::Prospect;
use crate::record::Versioned;
use crate::table::Op;
use crate::{Store, StoreError};
use domain::ids::{AccountId, ProspectId, WorkspaceId};
use domain::invitation::{End, Standing, may_yet_be_accepted, pauses_invitations};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Invitations older than this many days are not looked at any more.
pub const INVITATION_DAYS: i64 = 180;
/// How often a day is written again when others write it too.
const ROUNDS_MAX: usize = 12;
/// A claim that began this long ago stands in its day by now.
const CLAIM_SETTLES: SignedDuration = SignedDuration::from_mins(2);

/// One invitation, from the claim on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    #[serde(rename = "p")]
    pub prospect: ProspectId,
    /// When it was claimed, to the second.
    pub at: Timestamp,
    /// How it ended, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<(End, Timestamp)>,
}

impl Invitation {
    /// An invitation that is about to go out.
    pub fn new(prospect: &ProspectId, at: Timestamp) -> Self {
        Self { prospect: prospect.clone(), at: second(at), end: None }
    }

    /// Whether it ended without an answer, so lately that an acceptance may yet be seen.
    pub fn may_yet_be_accepted(&self, now: Timestamp) -> bool {
        self.end.is_some_and(|(end, at)| matches!(end, End::Gone | End::Withdrawn) && may_yet_be_accepted(at, now))
    }
}

fn second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

impl Account {
    /// How many of its invitations wait, given the days since it was last counted.
    pub fn pending(&self, days: &[AccountDay]) -> u32 {
        let counted = self.counted.at.unwrap_or(Timestamp::MIN);
        let since = days.iter().flat_map(|day| &day.invited).filter(|i| i.at > counted && i.end.is_none()).count();
        self.pending_invitations.saturating_add(u32::try_from(since).unwrap_or(u32::MAX))
    }

    /// How its invitations stood when they were last counted.
    pub fn standing(&self) -> Standing {
        Standing { pending: self.pending_invitations, invited: self.counted.invited, accepted: self.counted.accepted }
    }

    /// Takes over a count of its invitations; those of the last two minutes count apart, their claims may be under way.
    pub fn count(&mut self, invitations: &[Invitation], now: Timestamp) {
        let until = now - CLAIM_SETTLES;
        let settled: Vec<_> = invitations.iter().filter(|i| i.at <= until).map(|i| (i.at, i.end.map(|(end, _)| end))).collect();
        let standing = Standing::of(&settled, now);
        self.pending_invitations = standing.pending;
        self.counted = Counted { at: Some(until), invited: standing.invited, accepted: standing.accepted };
    }

    /// Whether too many of its invitations waited when they were last counted.
    pub fn had_too_many_pending(&self) -> bool {
        pauses_invitations(self.pending_invitations)
    }
}

impl Store {
    /// The invitations of an account within the last 180 days, oldest day first.
    pub async fn invitations(&self, account: &Account, now: Timestamp) -> Result<Vec<Invitation>, StoreError> {
        let today = now.to_zoned(account.zone()).date();
        let from = today.checked_sub(jiff::Span::new().days(INVITATION_DAYS)).unwrap_or(today);
        let days = self.account_days(&account.workspace, &account.id, from, last_begun(today)).await?;
        Ok(days.into_iter().flat_map(|day| day.invited).collect())
    }

    /// Says how an invitation that waits ended; `None` when none of the person's waits since `sent_at`'s day.
    ///
    /// A claim at the end of a day may be recorded on the next one, and one made in another zone up to two dates away.
    pub async fn day_ending_invitation(
        &self,
        account: &Account,
        people: &[ProspectId],
        sent_at: Timestamp,
        ended: (End, Timestamp),
    ) -> Result<Option<Versioned<AccountDay>>, StoreError> {
        self.day_of_invitation(account, people, sent_at, ended, |invitation| invitation.end.is_none()).await
    }

    /// The day with the end of the last of a person's invitations that `is` picks.
    async fn day_of_invitation(
        &self,
        account: &Account,
        people: &[ProspectId],
        sent_at: Timestamp,
        (end, now): (End, Timestamp),
        is: impl Fn(&Invitation) -> bool,
    ) -> Result<Option<Versioned<AccountDay>>, StoreError> {
        let sent_on = sent_at.to_zoned(account.zone()).date();
        for days in [0, -1, 1, -2, 2] {
            let Ok(date) = sent_on.checked_add(jiff::Span::new().days(days)) else { continue };
            let mut day = self.account_day(&account.workspace, &account.id, date).await?;
            let waiting = day.item.invited.iter_mut().rev().find(|i| people.contains(&i.prospect) && is(i));
            if let Some(invitation) = waiting {
                invitation.end = Some((end, second(now)));
                return Ok(Some(day));
            }
        }
        Ok(None)
    }

    /// The write of the end of a person's invitation within a transaction; nothing where none waits.
    pub async fn op_end_invitation(
        &self,
        account: &Account,
        prospect: &Prospect,
        sent_at: Timestamp,
        ended: (End, Timestamp),
    ) -> Result<Option<Op>, StoreError> {
        let people: Vec<ProspectId> = std::iter::once(&prospect.id).chain(&prospect.aliases).cloned().collect();
        let day = self.day_ending_invitation(account, &people, sent_at, ended).await?;
        day.as_ref().map(|day| self.op_account_day(day)).transpose()
    }

    /// The write of an acceptance seen after the invitation was recorded as taken back or gone, within a transaction.
    pub async fn op_accept_late(
        &self,
        account: &Account,
        prospect: &Prospect,
        sent_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Op>, StoreError> {
        let people: Vec<ProspectId> = std::iter::once(&prospect.id).chain(&prospect.aliases).cloned().collect();
        let ended = (End::Accepted, now);
        let day = self.day_of_invitation(account, &people, sent_at, ended, |i| i.may_yet_be_accepted(now)).await?;
        day.as_ref().map(|day| self.op_account_day(day)).transpose()
    }

    /// The invitation claimed at `claimed_at` never went out.
    pub async fn unsend_invitation(
        &self,
        ws: &WorkspaceId,
        account: &AccountId,
        prospect: &ProspectId,
        (claimed_at, now): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        self.end_invitation(ws, account, &Invitation::new(prospect, claimed_at), (End::NotMade, now)).await
    }

    /// Says how an invitation ended whose person does not bear it, or not any more.
    pub async fn end_invitation(
        &self,
        ws: &WorkspaceId,
        account: &AccountId,
        invitation: &Invitation,
        ended: (End, Timestamp),
    ) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let Some(account) = self.account(ws, account).await? else { return Ok(()) };
            let people = std::slice::from_ref(&invitation.prospect);
            let day = self.day_ending_invitation(&account, people, invitation.at, ended).await?;
            let Some(mut day) = day else { return Ok(()) };
            if self.save_account_day(&mut day).await?.won() {
                return Ok(());
            }
        }
        Err(StoreError::Conflict("day of an account"))
    }

    /// Counts an account's invitations anew and keeps the result; answers the account and what was counted.
    ///
    /// `None`: there is no such account any more.
    pub async fn count_invitations(
        &self,
        ws: &WorkspaceId,
        id: &AccountId,
        now: Timestamp,
    ) -> Result<Option<(Versioned<Account>, Vec<Invitation>)>, StoreError> {
        for _ in 0..ROUNDS_MAX {
            let Some(mut account) = self.account(ws, id).await? else { return Ok(None) };
            let invitations = self.invitations(&account, now).await?;
            account.item.count(&invitations, now);
            if self.save(&mut account).await?.won() {
                return Ok(Some((account, invitations)));
            }
        }
        Err(StoreError::Conflict("account"))
    }
}

/// How many invitations were taken back on a local date.
pub fn withdrawn_on(invitations: &[Invitation], account: &Account, date: Date) -> u32 {
    let zone = account.zone();
    let on = |at: Timestamp| at.to_zoned(zone.clone()).date() == date;
    let taken = invitations.iter().filter(|i| i.end.is_some_and(|(end, at)| end == End::Withdrawn && on(at))).count();
    u32::try_from(taken).unwrap_or(u32::MAX)
}
