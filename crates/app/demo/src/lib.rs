//! The demo plant: an MQTT broker on loopback and up to 40 simulated vacuum pans that are clients of it.
//!
//! Does: starts the broker on a free port, runs every pan by the wall clock, publishes telemetry and state, hands
//! configs over, counts what the broker acknowledged; [`simulate()`] runs the same pans against any other broker.
//! Never: listens beyond loopback, touches a store, decides what a pan does (that is `core/pan`).
//! Invariants: a reading is counted as acknowledged only once its own PUBACK came in; no queue grows without bound.

mod broker;
mod clock;
mod configs;
mod demo;
mod error;
mod flights;
mod link;
mod messages;
mod plant;
mod simulate;
mod tally;

pub use demo::{DEFAULT_MACHINES, Demo, DemoSetup, MAX_MACHINES};
pub use error::DemoError;
pub use simulate::{Progress, SimulateSetup, Summary, simulate};
