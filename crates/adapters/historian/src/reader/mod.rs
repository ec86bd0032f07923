//! Reading: any thread, any number of them, beside the writer.

use panfloor_model::{MachineId, Metric, Seq, Timestamp};

use crate::HistorianError;
use crate::error::Result;
use crate::message::types::{Latest, Message, Series, Value};
use crate::types::{
    MachineRow, OutboxRow, QuarantineRow, RecordRow, RefusedRecord, ReportRow, Sizes, TransitionFilter, TransitionRow,
};

/// Reads the store. Clones share one small pool of connections. A read sees one moment of the store, and never waits for the writer.
#[derive(Debug, Clone)]
pub struct Reader {}

impl Reader {
    /// All machines, by number.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn machines(&self) -> Result<Vec<MachineRow>> {
        Err(HistorianError::Cancelled)
    }

    /// The newest measured state of a machine; `None` if it never sent a reading.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn latest(&self, machine: MachineId) -> Result<Option<Latest>> {
        let _ = (machine,);
        Err(HistorianError::Cancelled)
    }

    /// The newest measured state of every machine that ever sent a reading, by number.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn latest_all(&self) -> Result<Vec<Latest>> {
        Err(HistorianError::Cancelled)
    }

    /// Readings of a machine with `from <= time < to`, by rising time, from tail and sealed hours together. Where a value was revised only its latest revision is in it.
    ///
    /// # Errors
    /// `Cancelled` once `cancel` returns true; `Damaged`, `Io`, `Sql`.
    pub fn messages(
        &self,
        machine: MachineId,
        from: Timestamp,
        to: Timestamp,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Message>> {
        let _ = (machine, from, to, cancel);
        Err(HistorianError::Cancelled)
    }

    /// One pen of a machine with `from <= time < to`. Of a sealed hour only this metric is decoded.
    ///
    /// # Errors
    /// `Cancelled` once `cancel` returns true; `Damaged`, `Io`, `Sql`.
    pub fn series(
        &self,
        machine: MachineId,
        metric: &Metric,
        from: Timestamp,
        to: Timestamp,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Series> {
        let _ = (machine, metric, from, to, cancel);
        Err(HistorianError::Cancelled)
    }

    /// The last state of a metric or tag before `time`, at most `LOOKBACK` back.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn last_before(
        &self,
        machine: MachineId,
        metric: &Metric,
        time: Timestamp,
    ) -> Result<Option<(Timestamp, Value)>> {
        let _ = (machine, metric, time);
        Err(HistorianError::Cancelled)
    }

    /// Minute rollups of a machine with `from <= minute < to`, by rising time.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn minutes(&self, machine: MachineId, from: Timestamp, to: Timestamp) -> Result<Vec<(Timestamp, Vec<u8>)>> {
        let _ = (machine, from, to);
        Err(HistorianError::Cancelled)
    }

    /// The newest minute rollup of a machine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn last_minute(&self, machine: MachineId) -> Result<Option<(Timestamp, Vec<u8>)>> {
        let _ = (machine,);
        Err(HistorianError::Cancelled)
    }

    /// Times of the first and the last reading of the whole store; `None` if there is none.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn span(&self) -> Result<Option<(Timestamp, Timestamp)>> {
        Err(HistorianError::Cancelled)
    }

    /// Readings of the tail after a place in the store, in the order of commits, at most `limit`.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn tail_since(&self, seq: Seq, limit: usize) -> Result<Vec<Message>> {
        let _ = (seq, limit);
        Err(HistorianError::Cancelled)
    }

    /// Alarm states of all machines.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn alarm_snapshots(&self) -> Result<Vec<(MachineId, Vec<u8>)>> {
        Err(HistorianError::Cancelled)
    }

    /// Transitions of alarms, newest number first.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn transitions(&self, filter: &TransitionFilter) -> Result<Vec<TransitionRow>> {
        let _ = (filter,);
        Err(HistorianError::Cancelled)
    }

    /// Change records in the order they were kept.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn records(&self) -> Result<Vec<RecordRow>> {
        Err(HistorianError::Cancelled)
    }

    /// Records that failed a check, newest first.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn refused_records(&self, limit: usize) -> Result<Vec<RefusedRecord>> {
        let _ = (limit,);
        Err(HistorianError::Cancelled)
    }

    /// Publishes that wait for their proof, in the order they were put.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>> {
        Err(HistorianError::Cancelled)
    }

    /// A setting's JSON.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        let _ = (key,);
        Err(HistorianError::Cancelled)
    }

    /// All settings, by key.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn settings(&self) -> Result<Vec<(String, String)>> {
        Err(HistorianError::Cancelled)
    }

    /// Messages in quarantine, newest first.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn quarantine(&self, limit: usize, offset: usize) -> Result<Vec<QuarantineRow>> {
        let _ = (limit, offset);
        Err(HistorianError::Cancelled)
    }

    /// Messages in quarantine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn quarantine_count(&self) -> Result<u64> {
        Err(HistorianError::Cancelled)
    }

    /// All counters, by name.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn counters(&self) -> Result<Vec<(String, u64)>> {
        Err(HistorianError::Cancelled)
    }

    /// Last state report of each machine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn state_reports(&self) -> Result<Vec<ReportRow>> {
        Err(HistorianError::Cancelled)
    }

    /// Last config seen of each machine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn configs_seen(&self) -> Result<Vec<ReportRow>> {
        Err(HistorianError::Cancelled)
    }

    /// Bytes on the disk.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn sizes(&self) -> Result<Sizes> {
        Err(HistorianError::Cancelled)
    }
}
