//! Storing one reading.

use panfloor_model::{MachineId, Metric, Seq};

use super::Tx;
use crate::counter;
use crate::error::{HistorianError, Result};
use crate::message::ids::hash;
use crate::message::insert::{Known, check, sort};
use crate::message::row::{Row, hour_of};
use crate::message::types::{Inserted, MAX_METRICS, NewMessage};
use crate::message::{body, tail};

/// Stores what is new in a reading, and counts what became of it.
pub(super) fn insert(tx: &mut Tx<'_>, message: &NewMessage) -> Result<Inserted> {
    check(message)?;
    let machine = message.machine;
    let mut row = Row::of(message);
    let id = row.reading_id.as_deref().filter(|_| !row.device).map(|id| hash(machine.0, id));
    let repeat = id.is_some_and(|id| tx.pending.ids.contains(&id) || tx.writer.read().ids.contains(&id));
    let items = std::mem::take(&mut row.items);
    let mut inserted = Inserted::default();
    if repeat {
        inserted.duplicates = u32::try_from(items.len()).unwrap_or(u32::MAX);
        inserted.fresh = vec![false; message.values.len()];
    } else {
        let known = known(tx, machine, &row)?;
        let mut sorted = sort(items, &known);
        sorted.fresh.truncate(message.values.len());
        (inserted.fresh, inserted.duplicates, inserted.revisions) = (sorted.fresh, sorted.duplicates, sorted.revisions);
        row.items = sorted.items;
        row.revision = inserted.revisions > 0;
        if !row.items.is_empty() {
            inserted.late = row.device && tx.newest(machine).is_some_and(|newest| row.time < newest);
            inserted.untellable = !row.device && id.is_none();
            inserted.seq = Some(store(tx, machine, row)?);
            tx.pending.ids.extend(id);
        }
    }
    count(tx, &inserted);
    Ok(inserted)
}

fn count(tx: &mut Tx<'_>, inserted: &Inserted) {
    let outcome = if inserted.seq.is_some() { counter::COMMITTED } else { counter::DUPLICATES };
    tx.pending.count(counter::RECEIVED, 1);
    tx.pending.count(outcome, 1);
    tx.pending.count(counter::REVISIONS, u64::from(inserted.revisions));
    tx.pending.count(counter::LATE, u64::from(inserted.late));
    tx.pending.count(counter::UNTELLABLE, u64::from(inserted.untellable));
}

/// What is stored of this machine at this device time: sealed, in the tail, and in this transaction, in the order of
/// commits.
fn known(tx: &mut Tx<'_>, machine: MachineId, row: &Row) -> Result<Known> {
    let mut known = Known::default();
    if !row.device {
        return Ok(known);
    }
    let key = (machine.0, hour_of(row.time));
    let (seqs, maybe_sealed) = {
        let shared = tx.writer.read();
        (shared.tail.at(machine.0, row.time), shared.sealed.get(&machine.0).is_some_and(|newest| key.1 <= *newest))
    };
    if maybe_sealed {
        let writer = &mut *tx.writer;
        let sealed = writer.chunks.at(&writer.folder, key, row.time).map_err(unreadable)?;
        sealed.iter().for_each(|row| known.take(row));
    }
    for seq in seqs {
        if let Some(row) = tail::get(&tx.writer.db, &mut tx.writer.names, seq)? {
            known.take(&row);
        }
    }
    tx.pending.at(machine.0, row.time).for_each(|row| known.take(row));
    Ok(known)
}

/// A damaged month must not stop what arrives now: a late reading for it waits in quarantine until the month is
/// restored.
fn unreadable(e: HistorianError) -> HistorianError {
    HistorianError::Refused { reason: format!("whether this reading is a repeat can't be told: {e}") }
}

fn store(tx: &mut Tx<'_>, machine: MachineId, mut row: Row) -> Result<Seq> {
    let ids = row.items.iter().map(|(metric, _)| metric_id(tx, metric)).collect::<Result<Vec<u32>>>()?;
    let bytes = body::encode(&row.items, &ids, row.device_seq, row.reading_id.as_deref());
    let seq = tx.next_seq;
    tx.sql(|conn| tail::insert(conn, seq, machine.0, &row, &bytes))?;
    tx.next_seq += 1;
    row.seq = Some(seq);
    tx.pending.push(machine.0, row, bytes);
    Ok(Seq(seq))
}

/// Number of a metric, given to it when it is first named.
fn metric_id(tx: &mut Tx<'_>, metric: &Metric) -> Result<u32> {
    if let Some(id) = tx.writer.metric_ids.get(metric) {
        return Ok(*id);
    }
    if tx.writer.metric_ids.len() >= MAX_METRICS {
        let reason = format!("`{}` would be one more than {MAX_METRICS} different metrics and tags", metric.as_str());
        return Err(HistorianError::Refused { reason });
    }
    let id: u32 = tx.sql(|conn| {
        let mut insert = conn.prepare_cached("INSERT INTO metric (name) VALUES (?1) RETURNING id")?;
        insert.query_row([metric.as_str()], |r| r.get(0))
    })?;
    tx.writer.metric_ids.insert(metric.clone(), id);
    tx.writer.names.insert(id, metric.clone());
    tx.pending.new_metrics.push(id);
    Ok(id)
}
