//! One transaction: everything the engine decides at once.

use std::marker::PhantomData;

use panfloor_model::{MachineId, SourceId, Timestamp};

use crate::HistorianError;
use crate::error::Result;
use crate::message::types::{Inserted, NewMessage};
use crate::types::{CommitReport, MachineRow, NewQuarantine, RecordRow, RefusedRecord, TransitionRow};

/// One transaction of the writer. `commit` makes it durable; dropping it undoes it, in memory too.
/// After an error other than `Refused` it can only be dropped: `commit` then returns `Failed`.
#[derive(Debug)]
pub struct Tx<'w> {
    writer: PhantomData<&'w mut ()>,
}

impl Tx<'_> {
    /// Finds the machine of this address of this source, or makes one of that name (`address`, or `address (source key)` where the name is taken).
    ///
    /// # Errors
    /// `Refused` for an empty or overlong address; `DiskFull`, `Sql`.
    pub fn machine_id(&mut self, source: SourceId, address: &str, now: Timestamp) -> Result<MachineRow> {
        let _ = (source, address, now);
        Err(HistorianError::Cancelled)
    }

    /// Says which class a machine is of.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn set_machine_class(&mut self, machine: MachineId, class: &str) -> Result<()> {
        let _ = (machine, class);
        Err(HistorianError::Cancelled)
    }

    /// Finds the source of this key, or makes one.
    ///
    /// # Errors
    /// `Refused` beyond 65,535 sources; `DiskFull`, `Sql`.
    pub fn source_id(&mut self, key: &str) -> Result<SourceId> {
        let _ = (key,);
        Err(HistorianError::Cancelled)
    }

    /// Stores what is new in a reading. Counts received, committed, duplicates, revisions, late and untellable itself.
    ///
    /// # Errors
    /// `Refused` if the message breaks a bound (`MAX_ITEMS`, `MAX_NAME_BYTES`, `MAX_TEXT_BYTES`, `MAX_METRICS`) or names a metric twice; `DiskFull`, `Sql`.
    pub fn insert_message(&mut self, message: &NewMessage) -> Result<Inserted> {
        let _ = (message,);
        Err(HistorianError::Cancelled)
    }

    /// Keeps a message that could not be decoded; drops the oldest beyond the bounds. Counts received, quarantined and quarantine_dropped itself.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn quarantine(&mut self, message: &NewQuarantine) -> Result<()> {
        let _ = (message,);
        Err(HistorianError::Cancelled)
    }

    /// Stores the rollup of one machine-minute; replaces what was there. The bytes are the caller's own format.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_minute(&mut self, machine: MachineId, minute: Timestamp, blob: &[u8]) -> Result<()> {
        let _ = (machine, minute, blob);
        Err(HistorianError::Cancelled)
    }

    /// Stores the alarm state of a machine; replaces what was there.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_alarm_snapshot(&mut self, machine: MachineId, blob: &[u8]) -> Result<()> {
        let _ = (machine, blob);
        Err(HistorianError::Cancelled)
    }

    /// Appends a transition; returns its number.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn append_transition(&mut self, transition: &TransitionRow) -> Result<i64> {
        let _ = (transition,);
        Err(HistorianError::Cancelled)
    }

    /// Keeps a change record; false if a record of this hash is there already.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_record(&mut self, record: &RecordRow) -> Result<bool> {
        let _ = (record,);
        Err(HistorianError::Cancelled)
    }

    /// Keeps a record that failed a check; the last 1,000 are kept.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_refused_record(&mut self, record: &RefusedRecord) -> Result<()> {
        let _ = (record,);
        Err(HistorianError::Cancelled)
    }

    /// Puts a publish into the outbox; replaces one of the same key.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn outbox_put(&mut self, key: &str, topic: &str, payload: &[u8], retain: bool) -> Result<()> {
        let _ = (key, topic, payload, retain);
        Err(HistorianError::Cancelled)
    }

    /// Takes a publish out of the outbox; false if there was none.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn outbox_remove(&mut self, key: &str) -> Result<bool> {
        let _ = (key,);
        Err(HistorianError::Cancelled)
    }

    /// Stores a setting; replaces what was there.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_setting(&mut self, key: &str, json: &str) -> Result<()> {
        let _ = (key, json);
        Err(HistorianError::Cancelled)
    }

    /// Keeps the last state report of a machine.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_state_report(&mut self, machine: MachineId, json: &str, received_at: Timestamp) -> Result<()> {
        let _ = (machine, json, received_at);
        Err(HistorianError::Cancelled)
    }

    /// Keeps the last config seen on a machine's config topic.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_config_seen(&mut self, machine: MachineId, json: &str, received_at: Timestamp) -> Result<()> {
        let _ = (machine, json, received_at);
        Err(HistorianError::Cancelled)
    }

    /// Adds to a counter. Those the store counts itself are named at `insert_message` and `quarantine`.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn count(&mut self, name: &str, by: u64) -> Result<()> {
        let _ = (name, by);
        Err(HistorianError::Cancelled)
    }

    /// Makes all of it durable: when this returns, it is synced to the disk.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`, or `Failed` if an earlier call failed. Nothing of the transaction is then stored.
    pub fn commit(self) -> Result<CommitReport> {
        Err(HistorianError::Cancelled)
    }
}
