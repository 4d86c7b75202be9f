//! The AWS home for real: the template, the release binaries, a local emulator. What is asserted is behaviour;
//! that a stack was created proves nothing.

mod api;
mod aws;
mod deploy;
mod emulator;
mod lap;
mod recorded;
#[path = "../tidy/template.rs"]
mod template;
mod wiring;
