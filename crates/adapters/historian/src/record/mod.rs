//! Change records and what is to be published for them: tables `record`, `refused_record`, `outbox`.

use panfloor_model::Timestamp;
use rusqlite::{Connection, Result};

use crate::types::{OutboxRow, RecordRow, RefusedRecord};

/// Refused records kept, so that a station gone mad cannot fill the disk.
const REFUSED_KEPT: i64 = 1_000;
/// Bytes of a refused record kept.
const REFUSED_BYTES: usize = 65_536;

/// False if a record of this hash is there already.
pub(crate) fn put(conn: &Connection, r: &RecordRow) -> Result<bool> {
    let new = conn
        .prepare_cached(
            "INSERT INTO record (hash, station, seq, kind, change, received_at, envelope)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (hash) DO NOTHING",
        )?
        .execute((r.hash, &r.station, r.seq as i64, &r.kind, &r.change, r.received_at.micros(), &r.envelope))?;
    Ok(new == 1)
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<RecordRow>> {
    conn.prepare_cached("SELECT hash, station, seq, kind, change, received_at, envelope FROM record ORDER BY id")?
        .query_map([], |r| {
            Ok(RecordRow {
                hash: r.get(0)?,
                station: r.get(1)?,
                seq: r.get::<_, i64>(2)? as u64,
                kind: r.get(3)?,
                change: r.get(4)?,
                received_at: Timestamp(r.get(5)?),
                envelope: r.get(6)?,
            })
        })?
        .collect()
}

pub(crate) fn put_refused(conn: &Connection, r: &RefusedRecord) -> Result<()> {
    let kept = r.envelope.get(..REFUSED_BYTES).unwrap_or(&r.envelope);
    let id: i64 = conn.query_row(
        "INSERT INTO refused_record (received_at, station, reason, envelope) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        (r.received_at.micros(), &r.station, &r.reason, kept),
        |row| row.get(0),
    )?;
    conn.execute("DELETE FROM refused_record WHERE id <= ?1", [id - REFUSED_KEPT])?;
    Ok(())
}

pub(crate) fn refused(conn: &Connection, limit: usize) -> Result<Vec<RefusedRecord>> {
    conn.prepare_cached("SELECT received_at, station, reason, envelope FROM refused_record ORDER BY id DESC LIMIT ?1")?
        .query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |r| {
            Ok(RefusedRecord {
                received_at: Timestamp(r.get(0)?),
                station: r.get(1)?,
                reason: r.get(2)?,
                envelope: r.get(3)?,
            })
        })?
        .collect()
}

pub(crate) fn outbox_put(conn: &Connection, key: &str, topic: &str, payload: &[u8], retain: bool) -> Result<usize> {
    conn.execute(
        "INSERT INTO outbox (key, topic, payload, retain) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key) DO UPDATE SET topic = excluded.topic, payload = excluded.payload, retain = excluded.retain",
        (key, topic, payload, retain),
    )
}

/// False if there was none of this key.
pub(crate) fn outbox_remove(conn: &Connection, key: &str) -> Result<bool> {
    Ok(conn.execute("DELETE FROM outbox WHERE key = ?1", [key])? == 1)
}

pub(crate) fn outbox(conn: &Connection) -> Result<Vec<OutboxRow>> {
    conn.prepare_cached("SELECT key, topic, payload, retain FROM outbox ORDER BY id")?
        .query_map([], |r| Ok(OutboxRow { key: r.get(0)?, topic: r.get(1)?, payload: r.get(2)?, retain: r.get(3)? }))?
        .collect()
}
