//! Trends: queries (answered in binary, see `frame`), marks, exports.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plant::MetricBands;

/// A pen: one metric of one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Pen {
    /// Machine id.
    pub machine: u32,
    /// Metric name.
    pub metric: String,
}

/// What a chart wants to draw. Answered by a trend frame (binary).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TrendRequest {
    /// Pens, at most 100.
    pub pens: Vec<Pen>,
    /// Left edge.
    pub from_ms: f64,
    /// Right edge.
    pub to_ms: f64,
    /// Width of the plot, 1 to 8192.
    pub pixels: u32,
    /// Names the query, so that a newer one of the same name cancels it.
    pub query: String,
}

/// What to mark on a time axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MarksRequest {
    /// Pens whose limits are wanted, and whose machines' alarms and changes.
    pub pens: Vec<Pen>,
    /// Left edge.
    pub from_ms: f64,
    /// Right edge.
    pub to_ms: f64,
}

/// Marks of a span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MarksDto {
    /// Limits and setpoints over time, one entry a pen, in the request's order.
    pub bands: Vec<MetricBands>,
    /// Alarms and config changes, by time.
    pub events: Vec<MarkDto>,
    /// First and last moment of the whole store; `None`: empty.
    pub store_span_ms: Option<(f64, f64)>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MarkDto {
    /// When.
    pub time_ms: f64,
    /// `alarm`, `config`
    pub kind: String,
    /// Machine id.
    pub machine: u32,
    /// Machine name.
    pub machine_name: String,
    /// Metric, for alarms; empty: the machine as a whole.
    pub metric: String,
    /// For alarms the condition; for changes the state reached (`published`, `applied`, `refused`).
    pub what: String,
    /// For alarms the priority; else empty.
    pub priority: String,
    /// For alarms `raised` or `returned`; for changes the shown version.
    pub detail: String,
}

/// What to export: exactly what is visible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// Pens.
    pub pens: Vec<Pen>,
    /// Left edge.
    pub from_ms: f64,
    /// Right edge.
    pub to_ms: f64,
    /// Width of the plot: decides the resolution of what is exported, as on screen.
    pub pixels: u32,
    /// `csv`, `png`, `svg`
    pub format: String,
    /// `light`, `dark`
    pub theme: String,
}

/// A text that the window made, for a file: a table as CSV.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TextExport {
    /// Name offered for the file: `changes.csv`.
    pub name: String,
    /// The text, at most 16 MiB.
    pub text: String,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportDto {
    /// Where it lies.
    pub path: String,
    /// Its size.
    pub bytes: f64,
}
