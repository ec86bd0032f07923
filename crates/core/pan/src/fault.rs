//! What can break in a pan, and when. The signatures are those of the process: see each kind.

use std::time::Duration;

use panfloor_model::Metric;

/// A fault with its time, counted from the pan's start.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What breaks.
    pub kind: FaultKind,
    /// When it begins.
    pub from: Duration,
    /// When it is mended; `None`: never.
    pub until: Option<Duration>,
}

/// What can break.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultKind {
    /// Air is drawn in: pressure rises until the vacuum valve is wide open and the condenser holds against the leak;
    /// temperature follows along the saturation line.
    AirLeak {
        /// Inflow as a multiple of what the condenser takes at the class's default setpoint. Above about 1 it cannot hold.
        severity: f64,
    },
    /// Cooling water fails: pressure and temperature rise together.
    CondenserFails,
    /// No steam: temperature sags toward saturation, pressure falls a little.
    SteamValveStuckClosed,
    /// Full steam: temperature and boiling point elevation climb.
    SteamValveStuckOpen,
    /// One sensor repeats its last value exactly.
    FrozenSensor {
        /// Which one.
        metric: Metric,
    },
    /// One sensor walks away while the process stays.
    SensorDrift {
        /// Which one.
        metric: Metric,
        /// How fast, in the metric's unit.
        per_minute: f64,
    },
    /// One sensor sends nothing: a gap, never a flat line.
    Dropout {
        /// Which one.
        metric: Metric,
    },
}

impl Fault {
    /// Whether it acts at `age` after the pan's start.
    pub(crate) fn acts_at(&self, age: Duration) -> bool {
        age >= self.from && self.until.is_none_or(|until| age < until)
    }
}

/// What the faults that act now do to the process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Disturbance {
    /// Sum of the leaks' severities.
    pub(crate) leak: f64,
    /// What is left of the condenser's capacity, 0 to 1.
    pub(crate) condenser: f64,
    /// Position at which the steam valve is stuck, 0 to 1.
    pub(crate) stuck_valve: Option<f64>,
}

/// Share of the condenser's capacity that is left when its cooling water fails: enough that pressure settles.
const FAILED_CONDENSER: f64 = 0.35;

impl Disturbance {
    /// What `faults` do at `age` after the pan's start.
    pub(crate) fn of(faults: &[Fault], age: Duration) -> Self {
        let mut sum = Self { leak: 0.0, condenser: 1.0, stuck_valve: None };
        for fault in faults.iter().filter(|fault| fault.acts_at(age)) {
            match &fault.kind {
                FaultKind::AirLeak { severity } => sum.leak += severity,
                FaultKind::CondenserFails => sum.condenser = FAILED_CONDENSER,
                FaultKind::SteamValveStuckClosed => sum.stuck_valve = Some(0.0),
                FaultKind::SteamValveStuckOpen => sum.stuck_valve = Some(1.0),
                FaultKind::FrozenSensor { .. } | FaultKind::SensorDrift { .. } | FaultKind::Dropout { .. } => {}
            }
        }
        sum
    }
}
