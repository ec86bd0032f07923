//! Alarm states and their transitions: tables `alarm_snapshot` and `transition`.

use panfloor_model::{MachineId, Timestamp};
use rusqlite::{Connection, Result, Row, named_params};

use crate::types::{TransitionFilter, TransitionRow};

pub(crate) fn put_snapshot(conn: &Connection, machine: u32, snapshot: &[u8]) -> Result<usize> {
    conn.prepare_cached(
        "INSERT INTO alarm_snapshot VALUES (?1, ?2) ON CONFLICT DO UPDATE SET snapshot = excluded.snapshot",
    )?
    .execute((machine, snapshot))
}

pub(crate) fn snapshots(conn: &Connection) -> Result<Vec<(MachineId, Vec<u8>)>> {
    conn.prepare_cached("SELECT machine, snapshot FROM alarm_snapshot ORDER BY machine")?
        .query_map([], |r| Ok((MachineId(r.get(0)?), r.get(1)?)))?
        .collect()
}

pub(crate) fn append(conn: &Connection, t: &TransitionRow) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO transition (machine, metric, condition, occurrence, from_state, to_state, event_time, decided_at,
           priority, value, limit_value, by_user, note)
         VALUES (:machine, :metric, :condition, :occurrence, :from, :to, :event, :decided, :priority, :value, :limit, :by, :note)
         RETURNING id",
    )?
    .query_row(
        named_params! {
            ":machine": t.machine.0, ":metric": t.metric, ":condition": t.condition, ":occurrence": t.occurrence,
            ":from": t.from, ":to": t.to, ":event": t.event_time.micros(), ":decided": t.decided_at.micros(),
            ":priority": t.priority, ":value": t.value, ":limit": t.limit, ":by": t.by, ":note": t.note,
        },
        |r| r.get(0),
    )
}

fn row(r: &Row<'_>) -> Result<TransitionRow> {
    Ok(TransitionRow {
        id: r.get(0)?,
        machine: MachineId(r.get(1)?),
        metric: r.get(2)?,
        condition: r.get(3)?,
        occurrence: r.get(4)?,
        from: r.get(5)?,
        to: r.get(6)?,
        event_time: Timestamp(r.get(7)?),
        decided_at: Timestamp(r.get(8)?),
        priority: r.get(9)?,
        value: r.get(10)?,
        limit: r.get(11)?,
        by: r.get(12)?,
        note: r.get(13)?,
    })
}

pub(crate) fn transitions(conn: &Connection, filter: &TransitionFilter) -> Result<Vec<TransitionRow>> {
    let from = filter.from.map_or(i64::MIN, Timestamp::micros);
    let to = filter.to.map_or(i64::MAX, Timestamp::micros);
    let limit = filter.limit.map_or(-1, |l| i64::try_from(l).unwrap_or(i64::MAX));
    conn.prepare_cached(
        "SELECT id, machine, metric, condition, occurrence, from_state, to_state, event_time, decided_at, priority, value,
           limit_value, by_user, note
         FROM transition
         WHERE event_time >= ?1 AND event_time < ?2 AND id < ?3 AND (?4 IS NULL OR machine = ?4)
         ORDER BY id DESC LIMIT ?5",
    )?
    .query_map((from, to, filter.before.unwrap_or(i64::MAX), filter.machine.map(|m| m.0), limit), row)?
    .collect()
}
