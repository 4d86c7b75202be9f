//! When an approved message will go out: its place in the account's queue, counted in the account's own instants.

use crate::call::Call;
use crate::problem::Problem;
use jiff::Timestamp;
use store::Versioned;
use store::account::Account;
use store::message::Message;

/// The most approved messages that are counted ahead of one.
const QUEUE_MAX: usize = 500;
/// The most working days that an estimate looks ahead.
const DAYS_MAX: usize = 15;

/// Wakes the account for a message and answers the instant at which its turn is likely to come.
///
/// Better messages go first, so a later approval can still move it. `None`: no working day is near.
pub async fn due(
    call: &Call,
    account: &Versioned<Account>,
    message: &Message,
    not_before: Timestamp,
) -> Result<Option<Timestamp>, Problem> {
    let Some((room, first)) = call.store().first_instant(account, not_before, call.now).await? else { return Ok(None) };
    // Awake before the message is approved: a process that ends right after that write leaves nothing lying.
    if room.day.next_instant.is_none_or(|known| known < call.now || known > first) {
        call.store().wake_account(account, not_before, call.now).await?;
    }
    let mut ahead = call.store().approved_ahead(message, QUEUE_MAX).await?;
    if ahead == 0 {
        return Ok(Some(first));
    }
    let window = account.limits_at(call.now).window(account.zone());
    let dates: Vec<_> = window.openings(first).map(|(date, _)| date).take(DAYS_MAX).collect();
    for date in dates {
        let room = call.store().room(account, date, call.now).await?;
        let left = usize::try_from(room.left(message.channel)).unwrap_or(usize::MAX);
        let instants: Vec<Timestamp> = room.instants().into_iter().filter(|at| *at >= first).take(left).collect();
        if let Some(at) = instants.get(ahead) {
            return Ok(Some(*at));
        }
        ahead -= instants.len();
    }
    Ok(None)
}
