//! Ten thousand dead letters, put back into their queue: each is worked on once, however often redrive is pressed and
//! whichever of them fail again.

use amorce::queue::{LocalQueues, RECEIVES_MAX, Received};
use jiff::{SignedDuration, Timestamp};
use kit::queue::{Outgoing, Queues};
use kit::{Clock, Failure};
use std::collections::BTreeMap;

const LETTERS: usize = 10_000;
const QUEUE: &str = "q";
const VISIBILITY_SECONDS: u32 = 30;
/// Received at once.
const PORTION: u32 = 2_500;

/// A queue on a clock set by hand, and how often each body took effect.
struct Post {
    queues: LocalQueues,
    clock: Clock,
    effects: BTreeMap<String, u32>,
}

impl Post {
    /// Ten thousand letters that died: every receive ended without a word.
    async fn dead() -> Self {
        let clock = Clock::at(Timestamp::from_second(1_800_000_000).unwrap());
        let queues = LocalQueues::memory(&[QUEUE], clock.clone()).unwrap();
        let letter = |n: usize| Outgoing { queue: QUEUE, body: n.to_string(), delay_seconds: 0, group: format!("w{}", n % 50) };
        queues.send((0..LETTERS).map(letter).collect()).await.unwrap();
        let mut post = Self { queues, clock, effects: BTreeMap::new() };
        for _ in 0..RECEIVES_MAX {
            assert_eq!(post.receive(u32::MAX).len(), LETTERS);
            post.let_visibility_end();
        }
        assert_eq!(post.receive(1).len(), 0);
        assert_eq!(post.waiting().await, (0, LETTERS as u64));
        post
    }

    fn receive(&self, most: u32) -> Vec<Received> {
        self.queues.receive(QUEUE, most, VISIBILITY_SECONDS).unwrap()
    }

    fn let_visibility_end(&mut self) {
        self.clock.advance(SignedDuration::from_secs(i64::from(VISIBILITY_SECONDS)));
    }

    /// Letters that wait or are worked on, and dead ones.
    async fn waiting(&self) -> (u64, u64) {
        let depth = self.queues.depths().await.unwrap().remove(0);
        (depth.visible + depth.in_flight + depth.delayed, depth.dead)
    }

    /// What a handler does with a letter: it takes effect and is done with, or fails before.
    fn work_on(&mut self, letter: &Received, fails: bool) -> Result<(), Failure> {
        if fails {
            return self.queues.postpone(letter, 1);
        }
        *self.effects.entry(letter.body.clone()).or_default() += 1;
        self.queues.done(letter)
    }

    /// Works until no letter comes any more, with the clock going on; `fails` of which ones.
    fn work(&mut self, fails: impl Fn(&str) -> bool) {
        loop {
            let letters = self.receive(PORTION);
            if letters.is_empty() {
                return;
            }
            for letter in letters {
                self.work_on(&letter, fails(&letter.body)).unwrap();
            }
            self.clock.advance(SignedDuration::from_secs(1));
        }
    }

    fn assert_each_once(&self) {
        assert_eq!(self.effects.len(), LETTERS, "letters that took effect");
        assert!(self.effects.values().all(|times| *times == 1), "an effect was repeated");
    }
}

fn is_odd(body: &str) -> bool {
    body.parse::<usize>().unwrap() % 2 == 1
}

#[tokio::test]
async fn each_dead_letter_takes_effect_once() {
    let mut post = Post::dead().await;
    assert_eq!(post.queues.redrive(QUEUE).await.unwrap(), LETTERS as u64);
    post.work(|_| false);
    post.assert_each_once();
    assert_eq!(post.waiting().await, (0, 0));
}

/// The second press comes before anything was received, and again while a portion is being worked on: it moves nothing,
/// brings nothing back and voids no receipt.
#[tokio::test]
async fn redrive_pressed_again_repeats_nothing() {
    let mut post = Post::dead().await;
    assert_eq!(post.queues.redrive(QUEUE).await.unwrap(), LETTERS as u64);
    assert_eq!(post.queues.redrive(QUEUE).await.unwrap(), 0);
    let in_work = post.receive(PORTION);
    assert_eq!(in_work.len(), PORTION as usize);
    assert_eq!(post.queues.redrive(QUEUE).await.unwrap(), 0);
    post.work(|_| false);
    assert_eq!(post.effects.len(), LETTERS - in_work.len(), "what one worker holds no other one receives");
    for letter in &in_work {
        post.work_on(letter, false).unwrap();
    }
    post.let_visibility_end();
    post.work(|_| false);
    post.assert_each_once();
    assert_eq!(post.waiting().await, (0, 0));
}

#[tokio::test]
async fn half_that_fail_again_die_again_and_nothing_else_comes_back() {
    let mut post = Post::dead().await;
    assert_eq!(post.queues.redrive(QUEUE).await.unwrap(), LETTERS as u64);
    post.work(is_odd);
    assert_eq!(post.waiting().await, (0, LETTERS as u64 / 2));
    assert_eq!(post.effects.len(), LETTERS / 2);
    assert_eq!(post.queues.redrive(QUEUE).await.unwrap(), LETTERS as u64 / 2);
    post.work(|_| false);
    post.assert_each_once();
    assert_eq!(post.waiting().await, (0, 0));
}
