//! The sandbox seen from outside: its wire, its people, its faults.

mod faults;
mod people;
mod refusals;
mod setting;
mod state;
mod transport;
mod wire;
