//! The plant at a glance: machines, their bands, the sources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a window needs first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Hello {
    /// Panfloor's version.
    pub version: String,
    /// Whether the demo plant is running: the window says so.
    pub demo: bool,
    /// Nothing is set up yet: the first-start page is due.
    pub first_start: bool,
    /// Another process holds the store; this one only looks.
    pub read_only: bool,
    /// Name of the site; empty before one exists.
    pub site: String,
    /// Name of this station.
    pub station: String,
    /// IANA name of the plant's time zone.
    pub time_zone: String,
    /// Folder of the store.
    pub data_folder: String,
    /// Wall clock of the core at the answer.
    pub now_ms: f64,
    /// What stands in the way of acquiring: disk full and the like. `None`: nothing.
    pub trouble: Option<Trouble>,
    /// Classes known here.
    pub classes: Vec<ClassDto>,
    /// User-interface settings, opaque to the core (theme, tile order, open screen, pens).
    pub ui_settings: BTreeMap<String, serde_json::Value>,
}

/// A standing trouble of the core, with what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Trouble {
    /// `disk_full`, `read_only_store`, `store_damaged`…
    pub code: String,
    /// What, where, why, what to do.
    pub sentence: String,
    /// Since when.
    pub since_ms: f64,
}

/// A machine class as the user interface needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassDto {
    /// `reference-pan`
    pub id: String,
    /// `reference pan`
    pub title: String,
    /// `ref. pan`
    pub short_title: String,
    /// JSON Schema of the config; `x-unit`, `x-group`, `x-protected` guide the form.
    #[ts(type = "unknown")]
    pub config_schema: serde_json::Value,
    /// Metrics in display order, with scale and decimals.
    pub metrics: Vec<MetricDto>,
}

/// A metric of a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricDto {
    /// `temperature`
    pub name: String,
    /// `°C`; empty if unknown.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Lower end of the scale of bars and sparklines.
    pub scale_low: f64,
    /// Upper end.
    pub scale_high: f64,
}

/// All machines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PlantSnapshot {
    /// Index of a metric in a live frame → its name.
    pub metrics: Vec<String>,
    /// Machines by name.
    pub machines: Vec<MachineDto>,
    /// Core's wall clock at the answer.
    pub now_ms: f64,
}

/// One machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MachineDto {
    /// Id in live frames and queries.
    pub id: u32,
    /// Name for people: `Pan 03`.
    pub name: String,
    /// Name on the wire: `pan-03`.
    pub address: String,
    /// Class, once known.
    pub class_id: Option<String>,
    /// Phase of the strike, by its wire name (`grain_growth`).
    pub phase: Option<String>,
    /// Since when it is in this phase; `None` if the change was not seen.
    pub phase_since_ms: Option<f64>,
    /// `remote`, `local`, `maintenance`, if it says so.
    pub mode: Option<String>,
    /// A value is stale when it is older than this: 2.5 expected intervals.
    pub stale_after_ms: f64,
    /// Latest measured values, by metric; also those long past.
    pub latest: Vec<LatestDto>,
    /// Limits and setpoints of the last 30 minutes, by metric; the last band is the one in force.
    pub bands: Vec<MetricBands>,
    /// Where its config stands.
    pub config: ConfigBrief,
}

/// The newest measured value of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LatestDto {
    /// Metric name.
    pub metric: String,
    /// Device time.
    pub time_ms: f64,
    /// Value in the metric's unit.
    pub value: f64,
}

/// Bands of one metric over a span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricBands {
    /// Metric name.
    pub metric: String,
    /// In order of time, without holes between known phases.
    pub bands: Vec<Band>,
}

/// Limits and setpoint that held from a moment on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Band {
    /// From when.
    pub from_ms: f64,
    /// Phase by its wire name.
    pub phase: Option<String>,
    /// Whether the pan boils in it; outside it values run off the scale and that is normal.
    pub boiling: bool,
    /// Setpoint, if there is one.
    pub setpoint: Option<f64>,
    /// Limits; `None`: not alarmed there.
    pub low_low: Option<f64>,
    /// Low.
    pub low: Option<f64>,
    /// High.
    pub high: Option<f64>,
    /// High-high.
    pub high_high: Option<f64>,
}

/// A config in one word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigBrief {
    /// `in_sync`, `requested`, `approved`, `publishing`, `published`, `received`, `refused`, `drifted`, `nothing_desired` (it reports
    /// a version, and never got a config from this site), `unknown` (it has not reported any).
    pub state: String,
    /// Shown version that is desired: `12.4`.
    pub desired: Option<String>,
    /// Shown version that the machine reports.
    pub reported: Option<String>,
    /// Since when the state holds.
    pub since_ms: Option<f64>,
}

/// One source and its health.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SourceDto {
    /// Id.
    pub id: u16,
    /// Name for people: `Plant broker`.
    pub name: String,
    /// `mqtt`
    pub kind: String,
    /// `mqtt://127.0.0.1:1883`
    pub address: String,
    /// State of the link.
    pub state: SourceState,
    /// Since when.
    pub since_ms: f64,
    /// What is wrong, if anything.
    pub problem: Option<SourceProblem>,
    /// Messages committed in the last 10 s, per second.
    pub messages_per_s: f64,
    /// Messages received that could not be stored yet: the store takes nothing now.
    pub waiting: u32,
    /// Devices heard in the last hour that are no machines, since the source may not make more of them in an hour; their
    /// messages are in quarantine.
    pub not_adopted: u32,
    /// How many machines the source may make in an hour; `None`: any number.
    pub adopts_per_hour: Option<u32>,
    /// The broker kept our session at the last connect; `false`: what came meanwhile is lost to us.
    pub session_kept: Option<bool>,
}

/// State of a source's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// First try under way.
    Connecting,
    /// Connected, live.
    Connected,
    /// Connected, working off what the broker kept.
    CatchingUp,
    /// Not connected.
    Offline,
}

/// Why a source is not connected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SourceProblem {
    /// `name_not_resolved`, `port_closed`, `refused_login`…
    pub code: String,
    /// What, where, why, what to do.
    pub sentence: String,
    /// When the next try begins.
    pub retry_at_ms: Option<f64>,
}
