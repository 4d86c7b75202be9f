//! Third parties, one file per vendor behind one small trait per capability.
//!
//! Callers see the traits and neutral types only; what a vendor's wire format
//! looks like stays inside that vendor's file.

pub mod linkedin;
