//! Alarms: the active list and the history.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The active list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AlarmsDto {
    /// In list order: unacknowledged first, by priority, then oldest.
    pub rows: Vec<AlarmRow>,
    /// Nothing can be seen since; `None`: something can.
    pub blind_since_ms: Option<f64>,
    /// Core's wall clock at the answer.
    pub now_ms: f64,
}

/// One alarm of the active list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AlarmRow {
    /// Machine id.
    pub machine: u32,
    /// Machine name.
    pub machine_name: String,
    /// Metric name; empty: the machine as a whole.
    pub metric: String,
    /// `limit:high_high`, `no_data`, `frozen`
    pub condition: String,
    /// ISA-18.2 letter: `B`, `C`, `D`.
    pub state: String,
    /// `critical`, `high`, `medium`, `low`
    pub priority: String,
    /// Event time at which it was raised.
    pub since_ms: f64,
    /// Event time of its last change.
    pub changed_ms: f64,
    /// Value that raised it, as its transition recorded; what it is now comes with the live samples. `None`: none.
    pub value: Option<f64>,
    /// Limit crossed, if any.
    pub limit: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Shown under a more severe alarm of the same measurement.
    pub under: bool,
    /// Who acknowledged.
    pub acknowledged_by: Option<String>,
    /// The note.
    pub note: Option<String>,
}

/// What to acknowledge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AcknowledgeRequest {
    /// Alarms as the list showed them.
    pub alarms: Vec<AlarmName>,
    /// A note, if the operator gave one.
    pub note: Option<String>,
}

/// Names an alarm, up to an event time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AlarmName {
    /// Machine id.
    pub machine: u32,
    /// Metric name.
    pub metric: String,
    /// Condition.
    pub condition: String,
    /// The occurrence on screen: its `since_ms`.
    pub up_to_ms: f64,
}

/// Which part of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryRequest {
    /// From this event time.
    pub from_ms: Option<f64>,
    /// To this event time.
    pub to_ms: Option<f64>,
    /// Only this machine.
    pub machine: Option<u32>,
    /// Rows before this id (for paging back).
    pub before: Option<f64>,
    /// At most so many rows (1 to 1000).
    pub limit: u32,
}

/// A part of the history, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryDto {
    /// Transitions.
    pub rows: Vec<TransitionDto>,
    /// Whether older ones exist.
    pub more: bool,
}

/// One transition of an alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TransitionDto {
    /// Id, rising with time of decision.
    pub id: f64,
    /// Machine id.
    pub machine: u32,
    /// Machine name.
    pub machine_name: String,
    /// Metric name.
    pub metric: String,
    /// Condition.
    pub condition: String,
    /// ISA-18.2 letter before.
    pub from: String,
    /// ISA-18.2 letter after.
    pub to: String,
    /// Priority.
    pub priority: String,
    /// Event time of the occurrence's start.
    pub occurrence_ms: f64,
    /// Event time.
    pub event_ms: f64,
    /// Value at that moment.
    pub value: Option<f64>,
    /// Limit.
    pub limit: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Who acted.
    pub by: Option<String>,
    /// The note.
    pub note: Option<String>,
}
