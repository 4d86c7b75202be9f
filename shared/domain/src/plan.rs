//! Plan: the instants of an account's day at which it may send, drawn from a stored seed.

use crate::hours::{Interval, Window};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BinaryHeap;

/// No day has more instants than this, whatever the caps.
pub const INSTANTS_MAX: u32 = 65_536;
/// Without a pause and with caps beyond this the day is dense, and drawn without comparing gaps.
const DENSE_OVER: u32 = 4_096;
/// Instants are told apart by this.
const STEP_MILLIS: u64 = 1;

/// The seed of an account's day, stored with it: the same whoever asks.
pub fn seed(account: &str, date: Date) -> String {
    crate::ids::derive_hex(&[account, &date.to_string()])
}

/// A stream of numbers from a seed (splitmix64 over the seed's hash): the same on every machine.
struct Draws(u64);

impl Draws {
    fn of(parts: &[&str]) -> Self {
        let digest = Sha256::digest(parts.join("\u{1f}").as_bytes());
        let bytes: [u8; 8] = std::array::from_fn(|i| digest[i]);
        Self(u64::from_le_bytes(bytes))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn within(&mut self, low: u64, high: u64) -> u64 {
        let span = u128::from(high - low) + 1;
        low + ((u128::from(self.next()) * span) >> 64) as u64
    }
}

/// A gap between two instants, or between one and an end of the day; the longest is split first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    length: u64,
    /// Breaks ties so that the split does not run from one end to the other.
    lot: u64,
    start: u64,
    /// Whether an instant stands at the start, and at the end.
    bounded: (bool, bool),
}

/// The instants of a local `date`: at most `n`, spread over the whole of the day's hours with jitter, at least the
/// pause apart (drawn anew for each pair from `pause_seconds`), ascending; none on a day off.
///
/// The same arguments give the same instants, and fewer of them are a part of more: a plan can only shrink.
/// Source: docs/rules.md, “Plan of a day”.
pub fn instants(seed: &str, date: Date, window: &Window, n: u32, pause_seconds: [u32; 2]) -> Vec<Timestamp> {
    match window.on(date) {
        Some(opening) => instants_within(seed, date, opening, n, pause_seconds),
        None => Vec::new(),
    }
}

/// The same within a stretch of the day: what is left of it after a change of limits, or the part a campaign allows.
pub fn instants_within(seed: &str, date: Date, opening: Interval, n: u32, pause_seconds: [u32; 2]) -> Vec<Timestamp> {
    let length = opening.end.duration_since(opening.start).as_millis();
    let length = u64::try_from(length).unwrap_or(0);
    if length == 0 {
        return Vec::new();
    }
    let mut draws = Draws::of(&[seed, &date.to_string()]);
    let n = n.min(INSTANTS_MAX);
    let found = if pause_seconds[1] == 0 && n > DENSE_OVER {
        dense(length, n, &mut draws)
    } else {
        sparse(length, n, pause_seconds, &mut draws)
    };
    let instant = |millis: u64| opening.start.saturating_add(SignedDuration::from_millis(millis as i64)).unwrap_or(opening.end);
    found.into_iter().map(instant).collect()
}

/// At most `n` places within `length`, each in the middle of what was the longest gap, ascending.
fn sparse(length: u64, n: u32, pause_seconds: [u32; 2], draws: &mut Draws) -> Vec<u64> {
    let pause = pause_seconds.map(|seconds| (u64::from(seconds) * 1000).max(STEP_MILLIS));
    let mut gaps = BinaryHeap::from([Gap { length, lot: 0, start: 0, bounded: (false, false) }]);
    let mut found: Vec<u64> = Vec::new();
    while found.len() < n as usize {
        // what cannot be split is not put back, so this ends
        let Some(gap) = gaps.pop() else { break };
        let Some(at) = split(&gap, pause, draws) else {
            continue;
        };
        found.push(at);
        let (before, after) = (at - gap.start, gap.start + gap.length - at);
        gaps.push(Gap { length: before, lot: draws.next(), start: gap.start, bounded: (gap.bounded.0, true) });
        gaps.push(Gap { length: after, lot: draws.next(), start: at, bounded: (true, gap.bounded.1) });
    }
    found.sort_unstable();
    found
}

/// One place in each of as many equal cells as fit into `n`, a power of two, none shorter than a second:
/// cells are halved, and a place stays with the half it lies in, so that fewer are a part of more.
fn dense(length: u64, n: u32, draws: &mut Draws) -> Vec<u64> {
    let cells = u64::from(n).min(length / 1000).max(1).ilog2();
    let edge = |level: u32, cell: u64| ((u128::from(length) * u128::from(cell)) >> level) as u64;
    let mut places = vec![draws.within(0, length - 1)];
    for level in 1..=cells {
        let halved = |(cell, place): (usize, &u64)| {
            let middle = edge(level, 2 * cell as u64 + 1);
            let (low, high) = (edge(level, 2 * cell as u64), edge(level, 2 * cell as u64 + 2));
            if *place < middle { [*place, draws.within(middle, high - 1)] } else { [draws.within(low, middle - 1), *place] }
        };
        places = places.iter().enumerate().flat_map(halved).collect();
    }
    places
}

/// Where a gap is split: anywhere in its middle that leaves a freshly drawn pause on each bounded side.
fn split(gap: &Gap, pause: [u64; 2], draws: &mut Draws) -> Option<u64> {
    let mut side = |bounded: bool| {
        if bounded { draws.within(pause[0], pause[1].max(pause[0])) } else { 0 }
    };
    let (left, right) = (side(gap.bounded.0), side(gap.bounded.1));
    let margin = gap.length / 5;
    let low = left.max(margin);
    // the end of the day is no instant
    let high = gap.length.checked_sub(right.max(margin).max(STEP_MILLIS))?;
    (low <= high).then(|| gap.start + draws.within(low, high))
}

/// The first instant of a plan at or after `now` that is also at least `pause` after the last send.
pub fn next_after(plan: &[Timestamp], now: Timestamp, not_before: Option<Timestamp>) -> Option<Timestamp> {
    let from = not_before.map_or(now, |earliest| earliest.max(now));
    let at = plan.partition_point(|instant| *instant < from);
    plan.get(at).copied()
}

/// The pause after a send: drawn from the seed and the number of the send within the day, never a fixed gap.
pub fn pause_after(seed: &str, date: Date, send: u32, pause_seconds: [u32; 2]) -> SignedDuration {
    let [least, longest] = pause_seconds.map(|seconds| u64::from(seconds) * 1000);
    let millis = Draws::of(&[seed, &date.to_string(), "pause", &send.to_string()]).within(least, longest.max(least));
    SignedDuration::from_millis(millis as i64)
}

/// A delay moved on by a random part of at most `most`, drawn from the seed.
pub fn jittered(seed: &str, label: &str, delay: SignedDuration, most: SignedDuration) -> SignedDuration {
    let most = u64::try_from(most.as_millis()).unwrap_or(0);
    delay.saturating_add(SignedDuration::from_millis(Draws::of(&[seed, label, "jitter"]).within(0, most) as i64))
}

/// Least and longest gap between two session reads, in milliseconds.
const READ_GAP_MILLIS: [u64; 2] = [3_000, 8_000];
/// A read whose turn comes later than this is not waited for but made another time.
pub const READ_WAIT_MAX: SignedDuration = SignedDuration::from_secs(20);

/// The short random gap after the session read number `read` of a day. Source: docs/rules.md, “Limits”.
pub fn read_gap(seed: &str, read: u32) -> SignedDuration {
    let [least, longest] = READ_GAP_MILLIS;
    SignedDuration::from_millis(Draws::of(&[seed, "read", &read.to_string()]).within(least, longest) as i64)
}

/// When a session read may be made, and the one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// How long to wait for it.
    pub wait: SignedDuration,
    /// Before this the next one is not made.
    pub next_free: Timestamp,
}

/// The turn of the session read number `read` of a day, given when the one before it left the account free.
///
/// The gap is never longer than the longest pause between sends, in seconds: an account told to make none makes none.
/// Err: too many wait already; not before that instant. Source: docs/rules.md, “Limits”.
pub fn turn_to_read(
    seed: &str,
    read: u32,
    free: Option<Timestamp>,
    longest_pause: u32,
    now: Timestamp,
) -> Result<Turn, Timestamp> {
    let at = free.map_or(now, |free| free.max(now));
    let wait = at.duration_since(now);
    if wait > READ_WAIT_MAX {
        return Err(at);
    }
    let gap = read_gap(seed, read).min(SignedDuration::from_secs(i64::from(longest_pause)));
    Ok(Turn { wait, next_free: at.saturating_add(gap).unwrap_or(at) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{Day, Hours};
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn window(opens: &str, closes: &str) -> Window {
        Window {
            zone: TimeZone::get("Europe/Paris").unwrap(),
            hours: Hours::parse(opens, closes).unwrap(),
            days: Day::ALL.to_vec(),
        }
    }

    fn date() -> Date {
        "2026-11-20".parse().unwrap()
    }

    fn gaps_millis(plan: &[Timestamp]) -> Vec<i128> {
        plan.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_millis()).collect()
    }

    #[test]
    fn a_plan_is_pinned() {
        let plan = instants("acc_1", date(), &window("09:00", "18:00"), 5, [45, 180]);
        let shown: Vec<String> = plan.iter().map(|at| at.strftime("%H:%M:%S").to_string()).collect();
        assert_eq!(shown, ["08:44:15", "10:17:14", "11:25:05", "13:38:04", "14:23:01"]);
    }

    #[test]
    fn a_plan_spreads_over_the_day_without_a_metronome() {
        for seed in ["a", "b", "c", "d"] {
            let plan = instants(seed, date(), &window("09:00", "18:00"), 40, [45, 180]);
            assert_eq!(plan.len(), 40);
            let hours: BTreeSet<String> = plan.iter().map(|at| at.strftime("%H").to_string()).collect();
            assert_eq!(hours.len(), 9, "an hour without any: {plan:?}");
            let seconds: BTreeSet<i128> = gaps_millis(&plan).into_iter().map(|gap| gap / 1000).collect();
            assert!(seconds.len() > 30, "the same gaps again: {seconds:?}");
        }
    }

    #[test]
    fn another_day_or_seed_is_another_plan() {
        let plan = |seed, date: &str| instants(seed, date.parse().unwrap(), &window("09:00", "18:00"), 10, [45, 180]);
        assert_ne!(plan("a", "2026-11-20"), plan("b", "2026-11-20"));
        let time = |plan: Vec<Timestamp>| plan.iter().map(|at| at.strftime("%T").to_string()).collect::<Vec<_>>();
        assert_ne!(time(plan("a", "2026-11-20")), time(plan("a", "2026-11-21")));
    }

    #[test]
    fn caps_and_pauses_may_be_extreme() {
        let whole = |n, pause| instants("a", date(), &window("00:00", "24:00"), n, pause).len();
        assert_eq!(whole(200_000, [0, 0]), INSTANTS_MAX as usize);
        assert_eq!(whole(10_000, [0, 0]), 8192);
        assert_eq!(whole(4000, [0, 0]), 4000);
        assert_eq!(whole(0, [0, 0]), 0);
        assert!((600..=1921).contains(&whole(100_000, [45, 180])));
        assert_eq!(whole(100_000, [86_400, 86_400]), 1);
        assert_eq!(whole(u32::MAX, [u32::MAX, u32::MAX]), 1);
        assert_eq!(instants("a", date(), &Window { days: vec![], ..window("00:00", "24:00") }, 9, [0, 0]), []);
        assert!(instants("a", date(), &window("09:00", "09:01"), 50, [10, 20]).len() <= 7);
    }

    #[test]
    fn a_dense_day_is_spread_and_nested() {
        let plan = |n| instants("a", date(), &window("09:00", "09:30"), n, [0, 0]);
        let (fewer, more) = (plan(5000), plan(100_000));
        assert_eq!((fewer.len(), more.len()), (1024, 1024));
        let day = |n| instants("a", date(), &window("00:00", "24:00"), n, [0, 0]);
        let (fewer, more) = (day(5000), day(70_000));
        let all: BTreeSet<Timestamp> = more.iter().copied().collect();
        assert!(fewer.iter().all(|at| all.contains(at)));
        let gaps = gaps_millis(&more);
        assert!(gaps.iter().all(|gap| (1..=3 * 1319).contains(gap)));
    }

    #[test]
    fn the_next_instant_is_not_in_the_past_nor_in_the_pause() {
        let plan: Vec<Timestamp> = ["2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z"].iter().map(|t| t.parse().unwrap()).collect();
        let next = |now: &str, not_before: Option<&str>| {
            next_after(&plan, now.parse().unwrap(), not_before.map(|t| t.parse().unwrap()))
                .map(|at| at.strftime("%H:%M").to_string())
        };
        assert_eq!(next("2026-11-20T08:00:00Z", None).as_deref(), Some("09:00"));
        assert_eq!(next("2026-11-20T09:00:00Z", None).as_deref(), Some("09:00"));
        assert_eq!(next("2026-11-20T09:00:01Z", None).as_deref(), Some("10:00"));
        assert_eq!(next("2026-11-20T08:00:00Z", Some("2026-11-20T09:30:00Z")).as_deref(), Some("10:00"));
        assert_eq!(next("2026-11-20T10:00:01Z", None), None);
    }

    #[test]
    fn reads_take_turns_a_few_seconds_apart() {
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let mut free = None;
        let mut turns: Vec<i64> = Vec::new();
        for read in 0..9 {
            match turn_to_read("a", read, free, 180, now) {
                Ok(turn) => {
                    turns.push(turn.wait.as_millis() as i64);
                    free = Some(turn.next_free);
                }
                Err(at) => assert_eq!(Some(at), free),
            }
        }
        assert!((4..=7).contains(&turns.len()) && turns[0] == 0, "{turns:?}");
        let gaps: BTreeSet<i64> = turns.windows(2).map(|two| two[1] - two[0]).collect();
        assert!(gaps.iter().all(|gap| (3_000..=8_000).contains(gap)), "{gaps:?}");
        assert_eq!(gaps.len(), turns.len() - 1, "the same gap again: {gaps:?}");
        assert_eq!(turn_to_read("a", 0, None, 0, now).map(|turn| turn.next_free), Ok(now));
        let minute = now + SignedDuration::from_secs(60);
        assert_eq!(turn_to_read("a", 9, free, 180, minute).map(|turn| turn.wait), Ok(SignedDuration::ZERO));
    }

    proptest! {
        #[test]
        fn a_plan_keeps_hours_pauses_and_number(seed in "[a-z]{1,8}", n in 0..400_u32, least in 0..300_u32, more in 0..300_u32, opens in 0..20_u16, length in 1..5_u16) {
            let window = window(&format!("{opens:02}:00"), &format!("{:02}:00", opens + length.min(24 - opens)));
            let plan = instants(&seed, date(), &window, n, [least, least + more]);
            let opening = window.on(date()).unwrap();
            prop_assert!(plan.len() <= n as usize);
            prop_assert!(plan.iter().all(|at| opening.contains(*at)));
            prop_assert!(gaps_millis(&plan).iter().all(|gap| *gap >= i128::from(least) * 1000 && *gap > 0));
            prop_assert_eq!(&plan, &instants(&seed, date(), &window, n, [least, least + more]));
        }

        #[test]
        fn a_smaller_plan_is_a_part_of_the_larger(seed in "[a-z]{1,8}", n in 1..200_u32, fewer in 0..200_u32, least in 0..90_u32) {
            let window = window("09:00", "18:00");
            let large: BTreeSet<Timestamp> = instants(&seed, date(), &window, n, [least, 180]).into_iter().collect();
            let small = instants(&seed, date(), &window, n.min(fewer), [least, 180]);
            prop_assert!(small.iter().all(|at| large.contains(at)));
        }

        #[test]
        fn pauses_stay_in_their_range(seed in "[a-z]{1,8}", send in 0..500_u32, least in 0..300_u32, more in 0..300_u32) {
            let pause = pause_after(&seed, date(), send, [least, least + more]);
            prop_assert!(pause >= SignedDuration::from_secs(i64::from(least)) && pause <= SignedDuration::from_secs(i64::from(least + more)));
        }
    }
}
