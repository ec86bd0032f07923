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

/// Rollups of a machine from one minute up to, not including, another, by rising minute. Goes from minute to minute,
/// since those of the other machines lie between.
pub(crate) fn between(conn: &Connection, machine: u32, from: i64, to: i64) -> Result<Vec<Rollup>> {
    conn.prepare_cached(
        "WITH RECURSIVE there (minute) AS (
           SELECT min(minute) FROM minute WHERE minute >= ?1 AND minute < ?2
           UNION ALL
           SELECT (SELECT min(minute) FROM minute WHERE minute > there.minute AND minute < ?2)
           FROM there WHERE there.minute IS NOT NULL)
         SELECT m.minute, m.rollup FROM there CROSS JOIN minute m ON m.minute = there.minute AND m.machine = ?3",
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

/// Walks the rollups in a BLOB of `pack`.
#[derive(Debug)]
pub(crate) struct Entries<'a> {
    cursor: Cursor<'a>,
    /// How many are to come; `None`: they cannot be read.
    left: Option<usize>,
}

/// The rollups in a BLOB of `pack`, minute and bytes.
pub(crate) fn entries(blob: &[u8]) -> Entries<'_> {
    let mut cursor = Cursor::new(blob);
    let left = cursor.byte().filter(|format| *format == FORMAT).and_then(|_| cursor.len());
    Entries { cursor, left }
}

impl Entries<'_> {
    /// Whether it ended where the BLOB does; false: it is damaged.
    pub(crate) fn is_whole(&self) -> bool {
        self.left == Some(0) && self.cursor.is_empty()
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (i64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let left = self.left.filter(|left| *left > 0)?;
        let entry = self.cursor.int().zip(self.cursor.bytes());
        self.left = entry.map(|_| left - 1);
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rollups_come_back_and_cut_ones_are_refused() {
        let rollups = vec![(29_940_001, vec![1, 2, 3]), (29_940_002, Vec::new())];
        let blob = pack(&rollups);
        let unpack = |blob: &[u8]| {
            let mut entries = entries(blob);
            let all: Vec<Rollup> = entries.by_ref().map(|(minute, rollup)| (minute, rollup.to_vec())).collect();
            entries.is_whole().then_some(all)
        };
        assert_eq!(unpack(&blob), Some(rollups));
        for len in 0..blob.len() {
            assert_eq!(unpack(&blob[..len]), None, "cut at {len}");
        }
    }

    #[test]
    fn one_machines_minutes_are_found_among_the_others() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("schema.sql")).unwrap();
        let of = |machine: u32, minute: i64| (minute * 3 + i64::from(machine)).to_le_bytes();
        for (machine, minute) in
            (1..5).flat_map(|m| (0..90).map(move |t| (m, t))).filter(|(m, t)| t % i64::from(*m) == 0)
        {
            put(&conn, machine, minute, &of(machine, minute)).unwrap();
        }
        for (machine, from, to) in [(1, 0, 90), (3, 10, 61), (4, -5, 1), (2, 5, 5), (9, 0, 90), (1, 200, 300)] {
            let wanted: Vec<Rollup> = (from.max(0)..to.min(90))
                .filter(|t| machine < 5 && t % i64::from(machine) == 0)
                .map(|t| (t, of(machine, t).to_vec()))
                .collect();
            assert_eq!(between(&conn, machine, from, to).unwrap(), wanted, "{machine} {from} {to}");
        }
    }
}
