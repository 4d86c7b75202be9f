//! What a seed is made of: how many people, which faults, when it begins.

use crate::chance::Chance;
use crate::sabotage::Guard;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How often something goes wrong, in thousandths of the stops it can happen at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// A request to the store is refused before it took place.
    pub store_refused: u32,
    /// It took place, and its answer was lost.
    pub store_lost: u32,
    /// A batch is done in part.
    pub store_partly: u32,
    pub call_refused: u32,
    pub call_lost: u32,
    pub queue_failed: u32,
    /// A task ends where it stands.
    pub crash: u32,
    /// The whole process ends, with everything in it.
    pub reboot: u32,
    /// A message is worked on twice.
    pub again: u32,
    /// A message becomes visible while it is worked on.
    pub expires: u32,
    /// A stop takes seconds instead of milliseconds.
    pub stalls: u32,
    /// The clock jumps.
    pub jumps: u32,
}

impl Faults {
    pub const NONE: Self = Self {
        store_refused: 0,
        store_lost: 0,
        store_partly: 0,
        call_refused: 0,
        call_lost: 0,
        queue_failed: 0,
        crash: 0,
        reboot: 0,
        again: 0,
        expires: 0,
        stalls: 0,
        jumps: 0,
    };

    fn drawn(chance: &mut Chance) -> Self {
        // Each kind by itself is off, rare or frequent: their combinations differ from seed to seed.
        let mut some = |rare: u32, often: u32| match chance.below(4) {
            0 => 0,
            1 | 2 => rare,
            _ => often,
        };
        Self {
            store_refused: some(2, 12),
            store_lost: some(2, 10),
            store_partly: some(15, 80),
            call_refused: some(20, 120),
            call_lost: some(30, 200),
            queue_failed: some(10, 60),
            crash: some(2, 10),
            reboot: some(0, 1),
            again: some(20, 150),
            expires: some(5, 40),
            stalls: some(2, 15),
            jumps: some(1, 6),
        }
    }

    /// The same without the kind at `place`; `None` behind the last.
    pub fn without(self, place: usize) -> Option<Self> {
        let mut less = self;
        let mut kinds: [&mut u32; 12] = [
            &mut less.store_refused,
            &mut less.store_lost,
            &mut less.store_partly,
            &mut less.call_refused,
            &mut less.call_lost,
            &mut less.queue_failed,
            &mut less.crash,
            &mut less.reboot,
            &mut less.again,
            &mut less.expires,
            &mut less.stalls,
            &mut less.jumps,
        ];
        **kinds.get_mut(place)? = 0;
        Some(less)
    }
}

/// One failure at one stop, and again whenever the same stop is reached, so many times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injection {
    /// The stop, counted from 0.
    pub at: usize,
    pub how: How,
    pub times: usize,
}

/// How a task fails at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It ends before anything took place.
    CrashBefore,
    /// It ends after it took place.
    CrashAfter,
    /// It is told that it failed, and nothing took place.
    Refused,
    /// It is told that it failed, and it took place.
    AnswerLost,
}

impl How {
    pub const ALL: [Self; 4] = [Self::CrashBefore, Self::CrashAfter, Self::Refused, Self::AnswerLost];
}

/// What happens while a claim is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambush {
    /// The approval is taken back.
    Undo,
    /// The person answers.
    Reply,
    /// The person is put on the black list, or erased.
    Stop,
    /// The account is paused.
    Pause,
    /// Nothing but time, in which others may go first.
    Time,
}

impl Ambush {
    pub const ALL: [Self; 5] = [Self::Undo, Self::Reply, Self::Stop, Self::Pause, Self::Time];
}

/// Beginnings, with the hours by which a storm must last longer to reach what is special about them: a plain Monday, and
/// those before the clocks change or the year ends.
const BEGINNINGS: [(&str, &str, i64); 6] = [
    ("2026-11-16T07:30:00Z", "Europe/Paris", 0),
    ("2026-10-23T06:30:00Z", "Europe/Paris", 66),
    ("2027-03-26T07:30:00Z", "Europe/Paris", 66),
    ("2026-10-30T11:30:00Z", "America/Montreal", 66),
    ("2027-03-12T12:30:00Z", "America/Montreal", 66),
    ("2026-12-30T07:30:00Z", "Europe/Paris", 24),
];

/// A simulation.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub people: usize,
    pub tenants: usize,
    pub accounts: usize,
    pub start: Timestamp,
    pub zone: &'static str,
    /// How long things go wrong.
    pub storm: SignedDuration,
    pub calm: SignedDuration,
    pub faults: Faults,
    /// How often people of the workspace do something that stands in the way, in thousandths.
    pub meddling: u32,
    pub lagging: bool,
    /// How often a claim is held back until somebody has stood in its way, in thousandths.
    pub ambush: u32,
    /// How it is; `None` is any way.
    pub ambush_by: Option<Ambush>,
    /// How many companies the people work for.
    pub companies: usize,
    /// How many invitations are accepted, in thousandths.
    pub accepts: u32,
    /// Within how many minutes they are.
    pub accepts_within: i64,
    pub credits: u64,
    pub caps: u32,
    pub reads: u32,
    /// How many tasks are under way at once.
    pub width: usize,
    pub settle: SignedDuration,
    pub without: Option<Guard>,
    pub inject: Option<Injection>,
    /// Everybody does the same whatever the order of things: all is approved, accepted and answered.
    pub steady: bool,
    /// How often each message is delivered at most.
    pub copies: usize,
    /// Another order of the same things.
    pub shuffle: u64,
}

impl Plan {
    /// Few people, one workspace, and nothing that goes wrong by itself.
    pub fn plain(seed: u64) -> Self {
        Self {
            people: 3,
            tenants: 1,
            accounts: 1,
            start: BEGINNINGS[0].0.parse().expect("an instant"),
            zone: BEGINNINGS[0].1,
            storm: SignedDuration::from_hours(28),
            calm: SignedDuration::from_hours(12),
            faults: Faults::NONE,
            meddling: 0,
            lagging: false,
            ambush: 0,
            credits: 5_000,
            caps: 15,
            reads: 80,
            width: 1,
            steady: true,
            ..Self::of(seed)
        }
    }

    pub fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed ^ 0xa5a5_5a5a);
        let special = chance.permille(300);
        let (start, zone, longer) = BEGINNINGS[if special { 1 + chance.below(BEGINNINGS.len() - 1) } else { 0 }];
        // Mostly few people; a few seeds in a hundred have many.
        let people = match chance.below(40) {
            0 => 40 + chance.below(161),
            1..=3 => 25 + chance.below(16),
            _ => 20 + chance.below(4),
        };
        Self {
            seed,
            people,
            tenants: 1 + usize::from(chance.permille(150)),
            accounts: 1 + usize::from(chance.permille(200)),
            start: start.parse().expect("an instant"),
            zone,
            storm: SignedDuration::from_hours(chance.within(9, 28) + longer),
            calm: SignedDuration::from_hours(12),
            faults: Faults::drawn(&mut chance),
            meddling: [0, 250, 500][chance.below(3)],
            lagging: chance.permille(300),
            ambush: [0, 100, 400][chance.below(3)],
            ambush_by: None,
            companies: if chance.permille(300) { 5 } else { people },
            accepts: 550,
            accepts_within: 40 * 60,
            credits: if chance.permille(200) { 20 + chance.below(60) as u64 } else { 5_000 },
            caps: if chance.permille(400) { 2 + chance.below(4) as u32 } else { 15 },
            reads: if chance.permille(300) { 6 + chance.below(10) as u32 } else { 80 },
            width: 1 + chance.below(5),
            settle: SignedDuration::from_secs(600),
            without: None,
            inject: None,
            steady: false,
            copies: 1,
            shuffle: 0,
        }
    }

    /// One with a guard of the product taken away, and with many of the events that it guards against.
    pub fn without(seed: u64, guard: Guard) -> Self {
        let mut plan = Self { without: Some(guard), credits: 5_000, caps: 15, reads: 80, meddling: 0, ..Self::of(seed) };
        plan.faults = Faults { crash: 0, jumps: 0, store_refused: 0, call_refused: 0, ..plan.faults };
        match guard {
            Guard::MessageUnchanged => (plan.ambush, plan.ambush_by) = (900, Some(Ambush::Undo)),
            Guard::PersonUnchanged => (plan.ambush, plan.ambush_by) = (900, Some(Ambush::Reply)),
            Guard::Epoch => (plan.ambush, plan.ambush_by) = (900, Some(Ambush::Stop)),
            Guard::AccountUnchanged => (plan.ambush, plan.ambush_by) = (900, Some(Ambush::Pause)),
            Guard::DayUnchanged => (plan.faults.again, plan.width) = (300, 5),
            Guard::ReadBudget => (plan.reads, plan.width) = (6, 6),
            Guard::CreditCeiling => plan.credits = 30,
            Guard::BlackListSeen | Guard::SettingsSeen => plan.meddling = 900,
            Guard::SettleDelay => (plan.settle, plan.faults.call_lost, plan.caps) = (SignedDuration::ZERO, 400, 200),
            Guard::LostIsUnknown => {
                (plan.accepts, plan.accepts_within, plan.faults.call_lost, plan.caps) = (1_000, 20, 300, 100);
            }
        }
        plan
    }

    pub fn limits(&self) -> Value {
        json!({
            "warm_up": false, "invitations_per_day": self.caps, "invitations_per_week": self.caps * 4,
            "messages_per_day": self.caps, "messages_per_week": self.caps * 4, "reads_per_day": self.reads,
        })
    }
}
