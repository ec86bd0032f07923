//! A month file: tables `chunk`, `chunk_body`, `minute_hour` and `machine`.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Result as SqlResult};

use crate::error::{HistorianError, Result};
use crate::file::{Db, MONTH, folder};
use crate::message::index::MachineHour;

/// Where a chunk lies and what it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) hour: i64,
    /// Every reading of this machine-hour up to this place is in the chunk.
    pub(crate) through_seq: i64,
    body: i64,
}

/// A chunk to be written.
#[derive(Debug)]
pub(crate) struct NewChunk<'a> {
    pub(crate) key: MachineHour,
    pub(crate) through_seq: i64,
    pub(crate) rows: usize,
    /// Times of its first and last reading, UTC µs.
    pub(crate) times: (i64, i64),
    pub(crate) blob: &'a [u8],
}

/// Opens a month for reading; `None` if it has no file, or one that is just being made.
pub(crate) fn open_for_reading(folder: &Path, name: &str) -> Result<Option<Db>> {
    match Db::open_for_reading(&folder::month(folder, name), &MONTH) {
        Ok(db) => Ok(Some(db)),
        Err(HistorianError::Missing { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Opens a month for writing; makes its file if need be.
pub(crate) fn open_for_writing(folder: &Path, name: &str) -> Result<Db> {
    Db::open_for_writing(&folder::month(folder, name), &MONTH, None).map(|(db, _)| db)
}

/// Reads a month at one moment: between a head and its body the hour may be sealed anew, and a body that holds more
/// than its head says would double what the tail still has. No way out leaves the connection inside the transaction.
pub(crate) fn at_one_moment<T>(db: &Db, read: impl FnOnce() -> Result<T>) -> Result<T> {
    db.sql(|conn| {
        // Rolls back when dropped uncommitted, also where the commit fails.
        let moment = conn.unchecked_transaction()?;
        let done = read();
        moment.commit()?;
        Ok(done)
    })?
}

fn head(r: &rusqlite::Row<'_>) -> SqlResult<Head> {
    Ok(Head { hour: r.get(0)?, through_seq: r.get(1)?, body: r.get(2)? })
}

/// Heads of a machine's chunks from one hour to another, both included, by rising hour.
pub(crate) fn heads(conn: &Connection, machine: u32, first: i64, last: i64) -> SqlResult<Vec<Head>> {
    conn.prepare_cached(
        "SELECT hour, through_seq, body FROM chunk WHERE machine = ?1 AND hour >= ?2 AND hour <= ?3 ORDER BY hour",
    )?
    .query_map((machine, first, last), head)?
    .collect()
}

pub(crate) fn find(conn: &Connection, (machine, hour): MachineHour) -> SqlResult<Option<Head>> {
    conn.prepare_cached("SELECT hour, through_seq, body FROM chunk WHERE machine = ?1 AND hour = ?2")?
        .query_row((machine, hour), head)
        .optional()
}

pub(crate) fn blob(conn: &Connection, head: Head) -> SqlResult<Vec<u8>> {
    conn.prepare_cached("SELECT blob FROM chunk_body WHERE id = ?1")?.query_row([head.body], |r| r.get(0))
}

/// Writes a chunk in the place of an earlier one of the same machine-hour.
pub(crate) fn put(conn: &Connection, chunk: &NewChunk<'_>) -> SqlResult<()> {
    let old = find(conn, chunk.key)?;
    let body: i64 = if let Some(old) = old {
        conn.execute("UPDATE chunk_body SET blob = ?2 WHERE id = ?1", (old.body, chunk.blob))?;
        old.body
    } else {
        conn.query_row("INSERT INTO chunk_body (blob) VALUES (?1) RETURNING id", [chunk.blob], |r| r.get(0))?
    };
    let (machine, hour) = chunk.key;
    let (first, last) = chunk.times;
    let rows = i64::try_from(chunk.rows).unwrap_or(i64::MAX);
    conn.execute(
        "INSERT OR REPLACE INTO chunk (machine, hour, through_seq, rows, first_time, last_time, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (machine, hour, chunk.through_seq, rows, first, last, body),
    )?;
    Ok(())
}

pub(crate) fn put_machine(conn: &Connection, machine: u32, name: &str) -> SqlResult<usize> {
    conn.execute("INSERT OR REPLACE INTO machine (id, name) VALUES (?1, ?2)", (machine, name))
}

pub(crate) fn put_minutes(conn: &Connection, (machine, hour): MachineHour, rollups: &[u8]) -> SqlResult<usize> {
    conn.execute(
        "INSERT INTO minute_hour (machine, hour, rollups) VALUES (?1, ?2, ?3)
         ON CONFLICT (machine, hour) DO UPDATE SET rollups = excluded.rollups",
        (machine, hour, rollups),
    )
}

/// Hours of which a machine has sealed rollups, from one to another, both included.
pub(crate) fn minute_hours(conn: &Connection, machine: u32, first: i64, last: i64) -> SqlResult<Vec<i64>> {
    conn.prepare_cached("SELECT hour FROM minute_hour WHERE machine = ?1 AND hour >= ?2 AND hour <= ?3")?
        .query_map((machine, first, last), |r| r.get(0))?
        .collect()
}

/// Sealed rollups of a machine-hour.
pub(crate) fn minutes(conn: &Connection, (machine, hour): MachineHour) -> SqlResult<Option<Vec<u8>>> {
    conn.prepare_cached("SELECT rollups FROM minute_hour WHERE machine = ?1 AND hour = ?2")?
        .query_row((machine, hour), |r| r.get(0))
        .optional()
}

/// The newest sealed hour's rollups of a machine.
pub(crate) fn last_minutes(conn: &Connection, machine: u32) -> SqlResult<Option<Vec<u8>>> {
    conn.prepare_cached("SELECT rollups FROM minute_hour WHERE machine = ?1 ORDER BY hour DESC LIMIT 1")?
        .query_row([machine], |r| r.get(0))
        .optional()
}

/// Time of the first reading in the month.
pub(crate) fn first_time(conn: &Connection) -> SqlResult<Option<i64>> {
    conn.prepare_cached("SELECT min(first_time) FROM chunk")?.query_row([], |r| r.get(0))
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_read_that_breaks_off_leaves_no_transaction_behind() {
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::create_dir_all(folder::month(folder.path(), "2026-11").parent().unwrap()).unwrap();
        let db = open_for_writing(folder.path(), "2026-11").unwrap();
        let broken = catch_unwind(AssertUnwindSafe(|| at_one_moment::<()>(&db, || panic!("breaks off"))));
        assert!(broken.is_err());
        assert!(db.sql(|conn| Ok(conn.is_autocommit())).unwrap());
        assert!(at_one_moment(&db, || db.sql(first_time)).unwrap().is_none());
    }
}
