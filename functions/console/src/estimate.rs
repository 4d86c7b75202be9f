//! When an approved message will go out: its turn in a forecast of the account's queue.

use crate::call::Call;
use crate::problem::Problem;
use domain::forecast::{self, Waiting};
use domain::ids::AccountId;
use domain::limits::Kind;
use domain::vocabulary::Channel;
use jiff::Timestamp;
use std::collections::HashMap;
use store::account::Account;
use store::facts::Office;
use store::message::Message;
use store::{Entity, Versioned, Walk};

/// The most approved messages that are counted ahead of one.
const QUEUE_MAX: usize = 500;
/// The most days that an estimate looks ahead.
const DAYS_MAX: usize = 30;

/// The approved messages of accounts, best first, read once a request: each approval of many puts its own in.
#[derive(Debug, Default)]
pub struct Queues(HashMap<AccountId, Vec<(Option<String>, Waiting)>>);

impl Queues {
    async fn of(&mut self, call: &Call, account: &Account) -> Result<&mut Vec<(Option<String>, Waiting)>, Problem> {
        if !self.0.contains_key(&account.id) {
            let walk = Walk { descending: true, limit: QUEUE_MAX, start: None };
            let queue = call.store().relaxed().approved(call.ws(), &account.id, walk).await?.items;
            let queue = queue.iter().map(|message| (order(message), waiting(message))).collect();
            self.0.insert(account.id.clone(), queue);
        }
        Ok(self.0.entry(account.id.clone()).or_default())
    }
}

/// Wakes the account for a message and answers the instant at which its turn is likely to come.
///
/// Better messages go first, so a later approval can still move it. `None`: its turn is not near.
pub async fn due(
    call: &Call,
    office: &Office,
    account: &Versioned<Account>,
    message: &Message,
    not_before: Timestamp,
    queues: &mut Queues,
) -> Result<Option<Timestamp>, Problem> {
    let Some((room, first)) = call.store().first_instant(account, not_before, call.now).await? else { return Ok(None) };
    // Awake before the message is approved: a process that ends right after that write leaves nothing lying.
    if room.day.next_instant.is_none_or(|known| known < call.now || known > first) {
        call.store().wake_account(account, not_before, call.now).await?;
    }
    let queue = queues.of(call, account).await?;
    let own = order(message);
    queue.retain(|(other, _)| *other != own);
    let place = queue.partition_point(|(other, _)| *other > own);
    queue.insert(place, (own, Waiting { not_before: Some(not_before), ..waiting(message) }));
    let waiting: Vec<Waiting> = queue.iter().map(|(_, waiting)| waiting.clone()).collect();
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
        // One that may go without its note waits for none.
        with_note: message.has_note() && !message.without_note,
        not_before: message.not_before,
        companies: Vec::new(),
        colleagues_left: None,
    }
}
