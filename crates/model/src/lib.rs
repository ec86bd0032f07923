//! The vocabulary of Panfloor: ids, samples, units, limits, machine classes, steam tables.
//!
//! Does: names the things that every layer speaks of, with their units and ranges; says whether a config fits its class.
//! Never: policy, I/O, clocks, global state.
//! Invariants: a `Timestamp` is UTC microseconds; every number with a unit says it in its name.

pub mod class;
pub mod config;
pub mod ids;
pub mod limits;
pub mod phase;
pub mod sample;
pub mod steam;
pub mod time;
pub mod user;

pub use class::{ConfigField, MachineClass, MetricPlan, PhasePlan};
pub use config::{FieldProblem, validate_config};
pub use ids::{MachineId, Seq, SourceId};
pub use limits::{LimitKind, Limits, Priority};
pub use phase::{Mode, Phase};
pub use sample::{Metric, Unit};
pub use time::{Mono, Now, Timestamp};
pub use user::Role;
