//! The whole loop in one process, on a clock set by hand: from a published post to a reply that stops everything.

mod again;
mod bad_answers;
mod dry_run;
mod erasure;
mod everybody;
mod fixture;
mod gate_closed;
mod import;
mod lap;
mod magnet;
mod measured;
mod own_posts;
mod reconnect;
mod recorded_world;
mod register;
mod schedule;
mod search;
mod semantic;
mod sending;
mod units;
