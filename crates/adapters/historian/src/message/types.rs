//! What goes into the store and comes out of it: readings of a machine.

use std::sync::Arc;

use panfloor_model::{MachineId, Metric, Seq, SourceId, Timestamp};

/// Most values, bad marks and tags in one message. A pan has 3 to 10; this stops a message made to hurt.
pub const MAX_ITEMS: usize = 4_096;
/// Longest name of a metric or tag, and longest reading id, bytes.
pub const MAX_NAME_BYTES: usize = 256;
/// Longest text of a tag, bytes.
pub const MAX_TEXT_BYTES: usize = 4_096;
/// Most different metrics and tags in one store. Beyond it a new name is refused.
pub const MAX_METRICS: usize = 10_000;

/// A decoded reading, as the engine hands it in.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// Where it came from.
    pub source: SourceId,
    /// Whose it is.
    pub machine: MachineId,
    /// When it was measured, if the device says so. Held to the years 0 to 9999.
    pub device_time: Option<Timestamp>,
    /// When it arrived. Kept in whole milliseconds, except where it stands in for the device time.
    pub arrived_at: Timestamp,
    /// The reading's own id, if it has one. Tells repeats only where there is no device time.
    pub reading_id: Option<String>,
    /// The device's running number, if it counts.
    pub device_seq: Option<u64>,
    /// Numbers, each metric at most once.
    pub values: Vec<(Metric, f64)>,
    /// Metrics this reading names without a usable value: gaps of quality bad.
    pub bad: Vec<Metric>,
    /// State tags such as phase and mode.
    pub tags: Vec<(Metric, String)>,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inserted {
    /// Its place in the store; `None` if all of it was known already.
    pub seq: Option<Seq>,
    /// For each of `NewMessage::values`: stored for the first time. False for repeats and revisions: a revised minute
    /// is to be rolled up anew from `Reader::messages`, not added to.
    pub fresh: Vec<bool>,
    /// Values, bad marks and tags dropped as repeats.
    pub duplicates: u32,
    /// Values, bad marks and tags stored as another value of a known identity.
    pub revisions: u32,
    /// Stored, and its device time is older than the newest known of this machine.
    pub late: bool,
    /// Stored without device time and reading id: can't be told from a repeat.
    pub untellable: bool,
}

/// One reading out of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its place in the store, while it is in the tail; sealed readings have none.
    pub seq: Option<Seq>,
    /// Where it came from.
    pub source: SourceId,
    /// Whose it is.
    pub machine: MachineId,
    /// When it was measured; the arrival time where the device gave none.
    pub time: Timestamp,
    /// Whether `time` is the device's own.
    pub has_device_time: bool,
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// The device's running number, if it counts.
    pub device_seq: Option<u64>,
    /// Numbers.
    pub values: Vec<(Metric, f64)>,
    /// Metrics named without a usable value.
    pub bad: Vec<Metric>,
    /// State tags.
    pub tags: Vec<(Metric, String)>,
    /// Some of it revises an earlier reading of the same time.
    pub revision: bool,
}

/// What a metric or tag was at one time.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// Named without a usable value.
    Bad,
    /// A state tag's text.
    Text(Arc<str>),
}

impl Value {
    /// Equal to the bit: NaN equals the same NaN, and 0.0 is not -0.0.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.to_bits() == b.to_bits(),
            (Self::Bad, Self::Bad) => true,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Number(_) | Self::Bad | Self::Text(_), _) => false,
        }
    }
}

/// One pen: its points and the moments at which it was named without a usable value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Points by rising time; NaN never among them.
    pub points: Vec<(Timestamp, f64)>,
    /// Bad readings (or NaN) by rising time: the line is broken here.
    pub bad: Vec<Timestamp>,
}

/// The newest measured state of a machine, by device time and not by arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct Latest {
    /// The machine.
    pub machine: MachineId,
    /// Time of its newest reading.
    pub newest: Timestamp,
    /// Newest number of each metric whose newest state is a number.
    pub values: Vec<(Metric, Timestamp, f64)>,
    /// Metrics whose newest state is bad.
    pub bad: Vec<(Metric, Timestamp)>,
    /// Newest text of each tag.
    pub tags: Vec<(Metric, Timestamp, String)>,
}
