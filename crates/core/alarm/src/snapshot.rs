//! A machine's state as bytes, for the store.

use thiserror::Error;

/// Why a snapshot was refused. Then the machine starts anew with `set_machine`: its standing alarms are raised
/// again after their delays, and the caller must say so.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// A newer Panfloor wrote it.
    #[error("the alarm state of machine {machine} has version {found}, this Panfloor reads up to {known}: start the newer one")]
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
