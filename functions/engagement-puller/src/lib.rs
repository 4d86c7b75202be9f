//! engagement-puller
