//! Language models: requests as each vendor documents them, answers checked, failures judged, keys kept.

mod answers;
mod configuration;
mod failures;
mod requests;
mod tones;
mod vendor;
