//! Alarm limits and priorities.

use serde::{Deserialize, Serialize};

/// Alarm limits of one measurement, in its unit. `None`: not alarmed on that side.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Below it: low-low.
    pub low_low: Option<f64>,
    /// Below it: low.
    pub low: Option<f64>,
    /// Above it: high.
    pub high: Option<f64>,
    /// Above it: high-high.
    pub high_high: Option<f64>,
}

impl Limits {
    /// The limit of this kind.
    #[must_use]
    pub const fn of(&self, kind: LimitKind) -> Option<f64> {
        match kind {
            LimitKind::LowLow => self.low_low,
            LimitKind::Low => self.low,
            LimitKind::High => self.high,
            LimitKind::HighHigh => self.high_high,
        }
    }
}

/// Which limit was crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Below the lower of the two low limits.
    LowLow,
    /// Below the low limit.
    Low,
    /// Above the high limit.
    High,
    /// Above the upper of the two high limits.
    HighHigh,
}

impl LimitKind {
    /// All four.
    pub const ALL: [Self; 4] = [Self::LowLow, Self::Low, Self::High, Self::HighHigh];

    /// Whether `value` lies beyond `limit` on this side (strictly).
    #[must_use]
    pub fn is_beyond(self, value: f64, limit: f64) -> bool {
        match self {
            Self::LowLow | Self::Low => value < limit,
            Self::High | Self::HighHigh => value > limit,
        }
    }
}

/// How urgent an alarm is (ISA-18.2), most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Act at once.
    Critical,
    /// Act promptly.
    High,
    /// Act soon.
    Medium,
    /// Be aware.
    Low,
}

impl Priority {
    /// All four, most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Its word in the store and at the door: `critical`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}
