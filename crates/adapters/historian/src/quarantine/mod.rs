//! Messages that could not be decoded: tables `quarantine` and `quarantine_total`. Bounded; the oldest go first.

use panfloor_model::{SourceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result};

use crate::types::{NewQuarantine, QuarantineRow};

/// Bytes kept of a payload.
const PAYLOAD_KEPT: usize = 4_096;
/// Bytes kept of topic and reasons, each: MQTT allows topics of 64 KiB.
const TEXT_KEPT: usize = 1_024;
/// What a row takes besides its texts and payload, bytes.
const ROW_BYTES: usize = 64;

/// Keeps a message; returns how many old ones had to go for it.
pub(crate) fn put(conn: &Connection, q: &NewQuarantine, max_messages: u64, max_bytes: u64) -> Result<u64> {
    let payload = q.payload.get(..PAYLOAD_KEPT).unwrap_or(&q.payload);
    let (topic, code, reason) = (cut(&q.topic), cut(&q.reason_code), cut(&q.reason));
    let bytes = payload.len() + topic.len() + code.len() + reason.len() + ROW_BYTES;
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "INSERT INTO quarantine (source, topic, arrived_at, payload, payload_len, reason_code, reason, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        q.source.0,
        topic,
        q.arrived_at.micros(),
        payload,
        i64::try_from(q.payload_len).unwrap_or(i64::MAX),
        code,
        reason,
        bytes,
    ))?;
    let (mut count, mut total): (i64, i64) = conn
        .prepare_cached(
            "UPDATE quarantine_total SET messages = messages + 1, bytes = bytes + ?1 RETURNING messages, bytes",
        )?
        .query_row([bytes], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let over = |count: i64, total: i64| {
        u64::try_from(count).unwrap_or(0) > max_messages || u64::try_from(total).unwrap_or(0) > max_bytes
    };
    let mut dropped = 0;
    while over(count, total) {
        let Some(bytes) = drop_oldest(conn)? else { break };
        (count, total, dropped) = (count - 1, total - bytes, dropped + 1);
    }
    if dropped > 0 {
        conn.execute("UPDATE quarantine_total SET messages = ?1, bytes = ?2", (count, total))?;
    }
    Ok(dropped)
}

fn drop_oldest(conn: &Connection) -> Result<Option<i64>> {
    conn.prepare_cached("DELETE FROM quarantine WHERE id = (SELECT min(id) FROM quarantine) RETURNING bytes")?
        .query_row([], |r| r.get(0))
        .optional()
}

/// At most `TEXT_KEPT` bytes, cut between characters.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(TEXT_KEPT)).unwrap_or(text)
}

pub(crate) fn page(conn: &Connection, limit: usize, offset: usize) -> Result<Vec<QuarantineRow>> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "SELECT id, source, topic, arrived_at, payload, payload_len, reason_code, reason FROM quarantine
         ORDER BY id DESC LIMIT ?1 OFFSET ?2",
    )?
    .query_map((number(limit), number(offset)), |r| {
        Ok(QuarantineRow {
            id: r.get(0)?,
            message: NewQuarantine {
                source: SourceId(r.get(1)?),
                topic: r.get(2)?,
                arrived_at: Timestamp(r.get(3)?),
                payload: r.get(4)?,
                payload_len: u64::try_from(r.get::<_, i64>(5)?).unwrap_or(0),
                reason_code: r.get(6)?,
                reason: r.get(7)?,
            },
        })
    })?
    .collect()
}

pub(crate) fn count(conn: &Connection) -> Result<u64> {
    conn.query_row("SELECT messages FROM quarantine_total", [], |r| r.get::<_, i64>(0))
        .map(|n| u64::try_from(n).unwrap_or(0))
}
