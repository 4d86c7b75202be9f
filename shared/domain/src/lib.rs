//! The rules of Amorce: pure functions over facts. No async, no input or output, no clock, no randomness.

pub mod ids;
pub mod vocabulary;
pub mod fold;
pub mod identity;
pub mod language;
pub mod names;
pub mod post_url;
pub mod profile_url;
pub mod reply;
pub mod titles;
pub mod tone;
pub mod job;
pub mod icp;
pub mod thresholds;
pub mod workspace;
pub mod analysis;
pub mod evidence;
pub mod diff;
pub mod lint;
pub mod industry;
pub mod score;
pub mod gate;
pub mod hours;
pub mod limits;
pub mod plan;
