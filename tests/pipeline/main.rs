//! The whole loop in one process, on a clock set by hand: from a published post to a reply that stops everything.

mod bad_answers;
mod dry_run;
mod erasure;
mod fixture;
mod gate_closed;
mod lap;
mod magnet;
mod measured;
mod schedule;
mod units;
