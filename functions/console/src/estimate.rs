//! When an approved message will go out: its turn in a forecast of the account's queue.

use crate::call::Call;
use crate::problem::Problem;
use domain::forecast::{self, Waiting};
use domain::limits::Kind;
use domain::vocabulary::Channel;
use jiff::Timestamp;
use store::account::Account;
use store::facts::Office;
use store::message::Message;
use store::{Entity, Versioned, Walk};

/// The most approved messages that are counted ahead of one.
const QUEUE_MAX: usize = 500;
/// The most days that an estimate looks ahead.
const DAYS_MAX: usize = 30;

/// Wakes the account for a message and answers the instant at which its turn is likely to come.
///
/// Better messages go first, so a later approval can still move it. `None`: its turn is not near.
pub async fn due(
    call: &Call,
    office: &Office,
    account: &Versioned<Account>,
    message: &Message,
    not_before: Timestamp,
) -> Result<Option<Timestamp>, Problem> {
    if call.store().wake_account(account, not_before, call.now).await?.is_none() {
        return Ok(None);
    }
    let walk = Walk { descending: true, limit: QUEUE_MAX, start: None };
    let mut queue = call.store().approved(call.ws(), &account.id, walk).await?.items;
    queue.retain(|other| other.id != message.id);
    let place = queue.partition_point(|other| order(other) > order(message));
    let mut waiting: Vec<Waiting> = queue.iter().map(|other| waiting(other)).collect();
    waiting.insert(place, Waiting { not_before: Some(not_before), ..self::waiting(message) });
    let outlook = call.store().outlook(account, office.workspace.settings.invite_without_note, call.now).await?;
    let found = forecast::forecast(&outlook, &waiting, call.now, DAYS_MAX);
    Ok(found.sends.into_iter().find(|send| send.place == place).map(|send| send.at))
}

/// Where a message stands in the queue; higher goes first.
fn order(message: &Message) -> Option<String> {
    message.list().map(|entry| entry.order)
}

/// A message as a forecast sees it, whatever its person's company.
pub fn waiting(message: &Message) -> Waiting {
    let invitation = message.channel == Channel::LinkedInInvitation;
    Waiting {
        kind: if invitation { Kind::Invitation } else { Kind::Message },
        with_note: invitation && !message.body.trim().is_empty(),
        not_before: message.not_before,
        companies: Vec::new(),
        colleagues_left: None,
    }
}
