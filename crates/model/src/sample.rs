//! What is measured: metrics and their units.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The name of a measurement, as the wire spells it: `temperature`, `motor_power`, or any other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Metric(Arc<str>);

impl Metric {
    /// Massecuite temperature, °C.
    pub const TEMPERATURE: &'static str = "temperature";
    /// Absolute pressure in the pan, mbar.
    pub const PRESSURE: &'static str = "pressure";
    /// Power of the stirrer's motor, kW.
    pub const MOTOR_POWER: &'static str = "motor_power";
    /// Relative humidity, %.
    pub const HUMIDITY: &'static str = "humidity";
    /// State tag: the strike's phase.
    pub const PHASE: &'static str = "phase";
    /// State tag: who commands the machine.
    pub const MODE: &'static str = "mode";

    /// A metric of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its unit; unknown metrics have none.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self.as_str() {
            Self::TEMPERATURE => Unit::Celsius,
            Self::PRESSURE => Unit::MbarAbs,
            Self::MOTOR_POWER => Unit::Kilowatt,
            Self::HUMIDITY => Unit::Percent,
            _ => Unit::Unknown,
        }
    }
}

/// Unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Degrees Celsius.
    Celsius,
    /// Millibar, absolute.
    MbarAbs,
    /// Kilowatt.
    Kilowatt,
    /// Per cent.
    Percent,
    /// Not known.
    Unknown,
}

impl Unit {
    /// Symbol as people write it; empty if unknown.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Celsius => "°C",
            Self::MbarAbs => "mbar",
            Self::Kilowatt => "kW",
            Self::Percent => "%",
            Self::Unknown => "",
        }
    }
}
