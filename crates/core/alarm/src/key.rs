//! What an alarm is called and the state it is in, with their text in the store.

use panfloor_model::{LimitKind, MachineId, Metric};
use serde::{Deserialize, Serialize};

/// What is abnormal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// A value beyond a limit of its class and phase.
    Limit(LimitKind),
    /// The machine has fallen silent. Its metric is [`AlarmKey::MACHINE`].
    NoData,
    /// Exactly the same value again and again, while the pan boils.
    Frozen,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Limit(LimitKind::LowLow),
        Self::Limit(LimitKind::Low),
        Self::Limit(LimitKind::High),
        Self::Limit(LimitKind::HighHigh),
        Self::NoData,
        Self::Frozen,
    ];

    /// Text in the store, never changed once written: `limit:high_high`, `no_data`, `frozen`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Limit(LimitKind::LowLow) => "limit:low_low",
            Self::Limit(LimitKind::Low) => "limit:low",
            Self::Limit(LimitKind::High) => "limit:high",
            Self::Limit(LimitKind::HighHigh) => "limit:high_high",
            Self::NoData => "no_data",
            Self::Frozen => "frozen",
        }
    }

    /// The condition with this text; `None` if a newer version wrote it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.as_str() == text)
    }
}

/// Names an alarm: one definition on one machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlarmKey {
    /// The machine.
    pub machine: MachineId,
    /// The metric, or [`AlarmKey::MACHINE`] for an alarm of the machine as a whole.
    pub metric: Metric,
    /// What is abnormal.
    pub condition: Condition,
}

impl AlarmKey {
    /// Stands in the place of a metric where the alarm is the machine's. No wire message can name a metric so.
    pub const MACHINE: &'static str = "";

    /// The key of a machine's no-data alarm.
    #[must_use]
    pub fn no_data(machine: MachineId) -> Self {
        Self { machine, metric: Metric::new(Self::MACHINE), condition: Condition::NoData }
    }
}

/// State of an alarm, ANSI/ISA-18.2-2016 figure 7 (IEC 62682). E to I (latched, shelved, suppressed, out of service) will
/// be added without changing the text of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum AlarmState {
    /// A: process normal.
    #[default]
    #[serde(rename = "A")]
    Normal,
    /// B: process abnormal, not acknowledged.
    #[serde(rename = "B")]
    Unacknowledged,
    /// C: process abnormal, acknowledged.
    #[serde(rename = "C")]
    Acknowledged,
    /// D: process back to normal, never acknowledged.
    #[serde(rename = "D")]
    ReturnedUnacknowledged,
}

impl AlarmState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Unacknowledged, Self::Acknowledged, Self::ReturnedUnacknowledged];

    /// Letter of the standard, and text in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "A",
            Self::Unacknowledged => "B",
            Self::Acknowledged => "C",
            Self::ReturnedUnacknowledged => "D",
        }
    }

    /// The state with this letter; `None` if a newer version wrote it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the process is abnormal in it (B, C).
    #[must_use]
    pub const fn is_abnormal(self) -> bool {
        matches!(self, Self::Unacknowledged | Self::Acknowledged)
    }

    /// Whether somebody has yet to acknowledge it (B, D).
    #[must_use]
    pub const fn wants_acknowledgement(self) -> bool {
        matches!(self, Self::Unacknowledged | Self::ReturnedUnacknowledged)
    }
}

#[cfg(test)]
mod tests {
    use super::{AlarmState, Condition};

    #[test]
    fn stored_text_is_pinned_and_reads_back() {
        let texts: Vec<_> = Condition::ALL.iter().map(|condition| condition.as_str()).collect();
        assert_eq!(texts, ["limit:low_low", "limit:low", "limit:high", "limit:high_high", "no_data", "frozen"]);
        assert!(Condition::ALL.iter().all(|condition| Condition::parse(condition.as_str()) == Some(*condition)));
        assert_eq!(AlarmState::ALL.map(AlarmState::as_str), ["A", "B", "C", "D"]);
        assert!(AlarmState::ALL.iter().all(|state| AlarmState::parse(state.as_str()) == Some(*state)));
        assert_eq!((Condition::parse("limit:"), AlarmState::parse("E")), (None, None));
    }
}
