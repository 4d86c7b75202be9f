//! What an endpoint sees while it answers one call, and what time does between calls.

use crate::chance;
use crate::options::{AccountOptions, SandboxOptions, Switches};
use crate::people::{Directory, Person};
use crate::recorded::recorded;
use crate::shift::{Shift, id_at};
use crate::state::{Conversation, Ended, Invitation, Message, Network, State};
use crate::temperament::Temperament;
use crate::wire::{Body, Refusal};
use crate::world::World;

const DAY_MS: i64 = 86_400_000;

/// One call's view of the sandbox.
pub(crate) struct Scene<'a> {
    pub options: &'a SandboxOptions,
    pub switches: Switches,
    pub world: &'a World,
    pub directory: &'a Directory,
    pub state: &'a mut State,
    pub now_ms: i64,
}

impl<'a> Scene<'a> {
    /// The account's side of LinkedIn.
    pub fn network(&mut self, account: &AccountOptions) -> &mut Network {
        self.state.networks.entry(account.slug.clone()).or_default()
    }

    /// The person a field names. Refused where nobody has that address.
    pub fn person(&self, body: Body<'_>, key: &str) -> Result<Person, Refusal> {
        let address = body.text(key)?;
        self.directory.find(address).cloned().ok_or_else(|| Refusal::said("Profile not found"))
    }

    /// Whether the person is a 1st degree connection of the account.
    pub fn connected(&self, account: &AccountOptions, slug: &str) -> bool {
        self.state.networks.get(&account.slug).is_some_and(|network| network.connections.contains_key(slug))
    }

    /// An id made now, unlike any other.
    pub fn new_id(&mut self) -> u64 {
        let number = self.state.next();
        id_at(self.now_ms, number)
    }

    /// How the person answers invitations and the next message.
    pub fn temperament(&self, person: &Person, replies: usize) -> Temperament {
        temperament(self.state, person, replies)
    }

    /// Puts a message of ours in the conversation and plans the reply to it.
    pub fn write(&mut self, account: &AccountOptions, person: &Person, text: &str, media: Option<String>) -> u64 {
        let now_ms = self.now_ms;
        let replies = self.network(account).conversations.entry(person.slug.clone()).or_default().replies();
        let temperament = self.temperament(person, replies);
        let conversation = self.network(account).conversations.entry(person.slug.clone()).or_default();
        let id = free_id(conversation, now_ms);
        conversation.read_ms = now_ms;
        conversation.add(Message {
            id,
            at_ms: now_ms,
            ours: true,
            text: text.to_owned(),
            system: false,
            media,
            told: true,
            sender: None,
        });
        plan_reply(conversation, &temperament, now_ms, now_ms);
        id
    }
}

/// The forced temperament of a person, else the drawn one.
pub(crate) fn temperament(state: &State, person: &Person, replies: usize) -> Temperament {
    match state.forced.get(&person.slug) {
        Some(forced) => forced.clone(),
        None => Temperament::drawn(state.seed, person, replies),
    }
}

/// Plans the reply to a message of ours, unless one is on its way already.
pub(crate) fn plan_reply(conversation: &mut Conversation, temperament: &Temperament, ours_ms: i64, now_ms: i64) {
    let (Some(delay), Some(text)) = (temperament.reply_after_seconds, &temperament.reply_text) else {
        return;
    };
    if conversation.messages.iter().any(|message| message.at_ms > now_ms && message.is_reply()) {
        return;
    }
    let at_ms = (ours_ms + delay.max(0) * 1000).max(ours_ms + 1);
    let id = free_id(conversation, at_ms);
    conversation.add(Message {
        id,
        at_ms,
        ours: false,
        text: text.clone(),
        system: false,
        media: None,
        told: false,
        sender: None,
    });
}

/// The message number for an instant: its milliseconds, or the next free one.
pub(crate) fn free_id(conversation: &Conversation, at_ms: i64) -> u64 {
    let taken = |id: u64| conversation.messages.iter().any(|message| message.id == id);
    let first = at_ms.max(0) as u64;
    (first..).find(|id| !taken(*id)).unwrap_or(first)
}

/// Lets happen what is due: invitations accepted by now become connections.
/// Gives the same state however often and late it is called. True if anything changed.
pub(crate) fn settle(state: &mut State, now_ms: i64) -> bool {
    let mut changed = false;
    for network in state.networks.values_mut() {
        let due: Vec<(String, i64, Option<String>)> = network
            .sent
            .iter_mut()
            .filter(|invitation| invitation.ended.is_none())
            .filter_map(|invitation| {
                let at_ms = invitation.accept_ms.filter(|at| *at <= now_ms)?;
                invitation.ended = Some(Ended::Accepted);
                Some((invitation.person.clone(), at_ms, invitation.note.clone()))
            })
            .collect();
        for (person, at_ms, note) in due {
            accept(network, person, at_ms, note);
            changed = true;
        }
    }
    changed
}

/// Makes the person a connection: a notice opens the conversation, and the
/// invitation's note becomes its first message.
pub(crate) fn accept(network: &mut Network, person: String, at_ms: i64, note: Option<String>) {
    network.connections.insert(person.clone(), at_ms);
    let conversation = network.conversations.entry(person).or_default();
    let notice = |id, ours, text| Message { id, at_ms, ours, text, system: !ours, media: None, told: true, sender: None };
    conversation.add(notice(free_id(conversation, at_ms), false, String::new()));
    if let Some(note) = note {
        conversation.add(notice(free_id(conversation, at_ms), true, note));
    }
}

/// The account's side at the start: recorded connections for everybody; the
/// recorded conversations and pending invitations for the recorded author.
pub(crate) fn first_network(state: &mut State, account: &AccountOptions, directory: &Directory) -> Network {
    let mut network = Network::default();
    let started = state.started_ms;
    let seed = state.seed;
    let days_before = |what: &str, slug: &str, days: usize| {
        let drawn = 1 + chance::below(seed, &[what, slug], days * 86_400);
        started - drawn as i64 * 1000
    };
    for person in directory.all().into_iter().filter(|person| person.degree == Some(1)) {
        network.connections.insert(person.slug.clone(), days_before("connected", &person.slug, 400));
    }
    if account.slug != AccountOptions::default().slug {
        return network;
    }
    history(&mut network, Shift { ms: state.history_shift_ms }, account, directory);
    let talking: Vec<_> = network.conversations.keys().cloned().collect();
    for slug in talking {
        network.connections.entry(slug.clone()).or_insert_with(|| days_before("connected", &slug, 400));
    }
    let waiting = recorded().session_search.iter().filter(|row| row["invitation_state"] == "INVITATION_SENT");
    for person in waiting.filter_map(|row| directory.find(row["profile_url"].as_str()?)) {
        let delay = temperament(state, person, 0).accept_after_seconds;
        let sent_ms = days_before("invited", &person.slug, 10);
        network.sent.push(Invitation {
            id: id_at(sent_ms, state.next()),
            person: person.slug.clone(),
            note: None,
            sent_ms,
            accept_ms: delay.map(|seconds| started + seconds * 1000),
            ended: None,
            told: false,
        });
    }
    network
}

fn history(network: &mut Network, shift: Shift, account: &AccountOptions, directory: &Directory) {
    for row in &recorded().inbox {
        let last = &row["last_message"];
        let Some(person) = row["participant"]["profile_url"].as_str().and_then(|url| directory.find(url)) else {
            continue;
        };
        let at_ms = last["time"].as_i64().unwrap_or_default() + shift.ms;
        let ours = last["sender"]["name"] == account.name().as_str();
        let conversation = network.conversations.entry(person.slug.clone()).or_default();
        conversation.read_ms = if row["unread"] == 0 { at_ms } else { 0 };
        conversation.add(past(at_ms, ours, last["text"].as_str().unwrap_or_default(), false));
    }
    for (slug, data) in &recorded().conversations {
        let mut conversation = Conversation { messages: Vec::new(), read_ms: 0 };
        let messages = data["messages"].as_array().into_iter().flatten().rev();
        let theirs = data["total_other_member_message_count"].as_u64().unwrap_or_default();
        for row in messages {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            let at_ms = row["timestamp"].as_i64().unwrap_or_default() + shift.ms;
            let named_as_owner = text("sender") == account.name();
            let ours = named_as_owner && (theirs == 0 || data["messages"].as_array().is_some_and(|all| all.len() > 1));
            let mut message = past(at_ms, ours, text("text"), text("message_type") == "SYSTEM");
            message.sender = (!ours && named_as_owner).then(|| account.name());
            conversation.add(message);
        }
        network.conversations.insert(slug.clone(), conversation);
    }
}

fn past(at_ms: i64, ours: bool, text: &str, system: bool) -> Message {
    Message { id: at_ms as u64, at_ms, ours, text: text.to_owned(), system, media: None, told: true, sender: None }
}

/// The move of the recorded conversations: that of the posts, less whole days
/// until none of their messages is later than the start.
pub(crate) fn history_shift_ms(shift_ms: i64, started_ms: i64) -> i64 {
    let inbox = recorded().inbox.iter().filter_map(|row| row["last_message"]["time"].as_i64());
    let latest = inbox.max().unwrap_or_default() + shift_ms;
    let too_late = (latest - started_ms).max(0);
    shift_ms - (too_late + DAY_MS - 1).div_euclid(DAY_MS) * DAY_MS
}
