//! The one writer of a store.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use panfloor_model::{Metric, Seq, Timestamp};

use crate::chunk::cache::ChunkCache;
use crate::error::Result;
use crate::file::Db;
use crate::file::folder::Lock;
use crate::message::shared::Shared;
use crate::message::tail::Names;
use crate::seal::Sealing;
use crate::tx::Tx;
use crate::types::{Options, SealReport};

/// The one writer of a store; owned by one thread. While it lives, no other process can open the store for writing.
#[derive(Debug)]
pub struct Writer {
    pub(crate) db: Db,
    pub(crate) folder: PathBuf,
    pub(crate) options: Options,
    pub(crate) shared: Arc<RwLock<Shared>>,
    pub(crate) names: Names,
    pub(crate) metric_ids: HashMap<Metric, u32>,
    pub(crate) chunks: ChunkCache,
    pub(crate) sealing: Sealing,
    /// Held, never read: the lock ends with it.
    _lock: Lock,
}

impl Writer {
    pub(crate) fn new(
        db: Db,
        folder: PathBuf,
        options: Options,
        shared: Arc<RwLock<Shared>>,
        names: Names,
        lock: Lock,
    ) -> Self {
        let metric_ids = names.iter().map(|(id, metric)| (metric.clone(), id)).collect();
        Self {
            db,
            folder,
            options,
            shared,
            names,
            metric_ids,
            chunks: ChunkCache::default(),
            sealing: Sealing::default(),
            _lock: lock,
        }
    }

    /// Opens a transaction. Dropped without `commit`, all of it is undone.
    ///
    /// # Errors
    /// `Sql` or `DiskFull` if SQLite cannot begin.
    pub fn begin(&mut self) -> Result<Tx<'_>> {
        Tx::begin(self)
    }

    /// Seals every machine-hour that is due at `now` and empties the tail of it. Blocks for some 20 ms a
    /// machine-hour; between other work use `seal_some`.
    ///
    /// # Errors
    /// `Seal` if an hour cannot be coded, `Damaged` if its month file is, `DiskFull`, `Sql`. Nothing is lost; the
    /// next call does what is left.
    pub fn seal(&mut self, now: Timestamp) -> Result<SealReport> {
        crate::seal::all(self, now)
    }

    /// As `seal`, at most `max_hours` machine-hours (or one step of emptying the tail), so that the caller can do
    /// other work between.
    ///
    /// # Errors
    /// As `seal`.
    pub fn seal_some(&mut self, now: Timestamp, max_hours: usize) -> Result<SealReport> {
        crate::seal::some(self, now, max_hours)
    }

    /// Moves what it can from the write-ahead log into the live file, without waiting for readers.
    ///
    /// # Errors
    /// `Sql` or `DiskFull`; nothing is lost, the log is kept.
    pub fn checkpoint(&mut self) -> Result<()> {
        self.db.sql(crate::file::checkpoint)
    }

    /// Newest committed place in the store; 0 if empty.
    #[must_use]
    pub fn last_seq(&self) -> Seq {
        Seq(self.read().last_seq)
    }

    // A panic while the lock was held can only have come from an allocation failing: the data are whole, since each
    // change is made of calls that don't panic. So a poisoned lock is taken as it is.

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Shared> {
        self.shared.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Shared> {
        self.shared.write().unwrap_or_else(PoisonError::into_inner)
    }
}
