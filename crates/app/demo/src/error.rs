//! What can go wrong when a plant is started.

use std::path::PathBuf;

use thiserror::Error;

/// Why the demo plant or a simulation did not start, or ended.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The number of machines is out of range.
    #[error("{machines} machines were asked for; the demo plant has 1 to {max}")]
    Machines {
        /// Asked for.
        machines: u16,
        /// The most there can be.
        max: u16,
    },
    /// The rate is out of range.
    #[error("a rate of {rate_hz} readings a second was asked for; it must be above 0 and at most {max}")]
    Rate {
        /// Asked for, readings a second and machine.
        rate_hz: f64,
        /// The highest there can be.
        max: f64,
    },
    /// A shipped class is missing or broken.
    #[error("the machine classes could not be read: {0}")]
    Classes(String),
    /// No port on loopback could be used.
    #[error("no broker could be started on 127.0.0.1 after {attempts} attempts: {cause}; is loopback blocked?")]
    Broker {
        /// Ports tried.
        attempts: u32,
        /// The last failure.
        cause: String,
    },
    /// The pans' folder cannot be used.
    #[error("the demo's folder {folder} cannot be used: {cause}; check that it may be written")]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The broker was not reached, or refused the pans.
    #[error("the broker at {host}:{port} cannot be used: {cause}")]
    Unreachable {
        /// Host as given.
        host: String,
        /// Port as given.
        port: u16,
        /// The last failure.
        cause: String,
    },
}
