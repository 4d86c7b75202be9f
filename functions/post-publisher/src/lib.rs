//! post-publisher
