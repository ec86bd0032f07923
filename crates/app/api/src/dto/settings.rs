//! Settings: storage, quarantine, sources to set up, what a user interface remembers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A setting of the user interface to remember; opaque to the core.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UiSetting {
    /// Key: `theme`, `trends.pens`, `plant.order`; up to 64 characters.
    pub key: String,
    /// Value, up to 64 KiB as JSON.
    #[ts(type = "unknown")]
    pub value: serde_json::Value,
}

/// Where the data lies and what it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageDto {
    /// Folder.
    pub folder: String,
    /// The live file and its write-ahead log, bytes.
    pub live_bytes: f64,
    /// Sealed months: name and bytes.
    pub months: Vec<MonthDto>,
    /// Free space on that disk, if known.
    pub free_bytes: Option<f64>,
    /// Oldest and newest sample; `None`: none.
    pub span_ms: Option<(f64, f64)>,
    /// Where secrets are kept: `keyring`, `file`.
    pub secrets: String,
    /// Folder of the logs.
    pub log_folder: String,
    /// Counters since the store was made.
    pub counters: CountersDto,
}

/// A sealed month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MonthDto {
    /// `2026-11`
    pub name: String,
    /// Bytes.
    pub bytes: f64,
}

/// What was received and what became of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
pub struct CountersDto {
    /// Messages received.
    pub received: f64,
    /// Readings committed.
    pub committed: f64,
    /// Repeats dropped.
    pub duplicates: f64,
    /// Same identity, other value.
    pub revisions: f64,
    /// Arrived after a newer one.
    pub late: f64,
    /// Put to quarantine.
    pub quarantined: f64,
    /// Dropped from a full quarantine, oldest first.
    pub quarantine_dropped: f64,
    /// Stored, but can't be told from a repeat.
    pub untellable: f64,
}

/// Which part of the quarantine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QuarantineRequest {
    /// Rows to skip.
    pub offset: u32,
    /// At most so many rows (1 to 500).
    pub limit: u32,
}

/// A part of the quarantine, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QuarantineDto {
    /// How many there are in all.
    pub total: f64,
    /// Rows.
    pub rows: Vec<QuarantineRow>,
}

/// A message that could not be decoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QuarantineRow {
    /// Id.
    pub id: f64,
    /// Arrival.
    pub arrived_ms: f64,
    /// Source name.
    pub source: String,
    /// Topic.
    pub topic: String,
    /// Why, with what to do.
    pub reason: String,
    /// Machine-readable reason.
    pub reason_code: String,
    /// First 4 KiB, as text where it is text, else as hex.
    pub excerpt: String,
    /// Length of the whole payload, bytes.
    pub bytes: f64,
}

/// A source to connect.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SourceSetup {
    /// Name for people.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User, if the broker asks for one.
    pub username: Option<String>,
    /// Password; goes to the sealed store and never comes back.
    pub password: Option<String>,
    /// Telemetry topics; empty: the default layout.
    pub topics: Vec<String>,
}

impl std::fmt::Debug for SourceSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceSetup").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// One step of a connection test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TestStep {
    /// `name_resolved`, `port_open`, `logged_in`, `subscribed`, `first_message`
    pub step: String,
    /// Whether it succeeded; `None`: not reached.
    pub ok: Option<bool>,
    /// What was found, or what is wrong and what to do.
    pub detail: String,
    /// How long it took.
    pub took_ms: Option<f64>,
}

/// A test's outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TestDto {
    /// Steps in order.
    pub steps: Vec<TestStep>,
}

/// Set up a site of one's own with its first source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CreateSiteRequest {
    /// Site name.
    pub site: String,
    /// Name of the first administrator.
    pub user_name: String,
    /// First source; `None`: later.
    pub source: Option<SourceSetup>,
}

/// Start with the system?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Autostart {
    /// Whether Panfloor starts at login.
    pub enabled: bool,
}

/// Which parts of what a window shows have changed: it asks for them anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Changed {
    /// Number of this notice; a jump means one was missed: ask for everything.
    pub number: f64,
    /// Domains.
    pub domains: Vec<Domain>,
}

/// A domain of what a window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// `hello`
    Hello,
    /// `plant`
    Plant,
    /// `sources`
    Sources,
    /// `alarms`
    Alarms,
    /// `configs`
    Configs,
    /// `session`
    Session,
    /// `storage`, `quarantine`
    Storage,
}

/// Of which readings the latencies are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LatencyRequest {
    /// The newest so many; more than the 50,000 that are kept asks for all of them.
    pub newest: u32,
}

/// How long the newest readings took to the disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LatencyDto {
    /// From a reading's device time to the end of its commit; a machine's clock that is wrong shows here.
    pub publish_to_commit_ms: PercentilesDto,
    /// The same without the time in which a commit was running.
    pub outside_commit_ms: PercentilesDto,
    /// Commits alone: what the disk takes.
    pub bare_commit_ms: PercentilesDto,
}

/// Percentiles of durations, milliseconds; `None` where nothing was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct PercentilesDto {
    /// Median.
    pub p50: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
    /// Largest.
    pub max: Option<f64>,
}

impl PercentilesDto {
    /// Of durations in microseconds.
    #[must_use]
    pub fn of(mut micros: Vec<u32>) -> Self {
        micros.sort_unstable();
        let at = |share: f64| {
            let last = micros.len().checked_sub(1)?;
            micros.get((last as f64 * share).round() as usize).map(|micros| f64::from(*micros) / 1000.0)
        };
        Self { p50: at(0.5), p99: at(0.99), max: at(1.0) }
    }
}
