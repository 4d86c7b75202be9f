//! The sandbox itself: its state, and what may be done to it from outside the wire.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use serde_json::Value;

use crate::crowd::Crowd;
use crate::delivery::{self, Delivery};
use crate::endpoints::created_world_post;
use crate::faults::{Armed, Fault};
use crate::journal::{Journal, LogEntry, LogFilter};
use crate::options::{AccountOptions, SandboxOptions, Switches};
use crate::people::{Directory, Person};
use crate::scene::{self, first_network, free_id, history_shift_ms, plan_reply, settle};
use crate::shift::Shift;
use crate::state::{LoadError, Message, Received, State, VERSION};
use crate::temperament::Temperament;
use crate::world::{World, WorldPost};

/// Credits for a day of monitoring one account (docs/rules.md, "Budget").
const MONITORING_PER_DAY: u64 = 10;

/// A simulated LinkedIn that speaks LinkupAPI V1. Clones share one state.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub options: SandboxOptions,
    pub world: World,
    pub directory: Directory,
    pub live: Mutex<Live>,
    /// Held while the change is stored, so that an older state is never stored last.
    storing: Mutex<()>,
    dirty: AtomicBool,
}

/// What calls change.
pub(crate) struct Live {
    pub state: State,
    pub switches: Switches,
    pub faults: Armed,
    pub journal: Journal,
    /// Instants of the last minute's calls by API key, in milliseconds.
    pub recent: HashMap<String, VecDeque<i64>>,
}

impl Sandbox {
    /// A fresh sandbox; `options.now` is read once for its start.
    pub fn new(options: SandboxOptions) -> Sandbox {
        // Whole seconds: the recorded dates have no smaller unit.
        let started_ms = (options.now)().as_second() * 1000;
        let newest_ms = started_ms - options.newest_post_age_seconds * 1000;
        let shift_ms = newest_ms - World::newest_recorded_ms();
        let mut state = State {
            version: VERSION,
            seed: options.seed,
            started_ms,
            latest_ms: started_ms,
            shift_ms,
            history_shift_ms: history_shift_ms(shift_ms, started_ms),
            many: options.many,
            ..State::default()
        };
        let crowd = crowd(&state);
        let directory = Directory::new(crowd.clone());
        for account in &options.accounts {
            let network = first_network(&mut state, account, &directory);
            state.networks.insert(account.slug.clone(), network);
        }
        Sandbox::assemble(options, state, crowd)
    }

    /// One own post with `n` engagements by as many generated people, besides the
    /// recorded world; default options else.
    pub fn many(n: usize) -> Sandbox {
        Sandbox::new(SandboxOptions { many: n, ..SandboxOptions::default() })
    }

    /// A sandbox that goes on from a saved state: its seed, start and dates are
    /// the saved ones. Errors: not a saved state, or of another version.
    pub fn load(options: SandboxOptions, saved: &Value) -> Result<Sandbox, LoadError> {
        let mut state = State::from_saved(saved)?;
        let crowd = crowd(&state);
        let directory = Directory::new(crowd.clone());
        for account in &options.accounts {
            if !state.networks.contains_key(&account.slug) {
                let network = first_network(&mut state, account, &directory);
                state.networks.insert(account.slug.clone(), network);
            }
        }
        Ok(Sandbox::assemble(options, state, crowd))
    }

    fn assemble(options: SandboxOptions, state: State, crowd: Option<Arc<Crowd>>) -> Sandbox {
        let shift = Shift { ms: state.shift_ms };
        let newest_ms = World::newest_recorded_ms() + shift.ms;
        let inner = Inner {
            world: World::new(shift, crowd.as_deref(), state.seed, newest_ms),
            directory: Directory::new(crowd),
            live: Mutex::new(Live {
                state,
                switches: options.switches,
                faults: Armed::default(),
                journal: Journal::default(),
                recent: HashMap::new(),
            }),
            storing: Mutex::new(()),
            dirty: AtomicBool::new(false),
            options,
        };
        Sandbox { inner: Arc::new(inner) }
    }

    /// Everything needed to go on later; see [`Sandbox::load`]. Tokens, keys,
    /// the log and waiting faults are not part of it.
    pub fn save(&self) -> Value {
        serde_json::to_value(&self.live().state).unwrap_or_default()
    }

    /// The sandbox's time when the state was saved: where a virtual clock goes on.
    /// `None` where it is no saved state.
    pub fn saved_at(saved: &Value) -> Option<Timestamp> {
        let state = State::from_saved(saved).ok()?;
        Timestamp::from_millisecond(state.latest_ms).ok()
    }

    /// Whether anything changed since the last time this was asked.
    pub fn take_dirty(&self) -> bool {
        self.inner.dirty.swap(false, Ordering::AcqRel)
    }

    /// The sandbox's time.
    pub fn now(&self) -> Timestamp {
        (self.inner.options.now)()
    }

    /// When the sandbox was first started.
    pub fn started_at(&self) -> Timestamp {
        crate::world::instant(self.live().state.started_ms)
    }

    /// Posts at the sandbox's own dates: the world's, then the created ones, oldest first.
    pub fn posts(&self) -> Vec<WorldPost> {
        let live = self.live();
        let mut posts: Vec<WorldPost> = self.inner.world.posts.iter().map(WorldPost::of).collect();
        let mut created: Vec<_> = live.state.networks.values().flat_map(|network| &network.posts).collect();
        created.sort_by_key(|post| post.id);
        posts.extend(created.into_iter().enumerate().map(|(at, post)| created_world_post(post, at + 1)));
        posts
    }

    /// The address of a post by its key: `own-1`, `rival-3`, `many-1`, `created-1`…
    pub fn post_url(&self, key: &str) -> Option<String> {
        self.posts().into_iter().find(|post| post.key == key).map(|post| post.url)
    }

    /// Everybody who can be looked up.
    pub fn people(&self) -> Vec<Person> {
        self.inner.directory.all().into_iter().cloned().collect()
    }

    /// The person an address, urn, member id or slug names.
    pub fn person(&self, address: &str) -> Option<Person> {
        self.inner.directory.find(address).cloned()
    }

    /// Calls so far, oldest first.
    pub fn log(&self) -> Vec<LogEntry> {
        self.log_where(&LogFilter::default())
    }

    /// Calls so far that pass a filter.
    pub fn log_where(&self, filter: &LogFilter) -> Vec<LogEntry> {
        self.live().journal.read(filter)
    }

    /// Forgets the calls so far; numbers go on.
    pub fn clear_log(&self) {
        self.live().journal.clear();
    }

    /// Credits charged so far, monitoring included.
    pub fn credits(&self) -> u64 {
        let now_ms = self.now().as_millisecond();
        let live = self.live();
        let webhooks = live.state.networks.values().flat_map(|network| &network.webhooks);
        live.state.credits + webhooks.map(|webhook| webhook.days(now_ms) * MONITORING_PER_DAY).sum::<u64>()
    }

    /// Adds a fault to come.
    pub fn inject(&self, fault: Fault) {
        self.live().faults.add(fault);
    }

    /// Faults still waiting.
    pub fn faults(&self) -> Vec<Fault> {
        self.live().faults.list()
    }

    /// Removes all waiting faults.
    pub fn clear_faults(&self) {
        self.live().faults.clear();
    }

    /// The switches now.
    pub fn switches(&self) -> Switches {
        self.live().switches
    }

    /// Changes the switches.
    pub fn set_switches(&self, switches: Switches) {
        self.live().switches = switches;
    }

    /// How a person answers. `None` where nobody has that address.
    pub fn temperament(&self, person: &str) -> Option<Temperament> {
        let person = self.person(person)?;
        Some(scene::temperament(&self.live().state, &person, 0))
    }

    /// Forces how a person answers, a waiting invitation and an unanswered
    /// message included. False where nobody has that address.
    pub fn set_temperament(&self, person: &str, temperament: Temperament) -> bool {
        let Some(person) = self.person(person) else {
            return false;
        };
        self.change(|state, now_ms| {
            for network in state.networks.values_mut() {
                for invitation in network.sent.iter_mut().filter(|i| i.ended.is_none() && i.person == person.slug) {
                    let delay = temperament.accept_after_seconds;
                    invitation.accept_ms = delay.map(|seconds| invitation.sent_ms + seconds.max(0) * 1000);
                }
                if let Some(conversation) = network.conversations.get_mut(&person.slug) {
                    conversation.messages.retain(|message| message.at_ms <= now_ms || message.ours);
                    let unanswered = conversation.messages.last().filter(|message| message.ours).map(|m| m.at_ms);
                    if let Some(ours_ms) = unanswered {
                        plan_reply(conversation, &temperament, ours_ms, now_ms);
                    }
                }
            }
            state.forced.insert(person.slug.clone(), temperament);
        });
        true
    }

    /// A person takes back their reactions to all posts, or gives them again. False where nobody has that address.
    pub fn take_back_reactions(&self, person: &str, taken_back: bool) -> bool {
        let Some(person) = self.person(person) else {
            return false;
        };
        self.change(|state, _| {
            if taken_back {
                state.taken_back.insert(person.slug.clone());
            } else {
                state.taken_back.remove(&person.slug);
            }
        });
        true
    }

    /// Makes a person a connection of an account (slug) now. False where either is unknown.
    pub fn make_connected(&self, account: &str, person: &str) -> bool {
        let (Some(person), true) = (self.person(person), self.has_account(account)) else {
            return false;
        };
        self.change(|state, now_ms| {
            let network = state.networks.entry(account.to_owned()).or_default();
            network.sent.retain(|invitation| invitation.ended.is_some() || invitation.person != person.slug);
            network.connections.entry(person.slug).or_insert(now_ms);
        });
        true
    }

    /// A message from a person arrives now, asked for or not.
    pub fn receive_message(&self, account: &str, person: &str, text: &str) -> bool {
        let (Some(person), true) = (self.person(person), self.has_account(account)) else {
            return false;
        };
        self.change(|state, now_ms| {
            let network = state.networks.entry(account.to_owned()).or_default();
            let conversation = network.conversations.entry(person.slug).or_default();
            let id = free_id(conversation, now_ms);
            conversation.add(Message {
                id,
                at_ms: now_ms,
                ours: false,
                text: text.to_owned(),
                system: false,
                media: None,
                told: false,
                sender: None,
            });
        });
        true
    }

    /// A person invites the account now; nothing for those already connected.
    pub fn receive_invitation(&self, account: &str, person: &str) -> bool {
        let (Some(person), true) = (self.person(person), self.has_account(account)) else {
            return false;
        };
        self.change(|state, now_ms| {
            let id = crate::shift::id_at(now_ms, state.next());
            let network = state.networks.entry(account.to_owned()).or_default();
            if !network.connections.contains_key(&person.slug) {
                network.received.push(Received { id, person: person.slug, at_ms: now_ms });
            }
        });
        true
    }

    /// Refuses the account's session ("Invalid cookie") until the next login.
    pub fn expire_session(&self, account: &str) -> bool {
        let known = self.has_account(account);
        if known {
            self.change(|state, _| state.networks.entry(account.to_owned()).or_default().expired = true);
        }
        known
    }

    /// Webhooks due at `now` and not handed out yet: one for each reply to an
    /// account that is being monitored; by V2 one for each acceptance and for a
    /// session that has ended, too. Each is handed out once.
    pub fn due_webhooks(&self, now: Timestamp) -> Vec<Delivery> {
        let due = {
            let mut live = self.live();
            settle(&mut live.state, now.as_millisecond());
            delivery::due(&mut live.state, &self.inner.options.accounts, &self.inner.directory, now.as_millisecond())
        };
        if !due.is_empty() {
            self.store_change();
        }
        due
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        self.inner.live.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn has_account(&self, slug: &str) -> bool {
        self.account(slug).is_some()
    }

    pub(crate) fn account(&self, slug: &str) -> Option<&AccountOptions> {
        self.inner.options.accounts.iter().find(|account| account.slug == slug)
    }

    /// Changes the state at the sandbox's time, after what was due by then, and stores it.
    pub(crate) fn change(&self, act: impl FnOnce(&mut State, i64)) {
        let now_ms = self.now().as_millisecond();
        {
            let mut live = self.live();
            settle(&mut live.state, now_ms);
            live.state.latest_ms = now_ms;
            act(&mut live.state, now_ms);
        }
        self.store_change();
    }

    /// Marks the state dirty and hands it to `on_change`.
    pub(crate) fn store_change(&self) {
        self.inner.dirty.store(true, Ordering::Release);
        if let Some(store) = &self.inner.options.on_change {
            let _one_at_a_time = self.inner.storing.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            store(&self.save());
        }
    }
}

fn crowd(state: &State) -> Option<Arc<Crowd>> {
    (state.many > 0).then(|| Arc::new(Crowd::new(state.seed, state.many)))
}
