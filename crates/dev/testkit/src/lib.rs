//! What tests of several crates need: a real mosquitto on a free port. A dev-dependency only.
//!
//! Does: starts, stops, kills and restarts a broker of its own, with its files in a folder of its own.
//! Never: touches a broker it did not start; ships with the product.
//! Invariants: a broker is dead and its folder gone once its handle is dropped.

mod judge;
mod mosquitto;
mod require;

pub use judge::{GRANT, refusing_or_skip};
pub use mosquitto::{BrokerError, Mosquitto, Options};
pub use require::{mosquitto_or_skip, skip};
