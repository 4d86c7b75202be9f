//! The API as a client meets it, over a store in memory and a clock that stands still.

mod accounts;
mod door;
mod erase;
mod house;
mod import;
mod people;
mod posts;
mod provider;
mod refusals;
mod review;
mod workspaces;
