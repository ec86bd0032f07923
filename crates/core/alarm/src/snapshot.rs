//! A machine's state as bytes, for the store.

use panfloor_model::MachineId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::machine::{Machine, Standing};
use crate::measurement::Memory;

/// Version written. Raised with every change of what is written, so that an older Panfloor refuses instead of forgetting.
///
/// 2 added acknowledgements that reach ahead; what version 1 wrote reads as having none.
const VERSION: u32 = 2;
/// Oldest version read.
const OLDEST: u32 = 1;

/// What every version begins with.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// A machine as JSON: small (about a kilobyte), readable when a case has to be looked into.
#[derive(Serialize)]
struct Saved<'a> {
    version: u32,
    machine: &'a Standing,
    metrics: Vec<&'a Memory>,
}

/// The same, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Loaded {
    #[serde(rename = "version")]
    _version: u32,
    machine: Standing,
    metrics: Vec<Memory>,
}

/// Why a snapshot was refused. Then the machine starts anew with `set_machine`: its standing alarms are raised
/// again after their delays, and the caller must say so.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// A newer Panfloor wrote it.
    #[error(
        "the alarm state of machine {machine} has version {found}, this Panfloor reads up to {known}: start the newer one"
    )]
    Version {
        /// The machine.
        machine: u32,
        /// Version found.
        found: u32,
        /// Newest version known.
        known: u32,
    },
    /// The bytes are damaged.
    #[error("the alarm state of machine {machine} cannot be read: {reason}")]
    Damaged {
        /// The machine.
        machine: u32,
        /// What is wrong.
        reason: String,
    },
}

/// `None` cannot happen: nothing in a machine is beyond JSON (numbers are finite, keys are text).
pub(crate) fn encode(machine: &Machine) -> Option<Vec<u8>> {
    let metrics = machine.measurements.iter().map(|known| &known.memory).collect();
    serde_json::to_vec(&Saved { version: VERSION, machine: &machine.standing, metrics }).ok()
}

/// Reads what [`encode`] wrote.
pub(crate) fn decode(machine: MachineId, bytes: &[u8]) -> Result<(Standing, Vec<Memory>), RestoreError> {
    let damaged = |error: serde_json::Error| RestoreError::Damaged { machine: machine.0, reason: error.to_string() };
    let head: Head = serde_json::from_slice(bytes).map_err(damaged)?;
    if !(OLDEST..=VERSION).contains(&head.version) {
        return Err(RestoreError::Version { machine: machine.0, found: head.version, known: VERSION });
    }
    let loaded: Loaded = serde_json::from_slice(bytes).map_err(damaged)?;
    Ok((loaded.machine, loaded.metrics))
}
