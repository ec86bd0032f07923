//! The one writer of a store.

use panfloor_model::{Seq, Timestamp};

use crate::error::Result;
use crate::tx::Tx;
use crate::types::SealReport;

/// The one writer of a store; owned by one thread. While it lives, no other process can open the store for writing.
#[derive(Debug)]
pub struct Writer {}

impl Writer {
    /// Opens a transaction. Dropped without `commit`, all of it is undone.
    ///
    /// # Errors
    /// `Sql` or `DiskFull` if SQLite cannot begin.
    pub fn begin(&mut self) -> Result<Tx<'_>> {
        Err(crate::HistorianError::Cancelled)
    }

    /// Seals every machine-hour that is due at `now` and empties the tail of it. Blocks for about 10 ms a machine-hour; between
    /// other work use `seal_some`.
    ///
    /// # Errors
    /// `Seal` if an hour cannot be coded, `DiskFull`, `Sql`. Nothing is lost; the next call does what is left.
    pub fn seal(&mut self, now: Timestamp) -> Result<SealReport> {
        let _ = now;
        Err(crate::HistorianError::Cancelled)
    }

    /// As `seal`, at most `max_hours` machine-hours (or one step of emptying the tail), so that the caller can do other work between.
    ///
    /// # Errors
    /// As `seal`.
    pub fn seal_some(&mut self, now: Timestamp, max_hours: usize) -> Result<SealReport> {
        let _ = (now, max_hours);
        Err(crate::HistorianError::Cancelled)
    }

    /// Moves what it can from the write-ahead log into the live file, without waiting for readers.
    ///
    /// # Errors
    /// `Sql` or `DiskFull`; nothing is lost, the log is kept.
    pub fn checkpoint(&mut self) -> Result<()> {
        Err(crate::HistorianError::Cancelled)
    }

    /// Newest committed place in the store; 0 if empty.
    #[must_use]
    pub fn last_seq(&self) -> Seq {
        Seq(0)
    }
}
