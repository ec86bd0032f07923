//! Minute rollups of hours not yet sealed: table `minute`; and the form a sealed hour's rollups have. The rollups'
//! own bytes belong to others.

use rusqlite::{Connection, OptionalExtension, Result};

use crate::bytes::{Cursor, put_bytes, put_int, put_len};

/// Minutes in an hour.
pub(crate) const HOUR_MINUTES: i64 = 60;
/// Microseconds in a minute.
pub(crate) const MINUTE_US: i64 = 60_000_000;
/// Format of a sealed hour's rollups.
const FORMAT: u8 = 1;

/// A minute since 1970 and its rollup.
pub(crate) type Rollup = (i64, Vec<u8>);

pub(crate) fn put(conn: &Connection, machine: u32, minute: i64, rollup: &[u8]) -> Result<usize> {
    conn.prepare_cached(
        "INSERT INTO minute (minute, machine, rollup) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET rollup = excluded.rollup",
    )?
    .execute((minute, machine, rollup))
}

/// Rollups of a machine from one minute up to, not including, another.
pub(crate) fn between(conn: &Connection, machine: u32, from: i64, to: i64) -> Result<Vec<Rollup>> {
    conn.prepare_cached(
        "SELECT minute, rollup FROM minute WHERE minute >= ?1 AND minute < ?2 AND machine = ?3 ORDER BY minute",
    )?
    .query_map((from, to, machine), |r| Ok((r.get(0)?, r.get(1)?)))?
    .collect()
}

pub(crate) fn last(conn: &Connection, machine: u32) -> Result<Option<Rollup>> {
    conn.prepare_cached("SELECT minute, rollup FROM minute WHERE machine = ?1 ORDER BY minute DESC LIMIT 1")?
        .query_row([machine], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
}

/// Machines and minutes before a minute.
pub(crate) fn before(conn: &Connection, minute: i64) -> Result<Vec<(u32, i64)>> {
    conn.prepare_cached("SELECT machine, minute FROM minute WHERE minute < ?1")?
        .query_map([minute], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect()
}

/// Removes a rollup unless it has changed since it was read.
pub(crate) fn remove_unchanged(conn: &Connection, machine: u32, minute: i64, rollup: &[u8]) -> Result<usize> {
    conn.prepare_cached("DELETE FROM minute WHERE minute = ?1 AND machine = ?2 AND rollup = ?3")?
        .execute((minute, machine, rollup))
}

/// The rollups of a sealed hour as one BLOB.
pub(crate) fn pack(rollups: &[Rollup]) -> Vec<u8> {
    let mut out = vec![FORMAT];
    put_len(&mut out, rollups.len());
    for (minute, rollup) in rollups {
        put_int(&mut out, *minute);
        put_bytes(&mut out, rollup);
    }
    out
}

/// The rollups in a BLOB of `pack`; `None` if it is damaged.
pub(crate) fn unpack(blob: &[u8]) -> Option<Vec<Rollup>> {
    let mut cursor = Cursor::new(blob);
    if cursor.byte()? != FORMAT {
        return None;
    }
    let count = cursor.len()?;
    (0..count).map(|_| Some((cursor.int()?, cursor.bytes()?.to_vec()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rollups_come_back_and_cut_ones_are_refused() {
        let rollups = vec![(29_940_001, vec![1, 2, 3]), (29_940_002, Vec::new())];
        let blob = pack(&rollups);
        assert_eq!(unpack(&blob), Some(rollups));
        for len in 0..blob.len() {
            assert_eq!(unpack(&blob[..len]), None, "cut at {len}");
        }
    }
}
