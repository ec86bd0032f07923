//! Rows that are safe in a month leave the live file.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Result as SqlResult};

use crate::error::Result;
use crate::file::checkpoint;
use crate::message::ids::IdHash;
use crate::message::index::MachineHour;
use crate::message::tail;
use crate::minute;
use crate::seal::hour::SealedHour;
use crate::writer::Writer;

/// Rows removed in one transaction: about 30 ms, so that commits of new readings don't wait long.
const ROWS_A_STEP: usize = 20_000;

/// What is to leave the live file.
#[derive(Debug, Default)]
pub(super) struct Removal {
    /// Places of rows and the machine-hour each is of.
    rows: BTreeMap<i64, MachineHour>,
    /// All hours since the removal began, until it has ended.
    hours: BTreeSet<MachineHour>,
    /// Machine, minute, and the rollup as it lies in the month.
    minutes: Vec<(u32, i64, Vec<u8>)>,
    ids: Vec<(i64, IdHash)>,
    /// Machines whose newest state is not stored yet, and their newest hour among `hours`.
    unstored: BTreeMap<u32, i64>,
}

impl Removal {
    pub(super) fn add(&mut self, hour: SealedHour) {
        let (machine, of) = hour.key;
        self.rows.extend(hour.seqs.iter().map(|seq| (*seq, hour.key)));
        self.hours.insert(hour.key);
        self.minutes.extend(hour.rollups.into_iter().map(|(minute, rollup)| (machine, minute, rollup)));
        self.ids.extend(hour.ids);
        let newest = self.unstored.entry(machine).or_insert(of);
        *newest = of.max(*newest);
    }

    pub(super) fn has(&self, key: MachineHour) -> bool {
        self.hours.contains(&key)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.minutes.is_empty()
    }
}

/// Removes some rows; returns how many. With the first of a machine's rows goes what must be known of it afterwards.
pub(super) fn step(writer: &mut Writer) -> Result<u64> {
    if writer.sealing.removal.is_empty() {
        writer.sealing.removal = Removal::default();
        return Ok(0);
    }
    let (states, last_seq, oldest_id) = {
        let shared = writer.read();
        let state = |(machine, hour): (&u32, &i64)| Some((*machine, *hour, shared.latest.get(machine)?.encode()));
        let states: Vec<_> = writer.sealing.removal.unstored.iter().filter_map(state).collect();
        (states, shared.last_seq, shared.ids.oldest_kept())
    };
    let removal = &writer.sealing.removal;
    let seqs: Vec<i64> = removal.rows.keys().take(ROWS_A_STEP).copied().collect();
    let work = |conn: &Connection| -> SqlResult<()> {
        tail::mark_removal(conn, last_seq)?;
        for (machine, hour, state) in &states {
            tail::put_latest(conn, *machine, *hour, state)?;
        }
        store_ids(conn, &removal.ids, oldest_id)?;
        for seq in &seqs {
            tail::remove(conn, *seq)?;
        }
        for (machine, minute, rollup) in &removal.minutes {
            minute::remove_unchanged(conn, *machine, *minute, rollup)?;
        }
        conn.execute_batch("COMMIT")
    };
    writer.db.sql(|conn| {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let done = work(conn);
        if done.is_err() && !conn.is_autocommit() {
            // The first error is the one to tell; should this fail too, the next begin says so.
            let _ = conn.execute_batch("ROLLBACK");
        }
        done
    })?;
    done(writer, &seqs);
    Ok(seqs.len() as u64)
}

fn store_ids(conn: &Connection, ids: &[(i64, IdHash)], oldest: Option<i64>) -> SqlResult<()> {
    let mut by_hour: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    for (hour, id) in ids {
        by_hour.entry(*hour).or_default().extend(id);
    }
    for (hour, ids) in by_hour {
        tail::put_reading_ids(conn, hour, &ids)?;
    }
    tail::forget_reading_ids(conn, oldest.unwrap_or(i64::MIN)).map(drop)
}

/// The same in memory, after the commit.
fn done(writer: &mut Writer, seqs: &[i64]) {
    let removal = &mut writer.sealing.removal;
    let mut by_hour: BTreeMap<MachineHour, Vec<i64>> = BTreeMap::new();
    for seq in seqs {
        if let Some(key) = removal.rows.remove(seq) {
            by_hour.entry(key).or_default().push(*seq);
        }
    }
    let stored = std::mem::take(&mut removal.unstored);
    removal.ids.clear();
    removal.minutes.clear();
    if removal.is_empty() {
        *removal = Removal::default();
        // The round is over: the month's log goes into its file. If it can't now, the next round's or the next
        // opening's will.
        if let Some((_, db)) = writer.sealing.month.take() {
            let _ = db.sql(checkpoint);
        }
    }
    let mut shared = writer.write();
    for (machine, hour) in stored {
        let newest = shared.sealed.entry(machine).or_insert(hour);
        *newest = hour.max(*newest);
    }
    for (key, seqs) in by_hour {
        shared.tail.remove(key, &seqs);
    }
}
