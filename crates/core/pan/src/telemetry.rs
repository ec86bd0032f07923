//! What a pan says: readings and reports of its state.

use std::sync::Arc;

use panfloor_model::{Metric, Mode, Phase, Timestamp};
use serde_json::Value;

/// Firmware that a simulated pan reports.
pub const FIRMWARE: &str = concat!("pan-sim ", env!("CARGO_PKG_VERSION"));

/// One reading of all sensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Telemetry {
    /// The pan's name.
    pub device: Arc<str>,
    /// When it was measured.
    pub time: Timestamp,
    /// Number of the reading: starts at 1, one more each.
    pub seq: u64,
    /// What was measured, in the metrics' units; a sensor that has dropped out is missing.
    pub values: Vec<(Metric, f64)>,
    /// The strike's phase.
    pub phase: Phase,
    /// Who commands the pan.
    pub mode: Mode,
}

impl Telemetry {
    /// The value of this metric, if it was measured.
    #[must_use]
    pub fn value(&self, metric: &str) -> Option<f64> {
        self.values.iter().find(|(name, _)| name.as_str() == metric).map(|(_, value)| *value)
    }
}

/// What became of a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportStatus {
    /// It arrived and will be applied.
    Received,
    /// It is in force.
    Applied,
    /// It will not be applied.
    Refused,
}

impl ReportStatus {
    /// Name on the wire.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Applied => "applied",
            Self::Refused => "refused",
        }
    }
}

/// A report of the pan's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The pan's name.
    pub device: Arc<str>,
    /// When it was reported.
    pub time: Timestamp,
    /// The config that `status` speaks of, epoch × 1000 + n.
    pub config_version: u64,
    /// The values in force now (under `Received` and `Refused` still the former ones).
    pub config: Value,
    /// What became of that version.
    pub status: ReportStatus,
    /// Why it was refused; under `Applied`, why the pan has tripped.
    pub reason: Option<String>,
    /// Who commands the pan.
    pub mode: Mode,
    /// Its software.
    pub firmware: &'static str,
    /// Its class.
    pub class: String,
}
