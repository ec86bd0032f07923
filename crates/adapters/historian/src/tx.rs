//! One transaction: everything the engine decides at once.

use std::time::Instant;

use panfloor_model::{MachineId, Metric, Seq, SourceId, Timestamp};
use rusqlite::Connection;

use crate::error::{HistorianError, Result};
use crate::message::insert::Pending;
use crate::message::types::{Inserted, MAX_NAME_BYTES, NewMessage};
use crate::minute::MINUTE_US;
use crate::report::Table;
use crate::types::{CommitReport, MachineRow, NewQuarantine, RecordRow, RefusedRecord, TransitionRow};
use crate::writer::Writer;
use crate::{alarm, counter, machine, minute, quarantine, record, report, setting, step};

mod reading;

/// One transaction of the writer. `commit` makes it durable; dropping it undoes it, in memory too.
/// After an error other than `Refused` it can only be dropped: `commit` then returns `Failed`.
#[derive(Debug)]
pub struct Tx<'w> {
    writer: &'w mut Writer,
    pending: Pending,
    next_seq: i64,
    failed: Option<String>,
}

impl<'w> Tx<'w> {
    pub(crate) fn begin(writer: &'w mut Writer) -> Result<Self> {
        writer.db.sql(|conn| conn.execute_batch("BEGIN IMMEDIATE"))?;
        let next_seq = writer.read().last_seq + 1;
        Ok(Self { writer, pending: Pending::default(), next_seq, failed: None })
    }
}

impl Tx<'_> {
    /// Finds the machine of this address of this source, or makes one of that name (`address`, or `address (source
    /// key)` where the name is taken).
    ///
    /// # Errors
    /// `Refused` for an empty or overlong address; `DiskFull`, `Sql`.
    pub fn machine_id(&mut self, source: SourceId, address: &str, now: Timestamp) -> Result<MachineRow> {
        if address.is_empty() || address.len() > MAX_NAME_BYTES {
            let reason = format!("a machine's address is empty or longer than {MAX_NAME_BYTES} bytes");
            return Err(HistorianError::Refused { reason });
        }
        self.sql(|conn| machine::find_or_make(conn, source, address, now))
    }

    /// Says which class a machine is of.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn set_machine_class(&mut self, machine: MachineId, class: &str) -> Result<()> {
        self.sql(|conn| machine::set_class(conn, machine, class)).map(drop)
    }

    /// Finds the source of this key, or makes one.
    ///
    /// # Errors
    /// `Refused` beyond 65,535 sources; `DiskFull`, `Sql`.
    pub fn source_id(&mut self, key: &str) -> Result<SourceId> {
        let id = self.sql(|conn| machine::source_id(conn, key))?;
        let refused = || HistorianError::Refused { reason: "there are 65,535 sources already".to_owned() };
        u16::try_from(id).map(SourceId).map_err(|_| refused())
    }

    /// Stores what is new in a reading. Counts received, committed, duplicates, revisions, late and untellable itself.
    ///
    /// # Errors
    /// `Refused` if the message breaks a bound (`MAX_ITEMS`, `MAX_NAME_BYTES`, `MAX_TEXT_BYTES`, `MAX_METRICS`) or
    /// names nothing, or a metric twice; `DiskFull`, `Sql`.
    pub fn insert_message(&mut self, message: &NewMessage) -> Result<Inserted> {
        let inserted = reading::insert(self, message);
        self.note(inserted)
    }

    /// Keeps a message that could not be decoded; drops the oldest beyond the bounds. Counts received, quarantined
    /// and quarantine_dropped itself.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn quarantine(&mut self, message: &NewQuarantine) -> Result<()> {
        let (messages, bytes) = (self.writer.options.quarantine_messages, self.writer.options.quarantine_bytes);
        let dropped = self.sql(|conn| quarantine::put(conn, message, messages, bytes))?;
        self.pending.count(counter::RECEIVED, 1);
        self.pending.count(counter::QUARANTINED, 1);
        self.pending.count(counter::QUARANTINE_DROPPED, dropped);
        Ok(())
    }

    /// Stores the rollup of one machine-minute; replaces what was there. The bytes are the caller's own format.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_minute(&mut self, machine: MachineId, minute: Timestamp, blob: &[u8]) -> Result<()> {
        self.sql(|conn| minute::put(conn, machine.0, minute.micros().div_euclid(MINUTE_US), blob)).map(drop)
    }

    /// Stores the alarm state of a machine; replaces what was there.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_alarm_snapshot(&mut self, machine: MachineId, blob: &[u8]) -> Result<()> {
        self.sql(|conn| alarm::put_snapshot(conn, machine.0, blob)).map(drop)
    }

    /// Appends a transition; returns its number.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn append_transition(&mut self, transition: &TransitionRow) -> Result<i64> {
        self.sql(|conn| alarm::append(conn, transition))
    }

    /// Keeps a change record; false if a record of this hash is there already.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_record(&mut self, record: &RecordRow) -> Result<bool> {
        self.sql(|conn| record::put(conn, record))
    }

    /// Keeps a record that failed a check; the last 1,000 are kept.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_refused_record(&mut self, record: &RefusedRecord) -> Result<()> {
        self.sql(|conn| record::put_refused(conn, record))
    }

    /// Puts a publish into the outbox; replaces one of the same key.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn outbox_put(&mut self, key: &str, topic: &str, payload: &[u8], retain: bool) -> Result<()> {
        self.sql(|conn| record::outbox_put(conn, key, topic, payload, retain)).map(drop)
    }

    /// Takes a publish out of the outbox; false if there was none.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn outbox_remove(&mut self, key: &str) -> Result<bool> {
        self.sql(|conn| record::outbox_remove(conn, key))
    }

    /// Stores a setting; replaces what was there.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_setting(&mut self, key: &str, json: &str) -> Result<()> {
        self.sql(|conn| setting::put(conn, key, json)).map(drop)
    }

    /// Notes that a state tag took another value at a device time; replaces what was noted for that moment.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_step(&mut self, machine: MachineId, tag: &Metric, time: Timestamp, value: &str) -> Result<()> {
        self.sql(|conn| step::put(conn, machine, tag.as_str(), time, value)).map(drop)
    }

    /// Keeps the last state report of a machine.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_state_report(&mut self, machine: MachineId, json: &str, received_at: Timestamp) -> Result<()> {
        self.sql(|conn| report::put(conn, Table::State, machine.0, json, received_at)).map(drop)
    }

    /// Keeps the last config seen on a machine's config topic.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn put_config_seen(&mut self, machine: MachineId, json: &str, received_at: Timestamp) -> Result<()> {
        self.sql(|conn| report::put(conn, Table::Config, machine.0, json, received_at)).map(drop)
    }

    /// Adds to a counter. Those the store counts itself are named at `insert_message` and `quarantine`.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`.
    pub fn count(&mut self, name: &str, by: u64) -> Result<()> {
        self.pending.count(name, by);
        Ok(())
    }

    /// Makes all of it durable: when this returns, it is synced to the disk.
    ///
    /// # Errors
    /// `DiskFull`, `Sql`, or `Failed` if an earlier call failed. Nothing of the transaction is then stored.
    pub fn commit(mut self) -> Result<CommitReport> {
        if let Some(why) = self.failed.take() {
            return Err(HistorianError::Failed { why });
        }
        for (name, by) in std::mem::take(&mut self.pending.counts) {
            self.sql(|conn| counter::add(conn, &name, by))?;
        }
        let started = Instant::now();
        self.sql(|conn| conn.execute_batch("COMMIT"))?;
        let took = started.elapsed();
        let pending = std::mem::take(&mut self.pending);
        let mut shared = self.writer.write();
        for (machine, row, body) in &pending.rows {
            shared.take(*machine, row, body);
        }
        Ok(CommitReport { last_seq: Seq(shared.last_seq), took })
    }

    fn sql<T>(&mut self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let done = self.writer.db.sql(f);
        self.note(done)
    }

    /// Remembers a failure: SQLite may have rolled back already, and what follows must not be committed alone.
    fn note<T>(&mut self, done: Result<T>) -> Result<T> {
        if let Err(e) = &done
            && !matches!(e, HistorianError::Refused { .. })
        {
            self.failed.get_or_insert_with(|| e.to_string());
        }
        done
    }

    /// Time of a machine's newest reading, this transaction's among them.
    fn newest(&self, machine: MachineId) -> Option<i64> {
        let pending = self.pending.newest.get(&machine.0).copied();
        let known = self.writer.read().latest.get(&machine.0).map(|l| l.newest);
        pending.max(known)
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if !self.writer.db.conn.is_autocommit() {
            // If this fails the connection is beyond use, and says so at the next begin.
            let _ = self.writer.db.conn.execute_batch("ROLLBACK");
        }
        for id in self.pending.new_metrics.drain(..) {
            if let Some(metric) = self.writer.names.get(id) {
                self.writer.metric_ids.remove(&metric);
            }
            self.writer.names.remove(id);
        }
    }
}
