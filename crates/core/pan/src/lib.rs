//! A simulated vacuum pan: coarse, physical, repeatable.
//!
//! Does: runs a strike through its phases, computes pressure, massecuite temperature and motor power from a heat and
//! mass balance with controllers, takes configs and reports them, trips outside of its interlocks, and breaks
//! in the ways that [`FaultKind`] names.
//! Never: reads a clock, talks to a broker, draws randomness from outside its seed.
//! Invariants: equal setups and equal sequences of calls give equal telemetry; a healthy strike stays within the
//! low and high limits of its class in every phase; a config is taken only if its version is above the one in force.

mod config;
mod desired;
mod fault;
mod interlock;
mod noise;
mod pan;
mod physics;
mod sensors;
mod strike;
mod targets;
mod telemetry;

pub use config::{ConfigFault, PanConfig, initial_config};
pub use desired::{MAX_CONFIG_BYTES, Receipt};
pub use fault::{Fault, FaultKind};
pub use pan::{Pan, PanSetup};
pub use telemetry::{FIRMWARE, Report, ReportStatus, Telemetry};
