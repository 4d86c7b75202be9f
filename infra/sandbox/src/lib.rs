//! A simulated LinkedIn that speaks LinkupAPI V1 and V2: for trying the product
//! without an account, and as the provider in tests.
//!
//! The world is recorded (posts, reactions, comments, profiles, companies) and
//! moved in time so that its newest own post is a few hours old at the start.
//! People accept and reply by themselves, decided by a seed. Time comes only
//! from the clock passed in; nothing here sleeps or draws at random.
//!
//! [`Sandbox::handle`] answers one call without HTTP; [`Sandbox::router`] and
//! [`Sandbox::serve`] put it behind axum. [`Sandbox::inject`] makes calls fail,
//! [`Sandbox::log`] tells what was called and what really happened.

mod address;
mod call;
mod chance;
mod clock;
mod crowd;
mod delivery;
mod endpoints;
mod faults;
mod http;
mod journal;
mod options;
mod people;
mod recorded;
mod sandbox;
mod scene;
mod shift;
mod state;
mod temperament;
mod v2;
mod wire;
mod world;

pub use address::PostKind;
pub use call::{Call, Reply};
pub use clock::{Now, VirtualClock};
pub use delivery::Delivery;
pub use faults::{Fault, FaultKind, StopSign};
pub use journal::{LogEntry, LogFilter};
pub use options::{AccountOptions, OnChange, SandboxOptions, Switches};
pub use people::Person;
pub use recorded::file as recorded_file;
pub use sandbox::Sandbox;
pub use shift::{Shift, id_at, id_millis};
pub use state::LoadError;
pub use temperament::Temperament;
pub use world::WorldPost;
