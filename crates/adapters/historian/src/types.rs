//! Rows of the small tables, and reports of the store about itself.

use std::time::Duration;

use panfloor_model::{MachineId, Seq, SourceId, Timestamp};

/// How a folder is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As its one writer.
    ReadWrite,
    /// To look, while another process may be writing.
    ReadOnly,
}

/// Bounds of a store. `Options::default()` is what Panfloor ships with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long an hour stays in the tail after its end, so that late data needs no re-sealing.
    pub keep_tail: Duration,
    /// Most messages in quarantine; the oldest are dropped first.
    pub quarantine_messages: u64,
    /// Most bytes in quarantine; the oldest are dropped first.
    pub quarantine_bytes: u64,
    /// Most bytes of the live file, if it is to be held below the disk's own end. Reaching it is `DiskFull`.
    pub max_live_bytes: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            keep_tail: Duration::from_hours(2),
            quarantine_messages: 100_000,
            quarantine_bytes: 256 << 20,
            max_live_bytes: None,
        }
    }
}

/// What opening found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenReport {
    /// The store was made just now.
    pub created: bool,
    /// Newest place in the store.
    pub last_seq: Seq,
    /// Readings in the tail.
    pub tail_rows: u64,
    /// How long opening took.
    pub took: Duration,
}

/// A machine as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineRow {
    /// Its number.
    pub id: MachineId,
    /// Its name: the first address it was heard of under.
    pub name: String,
    /// Its class, once somebody said so.
    pub class: Option<String>,
    /// This very call made it.
    pub created: bool,
}

/// What a commit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitReport {
    /// Newest place in the store.
    pub last_seq: Seq,
    /// How long SQLite's commit took, sync included.
    pub took: Duration,
}

/// What a sealing run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealReport {
    /// Machine-hours written to month files.
    pub hours: u32,
    /// Readings in them.
    pub rows: u64,
    /// Bytes of their chunks.
    pub chunk_bytes: u64,
    /// Rows that left the tail.
    pub rows_removed: u64,
    /// There is more to do: call again.
    pub more: bool,
}

/// A message that could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuarantine {
    /// Where it came from.
    pub source: SourceId,
    /// Its topic or address.
    pub topic: String,
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// Its payload; the first 4 KiB are kept.
    pub payload: Vec<u8>,
    /// Length of the whole payload, bytes.
    pub payload_len: u64,
    /// Reason as a word, for filters.
    pub reason_code: String,
    /// Reason in a sentence.
    pub reason: String,
}

/// A message in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// Its number, rising.
    pub id: i64,
    /// The message; its payload cut to 4 KiB.
    pub message: NewQuarantine,
}

/// A transition of an alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitionRow {
    /// Number, rising; 0 when handed in.
    pub id: i64,
    /// The machine.
    pub machine: MachineId,
    /// The metric.
    pub metric: String,
    /// Which condition of the metric.
    pub condition: String,
    /// Event time of the activation this belongs to, UTC µs.
    pub occurrence: i64,
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
    /// Time of the sample or act that caused it.
    pub event_time: Timestamp,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// Priority, as the model spells it.
    pub priority: String,
    /// Value that caused it, in the metric's unit.
    pub value: Option<f64>,
    /// Limit it was compared with, in the metric's unit.
    pub limit: Option<f64>,
    /// Who did it, if a person.
    pub by: Option<String>,
    /// Their note.
    pub note: Option<String>,
}

/// Which transitions to read; `default()` is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransitionFilter {
    /// Event time at or after.
    pub from: Option<Timestamp>,
    /// Event time before.
    pub to: Option<Timestamp>,
    /// Of this machine only.
    pub machine: Option<MachineId>,
    /// At most so many; `None` is all.
    pub limit: Option<usize>,
    /// With a number below this one: the next page of a list that is read newest first.
    pub before: Option<i64>,
}

/// A change record, its envelope as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// SHA-256 of the envelope's PAE: its name.
    pub hash: [u8; 32],
    /// Station that made it.
    pub station: String,
    /// The station's running number.
    pub seq: u64,
    /// Kind of record.
    pub kind: String,
    /// The change it belongs to, if any.
    pub change: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// The whole envelope, byte for byte.
    pub envelope: Vec<u8>,
}

/// A record that failed a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRecord {
    /// When it came in.
    pub received_at: Timestamp,
    /// The station it names, if that much could be read.
    pub station: Option<String>,
    /// Why it was refused.
    pub reason: String,
    /// What came; the first 64 KiB are kept.
    pub envelope: Vec<u8>,
}

/// A publish that still waits for its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its key.
    pub key: String,
    /// Topic to publish on.
    pub topic: String,
    /// Payload to publish.
    pub payload: Vec<u8>,
    /// Whether the broker is to keep it.
    pub retain: bool,
}

/// The last report or config of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The machine.
    pub machine: MachineId,
    /// The JSON as received.
    pub json: String,
    /// When.
    pub received_at: Timestamp,
}

/// Bytes on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sizes {
    /// The live file.
    pub live_bytes: u64,
    /// Its write-ahead log.
    pub wal_bytes: u64,
    /// Sealed months by name (`2026-11`), oldest first, each with its log.
    pub months: Vec<(String, u64)>,
    /// Free on this disk; `None` if the system doesn't say.
    pub free_disk_bytes: Option<u64>,
}
