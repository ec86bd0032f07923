//! One machine-hour on its way into its month.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result as SqlResult};

use crate::chunk::cache::damaged;
use crate::chunk::month::NewChunk;
use crate::chunk::{format, month};
use crate::error::{HistorianError, Result};
use crate::file::Db;
use crate::message::ids::{IdHash, hash};
use crate::message::index::MachineHour;
use crate::message::row::{HOUR_US, Row, hour_of, order};
use crate::message::tail;
use crate::minute::{self, HOUR_MINUTES, Rollup};
use crate::writer::Writer;

/// A machine-hour coded and checked, and what then may leave the live file.
#[derive(Debug)]
pub(super) struct SealedHour {
    pub(super) key: MachineHour,
    /// The chunk, unless the one in the month holds all rows already.
    chunk: Option<Coded>,
    /// All rollups of the hour, unless none is new.
    minutes: Option<Vec<u8>>,
    /// Readings that were not in the month before.
    pub(super) new_rows: u64,
    /// Places of the rows that are now in the month, rising.
    pub(super) seqs: Vec<i64>,
    /// Rollups that are now in the month.
    pub(super) rollups: Vec<Rollup>,
    /// Hours of arrival and reading ids among the rows.
    pub(super) ids: Vec<(i64, IdHash)>,
}

#[derive(Debug)]
struct Coded {
    blob: Vec<u8>,
    rows: usize,
    times: (i64, i64),
    through_seq: i64,
}

impl SealedHour {
    pub(super) fn chunk_bytes(&self) -> u64 {
        self.chunk.as_ref().map_or(0, |c| c.blob.len() as u64)
    }

    pub(super) fn write(&self, conn: &Connection) -> SqlResult<()> {
        if let Some(chunk) = &self.chunk {
            let Coded { blob, rows, times, through_seq } = chunk;
            month::put(conn, &NewChunk { key: self.key, through_seq: *through_seq, rows: *rows, times: *times, blob })?;
        }
        if let Some(minutes) = &self.minutes {
            month::put_minutes(conn, self.key, minutes)?;
        }
        Ok(())
    }
}

/// Reads a machine-hour from the live file, joins it with what the month has of it, codes it and decodes it again to
/// be sure.
pub(super) fn prepare(writer: &mut Writer, db: &Db, key: MachineHour) -> Result<SealedHour> {
    let mut seqs = writer.read().tail.hour(key);
    seqs.sort_unstable();
    let mut rows = tail::get_all(&writer.db, &mut writer.names, &seqs)?;
    let id = |row: &Row| row.reading_id.as_deref().map(|id| (hour_of(row.arrival), hash(key.0, id)));
    let ids = rows.iter().filter(|r| !r.device).filter_map(id).collect();
    let old = db.sql(|conn| month::find(conn, key))?;
    rows.retain(|r| old.is_none_or(|o| r.seq > Some(o.through_seq)));
    let new_rows = rows.len() as u64;
    let mut chunk = None;
    if let Some(through_seq) = rows.iter().filter_map(|r| r.seq).max() {
        if let Some(old) = old {
            let blob = db.sql(|conn| month::blob(conn, old))?;
            rows.extend(format::decode(&blob).ok_or_else(|| damaged(db, key))?);
        }
        // Sealed rows sort before those of the tail at the same time: they were committed before.
        rows.sort_by_key(order);
        rows.iter_mut().for_each(|r| r.seq = None);
        chunk = Some(code(key, &rows, through_seq)?);
    }
    let (minutes, rollups) = minutes(writer, db, key)?;
    Ok(SealedHour { key, chunk, minutes, new_rows, seqs, rollups, ids })
}

fn code((machine, hour): MachineHour, rows: &[Row], through_seq: i64) -> Result<Coded> {
    let failed = |why: String| HistorianError::Seal { machine, hour_start_us: hour.saturating_mul(HOUR_US), why };
    let blob = format::encode(rows).map_err(failed)?;
    let back = format::decode(&blob).ok_or_else(|| failed("what was coded cannot be decoded".to_owned()))?;
    if !format::same(&back, rows) {
        return Err(failed("what was coded decodes to something else".to_owned()));
    }
    let times = (rows.first().map_or(0, |r| r.time), rows.last().map_or(0, |r| r.time));
    Ok(Coded { blob, rows: rows.len(), times, through_seq })
}

/// All rollups of the hour as they are to lie in the month (if any is new), and those of the live file.
fn minutes(writer: &Writer, db: &Db, key: MachineHour) -> Result<(Option<Vec<u8>>, Vec<Rollup>)> {
    let (machine, hour) = key;
    let first = hour * HOUR_MINUTES;
    let live = writer.db.sql(|conn| minute::between(conn, machine, first, first + HOUR_MINUTES))?;
    if live.is_empty() {
        return Ok((None, live));
    }
    let mut all: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    if let Some(blob) = db.sql(|conn| month::minutes(conn, key))? {
        let mut sealed = minute::entries(&blob);
        all.extend(sealed.by_ref().map(|(minute, rollup)| (minute, rollup.to_vec())));
        if !sealed.is_whole() {
            return Err(damaged(db, key));
        }
    }
    all.extend(live.iter().cloned());
    Ok((Some(minute::pack(&all.into_iter().collect::<Vec<_>>())), live))
}
