//! What the tests of every LinkedIn provider share: a call by its name, and a stand-in that fails in every way.

#![allow(dead_code)]

pub mod calls;
pub mod faults;
