//! Replies and acceptances over an embedded store and the real client against a simulated LinkedIn.

mod acceptances;
mod replies;
mod setting;
mod verified;
mod withdrawals;
