//! drafter
