//! SQL of the hot tail: tables `message`, `metric`, `tail`, `machine_latest`, `reading_id`.

use std::collections::HashMap;

use panfloor_model::Metric;
use rusqlite::{Connection, OptionalExtension, Result as SqlResult};

use crate::error::Result;
use crate::file::Db;
use crate::message::body;
use crate::message::row::Row;

const FLAG_REVISION: i64 = 1;

/// Names of metrics by their number, read from the file as they are needed.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_id: HashMap<u32, Metric>,
}

impl Names {
    /// Reads all names there are.
    pub(crate) fn load(&mut self, conn: &Connection) -> SqlResult<()> {
        let mut find = conn.prepare_cached("SELECT id, name FROM metric")?;
        let mut rows = find.query([])?;
        while let Some(r) = rows.next()? {
            self.by_id.insert(r.get(0)?, Metric::new(r.get_ref(1)?.as_str()?));
        }
        Ok(())
    }

    pub(crate) fn get(&self, id: u32) -> Option<Metric> {
        self.by_id.get(&id).cloned()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Metric)> {
        self.by_id.iter().map(|(id, metric)| (*id, metric))
    }

    pub(crate) fn insert(&mut self, id: u32, metric: Metric) {
        self.by_id.insert(id, metric);
    }

    pub(crate) fn remove(&mut self, id: u32) {
        self.by_id.remove(&id);
    }
}

/// A row of `message` as SQL gives it.
struct Raw {
    seq: i64,
    machine: u32,
    device_time: Option<i64>,
    arrival: i64,
    source: u16,
    flags: i64,
    body: Vec<u8>,
}

const FIND: &str = "SELECT seq, machine, device_time, arrival_time, source, flags, body FROM message WHERE seq = ?1";
const SCAN: &str =
    "SELECT seq, machine, device_time, arrival_time, source, flags, body FROM message WHERE seq > ?1 ORDER BY seq";

fn raw(r: &rusqlite::Row<'_>) -> SqlResult<Raw> {
    Ok(Raw {
        seq: r.get(0)?,
        machine: r.get(1)?,
        device_time: r.get(2)?,
        arrival: r.get(3)?,
        source: r.get(4)?,
        flags: r.get(5)?,
        body: r.get(6)?,
    })
}

fn decode(db: &Db, names: &mut Names, raw: &Raw) -> Result<Row> {
    let mut body = body::decode(&raw.body, |id| names.get(id));
    if body.is_none() {
        // A name that has come since the names were read.
        db.sql(|conn| names.load(conn))?;
        body = body::decode(&raw.body, |id| names.get(id));
    }
    let body = body.ok_or_else(|| db.damaged(format!("the body of reading {} cannot be read", raw.seq)))?;
    let row = Row {
        seq: Some(raw.seq),
        source: raw.source,
        time: raw.device_time.unwrap_or(raw.arrival),
        device: raw.device_time.is_some(),
        arrival: raw.arrival,
        revision: raw.flags & FLAG_REVISION != 0,
        device_seq: body.device_seq,
        reading_id: body.reading_id,
        items: body.items,
    };
    Ok(row)
}

/// One reading; `None` if it is not (or no longer) in the tail.
pub(crate) fn get(db: &Db, names: &mut Names, seq: i64) -> Result<Option<Row>> {
    let found = db.sql(|conn| conn.prepare_cached(FIND)?.query_row([seq], raw).optional())?;
    found.map(|raw| decode(db, names, &raw)).transpose()
}

/// Those of these readings that are in the tail.
pub(crate) fn get_all(db: &Db, names: &mut Names, seqs: &[i64]) -> Result<Vec<Row>> {
    let mut find = db.sql(|conn| conn.prepare_cached(FIND))?;
    let mut rows = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if let Some(raw) = db.sql(|_| find.query_row([seq], raw).optional())? {
            rows.push(decode(db, names, &raw)?);
        }
    }
    Ok(rows)
}

/// Hands all readings after a place to `each` with their machine and bytes, in the order of commits, until it says
/// stop.
pub(crate) fn scan(
    db: &Db,
    names: &mut Names,
    after: i64,
    mut each: impl FnMut(u32, Row, &[u8]) -> bool,
) -> Result<()> {
    let mut find = db.sql(|conn| conn.prepare_cached(SCAN))?;
    let mut rows = db.sql(|_| find.query([after]))?;
    while let Some(r) = db.sql(|_| rows.next())? {
        let raw = db.sql(|_| raw(r))?;
        let row = decode(db, names, &raw)?;
        if !each(raw.machine, row, &raw.body) {
            break;
        }
    }
    Ok(())
}

/// Numbers of metrics; `None` for one that no reading has named.
pub(crate) fn metric_ids(conn: &Connection, metrics: &[Metric]) -> SqlResult<Vec<Option<u32>>> {
    let mut find = conn.prepare_cached("SELECT id FROM metric WHERE name = ?1")?;
    metrics.iter().map(|metric| find.query_row([metric.as_str()], |r| r.get(0)).optional()).collect()
}

/// Writes a reading with its place and body.
pub(crate) fn insert(conn: &Connection, seq: i64, machine: u32, row: &Row, body: &[u8]) -> SqlResult<usize> {
    let device_time = row.device.then_some(row.time);
    let flags = if row.revision { FLAG_REVISION } else { 0 };
    conn.prepare_cached("INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute((
        seq,
        machine,
        device_time,
        row.arrival,
        row.source,
        flags,
        body,
    ))
}

pub(crate) fn remove(conn: &Connection, seq: i64) -> SqlResult<usize> {
    conn.prepare_cached("DELETE FROM message WHERE seq = ?1")?.execute([seq])
}

/// Newest place ever given out, and how often rows have left.
pub(crate) fn state(conn: &Connection) -> SqlResult<(i64, i64)> {
    conn.prepare_cached(
        "SELECT max(last_seq, (SELECT coalesce(max(seq), 0) FROM message)), removals FROM tail WHERE id = 1",
    )?
    .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Says that rows leave with this transaction.
pub(crate) fn mark_removal(conn: &Connection, last_seq: i64) -> SqlResult<usize> {
    conn.execute("UPDATE tail SET last_seq = ?1, removals = removals + 1", [last_seq])
}

/// A machine, the newest of its hours that has left the tail, and its newest state as bytes.
pub(crate) type StoredLatest = (u32, i64, Vec<u8>);

pub(crate) fn stored_latest(conn: &Connection) -> SqlResult<Vec<StoredLatest>> {
    conn.prepare_cached("SELECT machine, newest_sealed_hour, state FROM machine_latest")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect()
}

pub(crate) fn put_latest(conn: &Connection, machine: u32, newest_sealed_hour: i64, state: &[u8]) -> SqlResult<usize> {
    conn.execute(
        "INSERT INTO machine_latest VALUES (?1, ?2, ?3) ON CONFLICT (machine) DO UPDATE SET
           newest_sealed_hour = max(newest_sealed_hour, excluded.newest_sealed_hour), state = excluded.state",
        (machine, newest_sealed_hour, state),
    )
}

/// Hours of arrival and the reading ids that came in them.
pub(crate) fn reading_ids(conn: &Connection) -> SqlResult<Vec<(i64, Vec<u8>)>> {
    conn.prepare_cached("SELECT hour, ids FROM reading_id")?.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
}

pub(crate) fn put_reading_ids(conn: &Connection, hour: i64, ids: &[u8]) -> SqlResult<usize> {
    conn.execute("INSERT INTO reading_id (hour, ids) VALUES (?1, ?2)", (hour, ids))
}

pub(crate) fn forget_reading_ids(conn: &Connection, before_hour: i64) -> SqlResult<usize> {
    conn.execute("DELETE FROM reading_id WHERE hour < ?1", [before_hour])
}
