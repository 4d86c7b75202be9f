//! Tests of the whole system. The tests themselves lie in the folders beside; nothing is shared through this crate.
