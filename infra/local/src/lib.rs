//! The one-machine home: every function in one process, over an embedded store and durable queues.

pub mod archive;
pub mod bus;
pub mod check;
pub mod client;
pub mod config;
pub mod demo;
pub mod home;
pub mod import;
pub mod keyfile;
pub mod queue;
pub mod serve;
pub mod welcome;
