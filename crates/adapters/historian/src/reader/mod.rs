//! Reading: any thread, any number of them, beside the writer.

mod pool;
mod readings;
mod rollups;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use panfloor_model::{MachineId, Metric, Seq, SourceId, Timestamp};
use rusqlite::Connection;

use crate::error::Result;
use crate::file::folder;
use crate::message::shared::Shared;
use crate::message::types::{Latest, Message, Series, Value};
use crate::reader::pool::Pool;
use crate::report::Table;
use crate::types::{
    MachineRow, OutboxRow, QuarantineRow, RecordRow, RefusedRecord, ReportRow, Sizes, TransitionFilter, TransitionRow,
};
use crate::{alarm, counter, machine, quarantine, record, report, setting, step};

pub use readings::LOOKBACK;

/// Reads the store. Clones share one small pool of connections. A read sees one moment of the store, and never waits
/// for a commit.
#[derive(Debug, Clone)]
pub struct Reader {
    pool: Arc<Pool>,
}

impl Reader {
    pub(crate) fn new(folder: PathBuf, shared: Arc<RwLock<Shared>>, follows: bool) -> Self {
        Self { pool: Arc::new(Pool::new(folder, shared, follows)) }
    }

    fn sql<T>(&self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.pool.with(|view| view.live().sql(f))
    }

    /// All machines, by number.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn machines(&self) -> Result<Vec<MachineRow>> {
        self.sql(machine::all)
    }

    /// The newest measured state of a machine; `None` if it never sent a reading.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn latest(&self, machine: MachineId) -> Result<Option<Latest>> {
        self.pool.with(|view| {
            view.follow()?;
            let shared = view.shared.read().unwrap_or_else(PoisonError::into_inner);
            Ok(shared.latest.get(&machine.0).map(|l| l.to_latest(machine.0)))
        })
    }

    /// The newest measured state of every machine that ever sent a reading, by number.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn latest_all(&self) -> Result<Vec<Latest>> {
        self.pool.with(|view| {
            view.follow()?;
            let shared = view.shared.read().unwrap_or_else(PoisonError::into_inner);
            Ok(shared.latest.iter().map(|(machine, latest)| latest.to_latest(*machine)).collect())
        })
    }

    /// Readings of a machine with `from <= time < to`, by rising time, from tail and sealed hours together. Where a
    /// value was revised only its latest revision is in it.
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
        self.pool.with(|view| readings::messages(view, machine, (from, to), cancel))
    }

    /// Pens of one machine with `from <= time < to`, in the order of `metrics`. Only these metrics are decoded, and the
    /// machine's readings gone through once.
    ///
    /// # Errors
    /// `Cancelled` once `cancel` returns true; `Damaged`, `Io`, `Sql`.
    pub fn pens(
        &self,
        machine: MachineId,
        metrics: &[Metric],
        from: Timestamp,
        to: Timestamp,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Series>> {
        self.pool.with(|view| readings::pens(view, machine, metrics, (from, to), cancel))
    }

    /// As `pens`, of one metric.
    ///
    /// # Errors
    /// As `pens`.
    pub fn series(
        &self,
        machine: MachineId,
        metric: &Metric,
        from: Timestamp,
        to: Timestamp,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Series> {
        let pens = self.pens(machine, std::slice::from_ref(metric), from, to, cancel)?;
        Ok(pens.into_iter().next().unwrap_or_default())
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
        self.pool.with(|view| readings::last_before(view, machine, metric, time))
    }

    /// Hands the minute rollups of a machine with `from <= minute < to` to `each`, by rising time. However long the
    /// span is, an hour of them is in memory. An error of `each` ends it.
    ///
    /// # Errors
    /// `Cancelled` once `cancel` returns true; what `each` says; `Damaged`, `Io`, `Sql`.
    pub fn each_minute(
        &self,
        machine: MachineId,
        from: Timestamp,
        to: Timestamp,
        cancel: &dyn Fn() -> bool,
        each: &mut dyn FnMut(Timestamp, &[u8]) -> Result<()>,
    ) -> Result<()> {
        self.pool.with(|view| rollups::each(view, machine, (from, to), cancel, each))
    }

    /// As `each_minute`, all of them: for short spans.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn minutes(&self, machine: MachineId, from: Timestamp, to: Timestamp) -> Result<Vec<(Timestamp, Vec<u8>)>> {
        let mut all = Vec::new();
        self.each_minute(machine, from, to, &|| false, &mut |minute, rollup| {
            all.push((minute, rollup.to_vec()));
            Ok(())
        })?;
        Ok(all)
    }

    /// The newest minute rollup of a machine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn last_minute(&self, machine: MachineId) -> Result<Option<(Timestamp, Vec<u8>)>> {
        self.pool.with(|view| rollups::last_minute(view, machine))
    }

    /// Times of the first and the last reading of the whole store; `None` if there is none.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn span(&self) -> Result<Option<(Timestamp, Timestamp)>> {
        self.pool.with(readings::span)
    }

    /// Readings of the tail after a place in the store, in the order of commits, at most `limit`.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn tail_since(&self, seq: Seq, limit: usize) -> Result<Vec<Message>> {
        self.pool.with(|view| readings::tail_since(view, seq, limit))
    }

    /// Alarm states of all machines.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn alarm_snapshots(&self) -> Result<Vec<(MachineId, Vec<u8>)>> {
        self.sql(alarm::snapshots)
    }

    /// Transitions of alarms, newest number first.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn transitions(&self, filter: &TransitionFilter) -> Result<Vec<TransitionRow>> {
        self.sql(|conn| alarm::transitions(conn, filter))
    }

    /// Change records in the order they were kept.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn records(&self) -> Result<Vec<RecordRow>> {
        self.sql(record::all)
    }

    /// Records that failed a check, newest first.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn refused_records(&self, limit: usize) -> Result<Vec<RefusedRecord>> {
        self.sql(|conn| record::refused(conn, limit))
    }

    /// Publishes that wait for their proof, in the order they were put.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>> {
        self.sql(record::outbox)
    }

    /// A setting's JSON.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.sql(|conn| setting::get(conn, key))
    }

    /// Steps of a state tag with `time < to`, from the one in force at `from` on, by rising time.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn steps(
        &self,
        machine: MachineId,
        tag: &Metric,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, String)>> {
        self.sql(|conn| step::span(conn, machine, tag.as_str(), from, to))
    }

    /// The addresses of a machine, each with the source that uses it.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn aliases(&self, machine: MachineId) -> Result<Vec<(SourceId, String)>> {
        self.sql(|conn| machine::aliases(conn, machine))
    }

    /// All settings, by key.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn settings(&self) -> Result<Vec<(String, String)>> {
        self.sql(setting::all)
    }

    /// Messages in quarantine, newest first.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn quarantine(&self, limit: usize, offset: usize) -> Result<Vec<QuarantineRow>> {
        self.sql(|conn| quarantine::page(conn, limit, offset))
    }

    /// Messages in quarantine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn quarantine_count(&self) -> Result<u64> {
        self.sql(quarantine::count)
    }

    /// All counters, by name.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn counters(&self) -> Result<Vec<(String, u64)>> {
        self.sql(counter::all)
    }

    /// Last state report of each machine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn state_reports(&self) -> Result<Vec<ReportRow>> {
        self.sql(|conn| report::all(conn, Table::State))
    }

    /// Last config seen of each machine.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn configs_seen(&self) -> Result<Vec<ReportRow>> {
        self.sql(|conn| report::all(conn, Table::Config))
    }

    /// Bytes on the disk.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Sql`.
    pub fn sizes(&self) -> Result<Sizes> {
        folder::sizes(&self.pool.folder)
    }
}
