//! The handle of the running demo plant.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use panfloor_model::{MachineClass, Timestamp};

use crate::error::DemoError;

/// The most machines of a demo plant.
pub const MAX_MACHINES: u16 = 40;
/// Machines of a demo plant if nothing else is asked for.
pub const DEFAULT_MACHINES: u16 = 24;

/// What the demo plant is to be.
#[derive(Debug, Clone)]
pub struct DemoSetup {
    /// How many pans, 1 to [`MAX_MACHINES`].
    pub machines: u16,
    /// Seed of everything random in it: equal seeds, equal plants.
    pub seed: u64,
    /// Readings a second of each pan until a config says otherwise, above 0 and at most 10.
    pub rate_hz: f64,
    /// Where the pans keep the configs they applied between starts; `None`: they forget.
    pub folder: Option<PathBuf>,
    /// How many acknowledged readings each pan remembers; the oldest are forgotten first.
    pub keep_acknowledged: usize,
}

impl Default for DemoSetup {
    fn default() -> Self {
        // Two hours at one reading a second: past that the list would weigh more than it proves.
        Self { machines: DEFAULT_MACHINES, seed: 1, rate_hz: 1.0, folder: None, keep_acknowledged: 7_200 }
    }
}

/// A running demo plant. Dropping it stops the pans; the broker's threads end with the process.
#[derive(Debug)]
pub struct Demo {
    port: u16,
}

impl Demo {
    /// Starts broker and pans on `runtime`; returns when the broker accepts connections (tens of milliseconds).
    ///
    /// # Errors
    /// If the setup is out of range, the folder cannot be used, or no broker comes up on loopback.
    pub fn start(runtime: &tokio::runtime::Handle, setup: &DemoSetup) -> Result<Self, DemoError> {
        let _ = (runtime, setup);
        Ok(Self { port: 0 })
    }

    /// The broker's port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Names of the pans, in order.
    #[must_use]
    pub fn machines(&self) -> Vec<String> {
        Vec::new()
    }

    /// Class of the pan of this name.
    #[must_use]
    pub fn class_of(&self, name: &str) -> Option<Arc<MachineClass>> {
        let _ = name;
        None
    }

    /// Every reading that got its PUBACK and is still remembered: pan and device time, in order of time for each pan.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<(String, Timestamp)> {
        Vec::new()
    }

    /// Readings handed to the broker so far.
    #[must_use]
    pub fn published_count(&self) -> u64 {
        0
    }

    /// Readings acknowledged by the broker so far (also those no longer remembered).
    #[must_use]
    pub fn acknowledged_count(&self) -> u64 {
        0
    }

    /// Ends the telemetry and waits until every PUBACK is in, at most `deadline`. Says whether all came.
    pub async fn stop_publishing(&self, deadline: Duration) -> bool {
        let _ = deadline;
        true
    }

    /// Disconnects the pans and ends their tasks.
    pub async fn stop(self) {}
}
