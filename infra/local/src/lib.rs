//! The one-machine home: every function in one process, over an embedded store and durable queues.

pub mod queue;
