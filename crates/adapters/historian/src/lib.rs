//! The store: everything Panfloor keeps, in SQLite files.
//!
//! Does: keeps messages exactly once, their minute rollups, alarms, change records, settings and quarantine; one
//! writer, many readers; seals old hours into one compact file a month.
//!
//! Never: decides anything about what it stores; reads a clock for data; opens a network connection; lets a second
//! process write.
//!
//! Invariants:
//! 1. What `Tx::commit` has returned is on the disk (`synchronous=FULL`), and is there once whatever is delivered
//!    again.
//! 2. A transaction happens as a whole or not at all, in memory too.
//! 3. A sealed hour decodes to what was sealed, bit for bit; rows leave the tail only after their chunk is on the
//!    disk.
//! 4. A reader sees each reading once, before, during and after sealing, and after a crash between its two
//!    transactions.
//! 5. A file of a newer version, or of another program, is not written to.
//!
//! Identity: a value is known by (machine, metric, device time). A reading without device time is known by its
//! reading id, remembered for 48 h of arrival time; one with neither is stored whenever it comes, and counted as
//! untellable. The same identity with the same bits is a repeat and dropped; with another value it is a revision,
//! stored beside the first, and readers see the latest.

mod alarm;
mod bytes;
mod chunk;
pub mod counter;
mod error;
mod file;
mod machine;
mod message;
mod minute;
mod open;
mod quarantine;
mod reader;
mod record;
mod report;
mod seal;
mod setting;
mod step;
mod tx;
mod types;
mod writer;

pub use error::{HistorianError, Result};
pub use message::types::{
    Inserted, Latest, MAX_ITEMS, MAX_METRICS, MAX_NAME_BYTES, MAX_TEXT_BYTES, Message, NewMessage, Series, Value,
};
pub use open::{Opened, open, open_with};
pub use reader::{LOOKBACK, Reader};
pub use tx::Tx;
pub use types::{
    Access, CommitReport, MachineRow, NewQuarantine, OpenReport, Options, OutboxRow, QuarantineRow, RecordRow,
    RefusedRecord, ReportRow, SealReport, Sizes, TransitionFilter, TransitionRow,
};
pub use writer::Writer;
